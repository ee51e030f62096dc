//! LineFramer out of bytes that arrive in any cut.

use bytes::{Bytes, BytesMut};

/// What was found in the bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// A line without its end; never empty.
    Line(Bytes),
    /// An empty line: a sign of life.
    KeepAlive,
    /// A line was longer than allowed, and was thrown away; so many bytes.
    TooLong(u64),
}

impl Frame {
    /// The line, if it is one.
    pub fn line(&self) -> Option<&[u8]> {
        match self {
            Self::Line(line) => Some(line),
            _ => None,
        }
    }
}

/// Cuts bytes into lines at each `\n`, without a `\r` before it. Characters are never looked at, so that a cut within one
/// does no harm; a line that is longer than the bound is thrown away as it comes.
#[derive(Debug)]
pub struct LineFramer {
    begun: BytesMut,
    most: usize,
    /// How much of a line that is too long was thrown away.
    skipped: u64,
}

impl LineFramer {
    /// LineFramer of so many bytes at most.
    pub fn new(most: usize) -> Self {
        Self { begun: BytesMut::new(), most, skipped: 0 }
    }

    /// Takes the next bytes, and gives what is whole by now.
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
            // Most lines lie within one piece, and need not be copied.
            let line = if self.begun.is_empty() {
                piece
            } else {
                self.begun.extend_from_slice(&piece);
                self.begun.split().freeze()
            };
            let end = line.len() - usize::from(line.last() == Some(&b'\r'));
            found.push(if end == 0 { Frame::KeepAlive } else { Frame::Line(line.slice(..end)) });
        }
        if self.skipped > 0 || self.begun.len() + bytes.len() > self.most {
            self.skipped += (self.begun.len() + bytes.len()) as u64;
            self.begun = BytesMut::new();
        } else {
            self.begun.extend_from_slice(&bytes);
        }
    }

    /// Forgets a line that was begun: the connection is another one.
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
    fn every_cut_gives_the_same_lines() {
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
    fn a_giant_line_is_thrown_away_and_counted() {
        let mut text = b"{\"small\":1}\r\n".to_vec();
        text.extend(vec![b'x'; 100_000]);
        text.extend(b"\n{\"after\":2}\r\n");
        for size in [1, 7, 1_000, 200_000] {
            let found = cut(&text, 50, |_| size);
            let [Frame::Line(small), Frame::TooLong(bytes), Frame::Line(after)] = &found[..] else {
                panic!("{found:?}")
            };
            assert_eq!((&small[..], *bytes, &after[..]), (&b"{\"small\":1}"[..], 100_000, &b"{\"after\":2}"[..]));
        }
        let (mut lines, mut found) = (LineFramer::new(1 << 20), Vec::new());
        let piece = Bytes::from(vec![b'x'; 1 << 20]);
        // 1 GiB, or as many as `CHIRRUP_GIANT_LINE` says.
        let size = std::env::var("CHIRRUP_GIANT_LINE").ok().and_then(|size| size.parse().ok()).unwrap_or(1_u64);
        for _ in 0..size << 10 {
            lines.push(piece.clone(), &mut found);
            assert!(lines.begun.capacity() <= 1 << 20 && found.is_empty(), "it is not kept");
        }
        lines.push(Bytes::from_static(b"\n{}\n"), &mut found);
        assert_eq!(found, [Frame::TooLong(size << 30), Frame::Line(Bytes::from_static(b"{}"))]);
    }
}
