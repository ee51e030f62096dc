//! Calls between users. A call is a document with its participants.

use serde_json::Value as Json;

use super::store::World;

impl World {
    /// Returns a call as a user sees it.
    pub(crate) fn call_json(&self, id: &str, viewer: Option<u64>) -> rusqlite::Result<Option<Json>> {
        let Some(mut call) = self.document("call", id)? else { return Ok(None) };
        call["participant_count"] = call["participants"].as_array().map_or(0, Vec::len).into();
        if let Some(viewer) = viewer {
            call["viewer_may_join"] = self.may_join(&call, viewer)?.into();
        }
        if let Some(object) = call.as_object_mut() {
            object.remove("participants");
        }
        Ok(Some(call))
    }

    /// Returns whether a user may join a call without approval of its host.
    pub(crate) fn may_join(&self, call: &Json, user: u64) -> rusqlite::Result<bool> {
        let host: u64 = call["host_id"].as_str().and_then(|id| id.parse().ok()).unwrap_or_default();
        if host == user {
            return Ok(true);
        }
        if let Some(chat) = call["conversation_id"].as_str() {
            let chat = self.document("chat", chat)?.unwrap_or_default();
            let members = chat["participant_ids"].as_array();
            let user = user.to_string();
            if !members.is_some_and(|ids| ids.iter().any(|id| *id == user.as_str())) {
                return Ok(false);
            }
        }
        match call["join_policy"].as_str() {
            Some("open") => Ok(true),
            // X does not say whom it trusts. Here, these are the users whom the host follows.
            Some("trusted") => self.follows(host, user),
            _ => Ok(false),
        }
    }
}
