//! Encrypted chat: conversations, their keys and their messages. The sandbox stores keys and messages as opaque texts,
//! as X does.

use chirrup_api::v2::chat::{
    AddChatKeys, AddChatMembers, BeginChatGroup, ChatEvents, Chats, CreateChatGroup, DeleteChatMessages, GetChat,
    MarkChatRead, SendChatMessage, ShowTyping,
};
use chirrup_model::Timestamp;
use serde_json::{Value as Json, json};

use super::chat_requests;
use super::context::{HandlerEntry, HandlerResult, RequestContext};
use super::documents::data_response;
use super::own_chat::{
    CHAT, EVENT, OwnChat, add_ids, contains, ids, owner_number, remove_ids, state_of, visible_event,
};
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
];

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
    let mut body = ctx.documents_body(CHAT, 0, 200, |chat| {
        if !contains(&chat, "participant_ids", me) || chat_requests::is_pending(ctx, str_of(&chat, "id"), me)? {
            return Ok(None);
        }
        let Some(chat) = present(ctx, chat, me)? else { return Ok(None) };
        Ok(passes_filters(ctx, &chat)?.then_some(chat))
    })?;
    body["meta"]["has_message_requests"] = chat_requests::has_pending(ctx, me)?.into();
    Ok((200, body.into()))
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
