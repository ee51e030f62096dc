//! Server that answers each request as a script says, for responses that the sandbox never sends.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// Requests that a server received: the first line of each.
pub(crate) type Requests = Arc<Mutex<Vec<String>>>;

/// Returns a response with this status and body.
pub(crate) fn response(status: u16, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status} Status\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\
         connection: close\r\n\r\n{body}"
    )
}

/// Starts a server. `script` returns the response to a request line and its number, counted from 0. Returns the
/// environment of a program that uses the server, and the request lines.
pub(crate) fn scripted(
    script: impl Fn(&str, usize) -> String + Send + 'static,
) -> (Vec<(&'static str, String)>, Requests) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let requests = Requests::default();
    let received = Arc::clone(&requests);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A client that closes the connection early ends only its own exchange.
            let _ = answer(stream, &script, &received);
        }
    });
    (vec![("X_BEARER_TOKEN", "bearer".to_owned()), ("CHIRRUP_BASE_URL", url)], requests)
}

fn answer(stream: TcpStream, script: &impl Fn(&str, usize) -> String, received: &Requests) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut line, mut length) = (String::new(), 0);
    reader.read_line(&mut line)?;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        if let Some(value) = header.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        if header.trim().is_empty() {
            break;
        }
    }
    reader.read_exact(&mut vec![0; length])?;
    let number = {
        let mut received = received.lock().unwrap();
        received.push(line.trim().to_owned());
        received.len() - 1
    };
    (&stream).write_all(script(line.trim(), number).as_bytes())
}
