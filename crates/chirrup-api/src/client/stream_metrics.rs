//! Counters of a running stream, and the handle that stops it.

use std::future::poll_fn;
use std::iter::Sum;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll, Waker};
use std::time::Duration;

use chirrup_model::{PostId, Timestamp};

use super::reconnect_reason::Reason;

/// Number of lost or failed connections, by cause.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Disconnects {
    /// Connections that broke or could not be established.
    pub broken: u64,
    /// Connections that were silent for too long.
    pub silent: u64,
    /// Connections that the server closed.
    pub closed: u64,
    /// Connections that failed with a server error.
    pub server: u64,
    /// Connections that the server refused because of a limit.
    pub limited: u64,
}

/// A snapshot of the counters of a stream.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StreamStats {
    /// Number of bytes received.
    pub bytes: u64,
    /// Number of lines received, without keep-alives.
    pub lines: u64,
    /// Number of keep-alives received.
    pub keep_alives: u64,
    /// Number of items delivered.
    pub items: u64,
    /// Number of duplicates that were removed.
    pub duplicates: u64,
    /// Number of lines that could not be decoded.
    pub bad: u64,
    /// Number of lines dropped because the reader was too slow.
    pub dropped: u64,
    /// Number of connections established.
    pub connections: u64,
    /// Number of lost connections, by cause.
    pub disconnects: Disconnects,
    /// Number of lines in the queue.
    pub waiting: u64,
    /// ID of the newest post, if there was one.
    pub newest: Option<PostId>,
}

impl StreamStats {
    /// Returns the age of the newest post; `None` before the first one.
    pub fn lag(&self, now: Timestamp) -> Option<Duration> {
        let written = self.newest?.timestamp();
        Some(Duration::from_millis(u64::try_from(now.as_millis() - written.as_millis()).unwrap_or_default()))
    }
}

impl Sum for StreamStats {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |a, b| Self {
            bytes: a.bytes + b.bytes,
            lines: a.lines + b.lines,
            keep_alives: a.keep_alives + b.keep_alives,
            items: a.items + b.items,
            duplicates: a.duplicates + b.duplicates,
            bad: a.bad + b.bad,
            dropped: a.dropped + b.dropped,
            connections: a.connections + b.connections,
            disconnects: Disconnects {
                broken: a.disconnects.broken + b.disconnects.broken,
                silent: a.disconnects.silent + b.disconnects.silent,
                closed: a.disconnects.closed + b.disconnects.closed,
                server: a.disconnects.server + b.disconnects.server,
                limited: a.disconnects.limited + b.disconnects.limited,
            },
            waiting: a.waiting + b.waiting,
            newest: a.newest.max(b.newest),
        })
    }
}

#[derive(Debug, Default)]
struct Counts {
    bytes: AtomicU64,
    lines: AtomicU64,
    keep_alives: AtomicU64,
    items: AtomicU64,
    duplicates: AtomicU64,
    bad: AtomicU64,
    dropped: AtomicU64,
    connections: AtomicU64,
    broken: AtomicU64,
    silent: AtomicU64,
    closed: AtomicU64,
    server: AtomicU64,
    limited: AtomicU64,
    waiting: AtomicU64,
    newest: AtomicU64,
}

/// Counters of a stream. Clones share their counts.
#[derive(Debug, Clone, Default)]
pub struct StreamMetrics(Arc<Counts>);

macro_rules! counters {
    ($($(#[$doc:meta])* $method:ident: $field:ident;)*) => { $(
        $(#[$doc])*
        pub fn $method(&self, more: u64) {
            self.0.$field.fetch_add(more, Relaxed);
        }
    )* };
}

impl StreamMetrics {
    counters! {
        /// Adds to the number of bytes received.
        add_bytes: bytes;
        /// Adds to the number of lines received.
        add_lines: lines;
        /// Adds to the number of keep-alives received.
        add_keep_alives: keep_alives;
        /// Adds to the number of items delivered.
        add_items: items;
        /// Adds to the number of duplicates removed.
        add_duplicates: duplicates;
        /// Adds to the number of undecodable lines.
        add_bad: bad;
        /// Adds to the number of dropped lines.
        add_dropped: dropped;
        /// Adds to the number of connections established.
        add_connections: connections;
    }

    /// Sets the number of lines in the queue.
    pub fn set_waiting(&self, lines: u64) {
        self.0.waiting.store(lines, Relaxed);
    }

    /// Counts a lost or failed connection.
    pub fn record_disconnect(&self, why: &Reason) {
        let counter = match why {
            Reason::Broken(_) | Reason::NoBackfill => &self.0.broken,
            Reason::Silent(_) => &self.0.silent,
            Reason::Closed | Reason::Disconnected => &self.0.closed,
            Reason::Server(_) => &self.0.server,
            Reason::RateLimited | Reason::TooManyConnections => &self.0.limited,
        };
        counter.fetch_add(1, Relaxed);
    }

    pub(crate) fn saw(&self, id: u64) {
        self.0.newest.fetch_max(id, Relaxed);
    }

    /// Returns a snapshot of the counters.
    pub fn read(&self) -> StreamStats {
        let of = |counter: &AtomicU64| counter.load(Relaxed);
        let newest = of(&self.0.newest);
        StreamStats {
            bytes: of(&self.0.bytes),
            lines: of(&self.0.lines),
            keep_alives: of(&self.0.keep_alives),
            items: of(&self.0.items),
            duplicates: of(&self.0.duplicates),
            bad: of(&self.0.bad),
            dropped: of(&self.0.dropped),
            connections: of(&self.0.connections),
            disconnects: Disconnects {
                broken: of(&self.0.broken),
                silent: of(&self.0.silent),
                closed: of(&self.0.closed),
                server: of(&self.0.server),
                limited: of(&self.0.limited),
            },
            waiting: of(&self.0.waiting),
            newest: (newest > 0).then(|| PostId::new(newest)),
        }
    }
}

#[derive(Debug, Default)]
struct Flag {
    stopped: AtomicBool,
    waiting: Mutex<Vec<Waker>>,
}

/// A handle that stops a stream: received items are still delivered, then the stream ends. Clones stop the same stream.
#[derive(Debug, Clone, Default)]
pub struct StopHandle(Arc<Flag>);

impl StopHandle {
    /// Stops the stream of this handle.
    pub fn stop(&self) {
        self.0.stopped.store(true, std::sync::atomic::Ordering::SeqCst);
        let waiting = std::mem::take(&mut *self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        waiting.into_iter().for_each(Waker::wake);
    }

    /// Returns whether the stream was stopped.
    pub fn is_stopped(&self) -> bool {
        self.0.stopped.load(std::sync::atomic::Ordering::SeqCst)
    }

    /// Waits until the stream is stopped.
    pub async fn stopped(&self) {
        poll_fn(|context| {
            let mut waiting = self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            if self.is_stopped() {
                return Poll::Ready(());
            }
            if !waiting.iter().any(|waker| waker.will_wake(context.waker())) {
                waiting.push(context.waker().clone());
            }
            Poll::Pending
        })
        .await;
    }
}
