//! The parity list: rows, the markers that show them, and the document that a run writes.
//!
//! `cargo test -p chirrup --test parity -- --ignored` runs the suites with their markers recorded and writes `docs/parity.md`.
//! With the folder of a finished run in `CHIRRUP_PARITY_RUN`, it reads the record of that run instead.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a missing value fails the test")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use regex_lite::Regex;

/// Row of `parity/rows.tsv`.
struct Row {
    id: &'static str,
    name: &'static str,
    /// Empty, `different`, `unavailable` or `missing`.
    state: &'static str,
    reason: &'static str,
}

fn rows() -> Vec<Row> {
    let lines = include_str!("parity/rows.tsv").lines().skip(1);
    let rows = lines.map(|line| {
        let cells: Vec<_> = line.split('\t').collect();
        let [id, name, state, reason] = cells[..] else { panic!("not four cells: {line}") };
        Row { id, name, state, reason }
    });
    rows.collect()
}

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

fn document() -> PathBuf {
    here().join("../../../docs/parity.md")
}

/// The sources of the tests that may hold markers.
fn sources() -> String {
    let files = std::fs::read_dir(here().join("it")).unwrap().map(|file| file.unwrap().path());
    let mut files: Vec<_> = files.filter(|path| path.is_file()).chain([here().join("peers.rs")]).collect();
    files.sort();
    files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect()
}

/// The row IDs that stand in the sources as literals.
fn marked(sources: &str) -> BTreeSet<&str> {
    let id = Regex::new(r#""((?:pytweet|twython|ptt|tweepy4?|seed)\.[\w.]+)""#).unwrap();
    id.captures_iter(sources).map(|found| found.get(1).unwrap().as_str()).collect()
}

/// What a run recorded of a row.
#[derive(Default)]
struct Shown {
    tests: BTreeSet<String>,
    peers: BTreeSet<String>,
    failed: BTreeSet<String>,
}

/// Stands for the row in the record of a test that was skipped.
const SKIPPED: &str = "-";

/// Identifies the rows and markers of which a record was made.
fn fingerprint() -> String {
    let mut hasher = DefaultHasher::new();
    include_str!("parity/rows.tsv").hash(&mut hasher);
    marked(&sources()).hash(&mut hasher);
    hasher.finish().to_string()
}

fn read_record(record: &str) -> BTreeMap<&str, Shown> {
    let mut shown: BTreeMap<&str, Shown> = BTreeMap::new();
    for line in record.lines() {
        let [outcome, id, test, peer] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let row = shown.entry(id).or_default();
        let test = test.to_owned();
        match (outcome, peer) {
            ("skipped", _) => drop(row.tests.insert(test)),
            ("passed", "") => drop(row.tests.insert(test)),
            ("passed", peer) => drop(row.peers.insert(peer.to_owned())),
            _ => drop(row.failed.insert(test)),
        }
    }
    shown
}

const SECTIONS: [(&str, &str); 6] = [
    ("tweepy.", "Tweepy"),
    ("tweepy4.", "Tweepy, Direct Messages"),
    ("twython.", "Twython"),
    ("ptt.", "Python Twitter Tools"),
    ("pytweet.", "PyTweet"),
    ("seed.more.", "Behavior between the lines"),
];

/// The document, from the rows and the record of a run.
fn render(record: &str) -> String {
    let shown = read_record(record);
    let none = Shown::default();
    let (mut counts, mut tables) = (BTreeMap::<&str, usize>::new(), String::new());
    let rows = rows();
    for (prefix, title) in SECTIONS {
        let _ = write!(tables, "\n## {title}\n\n| row | name there | state | test |\n| --- | --- | --- | --- |\n");
        for row in rows.iter().filter(|row| row.id.starts_with(prefix)) {
            let found = shown.get(row.id).unwrap_or(&none);
            let passed = !found.tests.is_empty() && found.failed.is_empty();
            let peers = found.peers.iter().cloned().collect::<Vec<_>>().join(", ");
            let (kind, state) = match row.state {
                "different" => ("different on purpose", format!("different: {}", row.reason)),
                "unavailable" => ("not available", format!("not available: {}", row.reason)),
                "" if passed && !peers.is_empty() => ("shown with the library itself", format!("shown with {peers}")),
                "" if passed => ("shown", "shown".to_owned()),
                _ if row.reason.is_empty() => ("not shown yet", "not shown yet".to_owned()),
                _ => ("not shown yet", format!("not shown yet: {}", row.reason)),
            };
            *counts.entry(kind).or_default() += 1;
            let tests = found.tests.iter().map(|test| format!("`{test}`")).collect::<Vec<_>>().join(" ");
            let _ = writeln!(tables, "| `{}` | {} | {state} | {tests} |", row.id, row.name);
        }
    }
    let mut out = "# Parity\n\nWhat users of four Python libraries know, row by row, and the tests that show it here.\n\n\
        A run of the tests writes this page: a row counts as shown if an assertion that is marked with the row was executed and \
        passed. A skipped test shows nothing. \"Shown with\" a library means that the library itself, unmodified, sent the \
        same request or returned the same value in that run.\n\n| state | rows |\n| --- | --- |\n"
        .to_owned();
    for kind in ["shown", "shown with the library itself", "different on purpose", "not available", "not shown yet"] {
        let _ = writeln!(out, "| {kind} | {} |", counts.get(kind).unwrap_or(&0));
    }
    let _ = writeln!(out, "| all | {} |", rows.len());
    out + &tables
}

/// Rows and their tests in the document.
fn documented(document: &str) -> BTreeSet<(String, String)> {
    let rows = document.lines().filter_map(|line| {
        let cells: Vec<_> = line.strip_prefix("| `")?.trim_end_matches('|').split(" | ").map(str::trim).collect();
        let tests = cells.get(3).copied().unwrap_or_default().split_whitespace();
        let id = cells[0].trim_matches('`').to_owned();
        Some(tests.map(move |test| (id.clone(), test.trim_matches('`').to_owned())).collect::<Vec<_>>())
    });
    rows.flatten().collect()
}

/// The source of a test: from its name to the end of its body.
fn body_of<'s>(sources: &'s str, test: &str) -> Option<&'s str> {
    let name = test.rsplit("::").next()?;
    let start = sources.find(&format!("fn {name}("))?;
    let body = &sources[start..];
    Some(&body[..body.find("\n}\n").unwrap_or(body.len())])
}

