//! Tables of strings in text files, read and indexed at compile time.

/// Table of the lines of a file, with a hash index of their keys: the text before the first space, or the whole line.
pub(crate) struct StringTable<const LINES: usize, const SLOTS: usize> {
    lines: [&'static str; LINES],
    /// Hash table with linear probing. A slot has the number of a line plus 1, or 0 if it is empty.
    slots: [u16; SLOTS],
}

impl<const LINES: usize, const SLOTS: usize> StringTable<LINES, SLOTS> {
    /// Creates the table of a file. Every line, also the last, ends with a line feed.
    ///
    /// # Panics
    /// At compile time, if the number of lines is not `LINES` or the file is not UTF-8.
    pub(crate) const fn new(file: &'static str) -> Self {
        assert!(SLOTS.is_power_of_two() && LINES * 4 < SLOTS * 3, "the index has too few slots");
        let lines = split_lines(file);
        let mut slots = [0; SLOTS];
        let mut n = 0;
        while n < LINES {
            let mut slot = key_hash(lines[n]).slot::<SLOTS>();
            while slots[slot] != 0 {
                slot = (slot + 1) % SLOTS;
            }
            n += 1;
            slots[slot] = n as u16;
        }
        Self { lines, slots }
    }

    /// Returns what `accept` returns for the first line whose key may have this hash and that it accepts.
    pub(crate) fn find<T>(&self, hash: Hash, accept: impl Fn(&'static str) -> Option<T>) -> Option<T> {
        let mut slot = hash.slot::<SLOTS>();
        while let Some(n) = usize::from(self.slots[slot]).checked_sub(1) {
            let accepted = accept(self.lines[n]);
            if accepted.is_some() {
                return accepted;
            }
            slot = (slot + 1) % SLOTS;
        }
        None
    }

    /// Returns the lines in the order of the file.
    pub(crate) fn lines(&self) -> &[&'static str; LINES] {
        &self.lines
    }
}

/// Hash of the bytes of a key (FNV-1a), computed byte by byte.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hash(u32);

impl Hash {
    /// Hash of an empty key.
    pub(crate) const EMPTY: Self = Self(0x811C_9DC5);

    /// Returns the hash of the key extended by a byte.
    pub(crate) const fn with(self, byte: u8) -> Self {
        Self((self.0 ^ byte as u32).wrapping_mul(0x0100_0193))
    }

    const fn slot<const SLOTS: usize>(self) -> usize {
        (self.0 ^ (self.0 >> 15)) as usize % SLOTS
    }
}

const fn key_hash(line: &str) -> Hash {
    let (bytes, mut hash, mut n) = (line.as_bytes(), Hash::EMPTY, 0);
    while n < bytes.len() && bytes[n] != b' ' {
        hash = hash.with(bytes[n]);
        n += 1;
    }
    hash
}

#[allow(clippy::panic, reason = "it runs at compile time only")]
const fn split_lines<const N: usize>(file: &'static str) -> [&'static str; N] {
    let mut lines = [""; N];
    let mut rest = file.as_bytes();
    let mut n = 0;
    while !rest.is_empty() {
        let mut len = 0;
        while rest[len] != b'\n' {
            len += 1;
        }
        let (line, after) = rest.split_at(len);
        lines[n] = match std::str::from_utf8(line) {
            Ok(line) => line,
            Err(_) => panic!("the table is not UTF-8"),
        };
        rest = after.split_at(1).1;
        n += 1;
    }
    assert!(n == N, "the table has fewer lines than declared");
    lines
}
