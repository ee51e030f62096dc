//! Collections in streams of a NATS server, and drains of them, each post once, whatever stops the program.

#[cfg(feature = "parquet")]
mod endurance;
#[cfg(feature = "parquet")]
mod firehose;
#[cfg(feature = "parquet")]
mod guide;
mod server;
mod shared;
mod team;

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use rusqlite::Connection;
use serde_json::Value as Json;

use self::server::{NatsServer, nats_server};
use crate::collect::{PAGES, PER_PAGE, server};
use crate::{below, ok, program, rounds, text, unlimited};

const POSTS: usize = PER_PAGE * PAGES;

/// Moves all messages of a stream into an archive. Returns the numbers.
fn drain(stream: &str, into: &Path) -> Json {
    let words = ["archive", "drain", stream, "--into", into.to_str().unwrap(), "--once", "--json"];
    serde_json::from_str(&ok(&program(&words, &[]).output().unwrap())).unwrap()
}

fn number(file: &Path, query: &str) -> usize {
    Connection::open(file).unwrap().query_row(query, [], |row| row.get(0)).unwrap()
}

/// IDs of the posts of a file of lines, in order.
fn ids(file: &Path) -> Vec<u64> {
    let lines = std::fs::read_to_string(file).unwrap();
    let id = |line: &str| serde_json::from_str::<Json>(line).unwrap()["data"]["id"].as_str().unwrap().parse().unwrap();
    let mut ids: Vec<u64> = lines.lines().map(id).collect();
    ids.sort_unstable();
    ids
}

/// Publishes this number of posts to a new stream.
fn publish(nats: &NatsServer, folder: &Path, posts: usize) -> String {
    publish_with_kills(nats, folder, posts, 0).0
}

/// Publishes this number of posts to a new stream, by a program that is killed again and again. Returns the number of kills,
/// too.
fn publish_with_kills(nats: &NatsServer, folder: &Path, posts: usize, kills: usize) -> (String, u32) {
    let file = folder.join("herons.jsonl");
    let line = |id: usize| format!("{{\"data\":{{\"id\":\"{id}\",\"text\":\"heron {id}\"}}}}\n");
    std::fs::write(&file, (1..=posts).map(line).collect::<String>()).unwrap();
    let stream = nats.stream("herons");
    let args = ["archive", "import", file.to_str().unwrap(), "--into", &stream];
    let (mut seed, mut killed) = (3, 0);
    for _ in 0..kills {
        let mut child = program(&args, &[]).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(20 + below(&mut seed, 400)));
        killed += u32::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
    }
    ok(&program(&args, &[]).output().unwrap());
    (stream, killed)
}

#[test]
fn a_killed_collection_publishes_each_post_once() {
    let Some(nats) = nats_server() else { return };
    let (env, requests) = server(Duration::from_millis(4));
    let (folder, stream) = (tempfile::tempdir().unwrap(), nats.stream("birds"));
    let args = ["collect", "search", "heron", "--all", "--into", &stream];
    let (mut seed, mut kills) = (11, 0);
    for _ in 0..rounds("CHIRRUP_KILLS", 24) {
        let mut child = program(&args, &env).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(below(&mut seed, 300)));
        kills += u32::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert!(kills > 0);
    let collect = || program(&args, &env).output().unwrap();
    let output = collect();
    assert!(ok(&output).is_empty());
    let said = text(&output.stderr);
    assert!(said.contains("is complete with 400 posts in 40 pages"), "{said}");
    let sent = requests.lock().unwrap().len();
    assert!(text(&collect().stderr).contains(": 0 new posts"));
    assert_eq!(requests.lock().unwrap().len(), sent, "a complete collection needs no request");

    // Each archive gets each message, which the stream has once.
    let [database, lines] = ["birds.db", "birds.jsonl"].map(|name| folder.path().join(name));
    for archive in [&database, &lines] {
        let drained = drain(&stream, archive);
        assert_eq!((&drained["messages"], &drained["new_items"]), (&POSTS.into(), &POSTS.into()), "{drained}");
        assert_eq!(drain(&stream, archive)["messages"], 0, "a drained stream has no new message");
    }
    assert_eq!(number(&database, "SELECT count(*) FROM posts"), POSTS);
    assert_eq!(number(&database, "SELECT count(*) FROM users"), 7, "the authors come along");
    assert_eq!(number(&database, "SELECT count(DISTINCT id) FROM results_of_posts"), POSTS);
    assert_eq!(ids(&lines), (601..=1_000).collect::<Vec<_>>());
    for archive in [&database, &lines] {
        ok(&program(&["archive", "verify", archive.to_str().unwrap()], &[]).output().unwrap());
    }
}

#[test]
fn a_post_that_two_sources_find_is_one_message() {
    let Some(nats) = nats_server() else { return };
    let (env, _requests) = server(Duration::ZERO);
    let (folder, stream) = (tempfile::tempdir().unwrap(), nats.stream("birds"));
    for query in ["heron", "swift"] {
        let output = program(&["collect", "search", query, "--all", "--into", &stream], &env).output().unwrap();
        let new = if query == "heron" { "400 new posts" } else { "0 new posts" };
        assert!(text(&output.stderr).contains(new), "{}", text(&output.stderr));
    }
    assert_eq!(drain(&stream, &folder.path().join("birds.db"))["messages"], POSTS);
}

