//! A call: what is sent, received, printed and replayed. One pair of functions turns it into HTTP and back.

mod read;

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
use chirrup_auth::oauth1::encode_into;
use chirrup_auth::{AuthKind, hex};
use chirrup_model::{Dialect, Violation};
use serde_json::{Map, Value as Json};
use sha2::{Digest as _, Sha256};

use crate::endpoint::{Endpoint, ParamLocation};
use crate::error::Error;
use crate::idempotency::Idempotency;
use crate::multipart;

pub use read::InvalidParam;

/// Whose credential a call uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AuthMode {
    /// What the endpoint accepts and the client holds; a user's before the app's.
    #[default]
    Auto,
    /// The app's own.
    App,
    /// A user's.
    User,
    /// None: the call proves nothing.
    None,
}

/// A value in its place.
#[derive(Debug, Clone, PartialEq)]
struct Given {
    name: Cow<'static, str>,
    location: ParamLocation,
    value: Json,
}

/// A call, not yet sent.
#[derive(Debug, Clone)]
pub struct Call {
    /// The entry in the table; none for a route that the table does not know.
    pub endpoint: Option<&'static Endpoint>,
    /// The HTTP method.
    pub method: Cow<'static, str>,
    /// The path with its holes, `{id}` or `:id`.
    pub path: Cow<'static, str>,
    /// Another base address than the client's, such as `https://upload.x.com`.
    pub host: Option<String>,
    /// Whose credential to use.
    pub auth_mode: AuthMode,
    /// How long the whole call may take; the transport's own limit if not given.
    pub timeout: Option<Duration>,
    /// Whether the values are held against the table; raw calls are not, since the table may be older than the API.
    pub checked: bool,
    given: Vec<Given>,
    body: Option<Json>,
    /// A file, by the name of its parameter.
    file: Option<(&'static str, Bytes)>,
    broken: Option<(String, String)>,
    /// With which kind of credential it was sent, for what is said of a refusal.
    pub(crate) sent_with: Option<AuthKind>,
}

/// A call as HTTP has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpParts {
    /// The path, filled, and the query.
    pub target: String,
    /// The media type of the body; none if there is no body.
    pub content_type: Option<Cow<'static, str>>,
    /// The body.
    pub body: Bytes,
}

const JSON: &str = "application/json";
const OCTETS: &str = "application/octet-stream";
const FORM: &str = "application/x-www-form-urlencoded";

impl Call {
    /// A call of an entry, with nothing given yet.
    pub fn of(endpoint: &'static Endpoint) -> Self {
        Self::route(Some(endpoint), endpoint.method.into(), endpoint.path.into())
    }

    pub(crate) fn route(
        endpoint: Option<&'static Endpoint>,
        method: Cow<'static, str>,
        path: Cow<'static, str>,
    ) -> Self {
        Self {
            endpoint,
            method,
            path,
            host: None,
            auth_mode: AuthMode::Auto,
            timeout: None,
            checked: true,
            given: Vec::new(),
            body: None,
            file: None,
            broken: None,
            sent_with: None,
        }
    }

    /// A number in hexadecimal that two calls share if they ask for the same: method, route, values and body.
    pub fn fingerprint(&self) -> String {
        let mut given: Vec<String> =
            self.given.iter().map(|g| format!("{:?} {}={}", g.location, g.name, g.value)).collect();
        given.sort_unstable();
        let mut digest = Sha256::new();
        let body = self.body.as_ref().map(Json::to_string);
        let texts = [&*self.method, &*self.path, self.host.as_deref().unwrap_or_default()];
        for text in texts.into_iter().chain(given.iter().map(String::as_str)).chain(body.as_deref()) {
            digest.update(text.as_bytes());
            digest.update([0]);
        }
        digest.update(self.file.as_ref().map_or(&b""[..], |(_, file)| file));
        hex(&digest.finalize())
    }

