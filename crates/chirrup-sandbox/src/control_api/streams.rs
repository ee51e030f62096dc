//! Routes of live streams: who listens, disconnects, silences, and posts to deliver.

use chirrup_model::UserId;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::request::{ControlError, ControlRequest, Reply};
use crate::seed::new_post;
use crate::side_effects;
use crate::streams::hub::Disconnect;
use crate::world::NewPost;

/// Number of posts that a request writes at most.
const MAX_POSTS: u64 = 10_000;
/// Longest silence in seconds: a year.
const MAX_SILENCE: f64 = 31_536_000.0;
/// ID that selects all streams.
const ALL: &str = "all";

/// Body of a disconnect.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct How {
    how: Option<String>,
}

/// Body of a silence.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Silence {
    seconds: f64,
}

/// Body of `POST streams/feed`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Feed {
    count: Option<u64>,
    text: Option<String>,
    #[serde(rename = "as")]
    username: Option<String>,
}

/// Returns the open streams: `GET streams`.
pub(super) fn list(request: &ControlRequest<'_>) -> Result<Reply, ControlError> {
    let state = request.world.lock();
    let mut streams = Vec::new();
    for stream in state.hub.open_connections() {
        let username = match stream.user {
            Some(user) => state.world.username(user)?,
            None => None,
        };
        streams.push(json!({
            "id": stream.id, "endpoint": stream.endpoint, "app": stream.app.to_string(),
            "user": stream.user.map(UserId::new), "username": username, "since": stream.since, "sent": stream.sent,
        }));
    }
    Ok(Reply::json(&json!({"streams": streams})))
}

/// Disconnects a stream or all: `POST streams/ID/disconnect`.
pub(super) fn disconnect(request: &ControlRequest<'_>, id: &str) -> Result<Reply, ControlError> {
    let How { how } = request.json()?;
    let how = match how.as_deref() {
        None | Some("abort") => Disconnect::Abort,
        Some("end") => Disconnect::End,
        Some("operational") => Disconnect::Operational,
        Some(_) => return Err(ControlError::invalid("`how` is neither `abort`, `end` nor `operational`")),
    };
    let now = request.world.clock.now();
    let count = request.world.lock().hub.disconnect_selected(how, now, selection(id));
    found(id, count, "disconnected")
}

/// Sends nothing over a stream or all for a time: `POST streams/ID/silence`.
pub(super) fn silence(request: &ControlRequest<'_>, id: &str) -> Result<Reply, ControlError> {
    let Silence { seconds } = request.json()?;
    if !(0.0..=MAX_SILENCE).contains(&seconds) {
        return Err(ControlError::invalid("`seconds` is not a number from 0 to 31536000"));
    }
    let until = request.world.clock.now().plus_millis((seconds * 1_000.0) as i64);
    let count = request.world.lock().hub.silence(until, selection(id));
    found(id, count, "silenced")
}

fn selection(wanted: &str) -> impl Fn(&str) -> bool {
    move |id| wanted == ALL || wanted == id
}

/// Returns the number of streams to which a change applied. A single stream has to exist.
fn found(id: &str, count: usize, name: &str) -> Result<Reply, ControlError> {
    if count == 0 && id != ALL {
        return Err(ControlError::missing("open stream", id));
    }
    Ok(Reply::json(&json!({name: count})))
}

/// Writes posts, which streams and webhooks deliver: `POST streams/feed`.
pub(super) fn feed(request: &ControlRequest<'_>) -> Result<Reply, ControlError> {
    let Feed { count, text, username } = request.json()?;
    let now = request.world.clock.now();
    if let Some(text) = text {
        let author = request.user(username.as_deref().unwrap_or("robin"))?;
        let new = NewPost { author, text, lang: "en".into(), ..NewPost::default() };
        let state = &mut *request.world.lock();
        let post = state.world.write_post(new, now)?.id;
        side_effects::post_created(state, post, now)?;
        return Ok(Reply::json(&json!({"posts": [post.to_string()]})));
    }
    let count = count.unwrap_or(1);
    if count > MAX_POSTS {
        return Err(ControlError::invalid("`count` is more than 10,000"));
    }
    let mut posts: Vec<Json> = Vec::new();
    // Each world with the same content gets the same posts.
    let mut random = request.world.lock().world.post_count() as u64;
    for _ in 0..count {
        let state = &mut *request.world.lock();
        let new = new_post(&mut state.world, &mut random, now)?;
        let post = state.world.write_post(new, now)?.id;
        side_effects::post_created(state, post, now)?;
        posts.push(post.to_string().into());
    }
    Ok(Reply::json(&json!({"posts": posts})))
}
