//! What the sandbox does wrong when it is asked to.

use std::time::Duration;

/// Something to do wrong, once.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Fault {
    /// Answers with this instead.
    Answer {
        /// The HTTP status.
        status: u16,
        /// The media type.
        content_type: &'static str,
        /// The body.
        body: Vec<u8>,
    },
    /// Does what was asked, and closes the connection instead of answering.
    CutAfter,
    /// Closes the connection without doing anything.
    Cut,
    /// Breaks off in the middle of the body.
    CutBody,
    /// Waits this long before it answers.
    Stall(Duration),
}
