//! Broadcasts: schedules, live broadcasts and their chat. The sandbox streams no video.

use chirrup_api::v2::broadcasts::{
    BroadcastChat, Broadcasts, CancelBroadcast, DeleteBroadcast, DeleteBroadcastMessage, GetBroadcast,
    GetScheduledBroadcast, MuteInBroadcast, RescheduleBroadcast, ScheduleBroadcast, ScheduledBroadcasts,
    SendBroadcastChat, StartBroadcast, UnmuteInBroadcast, UpdateBroadcastState,
};
use serde_json::{Value as Json, json};

use super::broadcast_moderation::{BROADCAST, MESSAGE, host_of, is_muted, may_moderate, mute, unmute};
use super::context::{HandlerEntry, HandlerResult, RequestContext};
use super::documents::{DocumentKind, alphanumeric_id, data_response};
use super::own_chat::owner_number;
use crate::response::api_error::ApiError;
use crate::response::json::id_of;

pub(super) const HANDLERS: &[HandlerEntry] = &[
    (Broadcasts::ENDPOINT, broadcasts),
    (GetBroadcast::ENDPOINT, get_broadcast),
    (UpdateBroadcastState::ENDPOINT, update_broadcast_state),
    (DeleteBroadcast::ENDPOINT, delete_broadcast),
    (ScheduledBroadcasts::ENDPOINT, scheduled_broadcasts),
    (GetScheduledBroadcast::ENDPOINT, get_scheduled_broadcast),
    (ScheduleBroadcast::ENDPOINT, schedule_broadcast),
    (RescheduleBroadcast::ENDPOINT, reschedule_broadcast),
    (CancelBroadcast::ENDPOINT, cancel_broadcast),
    (StartBroadcast::ENDPOINT, start_broadcast),
    (BroadcastChat::ENDPOINT, broadcast_chat),
    (SendBroadcastChat::ENDPOINT, send_broadcast_chat),
    (DeleteBroadcastMessage::ENDPOINT, delete_broadcast_message),
    (MuteInBroadcast::ENDPOINT, mute_in_broadcast),
    (UnmuteInBroadcast::ENDPOINT, unmute_in_broadcast),
];

const SCHEDULED: DocumentKind = DocumentKind { resource: "broadcast", ..DocumentKind::whole("scheduled_broadcast") };

/// Broadcasts of the authenticated user that have started.
fn broadcasts(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let ids: Vec<&str> = ctx.call.list("ids").collect();
    ctx.documents_page(BROADCAST, me, 100, |json| {
        ids.is_empty() || json["id"].as_str().is_some_and(|id| ids.contains(&id))
    })
}

fn get_broadcast(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.get_document(BROADCAST, "id")
}

fn scheduled_broadcasts(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let scheduled = ctx.world.documents_of(SCHEDULED.name, ctx.me()?, i64::MAX, 100)?;
    let data: Vec<Json> = scheduled.into_iter().map(|thing| thing.json).collect();
    Ok((200, ctx.response().list_body(data, None).into()))
}

fn get_scheduled_broadcast(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.get_document(SCHEDULED, "id")
}

/// Parameters of a scheduled broadcast.
const SCHEDULE_PARAMS: [&str; 11] = [
    "available_for_replay",
    "chat_option",
    "description",
    "locale",
    "manual_publish",
    "scheduled_end_ms",
    "scheduled_start_ms",
    "source_id",
    "telecast_id",
    "thumbnail_media_id",
    "title",
];

fn schedule_broadcast(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let number = ctx.new_id();
    let id = alphanumeric_id(number.parse().unwrap_or_default());
    let mut schedule = ctx.params_object(&SCHEDULE_PARAMS);
    schedule["broadcast_id"] = id.as_str().into();
    schedule["scheduled_broadcast_id"] = number.into();
    schedule["state"] = "scheduled".into();
    ctx.world.put_document(SCHEDULED.name, &id, me, &schedule)?;
    data_response(201, schedule)
}

