//! Money, rate limits, dry runs and media at the shell.

use std::process::Stdio;
use std::time::Duration;

use serde_json::Value as Json;

use crate::{below, ok, program, sandbox, text, times, unlimited};

#[test]
fn what_is_spent_is_kept_shown_and_bounded() {
    let (sandbox, mut env) = sandbox();
    let folder = tempfile::tempdir().unwrap();
    env.push(("CHIRRUP_CONFIG_DIR", folder.path().to_str().unwrap().to_owned()));
    let run = |args: &[&str]| program(args, &env).output().unwrap();
    ok(&run(&["post", "one"]));
    ok(&run(&["search", "rust", "-n", "10"]));
    ok(&run(&["search", "rust", "-n", "10"]));
    let report: Json = serde_json::from_str(&ok(&run(&["spend", "--json"]))).unwrap();
    assert_eq!(report["total"].as_str().unwrap(), sandbox.bill().to_string());
    let post = report["data"].as_array().unwrap().iter().find(|line| line["endpoint"] == "create_post").unwrap();
    assert_eq!((&post["calls"], &post["cost"]), (&1.into(), &"$0.015".into()));
    assert!(ok(&run(&["spend"])).contains("this month"));
    let refused = run(&["--budget-day", "0.02", "post", "two"]);
    assert_eq!(refused.status.code(), Some(8));
    assert!(text(&refused.stderr).contains("today") && text(&refused.stderr).contains("$0.015"));
    ok(&run(&["--budget", "0.02", "post", "another run"]));
    assert_eq!(run(&["--budget", "much", "post", "three"]).status.code(), Some(2));
    // A list of one's own.
    let list = folder.path().join("prices.tsv");
    let own = ok(&run(&["spend", "--prices"])).replace("Post: Create\t0.015", "Post: Create\t5");
    std::fs::write(&list, own).unwrap();
    let dear = run(&["--price-list", list.to_str().unwrap(), "--budget", "4", "post", "dear"]);
    assert!(text(&dear.stderr).contains("$5.00"), "{}", text(&dear.stderr));
    let limits: Json = serde_json::from_str(&ok(&run(&["limits", "--json"]))).unwrap();
    let search = limits.as_array().unwrap().iter().find(|limit| limit["endpoint"] == "search_recent").unwrap();
    assert_eq!(search["limit"].as_u64().unwrap() - search["remaining"].as_u64().unwrap(), 2);
    assert!(ok(&run(&["limits", "--all"])).contains("search_recent"));
}

#[test]
fn a_dry_run_sends_nothing_and_names_the_most_that_it_would_cost() {
    let (sandbox, env) = sandbox();
    let run = |args: &[&str]| ok(&program(args, &env).output().unwrap());
    let plan: Json = serde_json::from_str(&run(&["plan", "search", "rust", "-n", "250", "--json"])).unwrap();
    assert_eq!((&plan["data"][0]["endpoint"], &plan["data"][0]["times"]), (&"search_recent".into(), &3.into()));
    let most = plan["most_micros"].as_u64().unwrap();
    assert!(run(&["post", "see example.com", "--dry-run"]).contains("$0.20"));
    assert!(run(&["timeline", "robin", "--dry-run"]).contains("user_posts"));
    assert!(run(&["whoami", "--dry-run"]).contains("get_me"));
    assert!(run(&["--sandbox", "--dry-run", "like", "20"]).contains("nothing was sent"));
    assert!(sandbox.journal().is_empty());
    run(&["search", "rust", "-n", "250"]);
    assert!(sandbox.bill().micros() <= most, "{} {most}", sandbox.bill());
}

#[test]
fn media_are_uploaded_and_posted() {
    let (sandbox, env) = sandbox();
    let folder = tempfile::tempdir().unwrap();
    let picture = folder.path().join("heron.png");
    std::fs::write(&picture, [&b"\x89PNG\r\n\x1a\n"[..], &[9; 5_000]].concat()).unwrap();
    let picture = picture.to_str().unwrap();
    let id = ok(&program(&["media", "upload", picture, "--alt", "a heron"], &env).output().unwrap());
    assert!(id.trim().parse::<u64>().is_ok(), "{id}");
    let args = ["post", "look", "--media", picture, "--alt", "a heron", "--media", id.trim()];
    ok(&program(&args, &env).output().unwrap());
    assert_eq!(sandbox.journal().iter().filter(|event| event.endpoint == Some("begin_upload")).count(), 2);
    let wrong = program(&["media", "upload", "/no/such/file"], &env).output().unwrap();
    assert_eq!(wrong.status.code(), Some(2));
    assert!(text(&wrong.stderr).contains("cannot be read"));
}

#[test]
fn a_post_with_a_key_is_posted_once_however_often_the_program_is_killed() {
    let (sandbox, env) = unlimited();
    let folder = tempfile::tempdir().unwrap();
    let run = |words: &[&str]| {
        let mut command = program(words, &env);
        command.env("CHIRRUP_CONFIG_DIR", folder.path()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    };
    let rounds = times("CHIRRUP_KILLS", 12);
    let (mut seed, mut done) = (0x9E37_79B9_7F4A_7C15_u64, Vec::new());
    for round in 0..rounds {
        let (key, words) = (format!("key {round}"), format!("report {round}"));
        let mut child = run(&["post", &words, "--once", &key]).spawn().unwrap();
        std::thread::sleep(Duration::from_micros(below(&mut seed, 60_000)));
        child.kill().unwrap();
        child.wait().unwrap();
        for _ in 0..2 {
            let again = run(&["post", &words, "--once", &key, "--json"]).output().unwrap();
            match again.status.code() {
                Some(0) => done.push((words.clone(), ok(&again))),
                Some(7) => assert!(text(&again.stderr).contains("earlier run"), "{}", text(&again.stderr)),
                other => panic!("{other:?}: {}", text(&again.stderr)),
            }
        }
    }
    assert!(!done.is_empty());
    let writes = sandbox.journal().into_iter().filter(|event| event.endpoint == Some("create_post"));
    let made: Vec<String> = writes.filter_map(|event| event.made).collect();
    assert!(made.len() <= rounds, "{} posts for {rounds} keys", made.len());
    for (words, response) in &done {
        let id = made.iter().filter(|id| response.contains(id.as_str())).count();
        assert_eq!(id, 1, "{words}: {response}");
    }
    let other = run(&["post", "something else", "--once", "key 0"]).output().unwrap();
    assert_eq!(other.status.code(), Some(2));
    let file = run(&["post", "look", "--media", "bird.jpg", "--once", "key"]).output().unwrap();
    assert!(text(&file.stderr).contains("media upload"));
}

#[test]
fn a_post_in_doubt_is_looked_up() {
    use chirrup_sandbox::{Fault, FaultRule};
    let (sandbox, env) = sandbox();
    sandbox.fault_rule(FaultRule::new(Fault::CutAfter).on("create_post").times(1));
    assert!(ok(&program(&["post", "there after all"], &env).output().unwrap()).contains("posted"));
    sandbox.fault_rule(FaultRule::new(Fault::Cut).on("create_post").times(1));
    let lost = program(&["post", "not there"], &env).output().unwrap();
    assert_eq!(lost.status.code(), Some(7), "{}", text(&lost.stderr));
}
