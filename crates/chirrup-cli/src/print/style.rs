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

/// Formats a number with its noun: `1 rule`, `2 rules`.
pub(crate) fn plural(count: u64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}