/// ID, document and owner of the scheduled broadcast in the path, which must belong to the authenticated user.
fn own_schedule(ctx: &RequestContext<'_>) -> Result<(String, Json, u64), ApiError> {
    let (me, id) = (ctx.me()?, ctx.text("id").to_owned());
    let schedule = ctx.find_own_document(SCHEDULED, me, "id", &id)?;
    Ok((id, schedule, me))
}

fn reschedule_broadcast(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, mut schedule, me) = own_schedule(ctx)?;
    for name in SCHEDULE_PARAMS {
        if let Some(value) = ctx.call.get(name) {
            schedule[name] = value.clone();
        }
    }
    ctx.world.put_document(SCHEDULED.name, &id, me, &schedule)?;
    data_response(200, schedule)
}

fn cancel_broadcast(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, ..) = own_schedule(ctx)?;
    ctx.world.remove_document(SCHEDULED.name, &id)?;
    data_response(200, json!({"deleted": true}))
}

fn start_broadcast(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, mut schedule, me) = own_schedule(ctx)?;
    if schedule["state"] != "scheduled" {
        return Err(ApiError::invalid_param("id", &id, "The broadcast has already started."));
    }
    schedule["state"] = "Running".into();
    let number = id_of(&schedule["scheduled_broadcast_id"]).unwrap_or_default();
    let mut broadcast = new_broadcast(ctx, me, number);
    for name in ["title", "source_id", "scheduled_start_ms", "scheduled_end_ms"] {
        broadcast[name] = schedule[name].clone();
    }
    broadcast["state"] = "RUNNING".into();
    broadcast["start_ms"] = ctx.now.as_millis().to_string().into();
    ctx.world.put_document(BROADCAST.name, &id, me, &broadcast)?;
    ctx.world.put_document(SCHEDULED.name, &id, me, &schedule)?;
    data_response(200, schedule)
}

/// A broadcast that is not live yet.
pub(super) fn new_broadcast(ctx: &mut RequestContext<'_>, me: u64, number: u64) -> Json {
    let (id, media) = (alphanumeric_id(number), ctx.new_id());
    let now = ctx.now.as_millis().to_string();
    json!({
        "id": id, "broadcast_id": id, "state": "NOT_STARTED", "twitter_user_id": me.to_string(),
        "created_at_ms": now, "updated_at_ms": now, "media_id": media, "media_key": format!("28_{media}"),
        "width": 1280, "height": 720, "available_for_replay": true, "is_high_latency": true,
        "total_watched": "0", "total_watching": "0", "share_url": format!("https://x.com/i/broadcasts/{id}"),
    })
}

/// User, ID and document of the broadcast that a parameter names. It must belong to the authenticated user.
pub(super) fn own_broadcast(ctx: &RequestContext<'_>, parameter: &str) -> Result<(u64, String, Json), ApiError> {
    let (me, id) = (ctx.me()?, ctx.text(parameter).to_owned());
    let broadcast = ctx.find_own_document(BROADCAST, me, parameter, &id)?;
    Ok((me, id, broadcast))
}

/// Moves a broadcast from one state to another, or refuses the request.
pub(super) fn change_state(
    ctx: &RequestContext<'_>,
    broadcast: &mut Json,
    from: &str,
    to: &str,
) -> Result<(), ApiError> {
    if broadcast["state"] != from {
        let message = format!("The broadcast must be in the state {from}; it is in the state {}.", broadcast["state"]);
        return Err(ApiError::invalid_param("state", ctx.text("state"), message));
    }
    broadcast["state"] = to.into();
    broadcast["updated_at_ms"] = ctx.now.as_millis().to_string().into();
    Ok(())
}

