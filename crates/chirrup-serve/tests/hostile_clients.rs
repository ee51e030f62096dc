//! What hostile and careless clients cannot do to a server. Time is paused: it advances when all tasks wait.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails where something is missing")]

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use chirrup_serve::{Hosts, Server, Text};
use http::{Request, Response};
use http_body_util::Full;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

/// Answers with the length of the body; `/panic` panics and `/large` is 64 MiB long.
async fn answer(request: Request<Bytes>) -> Result<Response<Full<Bytes>>, Infallible> {
    match request.uri().path() {
        "/panic" => panic!("the handler of the test panics"),
        "/large" => Ok(Text::response(200, vec![b'x'; 64 << 20])),
        "/page" => {
            let mut page = Text::response(200, "<p>page");
            page.headers_mut().insert("content-type", "text/html; charset=utf-8".parse().unwrap());
            Ok(page)
        }
        _ => Ok(Text::response(200, request.body().len().to_string())),
    }
}

async fn start(server: Server) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(server.run(listener, std::future::pending(), answer));
    address
}

async fn connect(address: SocketAddr, first: &str) -> TcpStream {
    let mut socket = TcpStream::connect(address).await.unwrap();
    // The server may answer and close before it has read everything.
    let _ = socket.write_all(first.as_bytes()).await;
    socket
}

/// Reads until the server closes the connection.
async fn rest(mut socket: TcpStream) -> String {
    let mut text = Vec::new();
    let _ = socket.read_to_end(&mut text).await;
    String::from_utf8_lossy(&text).into_owned()
}

/// Sends a request with more header lines, and returns the response.
async fn exchange(address: SocketAddr, start: &str, more: &str) -> String {
    let request = format!("{start} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{more}\r\n");
    rest(connect(address, &request).await).await
}

fn status(response: &str) -> &str {
    response.split(' ').nth(1).unwrap_or(response)
}

#[tokio::test(start_paused = true)]
async fn a_panic_of_a_handler_is_a_500_and_the_server_continues() {
    let address = start(Server::new()).await;
    for _ in 0..100 {
        assert_eq!(status(&exchange(address, "GET /panic", "").await), "500");
    }
    assert_eq!(status(&exchange(address, "GET /", "").await), "200");
}

#[tokio::test(start_paused = true)]
async fn web_pages_of_other_origins_reach_no_handler() {
    let address = start(Server::new()).await;
    let rebound = connect(address, "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n").await;
    assert_eq!(status(&rest(rebound).await), "421");
    assert_eq!(status(&exchange(address, "POST /", "Origin: http://evil.example\r\n").await), "403");
    assert_eq!(status(&exchange(address, "GET /", "Sec-Fetch-Site: cross-site\r\n").await), "403");
    assert_eq!(status(&exchange(address, "GET /", "Origin: http://localhost\r\n").await), "200");
    let open = start(Server::new().hosts(Hosts::Any).any_origin()).await;
    let foreign = "GET / HTTP/1.1\r\nHost: any.example\r\nOrigin: http://evil.example\r\nConnection: close\r\n\r\n";
    assert_eq!(status(&rest(connect(open, foreign).await).await), "200");
}

#[tokio::test(start_paused = true)]
async fn pages_cannot_be_framed_sniffed_or_cached() {
    let address = start(Server::new()).await;
    let page = exchange(address, "GET /page", "").await;
    for header in [
        "x-content-type-options: nosniff",
        "content-security-policy: default-src 'none'",
        "frame-ancestors 'none'",
        "x-frame-options: DENY",
        "referrer-policy: same-origin",
        "cache-control: no-store",
    ] {
        assert!(page.contains(header), "{header} in {page}");
    }
}

// With a paused clock, the time would pass while the sockets transfer the large body.
#[tokio::test]
async fn bodies_are_bounded_and_compressed_ones_refused() {
    let address = start(Server::new().max_body(1000)).await;
    let body = "x".repeat(1000);
    let post = |more: &str| format!("POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{more}");
    let sent = connect(address, &post(&format!("Content-Length: 1000\r\n\r\n{body}"))).await;
    assert!(rest(sent).await.ends_with("\r\n1000"));
    let declared = connect(address, &post("Content-Length: 1001\r\n\r\n")).await;
    assert_eq!(status(&rest(declared).await), "413");
    let chunked =
        connect(address, &post(&format!("Transfer-Encoding: chunked\r\n\r\n3e8\r\n{body}\r\n1\r\nx\r\n"))).await;
    assert_eq!(status(&rest(chunked).await), "413");
    let (mut reader, mut writer) = connect(address, &post("Content-Length: 20000000\r\n\r\n")).await.into_split();
    // The writer stays open: a dropped one would tell the server that the client has left.
    let sent = tokio::spawn(async move { (writer.write_all(&vec![b'x'; 20_000_000]).await, writer) });
    let mut answer = String::new();
    let _ = reader.read_to_string(&mut answer).await;
    let (sent, _writer) = sent.await.unwrap();
    assert!(sent.is_ok() && status(&answer) == "413", "a client that sends everything first: {answer}");
    let packed = connect(address, &post("Content-Encoding: gzip\r\nContent-Length: 0\r\n\r\n")).await;
    assert_eq!(status(&rest(packed).await), "415");
}

