//! `config.toml`: aliases and defaults.

use crate::{ok, program, sandbox, text};

#[test]
fn aliases_and_defaults_come_from_the_configuration() {
    let (_sandbox, mut env) = sandbox();
    let folder = tempfile::tempdir().unwrap();
    env.push(("CHIRRUP_CONFIG_DIR", folder.path().to_str().unwrap().to_owned()));
    let write = |text: &str| std::fs::write(folder.path().join("config.toml"), text).unwrap();
    write("[alias]\nmine = \"timeline robin --no-replies\"\n[default]\njsonl = true\n[default.timeline]\nlimit = 3\n");
    let mine = ok(&program(&["mine"], &env).output().unwrap());
    assert!(mine.lines().count() == 3 && mine.starts_with("{\"data\":"), "{mine}");
    assert_eq!(ok(&program(&["mine", "-n", "5", "--tsv"], &env).output().unwrap()).lines().count(), 6);
    write("[alias]\nsearch = \"timeline robin\"\n");
    let shown = ok(&program(&["plan", "search", "rust", "--json"], &env).output().unwrap());
    assert!(shown.contains("search_recent"), "an alias does not replace a command: {shown}");
    write("[alias]\nmine = timeline\n");
    let wrong = program(&["whoami"], &env).output().unwrap();
    assert_eq!(wrong.status.code(), Some(2));
    assert!(text(&wrong.stderr).contains("config.toml: line 2: expected a text in quotes"), "{}", text(&wrong.stderr));
}
