//! A call: what is sent, received, printed and replayed. One pair of functions turns it into HTTP and back.

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
use chirrup_auth::AuthKind;
use chirrup_auth::oauth1::{decode, encode_into, form_pairs, is_form};
use chirrup_model::{Broken, Dialect, Kind};
use serde_json::{Map, Value as Json};

use crate::endpoint::{Meta, Place, match_path};
use crate::error::Error;
use crate::multipart;
use crate::repeat::Repeat;

/// Whose credential a call uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Context {
    /// What the endpoint accepts and the client holds; a user's before the app's.
    #[default]
    Entry,
    /// The app's own.
    App,
    /// A user's.
    User,
    /// None: the call proves nothing.
    Nobody,
}

/// A value in its place.
#[derive(Debug, Clone, PartialEq)]
struct Given {
    name: Cow<'static, str>,
    place: Place,
    value: Json,
}

/// A call, not yet sent.
#[derive(Debug, Clone)]
pub struct Call {
    /// The entry in the table; none for a route that the table does not know.
    pub meta: Option<&'static Meta>,
    /// The HTTP method.
    pub method: Cow<'static, str>,
    /// The path with its holes, `{id}` or `:id`.
    pub path: Cow<'static, str>,
    /// Another base address than the client's, such as `https://upload.x.com`.
    pub host: Option<String>,
    /// Whose credential to use.
    pub context: Context,
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
    pub(crate) used: Option<AuthKind>,
}

/// A call as HTTP has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    /// The path, filled, and the query.
    pub target: String,
    /// The media type of the body; none if there is no body.
    pub content_type: Option<Cow<'static, str>>,
    /// The body.
    pub body: Bytes,
}

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

impl Call {
    /// A call of an entry, with nothing given yet.
    pub fn of(meta: &'static Meta) -> Self {
        Self::route(Some(meta), meta.method.into(), meta.path.into())
    }

    pub(crate) fn route(meta: Option<&'static Meta>, method: Cow<'static, str>, path: Cow<'static, str>) -> Self {
        Self {
            meta,
            method,
            path,
            host: None,
            context: Context::Entry,
            timeout: None,
            checked: true,
            given: Vec::new(),
            body: None,
            file: None,
            broken: None,
            used: None,
        }
    }

    /// What sending it a second time does.
    pub fn repeat(&self) -> Repeat {
        self.meta.map_or_else(|| Repeat::of_method(&self.method), Meta::repeat)
    }

