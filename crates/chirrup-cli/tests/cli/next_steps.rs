//! The error object of `--json`, and its next step: run as it stands, it repairs the error or shows what is wrong.

use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use chirrup::Cost;
use chirrup_sandbox::{Fault, Sandbox};
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
    for name in ["kind", "message", "status", "hint", "next_step", "retry_after", "cost"] {
        assert!(object.get(name).is_some(), "{name}: {object}");
    }
    object
}

/// Runs the next step of an error object in a shell, as it stands.
fn run_next(object: &Json, environment: &Environment) -> Output {
    let step = object["next_step"].as_str().unwrap_or_else(|| panic!("no next step: {object}"));
    let folder = Path::new(env!("CARGO_BIN_EXE_chirrup")).parent().unwrap();
    let path = format!("{}:/usr/bin:/bin", folder.display());
    let variables = environment.iter().map(|(name, value)| (*name, value.as_str()));
    Command::new("sh").args(["-c", step]).env_clear().envs(variables).env("PATH", path).output().unwrap()
}

/// Runs the next step of a command that fails with this kind of error. Returns what it prints.
fn repair(args: &[&str], kind: &str, environment: &Environment) -> String {
    let object = error(args, environment);
    assert_eq!(object["kind"], kind, "{object}");
    ok(&run_next(&object, environment))
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
    assert!(repair(&["show", "abc", "--json"], "usage", &env).contains("Usage: chirrup show"));
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
    let diagnosed = text(&run_next(&object, &env).stdout);
    assert!(diagnosed.contains("X_BEARER_TOKEN is wrong"), "{diagnosed}");
}

#[test]
#[cfg(unix)]
fn missing_permissions_are_diagnosed() {
    let (sandbox, env) = unlimited();
    sandbox.set_access_level("read").unwrap();
    let oauth1 = env.into_iter().filter(|(name, _)| !["X_BEARER_TOKEN", "X_OAUTH2_ACCESS_TOKEN"].contains(name));
    let env: Environment = oauth1.collect();
    let found = repair(&["post", "hello", "--json"], "forbidden", &env);
    assert!(found.contains("\"ok\": true"), "{found}");
}

#[test]
#[cfg(unix)]
fn an_unknown_path_is_looked_up() {
    let (_sandbox, env) = unlimited();
    let found = repair(&["call", "GET", "/2/tweets/serch/recent", "--json"], "not_found", &env);
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
    let plan = repair(&["search", "rust", "--budget", "0.01", "--json"], "budget", &env);
    assert!(serde_json::from_str::<Json>(&plan).unwrap()["max_cost_micros"].as_u64().unwrap() > 10_000, "{plan}");
    sandbox.set_credits(Some(Cost::ZERO));
    let credits = repair(&["search", "rust", "--json"], "no_credits", &env);
    assert!(credits.contains("\"data\""), "{credits}");
    sandbox.set_credits(None);
    sandbox.set_usage_cap(Some(0));
    let usage = repair(&["search", "rust", "--json"], "usage_capped", &env);
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
    let posts = repair(&["post", "did it arrive?", "--json"], "unknown_outcome", &env);
    assert!(posts.contains("\"data\"") && !posts.contains("did it arrive?"), "{posts}");
}

#[test]
#[cfg(unix)]
fn a_stream_without_rules_has_one_afterwards() {
    let (_sandbox, env) = unlimited();
    let object = error(&["stream", "--json", "-n", "1"], &env);
    assert!(object["next_step"].as_str().unwrap().contains("rules add"), "{object}");
    ok(&run_next(&object, &env));
    let rules = ok(&program(&["rules", "list", "--json"], &env).output().unwrap());
    assert!(rules.contains("coffee OR #rustlang"), "{rules}");
}

#[test]
fn what_only_a_person_can_repair_has_no_next_step() {
    let (_sandbox, env) = unlimited();
    let object = error(&["show", "404", "--json"], &env);
    assert_eq!((&object["kind"], &object["next_step"]), (&"not_found".into(), &Json::Null));
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
fn errors_are_explained_by_kind_status_exit_code_and_name() {
    for code in ["rate_limited", "usage", "partial", "403", "8", "missing-scope", "all"] {
        let shown = ok(&program(&["explain-error", code, "--json"], &[]).output().unwrap());
        let found: Json = serde_json::from_str(&shown).unwrap();
        assert!(found[0]["meaning"].is_string() && found[0]["remedy"].is_string(), "{shown}");
    }
    let unknown = program(&["explain-error", "nonsense"], &[]).output().unwrap();
    assert_eq!(unknown.status.code(), Some(2));
}

#[test]
fn a_dry_run_names_the_credential() {
    let (_sandbox, env) = unlimited();
    let plan = ok(&program(&["post", "hello", "--dry-run", "--json"], &env).output().unwrap());
    let plan: Json = serde_json::from_str(&plan).unwrap();
    assert_eq!(plan["data"][0]["credential"], "oauth2", "{plan}");
    assert_eq!(plan["credential_source"], "the environment", "{plan}");
}
