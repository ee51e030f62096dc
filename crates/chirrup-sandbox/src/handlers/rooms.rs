//! Encrypted chat, public keys, broadcasts, articles. The chat's keys and messages are opaque here as they are at X.

use serde_json::{Value as Json, json};

use super::things::{Kind, said};
use super::{Done, Room};
use crate::refusal::{Refusal, not_found};
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
fn chat(room: &Room<'_>) -> Result<(String, Json), Refusal> {
    let id = room.call.text("id").unwrap_or_default().to_owned();
    let chat = room.find(CHAT, "id", &id)?;
    let me = room.me()?.to_string();
    if chat["participant_ids"].as_array().is_some_and(|ids| ids.iter().any(|id| *id == me)) {
        return Ok((id, chat));
    }
    Err(Refusal::forbidden("You are not a participant of this conversation."))
}

pub(super) fn chats(room: &mut Room<'_>) -> Done {
    let me = room.me()?.to_string();
    room.things_page(CHAT, 0, 100, |chat| {
        chat["participant_ids"].as_array().is_some_and(|ids| ids.iter().any(|id| *id == me))
    })
}

pub(super) fn get_chat(room: &mut Room<'_>) -> Done {
    let (id, chat) = chat(room)?;
    room.show_one(CHAT, "id", &id, Some(chat))
}

pub(super) fn begin_group(room: &mut Room<'_>) -> Done {
    room.me()?;
    let id = room.new_id();
    said(200, json!({"conversation_id": format!("g{id}")}))
}

pub(super) fn create_group(room: &mut Room<'_>) -> Done {
    let (me, call) = (room.me()?.to_string(), room.call);
    let id = call.text("conversation_id").unwrap_or_default().to_owned();
    let mut members: Vec<&str> = call.list("group_members").collect();
    if !members.contains(&me.as_str()) {
        members.push(&me);
    }
    let mut chat = room.given(&["group_name", "group_avatar_url"]);
    for (name, value) in [
        ("id", json!(id)),
        ("type", json!("group")),
        ("participant_ids", json!(members)),
        ("member_ids", json!(members)),
        ("admin_ids", json!([me])),
        ("created_at", json!(room.now)),
        ("updated_at", json!(room.now)),
        ("is_muted", json!(false)),
    ] {
        chat[name] = value;
    }
    room.world.put(CHAT.name, &id, 0, &chat)?;
    let sequence = happened(room, &id, "key")?;
    said(201, json!({"conversation_id": id, "conversation_key_change_sequence_id": sequence}))
}

/// Writes an event into a conversation.
fn happened(room: &mut Room<'_>, chat: &str, encoded: &str) -> Result<String, Refusal> {
    let id = room.new_id();
    let event = json!({
        "id": id, "conversation_id": chat, "encoded_event": encoded, "created_at": room.now, "is_trusted": true,
        "sender_id": room.me()?.to_string(),
    });
    room.world.put(EVENT.name, &id, number(chat), &event)?;
    Ok(id)
}

/// A number for a conversation, by which its events are found.
fn number(chat: &str) -> u64 {
    chat.bytes().fold(7, |hash: u64, b| hash.wrapping_mul(31).wrapping_add(u64::from(b))) >> 1
}

pub(super) fn events(room: &mut Room<'_>) -> Done {
    let (id, _) = chat(room)?;
    room.things_page(EVENT, number(&id), 100, |event| event["conversation_id"] == id)
}

pub(super) fn set_keys(room: &mut Room<'_>) -> Done {
    let (id, _) = chat(room)?;
    let sequence = happened(room, &id, "key")?;
    said(200, json!({"conversation_id": id, "sequence_id": sequence}))
}

pub(super) fn add_members(room: &mut Room<'_>) -> Done {
    let (id, mut chat) = chat(room)?;
    for list in ["participant_ids", "member_ids"] {
        let mut ids = chat[list].as_array().cloned().unwrap_or_default();
        ids.extend(room.call.list("user_ids").map(Json::from));
        ids.dedup();
        chat[list] = ids.into();
    }
    room.world.put(CHAT.name, &id, 0, &chat)?;
    said(200, json!({"success": true}))
}

pub(super) fn send(room: &mut Room<'_>) -> Done {
    let (id, _) = chat(room)?;
    let message = room.call.text("encoded_message_create_event").unwrap_or_default().to_owned();
    happened(room, &id, &message)?;
    said(201, json!({"encoded_message_event": message}))
}

