//! Encrypted chat, public keys, broadcasts, articles. The chat's keys and messages are opaque here as they are at X.

use serde_json::{Value as Json, json};

use super::documents::{Kind, said};
use super::{HandlerResult, RequestContext};
use crate::api_error::{ApiError, resource_not_found};
use crate::select::pick;
use crate::world::NewPost;

const CHAT: Kind = Kind {
    name: "chat",
    resource: "conversation",
    fields: Some("chat_conversation.fields"),
    defaults: &["id", "type"],
};
const EVENT: Kind = Kind::whole("chat_event");
const KEY: Kind = Kind::whole("public_key");
const BROADCAST: Kind = Kind {
    name: "broadcast",
    resource: "broadcast",
    fields: Some("broadcast.fields"),
    defaults: &["id", "title", "state"],
};
const SCHEDULED: Kind = Kind::whole("scheduled_broadcast");
const MESSAGE: Kind = Kind::whole("broadcast_message");
const MUTE: &str = "broadcast_mute";
const ARTICLE: Kind = Kind::whole("article");

/// A conversation that the caller takes part in.
fn chat(ctx: &RequestContext<'_>) -> Result<(String, Json), ApiError> {
    let id = ctx.call.text("id").unwrap_or_default().to_owned();
    let chat = ctx.find(CHAT, "id", &id)?;
    let me = ctx.me()?.to_string();
    if chat["participant_ids"].as_array().is_some_and(|ids| ids.iter().any(|id| *id == me)) {
        return Ok((id, chat));
    }
    Err(ApiError::forbidden("You are not a participant of this conversation."))
}

pub(super) fn chats(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?.to_string();
    ctx.things_page(CHAT, 0, 100, |chat| {
        chat["participant_ids"].as_array().is_some_and(|ids| ids.iter().any(|id| *id == me))
    })
}

pub(super) fn get_chat(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, chat) = chat(ctx)?;
    ctx.show_one(CHAT, "id", &id, Some(chat))
}

pub(super) fn begin_group(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.me()?;
    let id = ctx.new_id();
    said(200, json!({"conversation_id": format!("g{id}")}))
}

pub(super) fn create_group(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (me, call) = (ctx.me()?.to_string(), ctx.call);
    let id = call.text("conversation_id").unwrap_or_default().to_owned();
    let mut members: Vec<&str> = call.list("group_members").collect();
    if !members.contains(&me.as_str()) {
        members.push(&me);
    }
    let mut chat = ctx.given(&["group_name", "group_avatar_url"]);
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
    ctx.world.put(CHAT.name, &id, 0, &chat)?;
    let sequence = happened(ctx, &id, "key")?;
    said(201, json!({"conversation_id": id, "conversation_key_change_sequence_id": sequence}))
}

/// Writes an event into a conversation.
fn happened(ctx: &mut RequestContext<'_>, chat: &str, encoded: &str) -> Result<String, ApiError> {
    let id = ctx.new_id();
    let event = json!({
        "id": id, "conversation_id": chat, "encoded_event": encoded, "created_at": ctx.now, "is_trusted": true,
        "sender_id": ctx.me()?.to_string(),
    });
    ctx.world.put(EVENT.name, &id, number(chat), &event)?;
    Ok(id)
}

/// A number for a conversation, by which its events are found.
fn number(chat: &str) -> u64 {
    chat.bytes().fold(7, |hash: u64, b| hash.wrapping_mul(31).wrapping_add(u64::from(b))) >> 1
}

pub(super) fn events(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, _) = chat(ctx)?;
    ctx.things_page(EVENT, number(&id), 100, |event| event["conversation_id"] == id)
}

pub(super) fn set_keys(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, _) = chat(ctx)?;
    let sequence = happened(ctx, &id, "key")?;
    said(200, json!({"conversation_id": id, "sequence_id": sequence}))
}

pub(super) fn add_members(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, mut chat) = chat(ctx)?;
    for list in ["participant_ids", "member_ids"] {
        let mut ids = chat[list].as_array().cloned().unwrap_or_default();
        ids.extend(ctx.call.list("user_ids").map(Json::from));
        ids.dedup();
        chat[list] = ids.into();
    }
    ctx.world.put(CHAT.name, &id, 0, &chat)?;
    said(200, json!({"success": true}))
}

pub(super) fn send(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, _) = chat(ctx)?;
    let message = ctx.call.text("encoded_message_create_event").unwrap_or_default().to_owned();
    happened(ctx, &id, &message)?;
    said(201, json!({"encoded_message_event": message}))
}

