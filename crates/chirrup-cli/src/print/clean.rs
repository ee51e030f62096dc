//! Removal of characters that control a terminal.

/// Returns whether a character can change what a terminal shows: control characters, and those that reorder text.
pub(super) fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Removes the characters that control a terminal, except tabs and line breaks.
pub(crate) fn clean(text: &str) -> String {
    text.chars().filter(|c| matches!(c, '\t' | '\n') || !is_unsafe(*c)).collect()
}

/// Removes the characters that control a terminal. Tabs and line breaks become spaces.
pub(crate) fn one_line(text: &str) -> String {
    clean(text).replace(['\t', '\n'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_controls_a_terminal_is_left() {
        let hostile = "a\u{1b}[2Jb\u{7f}c\u{9b}31md\u{202e}e\u{2066}f\u{200f}g\rh\u{8}i\u{2028}j";
        assert_eq!(clean(hostile), "a[2Jbc31mdefghij");
        assert_eq!(clean("two\twords\nnext"), "two\twords\nnext");
        assert_eq!(one_line("two\twords\nnext"), "two words next");
    }

    #[test]
    fn emoji_and_scripts_are_kept() {
        for text in ["👩‍👩‍👧 ☀️ 🇩🇪", "שלום", "नमस्ते", "日本語"] {
            assert_eq!(clean(text), text);
        }
    }
}
