//! What a connection waits for, and since when.

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

/// Time from the start of a connection, or from the first byte after a response, to the end of the request head.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// Time between a response and the next request.
const IDLE_TIMEOUT: Duration = Duration::from_secs(60);
/// Time in which a client must read a part of its response.
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);

/// What a connection waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Phase {
    /// The rest of a request head.
    Head,
    /// The rest of a request body. The reader of the body watches the time.
    Body,
    /// The handler or the client: a response is made or sent.
    Response,
    /// The next request of the client.
    Idle,
}

/// Phase of a connection, shared between its task and the task that enforces the timeouts.
#[derive(Debug)]
pub(crate) struct Activity {
    started: Instant,
    phase: AtomicU8,
    /// Start of the phase in milliseconds since `started`.
    since: AtomicU64,
    /// Time of the first write that could not proceed, in milliseconds since `started`, plus one; 0 if writes proceed.
    blocked: AtomicU64,
}

impl Activity {
    pub(crate) fn new() -> Self {
        let phase = AtomicU8::new(Phase::Head as u8);
        Self { started: Instant::now(), phase, since: AtomicU64::new(0), blocked: AtomicU64::new(0) }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    pub(crate) fn enter(&self, phase: Phase) {
        self.since.store(self.now(), Ordering::Relaxed);
        self.phase.store(phase as u8, Ordering::Relaxed);
    }

    /// Records that bytes arrived. They begin a request if the connection was idle.
    pub(crate) fn received(&self) {
        if self.is_in(Phase::Idle) {
            self.enter(Phase::Head);
        }
    }

    /// Records whether a write had to wait for the client.
    pub(crate) fn wrote(&self, blocked: bool) {
        if !blocked {
            self.blocked.store(0, Ordering::Relaxed);
        } else if self.blocked.load(Ordering::Relaxed) == 0 {
            self.blocked.store(self.now().saturating_add(1), Ordering::Relaxed);
        }
    }

    fn is_in(&self, phase: Phase) -> bool {
        self.phase.load(Ordering::Relaxed) == phase as u8
    }

    fn waited(&self, since: u64) -> Duration {
        Duration::from_millis(self.now().saturating_sub(since))
    }

    /// Whether the connection has waited for longer than its phase allows.
    pub(crate) fn is_overdue(&self) -> bool {
        let blocked = self.blocked.load(Ordering::Relaxed);
        if blocked > 0 && self.waited(blocked) > WRITE_TIMEOUT {
            return true;
        }
        let limit = match () {
            () if self.is_in(Phase::Head) => HEAD_TIMEOUT,
            () if self.is_in(Phase::Idle) => IDLE_TIMEOUT,
            () => return false,
        };
        self.waited(self.since.load(Ordering::Relaxed)) > limit
    }

    /// Time for which the connection has been waiting for a request. `None` while a response is made or sent.
    pub(crate) fn waiting_for_request(&self) -> Option<Duration> {
        (!self.is_in(Phase::Response)).then(|| self.waited(self.since.load(Ordering::Relaxed)))
    }
}
