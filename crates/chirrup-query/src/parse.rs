//! Parser of queries: from tokens to a tree of operators.

use std::fmt;

use crate::invalid_term::InvalidTerm;
use crate::operator::Operator;
use crate::token::{Span, Token, TokenKind, tokenize};

/// Maximum nesting depth of groups. It keeps the recursion of the parser within the stack.
const MAX_DEPTH: usize = 64;

/// Parsed query, as a tree of operators.
#[derive(Debug, Clone, PartialEq)]
pub enum Query {
    /// Single operator, such as a keyword.
    Term(Operator),
    /// Negation: posts that do not match the inner query.
    Not(Box<Self>),
    /// Conjunction: posts that match all parts.
    And(Vec<Self>),
    /// Disjunction: posts that match at least one part.
    Or(Vec<Self>),
}

/// Error in a query, with its position and a suggested correction.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct QueryError {
    /// Position of the error in bytes.
    pub span: Span,
    /// Position of the error in characters, counted from 1 as in the messages of X.
    pub position: usize,
    /// Error message, in the wording of X where it is known.
    pub message: String,
    /// Suggested correction of the query, if there is one.
    pub suggestion: Option<String>,
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at position {})", self.message, self.position)
    }
}

impl std::error::Error for QueryError {}

/// Operator with its position in the query.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SpannedTerm {
    pub(crate) operator: Operator,
    pub(crate) span: Span,
    pub(crate) negated: bool,
}

/// Result of the parser: the query, and what the checks need in addition.
#[derive(Debug)]
pub(crate) struct ParsedQuery {
    pub(crate) query: Query,
    pub(crate) terms: Vec<SpannedTerm>,
    /// Minus signs before groups.
    pub(crate) negated_groups: Vec<Span>,
}

/// Parses a search query or a stream rule.
///
/// This validates the grammar and the values of operators. Whether an operator is available for a search or a stream is
/// validated by [`check`](crate::check).
///
/// # Errors
/// [`QueryError`] for the first error in the query, including that it has no standalone operator.
pub fn parse(text: &str) -> Result<Query, QueryError> {
    let parsed = parse_grammar(text)?;
    if parsed.query.has_standalone() {
        return Ok(parsed.query);
    }
    let whole = Span { start: 0, end: text.len() };
    Err(error_at(text, whole, missing_standalone()))
}

/// Error for a query of which no operator, or only negated ones, can be used alone.
pub(crate) fn missing_standalone() -> InvalidTerm {
    InvalidTerm::new("the query needs at least one standalone operator that is not negated")
        .suggest("add a keyword, a hashtag, or an operator such as `from:`")
}

fn error_at(text: &str, span: Span, error: InvalidTerm) -> QueryError {
    let position = char_position(text, span.start);
    QueryError { span, position, message: error.message, suggestion: error.suggestion }
}

/// Returns the position of a byte in characters, counted from 1 as in the messages of X.
pub(crate) fn char_position(text: &str, byte: usize) -> usize {
    text[..byte].chars().count() + 1
}

/// Parses a query that need not have a standalone operator.
pub(crate) fn parse_grammar(text: &str) -> Result<ParsedQuery, QueryError> {
    let tokens: Vec<Token> = tokenize(text).into_iter().filter(|token| token.kind != TokenKind::Whitespace).collect();
    if tokens.is_empty() {
        let error = InvalidTerm::new("the query is empty").suggest("write at least one keyword or operator");
        return Err(error_at(text, Span { start: 0, end: text.len() }, error));
    }
    let mut parser =
        Parser { text, tokens: &tokens, next: 0, negated: false, terms: Vec::new(), negated_groups: Vec::new() };
    let query = parser.or(0).map_err(|(span, error)| error_at(text, span, error))?;
    if let Some(token) = parser.peek() {
        let error = InvalidTerm::new("the parenthesis was never opened").suggest("remove it");
        return Err(error_at(text, token.span, error));
    }
    Ok(ParsedQuery { query, terms: parser.terms, negated_groups: parser.negated_groups })
}

struct Parser<'t> {
    text: &'t str,
    tokens: &'t [Token],
    next: usize,
    negated: bool,
    terms: Vec<SpannedTerm>,
    negated_groups: Vec<Span>,
}

type ParseResult = Result<Query, (Span, InvalidTerm)>;

