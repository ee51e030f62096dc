//! Help, topics, man pages and completions.

use std::path::Path;

use crate::{ok, program, text};

/// Returns the names of the commands in the help of the program.
fn commands() -> Vec<String> {
    let help = ok(&program(&["help"], &[]).output().unwrap());
    let lists = help.split_once("\n\n").unwrap().1.split_once("\nOptions:").unwrap().0.to_owned();
    let lines = lists.lines().filter(|line| line.starts_with("  "));
    let names = lines.filter_map(|line| line.trim_start().split("  ").next());
    names.flat_map(|names| names.split(", ")).map(str::to_owned).collect()
}

/// Compares a text with a file in `tests/cli`. With `UPDATE_SNAPSHOTS=1`, the file is written instead.
pub(crate) fn assert_snapshot(name: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli").join(format!("{name}.txt"));
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        return std::fs::write(file, text).unwrap();
    }
    let stored = std::fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(text, stored, "{}: run the test with UPDATE_SNAPSHOTS=1 if the change is intended", file.display());
}

#[test]
fn the_help_of_each_command_is_as_stored() {
    let columns = [("COLUMNS", "80".to_owned())];
    assert_snapshot("help/chirrup", &ok(&program(&["--help"], &columns).output().unwrap()));
    let commands = commands();
    assert!(commands.len() > 25, "{commands:?}");
    for command in commands {
        let help = ok(&program(&[&command, "--help"], &columns).output().unwrap());
        // All commands have the same global options.
        let own = help.split_once("Global options:").unwrap();
        let examples = own.1.split_once("\nExamples:").map(|(_, examples)| format!("\nExamples:{examples}"));
        assert_snapshot(&format!("help/{command}"), &format!("{}{}", own.0, examples.unwrap_or_default()));
    }
}

#[test]
fn each_topic_can_be_shown() {
    let topics = ok(&program(&["help", "topics"], &[]).output().unwrap());
    let names: Vec<&str> = topics.lines().skip(1).filter_map(|line| line.split_whitespace().next()).collect();
    assert!(names.len() >= 5, "{topics}");
    for name in names {
        assert!(ok(&program(&["help", name], &[]).output().unwrap()).lines().count() > 5, "{name}");
    }
    assert!(ok(&program(&["help", "rules", "sync"], &[]).output().unwrap()).contains("chirrup rules sync"));
    let unknown = program(&["help", "nonsense"], &[]).output().unwrap();
    assert_eq!(unknown.status.code(), Some(2));
    assert!(text(&unknown.stderr).contains("chirrup help topics"));
}

#[test]
fn man_pages_describe_all_commands() {
    let page = ok(&program(&["man"], &[]).output().unwrap());
    assert!(page.contains(".TH chirrup 1") && page.contains("Exit codes"), "{page}");
    assert!(ok(&program(&["man", "rules", "sync"], &[]).output().unwrap()).contains("sync"));
    let folder = tempfile::tempdir().unwrap();
    ok(&program(&["man", "--dir", folder.path().to_str().unwrap()], &[]).output().unwrap());
    for name in ["chirrup.1", "chirrup-search.1", "chirrup-rules-sync.1"] {
        assert!(folder.path().join(name).exists(), "{name}");
    }
}

#[test]
fn each_shell_has_completions() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = ok(&program(&["completions", shell], &[]).output().unwrap());
        assert!(script.contains("CHIRRUP_COMPLETE") && script.contains("chirrup"), "{shell}: {script}");
    }
}

#[test]
fn completions_have_commands_profiles_endpoints_and_words() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().to_str().unwrap().to_owned();
    std::fs::write(folder.path().join("token"), "a-bearer-token\n").unwrap();
    let token_file = folder.path().join("token").to_str().unwrap().to_owned();
    let env = [
        ("CHIRRUP_CONFIG_DIR", config.clone()),
        ("X_CONSUMER_KEY", "key".to_owned()),
        ("X_CONSUMER_SECRET", "secret".to_owned()),
    ];
    ok(&program(&["login", "--token-file", &token_file, "--profile", "birds"], &env).output().unwrap());
    let complete = |words: &[&str]| {
        let env = [
            ("CHIRRUP_COMPLETE", "bash".to_owned()),
            ("_CLAP_COMPLETE_INDEX", (words.len() - 1).to_string()),
            ("_CLAP_COMPLETE_COMP_TYPE", "9".to_owned()),
            ("_CLAP_COMPLETE_SPACE", "true".to_owned()),
            ("_CLAP_IFS", "\n".to_owned()),
            ("CHIRRUP_CONFIG_DIR", config.clone()),
        ];
        ok(&program(&[&["--"], words].concat(), &env).output().unwrap())
    };
    assert!(complete(&["chirrup", "sea"]).lines().any(|line| line == "search"));
    assert!(complete(&["chirrup", "whoami", "--profile", ""]).lines().any(|line| line == "birds"));
    assert!(complete(&["chirrup", "call", "search_"]).lines().any(|line| line == "search_recent"));
    assert!(complete(&["chirrup", "count", "--by", ""]).lines().any(|line| line == "minute"));
}

#[test]
fn the_version_is_printed() {
    let version = ok(&program(&["version"], &[]).output().unwrap());
    assert!(version.starts_with(&format!("chirrup {}\n", env!("CARGO_PKG_VERSION"))), "{version}");
    let folder = [("CHIRRUP_CONFIG_DIR", "/somewhere".to_owned())];
    assert!(ok(&program(&["version", "--json"], &folder).output().unwrap()).contains("\"/somewhere\""));
}
