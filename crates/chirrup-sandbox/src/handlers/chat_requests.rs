//! Message requests of encrypted chat, and the chat settings of a user.

use chirrup_api::v2::chat_requests::{
    AcceptChatMessageRequest, GetChatMessageRequest, GetChatMessageRequests, GetChatSettings, UpdateChatSettings,
};
use serde_json::{Map, Value as Json, json};

use super::context::{HandlerEntry, HandlerResult, RequestContext};
use super::documents::{DocumentKind, data_response};
use super::own_chat::{EVENT, OwnChat, other_user, owner_number, path_id, visible_event};
use crate::response::api_error::{ApiError, resource_not_found};
use crate::response::json::str_of;
use crate::response::select::pick;
use crate::world::IdList;

pub(super) const HANDLERS: &[HandlerEntry] = &[
    (GetChatMessageRequests::ENDPOINT, get_chat_message_requests),
    (GetChatMessageRequest::ENDPOINT, get_chat_message_request),
    (AcceptChatMessageRequest::ENDPOINT, accept_chat_message_request),
    (GetChatSettings::ENDPOINT, get_chat_settings),
    (UpdateChatSettings::ENDPOINT, update_chat_settings),
];

const REQUEST: DocumentKind = DocumentKind {
    name: "chat_request",
    resource: "message_request",
    fields: Some("chat_message_request.fields"),
    defaults: &["conversation_id", "sender_id"],
};
const DETAIL: DocumentKind = DocumentKind {
    fields: Some("chat_message_request_detail.fields"),
    defaults: &["conversation_id", "message_request_state"],
    ..REQUEST
};
/// Documents with the chat settings of users.
const SETTINGS: &str = "chat_settings";
/// Number of message events in a message request.
const MAX_EVENTS: usize = 20;
/// Number of follows that are searched for social proof.
const MAX_FOLLOWS: usize = 1_000;

fn request_id(chat: &str, recipient: u64) -> String {
    format!("{chat}:{recipient}")
}

/// Returns whether a conversation waits for a user to accept it.
pub(super) fn is_pending(ctx: &RequestContext<'_>, chat: &str, user: u64) -> Result<bool, ApiError> {
    let request = ctx.world.document(REQUEST.name, &request_id(chat, user))?;
    Ok(request.is_some_and(|request| request["message_request_state"] == "pending"))
}

/// Returns whether a user has pending message requests.
pub(super) fn has_pending(ctx: &RequestContext<'_>, user: u64) -> Result<bool, ApiError> {
    let requests = ctx.world.documents_of(REQUEST.name, user, i64::MAX, MAX_FOLLOWS)?;
    Ok(requests.iter().any(|request| request.json["message_request_state"] == "pending"))
}

/// Users whom the recipient follows and who follow the sender.
fn social_proof(ctx: &RequestContext<'_>, recipient: u64, sender: u64) -> Result<Vec<String>, ApiError> {
    let mut proof = Vec::new();
    for (user, _) in ctx.world.list_ids(IdList::Following, recipient, i64::MAX, MAX_FOLLOWS)? {
        if ctx.world.follows(user, sender)? {
            proof.push(user.to_string());
        }
    }
    Ok(proof)
}

/// Admits a message to a conversation of two users. The first one to a user who does not follow the sender becomes a
/// message request.
///
/// # Errors
/// With 403 if the settings of the recipient refuse the sender.
pub(super) fn admit_message(ctx: &RequestContext<'_>, own: &OwnChat) -> Result<(), ApiError> {
    let Some(recipient) = other_user(&own.id, own.me) else { return Ok(()) };
    let (id, sender) = (request_id(&own.id, recipient), own.me);
    let has_state = ctx.world.document(REQUEST.name, &id)?.is_some();
    // The user who wrote first gets replies.
    let is_reply = ctx.world.document(REQUEST.name, &request_id(&own.id, sender))?.is_some();
    if has_state || is_reply || ctx.world.follows(recipient, sender)? {
        return Ok(());
    }
    let settings = settings_of(ctx, recipient)?;
    let is_verified = ctx.world.user(sender)?.unwrap_or_default()["verified"] == true;
    let is_allowed = match str_of(&settings, "allow_dms_from") {
        "following" => false,
        "verified" => is_verified,
        _ => true,
    };
    if !is_allowed {
        return Err(ApiError::forbidden("You cannot send messages to this user."));
    }
    let proof = social_proof(ctx, recipient, sender)?;
    let is_filtered = settings["dm_quality_filter"] == "enabled" && proof.is_empty() && !is_verified;
    let request = json!({
        "conversation_id": own.id, "sender_id": sender.to_string(), "social_proof_user_ids": proof,
        "sender_recently_modified_profile": false, "message_request_state": "pending",
        "inbox_type": if is_filtered { "low_quality" } else { "you_may_know" },
    });
    Ok(ctx.world.put_document(REQUEST.name, &id, recipient, &request)?)
}

