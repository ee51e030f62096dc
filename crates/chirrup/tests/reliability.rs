//! The list of promises in `docs/reliability.md` names tests that exist.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Adds the names of the functions after a `#[test]` in all Rust files below a folder.
fn collect_tests(folder: &Path, found: &mut HashSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect_tests(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let mut is_test = false;
            for line in std::fs::read_to_string(&path).unwrap().lines().map(str::trim_start) {
                is_test |= line.starts_with("#[test]") || line.starts_with("#[tokio::test");
                let name = line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn ");
                if let Some((name, _)) = name.and_then(|name| name.split_once('(')).filter(|_| is_test) {
                    found.insert(name.to_owned());
                    is_test = false;
                }
            }
        }
    }
}

#[test]
fn every_promise_names_tests_that_exist_or_a_reason() {
    let mut tests = HashSet::new();
    collect_tests(&repository().join("crates"), &mut tests);
    assert!(tests.len() > 300, "{}", tests.len());
    let page = std::fs::read_to_string(repository().join("docs/reliability.md")).unwrap();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for line in page.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let named: Vec<&str> = cells[cells.len() - 1].split('`').skip(1).step_by(2).collect();
        if let Some(missing) = named.iter().find(|name| !tests.contains(**name)) {
            panic!("no test is called `{missing}`: {line}");
        }
        let Some((group, number)) = cells[0].split_once('-').filter(|(_, number)| number.parse::<u32>().is_ok()) else {
            continue;
        };
        let count = counts.entry(group.to_owned()).or_default();
        *count += 1;
        assert_eq!(number.parse(), Ok(*count), "the numbers have no hole: {line}");
        match cells[2] {
            "yes" => assert!(!named.is_empty(), "no test: {line}"),
            state => {
                let (word, reason) = state.split_once(": ").unwrap_or_default();
                assert!(["partly", "coming"].contains(&word) && reason.len() > 8, "no reason: {line}");
            }
        }
    }
    let expected = [("AUTH", 32), ("HTTP", 26), ("SRV", 16), ("STORE", 14), ("STREAM", 20), ("SUP", 5)];
    assert_eq!(counts, expected.map(|(group, count)| (group.to_owned(), count)).into());
}
