//! Server before another one, which refuses requests and loses responses.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Fault of a request.
#[derive(Clone, Copy)]
pub(super) enum Fault {
    /// 503 with the code of a store that has too many requests.
    SlowDown,
    /// 500.
    Internal,
    /// The other server processes the request, and the connection ends without a response.
    LostResponse,
}

/// Server with faults. It ends with the test.
pub(super) struct FaultyServer {
    port: u16,
    faults: Arc<AtomicUsize>,
}

impl FaultyServer {
    /// Starts a server before the one at a port. The function chooses the faults by the number of the request.
    pub(super) fn start(to: u16, fault: fn(usize) -> Option<Fault>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (requests, faults) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let counted = Arc::clone(&faults);
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let (requests, faults) = (Arc::clone(&requests), Arc::clone(&counted));
                std::thread::spawn(move || {
                    let next = || fault(requests.fetch_add(1, Ordering::SeqCst));
                    // The client ends connections at any time.
                    let _ = connection.and_then(|connection| serve(connection, to, next, &faults));
                });
            }
        });
        Self { port, faults }
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Number of faults so far.
    pub(super) fn faults(&self) -> usize {
        self.faults.load(Ordering::SeqCst)
    }
}

/// Answers one request, and ends the connection.
fn serve(
    mut client: TcpStream,
    to: u16,
    fault: impl FnOnce() -> Option<Fault>,
    faults: &AtomicUsize,
) -> io::Result<()> {
    let mut reader = BufReader::new(client.try_clone()?);
    let (mut head, mut len) = (Vec::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        if line == "\r\n" {
            break;
        }
        if let Some((_, value)) = line.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("content-length")) {
            len = value.trim().parse().map_err(io::Error::other)?;
        }
        head.extend_from_slice(line.as_bytes());
    }
    let mut body = vec![0; len];
    reader.read_exact(&mut body)?;
    head.extend_from_slice(b"Connection: close\r\n\r\n");
    let fault = fault();
    faults.fetch_add(usize::from(fault.is_some()), Ordering::SeqCst);
    let refusal = match fault {
        Some(Fault::SlowDown) => Some(("503 Slow Down", "SlowDown")),
        Some(Fault::Internal) => Some(("500 Internal Server Error", "InternalError")),
        _ => None,
    };
    if let Some((status, code)) = refusal {
        let body = format!("<Error><Code>{code}</Code><Message>try again</Message></Error>");
        let len = body.len();
        return write!(client, "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {len}\r\n\r\n{body}");
    }
    let mut server = TcpStream::connect(("127.0.0.1", to))?;
    server.write_all(&head)?;
    server.write_all(&body)?;
    let mut response = Vec::new();
    server.read_to_end(&mut response)?;
    match fault {
        Some(_) => Ok(()),
        None => client.write_all(&response),
    }
}
