//! What other web pages, other users and hostile clients cannot do to a sandbox.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use chirrup::login::{App, Login};
use chirrup::{Client, ErrorKind};
use chirrup_sandbox::Sandbox;

use crate::common::sandbox;
use crate::login::submit_consent;

/// Sends a request with these header lines, and returns the response.
fn exchange(sandbox: &Sandbox, start: &str, lines: &[&str], body: &str) -> String {
    let address = sandbox.url().replace("http://", "");
    let mut socket = TcpStream::connect(&address).unwrap();
    let lines: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
    let length = format!("Content-Length: {}", body.len());
    let form = "Content-Type: application/x-www-form-urlencoded\r\nConnection: close";
    write!(socket, "{start} HTTP/1.1\r\n{lines}{length}\r\n{form}\r\n\r\n{body}").unwrap();
    let mut response = Vec::new();
    socket.read_to_end(&mut response).unwrap();
    String::from_utf8_lossy(&response).into_owned()
}

fn status(response: &str) -> &str {
    response.split(' ').nth(1).unwrap()
}

#[test]
fn other_names_and_origins_reach_no_endpoint() {
    let sandbox = sandbox();
    let bearer = "Authorization: Bearer sandbox-app-bearer-token";
    for host in ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "evil.example:80", ""] {
        let response = exchange(&sandbox, "GET /2/users/12", &[&format!("Host: {host}"), bearer], "");
        assert_eq!(status(&response), "421", "{host}: {response}");
    }
    for lines in [["Origin: http://evil.example"], ["Origin: null"], ["Sec-Fetch-Site: cross-site"]] {
        let response = exchange(&sandbox, "GET /2/users/12", &["Host: 127.0.0.1", bearer, lines[0]], "");
        assert_eq!(status(&response), "403", "{lines:?}: {response}");
    }
    assert!(sandbox.journal().is_empty(), "no handler has seen these requests");
    assert_eq!(status(&exchange(&sandbox, "GET /2/users/12", &["Host: 127.0.0.1", bearer], "")), "200");
}

#[test]
fn a_sandbox_for_a_container_listens_on_all_addresses_and_accepts_only_the_names_of_this_machine_and_its_own() {
    let builder = Sandbox::builder().address([0, 0, 0, 0]).users(10).posts(50).fixed_keys().allow_host("x-api");
    let sandbox = builder.start().unwrap();
    assert!(sandbox.url().starts_with("http://127.0.0.1:"), "{}", sandbox.url());
    let bearer = "Authorization: Bearer sandbox-app-bearer-token";
    for (host, expected) in
        [("localhost:32768", "200"), ("127.0.0.1", "200"), ("sandbox:8086", "421"), ("x-api:8086", "200")]
    {
        let response = exchange(&sandbox, "GET /2/users/12", &[&format!("Host: {host}"), bearer], "");
        assert_eq!(status(&response), expected, "{host}: {response}");
    }
}

#[tokio::test]
async fn a_consent_form_counts_only_with_the_token_of_its_page() {
    let sandbox = sandbox();
    let client = Client::builder().base_url(sandbox.url()).build().unwrap();
    let (login, (key, _)) = (Login::new(&client), sandbox.app_keys());
    let app = App::public(key);
    let back = "http://127.0.0.1:8080/callback";
    let pending = login.begin_oauth2(&app, back, &[chirrup::auth::Scope::TweetRead]).unwrap();
    let query = pending.url().split_once('?').unwrap().1;
    let post = |form: &str| exchange(&sandbox, "POST /i/oauth2/authorize", &["Host: 127.0.0.1"], form);
    let forged = post(&format!("{query}&user=ada&decision=authorize"));
    assert!(status(&forged) == "403" && !forged.to_lowercase().contains("location:"), "{forged}");

    let page = exchange(&sandbox, &format!("GET /i/oauth2/authorize?{query}"), &["Host: 127.0.0.1"], "");
    let head = page.to_lowercase();
    for header in ["frame-ancestors 'none'", "form-action 'self' http://127.0.0.1:8080;", "x-frame-options: deny"] {
        assert!(head.contains(header), "{header}: {page}");
    }
    let token = page.split("name=authenticity_token value=\"").nth(1).unwrap().split('"').next().unwrap();
    let other = query.replace("tweet.read", "tweet.read%20dm.write");
    assert_ne!(other, query);
    let moved = post(&format!("{other}&user=ada&decision=authorize&authenticity_token={token}"));
    assert_eq!(status(&moved), "403", "a token of another form: {moved}");
    let granted = post(&format!("{query}&user=ada&decision=authorize&authenticity_token={token}"));
    assert!(status(&granted) == "302" && granted.contains("code="), "{granted}");
    assert!(submit_consent(&client, pending.url(), "ada", "authorize").await.is_ok());
}