pub(super) fn delete_messages(room: &mut Room<'_>) -> Done {
    chat(room)?;
    let mut deleted = false;
    for id in room.call.list("sequence_ids") {
        deleted |= room.world.remove(EVENT.name, id)?;
    }
    said(200, json!({"deleted": deleted}))
}

pub(super) fn acknowledge(room: &mut Room<'_>) -> Done {
    chat(room)?;
    said(200, json!({"success": true}))
}

pub(super) fn no_chat_media(_: &mut Room<'_>) -> Done {
    Err(Refusal::not_here("The sandbox keeps no encrypted media."))
}

/// The keys that a user has.
fn keys(room: &Room<'_>, users: &[&str]) -> Done {
    let (mut data, mut errors) = (Vec::new(), Vec::new());
    let fields: Vec<&str> =
        ["public_key", "public_key_version"].into_iter().chain(room.call.list("public_key.fields")).collect();
    for user in users {
        if room.world.username(user.parse().unwrap_or_default())?.is_none() {
            errors.push(not_found("user", "id", user));
        }
        data.extend(room.world.thing(KEY.name, user)?.map(|key| pick(key, &fields)));
    }
    let mut scene = room.scene();
    scene.errors = errors;
    Ok((200, scene.list_body(data, None)))
}

pub(super) fn keys_of_one(room: &mut Room<'_>) -> Done {
    keys(room, &[room.call.text("id").unwrap_or_default()])
}

pub(super) fn keys_of_many(room: &mut Room<'_>) -> Done {
    let users: Vec<&str> = room.call.list("ids").collect();
    keys(room, &users)
}

pub(super) fn add_key(room: &mut Room<'_>) -> Done {
    let me = room.caller("id")?;
    let version = room.call.text("version").unwrap_or_default().to_owned();
    let mut key = room.call.get("public_key").cloned().unwrap_or_default();
    if !key.is_object() {
        return Err(Refusal::invalid_one("public_key", "", "$.public_key: must be a JSON object"));
    }
    key["public_key_version"] = version.as_str().into();
    room.world.put(KEY.name, &me.to_string(), me, &key)?;
    said(201, json!({"public_key_version": version}))
}

/// Nobody sends live pictures to the sandbox: what is on was planned and begun.
pub(super) fn broadcasts(room: &mut Room<'_>) -> Done {
    let me = room.me()?;
    let ids: Vec<&str> = room.call.list("ids").collect();
    room.things_page(BROADCAST, me, 100, |json| {
        ids.is_empty() || json["id"].as_str().is_some_and(|id| ids.contains(&id))
    })
}

pub(super) fn broadcast(room: &mut Room<'_>) -> Done {
    room.one_thing(BROADCAST, "id")
}

pub(super) fn scheduled_list(room: &mut Room<'_>) -> Done {
    let scheduled = room.world.things(SCHEDULED.name, room.me()?, i64::MAX, 100)?;
    let data: Vec<Json> = scheduled.into_iter().map(|thing| thing.json).collect();
    Ok((200, room.scene().list_body(data, None)))
}

