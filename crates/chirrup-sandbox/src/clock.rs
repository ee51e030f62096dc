//! The sandbox's clock: the system's, moved as one likes.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chirrup_model::Timestamp;

/// A clock that can be moved. Clones are the same clock.
#[derive(Debug, Clone, Default)]
pub struct Clock(Arc<AtomicI64>);

impl Clock {
    /// The moment now, in the sandbox.
    pub fn now(&self) -> Timestamp {
        Self::system().plus_millis(self.0.load(Ordering::Relaxed))
    }

    /// The moment now, by the system's clock.
    pub(crate) fn system() -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let millis = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
        Timestamp::from_millis(millis)
    }

    /// Moves it on.
    pub fn advance(&self, by: Duration) {
        let millis = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.0.fetch_add(millis, Ordering::Relaxed);
    }
}
