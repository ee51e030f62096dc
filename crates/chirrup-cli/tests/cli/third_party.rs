//! Third-party clients against the sandbox of this program, with the page of their results.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

/// Rows of the first table of a page: a client and its counts each.
fn totals(page: &str) -> Vec<String> {
    let rows = page.lines().filter(|line| line.starts_with("| ")).take_while(|line| !line.starts_with("| method"));
    rows.map(str::to_owned).collect()
}

#[test]
#[ignore = "takes about three minutes"]
fn third_party_clients_run_unmodified_and_their_results_are_on_the_page() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let written = Path::new(env!("CARGO_TARGET_TMPDIR")).join("peers.md");
    let _ = fs::remove_file(&written);
    let mut run = Command::new("python3");
    run.arg(root.join("tests/peers/run.py")).arg("--chirrup").arg(env!("CARGO_BIN_EXE_chirrup"));
    run.arg("--write").arg(&written);
    if let Some(folder) = std::env::var_os("CHIRRUP_PEERS") {
        run.arg("--packages").arg(folder);
    }
    let Ok(output) = run.output() else {
        let _ = writeln!(std::io::stderr(), "SKIPPED: Python 3 is not installed");
        return;
    };
    let out = String::from_utf8_lossy(&output.stdout);
    let _ = writeln!(std::io::stderr(), "{out}");
    assert!(output.status.success(), "{out}{}", String::from_utf8_lossy(&output.stderr));
    let Ok(page) = fs::read_to_string(&written) else {
        assert!(out.contains("SKIPPED: "), "{out}");
        return;
    };
    let known = fs::read_to_string(root.join("docs/peers.md")).unwrap();
    let mut differences = String::new();
    for (new, old) in totals(&page).iter().zip(totals(&known)) {
        if *new != old {
            let _ = writeln!(differences, "{old}\n{new}");
        }
    }
    assert!(differences.is_empty(), "copy {} to docs/peers.md if this is right:\n{differences}", written.display());
}
