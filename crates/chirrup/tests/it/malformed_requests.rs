//! Malformed requests: the sandbox always sends a valid HTTP response.

use chirrup::{Endpoint, ErrorKind, HttpBuilder, OnRateLimit, ParamLocation, Retry};
use chirrup_sandbox::Sandbox;
use serde_json::json;

/// Streams have no end.
pub(crate) fn is_stream(meta: &Endpoint) -> bool {
    const OLD: [&str; 5] = ["v1.filter", "v1.sample", "v1.firehose_statuses", "v1.user_stream", "v1.site_stream"];
    OLD.contains(&meta.id) || meta.path.ends_with("/stream") || meta.path.contains("/stream/lang/")
}

#[tokio::test]
async fn the_sandbox_responds_to_any_malformed_request() {
    let sandbox = Sandbox::builder().users(20).posts(50).without_rate_limits().start().unwrap();
    let http = HttpBuilder::default().retry(Retry::never()).on_rate_limit(OnRateLimit::Ignore);
    let client = crate::common::client_in_sandbox_time(&sandbox, http, sandbox.credentials().unwrap());
    let junk = [
        json!(null),
        json!(""),
        json!("-1"),
        json!("99999999999999999999999"),
        json!("\u{1F426}\u{0}&=%"),
        json!(-7),
        json!(1.5e300),
        json!(true),
        json!([]),
        json!([[[]], {"id": []}]),
        json!({}),
        json!({"type": [], "message_create": 7, "target": [], "media": "x", "text": {}, "subtitles": "x", "options": {}}),
        json!({"message_create": {"target": 1, "message_data": [], "custom_profile_id": {}}, "type": "message_create"}),
        json!({"message_data": {"quick_reply": [], "ctas": {}, "attachment": "x", "text": 5}, "name": []}),
        json!({"quick_reply": {"type": 1, "options": [1, {}, {"label": []}]}, "ctas": [1, {"type": {}}]}),
    ];
    let mut calls = 0;
    for meta in chirrup::all().filter(|meta| !is_stream(meta)) {
        for (n, value) in junk.iter().enumerate() {
            let mut call = client.call(meta.method, meta.path);
            for (m, param) in meta.params().enumerate() {
                // Either one fault for all requests, or a sequence of faults.
                let value = if n % 2 == 0 { value } else { &junk[(n + m) % junk.len()] };
                call = match param.location {
                    ParamLocation::Path => call.arg(param.name, "7"),
                    _ => call.arg(param.name, value.clone()),
                };
            }
            calls += 1;
            if let Err(error) = call.await {
                let status = error.status_code();
                assert!(
                    status.is_some_and(|status| status < 500 || status == 501) || error.kind() == ErrorKind::Argument,
                    "{} with {value}: {error}",
                    meta.id
                );
            }
        }
        if meta.method == "GET" {
            continue;
        }
        for body in junk.iter().map(|body| json!({"event": body, "welcome_message": body})).chain(junk.clone()) {
            let mut call = client.call(meta.method, meta.path).json(body.clone());
            for hole in meta.params().filter(|param| param.location == ParamLocation::Path) {
                call = call.arg(hole.name, "7");
            }
            if let Err(error) = call.await {
                assert!(
                    error.status_code().is_some_and(|status| status < 500 || status == 501),
                    "{} with {body}: {error}",
                    meta.id
                );
            }
        }
    }
    assert!(calls > 4_000, "{calls}");
}

/// Sends a request line with an exact path to the sandbox, and returns the response.
fn get(sandbox: &Sandbox, path: &str) -> String {
    use std::io::{Read as _, Write as _};

    let address = sandbox.url().trim_start_matches("http://").to_owned();
    let mut stream = std::net::TcpStream::connect(&address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut response = Vec::new();
    stream.read_to_end(&mut response).unwrap();
    String::from_utf8_lossy(&response).into_owned()
}

#[test]
fn paths_of_requests_name_no_file() {
    let sandbox = crate::common::sandbox();
    let up =
        ["../", "..%2f", "%2e%2e/", "%252e%252e%252f", "..\\", "..%5c", "..;/", "....//", "%c0%ae%c0%ae/", "..%00/"];
    for start in ["/", "/2/", "/2/media/", "/media/", "/profile_images/", "/video/", "//", "/file:///"] {
        for up in up {
            for file in ["etc/passwd", "etc/hostname", "proc/self/environ"] {
                let response = get(&sandbox, &format!("{start}{}{file}", up.repeat(8)));
                assert!(response.starts_with("HTTP/1.1 "), "{start} {up} {file}: {response:.60}");
                assert!(!response.contains("root:") && !response.contains("PATH="), "{start} {up} {file}");
                let is_generated = start == "/video/" || response.starts_with("HTTP/1.1 4");
                assert!(is_generated || response.contains("image/"), "{start} {up} {file}: {response:.60}");
            }
        }
    }
}

#[test]
fn the_sandbox_listens_on_loopback_only() {
    let sandbox = crate::common::sandbox();
    let url = sandbox.url();
    let port: u16 = url.rsplit(':').next().and_then(|port| port.parse().ok()).unwrap();
    assert_eq!(url, format!("http://127.0.0.1:{port}"));
    // The address by which other machines reach this one. No packet is sent.
    let outside = std::net::UdpSocket::bind("0.0.0.0:0").unwrap();
    let Ok(()) = outside.connect("192.0.2.1:9") else { return };
    let outside = outside.local_addr().unwrap().ip();
    if !outside.is_loopback() {
        assert!(std::net::TcpStream::connect((outside, port)).is_err(), "{outside}");
    }
}
