//! The sandbox under the host names of X: TLS on its own port, and the proxy that leads there.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use chirrup::{Client, ErrorKind, HttpBuilder, LiveEvent, OnRateLimit, Retry};
use chirrup_sandbox::{Sandbox, SandboxBuilder};
use futures_util::StreamExt as _;

fn builder() -> SandboxBuilder {
    Sandbox::builder().users(60).posts(1_500).fixed_keys()
}

/// Returns a client that knows the proxy and the certificate authority of the sandbox, as by environment variables.
fn client(sandbox: &Sandbox, base_url: Option<&str>) -> Client {
    let ca = std::fs::read(sandbox.ca_file().unwrap()).unwrap();
    let http = HttpBuilder::default().proxy(sandbox.url()).extra_root_certificates(ca);
    let builder = Client::builder().http(http).retry(Retry::never()).on_rate_limit(OnRateLimit::Ignore);
    let builder = builder.credentials(sandbox.credentials().unwrap());
    base_url.into_iter().fold(builder, |builder, url| builder.base_url(url)).build().unwrap()
}

/// Sends a request for a tunnel and returns the first line of the answer.
fn connect(sandbox: &Sandbox, target: &str) -> String {
    let mut socket = TcpStream::connect(sandbox.url().strip_prefix("http://").unwrap()).unwrap();
    write!(socket, "CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n").unwrap();
    let mut answer = [0; 256];
    let read = socket.read(&mut answer).unwrap();
    String::from_utf8_lossy(&answer[..read]).lines().next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn signatures_over_the_hosts_of_x_are_valid() {
    let sandbox = builder().tls().start().unwrap();
    for base_url in [None, Some("https://api.x.com"), Some("https://api.twitter.com")] {
        let client = client(&sandbox, base_url);
        assert_eq!(client.call("GET", "/2/users/me").as_user().await.unwrap().data["data"]["username"], "ada");
        let written = client.create_post().text("through the proxy").await.unwrap();
        client.delete_post(written.data.id).await.unwrap();
        assert!(client.get_post(20).as_app().await.is_ok());
        client.call("GET", "/1.1/account/verify_credentials.json").await.unwrap();
    }
    let port = sandbox.url().rsplit(':').next().unwrap().to_owned();
    let direct = client(&sandbox, Some(&format!("https://localhost:{port}")));
    assert_eq!(direct.me().await.unwrap(), sandbox.user_id("ada").unwrap());
}

#[tokio::test]
async fn streams_and_uploads_pass_the_proxy() {
    let sandbox = builder().tls().start().unwrap();
    let client = client(&sandbox, None);
    let media = client.upload(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01".to_vec()).await.unwrap();
    client.create_post().text("with a picture").media([media.id]).await.unwrap();
    let mut stream = client.sample_stream().open();
    let writer = async {
        loop {
            sandbox.write_post("robin", "on the stream").unwrap();
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    let post = async {
        loop {
            if let LiveEvent::Item(post) = stream.next().await.unwrap() {
                return post;
            }
        }
    };
    tokio::select! {
        post = post => assert!(post.data.is_some_and(|post| !post.text.is_empty())),
        () = writer => {}
    }
}

#[tokio::test]
async fn the_proxy_refuses_other_hosts_by_name() {
    let sandbox = builder().tls().start().unwrap();
    for host in ["example.com:443", "dropbox.com:443", "api.x.com.evil.example:443", "127.0.0.1:443"] {
        let answer = connect(&sandbox, host);
        let name = host.split(':').next().unwrap();
        assert!(answer.starts_with(&format!("HTTP/1.1 403 {name} is not served here")), "{answer}");
    }
    assert!(connect(&sandbox, "api.x.com:80").contains("403"));
    for host in ["api.x.com:443", "API.TWITTER.COM:443", "upload.twitter.com:443", "x.com:443", "t.co:443"] {
        assert!(connect(&sandbox, host).starts_with("HTTP/1.1 200 "), "{host}");
    }
    let refused = client(&sandbox, Some("https://example.com")).get_me().await.unwrap_err();
    assert!(!sandbox.journal().iter().any(|entry| entry.path == "/2/users/me"), "{refused}");
    let plain = builder().start().unwrap();
    assert!(plain.ca_file().is_none() && plain.proxy_environment().is_empty());
    assert!(!connect(&plain, "api.x.com:443").contains("200"));
}

#[tokio::test]
async fn a_client_without_the_certificate_authority_does_not_connect() {
    let sandbox = builder().tls().start().unwrap();
    let http = HttpBuilder::default().proxy(sandbox.url());
    let client = Client::builder().http(http).retry(Retry::never()).credentials(sandbox.credentials().unwrap());
    let refused = client.build().unwrap().get_me().await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Network, "{refused}");
    assert!(sandbox.journal().is_empty());
}

#[tokio::test]
async fn short_links_and_login_pages_have_their_own_hosts() {
    let sandbox = builder().tls().start().unwrap();
    let client = client(&sandbox, None);
    let written = client.create_post().text("see https://example.com/a").await.unwrap();
    let link = written.data.text.split(' ').nth(1).unwrap().to_owned();
    assert!(link.starts_with("https://t.co/"), "{link}");
    let call = client.call("GET", &link).unauthenticated().call().clone();
    let (_, answer) = client.send(call).await.unwrap();
    assert_eq!(answer.headers["location"], "https://example.com/a");
    let page = client.call("GET", "https://x.com/i/oauth2/authorize").unauthenticated().raw().await.unwrap_err();
    assert_eq!(page.status_code(), Some(400), "{page}");
}

#[test]
fn a_folder_keeps_the_certificate_authority_and_its_key_is_private() {
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join("tls");
    let read = |sandbox: &Sandbox| std::fs::read_to_string(sandbox.ca_file().unwrap()).unwrap();
    let first = read(&builder().tls_folder(&kept).start().unwrap());
    let second = builder().tls_folder(&kept).start().unwrap();
    assert_eq!(first, read(&second));
    let ca = first.clone().into_bytes();
    let http = HttpBuilder::default().proxy(second.url()).extra_root_certificates(ca);
    let client = Client::builder().http(http).credentials(second.credentials().unwrap()).build().unwrap();
    assert!(client.get_me().wait().is_ok());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |name: &str| std::fs::metadata(kept.join(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode("ca-key.pem"), mode("")), (0o600, 0o700));
    }
    std::fs::write(kept.join("ca-key.pem"), "no key").unwrap();
    let refused = builder().tls_folder(&kept).start().unwrap_err().to_string();
    assert!(refused.contains("ca-key.pem has no private key"), "{refused}");
    std::fs::remove_file(kept.join("ca-key.pem")).unwrap();
    let refused = builder().tls_folder(&kept).start().unwrap_err().to_string();
    assert!(refused.contains("without ca-key.pem"), "{refused}");
    let temporary = builder().tls().start().unwrap();
    let file = temporary.ca_file().unwrap().to_owned();
    assert!(file.exists() && !file.with_file_name("ca-key.pem").exists());
    drop(temporary);
    assert!(!file.parent().unwrap().exists());
}
