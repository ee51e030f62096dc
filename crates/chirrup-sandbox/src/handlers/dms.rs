//! Direct messages. Everyone in a conversation has a copy of each event of their own, and deletes that alone.

use chirrup_model::Timestamp;
use serde_json::{Value as Json, json};

use super::things::{Kind, said};
use super::{Done, Room};
use crate::refusal::Refusal;

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
fn events(room: &Room<'_>, fits: impl Fn(&Json) -> bool) -> Done {
    let me = room.me()?;
    let kinds: Vec<&str> = room.call.list("event_types").collect();
    let since = room.now.plus_millis(-KEPT_MS);
    let recent = |event: &Json| {
        let id = event["id"].as_str().and_then(|id| id.parse().ok()).unwrap_or_default();
        Timestamp::from_snowflake(id) > since
    };
    let asked =
        |event: &Json| kinds.is_empty() || event["event_type"].as_str().is_some_and(|kind| kinds.contains(&kind));
    let (status, mut body) = room.things_page(EVENT, me, 100, |event| recent(event) && asked(event) && fits(event))?;
    // X names both neighbours of every page that holds something, were they empty.
    if let Some(last) = body["data"].as_array().and_then(|events| events.last()) {
        let copy = copy_id(last["id"].as_str().unwrap_or_default(), me);
        let seq = room.world.place_of(EVENT.name, &copy)?;
        body["meta"]["next_token"] = room.token_below(seq).into();
        body["meta"]["previous_token"] = room.token_below(i64::MAX).into();
    }
    Ok((status, body))
}

pub(super) fn all(room: &mut Room<'_>) -> Done {
    events(room, |_| true)
}

pub(super) fn with(room: &mut Room<'_>) -> Done {
    let conversation = between(room.me()?, room.id("participant_id"));
    events(room, |event| event["dm_conversation_id"] == conversation)
}

pub(super) fn inside(room: &mut Room<'_>) -> Done {
    let conversation = room.call.text("id").unwrap_or_default();
    participants(room, conversation, "id")?;
    events(room, |event| event["dm_conversation_id"] == conversation)
}

pub(super) fn one(room: &mut Room<'_>) -> Done {
    let id = room.call.text("event_id").unwrap_or_default();
    let found = room.world.thing(EVENT.name, &copy_id(id, room.me()?))?;
    room.show_one(EVENT, "event_id", id, found)
}

pub(super) fn delete(room: &mut Room<'_>) -> Done {
    let id = room.call.text("event_id").unwrap_or_default();
    if !room.world.remove(EVENT.name, &copy_id(id, room.me()?))? {
        return Err(Refusal::no_such_thing("dm_event", "event_id", id));
    }
    said(200, json!({"deleted": true}))
}

/// Who takes part in a conversation. The caller has to.
fn participants(room: &Room<'_>, conversation: &str, parameter: &str) -> Result<Vec<u64>, Refusal> {
    let me = room.me()?;
    let ids: Vec<u64> = match conversation.split_once('-') {
        Some((one, other)) => [one, other].iter().filter_map(|id| id.parse().ok()).collect(),
        None => {
            let group = room.world.thing(GROUP, conversation)?.unwrap_or_default();
            group["participants"].as_array().into_iter().flatten().filter_map(Json::as_u64).collect()
        }
    };
    if ids.is_empty() {
        return Err(Refusal::no_such_thing("dm_conversation", parameter, conversation));
    }
    if !ids.contains(&me) {
        return Err(Refusal::forbidden("You are not a participant of this conversation."));
    }
    Ok(ids)
}

/// Gives everyone a copy of an event.
pub(super) fn tell(room: &mut Room<'_>, users: &[u64], mut event: Json) -> Result<String, Refusal> {
    let id = room.new_id();
    event["id"] = id.as_str().into();
    event["created_at"] = json!(room.now);
    for user in users {
        room.world.put(EVENT.name, &copy_id(&id, *user), *user, &event)?;
    }
    Ok(id)
}

