//! Conformance suites of twitter-text.
//!
//! The suites are read from the directory in `TWITTER_TEXT_CONFORMANCE`, else from `../shared/conformance/twitter-text`
//! next to the project, else from the cases in `tests/fixtures`, which have the same format.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a failed test panics")]

use chirrup_text::{
    Autolink, CodePoint, Config, Entity, EntityKind, Extractor, IndexConverter, Span, UrlEntity, UrlOptions, Utf16,
    extract_reply_screen_name, highlight, is_valid_hashtag, is_valid_list, is_valid_url, is_valid_username, parse_with,
};
use serde_json::{Value, json};
use std::io::Write as _;
use std::path::PathBuf;

fn suites_dir() -> PathBuf {
    let manifest_dir = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let shared = manifest_dir.join("../../../shared/conformance/twitter-text");
    match std::env::var_os("TWITTER_TEXT_CONFORMANCE") {
        Some(dir) => dir.into(),
        None if shared.is_dir() => shared,
        None => {
            let _ = writeln!(std::io::stderr(), "conformance suites not found: running the cases of tests/fixtures");
            manifest_dir.join("tests/fixtures/twitter-text")
        }
    }
}

/// Returns the cases of a section. Single files and sections may be missing, but not all of them.
fn cases(file: &str, section: &str) -> Vec<Value> {
    let Ok(text) = std::fs::read_to_string(suites_dir().join(file)) else {
        let _ = writeln!(std::io::stderr(), "SKIPPED: {file} is not in {}", suites_dir().display());
        return Vec::new();
    };
    let suite: Value = serde_yaml_ng::from_str(&text).unwrap();
    suite["tests"][section].as_array().cloned().unwrap_or_default()
}

/// Name of a section and the function that computes the result of a case.
type Section<'a> = (&'a str, &'a dyn Fn(&Value) -> Value);

/// Runs all cases of these sections and fails with a list of the wrong results.
fn run(file: &str, sections: &[Section<'_>]) {
    let (mut wrong, mut ran) = (Vec::new(), 0);
    for (section, compute) in sections {
        for case in cases(file, section) {
            ran += 1;
            let (got, expected) = (compute(&case), &case["expected"]);
            if got != *expected {
                wrong.push(format!(
                    "{section}: {}\n  {}\n  expected {expected}\n  got      {got}",
                    case["description"], case["text"]
                ));
            }
        }
    }
    let _ = writeln!(std::io::stderr(), "{file}: {ran} cases");
    assert!(wrong.is_empty(), "{} of {ran} cases of {file} fail:\n{}", wrong.len(), wrong.join("\n"));
    assert!(ran > 0 || !suites_dir().join(file).exists(), "{file} contains no case");
}

fn text(case: &Value) -> &str {
    case["text"].as_str().unwrap()
}

fn urls() -> Extractor {
    Extractor::new().urls().urls_without_protocol(true)
}

fn words(extractor: Extractor, case: &Value) -> Value {
    extractor.extract(text(case)).iter().map(|entity| entity.text).collect()
}

fn with_indices(extractor: Extractor, name: &str, case: &Value) -> Value {
    let found = extractor.extract_with_indices::<Utf16>(text(case));
    found.map(|(entity, span)| json!({ name: entity.text, "indices": [span.start.0, span.end.0] })).collect()
}

fn mentions(case: &Value) -> Value {
    let found = Extractor::new().mentions().extract(text(case));
    found.iter().filter(|e| e.kind == EntityKind::Mention).map(|entity| entity.text).collect()
}

fn lists_with_indices(case: &Value) -> Value {
    let found = Extractor::new().mentions().extract_with_indices::<Utf16>(text(case));
    let row = |(entity, span): (Entity<'_>, Span<Utf16>)| {
        let slug = entity.slug().map(|slug| format!("/{slug}")).unwrap_or_default();
        json!({ "screen_name": entity.screen_name(), "list_slug": slug, "indices": [span.start.0, span.end.0] })
    };
    found.map(row).collect()
}

#[test]
fn conformance_extract() {
    let hashtags = Extractor::new().hashtags();
    let cashtags = Extractor::new().cashtags();
    run(
        "extract.yml",
        &[
            ("mentions", &mentions),
            ("mentions_with_indices", &|case| with_indices(Extractor::new().mentions(), "screen_name", case)),
            ("mentions_or_lists_with_indices", &lists_with_indices),
            ("replies", &|case| json!(extract_reply_screen_name(text(case)))),
            ("urls", &|case| words(urls(), case)),
            ("urls_with_indices", &|case| with_indices(urls(), "url", case)),
            ("urls_with_directional_markers", &|case| with_indices(urls(), "url", case)),
            ("tco_urls_with_params", &|case| words(urls(), case)),
            ("hashtags", &|case| words(hashtags, case)),
            ("hashtags_from_astral", &|case| words(hashtags, case)),
            ("hashtags_with_indices", &|case| with_indices(hashtags, "hashtag", case)),
            ("cashtags", &|case| words(cashtags, case)),
            ("cashtags_with_indices", &|case| with_indices(cashtags, "cashtag", case)),
        ],
    );
}

#[test]
fn conformance_tlds() {
    run("tlds.yml", &[("country", &|case| words(urls(), case)), ("generic", &|case| words(urls(), case))]);
}

fn autolink() -> Autolink<'static> {
    Autolink::new().no_follow(false).data_screen_name(false)
}

