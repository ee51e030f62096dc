//! The framer of streams finds the same frames, however the bytes are divided into chunks.

use bytes::Bytes;
use chirrup_api::internal::{Frame, LineFramer};

/// Length of the longest line.
const LONGEST: usize = 64;

/// Frames the input as a whole and in chunks, whose lengths are taken from the input itself.
pub fn run(input: &[u8]) {
    let mut whole = Vec::new();
    LineFramer::new(LONGEST).push(Bytes::copy_from_slice(input), &mut whole);
    let (mut chunked, mut framer, mut rest) = (Vec::new(), LineFramer::new(LONGEST), input);
    while let Some(first) = rest.first() {
        let (chunk, after) = rest.split_at((usize::from(*first) % 7 + 1).min(rest.len()));
        framer.push(Bytes::copy_from_slice(chunk), &mut chunked);
        rest = after;
    }
    assert_eq!(whole, chunked);
    let lines = whole.iter().filter_map(Frame::line);
    assert!(lines.clone().all(|line| line.len() <= LONGEST && !line.is_empty() && !line.contains(&b'\n')));
    assert_eq!(whole.len(), input.iter().filter(|byte| **byte == b'\n').count(), "one frame for each line end");
}
