//! Other people's clients, unmodified, against the sandbox. They are written in Python: without it, or without a way to
//! install them, the tests skip and say so.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test that fails says so by a panic")]

use std::path::{Path, PathBuf};
use std::process::Command;

use chirrup_sandbox::Sandbox;

/// A Python that has these packages, installed into the build folder.
fn python(packages: &[&str]) -> Option<PathBuf> {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("peers");
    let python = home.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let works = |command: &mut Command| command.output().is_ok_and(|output| output.status.success());
    if !python.exists() && !works(Command::new("python3").arg("-m").arg("venv").arg(&home)) {
        eprintln!("SKIPPED: there is no Python 3 with venv");
        return None;
    }
    let mut install = Command::new(&python);
    install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(packages);
    if !works(&mut install) {
        eprintln!("SKIPPED: {packages:?} cannot be installed");
        return None;
    }
    Some(python)
}

#[test]
fn other_clients_log_in_by_every_flow() {
    let Some(python) = python(&["requests==2.32.*", "requests-oauthlib==2.*", "tweepy==4.*"]) else { return };
    let sandbox = Sandbox::builder().users(20).posts(100).start().unwrap();
    let (key, secret) = sandbox.app_keys();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/peers/login.py");
    let output = Command::new(python)
        .arg(script)
        .args([&sandbox.url(), &key, secret.expose()])
        // The sandbox speaks plain HTTP, to this machine alone.
        .env("OAUTHLIB_INSECURE_TRANSPORT", "1")
        .output()
        .unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}\n{err}");
    assert_eq!(out.lines().filter(|line| line.starts_with("ok ")).count(), 5, "{out}");
}
