//! Memory of the program: at most 32 MB for streams and files, and little more than the body for raw calls.

use std::io::Write as _;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::program::Program;
use crate::scripted_server::{response, scripted};
use crate::{program, rounds, started};

/// Limit of the resident memory in KiB: 32 MB for the optimized program. The unoptimized one has 26 MB of code instead of 9.
pub(crate) const LIMIT: u64 = if cfg!(debug_assertions) { 48 << 10 } else { 32 << 10 };

/// Limit for the memory that the program allocates itself, in KiB.
const ALLOCATED_LIMIT: u64 = 12 << 10;

/// Limit for a body of 16 MiB, in KiB: the program itself and one copy of the body. 32 MB for the optimized program.
const BODY_LIMIT: u64 = if cfg!(debug_assertions) { 64 << 10 } else { 31_250 };

/// Greatest memory of a process, in KiB.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Peak {
    /// All resident pages, with those of the program's file.
    pub(crate) resident: u64,
    /// The resident pages that belong to no file.
    allocated: u64,
}

impl Peak {
    /// Reads the memory of a process. `None` if it has ended.
    pub(crate) fn of(child: &Child) -> Option<Self> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
        let size = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name))?;
            line.split_whitespace().nth(1)?.parse().ok()
        };
        Some(Self { resident: size("VmHWM:")?, allocated: size("RssAnon:")? })
    }

    fn is_small(self) -> bool {
        (1_000..=LIMIT).contains(&self.resident) && (100..=ALLOCATED_LIMIT).contains(&self.allocated)
    }
}

/// Runs a program to its end and returns its greatest memory.
fn run(mut command: Program) -> Peak {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut highest = Peak::default();
    while child.try_wait().unwrap().is_none() {
        if let Some(now) = Peak::of(&child) {
            highest = Peak { resident: now.resident, allocated: now.allocated.max(highest.allocated) };
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(child.wait().unwrap().success());
    highest
}

#[test]
#[cfg(target_os = "linux")]
fn streams_of_a_thousand_posts_per_second_take_a_constant_amount_of_memory() {
    let seconds = rounds("CHIRRUP_MEMORY_SECONDS", 15);
    let (sandbox, env) = started(chirrup_sandbox::Sandbox::builder().users(50).posts(200).without_rate_limits());
    let _load = sandbox.generate_posts(1_000).unwrap();
    let begun = Instant::now();
    let limit = seconds.to_string();
    let peaks: Vec<Peak> = std::thread::scope(|scope| {
        let streams = ["firehose", "firehose-en"].map(|name| {
            let (env, limit) = (&env, &limit);
            scope.spawn(move || run(program(&["stream", name, "--jsonl", "--for", limit], env)))
        });
        streams.into_iter().map(|stream| stream.join().unwrap()).collect()
    });
    assert!(begun.elapsed() >= Duration::from_secs(seconds as u64 - 1), "they ran to their end");
    assert!(peaks.iter().all(|peak| peak.is_small()), "{peaks:?} KiB");
}

#[test]
#[cfg(target_os = "linux")]
fn a_long_file_is_continued_with_little_memory() {
    let (sandbox, env) = started(chirrup_sandbox::Sandbox::builder().users(5).posts(20).without_rate_limits());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("posts.jsonl");
    let now = sandbox.clock().now();
    let mut lines = std::io::BufWriter::new(std::fs::File::create(&file).unwrap());
    let text = "x".repeat(270);
    // Six minutes with 1,000 posts per second: 110 MB.
    for n in 0..360_000_i64 {
        let id = now.plus_millis(n - 360_000).first_snowflake();
        writeln!(lines, "{{\"data\":{{\"id\":\"{id}\",\"text\":\"{text}\"}}}}").unwrap();
    }
    lines.flush().unwrap();
    drop(lines);
    let path = file.to_str().unwrap();
    for round in 0..2 {
        let highest = run(program(&["stream", "sample", "--for", "1", "--into", path], &env));
        assert!(highest.is_small(), "round {round}: {highest:?} KiB");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_raw_call_takes_little_more_memory_than_its_body() {
    for (name, body) in [
        ("many small arrays", format!("[{}[0]]", "[0],".repeat((16 << 18) - 8))),
        ("many numbers", format!("[{}0]", "0,".repeat((16 << 19) - 8))),
        ("one long text", format!("{{\"data\":\"{}\"}}", "x".repeat((16 << 20) - 100))),
    ] {
        assert!(body.len() <= 16 << 20);
        let (env, _) = scripted(move |_, _| response(200, &body));
        let highest = run(program(&["call", "GET", "/2/tweets/20"], &env)).resident;
        assert!((1_000..=BODY_LIMIT).contains(&highest), "{name}: {highest} KiB");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_page_takes_little_more_memory_than_its_body() {
    let post = format!(r#"{{"id":"1","text":"{}"}}"#, "x".repeat(200));
    let body = format!("{{\"data\":[{}{post}]}}", format!("{post},").repeat(74_000));
    assert!((16_000_000..=16 << 20).contains(&body.len()));
    let (env, _) = scripted(move |_, _| response(200, &body));
    let highest = run(program(&["call", "GET", "/2/users/12/tweets", "-n", "5", "--jsonl"], &env)).resident;
    assert!((1_000..=BODY_LIMIT).contains(&highest), "{highest} KiB");
}

#[test]
#[cfg(target_os = "linux")]
fn the_rows_of_a_query_take_a_constant_amount_of_memory() {
    let folder = tempfile::tempdir().unwrap();
    let (file, lines) = (folder.path().join("birds.db"), folder.path().join("posts.jsonl"));
    std::fs::write(&lines, "{\"data\":{\"id\":\"20\",\"text\":\"heron\"}}\n").unwrap();
    let import = ["archive", "import", lines.to_str().unwrap(), "--into", file.to_str().unwrap()];
    assert!(program(&import, &[]).output().unwrap().status.success());
    let rows = "WITH RECURSIVE rows(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM rows WHERE n < 300000) \
                SELECT n, 'a text of a row that is not short' AS text FROM rows";
    for format in ["--jsonl", "--csv", "--tsv"] {
        let peak = run(program(&["archive", "query", file.to_str().unwrap(), rows, format], &[]));
        assert!(peak.is_small(), "{format}: {peak:?}");
    }
    let args = ["archive", "query", file.to_str().unwrap(), rows, "--csv"];
    let printed = program(&args, &[]).output().unwrap().stdout;
    assert_eq!(printed.iter().filter(|byte| **byte == b'\n').count(), 300_001, "one header");
}
