//! Hub of live streams and webhooks: open connections, and the events that go to them.

use std::collections::{HashMap, VecDeque};

use bytes::Bytes;
use chirrup_api::v2::streams::FilteredStream;
use chirrup_api::{Call, Endpoint};
use chirrup_auth::AuthKind;
use chirrup_model::{Dialect, Timestamp};
use serde_json::{Value as Json, json};
use tokio::sync::{mpsc, watch};

use super::chunk::StreamChunk;
use super::connection::{Connection, ConnectionState};
use super::event::StreamEvent;
use super::reader::StreamReader;
use super::rules::ParsedRules;

use super::webhook_delivery::{CrcCheck, QueuedDelivery, WebhookDelivery};
use crate::access::bill::Bill;
use crate::access::identity::Identity;
use crate::response::api_error::ApiError;
use crate::response::content::Content;
use crate::response::viewer::Viewer;
use crate::world::{AppSecrets, PostRow, World};

/// Time in milliseconds after which an idle stream gets a keep-alive.
const KEEP_ALIVE_MS: i64 = 20_000;
/// Number of closed connections that the list of connections still shows.
const MAX_CLOSED: usize = 200;
/// Number of events and deliveries that are kept for backfill and replays.
const MAX_HISTORY: usize = 10_000;

/// Way in which the sandbox ends live streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Disconnect {
    /// Ends the body properly, without a message.
    End,
    /// Closes the connection in the middle of the body.
    Abort,
    /// Sends an `operational-disconnect` message, as X does, and ends the body.
    Operational,
}

/// Request that was sent to a webhook, for replays.
#[derive(Debug)]
struct PastDelivery {
    at: Timestamp,
    webhook: String,
    body: Bytes,
}

/// Open connections, and the events and deliveries of the past.
#[derive(Debug)]
pub(crate) struct Hub {
    connections: Vec<Connection>,
    /// Parsed stream rules by app, until they change.
    rules: HashMap<i64, ParsedRules>,
    /// Number of connections that an app may have to each stream.
    pub(crate) max_connections: usize,
    /// Whether nothing is sent over live streams, not even keep-alives.
    pub(crate) silent: bool,
    /// Past events, for backfill.
    events: VecDeque<StreamEvent>,
    delivery_queue: mpsc::Sender<QueuedDelivery>,
    /// Requests to webhooks with their outcomes, for tests.
    webhook_deliveries: VecDeque<WebhookDelivery>,
    /// Number of the latest delivery.
    delivered: watch::Sender<u64>,
    past_deliveries: VecDeque<PastDelivery>,
    /// CRC check that has to be sent before the response to the current call.
    pub(crate) pending_crc_check: Option<CrcCheck>,
}

impl Hub {
    pub(crate) fn new(delivery_queue: mpsc::Sender<QueuedDelivery>) -> Self {
        Self {
            connections: Vec::new(),
            rules: HashMap::new(),
            max_connections: 1,
            silent: false,
            events: VecDeque::new(),
            delivery_queue,
            webhook_deliveries: VecDeque::new(),
            delivered: watch::Sender::new(0),
            past_deliveries: VecDeque::new(),
            pending_crc_check: None,
        }
    }

    /// Returns the queue of requests to webhooks, for the hub of another world.
    pub(crate) fn delivery_queue(&self) -> mpsc::Sender<QueuedDelivery> {
        self.delivery_queue.clone()
    }

    /// Whether a call opens a live stream, rather than read a historical window.
    pub(crate) fn is_live(call: &Call) -> bool {
        call.endpoint.is_some_and(|endpoint| endpoint.streaming)
            && call.get("start_time").is_none()
            && call.get("end_time").is_none()
    }

    /// Checks that the app may open another connection to a stream.
    ///
    /// # Errors
    /// With 429 `TooManyConnections` if it has too many.
    pub(crate) fn check_connection_limit(
        &mut self,
        call: &Call,
        identity: &Identity,
        now: Timestamp,
    ) -> Result<(), ApiError> {
        self.remove_old(now);
        let partition = call.number("partition");
        let same = |other: &&Connection| {
            other.is_open()
                && other.identity.app == identity.app
                && Some(other.endpoint) == call.endpoint
                && other.call.number("partition") == partition
        };
        if self.connections.iter().filter(same).count() < self.max_connections {
            return Ok(());
        }
        let body = json!({
            "title": "ConnectionException",
            "detail": "This stream is currently at the maximum allowed connection limit.",
            "connection_issue": "TooManyConnections",
            "type": "https://api.twitter.com/2/problems/streaming-connection",
        });
        Err(ApiError { status: 429, body, before_routing: false })
    }

    /// Whether an app may have no further connection to a stream, if it has all that are open.
    pub(crate) fn is_full(&self, endpoint: &Endpoint) -> bool {
        let same = |other: &&Connection| other.is_open() && other.endpoint.id == endpoint.id;
        self.connections.iter().filter(same).count() >= self.max_connections
    }

