//! Processing of API calls in four stages: admit, handle, side effects, bill.

use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use chirrup_api::{Call, Cost, Endpoint};
use chirrup_auth::AuthKind;
use chirrup_auth::oauth1::form_pairs;
use chirrup_model::{Dialect, Timestamp};
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, DATE, HeaderValue};
use http::{HeaderMap, Response, StatusCode};
use serde_json::Value as Json;
use tokio::sync::mpsc;

use super::body::Body;
use crate::access::auth::{authenticate, authorize};
use crate::access::identity::Identity;
use crate::access::received_request::ReceivedRequest;
use crate::control::exchange::CallSummary;
use crate::handlers::context::{Exclusive, Handler, RequestContext};
use crate::handlers::is_concurrent;
use crate::response::api_error::ApiError;
use crate::response::content::Content;
use crate::response::gzip::compress;
use crate::response::headers::add_common_headers;
use crate::response::http::{JSON, V1_EMPTY, V1_JSON};
use crate::side_effects;
use crate::state::{Shared, State};
use crate::streams::chunk::StreamChunk;
use crate::streams::hub::Hub;
use crate::world::World;

/// Size in bytes from which a response is compressed.
const MIN_COMPRESSED: usize = 2_048;

/// Path of `publish.x.com` for the HTML of a post, which needs no credentials.
pub(super) const OEMBED_PATH: &str = "/oembed";

