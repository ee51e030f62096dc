//! The outputs of commands that need a person, stdin, a webhook or another process, against their schemas.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStderr, Stdio};

use serde_json::Value as Json;

use crate::login::authorize;
use crate::program::schema;
use crate::schemas::faults;
use crate::scripted_server::{response, scripted};
use crate::{ok, program, text, unlimited, with_stdin};

/// Commands whose outputs are checked here.
pub(crate) const COMMANDS: [&str; 13] = [
    "login",
    "logout",
    "mcp",
    "sandbox",
    "sandbox stop",
    "sandbox trigger",
    "sandbox client create",
    "webhook listen",
    "webhook delete",
    "query match",
    "communities show",
    "compliance show",
    "spaces show",
];

type Environment = Vec<(&'static str, String)>;

/// Checks the output of a command. Returns its last document.
fn valid(command: &str, printed: &str) -> Json {
    let schema = schema(command);
    let documents: Vec<Json> = match schema["output_format"].as_str() {
        Some("lines") => printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect(),
        _ => vec![serde_json::from_str(printed).unwrap_or_else(|why| panic!("{command}: {why}: {printed}"))],
    };
    for document in &documents {
        assert_eq!(faults(&schema["output"], document, command), [""; 0]);
    }
    documents.last().unwrap_or_else(|| panic!("{command} has printed nothing")).clone()
}

/// Runs a command, and checks its output.
fn run(command: &str, arguments: &[&str], environment: &Environment) -> Json {
    let words: Vec<&str> = command.split(' ').collect();
    let output = program(&[&words, arguments, &["--json"]].concat(), environment).output().unwrap();
    valid(command, &ok(&output))
}

/// Starts a command, and waits for a line of stderr with these words. Returns the rest of the line.
fn started(args: &[&str], words: &str, environment: &Environment) -> (Child, BufReader<ChildStderr>, String) {
    let mut command = program(args, environment);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap());
    let rest = loop {
        let mut line = String::new();
        assert_ne!(said.read_line(&mut line).unwrap(), 0, "the program ended before it said `{words}`");
        if let Some((_, rest)) = line.split_once(words) {
            break rest.trim().to_owned();
        }
    };
    (child, said, rest)
}

#[test]
fn logins_of_a_person_and_logouts() {
    let (sandbox, _) = unlimited();
    let folder = tempfile::tempdir().unwrap();
    let (key, secret) = sandbox.app_keys();
    let env = vec![
        ("CHIRRUP_CONFIG_DIR", folder.path().display().to_string()),
        ("CHIRRUP_BASE_URL", sandbox.url()),
        ("X_CONSUMER_KEY", key),
        ("X_CONSUMER_SECRET", secret.expose().to_owned()),
    ];
    let (mut child, _said, url) = started(&["login", "--json"], "Open ", &env);
    let callback = authorize(&url, &sandbox.url());
    child.stdin.take().unwrap().write_all(format!("{callback}\n").as_bytes()).unwrap();
    assert_eq!(valid("login", &ok(&child.wait_with_output().unwrap()))["as"], "@robin");
    run("login", &["--app-only", "--profile", "app"], &env);
    assert_eq!(run("logout", &["--profile", "app"], &env)["profile"], "app");
}

#[test]
fn sandboxes_and_their_events() {
    let folder = tempfile::tempdir().unwrap();
    let env = vec![("CHIRRUP_CONFIG_DIR", folder.path().display().to_string())];
    let url = run("sandbox", &["--background", "--users", "20", "--posts", "50"], &env)["url"].clone();
    run("sandbox trigger", &["post.mention.create"], &env);
    let (webhook, _requests) = scripted(|_, _| response(200, "{}"));
    let to = format!("{}/webhook", webhook[1].1);
    assert_eq!(run("sandbox trigger", &["post.mention.create", "--to", &to], &env)["status"], 200);
    assert_eq!(run("sandbox stop", &[], &env)["url"], url);
    let file = folder.path().join("world.db");
    run("sandbox client create", &["--data", file.to_str().unwrap(), "--user", "wren"], &env);
}

#[test]
fn webhooks_and_their_events() {
    let (sandbox, env) = unlimited();
    ok(&program(&["rules", "add", "heron"], &env).output().unwrap());
    let listen = ["webhook", "listen", "--port", "0", "--register", "local", "--json"];
    let (child, _said, _) = started(&[&listen[..], &["--rules", "-n", "1"]].concat(), "registered webhook ", &env);
    sandbox.write_post("robin", "a heron waits").unwrap();
    let event = valid("webhook listen", &ok(&child.wait_with_output().unwrap()));
    assert_eq!(event["data"]["text"], "a heron waits");
    let (mut child, _said, id) = started(&listen, "registered webhook ", &env);
    assert_eq!(run("webhook delete", &[&id], &env)["deleted"][0], id);
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn objects_that_another_command_has_found() {
    let (_sandbox, env) = unlimited();
    let posts = ok(&program(&["search", "rust", "--jsonl"], &env).output().unwrap());
    valid("query match", &ok(&with_stdin(&["query", "match", "rust", "--json"], &[], posts.as_bytes())));
    for (find, words, show) in [
        ("communities search", "rust", "communities show"),
        ("spaces search", "rust", "spaces show"),
        ("compliance create", "tweets", "compliance show"),
    ] {
        let found = run(find, &[words], &env);
        let id = found["data"]["id"].as_str().or(found["data"][0]["id"].as_str()).unwrap();
        run(show, &[id], &env);
    }
}

#[test]
fn a_collection_prints_nothing() {
    let (_sandbox, env) = unlimited();
    let folder = tempfile::tempdir().unwrap();
    for (command, arguments, name) in
        [("collect search", "rust", "posts.db"), ("collect followers", "robin", "users.jsonl")]
    {
        let file = folder.path().join(name);
        let words: Vec<&str> = command.split(' ').chain([arguments, "--into", file.to_str().unwrap()]).collect();
        let output = program(&[&words, &["--json"][..]].concat(), &env).output().unwrap();
        assert_eq!(ok(&output), "", "{command}");
        assert_eq!(schema(command)["output_format"], "text", "its output is the file");
        assert!(text(&output.stderr).contains(name) && file.exists(), "{}", text(&output.stderr));
    }
}

#[cfg(feature = "mcp")]
#[test]
fn the_server_for_agents_says_where_it_listens() {
    let (_sandbox, env) = unlimited();
    let mut command = program(&["mcp", "--http", "0", "--json"], &env);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut documents = serde_json::Deserializer::from_reader(child.stdout.take().unwrap()).into_iter::<Json>();
    let printed = documents.next().unwrap().unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(faults(&schema("mcp")["output"], &printed, "mcp"), [""; 0]);
}
