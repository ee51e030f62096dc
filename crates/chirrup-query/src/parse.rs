//! From tokens to a query.

use std::fmt;

use crate::lex::{Token, TokenKind, lex};
use crate::operator::{Is, Operator};

/// Groups may lie in each other this deep; deeper ones are an error, not a broken stack.
const MAX_DEPTH: usize = 64;

/// A query.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// Where, counted in characters from 1.
    pub position: usize,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at position {})", self.message, self.position)
    }
}

impl std::error::Error for QueryError {}

/// Reads a query.
///
/// # Errors
/// The first thing that is wrong with it, and where.
pub fn parse(text: &str) -> Result<Query, QueryError> {
    let fail = |at: usize, message: String| QueryError { position: text[..at].chars().count() + 1, message };
    let tokens = lex(text).map_err(|(at, why)| fail(at, why.to_owned()))?;
    if tokens.is_empty() {
        return Err(fail(0, "the query is empty".to_owned()));
    }
    let mut parser = Parser { tokens: &tokens, next: 0, end: text.len() };
    let query = parser.or(0).map_err(|(at, why)| fail(at, why))?;
    if let Some(token) = parser.peek() {
        return Err(fail(token.at, "this parenthesis was never opened".to_owned()));
    }
    if !query.has_anchor() {
        let why = "the query needs at least one standalone operator that is not negated, such as a keyword or from:";
        return Err(fail(0, why.to_owned()));
    }
    Ok(query)
}

struct Parser<'t, 'q> {
    tokens: &'t [Token<'q>],
    next: usize,
    end: usize,
}

type Parsed = Result<Query, (usize, String)>;

impl<'t, 'q> Parser<'t, 'q> {
    fn peek(&self) -> Option<&'t Token<'q>> {
        self.tokens.get(self.next)
    }

    fn or(&mut self, depth: usize) -> Parsed {
        let mut branches = vec![self.and(depth)?];
        while matches!(self.peek(), Some(Token { kind: TokenKind::Or, .. })) {
            self.next += 1;
            branches.push(self.and(depth)?);
        }
        Ok(single_or(branches, Query::Or))
    }

    fn and(&mut self, depth: usize) -> Parsed {
        let mut parts = Vec::new();
        while let Some(token) = self.peek() {
            if matches!(token.kind, TokenKind::Or | TokenKind::Close) {
                break;
            }
            parts.push(self.unary(depth)?);
        }
        if parts.is_empty() {
            let at = self.peek().map_or(self.end, |token| token.at);
            return Err((at, "a condition is missing here".to_owned()));
        }
        Ok(single_or(parts, Query::And))
    }

    fn unary(&mut self, depth: usize) -> Parsed {
        let Some(token) = self.peek() else {
            return Err((self.end, "a condition is missing here".to_owned()));
        };
        self.next += 1;
        match token.kind {
            TokenKind::Minus => {
                match self.peek() {
                    Some(next) if next.at == token.at + 1 && next.kind != TokenKind::Minus => {}
                    _ => return Err((token.at, "a minus sign stands right before what it negates".to_owned())),
                }
                let inner = self.unary(depth)?;
                Ok(Query::Not(Box::new(inner)))
            }
            TokenKind::Open => {
                if depth >= MAX_DEPTH {
                    return Err((token.at, format!("groups lie in each other more than {MAX_DEPTH} deep")));
                }
                let inner = self.or(depth + 1)?;
                match self.peek() {
                    Some(Token { kind: TokenKind::Close, .. }) => self.next += 1,
                    _ => return Err((token.at, "the parenthesis is never closed".to_owned())),
                }
                Ok(inner)
            }
            TokenKind::Phrase(text) => {
                if text.trim().is_empty() {
                    return Err((token.at, "there is nothing between the quotation marks".to_owned()));
                }
                Ok(Query::Term(Operator::Phrase(text.to_owned())))
            }
            TokenKind::Term(text) => {
                let operator = Operator::read(text).map_err(|why| (token.at, why))?;
                let negated = self.next >= 2 && self.tokens[self.next - 2].kind == TokenKind::Minus;
                if operator == Operator::Is(Is::Nullcast) && !negated {
                    return Err((token.at, "is:nullcast must be negated".to_owned()));
                }
                Ok(Query::Term(operator))
            }
            TokenKind::Or | TokenKind::Close => Err((token.at, "a condition is missing here".to_owned())),
        }
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
    fn has_anchor(&self) -> bool {
        match self {
            Self::Term(operator) => operator.stands_alone(),
            Self::Not(_) => false,
            Self::And(parts) => parts.iter().any(Self::has_anchor),
            Self::Or(parts) => parts.iter().all(Self::has_anchor),
        }
    }
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
