//! One request to a world: routing, injected faults and the request journal.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chirrup_api::v1::statuses::GetEmbed;
use chirrup_api::{Endpoint, by_route};
use chirrup_model::UserId;
use http::Response;
use http::header::{DATE, Entry, HeaderMap, HeaderValue, LOCATION};
use http::request::Parts;
use serde_json::json;

use super::body::{Body, ConnectionAborted};
use super::dispatch::{OEMBED_PATH, dispatch};
use super::pictures::{is_picture, picture};
use super::unknown_route::unknown_route;
use crate::access::received_request::ReceivedRequest;
use crate::control::exchange::{CallSummary, Exchange};
use crate::control::faults::Fault;
use crate::control::journal::JournalEntry;
use crate::handlers::compliance::{STORAGE, storage_response};
use crate::handlers::{find, is_concurrent};
use crate::login;
use crate::random::random_token;
use crate::response::api_error::ApiError;
use crate::response::http::{JSON, simple_response};
use crate::state::{Shared, State};
use crate::streams::webhook_delivery::CrcCheck;
use crate::world::SHORT_HOST;

/// Length of the longest name of a video.
const MAX_VIDEO_NAME: usize = 64;
/// Number of times that the content of a video repeats its name: any content will do, as long as it is the same each time.
const VIDEO_REPEATS: usize = 100_000;
/// Number of checks whether a connection of a stream was closed.
const CLOSED_CHECKS: u32 = 25;
/// Real time between two of these checks.
const CLOSED_CHECK: Duration = Duration::from_millis(1);

/// Handles a request: injects its fault, processes it, and records it in the journal.
pub(crate) async fn handle(shared: Arc<Shared>, head: Parts, body: Bytes) -> Result<Response<Body>, ConnectionAborted> {
    let path = head.uri.path().to_owned();
    let endpoint = by_route(head.method.as_str(), &path);
    let endpoint_id = endpoint.map(|endpoint| endpoint.id);
    let (fault, joined) = {
        let State { faults, world, .. } = &mut *shared.lock();
        let fault = faults.fault_for(head.method.as_str(), endpoint_id.unwrap_or_default(), &path);
        (fault, world.add_users_of_other_processes())
    };
    let mut entry = JournalEntry {
        number: 0,
        at: shared.clock.now(),
        method: head.method.to_string(),
        path,
        endpoint: endpoint_id,
        user: None,
        status: None,
        created_id: None,
        fault: fault.as_ref().map(Fault::name),
        response_intact: !fault.as_ref().is_some_and(prevents_intact_response),
        cost: chirrup_api::Cost::ZERO,
    };
    if let Some(Fault::DelayRequest(time)) = &fault {
        tokio::time::sleep(*time).await;
    }
    let request = ReceivedRequest::new(head, body);
    let mut response = match (&fault, joined) {
        (Some(Fault::CloseBeforeProcessing | Fault::Response { .. }), _) => None,
        (_, Err(why)) => Some(complete(error_response(&why.into()))),
        (_, Ok(())) => Some(process(&shared, endpoint, &request).await),
    };
    let summary = response.as_mut().and_then(|response| response.extensions_mut().remove::<CallSummary>());
    let summary = summary.unwrap_or_default();
    entry.status = response.as_ref().map(|response| response.status().as_u16());
    (entry.user, entry.cost) = (summary.user.map(UserId::new), summary.cost);
    entry.created_id.clone_from(&summary.created_id);
    let none = HeaderMap::new();
    let headers = response.as_ref().map_or(&none, Response::headers);
    let exchange = Exchange::new(request.url(), request.headers(), &request.body, headers, &summary).into();
    if let Some(on_request) = shared.on_request {
        on_request(&entry);
    }
    let displaced = shared.lock().journal.add(entry, exchange);
    drop(displaced);
    if let Some(Fault::DelayResponse(time)) = &fault {
        tokio::time::sleep(*time).await;
    }
    let mut response = apply_fault(response, fault)?;
    if let Entry::Vacant(date) = response.headers_mut().entry(DATE) {
        // Otherwise hyper would add the date of the system clock.
        if let Ok(now) = HeaderValue::from_str(&shared.clock.now().to_http_date()) {
            date.insert(now);
        }
    }
    Ok(response)
}

/// Whether the client of a request with this fault cannot receive the response as the sandbox made it.
fn prevents_intact_response(fault: &Fault) -> bool {
    matches!(
        fault,
        Fault::CloseBeforeProcessing
            | Fault::CloseAfterProcessing
            | Fault::TruncateBody
            | Fault::TruncateBodyAt(_)
            | Fault::CorruptBody
            | Fault::Response { .. }
            | Fault::ErrorAfterProcessing(_)
    )
}

/// Applies a fault to a response, which is `None` if the request was not processed.
fn apply_fault(response: Option<Response<Body>>, fault: Option<Fault>) -> Result<Response<Body>, ConnectionAborted> {
    match (response, fault) {
        (_, Some(Fault::Response { status, content_type, body })) => {
            Ok(complete(simple_response(status, Some(content_type), body)))
        }
        (None, _) | (_, Some(Fault::CloseAfterProcessing)) => Err(ConnectionAborted),
        (_, Some(Fault::ErrorAfterProcessing(status))) => Ok(complete(simple_response(status, None, Bytes::new()))),
        (Some(mut response), Some(Fault::ReplaceHeaders(headers))) => {
            for (name, value) in headers {
                if let Ok(value) = HeaderValue::from_str(&value) {
                    response.headers_mut().insert(name, value);
                }
            }
            Ok(response)
        }
        (Some(response), Some(fault)) => Ok(response.map(|body| body.with_fault(&fault))),
        (Some(response), None) => Ok(response),
    }
}

