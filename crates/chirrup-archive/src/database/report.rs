//! Gaps and undecodable lines of a source.

use chirrup_model::Timestamp;

/// What a source reports besides its items.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// Lines that could not be decoded, as JSON, and why.
    pub(crate) problems: Vec<(String, String)>,
    pub(crate) gaps: Vec<GapRow>,
}

/// Part of a stream that was missed at first.
#[derive(Debug)]
pub(crate) struct GapRow {
    pub(crate) from: Option<Timestamp>,
    pub(crate) to: Option<Timestamp>,
    pub(crate) cause: String,
    /// How the gap was filled, as JSON.
    pub(crate) filled: String,
}