#[tokio::test]
async fn each_world_has_keys_of_its_own_unless_fixed_ones_are_asked_for() {
    let start = || Sandbox::builder().users(5).posts(20).start().unwrap();
    let (first, second) = (start(), start());
    let variables = |sandbox: &Sandbox| -> Vec<String> {
        let all = sandbox.environment().unwrap();
        all.iter().filter(|(name, _)| name.starts_with("X_")).map(|(_, value)| value.expose().to_owned()).collect()
    };
    let (mut of_first, of_second) = (variables(&first), variables(&second));
    assert!(of_first.iter().all(|value| !of_second.contains(value)), "{of_first:?} {of_second:?}");
    assert!(of_first.iter().all(|value| value.len() >= 24), "{of_first:?}");
    of_first.sort();
    of_first.dedup();
    assert_eq!(of_first.len(), 6, "all differ");
    let build = |credentials| Client::builder().base_url(second.url()).credentials(credentials).build().unwrap();
    assert!(build(second.credentials().unwrap()).get_me().await.is_ok());
    let refused = build(first.oauth1("ada").unwrap()).get_me().await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Unauthorized);
    let fixed = Sandbox::builder().users(5).posts(20).fixed_keys().start().unwrap();
    assert!(variables(&fixed).contains(&"sandbox-app-bearer-token".to_owned()));
}

#[test]
fn a_data_file_is_private_keeps_its_keys_and_serves_one_sandbox_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("world.db");
    let start = || Sandbox::builder().users(5).posts(20).data_file(&file).start();
    let running = start().unwrap();
    let keys = running.app_keys().0;
    let refused = start().unwrap_err().to_string();
    assert!(refused.contains("world.db") && refused.contains("another sandbox is running on it"), "{refused}");
    let app = Sandbox::builder().data_file(&file).create_app(&chirrup_sandbox::NewApp::default());
    assert!(app.is_ok(), "an app can be created while it runs: {app:?}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let link = folder.path().join("link.db");
        symlink(&file, &link).unwrap();
        let refused = Sandbox::builder().data_file(&link).start().unwrap_err().to_string();
        assert!(refused.contains("another sandbox"), "{refused}");
        drop(running);
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
        let again = start().unwrap();
        assert_eq!(again.app_keys().0, keys);
        for entry in std::fs::read_dir(folder.path()).unwrap().flatten() {
            let mode = entry.metadata().unwrap().permissions().mode();
            assert!(entry.file_name() == "link.db" || mode & 0o077 == 0, "{entry:?}: {mode:o}");
        }
    }
}

#[test]
fn a_video_is_as_large_as_its_short_name_demands() {
    let sandbox = sandbox();
    let get = |name: &str| exchange(&sandbox, &format!("GET /video/{name}"), &["Host: 127.0.0.1"], "");
    let video = get("1.mp4");
    assert!(video.contains("content-length: 500000\r\n") && video.ends_with("1.mp41.mp4"), "{}", &video[..200]);
    let (too_long, far_too_long) = ("a".repeat(65), "a".repeat(60_000));
    for name in [too_long.as_str(), far_too_long.as_str(), "", "%61", "a%00"] {
        let response = get(name);
        assert!(matches!(status(&response), "404" | "414") && response.len() < 1_000, "{name}: {}", status(&response));
    }
}
