//! The examples of the crate, run as programs.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Returns the folder in which cargo puts the examples of this build.
fn binaries() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.parent().unwrap().parent().unwrap().join("examples")
}

#[test]
fn every_example_runs_against_the_sandbox() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut count = 0;
    for entry in std::fs::read_dir(sources).unwrap() {
        let name = entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned();
        let output = Command::new(binaries().join(&name)).output().unwrap_or_else(|error| panic!("{name}: {error}"));
        let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{name} fails: {stderr}");
        assert!(!stdout.trim().is_empty() && !stdout.contains("unexpected"), "{name} prints: {stdout}");
        count += 1;
    }
    assert!(count >= 10, "{count} examples");
}
