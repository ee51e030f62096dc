//! `chirrup sandbox --background`: one world for several commands.

use std::io::Write as _;
use std::process::Stdio;

use serde_json::Value as Json;

use crate::{ok, program, text};

#[test]
fn commands_share_the_sandbox_in_the_background() {
    let folder = tempfile::tempdir().unwrap();
    let env = [("CHIRRUP_CONFIG_DIR", folder.path().to_str().unwrap().to_owned())];
    let run = |args: &[&str]| program(args, &env).stderr(Stdio::piped()).output().unwrap();
    let started = ok(&run(&["sandbox", "--background", "--users", "20", "--posts", "50"]));
    assert!(started.contains("export CHIRRUP_BASE_URL='http://127.0.0.1:"), "{started}");
    let names = started.lines().filter_map(|line| line.strip_prefix("export ")?.split('=').next());
    let last = names.max_by_key(|name| started.find(*name)).unwrap_or_default();
    assert_eq!(last, "X_ACCESS_TOKEN_SECRET", "a reader of the lines has all keys with the last: {started}");
    assert_eq!(ok(&run(&["sandbox", "--background"])), started, "one sandbox per terminal session");
    let posted = run(&["--sandbox", "post", "hello from the background", "--once", "hello", "--json"]);
    assert!(!text(&posted.stderr).contains("is lost"), "{}", text(&posted.stderr));
    let posted: Json = serde_json::from_str(&ok(&posted)).unwrap();
    let id = posted["data"]["id"].as_str().unwrap();
    assert!(ok(&run(&["--sandbox", "show", id])).contains("hello from the background"));
    let again = ok(&run(&["--sandbox", "post", "hello from the background", "--once", "hello", "--json"]));
    assert!(again.contains(id), "the idempotency keys are kept: {again}");
    assert!(ok(&run(&["--sandbox", "spend"])).contains("create_post"));
    assert!(ok(&run(&["--sandbox", "limits"])).contains("create_post"));
    assert!(ok(&run(&["sandbox", "stop"])).contains("stopped the sandbox at http://127.0.0.1:"));
    let stopped = run(&["sandbox", "stop"]);
    assert_eq!(stopped.status.code(), Some(5));
    assert!(text(&stopped.stderr).contains("no sandbox runs in the background"), "{}", text(&stopped.stderr));
    let lost = run(&["--sandbox", "show", id]);
    assert_eq!(lost.status.code(), Some(5), "the data is gone: {}", text(&lost.stderr));
}

#[test]
fn a_sandbox_that_cannot_start_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let env = [("CHIRRUP_CONFIG_DIR", folder.path().to_str().unwrap().to_owned())];
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = program(&["sandbox", "--background", "--port", &port], &env).output().unwrap();
    assert_eq!(output.status.code(), Some(6));
    assert!(text(&output.stderr).contains("the sandbox did not start: cannot start"), "{}", text(&output.stderr));
}

/// In a container, the process that leads the terminal session can be outside, so that it has no number here.
#[cfg(target_os = "linux")]
#[test]
fn a_session_that_is_led_from_outside_of_the_container_has_a_sandbox() {
    let in_container = |args: &[&str]| {
        let mut command = std::process::Command::new("unshare");
        command.args(["--user", "--map-root-user", "--pid", "--fork", "--"]).args(args).stdin(Stdio::null());
        command
    };
    if !in_container(&["true"]).status().is_ok_and(|status| status.success()) {
        let _ = writeln!(std::io::stderr(), "SKIPPED: `unshare` cannot create a namespace of processes here");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| {
        let args = [&[env!("CARGO_BIN_EXE_chirrup")], args].concat();
        in_container(&args).env("CHIRRUP_CONFIG_DIR", folder.path()).output().unwrap()
    };
    let found = ok(&run(&["--sandbox", "search", "rust", "-n", "10", "--jsonl"]));
    assert_eq!(found.lines().count(), 10, "{found}");
    let none = run(&["sandbox", "stop"]);
    assert_eq!(none.status.code(), Some(5), "{}", text(&none.stderr));
}
