//! The conformance suites of twitter-text.
//!
//! They are read from the folder that `TWITTER_TEXT_CONFORMANCE` names, or from `../shared/conformance/twitter-text`
//! beside the project, or, where neither is there, from this project's own cases, which have the same form.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails says so by a panic")]

use chirrup_text::{
    CodePoint, Config, Entity, EntityKind, Extractor, Linker, Span, UrlEntity, UrlRules, Utf16, highlight,
    is_valid_hashtag, is_valid_list, is_valid_url, is_valid_username, parse_with, reply_to,
};
use serde_json::{Value, json};
use std::io::Write as _;
use std::path::PathBuf;

fn folder() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let shared = here.join("../../../shared/conformance/twitter-text");
    let own = here.join("tests/fixtures/twitter-text");
    match std::env::var_os("TWITTER_TEXT_CONFORMANCE") {
        Some(given) => given.into(),
        None if shared.is_dir() => shared,
        None => {
            let _ = writeln!(
                std::io::stderr(),
                "the conformance suites are not here: running the project's own cases instead"
            );
            own
        }
    }
}

/// The cases of a section. A file or a section may be missing, all of them may not.
fn cases(file: &str, section: &str) -> Vec<Value> {
    let Ok(text) = std::fs::read_to_string(folder().join(file)) else {
        let _ = writeln!(std::io::stderr(), "{file} is not in {}: skipped", folder().display());
        return Vec::new();
    };
    let suite: Value = serde_yaml_ng::from_str(&text).unwrap();
    suite["tests"][section].as_array().cloned().unwrap_or_default()
}

/// The name of a section, and what answers its cases.
type Section<'a> = (&'a str, &'a dyn Fn(&Value) -> Value);

/// Runs every case of some sections, and fails with all that went wrong.
fn run(file: &str, sections: &[Section<'_>]) {
    let (mut wrong, mut ran) = (Vec::new(), 0);
    for (section, answer) in sections {
        for case in cases(file, section) {
            ran += 1;
            let (got, expected) = (answer(&case), &case["expected"]);
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
    assert!(ran > 0 || !folder().join(file).exists(), "no case was found in {file}");
}

fn text(case: &Value) -> &str {
    case["text"].as_str().unwrap()
}

fn urls() -> Extractor {
    Extractor::new().urls().bare_urls(true)
}

fn words(extractor: Extractor, case: &Value) -> Value {
    extractor.extract(text(case)).iter().map(|entity| entity.text).collect()
}

fn with_indices(extractor: Extractor, name: &str, case: &Value) -> Value {
    let found = extractor.extract_in::<Utf16>(text(case));
    found.map(|(entity, span)| json!({ name: entity.text, "indices": [span.start.0, span.end.0] })).collect()
}

fn mentions(case: &Value) -> Value {
    let found = Extractor::new().mentions().extract(text(case));
    found.iter().filter(|e| e.kind == EntityKind::Mention).map(|entity| entity.text).collect()
}

fn lists_with_indices(case: &Value) -> Value {
    let found = Extractor::new().mentions().extract_in::<Utf16>(text(case));
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
            ("replies", &|case| json!(reply_to(text(case)))),
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

fn linker() -> Linker<'static> {
    Linker { no_follow: false, data_screen_name: false, ..Linker::default() }
}

fn link(what: Extractor, case: &Value) -> Value {
    json!(linker().link_what(text(case), what))
}

/// Links the entities that the API would have sent, and looks for none.
fn link_json(case: &Value) -> Value {
    let text = text(case);
    let given: Value = serde_json::from_str(case["json"].as_str().unwrap()).unwrap();
    let kinds = [
        ("user_mentions", "screen_name", EntityKind::Mention),
        ("hashtags", "text", EntityKind::Hashtag),
        ("symbols", "text", EntityKind::Cashtag),
        ("urls", "url", EntityKind::Url),
        ("media", "url", EntityKind::Url),
    ];
    let (mut entities, mut urls) = (Vec::new(), Vec::new());
    for (list, word, kind) in kinds {
        for entity in given[list].as_array().map(Vec::as_slice).unwrap_or_default() {
            let mut ruler = chirrup_text::Ruler::<CodePoint>::new(text);
            let mut place = |at: usize| {
                let at = usize::try_from(entity["indices"][at].as_u64().unwrap()).unwrap();
                ruler.byte(CodePoint(at)).unwrap()
            };
            let span = Span { start: place(0), end: place(1) };
            entities.push(Entity { kind, span, text: entity[word].as_str().unwrap() });
            if let (Some(display_url), Some(expanded_url)) =
                (entity["display_url"].as_str(), entity["expanded_url"].as_str())
            {
                urls.push(UrlEntity { url: entity["url"].as_str().unwrap(), display_url, expanded_url });
            }
        }
    }
    json!(Linker { urls: &urls, ..linker() }.link_entities(text, &entities))
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
            ("all", &|case| json!(linker().link(text(case)))),
            ("json", &link_json),
        ],
    );
}

#[test]
fn conformance_hit_highlighting() {
    let answer = |case: &Value| {
        let place = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
        let hits = case["hits"].as_array().unwrap();
        let hits: Vec<_> = hits.iter().map(|hit| Span::new(place(&hit[0]), place(&hit[1]))).collect();
        json!(highlight::<CodePoint>(text(case), &hits))
    };
    run("hit_highlighting.yml", &[("plain_text", &answer), ("with_links", &answer)]);
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
    let url = |scheme| move |case: &Value| json!(is_valid_url(text(case), UrlRules { scheme, ..UrlRules::default() }));
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

/// The official configurations say what ours say.
#[test]
fn conformance_config() {
    for (file, config) in [("v1.json", Config::V1), ("v2.json", Config::V2), ("v3.json", Config::V3)] {
        let Ok(text) = std::fs::read_to_string(folder().join("config").join(file)) else {
            let _ = writeln!(std::io::stderr(), "config/{file} is not in {}: skipped", folder().display());
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
