//! `--output FILE`: a stopped or killed command resumes it, and nothing is lost or doubled.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value as Json;

use crate::scripted_server::{Requests, response, scripted};
use crate::{below, ok, program, text};

/// Posts per page, and pages of the result.
const PER_PAGE: usize = 10;
const PAGES: usize = 12;

/// Starts a server with 120 posts in pages, whose answers take a moment.
fn server(delay: Duration) -> (Vec<(&'static str, String)>, Requests) {
    scripted(move |request, _| {
        std::thread::sleep(delay);
        if request.contains("missing") {
            return response(404, r#"{"title":"Not Found Error","detail":"no such user"}"#);
        }
        let page = request.split("token=t").nth(1).and_then(|rest| rest.split(['&', ' ']).next()?.parse().ok());
        let page: usize = page.unwrap_or(0);
        let posts = (0..PER_PAGE).map(|n| {
            let id = 1_000 - page * PER_PAGE - n;
            format!(r#"{{"id":"{id}","text":"heron {id}, by the water","author_id":"12"}}"#)
        });
        let next = if page + 1 < PAGES { format!(r#","next_token":"t{}""#, page + 1) } else { String::new() };
        let posts = posts.collect::<Vec<_>>().join(",");
        response(200, &format!(r#"{{"data":[{posts}],"meta":{{"result_count":{PER_PAGE}{next}}}}}"#))
    })
}

fn ids(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).unwrap();
    let id = |line: &str| serde_json::from_str::<Json>(line).unwrap()["data"]["id"].as_str().unwrap().to_owned();
    text.lines().map(id).collect()
}

#[test]
fn a_killed_command_resumes_its_file() {
    let (env, requests) = server(Duration::from_millis(15));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("posts.jsonl");
    let path = file.to_str().unwrap();
    let args = ["search", "heron", "-n", "all", "-o", path, "--quiet", "--since", "2d ago"];
    let mut seed = 7;
    for _ in 0..6 {
        let mut child = program(&args, &env).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(40 + below(&mut seed, 120)));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let output = program(&args, &env).output().unwrap();
    assert!(output.status.success() && output.stdout.is_empty(), "{}", text(&output.stderr));
    let found = ids(&file);
    assert_eq!(found.len(), PAGES * PER_PAGE, "nothing is lost");
    assert_eq!(found.iter().collect::<HashSet<_>>().len(), found.len(), "nothing is doubled");
    let sent = requests.lock().unwrap().len();
    let again = program(&["search", "heron", "-n", "all", "-o", path, "--since", "2d ago"], &env).output().unwrap();
    assert!(text(&again.stderr).contains("is complete: 120 posts"), "{}", text(&again.stderr));
    assert_eq!(requests.lock().unwrap().len(), sent, "a complete file needs no request");
}

#[test]
fn a_killed_command_continues_its_json_document() {
    let (env, _requests) = server(Duration::from_millis(15));
    let folder = tempfile::tempdir().unwrap();
    let (file, queries) = (folder.path().join("posts.json"), folder.path().join("queries.txt"));
    fs::write(&queries, "heron\nswift\n").unwrap();
    for (args, name, items) in [
        (["search", "heron", "-n", "all"], "posts.json", PAGES * PER_PAGE),
        (["searches", queries.to_str().unwrap(), "-n", "30"], "several.json", 60),
    ] {
        let file = file.with_file_name(name);
        let args = [&args[..], &["-o", file.to_str().unwrap(), "--quiet"]].concat();
        let mut seed = 11;
        for _ in 0..3 {
            let mut child = program(&args, &env).stderr(Stdio::null()).spawn().unwrap();
            std::thread::sleep(Duration::from_millis(40 + below(&mut seed, 80)));
            child.kill().unwrap();
            child.wait().unwrap();
        }
        ok(&program(&args, &env).output().unwrap());
        let whole: Json = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        assert_eq!(whole["data"].as_array().unwrap().len(), items);
        let left = format!("{name}.included");
        assert!(!file.with_file_name(left).exists(), "what belongs to the pages is in the document");
    }
}

#[test]
fn a_file_without_a_complete_page_is_repaired() {
    let (env, _requests) = scripted(|request, n| match n {
        0 => response(200, r#"{"data":[{"id":"9","text":"a"}],"meta":{"next_token":"t1"}}"#),
        1 => response(503, "{}"),
        _ => {
            assert!(request.contains("token=t1"), "{request}");
            response(200, r#"{"data":[{"id":"9","text":"a"},{"id":"8","text":"b"}],"meta":{}}"#)
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("posts.jsonl");
    let run = || program(&["search", "heron", "-n", "50", "--no-wait", "-o", file.to_str().unwrap()], &env).output();
    let stopped = run().unwrap();
    assert_eq!(stopped.status.code(), Some(6));
    assert!(text(&stopped.stderr).contains("1 posts are in"), "{}", text(&stopped.stderr));
    let complete = fs::read_to_string(&file).unwrap();
    fs::write(&file, format!("{complete}{{\"data\":{{\"id\":\"7")).unwrap();
    ok(&run().unwrap());
    assert_eq!(ids(&file), ["9", "8"], "what follows the last page is removed, and a repeated post is left out");
}

#[test]
fn the_name_of_the_file_chooses_the_format() {
    let (env, _requests) = server(Duration::ZERO);
    let folder = tempfile::tempdir().unwrap();
    let run = |name: &str, options: &[&str]| {
        let file = folder.path().join(name);
        let args = [&["search", "heron", "-n", "20", "-o", file.to_str().unwrap()], options].concat();
        let output = program(&args, &env).output().unwrap();
        assert!(ok(&output).is_empty());
        assert!(text(&output.stderr).contains("is written: 20 posts"), "{}", text(&output.stderr));
        fs::read_to_string(file).unwrap()
    };
    let csv = run("posts.csv", &["--columns", "id,text"]);
    assert!(csv.starts_with("id,text\n1000,\"heron 1000, by the water\"\n") && csv.lines().count() == 21, "{csv}");
    assert_eq!(run("posts.tsv", &[]).lines().count(), 20);
    assert!(run("posts.txt", &["--template", "{id}"]).starts_with("1000\n999\n"));
    assert!(run("posts.jsonl", &[]).starts_with("{\"data\":"));
}

#[test]
fn files_of_other_commands_are_refused() {
    let (env, requests) = server(Duration::ZERO);
    let folder = tempfile::tempdir().unwrap();
    let (own, other) = (folder.path().join("own.jsonl"), folder.path().join("other.txt"));
    let run = |query: &str, file: &Path| {
        program(&["search", query, "-n", "20", "-o", file.to_str().unwrap()], &env).output().unwrap()
    };
    ok(&run("heron", &own));
    fs::write(&other, "a poem\n").unwrap();
    for (query, file, why) in [
        ("swift", &own, "the file has the results of another command"),
        ("heron", &other, "the file exists, and this command did not begin it"),
    ] {
        let sent = requests.lock().unwrap().len();
        let output = run(query, file);
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains(why), "{}", text(&output.stderr));
        assert_eq!(requests.lock().unwrap().len(), sent);
    }
    assert_eq!(fs::read_to_string(&other).unwrap(), "a poem\n");
    let missing = run("heron", &folder.path().join("no/such/folder.jsonl"));
    assert_eq!(missing.status.code(), Some(10), "{}", text(&missing.stderr));
}

#[cfg(unix)]
#[test]
fn a_link_is_not_followed() {
    let (env, _requests) = server(Duration::ZERO);
    let folder = tempfile::tempdir().unwrap();
    let (diary, link) = (folder.path().join("diary.txt"), folder.path().join("posts.jsonl"));
    fs::write(&diary, "").unwrap();
    std::os::unix::fs::symlink(&diary, &link).unwrap();
    let output = program(&["search", "rust", "-o", link.to_str().unwrap()], &env).output().unwrap();
    assert_eq!(output.status.code(), Some(10));
    assert!(text(&output.stderr).contains("symbolic link"), "{}", text(&output.stderr));
    assert_eq!(fs::read(&diary).unwrap(), b"");
}

#[test]
fn several_queries_fill_one_file() {
    let (env, requests) = server(Duration::from_millis(10));
    let folder = tempfile::tempdir().unwrap();
    let (queries, file) = (folder.path().join("queries.txt"), folder.path().join("posts.jsonl"));
    fs::write(&queries, "heron\n\nswift\ntern\n").unwrap();
    let args = ["searches", queries.to_str().unwrap(), "-n", "30", "-o", file.to_str().unwrap(), "-q"];
    let mut child = program(&args, &env).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(120));
    child.kill().unwrap();
    child.wait().unwrap();
    ok(&program(&args, &env).output().unwrap());
    let found = ids(&file);
    let once: Vec<String> = (971..=1_000).rev().map(|id| id.to_string()).collect();
    assert_eq!(found, [once.clone(), once.clone(), once].concat());
    let sent = requests.lock().unwrap().len();
    ok(&program(&args, &env).output().unwrap());
    assert_eq!(requests.lock().unwrap().len(), sent);
}

#[test]
fn a_missing_user_does_not_end_the_others() {
    let (env, _requests) = server(Duration::ZERO);
    let folder = tempfile::tempdir().unwrap();
    let users = folder.path().join("users.txt");
    fs::write(&users, "12\nmissing\n13\n").unwrap();
    let output = program(&["timelines", users.to_str().unwrap(), "-n", "5", "--jsonl"], &env).output().unwrap();
    assert_eq!(output.status.code(), Some(9));
    assert_eq!(text(&output.stdout).lines().count(), 10);
    assert!(text(&output.stderr).contains(r#""missing":["missing:"#), "{}", text(&output.stderr));
}
