//! Live streams: who is connected, and what is sent to them.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use bytes::Bytes;
use chirrup_api::{Call, Endpoint, by_id};
use chirrup_auth::{AuthKind, Secret};
use chirrup_model::{Dialect, Timestamp};
use serde_json::{Value as Json, json};
use tokio::sync::mpsc;

use crate::api_error::ApiError;
use crate::auth::Identity;
use crate::bill::Bill;
use crate::handlers::RequestContext;
use crate::handlers::streams::{self, ParsedRules};
use crate::login::random;
use crate::webhook_delivery::{Challenge, Delivered, Delivery};
use crate::world::{PostRow, World};

/// How many lines wait for one who reads slowly, before they are cut off.
const QUEUE: usize = 20_000;
/// How often something is sent at least, in milliseconds.
const KEEP_ALIVE_MS: i64 = 20_000;
/// How many closed connections are remembered.
const REMEMBERED: usize = 200;

/// How much of what happened is kept, for windows of the past and replays.
const KEPT: usize = 10_000;

/// Something that is streamed and is no post.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    pub(crate) at: Timestamp,
    /// Which streams it belongs to.
    pub(crate) kind: &'static str,
    /// The app that it is for; all, if not given.
    pub(crate) app: Option<i64>,
    /// By which it belongs to a partition.
    pub(crate) key: u64,
    pub(crate) json: Json,
}

impl Record {
    /// Whether a call of a stream gets it.
    pub(crate) fn is_for(&self, call: &Call, identity: &Identity) -> bool {
        let (kind, one_of, partitions) = match call.endpoint.map_or("", |meta| meta.id) {
            "likes_firehose" => ("likes", 1, 20),
            "likes_sample10_stream" => ("likes", 10, 2),
            "posts_compliance_stream" => ("posts_compliance", 1, 4),
            "users_compliance_stream" => ("users_compliance", 1, 4),
            "likes_compliance_stream" => ("likes_compliance", 1, 1),
            "labels_stream" => ("labels", 1, 1),
            "activity_stream" => ("activity", 1, 1),
            "v1.filter" | "v1.sample" | "v1.firehose_statuses" | "v1.user_stream" | "v1.site_stream" => ("v1", 1, 1),
            _ => return false,
        };
        self.kind == kind
            && self.app.is_none_or(|app| app == identity.app)
            && streams::is_in(self.key, call.number("partition"), one_of, partitions)
    }
}

/// What goes into the body of a stream.
#[derive(Debug)]
pub(crate) enum Sent {
    Data(Bytes),
    /// The connection breaks.
    Cut,
}

/// How a stream is ended by the sandbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Disconnect {
    /// The body ends, as it should not.
    End,
    /// The connection breaks.
    Cut,
    /// A message says why, and then the body ends.
    Operational,
}

#[derive(Debug)]
struct Connection {
    id: String,
    meta: &'static Endpoint,
    call: Call,
    identity: Identity,
    dialect: Dialect,
    opened: Timestamp,
    last: Timestamp,
    sender: Option<mpsc::Sender<Sent>>,
    closed: Option<(Timestamp, &'static str)>,
}

impl Connection {
    fn is_open(&self) -> bool {
        self.sender.as_ref().is_some_and(|sender| !sender.is_closed())
    }

    fn send(&mut self, sent: Sent, now: Timestamp) {
        let full = self.sender.as_ref().map(|sender| sender.try_send(sent));
        self.last = now;
        if let Some(Err(why)) = full {
            let reason = match why {
                mpsc::error::TrySendError::Full(_) => "SlowReader",
                mpsc::error::TrySendError::Closed(_) => "ClientDisconnected",
            };
            self.close(now, reason);
        }
    }

    fn send_line(&mut self, line: &Json, now: Timestamp) {
        let line = format!("{line}\r\n");
        let whole = match self.call.text("delimited") {
            Some("length") => format!("{}\r\n{line}", line.len()),
            _ => line,
        };
        self.send(Sent::Data(whole.into()), now);
    }

    fn close(&mut self, now: Timestamp, reason: &'static str) {
        self.sender = None;
        self.closed.get_or_insert((now, reason));
    }

    /// What X calls the stream where it lists connections.
    fn name(&self) -> String {
        match self.meta.id.strip_prefix("firehose") {
            Some("") => "firehose_stream".to_owned(),
            Some(language) => format!("firehose_stream_lang{language}"),
            None => self.meta.id.to_owned(),
        }
    }

