//! Servers that never receive credentials, and responses that the client refuses.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::common::{Rng, sandbox, sandbox_and_client};
use chirrup::{Client, Credentials, ErrorKind, HttpBuilder, Retry};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};

/// Server that sends the same response to every request and records the requests.
pub(crate) fn recording_server(answer: impl Into<Vec<u8>>) -> (String, Arc<Mutex<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let seen = Arc::new(Mutex::new(String::new()));
    let (answer, kept) = (answer.into(), Arc::clone(&seen));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let request = head(&stream);
            kept.lock().unwrap().push_str(&request);
            let mut stream = stream;
            // The client may close the connection before it has read everything.
            let _ = stream.write_all(&answer);
        }
    });
    (address, seen)
}

fn head(mut stream: &TcpStream) -> String {
    stream.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
    let (mut text, mut buffer) = (String::new(), [0; 4_096]);
    while !text.contains("\r\n\r\n") {
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(count) => text.push_str(&String::from_utf8_lossy(&buffer[..count])),
        }
    }
    text
}

pub(crate) fn client(url: impl Into<String>, http: HttpBuilder) -> Client {
    let builder = Client::builder().http(http.retry(Retry::never()));
    builder.credentials(Credentials::app_only("canary-token")).base_url(url).build().unwrap()
}

