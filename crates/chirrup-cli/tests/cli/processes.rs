//! OptionalList programs at once, programs that are killed, and what none of them may print.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use chirrup::auth::Scope;
use chirrup::login::{App, Login};
use chirrup::model::Timestamp;
use chirrup::tokens::{Profile, TokenStore, UserTokens};
use chirrup::{Client, Clock as _, SystemClock};
use chirrup_sandbox::{Fault, FaultRule, NewClient, Sandbox};
use serde_json::{Value as Json, json};

use crate::login::agree;
use crate::{ok, program, text, times};

/// A sandbox, and a folder of settings with the profile `default`: robin, who has just logged in.
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
    let begun = login.begin_oauth2(&app, "http://127.0.0.1:8080/callback", &scopes).unwrap();
    let to = agree(begun.url(), &sandbox.url());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let tokens = runtime.block_on(login.finish_oauth2(&app, begun, &to)).unwrap();
    let mut profile = Profile::default();
    (profile.app_key, profile.base_url) = (Some(app.key().to_owned()), Some(sandbox.url()));
    profile.oauth2 = Some(UserTokens::new(&tokens, tokens.scopes.clone(), SystemClock.now()));
    store.change(|profiles| profiles.insert("default".to_owned(), profile)).unwrap();
}

/// Lets the access token have run out.
fn expire(store: &TokenStore) {
    let long_ago = Timestamp::from_secs(1_000_000_000);
    let user = |profile: &mut Profile| profile.oauth2.as_mut().unwrap().expires_at = long_ago;
    store.change(|profiles| user(profiles.get_mut("default").unwrap())).unwrap();
}

fn refreshes(sandbox: &Sandbox) -> Vec<u16> {
    let journal = sandbox.journal();
    let asked = journal.iter().filter(|event| event.path == "/2/oauth2/token").skip(1);
    asked.filter_map(|event| event.status).collect()
}

fn spawn(mut command: Command) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

