//! The file of tokens.

use std::time::Duration;

use chirrup::auth::Scope;
use chirrup::login::{App, Login};
use chirrup::tokens::{Profile, TokenFile, UserTokens};
use chirrup::{Client, ErrorKind};
use chirrup_sandbox::{Fault, Sandbox};

use crate::shared::sandbox;

const BACK: &str = "http://127.0.0.1:8080/callback";
const SCOPES: [Scope; 3] = [Scope::TweetRead, Scope::UsersRead, Scope::OfflineAccess];

/// A sandbox, and a file with the profile `robin`, who has just logged in.
async fn logged_in(folder: &tempfile::TempDir) -> (Sandbox, Client, Login, TokenFile) {
    let sandbox = sandbox();
    let client = Client::builder().base_url(sandbox.url()).build().unwrap();
    let login = Login::new(&client);
    let app = App::public(sandbox.app_keys().0);
    let begun = login.begin_oauth2(&app, BACK, &SCOPES).unwrap();
    let to = crate::login::decide(&client, begun.url(), "robin", "authorize").await.unwrap();
    let tokens = login.finish_oauth2(&app, begun, &to).await.unwrap();
    let file = TokenFile::at(folder.path().join("deep/credentials.json"));
    let now = sandbox.clock().now();
    file.change(|profiles| {
        let mut profile = Profile::default();
        profile.app_key = Some(app.key().to_owned());
        profile.oauth2 = Some(UserTokens::new(&tokens, tokens.scopes.clone(), now));
        profiles.insert("robin".to_owned(), profile);
    })
    .unwrap();
    (sandbox, client, login, file)
}

async fn works(client: &Client, credentials: chirrup::Credentials) -> bool {
    client.with_credentials(credentials).get_me().await.is_ok_and(|me| me.data.username == "robin")
}

#[tokio::test]
async fn profiles_are_kept_for_their_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (sandbox, client, login, file) = logged_in(&folder).await;
    let credentials = file.credentials("robin", &login, sandbox.clock().now()).await.unwrap();
    assert!(works(&client, credentials).await);
    let kept = file.read().unwrap();
    assert_eq!(kept["robin"].oauth2.as_ref().unwrap().scopes, SCOPES);
    assert!(!format!("{kept:?}").contains(kept["robin"].oauth2.as_ref().unwrap().access_token.expose()));
    let unknown = file.credentials("nobody", &login, sandbox.clock().now()).await.unwrap_err();
    assert!(unknown.to_string().contains("no profile `nobody`"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(file.path()), mode(file.path().parent().unwrap())), (0o600, 0o700));
        std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(0o644)).unwrap();
        let open = file.read().unwrap_err();
        assert!(open.to_string().contains("chmod 600"), "{open}");
        assert!(file.change(|_| ()).is_err());
        let link = folder.path().join("link.json");
        std::os::unix::fs::symlink(file.path(), &link).unwrap();
        assert!(TokenFile::at(link).read().is_err(), "a link is not followed");
    }
}

#[test]
fn what_cannot_be_read_is_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let file = TokenFile::at(folder.path().join("credentials.json"));
    assert!(file.read().unwrap().is_empty(), "there is none yet");
    file.change(|profiles| profiles.insert("a".to_owned(), Profile::default())).unwrap();
    // A program that was killed has left its half-written file.
    std::fs::write(folder.path().join("credentials.new"), "{\"half").unwrap();
    file.change(|profiles| profiles.insert("b".to_owned(), Profile::default())).unwrap();
    assert_eq!(file.read().unwrap().len(), 2);
    for broken in ["", "{", "[]", "{\"version\": 99}"] {
        std::fs::write(file.path(), broken).unwrap();
        assert_eq!(file.change(|_| ()).unwrap_err().kind(), ErrorKind::Configuration);
        assert_eq!(std::fs::read_to_string(file.path()).unwrap(), broken);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixteen_users_of_one_expired_token_refresh_it_once() {
    let folder = tempfile::tempdir().unwrap();
    let (sandbox, client, login, file) = logged_in(&folder).await;
    for _ in 0..5 {
        sandbox.clock().advance(Duration::from_secs(7_200));
        let now = sandbox.clock().now();
        let before = file.read().unwrap()["robin"].oauth2.as_ref().unwrap().refresh_token.clone().unwrap();
        let tasks: Vec<_> = (0..16)
            .map(|_| {
                // Each opens the file for itself, as a process of its own would.
                let (file, login) = (TokenFile::at(file.path()), login.clone());
                tokio::spawn(async move { file.credentials("robin", &login, now).await })
            })
            .collect();
        for task in tasks {
            // A second refresh would have been refused: the token is worth something once.
            let credentials = task.await.unwrap().unwrap();
            assert!(works(&client, credentials).await);
        }
        let after = file.read().unwrap()["robin"].oauth2.as_ref().unwrap().refresh_token.clone().unwrap();
        assert_ne!(before.expose(), after.expose());
    }
}

#[tokio::test]
async fn who_gives_up_does_not_lose_the_new_token() {
    let folder = tempfile::tempdir().unwrap();
    let (sandbox, client, login, file) = logged_in(&folder).await;
    sandbox.clock().advance(Duration::from_secs(7_200));
    let now = sandbox.clock().now();
    sandbox.fault(Fault::Stall(Duration::from_millis(150)));
    let waiting = file.credentials("robin", &login, now);
    assert!(tokio::time::timeout(Duration::from_millis(30), waiting).await.is_err(), "the caller gives up");
    let credentials = file.credentials("robin", &login, now).await.unwrap();
    assert!(works(&client, credentials).await);
}

#[tokio::test]
async fn an_error_wipes_no_token() {
    let folder = tempfile::tempdir().unwrap();
    let (sandbox, client, login, file) = logged_in(&folder).await;
    sandbox.clock().advance(Duration::from_secs(7_200));
    let now = sandbox.clock().now();
    for fault in [
        Fault::Cut,
        Fault::Answer { status: 503, content_type: "text/html", body: "<h1>busy</h1>".into() },
        Fault::Answer { status: 200, content_type: "application/json", body: "{\"token_type\":\"mac\"}".into() },
    ] {
        let before = std::fs::read(file.path()).unwrap();
        sandbox.fault(fault);
        assert!(file.credentials("robin", &login, now).await.is_err());
        assert_eq!(std::fs::read(file.path()).unwrap(), before);
    }
    assert!(works(&client, file.credentials("robin", &login, now).await.unwrap()).await, "it goes on afterwards");
}

#[test]
fn lines_of_a_token_file_are_read_and_written() {
    let profile = Profile::from_lines("12-token\r\n secret \n\n").unwrap();
    assert_eq!(profile.to_lines().unwrap().expose(), "12-token\nsecret\n");
    assert!(Profile::from_lines("bearer\n").unwrap().bearer_token.is_some_and(|token| token.expose() == "bearer"));
    for wrong in ["", "\n\n", "a\nb\nc", "a b\nc", "a\n\u{0}", "gr\u{fc}n\nb"] {
        let error = Profile::from_lines(wrong).unwrap_err();
        assert!(wrong.trim().is_empty() || !error.to_string().contains(wrong), "no token is shown");
    }
}
