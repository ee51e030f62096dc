//! Splitting of a byte stream into lines.

use bytes::{Bytes, BytesMut};

use crate::client::stream_settings::RawLine;

/// A frame of a stream of lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// A line, never empty.
    Line(RawLine),
    /// An empty line, which is a keep-alive.
    KeepAlive,
    /// A line that was dropped because it was too long; the value is its length in bytes.
    TooLong(u64),
}

impl Frame {
    /// Returns the line, if the frame is one.
    pub fn line(&self) -> Option<&[u8]> {
        match self {
            Self::Line(line) => Some(&line.bytes),
            _ => None,
        }
    }

    /// Returns the line for modification, if the frame is one.
    pub fn line_mut(&mut self) -> Option<&mut RawLine> {
        match self {
            Self::Line(line) => Some(line),
            _ => None,
        }
    }
}

/// Splits bytes into lines at each `\n` and removes a `\r` before it. A chunk may end within a character. A line that is
/// longer than the maximum is dropped while it arrives.
#[derive(Debug)]
pub struct LineFramer {
    begun: BytesMut,
    most: usize,
    /// Number of dropped bytes of a line that is too long.
    skipped: u64,
}

impl LineFramer {
    /// Creates a framer for lines of up to `most` bytes.
    pub fn new(most: usize) -> Self {
        Self { begun: BytesMut::new(), most, skipped: 0 }
    }

    /// Adds the next bytes and appends the frames that are complete to `found`.
    pub fn push(&mut self, mut bytes: Bytes, found: &mut Vec<Frame>) {
        while let Some(at) = memchr::memchr(b'\n', &bytes) {
            let piece = bytes.split_to(at + 1);
            let piece = piece.slice(..at);
            if self.skipped > 0 || self.begun.len() + piece.len() > self.most {
                found.push(Frame::TooLong(self.skipped + (self.begun.len() + piece.len()) as u64));
                self.begun.clear();
                self.skipped = 0;
                continue;
            }
            // Most lines are within one chunk and are not copied.
            let line = if self.begun.is_empty() {
                piece
            } else {
                self.begun.extend_from_slice(&piece);
                self.begun.split().freeze()
            };
            let end = line.len() - usize::from(line.last() == Some(&b'\r'));
            found.push(if end == 0 { Frame::KeepAlive } else { Frame::Line(line.slice(..end).into()) });
        }
        if self.skipped > 0 || self.begun.len() + bytes.len() > self.most {
            self.skipped += (self.begun.len() + bytes.len()) as u64;
            self.begun = BytesMut::new();
        } else {
            self.begun.extend_from_slice(&bytes);
        }
    }

    /// Discards an incomplete line, after a new connection.
    pub fn clear(&mut self) {
        self.begun.clear();
        self.skipped = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &[u8], most: usize, sizes: impl Fn(usize) -> usize) -> Vec<Frame> {
        let (mut lines, mut found, mut at, mut n) = (LineFramer::new(most), Vec::new(), 0, 0);
        while at < text.len() {
            let end = (at + sizes(n).max(1)).min(text.len());
            lines.push(Bytes::copy_from_slice(&text[at..end]), &mut found);
            (at, n) = (end, n + 1);
        }
        found
    }

    #[test]
    fn chunk_boundaries_do_not_change_the_lines() {
        let text = "{\"a\":\"\u{1F426} \u{e9}\"}\r\n\r\n{\"b\":1}\n\n\r\n{\"c\":\"\r inside\"}\r\n{\"rest".as_bytes();
        let whole = cut(text, 1_000, |_| text.len());
        assert_eq!(whole.len(), 6);
        let mut random = 7_usize;
        for size in 1..=text.len() {
            assert_eq!(cut(text, 1_000, |_| size), whole, "{size}");
        }
        for _ in 0..1_000_000 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            assert_eq!(cut(text, 1_000, |n| (random >> (n % 13 * 4 + 8)) & 7), whole);
        }
    }

    #[test]
    fn a_line_that_is_too_long_is_dropped_and_counted() {
        let mut text = b"{\"small\":1}\r\n".to_vec();
        text.extend(vec![b'x'; 100_000]);
        text.extend(b"\n{\"after\":2}\r\n");
        for size in [1, 7, 1_000, 200_000] {
            let found = cut(&text, 50, |_| size);
            let [Frame::Line(small), Frame::TooLong(bytes), Frame::Line(after)] = &found[..] else {
                panic!("{found:?}")
            };
            assert_eq!(
                (&small.bytes[..], *bytes, &after.bytes[..]),
                (&b"{\"small\":1}"[..], 100_000, &b"{\"after\":2}"[..])
            );
        }
        let (mut lines, mut found) = (LineFramer::new(1 << 20), Vec::new());
        let piece = Bytes::from(vec![b'x'; 1 << 20]);
        // 1 GiB, or the number of GiB in `CHIRRUP_GIANT_LINE`.
        let size = std::env::var("CHIRRUP_GIANT_LINE").ok().and_then(|size| size.parse().ok()).unwrap_or(1_u64);
        for _ in 0..size << 10 {
            lines.push(piece.clone(), &mut found);
            assert!(lines.begun.capacity() <= 1 << 20 && found.is_empty(), "the line is not buffered");
        }
        lines.push(Bytes::from_static(b"\n{}\n"), &mut found);
        assert_eq!(found, [Frame::TooLong(size << 30), Frame::Line(Bytes::from_static(b"{}").into())]);
    }
}
