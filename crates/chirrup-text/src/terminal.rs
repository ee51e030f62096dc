//! Characters that control a terminal, in texts of other people.

use std::borrow::Cow;

/// Returns whether a character controls a terminal instead of being shown: the C0 and C1 controls, DEL, and the controls of
/// the writing direction and of lines, which can show a text in another order or place than it has.
pub fn is_terminal_control(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Removes the characters that control a terminal, except line feeds and tabs.
///
/// ```
/// assert_eq!(chirrup_text::strip_terminal_controls("a\u{1b}[2Jb\u{202e}c\n"), "a[2Jbc\n");
/// ```
pub fn strip_terminal_controls(text: &str) -> Cow<'_, str> {
    let is_removed = |c: char| is_terminal_control(c) && !matches!(c, '\n' | '\t');
    match text.contains(is_removed) {
        true => text.replace(is_removed, "").into(),
        false => text.into(),
    }
}

/// Replaces each character of a JSON text that controls a terminal by its JSON escape, which leaves the meaning of the JSON
/// unchanged. White space between the values stays.
///
/// ```
/// assert_eq!(chirrup_text::escape_terminal_controls("[\"a\u{9b}2J\"]\n"), "[\"a\\u009b2J\"]\n");
/// ```
pub fn escape_terminal_controls(json: &str) -> Cow<'_, str> {
    if !has_escaped(json.as_bytes()) {
        return json.into();
    }
    let is_escaped = |c: char| is_terminal_control(c) && !matches!(c, '\n' | '\r' | '\t');
    let mut escaped = String::with_capacity(json.len() + 32);
    for c in json.chars() {
        match is_escaped(c) {
            true => escaped.push_str(&format!("\\u{:04x}", u32::from(c))),
            false => escaped.push(c),
        }
    }
    escaped.into()
}

/// Number of bytes that are checked together.
const BLOCK_LEN: usize = 32;

/// Whether a text in UTF-8 has a character that controls a terminal, apart from white space between JSON values.
fn has_escaped(text: &[u8]) -> bool {
    text.chunks(BLOCK_LEN).enumerate().any(|(block, bytes)| {
        // Without a branch per byte, the compiler compares many bytes with one instruction.
        let may_begin =
            bytes.iter().fold(false, |found, byte| found | matches!(byte, 0..=0x1f | 0x7f | 0xc2 | 0xd8 | 0xe2));
        may_begin && (0..bytes.len()).any(|at| begins_with_escaped(&text[block * BLOCK_LEN + at..]))
    })
}

/// Whether the first character of a text in UTF-8 is one of them.
fn begins_with_escaped(text: &[u8]) -> bool {
    match text {
        [b'\n' | b'\r' | b'\t', ..] => false,
        [0..=0x1f | 0x7f, ..] | [0xc2, 0x80..=0x9f, ..] | [0xd8, 0x9c, ..] => true,
        [0xe2, 0x80, 0x8e | 0x8f | 0xa8..=0xae, ..] | [0xe2, 0x81, 0xa6..=0xa9, ..] => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_the_controls_are_removed_or_escaped() {
        for code in 0..=0xffff_u32 {
            let Some(c) = char::from_u32(code) else { continue };
            let is_control = matches!(
                code,
                0..=0x1f | 0x7f..=0x9f | 0x61c | 0x200e | 0x200f | 0x2028..=0x202e | 0x2066..=0x2069
            );
            let kept = !is_control || matches!(c, '\n' | '\t');
            let text = format!("a{c}z");
            assert_eq!(strip_terminal_controls(&text), if kept { text.as_str() } else { "az" }, "{code:x}");
            let expected = if kept || c == '\r' { text.clone() } else { format!("a\\u{code:04x}z") };
            assert_eq!(escape_terminal_controls(&text), expected, "{code:x}");
        }
    }

    #[test]
    fn joined_emoji_and_right_to_left_letters_stay() {
        for text in ["\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}", "\u{5e9}\u{5dc}\u{5d5}\u{5dd}", "e\u{301}\u{fe0f}"]
        {
            assert_eq!(strip_terminal_controls(text), text);
            assert_eq!(escape_terminal_controls(text), text);
        }
    }
}
