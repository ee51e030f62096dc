//! How a live stream behaves, and what a transport tells of it.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chirrup_model::Timestamp;
use futures_core::Stream;

use super::metrics::{StopHandle, StreamMetrics};
use crate::response::RawResponse;
use crate::transport::{BoxFuture, TransportError};

/// What to do with a reader that is slower than the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Overflow {
    /// Reads no further until there is room. The server may cut us off for it, which then is a gap.
    #[default]
    Wait,
    /// Throws the oldest lines away, and tells how many.
    DropOldest,
    /// Throws the newest lines away, and tells how many.
    DropNewest,
    /// Keeps what does not find room on the disk, in a file without a name, up to so many bytes; then reads no further until
    /// there is room.
    Spill(u64),
    /// Ends the stream.
    Fail,
}

/// Makes room on the server for one connection more, and tells whether it could.
pub type EvictConnection = Arc<dyn Fn() -> BoxFuture<bool> + Send + Sync>;

/// How a live stream behaves.
#[derive(Clone)]
pub struct LiveSettings {
    /// After how long a silence a connection is taken for dead.
    pub watchdog: Duration,
    /// How long a line may be.
    pub max_line: usize,
    /// Whether the length of each line comes on a line before it.
    pub delimited: bool,
    /// Whether the server may pack what it sends.
    pub gzip: bool,
    /// How many lines wait for the reader.
    pub queue: usize,
    /// What to do if there are more.
    pub overflow: Overflow,
    /// Whether to ask the server for what was missed, of up to five minutes.
    pub backfill: bool,
    /// From when on it is wanted: what has come since is treated as missed.
    pub since: Option<Timestamp>,
    /// Whether the end that the server makes is the end, as it is of a window of the past.
    pub ends: bool,
    /// How many failures in a row end it; never, if not given.
    pub attempts: Option<u32>,
    /// How long to wait at least before connecting anew.
    pub least_wait: Duration,
    /// What to do when the server has too many connections of ours.
    pub evict_connection: Option<EvictConnection>,
    /// What is counted.
    pub metrics: StreamMetrics,
    /// Who may stop it.
    pub stop_handle: StopHandle,
    /// What has to be over before it begins: the connection in whose place it comes.
    pub after: Option<StopHandle>,
    /// StreamMessages when its connection is closed.
    pub closed: StopHandle,
}

impl fmt::Debug for LiveSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LiveSettings")
            .field("watchdog", &self.watchdog)
            .field("max_line", &self.max_line)
            .field("queue", &self.queue)
            .field("overflow", &self.overflow)
            .field("backfill", &self.backfill)
            .field("since", &self.since)
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}

impl Default for LiveSettings {
    fn default() -> Self {
        Self {
            watchdog: Duration::from_secs(30),
            max_line: 1 << 20,
            delimited: false,
            gzip: false,
            queue: 10_000,
            overflow: Overflow::Wait,
            backfill: true,
            since: None,
            ends: false,
            attempts: None,
            least_wait: Duration::ZERO,
            evict_connection: None,
            metrics: StreamMetrics::default(),
            stop_handle: StopHandle::default(),
            after: None,
            closed: StopHandle::default(),
        }
    }
}

/// A time in which nothing was received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// When the last byte came, by our clock.
    pub from: Timestamp,
    /// When the connection was there again.
    pub to: Timestamp,
    /// Whether the server was asked for what was missed, and agreed.
    pub backfilled: bool,
}

/// Why a stream waits before it connects anew.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// No connection came about, or it broke.
    Broken(String),
    /// Nothing came for longer than the watchdog allows.
    Silent(Duration),
    /// The server ended the stream.
    Closed,
    /// The server said that it ends the stream.
    Disconnected,
    /// The server failed, with this status.
    Server(u16),
    /// A rate limit is used up.
    RateLimited,
    /// The server has as many connections of ours as it takes.
    TooManyConnections,
    /// The access does not allow backfill: what is missed is asked for otherwise from now on.
    NoBackfill,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broken(why) => f.write_str(why),
            Self::Silent(time) => write!(f, "nothing came for {time:?}"),
            Self::Closed => f.write_str("the server ended the stream"),
            Self::Disconnected => f.write_str("the server disconnected the stream"),
            Self::Server(status) => write!(f, "the server answered {status}"),
            Self::RateLimited => f.write_str("the rate limit of new connections is used up"),
            Self::TooManyConnections => f.write_str("the server has as many connections to this stream as it takes"),
            Self::NoBackfill => f.write_str("the access allows no backfill"),
        }
    }
}

/// What somebody should look at.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Alert {
    /// So many failures came in a row that the waits between them do not grow any more: this is how long they are.
    LongestWait(Duration),
    /// LineFramer come five times as fast as they did, or more slowly by as much.
    RateMonitor {
        /// How many come in a second.
        now: f64,
        /// How many did before.
        before: f64,
    },
}

impl fmt::Display for Alert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LongestWait(wait) => write!(f, "it fails again and again, and is tried every {} s", wait.as_secs()),
            Self::RateMonitor { now, before } => write!(f, "{now:.1} lines come in a second, after {before:.1}"),
        }
    }
}

/// What a transport tells of a live stream.
#[derive(Debug)]
pub enum RawEvent {
    /// A connection is being made.
    Connecting,
    /// It is there; after an outage, if there was one.
    Live(Option<Gap>),
    /// A line.
    Line(Bytes),
    /// Until this moment nothing more can come that was not received.
    Checkpoint(Timestamp),
    /// Somebody should look.
    Alert(Alert),
    /// A line was too long, and was thrown away.
    TooLong(u64),
    /// The reader is slow: so many lines wait.
    Lagging(usize),
    /// LineFramer were thrown away, since nobody read them.
    Dropped(u64),
    /// Nothing happens until then, and why.
    RateLimitWait(Duration, Timestamp, Reason),
    /// It is over: the server refused, or no connection came about.
    Ended(Result<RawResponse, TransportError>),
}

/// A stream of raw events.
pub type RawLiveStream = Pin<Box<dyn Stream<Item = RawEvent> + Send>>;