pub(super) fn scheduled(room: &mut Room<'_>) -> Done {
    room.one_thing(SCHEDULED, "id")
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

pub(super) fn schedule(room: &mut Room<'_>) -> Done {
    let me = room.me()?;
    let number = room.new_id();
    let id = broadcast_id(number.parse().unwrap_or_default());
    let mut plan = room.given(&PLAN);
    plan["broadcast_id"] = id.as_str().into();
    plan["scheduled_broadcast_id"] = number.into();
    plan["state"] = "scheduled".into();
    room.world.put(SCHEDULED.name, &id, me, &plan)?;
    said(201, plan)
}

/// A broadcast to come of the caller.
fn own_plan(room: &Room<'_>) -> Result<(String, Json, u64), Refusal> {
    let (me, id) = (room.me()?, room.call.text("id").unwrap_or_default().to_owned());
    let mine = room.world.things(SCHEDULED.name, me, i64::MAX, 1_000)?;
    match mine.into_iter().find(|plan| plan.json["broadcast_id"] == id) {
        Some(plan) => Ok((id, plan.json, me)),
        None => Err(Refusal::no_such_thing("broadcast", "id", &id)),
    }
}

pub(super) fn reschedule(room: &mut Room<'_>) -> Done {
    let (id, mut plan, me) = own_plan(room)?;
    for name in PLAN {
        if let Some(value) = room.call.get(name) {
            plan[name] = value.clone();
        }
    }
    room.world.put(SCHEDULED.name, &id, me, &plan)?;
    said(200, plan)
}

pub(super) fn cancel(room: &mut Room<'_>) -> Done {
    let (id, ..) = own_plan(room)?;
    room.world.remove(SCHEDULED.name, &id)?;
    said(200, json!({"deleted": true}))
}

pub(super) fn start(room: &mut Room<'_>) -> Done {
    let (id, mut plan, me) = own_plan(room)?;
    plan["state"] = "live".into();
    let live = json!({
        "id": id, "broadcast_id": id, "title": plan["title"], "state": "live", "source_id": plan["source_id"],
        "start_ms": room.now.as_millis().to_string(), "twitter_user_id": me.to_string(),
    });
    room.world.put(BROADCAST.name, &id, me, &live)?;
    room.world.put(SCHEDULED.name, &id, me, &plan)?;
    said(200, plan)
}

pub(super) fn messages(room: &mut Room<'_>) -> Done {
    let id = room.call.text("id").unwrap_or_default();
    room.find(BROADCAST, "id", id)?;
    room.things_page(MESSAGE, number(id), 100, |_| true)
}

pub(super) fn say(room: &mut Room<'_>) -> Done {
    let (me, id) = (room.me()?, room.call.text("id").unwrap_or_default().to_owned());
    room.find(BROADCAST, "id", &id)?;
    if room.world.thing(MUTE, &format!("{id}:{me}"))?.is_some() {
        return Err(Refusal::forbidden("You may not write into the chat of this broadcast."));
    }
    let message = room.new_id();
    let user = room.world.user(me)?.unwrap_or_default();
    let mut json = room.given(&["text", "reply_to"]);
    for (name, value) in [
        ("id", json!(message)),
        ("broadcast_id", json!(id)),
        ("author_id", json!(me.to_string())),
        ("author_name", user["name"].clone()),
        ("author_username", user["username"].clone()),
        ("created_at_ms", json!(room.now.as_millis().to_string())),
    ] {
        json[name] = value;
    }
    room.world.put(MESSAGE.name, &message, number(&id), &json)?;
    said(200, json!({"success": true, "timestamp": room.now.as_millis().to_string()}))
}

pub(super) fn unsay(room: &mut Room<'_>) -> Done {
    room.me()?;
    let deleted = room.world.remove(MESSAGE.name, room.call.text("message_id").unwrap_or_default())?;
    said(200, json!({"deleted": deleted}))
}

/// Who may not write into the chat of a broadcast of the caller.
fn set_muted(room: &Room<'_>, muted: bool) -> Done {
    let (me, id) = (room.me()?, room.call.text("id").unwrap_or_default());
    let broadcast = room.find(BROADCAST, "id", id)?;
    let owner = me.to_string();
    if broadcast["twitter_user_id"] != owner.as_str() {
        return Err(Refusal::forbidden("Only whose broadcast it is may do this."));
    }
    let key = format!("{id}:{}", room.id("user_id"));
    if muted {
        room.world.put(MUTE, &key, me, &Json::Bool(true))?;
    } else {
        room.world.remove(MUTE, &key)?;
    }
    said(200, json!({"muted": muted}))
}

pub(super) fn mute(room: &mut Room<'_>) -> Done {
    set_muted(room, true)
}

pub(super) fn unmute(room: &mut Room<'_>) -> Done {
    set_muted(room, false)
}

pub(super) fn draft(room: &mut Room<'_>) -> Done {
    let me = room.me()?;
    let id = room.new_id();
    let mut article = room.given(&["title", "content_state", "cover_media"]);
    article["id"] = id.as_str().into();
    room.world.put(ARTICLE.name, &id, me, &article)?;
    said(201, json!({"id": id, "title": article["title"]}))
}

pub(super) fn publish(room: &mut Room<'_>) -> Done {
    let (me, id) = (room.me()?, room.call.text("article_id").unwrap_or_default().to_owned());
    let mine = room.world.things(ARTICLE.name, me, i64::MAX, 1_000)?;
    let Some(article) = mine.into_iter().find(|article| article.json["id"] == id) else {
        return Err(Refusal::no_such_thing("article", "article_id", &id));
    };
    let text = article.json["title"].as_str().unwrap_or_default().to_owned();
    let new = NewPost { author: me, text, lang: "und".to_owned(), source: "Chirrup".to_owned(), ..NewPost::default() };
    let post = room.world.write(new, room.now)?;
    room.world.remove(ARTICLE.name, &id)?;
    said(200, json!({"post_id": post.id.to_string()}))
}
