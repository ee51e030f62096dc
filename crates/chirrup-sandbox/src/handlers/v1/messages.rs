//! Direct messages, welcome messages and their rules, profiles to send under.

use chirrup_model::Timestamp;
use serde_json::{Value as Json, json};

use super::super::dms::{between, copy_id, tell};
use super::super::{HandlerResult, RequestContext};
use super::no;
use super::show::old_time;
use crate::api_error::ApiError;

/// How long messages can be read.
const KEPT_MS: i64 = 30 * 86_400_000;
const WELCOME: &str = "welcome";
const RULE: &str = "welcome_rule";
const PROFILE: &str = "custom_profile";

fn gone() -> ApiError {
    no(404, 34, "Sorry, that page does not exist.")
}

fn millis(time: &Json) -> Option<i64> {
    time.as_str().and_then(|text| text.parse::<Timestamp>().ok()).map(Timestamp::as_millis)
}

/// To whom a message of a conversation of two went.
fn recipient(event: &Json) -> Option<String> {
    let sender = event["sender_id"].as_str()?;
    event["dm_conversation_id"].as_str()?.split('-').find(|id| *id != sender).map(str::to_owned)
}

/// A message in the form of v1.1; none if it is not one between two.
fn shown(ctx: &RequestContext<'_>, event: &Json) -> Result<Option<Json>, ApiError> {
    let conversation = event["dm_conversation_id"].as_str().unwrap_or_default();
    let Some(to) = recipient(event).filter(|_| conversation.contains('-') && event["event_type"] == "MessageCreate")
    else {
        return Ok(None);
    };
    let mut data = event["v1"].as_object().cloned().map_or_else(|| json!({}), Json::Object);
    let text = event["text"].as_str().unwrap_or_default();
    data["text"] = text.into();
    data["entities"] = ctx.old_entities(text)?;
    if let Some(key) = event["attachments"]["media_keys"][0].as_str() {
        let id: u64 = key.split_once('_').and_then(|(_, id)| id.parse().ok()).unwrap_or_default();
        let medium = ctx.world.media(id)?.unwrap_or_default();
        data["attachment"] = json!({"type": "media", "media": {
            "id": id, "id_str": id.to_string(), "type": medium["type"], "media_url_https": medium["url"],
        }});
    }
    let mut create = json!({"target": {"recipient_id": to}, "sender_id": event["sender_id"], "message_data": data});
    if let Some(profile) = event["custom_profile_id"].as_str() {
        create["custom_profile_id"] = profile.into();
    }
    Ok(Some(json!({
        "type": "message_create", "id": event["id"], "message_create": create,
        "created_timestamp": millis(&event["created_at"]).unwrap_or_default().to_string(),
    })))
}

/// The caller's copy of a message.
fn own(ctx: &RequestContext<'_>) -> Result<(String, Json), ApiError> {
    let id = ctx.call.text("id").unwrap_or_default().to_owned();
    let event = ctx.world.thing("dm", &copy_id(&id, ctx.me()?))?.ok_or_else(gone)?;
    Ok((id, event))
}

pub(super) fn one(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (_, event) = own(ctx)?;
    Ok((200, json!({"event": shown(ctx, &event)?.ok_or_else(gone)?})))
}

/// The caller's messages that fit, the newest first, from a place on; and where to go on.
fn page(
    ctx: &RequestContext<'_>,
    below: i64,
    size: usize,
    fits: impl Fn(&Json) -> bool,
) -> Result<(Vec<Json>, i64), ApiError> {
    let me = ctx.me()?;
    let oldest = ctx.now.as_millis() - KEPT_MS;
    let (mut below, mut found) = (below, Vec::new());
    loop {
        let step = ctx.world.things("dm", me, below, 100)?;
        if step.is_empty() {
            return Ok((found, 0));
        }
        for thing in step {
            if found.len() == size {
                return Ok((found, below));
            }
            below = thing.seq;
            let young = millis(&thing.json["created_at"]).is_some_and(|at| at >= oldest);
            if young && fits(&thing.json) && shown(ctx, &thing.json)?.is_some() {
                found.push(thing.json);
            }
        }
    }
}