#[test]
fn sixteen_processes_refresh_an_expired_token_once() {
    let folder = tempfile::tempdir().unwrap();
    let (sandbox, store, env) = logged_in(folder.path());
    for round in 1..=times("CHIRRUP_REFRESHES", 4) {
        expire(&store);
        let children: Vec<Child> = (0..16).map(|_| spawn(program(&["auth", "token"], &env))).collect();
        let mut tokens: Vec<String> =
            children.into_iter().map(|child| ok(&child.wait_with_output().unwrap())).collect();
        tokens.dedup();
        assert_eq!(tokens.len(), 1, "all have the same new token");
        assert_eq!(refreshes(&sandbox), vec![200; round], "one refresh a round, and none refused");
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
    for round in 0..times("CHIRRUP_KILLS", 40) {
        expire(&store);
        let before = pair(&store.profile("default").unwrap());
        // Time to be killed in, on both sides of the exchange.
        sandbox.fault_rule(FaultRule::new(Fault::Stall(Duration::from_millis(4))).on("/2/oauth2/token").times(1));
        let mut child = spawn(program(&["auth", "token"], &env));
        let delay = Duration::from_micros(200 * (round as u64 % 120));
        std::thread::sleep(delay);
        child.kill().unwrap();
        let printed = text(&child.wait_with_output().unwrap().stdout);
        sandbox.clear_faults();
        let after = pair(&store.profile("default").unwrap());
        if after == before {
            killed_before += 1;
            assert!(printed.is_empty(), "no token is shown before it is kept");
        } else {
            killed_after += 1;
        }
        // The server may have given new tokens to the one who died: nobody but a new login can mend that.
        let lost = refreshes(&sandbox).len();
        if !program(&["auth", "token"], &env).output().unwrap().status.success() {
            assert!(lost > 0);
            assert_eq!(pair(&store.profile("default").unwrap()), after, "an error wipes nothing");
            log_in(&sandbox, &store);
        }
    }
    assert!(killed_before > 0, "{killed_before} {killed_after}: nobody was killed in time");
}

#[test]
fn an_app_made_at_the_shell_is_known_to_the_sandbox() {
    let folder = tempfile::tempdir().unwrap();
    let world = folder.path().join("world.db");
    let sandbox = Sandbox::builder().users(10).posts(50).data(&world).start().unwrap();
    let create = |more: &[&str]| {
        let args = [&["sandbox", "client", "create", "--json", "--data", world.to_str().unwrap()], more].concat();
        program(&args, &[]).output().unwrap()
    };
    let made: Json = serde_json::from_str(&ok(&create(&["--user", "grace", "--user", "ada"]))).unwrap();
    let env = |user: usize| {
        let text = |value: &Json| value.as_str().unwrap().to_owned();
        let of = &made["users"][user];
        [
            ("CHIRRUP_BASE_URL", sandbox.url()),
            ("X_CONSUMER_KEY", text(&made["consumer_key"])),
            ("X_CONSUMER_SECRET", text(&made["consumer_secret"])),
            ("X_ACCESS_TOKEN", text(&of["access_token"])),
            ("X_ACCESS_TOKEN_SECRET", text(&of["access_token_secret"])),
        ]
    };
    assert!(ok(&program(&["whoami"], &env(0)).output().unwrap()).starts_with("@grace"));
    assert!(ok(&program(&["whoami"], &env(1)).output().unwrap()).starts_with("@ada"));
    ok(&program(&["post", "hello from grace"], &env(0)).output().unwrap());
    let bearer =
        [("CHIRRUP_BASE_URL", sandbox.url()), ("X_BEARER_TOKEN", made["bearer_token"].as_str().unwrap().to_owned())];
    assert!(ok(&program(&["search", "from:grace"], &bearer).output().unwrap()).contains("hello from grace"));
    // Read only, and that is what it can do.
    let made: Json = serde_json::from_str(&ok(&create(&["--user", "grace", "--access", "read"]))).unwrap();
    let mut env = env(0);
    env[1].1 = made["consumer_key"].as_str().unwrap().to_owned();
    env[2].1 = made["consumer_secret"].as_str().unwrap().to_owned();
    env[3].1 = made["users"][0]["access_token"].as_str().unwrap().to_owned();
    env[4].1 = made["users"][0]["access_token_secret"].as_str().unwrap().to_owned();
    assert_eq!(program(&["post", "may not"], &env).output().unwrap().status.code(), Some(4));
    assert_eq!(create(&["--user", "not a name"]).status.code(), Some(2));
}

#[test]
fn what_xurl_keeps_is_taken_over() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::builder().users(10).posts(50).start().unwrap();
    let made = sandbox.create_client(&NewClient::default().user("grace")).unwrap();
    let grace = &made.users[0];
    let file = folder.path().join("xurl");
    let yaml = format!(
        "apps:\n  default:\n    client_id: {0}\n    client_secret: {1}\n    oauth2_tokens:\n      grace:\n        type: oauth2\n        \
         oauth2:\n          access_token: {2}\n          refresh_token: r\n          expiration_time: 4000000000\n    oauth1_token:\n      \
         type: oauth1\n      oauth1:\n        access_token: {3}\n        token_secret: {4}\n        consumer_key: {0}\n        \
         consumer_secret: {1}\ndefault_app: default\n",
        made.key,
        made.secret.expose(),
        grace.oauth2_token.expose(),
        grace.token,
        grace.token_secret.expose(),
    );
    std::fs::write(&file, yaml).unwrap();
    let env = [("CHIRRUP_CONFIG_DIR", folder.path().join("config").to_str().unwrap().to_owned())];
    let told = ok(&program(&["login", "--xurl", file.to_str().unwrap(), "--json"], &env).output().unwrap());
    assert_eq!(serde_json::from_str::<Json>(&told).unwrap()["profiles"], json!(["grace", "oauth1"]));
    // They are for X, and are not sent elsewhere because an environment says so.
    let elsewhere = [env[0].clone(), ("CHIRRUP_BASE_URL", sandbox.url())];
    let refused = program(&["whoami", "--profile", "grace"], &elsewhere).output().unwrap();
    assert!(text(&refused.stderr).contains("are not sent to"), "{}", text(&refused.stderr));
    let store = TokenStore::at(folder.path().join("config/credentials.json"));
    store.change(|all| all.values_mut().for_each(|one| one.base_url = Some(sandbox.url()))).unwrap();
    for profile in ["grace", "oauth1"] {
        assert!(ok(&program(&["whoami", "--profile", profile], &env).output().unwrap()).starts_with("@grace"));
    }
    std::fs::write(&file, "apps: {").unwrap();
    assert_eq!(program(&["login", "--xurl", file.to_str().unwrap()], &env).output().unwrap().status.code(), Some(2));
}