pub(super) fn delete_messages(ctx: &mut RequestContext<'_>) -> HandlerResult {
    chat(ctx)?;
    let mut deleted = false;
    for id in ctx.call.list("sequence_ids") {
        deleted |= ctx.world.remove(EVENT.name, id)?;
    }
    said(200, json!({"deleted": deleted}))
}

pub(super) fn acknowledge(ctx: &mut RequestContext<'_>) -> HandlerResult {
    chat(ctx)?;
    said(200, json!({"success": true}))
}

pub(super) fn no_chat_media(_: &mut RequestContext<'_>) -> HandlerResult {
    Err(ApiError::not_implemented("The sandbox keeps no encrypted media."))
}

/// The keys that a user has.
fn keys(ctx: &RequestContext<'_>, users: &[&str]) -> HandlerResult {
    let (mut data, mut errors) = (Vec::new(), Vec::new());
    let fields: Vec<&str> =
        ["public_key", "public_key_version"].into_iter().chain(ctx.call.list("public_key.fields")).collect();
    for user in users {
        if ctx.world.username(user.parse().unwrap_or_default())?.is_none() {
            errors.push(resource_not_found("user", "id", user));
        }
        data.extend(ctx.world.thing(KEY.name, user)?.map(|key| pick(key, &fields)));
    }
    let mut scene = ctx.scene();
    scene.errors = errors;
    Ok((200, scene.list_body(data, None)))
}

pub(super) fn keys_of_one(ctx: &mut RequestContext<'_>) -> HandlerResult {
    keys(ctx, &[ctx.call.text("id").unwrap_or_default()])
}

pub(super) fn keys_of_many(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let users: Vec<&str> = ctx.call.list("ids").collect();
    keys(ctx, &users)
}

pub(super) fn add_key(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.caller("id")?;
    let version = ctx.call.text("version").unwrap_or_default().to_owned();
    let mut key = ctx.call.get("public_key").cloned().unwrap_or_default();
    if !key.is_object() {
        return Err(ApiError::invalid_param("public_key", "", "$.public_key: must be a JSON object"));
    }
    key["public_key_version"] = version.as_str().into();
    ctx.world.put(KEY.name, &me.to_string(), me, &key)?;
    said(201, json!({"public_key_version": version}))
}

/// Nobody sends live pictures to the sandbox: what is on was planned and begun.
pub(super) fn broadcasts(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let ids: Vec<&str> = ctx.call.list("ids").collect();
    ctx.things_page(BROADCAST, me, 100, |json| {
        ids.is_empty() || json["id"].as_str().is_some_and(|id| ids.contains(&id))
    })
}

pub(super) fn broadcast(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.one_thing(BROADCAST, "id")
}

pub(super) fn scheduled_list(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let scheduled = ctx.world.things(SCHEDULED.name, ctx.me()?, i64::MAX, 100)?;
    let data: Vec<Json> = scheduled.into_iter().map(|thing| thing.json).collect();
    Ok((200, ctx.scene().list_body(data, None)))
}

pub(super) fn scheduled(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.one_thing(SCHEDULED, "id")
}

const PLAN: [&str; 11] = [
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

/// An id of 13 letters and digits, as broadcasts have them.
fn broadcast_id(id: u64) -> String {
    let mut rest = id;
    let mut letters = vec![b'1'];
    while letters.len() < 13 {
        letters.push(b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"[(rest % 62) as usize]);
        rest /= 62;
    }
    letters.into_iter().map(char::from).collect()
}

pub(super) fn schedule(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let number = ctx.new_id();
    let id = broadcast_id(number.parse().unwrap_or_default());
    let mut plan = ctx.given(&PLAN);
    plan["broadcast_id"] = id.as_str().into();
    plan["scheduled_broadcast_id"] = number.into();
    plan["state"] = "scheduled".into();
    ctx.world.put(SCHEDULED.name, &id, me, &plan)?;
    said(201, plan)
}

/// A broadcast to come of the caller.
fn own_plan(ctx: &RequestContext<'_>) -> Result<(String, Json, u64), ApiError> {
    let (me, id) = (ctx.me()?, ctx.call.text("id").unwrap_or_default().to_owned());
    let mine = ctx.world.things(SCHEDULED.name, me, i64::MAX, 1_000)?;
    match mine.into_iter().find(|plan| plan.json["broadcast_id"] == id) {
        Some(plan) => Ok((id, plan.json, me)),
        None => Err(ApiError::no_such_resource("broadcast", "id", &id)),
    }
}

pub(super) fn reschedule(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, mut plan, me) = own_plan(ctx)?;
    for name in PLAN {
        if let Some(value) = ctx.call.get(name) {
            plan[name] = value.clone();
        }
    }
    ctx.world.put(SCHEDULED.name, &id, me, &plan)?;
    said(200, plan)
}

pub(super) fn cancel(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, ..) = own_plan(ctx)?;
    ctx.world.remove(SCHEDULED.name, &id)?;
    said(200, json!({"deleted": true}))
}

