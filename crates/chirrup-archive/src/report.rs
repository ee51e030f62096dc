//! Gaps and undecodable lines of a source.

use chirrup_model::Timestamp;

/// Gaps and undecodable lines that a source reports besides its items.
#[derive(Debug, Default)]
pub struct Report {
    /// Lines that could not be decoded, as JSON, and why.
    pub problems: Vec<(String, String)>,
    /// Parts of a stream that were missed at first.
    pub gaps: Vec<Gap>,
}

/// Part of a stream that was missed at first.
#[derive(Debug)]
pub struct Gap {
    /// Start of the gap, if its times are known.
    pub from: Option<Timestamp>,
    /// End of the gap.
    pub to: Option<Timestamp>,
    /// Reason for the gap.
    pub cause: String,
    /// How the gap was filled, as JSON.
    pub filled: String,
}
