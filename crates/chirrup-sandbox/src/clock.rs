//! The sandbox's clock: the system's, moved as one likes.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chirrup_model::Timestamp;

#[derive(Debug, Default)]
struct Inner {
    /// How far it was moved on.
    moved: AtomicI64,
    /// How wrong it is.
    wrong: AtomicI64,
}

/// A clock that can be moved. Clones are the same clock.
#[derive(Debug, Clone, Default)]
pub struct Clock(Arc<Inner>);

impl Clock {
    /// The moment now, in the sandbox.
    pub fn now(&self) -> Timestamp {
        self.system().plus_millis(self.0.moved.load(Ordering::Relaxed))
    }

    /// The moment now, by the system's clock, and as wrong as this one.
    pub(crate) fn system(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let millis = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
        Timestamp::from_millis(millis).plus_millis(self.0.wrong.load(Ordering::Relaxed))
    }

    /// Moves it on.
    pub fn advance(&self, by: Duration) {
        let millis = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.0.moved.fetch_add(millis, Ordering::Relaxed);
    }

    /// Moves it on to this moment; never back.
    pub fn advance_to(&self, then: Timestamp) {
        let wanted = then.as_millis() - self.system().as_millis();
        self.0.moved.fetch_max(wanted, Ordering::Relaxed);
    }

    /// Makes it wrong by so many milliseconds: ahead, or behind if negative. A clock that was moved on by
    /// [`advance`](Self::advance) still takes signatures with the system's time, since its users live in that; a wrong one
    /// takes only its own.
    pub fn skew(&self, millis: i64) {
        self.0.wrong.store(millis, Ordering::Relaxed);
    }
}
