//! Time for which a process may act for its leases.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Time without a renewal after which a member stops: before the others take over.
const VALIDITY: Duration = Duration::from_millis(2_500);

/// Time at which this process last renewed its membership, by the clock of the machine.
#[derive(Debug, Clone)]
pub(super) struct Validity(Arc<Mutex<Instant>>);

impl Validity {
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(Instant::now())))
    }

    pub(super) fn renew(&self, since: Instant) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = since;
    }

    /// Time since the latest renewal was sent.
    pub(super) fn age(&self) -> Duration {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).elapsed()
    }

    pub(super) fn is_over(&self) -> bool {
        self.age() >= VALIDITY
    }
}
