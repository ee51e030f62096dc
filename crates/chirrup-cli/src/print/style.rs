//! Styles, times and counts.

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
}
