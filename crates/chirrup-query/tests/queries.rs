//! Queries that must be read, queries that must be refused, what is said about them, and what they match.
#![allow(clippy::unwrap_used, reason = "a query that is not read is a failed test")]

use chirrup_query::{
    Anchor, Filter, MatchMode, Prepared, Product, RuleIndex, Severity, Subject, Target, check, matches, parse, pieces,
};
use proptest::prelude::*;

/// Those of the documentation, and where they may be used.
const SOUND: &[(&str, Target)] = &[
    ("#xapiv2", Target::RECENT),
    ("\"X data\" has:mentions (has:media OR has:links)", Target::RECENT),
    ("snow day #NoSchool", Target::RECENT),
    ("grumpy OR cat OR #meme", Target::RECENT),
    ("cat #meme -grumpy", Target::RECENT),
    ("(grumpy cat) OR (#meme has:images)", Target::RECENT),
    ("(😃 OR 😡) 😬", Target::RECENT),
    ("(\"X API\" OR #v2) -\"filtered stream\"", Target::RECENT),
    ("\"social media\"~5", Target::STREAM),
    ("$twtr OR @XDevelopers -$fb", Target::RECENT),
    ("context:47.*", Target::STREAM),
    ("context:65.852262932607926273 -context:66.852262932607926273 -is:retweet has:images lang:ja", Target::RECENT),
    ("-is:retweet has:geo (from:NWSNHC OR from:NHC_Atlantic)", Target::RECENT),
    ("point_radius:[2.355128 48.861118 16km]", Target::RECENT),
    ("bounding_box:[-105.301758 39.964069 -105.178505 40.09455]", Target::RECENT),
    ("url:\"https://developer.x.com\"", Target::RECENT),
    ("followers_count:1000..10000", Target::STREAM),
    ("#SuperBowl min_likes:100", Target::ALL),
    ("cat sample:10", Target::STREAM),
    ("bio:\"data scientist\" -is:nullcast", Target::STREAM),
];

const UNSOUND: &[(&str, Target, usize, &str)] = &[
    ("", Target::RECENT, 1, "empty"),
    ("   ", Target::RECENT, 1, "empty"),
    ("has:media", Target::RECENT, 1, "standalone"),
    ("has:links OR is:retweet", Target::RECENT, 1, "standalone"),
    ("embedding_threshold:0.45", Target::STREAM, 1, "standalone"),
    ("-cat", Target::RECENT, 1, "standalone"),
    ("cat is:nullcast", Target::RECENT, 5, "must be negated"),
    ("cat -sample:10", Target::STREAM, 6, "must not be negated"),
    ("from:x min_faves:3", Target::RECENT, 8, "invalid operator 'min_faves'"),
    ("(cat", Target::RECENT, 1, "never closed"),
    ("cat)", Target::RECENT, 4, "never opened"),
    ("cat OR", Target::RECENT, 7, "missing"),
    ("OR cat", Target::RECENT, 1, "missing"),
    ("cat OR OR dog", Target::RECENT, 8, "missing"),
    ("()", Target::RECENT, 2, "missing"),
    ("Amsterdam AND AI", Target::RECENT, 11, "Ambiguous use of AND"),
    ("\"open", Target::RECENT, 1, "never closed"),
    ("cat - dog", Target::RECENT, 5, "minus sign"),
    ("judell sample:5", Target::RECENT, 8, "invalid operator 'sample'"),
    ("cat min_likes:5", Target::STREAM, 5, "invalid operator 'min_likes'"),
    ("entity:\"Rust\"", Target::ALL, 1, "invalid operator 'entity'"),
    ("\"a b\"~3", Target::RECENT, 1, "stream rules only"),
    ("\"a b\"~7", Target::STREAM, 1, "1 to 6"),
    ("cat sample:0", Target::STREAM, 5, "1 to 100"),
    ("from:jack@x", Target::RECENT, 1, "a name or an id"),
    ("conversation_id:abc", Target::RECENT, 1, "1 to 19 digits"),
    ("cat lang:xx", Target::RECENT, 5, "language code"),
    ("point_radius:[200 0 5km]", Target::RECENT, 1, "takes [longitude latitude radius]"),
    ("bounding_box:[3 0 1 1]", Target::RECENT, 1, "takes [west south east north]"),
    ("point_radius:[1 2 5km", Target::RECENT, 1, "never closed"),
    ("embedding:\"x\"", Target::STREAM, 1, "unavailable operator"),
    ("日本語 has:shoes", Target::RECENT, 5, "takes one of"),
];

