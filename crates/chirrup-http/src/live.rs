//! Connections that keep themselves alive: reading, the ladders of waits, and the queue before a slow reader.

mod backoff;
mod gunzip;
mod queue;
mod rate_monitor;
mod spill;
mod watchdog;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chirrup_api::internal::{Frame, LineFramer, post_id};
use chirrup_api::{
    Alert, ErrorKind, Gap, LiveSettings, RawEvent, RawLiveStream, RawResponse, Reason, Request, TransportError,
    TransportErrorKind,
};
use chirrup_model::{PostId, Timestamp};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::transport::Inner;
use crate::wire::Opened;
use backoff::{Backoff, DisconnectCause};
use gunzip::Gunzip;
use queue::Queue;
use rate_monitor::RateMonitor;
use watchdog::{Next, Watchdog};

/// After so long a connection holds the present, whatever came over it.
const LONG_MS: i64 = 120_000;
/// The longest gap for which X sends once more what was missed.
const BACKFILL: Duration = Duration::from_secs(300);

/// From which difference on the server's clock is asked, in milliseconds.
const SKEWED_MS: i64 = 2_000;
/// How often the reader is told until when all has come.
const TOLD: Duration = Duration::from_secs(1);

/// Opens a stream in a task of its own, which ends when nobody reads any more.
pub(crate) fn open(inner: Arc<Inner>, request: Request, settings: LiveSettings) -> RawLiveStream {
    let queue = Queue::new(settings.queue, settings.overflow, settings.metrics.clone());
    let reader = Reader {
        ladder: Backoff::default(),
        pace: RateMonitor::default(),
        backfill: settings.backfill && request.endpoint.is_some_and(|meta| meta.param("backfill_minutes").is_some()),
        counted: request.endpoint.is_some_and(|meta| inner.ledger.counts(meta)),
        may_make_room: true,
        lines: LineFramer::new(settings.max_line),
        covered: settings.since,
        latest: None,
        told: None,
        inner,
        request,
        settings,
        queue: queue.clone(),
    };
    tokio::spawn(reader.run());
    Box::pin(queue.into_stream())
}

/// How long to wait for the connection in whose place this one comes.
const PATIENCE: Duration = Duration::from_secs(5);

struct Reader {
    inner: Arc<Inner>,
    request: Request,
    settings: LiveSettings,
    queue: Queue,
    ladder: Backoff,
    pace: RateMonitor,
    /// Whether the ledger wants to know of each line.
    counted: bool,
    backfill: bool,
    /// Whether the server may be asked to close connections: once before each that comes about.
    may_make_room: bool,
    lines: LineFramer,
    /// Until when all is known to have come; nothing before the first connection.
    covered: Option<Timestamp>,
    /// The last that came since then, and when.
    latest: Option<(Frame, Timestamp)>,
    /// When the reader was last told until when all has come.
    told: Option<Timestamp>,
}

/// What is known of a connection. What came before it may still be on its way: the server says nowhere where the past ends.
struct Connection {
    opened: Timestamp,
    /// The smallest id of a post written after it was opened.
    first_new: u64,
    /// Whether the past has come: a post of the present did, or a sign of life, which is sent when there is nothing else.
    settled: bool,
}

impl Connection {
    fn look(&mut self, framed: &Frame, now: Timestamp) {
        if !self.settled {
            self.settled = match framed {
                Frame::KeepAlive => true,
                Frame::Line(line) => post_id(line).is_some_and(|id| id >= self.first_new),
                Frame::TooLong(_) => false,
            } || now.as_millis() - self.opened.as_millis() > LONG_MS;
        }
    }
}

/// How a connection ended.
enum End {
    /// It may be made anew after a wait.
    Fell(DisconnectCause, Reason),
    /// The server does not want us.
    Refused(RawResponse),
    /// It cannot be made.
    Failed(TransportError),
    /// Nobody reads any more, or we were told to stop.
    Stopped,
}

impl End {
    fn broken(why: impl Into<String>) -> Self {
        Self::Fell(DisconnectCause::Network, Reason::Broken(why.into()))
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.settings.closed.stop();
    }
}