#[tokio::test]
async fn redirects_send_no_credential_to_another_host() {
    let (elsewhere, seen) = recording_server("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
    let own = sandbox().url();
    let foreign = [
        format!("http://{elsewhere}/2/tweets/20"),
        format!("//{elsewhere}/2/tweets/20"),
        format!("/\\{elsewhere}/2/tweets/20"),
        format!("http://user@{elsewhere}/"),
        format!("{own}@{elsewhere}/"),
        format!("{own}.{elsewhere}/"),
        "https://api.example.com/2/tweets/20".to_owned(),
        "2/tweets/20".to_owned(),
        String::new(),
    ];
    for target in foreign {
        for status in ["301", "302", "307", "308"] {
            let text = format!(
                "HTTP/1.1 {status} Moved\r\nLocation: {target}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            );
            let (here, _) = recording_server(text);
            let error = client(format!("http://{here}"), HttpBuilder::default()).get_post(20).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Refused, "{status} {target}");
            assert!(target.is_empty() || error.message().contains("not followed"), "{error}");
            assert!(!error.message().contains("user@"), "a message never contains a user name: {error}");
        }
    }
    assert_eq!(*seen.lock().unwrap(), "", "no request was sent there");
}

#[tokio::test]
async fn redirects_are_followed_by_reads_on_the_same_host_only() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let paths = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&paths);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let request = head(&stream);
            let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
            let to = if path.contains("/loop") { "/loop".to_owned() } else { format!("{path}/on") };
            kept.lock().unwrap().push(path.clone());
            let answer = if path.matches("/on").count() == 2 {
                let body = "{\"data\":{\"id\":\"20\",\"text\":\"t\"}}";
                format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
            } else {
                format!("HTTP/1.1 307 Moved\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            };
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    let all = Credentials::app_only("t").and(Credentials::oauth2("u"));
    let client = client(url, HttpBuilder::default()).with_credentials(all);
    part!({
        assert_eq!(client.get_post(20).await.unwrap().data.id.get(), 20);
        shows!("twython.opt.client_args.allow_redirects", assert_eq!(paths.lock().unwrap().len(), 3));
    });
    part!({
        let looped = client.call("GET", "/loop").await.unwrap_err();
        shows!("twython.opt.client_args.max_redirects", assert!(looped.message().contains("redirects"), "{looped}"));
    });
    assert_eq!(paths.lock().unwrap().len(), 7);
    let write = client.create_post().text("nowhere else").await.unwrap_err();
    assert_eq!((write.kind(), paths.lock().unwrap().len()), (ErrorKind::Refused, 8));
}

#[tokio::test]
async fn the_proxy_is_used_for_other_hosts_but_not_for_loopback() {
    let (proxy, seen) = recording_server("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    let (sandbox, _) = sandbox_and_client();
    let through = || HttpBuilder::default().proxy(format!("http://user:canary-password@{proxy}"));
    let local = client(sandbox.url(), through()).with_credentials(sandbox.app_only());
    assert!(local.get_post(20).await.is_ok());
    assert_eq!(*seen.lock().unwrap(), "");
    let remote = client("https://api.example.com", through());
    let error = remote.get_post(20).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Network, "{error}");
    let sent = seen.lock().unwrap().clone();
    shows!(
        "twython.opt.client_args.proxies",
        assert!(sent.starts_with("CONNECT api.example.com:443 ") && sent.contains("Basic "), "{sent}")
    );
    assert!(!sent.contains("canary-token"), "the proxy sees no credential");
    let shown = format!("{error} {error:?} {:?}", through());
    assert!(!shown.contains("canary"), "{shown}");
}

#[tokio::test]
async fn plain_http_is_allowed_for_literal_loopback_addresses_only() {
    for url in [
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
        "http://[::ffff:10.0.0.1]",
        "http://127.0.0.1@evil.example",
        "http://localhost:80@evil.example",
        "http://10.0.0.1",
        "http://0.0.0.0",
        "http://api.x.com",
        "http://2130706433.example",
    ] {
        let Ok(client) = Client::builder().base_url(url).credentials(Credentials::app_only("t")).build() else {
            continue;
        };
        assert_eq!(client.get_post(20).await.unwrap_err().kind(), ErrorKind::Configuration, "{url}");
    }
    let sandbox = sandbox();
    let port = sandbox.url().rsplit(':').next().unwrap().to_owned();
    let named = client(format!("http://localhost:{port}"), HttpBuilder::default()).with_credentials(sandbox.app_only());
    assert!(named.get_post(20).await.is_ok());
}

#[tokio::test]
async fn malformed_secrets_are_rejected_without_their_value() {
    let (sandbox, _) = sandbox_and_client();
    let mut cases: Vec<String> = (0..32_u8).chain([127]).map(|byte| format!("canary{}token", byte as char)).collect();
    cases.extend(
        [
            "canary\u{e4}",
            "canary\u{200b}",
            "canary\r\nX-Evil: 1",
            "canary\n",
            "\ncanary",
            "canary\u{0}",
            "\u{1F600}canary",
        ]
        .map(str::to_owned),
    );
    cases.extend((0..10).map(|n| format!("canary{}", char::from_u32(0x100 + n * 991).unwrap())));
    assert!(cases.len() >= 50);
    for secret in cases {
        let client = Client::builder().credentials(Credentials::app_only(secret.as_str())).base_url(sandbox.url());
        let error = client.build().unwrap().get_post(20).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{secret:?}");
        assert!(!format!("{error} {error:?}").contains("canary"));
    }
    assert!(sandbox.journal().is_empty(), "nothing was sent");
}

#[tokio::test]
async fn decompression_bombs_are_rejected() {
    let pack = |bytes: usize| {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gzip.write_all(&vec![b' '; bytes]).unwrap();
        gzip.finish().unwrap()
    };
    // 100 MB in 100 kB exceed every limit; 3 MB in 3 kB exceed the compression ratio of 200.
    for body in [pack(100 << 20), pack(3 << 20)] {
        let length = body.len();
        let head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\nContent-Length: ";
        let (here, _) = recording_server([format!("{head}{length}\r\n\r\n").into_bytes(), body].concat());
        let error = client(format!("http://{here}"), HttpBuilder::default()).get_post(20).await.unwrap_err();
        assert!(error.message().contains("response too large"), "{error}");
    }
    // The body of an error response is truncated, because its status is sufficient.
    let mut long = b"HTTP/1.1 503 Busy\r\nContent-Length: 10000000\r\nConnection: close\r\n\r\n".to_vec();
    long.extend(vec![b'x'; 10_000_000]);
    let (here, _) = recording_server(long);
    let error = client(format!("http://{here}"), HttpBuilder::default()).get_post(20).await.unwrap_err();
    assert_eq!(error.status_code(), Some(503));
    assert!(error.response().unwrap().body.len() <= 64 << 10);
}

#[tokio::test]
async fn parameter_values_cannot_break_a_request() {
    let (sandbox, client) = sandbox_and_client();
    for value in
        ["../../2/users/me", "..%2f", "a?b=c", "a#b", "a b", "a\r\nX: y", "\u{0}", "%2e%2e", "a/b", "ä", "😀", ""]
    {
        let call = client.call("GET", "/2/users/by/username/:username").arg("username", value);
        let before = sandbox.journal().len();
        let outcome = call.await;
        let journal = sandbox.journal();
        for event in &journal[before..] {
            assert!(event.path.starts_with("/2/users/by/username/"), "{value:?} became {}", event.path);
            assert_eq!(event.path.matches('/').count(), 5, "{value:?} became {}", event.path);
        }
        assert!(outcome.is_err(), "{value:?}: no user has this name");
    }
}

/// Starts a server with this certificate that answers every request with a post. With an authority, it requires a
/// client certificate.
pub(crate) fn serve_tls(
    certificate: rcgen::Certificate,
    key: &rcgen::KeyPair,
    trusts: Option<&rcgen::Certificate>,
) -> u16 {
    use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;
    use tokio_rustls::rustls::server::WebPkiClientVerifier;
    use tokio_rustls::rustls::{RootCertStore, ServerConfig, crypto::ring::default_provider};

    let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
    let config =
        ServerConfig::builder_with_provider(Arc::new(default_provider())).with_safe_default_protocol_versions();
    let config = match trusts {
        None => config.unwrap().with_no_client_auth(),
        Some(authority) => {
            let mut store = RootCertStore::empty();
            store.add(authority.der().clone()).unwrap();
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(store), Arc::new(default_provider()));
            config.unwrap().with_client_cert_verifier(verifier.build().unwrap())
        }
    };
    let config = config.with_single_cert(vec![certificate.into()], key).unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    listener.set_nonblocking(true).unwrap();
    tokio::spawn(async move {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                let mut buffer = [0; 4_096];
                let _ = stream.read(&mut buffer).await;
                let body = "{\"data\":{\"id\":\"20\",\"text\":\"t\"}}";
                let answer =
                    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
                let _ = stream.write_all(answer.as_bytes()).await;
                let _ = stream.shutdown().await;
            });
        }
    });
    port
}

