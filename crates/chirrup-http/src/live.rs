//! Connections of live streams: reading, reconnecting, and the queue in front of a slow reader.

mod backoff;
mod gunzip;
mod input;
mod queue;
mod rate_monitor;
mod spill;
mod watchdog;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chirrup_api::internal::{Frame, post_id};
use chirrup_api::{
    Alert, ErrorKind, Gap, LiveSettings, RawEvent, RawLiveStream, RawResponse, Reason, Request, TransportError,
    TransportErrorKind,
};
use chirrup_model::{PostId, Timestamp};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::ledger::billed_items::ItemIds;
use crate::ledger::stream_lines::{ConnectionState, OpenStream};
use crate::pipeline::Pipeline;
use crate::wire::StreamResponse;
use backoff::{Backoff, DisconnectCause};
use input::{Input, InputEnd};
use queue::Queue;
use rate_monitor::RateMonitor;

/// Age of a connection, in milliseconds, from which its backfill is certainly complete.
const MAX_BACKFILL_MS: i64 = 120_000;
/// Longest gap that X fills by backfill.
const MAX_BACKFILL_GAP: Duration = Duration::from_secs(300);
/// Smallest difference of the clocks, in milliseconds, for which the server's time is used.
const MIN_SKEW_MS: i64 = 2_000;
/// Interval between two checkpoints.
const CHECKPOINT_INTERVAL: Duration = Duration::from_secs(1);
/// Longest wait for the end of the connection that a new one replaces.
const REPLACEMENT_TIMEOUT: Duration = Duration::from_secs(5);

/// Opens a stream in a task of its own, which ends when the returned stream is dropped.
pub(crate) fn open_live_stream(transport: Arc<Pipeline>, request: Request, settings: LiveSettings) -> RawLiveStream {
    let queue = Queue::new(settings.queue, settings.overflow, settings.metrics.clone());
    let has_backfill = request.endpoint().is_some_and(|endpoint| endpoint.param("backfill_minutes").is_some());
    let reader = Reader {
        backoff: Backoff::default(),
        rate_monitor: RateMonitor::default(),
        backfill: settings.backfill && has_backfill,
        is_billed: request.endpoint().is_some_and(|endpoint| transport.ledger.counts(endpoint)),
        may_evict: true,
        complete_until: settings.since,
        latest: None,
        last_checkpoint: None,
        last_refusal: None,
        transport,
        request,
        settings,
        queue: queue.clone(),
    };
    tokio::spawn(reader.run());
    Box::pin(queue.into_stream())
}

struct Reader {
    transport: Arc<Pipeline>,
    request: Request,
    settings: LiveSettings,
    queue: Queue,
    backoff: Backoff,
    rate_monitor: RateMonitor,
    /// Whether the ledger records each line.
    is_billed: bool,
    backfill: bool,
    /// Whether the server may be asked to close other connections: once before each successful connection.
    may_evict: bool,
    /// Time until which everything is known to have arrived. `None` before the first connection.
    complete_until: Option<Timestamp>,
    /// The last frame since `complete_until` was updated, and the time of its arrival.
    latest: Option<(Frame, Timestamp)>,
    last_checkpoint: Option<Timestamp>,
    /// Response to the last attempt to connect, if the server refused it.
    last_refusal: Option<RawResponse>,
}

/// State of one connection. Backfill may still be arriving; the server does not mark its end.
struct Connection {
    opened: Timestamp,
    /// Smallest ID of a post that was written after the connection was opened.
    first_new_id: u64,
    /// Whether the backfill is complete: a newer post has arrived, or a keep-alive, which is sent only when nothing else
    /// is waiting.
    caught_up: bool,
}

impl Connection {
    fn observe(&mut self, frame: &Frame, now: Timestamp) {
        if !self.caught_up {
            self.caught_up = match frame {
                Frame::KeepAlive => true,
                Frame::Line(line) => post_id(&line.bytes).is_some_and(|id| id >= self.first_new_id),
                Frame::TooLong(_) => false,
            } || now.as_millis() - self.opened.as_millis() > MAX_BACKFILL_MS;
        }
    }
}

