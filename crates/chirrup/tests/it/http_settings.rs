//! Settings of connections, and their tracing events.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use chirrup::{Client, ErrorKind, HttpBuilder, OnRateLimit, RawResponse, Request};
use chirrup_sandbox::{Fault, FaultRule};
use rcgen::KeyPair;

use crate::common::{client_in_sandbox_time, sandbox};
use crate::security::{Authority, client, recording_server, serve_tls};

#[tokio::test]
async fn custom_headers_are_sent_with_every_request() {
    let body = "{\"data\":{\"id\":\"20\",\"text\":\"t\"}}";
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
    let (here, seen) = recording_server(answer);
    let http = HttpBuilder::default().header("X-Team", "birds").header("user-agent", "herons/1");
    client(format!("http://{here}"), http).get_post(20).await.unwrap();
    let seen = seen.lock().unwrap().to_ascii_lowercase();
    shows!(
        ["twython.opt.client_args", "twython.opt.client_args.headers", "twython.streamer.opt.client_args"],
        assert!(seen.contains("x-team: birds\r\n"), "{seen}")
    );
    shows!(
        "twython.opt.client_args.headers",
        assert!(seen.contains("user-agent: herons/1\r\n") && !seen.contains("chirrup/"), "{seen}")
    );
    let (here, seen) = recording_server("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
    let _ = client(format!("http://{here}"), HttpBuilder::default()).get_post(20).await;
    let own = concat!("user-agent: chirrup/", env!("CARGO_PKG_VERSION"));
    assert!(
        seen.lock().unwrap().to_ascii_lowercase().contains(own),
        "without a preference it returns the actual value"
    );
    for (name, value) in [("Authorization", "Bearer x"), ("Host", "x.com"), ("a b", "c"), ("X-Team", "a\r\nb: canary")]
    {
        let error = HttpBuilder::default().header(name, value).build().unwrap_err().to_string();
        assert!(!error.contains("canary") && !error.contains("Bearer"), "{error}");
    }
}

#[tokio::test]
async fn a_header_of_a_call_replaces_that_of_the_client() {
    let (here, seen) = recording_server("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
    let client = client(format!("http://{here}"), HttpBuilder::default().header("X-Team", "birds"));
    let call = || client.call("GET", "/2/tweets/20").header("X-Team", "fish").header("X-Report", "7");
    call().raw().await.unwrap();
    let seen = seen.lock().unwrap().to_ascii_lowercase();
    assert!(seen.contains("x-team: fish\r\n") && seen.contains("x-report: 7\r\n"), "{seen}");
    assert!(!seen.contains("birds"), "{seen}");
    let error = call().header("Authorization", "Bearer canary").raw().await.unwrap_err();
    assert!(error.kind() == ErrorKind::Argument && !error.to_string().contains("canary"), "{error}");
}

#[tokio::test]
async fn a_client_certificate_authenticates_the_client() {
    let authority = Authority::new();
    let (server, server_key) = authority.sign("localhost", 2060);
    let url = format!("https://localhost:{}", serve_tls(server, &server_key, Some(&authority.root)));
    let trusting = || authority.trusted();
    assert!(client(&url, trusting()).get_post(20).await.is_err(), "a client without a certificate is rejected");
    let (mine, my_key) = authority.sign("ada", 2060);
    let identity = format!("{}{}", mine.pem(), my_key.serialize_pem());
    shows_async!(
        "twython.opt.client_args.cert",
        assert!(client(&url, trusting().identity(identity)).get_post(20).await.is_ok())
    );
    let other = KeyPair::generate().unwrap().serialize_pem();
    for wrong in [mine.pem(), other.clone(), format!("{}{other}", mine.pem()), "nonsense".to_owned()] {
        let error = HttpBuilder::default().identity(wrong).build().unwrap_err();
        assert!(error.to_string().contains("certificate"), "{error}");
    }
}

#[tokio::test]
async fn clones_share_connections() {
    let sandbox = sandbox();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let here = format!("http://{}", listener.local_addr().unwrap());
    let far = sandbox.url().replace("http://", "");
    let made = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&made);
    tokio::spawn(async move {
        while let Ok((mut near, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::Relaxed);
            let mut far = tokio::net::TcpStream::connect(&far).await.unwrap();
            tokio::spawn(async move { tokio::io::copy_bidirectional(&mut near, &mut far).await });
        }
    });
    let first = Client::builder().credentials(sandbox.app_only()).base_url(here).build().unwrap();
    let second = first.with_credentials(sandbox.app_only());
    for _ in 0..5 {
        for client in [&first, &first.clone(), &second] {
            client.get_post(20).await.unwrap();
        }
    }
    shows!("tweepy.session", assert_eq!(made.load(Ordering::Relaxed), 1, "one connection for fifteen calls"));
}

#[tokio::test]
async fn the_response_hook_is_called_for_each_response() {
    let sandbox = sandbox();
    let told = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&told);
    let tell = move |asked: &Request, answer: &RawResponse| {
        assert!(!format!("{asked:?}").contains("secret"));
        kept.lock().unwrap().push((asked.endpoint().unwrap().id, answer.status.as_u16(), answer.send_info.attempts));
    };
    let http = HttpBuilder::default().on_rate_limit(OnRateLimit::Ignore).on_response(tell);
    let client = client_in_sandbox_time(&sandbox, http, sandbox.oauth1("ada").unwrap());
    sandbox.add_fault_rule(
        FaultRule::new(Fault::Response { status: 503, content_type: "text/plain", body: "".into() }).times(1),
    );
    client.get_post(20).await.unwrap();
    shows!(
        "twython.opt.client_args.hooks",
        assert_eq!(*told.lock().unwrap(), [("get_post", 503, 1), ("get_post", 200, 2)])
    );
}

