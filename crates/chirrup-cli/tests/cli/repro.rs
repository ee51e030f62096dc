//! Scripts outside of the repository that reproduce faults of other versions. They need bash and Python 3.
//!
//! `CHIRRUP_REPRO` names their folder; the default is `../shared/repro` beside the repository. A test without its script
//! says so and passes.

use std::path::PathBuf;
use std::process::Command;

use crate::text;

/// Runs a script with the program, and returns what it printed. `None` if it cannot run here.
fn run(name: &str, args: &[&str]) -> Option<String> {
    let root = std::env::var_os("CHIRRUP_REPRO").map(PathBuf::from);
    let beside = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/repro"));
    let folder = Some(root.unwrap_or(beside)).filter(|folder| folder.join(name).is_file());
    let has = |program: &str| Command::new(program).arg("--version").output().is_ok();
    let (Some(folder), true) = (folder, has("python3") && has("bash")) else {
        eprintln!("SKIPPED: {name} needs its file, bash and python3");
        return None;
    };
    let interpreter = if name.ends_with(".py") { "python3" } else { "bash" };
    let mut command = Command::new(interpreter);
    command.arg(folder.join(name)).args(args).env("CHIRRUP", env!("CARGO_BIN_EXE_chirrup"));
    let output = command.env("PYTHONDONTWRITEBYTECODE", "1").output().unwrap();
    Some(text(&output.stdout) + &text(&output.stderr))
}

#[test]
fn twenty_processes_share_a_budget_for_one_call() {
    let Some(said) = run("budget_race.sh", &[]) else { return };
    assert!(said.contains("reads that the server saw: 1\n") && said.contains("19 8\n"), "{said}");
}

#[test]
fn a_wrong_date_does_not_open_the_budget_again() {
    let Some(said) = run("ledger_date.sh", &[]) else { return };
    assert!(said.contains("1 0\n") && said.contains("9 8\n") && !said.contains("spend-2026-01"), "{said}");
}

#[test]
fn a_full_disk_stops_calls_with_a_budget_and_is_reported_without_one() {
    let Some(said) = run("ledger_full_disk.sh", &[]) else { return };
    if said.contains("mount:") {
        return eprintln!("SKIPPED: ledger_full_disk.sh needs the right to mount a file system");
    }
    assert_eq!(said.matches("exit 0 warning: ").count(), 3, "{said}");
    assert_eq!(said.matches("exit 10 error: get_post: could not update the ledger").count(), 2, "{said}");
    assert!(said.contains("server saw 64,"), "{said}");
}

#[test]
fn a_key_of_the_outbox_is_posted_once() {
    let Some(said) = run("once_forgets.py", &[]) else { return };
    assert!(said.contains("the server was asked to post 1 times for one key"), "{said}");
}

#[test]
fn tokens_of_a_profile_stay_with_their_server() {
    let Some(said) = run("token_leak.sh", &[]) else { return };
    assert!(said.contains("== logout") && !said.contains("CANARY-a") && !said.contains("CANARY-r"), "{said}");
    assert!(!said.to_ascii_lowercase().contains("authorization:"), "{said}");
}

#[test]
fn refreshes_survive_kills_and_neighbors_keep_their_profiles() {
    let Some(said) = run("refresh_kill.py", &["12"]) else { return };
    assert!(said.contains("unreadable 0, emptied 0") && said.contains("exits {0: 192}"), "{said}");
    assert!(said.contains("'future_field': 'keep me'") && said.contains("'refresh_token': 'keep'"), "{said}");
}

#[test]
fn kills_neither_repeat_a_post_nor_lose_a_cost() {
    let Some(said) = run("client_kill.py", &["12"]) else { return };
    assert_eq!(said.matches("posted twice 0").count(), 2, "{said}");
    let after = |before: &str| {
        let rest = said.split(before).nth(1).unwrap_or_default();
        rest.split(|c: char| !c.is_ascii_digit()).next().and_then(|digits| digits.parse::<u32>().ok()).unwrap()
    };
    assert!(after("in the ledger ") >= after("answered or was asked "), "{said}");
}
