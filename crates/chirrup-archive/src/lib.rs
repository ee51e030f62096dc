//! Collecting posts in a way that survives a crash: checkpoints and sinks.
//!
//! A [`StreamFile`] keeps what a live stream brings, a line each, and knows where to go on after it was stopped, killed, or
//! the machine lost its power. What is never lost once [`StreamFile::commit`] has returned: a line that was written, the
//! record of a gap, a line that could not be read, and the checkpoint. What X sent while nobody listened is asked for again
//! as far back as the access allows; what lies further back is lost, and told of.
#![warn(missing_docs)]

mod lines;
mod stream;

pub use lines::LineFile;
pub use stream::StreamFile;
