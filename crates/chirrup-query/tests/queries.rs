//! Queries that are valid, queries that are rejected, the diagnostics for them, and the posts that they match.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a failed test panics")]

use chirrup_query::{
    Filter, MatchMode, PreparedPost, Product, Query, RuleIndex, SearchablePost, Severity, Standalone, Target, check,
    matches, parse, tokenize,
};
use proptest::prelude::*;

/// Valid queries, mainly of X's documentation, and a target for which they are valid.
const VALID: &[(&str, Target)] = &[
    ("#xapiv2", Target::RECENT_SEARCH),
    ("\"X data\" has:mentions (has:media OR has:links)", Target::RECENT_SEARCH),
    ("snow day #NoSchool", Target::RECENT_SEARCH),
    ("grumpy OR cat OR #meme", Target::RECENT_SEARCH),
    ("cat #meme -grumpy", Target::RECENT_SEARCH),
    ("(grumpy cat) OR (#meme has:images)", Target::RECENT_SEARCH),
    ("(😃 OR 😡) 😬", Target::RECENT_SEARCH),
    ("(\"X API\" OR #v2) -\"filtered stream\"", Target::RECENT_SEARCH),
    ("\"social media\"~5", Target::FILTERED_STREAM),
    ("$twtr OR @XDevelopers -$fb", Target::RECENT_SEARCH),
    ("context:47.*", Target::FILTERED_STREAM),
    (
        "context:65.852262932607926273 -context:66.852262932607926273 -is:retweet has:images lang:ja",
        Target::RECENT_SEARCH,
    ),
    ("-is:retweet has:geo (from:NWSNHC OR from:NHC_Atlantic)", Target::RECENT_SEARCH),
    ("point_radius:[2.355128 48.861118 16km]", Target::RECENT_SEARCH),
    ("bounding_box:[-105.301758 39.964069 -105.178505 40.09455]", Target::RECENT_SEARCH),
    ("url:\"https://developer.x.com\"", Target::RECENT_SEARCH),
    ("followers_count:1000..10000", Target::FILTERED_STREAM),
    ("#SuperBowl min_likes:100", Target::FULL_ARCHIVE_SEARCH),
    ("cat sample:10", Target::FILTERED_STREAM),
    ("bio:\"data scientist\" -is:nullcast", Target::FILTERED_STREAM),
];

/// Invalid queries: with a target, the position of the first error and a part of its message.
const INVALID: &[(&str, Target, usize, &str)] = &[
    ("", Target::RECENT_SEARCH, 1, "empty"),
    ("   ", Target::RECENT_SEARCH, 1, "empty"),
    ("has:media", Target::RECENT_SEARCH, 1, "standalone"),
    ("has:links OR is:retweet", Target::RECENT_SEARCH, 1, "standalone"),
    ("embedding_threshold:0.45", Target::FILTERED_STREAM, 1, "standalone"),
    ("-cat", Target::RECENT_SEARCH, 1, "standalone"),
    ("cat is:nullcast", Target::RECENT_SEARCH, 5, "must be negated"),
    ("cat -sample:10", Target::FILTERED_STREAM, 6, "must not be negated"),
    ("from:x min_faves:3", Target::RECENT_SEARCH, 8, "invalid operator 'min_faves'"),
    ("(cat", Target::RECENT_SEARCH, 1, "never closed"),
    ("cat)", Target::RECENT_SEARCH, 4, "never opened"),
    ("cat OR", Target::RECENT_SEARCH, 7, "missing"),
    ("OR cat", Target::RECENT_SEARCH, 1, "missing"),
    ("cat OR OR dog", Target::RECENT_SEARCH, 8, "missing"),
    ("()", Target::RECENT_SEARCH, 2, "missing"),
    ("Amsterdam AND AI", Target::RECENT_SEARCH, 11, "Ambiguous use of AND"),
    ("\"open", Target::RECENT_SEARCH, 1, "never closed"),
    ("cat - dog", Target::RECENT_SEARCH, 5, "does not directly precede"),
    ("judell sample:5", Target::RECENT_SEARCH, 8, "invalid operator 'sample'"),
    ("cat min_likes:5", Target::FILTERED_STREAM, 5, "invalid operator 'min_likes'"),
    ("entity:\"Rust\"", Target::FULL_ARCHIVE_SEARCH, 1, "invalid operator 'entity'"),
    ("\"a b\"~3", Target::RECENT_SEARCH, 1, "stream rules only"),
    ("\"a b\"~7", Target::FILTERED_STREAM, 1, "1 to 6"),
    ("cat sample:0", Target::FILTERED_STREAM, 5, "1 to 100"),
    ("from:jack@x", Target::RECENT_SEARCH, 1, "a username or a user ID"),
    ("conversation_id:abc", Target::RECENT_SEARCH, 1, "1 to 19 digits"),
    ("cat lang:xx", Target::RECENT_SEARCH, 5, "language code"),
    ("point_radius:[200 0 5km]", Target::RECENT_SEARCH, 1, "takes [longitude latitude radius]"),
    ("bounding_box:[3 0 1 1]", Target::RECENT_SEARCH, 1, "takes [west south east north]"),
    ("point_radius:[1 2 5km", Target::RECENT_SEARCH, 1, "never closed"),
    ("embedding:\"x\"", Target::FILTERED_STREAM, 1, "unavailable operator"),
    ("日本語 has:shoes", Target::RECENT_SEARCH, 5, "takes one of"),
];

