//! Tokens of a query, which together cover every byte of it.

/// Position of a token in a query, as a range of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Index of the first byte.
    pub start: usize,
    /// Index after the last byte.
    pub end: usize,
}

/// Kind of a token in a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenKind {
    /// White space between terms.
    Whitespace,
    /// Opening parenthesis of a group: `(`.
    OpenParen,
    /// Closing parenthesis of a group: `)`.
    CloseParen,
    /// The operator `OR` between two terms.
    Or,
    /// Minus sign, which negates the term or group after it.
    Minus,
    /// Text in quotation marks, with an optional distance such as `~3` after it.
    Phrase,
    /// Keyword, hashtag, cashtag, mention or `name:value`, including a value in quotation marks or brackets.
    Term,
    /// Text from an unclosed quotation mark or bracket to the end of the query.
    Unclosed,
}

/// Token of a query, with its kind and position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Token {
    /// Kind of the token.
    pub kind: TokenKind,
    /// Position in the query.
    pub span: Span,
}

/// Splits a query into tokens. The tokens are adjacent: their texts, joined, are the query.
pub fn tokenize(query: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut start = 0;
    while let Some(first) = query[start..].chars().next() {
        let (kind, len) = token(first, &query[start..]);
        tokens.push(Token { kind, span: Span { start, end: start + len } });
        start += len;
    }
    tokens
}

/// Returns the kind and length of the token at the start of `rest`.
fn token(first: char, rest: &str) -> (TokenKind, usize) {
    match first {
        '(' => (TokenKind::OpenParen, 1),
        ')' => (TokenKind::CloseParen, 1),
        '-' => (TokenKind::Minus, 1),
        '"' => match rest[1..].find('"') {
            Some(end) => (TokenKind::Phrase, end + 2 + distance_len(&rest[end + 2..])),
            None => (TokenKind::Unclosed, rest.len()),
        },
        c if c.is_whitespace() => {
            (TokenKind::Whitespace, rest.find(|c: char| !c.is_whitespace()).unwrap_or(rest.len()))
        }
        _ => match term_len(rest) {
            Some(len) if &rest[..len] == "OR" => (TokenKind::Or, len),
            Some(len) => (TokenKind::Term, len),
            None => (TokenKind::Unclosed, rest.len()),
        },
    }
}

/// Returns the length of the distance `~N` after a phrase, or 0.
fn distance_len(rest: &str) -> usize {
    match rest.strip_prefix('~') {
        Some(digits) => 1 + digits.bytes().take_while(u8::is_ascii_digit).count(),
        None => 0,
    }
}

/// Returns the length of a term, or `None` if its value has an unclosed quotation mark or bracket.
fn term_len(text: &str) -> Option<usize> {
    let mut after_colon = false;
    for (at, c) in text.char_indices() {
        match c {
            '(' | ')' => return Some(at),
            c if c.is_whitespace() => return Some(at),
            '"' if after_colon => return text[at + 1..].find('"').map(|end| at + end + 2),
            '[' if after_colon => return text[at..].find(']').map(|end| at + end + 1),
            '"' => return Some(at),
            _ => {}
        }
        after_colon = c == ':';
    }
    Some(text.len())
}
