//! Character classes of the rules for entities and links.

use crate::hashtag_chars::{CHARS, LETTERS};

/// Bit table of the ASCII characters, for the classes in the inner loops.
mod ascii {
    pub(super) const HOST: u8 = 1;
    pub(super) const PATH: u8 = 2;
    pub(super) const PATH_END: u8 = 4;
    pub(super) const QUERY: u8 = 8;
    pub(super) const QUERY_END: u8 = 16;
    pub(super) const USERNAME: u8 = 32;

    pub(super) static BITS: [u8; 128] = {
        let mut bits = [0; 128];
        let mut c = 0;
        while c < 128 {
            let b = c as u8;
            let word = b.is_ascii_alphanumeric();
            if word || matches!(b, 0..=8 | 0x0E..=0x1F | b'"' | b'`' | 0x7F) {
                bits[c] |= HOST;
            }
            if word || is_one_of(b, b"!*';:=+,.$/%#[]-_~@|&") {
                bits[c] |= PATH;
            }
            if word || is_one_of(b, b"+-=_#/") {
                bits[c] |= PATH_END;
            }
            if word || is_one_of(b, b"!?*'@();:&=+$/%#[]-_.,~|") {
                bits[c] |= QUERY;
            }
            if word || is_one_of(b, b"-_&=#/") {
                bits[c] |= QUERY_END;
            }
            if word || b == b'_' {
                bits[c] |= USERNAME;
            }
            c += 1;
        }
        bits
    };

    const fn is_one_of(b: u8, set: &[u8]) -> bool {
        let mut i = 0;
        while i < set.len() {
            if set[i] == b {
                return true;
            }
            i += 1;
        }
        false
    }
}

/// Looks up an ASCII character in the bit table. Returns `None` for any other character.
fn ascii(c: char, bit: u8) -> Option<bool> {
    ascii::BITS.get(c as usize).map(|bits| bits & bit != 0)
}

/// Character of a hostname label, other than the hyphen and the underscore.
pub(crate) fn is_host_char(c: char) -> bool {
    ascii(c, ascii::HOST).unwrap_or_else(|| !is_space(c) && !is_directional(c) && !is_invalid(c))
}

/// Character of the path of a URL.
pub(crate) fn is_path_char(c: char) -> bool {
    ascii(c, ascii::PATH).unwrap_or_else(|| is_latin(c) || is_cyrillic(c) || c == '\u{2013}')
}

/// Character that a path can end with.
pub(crate) fn is_path_end(c: char) -> bool {
    ascii(c, ascii::PATH_END).unwrap_or_else(|| is_latin(c) || is_cyrillic(c))
}

/// Character of the query of a URL.
pub(crate) fn is_query_char(c: char) -> bool {
    ascii(c, ascii::QUERY).unwrap_or(false)
}

/// Character that a query can end with.
pub(crate) fn is_query_end(c: char) -> bool {
    ascii(c, ascii::QUERY_END).unwrap_or(false)
}

/// Byte of a username.
pub(crate) fn is_username_byte(b: u8) -> bool {
    ascii::BITS.get(usize::from(b)).is_some_and(|bits| bits & ascii::USERNAME != 0)
}

/// Character of the host of a URL without a scheme, other than the dot.
pub(crate) fn is_latin_host_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || is_latin(c)
}

/// Character after which no URL can start.
pub(crate) fn cannot_precede_url(before: char) -> bool {
    before.is_ascii_alphanumeric() || matches!(before, '#' | '$' | '@' | '＃' | '＠') || is_invalid(before)
}

/// Character after which no mention can start.
pub(crate) fn cannot_precede_mention(before: char) -> bool {
    before.is_ascii_alphanumeric() || matches!(before, '_' | '!' | '#' | '$' | '%' | '&' | '*' | '@' | '＠')
}

/// Character after which `RT` cannot introduce a mention, as in `RT@ada`.
pub(crate) fn cannot_precede_rt(before: char) -> bool {
    before.is_ascii_alphanumeric() || matches!(before, '_' | '+' | '~' | '.' | '-')
}

/// Character that invalidates the mention before it: another `@`, or an accented letter.
pub(crate) fn cannot_follow_mention(after: char) -> bool {
    matches!(after, '@' | '＠') || is_accented(after)
}

/// Character that can directly follow a cashtag.
pub(crate) fn can_follow_cashtag(after: char) -> bool {
    match after {
        '"' | '`' => false,
        _ if after.is_ascii() => after.is_ascii_punctuation() || matches!(after, '\t'..='\r' | ' '),
        '\u{85}' | '\u{180E}' => false,
        _ => is_space(after) || after == '\u{FEFF}',
    }
}

/// White space, as twitter-text defines it.
pub(crate) fn is_space(c: char) -> bool {
    matches!(c,
        '\t'..='\r' | ' ' | '\u{85}' | '\u{A0}' | '\u{1680}' | '\u{180E}' | '\u{2000}'..='\u{200A}'
        | '\u{2028}' | '\u{2029}' | '\u{202F}' | '\u{205F}' | '\u{3000}')
}

/// Control character for the direction of writing.
pub(crate) fn is_directional(c: char) -> bool {
    matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Character that is not allowed in a post.
pub(crate) fn is_invalid(c: char) -> bool {
    matches!(c, '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
}

/// Latin letter with an accent, or a combining accent.
pub(crate) fn is_accented(c: char) -> bool {
    matches!(u32::from(c),
        0xC0..=0xD6 | 0xD8..=0xF6 | 0xF8..=0x24F | 0x253 | 0x254 | 0x256 | 0x257 | 0x259 | 0x25B | 0x263 | 0x268
        | 0x26F | 0x272 | 0x289 | 0x28B | 0x2BB | 0x300..=0x36F | 0x1E00..=0x1EFF)
}

/// Accented letter in a URL. The official rules for URLs ignore case, which adds the letters that fold to an accented one.
fn is_latin(c: char) -> bool {
    is_accented(c)
        || matches!(
            u32::from(c),
            0x260
                | 0x269
                | 0x275
                | 0x280
                | 0x283
                | 0x288
                | 0x28A
                | 0x28C
                | 0x292
                | 0x399
                | 0x3B9
                | 0x1FBE
                | 0x2C65
                | 0x2C66
                | 0x2C7E
                | 0x2C7F
                | 0xA7DC
        )
}

fn is_cyrillic(c: char) -> bool {
    matches!(u32::from(c), 0x400..=0x4FF | 0x1C80..=0x1C87)
}

/// Letter or mark of a hashtag.
pub(crate) fn is_hashtag_letter(c: char) -> bool {
    LETTERS.contains(c)
}

/// Character of a hashtag.
pub(crate) fn is_hashtag_char(c: char) -> bool {
    CHARS.contains(c)
}
