//! Amounts that are reserved for calls in flight.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use chirrup_api::Cost;
use chirrup_model::Timestamp;

use super::month_book::Month;

/// Function that ends a reservation whose call was canceled. Its argument says whether the request was sent.
pub(super) type OnCancel = Box<dyn FnOnce(bool) + Send + Sync>;

/// Part of the budget that is reserved for a call in flight.
///
/// If it is dropped before the call is settled, it is released if the request was not sent. Otherwise it counts as spent.
pub(crate) struct Reservation {
    amount: Cost,
    month: Month,
    /// Number in the book. There is none if the book could not be written.
    number: Option<u64>,
    sent: AtomicBool,
    lost_attempts: AtomicU64,
    /// Taken when the call is settled.
    on_cancel: Option<OnCancel>,
}

impl fmt::Debug for Reservation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reservation")
            .field("amount", &self.amount)
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

impl Reservation {
    pub(super) fn new(amount: Cost, now: Timestamp, number: Option<u64>, on_cancel: OnCancel) -> Self {
        Self {
            amount,
            month: Month::of(now),
            number,
            sent: AtomicBool::new(false),
            lost_attempts: AtomicU64::new(0),
            on_cancel: Some(on_cancel),
        }
    }

    /// Notes that the request is about to be sent.
    pub(crate) fn mark_sent(&self) {
        self.sent.store(true, Ordering::Relaxed);
    }

    /// Notes an attempt with an unknown outcome, which is followed by another one.
    pub(crate) fn mark_lost_attempt(&self) {
        self.lost_attempts.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn lost_attempts(&self) -> u64 {
        self.lost_attempts.load(Ordering::Relaxed)
    }

    pub(super) fn amount(&self) -> Cost {
        self.amount
    }

    pub(super) fn number(&self) -> Option<u64> {
        self.number
    }

    pub(super) fn month(&self) -> Month {
        self.month
    }

    /// Ends the reservation without the callback: the caller records the cost.
    pub(super) fn settle(&mut self) {
        self.on_cancel = None;
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        if let Some(on_cancel) = self.on_cancel.take() {
            on_cancel(self.sent.load(Ordering::Relaxed));
        }
    }
}