/// Certificate authority of a test.
pub(crate) struct Authority {
    pub(crate) root: rcgen::Certificate,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let root = params.self_signed(&key).unwrap();
        Self { root, issuer: Issuer::new(params, key) }
    }

    /// Returns a certificate that is valid until that year, and its key.
    pub(crate) fn sign(&self, name: &str, until: i32) -> (rcgen::Certificate, KeyPair) {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(until, 1, 1);
        (params.signed_by(&key, &self.issuer).unwrap(), key)
    }

    /// Returns connection settings that trust the authority.
    pub(crate) fn trusted(&self) -> HttpBuilder {
        HttpBuilder::default().extra_root_certificates(self.root.pem()).no_proxy()
    }
}

#[tokio::test]
async fn invalid_server_certificates_are_rejected() {
    let authority = Authority::new();
    let signed = |name: &str, until: i32| authority.sign(name, until);
    let trusting = || authority.trusted();
    let ask = async |certificate: (rcgen::Certificate, KeyPair), http: HttpBuilder| {
        let port = serve_tls(certificate.0, &certificate.1, None);
        client(format!("https://localhost:{port}"), http).get_post(20).await
    };
    part!({
        let trusted = ask(signed("localhost", 2060), trusting()).await;
        shows!("twython.opt.client_args.verify", assert!(trusted.is_ok()));
    });
    part!({
        let refused = [
            ("an expired one", ask(signed("localhost", 2021), trusting()).await),
            ("that of another host", ask(signed("example.com", 2060), trusting()).await),
            ("one of an unknown authority", ask(signed("localhost", 2060), HttpBuilder::default().no_proxy()).await),
        ];
        for (which, result) in refused {
            shows!(
                "twython.opt.client_args.verify",
                assert_eq!(result.unwrap_err().kind(), ErrorKind::Network, "{which}")
            );
        }
    });
    let own_key = KeyPair::generate().unwrap();
    let own = CertificateParams::new(vec!["localhost".to_owned()]).unwrap().self_signed(&own_key).unwrap();
    assert_eq!(
        ask((own, own_key), trusting()).await.unwrap_err().kind(),
        ErrorKind::Network,
        "a self-signed certificate"
    );
    // Plain HTTP on a port that expects TLS.
    let (here, _) = recording_server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let plain = client(format!("https://{here}"), trusting()).get_post(20).await.unwrap_err();
    assert_eq!(plain.kind(), ErrorKind::Network);
    assert!(HttpBuilder::default().extra_root_certificates("nonsense").build().is_err());
}

/// Reads a complete request, or only its head.
fn read_request(stream: &mut TcpStream, whole: bool) -> Option<String> {
    let (mut text, mut byte) = (Vec::new(), [0]);
    while !text.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        text.push(byte[0]);
    }
    let head = String::from_utf8(text).unwrap().to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.filter(|_| whole).unwrap_or(0)];
    stream.read_exact(&mut body).ok()?;
    Some(String::from_utf8(body).unwrap())
}

