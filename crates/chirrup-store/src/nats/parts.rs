//! Values in parts, none of which is larger than a message may be.
//!
//! The entry of a key lists the messages that its value consists of. The messages are written first and never changed, so the
//! replacement of the entry is the replacement of the value.

use std::fmt::{self, Write as _};

/// Size of a part in bytes. The header of a log is read with its first part, which is therefore small.
const PART_SIZE: usize = 16 << 10;
/// Number of parts from which an appended value is written again in parts of full size.
const MAX_SMALL_PARTS: usize = 64;
/// Version of the stored format.
const VERSION: &str = "chirrup-1";

/// A message with a part of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    /// Number of the message in its stream.
    pub(super) sequence: u64,
    pub(super) size: u64,
}

/// The messages that a value consists of. `None` stands for no value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Parts(pub(super) Option<Vec<Part>>);

/// Text of the entry of a key: the version, and the number and size of each message.
impl fmt::Display for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(VERSION)?;
        let Some(parts) = &self.0 else { return f.write_str(" none") };
        parts.iter().try_for_each(|part| write!(f, " {}:{}", part.sequence, part.size))
    }
}

impl Parts {
    /// Parses the text of an entry. Returns `None` if another program or a newer version wrote it.
    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        let mut words = std::str::from_utf8(text).ok()?.split(' ');
        if words.next() != Some(VERSION) {
            return None;
        }
        let words: Vec<&str> = words.collect();
        if words == ["none"] {
            return Some(Self(None));
        }
        let part = |word: &str| {
            let (sequence, size) = word.split_once(':')?;
            Some(Part { sequence: sequence.parse().ok()?, size: size.parse().ok()? })
        };
        Some(Self(Some(words.into_iter().map(part).collect::<Option<_>>()?)))
    }

    fn list(&self) -> &[Part] {
        self.0.as_deref().unwrap_or_default()
    }

    /// Returns the size of the value in bytes.
    pub(super) fn size(&self) -> u64 {
        self.list().iter().map(|part| part.size).sum()
    }

    /// Returns the parts that have bytes of a range, and the offset of the range in them.
    pub(super) fn in_range(&self, offset: u64, max: u64) -> (Vec<Part>, u64) {
        let end = offset.saturating_add(max);
        let (mut start, mut first, mut chosen) = (0, None, Vec::new());
        for part in self.list() {
            if start < end && start + part.size > offset {
                first.get_or_insert(start);
                chosen.push(*part);
            }
            start += part.size;
        }
        (chosen, offset - first.unwrap_or(offset))
    }

    /// Whether this many bytes can be appended as further parts.
    pub(super) fn can_grow(&self, bytes: usize) -> bool {
        let full = usize::try_from(self.size()).unwrap_or(usize::MAX) / PART_SIZE;
        self.list().len() + bytes.div_ceil(PART_SIZE) <= full + MAX_SMALL_PARTS
    }

    /// Returns the parts with further ones.
    pub(super) fn with(&self, more: Vec<Part>) -> Self {
        Self(Some(self.list().iter().copied().chain(more).collect()))
    }
}

/// Splits bytes into those of parts.
pub(super) fn split(bytes: &[u8]) -> Vec<Vec<u8>> {
    bytes.chunks(PART_SIZE).map(<[u8]>::to_vec).collect()
}

/// Returns the name of a key on the server, which has letters, digits, `-`, `_` and `/` as they are.
pub(super) fn token_of(key: &str) -> String {
    let mut token = String::with_capacity(key.len());
    for byte in key.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'/' => token.push(char::from(byte)),
            _ => {
                let _ = write!(token, "={byte:02X}");
            }
        }
    }
    if token.is_empty() { "=".to_owned() } else { token }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(sizes: &[u64]) -> Parts {
        let part = |(number, size): (u64, &u64)| Part { sequence: 7 + number, size: *size };
        Parts(Some((0..).zip(sizes).map(part).collect()))
    }

    #[test]
    fn entries_are_read_as_they_were_written() {
        for parts in [Parts(None), parts(&[]), parts(&[3]), parts(&[3, 16_384, 1])] {
            assert_eq!(Parts::parse(parts.to_string().as_bytes()), Some(parts));
        }
        for text in ["", "chirrup-2 none", "chirrup-1 7", "chirrup-1 7:x", "\u{e9}", "{}"] {
            assert_eq!(Parts::parse(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn a_range_needs_the_parts_that_it_touches() {
        let parts = parts(&[10, 10, 10]);
        for (offset, max, numbers, skipped) in [
            (0, u64::MAX, &[7, 8, 9][..], 0),
            (0, 10, &[7], 0),
            (9, 2, &[7, 8], 9),
            (10, 1, &[8], 0),
            (25, 99, &[9], 5),
            (30, 1, &[], 0),
            (99, u64::MAX, &[], 0),
            (0, 0, &[], 0),
        ] {
            let (chosen, start) = parts.in_range(offset, max);
            let chosen: Vec<u64> = chosen.iter().map(|part| part.sequence).collect();
            assert_eq!((chosen.as_slice(), start), (numbers, skipped), "{max} bytes from {offset}");
        }
    }

    #[test]
    fn a_value_has_a_bounded_number_of_small_parts() {
        assert!(parts(&[1; 63]).can_grow(5) && !parts(&[1; 64]).can_grow(5));
        assert!(parts(&[16_384; 64]).can_grow(5) && parts(&[]).can_grow(1 << 20));
        assert!(!parts(&[]).can_grow(2 << 20));
    }

    #[test]
    fn keys_have_names_that_the_server_accepts() {
        assert_eq!(token_of("spend/api.x.com/2026-11"), "spend/api=2Ex=2Ecom/2026-11");
        assert_eq!((token_of("a b*>\u{e9}=").as_str(), token_of("").as_str()), ("a=20b=2A=3E=C3=A9=3D", "="));
    }
}