    fn json(&self) -> Json {
        let mut json = json!({
            "id": self.id, "endpoint_name": self.name(), "connected_at": self.opened, "client_ip": "127.0.0.1",
        });
        if let Some((at, reason)) = self.closed {
            json["disconnected_at"] = json!(at);
            json["disconnect_reason"] = reason.into();
        }
        json
    }
}

/// All live streams.
#[derive(Debug)]
pub(crate) struct Hub {
    connections: Vec<Connection>,
    /// The rules of each app, parsed, until they change.
    rules: HashMap<i64, Arc<ParsedRules>>,
    /// How many connections an app may have to each stream.
    pub(crate) most: usize,
    /// Whether nothing is sent for now, not even signs of life.
    pub(crate) silent: bool,
    /// What happened, for windows of the past.
    records: VecDeque<Record>,
    outbox: mpsc::Sender<Delivery>,
    delivered: VecDeque<Delivered>,
    /// What was sent to webhooks, and when, for replays.
    sent: VecDeque<(Timestamp, String, Bytes)>,
    /// A challenge that has to be sent before the answer goes out.
    pub(crate) challenge: Option<Challenge>,
}

impl Hub {
    pub(crate) fn new(outbox: mpsc::Sender<Delivery>) -> Self {
        Self {
            connections: Vec::new(),
            rules: HashMap::new(),
            most: 1,
            silent: false,
            records: VecDeque::new(),
            outbox,
            delivered: VecDeque::new(),
            sent: VecDeque::new(),
            challenge: None,
        }
    }

    /// Whether a call wants what is to come, and not a window of the past.
    pub(crate) fn is_live(call: &Call) -> bool {
        call.endpoint.is_some_and(|meta| meta.streaming)
            && call.get("start_time").is_none()
            && call.get("end_time").is_none()
    }

