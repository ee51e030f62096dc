//! Language of a text, as X guesses it: by its letters, then by its most frequent words.

/// Frequent words of languages with Latin letters.
const WORDS: [(&str, &[&str]); 7] = [
    (
        "en",
        &[
            "the", "a", "an", "is", "are", "was", "of", "to", "and", "in", "it", "this", "that", "for", "you", "we",
            "i", "my", "with", "what", "not", "on", "at", "hello", "from",
        ],
    ),
    (
        "es",
        &[
            "el", "la", "los", "las", "es", "de", "que", "y", "en", "un", "una", "por", "con", "para", "no", "se",
            "hola", "muy", "está",
        ],
    ),
    (
        "pt",
        &[
            "o", "os", "as", "é", "de", "que", "e", "em", "um", "uma", "por", "com", "para", "não", "você", "bom",
            "dia", "já", "está", "muito",
        ],
    ),
    (
        "fr",
        &[
            "le", "la", "les", "est", "de", "que", "et", "en", "un", "une", "pour", "avec", "pas", "je", "vous",
            "bonjour", "très", "des",
        ],
    ),
    (
        "de",
        &[
            "der", "die", "das", "ist", "und", "ich", "nicht", "ein", "eine", "mit", "für", "auf", "wir", "zu", "den",
            "heute", "guten", "es",
        ],
    ),
    (
        "it",
        &[
            "il",
            "lo",
            "gli",
            "è",
            "di",
            "che",
            "e",
            "un",
            "una",
            "per",
            "con",
            "non",
            "sono",
            "ciao",
            "molto",
            "buongiorno",
        ],
    ),
    ("nl", &["de", "het", "een", "is", "en", "van", "niet", "ik", "met", "voor", "op", "dat", "wij", "goedemorgen"]),
];

/// Returns the language code of a text; `und` without words that say it.
pub(crate) fn language_of(text: &str) -> &'static str {
    let words = || text.split_whitespace().filter(|word| !word.starts_with(['#', '@']) && !word.contains("://"));
    let mut han = false;
    for letter in words().flat_map(str::chars) {
        match letter {
            '\u{3040}'..='\u{30FF}' => return "ja",
            '\u{AC00}'..='\u{D7AF}' => return "ko",
            '\u{0400}'..='\u{04FF}' => return "ru",
            '\u{0600}'..='\u{06FF}' => return "ar",
            '\u{0590}'..='\u{05FF}' => return "iw",
            '\u{0E00}'..='\u{0E7F}' => return "th",
            '\u{0370}'..='\u{03FF}' => return "el",
            '\u{0900}'..='\u{097F}' => return "hi",
            '\u{4E00}'..='\u{9FFF}' => han = true,
            _ => {}
        }
    }
    if han {
        return "zh";
    }
    let words: Vec<String> =
        words().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()).collect();
    let mut best = ("und", 0);
    for (language, frequent) in WORDS {
        let count = words.iter().filter(|word| frequent.contains(&word.as_str())).count();
        if count > best.1 {
            best = (language, count);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::language_of;

    #[test]
    fn letters_and_frequent_words_tell_the_language() {
        for (text, language) in [
            ("Good morning, this is the first post", "en"),
            ("Bom dia, você não está em casa", "pt"),
            ("Hola, la casa es muy grande", "es"),
            ("今日はいい天気ですね", "ja"),
            ("오늘은 날씨가 좋네요", "ko"),
            ("今天天气很好", "zh"),
            ("Guten Tag, das ist ein Test", "de"),
            ("#rust https://example.com/the", "und"),
            ("12345", "und"),
        ] {
            assert_eq!(language_of(text), language, "{text}");
        }
    }
}
