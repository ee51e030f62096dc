//! HTTP: from a request to a call, and from an answer to a response.

use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use chirrup_api::{Call, Endpoint, by_route};
use chirrup_auth::oauth1::is_form;
use chirrup_auth::{AuthKind, hex};
use chirrup_model::{Dialect, Timestamp, UserId};
use http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, DATE, HeaderValue};
use http::{HeaderMap, Response, StatusCode};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::{Value as Json, json};
use tokio::sync::{mpsc, oneshot};

use crate::api_error::ApiError;
use crate::auth::{Identity, Signed, allow, identify};
use crate::body::{Body, CutOff, pause};
use crate::faults::Fault;
use crate::handlers::{Handler, RequestContext, find};
use crate::hub::{Hub, Sent};
use crate::journal::{Event, Note};
use crate::login::{self, LoginRequest, Page};
use crate::sandbox::{Shared, State};
use crate::side_effects;
use crate::webhook_delivery::Delivery;

/// How large a request may be.
const MAX_REQUEST: usize = 10 << 20;
/// From which size on a body is compressed for who accepts it.
const COMPRESS_FROM: usize = 2_048;

/// Serves until it is told to stop.
pub(crate) async fn serve(
    listener: std::net::TcpListener,
    shared: Arc<Shared>,
    outbox: mpsc::Receiver<Delivery>,
    mut stopped: oneshot::Receiver<()>,
) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
        return;
    };
    tokio::spawn(keep_alive(Arc::clone(&shared)));
    tokio::spawn(send_out(Arc::clone(&shared), outbox));
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = &mut stopped => return,
        };
        let Ok((stream, _)) = accepted else {
            // Out of file handles, most likely: let some close.
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        let _ = stream.set_nodelay(true);
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            let service = service_fn(|request| answer(Arc::clone(&shared), request));
            let mut http = hyper::server::conn::http1::Builder::new();
            // A client that goes away is no concern of the others.
            let _ = http.timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

/// Looks after the live streams. The clock may be moved, so that it is looked at often.
async fn keep_alive(shared: Arc<Shared>) {
    let mut ticks = tokio::time::interval(Duration::from_millis(20));
    loop {
        ticks.tick().await;
        let now = shared.clock.now();
        shared.lock().hub.keep_alive(now);
    }
}

/// Sends to webhooks what waits for them, in order.
async fn send_out(shared: Arc<Shared>, mut outbox: mpsc::Receiver<Delivery>) {
    while let Some(delivery) = outbox.recv().await {
        let delivered = delivery.send().await;
        shared.lock().hub.delivered(delivered);
    }
}

/// Sends the challenge that a call has asked for, if it did; an answer in place of its own, if that fails.
async fn challenge(shared: &Shared) -> Option<Response<Body>> {
    let challenge = shared.lock().hub.challenge.take()?;
    let met = challenge.is_met(&login::random(24)).await;
    let world = &shared.lock().world;
    if challenge.fresh && !met {
        let _ = world.remove("webhook", &challenge.webhook);
        let detail = "The webhook does not answer the challenge as it should.";
        let body = json!({"errors": [{
            "title": "CrcValidationFailed", "detail": detail, "type": "about:blank", "status": 400,
        }], "title": "CrcValidationFailed", "detail": detail, "type": "about:blank", "status": 400});
        return Some(bare(400, Some("application/problem+json"), body.to_string()));
    }
    let (app, mut webhook) = world.webhook(&challenge.webhook).ok().flatten()?;
    webhook["valid"] = met.into();
    let _ = world.put("webhook", &challenge.webhook, u64::try_from(app).unwrap_or_default(), &webhook);
    if challenge.fresh {
        return None;
    }
    Some(bare(200, Some("application/json"), json!({"data": {"valid": met}}).to_string()))
}

async fn answer(shared: Arc<Shared>, request: http::Request<Incoming>) -> Result<Response<Body>, CutOff> {
    let (head, body) = request.into_parts();
    let path = head.uri.path();
    let endpoint = by_route(head.method.as_str(), path).map(|meta| meta.id);
    let fault = shared.lock().faults.next(endpoint.unwrap_or_default(), path);
    let mut event = Event {
        number: 0,
        at: shared.clock.now(),
        method: head.method.to_string(),
        path: path.to_owned(),
        endpoint,
        user: None,
        status: None,
        made: None,
        fault: fault.as_ref().map(Fault::name),
        answered: false,
        cost: 0,
    };
    let before = match &fault {
        Some(Fault::Stall(time)) => Some(*time),
        _ => None,
    };
    pause(before).await;
    let done = match &fault {
        Some(Fault::Cut | Fault::Response { .. }) => None,
        _ => Some(match Limited::new(body, MAX_REQUEST).collect().await {
            Ok(body) => respond(&shared, &head, &body.to_bytes()),
            Err(_) => bare(413, None, Bytes::new()),
        }),
    };
    let done = match done {
        Some(response) => Some(challenge(&shared).await.unwrap_or(response)),
        None => None,
    };
    if let Some(response) = &done {
        event.status = Some(response.status().as_u16());
        if let Some(note) = response.extensions().get::<Note>() {
            (event.user, event.cost) = (note.user.map(UserId::new), note.cost);
            event.made.clone_from(&note.made);
        }
    }
    let gone = matches!(fault, Some(Fault::Cut | Fault::CutAfter | Fault::CutBody | Fault::CutAt(_)));
    let spoiled = matches!(fault, Some(Fault::Corrupt | Fault::Response { .. } | Fault::ErrorAfter(_)));
    event.answered = !gone && !spoiled;
    shared.lock().journal.add(event);
    let after = match &fault {
        Some(Fault::StallAfter(time)) => Some(*time),
        _ => None,
    };
    pause(after).await;
    let mut answer = struck(done, fault)?;
    if let http::header::Entry::Vacant(date) = answer.headers_mut().entry(DATE) {
        // All that it says is said in its own time.
        if let Ok(now) = HeaderValue::from_str(&shared.clock.now().to_http_date()) {
            date.insert(now);
        }
    }
    Ok(answer)
}

/// Makes of what was done what a fault asks.
fn struck(done: Option<Response<Body>>, fault: Option<Fault>) -> Result<Response<Body>, CutOff> {
    match (done, fault) {
        (_, Some(Fault::Response { status, content_type, body })) => Ok(bare(status, Some(content_type), body)),
        (None, _) | (_, Some(Fault::CutAfter)) => Err(CutOff),
        (_, Some(Fault::ErrorAfter(status))) => Ok(bare(status, None, Bytes::new())),
        (Some(mut response), Some(Fault::Headers(headers))) => {
            for (name, value) in headers {
                if let Ok(value) = HeaderValue::from_str(&value) {
                    response.headers_mut().insert(name, value);
                }
            }
            Ok(response)
        }
        (Some(response), Some(fault)) => Ok(response.map(|body| body.struck(&fault))),
        (Some(response), None) => Ok(response),
    }
}

/// What the sandbox says, before it becomes HTTP.
struct ApiResponse {
    status: u16,
    body: Json,
    problem: bool,
    headers: Vec<(&'static str, String)>,
    /// Whether the body is a list of objects, one a line.
    lines: bool,
    /// Whether it is of v1.1.
    old: bool,
    /// What is still to come.
    live: Option<mpsc::Receiver<Sent>>,
    access: Option<String>,
    dialect: Dialect,
    note: Note,
}

fn respond(shared: &Shared, head: &http::request::Parts, body: &[u8]) -> Response<Body> {
    let started = Instant::now();
    let method = head.method.as_str();
    let path = head.uri.path();
    if method == "GET" && path == "/" {
        return page(shared);
    }
    if let Some(name) = path.strip_prefix("/video/").filter(|_| method == "GET") {
        // What the file is does not matter, as long as it is always the same.
        return bare(200, Some("video/mp4"), name.repeat(100_000));
    }
    if let Some(page) = visit(shared, head, body) {
        return page;
    }
    let Some((meta, handler)) = by_route(method, path).and_then(|meta| Some((meta, find(meta)?))) else {
        return unknown(path);
    };
    let said = decide(shared, meta, handler, head, body);
    to_http(said, shared, head, started)
}

/// What a header says, or nothing.
fn header(head: &http::request::Parts, name: http::header::HeaderName) -> &str {
    head.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// A request, as far as its proof depends on it. `url` is made by [`whole_url`].
fn signed<'r>(head: &'r http::request::Parts, url: &'r str, body: &'r [u8]) -> Signed<'r> {
    Signed {
        method: head.method.as_str(),
        url,
        content_type: header(head, CONTENT_TYPE),
        body,
        authorization: header(head, http::header::AUTHORIZATION),
    }
}

fn whole_url(head: &http::request::Parts) -> String {
    format!("http://{}{}", header(head, http::header::HOST), head.uri)
}

/// The answer of the pages and addresses for logging in, if this is one of theirs.
fn visit(shared: &Shared, head: &http::request::Parts, body: &[u8]) -> Option<Response<Body>> {
    let url = whole_url(head);
    let request = signed(head, &url, body);
    let form = if is_form(request.content_type) { String::from_utf8_lossy(body) } else { "".into() };
    let given = login::pairs(head.uri.query().unwrap_or_default(), &form);
    let now = shared.clock.now();
    let state = &mut *shared.lock();
    let visit =
        LoginRequest { world: &mut state.world, nonces: &mut state.nonces, now, request, path: head.uri.path(), given };
    let json = "application/json; charset=utf-8";
    Some(match login::serve(visit)? {
        Page::Json(status, body) => bare(status, Some(json), body.to_string()),
        Page::Form(text) => bare(200, Some("text/html; charset=utf-8"), text),
        Page::Html(status, text) => bare(status, Some("text/html; charset=utf-8"), text),
        Page::Redirect(to) => {
            let mut response = bare(302, None, Bytes::new());
            if let Ok(to) = HeaderValue::from_str(&to) {
                response.headers_mut().insert(http::header::LOCATION, to);
            }
            response
        }
    })
}

/// A response with nothing but this.
fn bare(status: u16, content_type: Option<&'static str>, body: impl Into<Bytes>) -> Response<Body> {
    let mut response = Response::new(Body::whole(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let Some(content_type) = content_type {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    response
}

/// A route that there is not: v1.1 says so in a body, v2 in nothing but the status.
fn unknown(path: &str) -> Response<Body> {
    if !path.starts_with("/1.1/") {
        return bare(404, None, Bytes::new());
    }
    let body = json!({"errors": [{"code": 34, "message": "Sorry, that page does not exist."}]});
    bare(404, Some("application/json; charset=utf-8"), body.to_string())
}

fn decide(
    shared: &Shared,
    meta: &'static Endpoint,
    handler: Handler,
    head: &http::request::Parts,
    body: &[u8],
) -> ApiResponse {
    let now = shared.clock.now();
    let state = &mut *shared.lock();
    let mut said = ApiResponse {
        status: 200,
        body: Json::Null,
        problem: false,
        headers: Vec::new(),
        access: None,
        dialect: Dialect::default(),
        lines: false,
        old: meta.is_v1(),
        live: None,
        note: Note::default(),
    };
    let mut cost = 0;
    let result = admit(state, shared.limited, meta, head, body, now, &mut said).and_then(|(identity, call)| {
        if head.uri.query().is_some_and(|query| query.contains("post.fields") || query.contains("referenced_posts")) {
            said.dialect = Dialect::Post;
        }
        let live = Hub::is_live(&call);
        if live {
            state.hub.admit(&call, &identity, now)?;
        }
        let hub = &mut state.hub;
        let done =
            handler(&mut RequestContext { world: &mut state.world, call: &call, identity: &identity, now, hub })?;
        if live {
            said.live = state.hub.open(&call, &identity, said.dialect, now);
        }
        if !meta.is_read() {
            side_effects::emit(state, &call, identity.user, &done.1, now)?;
        }
        let mut done = done;
        if meta.id == "v1.rate_limit_status" {
            state.limits.report(identity.app, identity.user, now, &mut done.1);
        }
        cost = state.bill.charge(&call, meta, identity.user, &done.1, now).micros();
        Ok(done)
    });
    match result {
        Ok((status, body)) => {
            said.note.cost = cost;
            said.note.made =
                body["data"]["id"].as_str().or(body["id_str"].as_str()).filter(|_| !meta.is_read()).map(str::to_owned);
            if let Some(event) = body["data"]["dm_event_id"].as_str() {
                // X puts quotes around the id.
                said.headers.push(("location", format!("https://api.twitter.com/2/dm_events/\"{event}\"")));
            }
            (said.status, said.body, said.lines) = (status, body, meta.streaming);
        }
        Err(refusal) => {
            let proof = header(head, AUTHORIZATION);
            let signed = !proof.is_empty()
                || head.uri.query().is_some_and(|query| query.contains("oauth_signature="))
                || (is_form(header(head, CONTENT_TYPE)) && body.windows(16).any(|bytes| bytes == b"oauth_signature="));
            let bearer = proof.starts_with("Bearer ");
            let refusal = if meta.is_v1() { refusal.in_old_form(bearer, signed) } else { refusal };
            (said.status, said.body, said.problem) = (refusal.status, refusal.body, refusal.before_routing);
        }
    }
    said
}

/// Proof, permission, limits and parameters, in this order.
fn admit(
    state: &mut State,
    limited: bool,
    meta: &'static Endpoint,
    head: &http::request::Parts,
    body: &[u8],
    now: Timestamp,
    said: &mut ApiResponse,
) -> Result<(Identity, Call), ApiError> {
    let url = whole_url(head);
    let signed = signed(head, &url, body);
    let content_type = signed.content_type;
    let identity = match identify(&state.world.db, &mut state.nonces, now, &signed) {
        Err(_) if meta.auth.is_empty() => Identity::nobody(),
        known => known?,
    };
    said.access = Some(identity.access.clone());
    said.note.user = identity.user;
    if !meta.auth.is_empty() {
        allow(&identity, meta)?;
    }
    if limited {
        let user = if identity.kind == AuthKind::AppOnly { None } else { identity.user };
        let verdict = state.limits.take(meta, identity.app, user, now);
        said.headers = verdict.headers;
        if !verdict.allowed {
            return Err(ApiError::too_many());
        }
    }
    state.bill.admit(meta)?;
    let query = head.uri.query().unwrap_or_default();
    let call = Call::from_http(meta, head.uri.path(), query, content_type, body)
        .map_err(|bad| ApiError::invalid(bad.into_iter().map(|b| (b.name, b.sent, b.message))))?;
    Ok((identity, call))
}

fn to_http(mut said: ApiResponse, shared: &Shared, head: &http::request::Parts, started: Instant) -> Response<Body> {
    said.dialect.rewrite(&mut said.body);
    let mut body = match &said.body {
        // The old API says nothing where there is nothing to say.
        Json::Null if said.old => String::new(),
        Json::Array(items) if said.lines => items.iter().map(|item| format!("{item}\r\n")).collect::<String>(),
        whole => whole.to_string(),
    }
    .into_bytes();
    let mut headers = HeaderMap::new();
    let mut set = |name: &'static str, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    };
    let media_type = if said.problem { "application/problem+json" } else { "application/json; charset=utf-8" };
    set("content-type", media_type.to_owned());
    set("content-disposition", "attachment; filename=json.json".to_owned());
    set("api-version", "2.167".to_owned());
    set("cache-control", "no-cache, no-store, max-age=0".to_owned());
    set("x-response-time", started.elapsed().as_millis().to_string());
    set("x-transaction-id", transaction());
    set("server", "chirrup-sandbox".to_owned());
    set(DATE.as_str(), shared.clock.now().to_http_date());
    if let Some(access) = said.access {
        set("x-access-level", access);
    }
    for (name, value) in said.headers {
        set(name, value);
    }
    let accepts = head.headers.get("accept-encoding").is_some_and(|v| v.to_str().is_ok_and(|v| v.contains("gzip")));
    if accepts && body.len() >= COMPRESS_FROM && said.live.is_none() {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        if let Ok(compressed) = gzip.write_all(&body).and_then(|()| gzip.finish()) {
            body = compressed;
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
    }
    let body = match said.live {
        Some(receiver) => {
            if accepts {
                headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            }
            Body::live(body, receiver, accepts)
        }
        None => Body::whole(body),
    };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(said.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    *response.headers_mut() = headers;
    response.extensions_mut().insert(said.note);
    response
}

/// A number by which a request can be found again.
fn transaction() -> String {
    let mut bytes = [0; 8];
    // Without randomness it is all zeros, which harms nobody.
    let _ = getrandom::fill(&mut bytes);
    hex(&bytes)
}

/// The page at the root: what this is, and what it serves.
fn page(shared: &Shared) -> Response<Body> {
    let count = |table: &str| -> i64 {
        let text = format!("SELECT count(*) FROM {table}");
        shared.lock().world.db.query_row(&text, [], |row| row.get(0)).unwrap_or_default()
    };
    let mut rows = String::new();
    for meta in chirrup_api::all() {
        let doc = meta.doc.lines().next().unwrap_or_default().trim();
        let _ = write!(rows, "<tr><td>{}<td><code>{}</code><td>{}<td>{doc}", meta.method, meta.path, meta.id);
    }
    let html = include_str!("page/index.html")
        .replace("{users}", &count("user").to_string())
        .replace("{posts}", &count("post").to_string())
        .replace("{rows}", &rows);
    bare(200, Some("text/html; charset=utf-8"), html)
}
