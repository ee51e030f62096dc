//! Checking a query before X does: errors and warnings, each at its place and with what to do.

use std::fmt::Write as _;

use crate::lex::Span;
use crate::operator::{LANGUAGES, Name, Operator, Value, unknown};
use crate::parse::{Parsed, Placed, Query, no_anchor, read};

/// Where a query is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Product {
    /// Search and counts of the last seven days.
    Recent,
    /// Search and counts of everything.
    All,
    /// Rules of the filtered stream.
    Stream,
}

/// What one pays for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tier {
    /// Pay per use.
    SelfServe,
    /// A contract.
    Enterprise,
}

/// Where a query is used, and by whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Target {
    /// Where.
    pub product: Product,
    /// By whom.
    pub tier: Tier,
}

impl Target {
    /// The search of the last seven days, pay per use.
    pub const RECENT: Self = Self { product: Product::Recent, tier: Tier::SelfServe };
    /// The search of everything, pay per use.
    pub const ALL: Self = Self { product: Product::All, tier: Tier::SelfServe };
    /// Rules of the filtered stream, pay per use.
    pub const STREAM: Self = Self { product: Product::Stream, tier: Tier::SelfServe };

    /// The same by contract.
    #[must_use]
    pub const fn enterprise(self) -> Self {
        Self { tier: Tier::Enterprise, ..self }
    }
    /// How many characters a query may have.
    pub const fn max_length(self) -> usize {
        match (self.product, self.tier) {
            (Product::Recent, Tier::SelfServe) => 512,
            (Product::All | Product::Stream, Tier::SelfServe) => 1_024,
            (Product::Stream, Tier::Enterprise) => 2_048,
            (_, Tier::Enterprise) => 4_096,
        }
    }
    /// How many rules a stream may have; none for searches.
    pub const fn max_rules(self) -> Option<usize> {
        match (self.product, self.tier) {
            (Product::Stream, Tier::SelfServe) => Some(1_000),
            (Product::Stream, Tier::Enterprise) => Some(25_000),
            _ => None,
        }
    }
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// X takes it, but it may not do what was meant.
    Warning,
    /// X refuses it.
    Error,
}

/// Something that is wrong with a query, or may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// Where, in bytes.
    pub span: Span,
    /// What.
    pub message: String,
    /// What to do.
    pub suggestion: Option<String>,
}

/// What was found out about a query.
#[derive(Debug, Clone)]
pub struct Report {
    text: String,
    /// The query, if it can be read at all.
    pub query: Option<Query>,
    /// What is wrong, errors first.
    pub diagnostics: Vec<Diagnostic>,
}

/// Checks a query against everything that is known of where it is used.
pub fn check(text: &str, target: Target) -> Report {
    let mut report = Report { text: text.to_owned(), query: None, diagnostics: Vec::new() };
    let whole = Span { start: 0, end: text.len() };
    let length = text.chars().count();
    if length > target.max_length() {
        let message = format!("the query has {length} characters; here it may have {}", target.max_length());
        report.error(whole, message, None);
    }
    match read(text) {
        Err(error) => report.error(error.span, error.message, error.suggestion),
        Ok(parsed) => {
            if !parsed.query.has_anchor() {
                let why = no_anchor();
                report.error(whole, why.message, why.suggestion);
            }
            for term in &parsed.terms {
                report.term(term, target);
            }
            report.whole(&parsed, target);
            report.query = Some(parsed.query);
        }
    }
    report.diagnostics.sort_by_key(|d| (std::cmp::Reverse(d.severity), d.span.start));
    report
}

impl Report {
    fn push(&mut self, severity: Severity, span: Span, message: String, suggestion: Option<String>) {
        self.diagnostics.push(Diagnostic { severity, span, message, suggestion });
    }
    fn error(&mut self, span: Span, message: String, suggestion: Option<String>) {
        self.push(Severity::Error, span, message, suggestion);
    }
    fn warn(&mut self, span: Span, message: &str, suggestion: Option<&str>) {
        self.push(Severity::Warning, span, message.to_owned(), suggestion.map(str::to_owned));
    }

    /// Whether X would take it, as far as can be known.
    pub fn is_ok(&self) -> bool {
        self.diagnostics.iter().all(|d| d.severity != Severity::Error)
    }

    /// The first error, in the form in which X tells it: the message and the position, counted in characters from 1.
    pub fn first_error(&self) -> Option<(String, usize)> {
        let error = self.diagnostics.iter().find(|d| d.severity == Severity::Error)?;
        Some((error.message.clone(), self.position(error.span.start)))
    }

    fn position(&self, at: usize) -> usize {
        self.text[..at].chars().count() + 1
    }

