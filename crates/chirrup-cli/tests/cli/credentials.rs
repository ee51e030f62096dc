//! Where credentials come from, and where they go.

use std::path::Path;

use chirrup_sandbox::Sandbox;
use serde_json::{Value as Json, json};

use crate::{ok, program, text, unlimited};

/// Environment with a folder for profiles and no credentials.
fn only_folder(folder: &Path) -> Vec<(&'static str, String)> {
    vec![("CHIRRUP_CONFIG_DIR", folder.to_str().unwrap().to_owned())]
}

/// Writes a file with the tokens of ada at a sandbox, and members that no version knows.
fn write_profile(folder: &Path, sandbox: &Sandbox) {
    let token =
        sandbox.environment().unwrap().into_iter().find(|(name, _)| *name == "X_OAUTH2_ACCESS_TOKEN").unwrap().1;
    let profile = json!({
        "base_url": sandbox.url(), "app_key": "key", "future": {"keep": "me"},
        "oauth2": {"access_token": token.expose(), "expires_at": "2036-01-01T00:00:00Z", "login_needed": false,
            "scopes": ["tweet.read", "users.read", "like.write", "new.scope"], "id_token": "keep me too"},
    });
    let other = json!({"base_url": sandbox.url(), "oauth2": {"access_token": "keep", "expires_at": []}});
    let file = json!({"version": 1, "profiles": {"default": profile, "other": other}, "comment": "mine"});
    let path = folder.join("credentials.json");
    std::fs::write(&path, file.to_string()).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
}

fn stored(folder: &Path) -> Json {
    serde_json::from_slice(&std::fs::read(folder.join("credentials.json")).unwrap()).unwrap()
}

#[test]
fn credentials_of_one_server_are_not_sent_to_another() {
    let (own, other) = (unlimited().0, unlimited().0);
    let folder = tempfile::tempdir().unwrap();
    write_profile(folder.path(), &own);
    let env = only_folder(folder.path());
    let url = format!("{}/2/tweets/20", other.url());
    let commands: [&[&str]; 3] = [
        &["call", "GET", &url],
        &["call", "GET", "/2/tweets/20", "--host", &other.url()],
        &["show", "20", "--base-url", &other.url()],
    ];
    for args in commands {
        let output = program(args, &env).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", text(&output.stderr));
        assert!(text(&output.stderr).contains("are not sent to"), "{}", text(&output.stderr));
    }
    assert!(other.journal().is_empty(), "{:?}", other.journal());
    ok(&program(&["call", "GET", &format!("{}/2/tweets/20", own.url())], &env).output().unwrap());
}

#[test]
fn a_logout_revokes_the_tokens_at_their_own_server() {
    let (own, other) = (unlimited().0, unlimited().0);
    let folder = tempfile::tempdir().unwrap();
    write_profile(folder.path(), &own);
    let mut env = only_folder(folder.path());
    env.push(("CHIRRUP_BASE_URL", other.url()));
    let output = program(&["logout"], &env).output().unwrap();
    let said = text(&output.stderr) + &text(&output.stdout);
    assert!(own.journal().iter().any(|event| event.path == "/2/oauth2/revoke"), "{said}");
    assert!(other.journal().is_empty(), "{said}");
    assert!(said.contains(&own.url()), "{said}");
    assert!(stored(folder.path())["profiles"]["default"].is_null());
    // A server that cannot be reached is named, and the profile is deleted nevertheless.
    write_profile(folder.path(), &own);
    let url = own.url();
    drop(own);
    let failed = program(&["logout"], &env).output().unwrap();
    let said = text(&failed.stderr);
    assert!(!failed.status.success() && said.contains("were not revoked at") && said.contains(&url), "{said}");
    assert!(stored(folder.path())["profiles"]["default"].is_null());
}

#[test]
fn a_profile_learns_its_user_and_keeps_members_that_this_version_does_not_know() {
    let (sandbox, _) = unlimited();
    let folder = tempfile::tempdir().unwrap();
    write_profile(folder.path(), &sandbox);
    let before = stored(folder.path());
    let env = only_folder(folder.path());
    ok(&program(&["like", "20"], &env).output().unwrap());
    ok(&program(&["like", "20", "--undo"], &env).output().unwrap());
    let asked = sandbox.journal().iter().filter(|event| event.endpoint == Some("get_me")).count();
    assert_eq!(asked, 1, "the second command knows the user");
    let mut expected = before.clone();
    expected["profiles"]["default"]["user_id"] = stored(folder.path())["profiles"]["default"]["user_id"].clone();
    assert!(expected["profiles"]["default"]["user_id"].is_string());
    assert_eq!(stored(folder.path()), expected);
}

#[test]
fn pasted_credentials_are_cleaned_or_refused_by_name() {
    let (sandbox, env) = unlimited();
    let token = &env.iter().find(|(name, _)| *name == "X_BEARER_TOKEN").unwrap().1;
    let run = |value: String| {
        let env = [("X_BEARER_TOKEN", value), ("CHIRRUP_BASE_URL", sandbox.url())];
        program(&["show", "20"], &env).output().unwrap()
    };
    for value in [format!(" {token}\r\n"), format!("\"{token}\""), format!("Bearer {token}")] {
        ok(&run(value));
    }
    let refused = run("canary one".to_owned());
    assert_eq!(refused.status.code(), Some(4));
    let said = text(&refused.stderr);
    assert!(said.contains("X_BEARER_TOKEN") && said.contains("blank") && !said.contains("canary"), "{said}");
    let wrong = text(&run("wrong".to_owned()).stderr);
    assert!(wrong.contains("OAuth 2.0 Application-Only") && wrong.contains("X_BEARER_TOKEN is wrong"), "{wrong}");
    let three = [
        ("X_CONSUMER_KEY", "k".to_owned()),
        ("X_CONSUMER_SECRET", "s".to_owned()),
        ("X_ACCESS_TOKEN", "t".to_owned()),
        ("CHIRRUP_BASE_URL", sandbox.url()),
    ];
    let incomplete = text(&program(&["like", "20"], &three).output().unwrap().stderr);
    assert!(incomplete.contains("X_ACCESS_TOKEN_SECRET is not set"), "{incomplete}");
}

#[test]
fn a_password_in_a_base_url_is_never_printed() {
    for url in ["https://user:canary@api.x.com", "http://user:canary@127.0.0.1:9", "https://u:can/canary@x.com"] {
        let folder = tempfile::tempdir().unwrap();
        let mut env = only_folder(folder.path());
        env.extend([("CHIRRUP_BASE_URL", url.to_owned()), ("X_BEARER_TOKEN", "token".to_owned())]);
        for command in [&["show", "20"][..], &["doctor"], &["spend"], &["limits"], &["logout"], &["profiles"]] {
            let output = program(command, &env).output().unwrap();
            let said = text(&output.stdout) + &text(&output.stderr);
            assert!(!said.contains("canary"), "{command:?} {url}: {said}");
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "a refused URL leaves nothing behind");
    }
}

#[test]
fn commands_that_cannot_be_planned_send_nothing() {
    let (sandbox, _) = unlimited();
    let folder = tempfile::tempdir().unwrap();
    write_profile(folder.path(), &sandbox);
    let output = program(&["logout", "--dry-run"], &only_folder(folder.path())).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stdout));
    assert!(sandbox.journal().is_empty() && stored(folder.path())["profiles"]["default"].is_object());
}