    /// What sending it a second time does.
    pub fn idempotency(&self) -> Idempotency {
        self.endpoint.map_or_else(|| Idempotency::of_method(&self.method), Endpoint::idempotency)
    }

    /// Sets a value; one given before under the same name is replaced. A value that could not be read makes the call
    /// fail before it is sent.
    pub fn set(&mut self, name: impl Into<Cow<'static, str>>, location: ParamLocation, value: Result<Json, String>) {
        let name = name.into();
        match value {
            Ok(value) => {
                self.given.retain(|old| old.name != name || old.location != location);
                self.given.push(Given { name, location, value });
            }
            Err(why) => self.broken = Some((name.into_owned(), why)),
        }
    }

    /// Takes a value away.
    pub fn unset(&mut self, name: &str) {
        self.given.retain(|given| given.name != name);
    }

    /// The value given under this name, wherever it stands.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.given.iter().find(|given| given.name == name).map(|given| &given.value)
    }

    /// The text given under this name.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Json::as_str)
    }

    /// The values of a list given under this name; none if it was not given.
    pub fn list(&self, name: &str) -> impl Iterator<Item = &str> {
        let items = self.get(name).and_then(Json::as_array);
        items.into_iter().flatten().filter_map(Json::as_str)
    }

    /// The whole number given under this name.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.get(name).and_then(Json::as_i64)
    }

    /// Whether something is given under this name, or for a part of it (`reply.in_reply_to_tweet_id` is one of `reply`).
    pub(crate) fn has(&self, name: &str) -> bool {
        let body = self.body.as_ref().is_some_and(|body| !body[name].is_null());
        let is = |given: &str| given.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        body || self.given.iter().any(|given| is(&given.name))
    }

    /// Gives a file as this parameter: the body then has several parts, and the file is sent as it is.
    pub fn set_file(&mut self, name: &'static str, file: Bytes) {
        self.file = Some((name, file));
    }

    /// The file that was given.
    pub fn file(&self) -> Option<&Bytes> {
        self.file.as_ref().map(|(_, file)| file)
    }

    /// Makes this the whole JSON body.
    pub fn set_body(&mut self, body: Json) {
        self.body = Some(body);
    }

    /// The hole that the client fills with the caller's own id, if it is still open.
    pub(crate) fn missing_user_id(&self) -> Option<&'static str> {
        let param = self.endpoint?.params().find(|param| param.me)?;
        if self.get(param.name).is_some() { None } else { Some(param.name) }
    }

    /// Holds every value against its rule.
    ///
    /// # Errors
    /// Names the first parameter that is missing or breaks its rule, the rule, and the value.
    pub fn check(&self) -> Result<(), Error> {
        if let Some((name, why)) = &self.broken {
            return Err(Error::argument(self, name, why));
        }
        let Some(endpoint) = self.endpoint.filter(|_| self.checked) else {
            return Ok(());
        };
        for param in endpoint.params() {
            match self.get(param.name) {
                Some(value) => param
                    .kind
                    .check_with_unknown_words(value)
                    .map_err(|broken| Error::argument(self, param.name, &told(&broken)))?,
                None if self.file.as_ref().is_some_and(|(name, _)| *name == param.name) => {}
                None if param.required && self.body.is_none() => {
                    return Err(Error::argument(self, param.name, "it is required, and nothing was given"));
                }
                None => {}
            }
        }
        let ids = self.get("since_id").or_else(|| self.get("until_id"));
        let times = self.get("start_time").or_else(|| self.get("end_time"));
        if ids.is_some() && times.is_some() {
            let why = "it cannot be used together with `start_time` or `end_time`";
            return Err(Error::argument(self, "since_id", why));
        }
        Ok(())
    }

    /// The call as HTTP, with the names of the dialect.
    ///
    /// # Errors
    /// If a hole of the path is still open.
    pub fn to_http(&self, dialect: Dialect) -> Result<HttpParts, Error> {
        let mut target = self.filled_path()?;
        let mut sign = if target.contains('?') { '&' } else { '?' };
        for given in self.given.iter().filter(|given| given.location == ParamLocation::Query) {
            let text = wire_text(&given.value);
            let text = if is_field_list(&given.name) { dialect.names(&text) } else { Cow::Borrowed(text.as_ref()) };
            target.push(sign);
            sign = '&';
            encode_into(&mut target, dialect.name(&given.name));
            target.push('=');
            encode_into(&mut target, &text);
        }
        let (content_type, body) = self.to_body();
        Ok(HttpParts { target, content_type, body })
    }

    fn filled_path(&self) -> Result<String, Error> {
        let mut target = String::with_capacity(self.path.len() + 128);
        for segment in self.path.split('/').skip(usize::from(self.path.starts_with('/'))) {
            target.push('/');
            let (stem, ending) = match segment.strip_suffix(".json") {
                Some(stem) => (stem, ".json"),
                None => (segment, ""),
            };
            let braced = stem.strip_prefix('{').and_then(|s| s.strip_suffix('}'));
            match braced.or_else(|| stem.strip_prefix(':')) {
                Some(hole) => match self.given.iter().find(|g| g.location == ParamLocation::Path && g.name == hole) {
                    Some(given) => encode_into(&mut target, &wire_text(&given.value)),
                    None => return Err(Error::argument(self, hole, "the path needs it, and nothing was given")),
                },
                None => target.push_str(stem),
            }
            target.push_str(ending);
        }
        Ok(target)
    }

    pub(crate) fn to_body(&self) -> (Option<Cow<'static, str>>, Bytes) {
        let of = |location| self.given.iter().filter(move |given| given.location == location);
        if let Some((name, file)) = &self.file {
            let fields =
                self.given.iter().filter(|given| matches!(given.location, ParamLocation::Body | ParamLocation::Form));
            let fields: Vec<_> = fields.map(|given| (&*given.name, wire_text(&given.value))).collect();
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, &**value)).collect();
            let (content_type, body) = multipart::write(&fields, name, file);
            return (Some(content_type.into()), body);
        }
        if of(ParamLocation::Form).next().is_some() {
            let mut form = String::new();
            for given in of(ParamLocation::Form) {
                if !form.is_empty() {
                    form.push('&');
                }
                encode_into(&mut form, &given.name);
                form.push('=');
                encode_into(&mut form, &wire_text(&given.value));
            }
            return (Some(FORM.into()), form.into());
        }
        if let Some(body) = &self.body {
            return (Some(JSON.into()), body.to_string().into());
        }
        if let Some(param) = self.endpoint.and_then(Endpoint::file_param) {
            let content = self.text(param.name).unwrap_or_default().to_owned();
            return (Some(OCTETS.into()), content.into());
        }
        let members: Map<String, Json> =
            of(ParamLocation::Body).map(|given| (given.name.to_string(), given.value.clone())).collect();
        let takes_body = self.endpoint.is_some_and(|m| m.params().any(|p| p.location == ParamLocation::Body));
        if members.is_empty() && !takes_body {
            return (None, Bytes::new());
        }
        (Some(JSON.into()), Json::Object(members).to_string().into())
    }
}

fn told(broken: &Violation) -> String {
    let at = if broken.at.is_empty() { String::new() } else { format!("at `{}`: ", broken.at) };
    let given = if broken.given.is_empty() { String::new() } else { format!("; given: {}", broken.given) };
    format!("{at}it {}{given}", broken.rule)
}

/// Whether a parameter lists fields or expansions, whose names differ between the dialects.
fn is_field_list(name: &str) -> bool {
    name == "expansions" || name.ends_with(".fields")
}

/// A value as it stands in a path, a query or a form: lists joined by commas, booleans in lower case.
fn wire_text(value: &Json) -> Cow<'_, str> {
    match value {
        Json::String(text) => Cow::Borrowed(text),
        Json::Array(items) => Cow::Owned(items.iter().map(wire_text).collect::<Vec<_>>().join(",")),
        other => Cow::Owned(other.to_string()),
    }
}
