//! The token file.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chirrup::auth::Scope;
use chirrup::login::{App, Login};
use chirrup::store::MemoryStore;
use chirrup::tokens::{Profile, TokenStore, UserTokens};
use chirrup::{Client, ErrorKind, HttpBuilder};
use chirrup_sandbox::{Fault, FaultRule, Sandbox};

use crate::common::{clock, sandbox};

const BACK: &str = "http://127.0.0.1:8080/callback";
const SCOPES: [Scope; 3] = [Scope::TweetRead, Scope::UsersRead, Scope::OfflineAccess];

/// Returns a sandbox and a store with the profile `robin`, which has just logged in.
async fn logged_in(store: TokenStore) -> (Sandbox, TokenStore) {
    let sandbox = sandbox();
    let client = Client::builder().base_url(sandbox.url()).build().unwrap();
    let login = Login::new(&client);
    let app = App::public(sandbox.app_keys().0);
    let begun = login.begin_oauth2(&app, BACK, &SCOPES).unwrap();
    let to = crate::login::submit_consent(&client, begun.url(), "robin", "authorize").await.unwrap();
    let tokens = login.finish_oauth2(&app, begun, &to).await.unwrap();
    let now = sandbox.clock().now();
    store
        .update(|profiles| {
            let mut profile = Profile::default();
            profile.app_key = Some(app.key().to_owned());
            profile.oauth2 = Some(UserTokens::new(&tokens, tokens.scopes.clone(), now));
            profiles.insert("robin".to_owned(), profile);
        })
        .unwrap();
    (sandbox, store)
}

fn path_in(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().join("deep/credentials.json")
}

/// Returns a client that uses the profile `robin` and the clock of the sandbox.
fn default_client(sandbox: &Sandbox, store: &TokenStore) -> Client {
    let builder = Client::builder().http(HttpBuilder::default().clock(clock(sandbox)));
    builder.profile(store, "robin").base_url(sandbox.url()).build().unwrap()
}

async fn works(client: &Client) -> bool {
    client.get_me().await.is_ok_and(|me| me.data.username == "robin")
}

/// Returns the numbers of accepted and rejected token refreshes.
fn refreshes(sandbox: &Sandbox) -> (usize, usize) {
    let journal = sandbox.journal();
    let of = |good: bool| {
        let asked = journal.iter().filter(|event| event.path == "/2/oauth2/token");
        asked.filter(|event| event.status.is_some_and(|status| (status == 200) == good)).count()
    };
    // The first request is the login.
    (of(true) - 1, of(false))
}

fn expire(sandbox: &Sandbox) {
    sandbox.clock().advance(Duration::from_secs(7_200));
}

#[tokio::test]
async fn token_files_are_readable_by_the_owner_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = path_in(&folder);
    let (sandbox, store) = logged_in(TokenStore::at(&path)).await;
    assert!(works(&default_client(&sandbox, &store)).await);
    let kept = store.read().unwrap();
    assert_eq!(kept["robin"].oauth2.as_ref().unwrap().scopes, SCOPES);
    assert!(!format!("{kept:?}").contains(kept["robin"].oauth2.as_ref().unwrap().access_token.expose()));
    let unknown = Client::builder().profile(&store, "wren").build().unwrap_err();
    assert!(unknown.to_string().contains("unknown profile `wren`"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        let open = store.read().unwrap_err();
        assert!(open.to_string().contains("other users can access it"), "{open}");
        assert!(open.hint().unwrap().contains("chmod 600"));
        assert_eq!(open.kind(), ErrorKind::Storage);
        assert!(store.update(|_| ()).is_err());
        let link = folder.path().join("link.json");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        assert!(TokenStore::at(link).read().is_err(), "a link is not followed");
    }
}

