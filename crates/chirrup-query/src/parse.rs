//! From pieces to a query.

use std::fmt;

use crate::lex::{Piece, PieceKind, Span, pieces};
use crate::operator::{InvalidTerm, Operator};

/// Groups may lie in each other this deep; deeper ones are an error, not a broken stack.
const MAX_DEPTH: usize = 64;

/// A query.
#[derive(Debug, Clone, PartialEq)]
pub enum Query {
    /// One condition.
    Term(Operator),
    /// The opposite of what it holds.
    Not(Box<Self>),
    /// All of them.
    And(Vec<Self>),
    /// At least one of them.
    Or(Vec<Self>),
}

/// Why a text is no query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryError {
    /// Where, in bytes.
    pub span: Span,
    /// Where, counted in characters from 1, as X counts.
    pub position: usize,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub suggestion: Option<String>,
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at position {})", self.message, self.position)
    }
}

impl std::error::Error for QueryError {}

/// A condition as it stands in the text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Placed {
    pub(crate) operator: Operator,
    pub(crate) span: Span,
    pub(crate) negated: bool,
}

/// What was read, and all that the linter wants to know of it.
#[derive(Debug)]
pub(crate) struct Parsed {
    pub(crate) query: Query,
    pub(crate) terms: Vec<Placed>,
    /// Groups with a minus sign before them.
    pub(crate) negated_groups: Vec<Span>,
}

/// Reads a query.
///
/// Only the grammar and the values count here; whether an operator can be used in a search or a stream is for
/// [`check`](crate::check).
///
/// # Errors
/// The first thing that is wrong with it, and where.
pub fn parse(text: &str) -> Result<Query, QueryError> {
    let parsed = read(text)?;
    if parsed.query.has_anchor() {
        return Ok(parsed.query);
    }
    let whole = Span { start: 0, end: text.len() };
    Err(fail(text, whole, no_anchor()))
}

pub(crate) fn no_anchor() -> InvalidTerm {
    InvalidTerm {
        message: "the query needs at least one standalone operator that is not negated, such as a keyword or from:"
            .to_owned(),
        suggestion: Some("add a keyword, a hashtag, or from:".to_owned()),
    }
}

pub(crate) fn fail(text: &str, span: Span, why: InvalidTerm) -> QueryError {
    let position = text[..span.start].chars().count() + 1;
    QueryError { span, position, message: why.message, suggestion: why.suggestion }
}

pub(crate) fn read(text: &str) -> Result<Parsed, QueryError> {
    let all: Vec<Piece> = pieces(text).into_iter().filter(|piece| piece.kind != PieceKind::Blank).collect();
    if all.is_empty() {
        return Err(fail(text, Span { start: 0, end: text.len() }, plain("the query is empty")));
    }
    let mut parser =
        Parser { text, pieces: &all, next: 0, negated: false, terms: Vec::new(), negated_groups: Vec::new() };
    let query = parser.or(0).map_err(|(span, why)| fail(text, span, why))?;
    if let Some(piece) = parser.peek() {
        return Err(fail(text, piece.span, plain("this parenthesis was never opened")));
    }
    Ok(Parsed { query, terms: parser.terms, negated_groups: parser.negated_groups })
}

fn plain(message: &str) -> InvalidTerm {
    InvalidTerm { message: message.to_owned(), suggestion: None }
}

struct Parser<'t> {
    text: &'t str,
    pieces: &'t [Piece],
    next: usize,
    negated: bool,
    terms: Vec<Placed>,
    negated_groups: Vec<Span>,
}

type Step = Result<Query, (Span, InvalidTerm)>;

