//! Conversations of encrypted chat that the authenticated user takes part in.

use chirrup_model::Timestamp;
use serde_json::{Value as Json, json};

use super::context::RequestContext;
use super::dms::conversation_id;
use super::documents::DocumentKind;
use crate::response::api_error::ApiError;
use crate::response::json::id_of;

pub(super) const CHAT: DocumentKind = DocumentKind {
    name: "chat",
    resource: "conversation",
    fields: Some("chat_conversation.fields"),
    defaults: &["id", "type"],
};
pub(super) const EVENT: DocumentKind = DocumentKind::whole("chat_event");
/// Documents with what a participant has set for a conversation.
const STATE: &str = "chat_state";

/// Conversation that the authenticated user takes part in.
pub(super) struct OwnChat {
    pub(super) me: u64,
    pub(super) id: String,
    pub(super) chat: Json,
}

/// Returns whether a list in a conversation contains a user.
pub(super) fn contains(chat: &Json, list: &str, user: u64) -> bool {
    ids(chat, list).contains(&user)
}

/// User IDs in a list of a conversation.
pub(super) fn ids(chat: &Json, list: &str) -> Vec<u64> {
    chat[list].as_array().into_iter().flatten().filter_map(id_of).collect()
}

/// Adds users to a list of a conversation, each once.
pub(super) fn add_ids(chat: &mut Json, list: &str, users: &[u64]) {
    let mut all = ids(chat, list);
    for user in users {
        if !all.contains(user) {
            all.push(*user);
        }
    }
    chat[list] = all.iter().map(u64::to_string).collect();
}

/// Removes users from a list of a conversation.
pub(super) fn remove_ids(chat: &mut Json, list: &str, users: &[u64]) {
    chat[list] = ids(chat, list).iter().filter(|id| !users.contains(id)).map(u64::to_string).collect();
}

impl OwnChat {
    /// The conversation in the path.
    ///
    /// # Errors
    /// With 400 if there is none, and with 403 if the user is not a participant.
    pub(super) fn find(ctx: &RequestContext<'_>) -> Result<Self, ApiError> {
        Self::find_id(ctx, "id", path_id(ctx)?)
    }

    /// The conversation that a parameter of the body names.
    pub(super) fn find_by(ctx: &RequestContext<'_>, parameter: &str) -> Result<Self, ApiError> {
        Self::find_id(ctx, parameter, ctx.text(parameter).to_owned())
    }

    fn find_id(ctx: &RequestContext<'_>, parameter: &str, id: String) -> Result<Self, ApiError> {
        let me = ctx.me()?;
        let chat = ctx.find_document(CHAT, parameter, &id)?;
        if !contains(&chat, "participant_ids", me) {
            return Err(ApiError::forbidden("You are not a participant of this conversation."));
        }
        Ok(Self { me, id, chat })
    }

    /// The conversation in the path; that of two users is created if it does not exist.
    pub(super) fn find_or_create(ctx: &RequestContext<'_>) -> Result<Self, ApiError> {
        let (me, id) = (ctx.me()?, path_id(ctx)?);
        let other = other_user(&id, me);
        if let (Some(other), None) = (other, ctx.world.document(CHAT.name, &id)?) {
            ctx.require_user("id", other)?;
            let users = [me.to_string(), other.to_string()];
            let chat = json!({
                "id": id, "type": "direct", "participant_ids": users, "created_at": ctx.now, "updated_at": ctx.now,
            });
            ctx.world.put_document(CHAT.name, &id, 0, &chat)?;
        }
        Self::find(ctx)
    }

    /// The group in the path.
    pub(super) fn find_group(ctx: &RequestContext<'_>) -> Result<Self, ApiError> {
        let own = Self::find(ctx)?;
        if own.is_group() {
            return Ok(own);
        }
        Err(ApiError::invalid_param("id", &own.id, "The `id` must be that of a group, which begins with g."))
    }

    pub(super) fn is_group(&self) -> bool {
        self.chat["type"] == "group"
    }

    /// Refuses a user who does not administer the group.
    pub(super) fn require_admin(&self) -> Result<(), ApiError> {
        if contains(&self.chat, "admin_ids", self.me) {
            return Ok(());
        }
        Err(ApiError::forbidden("Only administrators of the group can do this."))
    }

    /// Refuses an action that the settings of the group reserve to administrators.
    pub(super) fn require_allowed(&self, action: &str) -> Result<(), ApiError> {
        if self.chat["admin_settings"][action] == true { self.require_admin() } else { Ok(()) }
    }

    /// Stores the changed conversation. Each signature in the request becomes an event.
    pub(super) fn save(&mut self, ctx: &mut RequestContext<'_>) -> Result<(), ApiError> {
        self.save_signed(ctx, "action_signatures")
    }

