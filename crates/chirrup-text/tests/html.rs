//! `html_for_tweet` against recorded outputs: those in the folder that `HTML_FOR_TWEET_CASES` names, or in
//! `../shared/conformance/html_for_tweet` beside the project, or, where neither is there, this project's own.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "a test that fails says so by a panic")]

use chirrup_text::{HtmlOptions, NoText, html_for_post, html_for_tweet};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let shared = here.join("../../../shared/conformance/html_for_tweet");
    match std::env::var_os("HTML_FOR_TWEET_CASES") {
        Some(given) => given.into(),
        None if shared.is_dir() => shared,
        None => {
            eprintln!("the recorded cases are not here: running the project's own instead");
            here.join("tests/fixtures/html_for_tweet")
        }
    }
}

fn load(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn options(given: &Value) -> HtmlOptions<'static> {
    let set = |name: &str, at_first: bool| given[name].as_bool().unwrap_or(at_first);
    let first = HtmlOptions::default();
    HtmlOptions {
        use_display_url: set("use_display_url", first.use_display_url),
        use_expanded_url: set("use_expanded_url", first.use_expanded_url),
        expand_quoted_status: set("expand_quoted_status", first.expand_quoted_status),
        ..first
    }
}

/// Takes away the member that a path such as `entities.urls` or a list of names leads to.
fn remove(tweet: &mut Value, path: &Value) {
    let names: Vec<String> = match path {
        Value::String(path) => path.split('.').map(str::to_owned).collect(),
        Value::Array(path) => path.iter().map(|name| name.as_str().unwrap().to_owned()).collect(),
        _ => return,
    };
    let (last, above) = names.split_last().unwrap();
    let parent = above.iter().fold(tweet, |value, name| &mut value[name.as_str()]);
    parent.as_object_mut().unwrap().remove(last);
}

#[test]
fn html_of_recorded_tweets() {
    let folder = folder();
    let cases = load(&folder.join("cases.json"))["cases"].as_array().unwrap().clone();
    assert!(!cases.is_empty());
    for case in cases {
        let fixture = case["fixture"].as_str().unwrap();
        let mut tweet = load(&folder.join("tweets").join(format!("{fixture}.json")));
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
fn html_counts_code_points_and_escapes_what_is_not_escaped() {
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
    let expanded = HtmlOptions { use_expanded_url: true, ..HtmlOptions::default() };
    assert!(html_for_tweet(&status, expanded).unwrap().ends_with(">https://i.org/?a=1&amp;b=2</a>"));
    let bare = HtmlOptions { use_display_url: false, ..HtmlOptions::default() };
    assert!(html_for_tweet(&status, bare).unwrap().ends_with(">https://t.co/1</a>"));
}

#[test]
fn html_survives_entities_that_make_no_sense() {
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
    assert_eq!(html_for_tweet(&json!({ "id": 1 }), HtmlOptions::default()), Err(NoText));
    assert_eq!(html_for_tweet(&json!(7), HtmlOptions::default()), Err(NoText));
}

#[test]
fn html_of_posts_of_v2() {
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
    let options = HtmlOptions { expand_quoted_status: true, class_prefix: "post", ..HtmlOptions::default() };
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