    /// Opens a connection. Returns the channel with its chunks.
    pub(crate) fn open(
        &mut self,
        call: &Call,
        identity: &Identity,
        dialect: Dialect,
        now: Timestamp,
    ) -> Option<mpsc::Receiver<StreamChunk>> {
        let (connection, receiver) = Connection::open(call, identity, dialect, now)?;
        self.connections.push(connection);
        Some(receiver)
    }

    /// Discards the parsed rules of an app, because they have changed.
    pub(crate) fn invalidate_rules(&mut self, app: i64) {
        self.rules.remove(&app);
    }

    /// Discards the parsed rules of all apps, because the content of the world was replaced.
    pub(crate) fn forget_rules(&mut self) {
        self.rules.clear();
    }

    /// Sends a new post to all streams that deliver it.
    pub(crate) fn publish_post(
        &mut self,
        world: &World,
        bill: &mut Bill,
        post: u64,
        now: Timestamp,
    ) -> rusqlite::Result<()> {
        if !self.connections.iter().any(Connection::is_open) {
            return Ok(());
        }
        let Some(row) = world.post(post)? else { return Ok(()) };
        let mut connections = std::mem::take(&mut self.connections);
        for connection in connections.iter_mut().filter(|connection| connection.is_open()) {
            let dialect = connection.dialect;
            if let Some(line) = self.post_line(world, &connection.call, &connection.identity, dialect, &row, now) {
                bill.charge(&connection.call, connection.endpoint, None, &line, now);
                if !self.silent {
                    connection.send_line(line, now);
                }
            }
        }
        self.connections = connections;
        Ok(())
    }

    /// Returns the line in which the stream of a call delivers a post, or `None` if it does not.
    fn post_line(
        &mut self,
        world: &World,
        call: &Call,
        identity: &Identity,
        dialect: Dialect,
        row: &PostRow,
        now: Timestamp,
    ) -> Option<Content> {
        let rules = self
            .rules
            .entry(identity.app)
            .or_insert_with(|| ParsedRules::of_app(world, identity.app).unwrap_or_default());
        let viewer = Viewer { user: identity.user, now, dialect };
        StreamReader { world, call, viewer, rules }.line(row).ok().flatten()
    }

    /// Returns the line in which the filtered stream of an app delivers a post to a webhook, or `None` if it does not.
    pub(crate) fn webhook_line(&mut self, world: &World, app: i64, row: &PostRow, now: Timestamp) -> Option<Bytes> {
        let call = Call::of(FilteredStream::ENDPOINT);
        let identity = Identity { app, kind: AuthKind::AppOnly, ..Identity::anonymous() };
        let line = self.post_line(world, &call, &identity, Dialect::Tweet, row, now)?;
        Some(line.into_text(Some(Dialect::Tweet)).into())
    }

    /// Sends an event to all streams that deliver it, and keeps it for backfill.
    pub(crate) fn send_event(&mut self, event: StreamEvent) {
        for connection in self.connections.iter_mut().filter(|connection| connection.is_open()) {
            if event.is_for(&connection.call, &connection.identity) && !self.silent {
                connection.send_event(&event.json, event.at);
            }
        }
        push_to_history(&mut self.events, event);
    }

    /// Returns the events from `from` until before `below` that the stream of a call delivers.
    pub(crate) fn events_between(
        &self,
        call: &Call,
        identity: &Identity,
        from: Timestamp,
        below: Timestamp,
    ) -> Vec<Json> {
        let between = self.events.iter().filter(|event| event.at >= from && event.at < below);
        between.filter(|event| event.is_for(call, identity)).map(|event| event.json.clone()).collect()
    }

    /// Queues a request to a webhook.
    pub(crate) fn deliver(&mut self, webhook: &str, url: &str, secrets: AppSecrets, body: Bytes, now: Timestamp) {
        let past = PastDelivery { at: now, webhook: webhook.to_owned(), body: body.clone() };
        push_to_history(&mut self.past_deliveries, past);
        let delivery = QueuedDelivery { webhook: webhook.to_owned(), url: url.to_owned(), secrets, body };
        if let Err(error) = self.delivery_queue.try_send(delivery) {
            let (mpsc::error::TrySendError::Full(lost) | mpsc::error::TrySendError::Closed(lost)) = error;
            self.record_delivery(WebhookDelivery {
                number: 0,
                at: now,
                webhook: lost.webhook,
                body: lost.body,
                status: None,
            });
        }
    }

    /// Returns the bodies that were sent to a webhook from `from` until before `below`.
    pub(crate) fn deliveries_between(&self, webhook: &str, from: Timestamp, below: Timestamp) -> Vec<Bytes> {
        let between = self.past_deliveries.iter().filter(|past| past.at >= from && past.at < below);
        between.filter(|past| past.webhook == webhook).map(|past| past.body.clone()).collect()
    }

