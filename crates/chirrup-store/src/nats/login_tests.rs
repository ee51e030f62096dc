//! Tests of logins at real servers that demand them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use nkeys::KeyPair;

use super::tests::Server;
use super::*;

/// Returns the JWT of a subject, signed by its issuer.
fn jwt(issuer: &KeyPair, subject: &KeyPair, claims: &str) -> String {
    let part = |json: &str| URL_SAFE_NO_PAD.encode(json);
    let (issued_by, subject) = (issuer.public_key(), subject.public_key());
    let claims = format!(
        r#"{{"jti":"{subject}","iat":1700000000,"iss":"{issued_by}","name":"heron","sub":"{subject}","nats":{claims}}}"#
    );
    let text = format!("{}.{}", part(r#"{"typ":"JWT","alg":"ed25519-nkey"}"#), part(&claims));
    let signature = issuer.sign(text.as_bytes()).expect("a key");
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// Checks that a server accepts a login, and no connection without it.
fn assert_accepts(server: &Server, login: &str) {
    let store = NatsStore::open(format!("{}/team{login}", server.url), "value").expect("an address");
    store.try_lock().expect("a login").expect("unlocked").replace(b"heron").expect("writable");
    assert_eq!(store.read().expect("readable").as_deref(), Some(&b"heron"[..]));
    let why = server.store("value").read().expect_err("no login");
    assert!(why.message().contains("the server rejected the login"), "{why}");
}

#[test]
fn passwords_and_tokens_are_accepted() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("login");
    for (login, config) in [
        ("robin:secret", "authorization { user: robin, password: secret }"),
        ("token", "authorization { token: token }"),
    ] {
        let Some(server) = Server::with_config(config) else { return };
        std::fs::write(&file, format!("{login}\n")).expect("writable");
        assert_accepts(&server, &format!("?login={}", file.display()));
        let url = server.url.replace("nats://", &format!("nats://{login}@"));
        assert!(
            NatsStore::open(format!("{url}/team"), "value").expect("an address").read().expect("readable").is_some()
        );
    }
}

#[test]
fn nkeys_are_accepted() {
    let (user, stranger) = (KeyPair::new_user(), KeyPair::new_user());
    let config = format!("authorization {{ users = [ {{ nkey: {} }} ] }}", user.public_key());
    let Some(server) = Server::with_config(&config) else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("robin.nk");
    let login = format!("?nkey={}", file.display());
    std::fs::write(&file, user.seed().expect("a seed")).expect("writable");
    assert_accepts(&server, &login);
    std::fs::write(&file, stranger.seed().expect("a seed")).expect("writable");
    let other = NatsStore::open(format!("{}/team{login}", server.url), "value").expect("an address");
    assert!(other.read().is_err());
}

#[test]
fn credentials_files_are_accepted() {
    let (operator, account, user) = (KeyPair::new_operator(), KeyPair::new_account(), KeyPair::new_user());
    // The server needs an account of its own for JetStream.
    let system = KeyPair::new_account();
    let general = r#""subs":-1,"data":-1,"payload":-1,"imports":-1,"exports":-1,"wildcards":true,"conn":-1,"leaf":-1"#;
    let unlimited = format!("{{{general}}}");
    let limits = format!(r#"{{{general},"mem_storage":-1,"disk_storage":-1,"streams":-1,"consumer":-1}}"#);
    let of_operator = jwt(&operator, &operator, r#"{"type":"operator","version":2}"#);
    let of_account = jwt(&operator, &account, &format!(r#"{{"limits":{limits},"type":"account","version":2}}"#));
    let of_user =
        jwt(&account, &user, r#"{"pub":{},"sub":{},"subs":-1,"data":-1,"payload":-1,"type":"user","version":2}"#);
    let of_system = jwt(&operator, &system, &format!(r#"{{"limits":{unlimited},"type":"account","version":2}}"#));
    let (public, system) = (account.public_key(), system.public_key());
    let config = format!(
        "operator: {of_operator}\nsystem_account: {system}\nresolver: MEMORY\n\
         resolver_preload: {{ {public}: \"{of_account}\", {system}: \"{of_system}\" }}\n"
    );
    let Some(server) = Server::with_config(&config) else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("robin.creds");
    let seed = user.seed().expect("a seed");
    let credentials = format!(
        "-----BEGIN NATS USER JWT-----\n{of_user}\n------END NATS USER JWT------\n\n\
         -----BEGIN USER NKEY SEED-----\n{seed}\n------END USER NKEY SEED------\n"
    );
    std::fs::write(&file, credentials).expect("writable");
    assert_accepts(&server, &format!("?creds={}", file.display()));
}
