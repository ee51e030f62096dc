//! Amounts that are reserved for calls in flight.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use chirrup_api::{Cost, Endpoint, Error};
use chirrup_model::Timestamp;
use chirrup_store::LockedStore;

use super::Ledger;
use super::month_book::{Entry, MonthBook, month_of};

/// Number of attempts to lock the store when a call is dropped, and the pause between them. The reservation remains, and
/// counts as spent, if all fail.
const LOCK_ATTEMPTS: u32 = 20;
const LOCK_PAUSE: Duration = Duration::from_millis(2);

/// Part of the budget that is reserved for a call in flight.
///
/// If it is dropped before the call is settled, it is released if the request was not sent. Otherwise it counts as spent.
#[derive(Debug)]
pub(crate) struct Reservation {
    ledger: Ledger,
    endpoint: &'static str,
    amount: Cost,
    at: Timestamp,
    month: String,
    /// Number in the book. There is none if the book could not be written.
    number: Option<u64>,
    sent: AtomicBool,
    lost_attempts: AtomicU64,
    ended: bool,
}

impl Reservation {
    pub(super) fn new(
        ledger: &Ledger,
        endpoint: &'static Endpoint,
        amount: Cost,
        now: Timestamp,
        number: Option<u64>,
    ) -> Self {
        Self {
            ledger: ledger.clone(),
            endpoint: endpoint.id,
            amount,
            at: now,
            month: month_of(now),
            number,
            sent: AtomicBool::new(false),
            lost_attempts: AtomicU64::new(0),
            ended: false,
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

    pub(super) fn month(&self) -> &str {
        &self.month
    }

    /// Ends the reservation in this process. The caller records the cost.
    pub(super) fn end(&mut self) {
        self.ended = true;
        let mut state = self.ledger.lock();
        state.run_reserved = state.run_reserved.saturating_sub(self.amount);
    }

    /// Ends the reservation in the book, without a cost.
    fn release(&self, number: u64) {
        let Some(stores) = &self.ledger.0.stores else {
            let mut entry = Entry::new(self.endpoint, self.at);
            entry.ends = Some(number);
            // A book in memory cannot fail.
            let _ = self.ledger.lock().book.append(None, entry, self.at);
            return;
        };
        let store = stores(&self.month);
        for _ in 0..LOCK_ATTEMPTS {
            match store.try_lock() {
                Ok(Some(mut locked)) => {
                    let ended = end_in_store(&mut *locked, self.endpoint, number, self.at);
                    return ended.unwrap_or_else(|error| self.ledger.report_failure(&error));
                }
                Ok(None) => std::thread::sleep(LOCK_PAUSE),
                Err(error) => return self.ledger.report_failure(&error),
            }
        }
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        self.end();
        if self.sent.load(Ordering::Relaxed) {
            // The call was canceled: the server may have performed it.
            self.ledger.lock().run += self.amount;
        } else if let Some(number) = self.number {
            self.release(number);
        }
    }
}

/// Ends a reservation in a locked store, without a cost.
pub(super) fn end_in_store(
    locked: &mut dyn LockedStore,
    endpoint: &str,
    number: u64,
    now: Timestamp,
) -> Result<(), Error> {
    let mut book = MonthBook::default();
    book.advance_to(now);
    book.read_new(locked)?;
    let mut entry = Entry::new(endpoint, now);
    entry.ends = Some(number);
    book.append(Some(locked), entry, now)
}