#[test]
fn no_command_prints_a_secret_or_a_piece_of_one() {
    let sandbox = Sandbox::builder().users(60).posts(1_500).start().unwrap();
    let made = sandbox.create_client(&NewClient::default().user("ada")).unwrap();
    let ada = &made.users[0];
    let folder = tempfile::tempdir().unwrap();
    let env = [
        ("CHIRRUP_CONFIG_DIR", folder.path().to_str().unwrap().to_owned()),
        ("CHIRRUP_BASE_URL", sandbox.url()),
        ("RUST_LOG", "trace".to_owned()),
        ("RUST_BACKTRACE", "full".to_owned()),
        ("X_BEARER_TOKEN", made.bearer_token.expose().to_owned()),
        ("X_CONSUMER_KEY", made.key.clone()),
        ("X_CONSUMER_SECRET", made.secret.expose().to_owned()),
        ("X_ACCESS_TOKEN", ada.token.clone()),
        ("X_ACCESS_TOKEN_SECRET", ada.token_secret.expose().to_owned()),
        ("X_OAUTH2_ACCESS_TOKEN", ada.oauth2_token.expose().to_owned()),
    ];
    // The token of OAuth 1.0a begins with the user's id, which is no secret.
    let of_token = ada.token.split_once('-').unwrap().1;
    let secrets = [
        made.bearer_token.expose(),
        made.secret.expose(),
        of_token,
        ada.token_secret.expose(),
        ada.oauth2_token.expose(),
    ];
    let pieces: Vec<String> = secrets
        .iter()
        .flat_map(|secret| {
            let base64 = base64_of(secret);
            let windows = |text: &str| {
                let bytes: Vec<char> = text.chars().collect();
                bytes.windows(8).map(|w| w.iter().collect::<String>()).collect::<Vec<_>>()
            };
            [windows(secret), windows(&base64)].concat()
        })
        .filter(|piece| piece.chars().any(|c| c != 'A'))
        .collect();
    let commands: [&[&str]; 18] = [
        &["whoami"],
        &["doctor"],
        &["doctor", "--json"],
        &["profiles"],
        &["search", "rust"],
        &["search", "((("],
        &["user", "robin", "nobody_of_that_name"],
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
    for fault in [None, Some(Fault::Cut), Some(Fault::Corrupt), Some(Fault::ErrorAfter(401))] {
        sandbox.clear_faults();
        if let Some(fault) = &fault {
            sandbox.fault_rule(FaultRule::new(fault.clone()));
        }
        for args in commands {
            let output = program(args, &env).output().unwrap();
            let printed = text(&output.stdout) + &String::from_utf8_lossy(&output.stderr);
            let found = pieces.iter().find(|piece| printed.contains(piece.as_str()));
            assert!(found.is_none(), "{args:?} with {fault:?} prints a piece of a secret");
        }
    }
    assert!(sandbox.journal().iter().any(|event| event.status == Some(201)), "they did do something");
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
