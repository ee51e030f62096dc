//! Moderators of and mutes in the chats of a user's broadcasts.

use chirrup_api::v2::broadcast_moderation::{
    AddBroadcastModerator, BroadcastMutes, GetBroadcastModerators, MuteInBroadcasts, RemoveBroadcastModerator,
    UnmuteInBroadcasts,
};
use chirrup_model::{Timestamp, UserId};
use serde_json::{Value as Json, json};

use super::context::{HandlerEntry, HandlerResult, RequestContext};
use super::documents::{DocumentKind, data_response};
use super::own_chat::owner_number;
use crate::response::api_error::ApiError;
use crate::response::json::{id_of, str_of};

pub(super) const HANDLERS: &[HandlerEntry] = &[
    (GetBroadcastModerators::ENDPOINT, broadcast_moderators),
    (AddBroadcastModerator::ENDPOINT, add_broadcast_moderator),
    (RemoveBroadcastModerator::ENDPOINT, remove_broadcast_moderator),
    (BroadcastMutes::ENDPOINT, broadcast_mutes),
    (MuteInBroadcasts::ENDPOINT, mute_in_broadcasts),
    (UnmuteInBroadcasts::ENDPOINT, unmute_in_broadcasts),
];

pub(super) const BROADCAST: DocumentKind = DocumentKind {
    name: "broadcast",
    resource: "broadcast",
    fields: Some("broadcast.fields"),
    defaults: &["id", "title", "state"],
};
pub(super) const MESSAGE: DocumentKind = DocumentKind::whole("broadcast_message");
const MODERATOR: DocumentKind = DocumentKind::whole("broadcast_moderator");
const MUTE: DocumentKind = DocumentKind {
    name: "broadcast_mute",
    resource: "mute",
    fields: Some("broadcast_chat_mute.fields"),
    defaults: &["user_id"],
};

/// Maximum number of moderators of a user (see "Add a Broadcast Moderator").
const MAX_MODERATORS: usize = 20;

/// ID of a moderator or mute in the store.
fn key(host: u64, user: u64) -> String {
    format!("{host}:{user}")
}

/// The user who broadcasts.
pub(super) fn host_of(broadcast: &Json) -> u64 {
    id_of(&broadcast["twitter_user_id"]).unwrap_or_default()
}

/// Whether a user may moderate the chats of a host.
pub(super) fn may_moderate(ctx: &RequestContext<'_>, host: u64, user: u64) -> Result<bool, ApiError> {
    Ok(host == user || ctx.world.document(MODERATOR.name, &key(host, user))?.is_some())
}

fn is_over(mute: &Json, now: Timestamp) -> bool {
    str_of(mute, "end_at_ms").parse::<i64>().is_ok_and(|end| end <= now.as_millis())
}

/// Whether a user is muted in the chats of a host.
pub(super) fn is_muted(ctx: &RequestContext<'_>, host: u64, user: u64) -> Result<bool, ApiError> {
    Ok(ctx.world.document(MUTE.name, &key(host, user))?.is_some_and(|mute| !is_over(&mute, ctx.now)))
}

/// Mutes the user that the request names in the chats of a host, and deletes the message that it names from a broadcast.
pub(super) fn mute(ctx: &RequestContext<'_>, host: u64, broadcast: &str) -> HandlerResult {
    let user: UserId = ctx.param("user_id");
    ctx.require_user("user_id", user.get())?;
    if user.get() == host {
        return Err(ApiError::invalid_param(
            "user_id",
            ctx.text("user_id"),
            "The host of a broadcast cannot be muted.",
        ));
    }
    let mut mute = ctx.params_object(&["end_at_ms"]);
    mute["user_id"] = user.to_string().into();
    ctx.world.put_document(MUTE.name, &key(host, user.get()), host, &mute)?;
    if let Some(message) = ctx.call.text("message_id") {
        ctx.find_own_document(MESSAGE, owner_number(broadcast), "message_id", message)?;
        ctx.world.remove_document(MESSAGE.name, message)?;
    }
    data_response(200, json!({"muted": true}))
}

/// Unmutes the user that the request names in the chats of a host.
pub(super) fn unmute(ctx: &RequestContext<'_>, host: u64) -> HandlerResult {
    ctx.world.remove_document(MUTE.name, &key(host, ctx.param::<UserId>("user_id").get()))?;
    data_response(200, json!({"muted": false}))
}

/// The host whose chats a request concerns: the authenticated user, or the host of a live broadcast that this user
/// moderates.
fn chat_host(ctx: &RequestContext<'_>) -> Result<u64, ApiError> {
    let me = ctx.me()?;
    let Some(id) = ctx.call.text("broadcast_id") else { return Ok(me) };
    let broadcast = ctx.find_document(BROADCAST, "broadcast_id", id)?;
    let host = host_of(&broadcast);
    if !may_moderate(ctx, host, me)? {
        return Err(ApiError::forbidden("Only the host of a broadcast and its moderators may moderate its chat."));
    }
    if broadcast["state"] != "RUNNING" {
        return Err(ApiError::invalid_param("broadcast_id", id, "The broadcast must be live."));
    }
    Ok(host)
}

fn broadcast_mutes(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let now = ctx.now;
    ctx.documents_page(MUTE, ctx.me()?, 100, |mute| !is_over(mute, now))
}

fn mute_in_broadcasts(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let broadcast = ctx.text("broadcast_id");
    if broadcast.is_empty() && ctx.call.get("message_id").is_some() {
        return Err(ApiError::invalid_param("message_id", ctx.text("message_id"), "message_id requires broadcast_id."));
    }
    mute(ctx, chat_host(ctx)?, broadcast)
}

fn unmute_in_broadcasts(ctx: &mut RequestContext<'_>) -> HandlerResult {
    unmute(ctx, chat_host(ctx)?)
}

/// The moderators of a host, the newest first.
fn moderators_of(ctx: &RequestContext<'_>, host: u64) -> Result<Vec<u64>, ApiError> {
    let documents = ctx.world.documents_of(MODERATOR.name, host, i64::MAX, MAX_MODERATORS)?;
    Ok(documents.iter().filter_map(|moderator| id_of(&moderator.json["user_id"])).collect())
}

fn moderator_ids_response(ctx: &RequestContext<'_>, host: u64) -> HandlerResult {
    let ids: Vec<String> = moderators_of(ctx, host)?.iter().map(u64::to_string).collect();
    data_response(200, json!({"moderator_user_ids": ids}))
}

fn broadcast_moderators(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let ids = moderators_of(ctx, ctx.me()?)?;
    let mut response = ctx.response();
    let users = response.users(&ids)?;
    let meta = json!({"result_count": users.len()});
    Ok((200, response.objects_body(users, Some(meta))))
}

fn add_broadcast_moderator(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (me, user) = (ctx.me()?, ctx.param::<UserId>("user_id"));
    ctx.require_user("user_id", user.get())?;
    let moderators = moderators_of(ctx, me)?;
    if !moderators.contains(&user.get()) {
        if moderators.len() >= MAX_MODERATORS {
            let message = format!("A user can have up to {MAX_MODERATORS} moderators.");
            return Err(ApiError::invalid_param("user_id", ctx.text("user_id"), message));
        }
        let moderator = json!({"user_id": user.to_string()});
        ctx.world.put_document(MODERATOR.name, &key(me, user.get()), me, &moderator)?;
    }
    moderator_ids_response(ctx, me)
}

fn remove_broadcast_moderator(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    ctx.world.remove_document(MODERATOR.name, &key(me, ctx.param::<UserId>("user_id").get()))?;
    moderator_ids_response(ctx, me)
}
