//! Checks of a query before it is sent: errors that X would report, and warnings, each with its position.

use std::fmt::Write as _;

use crate::invalid_term::InvalidTerm;
use crate::operator::{Operator, OperatorName, unknown_operator};
use crate::parse::{ParsedQuery, Query, SpannedTerm, char_position, missing_standalone, parse_grammar};
use crate::target::{Product, Target, Tier};
use crate::token::Span;
use crate::value::{LANGUAGES, Value};

/// Severity of a diagnostic, from least to most severe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Severity {
    /// X accepts the query, but it may not do what its author intends.
    Warning,
    /// X rejects the query.
    Error,
}

/// Error or warning about a query, with its position and a suggested correction.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// Severity of the problem.
    pub severity: Severity,
    /// Position of the problem in bytes.
    pub span: Span,
    /// Description of the problem, in the wording of X where it is known.
    pub message: String,
    /// Suggested correction of the query, if there is one.
    pub suggestion: Option<String>,
}

/// Result of checking a query: the parsed query and its diagnostics.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Report {
    text: String,
    /// Parsed query, or `None` if its grammar is invalid.
    pub query: Option<Query>,
    /// Errors, followed by warnings, each in the order of the query.
    pub diagnostics: Vec<Diagnostic>,
}

/// Checks a query against all known rules of the product and the access tier.
pub fn check(text: &str, target: Target) -> Report {
    let mut report = Report { text: text.to_owned(), query: None, diagnostics: Vec::new() };
    let whole = Span { start: 0, end: text.len() };
    let (length, max) = (text.chars().count(), target.max_length());
    if length > max {
        let message = format!("the query is {length} characters long; the limit is {max}");
        report.error(whole, InvalidTerm::new(message));
    }
    match parse_grammar(text) {
        Err(error) => {
            report.error(error.span, InvalidTerm { message: error.message, suggestion: error.suggestion });
        }
        Ok(parsed) => {
            if !parsed.query.has_standalone() {
                report.error(whole, missing_standalone());
            }
            for term in &parsed.terms {
                report.check_term(term, target);
            }
            report.check_combination(&parsed, target);
            report.query = Some(parsed.query);
        }
    }
    report.diagnostics.sort_by_key(|d| (std::cmp::Reverse(d.severity), d.span.start));
    report
}

impl Report {
    fn push(&mut self, severity: Severity, span: Span, InvalidTerm { message, suggestion }: InvalidTerm) {
        self.diagnostics.push(Diagnostic { severity, span, message, suggestion });
    }
    fn error(&mut self, span: Span, error: InvalidTerm) {
        self.push(Severity::Error, span, error);
    }
    fn warn(&mut self, span: Span, message: &str, suggestion: &str) {
        self.push(Severity::Warning, span, InvalidTerm::new(message).suggest(suggestion));
    }

    /// Whether the query has no errors. Warnings are allowed.
    pub fn is_ok(&self) -> bool {
        self.diagnostics.iter().all(|d| d.severity != Severity::Error)
    }

    /// Returns the message and position of the first error, as X reports them: in characters, counted from 1.
    pub fn first_error(&self) -> Option<(String, usize)> {
        let error = self.diagnostics.iter().find(|d| d.severity == Severity::Error)?;
        Some((error.message.clone(), char_position(&self.text, error.span.start)))
    }

    fn check_term(&mut self, term: &SpannedTerm, target: Target) {
        let operator = &term.operator;
        if !operator.is_available_in(target.product) {
            let error = match operator {
                Operator::Named(name, _) => InvalidTerm {
                    message: unknown_operator(name.as_str()).message,
                    suggestion: other_products(*name, target.product),
                },
                _ => InvalidTerm::new("the distance `~N` after a phrase works in stream rules only")
                    .suggest("remove the distance to search for the exact phrase"),
            };
            self.error(term.span, error);
        }
        match operator {
            Operator::Named(OperatorName::Is, Value::Text(keyword)) if keyword == "nullcast" && !term.negated => {
                self.error(
                    term.span,
                    InvalidTerm::new("`is:nullcast` must be negated").suggest("write `-is:nullcast`"),
                );
            }
            Operator::Named(name @ (OperatorName::Sample | OperatorName::Embedding), _) => {
                if term.negated {
                    let error = InvalidTerm::new(format!("operator `{}:` must not be negated", name.as_str()));
                    self.error(term.span, error.suggest("remove the minus sign"));
                }
                if *name == OperatorName::Embedding && target.tier == Tier::SelfServe {
                    let message = "unavailable operator 'embedding': it requires Enterprise access";
                    self.error(term.span, InvalidTerm::new(message));
                }
            }
            Operator::Named(OperatorName::Lang, Value::Text(code)) if !LANGUAGES.contains(&code.as_str()) => {
                let message = format!("X does not document the language `{code}`, although posts can have it");
                self.push(Severity::Warning, term.span, InvalidTerm::new(message));
            }
            Operator::Keyword(word) if word == "or" => {
                let message = "lowercase `or` is a keyword, not an operator";
                self.warn(term.span, message, "write `OR` between alternatives");
            }
            _ => {}
        }
    }

