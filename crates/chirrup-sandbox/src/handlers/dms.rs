//! Direct messages. Each participant of a conversation has an own copy of every event, and can delete only that copy.

use chirrup_api::v2::direct_messages::{
    BlockDms, CreateDmConversation, DeleteDmEvent, DmEvents, DmEventsIn, DmEventsWith, DownloadDmMedia, GetDmEvent,
    SendDm, SendDmTo, UnblockDms,
};
use chirrup_model::{MediaId, Timestamp, UserId};
use serde_json::{Value as Json, json};

use super::bots::accepts_dms;
use super::context::{HandlerEntry, HandlerResult, RequestContext};
use super::documents::{DocumentKind, data_response};
use crate::response::api_error::ApiError;
use crate::response::dm_event::dm_event;
use crate::response::jpeg::jpeg;
use crate::response::json::{id_of, str_of};
use crate::world::copy_id;

pub(super) const HANDLERS: &[HandlerEntry] = &[
    (DmEvents::ENDPOINT, dm_events),
    (DmEventsWith::ENDPOINT, dm_events_with),
    (DmEventsIn::ENDPOINT, dm_events_in),
    (GetDmEvent::ENDPOINT, get_dm_event),
    (DeleteDmEvent::ENDPOINT, delete_dm_event),
    (SendDm::ENDPOINT, send_dm),
    (SendDmTo::ENDPOINT, send_dm_to),
    (CreateDmConversation::ENDPOINT, create_dm_conversation),
    (DownloadDmMedia::ENDPOINT, download_dm_media),
    (BlockDms::ENDPOINT, block_dms),
    (UnblockDms::ENDPOINT, unblock_dms),
];

const EVENT: DocumentKind = DocumentKind {
    name: "dm",
    resource: "dm_event",
    fields: Some("dm_event.fields"),
    defaults: &["id", "event_type", "text", "participant_ids"],
};
const GROUP: &str = "dm_group";
const BLOCK: &str = "dm_block";
/// Maximum length of a message, in characters.
const MAX_TEXT: usize = 10_000;
/// Age up to which events can be read, in milliseconds (see "Direct Messages lookup").
const KEPT_MS: i64 = 30 * 86_400_000;

/// ID of the conversation of two users: both user IDs, the smaller one first.
pub(super) fn conversation_id(one: u64, other: u64) -> String {
    format!("{}-{}", one.min(other), one.max(other))
}

/// Responds with a page of the user's events that pass a filter.
fn events_page(ctx: &RequestContext<'_>, filter: impl Fn(&Json) -> bool) -> HandlerResult {
    let me = ctx.me()?;
    let kinds: Vec<&str> = ctx.call.list("event_types").collect();
    let since = ctx.now.plus_millis(-KEPT_MS);
    let recent = |event: &Json| id_of(&event["id"]).is_some_and(|id| Timestamp::from_snowflake(id) > since);
    let requested =
        |event: &Json| kinds.is_empty() || event["event_type"].as_str().is_some_and(|kind| kinds.contains(&kind));
    let is_shown = |event: &Json| recent(event) && requested(event) && filter(event);
    let mut body = ctx.documents_body(EVENT, me, 100, |event| Ok(is_shown(&event).then_some(event)))?;
    // X sends both tokens with every page that has events, even if the page that a token names is empty.
    if let Some(last) = body["data"].as_array().and_then(|events| events.last()) {
        let copy = copy_id(str_of(last, "id"), me);
        let seq = ctx.world.document_seq(EVENT.name, &copy)?;
        body["meta"]["next_token"] = ctx.token_below(seq).into();
        body["meta"]["previous_token"] = ctx.token_below(i64::MAX).into();
    }
    Ok((200, body.into()))
}

fn dm_events(ctx: &mut RequestContext<'_>) -> HandlerResult {
    events_page(ctx, |_| true)
}

fn dm_events_with(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let conversation = conversation_id(ctx.me()?, ctx.param::<UserId>("participant_id").get());
    events_page(ctx, |event| event["dm_conversation_id"] == conversation)
}

fn dm_events_in(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let conversation = ctx.text("id");
    participants(ctx, conversation, "id")?;
    events_page(ctx, |event| event["dm_conversation_id"] == conversation)
}

fn get_dm_event(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = ctx.text("event_id");
    let found = ctx.world.document(EVENT.name, &copy_id(id, ctx.me()?))?;
    ctx.document_response(EVENT, "event_id", id, found)
}

fn delete_dm_event(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = ctx.text("event_id");
    if !ctx.world.remove_document(EVENT.name, &copy_id(id, ctx.me()?))? {
        return Err(ApiError::no_such_resource("dm_event", "event_id", id));
    }
    data_response(200, json!({"deleted": true}))
}

