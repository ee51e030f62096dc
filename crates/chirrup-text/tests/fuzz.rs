//! Texts made of what is hard, by the thousand: nothing panics, and what is found fits the text.
//!
//! `CHIRRUP_FUZZ_TEXTS` sets how many; `cargo test -r -p chirrup-text --test fuzz` with 10,000,000 takes some minutes.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "a test that fails says so by a panic")]

use chirrup_text::{
    Byte, CodePoint, Config, EntityKind, Extractor, HtmlOptions, Linker, Numbering, Ruler, Span, UrlRules, Utf16,
    extract, highlight, html_for_tweet, is_valid_hashtag, is_valid_list, is_valid_url, is_valid_username,
    parse_entities, parse_with, reply_to, split, truncate, truncate_with,
};
use serde_json::json;

/// A small generator of numbers (xorshift64*), so that every run sees the same texts.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(high).unwrap() % n
    }
}

const PIECES: &[&str] = &[
    "a",
    "z",
    "Q",
    "0",
    "_",
    "-",
    ".",
    "/",
    ":",
    "@",
    "#",
    "$",
    "&",
    "?",
    "=",
    "!",
    "~",
    "+",
    "*",
    "%",
    "|",
    "(",
    ")",
    "[",
    "]",
    "'",
    "\"",
    "<",
    ">",
    ",",
    ";",
    " ",
    "\n",
    "\u{3000}",
    "http://",
    "HTTPS://",
    "://",
    "foo",
    ".com",
    ".co.uk",
    "t.co/",
    "http://t.co/abc",
    "foo.com",
    "bar.jp/x",
    "example.みんな",
    "भारतम्",
    "xn--",
    ".xn--p1ai",
    "RT",
    "rt:",
    "@user",
    "@user/list-1",
    "_@us",
    "＠",
    "＃",
    "#tag",
    "$TWTR",
    "é",
    "ü",
    "日",
    "本",
    "。",
    "．",
    "の",
    "한",
    "я",
    "ع",
    "א",
    "e\u{301}",
    "\u{301}",
    "\u{200D}",
    "\u{FE0F}",
    "\u{FE0E}",
    "\u{20E3}",
    "\u{200E}",
    "\u{202A}",
    "\u{2066}",
    "\u{FEFF}",
    "\u{FFFE}",
    "\u{FFFF}",
    "😀",
    "👨‍👩‍👧‍👦",
    "🏳️‍🌈",
    "👍🏽",
    "🇺🇸",
    "🇺",
    "1️⃣",
    "©️",
    "𠀀",
    "𝒳",
    "·",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "?q=1",
    "/a(b)c",
    "((",
    "שּׁ",
    "ﬁ",
    "क़",
    "가",
    "\u{0}",
    "\r\n",
    "&amp;",
    "<a href=\"x\">",
    "</a>",
];

fn text(dice: &mut Dice) -> String {
    let mut text = String::new();
    for _ in 0..dice.below(16) {
        match dice.below(16) {
            0 => text.extend(char::from_u32(u32::try_from(dice.below(0x3_0000)).unwrap())),
            _ => text.push_str(PIECES[dice.below(PIECES.len())]),
        }
    }
    text
}

fn check(text: &str, dice: &mut Dice) {
    let found = extract(text);
    let (mut end, mut points, mut units) = (0, Ruler::<CodePoint>::new(text), Ruler::<Utf16>::new(text));
    for entity in &found {
        let Span { start, end: stop } = entity.span;
        assert!(end <= start.0 && start < stop, "{text:?}: {found:?} is not sorted, or overlaps");
        let whole = entity.span.of(text).unwrap_or_else(|| panic!("{text:?}: {entity:?} cuts a character"));
        assert!(whole.ends_with(entity.text), "{text:?}: {entity:?}");
        assert_eq!(entity.kind == EntityKind::Url, whole == entity.text);
        let place = points.span(entity.span);
        assert_eq!(place.len(), whole.chars().count());
        assert_eq!(units.span(entity.span).len(), whole.encode_utf16().count());
        assert_eq!(Ruler::new(text).byte(place.start), Some(start));
        end = stop.0;
    }
    check_lengths(text);
    check_cuts(text, dice.below(40));
    check_html(text, dice);
    for rules in [UrlRules::default(), UrlRules { unicode_hosts: false, scheme: false }] {
        is_valid_url(text, rules);
    }
    let _ = (is_valid_username(text), is_valid_list(text), is_valid_hashtag(text), reply_to(text));
}

fn check_lengths(text: &str) {
    let utf16 = text.encode_utf16().count();
    for config in [Config::V1, Config::V2, Config::V3] {
        let parsed = parse_with(text, &config);
        assert_eq!(parse_entities(text, &config), (parsed, extract(text)), "{text:?}");
        assert_eq!(parsed.display_range_end, utf16.saturating_sub(1));
        assert!(parsed.valid_range_end <= parsed.display_range_end, "{text:?}: {parsed:?}");
        assert!(!parsed.valid || parsed.remaining() >= 0, "{text:?}: {parsed:?}");
    }
}

fn check_cuts(text: &str, max: usize) {
    let config = Config { max_weighted_length: max, ..Config::V3 };
    let weight = |text: &str| parse_with(text, &config).weighted_length;
    let cut = truncate(text, &config);
    assert!(text.starts_with(cut) && weight(cut) <= max, "{text:?} cut to {max}: {cut:?}");
    if max > 0 {
        let ended = truncate_with(text, &config, "…");
        assert!(weight(&ended) <= max.max(2), "{text:?} cut to {max}: {ended:?}");
    }
    let config = Config { max_weighted_length: max + 40, ..Config::V3 };
    let posts = split(text, &config, Numbering::None);
    let written = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    assert_eq!(written(&posts.concat()), written(text), "a thread holds all of its text");
}

fn check_html(text: &str, dice: &mut Dice) {
    let all = Extractor::all().bare_urls(dice.below(2) == 0);
    let html = Linker { escape_rest: true, ..Linker::default() }.link_what(text, all);
    assert_eq!(html.matches("<a ").count(), all.extract(text).len(), "{text:?}: {html}");
    let hits: Vec<_> = (0..3).map(|_| Span::<Byte>::new(dice.below(20), dice.below(20))).collect();
    let marked = highlight(&html, &hits);
    assert_eq!(marked.replace("<em>", "").replace("</em>", ""), html);
    let mut place = || dice.below(30);
    let status = json!({
        "text": text,
        "display_text_range": [place(), place()],
        "entities": {
            "hashtags": [{ "text": "a", "indices": [place(), place()] }],
            "urls": [{ "url": "u", "indices": [place(), place()] }],
        },
    });
    html_for_tweet(&status, HtmlOptions::default()).unwrap();
}

#[test]
fn hard_texts_break_nothing() {
    let count = std::env::var("CHIRRUP_FUZZ_TEXTS").ok().map_or(20_000, |n| n.parse().unwrap());
    let threads = std::thread::available_parallelism().unwrap().get();
    std::thread::scope(|scope| {
        for thread in 0..threads {
            scope.spawn(move || {
                let mut dice = Dice(0x9E37_79B9_7F4A_7C15 ^ (thread as u64 + 1));
                for _ in 0..count / threads {
                    let text = text(&mut dice);
                    check(&text, &mut dice);
                }
            });
        }
    });
}

/// Runs that make a careless scanner look at the same characters again and again.
#[test]
fn long_texts_take_time_in_proportion() {
    for piece in [
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
        let text = piece.repeat(200_000 / piece.len());
        let _ = (extract(&text), parse_with(&text, &Config::V3));
    }
}
