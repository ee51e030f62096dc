//! Collections that continue with what is newer, once or at an interval.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use crate::scripted_server::{Requests, response, scripted};
use crate::{below, ok, program, rounds, text, unlimited};

/// ID of the first post, and the distance to the next one.
const FIRST: u64 = 1_750_000_000_000_000_000;
const STEP: u64 = 1_000 << 22;

/// Starts a server with 40 posts, the newest first and ten per page, to which each list that begins adds 15 while it grows.
fn growing_server() -> (Vec<(&'static str, String)>, Requests, Arc<AtomicBool>) {
    let grows = Arc::new(AtomicBool::new(true));
    let (still_grows, posts) = (Arc::clone(&grows), Mutex::new(40));
    let (env, requests) = scripted(move |request, _| {
        let value = |name: &str| request.split(&format!("{name}=")).nth(1)?.split(['&', ' ']).next()?.parse().ok();
        let mut posts = posts.lock().unwrap();
        if still_grows.load(Ordering::SeqCst) && !request.contains("next_token=") {
            *posts += 15;
        }
        let (above, under) = (value("since_id").unwrap_or(0), value("next_token").unwrap_or(u64::MAX));
        let found = (0..*posts).rev().map(|n| FIRST + n * STEP).filter(|id| *id > above && *id < under);
        let ids: Vec<u64> = found.take(11).collect();
        let next = ids.get(9).filter(|_| ids.len() > 10);
        let next = next.map_or_else(String::new, |id| format!(r#","next_token":"{id}""#));
        let items: Vec<String> = ids.iter().take(10).map(|id| format!(r#"{{"id":"{id}","text":"heron"}}"#)).collect();
        std::thread::sleep(std::time::Duration::from_millis(3));
        let meta = format!(r#"{{"result_count":{}{next}}}"#, items.len());
        response(200, &format!(r#"{{"data":[{}],"meta":{meta}}}"#, items.join(",")))
    });
    (env, requests, grows)
}

fn search(options: &[&str], file: &str, env: &[(&str, String)]) -> Output {
    let words = [&["collect", "search", "heron", "--all", "--into", file], options].concat();
    program(&words, env).output().unwrap()
}

/// Number of posts that the last line of a collection reports.
fn reported(output: &Output) -> u64 {
    let said = text(&output.stderr);
    let number = said.rsplit("is complete with ").next().and_then(|rest| rest.split(' ').next()?.parse().ok());
    number.unwrap_or_else(|| panic!("{said}"))
}

#[test]
fn an_update_collects_what_is_newer() {
    let (sandbox, env) = unlimited();
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.db", "b.jsonl", "c.jsonl.zst"] {
        let file = folder.path().join(name);
        let word = format!("word{}", &name[..1]);
        let collect = |options: &[&str]| {
            let words = [&["collect", "search", &word, "--all", "--into", file.to_str().unwrap()], options].concat();
            let output = program(&words, &env).output().unwrap();
            ok(&output);
            (reported(&output), text(&output.stderr))
        };
        let write = |count: usize| {
            for n in 0..count {
                sandbox.write_post("robin", &format!("{word} {n}")).unwrap();
            }
        };
        write(2);
        assert_eq!(collect(&["--update"]).0, 2, "{name}: the first run");
        write(3);
        let sent = sandbox.journal().len();
        let (posts, said) = collect(&[]);
        assert!(posts == 2 && said.contains(": 0 new posts"), "{name}: {said}");
        assert_eq!(sandbox.journal().len(), sent, "{name}: a complete collection needs no request");
        let (posts, said) = collect(&["--update"]);
        assert!(posts == 5 && said.contains(": 3 new posts"), "{name}: {said}");
        assert_eq!(collect(&["--update"]).0, 5, "{name}: nothing is newer");
        ok(&program(&["archive", "verify", file.to_str().unwrap()], &env).output().unwrap());
    }
}

#[test]
fn killed_updates_have_each_post_once() {
    let names: &[&str] = if cfg!(feature = "parquet") { &["a.db", "b.jsonl", "c/"] } else { &["a.db", "b.jsonl"] };
    for name in names {
        let (env, requests, grows) = growing_server();
        let folder = tempfile::tempdir().unwrap();
        let file = format!("{}/{name}", folder.path().display());
        let words = ["collect", "--quiet", "search", "heron", "--all", "--update", "--into", &file];
        let mut seed = 7;
        for round in 0..rounds("CHIRRUP_KILLS", 16) {
            let mut child = program(&words, &env).stderr(Stdio::null()).spawn().unwrap();
            std::thread::sleep(std::time::Duration::from_millis(below(&mut seed, 100)));
            // Some runs end by themselves, so that updates begin.
            if round % 4 > 0 {
                child.kill().unwrap();
            }
            child.wait().unwrap();
        }
        grows.store(false, Ordering::SeqCst);
        let output = search(&["--update"], &file, &env);
        ok(&output);
        let sent = requests.lock().unwrap();
        assert!(sent.iter().any(|request| request.contains("since_id=") && request.contains("next_token=")), "{name}");
        // A killed program may not have read the response to its request.
        let requested = sent.iter().filter(|request| request.starts_with("GET")).count() as u64;
        drop(sent);
        let all = reported(&output);
        assert!(all > 40 && all <= 40 + 15 * requested, "{name}: {all} of {requested}");
        let again = search(&["--update"], &file, &env);
        assert!(reported(&again) == all && text(&again.stderr).contains(": 0 new posts"), "{name}: {again:?}");
        ok(&program(&["archive", "verify", &file], &env).output().unwrap());
        if *name == "b.jsonl" {
            let ids = std::fs::read_to_string(&file).unwrap();
            let ids = ids
                .lines()
                .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["data"]["id"].to_string());
            let ids: Vec<String> = ids.collect();
            let newest = FIRST + (all - 1) * STEP;
            assert!(ids.contains(&format!("\"{newest}\"")) && ids.contains(&format!("\"{FIRST}\"")));
            assert_eq!((ids.len() as u64, ids.iter().collect::<BTreeSet<_>>().len() as u64), (all, all));
        }
    }
}

#[test]
fn two_updates_of_a_source_at_the_same_time_lose_and_repeat_nothing() {
    let (env, _requests, grows) = growing_server();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("herons.db");
    let file = file.to_str().unwrap();
    for _ in 0..4 {
        let words = ["collect", "search", "heron", "--all", "--update", "--into", file];
        let start = || program(&words, &env).stderr(Stdio::piped()).spawn().unwrap();
        let ends = [start(), start()].map(|child| child.wait_with_output().unwrap());
        for end in &ends {
            let refused = text(&end.stderr).contains("another program collects the same source");
            assert!(end.status.success() || (end.status.code() == Some(10) && refused), "{end:?}");
        }
        assert!(ends.iter().any(|end| end.status.success()), "{ends:?}");
    }
    grows.store(false, Ordering::SeqCst);
    let output = search(&["--update"], file, &env);
    ok(&output);
    let db = rusqlite::Connection::open(file).unwrap();
    let range = "SELECT count(*), max(item_id) FROM results";
    let (posts, newest): (u64, u64) = db.query_row(range, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    assert_eq!((posts, FIRST + (posts - 1) * STEP), (reported(&output), newest), "no post is missing");
}

#[test]
fn a_schedule_repeats_a_collection_and_a_description() {
    let (env, requests, _grows) = growing_server();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("herons.db");
    let output = search(&["--every", "1s", "--times", "3"], file.to_str().unwrap(), &env);
    ok(&output);
    let said = text(&output.stderr);
    assert_eq!(said.lines().filter(|line| line.contains("is complete with")).count(), 3, "{said}");
    let begins = |line: &&String| line.contains("since_id=") && !line.contains("next_token=");
    let updates = |requests: &Requests| requests.lock().unwrap().iter().filter(begins).count();
    assert_eq!(updates(&requests), 2, "{said}");
    let description = folder.path().join("birds.toml");
    let content = "into = \"birds.db\"\nevery = \"1s\"\ntimes = 5\n\n[[source]]\ncommand = \"search heron -is:reply\"\nall = true\n\n\
                   [[source]]\ncommand = \"search egret\"\nall = true\n";
    std::fs::write(&description, content).unwrap();
    let words = ["collect", description.to_str().unwrap(), "--times", "2"];
    let output = program(&words, &env).current_dir(folder.path()).output().unwrap();
    ok(&output);
    let said = text(&output.stderr);
    assert_eq!(said.lines().filter(|line| line.contains("is complete with")).count(), 4, "{said}");
    assert_eq!(updates(&requests), 4);
    std::fs::write(&description, content.replace("all = true\n\n", "every = \"1s\"\n\n")).unwrap();
    let refused = program(&words, &env).output().unwrap();
    assert!(text(&refused.stderr).contains("line 7: `every` is not an option here"), "{refused:?}");
}

#[test]
fn a_schedule_ends_with_the_budget_of_its_run_and_not_with_that_of_a_day() {
    let (env, requests, _grows) = growing_server();
    let folder = tempfile::tempdir().unwrap();
    let env = [&env[..], &[("CHIRRUP_CONFIG_DIR", folder.path().to_str().unwrap().to_owned())]].concat();
    let schedule = |name: &str, options: &[&str]| {
        let file = folder.path().join(name);
        let page = ["--expansions", "none", "-n", "10", "--every", "1s"];
        search(&[&page[..], options].concat(), file.to_str().unwrap(), &env)
    };
    // A pass of ten posts costs $0.05.
    let run = schedule("run.db", &["--budget", "0.12"]);
    let said = text(&run.stderr);
    assert_eq!((run.status.code(), requests.lock().unwrap().len()), (Some(8), 2), "{said}");
    assert!(said.contains("for this run"), "{said}");
    let day = schedule("day.db", &["--budget-day", "0.01", "--budget", "5", "--times", "2"]);
    let said = text(&day.stderr);
    assert_eq!((day.status.code(), requests.lock().unwrap().len()), (Some(8), 2), "{said}");
    assert_eq!(said.matches("this pass failed and the next one continues it: ").count(), 1, "{said}");
}

#[test]
fn a_schedule_that_waits_ends_at_an_interrupt() {
    let (env, _requests, _grows) = growing_server();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("herons.db");
    let words = ["collect", "search", "heron", "--all", "--every", "1h", "--into", file.to_str().unwrap()];
    let mut child = program(&words, &env).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("is complete with")));
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    assert!(child.wait().unwrap().success());
}

#[test]
fn schedules_that_mean_nothing_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("herons.db");
    for options in [
        &["collect", "search", "heron", "--every", "0s"][..],
        &["collect", "search", "heron", "--times", "2"],
        &["collect", "search", "heron", "--update", "--until", "2026-01-31"],
        &["collect", "--every", "1h", "search", "heron"],
        &["collect", "stream", "filtered", "--every", "1h"],
    ] {
        let words = [options, &["--into", file.to_str().unwrap()]].concat();
        let refused = program(&words, &[]).output().unwrap();
        assert_eq!(refused.status.code(), Some(2), "{options:?}: {}", text(&refused.stderr));
    }
    assert!(!file.exists());
}
