//! Texts of others: without hidden or controlling characters, and of limited length.

use chirrup::text::strip_terminal_controls;
use serde_json::Value as Json;

/// Maximum length in characters of a text in a list.
pub(crate) const LISTED: usize = 1_000;
/// Maximum length in characters of a text that was requested on its own: that of the longest posts.
pub(crate) const SINGLE: usize = 25_000;

/// Whether a character shows nothing and can hide a text from people: zero-width characters, invisible operators, tags and the
/// variation selectors that no emoji has. The joiner of emoji and the selector of their style stay.
fn is_hidden(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{180e}' | '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{206a}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{fe00}'..='\u{fe0d}' | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Returns a text without the characters that control a terminal, the writing direction, or nothing visible, and with at most
/// this many characters.
pub(crate) fn clean(text: &str, max: usize) -> String {
    let text = strip_terminal_controls(text);
    let mut kept: String = text.chars().filter(|c| !is_hidden(*c)).take(max.saturating_add(1)).collect();
    if let Some((cut, _)) = kept.char_indices().nth(max) {
        kept.truncate(cut);
        kept.push('…');
    }
    kept
}

/// Cleans all texts and names in a JSON value.
pub(crate) fn clean_json(value: Json, max: usize) -> Json {
    match value {
        Json::String(text) => clean(&text, max).into(),
        Json::Array(items) => items.into_iter().map(|item| clean_json(item, max)).collect(),
        Json::Object(members) => {
            members.into_iter().map(|(name, value)| (clean(&name, max), clean_json(value, max))).collect()
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]
    use super::*;

    #[test]
    fn hidden_and_controlling_characters_are_removed() {
        let tags: String = "ignore".bytes().map(|b| char::from_u32(0xe0000 + u32::from(b)).unwrap()).collect();
        let hostile =
            format!("a\u{1b}[31mb\u{202e}c\u{2066}d\u{200b}e\u{feff}f{tags}g\u{e0100}h\u{7f}\u{9b}i\u{ad}j\n");
        assert_eq!(clean(&hostile, 100), "a[31mbcdefghij\n");
        let value = clean_json(serde_json::json!({"a\u{202e}": ["b\u{200b}", 1, null]}), 9);
        assert_eq!(value, serde_json::json!({"a": ["b", 1, null]}));
    }

    #[test]
    fn emoji_and_scripts_stay() {
        for text in ["👩‍👩‍👧 ☀️", "שלום", "नमस्ते", "日本語", "می‌خواهم"] {
            assert_eq!(clean(text, 100), text);
        }
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert_eq!(clean("日本語", 2), "日本…");
        assert_eq!(clean("日本", 2), "日本");
        assert_eq!(clean(&"x".repeat(30_000), SINGLE).chars().count(), SINGLE + 1);
    }
}
