//! Words of a text, as keywords compare them.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Returns whether a letter belongs to a script without spaces between words.
pub(crate) fn is_unspaced_script(c: char) -> bool {
    matches!(u32::from(c),
        0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x3040..=0x30FF | 0x31F0..=0x31FF
        | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

/// Returns a text in lower case and without accents.
pub(crate) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.to_lowercase().nfd().filter(|c| !is_combining_mark(*c)).nfc().collect()
}

/// Returns the words of a text in lower case, without hashtags, cashtags, mentions and URLs.
///
/// ```
/// let words: Vec<_> = chirrup_query::words("Don't ask @ada, see https://x.com #cat").collect();
/// assert_eq!(words, ["don't", "ask", "see"]);
/// ```
pub fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    words_as_written(text).map(str::to_lowercase)
}

/// Returns the words of a text without a change of their letters. See [`words`].
pub(crate) fn words_as_written(text: &str) -> impl Iterator<Item = &str> {
    let is_word_char = |c: char| c.is_alphanumeric() || c == '_' || c == '\'' || is_combining_mark(c);
    text.split_whitespace()
        .filter(|part| !part.starts_with(['#', '@', '$']) && !part.contains("://"))
        .flat_map(move |part| part.split(move |c| !is_word_char(c)))
        .map(|word| word.trim_matches('\''))
        .filter(|word| !word.is_empty())
}