/// Response to a call before it is written as HTTP.
struct ApiResponse {
    status: u16,
    body: Content,
    media_type: &'static str,
    headers: Vec<(&'static str, String)>,
    /// Body that is a file, in place of `body`.
    file: Option<Bytes>,
    is_v1: bool,
    /// Further chunks of a live stream.
    live: Option<mpsc::Receiver<StreamChunk>>,
    dialect: Dialect,
    summary: CallSummary,
}

/// Call whose caller, rate limits and parameters were checked.
struct AdmittedCall {
    endpoint: &'static Endpoint,
    call: Call,
    identity: Arc<Identity>,
    dialect: Dialect,
    /// Address of the sandbox that the client used.
    origin: String,
    /// Query and form of a request of v1.1.
    sent: String,
}

/// Result of a successful call.
struct Outcome {
    status: u16,
    body: Content,
    file: Option<Bytes>,
    /// Headers that only this endpoint sends.
    headers: Vec<(&'static str, String)>,
    live: Option<mpsc::Receiver<StreamChunk>>,
    cost: Cost,
}

/// Processes a call of an endpoint and returns the response.
pub(crate) fn dispatch(
    shared: &Shared,
    endpoint: &'static Endpoint,
    handler: Handler,
    request: &ReceivedRequest,
) -> Response<Body> {
    respond(shared, endpoint, request, |now, response| process(shared, endpoint, handler, request, now, response))
}

/// Processes a call on behalf of a user, with every permission. It needs no credentials, and counts neither for the rate
/// limits nor for the bill.
pub(crate) fn dispatch_as(
    user: u64,
    shared: &Shared,
    endpoint: &'static Endpoint,
    handler: Handler,
    request: &ReceivedRequest,
) -> Response<Body> {
    respond(shared, endpoint, request, |now, response| {
        let admitted = admitted(endpoint, request, Arc::new(Identity::of_user(user)), response)?;
        let state = &mut *shared.lock();
        let outcome = handle(state, handler, &admitted, now)?;
        run_side_effects(state, &admitted, &outcome, now)?;
        Ok(outcome)
    })
}

/// Returns the response to a call whose outcome `process` determines.
fn respond(
    shared: &Shared,
    endpoint: &'static Endpoint,
    request: &ReceivedRequest,
    process: impl FnOnce(Timestamp, &mut ApiResponse) -> Result<Outcome, ApiError>,
) -> Response<Body> {
    let started = Instant::now();
    let now = shared.clock.now();
    let mut response = ApiResponse {
        status: 200,
        body: Json::Null.into(),
        file: None,
        media_type: if endpoint.is_v1() { V1_JSON } else { JSON },
        headers: Vec::new(),
        is_v1: endpoint.is_v1(),
        live: None,
        dialect: requested_dialect(request.query(), shared.dialect),
        summary: CallSummary::default(),
    };
    match process(now, &mut response) {
        Ok(outcome) => response.set_outcome(outcome, endpoint),
        Err(error) => response.set_error(error, endpoint, request),
    }
    into_http(response, request, now, started)
}

/// Takes a call through all stages: admit, handle, side effects, bill. The state is locked throughout, so these calls are
/// processed one after another; reads of users and posts run beside them.
fn process(
    shared: &Shared,
    endpoint: &'static Endpoint,
    handler: Handler,
    request: &ReceivedRequest,
    now: Timestamp,
    response: &mut ApiResponse,
) -> Result<Outcome, ApiError> {
    if is_concurrent(endpoint) {
        return read_concurrently(shared, endpoint, handler, request, now, response);
    }
    let state = &mut *shared.lock();
    let identity = admit(state, shared.rate_limited, endpoint, request, now, response)?;
    let admitted = admitted(endpoint, request, identity, response)?;
    let mut outcome = handle(state, handler, &admitted, now)?;
    run_side_effects(state, &admitted, &outcome, now)?;
    outcome.cost = bill(state, &admitted, &outcome, now);
    Ok(outcome)
}

/// Takes a read of users and posts through its stages. The state is locked only while the call is admitted and charged.
fn read_concurrently(
    shared: &Shared,
    endpoint: &'static Endpoint,
    handler: Handler,
    request: &ReceivedRequest,
    now: Timestamp,
    response: &mut ApiResponse,
) -> Result<Outcome, ApiError> {
    let (identity, balance) = {
        let state = &mut *shared.lock();
        (admit(state, shared.rate_limited, endpoint, request, now, response)?, state.bill.balance())
    };
    let admitted = admitted(endpoint, request, identity, response)?;
    let mut outcome = shared.with_reader(|world| call_handler(handler, &admitted, world, None, balance, now))??;
    outcome.cost = bill(&mut shared.lock(), &admitted, &outcome, now);
    Ok(outcome)
}

/// Checks authentication, authorization, rate limits and credits, in this order, and returns the caller. Writes the headers
/// that X sends for rejected calls too into `response`.
fn admit(
    state: &mut State,
    rate_limited: bool,
    endpoint: &'static Endpoint,
    request: &ReceivedRequest,
    now: Timestamp,
    response: &mut ApiResponse,
) -> Result<Arc<Identity>, ApiError> {
    let is_public = endpoint.auth.is_empty() || request.path() == OEMBED_PATH;
    let identity = match authenticate(&state.world, &mut state.tokens, &mut state.nonces, now, request) {
        Err(_) if is_public => Arc::new(Identity::anonymous()),
        result => result?,
    };
    response.headers.push(("x-access-level", identity.access_level.clone()));
    response.summary.user = identity.user;
    response.summary.auth = (identity.app > 0).then_some(identity.kind);
    if !is_public {
        authorize(&identity, endpoint)?;
    }
    if rate_limited {
        let user = if identity.kind == AuthKind::AppOnly { None } else { identity.user };
        let decision = state.rate_limiter.count_call(endpoint, identity.app, user, now);
        response.headers.extend(decision.headers);
        if !decision.allowed {
            return Err(ApiError::too_many_requests());
        }
    }
    state.bill.check_allowance(endpoint)?;
    Ok(identity)
}

/// Reads the parameters of a call whose caller was checked.
fn admitted(
    endpoint: &'static Endpoint,
    request: &ReceivedRequest,
    identity: Arc<Identity>,
    response: &ApiResponse,
) -> Result<AdmittedCall, ApiError> {
    let call = Call::from_http(endpoint, request.path(), request.query(), request.content_type(), &request.body)
        .map_err(|invalid| ApiError::invalid_request(invalid.into_iter().map(|p| (p.name, p.sent, p.message))))?;
    let sent = if endpoint.is_v1() { format!("{}&{}", request.query(), request.form()) } else { String::new() };
    Ok(AdmittedCall { endpoint, call, identity, dialect: response.dialect, origin: request.origin(), sent })
}

/// Returns the dialect of the response: as on X, a client that uses one of the new names gets the new names. Other clients get
/// the default of the sandbox.
fn requested_dialect(query: &str, default: Dialect) -> Dialect {
    let is_new = |name: &str| Dialect::canonical(name) != name;
    let lists_names = |name: &str| name == "expansions" || name.ends_with(".fields");
    let uses_new_names =
        form_pairs(query).any(|(name, value)| is_new(&name) || (lists_names(&name) && value.split(',').any(is_new)));
    if uses_new_names { Dialect::Post } else { default }
}

/// Runs the handler of a call, and opens the connection of a live stream.
fn handle(state: &mut State, handler: Handler, admitted: &AdmittedCall, now: Timestamp) -> Result<Outcome, ApiError> {
    let AdmittedCall { call, identity, dialect, .. } = admitted;
    let is_live = Hub::is_live(call);
    if is_live {
        state.hub.check_connection_limit(call, identity, now)?;
    }
    let State { world, hub, rate_limiter, bill, .. } = &mut *state;
    let balance = bill.balance();
    let exclusive = Some(Exclusive { hub, rate_limiter });
    let mut outcome = call_handler(handler, admitted, world, exclusive, balance, now)?;
    if is_live {
        outcome.live = state.hub.open(call, identity, *dialect, now);
    }
    Ok(outcome)
}

/// Calls the handler of a call with its context. The outcome has no cost yet.
fn call_handler<'c>(
    handler: Handler,
    admitted: &'c AdmittedCall,
    world: &'c mut World,
    exclusive: Option<Exclusive<'c>>,
    balance: Cost,
    now: Timestamp,
) -> Result<Outcome, ApiError> {
    let AdmittedCall { call, identity, dialect, origin, sent, .. } = admitted;
    let (dialect, headers, file) = (*dialect, Vec::new(), None);
    let mut ctx =
        RequestContext { world, call, identity, now, dialect, exclusive, balance, origin, sent, headers, file };
    let (status, body) = handler(&mut ctx)?;
    Ok(Outcome { status, body, file: ctx.file, headers: ctx.headers, live: None, cost: Cost::ZERO })
}

/// Delivers the events that a write causes.
fn run_side_effects(
    state: &mut State,
    admitted: &AdmittedCall,
    outcome: &Outcome,
    now: Timestamp,
) -> Result<(), ApiError> {
    let AdmittedCall { endpoint, call, identity, .. } = admitted;
    if !endpoint.is_read() {
        side_effects::emit(state, call, identity.user, outcome.body.json(), now)?;
    }
    Ok(())
}

/// Charges for a call and returns its cost.
fn bill(state: &mut State, admitted: &AdmittedCall, outcome: &Outcome, now: Timestamp) -> Cost {
    let AdmittedCall { endpoint, call, identity, .. } = admitted;
    state.bill.charge(call, endpoint, identity.user, &outcome.body, now)
}

impl ApiResponse {
    fn set_outcome(&mut self, outcome: Outcome, endpoint: &Endpoint) {
        let Outcome { status, body, file, headers, live, cost } = outcome;
        self.summary.cost = cost;
        if !endpoint.is_read() {
            let json = body.json();
            self.summary.created_id = json["data"]["id"].as_str().or(json["id_str"].as_str()).map(str::to_owned);
        }
        self.headers.extend(headers);
        if body.json().is_string() {
            self.media_type = "application/octet-stream";
        }
        (self.status, self.body, self.file, self.live) = (status, body, file, live);
    }

