//! The program as a shell sees it: stdout, stderr and exit code.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a panic is how a test fails")]

mod archive;
mod background;
mod cases;
mod collect;
#[cfg(unix)]
mod collect_progress;
mod collect_sources;
mod config;
mod credentials;
mod dry_runs;
mod estimates;
mod exchange;
mod exit_codes;
mod help;
#[cfg(target_os = "linux")]
mod kills;
mod login;
#[cfg(feature = "mcp")]
mod mcp;
mod memory;
#[cfg(feature = "nats")]
mod nats;
mod next_steps;
mod openapi;
mod output_files;
mod outputs;
mod pages;
#[cfg(feature = "parquet")]
mod parquet;
#[cfg(all(feature = "postgres", unix))]
mod postgres;
#[cfg(all(feature = "postgres", unix))]
mod postgres_server;
mod posts;
mod processes;
mod program;
mod python;
mod repro_limits;
mod repro_money;
mod repro_servers;
#[cfg(feature = "s3")]
mod s3;
mod sandbox_server;
#[cfg(unix)]
mod schedules;
mod schemas;
mod schemas_of_servers;
mod scripted_server;
mod scripts;
mod spend;
mod streams;
#[cfg(unix)]
mod terminal;
mod third_party;
mod twarc_csv;
mod verbs;
mod verbs_of_twarc;
#[cfg(all(feature = "watch", unix))]
mod watch;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Command, Output, Stdio};

use chirrup_sandbox::{Sandbox, SandboxBuilder};
use serde_json::Value as Json;

use self::program::Program;

/// Returns the program with only the given environment variables.
fn program(args: &[&str], environment: &[(&str, String)]) -> Program {
    Program::new(args, environment)
}

