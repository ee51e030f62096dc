//! Encrypted chat. The sandbox stores keys and messages as opaque texts, as X does.

use chirrup_api::v2::chat::{
    AddChatKeys, AddChatMembers, AppendChatUpload, BeginChatGroup, BeginChatUpload, ChatEvents, Chats, CreateChatGroup,
    DeleteChatMessages, DownloadChatMedia, FinishChatUpload, GetChat, MarkChatRead, SendChatMessage, ShowTyping,
};
use serde_json::{Value as Json, json};

use super::context::{HandlerEntry, HandlerResult, RequestContext};
use super::documents::{DocumentKind, data_response};
use crate::response::api_error::ApiError;

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
    (MarkChatRead::ENDPOINT, acknowledge),
    (ShowTyping::ENDPOINT, acknowledge),
    (BeginChatUpload::ENDPOINT, no_media),
    (AppendChatUpload::ENDPOINT, no_media),
    (FinishChatUpload::ENDPOINT, no_media),
    (DownloadChatMedia::ENDPOINT, no_media),
];

const CHAT: DocumentKind = DocumentKind {
    name: "chat",
    resource: "conversation",
    fields: Some("chat_conversation.fields"),
    defaults: &["id", "type"],
};
const EVENT: DocumentKind = DocumentKind::whole("chat_event");

fn is_participant(chat: &Json, user: &str) -> bool {
    chat["participant_ids"].as_array().is_some_and(|ids| ids.iter().any(|id| *id == user))
}

/// ID and document of the conversation in the path. The authenticated user must be a participant.
fn own_chat(ctx: &RequestContext<'_>) -> Result<(String, Json), ApiError> {
    let id = ctx.text("id").to_owned();
    let chat = ctx.find_document(CHAT, "id", &id)?;
    let me = ctx.me()?.to_string();
    if is_participant(&chat, &me) {
        return Ok((id, chat));
    }
    Err(ApiError::forbidden("You are not a participant of this conversation."))
}

fn chats(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?.to_string();
    ctx.documents_page(CHAT, 0, 100, |chat| is_participant(chat, &me))
}

fn get_chat(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, chat) = own_chat(ctx)?;
    ctx.document_response(CHAT, "id", &id, Some(chat))
}

fn begin_chat_group(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.me()?;
    let id = ctx.new_id();
    data_response(200, json!({"conversation_id": format!("g{id}")}))
}

fn create_chat_group(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (me, call) = (ctx.me()?.to_string(), ctx.call);
    let id = call.text("conversation_id").unwrap_or_default().to_owned();
    let mut members: Vec<&str> = call.list("group_members").collect();
    if !members.contains(&me.as_str()) {
        members.push(&me);
    }
    let mut chat = ctx.params_object(&["group_name", "group_avatar_url"]);
    for (name, value) in [
        ("id", json!(id)),
        ("type", json!("group")),
        ("participant_ids", json!(members)),
        ("member_ids", json!(members)),
        ("admin_ids", json!([me])),
        ("created_at", json!(ctx.now)),
        ("updated_at", json!(ctx.now)),
        ("is_muted", json!(false)),
    ] {
        chat[name] = value;
    }
    ctx.world.put_document(CHAT.name, &id, 0, &chat)?;
    let sequence = append_event(ctx, &id, "key")?;
    data_response(201, json!({"conversation_id": id, "conversation_key_change_sequence_id": sequence}))
}

/// Appends an event to a conversation and returns its ID.
fn append_event(ctx: &mut RequestContext<'_>, chat: &str, encoded: &str) -> Result<String, ApiError> {
    let id = ctx.new_id();
    let event = json!({
        "id": id, "conversation_id": chat, "encoded_event": encoded, "created_at": ctx.now, "is_trusted": true,
        "sender_id": ctx.me()?.to_string(),
    });
    ctx.world.put_document(EVENT.name, &id, owner_number(chat), &event)?;
    Ok(id)
}

/// Number of a conversation as the owner of its events.
pub(super) fn owner_number(chat: &str) -> u64 {
    chat.bytes().fold(7, |hash: u64, b| hash.wrapping_mul(31).wrapping_add(u64::from(b))) >> 1
}

fn chat_events(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, _) = own_chat(ctx)?;
    ctx.documents_page(EVENT, owner_number(&id), 100, |event| event["conversation_id"] == id)
}

fn add_chat_keys(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, _) = own_chat(ctx)?;
    let sequence = append_event(ctx, &id, "key")?;
    data_response(200, json!({"conversation_id": id, "sequence_id": sequence}))
}

fn add_chat_members(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, mut chat) = own_chat(ctx)?;
    for list in ["participant_ids", "member_ids"] {
        let mut ids = chat[list].as_array().cloned().unwrap_or_default();
        ids.extend(ctx.call.list("user_ids").map(Json::from));
        ids.dedup();
        chat[list] = ids.into();
    }
    ctx.world.put_document(CHAT.name, &id, 0, &chat)?;
    data_response(200, json!({"success": true}))
}

fn send_chat_message(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, _) = own_chat(ctx)?;
    let message = ctx.text("encoded_message_create_event").to_owned();
    append_event(ctx, &id, &message)?;
    data_response(201, json!({"encoded_message_event": message}))
}

fn delete_chat_messages(ctx: &mut RequestContext<'_>) -> HandlerResult {
    own_chat(ctx)?;
    let mut deleted = false;
    for id in ctx.call.list("sequence_ids") {
        deleted |= ctx.world.remove_document(EVENT.name, id)?;
    }
    data_response(200, json!({"deleted": deleted}))
}

fn acknowledge(ctx: &mut RequestContext<'_>) -> HandlerResult {
    own_chat(ctx)?;
    data_response(200, json!({"success": true}))
}

fn no_media(_: &mut RequestContext<'_>) -> HandlerResult {
    Err(ApiError::not_implemented("The sandbox stores no encrypted media."))
}