/// Subscriber that records events and spans as text.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<String>>);

impl tracing::Subscriber for Log {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, span: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        span.record(&mut |field: &tracing::field::Field, value: &dyn std::fmt::Debug| self.write(field, value));
        tracing::span::Id::from_u64(1)
    }
    fn record(&self, _: &tracing::span::Id, values: &tracing::span::Record<'_>) {
        values.record(&mut |field: &tracing::field::Field, value: &dyn std::fmt::Debug| self.write(field, value));
    }
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        event.record(&mut |field: &tracing::field::Field, value: &dyn std::fmt::Debug| self.write(field, value));
        self.0.lock().unwrap().push_str(&format!("({})\n", event.metadata().level()));
    }
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}

impl Log {
    pub(crate) fn text(&self) -> String {
        self.0.lock().unwrap().clone()
    }

    fn write(&self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
        self.0.lock().unwrap().push_str(&format!("{field}={value:?} "));
    }
}

#[tokio::test]
async fn logs_contain_no_secret() {
    let sandbox = sandbox();
    let log = Log::default();
    // With a single subscriber, `tracing` caches the interest of the first thread, and other tests have no subscriber.
    let _second = tracing::Dispatch::new(Log::default());
    let _guard = tracing::subscriber::set_default(log.clone());
    let http = HttpBuilder::default().on_rate_limit(OnRateLimit::Ignore);
    let client = client_in_sandbox_time(&sandbox, http, sandbox.oauth1("ada").unwrap());
    sandbox.add_fault_rule(FaultRule::new(Fault::CloseBeforeProcessing).times(1));
    client.get_post(20).await.unwrap();
    client.search_recent("canary-query").await.unwrap();
    client.create_post().text("canary-text").await.unwrap();
    client.call("GET", "/2/users/12").query("post.fields", "source").await.unwrap();
    client.call("GET", "/2/users/12").query("palette", "canary-blue").await.unwrap_err();
    let text = log.text();
    shows!(
        "pytweet.logging",
        assert!(text.contains("endpoint=\"get_post\"") && text.contains("attempt=2 status=200"), "{text}")
    );
    shows!("pytweet.logging", assert!(text.contains("(WARN)") && text.contains("/2/tweets/search/recent"), "{text}"));
    shows!(
        "tweepy4.params.unknown",
        assert!(text.contains("parameter=\"palette\"") && !text.contains("parameter=\"post.fields\""), "{text}")
    );
    for secret in ["canary", "OAuth ", "oauth_signature", "Bearer "] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}
