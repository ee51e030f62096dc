//! Removal of characters that control a terminal.

pub(super) use chirrup::text::is_terminal_control as is_unsafe;
use chirrup::text::strip_terminal_controls;

/// Removes the characters that control a terminal, except tabs and line breaks.
pub(crate) fn clean(text: &str) -> String {
    strip_terminal_controls(text).into_owned()
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
