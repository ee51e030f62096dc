//! The retry policy: which failures are retried, the backoff between attempts, and a retry budget per host.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chirrup_api::{ErrorKind, Idempotency, RawResponse, TransportError, TransportErrorKind};

use crate::clock::{Clock, jitter};

/// A retry policy: how often, for how long and at what intervals a failed call is sent again.
///
/// Reads and idempotent writes are retried after a lost connection, a timeout, or the status 408, 500, 502, 503, 504 or 520
/// to 530. A write that is not
/// idempotent, such as creating a post, is retried only if the server cannot have processed it: the connection was not
/// established, or the server answered 421, 425 or 429. The wait before each retry is random, and its upper bound doubles with each
/// attempt. A `retry-after` header of the server is always respected. A budget per host prevents retries from
/// multiplying the load on a server that keeps failing.
///
/// ```
/// use std::time::Duration;
/// use chirrup_http::Retry;
///
/// let retry = Retry::default().max_attempts(5).deadline(Duration::from_secs(300));
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Retry {
    pub(crate) max_attempts: u32,
    pub(crate) deadline: Duration,
    initial_backoff: Duration,
    throttled_backoff: Duration,
    max_backoff: Duration,
    /// Wait before each retry, in place of the random one.
    fixed_backoff: Option<Duration>,
    /// Statuses that are retried; `None` for all transient ones.
    statuses: Option<Vec<u16>>,
    budget: u32,
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            max_attempts: 3,
            deadline: Duration::from_secs(120),
            initial_backoff: Duration::from_millis(50),
            throttled_backoff: Duration::from_secs(1),
            max_backoff: Duration::from_secs(20),
            fixed_backoff: None,
            statuses: None,
            budget: 500,
        }
    }
}

impl Retry {
    /// Returns a policy that never retries.
    pub fn never() -> Self {
        Self { max_attempts: 1, ..Self::default() }
    }
    /// Returns a policy that retries without limit as long as a failure is transient: 429, 5xx or a network failure.
    pub fn forever() -> Self {
        Self { max_attempts: u32::MAX, deadline: Duration::MAX, budget: u32::MAX, ..Self::default() }
    }
    /// Sets the maximum number of attempts, including the first. The default is 3, the minimum 1.
    pub fn max_attempts(mut self, count: u32) -> Self {
        self.max_attempts = count.max(1);
        self
    }
    /// Sets the time limit of a call over all its attempts. The default is 120 seconds. Waits for rate limits do not
    /// count.
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.deadline = limit;
        self
    }
    /// Sets the longest wait after the first failure; it doubles with each further failure. The default is 50
    /// milliseconds.
    pub fn initial_backoff(mut self, wait: Duration) -> Self {
        self.initial_backoff = wait;
        self
    }
    /// Sets the longest wait between two attempts that the server did not ask for. The default is 20 seconds.
    pub fn max_backoff(mut self, wait: Duration) -> Self {
        self.max_backoff = wait;
        self
    }

    /// Sets the wait before every retry, without randomness, unless the server asks for a longer one. By default, the wait
    /// is random and grows.
    pub fn fixed_backoff(mut self, wait: Duration) -> Self {
        self.fixed_backoff = Some(wait);
        self
    }
    /// Sets the statuses after which a call is sent again, such as 429, 502, 503 and 504. The default is every status of a
    /// transient failure; other statuses are never retried. Lost connections and timeouts are not affected.
    pub fn statuses(mut self, statuses: impl IntoIterator<Item = u16>) -> Self {
        self.statuses = Some(statuses.into_iter().collect());
        self
    }

    /// Returns whether the policy retries after this result.
    pub(crate) fn covers(&self, result: &Result<RawResponse, TransportError>) -> bool {
        match (&self.statuses, result) {
            (Some(statuses), Ok(response)) => statuses.contains(&response.status.as_u16()),
            _ => true,
        }
    }

    /// Returns the wait after this many attempts.
    pub(crate) fn backoff(&self, cause: RetryCause, attempts: u32, clock: &dyn Clock) -> Duration {
        if let Some(wait) = self.fixed_backoff {
            return wait.max(cause.retry_after.unwrap_or_default());
        }
        let base = if cause.throttled { self.throttled_backoff } else { self.initial_backoff };
        let ceiling = base.saturating_mul(1_u32.checked_shl(attempts.saturating_sub(1)).unwrap_or(u32::MAX));
        jitter(clock, ceiling.min(self.max_backoff)).max(cause.retry_after.unwrap_or_default())
    }
}

