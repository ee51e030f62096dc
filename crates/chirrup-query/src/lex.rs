//! From text to tokens, and the words that a text is searched by.

/// A piece of a query, with the place where it begins, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token<'q> {
    pub(crate) at: usize,
    pub(crate) kind: TokenKind<'q>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TokenKind<'q> {
    Open,
    Close,
    Or,
    Minus,
    /// A text in quotes, without them.
    Phrase(&'q str),
    /// Everything else, up to a blank or a parenthesis; an operator's quoted or bracketed value belongs to it.
    Term(&'q str),
}

/// What cannot be read, and where.
pub(crate) type LexError = (usize, &'static str);

pub(crate) fn lex(query: &str) -> Result<Vec<Token<'_>>, LexError> {
    let bytes = query.as_bytes();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &query[at..];
        let (kind, len) = match bytes[at] {
            b'(' => (TokenKind::Open, 1),
            b')' => (TokenKind::Close, 1),
            b'-' => (TokenKind::Minus, 1),
            b'"' => {
                let len = quoted(rest).ok_or((at, "the quotation mark is never closed"))?;
                (TokenKind::Phrase(&rest[1..len - 1]), len)
            }
            _ => {
                let first = rest.chars().next().unwrap_or(' ');
                if first.is_whitespace() {
                    at += first.len_utf8();
                    continue;
                }
                let len = term(rest).map_err(|(offset, why)| (at + offset, why))?;
                let text = &rest[..len];
                (if text == "OR" { TokenKind::Or } else { TokenKind::Term(text) }, len)
            }
        };
        tokens.push(Token { at, kind });
        at += len;
    }
    Ok(tokens)
}

/// The length of a quoted text, both marks included.
fn quoted(text: &str) -> Option<usize> {
    text[1..].find('"').map(|end| end + 2)
}

/// The length of a term: up to a blank or parenthesis, but a quoted or bracketed value after `:` belongs to it.
fn term(text: &str) -> Result<usize, LexError> {
    for (at, c) in text.char_indices() {
        if c.is_whitespace() || c == '(' || c == ')' {
            return Ok(at);
        }
        let after_colon = at > 0 && text.as_bytes()[at - 1] == b':';
        if c == '"' && after_colon {
            let len = quoted(&text[at..]).ok_or((at, "the quotation mark is never closed"))?;
            return Ok(at + len);
        }
        if c == '[' && after_colon {
            let len = text[at..].find(']').ok_or((at, "the bracket is never closed"))?;
            return Ok(at + len + 1);
        }
        if c == '"' {
            return Ok(at);
        }
    }
    Ok(text.len())
}

/// The words of a text, in lower case: what a keyword is compared with. Tags, mentions and links are no words.
pub fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '\'';
    let plain = text.split_whitespace().filter(|part| !part.starts_with(['#', '@', '$']) && !part.contains("://"));
    plain
        .flat_map(move |part| part.split(move |c| !is_word(c)))
        .map(|word| word.trim_matches('\''))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}
