//! The classes of characters that the rules speak of.

use crate::tables::{LETTERS, WORD};

/// Where a byte of UTF-8 may begin something: one bit for each kind of thing.
pub(crate) mod trigger {
    /// `@`, or the first byte of `＠`.
    pub(crate) const MENTION: u8 = 1;
    /// `#`, or the first byte of `＃`.
    pub(crate) const HASHTAG: u8 = 2;
    /// `$`.
    pub(crate) const CASHTAG: u8 = 4;
    /// The dot of a host.
    pub(crate) const HOST: u8 = 8;

    /// The bits of each byte.
    pub(crate) static OF: [u8; 256] = {
        let mut of = [0; 256];
        of[b'@' as usize] = MENTION;
        of[b'#' as usize] = HASHTAG;
        of[0xEF] = MENTION | HASHTAG;
        of[b'$' as usize] = CASHTAG;
        of[b'.' as usize] = HOST;
        of
    };
}

/// Bits of ASCII characters, for the classes that are looked at most.
mod ascii {
    pub(super) const HOST: u8 = 1;
    pub(super) const PATH: u8 = 2;
    pub(super) const PATH_END: u8 = 4;
    pub(super) const QUERY: u8 = 8;
    pub(super) const QUERY_END: u8 = 16;
    pub(super) const NAME: u8 = 32;

    pub(super) static OF: [u8; 128] = {
        let mut of = [0; 128];
        let mut c = 0;
        while c < 128 {
            let b = c as u8;
            let word = b.is_ascii_alphanumeric();
            if word || matches!(b, 0..=8 | 0x0E..=0x1F | b'"' | b'`' | 0x7F) {
                of[c] |= HOST;
            }
            if word || is_one_of(b, b"!*';:=+,.$/%#[]-_~@|&") {
                of[c] |= PATH;
            }
            if word || is_one_of(b, b"+-=_#/") {
                of[c] |= PATH_END;
            }
            if word || is_one_of(b, b"!?*'@();:&=+$/%#[]-_.,~|") {
                of[c] |= QUERY;
            }
            if word || is_one_of(b, b"-_&=#/") {
                of[c] |= QUERY_END;
            }
            if word || b == b'_' {
                of[c] |= NAME;
            }
            c += 1;
        }
        of
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

fn ascii(c: char, bit: u8) -> Option<bool> {
    ascii::OF.get(c as usize).map(|bits| bits & bit != 0)
}

/// A character of a label of a host, the hyphen and the underscore apart.
pub(crate) fn is_host(c: char) -> bool {
    ascii(c, ascii::HOST).unwrap_or_else(|| !is_space(c) && !is_directional(c) && !is_invalid(c))
}

/// A character of the path of a link.
pub(crate) fn is_path(c: char) -> bool {
    ascii(c, ascii::PATH).unwrap_or_else(|| is_latin(c) || is_cyrillic(c) || c == '\u{2013}')
}

/// A character that a path may end with.
pub(crate) fn is_path_end(c: char) -> bool {
    ascii(c, ascii::PATH_END).unwrap_or_else(|| is_latin(c) || is_cyrillic(c))
}

/// A character of the query of a link.
pub(crate) fn is_query(c: char) -> bool {
    ascii(c, ascii::QUERY).unwrap_or(false)
}

/// A character that a query may end with.
pub(crate) fn is_query_end(c: char) -> bool {
    ascii(c, ascii::QUERY_END).unwrap_or(false)
}

/// A byte of the name of a user.
pub(crate) fn is_name(b: u8) -> bool {
    ascii::OF.get(usize::from(b)).is_some_and(|bits| bits & ascii::NAME != 0)
}

/// A character of the host of a link without a scheme, the dot apart.
pub(crate) fn is_plain_host(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || is_latin(c)
}

/// What must not stand before a link.
pub(crate) fn spoils_url(before: char) -> bool {
    before.is_ascii_alphanumeric() || matches!(before, '#' | '$' | '@' | '＃' | '＠') || is_invalid(before)
}

/// What must not stand before a mention.
pub(crate) fn spoils_mention(before: char) -> bool {
    before.is_ascii_alphanumeric() || matches!(before, '_' | '!' | '#' | '$' | '%' | '&' | '*' | '@' | '＠')
}

/// What must not stand before `RT` for it to let a mention follow at once.
pub(crate) fn spoils_rt(before: char) -> bool {
    before.is_ascii_alphanumeric() || matches!(before, '_' | '+' | '~' | '.' | '-')
}

/// What must not come after a mention: another sign, or an accented letter.
pub(crate) fn spoils_mention_after(after: char) -> bool {
    matches!(after, '@' | '＠') || is_accented(after)
}

/// What may come after a cashtag, the end of the text apart.
pub(crate) fn ends_cashtag(after: char) -> bool {
    match after {
        '"' | '`' => false,
        _ if after.is_ascii() => after.is_ascii_punctuation() || matches!(after, '\t'..='\r' | ' '),
        '\u{85}' | '\u{180E}' => false,
        _ => is_space(after) || after == '\u{FEFF}',
    }
}

/// White space.
pub(crate) fn is_space(c: char) -> bool {
    matches!(c,
        '\t'..='\r' | ' ' | '\u{85}' | '\u{A0}' | '\u{1680}' | '\u{180E}' | '\u{2000}'..='\u{200A}'
        | '\u{2028}' | '\u{2029}' | '\u{202F}' | '\u{205F}' | '\u{3000}')
}

/// A mark that sets the direction of writing.
pub(crate) fn is_directional(c: char) -> bool {
    matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// A character that no post may hold.
pub(crate) fn is_invalid(c: char) -> bool {
    matches!(c, '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
}

/// A Latin letter with an accent, or an accent.
pub(crate) fn is_accented(c: char) -> bool {
    matches!(u32::from(c),
        0xC0..=0xD6 | 0xD8..=0xF6 | 0xF8..=0x24F | 0x253 | 0x254 | 0x256 | 0x257 | 0x259 | 0x25B | 0x263 | 0x268
        | 0x26F | 0x272 | 0x289 | 0x28B | 0x2BB | 0x300..=0x36F | 0x1E00..=0x1EFF)
}

/// An accented letter in any case: the rules of links look away from case, which lets a few more in.
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

/// A letter or mark of a hashtag.
pub(crate) fn is_tag_letter(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphabetic() } else { is_in(c, &LETTERS) }
}

/// Any character of a hashtag.
pub(crate) fn is_tag_word(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphanumeric() || c == '_' } else { is_in(c, &WORD) }
}

fn is_in(c: char, ranges: &[(u32, u32)]) -> bool {
    let c = u32::from(c);
    let after = ranges.partition_point(|(first, _)| *first <= c);
    after > 0 && c <= ranges[after - 1].1
}
