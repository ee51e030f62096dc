//! Words of a query that look like flags.

use std::convert::Infallible;

/// Mark of a word of a query that looks like a flag, such as `-is:reply`.
pub(crate) const MARK: char = '\u{1}';

/// Parses a word of a query, which may be marked.
#[expect(clippy::unnecessary_wraps, reason = "clap expects a result")]
pub(crate) fn query_word(word: &str) -> Result<String, Infallible> {
    Ok(word.strip_prefix(MARK).unwrap_or(word).to_owned())
}
