//! Request to the control API, its reply and its errors.

use std::fmt::Display;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chirrup_auth::Secret;
use chirrup_auth::oauth1::form_pairs;
use http::Response;
use http::header::{AUTHORIZATION, HeaderName};
use http::request::Parts;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};
use tokio::sync::mpsc;

use crate::response::http::{JSON, simple_response};
use crate::server::body::Body;
use crate::state::Shared;
use crate::streams::chunk::StreamChunk;
use crate::worlds::Worlds;

/// Beginning of all paths of the control API.
pub(super) const PATH: &str = "/_chirrup/";

/// Header with the token of the control API, besides `Authorization`.
const TOKEN_HEADER: HeaderName = HeaderName::from_static("x-chirrup-token");
/// Time that a request waits by default, and at most.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(5);
const MAX_TIMEOUT: Duration = Duration::from_secs(60);
/// Number of characters of outside input that a message quotes.
const MAX_QUOTED: usize = 60;

/// Request to the control API of a world.
pub(super) struct ControlRequest<'r> {
    pub(super) worlds: &'r Worlds,
    pub(super) world: &'r Arc<Shared>,
    /// Name of the world; `None` is the default world.
    pub(super) world_name: Option<&'r str>,
    pub(super) head: Parts,
    pub(super) body: Bytes,
}

impl<'r> ControlRequest<'r> {
    pub(super) fn new(
        worlds: &'r Worlds,
        world: &'r Arc<Shared>,
        world_name: Option<&'r str>,
        head: Parts,
        body: Bytes,
    ) -> Self {
        Self { worlds, world, world_name, head, body }
    }

    pub(super) fn method(&self) -> &str {
        self.head.method.as_str()
    }

    pub(super) fn path(&self) -> &str {
        self.head.uri.path()
    }

    /// Returns the segments of the path below that of the control API.
    pub(super) fn segments(&self) -> Vec<&str> {
        self.path().strip_prefix(PATH).unwrap_or_default().trim_end_matches('/').split('/').collect()
    }

    /// Returns the value of a parameter of the query.
    pub(super) fn query(&self, name: &str) -> Option<String> {
        let pairs = form_pairs(self.head.uri.query().unwrap_or_default());
        pairs.filter(|(found, _)| found == name).map(|(_, value)| value.into_owned()).next()
    }

    /// Returns a number of the query.
    ///
    /// # Errors
    /// If the parameter is not a number.
    pub(super) fn number<T: FromStr>(&self, name: &str) -> Result<Option<T>, ControlError> {
        let parse = |value: String| {
            value
                .parse()
                .map_err(|_| ControlError::invalid(format!("the parameter `{name}` is not a number in its range")))
        };
        self.query(name).map(parse).transpose()
    }

    /// Returns the time to wait that the query names.
    ///
    /// # Errors
    /// If it is longer than a minute.
    pub(super) fn timeout(&self) -> Result<Duration, ControlError> {
        let timeout = self.number("timeout_ms")?.map_or(DEFAULT_TIMEOUT, Duration::from_millis);
        if timeout > MAX_TIMEOUT {
            return Err(ControlError::invalid("`timeout_ms` is more than 60,000"));
        }
        Ok(timeout)
    }

    /// Returns the ID of the user with a username.
    ///
    /// # Errors
    /// With 404 if the world has no such user.
    pub(super) fn user(&self, username: &str) -> Result<u64, ControlError> {
        let found = self.world.lock().world.user_id(username.trim_start_matches('@'))?;
        found.ok_or_else(|| ControlError::missing("user", username))
    }

    /// Returns the body as JSON. An empty body counts as an empty object.
    ///
    /// # Errors
    /// If the body is not what the route reads, with the reason.
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, ControlError> {
        let body: &[u8] = if self.body.is_empty() { b"{}" } else { &self.body };
        serde_json::from_slice(body).map_err(|why| ControlError::invalid(format!("the body is invalid: {why}")))
    }

    /// Checks the token of the control API.
    ///
    /// # Errors
    /// With 401 if it is missing or another.
    pub(super) fn check_token(&self, token: &Secret) -> Result<(), ControlError> {
        let header = |name| self.head.headers.get(name).and_then(|value| value.to_str().ok());
        let sent = header(TOKEN_HEADER).or_else(|| header(AUTHORIZATION)?.strip_prefix("Bearer "));
        if sent.is_some_and(|sent| *token == Secret::from(sent.trim())) {
            return Ok(());
        }
        let message = "the control token is missing or wrong: send the one that `chirrup sandbox` prints at its start, as \
                       `Authorization: Bearer TOKEN` or `X-Chirrup-Token: TOKEN`";
        Err(ControlError::new(401, message))
    }
}

/// Successful reply of the control API.
pub(super) enum Reply {
    Whole(Response<Bytes>),
    /// Response of the API itself.
    Api(Response<Body>),
    /// Server-sent events, until the channel is closed.
    Events(mpsc::Receiver<StreamChunk>),
}

impl Reply {
    /// A reply with JSON.
    pub(super) fn json(json: &Json) -> Self {
        Self::with_status(200, json)
    }

    pub(super) fn with_status(status: u16, json: &Json) -> Self {
        Self::Whole(simple_response(status, Some(JSON), json.to_string()))
    }

    /// A reply without content.
    pub(super) fn empty() -> Self {
        Self::Whole(simple_response(204, None, Bytes::new()))
    }

    pub(super) fn into_response(self) -> Response<Body> {
        match self {
            Self::Whole(response) => response.map(Body::complete),
            Self::Api(response) => response,
            Self::Events(events) => simple_response(200, Some("text/event-stream"), Bytes::new())
                .map(|_| Body::live(b": connected\n\n".to_vec(), events, false)),
        }
    }
}

/// Refusal of the control API: status and message.
#[derive(Debug)]
pub(super) struct ControlError {
    status: u16,
    message: String,
}

impl ControlError {
    pub(super) fn new(status: u16, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }

    /// Refusal of a parameter or body.
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new(400, message)
    }

    /// Refusal because something does not exist.
    pub(super) fn missing(kind: &str, name: impl Display) -> Self {
        let name: String = name.to_string().chars().take(MAX_QUOTED).collect();
        Self::new(404, format!("there is no {kind} `{name}`"))
    }

    /// Refusal to replace the content of a data file.
    pub(super) fn kept_by_file() -> Self {
        let message = "a data file keeps this world, and its content would be lost: use a named world, which starts as a copy of it";
        Self::new(409, message)
    }

    pub(super) fn into_response(self) -> Response<Bytes> {
        let reason = http::StatusCode::from_u16(self.status).ok().and_then(|status| status.canonical_reason());
        let body = json!({"title": reason, "status": self.status, "detail": self.message, "type": "about:blank"});
        simple_response(self.status, Some("application/problem+json"), body.to_string())
    }
}

impl From<rusqlite::Error> for ControlError {
    fn from(why: rusqlite::Error) -> Self {
        Self::new(500, format!("the sandbox's database failed: {why}"))
    }
}