/// Adds the events of the conversation to a message request.
fn with_events(ctx: &RequestContext<'_>, mut request: Json) -> Result<Json, ApiError> {
    let chat = str_of(&request, "conversation_id").to_owned();
    let events = ctx.world.documents_of(EVENT.name, owner_number(&chat), i64::MAX, MAX_EVENTS + 1)?;
    let state = json!({});
    let has_more = events.len() > MAX_EVENTS;
    let (mut messages, mut keys) = (Vec::new(), Vec::new());
    for event in events.into_iter().take(MAX_EVENTS).rev() {
        let Some(event) = visible_event(event.json, &chat, &state, ctx.now) else { continue };
        let list = if event["conversation_key_version"].is_null() { &mut messages } else { &mut keys };
        list.push(event["encoded_event"].clone());
    }
    request["encoded_message_create_event"] = messages.first().cloned().unwrap_or_else(|| "".into());
    request["message_events"] = messages.into();
    request["conversation_key_events"] = keys.into();
    request["has_more_events"] = has_more.into();
    Ok(request)
}

fn get_chat_message_requests(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let inbox = ctx.call.text("inbox_type").unwrap_or("you_may_know");
    ctx.documents_page_map(REQUEST, me, 10, |request| {
        if request["message_request_state"] != "pending" || request["inbox_type"] != inbox {
            return Ok(None);
        }
        with_events(ctx, request).map(Some)
    })
}

fn get_chat_message_request(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (me, id) = (ctx.me()?, path_id(ctx)?);
    let request = match ctx.world.document(REQUEST.name, &request_id(&id, me))? {
        Some(mut request) => {
            request["participant_id"] = request["sender_id"].clone();
            Some(with_events(ctx, request)?)
        }
        None => None,
    };
    ctx.document_response(DETAIL, "id", &id, request)
}

fn accept_chat_message_request(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (me, id) = (ctx.me()?, path_id(ctx)?);
    let key = request_id(&id, me);
    let request = ctx.world.document(REQUEST.name, &key)?;
    let Some(mut request) = request.filter(|request| request["message_request_state"] == "pending") else {
        let body = json!({"errors": [resource_not_found(REQUEST.resource, "id", &id)]});
        return Err(ApiError { status: 404, body, before_routing: false });
    };
    request["message_request_state"] = "accepted".into();
    ctx.world.put_document(REQUEST.name, &key, me, &request)?;
    data_response(200, json!({"accepted": true}))
}

/// Chat settings of a user; the defaults of X are not documented.
fn settings_of(ctx: &RequestContext<'_>, user: u64) -> Result<Json, ApiError> {
    let stored = ctx.world.document(SETTINGS, &user.to_string())?;
    Ok(stored.unwrap_or_else(|| {
        json!({
            "allow_dms_from": "all", "always_allow_dms_from_subscribers": false, "dm_quality_filter": "enabled",
            "dm_receipt_settings": "all_enabled",
            "av_settings": {
                "has_av_calls_enabled": true, "has_enhanced_call_privacy_enabled": false,
                "av_call_permissions": {
                    "accept_calls_from_addressbook": false, "accept_calls_from_everyone": false,
                    "accept_calls_from_following": true, "accept_calls_from_verified": false,
                },
            },
        })
    }))
}

fn get_chat_settings(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let settings = settings_of(ctx, ctx.me()?)?;
    let fields: Vec<&str> = ctx.call.list("chat_settings.fields").collect();
    data_response(200, if fields.is_empty() { settings } else { pick(settings, &fields) })
}

/// Replaces the members of an object that another has, at every depth.
fn merge(old: &mut Json, new: &Json) {
    match (old, new) {
        (Json::Object(old), Json::Object(new)) => {
            for (name, value) in new {
                merge(old.entry(name.as_str()).or_insert_with(|| Map::new().into()), value);
            }
        }
        (old, new) => *old = new.clone(),
    }
}

fn update_chat_settings(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let names = [
        "allow_dms_from",
        "always_allow_dms_from_subscribers",
        "av_settings",
        "dm_quality_filter",
        "dm_receipt_settings",
    ];
    let changes = ctx.params_object(&names);
    if changes == json!({}) {
        let message = format!("$: one of {} is required", names.join(", "));
        return Err(ApiError::invalid_param("allow_dms_from", "", message));
    }
    let mut settings = settings_of(ctx, me)?;
    merge(&mut settings, &changes);
    ctx.world.put_document(SETTINGS, &me.to_string(), me, &settings)?;
    data_response(200, settings)
}
