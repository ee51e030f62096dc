//! How fast lines come, and whether that has changed much.

use std::time::Duration;

/// Over how long a rate is taken.
const SPAN: Duration = Duration::from_secs(10);
/// What share a new span has in what is usual.
const SHARE: f64 = 0.1;
/// How many times more or less is a change: X has peaks of five to ten times the usual.
const CHANGED: f64 = 5.0;
/// Below so many lines a second nothing is a peak.
const LEAST: f64 = 1.0;

/// Measures how many lines come in a second.
#[derive(Debug, Default)]
pub(super) struct RateMonitor {
    since: Option<Duration>,
    lines: u64,
    usual: Option<f64>,
}

impl RateMonitor {
    /// Forgets what was usual: another connection may bring the past, or nothing for a while.
    pub(super) fn begin(&mut self) {
        (self.since, self.lines) = (None, 0);
    }

    /// Counts lines at this moment; the rate and what was usual before, if it has changed much.
    pub(super) fn count(&mut self, lines: u64, now: Duration) -> Option<(f64, f64)> {
        let since = *self.since.get_or_insert(now);
        self.lines += lines;
        let passed = now.saturating_sub(since);
        if passed < SPAN {
            return None;
        }
        let rate = self.lines as f64 / passed.as_secs_f64();
        (self.since, self.lines) = (Some(now), 0);
        let usual = self.usual.replace(rate)?;
        let changed = rate.max(usual) >= LEAST && (rate >= usual * CHANGED || rate * CHANGED <= usual);
        if changed {
            // The new rate is what is usual from now on.
            return Some((rate, usual));
        }
        self.usual = Some(usual + (rate - usual) * SHARE);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_told_once_and_noise_never() {
        let mut pace = RateMonitor::default();
        let mut told = Vec::new();
        for second in 0..3_000_u64 {
            let lines = match second {
                1_000..2_000 => 600,
                _ => 60 + second % 50,
            };
            told.extend(pace.count(lines, Duration::from_secs(second)).map(|(rate, usual)| (second, rate > usual)));
        }
        assert!(matches!(told[..], [(1_000..1_020, true), (2_000..2_020, false)]), "{told:?}");
        let mut quiet = RateMonitor::default();
        assert!(
            (0..1_000).all(|second| quiet.count(u64::from(second % 40 == 0), Duration::from_secs(second)).is_none())
        );
    }
}
