//! Dry runs: the requests of each command with the credentials that they would be sent with.

use serde_json::Value as Json;

use crate::schemas::{RUNS, filled};
use crate::{program, text, unlimited};

/// Commands that send nothing, or whose requests depend on what others answer.
const WITHOUT_PLAN: [&str; 24] = [
    "archive compact",
    "archive comply",
    "archive export",
    "archive query",
    "archive stats",
    "archive verify",
    "auth token",
    "endpoints",
    "explain-error",
    "flatten",
    "limits",
    "plan",
    "profiles",
    "query check",
    "query explain",
    "rules check",
    "schema",
    "spend",
    "stream",
    "text check",
    "text count",
    "text entities",
    "text split",
    "version",
];

#[test]
fn a_dry_run_names_the_credential_of_each_request() {
    let (sandbox, env) = unlimited();
    let folder = tempfile::tempdir().unwrap();
    let files: [(&str, &[u8]); 6] = [
        ("heron.png", b"\x89PNG\r\n\x1a\nheron"),
        ("rules.txt", b"swift\n"),
        ("queries.txt", b"rust\n"),
        ("users.txt", b"robin\n"),
        ("ids.txt", b"20\n"),
        ("posts.jsonl", b""),
    ];
    files.iter().for_each(|(name, content)| std::fs::write(folder.path().join(name), content).unwrap());
    let ids = [("{own}", "20"), ("{list}", "12"), ("{reply}", "21")];
    for (command, arguments) in RUNS.iter().filter(|(command, _)| *command != "plan") {
        let line = filled(arguments, folder.path(), ids);
        let words: Vec<&str> =
            ["--json", "--dry-run"].into_iter().chain(command.split(' ')).chain(line.split_whitespace()).collect();
        let output = program(&words, &env).output().unwrap();
        let plan: Json = serde_json::from_str(&text(&output.stdout)).unwrap_or_default();
        let requests = plan["data"].as_array().filter(|_| plan["credential_source"] == "the environment");
        let requests = requests.map(Vec::as_slice).unwrap_or_default();
        let is_sent = !requests.is_empty();
        let can_be_asked = *command == "rules check" && arguments.contains("--ask");
        assert_eq!(is_sent, !WITHOUT_PLAN.contains(command) || can_be_asked, "{command} {line}: {output:?}");
        // `doctor` first asks whether the server can be reached at all.
        for request in requests.iter().filter(|_| *command != "doctor") {
            assert!(request["credential"].is_string(), "{command} {line}: {plan}");
        }
    }
    assert!(sandbox.journal().is_empty(), "nothing was sent");
}