/// The rows that a test of the document still marks, but did not reach in a run: the test ended before.
fn not_reached(shown: &BTreeMap<&str, Shown>, document: &str, sources: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut missing: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (id, test) in documented(document) {
        let here = shown.get(id.as_str());
        let reached = here.is_some_and(|row| row.tests.contains(&test) || row.failed.contains(&test))
            || shown.get(SKIPPED).is_some_and(|row| row.tests.contains(&test));
        let marks = body_of(sources, &test).is_some_and(|body| body.contains(&format!("\"{id}\"")));
        if !reached && marks {
            missing.entry(id).or_default().insert(test);
        }
    }
    missing
}

/// The record of the last run that wrote the document.
fn last_record() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("parity-record.tsv")
}

#[test]
fn every_marker_names_a_row_and_every_row_is_marked_or_explained() {
    let (sources, rows) = (sources(), rows());
    let marked = marked(&sources);
    let known: BTreeSet<_> = rows.iter().map(|row| row.id).collect();
    assert_eq!(known.len(), rows.len(), "a row stands twice");
    let unknown: Vec<_> = marked.difference(&known).collect();
    assert!(unknown.is_empty(), "markers of unknown rows: {unknown:?}");
    for row in &rows {
        assert!(SECTIONS.iter().any(|(prefix, _)| row.id.starts_with(prefix)), "{} is in no section", row.id);
        match row.state {
            "" => assert!(marked.contains(row.id), "no test marks {}", row.id),
            "different" | "unavailable" | "missing" => assert!(!row.reason.is_empty(), "{} needs a reason", row.id),
            other => panic!("{}: `{other}` is not a state", row.id),
        }
    }
}

