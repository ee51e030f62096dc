//! Logins with a browser on the same machine.

use std::time::Duration;

use chirrup::login::{App, Callback, CallbackListener, Login, OAuth1Options};
use chirrup::{Client, ErrorKind, auth::Scope};
use chirrup_sandbox::Sandbox;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::common::sandbox;
use crate::login::submit_consent;

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Returns a sandbox with an app whose callback URL has a free port.
fn set_up() -> (Sandbox, Client, Login, App, String) {
    let sandbox = sandbox();
    let back = format!("http://127.0.0.1:{}/callback", free_port());
    sandbox.set_login_settings(false, &[&back]).unwrap();
    let client = Client::builder().base_url(sandbox.url()).build().unwrap();
    let (login, (key, secret)) = (Login::new(&client), sandbox.app_keys());
    (sandbox, client, login, App::new(key, secret), back)
}

/// Sends bytes and returns the complete response.
async fn send_raw(port: u16, request: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer).await;
    answer
}

async fn visit(address: &str) -> String {
    let (host, path) = address.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let port = host.rsplit(':').next().unwrap().parse().unwrap();
    send_raw(port, &format!("GET /{path} HTTP/1.1\r\nHost: {host}\r\n\r\n")).await
}

#[tokio::test]
async fn the_listener_ignores_foreign_requests_and_accepts_the_callback() {
    let (_sandbox, client, login, app, back) = set_up();
    let public = App::public(app.key());
    let listener = CallbackListener::bind(&back).await.unwrap();
    let begun = login.begin_oauth2(&public, &back, &[Scope::TweetRead, Scope::UsersRead]).unwrap();
    let waiting = tokio::spawn({
        let begun = begun.clone();
        async move { listener.wait(&begun, CallbackListener::DEFAULT_TIMEOUT).await }
    });
    let port: u16 = back.rsplit(':').next().unwrap().split('/').next().unwrap().parse().unwrap();
    let host = format!("127.0.0.1:{port}");

    // Idle connections and malformed requests do not block the listener.
    let _silent = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    assert!(!send_raw(port, "nonsense\r\n\r\n").await.contains("200"));
    for wrong in 0..100 {
        let page = visit(&format!("{back}?code=stolen&state=guess{wrong}&error=<script>alert({wrong})</script>")).await;
        assert!(page.starts_with("HTTP/1.1 400") && !page.contains("script") && !page.contains("guess"), "{page}");
    }
    let to = submit_consent(&client, begun.url(), "robin", "authorize").await.unwrap();
    let query = to.split_once('?').unwrap().1;
    let at = |method: &str, path: &str, host: &str| {
        format!("{method} {path}?{query} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\n\r\n")
    };
    assert!(send_raw(port, &at("POST", "/callback", &host)).await.starts_with("HTTP/1.1 405"));
    assert!(send_raw(port, &at("GET", "/favicon.ico", &host)).await.starts_with("HTTP/1.1 404"));
    assert!(
        send_raw(port, &at("GET", "/callback", "evil.example")).await.starts_with("HTTP/1.1 421"),
        "a rebound name"
    );
    assert!(!waiting.is_finished());

    let page = visit(&to).await;
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("You can close this window"), "{page}");
    let head = page.to_ascii_lowercase();
    assert!(head.contains("cache-control: no-store") && head.contains("referrer-policy: no-referrer"), "{page}");
    let brought = waiting.await.unwrap().unwrap();
    assert!(TcpStream::connect(("127.0.0.1", port)).await.is_err(), "the listener closes after the first success");
    let tokens = login.finish_oauth2(&public, begun, &brought).await.unwrap();
    let robin = client.with_credentials(tokens.credentials());
    assert_eq!(robin.get_me().await.unwrap().data.username, "robin");
}

#[tokio::test]
async fn the_listener_receives_an_oauth1_callback() {
    let (_sandbox, client, login, app, back) = set_up();
    let listener = CallbackListener::bind(&back).await.unwrap();
    let callback = Callback::Url(back.clone());
    let begun = login.begin_oauth1(&app, &callback, &OAuth1Options::default()).await.unwrap();
    let to = submit_consent(&client, begun.url(), "ada", "authorize").await.unwrap();
    let (brought, _) = tokio::join!(listener.wait(&begun, CallbackListener::DEFAULT_TIMEOUT), visit(&to));
    assert_eq!(login.finish_oauth1(&app, begun, &brought.unwrap()).await.unwrap().screen_name, "ada");

    let listener = CallbackListener::bind(&back).await.unwrap();
    let begun = login.begin_oauth1(&app, &callback, &OAuth1Options::default()).await.unwrap();
    let to = submit_consent(&client, begun.url(), "ada", "cancel").await.unwrap();
    let (brought, _) = tokio::join!(listener.wait(&begun, CallbackListener::DEFAULT_TIMEOUT), visit(&to));
    let denied = login.finish_oauth1(&app, begun, &brought.unwrap()).await.unwrap_err();
    assert!(denied.message().contains("did not authorize the app"), "the listener also reports a denial: {denied}");
}

#[tokio::test]
async fn the_listener_binds_to_loopback_only_and_times_out() {
    for address in [
        "https://127.0.0.1:8080/callback",
        "http://localhost:8080/callback",
        "http://0.0.0.0:8080/callback",
        "http://192.168.0.1:8080/callback",
        "http://127.0.0.1/callback",
        "http://127.0.0.1:0/callback",
        "http://127.0.0.1:8080/callback?x=1",
        "http://user@127.0.0.1:8080/callback",
        "nonsense",
    ] {
        assert_eq!(CallbackListener::bind(address).await.unwrap_err().kind(), ErrorKind::Login, "{address}");
    }
    let (_sandbox, _client, login, app, back) = set_up();
    let listener = CallbackListener::bind(&back).await.unwrap();
    let taken = CallbackListener::bind(&back).await.unwrap_err();
    assert!(
        taken.to_string().contains("cannot listen at 127.0.0.1:"),
        "the listener does not use another port: {taken}"
    );
    let begun = login.begin_oauth2(&app, &back, &[Scope::TweetRead]).unwrap();
    let late = listener.wait(&begun, Duration::from_millis(20)).await.unwrap_err();
    assert_eq!(late.kind(), ErrorKind::Login);
}