    /// Refuses one connection too many.
    pub(crate) fn admit(&mut self, call: &Call, identity: &Identity, now: Timestamp) -> Result<(), ApiError> {
        self.forget(now);
        let partition = call.number("partition");
        let same = |other: &&Connection| {
            other.is_open()
                && other.identity.app == identity.app
                && Some(other.meta) == call.endpoint
                && other.call.number("partition") == partition
        };
        if self.connections.iter().filter(same).count() < self.most {
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

    /// Opens a connection.
    pub(crate) fn open(
        &mut self,
        call: &Call,
        identity: &Identity,
        dialect: Dialect,
        now: Timestamp,
    ) -> Option<mpsc::Receiver<Sent>> {
        let (sender, receiver) = mpsc::channel(QUEUE);
        self.connections.push(Connection {
            id: random(16),
            meta: call.endpoint?,
            call: call.clone(),
            identity: identity.clone(),
            dialect,
            opened: now,
            last: now,
            sender: Some(sender),
            closed: None,
        });
        Some(receiver)
    }

    /// The rules of an app changed.
    pub(crate) fn rules_changed(&mut self, app: i64) {
        self.rules.remove(&app);
    }

    /// Sends a new post to all whom it concerns.
    pub(crate) fn publish(
        &mut self,
        world: &mut World,
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
            if let Some(mut line) = self.line(world, &connection.call, &connection.identity, &row, now) {
                bill.charge(&connection.call, connection.meta, None, &line, now);
                connection.dialect.rewrite(&mut line);
                if !self.silent {
                    connection.send_line(&line, now);
                }
            }
        }
        self.connections = connections;
        Ok(())
    }

    /// The line by which a stream delivers a post, if it does.
    fn line(
        &mut self,
        world: &mut World,
        call: &Call,
        identity: &Identity,
        row: &PostRow,
        now: Timestamp,
    ) -> Option<Json> {
        let known = self.rules.get(&identity.app).map(Arc::clone);
        let ctx = RequestContext { world, call, identity, now, hub: self };
        let rules = match known {
            Some(rules) => rules,
            None => Arc::new(streams::parsed_rules(&ctx).unwrap_or_default()),
        };
        let line = streams::line(&ctx, row, &rules).ok().flatten();
        self.rules.insert(identity.app, rules);
        line
    }

    /// The line by which the filtered stream of an app delivers a post to its webhook, if it does.
    pub(crate) fn linked(&mut self, world: &mut World, app: i64, row: &PostRow, now: Timestamp) -> Option<Json> {
        let call = Call::of(by_id("filtered_stream")?);
        let identity = Identity { app, kind: AuthKind::AppOnly, ..Identity::nobody() };
        self.line(world, &call, &identity, row, now)
    }

    /// Notes what happened, and sends it to all whom it concerns.
    pub(crate) fn record(&mut self, record: Record) {
        for connection in self.connections.iter_mut().filter(|connection| connection.is_open()) {
            if record.is_for(&connection.call, &connection.identity) && !self.silent {
                connection.send_line(&record.json, record.at);
            }
        }
        self.records.push_back(record);
        keep_latest(&mut self.records);
    }

    /// What happened between two moments that a call of a stream gets.
    pub(crate) fn records(&self, call: &Call, identity: &Identity, from: Timestamp, below: Timestamp) -> Vec<Json> {
        let between = self.records.iter().filter(|record| record.at >= from && record.at < below);
        between.filter(|record| record.is_for(call, identity)).map(|record| record.json.clone()).collect()
    }

    /// Sends a body to a webhook.
    pub(crate) fn deliver(&mut self, webhook: &str, url: &str, secret: Secret, body: Bytes, now: Timestamp) {
        self.sent.push_back((now, webhook.to_owned(), body.clone()));
        keep_latest(&mut self.sent);
        let delivery = Delivery { webhook: webhook.to_owned(), url: url.to_owned(), secret, body };
        if let Err(full) = self.outbox.try_send(delivery) {
            let (mpsc::error::TrySendError::Full(lost) | mpsc::error::TrySendError::Closed(lost)) = full;
            self.delivered(Delivered { webhook: lost.webhook, body: lost.body, status: None });
        }
    }

    /// What was sent to a webhook between two moments.
    pub(crate) fn sent_between(&self, webhook: &str, from: Timestamp, to: Timestamp) -> Vec<Bytes> {
        let fits = |(at, to_whom, _): &&(Timestamp, String, Bytes)| to_whom == webhook && *at >= from && *at < to;
        self.sent.iter().filter(fits).map(|(_, _, body)| body.clone()).collect()
    }

    /// Notes what came of a delivery.
    pub(crate) fn delivered(&mut self, delivered: Delivered) {
        self.delivered.push_back(delivered);
        keep_latest(&mut self.delivered);
    }

    pub(crate) fn deliveries(&self) -> Vec<Delivered> {
        self.delivered.iter().cloned().collect()
    }

    /// Sends an empty line to who has heard nothing for long.
    pub(crate) fn keep_alive(&mut self, now: Timestamp) {
        let silent = self.silent;
        for connection in self.connections.iter_mut().filter(|connection| connection.sender.is_some()) {
            if !connection.is_open() {
                connection.close(now, "ClientDisconnected");
            } else if !silent && now.as_millis() - connection.last.as_millis() >= KEEP_ALIVE_MS {
                connection.send(Sent::Data(Bytes::from_static(b"\r\n")), now);
            }
        }
    }

    /// Sends bytes as they are to all who are connected.
    pub(crate) fn send_raw(&mut self, bytes: &Bytes, now: Timestamp) {
        self.connections.iter_mut().for_each(|connection| connection.send(Sent::Data(bytes.clone()), now));
    }

    /// Ends all streams, and tells how many there were.
    pub(crate) fn disconnect(&mut self, how: Disconnect, now: Timestamp) -> usize {
        let mut count = 0;
        for connection in self.connections.iter_mut().filter(|connection| connection.is_open()) {
            count += 1;
            match how {
                Disconnect::End => {}
                Disconnect::Cut => connection.send(Sent::Cut, now),
                Disconnect::Operational => {
                    let message = json!({"errors": [{
                        "title": "operational-disconnect", "disconnect_type": "UpstreamOperationalDisconnect",
                        "detail": "This stream has been disconnected upstream for operational reasons.",
                        "type": "https://api.twitter.com/2/problems/operational-disconnect",
                    }]});
                    connection.send(Sent::Data(format!("{message}\r\n").into()), now);
                }
            }
            connection.close(now, "OperationalDisconnect");
        }
        count
    }

    /// Closes those connections of an app that are wanted, and tells of each.
    pub(crate) fn close(&mut self, app: i64, now: Timestamp, wanted: impl Fn(&str, &str) -> bool) -> Vec<String> {
        let mut closed = Vec::new();
        for connection in self.connections.iter_mut().filter(|c| c.identity.app == app && c.sender.is_some()) {
            if wanted(&connection.id, &connection.name()) {
                connection.close(now, "ClosedByClient");
                closed.push(connection.id.clone());
            }
        }
        closed
    }

    /// The connections of an app, the newest first.
    pub(crate) fn list(&self, app: i64) -> Vec<Json> {
        let own = self.connections.iter().rev().filter(|connection| connection.identity.app == app);
        own.map(Connection::json).collect()
    }

    /// How many are open.
    pub(crate) fn open_count(&self) -> usize {
        self.connections.iter().filter(|connection| connection.is_open()).count()
    }

    fn forget(&mut self, now: Timestamp) {
        self.keep_alive(now);
        let over = self.connections.len().saturating_sub(REMEMBERED);
        let mut left = over;
        self.connections.retain(|connection| {
            let goes = left > 0 && connection.sender.is_none();
            left -= usize::from(goes);
            !goes
        });
    }
}

/// Forgets the oldest beyond what is kept.
fn keep_latest<T>(list: &mut VecDeque<T>) {
    list.drain(..list.len().saturating_sub(KEPT));
}
