//! Attack scripts next to the repository, if they are there: money and credentials.

use std::io::Write as _;

use crate::scripts::{attack, attack_in_time};

#[test]
fn twenty_processes_share_a_budget_for_one_call() {
    let unreached = |said: &str| said.contains("reads that the server saw: \n");
    let Some(said) = attack_in_time("budget_race.sh", &[], unreached) else { return };
    assert!(said.contains("reads that the server saw: 1\n") && said.contains("19 8\n"), "{said}");
}

#[test]
fn a_wrong_date_does_not_open_the_budget_again() {
    let unreached = |said: &str| said.contains("10 6\n");
    let Some(said) = attack_in_time("ledger_date.sh", &[], unreached) else { return };
    assert!(said.contains("1 0\n") && said.contains("9 8\n") && !said.contains("spend-2026-01"), "{said}");
}

#[test]
fn a_full_disk_stops_calls_with_a_budget_and_is_reported_without_one() {
    let unreached = |said: &str| said.contains("server saw ,");
    let Some(said) = attack_in_time("ledger_full_disk.sh", &[], unreached) else { return };
    if said.contains("mount:") {
        let _ = writeln!(std::io::stderr(), "SKIPPED: ledger_full_disk.sh needs the right to mount a file system");
        return;
    }
    assert_eq!(said.matches("exit 0 warning: ").count(), 3, "{said}");
    assert_eq!(said.matches("exit 10 error: get_post: could not update the ledger").count(), 2, "{said}");
    assert!(said.contains("server saw 64,"), "{said}");
}

#[test]
fn a_key_of_the_outbox_is_posted_once() {
    let Some(said) = attack("once_forgets.py", &[]) else { return };
    assert!(said.contains("the server was asked to post 1 times for one key"), "{said}");
}

#[test]
fn tokens_of_a_profile_stay_with_their_server() {
    let Some(said) = attack("token_leak.sh", &[]) else { return };
    assert!(said.contains("== logout") && !said.contains("CANARY-a") && !said.contains("CANARY-r"), "{said}");
    assert!(!said.to_ascii_lowercase().contains("authorization:"), "{said}");
}

#[test]
fn refreshes_survive_kills() {
    let Some(said) = attack("refresh_kill.py", &["12"]) else { return };
    assert!(said.contains("unreadable 0, emptied 0"), "{said}");
    // X may answer the refresh of the process killed last after the script has read the token, which is invalid then for all
    // processes that follow.
    assert!(said.contains("exits {0: 192}") || said.contains("exits {4: 192}"), "{said}");
    assert!(said.contains("'future_field': 'keep me'") && said.contains("'refresh_token': 'keep'"), "{said}");
}

#[test]
fn processes_share_a_refresh_and_neighbors_keep_their_profiles() {
    let Some(said) = attack("refresh_kill.py", &["0"]) else { return };
    assert!(said.contains("16 processes x 12: 12 refreshes, refused 0, exits {0: 192}"), "{said}");
    assert!(said.contains("'future_field': 'keep me'") && said.contains("'refresh_token': 'keep'"), "{said}");
}

#[test]
fn kills_neither_repeat_a_post_nor_lose_a_cost() {
    let Some(said) = attack("client_kill.py", &["12"]) else { return };
    assert_eq!(said.matches("posted twice 0").count(), 2, "{said}");
    let after = |before: &str| {
        let rest = said.split(before).nth(1).unwrap_or_default();
        rest.split(|c: char| !c.is_ascii_digit()).next().and_then(|digits| digits.parse::<u32>().ok()).unwrap()
    };
    assert!(after("in the ledger ") >= after("answered or was asked "), "{said}");
}