fn sandbox() -> (Sandbox, Vec<(&'static str, String)>) {
    started(Sandbox::builder().users(60).posts(1_500))
}

/// Starts a sandbox without rate limits, for tests with many requests.
fn unlimited() -> (Sandbox, Vec<(&'static str, String)>) {
    started(Sandbox::builder().users(20).posts(100).without_rate_limits())
}

/// Returns a number from the environment, for long runs.
fn rounds(variable: &str, default: usize) -> usize {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Returns a pseudorandom number below `limit`; the sequence is the same in each run.
fn below(seed: &mut u64, limit: u64) -> u64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
    (*seed >> 33) % limit
}

fn started(builder: SandboxBuilder) -> (Sandbox, Vec<(&'static str, String)>) {
    let sandbox = builder.start().unwrap();
    let environment = sandbox.environment().unwrap();
    let environment = environment.into_iter().map(|(name, value)| (name, value.expose().to_owned())).collect();
    (sandbox, environment)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Runs the program with this input on stdin.
fn with_stdin(args: &[&str], environment: &[(&str, String)], input: &[u8]) -> Output {
    let mut command = program(args, environment);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    program::check(args, &output);
    output
}

/// Returns stdout of a program that succeeded.
fn ok(output: &Output) -> String {
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

#[test]
fn verbs_of_other_programs_get_a_tip() {
    for (other, here) in [("tweet", "chirrup post TEXT"), ("retweet", "chirrup repost POST")] {
        let output = program(&[other, "robin"], &[]).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains(here), "{}", text(&output.stderr));
    }
}

#[test]
fn the_words_of_a_query_need_no_quotes() {
    let (_sandbox, env) = sandbox();
    ok(&program(&["search", "rust", "lang:en", "-is:reply", "-n", "10"], &env).output().unwrap());
    for command in ["search", "count"] {
        let planned = ok(&program(&["plan", command, "rust", "-is:reply", "--json"], &env).output().unwrap());
        assert!(planned.contains("rust%20-is%3Areply"), "{planned}");
    }
}

#[test]
fn a_search_runs_in_the_embedded_sandbox() {
    let output = program(&["--sandbox", "search", "rust lang:en", "-n", "3"], &[]).output().unwrap();
    let shown = ok(&output);
    assert_eq!(shown.lines().map(|line| line.split('\t').count()).collect::<Vec<_>>(), [7, 7, 7], "{shown}");
    assert!(!shown.contains('\u{1b}'), "a pipe has no colors");
    let hint = "hint: the server returned and billed 10 posts; `-n 10` prints them at the same cost\n";
    assert_eq!(text(&output.stderr), hint);
}

#[test]
fn json_is_one_document_and_jsonl_is_one_object_per_line() {
    let (_sandbox, env) = sandbox();
    let whole: Json =
        serde_json::from_str(&ok(&program(&["search", "rust OR data OR morning", "-n", "25", "--json"], &env)
            .output()
            .unwrap()))
        .unwrap();
    assert_eq!(whole["data"].as_array().unwrap().len(), 25);
    assert!(whole["includes"]["users"].is_array() && whole["meta"]["next_token"].is_string());
    let pages = program(&["search", "rust OR data OR morning", "-n", "250", "--json"], &env).output().unwrap();
    let whole: Json = serde_json::from_str(&ok(&pages)).unwrap();
    assert!(whole["data"].as_array().unwrap().len() > 100 && whole["includes"]["users"].is_array());
    let lines = ok(&program(&["--jsonl", "timeline", "robin", "-n", "7"], &env).output().unwrap());
    assert_eq!(
        lines
            .lines()
            .map(|line| serde_json::from_str::<Json>(line).unwrap())
            .map(|line| (line["data"]["author_id"].clone(), line["includes"]["users"][0]["username"].clone()))
            .collect::<Vec<_>>(),
        vec![(Json::from("12"), Json::from("robin")); 7],
        "each line has the author of its post"
    );
}

#[test]
fn common_commands_do_what_their_help_says() {
    let (sandbox, mut env) = sandbox();
    env.push(("CHIRRUP_FORCE_TTY", "100".to_owned()));
    let run = |args: &[&str]| ok(&program(args, &env).output().unwrap());
    let posted: Json = serde_json::from_str(&run(&["post", "hello", "from", "a", "shell", "--json"])).unwrap();
    let id = posted["data"]["id"].as_str().unwrap();
    assert_eq!(posted["data"]["text"], "hello from a shell");
    assert!(run(&["show", &format!("https://x.com/ada/status/{id}")]).contains("hello from a shell"));
    assert!(run(&["like", id]).contains("liked"));
    assert!(run(&["like", id, "--undo"]).contains("unliked"));
    assert!(run(&["repost", "20"]).contains("reposted"));
    assert!(run(&["repost", "20", "--undo"]).contains("undid the repost"));
    assert!(run(&["follow", "mika"]).contains("following"));
    assert!(run(&["home", "-n", "2"]).contains("@"));
    assert!(run(&["follow", "@mika", "--undo"]).contains("unfollowed"));
    assert!(run(&["user", "robin", "ada"]).contains("Robin Wagtail"));
    assert!(run(&["user", "12"]).contains("@robin"));
    assert!(run(&["user", "https://x.com/robin"]).contains("@robin"));
    assert!(run(&["followers", "robin", "-n", "3"]).contains("followers"));
    assert!(run(&["following", "robin", "-n", "3"]).contains("following"));
    assert!(run(&["mentions", "robin", "-n", "3"]).contains("@robin"));
    assert!(run(&["count", "rust", "--by", "day"]).contains("posts in total"));
    assert!(run(&["post", "Tea?", "--poll", "Yes", "--poll", "No"]).contains("posted"));
    assert!(run(&["post", "answer", "--reply-to", id]).contains("posted"));
    assert!(run(&["delete", id]).contains("deleted"));
    drop(sandbox);
}

#[test]
fn any_endpoint_can_be_called() {
    let (_sandbox, env) = sandbox();
    let run = |args: &[&str]| -> Json { serde_json::from_str(&ok(&program(args, &env).output().unwrap())).unwrap() };
    assert_eq!(run(&["call", "GET", "/2/users/:id", "id=12"])["data"]["username"], "robin");
    assert_eq!(run(&["call", "2/users/me", "--as", "user"])["data"]["username"], "ada");
    assert_eq!(run(&["call", "get_user", "id=12"])["data"]["username"], "robin");
    assert_eq!(run(&["call", "POST", "/2/tweets", "-d", r#"{"text":"raw"}"#])["data"]["text"], "raw");
    assert_eq!(run(&["call", "POST", "/2/tweets", "text=typed", "made_with_ai:=true"])["data"]["text"], "typed");
    assert_eq!(run(&["call", "/2/tweets", "-d", r#"{"text":"guessed"}"#])["data"]["text"], "guessed");
    let folder = tempfile::tempdir().unwrap();
    let picture = folder.path().join("heron.png");
    std::fs::write(&picture, b"\x89PNG\r\n\x1a\nheron").unwrap();
    let file = format!("media@{}", picture.display());
    let uploaded = run(&["call", "/2/media/upload", "media_category=tweet_image", &file]);
    assert!(uploaded["data"]["id"].is_string(), "{uploaded}");
    let missing = program(&["call", "/2/media/upload", "media@/no/such/file"], &env).output().unwrap();
    assert_eq!(missing.status.code(), Some(10), "a file cannot be read");
}

#[test]
fn a_search_of_the_full_archive_is_sent_with_the_token_of_a_user() {
    let (sandbox, env) = sandbox();
    let token = env.iter().find(|(name, _)| *name == "X_OAUTH2_ACCESS_TOKEN").unwrap().clone();
    let user = [("CHIRRUP_BASE_URL", sandbox.url()), token];
    let shown = ok(&program(&["call", "GET", "/2/tweets/search/all", "query=rust"], &user).output().unwrap());
    let found: Json = serde_json::from_str(&shown).unwrap();
    assert_eq!(found["data"].as_array().unwrap().len(), 10);
}

#[test]
fn an_endpoint_is_shown_with_its_example() {
    let expected = "client.search_recent(\"rust lang:en -is:retweet\")\n    .max_results(100)";
    for name in ["search_recent", "search_recent_tweets"] {
        let shown = ok(&program(&["endpoints", name], &[]).output().unwrap());
        assert!(shown.contains(expected), "{shown}");
    }
    let json = ok(&program(&["endpoints", "search_recent", "--jsonl"], &[]).output().unwrap());
    let entry: Json = serde_json::from_str(json.lines().next().unwrap()).unwrap();
    assert!(entry["example"].as_str().unwrap().starts_with(expected), "{entry}");
    let many = ok(&program(&["endpoints", "search"], &[]).output().unwrap());
    assert!(!many.contains("example in Rust"), "a list of endpoints has no examples");
}

#[test]
fn endpoints_are_listed_and_filtered() {
    let list: Json = serde_json::from_str(&ok(&program(&["endpoints", "--json"], &[]).output().unwrap())).unwrap();
    let list = list.as_array().unwrap();
    assert!(list.len() >= 25);
    for entry in list {
        for name in ["id", "method", "path", "version", "auth", "scopes", "params", "retired"] {
            assert!(entry.get(name).is_some(), "{name} in {entry}");
        }
    }
    let search = list.iter().find(|entry| entry["id"] == "search_recent").unwrap();
    let param = search["params"].as_array().unwrap().iter().find(|param| param["name"] == "max_results").unwrap();
    assert_eq!((&param["min"], &param["max"]), (&Json::from(10), &Json::from(100)));
    let shown = ok(&program(&["endpoints", "create_tweet"], &[]).output().unwrap());
    assert!(shown.contains("create_post") && !shown.contains("get_post"), "aliases are searched");
    let app = ok(&program(&["endpoints", "--auth", "app_only", "--method", "post", "--jsonl"], &[]).output().unwrap());
    assert!(app.lines().count() > 3 && app.contains("create_compliance_job") && !app.contains("create_post"));
}

#[test]
fn queries_are_checked_explained_and_matched() {
    let explanation = ok(&program(&["query", "explain", "rust lang:en"], &[]).output().unwrap());
    assert!(explanation.contains("posts that contain the word “rust” and are in English"), "{explanation}");
    let bad = program(&["query", "check", "rust min_faves:3"], &[]).output().unwrap();
    assert_eq!(bad.status.code(), Some(2));
    assert!(text(&bad.stdout).contains("^^^^^^^^^^^") && text(&bad.stdout).contains("use `min_likes:`"));
    assert!(
        ok(&program(&["query", "check", "cats \"social media\"~5", "--for", "stream"], &[]).output().unwrap())
            .contains("the query is valid")
    );
    let refused = program(&["--sandbox", "search", "rust ("], &[]).output().unwrap();
    assert!(text(&refused.stderr).contains("  | rust ("), "the query is checked before it is sent");

    let (_sandbox, env) = sandbox();
    let posts = ok(&program(&["search", "rust OR data OR morning", "-n", "60", "--jsonl"], &env).output().unwrap());
    let kept = ok(&with_stdin(&["query", "match", "rust -data"], &[], posts.as_bytes()));
    let wanted = |line: &&str| line.to_lowercase().contains("rust") && !line.to_lowercase().contains("data ");
    assert!(kept.lines().count() > 3 && kept.lines().count() < 60);
    assert!(kept.lines().all(|line| wanted(&line)), "{kept}");
    let mixed = with_stdin(&["query", "match", "rust"], &[], format!("not a post\n{posts}").as_bytes());
    assert_eq!(mixed.status.code(), Some(9));
    assert!(text(&mixed.stderr).contains("skipped 1 line"), "{}", text(&mixed.stderr));
}

#[test]
fn texts_are_counted_checked_linked_and_split() {
    let fed = |args: &[&str], input: &str| with_stdin(args, &[], input.as_bytes());
    assert_eq!(ok(&fed(&["text", "count"], "foo.com\n日本\n\n")), "23\n4\n0\n");
    let checked = fed(&["text", "check", "--jsonl"], &format!("short\n{}\n", "x".repeat(300)));
    assert_eq!(checked.status.code(), Some(1), "a failed check");
    assert!(text(&checked.stdout).contains("is 300 characters long; the limit is 280"), "{}", text(&checked.stdout));
    let found = ok(&program(&["text", "entities", "🐦 @ada/crabs foo.com #é $X"], &[]).output().unwrap());
    assert_eq!(found, "list\t2..12\tada/crabs\nurl\t13..20\tfoo.com\nhashtag\t21..23\té\ncashtag\t24..26\tX\n");
    let link = ok(&program(&["text", "link", "<b> #rust"], &[]).output().unwrap());
    assert!(link.starts_with("&lt;b&gt; <a href=\"https://twitter.com/search?q=%23rust\""), "{link}");
    let parts = ok(&fed(&["text", "split", "--max", "24", "--json"], "One small step. And\none giant leap.\n"));
    let parts: Json = serde_json::from_str(&parts).unwrap();
    assert_eq!(parts[0]["text"], "One small step. And 1/2");
    assert_eq!(parts[1]["text"], "one giant leap. 2/2");

    let (_sandbox, env) = sandbox();
    let page = ok(&program(&["call", "GET", "/2/tweets", "ids=20", "tweet.fields=entities", "--json"], &env)
        .output()
        .unwrap());
    assert_eq!(ok(&fed(&["text", "html"], &page)).lines().count(), 1);
    let status =
        r#"{"id_str":"1","text":"hi @ada","entities":{"user_mentions":[{"screen_name":"ada","indices":[3,7]}]}}"#;
    assert_eq!(
        ok(&fed(&["text", "html"], status)),
        "hi <a href=\"https://twitter.com/ada\" class=\"twython-mention\">@ada</a>\n"
    );
}

#[test]
fn help_and_version_succeed() {
    for args in [["--help"].as_slice(), &["--version"], &["search", "--help"]] {
        let output = program(args, &[]).output().unwrap();
        assert!(output.status.success() && !output.stdout.is_empty());
    }
}

#[test]
fn the_options_of_a_command_come_before_the_global_options() {
    for command in ["search", "post", "stream", "call"] {
        let help = ok(&program(&[command, "--help"], &[]).output().unwrap());
        let (own, global) = help.split_once("Global options:").unwrap();
        assert!(own.contains("Options:") && !own.contains("--sandbox") && global.contains("--sandbox"), "{help}");
    }
}

#[test]
fn a_closed_pipe_is_not_an_error() {
    let (_sandbox, env) = sandbox();
    let mut child = program(&["search", "rust OR data OR morning", "-n", "100", "--json"], &env)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(child.wait().unwrap().success(), "{said}");
    assert_eq!(said, "");
}

#[test]
fn colors_can_be_forced() {
    let (_sandbox, mut env) = sandbox();
    env.push(("CHIRRUP_FORCE_TTY", "80".to_owned()));
    let run = |color: &str| ok(&program(&["user", "robin", "--color", color], &env).output().unwrap());
    assert!(run("always").contains("\u{1b}[") && run("auto").contains("\u{1b}["));
    assert!(!run("never").contains('\u{1b}'));
}

#[test]
fn the_sandbox_server_prints_the_environment_for_its_clients() {
    let args = ["sandbox", "--port", "0", "--users", "20", "--posts", "50"];
    let mut server = program(&args, &[]).stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(server.stdout.take().unwrap()).lines().map(Result::unwrap);
    let env: Vec<(String, String)> = lines
        .filter_map(|line| {
            let (name, value) = line.strip_prefix("export ")?.split_once('=')?;
            Some((name.to_owned(), value.trim_matches('\'').to_owned()))
        })
        .take(7)
        .collect();
    let mut client = Command::new(env!("CARGO_BIN_EXE_chirrup"));
    let output = client.args(["user", "robin", "--jsonl"]).env_clear().envs(env).output().unwrap();
    server.kill().unwrap();
    server.wait().unwrap();
    assert!(ok(&output).contains("Robin Wagtail"));
}

#[test]
fn the_doctor_checks_each_credential() {
    let (sandbox, env) = sandbox();
    let healthy: Json = serde_json::from_str(&ok(&program(&["doctor", "--json"], &env).output().unwrap())).unwrap();
    let checks: Vec<&str> = healthy.as_array().unwrap().iter().map(|check| check["check"].as_str().unwrap()).collect();
    assert!(checks.len() >= 3 && checks.contains(&"network") && checks.contains(&"clock"), "{checks:?}");
    assert!(healthy.as_array().unwrap().iter().all(|check| check["ok"] == true), "{healthy}");

    let env = |token: &str, url: &str| [("X_BEARER_TOKEN", token.to_owned()), ("CHIRRUP_BASE_URL", url.to_owned())];
    let failed = program(&["doctor"], &env("wrong", &sandbox.url())).output().unwrap();
    assert_eq!(failed.status.code(), Some(1));
    let printed = text(&failed.stdout);
    assert!(printed.contains("FAILED") && printed.contains("X_BEARER_TOKEN is wrong"), "{printed}");

    let revoked = [("X_OAUTH2_ACCESS_TOKEN", "revoked".to_owned()), ("CHIRRUP_BASE_URL", sandbox.url())];
    let explained = text(&program(&["doctor", "--json"], &revoked).output().unwrap().stdout);
    assert!(explained.contains("one grant per app and user"), "{explained}");

    sandbox.clock().advance(std::time::Duration::from_secs(400));
    let behind = text(&program(&["doctor", "--jsonl"], &env("x", &sandbox.url())).output().unwrap().stdout);
    assert!(behind.contains("s behind"), "{behind}");

    let unreachable = program(&["doctor", "--json"], &env("x", "http://127.0.0.1:9")).output().unwrap();
    let checks: Json = serde_json::from_slice(&unreachable.stdout).unwrap();
    assert_eq!(
        (&checks[0]["check"], &checks[0]["ok"], checks.as_array().unwrap().len()),
        (&"network".into(), &false.into(), 1)
    );
}

#[test]
fn the_doctor_does_not_wait_for_rate_limits() {
    let (sandbox, env) = sandbox();
    let client = chirrup::Client::builder().base_url(sandbox.url()).credentials(sandbox.credentials().unwrap());
    let client = client.build().unwrap();
    while client.get_me().wait().is_ok() {}
    let output = program(&["doctor", "--json"], &env).output().unwrap();
    let checks: Json = serde_json::from_str(&ok(&output)).unwrap();
    let skipped = checks.as_array().unwrap().iter().filter(|check| check["ok"].is_null()).count();
    assert!(skipped > 0 && output.stderr.is_empty(), "{checks}");
}
