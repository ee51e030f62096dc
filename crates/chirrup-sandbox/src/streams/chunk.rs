//! Parts of the body of a live stream.

use bytes::Bytes;

/// Part of the body of a live stream.
#[derive(Debug)]
pub(crate) enum StreamChunk {
    Data(Bytes),
    /// Closes the connection in the middle of the body.
    Abort,
}