impl Parser<'_> {
    fn peek(&self) -> Option<Token> {
        self.tokens.get(self.next).copied()
    }

    fn missing_term(&self) -> (Span, InvalidTerm) {
        let end = self.text.len();
        (self.peek().map_or(Span { start: end, end }, |token| token.span), missing_term())
    }

    fn or(&mut self, depth: usize) -> ParseResult {
        let mut branches = vec![self.and(depth)?];
        while self.peek().is_some_and(|token| token.kind == TokenKind::Or) {
            self.next += 1;
            branches.push(self.and(depth)?);
        }
        Ok(single_or(branches, Query::Or))
    }

    fn and(&mut self, depth: usize) -> ParseResult {
        let mut parts = Vec::new();
        while self.peek().is_some_and(|token| !matches!(token.kind, TokenKind::Or | TokenKind::CloseParen)) {
            parts.push(self.unary(depth)?);
        }
        if parts.is_empty() { Err(self.missing_term()) } else { Ok(single_or(parts, Query::And)) }
    }

    fn unary(&mut self, depth: usize) -> ParseResult {
        let Some(token) = self.peek() else {
            return Err(self.missing_term());
        };
        self.next += 1;
        let span = token.span;
        let text = &self.text[span.start..span.end];
        match token.kind {
            TokenKind::Minus => self.not(span, depth),
            TokenKind::OpenParen => self.group(span, depth),
            TokenKind::Phrase => self.term(Operator::parse_phrase(text), span),
            TokenKind::Term => self.term(Operator::parse_term(text), span),
            TokenKind::Unclosed => {
                let error = InvalidTerm::new("the quotation mark or bracket is never closed");
                Err((span, error.suggest("close it or remove it")))
            }
            TokenKind::Or | TokenKind::CloseParen | TokenKind::Whitespace => Err((span, missing_term())),
        }
    }

    fn not(&mut self, minus: Span, depth: usize) -> ParseResult {
        match self.peek() {
            Some(next) if next.span.start == minus.end && next.kind != TokenKind::Minus => {
                if next.kind == TokenKind::OpenParen {
                    self.negated_groups.push(minus);
                }
            }
            _ => {
                let error = InvalidTerm::new("the minus sign does not directly precede a term or group");
                return Err((minus, error.suggest("write it without a space before what it negates, as in `-cat`")));
            }
        }
        let outer = self.negated;
        self.negated = !outer;
        let inner = self.unary(depth)?;
        self.negated = outer;
        Ok(Query::Not(Box::new(inner)))
    }

    fn group(&mut self, open: Span, depth: usize) -> ParseResult {
        if depth >= MAX_DEPTH {
            return Err((open, InvalidTerm::new(format!("groups are nested more than {MAX_DEPTH} levels deep"))));
        }
        let inner = self.or(depth + 1)?;
        match self.peek() {
            Some(token) if token.kind == TokenKind::CloseParen => {
                self.next += 1;
                Ok(inner)
            }
            _ => Err((open, InvalidTerm::new("the parenthesis is never closed").suggest("add `)` after the group"))),
        }
    }

    fn term(&mut self, operator: Result<Operator, InvalidTerm>, span: Span) -> ParseResult {
        let operator = operator.map_err(|error| (span, error))?;
        self.terms.push(SpannedTerm { operator: operator.clone(), span, negated: self.negated });
        Ok(Query::Term(operator))
    }
}

fn missing_term() -> InvalidTerm {
    InvalidTerm::new("a keyword, operator or group is missing here")
}

/// Returns the only part, or the parts combined.
fn single_or(mut parts: Vec<Query>, combine: fn(Vec<Query>) -> Query) -> Query {
    match parts.len() {
        1 => parts.swap_remove(0),
        _ => combine(parts),
    }
}

impl Query {
    /// Whether every alternative contains a standalone operator that is not negated.
    pub(crate) fn has_standalone(&self) -> bool {
        match self {
            Self::Term(operator) => operator.is_standalone(),
            Self::Not(_) => false,
            Self::And(parts) => parts.iter().any(Self::has_standalone),
            Self::Or(parts) => parts.iter().all(Self::has_standalone),
        }
    }

    /// Returns an equivalent query without redundant groups, repeated terms and double negations.
    #[must_use]
    pub fn normalize(&self) -> Self {
        match self {
            Self::Term(operator) => Self::Term(operator.clone()),
            Self::Not(inner) => match inner.normalize() {
                Self::Not(inner) => *inner,
                inner => Self::Not(Box::new(inner)),
            },
            Self::And(parts) => {
                let flattened = parts.iter().map(Self::normalize).flat_map(|part| match part {
                    Self::And(inner) => inner,
                    other => vec![other],
                });
                single_or(without_duplicates(flattened), Self::And)
            }
            Self::Or(parts) => {
                let flattened = parts.iter().map(Self::normalize).flat_map(|part| match part {
                    Self::Or(inner) => inner,
                    other => vec![other],
                });
                single_or(without_duplicates(flattened), Self::Or)
            }
        }
    }
}

fn without_duplicates(parts: impl Iterator<Item = Query>) -> Vec<Query> {
    let mut unique: Vec<Query> = Vec::new();
    for part in parts {
        if !unique.contains(&part) {
            unique.push(part);
        }
    }
    unique
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let join = |f: &mut fmt::Formatter<'_>, parts: &[Self], separator: &str, needs_group: fn(&Self) -> bool| {
            for (i, part) in parts.iter().enumerate() {
                f.write_str(if i == 0 { "" } else { separator })?;
                if needs_group(part) {
                    write!(f, "({part})")?;
                } else {
                    write!(f, "{part}")?;
                }
            }
            Ok(())
        };
        match self {
            Self::Term(operator) => write!(f, "{operator}"),
            Self::Not(inner) if matches!(**inner, Self::Term(_)) => write!(f, "-{inner}"),
            Self::Not(inner) => write!(f, "-({inner})"),
            Self::And(parts) => join(f, parts, " ", |p| matches!(p, Self::And(_) | Self::Or(_))),
            Self::Or(parts) => join(f, parts, " OR ", |p| matches!(p, Self::Or(_))),
        }
    }
}