impl Parser<'_> {
    fn peek(&self) -> Option<Piece> {
        self.pieces.get(self.next).copied()
    }

    fn missing(&self) -> (Span, InvalidTerm) {
        let end = self.text.len();
        let span = self.peek().map_or(Span { start: end, end }, |piece| piece.span);
        (span, plain("a condition is missing here"))
    }

    fn or(&mut self, depth: usize) -> Step {
        let mut branches = vec![self.and(depth)?];
        while self.peek().is_some_and(|piece| piece.kind == PieceKind::Or) {
            self.next += 1;
            branches.push(self.and(depth)?);
        }
        Ok(single_or(branches, Query::Or))
    }

    fn and(&mut self, depth: usize) -> Step {
        let mut parts = Vec::new();
        while self.peek().is_some_and(|piece| !matches!(piece.kind, PieceKind::Or | PieceKind::Close)) {
            parts.push(self.unary(depth)?);
        }
        if parts.is_empty() { Err(self.missing()) } else { Ok(single_or(parts, Query::And)) }
    }

    fn unary(&mut self, depth: usize) -> Step {
        let Some(piece) = self.peek() else {
            return Err(self.missing());
        };
        self.next += 1;
        let span = piece.span;
        let text = &self.text[span.start..span.end];
        match piece.kind {
            PieceKind::Minus => self.not(span, depth),
            PieceKind::Open => self.group(span, depth),
            PieceKind::Phrase => self.term(Operator::read_phrase(text), span),
            PieceKind::Term => self.term(Operator::read(text), span),
            PieceKind::Unclosed => {
                let mut why = plain("the quotation mark or bracket is never closed");
                why.suggestion = Some("close it, or leave it out".to_owned());
                Err((span, why))
            }
            PieceKind::Or | PieceKind::Close | PieceKind::Blank => Err((span, plain("a condition is missing here"))),
        }
    }

    fn not(&mut self, minus: Span, depth: usize) -> Step {
        match self.peek() {
            Some(next) if next.span.start == minus.end && next.kind != PieceKind::Minus => {
                if next.kind == PieceKind::Open {
                    self.negated_groups.push(minus);
                }
            }
            _ => return Err((minus, plain("a minus sign stands right before what it negates"))),
        }
        let outer = self.negated;
        self.negated = !outer;
        let inner = self.unary(depth)?;
        self.negated = outer;
        Ok(Query::Not(Box::new(inner)))
    }

    fn group(&mut self, open: Span, depth: usize) -> Step {
        if depth >= MAX_DEPTH {
            return Err((open, plain("groups lie in each other more than 64 deep")));
        }
        let inner = self.or(depth + 1)?;
        match self.peek() {
            Some(piece) if piece.kind == PieceKind::Close => {
                self.next += 1;
                Ok(inner)
            }
            _ => Err((open, plain("the parenthesis is never closed"))),
        }
    }

    fn term(&mut self, operator: Result<Operator, InvalidTerm>, span: Span) -> Step {
        let operator = operator.map_err(|why| (span, why))?;
        self.terms.push(Placed { operator: operator.clone(), span, negated: self.negated });
        Ok(Query::Term(operator))
    }
}

fn single_or(mut parts: Vec<Query>, many: fn(Vec<Query>) -> Query) -> Query {
    match parts.len() {
        1 => parts.swap_remove(0),
        _ => many(parts),
    }
}

impl Query {
    /// Whether some condition that is not negated can stand alone.
    pub(crate) fn has_anchor(&self) -> bool {
        match self {
            Self::Term(operator) => operator.stands_alone(),
            Self::Not(_) => false,
            Self::And(parts) => parts.iter().any(Self::has_anchor),
            Self::Or(parts) => parts.iter().all(Self::has_anchor),
        }
    }

    /// The same query in its plainest form: groups that change nothing opened, conditions said twice said once,
    /// a doubled negation gone.
    #[must_use]
    pub fn normalize(&self) -> Self {
        match self {
            Self::Term(operator) => Self::Term(operator.clone()),
            Self::Not(inner) => match inner.normalize() {
                Self::Not(twice) => *twice,
                inner => Self::Not(Box::new(inner)),
            },
            Self::And(parts) => {
                let opened = parts.iter().map(Self::normalize).flat_map(|part| match part {
                    Self::And(inner) => inner,
                    other => vec![other],
                });
                single_or(each_once(opened), Self::And)
            }
            Self::Or(parts) => {
                let opened = parts.iter().map(Self::normalize).flat_map(|part| match part {
                    Self::Or(inner) => inner,
                    other => vec![other],
                });
                single_or(each_once(opened), Self::Or)
            }
        }
    }
}

fn each_once(parts: impl Iterator<Item = Query>) -> Vec<Query> {
    let mut all: Vec<Query> = Vec::new();
    for part in parts {
        if !all.contains(&part) {
            all.push(part);
        }
    }
    all
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let join = |f: &mut fmt::Formatter<'_>, parts: &[Self], between: &str, group: fn(&Self) -> bool| {
            for (i, part) in parts.iter().enumerate() {
                f.write_str(if i == 0 { "" } else { between })?;
                if group(part) {
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
