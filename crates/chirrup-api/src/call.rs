//! A call as data, and its conversion into HTTP.

pub(crate) mod headers;
pub(crate) mod multipart;
pub(crate) mod read;

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
use chirrup_auth::oauth1::{encode_into, form_pairs};
use chirrup_auth::{AuthKind, Secret, hex};
use chirrup_model::{Dialect, Violation};
use http::HeaderMap;
use serde_json::{Map, Value as Json};
use sha2::{Digest as _, Sha256};

use crate::endpoint::idempotency::Idempotency;
use crate::endpoint::{Endpoint, ParamLocation};

/// The credential that a call uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum AuthMode {
    /// A credential that the endpoint accepts and the client has; a user's before the app's.
    #[default]
    Auto,
    /// The credential of the app.
    App,
    /// A credential of a user.
    User,
    /// No credential: the request is unauthenticated.
    None,
}

/// The value of a parameter.
#[derive(Debug, Clone, PartialEq)]
struct Given {
    name: Cow<'static, str>,
    location: ParamLocation,
    value: Json,
}

/// A call as data: an endpoint and the values of its parameters.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Call {
    /// Entry of the endpoint in the table; `None` for other routes.
    pub endpoint: Option<&'static Endpoint>,
    /// HTTP method of the call.
    pub method: Cow<'static, str>,
    /// Path with placeholders, `{id}` or `:id`.
    pub path: Cow<'static, str>,
    /// Base URL, such as `https://upload.x.com`, if it is not that of the client.
    pub host: Option<String>,
    /// Credential to use for the call.
    pub auth_mode: AuthMode,
    /// Timeout of one attempt. The default is that of the transport.
    pub timeout: Option<Duration>,
    /// Whether the values are checked against the table. Those of raw calls are not: the API may be newer than the table.
    pub checked: bool,
    given: Vec<Given>,
    body: Option<Json>,
    /// Names of the parameters that are files, and their contents.
    files: Vec<(Cow<'static, str>, Bytes)>,
    headers: HeaderMap,
    invalid: Option<(String, String)>,
    /// Kind of the credential that the call was sent with, for the explanation of a refusal.
    pub(crate) sent_with: Option<AuthKind>,
}

/// A parameter without a valid value, and why.
#[derive(Debug)]
pub(crate) struct InvalidArgument {
    pub(crate) name: String,
    pub(crate) reason: String,
}

impl InvalidArgument {
    fn new(name: &str, reason: &str) -> Self {
        Self { name: name.to_owned(), reason: reason.to_owned() }
    }
}

/// A call in the form of an HTTP request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct HttpParts {
    /// Path and query of the URL.
    pub target: String,
    /// Length of the path, which the query follows.
    path_len: usize,
    /// Content type of the body; `None` without a body.
    pub content_type: Option<Cow<'static, str>>,
    /// Body of the request, which may be empty.
    pub body: Bytes,
}

impl HttpParts {
    /// Returns the percent-encoded path without the query.
    pub fn path(&self) -> &str {
        self.target.get(..self.path_len).unwrap_or(&self.target)
    }
}

const JSON: &str = "application/json";
const OCTETS: &str = "application/octet-stream";
const FORM: &str = "application/x-www-form-urlencoded";