#[tokio::test(start_paused = true)]
async fn the_sum_of_all_bodies_is_bounded() {
    let address = start(Server::new().max_body(20 << 20)).await;
    let part = "x".repeat(15 << 20);
    let begin = format!("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n{part}", 16 << 20);
    let mut sockets = Vec::new();
    for _ in 0..5 {
        sockets.push(connect(address, &begin).await);
    }
    let sixth = rest(connect(address, &begin).await).await;
    assert_eq!(status(&sixth), "503", "{}", sockets.len());
    drop(sockets);
}

#[tokio::test(start_paused = true)]
async fn slow_clients_are_disconnected() {
    let address = start(Server::new()).await;
    let begun = Instant::now();
    assert_eq!(rest(connect(address, "").await).await, "");
    assert!(begun.elapsed() < Duration::from_secs(12), "nothing sent: {:?}", begun.elapsed());

    let begun = Instant::now();
    let mut drip = connect(address, "GET / HTTP/1.1\r\nHost: localhost\r\n").await;
    while drip.write_all(b"X").await.is_ok() && begun.elapsed() < Duration::from_secs(60) {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    assert!(begun.elapsed() < Duration::from_secs(14), "a head by drops: {:?}", begun.elapsed());

    let begun = Instant::now();
    let body = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\na";
    assert_eq!(status(&rest(connect(address, body).await).await), "408");
    assert!(begun.elapsed() < Duration::from_secs(20), "a body that pauses: {:?}", begun.elapsed());

    let begun = Instant::now();
    let mut drip = connect(address, body).await;
    while drip.write_all(b"a").await.is_ok() && begun.elapsed() < Duration::from_secs(200) {
        tokio::time::sleep(Duration::from_secs(10)).await;
    }
    assert!(begun.elapsed() < Duration::from_secs(82), "a body by drops: {:?}", begun.elapsed());

    let begun = Instant::now();
    let idle = rest(connect(address, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await).await;
    assert!(idle.ends_with("\r\n0") && begun.elapsed() > Duration::from_secs(55), "{:?}", begun.elapsed());
    assert!(begun.elapsed() < Duration::from_secs(63), "keep-alive: {:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_client_that_does_not_read_is_disconnected() {
    let address = start(Server::new()).await;
    let socket = connect(address, "GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    tokio::time::sleep(Duration::from_secs(33)).await;
    assert!(rest(socket).await.len() < 60 << 20, "the response is cut off");
}

#[tokio::test(start_paused = true)]
async fn a_new_connection_replaces_the_one_that_waits_for_the_longest_time() {
    let address = start(Server::new().max_connections(20)).await;
    let mut waiting = Vec::new();
    for _ in 0..100 {
        waiting.push(connect(address, "GET / HTTP/1.1\r\n").await);
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    assert_eq!(status(&exchange(address, "GET /", "").await), "200");
    let begun = Instant::now();
    assert_eq!(rest(waiting.remove(0)).await, "", "the oldest is closed");
    assert!(begun.elapsed() < Duration::from_millis(100), "immediately");
}

#[tokio::test(start_paused = true)]
async fn a_stopped_server_finishes_open_requests() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = Server::new().grace(Duration::from_secs(5));
    let slow = |_| async {
        tokio::time::sleep(Duration::from_secs(2)).await;
        Ok::<_, Infallible>(Text::response(200, "finished"))
    };
    let stopped = async { stopped.await.unwrap_or_default() };
    let running = tokio::spawn(server.run(listener, stopped, slow));
    let socket = connect(address, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    let _idle = connect(address, "").await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let begun = Instant::now();
    stop.send(()).unwrap();
    running.await.unwrap();
    assert!(begun.elapsed() < Duration::from_millis(1_500), "an idle connection delays nothing: {:?}", begun.elapsed());
    assert!(rest(socket).await.ends_with("finished"));
    assert!(TcpStream::connect(address).await.is_err(), "the port is free");
}
