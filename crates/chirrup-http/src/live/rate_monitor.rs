//! The rate of lines in a stream, and the detection of sudden changes.

use std::time::Duration;

/// Length of a measurement.
const INTERVAL: Duration = Duration::from_secs(10);
/// Weight of a new measurement in the moving average.
const WEIGHT: f64 = 0.1;
/// Factor from which a rate counts as changed. Peaks of X are five to ten times the usual rate.
const CHANGE_FACTOR: f64 = 5.0;
/// Lines per second below which no change is reported.
const MIN_RATE: f64 = 1.0;

/// Measures the lines per second of a stream.
#[derive(Debug, Default)]
pub(super) struct RateMonitor {
    since: Option<Duration>,
    lines: u64,
    average: Option<f64>,
}

impl RateMonitor {
    /// Discards the current measurement, since a new connection may start with backfill or with a pause.
    pub(super) fn reset(&mut self) {
        (self.since, self.lines) = (None, 0);
    }

    /// Records lines that arrived at this time: after the end of a measurement, they belong to the next one. Returns the
    /// new rate and the previous one if it has changed suddenly.
    pub(super) fn record(&mut self, lines: u64, now: Duration) -> Option<(f64, f64)> {
        let since = *self.since.get_or_insert(now);
        let passed = now.saturating_sub(since);
        if passed < INTERVAL {
            self.lines += lines;
            return None;
        }
        let rate = self.lines as f64 / passed.as_secs_f64();
        (self.since, self.lines) = (Some(now), lines);
        let average = self.average.replace(rate)?;
        let changed =
            rate.max(average) >= MIN_RATE && (rate >= average * CHANGE_FACTOR || rate * CHANGE_FACTOR <= average);
        if changed {
            // The new rate has become the average.
            return Some((rate, average));
        }
        self.average = Some(average + (rate - average) * WEIGHT);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_reported_once_and_noise_never() {
        let mut monitor = RateMonitor::default();
        let mut changes = Vec::new();
        for second in 0..3_000_u64 {
            let lines = match second {
                1_000..2_000 => 600,
                _ => 60 + second % 50,
            };
            let change = monitor.record(lines, Duration::from_secs(second));
            changes.extend(change.map(|(rate, before)| (second, rate > before)));
        }
        assert!(matches!(changes[..], [(1_000..1_020, true), (2_000..2_020, false)]), "{changes:?}");
        let mut quiet = RateMonitor::default();
        assert!(
            (0..1_000).all(|second| quiet.record(u64::from(second % 40 == 0), Duration::from_secs(second)).is_none())
        );
    }
}