    /// The same, with the signatures in this parameter.
    pub(super) fn save_signed(&mut self, ctx: &mut RequestContext<'_>, parameter: &str) -> Result<(), ApiError> {
        let signatures = ctx.call.get(parameter).and_then(Json::as_array).cloned().unwrap_or_default();
        self.chat["updated_at"] = json!(ctx.now);
        ctx.world.put_document(CHAT.name, &self.id, 0, &self.chat)?;
        for signature in signatures {
            let event = json!({
                "encoded_event": signature["encoded_message_event_detail"],
                "message_event_signature": signature["message_event_signature"],
            });
            self.append_event(ctx, event)?;
        }
        Ok(())
    }

    /// Appends an event of the authenticated user and returns its ID.
    pub(super) fn append_event(&mut self, ctx: &mut RequestContext<'_>, mut event: Json) -> Result<String, ApiError> {
        let id = ctx.new_id();
        for (name, value) in [
            ("id", json!(id)),
            ("conversation_id", json!(self.id)),
            ("created_at", json!(ctx.now)),
            ("is_trusted", json!(true)),
            ("sender_id", json!(self.me.to_string())),
        ] {
            event[name] = value;
        }
        if !self.chat["newest_event_id"].is_null() {
            event["previous_id"] = self.chat["newest_event_id"].clone();
        }
        ctx.world.put_document(EVENT.name, &id, owner_number(&self.id), &event)?;
        self.chat["newest_event_id"] = json!(id);
        self.chat["updated_at"] = json!(ctx.now);
        ctx.world.put_document(CHAT.name, &self.id, 0, &self.chat)?;
        // An own event is read.
        self.update_state(ctx, |state| state["last_read_event_id"] = json!(id))?;
        Ok(id)
    }

    /// What the user has set for the conversation.
    pub(super) fn state(&self, ctx: &RequestContext<'_>) -> Result<Json, ApiError> {
        state_of(ctx, &self.id, self.me)
    }

    /// Changes what the user has set for the conversation.
    pub(super) fn update_state(
        &self,
        ctx: &RequestContext<'_>,
        change: impl FnOnce(&mut Json),
    ) -> Result<(), ApiError> {
        let mut state = self.state(ctx)?;
        change(&mut state);
        Ok(ctx.world.put_document(STATE, &format!("{}:{}", self.id, self.me), self.me, &state)?)
    }
}

pub(super) fn state_of(ctx: &RequestContext<'_>, chat: &str, user: u64) -> Result<Json, ApiError> {
    Ok(ctx.world.document(STATE, &format!("{chat}:{user}"))?.unwrap_or_else(|| json!({})))
}

/// ID of the conversation in the path. That of two users may be given as the ID of the other user.
pub(super) fn path_id(ctx: &RequestContext<'_>) -> Result<String, ApiError> {
    let (me, given) = (ctx.me()?, ctx.text("id"));
    let pair = match given.split_once('-') {
        Some((one, other)) => one.parse::<u64>().ok().zip(other.parse::<u64>().ok()),
        None => given.parse::<u64>().ok().map(|other| (me, other)),
    };
    match pair {
        None => Ok(given.to_owned()),
        Some((one, other)) if one == me || other == me => Ok(conversation_id(one, other)),
        Some(_) => Err(ApiError::forbidden("You are not a participant of this conversation.")),
    }
}

/// The other participant of a conversation of two users; none for a group.
pub(super) fn other_user(id: &str, me: u64) -> Option<u64> {
    let (one, other) = id.split_once('-')?;
    [one, other].into_iter().filter_map(|id| id.parse().ok()).find(|id| *id != me)
}

/// Number of a conversation as the owner of its events.
pub(super) fn owner_number(chat: &str) -> u64 {
    chat.bytes().fold(7, |hash: u64, b| hash.wrapping_mul(31).wrapping_add(u64::from(b))) >> 1
}

/// An event as a participant sees it; none if it has disappeared or the participant deleted it.
pub(super) fn visible_event(mut event: Json, chat: &str, state: &Json, now: Timestamp) -> Option<Json> {
    let id = id_of(&event["id"]).unwrap_or_default();
    let expires = event.as_object_mut()?.remove("expires_at_ms").and_then(|time| time.as_i64());
    let is_deleted = id_of(&state["deleted_through"]).is_some_and(|deleted| id <= deleted)
        || state["deleted_events"].as_array().is_some_and(|deleted| deleted.contains(&event["id"]));
    let is_visible =
        event["conversation_id"] == chat && !is_deleted && expires.is_none_or(|expires| now.as_millis() < expires);
    is_visible.then_some(event)
}