#[test]
fn valid_queries_print_as_they_were_parsed() {
    for (query, target) in VALID {
        let report = check(query, *target);
        assert!(report.is_ok(), "{query}: {}", report.render());
        let parsed = report.query.unwrap();
        assert_eq!(parse(&parsed.to_string()).unwrap(), parsed, "{query}");
        let normalized = parsed.normalize();
        assert_eq!(parse(&normalized.to_string()).unwrap().normalize(), normalized, "{query}");
    }
}

#[test]
fn invalid_queries_are_rejected_at_the_position_of_the_error() {
    for (query, target, position, expected) in INVALID {
        let report = check(query, *target);
        let (message, at) = report.first_error().unwrap_or_else(|| panic!("{query} was accepted"));
        assert!(message.contains(expected), "{query}: {message}");
        assert_eq!(at, *position, "{query}");
    }
}

#[test]
fn the_maximum_length_depends_on_product_and_tier() {
    let long = |n: usize| "é".repeat(n);
    for (target, max) in [
        (Target::RECENT_SEARCH, 512),
        (Target::FULL_ARCHIVE_SEARCH, 1_024),
        (Target::FILTERED_STREAM, 1_024),
        (Target::FILTERED_STREAM.enterprise(), 2_048),
        (Target::RECENT_SEARCH.enterprise(), 4_096),
    ] {
        assert!(check(&long(max), target).is_ok());
        assert!(!check(&long(max + 1), target).is_ok());
    }
    assert_eq!(Target::FILTERED_STREAM.max_rules(), Some(1_000));
}

#[test]
fn errors_are_rendered_with_carets_and_a_suggestion() {
    let rendered = check("日本 cats from:x min_faves:3", Target::RECENT_SEARCH).render();
    let expected = "error: Reference to invalid operator 'min_faves'. Operator is not available in current product or \
product packaging. Please refer to complete available operator list at http://t.co/operators.
 --> position 16
  | 日本 cats from:x min_faves:3
  |                  ^^^^^^^^^^^
  = help: `min_faves:` works on x.com only; use `min_likes:` instead
";
    assert_eq!(rendered, expected);
    let rendered = |query| check(query, Target::RECENT_SEARCH).render();
    assert!(rendered("cat langg:en").contains("help: did you mean `lang:`?"));
    assert!(rendered("cat has:medai").contains("help: did you mean `has:media`?"));
}

