//! Direct messages: message events, and the older endpoints for messages between two users.

use chirrup_api::v1::direct_messages::{
    DestroyMessage, DestroyOldMessage, IndicateTyping, ListMessages, MarkRead, NewMessageEvent, ReceivedMessages,
    SendOldMessage, SentMessages, ShowMessage, ShowOldMessage,
};
use chirrup_model::{Timestamp, UserId};
use serde_json::{Value as Json, json};

use super::super::context::{HandlerEntry, HandlerResult, RequestContext};
use super::super::dms::{conversation_id, deliver_event};
use super::message_data::check_message_data;
use super::welcome_messages::{PROFILE, own_document};
use crate::response::api_error::ApiError;
use crate::response::dm_event::dm_event;
use crate::response::json::{id_of, str_of};
use crate::response::rendered_text::RenderedText;
use crate::response::v1_errors::{error, page_not_found};
use crate::response::v1_values::v1_time;
use crate::world::copy_id;

pub(super) const HANDLERS: &[HandlerEntry] = &[
    (ListMessages::ENDPOINT, message_events),
    (ShowMessage::ENDPOINT, message_event),
    (NewMessageEvent::ENDPOINT, new_message_event),
    (DestroyMessage::ENDPOINT, destroy_message_event),
    (IndicateTyping::ENDPOINT, indicate_typing),
    (MarkRead::ENDPOINT, mark_read),
    (ReceivedMessages::ENDPOINT, received_messages),
    (SentMessages::ENDPOINT, sent_messages),
    (ShowOldMessage::ENDPOINT, old_message),
    (SendOldMessage::ENDPOINT, send_old_message),
    (DestroyOldMessage::ENDPOINT, destroy_old_message),
];

/// Age up to which messages can be read, in milliseconds (see "Direct Messages").
const KEPT_MS: i64 = 30 * 86_400_000;
/// Maximum length of a message, in characters.
const MAX_TEXT: usize = 10_000;

fn millis(time: &Json) -> Option<i64> {
    time.as_str().and_then(|text| text.parse::<Timestamp>().ok()).map(Timestamp::as_millis)
}

/// Recipient of a message between two users.
fn recipient(event: &Json) -> Option<String> {
    let sender = event["sender_id"].as_str()?;
    let (one, other) = event["dm_conversation_id"].as_str()?.split_once('-')?;
    // A message to oneself has the same ID twice.
    Some(if one == sender { other } else { one }.to_owned())
}

/// Text of a message as API v1.1 delivers it.
fn message_text(ctx: &RequestContext<'_>, event: &Json) -> Result<RenderedText, ApiError> {
    let written = event["v1"]["text"].as_str().unwrap_or(str_of(event, "text"));
    Ok(RenderedText::of_text(ctx.world, written)?)
}

