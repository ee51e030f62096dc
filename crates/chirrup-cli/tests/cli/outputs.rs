//! Each kind of output on terminals of several widths, and in a pipe.

use serde_json::Value as Json;

use crate::help::assert_snapshot;
use crate::scripted_server::{Requests, response, scripted};
use crate::{ok, program, text, with_stdin};

const POSTS: &str = r#"{"data": [
    {"id": "2125583706788724736", "created_at": "2024-05-01T12:00:00.000Z", "author_id": "12", "lang": "en",
     "text": "A heron waits by the water. The swifts are back over the harbor, and the terns are too.",
     "public_metrics": {"like_count": 4, "retweet_count": 1, "reply_count": 0, "quote_count": 0},
     "attachments": {"media_keys": ["3_1"]},
     "referenced_tweets": [{"type": "quoted", "id": "20"}]},
    {"id": "2125583706788724737", "created_at": "2024-05-01T12:05:00.000Z", "author_id": "13", "lang": "ja",
     "text": "白鷺が水辺で待っています。👩‍👩‍👧 きれいな朝ですね、みなさん。\nsecond line, \"quoted\"",
     "public_metrics": {"like_count": 1200, "retweet_count": 31, "reply_count": 7, "quote_count": 0},
     "attachments": {"poll_ids": ["7"]}, "geo": {"place_id": "p"}}],
  "includes": {
    "users": [{"id": "12", "username": "robin", "name": "Robin Wagtail"},
              {"id": "13", "username": "mika_with_a_name", "name": "ミカ"}],
    "tweets": [{"id": "20", "text": "just setting up", "author_id": "12"}],
    "media": [{"media_key": "3_1", "type": "photo", "url": "https://pbs.twimg.com/media/heron.jpg", "alt_text": "A gray heron"}],
    "polls": [{"id": "7", "options": [{"position": 1, "label": "Tea", "votes": 3}, {"position": 2, "label": "コーヒー", "votes": 12}]}],
    "places": [{"id": "p", "full_name": "Oslo, Norway"}]},
  "meta": {"result_count": 2}}"#;

const USERS: &str = r#"{"data": [
    {"id": "12", "username": "robin", "name": "Robin Wagtail", "verified": true, "created_at": "2010-03-21T00:00:00.000Z",
     "description": "Birds, boats and bread. Mostly birds, in truth; the boats leak and the bread burns.",
     "public_metrics": {"followers_count": 1500, "following_count": 20, "tweet_count": 4321, "listed_count": 3}},
    {"id": "2125583706788724738", "username": "mika_with_a_name", "name": "ミカ"}],
  "meta": {"result_count": 2}}"#;

const LISTS: &str = r#"{"data": [{"id": "2125583706788724739", "name": "Birders", "description": "People who look up", "member_count": 4}],
  "meta": {"result_count": 1}}"#;

const COUNTS: &str = r#"{"data": [
    {"start": "2024-05-01T00:00:00.000Z", "end": "2024-05-02T00:00:00.000Z", "tweet_count": 12},
    {"start": "2024-05-02T00:00:00.000Z", "end": "2024-05-03T00:00:00.000Z", "tweet_count": 345},
    {"start": "2024-05-03T00:00:00.000Z", "end": "2024-05-04T00:00:00.000Z", "tweet_count": 0}],
  "meta": {"total_tweet_count": 357}}"#;