#[test]
fn questionable_queries_have_warnings() {
    let warnings = |query: &str, target| {
        let report = check(query, target);
        assert!(report.is_ok(), "{}", report.render());
        report
            .diagnostics
            .iter()
            .filter(|d| d.severity == Severity::Warning)
            .map(|d| d.message.clone())
            .collect::<Vec<_>>()
    };
    assert!(warnings("skiing -(snow OR day)", Target::RECENT_SEARCH)[0].contains("negating a group"));
    assert!(warnings("cat lang:en lang:de", Target::RECENT_SEARCH)[0].contains("only one language"));
    assert!(warnings("cat", Target::RECENT_SEARCH)[0].contains("large number of posts"));
    assert!(warnings("kittens is:retweet", Target::RECENT_SEARCH)[0].contains("no reposts"));
    assert_eq!(warnings("kittens is:retweet", Target::FILTERED_STREAM), Vec::<String>::new());
    assert!(warnings("cats or dogs", Target::RECENT_SEARCH)[0].contains("lowercase"));
    assert_eq!(warnings("kittens -is:retweet", Target::RECENT_SEARCH), Vec::<String>::new());
}

#[test]
fn every_query_has_an_explanation() {
    let explain = |query: &str| parse(query).unwrap().explain();
    assert_eq!(explain("cat OR dog"), "posts that contain the word “cat” or contain the word “dog”");
    assert_eq!(explain("from:12 -has:images"), "posts that are by the user with ID 12 and do not have images");
    assert_eq!(
        explain("#ski -(snow OR lang:de)"),
        "posts that have the hashtag #ski and do not match (contain the word “snow” or are in German)"
    );
    for name in chirrup_query::OperatorName::ALL {
        assert!(!name.products().is_empty());
    }
    for (query, _) in VALID {
        assert!(explain(query).starts_with("posts that "));
    }
}

#[test]
fn normalization_removes_redundancy() {
    let normalize = |query: &str| parse(query).unwrap().normalize().to_string();
    assert_eq!(normalize("  ((cat   dog))  cat FROM:Jack"), "cat dog from:Jack");
    assert_eq!(normalize("(a OR (b OR a)) c"), "(a OR b) c");
}

#[test]
fn the_builder_creates_only_valid_queries() {
    let odd = ["", " ", "and", "OR", "a\"b", "from:x", "-cat", "(", "日本", "a b", "#", "\u{0}"];
    for text in odd {
        let query = Standalone::keyword(text)
            .or(Standalone::hashtag(text))
            .and(Standalone::from(text).or(Standalone::mention(text)))
            .and(Standalone::url(text))
            .and_not(Filter::lang(text).or(Filter::media()));
        let report = check(&query.to_string(), Target::RECENT_SEARCH);
        assert!(report.is_ok(), "{query}: {}", report.render());
        assert_eq!(report.query.unwrap().normalize(), *query.query(), "{query}");
    }
}

#[test]
fn tokens_cover_the_query() {
    for (query, ..) in VALID {
        let joined: String = tokenize(query).iter().map(|t| &query[t.span.start..t.span.end]).collect();
        assert_eq!(&joined, query);
    }
}

#[test]
fn deep_nesting_is_an_error() {
    assert!(parse(&"(".repeat(10_000)).is_err());
    assert!(parse(&format!("{}a{}", "(".repeat(10_000), ")".repeat(10_000))).is_err());
    assert!(parse(&"-".repeat(10_000)).is_err());
    assert!(parse(&"-(".repeat(10_000)).is_err());
}

fn post(text: &str) -> SearchablePost {
    SearchablePost::new(text)
}

#[test]
fn and_binds_tighter_than_or() {
    let query = parse("apple OR iphone ipad").unwrap();
    assert!(matches(&query, &post("An Apple.")));
    assert!(matches(&query, &post("ipad and iPhone")) && !matches(&query, &post("iphone")));
}

#[test]
fn keywords_match_complete_words_in_any_case() {
    let mut post = post("Don't concatenate! #cat");
    post.hashtags = vec!["cat".to_owned()];
    assert!(!matches(&parse("cat").unwrap(), &post));
    assert!(matches(&parse("#CAT").unwrap(), &post));
    assert!(matches(&parse("\"DON'T CONCATENATE\"").unwrap(), &post));
    assert!(!matches(&parse("don't -concatenate").unwrap(), &post));
}

