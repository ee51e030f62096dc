//! `chirrup login --exchange`: OAuth 2.0 tokens for OAuth 1.0a tokens, one by one and in bulk.

use std::fmt::Write as _;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use chirrup::{Client, Credentials};
use chirrup_sandbox::{AppCredentials, NewApp, Sandbox};
use serde_json::Value as Json;

use crate::{ok, program, rounds, text};

/// Starts a sandbox with an app that has this many users.
fn sandbox_with_users(count: usize) -> (Sandbox, AppCredentials) {
    let sandbox = Sandbox::builder().users(10).posts(20).without_rate_limits().start().unwrap();
    let new = (0..count).fold(NewApp::default(), |app, n| app.user(format!("user_{n}")));
    let app = sandbox.create_app(&new).unwrap();
    (sandbox, app)
}

fn environment(sandbox: &Sandbox, app: &AppCredentials, folder: &std::path::Path) -> Vec<(&'static str, String)> {
    vec![
        ("CHIRRUP_BASE_URL", sandbox.url()),
        ("CHIRRUP_CONFIG_DIR", folder.join("config").display().to_string()),
        ("X_CLIENT_ID", app.consumer_key.clone()),
        ("X_CONSUMER_KEY", app.consumer_key.clone()),
        ("X_CONSUMER_SECRET", app.consumer_secret.expose().to_owned()),
    ]
}

/// Returns a CSV file of the tokens of all users.
fn csv(app: &AppCredentials) -> String {
    let mut csv = "screen_name,oauth_token,oauth_token_secret\n".to_owned();
    for user in &app.users {
        let secret = user.access_token_secret.expose();
        writeln!(csv, "{},{},{secret}", user.username, user.access_token).unwrap();
    }
    csv
}

/// Returns the username that an access token belongs to, or `None` if the token is revoked.
async fn owner(client: &Client, access_token: &str) -> Option<String> {
    let me = client.with_credentials(Credentials::oauth2(access_token)).get_me().await;
    me.ok().map(|me| me.data.username)
}

#[test]
fn the_token_of_a_profile_is_exchanged_and_both_credentials_work() {
    let (sandbox, app) = sandbox_with_users(1);
    let folder = tempfile::tempdir().unwrap();
    let env = environment(&sandbox, &app, folder.path());
    let file = folder.path().join("token");
    let ada = &app.users[0];
    std::fs::write(&file, format!("{}\n{}\n", ada.access_token, ada.access_token_secret.expose())).unwrap();
    let run = |args: &[&str]| program(args, &env).output().unwrap();
    let early = run(&["login", "--exchange"]);
    assert_eq!(early.status.code(), Some(4), "{}", text(&early.stderr));
    ok(&run(&["login", "--token-file", file.to_str().unwrap()]));
    let shown = ok(&run(&["login", "--exchange", "--json"]));
    assert!(shown.contains("tweet.write") && !shown.contains(ada.access_token_secret.expose()), "{shown}");
    let profiles: Json = serde_json::from_str(&ok(&run(&["profiles", "--json"]))).unwrap();
    assert_eq!(profiles[0]["credentials"].as_array().map(Vec::len), Some(2), "{profiles}");
    assert!(ok(&run(&["whoami"])).contains("@user_0"));
    assert!(!ok(&run(&["auth", "token"])).is_empty(), "the profile has an OAuth 2.0 token now");
}

#[test]
fn refused_tokens_and_missing_files_are_reported() {
    let (sandbox, app) = sandbox_with_users(2);
    let folder = tempfile::tempdir().unwrap();
    let env = environment(&sandbox, &app, folder.path());
    let from = folder.path().join("tokens.csv");
    let into = folder.path().join("oauth2.jsonl");
    std::fs::write(&from, csv(&app) + "eve,99-revoked,canary\n").unwrap();
    let run = |args: &[&str]| -> Output { program(args, &env).output().unwrap() };
    let incomplete = run(&["login", "--exchange", from.to_str().unwrap()]);
    assert_eq!(incomplete.status.code(), Some(2), "{}", text(&incomplete.stderr));
    assert!(text(&incomplete.stderr).contains("--into"));
    let partial = run(&["login", "--exchange", from.to_str().unwrap(), "--into", into.to_str().unwrap()]);
    assert_eq!(partial.status.code(), Some(9), "{}", text(&partial.stderr));
    let lines = std::fs::read_to_string(&into).unwrap();
    assert_eq!((lines.lines().count(), lines.matches("\"refused\"").count()), (3, 1), "{lines}");
    let all = lines + &text(&partial.stderr) + &text(&partial.stdout);
    assert!(!all.contains("canary") && !all.contains(app.users[0].access_token_secret.expose()));
}

#[test]
fn a_killed_exchange_resumes_and_leaves_one_valid_pair_per_user() {
    let users = rounds("CHIRRUP_EXCHANGES", 300);
    let kills = rounds("CHIRRUP_EXCHANGE_KILLS", 6);
    let (sandbox, app) = sandbox_with_users(users);
    let folder = tempfile::tempdir().unwrap();
    let env = environment(&sandbox, &app, folder.path());
    let from = folder.path().join("tokens.csv");
    let into = folder.path().join("oauth2.jsonl");
    std::fs::write(&from, csv(&app)).unwrap();
    let args = ["login", "--exchange", from.to_str().unwrap(), "--into", into.to_str().unwrap()];
    let stored = || std::fs::read(&into).map_or(0, |text| text.split(|byte| *byte == b'\n').count());
    for kill in 1..=kills {
        let mut child = program(&args, &env).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // Each run gets further than the one before, so the kills are spread over the whole file.
        let (goal, start) = (users * kill / (kills + 1), Instant::now());
        while stored() < goal && start.elapsed() < Duration::from_secs(120) {
            std::thread::sleep(Duration::from_millis(1));
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    ok(&program(&args, &env).output().unwrap());
    let text = std::fs::read_to_string(&into).unwrap();
    let lines: Vec<Json> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), users);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let client = Client::builder().base_url(sandbox.url()).build().unwrap();
    for line in &lines {
        let token = line["access_token"].as_str().unwrap();
        assert_eq!(runtime.block_on(owner(&client, token)).as_deref(), line["username"].as_str(), "{line}");
    }
    let exchanges = sandbox.journal().iter().filter(|event| event.path == "/2/oauth2/token").count();
    assert!(exchanges < users + 8 * (kills + 1), "{exchanges} requests: only what was in progress is repeated");
}
