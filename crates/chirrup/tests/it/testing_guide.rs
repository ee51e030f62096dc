//! The programs of the guide "Test your program", with the libraries themselves.
//!
//! `CHIRRUP_PEERS` names the folder in which `tests/peers/run.py` installed them. Without it, the environment that the tests
//! of other clients made is used. A program whose library is not installed prints `SKIPPED`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use chirrup_sandbox::Sandbox;

use crate::shows::skip;

fn peers() -> Option<PathBuf> {
    std::env::var_os("CHIRRUP_PEERS").map(PathBuf::from)
}

/// The programs in a language, by the name of their section.
fn programs(language: &str) -> Vec<(String, String)> {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/testing.md")).unwrap();
    let sections = page.split("\n## ").skip(1);
    let programs = sections.filter_map(|section| {
        let code = section.split_once(&format!("\n```{language}\n"))?.1.split("\n```").next()?;
        Some((section.lines().next()?.to_owned(), code.to_owned()))
    });
    programs.collect()
}

/// Runs a program in a sandbox of its own. Returns whether its library is installed.
fn runs(name: &str, mut interpreter: Command, flag: &str, code: &str) -> bool {
    let sandbox = Sandbox::builder().users(60).posts(300).tls().start().unwrap();
    let environment = sandbox.environment().unwrap();
    let variables = environment.iter().map(|(name, value)| (*name, value.expose()));
    let output = interpreter.args([flag, code]).envs(variables).envs(sandbox.proxy_environment()).output();
    let Ok(output) = output else { return false };
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    if ["No module named", "Cannot find module"].iter().any(|missing| text.contains(missing)) {
        return false;
    }
    assert!(output.status.success(), "{name}: {text}{}", String::from_utf8_lossy(&output.stdout));
    assert!(!sandbox.journal().is_empty(), "{name}: nothing reached the sandbox");
    true
}

#[test]
fn python_programs_of_the_guide_run() {
    let programs = programs("python");
    assert_eq!(programs.len(), 4);
    for (name, code) in programs {
        // Two libraries install the same module, so they have environments of their own.
        let environment = if name == "Python Twitter Tools" { "ptt" } else { "main" };
        let venv =
            peers().map_or_else(|| Path::new(env!("CARGO_TARGET_TMPDIR")).join("peers"), |all| all.join(environment));
        let python = venv.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
        if !runs(&name, Command::new(python), "-c", &code) {
            skip(&format!("{name} is not installed"));
        }
    }
}

#[test]
fn javascript_programs_of_the_guide_run() {
    let programs = programs("js");
    assert_eq!(programs.len(), 2);
    for (name, code) in programs {
        let mut node = Command::new("node");
        if let Some(all) = peers() {
            node.env("NODE_PATH", all.join("node/node_modules"));
        }
        if !runs(&name, node, "-e", &code) {
            skip(&format!("{name} is not installed"));
        }
    }
}
