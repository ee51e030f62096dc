//! Streamable HTTP: the token, the path, and a session.

use chirrup::{Client, Secret};
use chirrup_mcp::{Options, Server};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Sends a request and returns the whole response.
async fn exchange(address: &str, path: &str, headers: &str, body: &str) -> String {
    let mut socket = TcpStream::connect(address).await.unwrap();
    let length = body.len();
    let request = format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\naccept: application/json, \
         text/event-stream\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
    );
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut response = Vec::new();
    let mut buffer = [0; 4_096];
    // The stream of a session stays open: its first answer suffices.
    while !String::from_utf8_lossy(&response).contains("jsonrpc") {
        match socket.read(&mut buffer).await.unwrap() {
            0 => break,
            count => response.extend_from_slice(&buffer[..count]),
        }
    }
    String::from_utf8_lossy(&response).into_owned()
}

const INITIALIZE: &str = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18",
    "capabilities":{},"clientInfo":{"name":"test","version":"1"}}}"#;

#[tokio::test]
async fn only_requests_with_the_token_are_served() {
    let server = Server::new(Client::sandbox().unwrap(), Options::default());
    let bound = server.bind_http(0, Secret::from("s3cret".to_owned())).await.unwrap();
    let url = bound.url();
    let address = url.strip_prefix("http://").unwrap().strip_suffix("/mcp").unwrap().to_owned();
    assert!(!format!("{bound:?}").contains("s3cret"));
    tokio::spawn(bound.run(std::future::pending()));
    let token = "authorization: Bearer s3cret\r\n";
    let cases = [
        ("/mcp", token.to_owned(), "200"),
        ("/mcp", String::new(), "401"),
        ("/mcp", "authorization: Bearer other!\r\n".to_owned(), "401"),
        ("/", token.to_owned(), "404"),
        ("/mcp", format!("{token}origin: https://evil.example\r\n"), "403"),
    ];
    for (path, headers, status) in cases {
        let response = exchange(&address, path, &headers, INITIALIZE).await;
        assert_eq!(response.split(' ').nth(1), Some(status), "{headers}{response}");
        assert_eq!(response.contains("serverInfo"), status == "200", "{response}");
    }
}
