//! Route that triggers an event: a user does what causes it.

use std::time::Duration;

use chirrup_model::ActivityType;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use tokio::time::Instant;

use super::acting::{Action, perform};
use super::request::{ControlError, ControlRequest, Reply};
use super::webhooks::{delivery_json, find_delivery};
use crate::side_effects::{self, Activity};
use crate::streams::webhook_delivery::is_loopback_url;
use crate::world::NewPost;

/// Time that the URL of a trigger has to respond.
const TIMEOUT: Duration = Duration::from_secs(15);
/// Body of `POST webhooks/trigger`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Trigger {
    event: String,
    to: Option<String>,
    user: Option<String>,
}

/// Triggers an event, for the URL that the body names or for all subscribers: `POST webhooks/trigger`.
pub(super) async fn trigger(request: &ControlRequest<'_>) -> Result<Reply, ControlError> {
    let Trigger { event, to, user } = request.json()?;
    let known = ActivityType::ALL.iter().map(ActivityType::as_str).find(|known| *known == event);
    let event = known.ok_or_else(|| ControlError::missing("event", event))?;
    let user = match user {
        Some(user) => user,
        None => default_user(request)?,
    };
    let id = request.user(&user)?;
    let Some(to) = to else {
        cause(request, event, &user, id)?;
        return Ok(Reply::json(&json!({"event": event})));
    };
    if !is_loopback_url(&to) {
        return Err(ControlError::invalid(
            "`to` is not an http URL on this machine, such as http://127.0.0.1:3000/webhook",
        ));
    }
    let webhook = subscribe(request, event, id, &to)?;
    let caused = cause(request, event, &user, id);
    unsubscribe(request, &webhook)?;
    caused?;
    let deadline = Instant::now() + TIMEOUT;
    let delivery = find_delivery(request, deadline, |delivery| delivery.webhook == webhook).await;
    let delivery =
        delivery.ok_or_else(|| ControlError::new(500, format!("the world did not cause the event {event}")))?;
    let mut json = delivery_json(&delivery);
    json["event"] = event.into();
    Ok(Reply::json(&json))
}

/// Subscribes a temporary webhook to an event of a user. Returns its ID.
fn subscribe(request: &ControlRequest<'_>, event: &str, user: u64, url: &str) -> Result<String, ControlError> {
    let now = request.world.clock.now();
    let world = &mut request.world.lock().world;
    let id = world.next_id(now).to_string();
    world.put_document("webhook", &id, 1, &json!({"id": id, "url": url, "valid": true, "created_at": now}))?;
    let subscription = json!({
        "subscription_id": id, "event_type": event, "filter": {"user_id": user.to_string()}, "tag": "trigger",
        "webhook_id": id, "created_at": now,
    });
    world.put_document("activity_subscription", &id, 1, &subscription)?;
    Ok(id)
}

fn unsubscribe(request: &ControlRequest<'_>, id: &str) -> Result<(), ControlError> {
    let world = &request.world.lock().world;
    world.remove_document("activity_subscription", id)?;
    world.remove_document("webhook", id)?;
    Ok(())
}

/// User whom an event is about, unless the request names one.
fn default_user(request: &ControlRequest<'_>) -> Result<String, ControlError> {
    Ok(request.world.lock().world.default_username()?.unwrap_or_default())
}

/// Does what causes an event about a user. An event that no call of the API causes is delivered as such.
fn cause(request: &ControlRequest<'_>, event: &'static str, user: &str, id: u64) -> Result<(), ControlError> {
    let others = [default_user(request)?].into_iter().chain(request.world.lock().world.usernames(2));
    let other = others.into_iter().find(|other| *other != user);
    let other = other.as_deref().ok_or_else(|| ControlError::invalid("the world has no other user"))?;
    let number = request.world.lock().world.next_id(request.world.clock.now());
    let text = format!("Hello from the sandbox, event {number}");
    let act = |who: &str, verb: &str, to: Option<String>, text: String| {
        let action =
            Action { username: who.to_owned(), verb: verb.to_owned(), text: Some(text), to, ..Action::default() };
        let status = perform(request, &action)?.status();
        let refused = || ControlError::new(409, format!("the sandbox refused to {verb} as {who}: status {status}"));
        if status.is_success() { Ok(()) } else { Err(refused()) }
    };
    let post = || target_post(request, id, number);
    match event {
        "post.create" => act(user, "post", None, text),
        "post.delete" => act(user, "delete", Some(post()?), text),
        "post.mention.create" => act(other, "post", None, format!("@{user} {text}")),
        "post.reply.create" => act(other, "reply", Some(post()?), format!("@{user} {text}")),
        "post.quote.create" => act(other, "quote", Some(post()?), text),
        "post.repost.create" => act(other, "repost", Some(post()?), text),
        "like.create" => act(other, "like", Some(post()?), text),
        "follow.follow" => act(other, "follow", Some(user.to_owned()), text),
        "follow.unfollow" => act(other, "unfollow", Some(user.to_owned()), text),
        "mute.mute" => act(user, "mute", Some(other.to_owned()), text),
        "mute.unmute" => act(user, "unmute", Some(other.to_owned()), text),
        "block.block" => act(user, "block", Some(other.to_owned()), text),
        "block.unblock" => act(user, "unblock", Some(other.to_owned()), text),
        "dm.sent" => act(user, "dm", Some(other.to_owned()), text),
        "dm.received" => act(other, "dm", Some(user.to_owned()), text),
        event => deliver(request, event, id),
    }
}

/// Returns the ID of a new post of a user, which no stream has delivered.
fn target_post(request: &ControlRequest<'_>, author: u64, number: u64) -> Result<String, ControlError> {
    let text = format!("Post for the event {number}");
    let new = NewPost { author, text, lang: "en".into(), ..NewPost::default() };
    let post = request.world.lock().world.write_post(new, request.world.clock.now())?;
    Ok(post.id.to_string())
}

/// Delivers an event with the user as its payload.
fn deliver(request: &ControlRequest<'_>, event_type: &'static str, actor: u64) -> Result<(), ControlError> {
    let now = request.world.clock.now();
    let state = &mut *request.world.lock();
    let user: Json = state.world.user(actor)?.unwrap_or_default();
    let payload = json!({"user": {"id": actor.to_string(), "name": user["name"], "username": user["username"]}});
    let activity = Activity { event_type, actor, target: Some(actor), payload };
    Ok(side_effects::deliver_activity(state, &activity, now)?)
}
