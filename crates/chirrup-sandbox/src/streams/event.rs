//! Events of the streams that deliver something other than posts.

use chirrup_api::Call;
use chirrup_model::Timestamp;
use serde_json::Value as Json;

use super::catalog::{StreamContent, content};
use super::event_kind::EventKind;
use crate::access::identity::Identity;

/// Event on a stream that delivers something other than posts.
#[derive(Debug, Clone)]
pub(crate) struct StreamEvent {
    pub(crate) at: Timestamp,
    pub(crate) kind: EventKind,
    /// App that the event is for; `None` is all apps.
    pub(crate) app: Option<i64>,
    /// ID that assigns the event to a sample and a partition.
    pub(crate) key: u64,
    pub(crate) json: Json,
}

impl StreamEvent {
    /// Returns whether the stream that a call opens delivers this event.
    pub(super) fn is_for(&self, call: &Call, identity: &Identity) -> bool {
        if self.app.is_some_and(|app| app != identity.app) {
            return false;
        }
        match content(call) {
            Some(StreamContent::Events { kind, sample }) => {
                self.kind == kind && sample.contains(self.key, call.number("partition"))
            }
            Some(StreamContent::Statuses(_)) => self.kind == EventKind::V1,
            _ => false,
        }
    }
}
