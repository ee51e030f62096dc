//! JSON objects that are written member by member, in the form of the wire.

use chirrup_model::{Dialect, Timestamp};
use serde::Serialize;
use serde_json::Value as Json;

use super::wire::finish;

/// Writer of a JSON object. The caller writes the members in the order of their names, as in all other responses.
#[derive(Debug)]
pub(super) struct ObjectWriter<'o> {
    out: &'o mut Vec<u8>,
    is_empty: bool,
}

impl<'o> ObjectWriter<'o> {
    /// Begins an object with its brace.
    pub(super) fn new(out: &'o mut Vec<u8>) -> Self {
        out.push(b'{');
        Self { out, is_empty: true }
    }

    /// Ends the object with its brace.
    pub(super) fn end(self) {
        self.out.push(b'}');
    }

    /// Begins a member. The caller writes its value.
    pub(super) fn member(&mut self, name: &str) -> &mut Vec<u8> {
        if !self.is_empty {
            self.out.push(b',');
        }
        self.is_empty = false;
        self.out.push(b'"');
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"\":");
        self.out
    }

    /// Writes a member with a text, number or Boolean.
    pub(super) fn value(&mut self, name: &str, value: impl Serialize) {
        write_value(self.member(name), &value);
    }

    /// Writes a member with an ID.
    pub(super) fn id(&mut self, name: &str, id: u64) {
        write_id(self.member(name), id);
    }

    /// Writes a member with a time in whole seconds, as X does.
    pub(super) fn time(&mut self, name: &str, time: Timestamp) {
        self.value(name, Timestamp::from_secs(time.as_secs()));
    }

    /// Writes a member with a stored document.
    pub(super) fn document(&mut self, name: &str, mut document: Json, dialect: Dialect) {
        finish(&mut document, dialect);
        self.value(name, document);
    }

    /// Writes a member with an object.
    pub(super) fn object(&mut self, name: &str, write: impl FnOnce(&mut ObjectWriter<'_>)) {
        write_object(self.member(name), write);
    }

    /// Writes a member with a list.
    pub(super) fn list<T>(
        &mut self,
        name: &str,
        items: impl IntoIterator<Item = T>,
        write: impl FnMut(&mut Vec<u8>, T),
    ) {
        write_list(self.member(name), items, write);
    }
}

/// Writes a whole object.
pub(super) fn write_object(out: &mut Vec<u8>, write: impl FnOnce(&mut ObjectWriter<'_>)) {
    let mut object = ObjectWriter::new(out);
    write(&mut object);
    object.end();
}

/// Writes a list of items with a function.
pub(super) fn write_list<T>(
    out: &mut Vec<u8>,
    items: impl IntoIterator<Item = T>,
    mut write: impl FnMut(&mut Vec<u8>, T),
) {
    out.push(b'[');
    for (place, item) in items.into_iter().enumerate() {
        if place > 0 {
            out.push(b',');
        }
        write(out, item);
    }
    out.push(b']');
}

/// Writes an ID, which is a text in API v2.
pub(super) fn write_id(out: &mut Vec<u8>, id: u64) {
    out.push(b'"');
    write_value(out, &id);
    out.push(b'"');
}

/// Writes a text, number, Boolean or tree.
pub(super) fn write_value(out: &mut Vec<u8>, value: &impl Serialize) {
    // Writing into memory does not fail.
    let _ = serde_json::to_writer(out, value);
}
