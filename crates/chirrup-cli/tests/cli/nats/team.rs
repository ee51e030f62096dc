//! Processes that read the partitions of a stream together, and are killed and stopped meanwhile.

use std::collections::BTreeSet;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chirrup_sandbox::Sandbox;
use serde_json::Value as Json;

use super::server::nats_server;
use super::{drain, ids};
use crate::{below, program, started, text};

/// Partitions that each process of a team reads.
fn leases(stream: &str) -> Vec<(u64, u64)> {
    let output = program(&["archive", "status", stream, "--json"], &[]).output().unwrap();
    // The first process creates the stream.
    if !output.status.success() {
        return Vec::new();
    }
    let status: Json = serde_json::from_str(&text(&output.stdout)).unwrap();
    let team = &status["teams"][0];
    let member =
        |id: &Json| team["members"].as_array().unwrap().iter().find(|it| it["id"] == *id).unwrap()["process"].clone();
    let leases = team["leases"].as_array().into_iter().flatten();
    leases.map(|it| (it["partition"].as_u64().unwrap(), member(&it["member"]).as_u64().unwrap())).collect()
}

pub(super) fn signal(child: &Child, name: &str) {
    assert!(Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).status().unwrap().success());
}

/// Ends the processes if an assertion fails.
pub(super) struct Team(pub(super) Vec<Child>);

impl Drop for Team {
    fn drop(&mut self) {
        for child in &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Waits until the leases of a team are as expected.
pub(super) fn wait_for(stream: &str, what: &str, is_there: impl Fn(&[(u64, u64)]) -> bool) -> Duration {
    let since = Instant::now();
    loop {
        let leases = leases(stream);
        if is_there(&leases) {
            return since.elapsed();
        }
        assert!(since.elapsed() < Duration::from_secs(60), "{what}: {leases:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn processes_share_partitions_and_take_over_those_of_the_dead() {
    let Some(nats) = nats_server() else { return };
    let (sandbox, env) = started(Sandbox::builder().users(20).posts(10).without_rate_limits());
    // The connection of a process that is stopped stays open.
    sandbox.set_max_stream_connections(50);
    let (folder, stream) = (tempfile::tempdir().unwrap(), nats.stream("birds"));
    let args = ["collect", "stream", "firehose", "--bus", &stream, "--readers", "2", "--quiet"];
    let start = || program(&args, &env).stderr(Stdio::piped()).spawn().unwrap();
    let (done, written) = (AtomicBool::new(false), Mutex::new(BTreeSet::new()));
    std::thread::scope(|scope| {
        struct Done<'d>(&'d AtomicBool);
        impl Drop for Done<'_> {
            fn drop(&mut self) {
                self.0.store(true, Ordering::SeqCst);
            }
        }
        let _done = Done(&done);
        let mut team = Team(vec![start()]);
        let of = |leases: &[(u64, u64)], child: u32| {
            leases.iter().filter(|(_, process)| *process == u64::from(child)).count()
        };
        wait_for(&stream, "one process reads all", |leases| leases.len() == 40);
        team.0.push(start());
        let [first, second] = [team.0[0].id(), team.0[1].id()];
        wait_for(&stream, "two share them", |leases| of(leases, first) == 20 && of(leases, second) == 20);
        std::thread::sleep(Duration::from_secs(2));
        scope.spawn(|| {
            while !done.load(Ordering::SeqCst) {
                let id = sandbox.write_post("robin", "a heron at the pond").unwrap();
                written.lock().unwrap().insert(id.to_string().parse::<u64>().unwrap());
                std::thread::sleep(Duration::from_millis(5));
            }
        });
        let mut seed = 5;
        for round in 0..4 {
            std::thread::sleep(Duration::from_millis(1_000 + below(&mut seed, 2_000)));
            let index = below(&mut seed, 2) as usize;
            let name = ["KILL", "STOP", "TERM", "STOP"][round];
            let survivor = team.0[1 - index].id();
            signal(&team.0[index], name);
            wait_for(&stream, name, |leases| of(leases, survivor) == 40);
            match name {
                "STOP" => signal(&team.0[index], "CONT"),
                _ => team.0[index] = start(),
            }
            let other = team.0[index].id();
            wait_for(&stream, "both read again", |leases| of(leases, survivor) == 20 && of(leases, other) == 20);
        }
        // Gaps that no reader covers are filled after a while.
        std::thread::sleep(Duration::from_secs(8));
        done.store(true, Ordering::SeqCst);
        std::thread::sleep(Duration::from_secs(3));
        for child in team.0.drain(..) {
            signal(&child, "TERM");
            let output = child.wait_with_output().unwrap();
            assert!(output.status.success(), "{}", text(&output.stderr));
        }
    });
    let lines = folder.path().join("birds.jsonl");
    drain(&stream, &lines);
    let stored = ids(&lines);
    let written: Vec<u64> = written.into_inner().unwrap().into_iter().collect();
    assert_eq!(stored.len(), written.len());
    assert_eq!(stored, written, "each post once");
}
