//! Random texts of difficult fragments: nothing panics, and the results are consistent with the text.
//!
//! `CHIRRUP_FUZZ_TEXTS` sets the number of texts, 20,000 by default. With 10,000,000, run it in release mode:
//! `cargo test -r -p chirrup-text --test fuzz` takes a few minutes.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a failed test panics"
)]

use chirrup_text::{
    Autolink, Byte, CodePoint, Config, EntityKind, Extractor, HtmlOptions, IndexConverter, Numbering, Span, UrlOptions,
    Utf16, extract, extract_reply_screen_name, highlight, html_for_tweet, is_valid_hashtag, is_valid_list,
    is_valid_url, is_valid_username, parse_and_extract, parse_with, split, truncate, truncate_with,
};
use serde_json::json;

/// Pseudorandom number generator (xorshift64*) with the same sequence in every run.
struct Rng(u64);

impl Rng {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(high).unwrap() % n
    }
}

#[rustfmt::skip]
const FRAGMENTS: &[&str] = &[
    "a", "z", "Q", "0", "_", "-", ".", "/", ":", "@", "#", "$", "&", "?", "=", "!", "~", "+", "*", "%", "|", "(", ")",
    "[", "]", "'", "\"", "<", ">", ",", ";", " ", "\n", "\u{3000}", "http://", "HTTPS://", "://", "foo", ".com",
    ".co.uk", "t.co/", "http://t.co/abc", "foo.com", "bar.jp/x", "example.みんな", "भारतम्", "xn--", ".xn--p1ai", "RT",
    "rt:", "@user", "@user/list-1", "_@us", "＠", "＃", "#tag", "$TWTR", "é", "ü", "日", "本", "。", "．", "の", "한", "я",
    "ع", "א", "e\u{301}", "\u{301}", "\u{200D}", "\u{FE0F}", "\u{FE0E}", "\u{20E3}", "\u{200E}", "\u{202A}",
    "\u{2066}", "\u{FEFF}", "\u{FFFE}", "\u{FFFF}", "😀", "👨‍👩‍👧‍👦", "🏳️‍🌈", "👍🏽", "🇺🇸", "🇺", "1️⃣", "©️", "𠀀", "𝒳", "·",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "?q=1", "/a(b)c", "((", "שּׁ", "ﬁ", "क़", "가", "\u{0}", "\r\n", "&amp;",
    "<a href=\"x\">", "</a>",
];

fn text(rng: &mut Rng) -> String {
    let mut text = String::new();
    for _ in 0..rng.below(16) {
        match rng.below(16) {
            0 => text.extend(char::from_u32(u32::try_from(rng.below(0x3_0000)).unwrap())),
            _ => text.push_str(FRAGMENTS[rng.below(FRAGMENTS.len())]),
        }
    }
    text
}

fn check(text: &str, rng: &mut Rng) {
    let found = extract(text);
    let mut end = 0;
    let (mut code_points, mut utf16) = (IndexConverter::<CodePoint>::new(text), IndexConverter::<Utf16>::new(text));
    for entity in &found {
        let Span { start, end: stop } = entity.span;
        assert!(end <= start.0 && start < stop, "{text:?}: {found:?} is unsorted or overlaps");
        let entity_text =
            entity.span.slice(text).unwrap_or_else(|| panic!("{text:?}: {entity:?} cuts a character in two"));
        assert!(entity_text.ends_with(entity.text), "{text:?}: {entity:?}");
        assert_eq!(entity.kind == EntityKind::Url, entity_text == entity.text);
        let span = code_points.span(entity.span);
        assert_eq!(span.len(), entity_text.chars().count());
        assert_eq!(utf16.span(entity.span).len(), entity_text.encode_utf16().count());
        assert_eq!(IndexConverter::new(text).byte(span.start), Some(start));
        end = stop.0;
    }
    check_lengths(text);
    check_truncation(text, rng.below(40));
    check_html(text, rng);
    let options = UrlOptions::default();
    for options in [options, options.unicode_domains(false).require_protocol(false)] {
        is_valid_url(text, options);
    }
    let _ = (is_valid_username(text), is_valid_list(text), is_valid_hashtag(text), extract_reply_screen_name(text));
}