impl Call {
    /// Creates a call of an endpoint, without parameters.
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
            files: Vec::new(),
            headers: HeaderMap::new(),
            invalid: None,
            sent_with: None,
        }
    }

    /// Returns a hexadecimal hash that is the same for calls with the same method, route, values and body.
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
        for (_, file) in &self.files {
            digest.update(file);
        }
        hex(&digest.finalize())
    }

    /// Returns the effect of sending the call twice.
    pub fn idempotency(&self) -> Idempotency {
        self.endpoint.map_or_else(|| Idempotency::of_method(&self.method), Endpoint::idempotency)
    }

    /// Sets the value of a parameter and replaces an earlier one; null leaves the parameter out. An invalid value fails the
    /// call before it is sent.
    pub fn set(&mut self, name: impl Into<Cow<'static, str>>, location: ParamLocation, value: Result<Json, String>) {
        let name = name.into();
        match value {
            Ok(value) => {
                self.given.retain(|old| old.name != name || old.location != location);
                if !value.is_null() {
                    self.given.push(Given { name, location, value });
                }
            }
            Err(why) => self.invalid = Some((name.into_owned(), why)),
        }
    }

    /// Adds a header to the request, in addition to those of the client, and replaces an earlier one of its name. A header
    /// that the client sets itself, such as `Authorization`, fails the call before it is sent.
    pub fn set_header(&mut self, name: &str, value: impl Into<Secret>) {
        if let Err(why) = headers::add_header(&mut self.headers, name, &value.into()) {
            self.invalid = Some((name.chars().take(60).collect(), why.to_owned()));
        }
    }

    /// Returns the headers that the call adds to those of the client.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Removes the value of a parameter.
    pub fn unset(&mut self, name: &str) {
        self.given.retain(|given| given.name != name);
    }

    /// Returns the value of a parameter, whatever its location.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.given.iter().find(|given| given.name == name).map(|given| &given.value)
    }

    /// Returns the value of a parameter, if it is a text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Json::as_str)
    }

    /// Returns the values of a list parameter, which may be none.
    pub fn list(&self, name: &str) -> impl Iterator<Item = &str> {
        let items = self.get(name).and_then(Json::as_array);
        items.into_iter().flatten().filter_map(Json::as_str)
    }

    /// Returns the value of a parameter, if it is an integer.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.get(name).and_then(Json::as_i64)
    }

    /// Returns whether a parameter or a part of it is set: `reply.in_reply_to_tweet_id` is a part of `reply`.
    pub(crate) fn has(&self, name: &str) -> bool {
        let body = self.body.as_ref().is_some_and(|body| !body[name].is_null());
        let is = |given: &str| given.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        body || self.given.iter().any(|given| is(&given.name))
    }

    /// Sets a parameter to the content of a file, which makes the body `multipart/form-data`.
    pub fn set_file(&mut self, name: impl Into<Cow<'static, str>>, file: Bytes) {
        let name = name.into();
        self.files.retain(|(old, _)| *old != name);
        self.files.push((name, file));
    }

    /// Returns the content of the first file, if there is one.
    pub fn file(&self) -> Option<&Bytes> {
        self.files.first().map(|(_, file)| file)
    }

    /// Returns a text of the whole JSON body.
    pub(crate) fn body_text(&self, name: &str) -> Option<&str> {
        self.body.as_ref()?[name].as_str()
    }

    fn is_file(&self, name: &str) -> bool {
        self.files.iter().any(|(file, _)| file == name)
    }

    /// Sets the whole JSON body. Null stands for no body.
    pub fn set_body(&mut self, body: Json) {
        self.body = Some(body).filter(|body| !body.is_null());
    }

    /// Returns the whole JSON body, if it was set as such.
    pub(crate) fn body(&self) -> Option<&Json> {
        self.body.as_ref()
    }

    /// Returns whether the call has a body that is not made of parameters.
    pub(crate) fn has_content(&self) -> bool {
        self.body.is_some() || !self.files.is_empty()
    }

    /// Marks a call with a JSON body and another one as invalid.
    pub(crate) fn refuse_two_bodies(&mut self) {
        let has_form = self.given.iter().any(|given| given.location == ParamLocation::Form);
        if self.body.is_some() && (has_form || !self.files.is_empty()) {
            let why = "cannot be combined with form fields or files: a request has one body";
            self.invalid = Some(("json".to_owned(), why.to_owned()));
        }
    }

    /// Moves the query of a call into a form, as a call of another endpoint.
    pub(crate) fn move_query_to_form(&mut self, endpoint: &'static Endpoint) {
        (self.endpoint, self.method) = (Some(endpoint), endpoint.method.into());
        for given in self.given.iter_mut().filter(|given| given.location == ParamLocation::Query) {
            given.location = ParamLocation::Form;
        }
    }

    /// Returns the length of the values in the query, not encoded.
    pub(crate) fn query_len(&self) -> usize {
        self.given
            .iter()
            .filter(|given| given.location == ParamLocation::Query)
            .map(|g| wire_text(&g.value).len())
            .sum()
    }

    /// Returns whether the path has a placeholder with this name.
    pub(crate) fn has_placeholder(&self, name: &str) -> bool {
        self.path.split(['/', '?', '.']).any(|segment| placeholder(segment) == Some(name))
    }

    /// Returns the path parameter for the ID of the authenticated user, if the path has a placeholder for it and it is not
    /// set yet.
    pub(crate) fn missing_user_id(&self) -> Option<&'static str> {
        let param = self.endpoint?.params().find(|param| param.me)?;
        let is_missing = self.get(param.name).is_none() && self.has_placeholder(param.name);
        is_missing.then_some(param.name)
    }

    /// Checks all values against the table, and returns the first that is missing or invalid.
    pub(crate) fn find_invalid(&self) -> Result<(), InvalidArgument> {
        if let Some((name, why)) = &self.invalid {
            return Err(InvalidArgument::new(name, why));
        }
        let Some(endpoint) = self.endpoint.filter(|_| self.checked) else {
            return Ok(());
        };
        for param in endpoint.params() {
            match self.get(param.name) {
                Some(value) => param
                    .kind
                    .check_with_unknown_words(value)
                    .map_err(|violation| InvalidArgument::new(param.name, &describe(&violation)))?,
                None if self.is_file(param.name) => {}
                None if param.required && self.body.is_none() => {
                    return Err(InvalidArgument::new(param.name, "is required"));
                }
                None => {}
            }
        }
        let ids = self.get("since_id").or_else(|| self.get("until_id"));
        let times = self.get("start_time").or_else(|| self.get("end_time"));
        if ids.is_some() && times.is_some() {
            let why = "cannot be combined with `start_time` or `end_time`";
            return Err(InvalidArgument::new("since_id", why));
        }
        Ok(())
    }

    /// Converts the call into HTTP, with the names of the dialect. Fails if a path parameter has no value.
    pub(crate) fn to_parts(&self, dialect: Dialect) -> Result<HttpParts, InvalidArgument> {
        let mut target = self.filled_path()?;
        let path_len = target.find('?').unwrap_or(target.len());
        let mut separator = if path_len < target.len() { '&' } else { '?' };
        for (name, value) in self.given_query(dialect) {
            target.push(separator);
            separator = '&';
            encode_into(&mut target, name);
            target.push('=');
            encode_into(&mut target, &value);
        }
        let (content_type, body) = self.to_body();
        Ok(HttpParts { target, path_len, content_type, body })
    }

    /// Names and values of the query that were given as parameters, not encoded.
    fn given_query(&self, dialect: Dialect) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
        self.given.iter().filter(|given| given.location == ParamLocation::Query).map(move |given| {
            let text = wire_text(&given.value);
            let text = if is_field_list(&given.name) { dialect.names(&text).into_owned().into() } else { text };
            (dialect.name(&given.name), text)
        })
    }

    /// Returns the names and values of the query, not encoded. The path of a raw call may contain some of them.
    pub(crate) fn query_pairs(&self, dialect: Dialect) -> Vec<(Cow<'_, str>, Cow<'_, str>)> {
        let in_path = self.path.split_once('?').map_or("", |(_, query)| query);
        let given = self.given_query(dialect).map(|(name, value)| (Cow::Borrowed(name), value));
        form_pairs(in_path).chain(given).collect()
    }

    fn filled_path(&self) -> Result<String, InvalidArgument> {
        let mut target = String::with_capacity(self.path.len() + 128);
        for segment in self.path.split('/').skip(usize::from(self.path.starts_with('/'))) {
            target.push('/');
            let (stem, ending) = match segment.strip_suffix(".json") {
                Some(stem) => (stem, ".json"),
                None => (segment, ""),
            };
            match placeholder(stem) {
                Some(name) => match self.given.iter().find(|g| g.location == ParamLocation::Path && g.name == name) {
                    Some(given) => encode_into(&mut target, &wire_text(&given.value)),
                    None => return Err(InvalidArgument::new(name, "is required in the path")),
                },
                None => target.push_str(stem),
            }
            target.push_str(ending);
        }
        Ok(target)
    }

    pub(crate) fn to_body(&self) -> (Option<Cow<'static, str>>, Bytes) {
        let of = |location| self.given.iter().filter(move |given| given.location == location);
        if !self.files.is_empty() {
            let fields =
                self.given.iter().filter(|given| matches!(given.location, ParamLocation::Body | ParamLocation::Form));
            let fields: Vec<_> = fields.map(|given| (&*given.name, wire_text(&given.value))).collect();
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, &**value)).collect();
            let (content_type, body) = multipart::write(&fields, &self.files);
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

/// Returns the name of a placeholder, `{id}` or `:id`.
fn placeholder(segment: &str) -> Option<&str> {
    let braced = segment.strip_prefix('{').and_then(|s| s.strip_suffix('}'));
    braced.or_else(|| segment.strip_prefix(':'))
}

fn describe(violation: &Violation) -> String {
    let at = if violation.at.is_empty() { String::new() } else { format!("at `{}`: ", violation.at) };
    let value = if violation.given.is_empty() { String::new() } else { format!("; the value is {}", violation.given) };
    format!("{at}{}{value}", violation.rule)
}

/// Returns whether a parameter lists fields or expansions, whose names differ between the dialects.
fn is_field_list(name: &str) -> bool {
    name == "expansions" || name.ends_with(".fields")
}

/// Returns a value as text for a path, a query or a form: lists are joined with commas.
pub(crate) fn wire_text(value: &Json) -> Cow<'_, str> {
    match value {
        Json::String(text) => Cow::Borrowed(text),
        Json::Array(items) => {
            Cow::Owned(items.iter().filter(|item| !item.is_null()).map(wire_text).collect::<Vec<_>>().join(","))
        }
        other => Cow::Owned(other.to_string()),
    }
}
