//! Merge of sorted rows of several segments into one order, with each key once.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io;

/// Rows in the order of their keys.
pub(super) trait SortedRows {
    /// Key of a row.
    type Key: Ord;
    /// The rest of a row.
    type Value;

    /// Returns the next row.
    fn next(&mut self) -> io::Result<Option<(Self::Key, Self::Value)>>;

    /// Adds the rest of a row to that of another with the same key.
    fn merge(value: &mut Self::Value, other: Self::Value);
}

/// Rows of several readers, in the order of their keys. Those with the same key are merged.
pub(super) struct Merged<R: SortedRows> {
    readers: Vec<Option<R>>,
    /// The next row of each reader.
    heads: Vec<Option<R::Value>>,
    order: BinaryHeap<Reverse<(R::Key, usize)>>,
}

impl<R: SortedRows> Merged<R> {
    /// Reads the first row of each reader.
    pub(super) fn open(readers: impl IntoIterator<Item = R>) -> io::Result<Self> {
        let readers: Vec<_> = readers.into_iter().map(Some).collect();
        let heads = readers.iter().map(|_| None).collect();
        let mut merged = Self { readers, heads, order: BinaryHeap::new() };
        (0..merged.readers.len()).try_for_each(|at| merged.advance(at))?;
        Ok(merged)
    }

    /// Takes readers with their first keys. A reader that has to open a file does so when its first row is next.
    pub(super) fn lazy(readers: impl IntoIterator<Item = (R::Key, R)>) -> Self {
        let mut merged = Self { readers: Vec::new(), heads: Vec::new(), order: BinaryHeap::new() };
        for (at, (first, reader)) in readers.into_iter().enumerate() {
            merged.readers.push(Some(reader));
            merged.heads.push(None);
            merged.order.push(Reverse((first, at)));
        }
        merged
    }

    /// Reads the next row of a reader, and closes one without further rows.
    fn advance(&mut self, at: usize) -> io::Result<()> {
        let Some(reader) = &mut self.readers[at] else { return Ok(()) };
        match reader.next()? {
            Some((key, value)) => {
                self.heads[at] = Some(value);
                self.order.push(Reverse((key, at)));
            }
            None => self.readers[at] = None,
        }
        Ok(())
    }

    /// Returns the next row.
    pub(super) fn next(&mut self) -> io::Result<Option<(R::Key, R::Value)>> {
        let (key, mut value) = loop {
            let Some(Reverse((key, at))) = self.order.pop() else { return Ok(None) };
            let value = self.heads[at].take();
            self.advance(at)?;
            if let Some(value) = value {
                break (key, value);
            }
            // The reader had not read its first row.
        };
        while self.order.peek().is_some_and(|Reverse((other, _))| *other == key) {
            let Some(Reverse((_, at))) = self.order.pop() else { break };
            if let Some(other) = self.heads[at].take() {
                R::merge(&mut value, other);
            }
            self.advance(at)?;
        }
        Ok(Some((key, value)))
    }
}