#[test]
fn an_unreadable_token_file_is_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("credentials.json");
    let store = TokenStore::at(&path);
    assert!(store.read().unwrap().is_empty(), "none exists yet");
    store.update(|profiles| profiles.insert("a".to_owned(), Profile::default())).unwrap();
    // A killed process leaves an incomplete temporary file.
    std::fs::write(folder.path().join("credentials.new"), "{\"half").unwrap();
    store.update(|profiles| profiles.insert("b".to_owned(), Profile::default())).unwrap();
    assert_eq!(store.read().unwrap().len(), 2);
    for broken in ["", "{", "[]", "{\"version\": 99}"] {
        std::fs::write(&path, broken).unwrap();
        assert_eq!(store.update(|_| ()).unwrap_err().kind(), ErrorKind::Storage);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), broken);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_calls_refresh_an_expired_token_once() {
    let folder = tempfile::tempdir().unwrap();
    let (sandbox, store) = logged_in(TokenStore::at(path_in(&folder))).await;
    // Four clients, like four processes, each with many concurrent calls.
    let clients: Vec<Client> = (0..4).map(|_| default_client(&sandbox, &store)).collect();
    for round in 1..=20 {
        expire(&sandbox);
        let callers = clients.iter().flat_map(|client| std::iter::repeat_n(client.clone(), 10));
        let tasks: Vec<_> = callers.map(|client| tokio::spawn(async move { works(&client).await })).collect();
        for task in tasks {
            assert!(task.await.unwrap());
        }
        assert_eq!(refreshes(&sandbox), (round, 0));
    }
}

#[tokio::test]
async fn a_cancelled_refresh_does_not_lose_the_new_token() {
    let (sandbox, store) = logged_in(TokenStore::with_store(Arc::new(MemoryStore::default()))).await;
    let client = default_client(&sandbox, &store);
    for round in 1..=10 {
        expire(&sandbox);
        sandbox.add_fault_rule(
            FaultRule::new(Fault::DelayResponse(Duration::from_millis(60))).endpoint("/2/oauth2/token").times(1),
        );
        let waiting = client.get_me();
        assert!(tokio::time::timeout(Duration::from_millis(20), waiting.into_future()).await.is_err(), "it gives up");
        assert!(works(&client).await);
        assert_eq!(refreshes(&sandbox), (round, 0), "the response of the first write is kept");
    }
}

#[tokio::test]
async fn a_failed_refresh_keeps_the_tokens() {
    let folder = tempfile::tempdir().unwrap();
    let path = path_in(&folder);
    let (sandbox, store) = logged_in(TokenStore::at(&path)).await;
    let client = default_client(&sandbox, &store);
    let answer = |status, body: &str| Fault::Response { status, content_type: "application/json", body: body.into() };
    let on_the_way =
        [Fault::CloseBeforeProcessing, answer(503, "busy"), answer(500, ""), answer(502, "<h1>"), answer(504, "")];
    let nonsense = ["{\"token_type\":\"mac\"}", "", "[]", "{\"token_type\":\"bearer\"}", "{\"access_token\":7}"];
    let nonsense = nonsense.map(|body| answer(200, body));
    for fault in on_the_way.iter().chain(&nonsense) {
        expire(&sandbox);
        let before = std::fs::read(&path).unwrap();
        sandbox.add_fault_rule(FaultRule::new(fault.clone()).endpoint("/2/oauth2/token"));
        assert_eq!(client.get_me().await.unwrap_err().kind(), ErrorKind::Login, "{fault:?}");
        assert_eq!(std::fs::read(&path).unwrap(), before, "{fault:?}");
        sandbox.clear_faults();
        assert!(works(&client).await, "the next call succeeds: {fault:?}");
        // A single transient failure is retried and stays invisible.
        expire(&sandbox);
        sandbox.add_fault_rule(FaultRule::new(on_the_way[0].clone()).endpoint("/2/oauth2/token").times(1));
        assert!(works(&client).await);
    }
    // A permanent rejection requires a new login, and the client does not ask the server again.
    expire(&sandbox);
    let refused = "{\"error\":\"invalid_request\",\"error_description\":\"Value passed for the token was invalid.\"}";
    sandbox.add_fault_rule(FaultRule::new(answer(400, refused)).endpoint("/2/oauth2/token").times(1));
    assert!(client.get_me().await.unwrap_err().to_string().contains("token was invalid"));
    let asked = sandbox.journal().len();
    let needs_login = client.get_me().await.unwrap_err();
    assert!(needs_login.to_string().contains("has rejected the refresh token"), "{needs_login}");
    assert_eq!((needs_login.kind(), needs_login.hint()), (ErrorKind::Login, Some("log in again")));
    assert_eq!(sandbox.journal().len(), asked);
    let kept = store.profile("robin").unwrap().oauth2.unwrap();
    assert!(kept.login_needed && kept.refresh_token.is_some(), "the tokens are still there");
    // Meanwhile another process logs in.
    store.update(|profiles| profiles.get_mut("robin").unwrap().oauth2.as_mut().unwrap().login_needed = false).unwrap();
    assert!(works(&client).await);
}

