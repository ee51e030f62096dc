//! Settings of a live stream, and the events that a transport reports.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chirrup_model::Timestamp;
use futures_core::Stream;

use super::future::BoxFuture;
use super::reconnect_reason::Reason;
use super::stream_metrics::{StopHandle, StreamMetrics};
use crate::response::raw_response::RawResponse;
use crate::response::transport_error::TransportError;

/// Behavior of a stream whose reader is slower than the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Overflow {
    /// Stops reading until the queue has room. The server may disconnect the client, which leaves a gap.
    #[default]
    Wait,
    /// Drops the oldest lines and reports their number.
    DropOldest,
    /// Drops the newest lines and reports their number.
    DropNewest,
    /// Writes further lines to an unnamed temporary file of up to this many bytes, then stops reading until there is
    /// room.
    Spill(u64),
    /// Ends the stream with an error.
    Fail,
}

/// Closes a connection on the server to make room for a new one, and returns whether it succeeded.
pub type EvictConnection = Arc<dyn Fn() -> BoxFuture<bool> + Send + Sync>;

/// Settings of a live stream. Create them with `LiveSettings::default()`.
#[derive(Clone)]
#[non_exhaustive]
pub struct LiveSettings {
    /// Longest time without data before the connection counts as dead. The default is 30 seconds.
    pub watchdog: Duration,
    /// Maximum length of a line in bytes. The default is 1 MiB.
    pub max_line: usize,
    /// Whether the server sends the length of each line on a line of its own.
    pub delimited: bool,
    /// Whether the server may compress the stream with gzip.
    pub gzip: bool,
    /// Maximum number of queued lines. The default is 10,000.
    pub queue: usize,
    /// Behavior when the queue is full.
    pub overflow: Overflow,
    /// Whether to request up to 5 minutes of missed items after a gap.
    pub backfill: bool,
    /// Checkpoint to resume from: items since then count as missed.
    pub since: Option<Timestamp>,
    /// Whether the stream ends when the server closes it, as at the end of a historical window.
    pub ends: bool,
    /// Number of consecutive failures that end the stream; `None` retries without end.
    pub attempts: Option<u32>,
    /// Minimum wait before a new connection.
    pub least_wait: Duration,
    /// Function that closes a connection when the server has too many of them.
    pub evict_connection: Option<EvictConnection>,
    /// Counters of the stream.
    pub metrics: StreamMetrics,
    /// Handle that stops the stream.
    pub stop_handle: StopHandle,
    /// Connection that this one replaces, which must be closed first.
    pub after: Option<StopHandle>,
    /// Handle that is stopped when the connection of this stream is closed.
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

/// A time range in which the client received nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Gap {
    /// Arrival of the last byte, by the local clock.
    pub from: Timestamp,
    /// Time at which the connection was established again.
    pub to: Timestamp,
    /// Whether the server delivers the missed items again.
    pub backfilled: bool,
}

impl Gap {
    /// Creates a gap that the server does not fill.
    pub fn new(from: Timestamp, to: Timestamp) -> Self {
        Self { from, to, backfilled: false }
    }

    /// Sets whether the server delivers the missed items again.
    #[must_use]
    pub fn backfilled(mut self, backfilled: bool) -> Self {
        self.backfilled = backfilled;
        self
    }
}

/// A condition that an operator should look into.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Alert {
    /// Repeated failures have raised the wait between attempts to its maximum, this value.
    LongestWait(Duration),
    /// The rate of lines rose or fell by a factor of five.
    RateChange {
        /// Current lines per second.
        now: f64,
        /// Earlier lines per second.
        before: f64,
    },
}

impl fmt::Display for Alert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LongestWait(wait) => {
                write!(f, "the connection fails repeatedly; the client retries every {} s", wait.as_secs())
            }
            Self::RateChange { now, before } => {
                write!(f, "the rate changed from {before:.1} to {now:.1} lines per second")
            }
        }
    }
}

/// A line of a stream, without its end.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RawLine {
    /// The bytes of the line.
    pub bytes: Bytes,
    /// Numeric ID of the item in the line, if the transport has found it already.
    pub id: Option<u64>,
}

impl From<Bytes> for RawLine {
    /// Creates a line in which no ID was searched.
    fn from(bytes: Bytes) -> Self {
        Self { bytes, id: None }
    }
}

/// An event that a transport reports about a live stream.
#[derive(Debug)]
#[non_exhaustive]
pub enum RawEvent {
    /// The transport is connecting to the server.
    Connecting,
    /// The connection is established, after this gap if there was one.
    Live(Option<Gap>),
    /// A line of the stream.
    Line(RawLine),
    /// Every line until this time was received.
    Checkpoint(Timestamp),
    /// A condition that an operator should look into.
    Alert(Alert),
    /// A line was dropped because it was too long; the value is its length in bytes.
    TooLong(u64),
    /// The reader is slow; the value is the number of queued lines.
    Lagging(usize),
    /// Number of lines that were dropped because the reader was too slow.
    Dropped(u64),
    /// The transport waits before it connects again: length and end of the wait, and the reason.
    ReconnectWait(Duration, Timestamp, Reason),
    /// The stream has ended: the server refused it, or the connection failed.
    Ended(Result<RawResponse, TransportError>),
}

/// A stream of the events of a transport.
pub type RawLiveStream = Pin<Box<dyn Stream<Item = RawEvent> + Send>>;
