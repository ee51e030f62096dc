//! Encrypted chat: conversations, their keys and their messages. The sandbox stores keys and messages as opaque texts,
//! as X does.

use chirrup_api::v2::chat::{
    AddChatKeys, AddChatMembers, AppendChatUpload, BeginChatGroup, BeginChatUpload, ChatEvents, Chats, CreateChatGroup,
    DeleteChatMessages, DownloadChatMedia, FinishChatUpload, GetChat, MarkChatRead, SendChatMessage, ShowTyping,
};
use chirrup_model::Timestamp;
use serde_json::{Value as Json, json};

use super::chat_requests;
use super::context::{HandlerEntry, HandlerResult, RequestContext};
use super::dms::conversation_id;
use super::documents::{DocumentKind, data_response};
use crate::response::api_error::ApiError;
use crate::response::json::{id_of, str_of};

pub(super) const HANDLERS: &[HandlerEntry] = &[
    (Chats::ENDPOINT, chats),
    (GetChat::ENDPOINT, get_chat),
    (ChatEvents::ENDPOINT, chat_events),
    (BeginChatGroup::ENDPOINT, begin_chat_group),
    (CreateChatGroup::ENDPOINT, create_chat_group),
    (AddChatKeys::ENDPOINT, add_chat_keys),
    (AddChatMembers::ENDPOINT, add_chat_members),
    (SendChatMessage::ENDPOINT, send_chat_message),
    (DeleteChatMessages::ENDPOINT, delete_chat_messages),
    (MarkChatRead::ENDPOINT, mark_chat_read),
    (ShowTyping::ENDPOINT, show_typing),
    (BeginChatUpload::ENDPOINT, no_media),
    (AppendChatUpload::ENDPOINT, no_media),
    (FinishChatUpload::ENDPOINT, no_media),
    (DownloadChatMedia::ENDPOINT, no_media),
];

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
        let (me, id) = (ctx.me()?, path_id(ctx)?);
        let chat = ctx.find_document(CHAT, "id", &id)?;
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