#[test]
fn sound_queries_are_read_and_printed_back() {
    for (query, target) in SOUND {
        let report = check(query, *target);
        assert!(report.is_ok(), "{query}: {}", report.draw());
        let read = report.query.unwrap();
        assert_eq!(parse(&read.to_string()).unwrap(), read, "{query}");
        assert_eq!(parse(&read.normalize().to_string()).unwrap().normalize(), read.normalize(), "{query}");
    }
}

#[test]
fn unsound_queries_are_refused_at_their_place() {
    for (query, target, position, why) in UNSOUND {
        let report = check(query, *target);
        let (message, at) = report.first_error().unwrap_or_else(|| panic!("{query} is refused"));
        assert!(message.contains(why), "{query}: {message}");
        assert_eq!(at, *position, "{query}");
    }
}

#[test]
fn the_length_is_that_of_the_tier() {
    let long = |n: usize| "é".repeat(n);
    for (target, max) in [
        (Target::RECENT, 512),
        (Target::ALL, 1_024),
        (Target::STREAM, 1_024),
        (Target::STREAM.enterprise(), 2_048),
        (Target::RECENT.enterprise(), 4_096),
    ] {
        assert!(check(&long(max), target).is_ok());
        assert!(!check(&long(max + 1), target).is_ok());
    }
    assert_eq!(Target::STREAM.max_rules(), Some(1_000));
}

#[test]
fn an_error_is_drawn_under_the_query_with_what_to_do() {
    let drawn = check("日本 cats from:x min_faves:3", Target::RECENT).draw();
    let expected = "error: Reference to invalid operator 'min_faves'. Operator is not available in current product or \
product packaging. Please refer to complete available operator list at http://t.co/operators.
 --> position 16
  | 日本 cats from:x min_faves:3
  |                  ^^^^^^^^^^^
  = help: use min_likes:
";
    assert_eq!(drawn, expected);
    assert!(check("cat langg:en", Target::RECENT).draw().contains("help: use lang:"), "a slip of the finger");
}

#[test]
fn warnings_name_what_may_not_be_meant() {
    let warned = |query: &str, target| {
        let report = check(query, target);
        assert!(report.is_ok(), "{}", report.draw());
        report
            .diagnostics
            .iter()
            .filter(|d| d.severity == Severity::Warning)
            .map(|d| d.message.clone())
            .collect::<Vec<_>>()
    };
    assert!(warned("skiing -(snow OR day)", Target::RECENT)[0].contains("negating a group"));
    assert!(warned("cat lang:en lang:de", Target::RECENT)[0].contains("one language only"));
    assert!(warned("cat", Target::RECENT)[0].contains("very many posts"));
    assert!(warned("kittens is:retweet", Target::RECENT)[0].contains("no reposts"));
    assert_eq!(warned("kittens is:retweet", Target::STREAM), Vec::<String>::new());
    assert!(warned("cats or dogs", Target::RECENT)[0].contains("small letters"));
    assert_eq!(warned("kittens -is:retweet", Target::RECENT), Vec::<String>::new());
}

#[test]
fn every_operator_explains_itself() {
    let told = |query: &str| parse(query).unwrap().explain();
    assert_eq!(told("cat OR dog"), "posts that contain the word “cat” or contain the word “dog”");
    assert_eq!(told("from:12 -has:images"), "posts that are by the user with the id 12 and do not have pictures");
    assert_eq!(
        told("#ski -(snow OR lang:de)"),
        "posts that have the hashtag #ski and do not fit (contain the word “snow” or are in German)"
    );
    for name in chirrup_query::Name::ALL {
        assert!(!name.products().is_empty());
    }
    for (query, _) in SOUND {
        assert!(told(query).starts_with("posts that "));
    }
}

#[test]
fn the_plainest_form_says_nothing_twice() {
    let plain = |query: &str| parse(query).unwrap().normalize().to_string();
    assert_eq!(plain("  ((cat   dog))  cat FROM:Jack"), "cat dog from:Jack");
    assert_eq!(plain("(a OR (b OR a)) c"), "(a OR b) c");
}

