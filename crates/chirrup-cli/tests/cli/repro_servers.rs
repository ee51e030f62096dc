//! Attack scripts next to the repository, if they are there: servers, screens and files.
//!
//! `CHIRRUP_REPRO` names their folder; the default is `../shared/repro` next to the repository. Each script prints what it
//! saw.

use crate::scripts::attack;

/// Asserts that a script, if it is there, prints all of these texts.
fn prints(name: &str, args: &[&str], expected: &[&str]) {
    let Some(printed) = attack(name, args) else { return };
    for text in expected {
        assert!(printed.contains(text), "{name} does not print `{text}`:\n{printed}");
    }
}

#[test]
fn a_long_name_of_a_video_does_not_end_the_sandbox() {
    prints("video_abort.py", &[], &["exit None"]);
    // The same port is used by this script.
    let Some(printed) = attack("sandbox_attack.py", &[]) else { return };
    assert!(printed.contains("video 60000") && !printed.contains("DIED"), "{printed}");
    assert!(!printed.contains("alive False") && !printed.contains("500 Internal"), "{printed}");
    for host in ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example"] {
        assert!(printed.contains(&format!("Host b'{host}' HTTP/1.1 421")), "{host}: {printed}");
    }
    assert!(printed.contains("Origin foreign: HTTP/1.1 403"), "{printed}");
}

#[test]
#[ignore = "takes about a minute"]
fn the_webhook_listener_survives_slow_clients_and_a_lack_of_file_descriptors() {
    let expected = ["half heads still open after 45 s: 0 of 50", "came and went: b'HTTP/1.1 200 OK' program runs"];
    prints("webhook_listen.py", &[], &expected);
}

#[test]
fn the_data_file_of_a_sandbox_is_private_whole_and_its_own() {
    let expected = ["0 lost, 0 faults", "another sandbox is running on it", "'w.db': '0o600'", "'w.db-wal': '0o600'"];
    prints("sandbox_data.py", &["8"], &expected);
}

#[test]
fn files_of_other_programs_are_not_changed() {
    let Some(printed) = attack("into_files.sh", &[]) else { return };
    assert_eq!(printed.matches("it holds something other than JSON lines").count(), 4, "{printed}");
    let expected = ["my only diary, without a line end\n", "line one\nline two\n", "it is a symbolic link"];
    assert!(expected.iter().all(|text| printed.contains(text)), "{printed}");
    assert!(!printed.contains(".cut") && !printed.contains("differ"), "{printed}");
}

#[test]
fn a_killed_stream_loses_nothing_and_repeats_nothing() {
    prints("stream_kill.py", &["8"], &[" 0 lost, 0 twice"]);
}

#[test]
fn texts_of_a_server_do_not_control_the_terminal() {
    let Some(printed) = attack("escapes.sh", &[]) else { return };
    let rows: Vec<&str> = printed.lines().filter(|line| line.contains("  BEL ")).collect();
    assert!(rows.len() >= 10, "{printed}");
    assert!(rows.iter().all(|row| row.ends_with("ESC 0  BEL 0  C1 0  bidi 0  DEL 0")), "{printed}");
}