#[test]
fn searches_and_streams_match_differently() {
    let both = |query: &str, post: &SearchablePost| {
        let query = parse(query).unwrap();
        [MatchMode::Search, MatchMode::Stream].map(|mode| PreparedPost::new(post, mode).matches(&query))
    };
    assert_eq!(both("resume", &post("my résumé")), [true, false], "accents");
    assert_eq!(both("résumé", &post("my résumé")), [true, true]);
    let mut repost = post("RT @x: cats");
    repost.repost_of = Some(1);
    assert_eq!(both("cats", &repost), [false, true], "reposts");
    let mut quote = post("look");
    quote.quoted = Some(Box::new(post("all the cats")));
    assert_eq!(both("cats", &quote), [false, true], "quotes");
    assert_eq!(both("本を", &post("新しい本を読む")), [true, true], "scripts without spaces");
    assert!(!both("\"social media\"~2", &post("media that are very social"))[1]);
    assert!(both("\"social media\"~3", &post("media that are very social"))[1]);
}

#[test]
fn geographic_and_numeric_operators_are_matched() {
    let mut post = post("bonjour");
    post.id = 77;
    post.point = Some((2.3522, 48.8566));
    post.author_counts.followers = 500;
    post.contexts = vec![(47, 9)];
    post.urls = vec!["https://developer.x.com/docs".to_owned()];
    let matching = [
        "point_radius:[2.3 48.9 16km]",
        "bounding_box:[2 48 3 49]",
        "followers_count:100..1000",
        "context:47.*",
        "url:\"developer.x.com\"",
        "bonjour sample:100",
        "bonjour has:geo",
    ];
    let not_matching = [
        "point_radius:[2.3 48.9 1km]",
        "bounding_box:[3 48 4 49]",
        "followers_count:501",
        "context:48.*",
        "url:develop",
    ];
    for query in matching {
        assert!(matches(&parse(query).unwrap(), &post), "{query}");
    }
    for query in not_matching {
        assert!(!matches(&parse(query).unwrap(), &post), "{query}");
    }
    assert_eq!(Product::FilteredStream, Target::FILTERED_STREAM.product);
}

/// Terms from a small set, so that queries match some posts.
fn term() -> impl Strategy<Value = String> {
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
    term().prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| format!("({})", parts.join(" "))),
            prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| format!("({})", parts.join(" OR "))),
            inner.prop_map(|part| if part.starts_with('-') { part } else { format!("-{part}") }),
        ]
    })
}

fn searchable_post() -> impl Strategy<Value = SearchablePost> {
    let words = prop::sample::select(vec!["cat", "dog", "Été", "日本", "本", "😃", "≠", "!!", "cats", "http://x.com"]);
    let flags = any::<[bool; 8]>();
    (prop::collection::vec(words, 0..5), flags, 0_u64..20, 1_u64..3).prop_map(
        |(words, flag, likes, conversation_id)| {
            let list_if = |condition: bool, text: &str| if condition { vec![text.to_owned()] } else { Vec::new() };
            let mut post = post(&words.join(" "));
            post.author_username = if flag[0] { "Ada" } else { "bob" }.to_owned();
            post.author_id = 12;
            post.author_verified = flag[1];
            post.lang = if flag[2] { "en" } else { "ja" }.to_owned();
            post.hashtags = list_if(flag[3], "CAT");
            post.mentions = list_if(flag[4], "ada");
            post.urls = list_if(flag[5], "http://x.com/a");
            post.images = flag[6];
            post.repost_of = flag[7].then_some(5);
            post.reply_to = flag[1].then_some(6);
            post.place = flag[6].then(|| ("1".to_owned(), "Oslo, Norway".to_owned(), "NO".to_owned()));
            post.quoted = flag[2].then(|| Box::new(self::post("dog cat")));
            post.conversation_id = conversation_id;
            post.likes = likes;
            post
        },
    )
}

