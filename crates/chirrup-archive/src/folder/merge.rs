//! Merge of segments into one order, with each object once.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io;
use std::path::PathBuf;

use super::read::ObjectReader;
use crate::object::{Key, Object, ObjectKind};

/// Objects of several segments, in the order of their keys. Those with the same key are merged.
pub(super) struct Merged {
    readers: Vec<Option<ObjectReader>>,
    /// The next object of each reader.
    heads: Vec<Option<Object<'static>>>,
    order: BinaryHeap<Reverse<(Key<'static>, usize)>>,
}

impl Merged {
    pub(super) fn open(kind: ObjectKind, files: &[PathBuf]) -> io::Result<Self> {
        let readers: Vec<_> =
            files.iter().map(|file| ObjectReader::open(kind, file).map(Some)).collect::<io::Result<_>>()?;
        let heads = readers.iter().map(|_| None).collect();
        let mut merged = Self { readers, heads, order: BinaryHeap::new() };
        (0..files.len()).try_for_each(|at| merged.advance(at))?;
        Ok(merged)
    }

    /// Reads the next object of a reader, and closes one without further objects.
    fn advance(&mut self, at: usize) -> io::Result<()> {
        let Some(reader) = &mut self.readers[at] else { return Ok(()) };
        match reader.next()? {
            Some((key, object)) => {
                self.heads[at] = Some(object);
                self.order.push(Reverse((key, at)));
            }
            None => self.readers[at] = None,
        }
        Ok(())
    }

    /// Returns the next object.
    pub(super) fn next(&mut self) -> io::Result<Option<(Key<'static>, Object<'static>)>> {
        let Some(Reverse((key, at))) = self.order.pop() else { return Ok(None) };
        let Some(mut object) = self.heads[at].take() else { return Ok(None) };
        self.advance(at)?;
        while self.order.peek().is_some_and(|Reverse((other, _))| *other == key) {
            let Some(Reverse((_, at))) = self.order.pop() else { break };
            if let Some(other) = self.heads[at].take() {
                object.merge(other);
            }
            self.advance(at)?;
        }
        Ok(Some((key, object)))
    }
}
