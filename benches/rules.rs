//! 10,000 rules matched against posts: the index, compared with a scan of all rules. Both must find the same rules.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a failed benchmark panics")]

use chirrup::query::{MatchMode, PreparedPost, RuleIndex, SearchablePost, parse};
use chirrup_benches::compare;

#[rustfmt::skip]
const WORDS: [&str; 24] = [
    "kingfisher", "parser", "harbor", "espresso", "borrow", "rainfall", "census", "swift", "ferry",
    "violin", "tomato", "glacier", "lantern", "compiler", "orchard", "marathon", "library", "satellite",
    "puffin", "bakery", "tunnel", "comet", "pottery", "sonata",
];

/// Returns the next number of a linear congruential generator.
fn number(seed: &mut u64, below: usize) -> usize {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 33) as usize % below
}

fn main() {
    let mut seed = 7;
    let mut word = |n: usize| format!("{}{}", WORDS[number(&mut seed, WORDS.len())], number(&mut seed, n));
    let rules: Vec<_> = (0..10_000)
        .map(|i| {
            let text = match i % 4 {
                0 => format!("{} {} -is:retweet", word(400), word(50)),
                1 => format!("#{} lang:en", word(400)),
                2 => format!("({} OR {}) has:images", word(400), word(400)),
                _ => format!("from:{} {}", word(90), word(50)),
            };
            parse(&text).unwrap()
        })
        .collect();
    let posts: Vec<SearchablePost> = (0..100)
        .map(|id| {
            let mut post = SearchablePost::new((0..18).map(|_| word(400)).collect::<Vec<_>>().join(" "));
            post.id = id;
            post.author_username = word(90);
            post.lang = "en".to_owned();
            post.hashtags = vec![word(400)];
            post.images = id % 3 == 0;
            post
        })
        .collect();
    let index = RuleIndex::new(rules.clone());
    let scan = |post: &SearchablePost| -> Vec<usize> {
        let prepared = PreparedPost::new(post, MatchMode::Stream);
        (0..rules.len()).filter(|n| prepared.matches(&rules[*n])).collect()
    };
    let mut found = 0;
    for post in &posts {
        let matched = index.matches(post, MatchMode::Stream);
        found += matched.len();
        assert_eq!(matched, scan(post));
    }
    assert!(found > 0, "no rule matches any post");
    compare(
        &format!("10,000 rules, {} posts, {found} matches", posts.len()),
        11,
        1,
        ("index", "scan"),
        || posts.iter().for_each(|post| drop(std::hint::black_box(index.matches(post, MatchMode::Stream)))),
        || posts.iter().for_each(|post| drop(std::hint::black_box(scan(post)))),
    );
    let small_index = RuleIndex::new(rules.iter().take(10).cloned());
    compare(
        "posts matched with the index (target: at most 10 times as long)",
        21,
        5,
        ("10 rules", "10,000 rules"),
        || posts.iter().for_each(|post| drop(std::hint::black_box(small_index.matches(post, MatchMode::Stream)))),
        || posts.iter().for_each(|post| drop(std::hint::black_box(index.matches(post, MatchMode::Stream)))),
    );
}