fn link(extractor: Extractor, case: &Value) -> Value {
    json!(autolink().link_extracted(text(case), extractor))
}

/// Links the entities of the case, which have the format of the API, without extracting any.
fn link_json(case: &Value) -> Value {
    let text = text(case);
    let entities_json: Value = serde_json::from_str(case["json"].as_str().unwrap()).unwrap();
    let kinds = [
        ("user_mentions", "screen_name", EntityKind::Mention),
        ("hashtags", "text", EntityKind::Hashtag),
        ("symbols", "text", EntityKind::Cashtag),
        ("urls", "url", EntityKind::Url),
        ("media", "url", EntityKind::Url),
    ];
    let (mut entities, mut urls) = (Vec::new(), Vec::new());
    for (list, word, kind) in kinds {
        for entity in entities_json[list].as_array().map(Vec::as_slice).unwrap_or_default() {
            let mut converter = IndexConverter::<CodePoint>::new(text);
            let mut index = |at: usize| {
                let at = usize::try_from(entity["indices"][at].as_u64().unwrap()).unwrap();
                converter.byte(CodePoint(at)).unwrap()
            };
            let span = Span { start: index(0), end: index(1) };
            entities.push(Entity::new(kind, span, entity[word].as_str().unwrap()));
            if let (Some(display_url), Some(expanded_url)) =
                (entity["display_url"].as_str(), entity["expanded_url"].as_str())
            {
                urls.push(UrlEntity::new(entity["url"].as_str().unwrap(), display_url, expanded_url));
            }
        }
    }
    json!(autolink().url_entities(&urls).link_entities(text, &entities))
}

#[test]
fn conformance_autolink() {
    let mentions = Extractor::new().mentions();
    run(
        "autolink.yml",
        &[
            ("usernames", &|case| link(mentions, case)),
            ("lists", &|case| link(mentions, case)),
            ("hashtags", &|case| link(Extractor::new().hashtags(), case)),
            ("urls", &|case| link(Extractor::new().urls(), case)),
            ("cashtags", &|case| link(Extractor::new().cashtags(), case)),
            ("all", &|case| json!(autolink().link(text(case)))),
            ("json", &link_json),
        ],
    );
}

#[test]
fn conformance_hit_highlighting() {
    let highlighted = |case: &Value| {
        let index = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
        let hits = case["hits"].as_array().unwrap();
        let hits: Vec<_> = hits.iter().map(|hit| Span::new(index(&hit[0]), index(&hit[1]))).collect();
        json!(highlight::<CodePoint>(text(case), &hits))
    };
    run("hit_highlighting.yml", &[("plain_text", &highlighted), ("with_links", &highlighted)]);
}

fn parsed(case: &Value, config: &Config) -> Value {
    let parsed = parse_with(text(case), config);
    json!({
        "weightedLength": parsed.weighted_length,
        "valid": parsed.valid,
        "permillage": parsed.permillage,
        "displayRangeStart": 0,
        "displayRangeEnd": parsed.display_range_end,
        "validRangeStart": 0,
        "validRangeEnd": parsed.valid_range_end,
    })
}

#[test]
fn conformance_validate() {
    let url = |require_protocol| {
        let options = UrlOptions::default().require_protocol(require_protocol);
        move |case: &Value| json!(is_valid_url(text(case), options))
    };
    run(
        "validate.yml",
        &[
            ("tweets", &|case| json!(parse_with(text(case), &Config::V1).valid)),
            ("usernames", &|case| json!(is_valid_username(text(case)))),
            ("lists", &|case| json!(is_valid_list(text(case)))),
            ("hashtags", &|case| json!(is_valid_hashtag(text(case)))),
            ("urls", &url(true)),
            ("urls_without_protocol", &url(false)),
            ("WeightedTweetsCounterTest", &|case| parsed(case, &Config::V2)),
            ("WeightedTweetsWithDiscountedEmojiCounterTest", &|case| parsed(case, &Config::V3)),
            ("UnicodeDirectionalMarkerCounterTest", &|case| parsed(case, &Config::V3)),
        ],
    );
}

#[test]
fn conformance_config() {
    for (file, config) in [("v1.json", Config::V1), ("v2.json", Config::V2), ("v3.json", Config::V3)] {
        let Ok(text) = std::fs::read_to_string(suites_dir().join("config").join(file)) else {
            let _ = writeln!(std::io::stderr(), "SKIPPED: config/{file} is not in {}", suites_dir().display());
            continue;
        };
        let official: Value = serde_json::from_str(&text).unwrap();
        let range = |(range, weight): &(std::ops::RangeInclusive<u32>, usize)| json!({ "start": range.start(), "end": range.end(), "weight": weight });
        let mut ours = json!({
            "version": config.version,
            "maxWeightedTweetLength": config.max_weighted_length,
            "scale": config.scale,
            "defaultWeight": config.default_weight,
            "transformedURLLength": config.transformed_url_length,
            "ranges": config.ranges.iter().map(range).collect::<Value>(),
        });
        if config.emoji.is_some() {
            ours["emojiParsingEnabled"] = json!(true);
        }
        assert_eq!(ours, official, "{file}");
    }
}
