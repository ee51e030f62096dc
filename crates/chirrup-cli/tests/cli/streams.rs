//! Streams, rules and webhooks.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chirrup_sandbox::{Disconnect, Sandbox};
use rusqlite::Connection;
use serde_json::Value as Json;

use crate::{below, ok, program, rounds, sandbox, text, unlimited};

/// Waits until this number of streams is open.
pub(crate) fn wait_for_streams(sandbox: &Sandbox, count: usize) {
    for _ in 0..1_000 {
        if sandbox.open_stream_count() == count {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("expected {count} open streams");
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

#[test]
fn rules_are_listed_added_synced_checked_and_cleared() {
    let (_sandbox, env) = sandbox();
    let run = |args: &[&str]| program(args, &env).output().unwrap();
    assert!(ok(&run(&["rules", "list"])).contains("no rules"));
    assert!(ok(&run(&["rules", "add", "heron", "wren has:images", "--tag", "birds"])).contains("2 rules added"));
    let invalid = run(&["rules", "add", "heron OR OR"]);
    assert_eq!(invalid.status.code(), Some(2));
    assert!(text(&invalid.stderr).contains("  | heron OR OR"), "{}", text(&invalid.stderr));
    let duplicate = run(&["rules", "add", "heron", "--tag", "birds"]);
    assert_eq!(duplicate.status.code(), Some(1));
    assert!(text(&duplicate.stderr).contains("a rule with this query and tag exists"));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rules.txt");
    std::fs::write(&file, "// comment\nheron\tbirds\n#swift\n").unwrap();
    let file = file.to_str().unwrap();
    let unconfirmed = run(&["rules", "sync", file]);
    assert_eq!(unconfirmed.status.code(), Some(2), "stdin is not a terminal");
    let plan = text(&unconfirmed.stderr);
    assert!(
        plan.contains("+ #swift\n- wren has:images  [birds]\n1 to add, 0 to retag, 1 to delete, 1 to keep"),
        "{plan}"
    );
    ok(&run(&["rules", "sync", file, "--yes"]));
    let listed: Json = serde_json::from_str(&ok(&run(&["rules", "list", "--json"]))).unwrap();
    let values: Vec<_> =
        listed["data"].as_array().unwrap().iter().map(|rule| rule["value"].as_str().unwrap()).collect();
    assert_eq!(values, ["heron", "#swift"]);
    // The output of `rules list --json` is a valid file of rules.
    let saved = folder.path().join("rules.json");
    std::fs::write(&saved, listed.to_string()).unwrap();
    assert!(ok(&run(&["rules", "sync", saved.to_str().unwrap()])).contains("0 to add, 0 to retag, 0 to delete"));
    assert!(ok(&run(&["rules", "check", "heron lang:en"])).contains("1 rule is valid"));
    assert!(ok(&run(&["rules", "check", "wren", "--ask"])).contains("the server accepts all rules"));
    assert!(ok(&run(&["rules", "delete", "heron"])).contains("1 rule deleted"));
    assert!(ok(&run(&["rules", "clear"])).contains("1 rule deleted"));
}

#[test]
fn a_stream_reconnects_after_a_broken_connection() {
    let (sandbox, env) = sandbox();
    ok(&program(&["rules", "add", "heron", "--tag", "birds"], &env).output().unwrap());
    let mut command = program(&["stream", "-n", "3"], &env);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    wait_for_streams(&sandbox, 1);
    sandbox.write_post("robin", "a heron\nat the pond").unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    assert!(first.contains("@robin: a heron at the pond  [birds]"), "{first}");
    sandbox.disconnect_streams(Disconnect::Abort);
    sandbox.write_post("robin", "a second heron").unwrap();
    assert!(lines.next().unwrap().unwrap().contains("a second heron"));
    sandbox.send_raw_to_streams(&b"no json\r\n"[..]);
    sandbox.write_post("ada", "a third heron").unwrap();
    assert!(lines.next().unwrap().unwrap().contains("@ada: a third heron"));
    assert!(lines.next().is_none());
    let output = child.wait_with_output().unwrap();
    let events = text(&output.stderr);
    assert!(output.status.success(), "{events}");
    let expected = [
        "live\n",
        "reconnecting in 0.0 s",
        "sends the missed items again",
        "cannot decode a line",
        "3 items, 2 connections, ",
    ];
    for line in expected {
        assert!(events.contains(line), "{line}: {events}");
    }
}

#[test]
fn a_stream_prints_json_lines_and_ends_on_a_signal() {
    let (sandbox, env) = sandbox();
    let mut command = program(&["stream", "firehose", "--jsonl", "--quiet"], &env);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    wait_for_streams(&sandbox, 20);
    let posts: Vec<_> = (0..40).map(|n| sandbox.write_post("robin", &format!("post {n}")).unwrap()).collect();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let shown: Vec<String> = lines.by_ref().take(40).map(Result::unwrap).collect();
    signal(&child, "TERM");
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{}", text(&output.stderr));
    assert!(lines.next().is_none());
    assert!(shown.iter().all(|line| serde_json::from_str::<Json>(line).is_ok()));
    let shown = shown.concat();
    assert!(posts.iter().all(|post| shown.contains(&post.to_string())));
    let invalid = program(&["stream", "firehose", "--partition", "21"], &env).output().unwrap();
    assert_eq!(invalid.status.code(), Some(2));
    let without_rules = program(&["stream"], &env).output().unwrap();
    assert_eq!(without_rules.status.code(), Some(1), "there are no rules to match");
    assert!(text(&without_rules.stderr).contains("rules add"), "{}", text(&without_rules.stderr));
    let timed = program(&["stream", "sample", "--for", "1"], &env).output().unwrap();
    assert!(timed.status.success());
}

#[test]
fn a_second_signal_ends_a_program_whose_output_is_blocked() {
    let (sandbox, env) = sandbox();
    ok(&program(&["rules", "add", "heron"], &env).output().unwrap());
    let mut command = program(&["stream", "--jsonl"], &env);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    wait_for_streams(&sandbox, 1);
    // This is more than the buffer of a pipe.
    for id in 1..=400 {
        sandbox.send_raw_to_streams(format!("{{\"data\":{{\"id\":\"{id}\",\"text\":\"{}\"}}}}\n", "x".repeat(5_000)));
    }
    let mut shown = BufReader::with_capacity(1, child.stdout.take().unwrap());
    shown.read_line(&mut String::new()).unwrap();
    std::thread::sleep(Duration::from_millis(500));
    signal(&child, "INT");
    std::thread::sleep(Duration::from_millis(300));
    assert!(child.try_wait().unwrap().is_none(), "received items are not printed yet");
    signal(&child, "INT");
    assert_eq!(child.wait().unwrap().code(), Some(130));
}

/// Sets a flag when it is dropped.
struct SetOnDrop<'f>(&'f AtomicBool);

impl Drop for SetOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// Records a stream with `args` while posts are written and the program is killed, until the last post is kept. Returns the
/// IDs of the posts, and the environment of the program. `has_begun` says whether the first checkpoint is stored, and
/// `keeps` whether a post is.
pub(crate) fn record_with_kills(
    args: &[&str],
    has_begun: impl Fn() -> bool,
    keeps: impl Fn(&str) -> bool,
) -> (Vec<String>, Vec<(&'static str, String)>) {
    let (sandbox, env) = unlimited();
    ok(&program(&["rules", "add", "heron"], &env).output().unwrap());
    let start = || program(args, &env).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let (done, writes) = (AtomicBool::new(false), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        // The writer also ends if an assertion fails.
        let _done = SetOnDrop(&done);
        scope.spawn(|| {
            while !done.load(Ordering::SeqCst) {
                let id = sandbox.write_post("robin", "a heron \u{1F426}\nat the pond").unwrap();
                writes.lock().unwrap().push(id.to_string());
                std::thread::sleep(Duration::from_millis(10));
            }
        });
        let mut seed = 0x2545_F491_4F6C_DD1D_u64;
        // Items before the first checkpoint are not recovered.
        let first = start();
        wait_for_streams(&sandbox, 1);
        while !has_begun() {
            std::thread::sleep(Duration::from_millis(5));
        }
        signal(&first, "KILL");
        first.wait_with_output().unwrap();
        for round in 0..rounds("CHIRRUP_KILLS", 12) {
            wait_for_streams(&sandbox, 0);
            let child = start();
            wait_for_streams(&sandbox, 1);
            std::thread::sleep(Duration::from_millis(below(&mut seed, 400)));
            let name = ["KILL", "TERM", "INT"][round % 3];
            signal(&child, name);
            let output = child.wait_with_output().unwrap();
            // On a busy machine, what was received may not be stored within the time that a stop has.
            let has_ended = output.status.success() || output.status.code() == Some(130);
            assert!(name == "KILL" || has_ended, "{name}: {}", text(&output.stderr));
        }
    });
    let writes = writes.into_inner().unwrap();
    wait_for_streams(&sandbox, 0);
    let last = start();
    wait_for_streams(&sandbox, 1);
    for _ in 0..6_000 {
        if keeps(writes.last().unwrap()) {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    signal(&last, "TERM");
    let output = last.wait_with_output().unwrap();
    assert!(output.status.success() && text(&output.stderr).contains("new in"), "{}", text(&output.stderr));
    (writes, env)
}

/// Checks that each post is found once, from the first that is found on.
pub(crate) fn assert_each_once(writes: &[String], ids: &[String]) {
    let mut found: HashMap<&String, u32> = HashMap::new();
    ids.iter().for_each(|id| *found.entry(id).or_default() += 1);
    let first = writes.iter().position(|id| found.contains_key(id)).unwrap();
    let wrong: Vec<_> = writes[first..].iter().filter(|id| found.get(id) != Some(&1)).collect();
    assert!(wrong.is_empty(), "of {} posts: {wrong:?}", writes.len());
}

#[test]
fn a_stream_file_has_each_item_once_although_the_program_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("posts.jsonl");
    let kept = || std::fs::read_to_string(&file).unwrap_or_default();
    let args = ["stream", "--into", file.to_str().unwrap()];
    let has_begun = || file.with_extension("jsonl.checkpoint").exists();
    let (writes, env) = record_with_kills(&args, has_begun, |id| kept().contains(id));
    let kept = kept();
    let mut ids: Vec<String> = Vec::new();
    for line in kept.lines() {
        let json: Json = serde_json::from_str(line).unwrap_or_else(|why| panic!("{why}: {line}"));
        assert!(json["matching_rules"].is_array(), "the line is as the stream sent it");
        ids.push(json["data"]["id"].as_str().unwrap().to_owned());
    }
    assert_each_once(&writes, &ids);
    let gaps = std::fs::read_to_string(file.with_extension("jsonl.gaps")).unwrap();
    assert!(gaps.lines().count() >= rounds("CHIRRUP_KILLS", 12) / 2 && !gaps.contains("\"by\":null"), "{gaps}");
    ok(&program(&["archive", "verify", file.to_str().unwrap()], &env).output().unwrap());
}

#[test]
fn a_stream_into_a_file_and_a_collected_stream_have_the_same_fields() {
    let (sandbox, env) = unlimited();
    ok(&program(&["rules", "add", "heron"], &env).output().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let mut fields = Vec::new();
    for (words, name) in [(&["stream"][..], "a.jsonl"), (&["collect", "stream"], "b.jsonl")] {
        let file = folder.path().join(name);
        let args = [words, &["filtered", "-n", "1", "--into", file.to_str().unwrap()]].concat();
        let child = program(&args, &env).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        wait_for_streams(&sandbox, 1);
        sandbox.write_post("robin", "a heron").unwrap();
        ok(&child.wait_with_output().unwrap());
        wait_for_streams(&sandbox, 0);
        let line: Json = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        let names = |object: &Json| object.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        fields.push((names(&line["data"]), names(&line["includes"]["users"][0])));
    }
    assert_eq!(fields[0], fields[1]);
    assert!(fields[0].0.contains(&"reply_settings".to_owned()), "{fields:?}");
}

#[test]
fn a_database_has_each_post_of_a_stream_once_although_the_program_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("herons.db");
    let numbers = |query: &str| -> Vec<String> {
        let Ok(database) = Connection::open(&file) else { return Vec::new() };
        let Ok(mut query) = database.prepare(query) else { return Vec::new() };
        query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    let args = ["collect", "stream", "filtered", "--into", file.to_str().unwrap()];
    let has_begun = || !numbers("SELECT name FROM sources WHERE next_token <> ''").is_empty();
    let all = "SELECT CAST(id AS TEXT) FROM results_of_posts WHERE found_by = 'stream filtered 1'";
    let (writes, env) = record_with_kills(&args, has_begun, |id| numbers(all).iter().any(|found| found == id));
    assert_each_once(&writes, &numbers(all));
    let matched = numbers("SELECT CAST(count(*) AS TEXT) FROM matched_rules");
    assert_eq!(matched, [numbers(all).len().to_string()], "each post has its rule");
    assert!(numbers("SELECT cause FROM gaps").len() >= rounds("CHIRRUP_KILLS", 12) / 2);
    let lost = numbers("SELECT filled FROM gaps WHERE filled ->> 'by' IS NULL");
    assert!(lost.is_empty(), "{lost:?}");
    assert!(!numbers("SELECT username FROM users JOIN posts ON author_id = users.id").is_empty());
    ok(&program(&["archive", "verify", file.to_str().unwrap()], &env).output().unwrap());
    // What is not a post has no table.
    let likes = program(&["collect", "stream", "likes", "--into", file.to_str().unwrap()], &env).output().unwrap();
    assert_eq!(likes.status.code(), Some(2), "{}", text(&likes.stderr));
}

#[test]
fn a_webhook_is_registered_receives_events_and_is_deleted() {
    let (sandbox, env) = sandbox();
    let mut command =
        program(&["webhook", "listen", "--port", "0", "--register", "local", "--subscribe", "-n", "1"], &env);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut notices = BufReader::new(child.stderr.take().unwrap()).lines();
    assert!(notices.next().unwrap().unwrap().starts_with("listening on http://127.0.0.1:"));
    assert!(notices.next().unwrap().unwrap().starts_with("registered webhook "));
    assert!(ok(&program(&["webhook", "list"], &env).output().unwrap()).contains("valid"));
    sandbox.write_post("ada", "hello hook").unwrap();
    let shown = ok(&child.wait_with_output().unwrap());
    assert!(shown.starts_with("tweet_create_events of") && shown.contains("hello hook"), "{shown}");
    let remaining = program(&["webhook", "list"], &env).output().unwrap();
    assert!(ok(&remaining).is_empty() && text(&remaining.stderr).contains("no results"), "{remaining:?}");
}