/// Reason why a connection ended.
enum ConnectionEnd {
    /// It was lost, or not established. The reader reconnects after a wait.
    Disconnected(DisconnectCause, Reason),
    /// The server refused it.
    Refused(RawResponse),
    /// It cannot be established.
    Failed(TransportError),
    /// The stream was stopped or dropped.
    Stopped,
}

impl ConnectionEnd {
    fn broken(why: impl Into<String>) -> Self {
        Self::Disconnected(DisconnectCause::Network, Reason::Broken(why.into()))
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.settings.closed.stop();
    }
}

impl Reader {
    async fn run(mut self) {
        if let Some(previous) = self.settings.after.take() {
            // The task of the previous connection may have been dropped without a signal.
            let _ = tokio::time::timeout(REPLACEMENT_TIMEOUT, previous.stopped()).await;
        }
        loop {
            if !self.queue.push(RawEvent::Connecting) {
                return;
            }
            self.last_refusal = None;
            let end = self.connect().await;
            self.send_checkpoint(Duration::ZERO);
            let (cause, reason) = match end {
                // The server has sent all of a historical window.
                ConnectionEnd::Disconnected(_, Reason::Closed) if self.settings.ends => return self.queue.end(None),
                ConnectionEnd::Disconnected(cause, reason) => (cause, reason),
                ConnectionEnd::Refused(response) => return self.queue.end(Some(RawEvent::Ended(Ok(response)))),
                ConnectionEnd::Failed(error) => return self.queue.end(Some(RawEvent::Ended(Err(error)))),
                ConnectionEnd::Stopped => return self.queue.end(None),
            };
            self.settings.metrics.record_disconnect(&reason);
            let (wait, reached_longest) = self.backoff.next_wait(cause, &*self.transport.clock);
            let wait = wait.max(self.settings.least_wait);
            if reached_longest {
                self.queue.push(RawEvent::Alert(Alert::LongestWait(wait)));
            }
            if self.settings.attempts.is_some_and(|max| self.backoff.failures() >= max) {
                let message = format!("{} connection attempts in a row failed: {reason}", self.backoff.failures());
                let error = TransportError::new(TransportErrorKind::ConnectionLost, message)
                    .after_refusal(self.last_refusal.take());
                return self.queue.end(Some(RawEvent::Ended(Err(error))));
            }
            let until = self.transport.clock.now().plus_millis(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX));
            tracing::info!(?wait, %reason, "reconnect after a wait");
            if !self.queue.push(RawEvent::ReconnectWait(wait, until, reason)) {
                return;
            }
            tokio::select! {
                () = self.transport.clock.sleep(wait) => {}
                () = self.queue.stopped(&self.settings.stop_handle) => return self.queue.end(None),
            }
        }
    }

    /// Returns the time of the server, in which it interprets requests for past posts. After this machine has slept it may
    /// lag behind, which makes a gap longer and never shorter.
    fn server_now(&self) -> Timestamp {
        self.transport.server_clock.now(&*self.transport.clock)
    }

    /// Returns the time at which a connection was opened, by the clock of the server.
    fn opened_at(&self, date: Option<Timestamp>) -> Timestamp {
        let local = self.transport.clock.now();
        match date {
            Some(date) if (date.as_millis() - local.as_millis()).abs() > MIN_SKEW_MS => date.plus_millis(1_000),
            _ => local,
        }
    }

    /// Sends a checkpoint if the last one is at least this old.
    fn send_checkpoint(&mut self, min_age: Duration) {
        let Some(now) = self.latest.as_ref().map(|(_, at)| *at) else { return };
        let age = self.last_checkpoint.map_or(i64::MAX, |last| now.as_millis() - last.as_millis());
        if u64::try_from(age).is_ok_and(|age| u128::from(age) < min_age.as_millis()) {
            return;
        }
        self.last_checkpoint = Some(now);
        if let Some(until) = self.update_complete_until() {
            self.queue.push(RawEvent::Checkpoint(until));
        }
    }

    /// Updates and returns the time until which everything has arrived: the arrival of a keep-alive, or the creation of
    /// the last post, since posts written after it may still be on their way.
    fn update_complete_until(&mut self) -> Option<Timestamp> {
        if let Some((frame, at)) = self.latest.take() {
            let written = frame.line().and_then(post_id).map(|id| PostId::new(id).timestamp());
            let until = written.map_or(at, |written| written.min(at));
            self.complete_until = self.complete_until.map(|earlier| earlier.max(until));
        }
        self.complete_until
    }

    /// Returns the `backfill_minutes` with which to reconnect, or `None` if backfill cannot fill the gap.
    fn backfill_minutes(&self, gap: Duration) -> Option<u64> {
        let wanted = self.backfill && self.complete_until.is_some() && gap <= MAX_BACKFILL_GAP;
        wanted.then(|| (gap.as_secs().div_ceil(60) + 1).min(5))
    }

    fn request(&self, backfill_minutes: Option<u64>) -> Result<Request, TransportError> {
        let Some(minutes) = backfill_minutes else { return Ok(self.request.clone()) };
        self.request
            .with_query_param("backfill_minutes", minutes.into())
            .map_err(|error| TransportError::new(TransportErrorKind::Configuration, error.to_string()).because(error))
    }

    async fn connect(&mut self) -> ConnectionEnd {
        let from = self.update_complete_until();
        let now = self.server_now().max(self.transport.clock.now());
        let gap_ms = from.map_or(0, |from| (now.as_millis() - from.as_millis()).max(0));
        let minutes = self.backfill_minutes(Duration::from_millis(gap_ms.unsigned_abs()));
        let reserved = match self.reserve().await {
            Ok(reserved) => reserved,
            Err(error) => return ConnectionEnd::Failed(error),
        };
        let end = self.connect_reserved(from, minutes).await;
        if let Some(reserved) = reserved {
            reserved.close(self.transport.billing_now()).await;
        }
        end
    }

    /// Connects and reads, while the cost of the next items is reserved.
    async fn connect_reserved(&mut self, from: Option<Timestamp>, minutes: Option<u64>) -> ConnectionEnd {
        let request = match self.request(minutes) {
            Ok(request) => request,
            Err(error) => return ConnectionEnd::Failed(error),
        };
        let opened = tokio::select! {
            opened = self.transport.open_stream(request, self.settings.gzip) => opened,
            () = self.queue.stopped(&self.settings.stop_handle) => return ConnectionEnd::Stopped,
        };
        let response = match opened {
            Ok(Ok(response)) => response,
            Ok(Err(refusal)) if minutes.is_some() && matches!(refusal.status.as_u16(), 400 | 403) => {
                // This access level has no backfill. From now on gaps are filled in other ways, or reported as lost.
                self.backfill = false;
                return ConnectionEnd::Disconnected(DisconnectCause::Network, Reason::NoBackfill);
            }
            Ok(Err(refusal)) => return self.classify_refusal(refusal).await,
            Err(error) => return classify_failure(error),
        };
        let to = self.opened_at(response.head.date());
        let gap = from.map(|from| Gap::new(from, to).backfilled(minutes.is_some()));
        self.settings.metrics.add_connections(1);
        if !self.queue.push(RawEvent::Live(gap)) {
            return ConnectionEnd::Stopped;
        }
        self.complete_until.get_or_insert(to);
        self.rate_monitor.reset();
        // The first connection has no backfill.
        let connection = Connection { opened: to, first_new_id: to.first_snowflake(), caught_up: from.is_none() };
        self.read(response, connection).await
    }

    async fn read(&mut self, response: StreamResponse, mut connection: Connection) -> ConnectionEnd {
        let mut input = Input::new(response, &self.settings, Arc::clone(&self.transport.clock));
        let mut frames = Vec::new();
        let mut input_end = None;
        let mut had_lines = false;
        let has_budget = self.is_billed && self.transport.ledger.max_unrecorded_lines().is_some();
        let end = loop {
            if frames.is_empty() {
                if let Some(end) = &input_end {
                    break self.connection_end(end);
                }
                tokio::select! {
                    biased;
                    end = input.receive(&mut frames) => input_end = end,
                    () = self.queue.stopped(&self.settings.stop_handle) => break ConnectionEnd::Stopped,
                }
                // With a budget, each line is recorded before the next one is read.
                if input_end.is_none() && !has_budget {
                    input_end = input.receive_ready(&mut frames).await;
                }
            }
            let (now, arrived) = (self.server_now(), self.transport.clock.elapsed());
            if frames.iter().any(is_from_stream) {
                self.backoff.reset();
                self.may_evict = true;
            }
            frames.iter().for_each(|frame| connection.observe(frame, now));
            let disconnect =
                frames.iter().position(|frame| matches!(frame, Frame::Line(line) if is_disconnect(&line.bytes)));
            // X may keep the connection open after the message, so the client closes it.
            frames.truncate(disconnect.map_or(frames.len(), |at| at + 1));
            had_lines |= frames.iter().any(|frame| matches!(frame, Frame::Line(_))) && disconnect != Some(0);
            let mut ahead = Vec::new();
            let settled = self.settle(&mut frames, &mut input, &mut ahead, &mut input_end).await;
            let lines = frames.iter().filter(|frame| frame.line().is_some()).count() as u64;
            if connection.caught_up && disconnect.is_none() {
                self.latest = frames.last().map(|frame| (frame.clone(), now)).or(self.latest.take());
            }
            let is_read = self.queue.push_frames(&mut frames).await;
            frames = ahead;
            if !is_read {
                break ConnectionEnd::Stopped;
            }
            self.send_checkpoint(CHECKPOINT_INTERVAL);
            // The rate of backfilled lines says nothing about the rate of new ones.
            let lines = if connection.caught_up { lines } else { 0 };
            if let Some((now, before)) = self.rate_monitor.record(lines, arrived) {
                self.queue.push(RawEvent::Alert(Alert::RateChange { now, before }));
            }
            if let Err(error) = settled {
                break ConnectionEnd::Failed(error);
            }
            if disconnect.is_some() {
                let cause = if had_lines { DisconnectCause::Network } else { DisconnectCause::Server };
                break ConnectionEnd::Disconnected(cause, Reason::Disconnected);
            }
        };
        if has_budget {
            let has_ended = matches!(input_end, Some(InputEnd::Closed));
            let connection = if has_ended { ConnectionState::Ended } else { ConnectionState::Aborted };
            input.receive_last(&mut frames).await;
            // An error would be that of the reservation, which is over.
            let _ = self.record(&mut frames, connection).await;
            self.queue.push_frames(&mut frames).await;
        }
        // The old connection has to be closed before a new one is opened, since X limits their number.
        input.close().await;
        end
    }

    fn connection_end(&self, end: &InputEnd) -> ConnectionEnd {
        let reason = match end {
            InputEnd::Silent => Reason::Silent(self.settings.watchdog),
            InputEnd::Closed => Reason::Closed,
            InputEnd::Lost => return ConnectionEnd::broken("connection lost"),
            InputEnd::InvalidGzip => return ConnectionEnd::broken("invalid gzip data"),
            InputEnd::TooFast => return ConnectionEnd::broken("the ledger is slower than the stream"),
        };
        ConnectionEnd::Disconnected(DisconnectCause::Network, reason)
    }

    /// Reserves the cost of the first items of a connection.
    async fn reserve(&self) -> Result<Option<OpenStream>, TransportError> {
        if !self.is_billed {
            return Ok(None);
        }
        self.transport.ledger.open_stream(&self.request, self.transport.billing_now()).await
    }

    /// Records the cost of frames, and reads ahead meanwhile with a budget: the server bills what it sends, and the
    /// connection is closed if that is more than is reserved.
    async fn settle(
        &self,
        frames: &mut [Frame],
        input: &mut Input,
        ahead: &mut Vec<Frame>,
        input_end: &mut Option<InputEnd>,
    ) -> Result<(), TransportError> {
        let recorded = self.record(frames, ConnectionState::Open);
        let Some(max) = self.transport.ledger.max_unrecorded_lines().filter(|_| self.is_billed) else {
            return recorded.await;
        };
        tokio::pin!(recorded);
        loop {
            tokio::select! {
                biased;
                recorded = &mut recorded => return recorded,
                end = input.receive(ahead), if input_end.is_none() => *input_end = end,
            }
            if ahead.len() > max && input_end.is_none() {
                input.receive_last(ahead).await;
                *input_end = Some(InputEnd::TooFast);
            }
        }
    }

    /// Records the cost of frames in the ledger, and notes the IDs that it finds for this.
    async fn record(&self, frames: &mut [Frame], connection: ConnectionState) -> Result<(), TransportError> {
        if !self.is_billed {
            return Ok(());
        }
        let (ledger, now) = (&self.transport.ledger, self.transport.billing_now());
        let (mut lines, mut ids) = (0, ItemIds::default());
        for line in frames.iter_mut().filter_map(Frame::line_mut) {
            line.id = ids.add_line(&line.bytes);
            lines += 1;
        }
        let is_due = match connection {
            ConnectionState::Open => ledger.must_renew(now),
            ConnectionState::Ended => false,
            ConnectionState::Aborted => ledger.expects_lines(now),
        };
        if lines == 0 && !is_due {
            return Ok(());
        }
        ledger.settle_lines(&self.request, lines, ids, connection, now).await
    }

    /// Decides whether to reconnect after an error response.
    async fn classify_refusal(&mut self, refusal: RawResponse) -> ConnectionEnd {
        let too_many = |problem: &chirrup_model::Problem| {
            problem.more.get("connection_issue").is_some_and(|issue| issue == "TooManyConnections")
        };
        let rate = DisconnectCause::RateLimited(refusal.retry_after());
        if refusal.status.as_u16() == 429 && refusal.problems().iter().any(too_many) {
            if let Some(evict_connection) = self.settings.evict_connection.clone().filter(|_| self.may_evict) {
                self.may_evict = false;
                if evict_connection().await {
                    return ConnectionEnd::Disconnected(DisconnectCause::Network, Reason::TooManyConnections);
                }
            }
            if self.settings.ends {
                // The only connection is that of the live stream, which does not end.
                return ConnectionEnd::Refused(refusal);
            }
            self.last_refusal = Some(refusal);
            return ConnectionEnd::Disconnected(rate, Reason::TooManyConnections);
        }
        let (cause, reason) = match refusal.error_kind() {
            Some(ErrorKind::Server) => (DisconnectCause::Server, Reason::Server(refusal.status.as_u16())),
            Some(ErrorKind::RateLimited) => (rate, Reason::RateLimited),
            _ => return ConnectionEnd::Refused(refusal),
        };
        self.last_refusal = Some(refusal);
        ConnectionEnd::Disconnected(cause, reason)
    }
}