pub(super) fn all(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let below = ctx.call.text("cursor").and_then(|text| text.parse().ok()).unwrap_or(i64::MAX);
    let (events, next) = page(ctx, below, ctx.count(20), |_| true)?;
    let events = events.iter().map(|event| shown(ctx, event)).collect::<Result<Vec<_>, _>>()?;
    let mut body = json!({"events": events.into_iter().flatten().collect::<Vec<_>>()});
    if next > 0 {
        body["next_cursor"] = next.to_string().into();
    }
    Ok((200, body))
}

/// Sends a message, and gives its event.
fn write(ctx: &mut RequestContext<'_>, to: u64, data: &Json, profile: Option<&str>) -> Result<Json, ApiError> {
    let me = ctx.me()?;
    if ctx.world.username(to)?.is_none() {
        return Err(no(403, 108, "Cannot find specified user."));
    }
    if ctx.world.thing("dm_block", &copy_id(&me.to_string(), to))?.is_some() {
        return Err(no(403, 349, "You cannot send messages to this user."));
    }
    let text = data["text"].as_str().unwrap_or_default();
    if text.chars().count() > 10_000 {
        return Err(no(403, 354, "The text of your direct message is over the max character limit."));
    }
    check(data)?;
    let mut event = json!({
        "event_type": "MessageCreate", "text": text, "sender_id": me.to_string(), "dm_conversation_id": between(me, to),
    });
    let media = data["attachment"]["media"]["id"].clone();
    let media = media.as_str().and_then(|id| id.parse::<u64>().ok()).or(media.as_u64());
    if let Some(id) = media {
        if !ctx.world.owns_media(me, id)? {
            return Err(no(400, 325, "A media id was not found."));
        }
        let medium = ctx.world.media(id)?.unwrap_or_default();
        event["attachments"] = json!({"media_keys": [medium["media_key"]]});
    }
    if text.is_empty() && media.is_none() {
        return Err(no(403, 151, "There was an error sending your message: text is missing."));
    }
    let entities = ctx.world.entities(text)?;
    if entities != json!({}) {
        event["entities"] = entities;
    }
    for name in ["quick_reply", "ctas"] {
        if !data[name].is_null() {
            event["v1"][name] = data[name].clone();
        }
    }
    if let Some(profile) = profile {
        own_thing(ctx, PROFILE, profile)?;
        event["custom_profile_id"] = profile.into();
    }
    event["id"] = tell(ctx, &[me, to], event.clone())?.into();
    event["created_at"] = json!(ctx.now);
    Ok(event)
}

/// Holds choices and buttons against their limits.
fn check(data: &Json) -> Result<(), ApiError> {
    let wrong = |what: &str| Err(no(400, 214, &format!("Bad request: {what}.")));
    let length = |text: &Json| text.as_str().map_or(0, |text| text.chars().count());
    if let Some(options) = data["quick_reply"]["options"].as_array() {
        if data["quick_reply"]["type"] != "options" || options.is_empty() || options.len() > 20 {
            return wrong("quick_reply takes 1 to 20 options");
        }
        let described = options.iter().filter(|option| option["description"].is_string()).count();
        if described != 0 && described != options.len() {
            return wrong("all options or none have a description");
        }
        let long = |option: &Json| {
            length(&option["label"]) > 36 || length(&option["description"]) > 72 || length(&option["metadata"]) > 1_000
        };
        if options.iter().any(long) {
            return wrong("an option is too long");
        }
    }
    let buttons = data["ctas"].as_array().map_or(&[][..], Vec::as_slice);
    if buttons.len() > 3 || buttons.iter().any(|button| length(&button["label"]) > 36 || button["type"] != "web_url") {
        return wrong("ctas are up to three buttons of the type web_url");
    }
    Ok(())
}

pub(super) fn send(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let event = ctx.call.get("event").cloned().unwrap_or_default();
    let create = &event["message_create"];
    if event["type"] != "message_create" {
        return Err(no(400, 214, "Bad request: the type of the event is message_create."));
    }
    let id = &create["target"]["recipient_id"];
    let to = id.as_str().and_then(|id| id.parse().ok()).or(id.as_u64()).unwrap_or_default();
    let sent = write(ctx, to, &create["message_data"], create["custom_profile_id"].as_str())?;
    Ok((200, json!({"event": shown(ctx, &sent)?})))
}

pub(super) fn destroy(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, _) = own(ctx)?;
    ctx.world.remove("dm", &copy_id(&id, ctx.me()?))?;
    Ok((204, Json::Null))
}

