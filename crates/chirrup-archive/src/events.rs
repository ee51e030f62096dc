//! Events of a stream, as the report of a recording describes them.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chirrup_api::{GapFill, Reason};
use serde_json::{Value as Json, json};

use crate::objects::Body;

/// Reason for the latest disconnect of each partition.
#[derive(Debug, Default)]
pub(crate) struct Causes(BTreeMap<u32, String>);

impl Causes {
    /// Keeps the reason for a disconnect.
    pub(crate) fn disconnected(&mut self, partition: u32, why: &Reason) {
        self.0.insert(partition, why.to_string());
    }

    /// Takes the cause of a gap.
    pub(crate) fn take(&mut self, partition: u32) -> String {
        self.0.remove(&partition).unwrap_or_else(|| "the stream was not being read".to_owned())
    }
}

/// Describes how a gap was filled.
pub(crate) fn fill_json(fill: &GapFill) -> Json {
    match fill {
        GapFill::Backfill => json!({"by": "backfill"}),
        GapFill::Window(items) => json!({"by": "window", "items": items}),
        GapFill::Search(items) => json!({"by": "search", "items": items}),
        GapFill::Lost(why) => json!({"by": null, "why": why}),
        _ => json!({}),
    }
}

/// Removes the lines that archives cannot read, and adds them to the problems, each within a JSON object.
pub(crate) fn remove_unreadable<L: AsRef<[u8]>>(lines: &mut Vec<L>, problems: &mut Vec<(String, String)>) {
    lines.retain(|line| {
        let unread = serde_json::from_slice::<Body<'_>>(line.as_ref()).err();
        problems.extend(unread.as_ref().map(|why| (undecodable_json(line.as_ref()).to_string(), why.to_string())));
        unread.is_none()
    });
}

/// Returns a line that could not be decoded, within a JSON object.
pub(crate) fn undecodable_json(line: &[u8]) -> Json {
    match std::str::from_utf8(line) {
        Ok(line) => json!({"line": line}),
        Err(_) => json!({"base64": BASE64_STANDARD.encode(line)}),
    }
}