fn check_lengths(text: &str) {
    let utf16 = text.encode_utf16().count();
    for config in [Config::V1, Config::V2, Config::V3] {
        let parsed = parse_with(text, &config);
        assert_eq!(parse_and_extract(text, &config), (parsed, extract(text)), "{text:?}");
        assert_eq!(parsed.display_range_end, utf16.saturating_sub(1));
        assert!(parsed.valid_range_end <= parsed.display_range_end, "{text:?}: {parsed:?}");
        assert!(!parsed.valid || parsed.remaining() >= 0, "{text:?}: {parsed:?}");
    }
}

fn check_truncation(text: &str, max: usize) {
    let config = Config::V3.max_weighted_length(max);
    let weight = |text: &str| parse_with(text, &config).weighted_length;
    let cut = truncate(text, &config);
    assert!(text.starts_with(cut) && weight(cut) <= max, "{text:?} truncated to {max}: {cut:?}");
    if max > 0 {
        let with_ending = truncate_with(text, &config, "…");
        assert!(weight(&with_ending) <= max.max(2), "{text:?} truncated to {max}: {with_ending:?}");
    }
    let config = Config::V3.max_weighted_length(max + 40);
    let posts = split(text, &config, Numbering::None);
    let without_space = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    assert_eq!(without_space(&posts.concat()), without_space(text), "a thread loses no text");
}

fn check_html(text: &str, rng: &mut Rng) {
    let all = Extractor::all().urls_without_protocol(rng.below(2) == 0);
    let html = Autolink::new().html_escape_non_entities(true).link_extracted(text, all);
    assert_eq!(html.matches("<a ").count(), all.extract(text).len(), "{text:?}: {html}");
    let hits: Vec<_> = (0..3).map(|_| Span::<Byte>::new(rng.below(20), rng.below(20))).collect();
    let highlighted = highlight(&html, &hits);
    assert_eq!(highlighted.replace("<em>", "").replace("</em>", ""), html);
    let mut index = || rng.below(30);
    let status = json!({
        "text": text,
        "display_text_range": [index(), index()],
        "entities": {
            "hashtags": [{ "text": "a", "inrngs": [index(), index()] }],
            "urls": [{ "url": "u", "inrngs": [index(), index()] }],
        },
    });
    html_for_tweet(&status, HtmlOptions::default()).unwrap();
}

#[test]
fn random_texts_neither_panic_nor_give_inconsistent_results() {
    let count = std::env::var("CHIRRUP_FUZZ_TEXTS").ok().map_or(20_000, |n| n.parse().unwrap());
    let threads = std::thread::available_parallelism().unwrap().get();
    std::thread::scope(|scope| {
        for thread in 0..threads {
            scope.spawn(move || {
                let mut rng = Rng(0x9E37_79B9_7F4A_7C15 ^ (thread as u64 + 1));
                for _ in 0..count / threads {
                    let text = text(&mut rng);
                    check(&text, &mut rng);
                }
            });
        }
    });
}

/// Repetitions on which a backtracking scanner takes quadratic time.
#[test]
fn long_repetitive_texts_take_linear_time() {
    for fragment in [
        "a.",
        "a.b_c.",
        "中.",
        "@",
        "#",
        "#a",
        "$",
        "http://",
        "a.com/(",
        "_.com",
        "-.",
        "com..",
        "。.",
        "😀\u{200D}",
        "ü.",
    ] {
        let text = fragment.repeat(200_000 / fragment.len());
        let _ = (extract(&text), parse_with(&text, &Config::V3));
    }
}
