//! How long to wait before the next connection: three ladders, as X asks for them.

use std::time::Duration;

use crate::clock::{Clock, part_of};

/// The longest waits.
const NETWORK: Duration = Duration::from_secs(16);
const SERVER: Duration = Duration::from_secs(320);
const RATE: Duration = Duration::from_secs(900);

/// Why a connection fell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DisconnectCause {
    /// It broke, or did not come about.
    Network,
    /// The server failed, or sent us away twice without a line between.
    Server,
    /// Too many calls or connections; the server may say how long to wait.
    Rate(Option<Duration>),
}

/// Counts failures in a row, and forgets them with the first byte that comes.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    failures: u32,
    network: u32,
    server: u32,
    rate: u32,
    /// Whether the longest wait was reached.
    reached: bool,
}

impl Backoff {
    pub(super) fn failures(&self) -> u32 {
        self.failures
    }

    /// A byte came.
    pub(super) fn alive(&mut self) {
        *self = Self::default();
    }

    /// How long to wait: what X asks for, and up to a tenth more; and whether it cannot become longer since now.
    pub(super) fn fall(&mut self, fall: DisconnectCause, clock: &dyn Clock) -> (Duration, bool) {
        let wait = self.step(fall);
        let longest = match fall {
            DisconnectCause::Network => NETWORK,
            DisconnectCause::Server => SERVER,
            DisconnectCause::Rate(_) => RATE,
        };
        let reached = wait >= longest && !std::mem::replace(&mut self.reached, wait >= longest);
        (wait + part_of(clock, wait / 10), reached)
    }

    fn step(&mut self, fall: DisconnectCause) -> Duration {
        self.failures += 1;
        let doubled = |base: u64, n: u32, most: Duration| {
            Duration::from_secs(base.saturating_mul(1 << (n - 1).min(20))).min(most)
        };
        match fall {
            DisconnectCause::Network => {
                self.network += 1;
                (Duration::from_millis(250) * (self.network - 1)).min(NETWORK)
            }
            DisconnectCause::Server => {
                self.server += 1;
                doubled(5, self.server, SERVER)
            }
            DisconnectCause::Rate(asked) => {
                self.rate += 1;
                doubled(60, self.rate, RATE).max(asked.unwrap_or_default().min(RATE))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;

    #[test]
    fn each_failure_has_its_ladder() {
        let seconds = |fall, count| {
            let mut ladder = Backoff::default();
            (0..count).map(|_| ladder.step(fall).as_secs_f64()).collect::<Vec<_>>()
        };
        assert_eq!(seconds(DisconnectCause::Network, 4), [0.0, 0.25, 0.5, 0.75]);
        assert_eq!(seconds(DisconnectCause::Server, 9), [5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 320.0, 320.0, 320.0]);
        assert_eq!(seconds(DisconnectCause::Rate(None), 6), [60.0, 120.0, 240.0, 480.0, 900.0, 900.0]);
        assert_eq!(seconds(DisconnectCause::Rate(Some(Duration::from_secs(700))), 2), [700.0, 700.0]);
        assert_eq!(seconds(DisconnectCause::Network, 100).last(), Some(&16.0));
        let mut ladder = Backoff::default();
        for n in 1..=100 {
            let least = Backoff { network: n - 1, ..Backoff::default() }.step(DisconnectCause::Network);
            let (wait, longest) = ladder.fall(DisconnectCause::Network, &SystemClock);
            assert!(wait >= least && wait <= least.mul_f64(1.1), "{n}: {wait:?}");
            assert_eq!(longest, n == 65, "it is said once: {n}");
        }
        ladder.alive();
        assert_eq!((ladder.failures(), ladder.step(DisconnectCause::Network)), (0, Duration::ZERO));
    }
}
