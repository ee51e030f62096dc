//! Conversion of an HTTP request into a call, with the messages of X for invalid parameters.

use std::borrow::Cow;

use bytes::Bytes;
use chirrup_auth::oauth1::{decode, form_pairs, is_form};
use chirrup_model::{Dialect, ParamKind, Violation};
use serde_json::{Map, Value as Json};

use super::{Call, is_field_list, multipart};
use crate::endpoint::{Endpoint, Param, ParamLocation, match_path};

impl Call {
    /// Reads a request to this endpoint, the reverse of [`to_http`](Self::to_http). Both dialects are accepted.
    ///
    /// # Errors
    /// All parameters that are invalid.
    pub fn from_http(
        endpoint: &'static Endpoint,
        path: &str,
        query: &str,
        content_type: &str,
        body: &[u8],
    ) -> Result<Self, Vec<InvalidParam>> {
        let mut call = Self::of(endpoint);
        let mut bad = Vec::new();
        for (name, text) in match_path(endpoint.path, path).unwrap_or_default() {
            call.read(name, ParamLocation::Path, &decode(text, false), name, &mut bad);
        }
        if endpoint.is_v1() {
            return call.read_v1(endpoint, query, content_type, body, bad);
        }
        for (name, text) in form_pairs(query) {
            let known = Dialect::canonical(&name);
            match endpoint.param(known).filter(|param| param.location == ParamLocation::Query) {
                Some(param) => {
                    let text = if is_field_list(known) { canonical_list(param, &text) } else { text };
                    call.read(param.name, ParamLocation::Query, &text, &name, &mut bad);
                }
                // Old clients sign requests with OAuth parameters in the query.
                None if name.starts_with("oauth_") => {}
                None => bad.push(InvalidParam::unknown(&name, &text, endpoint)),
            }
        }
        if endpoint.params().any(|param| matches!(param.location, ParamLocation::Body | ParamLocation::Form)) {
            call.read_body(endpoint, content_type, body, &mut bad);
        }
        call.complete(endpoint, bad)
    }

    /// Returns the call, if no parameter is missing or invalid.
    fn complete(self, endpoint: &'static Endpoint, mut bad: Vec<InvalidParam>) -> Result<Self, Vec<InvalidParam>> {
        for param in endpoint.params().filter(|param| param.required && !self.is_file(param.name)) {
            if self.get(param.name).is_none() && !bad.iter().any(|b| b.name == param.name) {
                bad.push(InvalidParam::missing(param.name, param.location));
            }
        }
        if bad.is_empty() { Ok(self) } else { Err(bad) }
    }

    fn read(
        &mut self,
        name: &'static str,
        location: ParamLocation,
        text: &str,
        sent: &str,
        bad: &mut Vec<InvalidParam>,
    ) {
        let kind = self.endpoint.and_then(|endpoint| endpoint.param(name)).map(|param| param.kind);
        match kind.map(|kind| kind.parse(text)) {
            Some(Ok(value)) => self.set(name, location, Ok(value)),
            Some(Err(broken)) => bad.push(InvalidParam::broken(sent, text, location, broken)),
            None => {}
        }
    }

    fn read_body(&mut self, endpoint: &'static Endpoint, content_type: &str, body: &[u8], bad: &mut Vec<InvalidParam>) {
        if let Some(param) = endpoint.file_param() {
            if !body.is_empty() {
                self.set(param.name, param.location, Ok(String::from_utf8_lossy(body).into()));
            }
            return;
        }
        if is_form(content_type) {
            let text = String::from_utf8_lossy(body);
            for (name, value) in form_pairs(&text) {
                if let Some(param) = endpoint.param(&name) {
                    self.read(param.name, param.location, &value, &name, bad);
                }
            }
            return;
        }
        if multipart::is_multipart(content_type) {
            self.read_parts(endpoint, content_type, body, bad);
            return;
        }
        let object = match serde_json::from_slice::<Json>(body) {
            Ok(Json::Object(object)) => object,
            Ok(_) | Err(_) if body.is_empty() => Map::new(),
            Ok(_) | Err(_) => {
                let sent = String::from_utf8_lossy(&body[..body.len().min(200)]).into_owned();
                bad.push(InvalidParam {
                    name: "$".to_owned(),
                    sent,
                    message: "the request body is not a JSON object".to_owned(),
                });
                return;
            }
        };
        for (name, value) in object {
            let Some(param) = endpoint.param(&name).filter(|param| param.location == ParamLocation::Body) else {
                let broken = "is not defined in the schema and the schema does not allow additional properties";
                bad.push(InvalidParam {
                    message: format!("$.{name}: {broken}"),
                    sent: value.to_string(),
                    name: format!("$.{name}"),
                });
                continue;
            };
            match param.kind.check(&value) {
                Ok(()) => self.set(param.name, ParamLocation::Body, Ok(value)),
                Err(broken) => bad.push(InvalidParam::broken(&name, &value.to_string(), ParamLocation::Body, broken)),
            }
        }
    }

