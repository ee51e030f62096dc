//! Recorded results of `html_for_tweet`, and tests of single features.
//!
//! The recorded cases are read from the directory in `HTML_FOR_TWEET_CASES`, else from
//! `../shared/conformance/html_for_tweet` next to the project, else from `tests/fixtures`.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a failed test panics"
)]

use chirrup_text::{HtmlOptions, MissingText, html_for_post, html_for_tweet};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

fn cases_dir() -> PathBuf {
    let manifest_dir = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let shared = manifest_dir.join("../../../shared/conformance/html_for_tweet");
    match std::env::var_os("HTML_FOR_TWEET_CASES") {
        Some(dir) => dir.into(),
        None if shared.is_dir() => shared,
        None => {
            eprintln!("recorded cases not found: running the cases of tests/fixtures");
            manifest_dir.join("tests/fixtures/html_for_tweet")
        }
    }
}

fn load(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn options(case: &Value) -> HtmlOptions<'static> {
    let get = |name: &str| case[name].as_bool();
    HtmlOptions::new()
        .use_display_url(get("use_display_url").unwrap_or(true))
        .use_expanded_url(get("use_expanded_url").unwrap_or(false))
        .expand_quoted_status(get("expand_quoted_status").unwrap_or(false))
}

/// Removes a member of the tweet. The path is a text such as `entities.urls` or an array of names.
fn remove(tweet: &mut Value, path: &Value) {
    let names: Vec<String> = match path {
        Value::String(path) => path.split('.').map(str::to_owned).collect(),
        Value::Array(path) => path.iter().map(|name| name.as_str().unwrap().to_owned()).collect(),
        _ => return,
    };
    let (last, parents) = names.split_last().unwrap();
    let parent = parents.iter().fold(tweet, |value, name| &mut value[name.as_str()]);
    parent.as_object_mut().unwrap().remove(last);
}

#[test]
fn html_matches_the_recorded_results() {
    let dir = cases_dir();
    let cases = load(&dir.join("cases.json"))["cases"].as_array().unwrap().clone();
    assert!(!cases.is_empty());
    for case in cases {
        let fixture = case["fixture"].as_str().unwrap();
        let mut tweet = load(&dir.join("tweets").join(format!("{fixture}.json")));
        remove(&mut tweet, &case["remove"]);
        let html = html_for_tweet(&tweet, options(&case["options"])).unwrap();
        let texts = |expected: &Value| match expected {
            Value::Null => Vec::new(),
            Value::Array(all) => all.iter().map(|one| one.as_str().unwrap().to_owned()).collect(),
            one => vec![one.as_str().unwrap().to_owned()],
        };
        let expect = &case["expect"];
        let name = &case["name"];
        texts(&expect["equals"]).iter().for_each(|equal| assert_eq!(html, *equal, "{name}"));
        texts(&expect["contains"]).iter().for_each(|part| assert!(html.contains(part), "{name}: {part} in {html}"));
        texts(&expect["not_contains"])
            .iter()
            .for_each(|part| assert!(!html.contains(part), "{name}: {part} in {html}"));
    }
}

#[test]
fn indices_are_code_points_and_unescaped_text_is_escaped() {
    let status = json!({
        "text": "🐦 &lt;b&gt; @Ada $X https://t.co/1",
        "entities": {
            "user_mentions": [{ "screen_name": "ada", "indices": [12, 16] }],
            "symbols": [{ "text": "X", "indices": [17, 19] }],
            "urls": [{ "url": "https://t.co/1", "display_url": "<i>.org", "expanded_url": "https://i.org/?a=1&b=2", "indices": [20, 34] }],
        },
    });
    let html = html_for_tweet(&status, HtmlOptions::default()).unwrap();
    assert_eq!(
        html,
        "🐦 &lt;b&gt; <a href=\"https://twitter.com/ada\" class=\"twython-mention\">@ada</a> \
         <a href=\"https://twitter.com/search?q=%24X\" class=\"twython-symbol\">$X</a> \
         <a href=\"https://t.co/1\" class=\"twython-url\">&lt;i&gt;.org</a>"
    );
    let expanded = HtmlOptions::new().use_expanded_url(true);
    assert!(html_for_tweet(&status, expanded).unwrap().ends_with(">https://i.org/?a=1&amp;b=2</a>"));
    let short = HtmlOptions::new().use_display_url(false);
    assert!(html_for_tweet(&status, short).unwrap().ends_with(">https://t.co/1</a>"));
}

#[test]
fn invalid_entities_are_ignored() {
    let status = json!({
        "full_text": "@ab hi http://t.co/m",
        "display_text_range": [4, 6],
        "entities": {
            "user_mentions": [{ "screen_name": "ab", "indices": [0, 3] }, { "screen_name": "x", "indices": [9, 3] }, {}],
            "hashtags": [{ "text": "t", "indices": [1, 2] }, { "text": "far", "indices": [400, 500] }],
            "urls": [{ "url": "http://t.co/m", "indices": [7, 20] }],
            "media": [{ "url": "http://t.co/m", "indices": [7, 20] }, { "url": "http://t.co/m", "indices": [7, 20] }],
        },
    });
    assert_eq!(
        html_for_tweet(&status, HtmlOptions::default()).unwrap(),
        "<span class=\"twython-tweet-prefix\"><a href=\"https://twitter.com/ab\" class=\"twython-mention\">@ab</a> </span>hi\
         <span class=\"twython-tweet-suffix\"> <a href=\"http://t.co/m\" class=\"twython-url\">http://t.co/m</a></span>"
    );
    assert_eq!(html_for_tweet(&json!({ "id": 1 }), HtmlOptions::default()), Err(MissingText));
    assert_eq!(html_for_tweet(&json!(7), HtmlOptions::default()), Err(MissingText));
}

#[test]
fn posts_of_v2_are_rendered_with_their_quoted_post() {
    let includes = json!({
        "tweets": [{ "id": "2", "author_id": "9", "text": "the quoted one" }],
        "users": [{ "id": "9", "name": "A <b>", "username": "ada" }],
    });
    let post = json!({
        "id": "1",
        "text": "see @ada #rust $X https://t.co/q",
        "entities": {
            "mentions": [{ "start": 4, "end": 8, "username": "ada" }],
            "hashtags": [{ "start": 9, "end": 14, "tag": "rust" }],
            "cashtags": [{ "start": 15, "end": 17, "tag": "X" }],
            "urls": [{ "start": 18, "end": 32, "url": "https://t.co/q", "display_url": "pic", "media_key": "3_1" }],
        },
        "referenced_tweets": [{ "type": "quoted", "id": "2" }],
    });
    let options = HtmlOptions::new().expand_quoted_status(true).class_prefix("post");
    assert_eq!(
        html_for_post(&post, &includes, options).unwrap(),
        "see <a href=\"https://twitter.com/ada\" class=\"post-mention\">@ada</a> \
         <a href=\"https://twitter.com/search?q=%23rust\" class=\"post-hashtag\">#rust</a> \
         <a href=\"https://twitter.com/search?q=%24X\" class=\"post-symbol\">$X</a> \
         <a href=\"https://t.co/q\" class=\"post-media\">pic</a>\
         <blockquote class=\"post-quote\">the quoted one<cite><a href=\"https://twitter.com/ada/status/2\">\
         <span class=\"post-quote-user-name\">A &lt;b&gt;</span>\
         <span class=\"post-quote-user-screenname\">@ada</span></a></cite></blockquote>"
    );
}
