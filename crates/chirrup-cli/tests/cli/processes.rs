//! Concurrent and killed processes, and secrets in their output.

use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

use chirrup::auth::Scope;
use chirrup::login::{App, Login};
use chirrup::model::Timestamp;
use chirrup::tokens::{Profile, TokenStore, UserTokens};
use chirrup::{Client, Clock as _, SystemClock};
use chirrup_sandbox::{Fault, FaultRule, NewApp, Sandbox};
use serde_json::{Value as Json, json};

use crate::login::authorize;
use crate::program::Program;
use crate::{ok, program, rounds, text};

/// Returns a sandbox, and a config folder in which robin is logged in with the default profile.
fn logged_in(folder: &Path) -> (Sandbox, TokenStore, Vec<(&'static str, String)>) {
    let sandbox = Sandbox::builder().users(10).posts(50).start().unwrap();
    let store = TokenStore::at(folder.join("credentials.json"));
    log_in(&sandbox, &store);
    let env = vec![("CHIRRUP_CONFIG_DIR", folder.to_str().unwrap().to_owned())];
    (sandbox, store, env)
}

fn log_in(sandbox: &Sandbox, store: &TokenStore) {
    let client = Client::builder().base_url(sandbox.url()).build().unwrap();
    let (login, app) = (Login::new(&client), App::public(sandbox.app_keys().0));
    let scopes = [Scope::TweetRead, Scope::UsersRead, Scope::OfflineAccess];
    let started = login.begin_oauth2(&app, "http://127.0.0.1:8080/callback", &scopes).unwrap();
    let url = authorize(started.url(), &sandbox.url());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let tokens = runtime.block_on(login.finish_oauth2(&app, started, &url)).unwrap();
    let mut profile = Profile::default();
    (profile.app_key, profile.base_url) = (Some(app.key().to_owned()), Some(sandbox.url()));
    profile.oauth2 = Some(UserTokens::new(&tokens, tokens.scopes.clone(), SystemClock.now()));
    store.update(|profiles| profiles.insert("default".to_owned(), profile)).unwrap();
}

/// Marks the access token as expired.
fn expire(store: &TokenStore) {
    let long_ago = Timestamp::from_secs(1_000_000_000);
    let set = |profile: &mut Profile| profile.oauth2.as_mut().unwrap().expires_at = long_ago;
    store.update(|profiles| set(profiles.get_mut("default").unwrap())).unwrap();
}

/// Returns the statuses of all token refreshes.
fn refreshes(sandbox: &Sandbox) -> Vec<u16> {
    let journal = sandbox.journal();
    let requests = journal.iter().filter(|event| event.path == "/2/oauth2/token").skip(1);
    requests.filter_map(|event| event.status).collect()
}

fn spawn(mut command: Program) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

#[test]
fn sixteen_processes_refresh_an_expired_token_once() {
    let folder = tempfile::tempdir().unwrap();
    let (sandbox, store, env) = logged_in(folder.path());
    for round in 1..=rounds("CHIRRUP_REFRESHES", 4) {
        expire(&store);
        let children: Vec<Child> = (0..16).map(|_| spawn(program(&["auth", "token"], &env))).collect();
        let mut tokens: Vec<String> =
            children.into_iter().map(|child| ok(&child.wait_with_output().unwrap())).collect();
        tokens.dedup();
        assert_eq!(tokens.len(), 1, "all processes have the same new token");
        assert_eq!(refreshes(&sandbox), vec![200; round], "one refresh per round, and none is refused");
    }
}

#[test]
fn a_killed_program_leaves_the_old_tokens_or_the_new_ones() {
    let folder = tempfile::tempdir().unwrap();
    let (sandbox, store, env) = logged_in(folder.path());
    let pair = |profile: &Profile| {
        let user = profile.oauth2.clone().unwrap();
        (user.access_token.expose().to_owned(), user.refresh_token.unwrap().expose().to_owned())
    };
    let (mut killed_before, mut killed_after) = (0, 0);
    for round in 0..rounds("CHIRRUP_KILLS", 40) {
        expire(&store);
        let before = pair(&store.profile("default").unwrap());
        // The delay leaves time for a kill before and after the exchange.
        sandbox.add_fault_rule(
            FaultRule::new(Fault::DelayRequest(Duration::from_millis(4))).endpoint("/2/oauth2/token").times(1),
        );
        let mut child = spawn(program(&["auth", "token"], &env));
        let delay = Duration::from_micros(200 * (round as u64 % 120));
        std::thread::sleep(delay);
        child.kill().unwrap();
        let printed = text(&child.wait_with_output().unwrap().stdout);
        sandbox.clear_faults();
        let after = pair(&store.profile("default").unwrap());
        if after == before {
            killed_before += 1;
            assert!(printed.is_empty(), "a token is printed only after it is stored");
        } else {
            killed_after += 1;
        }
        // If the server issued new tokens to the killed process, only a new login helps.
        let issued = refreshes(&sandbox).len();
        if !program(&["auth", "token"], &env).output().unwrap().status.success() {
            assert!(issued > 0);
            assert_eq!(pair(&store.profile("default").unwrap()), after, "an error does not delete tokens");
            log_in(&sandbox, &store);
        }
    }
    assert!(killed_before > 0, "{killed_before} {killed_after}: no process was killed in time");
}

#[test]
fn a_running_sandbox_accepts_an_app_that_the_program_creates() {
    let folder = tempfile::tempdir().unwrap();
    let world = folder.path().join("world.db");
    let sandbox = Sandbox::builder().users(10).posts(50).data_file(&world).start().unwrap();
    let create = |more: &[&str]| {
        let args = [&["sandbox", "client", "create", "--json", "--data", world.to_str().unwrap()], more].concat();
        program(&args, &[]).output().unwrap()
    };
    let app: Json = serde_json::from_str(&ok(&create(&["--user", "grace", "--user", "ada"]))).unwrap();
    let env = |user: usize| {
        let text = |value: &Json| value.as_str().unwrap().to_owned();
        let keys = &app["users"][user];
        [
            ("CHIRRUP_BASE_URL", sandbox.url()),
            ("X_CONSUMER_KEY", text(&app["consumer_key"])),
            ("X_CONSUMER_SECRET", text(&app["consumer_secret"])),
            ("X_ACCESS_TOKEN", text(&keys["access_token"])),
            ("X_ACCESS_TOKEN_SECRET", text(&keys["access_token_secret"])),
        ]
    };
    assert!(ok(&program(&["whoami"], &env(0)).output().unwrap()).starts_with("@grace"));
    assert!(ok(&program(&["whoami"], &env(1)).output().unwrap()).starts_with("@ada"));
    ok(&program(&["post", "hello from grace"], &env(0)).output().unwrap());
    let bearer =
        [("CHIRRUP_BASE_URL", sandbox.url()), ("X_BEARER_TOKEN", app["bearer_token"].as_str().unwrap().to_owned())];
    assert!(ok(&program(&["search", "from:grace"], &bearer).output().unwrap()).contains("hello from grace"));
    // A read-only app cannot post.
    let read_only: Json = serde_json::from_str(&ok(&create(&["--user", "grace", "--access", "read"]))).unwrap();
    let mut env = env(0);
    env[1].1 = read_only["consumer_key"].as_str().unwrap().to_owned();
    env[2].1 = read_only["consumer_secret"].as_str().unwrap().to_owned();
    env[3].1 = read_only["users"][0]["access_token"].as_str().unwrap().to_owned();
    env[4].1 = read_only["users"][0]["access_token_secret"].as_str().unwrap().to_owned();
    assert_eq!(program(&["post", "not permitted"], &env).output().unwrap().status.code(), Some(4));
    assert_eq!(create(&["--user", "not a name"]).status.code(), Some(2));
}

#[test]
fn token_files_of_xurl_are_imported() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::builder().users(10).posts(50).start().unwrap();
    let app = sandbox.create_app(&NewApp::default().user("grace")).unwrap();
    let grace = &app.users[0];
    let file = folder.path().join("xurl");
    let yaml = format!(
        "apps:\n  default:\n    client_id: {0}\n    client_secret: {1}\n    oauth2_tokens:\n      grace:\n        type: oauth2\n        \
         oauth2:\n          access_token: {2}\n          refresh_token: r\n          expiration_time: 4000000000\n    oauth1_token:\n      \
         type: oauth1\n      oauth1:\n        access_token: {3}\n        token_secret: {4}\n        consumer_key: {0}\n        \
         consumer_secret: {1}\ndefault_app: default\n",
        app.consumer_key,
        app.consumer_secret.expose(),
        grace.oauth2_access_token.expose(),
        grace.access_token,
        grace.access_token_secret.expose(),
    );
    std::fs::write(&file, yaml).unwrap();
    let env = [("CHIRRUP_CONFIG_DIR", folder.path().join("config").to_str().unwrap().to_owned())];
    let printed = ok(&program(&["login", "--import", file.to_str().unwrap(), "--json"], &env).output().unwrap());
    assert_eq!(serde_json::from_str::<Json>(&printed).unwrap()["profiles"], json!(["grace", "oauth1"]));
    // The tokens are for X: an environment variable does not send them to another server.
    let elsewhere = [env[0].clone(), ("CHIRRUP_BASE_URL", sandbox.url())];
    let refused = program(&["whoami", "--profile", "grace"], &elsewhere).output().unwrap();
    assert!(text(&refused.stderr).contains("are not sent to"), "{}", text(&refused.stderr));
    let store = TokenStore::at(folder.path().join("config/credentials.json"));
    store.update(|all| all.values_mut().for_each(|one| one.base_url = Some(sandbox.url()))).unwrap();
    for profile in ["grace", "oauth1"] {
        assert!(ok(&program(&["whoami", "--profile", profile], &env).output().unwrap()).starts_with("@grace"));
    }
    std::fs::write(&file, "apps: {").unwrap();
    assert_eq!(program(&["login", "--import", file.to_str().unwrap()], &env).output().unwrap().status.code(), Some(2));
}