/// Starts a server with fixed posts, users, lists and counts.
fn server() -> (Vec<(&'static str, String)>, Requests) {
    let (mut env, requests) = scripted(|request, _| {
        let body = match request {
            line if line.contains("/counts/") => COUNTS,
            line if line.contains("/followers") => USERS,
            line if line.contains("owned_lists") => LISTS,
            line if line.contains("nothing") => r#"{"meta": {"result_count": 0}}"#,
            _ => POSTS,
        };
        response(200, body)
    });
    env.push(("NO_COLOR", "1".to_owned()));
    (env, requests)
}

const COMMANDS: [(&str, &[&str]); 7] = [
    ("posts", &["search", "heron"]),
    ("users", &["followers", "12"]),
    ("lists", &["lists", "owned", "12"]),
    ("counts", &["count", "heron"]),
    ("endpoints", &["endpoints", "compliance_job"]),
    ("plan", &["plan", "search", "heron", "-n", "500"]),
    ("empty", &["search", "nothing"]),
];

#[test]
fn the_output_of_each_kind_is_as_stored() {
    let (env, _requests) = server();
    for (name, args) in COMMANDS {
        for width in ["40", "80", "120"] {
            let env = [&env[..], &[("CHIRRUP_FORCE_TTY", width.to_owned())]].concat();
            assert_snapshot(&format!("screens/{name}-{width}"), &ok(&program(args, &env).output().unwrap()));
        }
        assert_snapshot(&format!("screens/{name}-pipe"), &ok(&program(args, &env).output().unwrap()));
    }
    for (name, options) in [
        ("flat", &["--flat"][..]),
        ("csv", &["--csv"]),
        ("columns", &["--csv", "--columns", "id,author.username,attachments.media.url,referenced_tweets.text"]),
        ("tsv", &["--tsv"]),
        ("jsonl", &["--jsonl"]),
        ("template", &["--template", "{created_at} @{author.username}: {text}"]),
    ] {
        let args = [&["search", "heron"], options].concat();
        assert_snapshot(&format!("screens/posts-{name}"), &ok(&program(&args, &env).output().unwrap()));
    }
}

#[test]
fn an_id_is_never_cut() {
    let (env, _requests) = server();
    for (_, args) in &COMMANDS[..3] {
        for width in 40..=130 {
            let env = [&env[..], &[("CHIRRUP_FORCE_TTY", width.to_string())]].concat();
            let shown = ok(&program(args, &env).output().unwrap());
            assert!(shown.lines().any(|line| line.contains("21255837067887247")), "{width}: {shown}");
            if width == 40 {
                assert!(shown.lines().all(|line| line.chars().count() <= 40), "{shown}");
            }
        }
    }
}

#[test]
fn columns_without_a_value_are_reported() {
    let (env, _requests) = server();
    let output = program(&["search", "heron", "--csv", "--columns", "id,autor"], &env).output().unwrap();
    assert!(ok(&output).starts_with("id,autor\n2125583706788724736,\n"));
    assert!(text(&output.stderr).contains("no item has a value for autor"), "{}", text(&output.stderr));
    let wrong = program(&["search", "heron", "--template", "{id"], &env).output().unwrap();
    assert_eq!(wrong.status.code(), Some(2));
    assert!(text(&wrong.stderr).contains("a field is written as {name}"), "{}", text(&wrong.stderr));
    let two = program(&["search", "heron", "--csv", "--json"], &env).output().unwrap();
    assert!(text(&two.stderr).contains("cannot be used with"), "{}", text(&two.stderr));
}

#[cfg(unix)]
#[test]
fn a_terminal_shows_results_in_the_pager() {
    let (env, _requests) = server();
    let pager = |pager: &str| {
        let env = [
            &env[..],
            &[
                ("CHIRRUP_FORCE_TTY", "80".to_owned()),
                ("PAGER", pager.to_owned()),
                ("PATH", "/usr/bin:/bin".to_owned()),
            ],
        ];
        env.concat()
    };
    let run = |args: &[&str], name: &str| ok(&program(args, &pager(name)).output().unwrap());
    assert!(run(&["search", "heron"], "tr a-z A-Z").contains("A HERON WAITS"));
    assert!(run(&["search", "heron", "--no-pager"], "tr a-z A-Z").contains("A heron waits"));
    for none in ["", "cat", "/no/such/pager"] {
        assert!(run(&["search", "heron"], none).contains("A heron waits"), "{none}");
    }
    assert!(run(&["search", "heron", "--jsonl"], "tr a-z A-Z").contains("A heron waits"), "data has no pager");
    // A reader that quits ends the program without a message.
    let output = program(&["search", "heron"], &pager("true")).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{}", text(&output.stderr));
}

#[test]
fn stored_posts_are_flattened_and_dehydrated() {
    let (env, _requests) = server();
    let stored = ok(&program(&["search", "heron", "--jsonl"], &env).output().unwrap());
    let direct = ok(&program(&["search", "heron", "--flat"], &env).output().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("posts.jsonl");
    std::fs::write(&file, &stored).unwrap();
    let file = file.to_str().unwrap();
    let flat = ok(&program(&["flatten", file], &[]).output().unwrap());
    assert_eq!(flat, direct);
    let first: Json = serde_json::from_str(flat.lines().next().unwrap()).unwrap();
    assert_eq!(first["author"]["username"], "robin");
    assert_eq!(first["referenced_tweets"][0]["text"], "just setting up");
    assert_eq!(ok(&with_stdin(&["flatten"], &[], POSTS.as_bytes())), direct, "a response is one document");
    let csv = ok(&program(&["flatten", file, "--csv", "--columns", "author.username"], &[]).output().unwrap());
    assert_eq!(csv, "author.username\nrobin\nmika_with_a_name\n");
    let ids = "2125583706788724736\n2125583706788724737\n";
    assert_eq!(ok(&program(&["dehydrate", file], &[]).output().unwrap()), ids);
    assert_eq!(ok(&with_stdin(&["dehydrate"], &[], flat.as_bytes())), ids);
    let broken = with_stdin(&["flatten"], &[], b"{\"data\":");
    assert_eq!(broken.status.code(), Some(2));
    assert!(text(&broken.stderr).contains("stdin is not JSON"), "{}", text(&broken.stderr));
    assert_eq!(program(&["dehydrate", "/no/such/file"], &[]).output().unwrap().status.code(), Some(10));
}

#[test]
fn counts_are_drawn_as_a_chart() {
    let (env, _requests) = server();
    let plain = ok(&program(&["count", "heron"], &env).output().unwrap());
    assert_eq!(plain, "2024-05-01 00:00\t12\n2024-05-02 00:00\t345\n2024-05-03 00:00\t0\n");
    let chart = ok(&program(&["count", "heron", "--chart"], &env).output().unwrap());
    assert!(chart.contains(&"█".repeat(40)) && chart.lines().count() == 3, "{chart}");
}
