//! Direct messages. Everyone in a conversation has a copy of each event of their own, and deletes that alone.

use chirrup_model::Timestamp;
use serde_json::{Value as Json, json};

use super::documents::{Kind, said};
use super::{HandlerResult, RequestContext};
use crate::api_error::ApiError;

const EVENT: Kind = Kind {
    name: "dm",
    resource: "dm_event",
    fields: Some("dm_event.fields"),
    defaults: &["id", "event_type", "text", "participant_ids"],
};
const GROUP: &str = "dm_group";
const BLOCK: &str = "dm_block";
/// The longest text of a message.
const MAX_TEXT: usize = 10_000;
/// How long events can be read.
const KEPT_MS: i64 = 30 * 86_400_000;

/// The conversation of two users: the smaller id first.
pub(super) fn between(one: u64, other: u64) -> String {
    format!("{}-{}", one.min(other), one.max(other))
}

pub(super) fn copy_id(event: &str, user: u64) -> String {
    format!("{event}:{user}")
}

/// A page of the caller's events that fit.
fn events(ctx: &RequestContext<'_>, fits: impl Fn(&Json) -> bool) -> HandlerResult {
    let me = ctx.me()?;
    let kinds: Vec<&str> = ctx.call.list("event_types").collect();
    let since = ctx.now.plus_millis(-KEPT_MS);
    let recent = |event: &Json| {
        let id = event["id"].as_str().and_then(|id| id.parse().ok()).unwrap_or_default();
        Timestamp::from_snowflake(id) > since
    };
    let asked =
        |event: &Json| kinds.is_empty() || event["event_type"].as_str().is_some_and(|kind| kinds.contains(&kind));
    let (status, mut body) = ctx.things_page(EVENT, me, 100, |event| recent(event) && asked(event) && fits(event))?;
    // X names both neighbours of every page that holds something, were they empty.
    if let Some(last) = body["data"].as_array().and_then(|events| events.last()) {
        let copy = copy_id(last["id"].as_str().unwrap_or_default(), me);
        let seq = ctx.world.place_of(EVENT.name, &copy)?;
        body["meta"]["next_token"] = ctx.token_below(seq).into();
        body["meta"]["previous_token"] = ctx.token_below(i64::MAX).into();
    }
    Ok((status, body))
}

pub(super) fn all(ctx: &mut RequestContext<'_>) -> HandlerResult {
    events(ctx, |_| true)
}

pub(super) fn with(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let conversation = between(ctx.me()?, ctx.id("participant_id"));
    events(ctx, |event| event["dm_conversation_id"] == conversation)
}

pub(super) fn inside(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let conversation = ctx.call.text("id").unwrap_or_default();
    participants(ctx, conversation, "id")?;
    events(ctx, |event| event["dm_conversation_id"] == conversation)
}

pub(super) fn one(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = ctx.call.text("event_id").unwrap_or_default();
    let found = ctx.world.thing(EVENT.name, &copy_id(id, ctx.me()?))?;
    ctx.show_one(EVENT, "event_id", id, found)
}

pub(super) fn delete(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = ctx.call.text("event_id").unwrap_or_default();
    if !ctx.world.remove(EVENT.name, &copy_id(id, ctx.me()?))? {
        return Err(ApiError::no_such_resource("dm_event", "event_id", id));
    }
    said(200, json!({"deleted": true}))
}

/// Who takes part in a conversation. The caller has to.
fn participants(ctx: &RequestContext<'_>, conversation: &str, parameter: &str) -> Result<Vec<u64>, ApiError> {
    let me = ctx.me()?;
    let ids: Vec<u64> = match conversation.split_once('-') {
        Some((one, other)) => [one, other].iter().filter_map(|id| id.parse().ok()).collect(),
        None => {
            let group = ctx.world.thing(GROUP, conversation)?.unwrap_or_default();
            group["participants"].as_array().into_iter().flatten().filter_map(Json::as_u64).collect()
        }
    };
    if ids.is_empty() {
        return Err(ApiError::no_such_resource("dm_conversation", parameter, conversation));
    }
    if !ids.contains(&me) {
        return Err(ApiError::forbidden("You are not a participant of this conversation."));
    }
    Ok(ids)
}

/// Gives everyone a copy of an event.
pub(super) fn tell(ctx: &mut RequestContext<'_>, users: &[u64], mut event: Json) -> Result<String, ApiError> {
    let id = ctx.new_id();
    event["id"] = id.as_str().into();
    event["created_at"] = json!(ctx.now);
    for user in users {
        ctx.world.put(EVENT.name, &copy_id(&id, *user), *user, &event)?;
    }
    Ok(id)
}

