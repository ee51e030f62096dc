//! Number of instructions of the hot paths of the client, counted by valgrind, which are the same in each run.
//!
//! `cargo bench -p chirrup-benches --bench instructions` prints them beside those in `benches/instructions/table.txt`. With
//! `-- --check` it fails if one has risen by more than 3 %; with `-- --write` it replaces the table. Without valgrind it does
//! nothing and says so.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark prints its results, and a failed one panics"
)]

mod paths;

use std::fmt::Write as _;
use std::process::{Command, ExitCode};

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/instructions/table.txt");
/// Numbers of repetitions. The difference between the two runs is free of the start of the process.
const RUNS: [u64; 2] = [50, 250];
/// Increase that is allowed, in percent.
const ALLOWED: u64 = 3;

fn has_argument(name: &str) -> bool {
    std::env::args().any(|argument| argument == name)
}

/// Returns the instructions of one repetition of a path.
fn count(name: &str) -> u64 {
    let [few, many] = RUNS.map(|repetitions| instructions(name, repetitions));
    many.saturating_sub(few) / (RUNS[1] - RUNS[0])
}

/// Runs this program under valgrind, and returns the instructions that it executed.
fn instructions(name: &str, repetitions: u64) -> u64 {
    let program = std::env::current_exe().expect("a program");
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]);
    let output = valgrind.arg(program).args(["--run", name, &repetitions.to_string()]).output().expect("valgrind runs");
    let report = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "`{name}` failed: {report}");
    let total = report.lines().find_map(|line| line.split_once("I refs:").or_else(|| line.split_once("I   refs:")));
    let total = total.unwrap_or_else(|| panic!("no count in: {report}")).1;
    total.trim().replace(',', "").parse().expect("a number")
}

/// Returns the version of the compiler, on which the counts depend.
fn compiler() -> String {
    let output = Command::new("rustc").arg("--version").output().expect("a compiler");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == "--run") {
        paths::run(&arguments[at + 1], arguments[at + 2].parse().expect("a number"));
        return ExitCode::SUCCESS;
    }
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!("SKIPPED: valgrind is missing, so that no instructions are counted");
        return ExitCode::SUCCESS;
    }
    let known = std::fs::read_to_string(TABLE).unwrap_or_default();
    let compiler = compiler();
    let is_comparable = known.lines().next() == Some(&compiler);
    if !is_comparable {
        println!("SKIPPED: the comparison, since the table is not one of {compiler}");
    }
    let mut table = format!("{compiler}\n");
    let mut has_risen = false;
    for name in paths::NAMES {
        let now = count(name);
        let before = known.lines().filter_map(|line| line.rsplit_once(": ")).find(|(known, _)| *known == name);
        let before = before.and_then(|(_, count)| count.parse::<u64>().ok()).filter(|_| is_comparable);
        let note = match before {
            Some(before) if now * 100 > before * (100 + ALLOWED) => {
                has_risen = true;
                format!(", more than {ALLOWED} % above {before}")
            }
            Some(before) => format!(", before: {before}"),
            None => String::new(),
        };
        println!("{name}: {now}{note}");
        let _ = writeln!(table, "{name}: {now}");
    }
    if has_argument("--write") {
        std::fs::write(TABLE, table).expect("written");
    }
    if has_risen && has_argument("--check") { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
