//! Welcome messages, their rules, and custom profiles.

use chirrup_api::v1::direct_messages::{
    DestroyWelcomeMessage, DestroyWelcomeRule, ListWelcomeMessages, ListWelcomeRules, NewCustomProfile,
    NewWelcomeMessage, NewWelcomeRule, ShowCustomProfile, ShowWelcomeMessage, ShowWelcomeRule, UpdateWelcomeMessage,
};
use chirrup_model::MediaId;
use serde_json::{Value as Json, json};

use super::super::context::{HandlerEntry, HandlerResult, RequestContext};
use super::message_data::check_message_data;
use crate::response::api_error::ApiError;
use crate::response::json::str_of;
use crate::response::v1_errors::{error, page_not_found};

pub(super) const HANDLERS: &[HandlerEntry] = &[
    (NewWelcomeMessage::ENDPOINT, new_welcome_message),
    (ShowWelcomeMessage::ENDPOINT, welcome_message),
    (ListWelcomeMessages::ENDPOINT, welcome_messages),
    (UpdateWelcomeMessage::ENDPOINT, update_welcome_message),
    (DestroyWelcomeMessage::ENDPOINT, destroy_welcome_message),
    (NewWelcomeRule::ENDPOINT, new_welcome_rule),
    (ShowWelcomeRule::ENDPOINT, welcome_rule),
    (ListWelcomeRules::ENDPOINT, welcome_rules),
    (DestroyWelcomeRule::ENDPOINT, destroy_welcome_rule),
    (NewCustomProfile::ENDPOINT, new_custom_profile),
    (ShowCustomProfile::ENDPOINT, custom_profile),
];

const WELCOME: &str = "welcome";
const RULE: &str = "welcome_rule";
pub(super) const PROFILE: &str = "custom_profile";

/// A document of the authenticated user.
pub(super) fn own_document(ctx: &RequestContext<'_>, kind: &str, id: &str) -> Result<Json, ApiError> {
    ctx.world.own_document(kind, id, ctx.me()?)?.ok_or_else(page_not_found)
}

/// ID and document of the authenticated user that the parameter `id` names.
fn document_param(ctx: &RequestContext<'_>, kind: &str) -> Result<(String, Json), ApiError> {
    let id = ctx.text("id").to_owned();
    let document = own_document(ctx, kind, &id)?;
    Ok((id, document))
}

/// Deletes a document of the authenticated user.
fn delete(ctx: &mut RequestContext<'_>, kind: &str) -> HandlerResult {
    let (id, _) = document_param(ctx, kind)?;
    ctx.world.remove_document(kind, &id)?;
    Ok((204, Json::Null.into()))
}

/// Responds with a page of the documents of the authenticated user.
fn documents_page(ctx: &RequestContext<'_>, kind: &str, name: &str) -> HandlerResult {
    let below = ctx.call.text("cursor").and_then(|text| text.parse().ok()).unwrap_or(i64::MAX);
    let size = ctx.count(20);
    let mut all = ctx.world.documents_of(kind, ctx.me()?, below, size + 1)?;
    let more = all.len() > size;
    all.truncate(size);
    let mut body = json!({});
    if let Some(last) = all.last().filter(|_| more) {
        body["next_cursor"] = last.seq.to_string().into();
    }
    if !all.is_empty() {
        body[name] = all.into_iter().map(|document| document.json).collect::<Vec<_>>().into();
    }
    Ok((200, body.into()))
}

/// Stores a new document of the authenticated user with an ID and the current time.
fn create(ctx: &mut RequestContext<'_>, kind: &str, mut document: Json) -> Result<Json, ApiError> {
    let (me, id) = (ctx.me()?, ctx.new_id());
    document["id"] = id.as_str().into();
    document["created_timestamp"] = ctx.now.as_millis().to_string().into();
    ctx.world.put_document(kind, &id, me, &document)?;
    Ok(document)
}

fn new_welcome_message(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let given = ctx.call.get("welcome_message").cloned().unwrap_or_default();
    check_message_data(&given["message_data"])?;
    if str_of(&given["message_data"], "text").is_empty() {
        return Err(error(400, 214, "Bad request: a welcome message needs a text."));
    }
    let created = create(ctx, WELCOME, json!({"name": given["name"], "message_data": given["message_data"]}))?;
    Ok((200, json!({"welcome_message": created}).into()))
}

fn welcome_message(ctx: &mut RequestContext<'_>) -> HandlerResult {
    Ok((200, json!({"welcome_message": document_param(ctx, WELCOME)?.1}).into()))
}

fn welcome_messages(ctx: &mut RequestContext<'_>) -> HandlerResult {
    documents_page(ctx, WELCOME, "welcome_messages")
}

fn update_welcome_message(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, mut message) = document_param(ctx, WELCOME)?;
    let data = ctx.call.get("message_data").cloned().unwrap_or_default();
    check_message_data(&data)?;
    message["message_data"] = data;
    ctx.world.put_document(WELCOME, &id, ctx.me()?, &message)?;
    Ok((200, json!({"welcome_message": message}).into()))
}

fn destroy_welcome_message(ctx: &mut RequestContext<'_>) -> HandlerResult {
    delete(ctx, WELCOME)
}

fn new_welcome_rule(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = ctx.call.get("welcome_message_rule").map(|rule| rule["welcome_message_id"].clone()).unwrap_or_default();
    own_document(ctx, WELCOME, id.as_str().unwrap_or_default())?;
    if !ctx.world.documents_of(RULE, ctx.me()?, i64::MAX, 1)?.is_empty() {
        return Err(error(403, 214, "A rule already exists. Delete it first."));
    }
    let created = create(ctx, RULE, json!({"welcome_message_id": id}))?;
    Ok((200, json!({"welcome_message_rule": created}).into()))
}

fn welcome_rule(ctx: &mut RequestContext<'_>) -> HandlerResult {
    Ok((200, json!({"welcome_message_rule": document_param(ctx, RULE)?.1}).into()))
}

fn welcome_rules(ctx: &mut RequestContext<'_>) -> HandlerResult {
    documents_page(ctx, RULE, "welcome_message_rules")
}

fn destroy_welcome_rule(ctx: &mut RequestContext<'_>) -> HandlerResult {
    delete(ctx, RULE)
}

fn new_custom_profile(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let given = ctx.call.get("custom_profile").cloned().unwrap_or_default();
    let media: MediaId =
        given["avatar"]["media"]["id"].as_str().and_then(|id| id.parse().ok()).unwrap_or(MediaId::new(0));
    if !ctx.world.owns_media(ctx.me()?, media.get())? {
        return Err(error(400, 325, "A media id was not found."));
    }
    let avatar = json!({"media": {"id": media.to_string(), "url": format!("https://pbs.twimg.com/media/{media}.jpg")}});
    let created = create(ctx, PROFILE, json!({"name": given["name"], "avatar": avatar}))?;
    Ok((200, json!({"custom_profile": created}).into()))
}

fn custom_profile(ctx: &mut RequestContext<'_>) -> HandlerResult {
    Ok((200, json!({"custom_profile": document_param(ctx, PROFILE)?.1}).into()))
}
