//! Syntax of IDs and usernames.

/// Reads 1 to 19 decimal digits.
#[doc(hidden)]
pub fn decimal(text: &str) -> Option<u64> {
    let fits = (1..=19).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if fits { text.parse().ok() } else { None }
}

/// Returns whether a text is 1 to 15 letters, digits and underscores.
pub(crate) fn is_username(text: &str) -> bool {
    (1..=15).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}