impl Reader {
    async fn run(mut self) {
        if let Some(before) = self.settings.after.take() {
            // It may be gone without a word.
            let _ = tokio::time::timeout(PATIENCE, before.stopped()).await;
        }
        loop {
            if !self.queue.push(RawEvent::Connecting) {
                return;
            }
            let end = self.connect().await;
            self.tell_covered(Duration::ZERO);
            let (fall, why) = match end {
                End::Fell(..) if self.is_whole(&end) => return self.queue.end(None),
                End::Fell(fall, why) => (fall, why),
                End::Refused(answer) => return self.queue.end(Some(RawEvent::Ended(Ok(answer)))),
                End::Failed(failure) => return self.queue.end(Some(RawEvent::Ended(Err(failure)))),
                End::Stopped => return self.queue.end(None),
            };
            self.settings.metrics.record_disconnect(&why);
            let (wait, longest) = self.ladder.fall(fall, &*self.inner.clock);
            let wait = wait.max(self.settings.least_wait);
            if longest {
                self.queue.push(RawEvent::Alert(Alert::LongestWait(wait)));
            }
            if self.settings.attempts.is_some_and(|most| self.ladder.failures() >= most) {
                let message = format!("{} failures in a row: {why}", self.ladder.failures());
                let failure = TransportError::new(TransportErrorKind::ConnectionLost, message);
                return self.queue.end(Some(RawEvent::Ended(Err(failure))));
            }
            let until = self.inner.clock.now().plus_millis(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX));
            if !self.queue.push(RawEvent::RateLimitWait(wait, until, why)) {
                return;
            }
            tokio::select! {
                () = self.inner.clock.sleep(wait) => {}
                () = self.queue.stopped(&self.settings.stop_handle) => return self.queue.end(None),
            }
        }
    }

    /// The moment now by the clock of the server, in which it is asked for a window; it may lag behind after a sleep of this
    /// machine, which makes a gap longer and never shorter.
    fn now(&self) -> Timestamp {
        self.inner.server.now(&*self.inner.clock)
    }

    /// When a connection was opened, by the clock of the server.
    fn opened(&self, date: Option<Timestamp>) -> Timestamp {
        let ours = self.inner.clock.now();
        match date {
            Some(date) if (date.as_millis() - ours.as_millis()).abs() > SKEWED_MS => date.plus_millis(1_000),
            _ => ours,
        }
    }

    /// Whether this is a window of the past, and the server has sent all of it.
    fn is_whole(&self, end: &End) -> bool {
        self.settings.ends && matches!(end, End::Fell(_, Reason::Closed))
    }

    /// Notes until when all has come, and tells it if that was not told for so long.
    fn tell_covered(&mut self, patience: Duration) {
        let Some(now) = self.latest.as_ref().map(|(_, at)| *at) else { return };
        let told = self.told.map_or(i64::MAX, |told| now.as_millis() - told.as_millis());
        if u64::try_from(told).is_ok_and(|passed| u128::from(passed) < patience.as_millis()) {
            return;
        }
        self.told = Some(now);
        if let Some(covered) = self.look_how_far() {
            self.queue.push(RawEvent::Checkpoint(covered));
        }
    }

    /// Until when all has come: a sign of life says that nothing is on its way, and a post that what was written after it
    /// may be.
    fn look_how_far(&mut self) -> Option<Timestamp> {
        if let Some((framed, at)) = self.latest.take() {
            let written = framed.line().and_then(post_id).map(|id| PostId::new(id).timestamp());
            let until = written.map_or(at, |written| written.min(at));
            self.covered = self.covered.map(|covered| covered.max(until));
        }
        self.covered
    }

    /// The minutes for which the server is to send once more what was missed.
    fn minutes(&self, gap: Duration) -> Option<u64> {
        let wanted = self.backfill && self.covered.is_some() && gap <= BACKFILL;
        wanted.then(|| (gap.as_secs().div_ceil(60) + 1).min(5))
    }

    fn request(&self, minutes: Option<u64>) -> Request {
        let mut request = self.request.clone();
        if let Some(minutes) = minutes {
            let (path, query) = request.url.split_once('?').unwrap_or((&request.url, ""));
            let others = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("backfill_minutes="));
            let query = others.map(str::to_owned).chain([format!("backfill_minutes={minutes}")]);
            request.url = format!("{path}?{}", query.collect::<Vec<_>>().join("&"));
        }
        request
    }

    async fn connect(&mut self) -> End {
        let from = self.look_how_far();
        let gap = from.map_or(0, |from| (self.now().max(self.inner.clock.now()).as_millis() - from.as_millis()).max(0));
        let minutes = self.minutes(Duration::from_millis(gap.unsigned_abs()));
        if self.counted {
            if let Err(failure) = self.inner.ledger.has_left(self.inner.clock.now()) {
                return End::Failed(failure);
            }
        }
        let opened = tokio::select! {
            opened = self.inner.open(self.request(minutes), self.settings.gzip) => opened,
            () = self.queue.stopped(&self.settings.stop_handle) => return End::Stopped,
        };
        let opened = match opened {
            Ok(Ok(opened)) => opened,
            Ok(Err(answer)) if minutes.is_some() && matches!(answer.status.as_u16(), 400 | 403) => {
                // Not everybody has this; then the gap is filled otherwise, or told of.
                self.backfill = false;
                return End::Fell(DisconnectCause::Network, Reason::NoBackfill);
            }
            Ok(Err(answer)) => return self.judge(answer).await,
            Err(failure) if matches!(failure.kind, TransportErrorKind::Configuration | TransportErrorKind::Login) => {
                return End::Failed(failure);
            }
            Err(TransportError { kind: TransportErrorKind::RateLimited(wait), .. }) => {
                return End::Fell(DisconnectCause::Rate(Some(wait)), Reason::RateLimited);
            }
            Err(failure) => return End::broken(failure.message),
        };
        let to = self.opened(opened.head.date());
        let gap = from.map(|from| Gap { from, to, backfilled: minutes.is_some() });
        self.settings.metrics.add_connections(1);
        if !self.queue.push(RawEvent::Live(gap)) {
            return End::Stopped;
        }
        self.covered.get_or_insert(to);
        self.lines.clear();
        self.pace.begin();
        let first_new = to.first_snowflake();
        // What began now has no past.
        self.read(opened, Connection { opened: to, first_new, settled: from.is_none() }).await
    }

    async fn read(&mut self, mut opened: Opened, mut connection: Connection) -> End {
        let mut watchdog = Watchdog::new(self.settings.watchdog);
        let mut found = Vec::new();
        let mut fed = false;
        let mut unpacker = Gunzip::new(opened.is_gzip());
        let end = loop {
            let next = tokio::select! {
                biased;
                next = watchdog.next(&mut opened.body, &*self.inner.clock) => next,
                () = self.queue.stopped(&self.settings.stop_handle) => break End::Stopped,
            };
            let data = match next {
                Next::Data(data) => data,
                Next::Silent => break End::Fell(DisconnectCause::Network, Reason::Silent(self.settings.watchdog)),
                Next::End => break End::Fell(DisconnectCause::Network, Reason::Closed),
                Next::Broken => break End::broken("the connection broke"),
            };
            let now = self.now();
            self.settings.metrics.add_bytes(data.len() as u64);
            let lines = &mut self.lines;
            if !unpacker.unpack(data, |data| lines.push(data, &mut found)) {
                break End::broken("what came cannot be unpacked");
            }
            if self.settings.delimited {
                found.retain(|framed| !framed.line().is_some_and(|line| line.iter().all(u8::is_ascii_digit)));
            }
            if found.iter().any(is_of_a_stream) {
                self.ladder.alive();
                self.may_make_room = true;
            }
            found.iter().for_each(|framed| connection.look(framed, now));
            let over = found.iter().position(|framed| matches!(framed, Frame::Line(line) if is_disconnect(line)));
            // X may say so and go on; whoever waits for the end waits long.
            found.truncate(over.map_or(found.len(), |at| at + 1));
            fed |= found.iter().any(|framed| matches!(framed, Frame::Line(_))) && over != Some(0);
            let settled = self.settle(&found).await;
            let lines = found.iter().filter(|framed| framed.line().is_some()).count() as u64;
            if connection.settled && over.is_none() {
                self.latest = found.last().map(|framed| (framed.clone(), now)).or(self.latest.take());
            }
            if !self.queue.push_lines(&mut found).await {
                break End::Stopped;
            }
            self.tell_covered(TOLD);
            // What comes of the past says nothing of the present.
            let lines = if connection.settled { lines } else { 0 };
            if let Some((now, before)) = self.pace.count(lines, self.inner.clock.elapsed()) {
                self.queue.push(RawEvent::Alert(Alert::RateMonitor { now, before }));
            }
            if let Err(failure) = settled {
                break End::Failed(failure);
            }
            if over.is_some() {
                break End::Fell(
                    if fed { DisconnectCause::Network } else { DisconnectCause::Server },
                    Reason::Disconnected,
                );
            }
        };
        // The old connection is gone before there is a new one.
        opened.close().await;
        end
    }

    /// Writes down what these lines have cost.
    async fn settle(&self, found: &[Frame]) -> Result<(), TransportError> {
        if !self.counted {
            return Ok(());
        }
        let lines: Vec<&[u8]> = found.iter().filter_map(Frame::line).collect();
        if lines.is_empty() {
            return Ok(());
        }
        self.inner.ledger.settle_lines(&self.request, &lines.join(&b'\n'), self.inner.clock.now()).await
    }

    /// What a refusal means for the next try.
    async fn judge(&mut self, answer: RawResponse) -> End {
        let too_many = |problem: &chirrup_model::Problem| {
            problem.more.get("connection_issue").is_some_and(|issue| issue == "TooManyConnections")
        };
        if answer.status.as_u16() == 429 && answer.problems().iter().any(too_many) {
            if let Some(evict_connection) = self.settings.evict_connection.clone().filter(|_| self.may_make_room) {
                self.may_make_room = false;
                if evict_connection().await {
                    return End::Fell(DisconnectCause::Network, Reason::TooManyConnections);
                }
            }
            if self.settings.ends {
                // The past is not worth a wait for the connection over which the present comes.
                return End::Refused(answer);
            }
            return End::Fell(DisconnectCause::Rate(answer.retry_after()), Reason::TooManyConnections);
        }
        match answer.error_kind() {
            Some(ErrorKind::Server) => End::Fell(DisconnectCause::Server, Reason::Server(answer.status.as_u16())),
            Some(ErrorKind::RateLimited) => End::Fell(DisconnectCause::Rate(answer.retry_after()), Reason::RateLimited),
            _ => End::Refused(answer),
        }
    }
}

/// Whether this is what a stream sends, and not the page of some server in between: such a page shall not be fetched again
/// and again without a wait.
fn is_of_a_stream(framed: &Frame) -> bool {
    match framed {
        Frame::Line(line) => line.starts_with(b"{"),
        Frame::KeepAlive => true,
        Frame::TooLong(_) => false,
    }
}

/// Whether a line is a message that ends the stream: one of errors, and of nothing else.
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