/// The other one, who must be there.
fn other(ctx: &RequestContext<'_>) -> Result<u64, ApiError> {
    let other = ctx.id("recipient_id");
    if ctx.world.username(other)?.is_some() { Ok(other) } else { Err(no(403, 108, "Cannot find specified user.")) }
}

pub(super) fn typing(ctx: &mut RequestContext<'_>) -> HandlerResult {
    other(ctx)?;
    Ok((204, Json::Null))
}

pub(super) fn mark_read(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (me, from) = (ctx.me()?, other(ctx)?);
    let id = ctx.call.text("last_read_event_id").unwrap_or_default().to_owned();
    ctx.world.thing("dm", &copy_id(&id, me))?.ok_or_else(gone)?;
    ctx.world.put("dm_read", &copy_id(&from.to_string(), me), me, &json!({"up_to": id, "at": ctx.now}))?;
    Ok((204, Json::Null))
}

/// A thing of the caller's own.
fn own_thing(ctx: &RequestContext<'_>, kind: &str, id: &str) -> Result<Json, ApiError> {
    let me = ctx.me()?;
    let found = ctx.world.things(kind, me, i64::MAX, 1_000)?.into_iter().find(|thing| thing.json["id"] == id);
    Ok(found.ok_or_else(gone)?.json)
}

fn named(ctx: &RequestContext<'_>, kind: &str) -> Result<(String, Json), ApiError> {
    let id = ctx.call.text("id").unwrap_or_default().to_owned();
    let thing = own_thing(ctx, kind, &id)?;
    Ok((id, thing))
}

/// Deletes a thing of the caller's own.
fn forget(ctx: &mut RequestContext<'_>, kind: &str) -> HandlerResult {
    let (id, _) = named(ctx, kind)?;
    ctx.world.remove(kind, &id)?;
    Ok((204, Json::Null))
}

fn own_list(ctx: &RequestContext<'_>, kind: &str, name: &str) -> HandlerResult {
    let below = ctx.call.text("cursor").and_then(|text| text.parse().ok()).unwrap_or(i64::MAX);
    let size = ctx.count(20);
    let mut all = ctx.world.things(kind, ctx.me()?, below, size + 1)?;
    let more = all.len() > size;
    all.truncate(size);
    let mut body = json!({});
    if let Some(last) = all.last().filter(|_| more) {
        body["next_cursor"] = last.seq.to_string().into();
    }
    if !all.is_empty() {
        body[name] = all.into_iter().map(|thing| thing.json).collect::<Vec<_>>().into();
    }
    Ok((200, body))
}

/// Keeps a thing of the caller's own, with an id and the moment.
fn keep(ctx: &mut RequestContext<'_>, kind: &str, mut thing: Json) -> Result<Json, ApiError> {
    let (me, id) = (ctx.me()?, ctx.new_id());
    thing["id"] = id.as_str().into();
    thing["created_timestamp"] = ctx.now.as_millis().to_string().into();
    ctx.world.put(kind, &id, me, &thing)?;
    Ok(thing)
}

pub(super) fn create_welcome(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let given = ctx.call.get("welcome_message").cloned().unwrap_or_default();
    check(&given["message_data"])?;
    if given["message_data"]["text"].as_str().unwrap_or_default().is_empty() {
        return Err(no(400, 214, "Bad request: a welcome message needs a text."));
    }
    let made = keep(ctx, WELCOME, json!({"name": given["name"], "message_data": given["message_data"]}))?;
    Ok((200, json!({"welcome_message": made})))
}

pub(super) fn welcome(ctx: &mut RequestContext<'_>) -> HandlerResult {
    Ok((200, json!({"welcome_message": named(ctx, WELCOME)?.1})))
}

pub(super) fn welcomes(ctx: &mut RequestContext<'_>) -> HandlerResult {
    own_list(ctx, WELCOME, "welcome_messages")
}

pub(super) fn update_welcome(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, mut message) = named(ctx, WELCOME)?;
    let data = ctx.call.get("message_data").cloned().unwrap_or_default();
    check(&data)?;
    message["message_data"] = data;
    ctx.world.put(WELCOME, &id, ctx.me()?, &message)?;
    Ok((200, json!({"welcome_message": message})))
}

pub(super) fn destroy_welcome(ctx: &mut RequestContext<'_>) -> HandlerResult {
    forget(ctx, WELCOME)
}

