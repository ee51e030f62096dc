//! The program as a shell sees it: stdout, stderr and exit code.
#![allow(clippy::unwrap_used, reason = "in a test, what is not there is a failure")]

mod login;
mod money;
mod processes;
mod streams;

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Output, Stdio};

use chirrup_sandbox::{Sandbox, SandboxBuilder};
use serde_json::Value as Json;

/// The program, with nothing of the environment but what is given.
fn program(args: &[&str], environment: &[(&str, String)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chirrup"));
    command.args(args).env_clear().stdin(Stdio::null());
    command.envs(environment.iter().map(|(name, value)| (*name, value.as_str())));
    command
}

fn sandbox() -> (Sandbox, Vec<(&'static str, String)>) {
    started(Sandbox::builder().users(60).posts(1_500))
}

/// A sandbox without rate limits, for tests that call it as often as they are told to.
fn unlimited() -> (Sandbox, Vec<(&'static str, String)>) {
    started(Sandbox::builder().users(20).posts(100).unlimited())
}

/// A number from the environment, for long runs.
fn times(variable: &str, usual: usize) -> usize {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// A number below another, the same ones in each run.
fn below(seed: &mut u64, most: u64) -> u64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
    (*seed >> 33) % most
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

fn ok(output: &Output) -> String {
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

#[test]
fn the_embedded_sandbox_answers_a_search() {
    let output = program(&["--sandbox", "search", "rust lang:en", "-n", "3"], &[]).output().unwrap();
    let shown = ok(&output);
    assert_eq!(shown.matches('♥').count(), 3, "{shown}");
    assert!(shown.contains('@') && !shown.contains('\u{1b}'), "no colours into a pipe");
    assert!(output.stderr.is_empty(), "{}", text(&output.stderr));
}

#[test]
fn json_is_one_document_and_jsonl_one_object_a_line() {
    let (_sandbox, env) = sandbox();
    let whole: Json =
        serde_json::from_str(&ok(&program(&["search", "rust OR data OR morning", "-n", "25", "--json"], &env)
            .output()
            .unwrap()))
        .unwrap();
    assert_eq!(whole["data"].as_array().unwrap().len(), 25);
    assert!(whole["includes"]["users"].is_array() && whole["meta"]["next_token"].is_string());
    let lines = ok(&program(&["--jsonl", "timeline", "robin", "-n", "7"], &env).output().unwrap());
    assert_eq!(
        lines.lines().map(|line| serde_json::from_str::<Json>(line).unwrap()["author_id"].clone()).collect::<Vec<_>>(),
        vec![Json::from("12"); 7]
    );
}

#[test]
fn everyday_commands_do_what_they_say() {
    let (sandbox, env) = sandbox();
    let run = |args: &[&str]| ok(&program(args, &env).output().unwrap());
    let posted: Json = serde_json::from_str(&run(&["post", "hello", "from", "a", "shell", "--json"])).unwrap();
    let id = posted["data"]["id"].as_str().unwrap();
    assert_eq!(posted["data"]["text"], "hello from a shell");
    assert!(run(&["show", &format!("https://x.com/ada/status/{id}")]).contains("hello from a shell"));
    assert!(run(&["like", id]).contains("liked"));
    assert!(run(&["like", id, "--undo"]).contains("no longer liked"));
    assert!(run(&["repost", "20"]).contains("reposted"));
    assert!(run(&["repost", "20", "--undo"]).contains("no longer reposted"));
    assert!(run(&["follow", "mika"]).contains("following"));
    assert!(run(&["home", "-n", "2"]).contains("@"));
    assert!(run(&["follow", "@mika", "--undo"]).contains("no longer following"));
    assert!(run(&["user", "robin", "ada"]).contains("Robin Wagtail"));
    assert!(run(&["user", "12"]).contains("@robin"));
    assert!(run(&["followers", "robin", "-n", "3"]).contains("followers"));
    assert!(run(&["following", "robin", "-n", "3"]).contains("following"));
    assert!(run(&["mentions", "robin", "-n", "3"]).contains("@robin"));
    assert!(run(&["count", "rust", "--by", "day"]).contains("posts in all"));
    assert!(run(&["post", "Tea?", "--poll", "Yes", "--poll", "No"]).contains("posted"));
    assert!(run(&["post", "answer", "--reply-to", id]).contains("posted"));
    assert!(run(&["delete", id]).contains("deleted"));
    drop(sandbox);
}

#[test]
fn any_route_can_be_called() {
    let (_sandbox, env) = sandbox();
    let run = |args: &[&str]| -> Json { serde_json::from_str(&ok(&program(args, &env).output().unwrap())).unwrap() };
    assert_eq!(run(&["call", "GET", "/2/users/:id", "id=12"])["data"]["username"], "robin");
    assert_eq!(run(&["call", "2/users/me", "--as", "user"])["data"]["username"], "ada");
    assert_eq!(run(&["call", "POST", "/2/tweets", "-d", r#"{"text":"raw"}"#])["data"]["text"], "raw");
    assert_eq!(run(&["call", "POST", "/2/tweets", "text=typed", "made_with_ai:=true"])["data"]["text"], "typed");
}

#[test]
fn the_table_is_printed_and_filtered() {
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
    assert!(shown.contains("create_post") && !shown.contains("get_post"), "found by the name of another library");
    let app = ok(&program(&["endpoints", "--auth", "app_only", "--method", "post", "--jsonl"], &[]).output().unwrap());
    assert!(app.lines().count() > 3 && app.contains("create_compliance_job") && !app.contains("create_post"));
}

#[test]
fn queries_are_checked_explained_and_applied() {
    let told = ok(&program(&["query", "explain", "rust lang:en"], &[]).output().unwrap());
    assert!(told.contains("posts that contain the word “rust” and are in English"), "{told}");
    let bad = program(&["query", "check", "rust min_faves:3"], &[]).output().unwrap();
    assert_eq!(bad.status.code(), Some(1));
    assert!(text(&bad.stdout).contains("^^^^^^^^^^^") && text(&bad.stdout).contains("help: use min_likes:"));
    assert!(
        ok(&program(&["query", "check", "cats \"social media\"~5", "--for", "stream"], &[]).output().unwrap())
            .contains("nothing is wrong")
    );
    let refused = program(&["--sandbox", "search", "rust ("], &[]).output().unwrap();
    assert!(text(&refused.stderr).contains("  | rust ("), "drawn before a call is made");

    let (_sandbox, env) = sandbox();
    let posts = ok(&program(&["search", "rust OR data OR morning", "-n", "60", "--jsonl"], &env).output().unwrap());
    let mut child =
        program(&["query", "match", "rust -data"], &[]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), posts.as_bytes()).unwrap();
    let kept = ok(&child.wait_with_output().unwrap());
    let wanted = |line: &&str| line.to_lowercase().contains("rust") && !line.to_lowercase().contains("data ");
    assert!(kept.lines().count() > 3 && kept.lines().count() < 60);
    assert!(kept.lines().all(|line| wanted(&line)), "{kept}");
}

#[test]
fn texts_are_weighed_read_linked_and_split() {
    let fed = |args: &[&str], input: &str| {
        let mut child = program(args, &[]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    };
    assert_eq!(ok(&fed(&["text", "count"], "foo.com\n日本\n\n")), "23\n4\n0\n");
    let checked = fed(&["text", "check", "--jsonl"], &format!("short\n{}\n", "x".repeat(300)));
    assert_eq!(checked.status.code(), Some(1));
    assert!(text(&checked.stdout).contains("too long: 300 of 280 units, 20 too many"), "{}", text(&checked.stdout));
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
fn each_cause_has_its_exit_code() {
    let (sandbox, env) = sandbox();
    let code = |args: &[&str], env: &[(&str, String)]| {
        let output = program(args, env).output().unwrap();
        assert!(output.stdout.is_empty(), "stdout is data only");
        let said = text(&output.stderr);
        assert!(said.contains("error"), "{said}");
        assert!(!said.contains("sandbox-app-bearer-token"), "{said}");
        output.status.code().unwrap()
    };
    assert_eq!(code(&["search", "(rust"], &env), 1, "refused");
    assert_eq!(code(&["nonsense"], &env), 2, "usage");
    assert_eq!(code(&["show", "abc"], &env), 2, "an argument that cannot be");
    assert_eq!(code(&["show", "20"], &[]), 4, "no credentials");
    assert_eq!(code(&["show", "404"], &env), 5, "not found");
    let dead = [("CHIRRUP_BASE_URL", "http://127.0.0.1:9".to_owned()), ("X_BEARER_TOKEN", "t".to_owned())];
    assert_eq!(code(&["show", "20"], &dead), 6, "no connection");
    let wrong = [("CHIRRUP_BASE_URL", sandbox.url()), ("X_BEARER_TOKEN", "stolen".to_owned())];
    assert_eq!(code(&["show", "20"], &wrong), 4, "a token that is none");
    sandbox.fault(chirrup_sandbox::Fault::Cut);
    assert_eq!(code(&["post", "in doubt"], &env), 7, "a write in doubt");
    let app = [("CHIRRUP_BASE_URL", sandbox.url()), ("X_OAUTH2_ACCESS_TOKEN", env[6].1.clone())];
    let client = chirrup::Client::builder().base_url(sandbox.url()).credentials(sandbox.credentials().unwrap());
    let client = client.build().unwrap();
    while client.get_me().wait().is_ok() {}
    assert_eq!(code(&["--no-wait", "call", "GET", "/2/users/me"], &app), 3, "rate limited");
    for json in [&[][..], &["--json"], &["--jsonl"]] {
        let output = program(&[&["show", "20", "404"], json].concat(), &env).output().unwrap();
        assert_eq!(output.status.code(), Some(9), "a part of it");
        assert!(text(&output.stdout).contains("20") && text(&output.stderr).contains("404"), "{output:?}");
    }
}

#[test]
fn help_and_version_are_no_errors() {
    for args in [["--help"].as_slice(), &["--version"], &["search", "--help"]] {
        let output = program(args, &[]).output().unwrap();
        assert!(output.status.success() && !output.stdout.is_empty());
    }
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
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
fn colours_are_there_when_asked_for() {
    let (_sandbox, env) = sandbox();
    let always = ok(&program(&["user", "robin", "--color", "always"], &env).output().unwrap());
    assert!(always.contains("\u{1b}["));
}

#[test]
fn the_sandbox_runs_as_a_server_and_tells_how_to_use_it() {
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
fn the_doctor_tries_each_credential_and_names_what_is_wrong() {
    let (sandbox, env) = sandbox();
    let healthy: Json = serde_json::from_str(&ok(&program(&["doctor", "--json"], &env).output().unwrap())).unwrap();
    let checks: Vec<&str> = healthy.as_array().unwrap().iter().map(|found| found["check"].as_str().unwrap()).collect();
    assert!(checks.len() >= 3 && checks.contains(&"network") && checks.contains(&"clock"), "{checks:?}");
    assert!(healthy.as_array().unwrap().iter().all(|found| found["ok"] == true), "{healthy}");

    let env = |token: &str, url: &str| [("X_BEARER_TOKEN", token.to_owned()), ("CHIRRUP_BASE_URL", url.to_owned())];
    let ill = program(&["doctor"], &env("wrong", &sandbox.url())).output().unwrap();
    assert_eq!(ill.status.code(), Some(1));
    let said = text(&ill.stdout);
    assert!(said.contains("WRONG") && said.contains("log in again"), "{said}");

    sandbox.clock().advance(std::time::Duration::from_secs(400));
    let late = text(&program(&["doctor", "--jsonl"], &env("x", &sandbox.url())).output().unwrap().stdout);
    assert!(late.contains("s off"), "{late}");

    let nobody = program(&["doctor", "--json"], &env("x", "http://127.0.0.1:9")).output().unwrap();
    let found: Json = serde_json::from_slice(&nobody.stdout).unwrap();
    assert_eq!(
        (&found[0]["check"], &found[0]["ok"], found.as_array().unwrap().len()),
        (&"network".into(), &false.into(), 1)
    );
}
