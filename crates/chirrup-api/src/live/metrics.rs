//! What is counted while a stream runs, and how it is stopped.

use std::future::poll_fn;
use std::iter::Sum;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll, Waker};
use std::time::Duration;

use chirrup_model::{PostId, Timestamp};

use super::settings::Reason;

/// How often connections ended, or did not come about, by what was the cause.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Disconnects {
    /// They broke, or there was no way to the server.
    pub broken: u64,
    /// Nothing came for too long.
    pub silent: u64,
    /// The server ended them.
    pub closed: u64,
    /// The server failed.
    pub server: u64,
    /// There were too many calls or connections.
    pub limited: u64,
}

/// What was counted so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StreamStats {
    /// Bytes received.
    pub bytes: u64,
    /// LineFramer received, signs of life not among them.
    pub lines: u64,
    /// Signs of life received.
    pub keep_alives: u64,
    /// Items delivered.
    pub items: u64,
    /// Items that came twice, and were delivered once.
    pub duplicates: u64,
    /// LineFramer that could not be read.
    pub bad: u64,
    /// LineFramer thrown away, since the reader was too slow.
    pub dropped: u64,
    /// Connections made.
    pub connections: u64,
    /// How often they ended, and why.
    pub disconnects: Disconnects,
    /// LineFramer that wait for the reader now.
    pub waiting: u64,
    /// The newest post; none if there was none.
    pub newest: Option<PostId>,
}

impl StreamStats {
    /// How long ago the newest post was written; none before the first.
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

/// Counts what a stream does. Clones count together.
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
        /// Bytes came.
        add_bytes: bytes;
        /// LineFramer came.
        add_lines: lines;
        /// Signs of life came.
        add_keep_alives: keep_alives;
        /// Items were delivered.
        add_items: items;
        /// Items came twice.
        add_duplicates: duplicates;
        /// LineFramer could not be read.
        add_bad: bad;
        /// LineFramer were thrown away.
        add_dropped: dropped;
        /// Connections were made.
        add_connections: connections;
    }

    /// So many lines wait.
    pub fn set_waiting(&self, lines: u64) {
        self.0.waiting.store(lines, Relaxed);
    }

    /// A connection ended, or did not come about.
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

    /// What was counted so far.
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

/// Stops a stream: no more is received, and what was received is still delivered. Clones stop the same.
#[derive(Debug, Clone, Default)]
pub struct StopHandle(Arc<Flag>);

impl StopHandle {
    /// Stops it.
    pub fn stop(&self) {
        self.0.stopped.store(true, std::sync::atomic::Ordering::SeqCst);
        let waiting = std::mem::take(&mut *self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        waiting.into_iter().for_each(Waker::wake);
    }

    /// Whether it was stopped.
    pub fn is_stopped(&self) -> bool {
        self.0.stopped.load(std::sync::atomic::Ordering::SeqCst)
    }

    /// Waits until it is stopped.
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