/// `PROPTEST_CASES` sets the number of cases, 2,000 by default.
fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(2_000);
    ProptestConfig { cases, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_text_is_parsed_or_rejected_and_valid_queries_round_trip(text in "[a-z#@$:\"()\\-OR 😃é\\[\\]~0-9.]{0,40}|\\PC{0,40}") {
        let joined: String = tokenize(&text).iter().map(|t| &text[t.span.start..t.span.end]).collect();
        prop_assert_eq!(&joined, &text);
        for target in [Target::RECENT_SEARCH, Target::FULL_ARCHIVE_SEARCH, Target::FILTERED_STREAM] {
            let _ = check(&text, target).render();
        }
        if let Ok(query) = parse(&text) {
            let printed = query.to_string();
            prop_assert_eq!(parse(&printed), Ok(query.clone()), "{}", printed);
            let _ = query.explain();
        }
    }

    #[test]
    fn the_index_matches_the_same_rules_as_a_scan(
        texts in prop::collection::vec(query(), 1..12),
        posts in prop::collection::vec(searchable_post(), 1..6),
    ) {
        let rules: Vec<_> = texts.iter().filter_map(|text| parse(text).ok()).collect();
        let index = RuleIndex::new(rules.clone());
        for post in &posts {
            for mode in [MatchMode::Search, MatchMode::Stream] {
                let prepared = PreparedPost::new(post, mode);
                let scanned: Vec<usize> = (0..rules.len()).filter(|n| prepared.matches(&rules[*n])).collect();
                prop_assert_eq!(index.matches(post, mode), scanned);
            }
        }
    }

    #[test]
    fn the_normalized_query_matches_the_same_posts(text in query(), posts in prop::collection::vec(searchable_post(), 1..6)) {
        if let Ok(query) = parse(&text) {
            let normalized = query.normalize();
            for post in &posts {
                prop_assert_eq!(matches(&query, post), matches(&normalized, post));
            }
        }
    }
}

#[test]
fn a_post_has_the_exact_key_of_an_operator_if_and_only_if_it_matches() {
    let mut plain = SearchablePost::new("Rust, rust and crates");
    plain.lang = "en".to_owned();
    let mut tagged = SearchablePost::new("Über #Rust @Ada https://example.com");
    (tagged.hashtags, tagged.mentions) = (vec!["Rust".to_owned()], vec!["Ada".to_owned()]);
    (tagged.urls, tagged.lang, tagged.images) = (vec!["https://example.com".to_owned()], "de".to_owned(), true);
    (tagged.conversation_id, tagged.reply_to, tagged.quote_of) = (7, Some(7), Some(8));
    let mut repost = SearchablePost::new("RT @ada: rust");
    (repost.repost_of, repost.mentions) = (Some(9), vec!["ada".to_owned()]);
    let terms = [
        "rust",
        "crates",
        "uber",
        "#rust",
        "@ADA",
        "lang:en",
        "lang:de",
        "has:links",
        "has:media",
        "has:images",
        "has:videos",
        "has:hashtags",
        "has:mentions",
        "has:geo",
        "is:retweet",
        "is:reply",
        "is:quote",
        "conversation_id:7",
        "in_reply_to_tweet_id:7",
        "quotes_of_tweet_id:8",
        "retweets_of_tweet_id:9",
    ];
    // Some operators need another in the same query.
    let term_of = |text: &str| match parse(&format!("rust {text}")).unwrap() {
        Query::And(mut parts) => parts.pop().unwrap(),
        other => panic!("{other:?}"),
    };
    for text in terms {
        let query = term_of(text);
        let Query::Term(operator) = &query else { panic!("{text}") };
        let key = operator.exact_key().unwrap_or_else(|| panic!("{text} has no key"));
        for post in [&plain, &tagged, &repost] {
            let mut has_key = false;
            post.for_each_index_key(MatchMode::Search, &mut |found| has_key |= found == key);
            assert_eq!(has_key, matches(&query, post), "{text}: {}", post.text);
        }
    }
    for text in ["\"rust and\"", "本", "from:ada", "is:verified", "url:example", "min_likes:10"] {
        let Query::Term(operator) = term_of(text) else { panic!("{text}") };
        assert_eq!(operator.exact_key(), None, "{text}");
    }
}