#[test]
fn spaces_and_counts_pass_through_a_stream() {
    let Some(nats) = nats_server() else { return };
    let (sandbox, env) = unlimited();
    // Counts end now.
    sandbox.clock().freeze();
    let (folder, stream) = (tempfile::tempdir().unwrap(), nats.stream("birds"));
    let [drained, direct] = ["drained.db", "direct.db"].map(|name| folder.path().join(name));
    for words in [&["count", "rust OR data"][..], &["spaces", "search", "rust"]] {
        for into in [&stream, direct.to_str().unwrap()] {
            ok(&program(&[&["collect"], words, &["--into", into]].concat(), &env).output().unwrap());
        }
    }
    let status = || ok(&program(&["archive", "status", &stream], &[]).output().unwrap());
    let before = status();
    assert!(before.contains("no consumers, no teams yet") && !before.contains("no results"), "{before}");
    let moved = drain(&stream, &drained);
    assert!(status().contains("no teams yet"), "{}", status());
    for (items, query) in [
        ("counts", "SELECT group_concat(id || ' ' || posts || ' ' || start_at, ', ' ORDER BY id) FROM counts"),
        ("spaces", "SELECT group_concat(id || ' ' || title || ' ' || creator_id, ', ' ORDER BY id) FROM spaces"),
    ] {
        let rows = |file: &Path| Connection::open(file).unwrap().query_row(query, [], |row| row.get::<_, String>(0));
        assert_eq!(rows(&drained).unwrap(), rows(&direct).unwrap(), "{items}");
    }
    let results = number(&drained, "SELECT count(*) FROM results");
    assert_eq!((&moved["new_items"], number(&direct, "SELECT count(*) FROM results")), (&results.into(), results));
    assert_eq!(number(&drained, "SELECT count(*) FROM users JOIN spaces ON creator_id = users.id"), 1);
    ok(&program(&["archive", "verify", drained.to_str().unwrap()], &[]).output().unwrap());
}

#[test]
fn killed_drains_move_each_post_once() {
    let Some(nats) = nats_server() else { return };
    let folder = tempfile::tempdir().unwrap();
    let posts = 30_000;
    let stream = publish(&nats, folder.path(), posts);
    let [database, lines] = ["birds.db", "birds.jsonl"].map(|name| folder.path().join(name));
    let mut seed = 7;
    for archive in [&database, &lines] {
        let args = ["archive", "drain", &stream, "--into", archive.to_str().unwrap(), "--quiet"];
        for _ in 0..rounds("CHIRRUP_KILLS", 6) {
            let mut child = program(&args, &[]).stderr(Stdio::null()).spawn().unwrap();
            std::thread::sleep(Duration::from_millis(100 + below(&mut seed, 700)));
            child.kill().unwrap();
            child.wait().unwrap();
        }
        drain(&stream, archive);
        ok(&program(&["archive", "verify", archive.to_str().unwrap()], &[]).output().unwrap());
    }
    assert_eq!(number(&database, "SELECT count(*) FROM posts"), posts);
    assert_eq!(number(&database, "SELECT count(*) FROM results"), posts);
    assert_eq!(ids(&lines), (1..=posts as u64).collect::<Vec<_>>());
}

#[test]
fn several_drains_share_the_messages_of_a_database() {
    let Some(nats) = nats_server() else { return };
    let folder = tempfile::tempdir().unwrap();
    let posts = 20_000;
    let stream = publish(&nats, folder.path(), posts);
    let database = folder.path().join("birds.db");
    let args = ["archive", "drain", &stream, "--into", database.to_str().unwrap(), "--once", "--json"];
    let start = || program(&args, &[]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let drains = [start(), start(), start()];
    let moved = drains.map(|drain| {
        let output = drain.wait_with_output().unwrap();
        let drained: Json = serde_json::from_str(&ok(&output)).unwrap();
        drained["new_items"].as_u64().unwrap()
    });
    assert_eq!(moved.iter().sum::<u64>(), posts as u64, "{moved:?}");
    assert_eq!(number(&database, "SELECT count(*) FROM posts"), posts);
}

#[test]
fn a_stream_is_not_read_as_a_file_and_shows_no_password() {
    let Some(nats) = nats_server() else { return };
    let stream = nats.stream("birds").replace("nats://", "nats://robin:secret@");
    for words in [
        &["archive", "stats", &stream][..],
        &["archive", "drain", &stream, "--into", "birds.db"],
        &["archive", "drain", "nats://127.0.0.1:1/birds", "--into", "birds.jsonl", "--once"],
        &["collect", "search", "heron", "--pages", "--into", &stream],
        &["collect", "search", "heron", "--into", "nats://127.0.0.1/a.b"],
    ] {
        let folder = tempfile::tempdir().unwrap();
        let output = program(words, &[]).current_dir(folder.path()).output().unwrap();
        let said = text(&output.stderr);
        assert!(!output.status.success() && !said.contains("secret"), "{words:?}: {said}");
    }
}