/// A message event in the form of API v1.1. Only messages between two users have one.
fn event_json(ctx: &RequestContext<'_>, event: &Json) -> Result<Option<Json>, ApiError> {
    let conversation = str_of(event, "dm_conversation_id");
    let Some(to) = recipient(event).filter(|_| conversation.contains('-') && event["event_type"] == "MessageCreate")
    else {
        return Ok(None);
    };
    let mut data = event["v1"].as_object().cloned().map_or_else(|| json!({}), Json::Object);
    let text = message_text(ctx, event)?;
    data["text"] = text.text.as_str().into();
    data["entities"] = ctx.objects().entities_of(&text)?;
    if let Some(key) = event["attachments"]["media_keys"][0].as_str() {
        let id: u64 = key.split_once('_').and_then(|(_, id)| id.parse().ok()).unwrap_or_default();
        let media = ctx.world.media(id)?.unwrap_or_default();
        data["attachment"] = json!({"type": "media", "media": {
            "id": id, "id_str": id.to_string(), "type": media["type"], "media_url_https": media["url"],
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

/// ID and event of the message that the parameter `id` names.
fn event_param(ctx: &RequestContext<'_>) -> Result<(String, Json), ApiError> {
    let id = ctx.text("id").to_owned();
    let event = ctx.world.document("dm", &copy_id(&id, ctx.me()?))?.ok_or_else(page_not_found)?;
    Ok((id, event))
}

fn message_event(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (_, event) = event_param(ctx)?;
    Ok((200, json!({"event": event_json(ctx, &event)?.ok_or_else(page_not_found)?}).into()))
}

/// Messages of the authenticated user that pass a filter, the newest first, and the position of the next page or 0.
fn events_page(
    ctx: &RequestContext<'_>,
    below: i64,
    size: usize,
    filter: impl Fn(&Json) -> bool,
) -> Result<(Vec<Json>, i64), ApiError> {
    let me = ctx.me()?;
    let oldest = ctx.now.as_millis() - KEPT_MS;
    let (mut below, mut found) = (below, Vec::new());
    loop {
        let batch = ctx.world.documents_of("dm", me, below, 100)?;
        if batch.is_empty() {
            return Ok((found, 0));
        }
        for document in batch {
            if found.len() == size {
                return Ok((found, below));
            }
            below = document.seq;
            let recent = millis(&document.json["created_at"]).is_some_and(|at| at >= oldest);
            if recent && filter(&document.json) && event_json(ctx, &document.json)?.is_some() {
                found.push(document.json);
            }
        }
    }
}

fn message_events(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let below = ctx.call.text("cursor").and_then(|text| text.parse().ok()).unwrap_or(i64::MAX);
    let (events, next) = events_page(ctx, below, ctx.count(20), |_| true)?;
    let events = events.iter().map(|event| event_json(ctx, event)).collect::<Result<Vec<_>, _>>()?;
    let mut body = json!({"events": events.into_iter().flatten().collect::<Vec<_>>()});
    if next > 0 {
        body["next_cursor"] = next.to_string().into();
    }
    Ok((200, body.into()))
}

/// Sends a message and returns its event.
fn send_message(ctx: &mut RequestContext<'_>, to: u64, data: &Json, profile: Option<&str>) -> Result<Json, ApiError> {
    let me = ctx.me()?;
    if ctx.world.username(to)?.is_none() {
        return Err(error(403, 108, "Cannot find specified user."));
    }
    if ctx.world.document("dm_block", &copy_id(&me.to_string(), to))?.is_some() {
        return Err(error(403, 349, "You cannot send messages to this user."));
    }
    let text = str_of(data, "text");
    if text.chars().count() > MAX_TEXT {
        return Err(error(403, 354, "The text of your direct message is over the max character limit."));
    }
    check_message_data(data)?;
    let mut event = dm_event(ctx.world, me, &conversation_id(me, to), text)?;
    let media = id_of(&data["attachment"]["media"]["id"]);
    if let Some(id) = media {
        if !ctx.world.owns_media(me, id)? {
            return Err(error(400, 325, "A media id was not found."));
        }
        let media = ctx.world.media(id)?.unwrap_or_default();
        event["attachments"] = json!({"media_keys": [media["media_key"]]});
    }
    if text.is_empty() && media.is_none() {
        return Err(error(403, 151, "There was an error sending your message: text is missing."));
    }
    for name in ["quick_reply", "ctas"] {
        if !data[name].is_null() {
            event["v1"][name] = data[name].clone();
        }
    }
    if let Some(profile) = profile {
        own_document(ctx, PROFILE, profile)?;
        event["custom_profile_id"] = profile.into();
    }
    event["id"] = deliver_event(ctx, &[me, to], event.clone())?.into();
    event["created_at"] = json!(ctx.now);
    Ok(event)
}

fn new_message_event(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let event = ctx.call.get("event").cloned().unwrap_or_default();
    let create = &event["message_create"];
    if event["type"] != "message_create" {
        return Err(error(400, 214, "Bad request: the type of the event must be message_create."));
    }
    let to = id_of(&create["target"]["recipient_id"]).unwrap_or_default();
    let sent = send_message(ctx, to, &create["message_data"], create["custom_profile_id"].as_str())?;
    Ok((200, json!({"event": event_json(ctx, &sent)?}).into()))
}

fn destroy_message_event(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, _) = event_param(ctx)?;
    ctx.world.remove_document("dm", &copy_id(&id, ctx.me()?))?;
    Ok((204, Json::Null.into()))
}

/// The user in the parameter `recipient_id`.
fn recipient_param(ctx: &RequestContext<'_>) -> Result<u64, ApiError> {
    let recipient = ctx.param::<UserId>("recipient_id").get();
    if ctx.world.username(recipient)?.is_some() {
        Ok(recipient)
    } else {
        Err(error(403, 108, "Cannot find specified user."))
    }
}

fn indicate_typing(ctx: &mut RequestContext<'_>) -> HandlerResult {
    recipient_param(ctx)?;
    Ok((204, Json::Null.into()))
}

fn mark_read(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (me, from) = (ctx.me()?, recipient_param(ctx)?);
    let id = ctx.text("last_read_event_id").to_owned();
    ctx.world.document("dm", &copy_id(&id, me))?.ok_or_else(page_not_found)?;
    ctx.world.put_document("dm_read", &copy_id(&from.to_string(), me), me, &json!({"up_to": id, "at": ctx.now}))?;
    Ok((204, Json::Null.into()))
}

/// A message in the form of the older endpoints.
fn message_json(ctx: &RequestContext<'_>, event: &Json) -> Result<Json, ApiError> {
    let sender = id_of(&event["sender_id"]).unwrap_or_default();
    let to = recipient(event).and_then(|id| id.parse().ok()).unwrap_or_default();
    let text = message_text(ctx, event)?;
    let id = id_of(&event["id"]);
    let (from_user, to_user) = (ctx.objects().user(sender)?, ctx.objects().user(to)?);
    Ok(json!({
        "id": id, "id_str": event["id"], "text": text.text, "entities": ctx.objects().entities_of(&text)?,
        "created_at": v1_time(&event["created_at"]),
        "sender_id": sender, "sender_id_str": sender.to_string(), "sender_screen_name": from_user["screen_name"],
        "sender": from_user, "recipient_id": to, "recipient_id_str": to.to_string(),
        "recipient_screen_name": to_user["screen_name"], "recipient": to_user,
    }))
}

/// Responds with a page of sent or received messages.
fn messages_page(ctx: &RequestContext<'_>, sent: bool) -> HandlerResult {
    let me = ctx.me()?.to_string();
    let (below, since) = ctx.id_bounds();
    let within = |event: &Json| {
        let id = id_of(&event["id"]).unwrap_or_default();
        id < below && id > since && (event["sender_id"] == me.as_str()) == sent
    };
    let (events, _) = events_page(ctx, i64::MAX, ctx.count(20), within)?;
    Ok((200, events.iter().map(|event| message_json(ctx, event)).collect::<Result<Vec<_>, _>>()?.into()))
}

fn received_messages(ctx: &mut RequestContext<'_>) -> HandlerResult {
    messages_page(ctx, false)
}

fn sent_messages(ctx: &mut RequestContext<'_>) -> HandlerResult {
    messages_page(ctx, true)
}

fn old_message(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (_, event) = event_param(ctx)?;
    Ok((200, message_json(ctx, &event)?.into()))
}

fn send_old_message(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let to = ctx.required_user()?;
    let event = send_message(ctx, to, &json!({"text": ctx.call.text("text")}), None)?;
    Ok((200, message_json(ctx, &event)?.into()))
}

fn destroy_old_message(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, event) = event_param(ctx)?;
    let message = message_json(ctx, &event)?;
    ctx.world.remove_document("dm", &copy_id(&id, ctx.me()?))?;
    Ok((200, message.into()))
}
