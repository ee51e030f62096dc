//! Waits between connections: three sequences, as X's streaming documentation asks for.

use std::time::Duration;

use crate::clock::{Clock, jitter};

/// Longest wait after network failures.
const MAX_NETWORK: Duration = Duration::from_secs(16);
/// Longest wait after server failures.
const MAX_SERVER: Duration = Duration::from_secs(320);
/// Longest wait after rate limits.
const MAX_RATE_LIMITED: Duration = Duration::from_secs(900);

/// Cause of a disconnect, which selects the sequence of waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DisconnectCause {
    /// The connection was lost or not established.
    Network,
    /// The server failed, or disconnected the stream before it sent a line.
    Server,
    /// Too many calls or connections, and the wait that the server asked for.
    RateLimited(Option<Duration>),
}

/// Counts failures in a row, until data arrives.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    failures: u32,
    network: u32,
    server: u32,
    rate_limited: u32,
    /// Whether a wait has been the longest of its sequence.
    reached_longest: bool,
}

impl Backoff {
    pub(super) fn failures(&self) -> u32 {
        self.failures
    }

    /// Starts over, after data has arrived.
    pub(super) fn reset(&mut self) {
        *self = Self::default();
    }

    /// Returns the next wait, which is that of the sequence plus up to 10 %, and whether it is the first of the longest
    /// waits.
    pub(super) fn next_wait(&mut self, cause: DisconnectCause, clock: &dyn Clock) -> (Duration, bool) {
        let wait = self.step(cause);
        let longest = match cause {
            DisconnectCause::Network => MAX_NETWORK,
            DisconnectCause::Server => MAX_SERVER,
            DisconnectCause::RateLimited(_) => MAX_RATE_LIMITED,
        };
        let reached = wait >= longest && !std::mem::replace(&mut self.reached_longest, true);
        (wait + jitter(clock, wait / 10), reached)
    }

    fn step(&mut self, cause: DisconnectCause) -> Duration {
        self.failures += 1;
        let doubled =
            |base: u64, n: u32, max: Duration| Duration::from_secs(base.saturating_mul(1 << (n - 1).min(20))).min(max);
        match cause {
            DisconnectCause::Network => {
                self.network += 1;
                (Duration::from_millis(250) * (self.network - 1)).min(MAX_NETWORK)
            }
            DisconnectCause::Server => {
                self.server += 1;
                doubled(5, self.server, MAX_SERVER)
            }
            DisconnectCause::RateLimited(retry_after) => {
                self.rate_limited += 1;
                doubled(60, self.rate_limited, MAX_RATE_LIMITED)
                    .max(retry_after.unwrap_or_default().min(MAX_RATE_LIMITED))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;

    #[test]
    fn each_cause_has_its_sequence_of_waits() {
        let seconds = |cause, count| {
            let mut backoff = Backoff::default();
            (0..count).map(|_| backoff.step(cause).as_secs_f64()).collect::<Vec<_>>()
        };
        assert_eq!(seconds(DisconnectCause::Network, 4), [0.0, 0.25, 0.5, 0.75]);
        assert_eq!(seconds(DisconnectCause::Server, 9), [5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 320.0, 320.0, 320.0]);
        assert_eq!(seconds(DisconnectCause::RateLimited(None), 6), [60.0, 120.0, 240.0, 480.0, 900.0, 900.0]);
        let asked = DisconnectCause::RateLimited(Some(Duration::from_secs(700)));
        assert_eq!(seconds(asked, 2), [700.0, 700.0]);
        assert_eq!(seconds(DisconnectCause::Network, 100).last(), Some(&16.0));
        let mut backoff = Backoff::default();
        for n in 1..=100 {
            let least = Backoff { network: n - 1, ..Backoff::default() }.step(DisconnectCause::Network);
            let (wait, reached_longest) = backoff.next_wait(DisconnectCause::Network, &SystemClock);
            assert!(wait >= least && wait <= least.mul_f64(1.1), "{n}: {wait:?}");
            assert_eq!(reached_longest, n == 65, "reported once: {n}");
        }
        backoff.reset();
        assert_eq!((backoff.failures(), backoff.step(DisconnectCause::Network)), (0, Duration::ZERO));
    }
}
