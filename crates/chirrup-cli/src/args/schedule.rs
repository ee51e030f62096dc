//! Arguments of collections that continue with what is newer.

use std::time::Duration;

use clap::Args as ClapArgs;
use clap::error::ErrorKind;

use super::lines::TIMES;

/// When a complete collection continues with what is newer than its results.
#[derive(Debug, Clone, Copy, Default, ClapArgs)]
pub(crate) struct ScheduleArgs {
    /// Collect what is newer than the stored results, too
    #[arg(long)]
    update: bool,
    /// Repeat --update at this interval, such as 15m, 1h or 1d
    #[arg(long, value_name = "TIME", value_parser = interval)]
    pub(crate) every: Option<Duration>,
    /// Number of repetitions of --every [default: no limit]
    #[arg(long, value_name = "NUMBER")]
    pub(crate) times: Option<u64>,
}

impl ScheduleArgs {
    /// Refuses a number of repetitions without their interval, which the description of a collection may have.
    pub(crate) fn check(self) -> Result<(), clap::Error> {
        match self.times.is_some() && self.every.is_none() {
            true => Err(clap::Error::raw(ErrorKind::MissingRequiredArgument, "--times needs --every\n")),
            false => Ok(()),
        }
    }

    /// Whether an option is given.
    pub(crate) fn is_given(self) -> bool {
        self.updates() || self.times.is_some()
    }

    /// Whether a complete collection continues.
    pub(crate) fn updates(self) -> bool {
        self.update || self.every.is_some()
    }
}

/// Parses the interval of a schedule.
fn interval(text: &str) -> Result<Duration, String> {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = text[..text.len() - unit.len()].parse::<u64>().ok().filter(|number| *number > 0);
    let units = [("s", 1)].into_iter().chain(TIMES);
    let seconds = units.filter(|(name, _)| *name == unit).find_map(|(_, seconds)| number?.checked_mul(seconds));
    let is_in_reach = |seconds: &u64| *seconds <= MAX_INTERVAL;
    let expected = || "expected a time (s, m, h, d) of at most 366 days, such as 15m".to_owned();
    seconds.filter(is_in_reach).map(Duration::from_secs).ok_or_else(expected)
}

/// Longest interval in seconds.
const MAX_INTERVAL: u64 = 366 * 86_400;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_whole_numbers_of_a_unit() {
        for (text, seconds) in [("1s", 1), ("15m", 900), ("2h", 7_200), ("1d", 86_400), ("366d", MAX_INTERVAL)] {
            assert_eq!(interval(text), Ok(Duration::from_secs(seconds)));
        }
        for wrong in ["", "s", "0s", "5", "1.5h", "-1d", "1w", "1M", "367d", "99999999999999999999d"] {
            assert!(interval(wrong).is_err(), "{wrong}");
        }
    }
}