fn state_of(ctx: &RequestContext<'_>, chat: &str, user: u64) -> Result<Json, ApiError> {
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

/// A conversation as a participant sees it; none if the participant deleted it and no event came after that.
fn present(ctx: &RequestContext<'_>, mut chat: Json, me: u64) -> Result<Option<Json>, ApiError> {
    let state = state_of(ctx, str_of(&chat, "id"), me)?;
    let newest = id_of(&chat["newest_event_id"]).unwrap_or_default();
    if id_of(&state["deleted_through"]).is_some_and(|deleted| newest <= deleted) {
        return Ok(None);
    }
    let last_read = id_of(&state["last_read_event_id"]).unwrap_or_default();
    chat["is_muted"] = (state["is_muted"] == true).into();
    chat["is_archived"] = (state["is_archived"] == true).into();
    chat["unread"] = (state["marked_unread"] == true || newest > last_read).into();
    if last_read > 0 {
        chat["last_read_event_id"] = state["last_read_event_id"].clone();
    }
    let expires: Option<Timestamp> = chat["invite"]["expires_at"].as_str().and_then(|time| time.parse().ok());
    let has_expired = expires.is_some_and(|expires| ctx.now >= expires);
    let is_admin = contains(&chat, "admin_ids", me);
    if let Some(members) = chat.as_object_mut() {
        if has_expired {
            members.remove("invite");
        }
        if !is_admin {
            members.remove("pending_member_ids");
        }
    }
    Ok(Some(chat))
}

/// Returns whether a conversation passes the filters of the request.
fn passes_filters(ctx: &RequestContext<'_>, chat: &Json) -> Result<bool, ApiError> {
    let call = ctx.call;
    for (parameter, field) in [("is_archived", "is_archived"), ("is_muted", "is_muted"), ("type", "type")] {
        if call.get(parameter).is_some_and(|wanted| chat[field] != *wanted) {
            return Ok(false);
        }
    }
    if ctx.is_set("unread_only") && chat["unread"] != true {
        return Ok(false);
    }
    let users = ids(chat, "participant_ids");
    if !call.list("participant_ids").all(|id| id.parse().is_ok_and(|id| users.contains(&id))) {
        return Ok(false);
    }
    let updated: Option<Timestamp> = str_of(chat, "updated_at").parse().ok();
    let time = |name: &str| call.text(name).and_then(|time| time.parse::<Timestamp>().ok());
    if time("start_time").is_some_and(|start| updated < Some(start))
        || time("end_time").is_some_and(|end| updated >= Some(end))
    {
        return Ok(false);
    }
    let Some(query) = call.text("participant_query").map(str::to_lowercase) else { return Ok(true) };
    for user in users {
        let user = ctx.world.user(user)?.unwrap_or_default();
        if ["name", "username"].iter().any(|name| str_of(&user, name).to_lowercase().contains(&query)) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn chats(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let (status, mut body) = ctx.documents_page_map(CHAT, 0, 200, |chat| {
        if !contains(&chat, "participant_ids", me) || chat_requests::is_pending(ctx, str_of(&chat, "id"), me)? {
            return Ok(None);
        }
        let Some(chat) = present(ctx, chat, me)? else { return Ok(None) };
        Ok(passes_filters(ctx, &chat)?.then_some(chat))
    })?;
    body["meta"]["has_message_requests"] = chat_requests::has_pending(ctx, me)?.into();
    Ok((status, body))
}

fn get_chat(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let OwnChat { me, id, chat } = OwnChat::find(ctx)?;
    let chat = present(ctx, chat, me)?;
    ctx.document_response(CHAT, "id", &id, chat)
}

fn begin_chat_group(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.me()?;
    let id = ctx.new_id();
    data_response(200, json!({"conversation_id": format!("g{id}")}))
}

fn create_chat_group(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (me, id) = (ctx.me()?, ctx.text("conversation_id").to_owned());
    if !id.starts_with('g') || ctx.world.document(CHAT.name, &id)?.is_some() {
        let message = "$.conversation_id: must be a new ID from /2/chat/conversations/group/initialize";
        return Err(ApiError::invalid_param("conversation_id", &id, message));
    }
    let users = |list: &str| ctx.call.list(list).filter_map(|id| id.parse().ok()).collect::<Vec<u64>>();
    let (members, admins) = (users("group_members"), users("group_admins"));
    let mut chat = ctx.params_object(&["group_name", "group_avatar_url", "group_description"]);
    for (name, value) in
        [("id", json!(id)), ("type", json!("group")), ("created_at", json!(ctx.now)), ("updated_at", json!(ctx.now))]
    {
        chat[name] = value;
    }
    if let Some(ttl) = ctx.call.text("ttl_msec").and_then(|ttl| ttl.parse::<i64>().ok()) {
        chat["message_ttl_ms"] = ttl.into();
    }
    add_ids(&mut chat, "admin_ids", &[&[me][..], &admins].concat());
    for list in ["participant_ids", "member_ids"] {
        add_ids(&mut chat, list, &[&members[..], &admins, &[me]].concat());
    }
    ctx.world.put_document(CHAT.name, &id, 0, &chat)?;
    let mut own = OwnChat { me, id, chat };
    let sequence = own.append_event(ctx, json!({"encoded_event": "key"}))?;
    own.save(ctx)?;
    data_response(201, json!({"conversation_id": own.id, "conversation_key_change_sequence_id": sequence}))
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

fn chat_events(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let own = OwnChat::find(ctx)?;
    let state = own.state(ctx)?;
    ctx.documents_page_map(EVENT, owner_number(&own.id), 10, |event| Ok(visible_event(event, &own.id, &state, ctx.now)))
}

fn add_chat_keys(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let mut own = OwnChat::find_or_create(ctx)?;
    let version = ctx.call.get("conversation_key_version").cloned();
    let event = json!({"encoded_event": "key", "conversation_key_version": version});
    let sequence = own.append_event(ctx, event)?;
    data_response(200, json!({"conversation_id": own.id, "sequence_id": sequence}))
}

/// Adds members to a group, also those who asked to join.
fn add_chat_members(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let mut own = OwnChat::find_group(ctx)?;
    own.require_allowed("add_member")?;
    let users: Vec<u64> = ctx.call.list("user_ids").filter_map(|id| id.parse().ok()).collect();
    for user in &users {
        ctx.require_user("user_ids", *user)?;
    }
    for list in ["participant_ids", "member_ids"] {
        add_ids(&mut own.chat, list, &users);
    }
    remove_ids(&mut own.chat, "pending_member_ids", &users);
    own.save(ctx)?;
    data_response(200, json!({"success": true}))
}

fn send_chat_message(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let mut own = OwnChat::find_or_create(ctx)?;
    own.require_allowed("send_message")?;
    chat_requests::admit_message(ctx, &own)?;
    let message = ctx.text("encoded_message_create_event");
    let mut event = json!({"encoded_event": message});
    for (parameter, field) in
        [("conversation_token", "conversation_token"), ("encoded_message_event_signature", "message_event_signature")]
    {
        if let Some(value) = ctx.call.get(parameter) {
            event[field] = value.clone();
        }
    }
    if let Some(ttl) = own.chat["message_ttl_ms"].as_i64() {
        event["expires_at_ms"] = ctx.now.as_millis().saturating_add(ttl).into();
    }
    own.append_event(ctx, event)?;
    data_response(201, json!({"encoded_message_event": message}))
}

fn delete_chat_messages(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let mut own = OwnChat::find(ctx)?;
    let for_all = ctx.text("delete_message_action") == "delete_for_all";
    let mut deleted = Vec::new();
    for id in ctx.call.list("sequence_ids") {
        let owner = owner_number(&own.id);
        if ctx.world.own_document(EVENT.name, id, owner)?.is_none() {
            continue;
        }
        if for_all {
            ctx.world.remove_document(EVENT.name, id)?;
        }
        deleted.push(Json::from(id));
    }
    if !for_all {
        own.update_state(ctx, |state| {
            let mut all = state["deleted_events"].as_array().cloned().unwrap_or_default();
            all.extend(deleted.iter().cloned());
            state["deleted_events"] = all.into();
        })?;
    }
    own.save(ctx)?;
    data_response(200, json!({"deleted": !deleted.is_empty()}))
}

fn mark_chat_read(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let own = OwnChat::find(ctx)?;
    let seen = ctx.text("seen_until_sequence_id");
    own.update_state(ctx, |state| {
        state["last_read_event_id"] = seen.into();
        state["marked_unread"] = false.into();
    })?;
    data_response(200, json!({"success": true}))
}

fn show_typing(ctx: &mut RequestContext<'_>) -> HandlerResult {
    OwnChat::find(ctx)?;
    data_response(200, json!({"success": true}))
}

fn no_media(_: &mut RequestContext<'_>) -> HandlerResult {
    Err(ApiError::not_implemented("The sandbox stores no encrypted media."))
}
