//! Attack scripts next to the repository, if they are there: memory, full disks, sleeping machines, slow and hostile servers.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::memory::LIMIT;
use crate::scripts::{attack, attack_in_time, attacker};
use crate::{program, rounds};

/// First of the ports of the hostile server, which has one for each kind of response.
const HOSTILE_PORT: u16 = 19_500;

/// Returns the number after each occurrence of a text.
fn numbers_after(said: &str, before: &str) -> Vec<u64> {
    let rest = said.split(before).skip(1);
    rest.filter_map(|rest| rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()).collect()
}

#[test]
fn a_stopped_stream_loses_nothing_and_repeats_nothing() {
    let Some(said) = attack("stream_stop.py", &["3", "50"]) else { return };
    assert!(said.contains(" 0 lost, 0 twice, last exit 0"), "{said}");
    assert!(numbers_after(&said, "stopped 2 x 3 s: ").iter().all(|written| *written > 100), "{said}");
}

#[test]
#[ignore = "takes over a minute"]
fn the_memory_of_streams_does_not_grow_with_time() {
    let minutes = rounds("CHIRRUP_MEMORY_MINUTES", 1);
    let Some(said) = attack("firehose_memory.sh", &[&minutes.to_string()]) else { return };
    for stream in ["firehose ", "filtered ", "into "] {
        let sizes = numbers_after(&said, stream);
        assert_eq!(sizes.len(), minutes, "{said}");
        assert!(sizes.iter().all(|size| (1_000..=LIMIT).contains(size)), "{stream}{said}");
    }
}

#[test]
fn a_file_of_300_megabytes_is_continued_with_little_memory() {
    // On a busy machine, the script stops the program before it has read its file.
    let stopped = |said: &str| said.contains("status 124");
    let Some(said) = attack_in_time("into_memory.sh", &[], stopped) else { return };
    let sizes = numbers_after(&said, "rss ");
    assert!(sizes.len() == 2 && sizes.iter().all(|size| (1_000..=LIMIT).contains(size)), "{said}");
}

#[test]
fn a_stream_continues_after_a_full_disk_without_a_loss() {
    // On a busy machine, the script may stop the program before the disk is full.
    let unfilled = |said: &str| !said.contains("mount:") && !said.contains("exit 10");
    let Some(said) = attack_in_time("into_full.sh", &[], unfilled) else { return };
    if said.contains("mount:") {
        let _ = writeln!(std::io::stderr(), "SKIPPED: into_full.sh needs the right to mount a file system");
        return;
    }
    assert!(said.contains("exit 10") && said.contains(" missing, 0 twice, 0 broken lines"), "{said}");
    // The script may write its last posts after the recording has ended: they are all that is missing.
    let written: u64 = said.split(" written since").next().unwrap().lines().last().unwrap().parse().unwrap();
    let missing = numbers_after(&said, "since the first, ")[0];
    let first = numbers_after(&said, "missing at [");
    assert!(missing == 0 || first == [written - missing], "{said}");
    assert!(said.contains("\nmy only diary\n"), "{said}");
}

/// The script has the token of a sandbox with fixed keys, so that its own client gets the status 401: an answer.
#[test]
#[ignore = "takes over a minute"]
fn slow_and_many_clients_do_not_disturb_the_others() {
    let Some(said) = attack("sandbox_slow.py", &[]) else { return };
    let after: Vec<&str> = said.lines().filter(|line| line.starts_with("after ")).collect();
    let is_answered = |failed: &str| failed.starts_with(" b'HTTP/1.1 401 ");
    assert!(after.len() == 3 && said.split("FAIL").skip(1).all(is_answered), "{said}");
    for (kind, all) in [("idle, nothing sent", 500), ("half header", 500), ("slow body (POST, 1 of 1000 bytes)", 500)] {
        assert!(after[1].contains(&format!("'{kind}': '0/{all}'")), "{kind}: {said}");
    }
    assert!(after[2].contains("'keep-alive idle': '0/300'"), "{said}");
}

/// A body without an end, of 75 kinds of responses, may take as long as the timeout, and never longer.
#[test]
fn no_response_of_a_hostile_server_ends_the_program_or_makes_it_wait() {
    let folder = tempfile::tempdir().unwrap();
    let Some((mut server, _ports)) = attacker("hostile.py", HOSTILE_PORT, folder.path()) else { return };
    let kinds: Vec<(String, u16)> = BufReader::new(server.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok)
        .filter_map(|line| Some((line.split_once(' ')?.0.to_owned(), line.split_once(' ')?.1.parse().ok()?)))
        .take(75)
        .collect();
    let faults: Vec<String> = std::thread::scope(|scope| {
        let workers: Vec<_> = kinds.chunks(10).map(|kinds| scope.spawn(|| attack_with(kinds, folder.path()))).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    server.kill().unwrap();
    server.wait().unwrap();
    let stolen = std::fs::read_to_string(folder.path().join("hostile.log")).unwrap();
    assert!(faults.is_empty() && !stolen.contains("GET /stolen"), "{faults:#?}");
}

fn attack_with(kinds: &[(String, u16)], folder: &std::path::Path) -> Vec<String> {
    let mut faults = Vec::new();
    for (kind, port) in kinds {
        let env = [
            ("X_BEARER_TOKEN", "CANARY-bearer".to_owned()),
            ("CHIRRUP_BASE_URL", format!("http://127.0.0.1:{port}")),
            ("CHIRRUP_CONFIG_DIR", folder.join(kind).to_str().unwrap().to_owned()),
        ];
        let all: [&[&str]; 3] = [
            &["show", "20", "--timeout", "4", "--no-wait"],
            &["call", "GET", "/2/tweets/20", "--timeout", "4", "--no-wait"],
            &["stream", "sample", "--jsonl", "--for", "4", "-n", "1000"],
        ];
        let commands = if kind.starts_with("stream") { &all[..] } else { &all[..2] };
        for args in commands {
            let started = Instant::now();
            let output = program(args, &env).stdin(Stdio::null()).output().unwrap();
            let took = started.elapsed();
            let code = output.status.code();
            if code.is_none_or(|code| code == 101) || took > Duration::from_secs(25) {
                let said: String = String::from_utf8_lossy(&output.stderr).chars().take(300).collect();
                faults.push(format!("{kind}: {args:?} exits with {code:?} after {took:?}: {said}"));
            }
        }
    }
    faults
}
