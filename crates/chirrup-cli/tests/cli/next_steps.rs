//! The error object of `--json`, and its next step: run as it stands, it repairs the error.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use chirrup::Cost;
use chirrup_sandbox::{Fault, ProcessingOutcome, Sandbox};
use serde_json::{Value as Json, json};

use crate::{ok, program, text, unlimited};

type Environment = Vec<(&'static str, String)>;

/// Runs a command that fails, and returns its error object.
fn error(args: &[&str], environment: &Environment) -> Json {
    let output = program(args, environment).output().unwrap();
    assert!(output.stdout.is_empty(), "{output:?}");
    object(&output)
}

/// Returns the error object of a run: the last line of stderr.
fn object(output: &Output) -> Json {
    let said = text(&output.stderr);
    let object: Json =
        serde_json::from_str(said.lines().last().unwrap_or_default()).unwrap_or_else(|_| panic!("{said}"));
    assert_eq!(object["exit_code"], output.status.code().unwrap(), "{object}");
    for name in ["kind", "message", "status", "hint", "next_step", "inspect", "retry_after", "cost"] {
        assert!(object.get(name).is_some(), "{name}: {object}");
    }
    object
}

/// Runs the command in a member of an error object in a shell, as it stands.
fn run_member(object: &Json, name: &str, environment: &Environment) -> Output {
    let command = object[name].as_str().unwrap_or_else(|| panic!("no {name}: {object}"));
    let folder = Path::new(env!("CARGO_BIN_EXE_chirrup")).parent().unwrap();
    let path = format!("{}:/usr/bin:/bin", folder.display());
    let variables = environment.iter().map(|(name, value)| (*name, value.as_str()));
    Command::new("sh").args(["-c", command]).env_clear().envs(variables).env("PATH", path).output().unwrap()
}

/// Runs the next step of an error object.
fn run_next(object: &Json, environment: &Environment) -> Output {
    assert!(object["inspect"].is_null(), "{object}");
    run_member(object, "next_step", environment)
}

/// Runs the next step of a command that fails with this kind of error. Returns what it prints.
fn repair(args: &[&str], kind: &str, environment: &Environment) -> String {
    let object = error(args, environment);
    assert_eq!(object["kind"], kind, "{object}");
    ok(&run_next(&object, environment))
}

/// Runs the command that shows why a command fails, if only a person can repair that. Returns what it prints.
fn inspect(args: &[&str], kind: &str, environment: &Environment) -> String {
    let object = error(args, environment);
    assert_eq!((&object["kind"], &object["next_step"]), (&kind.into(), &Json::Null), "{object}");
    ok(&run_member(&object, "inspect", environment))
}

/// The environment of an app that has its keys, and no token.
fn app(sandbox: &Sandbox, folder: &Path) -> Environment {
    let (key, secret) = sandbox.app_keys();
    vec![
        ("CHIRRUP_BASE_URL", sandbox.url()),
        ("CHIRRUP_CONFIG_DIR", folder.display().to_string()),
        ("X_CONSUMER_KEY", key),
        ("X_CONSUMER_SECRET", secret.expose().to_owned()),
    ]
}

#[test]
#[cfg(unix)]
fn usage_is_corrected_or_explained() {
    let (_sandbox, env) = unlimited();
    let found = repair(&["serach", "rust lang:en", "--json"], "usage", &env);
    assert!(serde_json::from_str::<Json>(&found).unwrap()["data"].is_array(), "{found}");
    let found = repair(&["search", "rust", "--jsn", "--json"], "usage", &env);
    assert!(found.contains("\"data\""), "{found}");
    assert!(inspect(&["show", "abc", "--json"], "usage", &env).contains("Usage: chirrup show"));
}

#[test]
#[cfg(unix)]
fn missing_and_rejected_credentials_are_replaced() {
    let (sandbox, _) = unlimited();
    let folder = tempfile::tempdir().unwrap();
    let env = app(&sandbox, folder.path());
    repair(&["show", "20", "--json"], "credentials", &env);
    ok(&program(&["show", "20", "--json"], &env).output().unwrap());

    // A profile without the secret of the app cannot get another token on its own.
    let profile = json!({"base_url": sandbox.url(), "bearer_token": "revoked"});
    let file = json!({"version": 1, "profiles": {"default": profile}});
    std::fs::write(folder.path().join("credentials.json"), file.to_string()).unwrap();
    repair(&["show", "20", "--json"], "login", &env);
    ok(&program(&["show", "20", "--json"], &env).output().unwrap());
}

#[test]
#[cfg(unix)]
fn a_token_of_the_environment_is_diagnosed() {
    let (sandbox, _) = unlimited();
    let env = vec![("CHIRRUP_BASE_URL", sandbox.url()), ("X_BEARER_TOKEN", "stolen".to_owned())];
    let object = error(&["show", "20", "--json"], &env);
    assert_eq!((&object["kind"], &object["status"]), (&"unauthorized".into(), &401.into()));
    let diagnosed = text(&run_member(&object, "inspect", &env).stdout);
    assert!(diagnosed.contains("X_BEARER_TOKEN is wrong"), "{diagnosed}");
}

#[test]
#[cfg(unix)]
fn missing_permissions_are_diagnosed() {
    let (sandbox, env) = unlimited();
    sandbox.set_access_level("read").unwrap();
    let oauth1 = env.into_iter().filter(|(name, _)| !["X_BEARER_TOKEN", "X_OAUTH2_ACCESS_TOKEN"].contains(name));
    let env: Environment = oauth1.collect();
    let found = inspect(&["post", "hello", "--json"], "forbidden", &env);
    assert!(found.contains("\"ok\": true"), "{found}");
}

#[test]
#[cfg(unix)]
fn an_unknown_path_is_looked_up() {
    let (_sandbox, env) = unlimited();
    let found = inspect(&["call", "GET", "/2/tweets/serch/recent", "--json"], "not_found", &env);
    assert!(found.contains("search_recent"), "{found}");
}

#[test]
#[cfg(unix)]
fn a_rate_limit_is_over_after_the_time_that_the_error_names() {
    let (sandbox, env) = crate::sandbox();
    let env: Environment =
        env.into_iter().filter(|(name, _)| name.contains("OAUTH2") || name.contains("URL")).collect();
    let client = chirrup::Client::builder().base_url(sandbox.url()).credentials(sandbox.credentials().unwrap());
    let client = client.build().unwrap();
    while client.get_me().wait().is_ok() {}
    let object = error(&["--no-wait", "call", "GET", "/2/users/me", "--json"], &env);
    assert_eq!((&object["kind"], &object["status"]), (&"rate_limited".into(), &429.into()));
    sandbox.clock().advance(Duration::from_secs(object["retry_after"].as_u64().unwrap()));
    assert!(ok(&run_next(&object, &env)).contains("ada"));
}

#[test]
#[cfg(unix)]
fn money_that_is_missing_is_shown() {
    let (sandbox, env) = unlimited();
    let plan = inspect(&["search", "rust", "--budget", "0.01", "--json"], "budget", &env);
    assert!(serde_json::from_str::<Json>(&plan).unwrap()["max_cost_micros"].as_u64().unwrap() > 10_000, "{plan}");
    sandbox.set_credits(Some(Cost::ZERO));
    let credits = inspect(&["search", "rust", "--json"], "no_credits", &env);
    assert!(credits.contains("\"data\""), "{credits}");
    sandbox.set_credits(None);
    sandbox.set_usage_cap(Some(0));
    let usage = inspect(&["search", "rust", "--json"], "usage_capped", &env);
    assert!(usage.contains("\"data\""), "{usage}");
}

#[test]
#[cfg(unix)]
fn a_transient_failure_is_over_when_the_command_is_repeated() {
    let (sandbox, env) = unlimited();
    let faults = [
        (Fault::ErrorAfterProcessing(503), "server"),
        (Fault::CloseBeforeProcessing, "network"),
        (Fault::TruncateBody, "network"),
        (Fault::CorruptBody, "decode"),
    ];
    for (fault, kind) in faults {
        sandbox.inject_fault(fault);
        let found = repair(&["--no-wait", "show", "20", "--json"], kind, &env);
        assert!(found.contains("first light"), "{found}");
    }
}

#[test]
#[cfg(unix)]
fn a_write_with_an_unknown_outcome_is_looked_up() {
    let (sandbox, env) = unlimited();
    sandbox.inject_fault(Fault::CloseBeforeProcessing);
    let posts = inspect(&["post", "did it arrive?", "--json"], "unknown_outcome", &env);
    assert!(posts.contains("\"data\"") && !posts.contains("did it arrive?"), "{posts}");
}

#[test]
#[cfg(unix)]
fn a_stream_without_rules_has_one_afterwards() {
    let (_sandbox, env) = unlimited();
    let added = repair(&["stream", "--json", "-n", "1"], "conflict", &env);
    assert!(added.contains("coffee OR #rustlang"), "{added}");
    let rules = ok(&program(&["rules", "list", "--json"], &env).output().unwrap());
    assert!(rules.contains("coffee OR #rustlang"), "{rules}");
}

#[test]
#[cfg(unix)]
fn a_timeout_is_over_when_the_command_is_repeated() {
    let (sandbox, env) = unlimited();
    sandbox.inject_fault(Fault::DelayResponse(Duration::from_secs(60)));
    let args = ["--no-wait", "call", "GET", "/2/tweets/20", "--timeout", "5", "--json"];
    assert!(repair(&args, "timeout", &env).contains("first light"));
}

#[test]
#[cfg(unix)]
fn one_connection_too_many_takes_the_place_of_a_stale_one() {
    let (sandbox, env) = unlimited();
    let _load = sandbox.generate_posts_for_streams(20).unwrap();
    // The connection of a program that has ended, which the server has not noticed.
    let token = env.iter().find(|(name, _)| *name == "X_BEARER_TOKEN").unwrap().1.clone();
    let mut stale = TcpStream::connect(sandbox.url().trim_start_matches("http://")).unwrap();
    let head = "GET /2/tweets/sample/stream HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer";
    write!(stale, "{head} {token}\r\n\r\n").unwrap();
    stale.read_exact(&mut [0; 12]).unwrap();
    let args = ["--no-wait", "stream", "sample", "-n", "1", "--json"];
    let object = error(&args, &env);
    assert_eq!((&object["kind"], &object["status"]), (&"refused".into(), &429.into()), "{object}");
    // Another command has no flag that closes connections.
    let shown = inspect(&["call", "GET", "/2/tweets/sample/stream", "--json"], "refused", &env);
    assert!(shown.contains("endpoint_name"), "{shown}");
    assert!(ok(&run_next(&object, &env)).contains("\"data\""));
}

/// Kinds of errors that no command ends with: the program is asynchronous, and only the server for agents has permissions.
const NOT_OF_A_COMMAND: [&str; 3] = ["blocking", "closed", "not_allowed"];

#[test]
fn each_kind_of_error_has_a_test() {
    let tests = include_str!("next_steps.rs").split("fn each_kind_of_error_has_a_test").next().unwrap();
    let others: Vec<&str> = FOR_A_PERSON.iter().map(|(kind, _)| *kind).chain(NOT_OF_A_COMMAND).collect();
    for kind in chirrup::ErrorKind::ALL.iter().map(|kind| kind.name()) {
        assert!(tests.contains(&format!("\"{kind}\"")) || others.contains(&kind), "{kind}");
    }
}

#[test]
fn each_kind_of_error_is_explained() {
    for kind in chirrup::ErrorKind::ALL {
        let shown = ok(&program(&["explain-error", kind.name()], &[]).output().unwrap());
        assert!(shown.starts_with(&format!("{}: ", kind.name())), "{shown}");
    }
}

/// Errors that only a person can repair.
const FOR_A_PERSON: [(&str, &[&str]); 6] = [
    ("not_found", &["show", "404"]),
    ("argument", &["call", "GET", "/2/tweets/:id"]),
    ("invalid", &["call", "GET", "/2/tweets/search/recent", "query=rust", "max_results=5"]),
    ("media", &["media", "upload", "{film}"]),
    ("storage", &["show", "--file", "/no/such/file"]),
    ("configuration", &["--profile", "nonsense", "show", "20"]),
];

#[test]
fn what_only_a_person_can_repair_has_no_next_step() {
    let (sandbox, env) = unlimited();
    sandbox.set_processing_outcome(ProcessingOutcome::Failed).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let film = folder.path().join("film.mp4");
    std::fs::write(&film, [b"\0\0\0\x18ftypmp42", &[7; 10_000][..]].concat()).unwrap();
    for (kind, args) in FOR_A_PERSON {
        let args: Vec<String> = args.iter().map(|word| word.replace("{film}", &film.display().to_string())).collect();
        let words: Vec<&str> = args.iter().map(String::as_str).chain(["--json"]).collect();
        let object = error(&words, &env);
        let found = (&object["kind"], &object["next_step"], &object["inspect"]);
        assert_eq!(found, (&kind.into(), &Json::Null, &Json::Null), "{object}");
    }
}

#[test]
fn a_partial_result_names_what_is_missing_in_one_object() {
    let (_sandbox, env) = unlimited();
    let output = program(&["show", "20", "404", "--json"], &env).output().unwrap();
    let object = object(&output);
    assert_eq!((&object["kind"], object["missing"].as_array().unwrap().len()), (&"partial".into(), 1));
    assert_ne!(object["cost"], "$0.00", "what was read was paid for");
}

#[test]
fn errors_are_explained_by_kind_status_code_and_name() {
    for code in ["rate_limited", "usage", "partial", "403", "8", "187", "88", "missing-scope", "all"] {
        let shown = ok(&program(&["explain-error", code, "--json"], &[]).output().unwrap());
        let found: Json = serde_json::from_str(&shown).unwrap();
        assert!(found[0]["meaning"].is_string() && found[0]["remedy"].is_string(), "{shown}");
    }
    let unknown = program(&["explain-error", "nonsense"], &[]).output().unwrap();
    assert_eq!(unknown.status.code(), Some(2));
}