/// Sends a message of this text and these attachments to all of a conversation.
fn send(
    ctx: &mut RequestContext<'_>,
    conversation: &str,
    users: &[u64],
    text: Option<&Json>,
    media: Option<&Json>,
) -> HandlerResult {
    let me = ctx.me()?;
    let text = text.and_then(Json::as_str).unwrap_or_default();
    if text.is_empty() && media.is_none() {
        let message = "$: one of text and attachments is required";
        return Err(ApiError::invalid_param("text", "", message));
    }
    if text.chars().count() > MAX_TEXT {
        let message = format!("$.text: must have at most {MAX_TEXT} characters");
        return Err(ApiError::invalid_param("text", "", message));
    }
    for user in users.iter().filter(|user| **user != me) {
        if ctx.world.username(*user)?.is_none() {
            return Err(ApiError::no_such_resource("user", "participant_id", *user));
        }
        if ctx.world.thing(BLOCK, &copy_id(&me.to_string(), *user))?.is_some() {
            return Err(ApiError::forbidden("You cannot send messages to this user."));
        }
    }
    let mut event = json!({
        "event_type": "MessageCreate", "text": text, "sender_id": me.to_string(), "dm_conversation_id": conversation,
    });
    let mut keys = Vec::new();
    for medium in media.and_then(Json::as_array).into_iter().flatten() {
        let id = medium["media_id"].as_str().and_then(|id| id.parse().ok()).unwrap_or_default();
        match ctx.world.media(id)? {
            Some(medium) if ctx.world.owns_media(me, id)? => keys.push(medium["media_key"].clone()),
            _ => return Err(ApiError::no_such_resource("media", "attachments", id)),
        }
    }
    if !keys.is_empty() {
        event["attachments"] = json!({"media_keys": keys});
    }
    let entities = ctx.world.entities(text)?;
    if entities != json!({}) {
        event["entities"] = entities;
    }
    if let Some(post) = linked_post(text) {
        event["referenced_tweets"] = json!([{"id": post.to_string()}]);
    }
    let id = tell(ctx, users, event)?;
    said(201, json!({"dm_conversation_id": conversation, "dm_event_id": id}))
}

/// The post that a text links to.
fn linked_post(text: &str) -> Option<u64> {
    let (_, rest) =
        text.split_once("/status/").filter(|(host, _)| host.contains("x.com/") || host.contains("twitter.com/"))?;
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest[..digits].parse().ok()
}

pub(super) fn send_with(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (me, other) = (ctx.me()?, ctx.id("participant_id"));
    let (call, conversation) = (ctx.call, between(me, other));
    send(ctx, &conversation, &[me, other], call.get("text"), call.get("attachments"))
}

pub(super) fn send_to(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let call = ctx.call;
    let conversation = call.text("dm_conversation_id").unwrap_or_default();
    let users = participants(ctx, conversation, "dm_conversation_id")?;
    send(ctx, conversation, &users, call.get("text"), call.get("attachments"))
}

pub(super) fn create(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (me, call) = (ctx.me()?, ctx.call);
    let mut users: Vec<u64> = call.list("participant_ids").filter_map(|id| id.parse().ok()).collect();
    users.retain(|user| *user != me);
    users.push(me);
    for user in &users {
        if ctx.world.username(*user)?.is_none() {
            return Err(ApiError::no_such_resource("user", "participant_ids", *user));
        }
    }
    let conversation = ctx.new_id();
    ctx.world.put(GROUP, &conversation, me, &json!({"participants": users}))?;
    let ids: Vec<String> = users.iter().map(u64::to_string).collect();
    let joined = json!({
        "event_type": "ParticipantsJoin", "participant_ids": ids, "sender_id": me.to_string(),
        "dm_conversation_id": conversation,
    });
    tell(ctx, &users, joined)?;
    let message = call.get("message").cloned().unwrap_or_default();
    send(ctx, &conversation, &users, message.get("text"), message.get("attachments"))
}

pub(super) fn block(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (me, user) = (ctx.me()?, ctx.id("id"));
    if ctx.world.username(user)?.is_none() {
        return Err(ApiError::no_such_resource("user", "id", user));
    }
    ctx.world.put(BLOCK, &copy_id(&user.to_string(), me), me, &Json::Bool(true))?;
    said(200, json!({"blocked": true}))
}

pub(super) fn unblock(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    ctx.world.remove(BLOCK, &copy_id(&ctx.id("id").to_string(), me))?;
    said(200, json!({"blocked": false}))
}

pub(super) fn download(_: &mut RequestContext<'_>) -> HandlerResult {
    Err(ApiError::not_implemented(
        "The sandbox keeps no files of media. Look at the url of the medium in the includes.",
    ))
}
