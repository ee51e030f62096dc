//! One connection of a client to a live stream.

use chirrup_api::{Call, Endpoint};
use chirrup_model::{Dialect, Timestamp};
use serde_json::{Value as Json, json};
use tokio::sync::mpsc;

use super::chunk::StreamChunk;
use crate::access::identity::Identity;
use crate::random::random_token;
use crate::response::content::Content;

/// Number of lines that wait for a slow client before it is disconnected.
const QUEUE_CAPACITY: usize = 20_000;

/// Open connection to a live stream, as a test sees it.
#[derive(Debug)]
pub(crate) struct ConnectionState {
    pub(crate) id: String,
    pub(crate) endpoint: &'static str,
    pub(crate) app: i64,
    pub(crate) user: Option<u64>,
    pub(crate) since: Timestamp,
    pub(crate) sent: u64,
}

/// Connection to a live stream, open or closed.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) id: String,
    pub(super) endpoint: &'static Endpoint,
    pub(super) call: Call,
    pub(super) identity: Identity,
    pub(super) dialect: Dialect,
    opened: Timestamp,
    last_sent: Timestamp,
    /// Number of chunks that were sent.
    sent: u64,
    /// Time until which nothing is sent.
    pub(super) silent_until: Option<Timestamp>,
    /// Channel to the response body. `None` if the connection was closed.
    sender: Option<mpsc::Sender<StreamChunk>>,
    /// Time and reason of the disconnect.
    closed: Option<(Timestamp, &'static str)>,
}

impl Connection {
    /// Opens a connection. Returns it with the channel of its chunks.
    pub(super) fn open(
        call: &Call,
        identity: &Identity,
        dialect: Dialect,
        now: Timestamp,
    ) -> Option<(Self, mpsc::Receiver<StreamChunk>)> {
        let (sender, receiver) = mpsc::channel(QUEUE_CAPACITY);
        let connection = Self {
            id: random_token(16),
            endpoint: call.endpoint?,
            call: call.clone(),
            identity: identity.clone(),
            dialect,
            opened: now,
            last_sent: now,
            sent: 0,
            silent_until: None,
            sender: Some(sender),
            closed: None,
        };
        Some((connection, receiver))
    }

    /// Whether the connection is open at both ends.
    pub(super) fn is_open(&self) -> bool {
        self.sender.as_ref().is_some_and(|sender| !sender.is_closed())
    }

    /// Whether the sandbox has closed the connection, or noticed that the client did.
    pub(super) fn is_closed(&self) -> bool {
        self.sender.is_none()
    }

    /// Returns the time since the last chunk, in milliseconds.
    pub(super) fn idle_millis(&self, now: Timestamp) -> i64 {
        now.as_millis() - self.last_sent.as_millis()
    }

    /// Sends a chunk. What is sent during a silence is lost, but for the end of the connection.
    pub(super) fn send(&mut self, chunk: StreamChunk, now: Timestamp) {
        if self.silent_until.is_some_and(|until| until > now) && matches!(chunk, StreamChunk::Data(_)) {
            return;
        }
        self.last_sent = now;
        self.sent += 1;
        let result = self.sender.as_ref().map(|sender| sender.try_send(chunk));
        if let Some(Err(error)) = result {
            let reason = match error {
                mpsc::error::TrySendError::Full(_) => "SlowReader",
                mpsc::error::TrySendError::Closed(_) => "ClientDisconnected",
            };
            self.close(now, reason);
        }
    }

    /// Sends a line in the form of the wire.
    pub(super) fn send_event(&mut self, event: &Json, now: Timestamp) {
        self.send_line(event.clone().into(), now);
    }

    pub(super) fn send_line(&mut self, line: Content, now: Timestamp) {
        let mut line = line.into_text((!self.endpoint.is_v1()).then_some(self.dialect));
        line.extend_from_slice(b"\r\n");
        let message = match self.call.text("delimited") {
            Some("length") => [format!("{}\r\n", line.len()).as_bytes(), &line].concat(),
            _ => line,
        };
        self.send(StreamChunk::Data(message.into()), now);
    }

    pub(super) fn close(&mut self, now: Timestamp, reason: &'static str) {
        self.sender = None;
        self.closed.get_or_insert((now, reason));
    }

    /// Returns the name of the stream in X's list of connections; the ID of the endpoint if X has no name for it.
    pub(super) fn stream_name(&self) -> &str {
        self.endpoint.stream_name.map_or(self.endpoint.id, |name| name.as_str())
    }

    /// Returns the connection as a test sees it.
    pub(super) fn state(&self) -> ConnectionState {
        let (id, endpoint, since, sent) = (self.id.clone(), self.endpoint.id, self.opened, self.sent);
        ConnectionState { id, endpoint, app: self.identity.app, user: self.identity.user, since, sent }
    }

    /// Returns the entry of the connection in X's list of connections.
    pub(super) fn json(&self) -> Json {
        let mut json = json!({
            "id": self.id, "endpoint_name": self.stream_name(), "connected_at": self.opened, "client_ip": "127.0.0.1",
        });
        if let Some((at, reason)) = self.closed {
            json["disconnected_at"] = json!(at);
            json["disconnect_reason"] = reason.into();
        }
        json
    }
}
