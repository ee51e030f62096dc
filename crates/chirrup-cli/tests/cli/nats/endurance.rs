//! Long runs: a million posts through a stream although the programs are killed, and a firehose that a team reads while its
//! processes are killed and stopped. Run them with the optimized program:
//!
//! `CHIRRUP_KILLS=100 cargo test --release -p chirrup-cli --features nats,parquet --test cli -- --ignored nats::endurance`
//!
//! `CHIRRUP_NATS_POSTS`, `CHIRRUP_NATS_SECONDS` and `CHIRRUP_NATS_RATE` set the numbers of posts, seconds and posts per second.

use std::collections::HashMap;
use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use chirrup::archive::{ArchiveReader as _, Key, ObjectKind, ParquetReader};
use serde_json::Value as Json;

use super::firehose::Firehose;
use super::server::nats_server;
use super::team::{Team, signal, wait_for};
use super::{drain, publish_with_kills};
use crate::{below, ok, program, rounds};

/// Processes of the team.
const PROCESSES: usize = 4;

/// Numbers by which each ID is found in the rows of a folder.
fn rows(folder: &Path) -> HashMap<i64, u32> {
    let mut rows = HashMap::new();
    let reader = ParquetReader::open(folder).unwrap();
    let counted = reader.objects(ObjectKind::Post, &mut |key, _| {
        let Key::Id(id) = key else { panic!("{key}") };
        *rows.entry(id).or_default() += 1;
        Ok(())
    });
    counted.unwrap();
    rows
}

/// Number of rows of the posts in the files of a folder.
fn stored_posts(name: &str) -> u64 {
    let stats: Json =
        serde_json::from_str(&ok(&program(&["archive", "stats", name, "--json"], &[]).output().unwrap())).unwrap();
    stats[0]["number"].as_u64().unwrap()
}

/// Drain that is killed and started again.
struct KilledDrain<'a> {
    args: [&'a str; 6],
    child: Child,
    kills: u32,
}

impl<'a> KilledDrain<'a> {
    fn start(stream: &'a str, into: &'a str) -> Self {
        let args = ["archive", "drain", stream, "--into", into, "--quiet"];
        Self { args, child: Self::spawn(&args), kills: 0 }
    }

    fn spawn(args: &[&str]) -> Child {
        program(args, &[]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    fn kill(&mut self) {
        self.kills += u32::from(self.child.try_wait().unwrap().is_none());
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    fn restart(&mut self) {
        self.kill();
        self.child = Self::spawn(&self.args);
    }
}

impl Drop for KilledDrain<'_> {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
#[ignore = "takes minutes"]
fn a_million_posts_are_in_a_folder_once_although_programs_are_killed() {
    let Some(nats) = nats_server() else { return };
    let temporary = tempfile::tempdir().unwrap();
    let (posts, kills) = (rounds("CHIRRUP_NATS_POSTS", 1_000_000), rounds("CHIRRUP_KILLS", 100));
    let begun = Instant::now();
    let (stream, import_kills) = publish_with_kills(&nats, temporary.path(), posts, kills / 2);
    let published = begun.elapsed();
    let (path, name) = (temporary.path().join("birds"), format!("{}/", temporary.path().join("birds").display()));
    let (mut seed, mut drains) = (9, KilledDrain::start(&stream, &name));
    for _ in 0..kills / 2 {
        std::thread::sleep(Duration::from_millis(100 + below(&mut seed, 900)));
        drains.restart();
    }
    drains.kill();
    drain(&stream, &path);
    let kills = (import_kills, drains.kills);
    let _ = writeln!(
        std::io::stderr(),
        "{posts} posts, {kills:?} kills, {published:?} of {:?} to publish",
        begun.elapsed()
    );
    let rows = rows(&path);
    assert_eq!((rows.len(), stored_posts(&name)), (posts, posts as u64));
    assert!(rows.values().all(|count| *count == 1));
    ok(&program(&["archive", "verify", &name], &[]).output().unwrap());
}

#[test]
#[ignore = "takes minutes"]
fn a_firehose_is_in_a_folder_once_although_the_processes_of_a_team_are_killed_and_stopped() {
    let Some(nats) = nats_server() else { return };
    let (seconds, rate) = (rounds("CHIRRUP_NATS_SECONDS", 60), rounds("CHIRRUP_NATS_RATE", 5_000));
    let firehose = Firehose::start(rate as u64);
    let env = firehose.environment();
    let (temporary, stream) = (tempfile::tempdir().unwrap(), nats.stream("birds"));
    let args = ["collect", "stream", "firehose", "--bus", &stream, "--readers", "2", "--quiet"];
    let start = || program(&args, &env).stderr(Stdio::null()).spawn().unwrap();
    let mut team = Team((0..PROCESSES).map(|_| start()).collect());
    let is_shared = |leases: &[(u64, u64)]| {
        let per_process = leases.iter().fold(HashMap::new(), |mut counts: HashMap<u64, u32>, (_, process)| {
            *counts.entry(*process).or_default() += 1;
            counts
        });
        leases.len() == 40 && per_process.len() == PROCESSES
    };
    wait_for(&stream, "all partitions are read", is_shared);
    std::thread::sleep(Duration::from_secs(5));
    let (path, name) = (temporary.path().join("birds"), format!("{}/", temporary.path().join("birds").display()));
    let mut drains = KilledDrain::start(&stream, &name);
    let (from, begun, mut seed) = (firehose.now(), Instant::now(), 17);
    let (mut kills, mut stops, mut longest) = (0, 0, Duration::ZERO);
    while begun.elapsed() < Duration::from_secs(seconds as u64) {
        std::thread::sleep(Duration::from_millis(1_000 + below(&mut seed, 3_000)));
        let index = below(&mut seed, PROCESSES as u64) as usize;
        let process = u64::from(team.0[index].id());
        let is_stop = below(&mut seed, 2) == 0;
        signal(&team.0[index], if is_stop { "STOP" } else { "KILL" });
        let taken = wait_for(&stream, "take-over", |leases| {
            leases.len() == 40 && leases.iter().all(|(_, reader)| *reader != process)
        });
        longest = longest.max(taken);
        if is_stop {
            stops += 1;
            std::thread::sleep(Duration::from_millis(below(&mut seed, 3_000)));
            signal(&team.0[index], "CONT");
        } else {
            kills += 1;
            team.0[index].wait().unwrap();
            team.0[index] = start();
        }
        if below(&mut seed, 4) == 0 {
            drains.restart();
        }
        wait_for(&stream, "all processes read again", is_shared);
    }
    let to = firehose.now();
    // Gaps that no reader covers are filled after a while.
    std::thread::sleep(Duration::from_secs(20));
    for child in team.0.drain(..) {
        signal(&child, "TERM");
        assert!(child.wait_with_output().unwrap().status.success());
    }
    drains.kill();
    let drained = drain(&stream, &path);
    let rows = rows(&path);
    let expected = firehose.ids(from, to);
    let missing = expected.iter().filter(|id| !rows.contains_key(id)).count();
    let _ = writeln!(
        std::io::stderr(),
        "{} posts in {:?}, {kills} kills, {stops} stops, {} kills of the drain, longest take-over {longest:?}, {missing} missing; \
         the last drain: {drained}",
        expected.len(),
        begun.elapsed(),
        drains.kills
    );
    assert_eq!(missing, 0);
    assert!(rows.values().all(|count| *count == 1));
    assert_eq!(stored_posts(&name), rows.len() as u64, "no file repeats a post of another");
    ok(&program(&["archive", "verify", &name], &[]).output().unwrap());
}
