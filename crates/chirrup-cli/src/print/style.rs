//! Styles, times and counts.

use std::time::Duration;

use anstyle::Style;
use chirrup::model::Timestamp;

/// Adds a style to a text.
pub(super) fn styled(text: &str, style: Style, enabled: bool) -> String {
    if enabled { format!("{style}{text}{style:#}") } else { text.to_owned() }
}

/// Formats a time in UTC as `2026-01-31 12:00`.
pub(crate) fn to_the_minute(time: Timestamp) -> String {
    time.to_string().chars().take(16).map(|c| if c == 'T' { ' ' } else { c }).collect()
}

/// Formats a time as its distance to `now`, or as a date if that is more than a week.
pub(super) fn ago(time: Timestamp, now: Timestamp) -> String {
    let minutes = (now.as_millis() - time.as_millis()) / 60_000;
    match minutes {
        0 => "just now".to_owned(),
        1..60 => format!("{minutes} min ago"),
        60..1_440 => format!("{} h ago", minutes / 60),
        1_440..10_080 => format!("{} d ago", minutes / 1_440),
        _ => time.to_date(),
    }
}

/// Formats a number with its noun: `1 rule`, `2 rules`.
pub(crate) fn plural(count: u64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// Formats a duration by its two largest units: `45 s`, `15 min`, `3 h 15 min`, `2 d`.
pub(crate) fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let units = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")];
    let first = units.iter().position(|(length, _)| seconds >= *length).unwrap_or(3);
    let mut rest = seconds;
    let mut parts = Vec::new();
    for (length, unit) in units.iter().skip(first).take(2) {
        parts.push((rest / length, unit));
        rest %= length;
    }
    let shown = parts.iter().enumerate().filter(|(index, (number, _))| *index == 0 || *number > 0);
    shown.map(|(_, (number, unit))| format!("{number} {unit}")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_relative_for_a_week() {
        let now: Timestamp = "2026-01-31T12:00:00Z".parse().unwrap();
        for (time, words) in [
            ("2026-01-31T11:59:30Z", "just now"),
            ("2026-01-31T11:18:00Z", "42 min ago"),
            ("2026-01-30T13:00:00Z", "23 h ago"),
            ("2026-01-25T12:00:00Z", "6 d ago"),
            ("2026-01-24T11:00:00Z", "2026-01-24"),
            ("2027-01-01T00:00:00Z", "2027-01-01"),
        ] {
            assert_eq!(ago(time.parse().unwrap(), now), words);
        }
    }

    #[test]
    fn durations_have_at_most_two_units() {
        for (seconds, words) in [
            (0, "0 s"),
            (45, "45 s"),
            (900, "15 min"),
            (905, "15 min 5 s"),
            (11_700, "3 h 15 min"),
            (11_705, "3 h 15 min"),
            (86_400, "1 d"),
            (200_000, "2 d 7 h"),
        ] {
            assert_eq!(duration(Duration::from_secs(seconds)), words);
        }
    }
}
