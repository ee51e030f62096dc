//! A server that sends prepared responses: streams, pages and single posts. It costs little, runs in threads of its own, and
//! none of its posts has the ID of another.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chirrup_benches::posts::{ID, full_post, text};
use serde_json::{Value as Json, json};

/// Number of different texts.
const TEXTS: usize = 1_000;
/// Number of posts in one chunk of a stream.
const CHUNK_POSTS: usize = 50;
/// First ID.
const FIRST_ID: u64 = 2_123_927_567_571_353_600;
/// What a server sends as posts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Posts {
    /// All fields of a post, with its author, a photo and the rules that it matches: 3.6 kB.
    Full,
    /// ID and text: 0.2 kB.
    Lean,
}

fn post(posts: Posts, number: usize) -> Json {
    match posts {
        Posts::Full => full_post(&text(number)),
        Posts::Lean => json!({"data": {"id": ID, "text": text(number), "edit_history_tweet_ids": [ID]}}),
    }
}

/// A text with IDs at known places, which are replaced in each copy.
#[derive(Clone)]
struct Prepared {
    bytes: Vec<u8>,
    places: Vec<usize>,
}

impl Prepared {
    fn new(text: &str) -> Self {
        Self { bytes: text.as_bytes().to_vec(), places: text.match_indices(ID).map(|(at, _)| at).collect() }
    }

    /// Writes the same ID to all places.
    fn set_id(&mut self, id: u64) {
        let id = id.to_string();
        for place in &self.places {
            self.bytes[*place..*place + id.len()].copy_from_slice(id.as_bytes());
        }
    }
}

/// Prepared responses.
struct Content {
    lines: Vec<Prepared>,
    page: Prepared,
    single: Prepared,
    next_id: AtomicU64,
    /// Number of posts that a stream sends before it falls silent.
    streamed: u64,
}

/// Starts a server, whose streams send this many posts.
pub(crate) fn start(posts: Posts, streamed: u64) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let lines = (0..TEXTS).map(|n| Prepared::new(&(post(posts, n).to_string() + "\r\n"))).collect();
    let all: Vec<Json> = (0..100).map(|n| post(posts, n)).collect();
    let page = json!({
        "data": all.iter().map(|post| &post["data"]).collect::<Vec<_>>(),
        "includes": all[0]["includes"], "meta": {"result_count": 100, "newest_id": "2", "oldest_id": "1"},
    });
    let single = json!({"data": {"id": ID, "text": "just setting up my twttr", "edit_history_tweet_ids": [ID]}});
    let content = Arc::new(Content {
        lines,
        page: Prepared::new(&page.to_string()),
        single: Prepared::new(&single.to_string()),
        next_id: AtomicU64::new(FIRST_ID),
        streamed,
    });
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            let (socket, content) = (socket.expect("a connection"), Arc::clone(&content));
            std::thread::spawn(move || serve(socket, &content));
        }
    });
    address
}

/// Serves a connection until the client closes it.
fn serve(mut socket: TcpStream, content: &Content) -> Option<()> {
    socket.set_nodelay(true).ok()?;
    let mut reader = BufReader::new(socket.try_clone().ok()?);
    loop {
        let mut first = String::new();
        if reader.read_line(&mut first).ok()? == 0 {
            return None;
        }
        let mut line = first.clone();
        while line.trim_end() != "" {
            line.clear();
            reader.read_line(&mut line).ok()?;
        }
        if first.contains("/stream") {
            return stream(&mut socket, content);
        }
        let mut body = if first.contains("/search/") { content.page.clone() } else { content.single.clone() };
        body.set_id(content.next_id.fetch_add(1, Ordering::Relaxed));
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\ndate: Thu, 26 Nov 2026 20:00:00 GMT\r\n\
             x-rate-limit-limit: 1000000\r\nx-rate-limit-remaining: 999999\r\nx-rate-limit-reset: 1795900000\r\n\
             content-length: {}\r\n\r\n",
            body.bytes.len()
        );
        socket.write_all(&[head.as_bytes(), &body.bytes].concat()).ok()?;
    }
}

/// Sends a stream and keeps the connection open after it.
fn stream(socket: &mut TcpStream, content: &Content) -> Option<()> {
    socket
        .write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n")
        .ok()?;
    let mut lines = content.lines.clone();
    let mut sent = 0;
    let mut chunk = Vec::new();
    while sent < content.streamed {
        let first = usize::try_from(sent).ok()? % TEXTS;
        chunk.clear();
        for line in &mut lines[first..first + CHUNK_POSTS] {
            line.set_id(content.next_id.fetch_add(1, Ordering::Relaxed));
            chunk.extend_from_slice(&line.bytes);
        }
        socket.write_all(format!("{:x}\r\n", chunk.len()).as_bytes()).ok()?;
        socket.write_all(&chunk).ok()?;
        socket.write_all(b"\r\n").ok()?;
        sent += CHUNK_POSTS as u64;
    }
    std::thread::sleep(std::time::Duration::from_secs(3_600));
    None
}