pub(super) fn create_rule(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = ctx.call.get("welcome_message_rule").map(|rule| rule["welcome_message_id"].clone()).unwrap_or_default();
    own_thing(ctx, WELCOME, id.as_str().unwrap_or_default())?;
    if !ctx.world.things(RULE, ctx.me()?, i64::MAX, 1)?.is_empty() {
        return Err(no(403, 214, "There is a rule already: delete it first."));
    }
    let made = keep(ctx, RULE, json!({"welcome_message_id": id}))?;
    Ok((200, json!({"welcome_message_rule": made})))
}

pub(super) fn rule(ctx: &mut RequestContext<'_>) -> HandlerResult {
    Ok((200, json!({"welcome_message_rule": named(ctx, RULE)?.1})))
}

pub(super) fn rules(ctx: &mut RequestContext<'_>) -> HandlerResult {
    own_list(ctx, RULE, "welcome_message_rules")
}

pub(super) fn destroy_rule(ctx: &mut RequestContext<'_>) -> HandlerResult {
    forget(ctx, RULE)
}

pub(super) fn create_profile(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let given = ctx.call.get("custom_profile").cloned().unwrap_or_default();
    let media = given["avatar"]["media"]["id"].as_str().and_then(|id| id.parse().ok()).unwrap_or_default();
    if !ctx.world.owns_media(ctx.me()?, media)? {
        return Err(no(400, 325, "A media id was not found."));
    }
    let avatar = json!({"media": {"id": media.to_string(), "url": format!("https://pbs.twimg.com/media/{media}.jpg")}});
    let made = keep(ctx, PROFILE, json!({"name": given["name"], "avatar": avatar}))?;
    Ok((200, json!({"custom_profile": made})))
}

pub(super) fn profile(ctx: &mut RequestContext<'_>) -> HandlerResult {
    Ok((200, json!({"custom_profile": named(ctx, PROFILE)?.1})))
}

/// A message as it was before there were events.
fn old_form(ctx: &RequestContext<'_>, event: &Json) -> Result<Json, ApiError> {
    let number = |id: Option<&str>| id.and_then(|id| id.parse::<u64>().ok()).unwrap_or_default();
    let to = recipient(event);
    let (sender, to) = (number(event["sender_id"].as_str()), number(to.as_deref()));
    let text = event["text"].as_str().unwrap_or_default();
    let id = number(event["id"].as_str());
    let (from_user, to_user) = (ctx.user(sender)?, ctx.user(to)?);
    Ok(json!({
        "id": id, "id_str": event["id"], "text": text, "entities": ctx.old_entities(text)?,
        "created_at": old_time(&event["created_at"]),
        "sender_id": sender, "sender_id_str": sender.to_string(), "sender_screen_name": from_user["screen_name"],
        "sender": from_user, "recipient_id": to, "recipient_id_str": to.to_string(),
        "recipient_screen_name": to_user["screen_name"], "recipient": to_user,
    }))
}

fn old_list(ctx: &RequestContext<'_>, sent: bool) -> HandlerResult {
    let me = ctx.me()?.to_string();
    let (below, since) = ctx.ids();
    let within = |event: &Json| {
        let id = event["id"].as_str().and_then(|id| id.parse::<u64>().ok()).unwrap_or_default();
        id < below && id > since && (event["sender_id"] == me.as_str()) == sent
    };
    let (events, _) = page(ctx, i64::MAX, ctx.count(20), within)?;
    Ok((200, events.iter().map(|event| old_form(ctx, event)).collect::<Result<Vec<_>, _>>()?.into()))
}

pub(super) fn received(ctx: &mut RequestContext<'_>) -> HandlerResult {
    old_list(ctx, false)
}

pub(super) fn sent(ctx: &mut RequestContext<'_>) -> HandlerResult {
    old_list(ctx, true)
}

pub(super) fn old(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (_, event) = own(ctx)?;
    Ok((200, old_form(ctx, &event)?))
}

pub(super) fn send_old(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let to = ctx.whom()?;
    let event = write(ctx, to, &json!({"text": ctx.call.text("text")}), None)?;
    Ok((200, old_form(ctx, &event)?))
}

pub(super) fn destroy_old(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, event) = own(ctx)?;
    let shown = old_form(ctx, &event)?;
    ctx.world.remove("dm", &copy_id(&id, ctx.me()?))?;
    Ok((200, shown))
}