/// Decides whether to reconnect after a failure without a response.
fn classify_failure(error: TransportError) -> ConnectionEnd {
    match error.kind {
        TransportErrorKind::Configuration | TransportErrorKind::Login | TransportErrorKind::Storage => {
            ConnectionEnd::Failed(error)
        }
        TransportErrorKind::RateLimited(wait) => {
            ConnectionEnd::Disconnected(DisconnectCause::RateLimited(Some(wait)), Reason::RateLimited)
        }
        _ => ConnectionEnd::broken(error.message),
    }
}

/// Whether a frame comes from the stream rather than from the error page of a server in between. The backoff is not
/// reset for an error page.
fn is_from_stream(frame: &Frame) -> bool {
    match frame {
        Frame::Line(line) => line.bytes.starts_with(b"{"),
        Frame::KeepAlive => true,
        Frame::TooLong(_) => false,
    }
}

/// Whether a line is a disconnect message: it contains errors and no data.
fn is_disconnect(line: &Bytes) -> bool {
    #[derive(Deserialize)]
    struct Message {
        data: Option<IgnoredAny>,
        errors: Option<IgnoredAny>,
        connection_issue: Option<IgnoredAny>,
    }
    if line.starts_with(b"{\"data\"") {
        return false;
    }
    serde_json::from_slice::<Message>(line)
        .is_ok_and(|message| message.data.is_none() && (message.errors.is_some() || message.connection_issue.is_some()))
}
