//! Posts with media, idempotency keys and stdin.

use std::process::Stdio;
use std::time::Duration;

use chirrup_sandbox::{Fault, FaultRule};

use crate::{below, ok, program, rounds, sandbox, text, unlimited, with_stdin};

#[test]
fn media_files_are_uploaded_and_posted() {
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
    assert_eq!(wrong.status.code(), Some(10), "a file cannot be read");
    assert!(text(&wrong.stderr).contains("could not read /no/such/file"), "{}", text(&wrong.stderr));
}

#[test]
fn a_post_with_a_key_is_posted_once_even_if_the_program_is_killed() {
    let (sandbox, env) = unlimited();
    let folder = tempfile::tempdir().unwrap();
    let run = |words: &[&str]| {
        let mut command = program(words, &env);
        command.env("CHIRRUP_CONFIG_DIR", folder.path()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    };
    let count = rounds("CHIRRUP_KILLS", 12);
    let (mut seed, mut done) = (0x9E37_79B9_7F4A_7C15_u64, Vec::new());
    for round in 0..count {
        let (key, words) = (format!("key {round}"), format!("report {round}"));
        let mut child = run(&["post", &words, "--once", &key]).spawn().unwrap();
        std::thread::sleep(Duration::from_micros(below(&mut seed, 60_000)));
        child.kill().unwrap();
        child.wait().unwrap();
        for _ in 0..2 {
            let again = run(&["post", &words, "--once", &key, "--json"]).output().unwrap();
            match again.status.code() {
                Some(0) => done.push((words.clone(), ok(&again))),
                Some(7) => assert!(text(&again.stderr).contains("earlier process"), "{}", text(&again.stderr)),
                other => panic!("{other:?}: {}", text(&again.stderr)),
            }
        }
    }
    assert!(!done.is_empty());
    let writes = sandbox.journal().into_iter().filter(|event| event.endpoint == Some("create_post"));
    let made: Vec<String> = writes.filter_map(|event| event.created_id).collect();
    assert!(made.len() <= count, "{} posts for {count} keys", made.len());
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
fn a_post_with_an_unknown_outcome_is_looked_up() {
    let (sandbox, env) = sandbox();
    sandbox.add_fault_rule(FaultRule::new(Fault::CloseAfterProcessing).endpoint("create_post").times(1));
    assert!(ok(&program(&["post", "posted after all"], &env).output().unwrap()).contains("posted"));
    sandbox.add_fault_rule(FaultRule::new(Fault::CloseBeforeProcessing).endpoint("create_post").times(1));
    let lost = program(&["post", "not posted"], &env).output().unwrap();
    assert_eq!(lost.status.code(), Some(7), "{}", text(&lost.stderr));
}

#[test]
fn the_text_of_a_post_comes_from_stdin_if_it_is_not_an_argument() {
    let (_sandbox, env) = sandbox();
    for (args, text_of_post) in [(&["post", "--json"][..], "from\na pipe"), (&["post", "-", "--json"], "from a file")] {
        let posted: serde_json::Value =
            serde_json::from_str(&ok(&with_stdin(args, &env, format!("{text_of_post}\n").as_bytes()))).unwrap();
        assert_eq!(posted["data"]["text"], text_of_post);
        let empty = with_stdin(args, &env, b"\n");
        assert_eq!(empty.status.code(), Some(2));
        assert!(text(&empty.stderr).contains("stdin is empty"), "{}", text(&empty.stderr));
    }
}

#[test]
fn an_invalid_post_is_refused_before_anything_is_sent() {
    let (sandbox, env) = sandbox();
    let long = "x".repeat(281);
    let cases: [(&[&str], &str); 6] = [
        (&["post", &long], "text is 281 characters long; the limit is 280"),
        (&["post", &long, "--media", "bird.png"], "text is 281 characters long; the limit is 280"),
        (&["post", "bad \u{fffe}"], "U+FFFE"),
        (&["post", "x", "--alt", "a heron"], "--media"),
        (&["post", "x", "--media", "1", "--alt", "a", "--alt", "b"], "more alt texts than media files"),
        (&["post", "x", "--media", "1", "--media", "2", "--media", "3", "--media", "4", "--media", "5"], "at most 4"),
    ];
    for (args, message) in cases {
        let output = program(args, &env).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(text(&output.stderr).contains(message), "{}", text(&output.stderr));
    }
    assert!(sandbox.journal().is_empty());
    // With `--long`, the server decides.
    program(&["post", &long, "--long"], &env).output().unwrap();
    assert_eq!(sandbox.journal().len(), 1);
}
