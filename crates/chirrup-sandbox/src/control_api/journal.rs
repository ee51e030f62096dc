//! Routes of the request journal: query, wait and follow.

use std::sync::{Arc, Weak};
use std::time::Duration;

use chirrup_auth::AuthKind;
use chirrup_auth::oauth1::is_form;
use http::HeaderMap;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName};
use serde_json::{Value as Json, json};
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::redaction;
use super::request::{ControlError, ControlRequest, Reply};
use crate::access::auth::signature_base_string;
use crate::control::exchange::Exchange;
use crate::control::journal::JournalEntry;
use crate::state::{Shared, State};
use crate::streams::chunk::StreamChunk;

/// Number of entries in a reply by default, and of chunks that wait for a follower.
const DEFAULT_LIMIT: usize = 100;
/// Time between two comments that show that a stream of events is alive.
const COMMENT_INTERVAL: Duration = Duration::from_secs(15);

/// Requests that a query selects.
#[derive(Debug)]
struct Filter {
    endpoint: Option<String>,
    method: Option<String>,
    path: Option<String>,
    status: Option<u16>,
    user: Option<u64>,
    after: u64,
}

impl Filter {
    fn of(request: &ControlRequest<'_>) -> Result<Self, ControlError> {
        let user = match request.query("user") {
            Some(name) => Some(request.user(&name)?),
            None => None,
        };
        Ok(Self {
            endpoint: request.query("endpoint"),
            method: request.query("method"),
            path: request.query("path"),
            status: request.number("status")?,
            user,
            after: request.number("after")?.unwrap_or(0),
        })
    }

    fn selects(&self, entry: &JournalEntry) -> bool {
        let is_path = |wanted: &String| match wanted.strip_suffix('*') {
            Some(start) => entry.path.starts_with(start),
            None => entry.path == *wanted,
        };
        self.endpoint.as_deref().is_none_or(|wanted| entry.endpoint == Some(wanted))
            && self.method.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(&entry.method))
            && self.path.as_ref().is_none_or(is_path)
            && self.status.is_none_or(|wanted| entry.status == Some(wanted))
            && self.user.is_none_or(|wanted| entry.user.map(chirrup_model::UserId::get) == Some(wanted))
    }
}

/// Returns the entries that a query selects: `GET journal`.
pub(super) fn list(request: &ControlRequest<'_>) -> Result<Reply, ControlError> {
    let filter = Filter::of(request)?;
    let limit = request.number("limit")?.unwrap_or(DEFAULT_LIMIT);
    let has_details = request.query("details").is_some_and(|value| value != "false");
    let state = request.world.lock();
    let selected = state.journal.entries_after(filter.after).filter(|entry| filter.selects(entry));
    let mut latest: Vec<&JournalEntry> = selected.rev().take(limit).collect();
    latest.reverse();
    let entries: Vec<Json> = latest
        .into_iter()
        .map(|entry| if has_details { details(&state, entry) } else { summary(&state, entry) })
        .collect();
    Ok(Reply::json(&json!({"entries": entries, "last": state.journal.last_number()})))
}

/// Returns the request with a number: `GET journal/NUMBER`.
pub(super) fn entry(request: &ControlRequest<'_>, number: &str) -> Result<Reply, ControlError> {
    let wanted: u64 = number.parse().map_err(|_| ControlError::missing("request", number))?;
    let state = request.world.lock();
    let found = state.journal.entries_after(wanted.saturating_sub(1)).next().filter(|entry| entry.number == wanted);
    found.map(|entry| Reply::json(&details(&state, entry))).ok_or_else(|| ControlError::missing("request", number))
}

/// Waits for a request that a query selects: `GET journal/wait`.
pub(super) async fn wait(request: &ControlRequest<'_>) -> Result<Reply, ControlError> {
    let mut filter = Filter::of(request)?;
    let deadline = Instant::now() + request.timeout()?;
    let mut added = request.world.lock().journal.subscribe();
    loop {
        {
            let state = request.world.lock();
            if let Some(found) = state.journal.entries_after(filter.after).find(|entry| filter.selects(entry)) {
                return Ok(Reply::json(&details(&state, found)));
            }
            filter.after = filter.after.max(state.journal.last_number());
        }
        if !matches!(tokio::time::timeout_at(deadline, added.changed()).await, Ok(Ok(()))) {
            return Err(ControlError::new(408, "no request that the query selects arrived in time"));
        }
    }
}

/// Sends each new request as an event: `GET journal/live`.
pub(super) fn live(request: &ControlRequest<'_>) -> Result<Reply, ControlError> {
    let filter = Filter::of(request)?;
    let (sender, events) = mpsc::channel(DEFAULT_LIMIT);
    tokio::spawn(follow(Arc::downgrade(request.world), filter, sender));
    Ok(Reply::Events(events))
}