/// Sends a message of this text and these attachments to all of a conversation.
fn send(room: &mut Room<'_>, conversation: &str, users: &[u64], text: Option<&Json>, media: Option<&Json>) -> Done {
    let me = room.me()?;
    let text = text.and_then(Json::as_str).unwrap_or_default();
    if text.is_empty() && media.is_none() {
        let message = "$: one of text and attachments is required";
        return Err(Refusal::invalid_one("text", "", message));
    }
    if text.chars().count() > MAX_TEXT {
        let message = format!("$.text: must have at most {MAX_TEXT} characters");
        return Err(Refusal::invalid_one("text", "", message));
    }
    for user in users.iter().filter(|user| **user != me) {
        if room.world.username(*user)?.is_none() {
            return Err(Refusal::no_such("user", "participant_id", *user));
        }
        if room.world.thing(BLOCK, &copy_id(&me.to_string(), *user))?.is_some() {
            return Err(Refusal::forbidden("You cannot send messages to this user."));
        }
    }
    let mut event = json!({
        "event_type": "MessageCreate", "text": text, "sender_id": me.to_string(), "dm_conversation_id": conversation,
    });
    let mut keys = Vec::new();
    for medium in media.and_then(Json::as_array).into_iter().flatten() {
        let id = medium["media_id"].as_str().and_then(|id| id.parse().ok()).unwrap_or_default();
        match room.world.media(id)? {
            Some(medium) if room.world.owns_media(me, id)? => keys.push(medium["media_key"].clone()),
            _ => return Err(Refusal::no_such("media", "attachments", id)),
        }
    }
    if !keys.is_empty() {
        event["attachments"] = json!({"media_keys": keys});
    }
    let entities = room.world.entities(text)?;
    if entities != json!({}) {
        event["entities"] = entities;
    }
    if let Some(post) = linked_post(text) {
        event["referenced_tweets"] = json!([{"id": post.to_string()}]);
    }
    let id = tell(room, users, event)?;
    said(201, json!({"dm_conversation_id": conversation, "dm_event_id": id}))
}

/// The post that a text links to.
fn linked_post(text: &str) -> Option<u64> {
    let (_, rest) =
        text.split_once("/status/").filter(|(host, _)| host.contains("x.com/") || host.contains("twitter.com/"))?;
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest[..digits].parse().ok()
}

pub(super) fn send_with(room: &mut Room<'_>) -> Done {
    let (me, other) = (room.me()?, room.id("participant_id"));
    let (call, conversation) = (room.call, between(me, other));
    send(room, &conversation, &[me, other], call.get("text"), call.get("attachments"))
}

pub(super) fn send_to(room: &mut Room<'_>) -> Done {
    let call = room.call;
    let conversation = call.text("dm_conversation_id").unwrap_or_default();
    let users = participants(room, conversation, "dm_conversation_id")?;
    send(room, conversation, &users, call.get("text"), call.get("attachments"))
}

pub(super) fn create(room: &mut Room<'_>) -> Done {
    let (me, call) = (room.me()?, room.call);
    let mut users: Vec<u64> = call.list("participant_ids").filter_map(|id| id.parse().ok()).collect();
    users.retain(|user| *user != me);
    users.push(me);
    for user in &users {
        if room.world.username(*user)?.is_none() {
            return Err(Refusal::no_such("user", "participant_ids", *user));
        }
    }
    let conversation = room.new_id();
    room.world.put(GROUP, &conversation, me, &json!({"participants": users}))?;
    let ids: Vec<String> = users.iter().map(u64::to_string).collect();
    let joined = json!({
        "event_type": "ParticipantsJoin", "participant_ids": ids, "sender_id": me.to_string(),
        "dm_conversation_id": conversation,
    });
    tell(room, &users, joined)?;
    let message = call.get("message").cloned().unwrap_or_default();
    send(room, &conversation, &users, message.get("text"), message.get("attachments"))
}

pub(super) fn block(room: &mut Room<'_>) -> Done {
    let (me, user) = (room.me()?, room.id("id"));
    if room.world.username(user)?.is_none() {
        return Err(Refusal::no_such("user", "id", user));
    }
    room.world.put(BLOCK, &copy_id(&user.to_string(), me), me, &Json::Bool(true))?;
    said(200, json!({"blocked": true}))
}

pub(super) fn unblock(room: &mut Room<'_>) -> Done {
    let me = room.me()?;
    room.world.remove(BLOCK, &copy_id(&room.id("id").to_string(), me))?;
    said(200, json!({"blocked": false}))
}

pub(super) fn download(_: &mut Room<'_>) -> Done {
    Err(Refusal::not_here("The sandbox keeps no files of media. Look at the url of the medium in the includes."))
}