/// Reason why a call may be retried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RetryCause {
    /// Whether the server said that it is overloaded.
    throttled: bool,
    /// The wait that the server asked for.
    retry_after: Option<Duration>,
}

impl RetryCause {
    const TRANSIENT: Self = Self { throttled: false, retry_after: None };

    /// What a retry takes from the budget, and a success after it gives back.
    fn cost(self) -> u32 {
        if self.throttled { 5 } else { 14 }
    }
}

/// Returns why a call may be retried, or `None` if a retry is unsafe or pointless. Exhausted rate limits are left to the
/// limiter.
pub(crate) fn classify(idempotency: Idempotency, result: &Result<RawResponse, TransportError>) -> Option<RetryCause> {
    let repeatable = idempotency != Idempotency::NonIdempotent;
    match result {
        Err(error) => match error.kind {
            TransportErrorKind::Connect => Some(RetryCause::TRANSIENT),
            TransportErrorKind::ConnectionLost | TransportErrorKind::Timeout => {
                (repeatable || !error.may_have_arrived).then_some(RetryCause::TRANSIENT)
            }
            _ => None,
        },
        Ok(response) if response.status.is_success() => None,
        Ok(response) => {
            let retry_after = response.retry_after();
            match response.status.as_u16() {
                429 if response.error_kind() == Some(ErrorKind::RateLimited) => {
                    Some(RetryCause { throttled: true, retry_after })
                }
                // Misdirected and too early: the server did not process the request.
                421 | 425 => Some(RetryCause { throttled: false, retry_after }),
                503 | 529 if repeatable => Some(RetryCause { throttled: true, retry_after }),
                // 520 to 530 are of the network edge in front of the API.
                408 | 500 | 502 | 504 | 520..=530 if repeatable => Some(RetryCause { throttled: false, retry_after }),
                _ => None,
            }
        }
    }
}

/// Retry budgets by host, so that a server that keeps failing does not receive a multiple of its usual load.
#[derive(Debug, Default)]
pub(crate) struct RetryBudgets(Mutex<HashMap<String, u32>>);

impl RetryBudgets {
    /// Withdraws the cost of a retry. Returns false if the budget of the host does not cover it.
    pub(crate) fn withdraw(&self, policy: &Retry, host: &str, cause: RetryCause) -> bool {
        let mut budgets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let left = budgets.entry(host.to_owned()).or_insert(policy.budget);
        match left.checked_sub(cause.cost()) {
            Some(rest) => {
                *left = rest;
                true
            }
            None => false,
        }
    }

    /// Pays back after a successful call: the cost of the retry that led to it, or 1 if there was none.
    pub(crate) fn refund(&self, policy: &Retry, host: &str, cause: Option<RetryCause>) {
        let mut budgets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(left) = budgets.get_mut(host) {
            *left = (*left + cause.map_or(1, RetryCause::cost)).min(policy.budget);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;

    #[test]
    fn backoff_is_random_and_bounded() {
        let policy = Retry::default();
        for (cause, base) in [(RetryCause::TRANSIENT, 0.05), (RetryCause { throttled: true, retry_after: None }, 1.0)] {
            for attempts in 1..=12_u32 {
                let ceiling = (base * f64::from(1_u32 << (attempts - 1))).min(20.0);
                let waits: Vec<f64> =
                    (0..4_000).map(|_| policy.backoff(cause, attempts, &SystemClock).as_secs_f64()).collect();
                let mean = waits.iter().sum::<f64>() / 4_000.0;
                assert!(waits.iter().all(|wait| *wait <= ceiling), "{attempts}");
                assert!((mean / (ceiling / 2.0) - 1.0).abs() < 0.06, "{attempts}: {mean} of {ceiling}");
            }
        }
        let asked = RetryCause { throttled: true, retry_after: Some(Duration::from_secs(30)) };
        assert_eq!(policy.backoff(asked, 1, &SystemClock), Duration::from_secs(30));
        let late = policy.backoff(RetryCause::TRANSIENT, 400, &SystemClock);
        assert!(late <= Duration::from_secs(20), "no overflow");
    }

    #[test]
    fn a_host_that_keeps_failing_gets_few_retries() {
        let (policy, budgets) = (Retry::default(), RetryBudgets::default());
        let retries = (0..10_000).filter(|_| budgets.withdraw(&policy, "a", RetryCause::TRANSIENT)).count();
        assert_eq!(retries, 35);
        assert!(budgets.withdraw(&policy, "b", RetryCause::TRANSIENT), "each host has its own budget");
        for _ in 0..14 {
            budgets.refund(&policy, "a", None);
        }
        assert!(budgets.withdraw(&policy, "a", RetryCause::TRANSIENT));
    }
}