#[test]
fn the_document_lists_every_row_with_its_state() {
    let (sources, document) = (sources(), std::fs::read_to_string(document()).unwrap());
    let marked = marked(&sources);
    let mut lines: BTreeMap<_, _> = document
        .lines()
        .filter_map(|line| {
            let cells: Vec<_> = line.strip_prefix("| `")?.trim_end_matches('|').split(" | ").map(str::trim).collect();
            Some((cells[0].trim_matches('`'), (cells[2], cells.get(3).copied().unwrap_or_default())))
        })
        .collect();
    for row in rows() {
        let (state, tests) = lines.remove(row.id).unwrap_or_else(|| panic!("{} is not in the document", row.id));
        match row.state {
            "different" => assert_eq!(state, format!("different: {}", row.reason), "{}", row.id),
            "unavailable" => assert_eq!(state, format!("not available: {}", row.reason), "{}", row.id),
            _ if state.starts_with("shown") => {
                assert!(row.state.is_empty() && marked.contains(row.id), "{} is shown, but not marked", row.id);
                assert!(!tests.is_empty(), "{} names no test", row.id);
            }
            _ => assert!(state.starts_with("not shown yet"), "{}: {state}", row.id),
        }
        for test in tests.split_whitespace() {
            let name = test.trim_matches('`').rsplit("::").next().unwrap();
            assert!(sources.contains(&format!("fn {name}(")), "{}: there is no test {name}", row.id);
        }
    }
    assert!(lines.is_empty(), "rows of the document that do not exist: {lines:?}");
}

#[test]
fn the_document_is_what_the_last_run_recorded() {
    let Ok(record) = std::fs::read_to_string(last_record()) else { return };
    let (made_of, record) = record.split_once('\n').unwrap();
    // Rows or markers have changed since, so the record tells nothing about them.
    if made_of != fingerprint() {
        return;
    }
    assert_eq!(std::fs::read_to_string(document()).unwrap(), render(record), "docs/parity.md was edited by hand");
}

/// Runs the suites with their markers recorded. Returns the folder of the record and whether all tests passed.
fn run_suites() -> (PathBuf, bool) {
    if let Some(folder) = std::env::var_os("CHIRRUP_PARITY_RUN") {
        return (folder.into(), true);
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("parity-run");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    // A test runs the examples as programs.
    let examples = Command::new(&cargo)
        .args(["build", "--quiet", "-p", "chirrup", "--features", "sandbox", "--examples"])
        .status()
        .unwrap();
    assert!(examples.success(), "the examples do not compile");
    let status = Command::new(cargo)
        .args([
            "test",
            "--quiet",
            "-p",
            "chirrup",
            "--features",
            "sandbox",
            "--no-fail-fast",
            "--test",
            "it",
            "--test",
            "peers",
        ])
        .env("CHIRRUP_PARITY", &folder)
        .env("RUST_TEST_THREADS", "4")
        .status()
        .unwrap();
    (folder, status.success())
}

#[test]
#[ignore = "runs the other suites, and writes docs/parity.md"]
fn write_the_document() {
    let (folder, passed) = run_suites();
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let text: String = files.map(|file| std::fs::read_to_string(file).unwrap()).collect();
    let lines: BTreeSet<_> = text.lines().collect();
    let record: String = lines.into_iter().map(|line| format!("{line}\n")).collect();
    let shown = read_record(&record);
    for (id, row) in shown.iter().filter(|(_, row)| !row.failed.is_empty()) {
        let _ = writeln!(std::io::stderr(), "FAILED {id}: {:?}", row.failed);
    }
    let sources = sources();
    let missing = not_reached(&shown, &std::fs::read_to_string(document()).unwrap(), &sources);
    for (id, tests) in &missing {
        let _ = writeln!(std::io::stderr(), "NOT REACHED {id}: {tests:?}");
    }
    for id in marked(&sources).into_iter().filter(|id| !shown.contains_key(id) && !missing.contains_key(*id)) {
        let _ = writeln!(std::io::stderr(), "NOT REACHED {id}");
    }
    assert!(
        shown.values().all(|row| row.failed.is_empty()),
        "an assertion of a row failed; the document stays as it is"
    );
    assert!(missing.is_empty(), "a test ended before it reached a row; the document stays as it is");
    std::fs::write(document(), render(&record)).unwrap();
    std::fs::write(last_record(), format!("{}\n{record}", fingerprint())).unwrap();
    assert!(passed, "the document is written, but a test without a failed row did not pass");
}
