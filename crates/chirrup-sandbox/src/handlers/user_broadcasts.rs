//! Broadcasts in the older form, with the ID of the user in the path.

use chirrup_api::v2::user_broadcasts::{
    CreateUserBroadcast, DeleteUserBroadcast, GetUserBroadcast, ListUserBroadcasts, UpdateUserBroadcastState,
};
use serde_json::{Value as Json, json};

use super::broadcast_moderation::BROADCAST;
use super::broadcast_sources::SOURCE;
use super::broadcasts::{change_state, end, new_broadcast, own_broadcast};
use super::context::{HandlerEntry, HandlerResult, RequestContext};
use super::documents::data_response;
use super::pages::{Direction, MAX_POSITION};
use crate::response::api_error::ApiError;
use crate::response::select::pick;
use crate::world::{NewPost, to_sql};

pub(super) const HANDLERS: &[HandlerEntry] = &[
    (ListUserBroadcasts::ENDPOINT, user_broadcasts),
    (CreateUserBroadcast::ENDPOINT, create_user_broadcast),
    (GetUserBroadcast::ENDPOINT, get_user_broadcast),
    (DeleteUserBroadcast::ENDPOINT, delete_user_broadcast),
    (UpdateUserBroadcastState::ENDPOINT, update_user_broadcast_state),
];

/// Number of broadcasts per page.
const PAGE_SIZE: usize = 50;

/// Option that decides who may chat in a broadcast that is published without one: verified accounts.
const DEFAULT_CHAT_OPTION: i64 = 3;

/// Members of a broadcast in the older form.
const MEMBERS: [&str; 25] = [
    "available_for_replay",
    "broadcast_id",
    "chat_option",
    "created_at_ms",
    "end_ms",
    "height",
    "id",
    "image_url",
    "image_url_medium",
    "image_url_small",
    "is_high_latency",
    "language",
    "media_id",
    "media_key",
    "scheduled_end_ms",
    "scheduled_start_ms",
    "start_ms",
    "state",
    "status",
    "total_watched",
    "total_watching",
    "tweet_id",
    "twitter_user_id",
    "updated_at_ms",
    "width",
];

/// Converts a broadcast to the older form, which calls its title `status`.
fn older_form(mut broadcast: Json) -> Json {
    if !broadcast["title"].is_null() {
        broadcast["status"] = broadcast["title"].take();
    }
    pick(broadcast, &MEMBERS)
}

fn user_broadcasts(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me_in("id")?;
    let below = match ctx.position()? {
        Some((Direction::Older, position)) => to_sql(position),
        _ => to_sql(MAX_POSITION),
    };
    let mut found = ctx.world.documents_of(BROADCAST.name, me, below, PAGE_SIZE + 1)?;
    let more = found.len() > PAGE_SIZE;
    found.truncate(PAGE_SIZE);
    let last = found.last().filter(|_| more).map(|document| document.seq);
    let broadcasts: Vec<Json> = found.into_iter().map(|document| older_form(document.json)).collect();
    let mut data = json!({ "broadcasts": broadcasts });
    if let Some(seq) = last {
        data["next_token"] = json!({"offset": ctx.token_below(seq)});
    }
    data_response(200, data)
}

fn create_user_broadcast(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me_in("id")?;
    let source = ctx.text("source_id");
    if ctx.world.own_document(SOURCE.name, source, me)?.is_none() {
        return Err(ApiError::problem(404, "Not Found", &format!("There is no active source [{source}].")));
    }
    let number = ctx.world.next_id(ctx.now);
    let mut broadcast = new_broadcast(ctx, me, number);
    broadcast["source_id"] = source.into();
    let id = broadcast["id"].as_str().unwrap_or_default().to_owned();
    ctx.world.put_document(BROADCAST.name, &id, me, &broadcast)?;
    let share_url = broadcast["share_url"].clone();
    data_response(200, json!({"broadcast": older_form(broadcast), "share_url": share_url, "video_access": {}}))
}

fn get_user_broadcast(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.me_in("id")?;
    let (.., broadcast) = own_broadcast(ctx, "broadcast_id")?;
    data_response(200, json!({"broadcast": older_form(broadcast)}))
}

fn delete_user_broadcast(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.me_in("id")?;
    let (_, id, _) = own_broadcast(ctx, "broadcast_id")?;
    ctx.world.remove_document(BROADCAST.name, &id)?;
    data_response(200, json!({"success": true}))
}

fn update_user_broadcast_state(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.me_in("id")?;
    if ctx.text("state") == "END" {
        let broadcast = end(ctx, "broadcast_id")?;
        return data_response(200, json!({"broadcast": older_form(broadcast), "success": true}));
    }
    let (me, id, mut broadcast) = own_broadcast(ctx, "broadcast_id")?;
    change_state(ctx, &mut broadcast, "NOT_STARTED", "RUNNING")?;
    broadcast["start_ms"] = ctx.now.as_millis().to_string().into();
    broadcast["language"] = ctx.call.text("locale").unwrap_or("en").into();
    broadcast["chat_option"] = ctx.call.number("chat_option").unwrap_or(DEFAULT_CHAT_OPTION).into();
    if let Some(title) = ctx.call.text("title") {
        broadcast["title"] = title.into();
    }
    // X creates the post after its response.
    let response = older_form(broadcast.clone());
    if !ctx.is_set("should_not_tweet") {
        let text = format!("{} {}", ctx.text("title"), broadcast["share_url"].as_str().unwrap_or_default());
        let (text, source) = (text.trim().to_owned(), "Chirrup".into());
        let post = NewPost { author: me, text, lang: "und".into(), source, ..NewPost::default() };
        broadcast["tweet_id"] = ctx.world.write_post(post, ctx.now)?.id.to_string().into();
    }
    ctx.world.put_document(BROADCAST.name, &id, me, &broadcast)?;
    data_response(200, json!({"broadcast": response, "success": true, "tweet_error": ""}))
}