#[tokio::test]
async fn a_connection_closed_on_reuse_duplicates_no_write() {
    let calls = std::env::var("CHIRRUP_RACES").ok().and_then(|count| count.parse().ok()).unwrap_or(1_000_u64);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (begun, taken) = (Arc::new(AtomicU64::new(0)), Arc::new(Mutex::new(BTreeMap::<String, u32>::new())));
    let (heads, bodies) = (Arc::clone(&begun), Arc::clone(&taken));
    std::thread::spawn(move || {
        let mut rng = Rng(0xACE);
        for stream in listener.incoming() {
            let (mut stream, heads, bodies) = (stream.unwrap(), Arc::clone(&heads), Arc::clone(&bodies));
            let mut rng = Rng(rng.next() | 1);
            std::thread::spawn(move || {
                loop {
                    let fate = rng.below(10);
                    let Some(body) = read_request(&mut stream, fate > 0) else { return };
                    heads.fetch_add(1, Ordering::SeqCst);
                    if fate == 0 {
                        return;
                    }
                    *bodies.lock().unwrap().entry(body).or_default() += 1;
                    if fate == 1 {
                        return;
                    }
                    let answer = "{\"data\":{\"id\":\"1\",\"text\":\"x\"}}";
                    let length = answer.len();
                    let answer = format!("HTTP/1.1 201 Created\r\ncontent-length: {length}\r\n\r\n{answer}");
                    // The server closes the connection when the next request may already be in transit.
                    if stream.write_all(answer.as_bytes()).is_err() || fate < 5 {
                        return;
                    }
                }
            });
        }
    });
    let keys = Credentials::oauth2("token");
    let http = HttpBuilder::default().on_rate_limit(chirrup::OnRateLimit::Ignore);
    let client = Client::builder().http(http).credentials(keys).base_url(url).build().unwrap();
    let (mut done, mut unknown) = (0, 0);
    for n in 0..calls {
        match client.create_post().text(format!("post {n}")).await {
            Ok(_) => done += 1,
            Err(error) if error.kind() == ErrorKind::UnknownOutcome => unknown += 1,
            Err(error) => panic!("{error}"),
        }
    }
    let twice: Vec<_> =
        taken.lock().unwrap().iter().filter(|(_, times)| **times > 1).map(|(body, _)| body.clone()).collect();
    assert!(twice.is_empty(), "{twice:?}");
    assert!(begun.load(Ordering::SeqCst) <= calls, "a write that was started is not sent again");
    assert!(done > calls / 2 && unknown > calls / 20, "{done} {unknown}");
}

#[tokio::test]
async fn tls_versions_before_1_2_are_rejected() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut hello = vec![0; 4_096];
        let size = stream.read(&mut hello).unwrap();
        // A server that selects TLS 1.1 and a cipher suite of that version.
        let mut answer = vec![0x16, 3, 2, 0, 42, 2, 0, 0, 38, 3, 2];
        answer.extend([7; 32]);
        answer.extend([0, 0xC0, 0x13, 0]);
        stream.write_all(&answer).unwrap();
        let mut alert = Vec::new();
        let _ = stream.read_to_end(&mut alert);
        (hello[..size].to_vec(), alert)
    });
    let authority = Authority::new();
    let error = client(format!("https://localhost:{port}"), authority.trusted().retry(Retry::never()));
    assert_eq!(error.get_post(20).await.unwrap_err().kind(), ErrorKind::Network);
    let (hello, alert) = server.join().unwrap();
    // The extension `supported_versions`: 1.3 and 1.2, in any order.
    let offered = hello.windows(4).position(|bytes| bytes == [0, 0x2B, 0, 5]).map(|at| &hello[at + 4..at + 9]);
    assert!(matches!(offered, Some([4, 3, 4, 3, 3] | [4, 3, 3, 3, 4])), "{offered:?}");
    assert_eq!(alert[..2], [0x15, 3], "the alert reports a permanent failure: {alert:?}");
    assert_eq!(alert[6], 70, "because that is not a valid version");
}

#[tokio::test]
async fn signatures_cover_the_request_as_sent() {
    let sandbox = sandbox();
    let keys = sandbox.oauth1("ada").unwrap();
    let http = HttpBuilder::default().retry(Retry::never()).on_rate_limit(chirrup::OnRateLimit::Ignore);
    let client = Client::builder().http(http).credentials(keys).base_url(sandbox.url()).build().unwrap();
    let mut random = 7_u64;
    let mut rng = |below: u64| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) % below
    };
    let count = std::env::var("CHIRRUP_SIGNED").ok().and_then(|text| text.parse().ok()).unwrap_or(500);
    for n in 0..count {
        let mut text = |most: u64| -> String {
            let letters = (0..rng(most)).map(|_| match rng(4) {
                0 => char::from_u32(32 + rng(95) as u32),
                1 => char::from_u32(rng(0x3000) as u32),
                2 => char::from_u32(0x1F300 + rng(600) as u32),
                _ => "&=+%/?#:;,~ \"'[]{}|\\^`".chars().nth(rng(24) as usize),
            });
            letters.flatten().collect()
        };
        let pairs: Vec<(String, String)> = (0..3).map(|_| (format!("p{}", text(8)), text(30))).collect();
        let call = if n % 2 == 0 { client.call("GET", "/2/users/me") } else { client.call("POST", "/2/tweets") };
        let call = pairs.iter().fold(call, |call, (name, value)| match n % 4 {
            1 => call.form(name.as_str(), value.as_str()),
            _ => call.arg(name, value.as_str()),
        });
        // The parameters are invalid; the signature is not the reason of the rejection.
        let error = call.await.unwrap_err();
        assert_ne!(error.status_code(), Some(401), "{pairs:?}");
        assert!(error.status_code().is_some(), "{error} {pairs:?}");
    }
}