    /// Reads a request of v1.1, which accepts parameters in every location and ignores unknown ones.
    fn read_v1(
        mut self,
        endpoint: &'static Endpoint,
        query: &str,
        content_type: &str,
        body: &[u8],
        mut bad: Vec<InvalidParam>,
    ) -> Result<Self, Vec<InvalidParam>> {
        let form = if is_form(content_type) { String::from_utf8_lossy(body) } else { Cow::Borrowed("") };
        for (name, text) in form_pairs(query).chain(form_pairs(&form)) {
            if text.is_empty() && ignores_empty(endpoint, &name) {
                continue;
            }
            // A list may be sent as repeated parameters.
            let (name, is_one_of_several) = match name.strip_suffix("[]").filter(|bare| endpoint.param(bare).is_some())
            {
                Some(bare) => (bare, true),
                None => (&*name, false),
            };
            if let Some(param) = endpoint.param(name).filter(|param| param.location != ParamLocation::Path) {
                // v1.1 accepts several spellings of booleans.
                let text = match (param.kind, &*text) {
                    (ParamKind::Bool, "1" | "t" | "T") => "true".into(),
                    (ParamKind::Bool, "0" | "f" | "F") => "false".into(),
                    // A number beyond the limits becomes the limit.
                    (ParamKind::Int { min, max }, text) => match text.parse::<i64>() {
                        Ok(number) => number.clamp(min, max).to_string().into(),
                        Err(_) => Cow::Borrowed(text),
                    },
                    (_, text) => Cow::Borrowed(text),
                };
                let before = self.get(param.name).filter(|_| is_one_of_several).cloned();
                self.read(param.name, param.location, &text, name, &mut bad);
                if let (Some(Json::Array(mut all)), Some(Json::Array(more))) = (before, self.get(param.name)) {
                    all.extend_from_slice(more);
                    self.set(param.name, param.location, Ok(Json::Array(all)));
                }
            }
        }
        if multipart::is_multipart(content_type) {
            self.read_parts(endpoint, content_type, body, &mut bad);
        } else if let Ok(Json::Object(object)) = serde_json::from_slice::<Json>(body) {
            for (name, value) in object {
                if let Some(param) = endpoint.param(&name) {
                    self.set(param.name, param.location, Ok(ids_as_texts(&name, value)));
                }
            }
        }
        self.complete(endpoint, bad)
    }

    fn read_parts(
        &mut self,
        endpoint: &'static Endpoint,
        content_type: &str,
        body: &[u8],
        bad: &mut Vec<InvalidParam>,
    ) {
        let Some(parts) = multipart::read(content_type, body) else {
            let message = "the request body is not a valid multipart form".to_owned();
            bad.push(InvalidParam { name: "$".to_owned(), sent: String::new(), message });
            return;
        };
        for part in parts {
            let other = format!("{}[]", part.name);
            let Some(param) = endpoint.param(&part.name).or_else(|| endpoint.param(&other)) else { continue };
            if part.is_file {
                self.set_file(param.name, Bytes::copy_from_slice(part.value));
            } else {
                let text = String::from_utf8_lossy(part.value);
                self.read(param.name, param.location, &text, &part.name, bad);
            }
        }
    }
}

/// Whether v1.1 treats an empty parameter as absent. An empty text erases a field of a profile.
fn ignores_empty(endpoint: &Endpoint, name: &str) -> bool {
    let required = endpoint.param(name).is_some_and(|param| param.required);
    !required && !endpoint.path.ends_with("/account/update_profile.json")
}

/// Converts the numbers that v1.1 accepts as IDs to texts, at any depth.
fn ids_as_texts(name: &str, value: Json) -> Json {
    match value {
        Json::Number(id) if name == "id" || name.ends_with("_id") => Json::String(id.to_string()),
        Json::Array(items) => items.into_iter().map(|item| ids_as_texts(name, item)).collect(),
        Json::Object(members) => {
            let converted = members.into_iter().map(|(name, member)| {
                let member = ids_as_texts(&name, member);
                (name, member)
            });
            Json::Object(converted.collect())
        }
        other => other,
    }
}

/// An invalid parameter of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidParam {
    /// Name of the parameter as it was sent; members of a body start with `$.`.
    pub name: String,
    /// Value of the parameter as it was sent.
    pub sent: String,
    /// Error message in the words of X.
    pub message: String,
}

impl InvalidParam {
    fn broken(name: &str, sent: &str, location: ParamLocation, broken: Violation) -> Self {
        if location == ParamLocation::Body {
            let message = format!("$.{name}{}: {}", broken.at, broken.rule);
            return Self { name: format!("$.{name}"), sent: sent.to_owned(), message };
        }
        let location = if location == ParamLocation::Path { "path" } else { "query" };
        let given = if broken.given.is_empty() { sent } else { &broken.given };
        let rule = broken
            .rule
            .strip_prefix("must be one of")
            .map_or_else(|| broken.rule.clone(), |words| format!("is not one of{words}"));
        let message = format!("The `{name}` {location} parameter value [{given}] {rule}");
        Self { name: name.to_owned(), sent: sent.to_owned(), message }
    }
    fn unknown(name: &str, sent: &str, endpoint: &Endpoint) -> Self {
        let known: Vec<&str> = endpoint.params().map(|param| param.name).collect();
        let message = format!("The query parameter [{name}] is not one of [{}]", known.join(","));
        Self { name: name.to_owned(), sent: sent.to_owned(), message }
    }
    fn missing(name: &str, location: ParamLocation) -> Self {
        let shown = if location == ParamLocation::Body { format!("$.{name}") } else { name.to_owned() };
        let message = match location {
            ParamLocation::Body => format!("{shown}: is missing but it is required"),
            _ => format!("The `{name}` query parameter can not be empty"),
        };
        Self { name: shown, sent: String::new(), message }
    }
}

fn canonical_list<'a>(param: &Param, list: &'a str) -> Cow<'a, str> {
    // Fields of trends have names of both dialects.
    let is_known =
        |name: &str| matches!(param.kind, ParamKind::List { of: ParamKind::OneOf(words), .. } if words.contains(&name));
    let one = |name: &'a str| match (param.name, name) {
        // The name is a field or an expansion, depending on the list.
        ("tweet.fields", "referenced_posts") => "referenced_tweets",
        ("expansions", "affiliation") => "affiliation.user_id",
        _ if is_known(name) => name,
        _ => Dialect::canonical(name),
    };
    Cow::Owned(list.split(',').map(one).collect::<Vec<_>>().join(","))
}
