//! Broadcasts: schedules, live broadcasts and their chat. The sandbox streams no video.

use chirrup_model::UserId;
use serde_json::{Value as Json, json};

use super::chat::owner_number;
use super::documents::{DocumentKind, data_response};
use super::{HandlerResult, RequestContext};
use crate::api_error::ApiError;

const BROADCAST: DocumentKind = DocumentKind {
    name: "broadcast",
    resource: "broadcast",
    fields: Some("broadcast.fields"),
    defaults: &["id", "title", "state"],
};
const SCHEDULED: DocumentKind = DocumentKind { resource: "broadcast", ..DocumentKind::whole("scheduled_broadcast") };
const MESSAGE: DocumentKind = DocumentKind::whole("broadcast_message");
const MUTE: &str = "broadcast_mute";

/// Broadcasts of the authenticated user that have started.
pub(super) fn broadcasts(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let ids: Vec<&str> = ctx.call.list("ids").collect();
    ctx.documents_page(BROADCAST, me, 100, |json| {
        ids.is_empty() || json["id"].as_str().is_some_and(|id| ids.contains(&id))
    })
}

pub(super) fn get_broadcast(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.get_document(BROADCAST, "id")
}

pub(super) fn scheduled_broadcasts(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let scheduled = ctx.world.documents_of(SCHEDULED.name, ctx.me()?, i64::MAX, 100)?;
    let data: Vec<Json> = scheduled.into_iter().map(|thing| thing.json).collect();
    Ok((200, ctx.response().list_body(data, None)))
}

pub(super) fn get_scheduled_broadcast(ctx: &mut RequestContext<'_>) -> HandlerResult {
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

/// A broadcast ID: 13 letters and digits.
fn broadcast_id(id: u64) -> String {
    let mut rest = id;
    let mut letters = vec![b'1'];
    while letters.len() < 13 {
        letters.push(b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"[(rest % 62) as usize]);
        rest /= 62;
    }
    letters.into_iter().map(char::from).collect()
}

pub(super) fn schedule_broadcast(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let number = ctx.new_id();
    let id = broadcast_id(number.parse().unwrap_or_default());
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

pub(super) fn reschedule_broadcast(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, mut schedule, me) = own_schedule(ctx)?;
    for name in SCHEDULE_PARAMS {
        if let Some(value) = ctx.call.get(name) {
            schedule[name] = value.clone();
        }
    }
    ctx.world.put_document(SCHEDULED.name, &id, me, &schedule)?;
    data_response(200, schedule)
}

pub(super) fn cancel_broadcast(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, ..) = own_schedule(ctx)?;
    ctx.world.remove_document(SCHEDULED.name, &id)?;
    data_response(200, json!({"deleted": true}))
}

pub(super) fn start_broadcast(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, mut schedule, me) = own_schedule(ctx)?;
    schedule["state"] = "live".into();
    let live = json!({
        "id": id, "broadcast_id": id, "title": schedule["title"], "state": "live", "source_id": schedule["source_id"],
        "start_ms": ctx.now.as_millis().to_string(), "twitter_user_id": me.to_string(),
    });
    ctx.world.put_document(BROADCAST.name, &id, me, &live)?;
    ctx.world.put_document(SCHEDULED.name, &id, me, &schedule)?;
    data_response(200, schedule)
}

pub(super) fn broadcast_chat(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = ctx.text("id");
    ctx.find_document(BROADCAST, "id", id)?;
    ctx.documents_page(MESSAGE, owner_number(id), 100, |_| true)
}

pub(super) fn send_broadcast_chat(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (me, id) = (ctx.me()?, ctx.text("id").to_owned());
    ctx.find_document(BROADCAST, "id", &id)?;
    if ctx.world.document(MUTE, &format!("{id}:{me}"))?.is_some() {
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

pub(super) fn delete_broadcast_message(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.me()?;
    let deleted = ctx.world.remove_document(MESSAGE.name, ctx.text("message_id"))?;
    data_response(200, json!({"deleted": deleted}))
}

/// Mutes or unmutes a user in the chat of a broadcast of the authenticated user.
fn set_muted(ctx: &RequestContext<'_>, muted: bool) -> HandlerResult {
    let (me, id) = (ctx.me()?, ctx.text("id"));
    let broadcast = ctx.find_document(BROADCAST, "id", id)?;
    let owner = me.to_string();
    if broadcast["twitter_user_id"] != owner.as_str() {
        return Err(ApiError::forbidden("Only the owner of a broadcast may mute users in its chat."));
    }
    let key = format!("{id}:{}", ctx.param::<UserId>("user_id"));
    if muted {
        ctx.world.put_document(MUTE, &key, me, &Json::Bool(true))?;
    } else {
        ctx.world.remove_document(MUTE, &key)?;
    }
    data_response(200, json!({"muted": muted}))
}

pub(super) fn mute_in_broadcast(ctx: &mut RequestContext<'_>) -> HandlerResult {
    set_muted(ctx, true)
}

pub(super) fn unmute_in_broadcast(ctx: &mut RequestContext<'_>) -> HandlerResult {
    set_muted(ctx, false)
}