    /// Records the outcome of a delivery and gives it its number.
    pub(crate) fn record_delivery(&mut self, mut delivery: WebhookDelivery) {
        delivery.number = *self.delivered.borrow() + 1;
        self.delivered.send_replace(delivery.number);
        push_to_history(&mut self.webhook_deliveries, delivery);
    }

    /// Returns a receiver of the number of the latest delivery.
    pub(crate) fn subscribe_to_deliveries(&self) -> watch::Receiver<u64> {
        self.delivered.subscribe()
    }

    pub(crate) fn webhook_deliveries(&self) -> Vec<WebhookDelivery> {
        self.webhook_deliveries.iter().cloned().collect()
    }

    /// Sends keep-alives to idle streams, and notices the clients that have left.
    pub(crate) fn send_keep_alives(&mut self, now: Timestamp) {
        for connection in self.connections.iter_mut().filter(|connection| !connection.is_closed()) {
            if !connection.is_open() {
                connection.close(now, "ClientDisconnected");
            } else if !self.silent && connection.idle_millis(now) >= KEEP_ALIVE_MS {
                connection.send(StreamChunk::Data(Bytes::from_static(b"\r\n")), now);
            }
        }
    }

    /// Sends bytes to all live streams.
    pub(crate) fn send_raw(&mut self, bytes: &Bytes, now: Timestamp) {
        self.connections.iter_mut().for_each(|connection| connection.send(StreamChunk::Data(bytes.clone()), now));
    }

    /// Ends all live streams. Returns the number of streams that were open.
    pub(crate) fn disconnect(&mut self, how: Disconnect, now: Timestamp) -> usize {
        self.disconnect_selected(how, now, |_| true)
    }

    /// Ends the live streams whose ID is selected. Returns the number of streams that were open.
    pub(crate) fn disconnect_selected(
        &mut self,
        how: Disconnect,
        now: Timestamp,
        selects: impl Fn(&str) -> bool,
    ) -> usize {
        let open = self.connections.iter_mut().filter(|connection| connection.is_open() && selects(&connection.id));
        let mut count = 0;
        for connection in open {
            count += 1;
            match how {
                Disconnect::End => {}
                Disconnect::Abort => connection.send(StreamChunk::Abort, now),
                Disconnect::Operational => {
                    let message = json!({"errors": [{
                        "title": "operational-disconnect", "disconnect_type": "UpstreamOperationalDisconnect",
                        "detail": "This stream has been disconnected upstream for operational reasons.",
                        "type": "https://api.twitter.com/2/problems/operational-disconnect",
                    }]});
                    connection.send(StreamChunk::Data(format!("{message}\r\n").into()), now);
                }
            }
            connection.close(now, "OperationalDisconnect");
        }
        count
    }

    /// Closes the connections of an app whose ID and stream name `selects` accepts. Returns their IDs.
    pub(crate) fn close_connections(
        &mut self,
        app: i64,
        now: Timestamp,
        selects: impl Fn(&str, &str) -> bool,
    ) -> Vec<String> {
        let mut closed = Vec::new();
        for connection in self.connections.iter_mut().filter(|c| c.identity.app == app && !c.is_closed()) {
            if selects(&connection.id, connection.stream_name()) {
                connection.close(now, "ClosedByClient");
                closed.push(connection.id.clone());
            }
        }
        closed
    }

    /// Returns the connections of an app, newest first.
    pub(crate) fn connections_of(&self, app: i64) -> Vec<Json> {
        let connections = self.connections.iter().rev().filter(|connection| connection.identity.app == app);
        connections.map(Connection::json).collect()
    }

    /// Returns the open connections of all apps, oldest first.
    pub(crate) fn open_connections(&self) -> Vec<ConnectionState> {
        self.connections.iter().filter(|connection| connection.is_open()).map(Connection::state).collect()
    }

    /// Sends nothing over the selected streams until a time. Returns the number of streams.
    pub(crate) fn silence(&mut self, until: Timestamp, selects: impl Fn(&str) -> bool) -> usize {
        let open = self.connections.iter_mut().filter(|connection| connection.is_open() && selects(&connection.id));
        open.map(|connection| connection.silent_until = Some(until)).count()
    }

    /// Returns the number of open connections.
    pub(crate) fn open_count(&self) -> usize {
        self.connections.iter().filter(|connection| connection.is_open()).count()
    }

    /// Removes the oldest closed connections.
    fn remove_old(&mut self, now: Timestamp) {
        self.send_keep_alives(now);
        let mut excess = self.connections.len().saturating_sub(MAX_CLOSED);
        self.connections.retain(|connection| {
            let remove = excess > 0 && connection.is_closed();
            excess -= usize::from(remove);
            !remove
        });
    }
}

/// Appends an entry to a history and removes the oldest beyond its capacity.
fn push_to_history<T>(history: &mut VecDeque<T>, entry: T) {
    history.push_back(entry);
    history.drain(..history.len().saturating_sub(MAX_HISTORY));
}