    fn term(&mut self, term: &Placed, target: Target) {
        let operator = &term.operator;
        if !operator.works_in(target.product) {
            let (message, suggestion) = match operator {
                Operator::Named(name, _) => {
                    let why = unknown(name.as_str());
                    (why.message, elsewhere(*name, target.product))
                }
                _ => (
                    "a distance behind a phrase works in stream rules only".to_owned(),
                    Some("leave out ~N".to_owned()),
                ),
            };
            self.error(term.span, message, suggestion);
        }
        if operator.is_word(Name::Is, "nullcast") && !term.negated {
            self.error(term.span, "is:nullcast must be negated".to_owned(), Some("write -is:nullcast".to_owned()));
        }
        if let Operator::Named(name @ (Name::Sample | Name::Embedding), _) = operator {
            if term.negated {
                self.error(term.span, format!("{}: must not be negated", name.as_str()), None);
            }
            if *name == Name::Embedding && target.tier == Tier::SelfServe {
                self.error(
                    term.span,
                    "unavailable operator 'embedding': it takes an enterprise contract".to_owned(),
                    None,
                );
            }
        }
        if let Operator::Named(Name::Lang, Value::Text(code)) = operator {
            if !LANGUAGES.contains(&code.as_str()) {
                self.warn(term.span, "this language is not on the list of X, though posts may carry it", None);
            }
        }
        if let Operator::Word(word) = operator {
            if word == "or" {
                self.warn(term.span, "“or” in small letters is a keyword", Some("write OR to join alternatives"));
            }
        }
    }

    fn whole(&mut self, parsed: &Parsed, target: Target) {
        for span in &parsed.negated_groups {
            self.warn(*span, "negating a group is advised against", Some("negate each condition in it instead"));
        }
        let mut languages =
            parsed.terms.iter().filter(|t| matches!(t.operator, Operator::Named(Name::Lang, _)) && !t.negated);
        let either = matches!(parsed.query, Query::Or(_));
        if let Some(second) = languages.nth(1).filter(|_| !either) {
            self.warn(second.span, "a post has one language only", Some("join languages with OR in a group"));
        }
        if let [only] = &parsed.terms[..] {
            if matches!(&only.operator, Operator::Word(word) if word.chars().count() <= 3 && word.is_ascii()) {
                self.warn(only.span, "a single short keyword finds very many posts", Some("add a second condition"));
            }
        }
        let keyword = parsed.terms.iter().find(|t| matches!(t.operator, Operator::Word(_) | Operator::Phrase(..)));
        let reposts = parsed.terms.iter().find(|t| t.operator.is_word(Name::Is, "retweet") && !t.negated);
        if let (Some(_), Some(reposts), true) = (keyword, reposts, target.product != Product::Stream) {
            let message = "searches by keyword have returned no reposts since May 2026";
            self.warn(reposts.span, message, Some("use retweets_of: or retweets_of_tweet_id: instead of the keyword"));
        }
    }

    /// What was found, drawn under the query.
    pub fn draw(&self) -> String {
        let mut out = String::new();
        // A line break inside a query would tear the drawing apart.
        let shown: String = self.text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        for d in &self.diagnostics {
            let kind = if d.severity == Severity::Error { "error" } else { "warning" };
            let before = columns(&self.text[..d.span.start]);
            let marks = columns(&self.text[d.span.start..d.span.end]).max(1);
            let _ = writeln!(out, "{kind}: {}", d.message);
            let _ = writeln!(out, " --> position {}", self.position(d.span.start));
            let _ = writeln!(out, "  | {shown}");
            let _ = writeln!(out, "  | {}{}", " ".repeat(before), "^".repeat(marks));
            if let Some(suggestion) = &d.suggestion {
                let _ = writeln!(out, "  = help: {suggestion}");
            }
        }
        out
    }
}

fn elsewhere(name: Name, product: Product) -> Option<String> {
    let stream = name.products().contains(&Product::Stream);
    let recent = name.products().contains(&Product::Recent);
    match product {
        Product::Stream => Some(format!("{}: works in searches only", name.as_str())),
        _ if stream && !recent => Some(format!("{}: works in stream rules only", name.as_str())),
        _ if recent => {
            Some(format!("{}: works in the search of the last seven days, not of everything", name.as_str()))
        }
        _ => None,
    }
}

/// How many columns a text takes on a terminal: wide letters take two.
fn columns(text: &str) -> usize {
    let wide = |c: char| {
        matches!(u32::from(c), 0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0xFE30..=0xFE6F
            | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6 | 0x1F300..=0x1FAFF | 0x20000..=0x3FFFD)
    };
    text.chars().map(|c| if wide(c) { 2 } else { 1 }).sum()
}
