//! Access to members of stored JSON documents.

use serde_json::Value as Json;

/// Returns a string member of a document; empty if it is absent.
pub(crate) fn str_of<'j>(json: &'j Json, name: &str) -> &'j str {
    json[name].as_str().unwrap_or_default()
}

/// Returns the ID that a member contains: a number, or a string of digits.
pub(crate) fn id_of(json: &Json) -> Option<u64> {
    json.as_u64().or_else(|| json.as_str()?.parse().ok())
}
