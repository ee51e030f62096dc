//! From text to pieces, every byte accounted for, and the words that a text is searched by.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// A part of a query: where it begins and ends, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Where it begins.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

/// What a piece of a query is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PieceKind {
    /// White space.
    Blank,
    /// `(`.
    Open,
    /// `)`.
    Close,
    /// `OR`.
    Or,
    /// A minus sign.
    Minus,
    /// A text in quotation marks, perhaps with `~N` behind it.
    Phrase,
    /// Everything else, up to a blank or a parenthesis; an operator's quoted or bracketed value belongs to it.
    Term,
    /// A quotation mark or bracket that is never closed, and all behind it.
    Unclosed,
}

/// A piece of a query. The pieces of a query, one after another, are the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// What it is.
    pub kind: PieceKind,
    /// Where it is.
    pub span: Span,
}

/// Cuts a query into pieces. Nothing is left out.
pub fn pieces(query: &str) -> Vec<Piece> {
    let mut all = Vec::new();
    let mut start = 0;
    while let Some(first) = query[start..].chars().next() {
        let (kind, len) = piece(first, &query[start..]);
        all.push(Piece { kind, span: Span { start, end: start + len } });
        start += len;
    }
    all
}

fn piece(first: char, rest: &str) -> (PieceKind, usize) {
    match first {
        '(' => (PieceKind::Open, 1),
        ')' => (PieceKind::Close, 1),
        '-' => (PieceKind::Minus, 1),
        '"' => match rest[1..].find('"') {
            Some(end) => (PieceKind::Phrase, end + 2 + slop(&rest[end + 2..])),
            None => (PieceKind::Unclosed, rest.len()),
        },
        c if c.is_whitespace() => (PieceKind::Blank, rest.find(|c: char| !c.is_whitespace()).unwrap_or(rest.len())),
        _ => match term(rest) {
            Some(len) if &rest[..len] == "OR" => (PieceKind::Or, len),
            Some(len) => (PieceKind::Term, len),
            None => (PieceKind::Unclosed, rest.len()),
        },
    }
}

/// The length of `~N`.
fn slop(rest: &str) -> usize {
    match rest.strip_prefix('~') {
        Some(digits) => 1 + digits.bytes().take_while(u8::is_ascii_digit).count(),
        None => 0,
    }
}

/// The length of a term; none if a quotation mark or bracket of its value is never closed.
fn term(text: &str) -> Option<usize> {
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

/// Whether a letter belongs to a script that is written without blanks between words.
pub(crate) fn has_no_blanks(c: char) -> bool {
    matches!(u32::from(c),
        0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x3040..=0x30FF | 0x31F0..=0x31FF
        | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

/// A text without accents, in lower case.
pub(crate) fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.to_lowercase().nfd().filter(|c| !is_combining_mark(*c)).nfc().collect()
}

/// The words of a text, in lower case: what a keyword is compared with. Tags, mentions and links are no words.
pub fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '\'' || is_combining_mark(c);
    let plain = text.split_whitespace().filter(|part| !part.starts_with(['#', '@', '$']) && !part.contains("://"));
    plain
        .flat_map(move |part| part.split(move |c| !is_word(c)))
        .map(|word| word.trim_matches('\''))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}