pub(super) fn start(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, mut plan, me) = own_plan(ctx)?;
    plan["state"] = "live".into();
    let live = json!({
        "id": id, "broadcast_id": id, "title": plan["title"], "state": "live", "source_id": plan["source_id"],
        "start_ms": ctx.now.as_millis().to_string(), "twitter_user_id": me.to_string(),
    });
    ctx.world.put(BROADCAST.name, &id, me, &live)?;
    ctx.world.put(SCHEDULED.name, &id, me, &plan)?;
    said(200, plan)
}

pub(super) fn messages(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = ctx.call.text("id").unwrap_or_default();
    ctx.find(BROADCAST, "id", id)?;
    ctx.things_page(MESSAGE, number(id), 100, |_| true)
}

pub(super) fn say(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (me, id) = (ctx.me()?, ctx.call.text("id").unwrap_or_default().to_owned());
    ctx.find(BROADCAST, "id", &id)?;
    if ctx.world.thing(MUTE, &format!("{id}:{me}"))?.is_some() {
        return Err(ApiError::forbidden("You may not write into the chat of this broadcast."));
    }
    let message = ctx.new_id();
    let user = ctx.world.user(me)?.unwrap_or_default();
    let mut json = ctx.given(&["text", "reply_to"]);
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
    ctx.world.put(MESSAGE.name, &message, number(&id), &json)?;
    said(200, json!({"success": true, "timestamp": ctx.now.as_millis().to_string()}))
}

pub(super) fn unsay(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.me()?;
    let deleted = ctx.world.remove(MESSAGE.name, ctx.call.text("message_id").unwrap_or_default())?;
    said(200, json!({"deleted": deleted}))
}

/// Who may not write into the chat of a broadcast of the caller.
fn set_muted(ctx: &RequestContext<'_>, muted: bool) -> HandlerResult {
    let (me, id) = (ctx.me()?, ctx.call.text("id").unwrap_or_default());
    let broadcast = ctx.find(BROADCAST, "id", id)?;
    let owner = me.to_string();
    if broadcast["twitter_user_id"] != owner.as_str() {
        return Err(ApiError::forbidden("Only whose broadcast it is may do this."));
    }
    let key = format!("{id}:{}", ctx.id("user_id"));
    if muted {
        ctx.world.put(MUTE, &key, me, &Json::Bool(true))?;
    } else {
        ctx.world.remove(MUTE, &key)?;
    }
    said(200, json!({"muted": muted}))
}

pub(super) fn mute(ctx: &mut RequestContext<'_>) -> HandlerResult {
    set_muted(ctx, true)
}

pub(super) fn unmute(ctx: &mut RequestContext<'_>) -> HandlerResult {
    set_muted(ctx, false)
}

pub(super) fn draft(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let id = ctx.new_id();
    let mut article = ctx.given(&["title", "content_state", "cover_media"]);
    article["id"] = id.as_str().into();
    ctx.world.put(ARTICLE.name, &id, me, &article)?;
    said(201, json!({"id": id, "title": article["title"]}))
}

pub(super) fn publish(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (me, id) = (ctx.me()?, ctx.call.text("article_id").unwrap_or_default().to_owned());
    let mine = ctx.world.things(ARTICLE.name, me, i64::MAX, 1_000)?;
    let Some(article) = mine.into_iter().find(|article| article.json["id"] == id) else {
        return Err(ApiError::no_such_resource("article", "article_id", &id));
    };
    let text = article.json["title"].as_str().unwrap_or_default().to_owned();
    let new = NewPost { author: me, text, lang: "und".to_owned(), source: "Chirrup".to_owned(), ..NewPost::default() };
    let post = ctx.world.write(new, ctx.now)?;
    ctx.world.remove(ARTICLE.name, &id)?;
    said(200, json!({"post_id": post.id.to_string()}))
}