    /// Sets a value; one given before under the same name is replaced. A value that could not be read makes the call
    /// fail before it is sent.
    pub fn set(&mut self, name: impl Into<Cow<'static, str>>, place: Place, value: Result<Json, String>) {
        let name = name.into();
        match value {
            Ok(value) => {
                self.given.retain(|old| old.name != name || old.place != place);
                self.given.push(Given { name, place, value });
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
    pub(crate) fn gives(&self, name: &str) -> bool {
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
    pub(crate) fn open_me(&self) -> Option<&'static str> {
        let param = self.meta?.params().find(|param| param.me)?;
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
        let Some(meta) = self.meta.filter(|_| self.checked) else {
            return Ok(());
        };
        for param in meta.params() {
            match self.get(param.name) {
                Some(value) => {
                    param.kind.check(value).map_err(|broken| Error::argument(self, param.name, &told(&broken)))?
                }
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
    pub fn to_http(&self, dialect: Dialect) -> Result<Parts, Error> {
        let mut target = self.filled_path()?;
        let mut sign = if target.contains('?') { '&' } else { '?' };
        for given in self.given.iter().filter(|given| given.place == Place::Query) {
            let text = wire_text(&given.value);
            let text = if is_view(&given.name) { dialect.names(&text) } else { Cow::Borrowed(text.as_ref()) };
            target.push(sign);
            sign = '&';
            encode_into(&mut target, dialect.name(&given.name));
            target.push('=');
            encode_into(&mut target, &text);
        }
        let (content_type, body) = self.to_body();
        Ok(Parts { target, content_type, body })
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
                Some(hole) => match self.given.iter().find(|g| g.place == Place::Path && g.name == hole) {
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
        let of = |place| self.given.iter().filter(move |given| given.place == place);
        if let Some((name, file)) = &self.file {
            let fields = self.given.iter().filter(|given| matches!(given.place, Place::Body | Place::Form));
            let fields: Vec<_> = fields.map(|given| (&*given.name, wire_text(&given.value))).collect();
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, &**value)).collect();
            let (content_type, body) = multipart::write(&fields, name, file);
            return (Some(content_type.into()), body);
        }
        if of(Place::Form).next().is_some() {
            let mut form = String::new();
            for given in of(Place::Form) {
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
        let members: Map<String, Json> =
            of(Place::Body).map(|given| (given.name.to_string(), given.value.clone())).collect();
        let takes_body = self.meta.is_some_and(|m| m.params().any(|p| p.place == Place::Body));
        if members.is_empty() && !takes_body {
            return (None, Bytes::new());
        }
        (Some(JSON.into()), Json::Object(members).to_string().into())
    }

    /// Reads a request of this entry: the other direction of [`to_http`](Self::to_http). Both dialects are understood.
    ///
    /// # Errors
    /// All parameters that break their rule.
    pub fn from_http(
        meta: &'static Meta,
        path: &str,
        query: &str,
        content_type: &str,
        body: &[u8],
    ) -> Result<Self, Vec<BadParam>> {
        let mut call = Self::of(meta);
        let mut bad = Vec::new();
        for (hole, text) in match_path(meta.path, path).unwrap_or_default() {
            call.read(hole, Place::Path, &decode(text, false), hole, &mut bad);
        }
        if meta.is_v1() {
            return call.read_old(meta, query, content_type, body, bad);
        }
        for (name, text) in form_pairs(query) {
            let known = Dialect::canonical(&name);
            match meta.param(known).filter(|param| param.place == Place::Query) {
                Some(param) => {
                    let text = if is_view(known) { canonical_list(known, &text) } else { text };
                    call.read(param.name, Place::Query, &text, &name, &mut bad);
                }
                // Proof of who calls, which old clients put here.
                None if name.starts_with("oauth_") => {}
                None => bad.push(BadParam::unknown(&name, &text, meta)),
            }
        }
        if meta.params().any(|param| matches!(param.place, Place::Body | Place::Form)) {
            call.read_body(meta, content_type, body, &mut bad);
        }
        let file = call.file.as_ref().map(|(name, _)| *name);
        let missing = meta.params().filter(|p| p.required && Some(p.name) != file);
        let missing = missing.filter(|p| !bad.iter().any(|b| b.name == p.name));
        for param in missing.filter(|p| call.get(p.name).is_none()).collect::<Vec<_>>() {
            bad.push(BadParam::missing(param.name, param.place));
        }
        if bad.is_empty() { Ok(call) } else { Err(bad) }
    }

    fn read(&mut self, name: &'static str, place: Place, text: &str, sent: &str, bad: &mut Vec<BadParam>) {
        let kind = self.meta.and_then(|meta| meta.param(name)).map(|param| param.kind);
        match kind.map(|kind| kind.parse(text)) {
            Some(Ok(value)) => self.set(name, place, Ok(value)),
            Some(Err(broken)) => bad.push(BadParam::broken(sent, text, place, broken)),
            None => {}
        }
    }

    fn read_body(&mut self, meta: &'static Meta, content_type: &str, body: &[u8], bad: &mut Vec<BadParam>) {
        if is_form(content_type) {
            let text = String::from_utf8_lossy(body);
            for (name, value) in form_pairs(&text) {
                if let Some(param) = meta.param(&name) {
                    self.read(param.name, param.place, &value, &name, bad);
                }
            }
            return;
        }
        if multipart::is_multipart(content_type) {
            self.read_parts(meta, content_type, body, bad);
            return;
        }
        let object = match serde_json::from_slice::<Json>(body) {
            Ok(Json::Object(object)) => object,
            Ok(_) | Err(_) if body.is_empty() => Map::new(),
            Ok(_) | Err(_) => {
                let sent = String::from_utf8_lossy(&body[..body.len().min(200)]).into_owned();
                bad.push(BadParam {
                    name: "$".to_owned(),
                    sent,
                    message: "the request body is no JSON object".to_owned(),
                });
                return;
            }
        };
        for (name, value) in object {
            let Some(param) = meta.param(&name).filter(|param| param.place == Place::Body) else {
                let broken = "is not defined in the schema and the schema does not allow additional properties";
                bad.push(BadParam {
                    message: format!("$.{name}: {broken}"),
                    sent: value.to_string(),
                    name: format!("$.{name}"),
                });
                continue;
            };
            match param.kind.check(&value) {
                Ok(()) => self.set(param.name, Place::Body, Ok(value)),
                Err(broken) => bad.push(BadParam::broken(&name, &value.to_string(), Place::Body, broken)),
            }
        }
    }
}

impl Call {
    /// Reads a request of v1.1, which takes a parameter wherever it stands, and lets pass what it does not know.
    fn read_old(
        mut self,
        meta: &'static Meta,
        query: &str,
        content_type: &str,
        body: &[u8],
        mut bad: Vec<BadParam>,
    ) -> Result<Self, Vec<BadParam>> {
        let form = if is_form(content_type) { String::from_utf8_lossy(body) } else { Cow::Borrowed("") };
        for (name, text) in form_pairs(query).chain(form_pairs(&form)) {
            // A list can be given as several of the same name.
            let name = name.strip_suffix("[]").filter(|bare| meta.param(bare).is_some()).unwrap_or(&name);
            if let Some(param) = meta.param(name).filter(|param| param.place != Place::Path) {
                // Yes and no were written in several ways.
                let text = match (param.kind, &*text) {
                    (Kind::Bool, "1" | "t" | "True") => "true",
                    (Kind::Bool, "0" | "f" | "False") => "false",
                    (_, text) => text,
                };
                self.read(param.name, param.place, text, name, &mut bad);
            }
        }
        if multipart::is_multipart(content_type) {
            self.read_parts(meta, content_type, body, &mut bad);
        } else if let Ok(Json::Object(object)) = serde_json::from_slice::<Json>(body) {
            for (name, value) in object {
                if let Some(param) = meta.param(&name) {
                    self.set(param.name, param.place, Ok(value));
                }
            }
        }
        let file = self.file.as_ref().map(|(name, _)| *name);
        for param in meta.params().filter(|param| param.required && Some(param.name) != file) {
            if self.get(param.name).is_none() && !bad.iter().any(|b| b.name == param.name) {
                bad.push(BadParam::missing(param.name, param.place));
            }
        }
        if bad.is_empty() { Ok(self) } else { Err(bad) }
    }

    fn read_parts(&mut self, meta: &'static Meta, content_type: &str, body: &[u8], bad: &mut Vec<BadParam>) {
        let Some(parts) = multipart::read(content_type, body) else {
            let message = "the request body is no form of several parts".to_owned();
            bad.push(BadParam { name: "$".to_owned(), sent: String::new(), message });
            return;
        };
        for part in parts {
            let other = format!("{}[]", part.name);
            let Some(param) = meta.param(&part.name).or_else(|| meta.param(&other)) else { continue };
            if part.is_file {
                self.file = Some((param.name, Bytes::copy_from_slice(part.value)));
            } else {
                let text = String::from_utf8_lossy(part.value);
                self.read(param.name, param.place, &text, &part.name, bad);
            }
        }
    }
}

/// A parameter of a request that breaks its rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadParam {
    /// Its name, as it was sent; members of a body begin with `$.`.
    pub name: String,
    /// The value, as it was sent.
    pub sent: String,
    /// What is wrong, in the words of X.
    pub message: String,
}

impl BadParam {
    fn broken(name: &str, sent: &str, place: Place, broken: Broken) -> Self {
        if place == Place::Body {
            let message = format!("$.{name}{}: {}", broken.at, broken.rule);
            return Self { name: format!("$.{name}"), sent: sent.to_owned(), message };
        }
        let place = if place == Place::Path { "path" } else { "query" };
        let given = if broken.given.is_empty() { sent } else { &broken.given };
        let rule = broken
            .rule
            .strip_prefix("must be one of")
            .map_or_else(|| broken.rule.clone(), |words| format!("is not one of{words}"));
        let message = format!("The `{name}` {place} parameter value [{given}] {rule}");
        Self { name: name.to_owned(), sent: sent.to_owned(), message }
    }
    fn unknown(name: &str, sent: &str, meta: &Meta) -> Self {
        let known: Vec<&str> = meta.params().map(|param| param.name).collect();
        let message = format!("The query parameter [{name}] is not one of [{}]", known.join(","));
        Self { name: name.to_owned(), sent: sent.to_owned(), message }
    }
    fn missing(name: &str, place: Place) -> Self {
        let shown = if place == Place::Body { format!("$.{name}") } else { name.to_owned() };
        let message = match place {
            Place::Body => format!("{shown}: is missing but it is required"),
            _ => format!("The `{name}` query parameter can not be empty"),
        };
        Self { name: shown, sent: String::new(), message }
    }
}

fn told(broken: &Broken) -> String {
    let at = if broken.at.is_empty() { String::new() } else { format!("at `{}`: ", broken.at) };
    let given = if broken.given.is_empty() { String::new() } else { format!("; given: {}", broken.given) };
    format!("{at}it {}{given}", broken.rule)
}

/// Whether a parameter lists fields or expansions, whose names differ between the dialects.
fn is_view(name: &str) -> bool {
    name == "expansions" || name.ends_with(".fields")
}

fn canonical_list<'a>(param: &str, list: &'a str) -> Cow<'a, str> {
    let one = |name: &'a str| match (param, name) {
        // One word, two meanings: in a list of fields it is the field.
        ("tweet.fields", "referenced_posts") => "referenced_tweets",
        ("expansions", "affiliation") => "affiliation.user_id",
        _ => Dialect::canonical(name),
    };
    Cow::Owned(list.split(',').map(one).collect::<Vec<_>>().join(","))
}

/// A value as it stands in a path, a query or a form: lists joined by commas, booleans in lower case.
fn wire_text(value: &Json) -> Cow<'_, str> {
    match value {
        Json::String(text) => Cow::Borrowed(text),
        Json::Array(items) => Cow::Owned(items.iter().map(wire_text).collect::<Vec<_>>().join(",")),
        other => Cow::Owned(other.to_string()),
    }
}