#[test]
fn what_the_builder_makes_is_always_taken() {
    let odd = ["", " ", "and", "OR", "a\"b", "from:x", "-cat", "(", "日本", "a b", "#", "\u{0}"];
    for text in odd {
        let query = Anchor::word(text)
            .or(Anchor::hashtag(text))
            .and(Anchor::from(text).or(Anchor::mention(text)))
            .and(Anchor::url(text))
            .but_not(Filter::lang(text).or(Filter::media()));
        let report = check(&query.to_string(), Target::RECENT);
        assert!(report.is_ok(), "{query}: {}", report.draw());
        assert_eq!(report.query.unwrap().normalize(), *query.query(), "{query}");
    }
}

#[test]
fn every_byte_is_accounted_for() {
    for (query, ..) in SOUND {
        let joined: String = pieces(query).iter().map(|p| &query[p.span.start..p.span.end]).collect();
        assert_eq!(&joined, query);
    }
}

#[test]
fn ten_thousand_parentheses_are_an_error() {
    assert!(parse(&"(".repeat(10_000)).is_err());
    assert!(parse(&format!("{}a{}", "(".repeat(10_000), ")".repeat(10_000))).is_err());
    assert!(parse(&"-".repeat(10_000)).is_err());
    assert!(parse(&"-(".repeat(10_000)).is_err());
}

fn post(text: &str) -> Subject {
    Subject { text: text.to_owned(), ..Subject::default() }
}

#[test]
fn and_binds_tighter_than_or() {
    let query = parse("apple OR iphone ipad").unwrap();
    assert!(matches(&query, &post("An Apple.")));
    assert!(matches(&query, &post("ipad and iPhone")) && !matches(&query, &post("iphone")));
}

#[test]
fn words_are_whole_and_have_no_case() {
    let post = Subject { hashtags: vec!["cat".to_owned()], ..post("Don't concatenate! #cat") };
    assert!(!matches(&parse("cat").unwrap(), &post));
    assert!(matches(&parse("#CAT").unwrap(), &post));
    assert!(matches(&parse("\"DON'T CONCATENATE\"").unwrap(), &post));
    assert!(!matches(&parse("don't -concatenate").unwrap(), &post));
}

#[test]
fn searches_and_streams_differ_where_x_says_so() {
    let both = |query: &str, subject: &Subject| {
        let query = parse(query).unwrap();
        [MatchMode::Search, MatchMode::Stream].map(|dialect| Prepared::new(subject, dialect).matches(&query))
    };
    assert_eq!(both("resume", &post("my résumé")), [true, false], "accents");
    assert_eq!(both("résumé", &post("my résumé")), [true, true]);
    let repost = Subject { repost_of: Some(1), ..post("RT @x: cats") };
    assert_eq!(both("cats", &repost), [false, true], "reposts");
    let quote = Subject { quoted: Some(Box::new(post("all the cats"))), ..post("look") };
    assert_eq!(both("cats", &quote), [false, true], "quotes");
    assert_eq!(both("本を", &post("新しい本を読む")), [true, true], "scripts without blanks");
    assert!(!both("\"social media\"~2", &post("media that are very social"))[1]);
    assert!(both("\"social media\"~3", &post("media that are very social"))[1]);
}

#[test]
fn places_numbers_and_shares_are_matched() {
    let there = Subject {
        id: 77,
        point: Some((2.3522, 48.8566)),
        author_counts: [500, 10, 20, 3],
        contexts: vec![(47, 9)],
        urls: vec!["https://developer.x.com/docs".to_owned()],
        ..post("bonjour")
    };
    let yes = [
        "point_radius:[2.3 48.9 16km]",
        "bounding_box:[2 48 3 49]",
        "followers_count:100..1000",
        "context:47.*",
        "url:\"developer.x.com\"",
        "bonjour sample:100",
        "bonjour has:geo",
    ];
    let no = [
        "point_radius:[2.3 48.9 1km]",
        "bounding_box:[3 48 4 49]",
        "followers_count:501",
        "context:48.*",
        "url:develop",
    ];
    for query in yes {
        assert!(matches(&parse(query).unwrap(), &there), "{query}");
    }
    for query in no {
        assert!(!matches(&parse(query).unwrap(), &there), "{query}");
    }
    assert_eq!(Product::Stream, Target::STREAM.product);
}

