//! Files that record a live stream and survive crashes.
//!
//! A [`StreamFile`] stores the items of a stream, one JSON line each, together with a checkpoint from which a restarted
//! program resumes. After [`StreamFile::commit`] returns, its lines, gap records, undecodable lines and checkpoint
//! survive the end of the program and a power failure. What X sent while the program was not running is requested again
//! as far back as the access tier allows; the rest is recorded as a lost gap.
#![warn(missing_docs)]

mod lines;
mod stream;

pub use lines::LineFile;
pub use stream::StreamFile;
