//! Queries that must be read, queries that must be refused, and what they match.
#![allow(clippy::unwrap_used, reason = "a query that is not read is a failed test")]

use chirrup_query::{Subject, matches, parse};
use proptest::prelude::*;

const SOUND: &[&str] = &[
    "#xapiv2",
    "\"X data\" has:mentions (has:media OR has:links)",
    "snow day #NoSchool",
    "grumpy OR cat OR #meme",
    "cat #meme -grumpy",
    "(grumpy cat) OR (#meme has:images)",
    "(😃 OR 😡) 😬",
    "(\"X API\" OR #v2) -\"filtered stream\"",
    "$twtr OR @XDevelopers -$fb",
    "url:\"https://developer.x.com\"",
    "#SuperBowl min_likes:100",
    "-is:retweet has:geo (from:NWSNHC OR from:NHC_Atlantic)",
];

const UNSOUND: &[(&str, usize)] = &[
    ("", 1),
    ("   ", 1),
    ("has:media", 1),
    ("has:links OR is:retweet", 1),
    ("-cat", 1),
    ("cat is:nullcast", 5),
    ("from:x min_faves:3", 8),
    ("(cat", 1),
    ("cat)", 4),
    ("cat OR", 7),
    ("cat OR OR dog", 8),
    ("()", 2),
    ("Amsterdam AND AI", 11),
    ("\"open", 1),
    ("cat - dog", 5),
];

#[test]
fn sound_queries_are_read_and_printed_back() {
    for query in SOUND {
        let read = parse(query).unwrap();
        assert_eq!(parse(&read.to_string()).unwrap(), read, "{query}");
    }
}

#[test]
fn unsound_queries_are_refused_at_their_place() {
    for (query, position) in UNSOUND {
        let error = parse(query).expect_err(query);
        assert_eq!(error.position, *position, "{query}: {error}");
    }
}

#[test]
fn ten_thousand_parentheses_are_an_error() {
    assert!(parse(&"(".repeat(10_000)).is_err());
    assert!(parse(&format!("{}a{}", "(".repeat(10_000), ")".repeat(10_000))).is_err());
    assert!(parse(&"-".repeat(10_000)).is_err());
}

#[test]
fn and_binds_tighter_than_or() {
    let post = |text: &str| Subject { text: text.to_owned(), ..Subject::default() };
    let query = parse("apple OR iphone ipad").unwrap();
    assert!(matches(&query, &post("An Apple.")));
    assert!(matches(&query, &post("ipad and iPhone")));
    assert!(!matches(&query, &post("iphone")));
}

#[test]
fn words_are_whole_and_have_no_case() {
    let post =
        Subject { text: "Don't concatenate! #cat".to_owned(), hashtags: vec!["cat".to_owned()], ..Subject::default() };
    assert!(!matches(&parse("cat").unwrap(), &post));
    assert!(matches(&parse("#CAT").unwrap(), &post));
    assert!(matches(&parse("\"DON'T CONCATENATE\"").unwrap(), &post));
    assert!(!matches(&parse("don't -concatenate").unwrap(), &post));
}

proptest! {
    #[test]
    fn no_text_panics_and_what_is_read_prints_and_reads_the_same(text in "[a-z#@$:\"()\\-OR 😃é\\[\\]]{0,40}") {
        if let Ok(query) = parse(&text) {
            let printed = query.to_string();
            prop_assert_eq!(parse(&printed), Ok(query), "{}", printed);
        }
    }
}