/// Sends new entries until the client has left or the world is removed.
async fn follow(world: Weak<Shared>, mut filter: Filter, events: mpsc::Sender<StreamChunk>) {
    let Some(mut added) = world.upgrade().map(|world| {
        let state = world.lock();
        filter.after = filter.after.max(state.journal.last_number());
        state.journal.subscribe()
    }) else {
        return;
    };
    loop {
        let text = match tokio::time::timeout(COMMENT_INTERVAL, added.changed()).await {
            Err(_) => ": alive\n\n".to_owned(),
            Ok(Err(_)) => return,
            Ok(Ok(())) => {
                let Some(world) = world.upgrade() else { return };
                new_events(&world, &mut filter)
            }
        };
        if !text.is_empty() && events.send(StreamChunk::Data(text.into())).await.is_err() {
            return;
        }
    }
}

/// Returns the events for the entries after those that the filter has passed.
fn new_events(world: &Shared, filter: &mut Filter) -> String {
    let state = world.lock();
    let selected = state.journal.entries_after(filter.after).filter(|entry| filter.selects(entry));
    let text = selected.map(|entry| format!("id: {}\ndata: {}\n\n", entry.number, summary(&state, entry))).collect();
    filter.after = state.journal.last_number();
    text
}

/// Removes all entries: `DELETE journal`.
pub(super) fn clear(request: &ControlRequest<'_>) -> Reply {
    request.world.lock().journal.clear();
    Reply::empty()
}

/// Returns an entry without headers and bodies.
fn summary(state: &State, entry: &JournalEntry) -> Json {
    let exchange = state.journal.exchange(entry.number);
    let exchange = exchange.as_deref();
    let query = exchange.and_then(|exchange| exchange.url.split_once('?')).map(|(_, query)| redaction::form(query));
    let username = entry.user.and_then(|user| state.world.username(user.get()).ok().flatten());
    json!({
        "number": entry.number, "at": entry.at, "method": entry.method, "path": entry.path, "query": query,
        "endpoint": entry.endpoint, "auth": exchange.and_then(|exchange| exchange.auth).map(auth_name),
        "user": entry.user, "username": username, "status": entry.status, "created_id": entry.created_id,
        "fault": entry.fault, "response_intact": entry.response_intact, "cost": entry.cost.to_string(),
        "rate_limit": exchange.and_then(|exchange| rate_limit(&exchange.response_headers.to_map())),
    })
}

/// Returns an entry with everything that is known about it.
fn details(state: &State, entry: &JournalEntry) -> Json {
    let mut json = summary(state, entry);
    let Some(exchange) = state.journal.exchange(entry.number) else { return json };
    let headers = exchange.headers.to_map();
    let has_form = is_form(header(&headers, CONTENT_TYPE));
    let authorization = header(&headers, AUTHORIZATION);
    json["signature_base_string"] = base_string(entry, &exchange, authorization, has_form).into();
    json["request_headers"] = json!(redaction::headers(&headers));
    json["request_body"] = redaction::body(&entry.path, has_form, &exchange.body).into();
    json["response_headers"] = json!(redaction::headers(&exchange.response_headers.to_map()));
    json["response_body"] = redaction::body(&entry.path, false, &exchange.response_body).into();
    json
}

/// Returns the text that the OAuth 1.0a signature of a request signs, unless its form was too large to keep.
fn base_string(entry: &JournalEntry, exchange: &Exchange, authorization: &str, has_form: bool) -> Option<String> {
    let form = if has_form { String::from_utf8_lossy(&exchange.body) } else { "".into() };
    let is_whole = !has_form || exchange.has_whole_body;
    is_whole.then(|| signature_base_string(&entry.method, &exchange.url, authorization, &form)).flatten()
}

fn header(headers: &HeaderMap, name: HeaderName) -> &str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn auth_name(kind: AuthKind) -> &'static str {
    match kind {
        AuthKind::AppOnly => "app_only",
        AuthKind::OAuth2 => "oauth2",
        AuthKind::OAuth1 => "oauth1",
    }
}

/// Returns the state of the rate limit in the headers of a response.
fn rate_limit(headers: &HeaderMap) -> Option<Json> {
    let number = |name: &'static str| header(headers, HeaderName::from_static(name)).parse::<i64>().ok();
    let limit = number("x-rate-limit-limit")?;
    Some(json!({"limit": limit, "remaining": number("x-rate-limit-remaining"), "reset": number("x-rate-limit-reset")}))
}