#[test]
fn token_files_of_t_twurl_and_twarc_are_imported() {
    let home = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::builder().users(10).posts(50).start().unwrap();
    let app = sandbox.create_app(&NewApp::default().user("grace").user("linus")).unwrap();
    let keys = |index: usize| {
        let (user, secret) = (&app.users[index], app.consumer_secret.expose());
        [app.consumer_key.as_str(), secret, user.access_token.as_str(), user.access_token_secret.expose()]
    };
    let [key, secret, token, token_secret] = keys(0);
    let trc = format!(
        "---\nconfiguration:\n  default_profile:\n  - grace\n  - {key}\nprofiles:\n  grace:\n    {key}:\n      username: grace\n      \
         consumer_key: {key}\n      consumer_secret: {secret}\n      token: {token}\n      secret: {token_secret}\n"
    );
    let [key, secret, token, token_secret] = keys(1);
    let twarc = format!(
        "[linus]\nconsumer_key = {key}\nconsumer_secret = {secret}\naccess_token = {token}\naccess_token_secret = {token_secret}\n"
    );
    let config = home.path().join("config").to_str().unwrap().to_owned();
    let env = [("CHIRRUP_CONFIG_DIR", config), ("HOME", home.path().to_str().unwrap().to_owned())];
    let import = |args: &[&str]| program(&[&["login", "--import", "--json"], args].concat(), &env).output().unwrap();
    assert!(text(&import(&[]).stderr).contains("none of the files of xurl, t, twurl and twarc exists"));
    std::fs::write(home.path().join(".trc"), &trc).unwrap();
    std::fs::write(home.path().join(".twarc"), &twarc).unwrap();
    let printed = ok(&import(&[]));
    assert_eq!(serde_json::from_str::<Json>(&printed).unwrap()["profiles"], json!(["grace", "linus"]));
    let store = TokenStore::at(home.path().join("config/credentials.json"));
    store.update(|all| all.values_mut().for_each(|one| one.base_url = Some(sandbox.url()))).unwrap();
    for profile in ["grace", "linus"] {
        let who = ok(&program(&["whoami", "--profile", profile], &env).output().unwrap());
        assert!(who.starts_with(&format!("@{profile}")), "{who}");
    }
    std::fs::write(home.path().join("other"), format!("{token_secret}: [")).unwrap();
    let refused = import(&[home.path().join("other").to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(!text(&refused.stderr).contains(token_secret), "a secret is printed");
}

#[test]
fn no_command_prints_a_secret_or_a_part_of_one() {
    let sandbox = Sandbox::builder().users(60).posts(1_500).start().unwrap();
    let app = sandbox.create_app(&NewApp::default().user("ada")).unwrap();
    let ada = &app.users[0];
    let folder = tempfile::tempdir().unwrap();
    let env = [
        ("CHIRRUP_CONFIG_DIR", folder.path().to_str().unwrap().to_owned()),
        ("CHIRRUP_BASE_URL", sandbox.url()),
        ("RUST_LOG", "trace".to_owned()),
        ("RUST_BACKTRACE", "full".to_owned()),
        ("X_BEARER_TOKEN", app.bearer_token.expose().to_owned()),
        ("X_CONSUMER_KEY", app.consumer_key.clone()),
        ("X_CONSUMER_SECRET", app.consumer_secret.expose().to_owned()),
        ("X_ACCESS_TOKEN", ada.access_token.clone()),
        ("X_ACCESS_TOKEN_SECRET", ada.access_token_secret.expose().to_owned()),
        ("X_OAUTH2_ACCESS_TOKEN", ada.oauth2_access_token.expose().to_owned()),
    ];
    // An OAuth 1.0a token begins with the user ID, which is not a secret.
    let token_secret_part = ada.access_token.split_once('-').unwrap().1;
    let secrets = [
        app.bearer_token.expose(),
        app.consumer_secret.expose(),
        token_secret_part,
        ada.access_token_secret.expose(),
        ada.oauth2_access_token.expose(),
    ];
    let parts: Vec<String> = secrets
        .iter()
        .flat_map(|secret| {
            let base64 = base64_of(secret);
            let windows = |text: &str| {
                let bytes: Vec<char> = text.chars().collect();
                bytes.windows(8).map(|w| w.iter().collect::<String>()).collect::<Vec<_>>()
            };
            [windows(secret), windows(&base64)].concat()
        })
        .filter(|part| part.chars().any(|c| c != 'A'))
        .collect();
    let commands: [&[&str]; 18] = [
        &["whoami"],
        &["doctor"],
        &["doctor", "--json"],
        &["profiles"],
        &["search", "rust"],
        &["search", "((("],
        &["user", "robin", "unknown_user_99"],
        &["timeline", "robin"],
        &["home", "--json"],
        &["post", "a post"],
        &["like", "20"],
        &["follow", "robin"],
        &["call", "GET", "/2/users/me", "--timeout", "1"],
        &["call", "GET", "/2/no/such/path"],
        &["call", "GET", "/2/users/me", "--context", "app"],
        &["logout"],
        &["endpoints"],
        &["--base-url", "http://127.0.0.1:9", "whoami"],
    ];
    for fault in
        [None, Some(Fault::CloseBeforeProcessing), Some(Fault::CorruptBody), Some(Fault::ErrorAfterProcessing(401))]
    {
        sandbox.clear_faults();
        if let Some(fault) = &fault {
            sandbox.add_fault_rule(FaultRule::new(fault.clone()));
        }
        for args in commands {
            let output = program(args, &env).output().unwrap();
            let printed = text(&output.stdout) + &String::from_utf8_lossy(&output.stderr);
            let found = parts.iter().find(|part| printed.contains(part.as_str()));
            assert!(found.is_none(), "{args:?} with {fault:?} prints a part of a secret");
        }
    }
    assert!(sandbox.journal().iter().any(|event| event.status == Some(201)), "some writes succeeded");
}

fn base64_of(text: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    text.as_bytes()
        .chunks(3)
        .flat_map(|chunk| {
            let bits = chunk.iter().fold(0_u32, |all, byte| all << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
            (0..=chunk.len()).map(move |i| char::from(LETTERS[(bits >> (18 - 6 * i)) as usize & 63]))
        })
        .collect()
}
