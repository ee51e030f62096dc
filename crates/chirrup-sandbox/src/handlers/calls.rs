//! Calls between users. The sandbox transports no audio: a user who joins is in the call immediately.

use chirrup_api::v2::calls::{CreateCall, GetCall, JoinCall, LeaveCall};
use serde_json::{Value as Json, json};

use super::context::{HandlerEntry, HandlerResult, RequestContext};
use super::documents::{DocumentKind, alphanumeric_id, data_response};
use crate::random::random_token;
use crate::response::api_error::ApiError;
use crate::response::json::id_of;

pub(super) const HANDLERS: &[HandlerEntry] = &[
    (CreateCall::ENDPOINT, create_call),
    (GetCall::ENDPOINT, get_call),
    (JoinCall::ENDPOINT, join_call),
    (LeaveCall::ENDPOINT, leave_call),
];

pub(super) const CALL: DocumentKind =
    DocumentKind { name: "call", resource: "call", fields: Some("call.fields"), defaults: &["id"] };

/// Lifetime of a media token in milliseconds.
const MEDIA_TOKEN_MS: i64 = 60_000;

/// Creates a call that the authenticated user hosts, and returns its ID.
pub(super) fn new_call(ctx: &mut RequestContext<'_>, me: u64) -> Result<String, ApiError> {
    let number = ctx.world.next_id(ctx.now);
    let id = alphanumeric_id(number);
    let mut call = ctx.params_object(&["conversation_id", "title"]);
    call["id"] = id.as_str().into();
    call["host_id"] = me.to_string().into();
    call["created_at"] = json!(ctx.now);
    call["join_policy"] = ctx.call.text("join_policy").unwrap_or("open").into();
    call["join_url"] = format!("https://x.com/i/calls/{id}").into();
    call["participants"] = json!([]);
    ctx.world.put_document(CALL.name, &id, me, &call)?;
    Ok(id)
}

/// Refuses a request for a call in a conversation of other users.
fn require_conversation(ctx: &RequestContext<'_>, me: u64) -> Result<(), ApiError> {
    let Some(id) = ctx.call.text("conversation_id") else { return Ok(()) };
    let Some(chat) = ctx.world.document("chat", id)? else {
        return Err(ApiError::no_such_resource("conversation", "conversation_id", id));
    };
    let me = me.to_string();
    if chat["participant_ids"].as_array().is_some_and(|ids| ids.iter().any(|id| *id == me.as_str())) {
        return Ok(());
    }
    Err(ApiError::forbidden("You are not a participant of this conversation."))
}

fn create_call(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    require_conversation(ctx, me)?;
    let id = new_call(ctx, me)?;
    data_response(201, ctx.world.call_json(&id, Some(me))?.unwrap_or_default())
}

fn get_call(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = ctx.text("id");
    let call = ctx.world.call_json(id, ctx.identity.user)?;
    ctx.document_response(CALL, "id", id, call)
}

/// Adds the authenticated user to the participants of a call, or removes this user. Returns whether that changed them.
fn set_participant(ctx: &RequestContext<'_>, call: &mut Json, me: u64, present: bool) -> Result<bool, ApiError> {
    let mut participants = call["participants"].as_array().cloned().unwrap_or_default();
    let before = participants.len();
    participants.retain(|id| *id != me);
    let was_present = participants.len() < before;
    if present {
        participants.push(me.into());
    }
    call["participants"] = participants.into();
    let host = id_of(&call["host_id"]).unwrap_or_default();
    ctx.world.put_document(CALL.name, ctx.text("id"), host, call)?;
    Ok(was_present != present)
}

fn join_call(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (me, id) = (ctx.me()?, ctx.text("id"));
    let mut call = ctx.find_document(CALL, "id", id)?;
    let admitted = ctx.world.may_join(&call, me)?;
    if admitted {
        set_participant(ctx, &mut call, me, true)?;
    }
    let mut session = json!({
        "session_id": ctx.new_id(), "media_type": "websocket", "media_url": format!("wss://media.example/calls/{id}"),
        "media_token": random_token(16), "expires_at": ctx.now.plus_millis(MEDIA_TOKEN_MS),
        "call": ctx.world.call_json(id, Some(me))?,
    });
    if !admitted {
        session["admission"] = "requires_approval".into();
    }
    data_response(200, session)
}

fn leave_call(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let mut call = ctx.find_document(CALL, "id", ctx.text("id"))?;
    let left = set_participant(ctx, &mut call, me, false)?;
    data_response(200, json!({ "left": left }))
}