/// Processes a request with its whole body.
async fn process(shared: &Shared, endpoint: Option<&'static Endpoint>, request: &ReceivedRequest) -> Response<Body> {
    if let Some(endpoint) = endpoint.filter(|endpoint| endpoint.streaming) {
        wait_for_closed_connections(shared, endpoint).await;
    }
    let response = route(shared, endpoint, request);
    if endpoint.is_some_and(is_concurrent) {
        return response;
    }
    // Bound first, so that the lock is not held during the check.
    let check = shared.lock().hub.pending_crc_check.take();
    match check {
        Some(check) => run_crc_check(shared, &check).await.map_or(response, complete),
        None => response,
    }
}

/// Waits a moment while a stream has as many connections as allowed. The client may have closed one of them just before the
/// request, which the thread of that connection has still to notice.
async fn wait_for_closed_connections(shared: &Shared, endpoint: &Endpoint) {
    for _ in 0..CLOSED_CHECKS {
        if !shared.lock().hub.is_full(endpoint) {
            return;
        }
        tokio::time::sleep(CLOSED_CHECK).await;
    }
}

/// Whether a video can have this name. The limit bounds the size of the content, which is the name many times.
fn is_video_name(name: &str) -> bool {
    let is_allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-' | b'_' | b'.');
    (1..=MAX_VIDEO_NAME).contains(&name.len()) && name.bytes().all(is_allowed)
}

/// Returns a response whose whole body is known.
fn complete(response: Response<Bytes>) -> Response<Body> {
    response.map(Body::complete)
}

/// Returns the response to a request: of a page, a login URL or an endpoint.
fn route(shared: &Shared, endpoint: Option<&'static Endpoint>, request: &ReceivedRequest) -> Response<Body> {
    let (method, path) = (request.method(), request.path());
    if let Some(name) = path.strip_prefix("/video/").filter(|name| method == "GET" && is_video_name(name)) {
        return simple_response(200, Some("video/mp4"), Bytes::new()).map(|_| Body::repeated(name, VIDEO_REPEATS));
    }
    if method == "GET"
        && is_picture(path)
        && let Some(content) = picture(&shared.lock().world, path)
    {
        return complete(simple_response(200, Some("image/jpeg"), content));
    }
    if let Some(code) = short_link_code(request) {
        let target = shared.lock().world.link_target(code).ok().flatten();
        return complete(target.map_or_else(|| simple_response(404, None, Bytes::new()), |url| redirect(&url)));
    }
    if path.starts_with(STORAGE) {
        let response = storage_response(&shared.lock().world, request, shared.clock.now());
        return complete(match response {
            Ok(content) => simple_response(200, Some("text/plain; charset=utf-8"), content),
            Err(error) => error_response(&error),
        });
    }
    if let Some(response) = login::respond(shared, request) {
        return complete(response);
    }
    if method == "GET"
        && path == OEMBED_PATH
        && let Some(handler) = find(GetEmbed::ENDPOINT)
    {
        return dispatch(shared, GetEmbed::ENDPOINT, handler, request);
    }
    match endpoint.and_then(|endpoint| Some((endpoint, find(endpoint)?))) {
        Some((endpoint, handler)) => dispatch(shared, endpoint, handler, request),
        None => complete(unknown_route(shared, request)),
    }
}

fn error_response(error: &ApiError) -> Response<Bytes> {
    simple_response(error.status, Some(JSON), error.body.to_string())
}

/// Code of the short link that a request asks for, in a path such as `/t.co/0123456789`, or at the host `t.co` itself.
fn short_link_code(request: &ReceivedRequest) -> Option<&str> {
    let path = request.path().strip_prefix('/')?;
    let code = if request.host() == SHORT_HOST { path } else { path.strip_prefix(SHORT_HOST)?.strip_prefix('/')? };
    matches!(request.method(), "GET" | "HEAD").then_some(code)
}

/// Returns a permanent redirect.
fn redirect(url: &str) -> Response<Bytes> {
    let mut response = simple_response(301, None, Bytes::new());
    if let Ok(url) = HeaderValue::from_str(url) {
        response.headers_mut().insert(LOCATION, url);
    }
    response
}

/// Sends the CRC check of a webhook and stores the result. Returns the response to the call that caused it, unless the one it
/// already has is right.
async fn run_crc_check(shared: &Shared, check: &CrcCheck) -> Option<Response<Bytes>> {
    let passed = check.passes(&random_token(24)).await;
    let world = &shared.lock().world;
    if check.is_new && !passed {
        let _ = world.remove_document("webhook", &check.webhook);
        let detail = "The webhook does not answer the challenge as it should.";
        let body = json!({"errors": [{
            "title": "CrcValidationFailed", "detail": detail, "type": "about:blank", "status": 400,
        }], "title": "CrcValidationFailed", "detail": detail, "type": "about:blank", "status": 400});
        return Some(simple_response(400, Some("application/problem+json"), body.to_string()));
    }
    let (app, mut webhook) = world.webhook(&check.webhook).ok().flatten()?;
    webhook["valid"] = passed.into();
    let _ = world.put_document("webhook", &check.webhook, u64::try_from(app).unwrap_or_default(), &webhook);
    if check.is_new {
        return None;
    }
    Some(simple_response(200, Some("application/json"), json!({"data": {"valid": passed}}).to_string()))
}