/// IDs of the participants of a conversation. The authenticated user must be one of them.
fn participants(ctx: &RequestContext<'_>, conversation: &str, parameter: &str) -> Result<Vec<u64>, ApiError> {
    let me = ctx.me()?;
    let ids: Vec<u64> = match conversation.split_once('-') {
        Some((one, other)) => [one, other].iter().filter_map(|id| id.parse().ok()).collect(),
        None => {
            let group = ctx.world.document(GROUP, conversation)?.unwrap_or_default();
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

/// Stores a new event for each of these users and returns its ID.
pub(super) fn deliver_event(ctx: &mut RequestContext<'_>, users: &[u64], mut event: Json) -> Result<String, ApiError> {
    let id = ctx.new_id();
    event["id"] = id.as_str().into();
    event["created_at"] = json!(ctx.now);
    ctx.world.put_dm_event(&id, users, &event)?;
    Ok(id)
}

/// Sends a message to all participants of a conversation.
fn send_message(
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
        ctx.require_user("participant_id", *user)?;
        let is_blocked = ctx.world.document(BLOCK, &copy_id(&me.to_string(), *user))?.is_some();
        if is_blocked || !accepts_dms(ctx, *user, me)? {
            return Err(ApiError::forbidden("You cannot send messages to this user."));
        }
    }
    let mut event = dm_event(ctx.world, me, conversation, text)?;
    let mut keys = Vec::new();
    for attachment in media.and_then(Json::as_array).into_iter().flatten() {
        let id = id_of(&attachment["media_id"]).unwrap_or_default();
        match ctx.world.media(id)? {
            Some(media) if ctx.world.owns_media(me, id)? => keys.push(media["media_key"].clone()),
            _ => return Err(ApiError::no_such_resource("media", "attachments", id)),
        }
    }
    if !keys.is_empty() {
        event["attachments"] = json!({"media_keys": keys});
    }
    if let Some(post) = linked_post(text) {
        event["referenced_tweets"] = json!([{"id": post.to_string()}]);
    }
    let id = deliver_event(ctx, users, event)?;
    // X puts the ID in quotes.
    ctx.headers.push(("location", format!("https://api.twitter.com/2/dm_events/\"{id}\"")));
    data_response(201, json!({"dm_conversation_id": conversation, "dm_event_id": id}))
}

/// ID of the post that a text links to.
fn linked_post(text: &str) -> Option<u64> {
    let (_, rest) =
        text.split_once("/status/").filter(|(host, _)| host.contains("x.com/") || host.contains("twitter.com/"))?;
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest[..digits].parse().ok()
}

fn send_dm(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (me, other) = (ctx.me()?, ctx.param::<UserId>("participant_id").get());
    let (call, conversation) = (ctx.call, conversation_id(me, other));
    send_message(ctx, &conversation, &[me, other], call.get("text"), call.get("attachments"))
}

fn send_dm_to(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let call = ctx.call;
    let conversation = call.text("dm_conversation_id").unwrap_or_default();
    let users = participants(ctx, conversation, "dm_conversation_id")?;
    send_message(ctx, conversation, &users, call.get("text"), call.get("attachments"))
}

fn create_dm_conversation(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (me, call) = (ctx.me()?, ctx.call);
    let mut users: Vec<u64> = call.list("participant_ids").filter_map(|id| id.parse().ok()).collect();
    users.retain(|user| *user != me);
    users.push(me);
    for user in &users {
        ctx.require_user("participant_ids", *user)?;
    }
    let conversation = ctx.new_id();
    ctx.world.put_document(GROUP, &conversation, me, &json!({"participants": users}))?;
    let ids: Vec<String> = users.iter().map(u64::to_string).collect();
    let joined = json!({
        "event_type": "ParticipantsJoin", "participant_ids": ids, "sender_id": me.to_string(),
        "dm_conversation_id": conversation,
    });
    deliver_event(ctx, &users, joined)?;
    let message = call.get("message").cloned().unwrap_or_default();
    send_message(ctx, &conversation, &users, message.get("text"), message.get("attachments"))
}

fn block_dms(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (me, user) = (ctx.me()?, ctx.param::<UserId>("id").get());
    ctx.require_user("id", user)?;
    ctx.world.put_document(BLOCK, &copy_id(&user.to_string(), me), me, &Json::Bool(true))?;
    data_response(200, json!({"blocked": true}))
}

fn unblock_dms(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    ctx.world.remove_document(BLOCK, &copy_id(&ctx.param::<UserId>("id").to_string(), me))?;
    data_response(200, json!({"blocked": false}))
}

/// Responds with a generated picture: the sandbox does not store the content of media files.
fn download_dm_media(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (event, media) = (ctx.text("dm_id"), ctx.text("media_id"));
    let found = ctx.world.document(EVENT.name, &copy_id(event, ctx.me()?))?;
    let event = found.ok_or_else(|| ApiError::no_such_resource("dm_event", "dm_id", event))?;
    let mut keys = event["attachments"]["media_keys"].as_array().into_iter().flatten().filter_map(Json::as_str);
    let id = media.parse::<MediaId>().map(MediaId::get).unwrap_or_default();
    let object = ctx.world.media(id)?.filter(|object| keys.any(|key| object["media_key"] == key));
    let object = object.ok_or_else(|| ApiError::no_such_resource("media", "media_id", media))?;
    let side = |name: &str| object[name].as_u64().unwrap_or(640);
    ctx.file_response("image/jpeg", jpeg(id, side("width"), side("height")).into())
}