/// Ends the live broadcast that a parameter names.
pub(super) fn end(ctx: &RequestContext<'_>, parameter: &str) -> Result<Json, ApiError> {
    for name in ["title", "locale", "chat_option", "should_not_tweet"] {
        if let Some(value) = ctx.call.get(name) {
            return Err(ApiError::invalid_param(name, &value.to_string(), format!("{name} must not be set")));
        }
    }
    let (me, id, mut broadcast) = own_broadcast(ctx, parameter)?;
    change_state(ctx, &mut broadcast, "RUNNING", "ENDED")?;
    broadcast["end_ms"] = ctx.now.as_millis().to_string().into();
    ctx.world.put_document(BROADCAST.name, &id, me, &broadcast)?;
    if let Some(mut schedule) = ctx.world.own_document(SCHEDULED.name, &id, me)? {
        schedule["state"] = "Ended".into();
        ctx.world.put_document(SCHEDULED.name, &id, me, &schedule)?;
    }
    Ok(broadcast)
}

fn update_broadcast_state(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let state = ctx.text("state");
    if state != "END" {
        return Err(ApiError::invalid_param("state", state, "Only END is supported."));
    }
    let broadcast = end(ctx, "id")?;
    data_response(200, json!({"id": broadcast["id"], "state": broadcast["state"]}))
}

fn delete_broadcast(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (_, id, _) = own_broadcast(ctx, "id")?;
    ctx.world.remove_document(BROADCAST.name, &id)?;
    data_response(200, json!({"deleted": true}))
}

fn broadcast_chat(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = ctx.text("id");
    ctx.find_document(BROADCAST, "id", id)?;
    ctx.documents_page(MESSAGE, owner_number(id), 100, |_| true)
}

fn send_broadcast_chat(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (me, id) = (ctx.me()?, ctx.text("id").to_owned());
    let broadcast = ctx.find_document(BROADCAST, "id", &id)?;
    if broadcast["state"] != "RUNNING" {
        return Err(ApiError::forbidden("The broadcast is not live."));
    }
    if is_muted(ctx, host_of(&broadcast), me)? {
        return Err(ApiError::forbidden("You may not write into the chat of this broadcast."));
    }
    let message = ctx.new_id();
    let user = ctx.world.user(me)?.unwrap_or_default();
    let mut json = ctx.params_object(&["text", "reply_to"]);
    for (name, value) in [
        ("id", json!(message)),
        ("broadcast_id", json!(id)),
        ("author_id", json!(me.to_string())),
        ("author_name", user["name"].clone()),
        ("author_username", user["username"].clone()),
        ("created_at_ms", json!(ctx.now.as_millis().to_string())),
    ] {
        json[name] = value;
    }
    ctx.world.put_document(MESSAGE.name, &message, owner_number(&id), &json)?;
    data_response(200, json!({"success": true, "timestamp": ctx.now.as_millis().to_string()}))
}

fn delete_broadcast_message(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (me, id, message_id) = (ctx.me()?, ctx.text("id"), ctx.text("message_id"));
    let broadcast = ctx.find_document(BROADCAST, "id", id)?;
    let Some(message) = ctx.world.own_document(MESSAGE.name, message_id, owner_number(id))? else {
        return data_response(200, json!({"deleted": false}));
    };
    if id_of(&message["author_id"]) != Some(me) && !may_moderate(ctx, host_of(&broadcast), me)? {
        return Err(ApiError::forbidden("Only its author, the host and the moderators may delete a message."));
    }
    ctx.world.remove_document(MESSAGE.name, message_id)?;
    data_response(200, json!({"deleted": true}))
}

/// Host and ID of the broadcast in the path. The authenticated user must be a moderator of its chat.
fn moderated_broadcast<'r>(ctx: &RequestContext<'r>) -> Result<(u64, &'r str), ApiError> {
    let (me, id) = (ctx.me()?, ctx.text("id"));
    let host = host_of(&ctx.find_document(BROADCAST, "id", id)?);
    if may_moderate(ctx, host, me)? {
        return Ok((host, id));
    }
    Err(ApiError::forbidden("Only the host of a broadcast and its moderators may moderate its chat."))
}

fn mute_in_broadcast(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (host, id) = moderated_broadcast(ctx)?;
    mute(ctx, host, id)
}

fn unmute_in_broadcast(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (host, _) = moderated_broadcast(ctx)?;
    unmute(ctx, host)
}
