//! Random texts, measured by a simple reference implementation that looks at one character after the other.
#![allow(clippy::unwrap_used, reason = "a failed test panics")]

use std::collections::HashMap;
use std::sync::LazyLock;

use chirrup_text::{Config, Entity, Extractor, extract, parse_and_extract, parse_with};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization as _;

/// Emoji sequences with the version that introduced them.
static SEQUENCES: LazyLock<HashMap<&str, u8>> = LazyLock::new(|| {
    let line = |line: &'static str| line.split_once(' ').map(|(sequence, since)| (sequence, since.parse().unwrap()));
    include_str!("../data/emoji.txt").lines().filter_map(line).collect()
});

/// Weighted length, length in UTF-16 code units and validity.
#[derive(Debug, PartialEq, Eq)]
struct Measured {
    weighted_length: usize,
    utf16_len: usize,
    valid: bool,
}

fn reference(text: &str, config: &Config) -> Measured {
    let normal: String = text.nfc().collect();
    let links = Extractor::new().urls().urls_without_protocol(true).extract(&normal);
    let (mut at, mut weight, mut all_valid) = (0, 0, true);
    while let Some(c) = normal[at..].chars().next() {
        if let Some(link) = links.iter().find(|link| link.span.start.0 == at) {
            weight += config.transformed_url_length * config.scale;
            at = link.span.end.0;
        } else if let Some(len) = longest_sequence(&normal[at..]).filter(|_| config.emoji.is_some()) {
            weight += config.default_weight;
            at += len;
        } else {
            let range = config.ranges.iter().find(|(range, _)| range.contains(&u32::from(c)));
            weight += range.map_or(config.default_weight, |(_, weight)| *weight);
            all_valid &= !matches!(c, '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}');
            at += c.len_utf8();
        }
    }
    let weighted_length = weight / config.scale;
    let valid = all_valid && (1..=config.max_weighted_length).contains(&weighted_length);
    Measured { weighted_length, utf16_len: text.encode_utf16().count(), valid }
}

/// Returns the length of the longest emoji sequence of version 11 at the start of a text.
fn longest_sequence(text: &str) -> Option<usize> {
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8()).take(16);
    ends.filter(|end| SEQUENCES.get(&text[..*end]).is_some_and(|since| *since <= 11)).last()
}

fn measured(text: &str, config: &Config) -> Measured {
    let parsed = parse_with(text, config);
    let utf16_len = if text.is_empty() { 0 } else { parsed.display_range_end + 1 };
    Measured { weighted_length: parsed.weighted_length, utf16_len, valid: parsed.valid }
}

/// Texts of words, entities, emoji, parts of emoji and any characters.
fn texts() -> impl Strategy<Value = String> {
    let sequences: Vec<&str> = SEQUENCES.keys().copied().collect();
    let part = prop_oneof![
        4 => "[ -~]{0,12}",
        2 => "[а-яü日本語のテ한국あ。“”…é ]{0,8}",
        2 => prop::sample::select(vec!["#tag ", "@ada ", " $TWTR", "foo.com/a", "https://t.co/a?b ", "＃a", "＠b", ".рф"])
            .prop_map(str::to_owned),
        2 => prop::sample::select(sequences).prop_map(str::to_owned),
        1 => prop::sample::select(vec!["\u{200D}", "\u{FE0F}", "\u{20E3}", "🏽", "🇺", "👨", "1", "©", "\u{301}", "\u{FEFF}"])
            .prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_text_is_measured_as_by_the_reference(text in texts()) {
        let wide = Config::V3.ranges(vec![(0x20..=0x60, 300), (0x50..=0x3050, 700)]);
        for config in [Config::V1, Config::V2, Config::V3, wide] {
            prop_assert_eq!(measured(&text, &config), reference(&text, &config));
            prop_assert_eq!(parse_and_extract(&text, &config), (parse_with(&text, &config), extract(&text)));
        }
    }

    /// Bytes are examined in words of eight, whose borders must not show.
    #[test]
    fn entities_do_not_depend_on_their_position(text in texts(), spaces in 1..24_usize) {
        let positions = |found: &[Entity<'_>], offset: usize| -> Vec<_> {
            found.iter().map(|entity| (entity.kind, entity.span.start.0 - offset, entity.span.end.0 - offset)).collect()
        };
        let (once, padded) = (format!(" {text}"), format!("{}{text}", " ".repeat(spaces)));
        prop_assert_eq!(positions(&extract(&padded), spaces), positions(&extract(&once), 1));
    }
}