#[tokio::test]
async fn a_rejected_token_is_refreshed_once() {
    let (sandbox, store) = logged_in(TokenStore::with_store(Arc::new(MemoryStore::default()))).await;
    let client = default_client(&sandbox, &store);
    let no = Fault::Response { status: 401, content_type: "application/json", body: "{\"status\":401}".into() };
    // One rejection: the new token works.
    sandbox.add_fault_rule(FaultRule::new(no.clone()).endpoint("get_me").times(1));
    assert!(works(&client).await);
    assert_eq!(refreshes(&sandbox), (1, 0));
    // Permanent rejection: one refresh, two requests, and the second 401 is final.
    sandbox.add_fault_rule(FaultRule::new(no).endpoint("get_me"));
    let before = sandbox.journal().len();
    let error = client.get_me().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Unauthorized, 2));
    let paths: Vec<String> = sandbox.journal()[before..].iter().map(|event| event.path.clone()).collect();
    assert_eq!(paths, ["/2/users/me", "/2/oauth2/token", "/2/users/me"]);
}

#[tokio::test]
async fn an_app_token_is_obtained_once_and_again_after_a_401() {
    let sandbox = sandbox();
    let store = TokenStore::with_store(Arc::new(MemoryStore::default()));
    let (key, secret) = sandbox.app_keys();
    store
        .update(|profiles| {
            let mut profile = Profile::default();
            (profile.app_key, profile.app_secret) = (Some(key.clone()), Some(secret.clone()));
            profiles.insert("robin".to_owned(), profile);
        })
        .unwrap();
    let client = default_client(&sandbox, &store);
    let asked = || sandbox.journal().iter().filter(|event| event.path == "/oauth2/token").count();
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.get_post(20).await.is_ok() })
        })
        .collect();
    let mut answered = Vec::new();
    for task in tasks {
        answered.push(task.await.unwrap());
    }
    shows!("ptt.oauth2.consumer", assert!(asked() == 1 && answered.iter().all(|ok| *ok)));
    // Another program revokes the token.
    let token = store.profile("robin").unwrap().bearer_token.unwrap();
    let other = Client::builder().base_url(sandbox.url()).build().unwrap();
    Login::new(&other).invalidate_app_token(&App::new(&key, secret), &token).await.unwrap();
    assert!(client.get_post(20).await.is_ok());
    assert_eq!(asked(), 2);
    assert_ne!(store.profile("robin").unwrap().bearer_token.unwrap().expose(), token.expose());
}

#[test]
fn token_file_lines_round_trip() {
    let profile = Profile::from_lines("12-token\r\n secret \n\n").unwrap();
    shows!("ptt.write_token_file", assert_eq!(profile.to_lines().unwrap().expose(), "12-token\nsecret\n"));
    assert!(Profile::from_lines("bearer\n").unwrap().bearer_token.is_some_and(|token| token.expose() == "bearer"));
    for wrong in ["", "\n\n", "a\nb\nc", "a b\nc", "a\n\u{0}", "gr\u{fc}n\nb"] {
        let error = Profile::from_lines(wrong).unwrap_err();
        assert!(wrong.trim().is_empty() || !error.to_string().contains(wrong), "no token is shown");
    }
}
