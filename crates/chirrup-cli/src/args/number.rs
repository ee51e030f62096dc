//! Numbers on the command line.

use std::num::IntErrorKind::{NegOverflow, PosOverflow};
use std::str::FromStr;

/// Parses a number, with an error message for people.
pub(super) fn whole_number<T: FromStr<Err = std::num::ParseIntError>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|why: std::num::ParseIntError| match why.kind() {
        PosOverflow | NegOverflow => "the number is out of range".to_owned(),
        _ => "expected a whole number".to_owned(),
    })
}

/// Parses a maximum number of results; `all` is no maximum.
pub(super) fn limit(text: &str) -> Result<usize, String> {
    if text == "all" { Ok(usize::MAX) } else { whole_number(text) }
}
