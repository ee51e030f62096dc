//! What a participant does with a conversation of encrypted chat as a whole.

use chirrup_api::v2::chat_conversations::{
    ArchiveChat, DeleteChat, DeleteChatMessageTtl, GetPinnedChatMessages, MarkChatUnread, MuteChat, SetChatMessageTtl,
    SetChatScreenCapture, UnarchiveChat, UnmuteChat,
};
use serde_json::{Value as Json, json};

use super::context::{HandlerEntry, HandlerResult, RequestContext};
use super::documents::data_response;
use super::own_chat::{EVENT, OwnChat, owner_number, visible_event};
use crate::response::api_error::ApiError;
use crate::response::select::pick;

pub(super) const HANDLERS: &[HandlerEntry] = &[
    (DeleteChat::ENDPOINT, delete_chat),
    (ArchiveChat::ENDPOINT, archive_chat),
    (UnarchiveChat::ENDPOINT, unarchive_chat),
    (MuteChat::ENDPOINT, mute_chat),
    (UnmuteChat::ENDPOINT, unmute_chat),
    (MarkChatUnread::ENDPOINT, mark_chat_unread),
    (SetChatMessageTtl::ENDPOINT, set_chat_message_ttl),
    (DeleteChatMessageTtl::ENDPOINT, delete_chat_message_ttl),
    (SetChatScreenCapture::ENDPOINT, set_chat_screen_capture),
    (GetPinnedChatMessages::ENDPOINT, get_pinned_chat_messages),
];

/// Deletes a conversation for the user alone. It comes back with its next event.
fn delete_chat(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let mut own = OwnChat::find(ctx)?;
    own.save(ctx)?;
    let newest = own.chat["newest_event_id"].clone();
    own.update_state(ctx, |state| {
        state["deleted_through"] = if newest.is_null() { "0".into() } else { newest };
        state["is_archived"] = false.into();
    })?;
    data_response(200, json!({"deleted": true}))
}

/// Sets a flag of the user for a conversation, and reports it under a name.
fn set_flag(ctx: &mut RequestContext<'_>, flag: &str, value: bool, name: &str) -> HandlerResult {
    let mut own = OwnChat::find(ctx)?;
    own.save(ctx)?;
    own.update_state(ctx, |state| state[flag] = value.into())?;
    data_response(200, json!({name: value}))
}

fn archive_chat(ctx: &mut RequestContext<'_>) -> HandlerResult {
    set_flag(ctx, "is_archived", true, "archived")
}

fn unarchive_chat(ctx: &mut RequestContext<'_>) -> HandlerResult {
    set_flag(ctx, "is_archived", false, "archived")
}

fn mute_chat(ctx: &mut RequestContext<'_>) -> HandlerResult {
    set_flag(ctx, "is_muted", true, "muted")
}

fn unmute_chat(ctx: &mut RequestContext<'_>) -> HandlerResult {
    set_flag(ctx, "is_muted", false, "muted")
}

fn mark_chat_unread(ctx: &mut RequestContext<'_>) -> HandlerResult {
    OwnChat::find(ctx)?.update_state(ctx, |state| state["marked_unread"] = true.into())?;
    data_response(200, json!({"success": true}))
}

fn set_chat_message_ttl(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let mut own = OwnChat::find_or_create(ctx)?;
    own.require_allowed("edit_message_ttl")?;
    let text = ctx.text("message_ttl_ms");
    let Some(ttl) = text.parse::<i64>().ok().filter(|ttl| *ttl > 0) else {
        return Err(ApiError::invalid_param("message_ttl_ms", text, "$.message_ttl_ms: must be a number over 0"));
    };
    own.chat["message_ttl_ms"] = ttl.into();
    own.save(ctx)?;
    data_response(200, json!({"updated": true}))
}

fn delete_chat_message_ttl(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let mut own = OwnChat::find(ctx)?;
    own.require_allowed("edit_message_ttl")?;
    let removed = own.chat.as_object_mut().and_then(|chat| chat.remove("message_ttl_ms"));
    own.save(ctx)?;
    data_response(200, json!({"deleted": removed.is_some()}))
}

fn set_chat_screen_capture(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let mut own = OwnChat::find_or_create(ctx)?;
    own.require_allowed("block_screen_capture")?;
    let changes = ctx.params_object(&["blocking", "detection"]);
    if changes == json!({}) {
        let message = "$: one of blocking and detection is required";
        return Err(ApiError::invalid_param("blocking", "", message));
    }
    for (name, signatures) in [("blocking", "blocking_action_signatures"), ("detection", "detection_action_signatures")]
    {
        if !changes[name].is_null() {
            own.chat[format!("screen_capture_{name}_enabled")] = changes[name].clone();
            own.save_signed(ctx, signatures)?;
        }
    }
    data_response(200, changes)
}

/// Responds with the pinned messages, the oldest pin first. There are few, so all are on one page.
fn get_pinned_chat_messages(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let own = OwnChat::find(ctx)?;
    let state = own.state(ctx)?;
    let mut data = Vec::new();
    for id in own.chat["pinned_event_ids"].as_array().into_iter().flatten().filter_map(Json::as_str) {
        let event = ctx.world.own_document(EVENT.name, id, owner_number(&own.id))?;
        let visible = event.and_then(|event| visible_event(event, &own.id, &state, ctx.now));
        data.extend(visible.map(|event| pick(event, &["encoded_event"])));
    }
    let meta = json!({"result_count": data.len()});
    Ok((200, ctx.response().list_body(data, Some(meta)).into()))
}
