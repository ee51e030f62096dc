//! Which failures are worth another try, how long to wait before it, and how many tries a host gets in all.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chirrup_api::{ErrorKind, Idempotency, RawResponse, TransportError, TransportErrorKind};

use crate::clock::{Clock, part_of};

/// When and how often a call is sent again.
///
/// Reads, and writes that set a state, are sent again after broken connections, timeouts and 5xx. A write that makes
/// something anew is sent again only if the server surely did not take it: no connection came about, or it answered 429.
/// Waits grow and are random; what the server asks for is kept to.
#[derive(Debug, Clone)]
#[must_use]
pub struct Retry {
    pub(crate) attempts: u32,
    pub(crate) deadline: Duration,
    base: Duration,
    throttled_base: Duration,
    longest: Duration,
    budget: u32,
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            attempts: 3,
            deadline: Duration::from_secs(120),
            base: Duration::from_millis(50),
            throttled_base: Duration::from_secs(1),
            longest: Duration::from_secs(20),
            budget: 500,
        }
    }
}

impl Retry {
    /// Never sends anything again.
    pub fn never() -> Self {
        Self { attempts: 1, ..Self::default() }
    }
    /// Goes on for ever, as long as a failure is one that passes: 429, 5xx, no connection.
    pub fn forever() -> Self {
        Self { attempts: u32::MAX, deadline: Duration::MAX, budget: u32::MAX, ..Self::default() }
    }
    /// How many times a call is sent at most; 3 if not given.
    pub fn max_attempts(mut self, count: u32) -> Self {
        self.attempts = count.max(1);
        self
    }
    /// How long a call may take with all its tries; 120 s if not given. Waiting for a rate limit is not counted.
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.deadline = limit;
        self
    }
    /// Up to how much is waited after the first failure, doubled with each further one; 50 ms if not given.
    pub fn initial_backoff(mut self, wait: Duration) -> Self {
        self.base = wait;
        self
    }
    /// The longest wait between two tries that the server did not ask for; 20 s if not given.
    pub fn max_backoff(mut self, wait: Duration) -> Self {
        self.longest = wait;
        self
    }

    /// How long to wait before the next try, after so many.
    pub(crate) fn wait(&self, cause: Cause, tries: u32, clock: &dyn Clock) -> Duration {
        let base = if cause.throttled { self.throttled_base } else { self.base };
        let ceiling = base.saturating_mul(1_u32.checked_shl(tries.saturating_sub(1)).unwrap_or(u32::MAX));
        part_of(clock, ceiling.min(self.longest)).max(cause.asked.unwrap_or_default())
    }
}

/// Why a call may be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cause {
    /// The server is busy, and said so.
    throttled: bool,
    /// How long it wants us to wait.
    asked: Option<Duration>,
}

impl Cause {
    const TRANSIENT: Self = Self { throttled: false, asked: None };

    /// What another try takes from the budget.
    fn price(self) -> u32 {
        if self.throttled { 5 } else { 14 }
    }
}

/// Whether what came of a call may be mended by sending it again. Rate limits are the limiter's concern.
pub(crate) fn classify(repeat: Idempotency, result: &Result<RawResponse, TransportError>) -> Option<Cause> {
    match result {
        Err(failure) => match failure.kind {
            TransportErrorKind::Connect => Some(Cause::TRANSIENT),
            TransportErrorKind::ConnectionLost | TransportErrorKind::Timeout => {
                (repeat != Idempotency::NonIdempotent || !failure.may_have_arrived).then_some(Cause::TRANSIENT)
            }
            _ => None,
        },
        Ok(answer) => {
            let asked = answer.retry_after();
            match answer.status.as_u16() {
                429 if answer.error_kind() == Some(ErrorKind::RateLimited) => Some(Cause { throttled: true, asked }),
                503 if repeat != Idempotency::NonIdempotent => Some(Cause { throttled: true, asked }),
                500 | 502 | 504 if repeat != Idempotency::NonIdempotent => Some(Cause { throttled: false, asked }),
                _ => None,
            }
        }
    }
}

/// What is left for further tries, by host. A server that fails all the time is not made to fail three times as much.
#[derive(Debug, Default)]
pub(crate) struct Budgets(Mutex<HashMap<String, u32>>);

impl Budgets {
    /// Takes the price of another try, if it is there.
    pub(crate) fn take(&self, policy: &Retry, host: &str, cause: Cause) -> bool {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let left = left.entry(host.to_owned()).or_insert(policy.budget);
        match left.checked_sub(cause.price()) {
            Some(rest) => {
                *left = rest;
                true
            }
            None => false,
        }
    }

    /// Gives some back, since a call went well.
    pub(crate) fn give_back(&self, policy: &Retry, host: &str, spent: u32) {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(left) = left.get_mut(host) {
            *left = (*left + spent.max(1)).min(policy.budget);
        }
    }
}

impl Cause {
    /// What a successful try after this cause gives back.
    pub(crate) fn refund(self) -> u32 {
        self.price()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;

    #[test]
    fn waits_are_random_and_bounded() {
        let policy = Retry::default();
        for (cause, base) in [(Cause::TRANSIENT, 0.05), (Cause { throttled: true, asked: None }, 1.0)] {
            for tries in 1..=12_u32 {
                let ceiling = (base * f64::from(1_u32 << (tries - 1))).min(20.0);
                let waits: Vec<f64> =
                    (0..4_000).map(|_| policy.wait(cause, tries, &SystemClock).as_secs_f64()).collect();
                let mean = waits.iter().sum::<f64>() / 4_000.0;
                assert!(waits.iter().all(|wait| *wait <= ceiling), "{tries}");
                assert!((mean / (ceiling / 2.0) - 1.0).abs() < 0.06, "{tries}: {mean} of {ceiling}");
            }
        }
        let asked = Cause { throttled: true, asked: Some(Duration::from_secs(30)) };
        assert_eq!(policy.wait(asked, 1, &SystemClock), Duration::from_secs(30));
        assert!(policy.wait(Cause::TRANSIENT, 400, &SystemClock) <= Duration::from_secs(20), "no overflow");
    }

    #[test]
    fn a_host_that_always_fails_gets_few_more_tries() {
        let (policy, budgets) = (Retry::default(), Budgets::default());
        let extra = (0..10_000).filter(|_| budgets.take(&policy, "a", Cause::TRANSIENT)).count();
        assert_eq!(extra, 35);
        assert!(budgets.take(&policy, "b", Cause::TRANSIENT), "each host has its own");
        for _ in 0..14 {
            budgets.give_back(&policy, "a", 1);
        }
        assert!(budgets.take(&policy, "a", Cause::TRANSIENT));
    }
}