    /// Adds the warnings that concern more than one term.
    fn check_combination(&mut self, parsed: &ParsedQuery, target: Target) {
        for span in &parsed.negated_groups {
            self.warn(*span, "X advises against negating a group", "negate each term of the group instead");
        }
        let mut languages =
            parsed.terms.iter().filter(|t| matches!(t.operator, Operator::Named(OperatorName::Lang, _)) && !t.negated);
        let is_or = matches!(parsed.query, Query::Or(_));
        if let Some(second) = languages.nth(1).filter(|_| !is_or) {
            self.warn(second.span, "a post has only one language", "join the languages with `OR` in a group");
        }
        if let [only] = &parsed.terms[..]
            && matches!(&only.operator, Operator::Keyword(word) if word.chars().count() <= 3 && word.is_ascii())
        {
            self.warn(only.span, "a single short keyword matches a large number of posts", "add a second term");
        }
        let has_keyword =
            parsed.terms.iter().any(|t| matches!(t.operator, Operator::Keyword(_) | Operator::Phrase(..)));
        let reposts = parsed.terms.iter().find(|t| t.operator.has_keyword(OperatorName::Is, "retweet") && !t.negated);
        if let Some(reposts) = reposts.filter(|_| has_keyword && target.product != Product::FilteredStream) {
            let message = "keyword searches return no reposts since May 2026";
            let suggestion = "use `retweets_of:` or `retweets_of_tweet_id:` instead of the keyword";
            self.warn(reposts.span, message, suggestion);
        }
    }

    /// Renders the diagnostics as text: each with the query and carets under the problem. Empty if there are none.
    pub fn render(&self) -> String {
        let mut out = String::new();
        // A control character, such as a line feed, would misalign the carets.
        let line: String = self.text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        for d in &self.diagnostics {
            let severity = if d.severity == Severity::Error { "error" } else { "warning" };
            let indent = columns(&self.text[..d.span.start]);
            let carets = columns(&self.text[d.span.start..d.span.end]).max(1);
            let _ = writeln!(out, "{severity}: {}", d.message);
            let _ = writeln!(out, " --> position {}", char_position(&self.text, d.span.start));
            let _ = writeln!(out, "  | {line}");
            let _ = writeln!(out, "  | {}{}", " ".repeat(indent), "^".repeat(carets));
            if let Some(suggestion) = &d.suggestion {
                let _ = writeln!(out, "  = help: {suggestion}");
            }
        }
        out
    }
}

/// Returns a hint in which products an operator is available, if that is not `product`.
fn other_products(name: OperatorName, product: Product) -> Option<String> {
    let stream = name.products().contains(&Product::FilteredStream);
    let recent = name.products().contains(&Product::RecentSearch);
    let place = match product {
        Product::FilteredStream => "in searches, not in stream rules",
        _ if stream && !recent => "in stream rules, not in searches",
        _ if recent => "in the search of the last seven days, not of all posts",
        _ => return None,
    };
    Some(format!("`{}:` works {place}", name.as_str()))
}

/// Number of columns of a text in a terminal. Wide characters take two.
fn columns(text: &str) -> usize {
    let wide = |c: char| {
        matches!(u32::from(c), 0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0xFE30..=0xFE6F
            | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6 | 0x1F300..=0x1FAFF | 0x20000..=0x3FFFD)
    };
    text.chars().map(|c| if wide(c) { 2 } else { 1 }).sum()
}