/// Words, tags and the like, few enough that queries and posts meet.
fn atom() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "cat",
        "dog",
        "Été",
        "ete",
        "本",
        "日本",
        "😃",
        "#cat",
        "#Été",
        "@ada",
        "$TW",
        "from:ada",
        "from:12",
        "lang:en",
        "has:images",
        "has:links",
        "is:reply",
        "is:retweet",
        "\"cat dog\"",
        "min_likes:5",
        "min_likes:0",
        "url:x.com",
        "conversation_id:1",
        "has:geo",
        "is:verified",
        "place:Oslo",
        "\"dog cat\"",
        "!!",
        "≠",
    ])
    .prop_map(str::to_owned)
}

fn query() -> impl Strategy<Value = String> {
    atom().prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| format!("({})", parts.join(" "))),
            prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| format!("({})", parts.join(" OR "))),
            inner.prop_map(|part| if part.starts_with('-') { part } else { format!("-{part}") }),
        ]
    })
}

fn subject() -> impl Strategy<Value = Subject> {
    let words = prop::sample::select(vec!["cat", "dog", "Été", "日本", "本", "😃", "≠", "!!", "cats", "http://x.com"]);
    let flags = any::<[bool; 8]>();
    (prop::collection::vec(words, 0..5), flags, 0_u64..20, 1_u64..3).prop_map(|(words, flag, likes, conversation)| {
        let when = |yes: bool, text: &str| if yes { vec![text.to_owned()] } else { Vec::new() };
        Subject {
            text: words.join(" "),
            author: if flag[0] { "Ada" } else { "bob" }.to_owned(),
            author_id: 12,
            author_verified: flag[1],
            lang: if flag[2] { "en" } else { "ja" }.to_owned(),
            hashtags: when(flag[3], "CAT"),
            mentions: when(flag[4], "ada"),
            urls: when(flag[5], "http://x.com/a"),
            images: flag[6],
            repost_of: flag[7].then_some(5),
            reply_to: flag[1].then_some(6),
            place: flag[6].then(|| ("1".to_owned(), "Oslo, Norway".to_owned(), "NO".to_owned())),
            quoted: flag[2].then(|| Box::new(Subject { text: "dog cat".to_owned(), ..Subject::default() })),
            conversation,
            likes,
            ..Subject::default()
        }
    })
}

/// How many cases: 2,000, or as many as `PROPTEST_CASES` says.
fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(2_000);
    ProptestConfig { cases, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_text_panics_and_what_is_read_prints_and_reads_the_same(text in "[a-z#@$:\"()\\-OR 😃é\\[\\]~0-9.]{0,40}|\\PC{0,40}") {
        let joined: String = pieces(&text).iter().map(|p| &text[p.span.start..p.span.end]).collect();
        prop_assert_eq!(&joined, &text);
        for target in [Target::RECENT, Target::ALL, Target::STREAM] {
            let _ = check(&text, target).draw();
        }
        if let Ok(query) = parse(&text) {
            let printed = query.to_string();
            prop_assert_eq!(parse(&printed), Ok(query.clone()), "{}", printed);
            let _ = query.explain();
        }
    }

    #[test]
    fn the_index_finds_exactly_what_looking_at_every_rule_finds(
        texts in prop::collection::vec(query(), 1..12),
        posts in prop::collection::vec(subject(), 1..6),
    ) {
        let rules: Vec<_> = texts.iter().filter_map(|text| parse(text).ok()).collect();
        let index = RuleIndex::new(rules.clone());
        for post in &posts {
            for dialect in [MatchMode::Search, MatchMode::Stream] {
                let prepared = Prepared::new(post, dialect);
                let every: Vec<usize> = (0..rules.len()).filter(|n| prepared.matches(&rules[*n])).collect();
                prop_assert_eq!(index.matches(post, dialect), every);
            }
        }
    }

    #[test]
    fn the_plainest_form_matches_the_same_posts(text in query(), posts in prop::collection::vec(subject(), 1..6)) {
        if let Ok(query) = parse(&text) {
            let plainest = query.normalize();
            for post in &posts {
                prop_assert_eq!(matches(&query, post), matches(&plainest, post));
            }
        }
    }
}
