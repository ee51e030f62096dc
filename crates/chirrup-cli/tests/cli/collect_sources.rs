//! `chirrup collect` of counts, Spaces and the lines of a URL: each once, whatever stops the program.

use std::path::Path;
use std::process::{Output, Stdio};
use std::time::Duration;

use chirrup::model::Timestamp;
use rusqlite::Connection;
use serde_json::Value as Json;

use crate::scripted_server::{response, scripted};
use crate::{below, ok, program, rounds, text, unlimited};

fn collect(words: &[&str], file: &Path, env: &[(&str, String)]) -> Output {
    program(&[&["collect"], words, &["--into", file.to_str().unwrap()]].concat(), env).output().unwrap()
}

fn number(file: &Path, query: &str) -> i64 {
    Connection::open(file).and_then(|file| file.query_row(query, [], |row| row.get(0))).unwrap_or(-1)
}

fn verify(file: &Path) {
    let verified = program(&["archive", "verify", file.to_str().unwrap()], &[]).output().unwrap();
    assert!(ok(&verified).contains("is sound"), "{verified:?}");
}

/// Days that the server of counts has, ten per page.
const DAYS: i64 = 200;

#[test]
fn a_killed_collection_has_each_count_once() {
    let (env, requests) = scripted(|request, _| {
        std::thread::sleep(Duration::from_millis(4));
        let page = request.split("token=t").nth(1).and_then(|rest| rest.split(['&', ' ']).next()?.parse().ok());
        let page: i64 = page.unwrap_or(0);
        let days = (page * 10..page * 10 + 10).map(|day| {
            let [start, end] = [day, day + 1].map(|day| Timestamp::from_secs(1_700_006_400 + day * 86_400));
            format!(r#"{{"start":"{start}","end":"{end}","tweet_count":{day}}}"#)
        });
        let next = if page < DAYS / 10 - 1 { format!(r#""next_token":"t{}","#, page + 1) } else { String::new() };
        let days = days.collect::<Vec<_>>().join(",");
        response(200, &format!(r#"{{"data":[{days}],"meta":{{{next}"total_tweet_count":1}}}}"#))
    });
    let folder = tempfile::tempdir().unwrap();
    for name in ["counts.db", "counts.jsonl"] {
        let file = folder.path().join(name);
        let words = ["count", "heron", "has:images", "--all", "--by", "day"];
        let args = [&["collect", "--quiet"], &words[..], &["--into", file.to_str().unwrap()]].concat();
        let (mut seed, mut kills) = (3, 0);
        for _ in 0..rounds("CHIRRUP_KILLS", 12) {
            let mut child = program(&args, &env).stderr(Stdio::null()).spawn().unwrap();
            std::thread::sleep(Duration::from_millis(below(&mut seed, 80)));
            kills += u32::from(child.try_wait().unwrap().is_none());
            child.kill().unwrap();
            child.wait().unwrap();
        }
        assert!(kills > 0);
        let said = text(&collect(&words, &file, &env).stderr);
        assert!(said.contains("is complete with 200 counts in 20 pages"), "{said}");
        verify(&file);
        let sent = requests.lock().unwrap().len();
        ok(&collect(&words, &file, &env));
        assert_eq!(requests.lock().unwrap().len(), sent, "a complete collection needs no request");
        // The same archive has counts of another query, too.
        ok(&collect(&["count", "swan", "--all", "--by", "hour"], &file, &env));
        verify(&file);
    }
    let file = folder.path().join("counts.db");
    let days = "SELECT sum(posts) FROM counts WHERE query = 'heron has:images' AND granularity = 'day'";
    assert_eq!(number(&file, days), (0..DAYS).sum::<i64>());
    let hours = "SELECT count(*) FROM counts WHERE query = 'swan' AND granularity = 'hour' AND end_at > start_at";
    assert_eq!(number(&file, hours), DAYS);
    let lines = std::fs::read_to_string(folder.path().join("counts.jsonl")).unwrap();
    let lines: Vec<Json> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2 * DAYS as usize);
    assert_eq!((&lines[7]["data"]["query"], &lines[7]["data"]["tweet_count"]), (&"heron has:images".into(), &7.into()));
    let imported = folder.path().join("imported.db");
    let lines = folder.path().join("counts.jsonl");
    let words = ["archive", "import", lines.to_str().unwrap(), "--into", imported.to_str().unwrap()];
    ok(&program(&words, &[]).output().unwrap());
    assert_eq!(number(&imported, days), (0..DAYS).sum::<i64>());
}

#[test]
fn the_counts_and_spaces_of_the_sandbox_are_rows() {
    let (sandbox, env) = unlimited();
    // Counts end now.
    sandbox.clock().freeze();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("birds.db");
    let description = folder.path().join("birds.toml");
    let into = file.to_str().unwrap();
    let sources = "[[source]]\ncommand = \"count 'rust OR data'\"\nby = \"day\"\n\n[[source]]\n\
                   command = \"spaces search rust\"\n\n[[source]]\ncommand = \"spaces show 1DXxyRYNejbKM\"\n";
    std::fs::write(&description, format!("into = {into:?}\n\n{sources}")).unwrap();
    let collected = program(&["collect", description.to_str().unwrap()], &env).output().unwrap();
    ok(&collected);
    let counted = program(&["count", "rust OR data", "--json"], &env).output().unwrap();
    let counted: Json = serde_json::from_str(&ok(&counted)).unwrap();
    let total: i64 = counted["data"].as_array().unwrap().iter().map(|day| day["tweet_count"].as_i64().unwrap()).sum();
    assert!(total > 0);
    assert_eq!(number(&file, "SELECT sum(posts) FROM counts"), total);
    assert_eq!(number(&file, "SELECT count(*) FROM spaces WHERE title IS NOT NULL AND state IS NOT NULL"), 2);
    assert_eq!(number(&file, "SELECT count(*) FROM users JOIN spaces ON creator_id = users.id"), 2);
    assert_eq!(number(&file, "SELECT count(*) FROM sources WHERE is_complete"), 3);
    verify(&file);
    let lines = folder.path().join("spaces.jsonl");
    ok(&collect(&["spaces", "of", "12", "13"], &lines, &env));
    verify(&lines);
}

/// Posts that a connection to the server of lines has more than the one before.
const GROWTH: usize = 40;

#[test]
fn each_line_of_a_url_is_stored_once_although_the_program_is_killed() {
    // A server that repeats its posts from the first on, ends each response, and sends some lines that are no posts.
    let (env, requests) = scripted(|_, number| {
        let posts = (0..(number + 1) * GROWTH).map(|id| match id % 2 {
            0 => format!("{{\"data\":{{\"id\":\"{}\",\"text\":\"heron\"}}}}\r\n", 1_000 + id),
            _ => format!("{{\"id\":\"{}\",\"text\":\"swan\"}}\r\n\r\n", 1_000 + id),
        });
        let lines = posts.collect::<String>();
        format!("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{lines}a line without JSON {number}\r\n{{\"id\":\"9")
    });
    let base = env.iter().find(|(name, _)| *name == "CHIRRUP_BASE_URL").unwrap().1.clone();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mirror.db");
    let url = format!("{base}/mirror?key=secret");
    let args = ["collect", "lines", &url, "--into", file.to_str().unwrap()];
    let posts = || number(&file, "SELECT count(*) FROM posts");
    // The credentials of another host are not needed.
    for round in 1..=4 {
        let mut child = program(&args, &[]).stderr(Stdio::piped()).spawn().unwrap();
        while posts() < round * GROWTH as i64 {
            if child.try_wait().unwrap().is_some() {
                panic!("{}", text(&child.wait_with_output().unwrap().stderr));
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    // A killed program may have sent a part of its request.
    let sent = requests.lock().unwrap().clone();
    assert!(sent.iter().all(|line| "GET /mirror?key=secret HTTP/1.1".starts_with(line)), "{sent:?}");
    let ids = "SELECT max(id) - min(id) + 1 FROM posts";
    assert_eq!(number(&file, ids), posts());
    assert_eq!(number(&file, "SELECT count(*) FROM results"), posts());
    assert!(number(&file, "SELECT count(*) FROM problems WHERE json LIKE '%without JSON%'") > 0);
    assert_eq!(number(&file, "SELECT count(*) FROM sources WHERE name LIKE '%secret%'"), 0);
    verify(&file);
}

#[test]
fn lines_of_the_sandbox_are_recorded_with_its_credentials() {
    let (sandbox, env) = unlimited();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sample.jsonl");
    ok(&program(&["rules", "add", "heron"], &env).output().unwrap());
    let url = format!("{}/2/tweets/search/stream", sandbox.url());
    let args = ["collect", "lines", &url, "-n", "3", "--into", file.to_str().unwrap()];
    let child = program(&args, &env).stderr(Stdio::piped()).spawn().unwrap();
    crate::streams::wait_for_streams(&sandbox, 1);
    let ids: Vec<_> = (0..3).map(|_| sandbox.write_post("robin", "a heron").unwrap().to_string()).collect();
    ok(&child.wait_with_output().unwrap());
    let lines = std::fs::read_to_string(&file).unwrap();
    let lines: Vec<Json> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.iter().map(|line| line["data"]["id"].as_str().unwrap()).collect::<Vec<_>>(), ids);
    verify(&file);
    let refused = collect(&["lines", "ftp://example.com/posts"], &file, &env);
    assert_eq!(refused.status.code(), Some(2), "{}", text(&refused.stderr));
}