    fn set_error(&mut self, error: ApiError, endpoint: &Endpoint, request: &ReceivedRequest) {
        let has_bearer = request.authorization().starts_with("Bearer ");
        let error = if endpoint.is_v1() { error.into_v1(has_bearer, request.has_credentials()) } else { error };
        if error.before_routing {
            self.media_type = "application/problem+json";
        }
        (self.status, self.body) = (error.status, error.body.into());
    }
}

/// Writes a response as HTTP, with the headers that X sends.
fn into_http(mut response: ApiResponse, request: &ReceivedRequest, now: Timestamp, started: Instant) -> Response<Body> {
    let body = match response.file.take() {
        Some(content) => content.into(),
        None => response.body.into_text((!response.is_v1).then_some(response.dialect)),
    };
    if response.is_v1 && body.is_empty() && response.live.is_none() {
        response.media_type = V1_EMPTY;
    }
    let mut headers = HeaderMap::with_capacity(32);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(response.media_type));
    add_common_headers(&mut headers, response.is_v1, response.status, now);
    let mut set = |name: &'static str, value: String| {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    };
    set("x-response-time", started.elapsed().as_millis().to_string());
    set(DATE.as_str(), now.to_http_date());
    for (name, value) in response.headers {
        set(name, value);
    }
    let gzip = HeaderValue::from_static("gzip");
    let mut body = Bytes::from(body);
    response.summary.body = body.clone();
    let body = match response.live {
        Some(chunks) => {
            if request.accepts_gzip() {
                headers.insert(CONTENT_ENCODING, gzip);
            }
            Body::live(body.to_vec(), chunks, request.accepts_gzip())
        }
        None => {
            if request.accepts_gzip()
                && body.len() >= MIN_COMPRESSED
                && let Some(compressed) = compress(&body)
            {
                body = compressed.into();
                headers.insert(CONTENT_ENCODING, gzip);
            }
            Body::complete(body)
        }
    };
    let mut http = Response::new(body);
    *http.status_mut() = StatusCode::from_u16(response.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    *http.headers_mut() = headers;
    http.extensions_mut().insert(response.summary);
    http
}
