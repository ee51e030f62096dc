//! HTTP API under `/_chirrup/` that controls and observes the sandbox, described in `openapi.json`.

mod accounts;
mod acting;
mod clock;
mod faults;
mod journal;
mod limits;
mod redaction;
mod request;
mod snapshots;
mod streams;
mod trigger;
mod webhooks;
mod worlds;

use std::sync::Arc;

use bytes::Bytes;
use http::Response;
use http::request::Parts;

use self::request::{ControlError, ControlRequest, PATH, Reply};
use crate::response::http::{JSON, simple_response};
use crate::server::body::Body;
use crate::state::Shared;
use crate::worlds::{MAX_WORLDS, WorldError, Worlds};

const OPEN_API: &str = include_str!("control_api/openapi.json");

/// Whether a path belongs to the control API.
pub(crate) fn has_path(path: &str) -> bool {
    path.starts_with(PATH)
}

/// Returns the response to a request for a world that cannot be used.
pub(crate) fn refusal(why: &WorldError) -> Response<Bytes> {
    let error = match why {
        WorldError::InvalidName => {
            ControlError::invalid("the name of a world has 1 to 64 letters, digits, dots, hyphens and underscores")
        }
        WorldError::TooMany => ControlError::new(
            507,
            format!("the server has {MAX_WORLDS} worlds: delete one with DELETE /_chirrup/worlds/NAME"),
        ),
        WorldError::Database(why) => ControlError::new(500, format!("the sandbox's database failed: {why}")),
    };
    error.into_response()
}

/// Responds to a request to the control API of a world.
pub(crate) async fn respond(
    worlds: &Worlds,
    world: &Arc<Shared>,
    world_name: Option<&str>,
    head: Parts,
    body: Bytes,
) -> Response<Body> {
    let request = ControlRequest::new(worlds, world, world_name, head, body);
    match route(&request).await {
        Ok(reply) => reply.into_response(),
        Err(error) => error.into_response().map(Body::complete),
    }
}

/// Returns the reply of a route.
async fn route(request: &ControlRequest<'_>) -> Result<Reply, ControlError> {
    let Some(token) = request.worlds.control_token() else {
        return Err(ControlError::new(404, "this sandbox was started without the control API"));
    };
    let segments = request.segments();
    match (request.method(), segments.as_slice()) {
        ("GET", ["health"]) => return Ok(worlds::health(request)),
        ("GET", ["openapi.json"]) => return Ok(Reply::Whole(simple_response(200, Some(JSON), OPEN_API))),
        _ => {}
    }
    request.check_token(token)?;
    match (request.method(), segments.as_slice()) {
        ("GET", ["state"]) => worlds::state(request),
        ("POST", ["reset"]) => worlds::reset(request),
        ("GET", ["worlds"]) => Ok(worlds::list(request)),
        ("DELETE", ["worlds", name]) => worlds::delete(request, name),
        ("GET", ["clock"]) => Ok(clock::get(request)),
        ("PUT", ["clock"]) => clock::set(request),
        ("POST", ["clock", "advance"]) => clock::advance(request),
        ("GET", ["faults"]) => Ok(faults::list(request)),
        ("POST", ["faults"]) => faults::add(request),
        ("DELETE", ["faults"]) => Ok(faults::clear(request)),
        ("DELETE", ["faults", id]) => faults::remove(request, id),
        ("GET", ["journal"]) => journal::list(request),
        ("GET", ["journal", "wait"]) => journal::wait(request).await,
        ("GET", ["journal", "live"]) => journal::live(request),
        ("GET", ["journal", number]) => journal::entry(request, number),
        ("DELETE", ["journal"]) => Ok(journal::clear(request)),
        ("GET", ["limits"]) => limits::list(request),
        ("PUT", ["limits"]) => limits::set(request),
        ("POST", ["limits", "exhaust"]) => limits::exhaust(request),
        ("GET", ["bill"]) => Ok(limits::bill(request)),
        ("PUT", ["credits"]) => limits::set_credits(request),
        ("GET", ["users"]) => accounts::users(request),
        ("GET", ["apps"]) => accounts::apps(request),
        ("POST", ["act"]) => acting::act(request),
        ("GET", ["snapshots"]) => Ok(snapshots::list(request)),
        ("PUT", ["snapshots", name]) => snapshots::save(request, name),
        ("POST", ["snapshots", name, "restore"]) => snapshots::restore(request, name),
        ("DELETE", ["snapshots", name]) => snapshots::delete(request, name),
        ("GET", ["export"]) => snapshots::export(request),
        ("POST", ["import"]) => snapshots::import(request),
        ("GET", ["streams"]) => streams::list(request),
        ("POST", ["streams", "feed"]) => streams::feed(request),
        ("POST", ["streams", id, "disconnect"]) => streams::disconnect(request, id),
        ("POST", ["streams", id, "silence"]) => streams::silence(request, id),
        ("GET", ["webhooks"]) => webhooks::list(request),
        ("GET", ["webhooks", "wait"]) => webhooks::wait(request).await,
        ("POST", ["webhooks", "trigger"]) => trigger::trigger(request).await,
        (_, ["as", username, ..]) => acting::call_as(request, username),
        _ => Err(ControlError::new(
            404,
            format!("no route {} {}: see GET {PATH}openapi.json", request.method(), request.path()),
        )),
    }
}
