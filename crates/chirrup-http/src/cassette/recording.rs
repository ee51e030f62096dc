//! The file format of a cassette.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chirrup_api::internal::{MultipartPart, is_multipart, read_multipart};
use chirrup_api::{RawResponse, TransportError, TransportErrorKind};
use chirrup_auth::oauth1::{form_pairs, is_form};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// All exchanges of a cassette, in the order in which they were recorded.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Recording {
    /// Version of the file format.
    version: u32,
    pub(super) exchanges: Vec<Exchange>,
}

impl Default for Recording {
    fn default() -> Self {
        Self { version: 1, exchanges: Vec::new() }
    }
}

/// A recorded request with its response.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Exchange {
    pub(super) request: RecordedRequest,
    pub(super) response: RecordedResponse,
}

/// A recorded request without secrets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct RecordedRequest {
    pub(super) method: String,
    pub(super) path: String,
    /// Names and values of the query, decoded and sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) query: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Body::is_empty")]
    pub(super) body: Body,
}

/// A recorded response without secrets.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct RecordedResponse {
    pub(super) status: u16,
    #[serde(default)]
    pub(super) headers: Headers,
    #[serde(default, skip_serializing_if = "Body::is_empty")]
    pub(super) body: Body,
}

/// Headers by lowercase name, with all values of each.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Headers(BTreeMap<String, HeaderValues>);

/// One value or several values of a header.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum HeaderValues {
    One(String),
    Several(Vec<String>),
}

impl HeaderValues {
    fn as_slice(&self) -> &[String] {
        match self {
            Self::One(value) => std::slice::from_ref(value),
            Self::Several(values) => values,
        }
    }
}

impl Headers {
    /// Adds a value to those of a header.
    pub(super) fn add(&mut self, name: &str, value: String) {
        let values = match self.0.remove(name) {
            Some(HeaderValues::One(first)) => HeaderValues::Several(vec![first, value]),
            Some(HeaderValues::Several(mut values)) => {
                values.push(value);
                HeaderValues::Several(values)
            }
            None => HeaderValues::One(value),
        };
        self.0.insert(name.to_owned(), values);
    }

    /// Returns the first value of a header.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_slice().first().map(String::as_str)
    }

    pub(super) fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }

    /// Returns the names and values, one pair per value.
    fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().flat_map(|(name, values)| values.as_slice().iter().map(|value| (name.as_str(), value.as_str())))
    }
}

/// A part of a multipart body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Part {
    pub(super) name: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) is_file: bool,
    pub(super) content: Body,
}

/// A body in its most readable form.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Body {
    #[default]
    Empty,
    Json(Json),
    /// Names and values of a form, decoded and sorted.
    Form(Vec<(String, String)>),
    /// Fields and files, sorted by name, without the boundary between them.
    Multipart(Vec<Part>),
    Text(String),
    Base64(String),
}

impl Body {
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::Empty
    }

    pub(super) fn of(bytes: &[u8]) -> Self {
        if bytes.is_empty() {
            return Self::Empty;
        }
        if let Ok(json) = serde_json::from_slice(bytes) {
            return Self::Json(json);
        }
        Self::plain(bytes)
    }

    fn plain(bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::Text(text.to_owned()),
            Err(_) => Self::Base64(STANDARD.encode(bytes)),
        }
    }

    /// Reads the body of a request by its content type.
    pub(super) fn of_request(content_type: &str, bytes: &[u8]) -> Self {
        if is_form(content_type)
            && let Ok(text) = std::str::from_utf8(bytes)
            && !text.is_empty()
        {
            return Self::Form(form_pairs(text).map(|(name, value)| (name.into_owned(), value.into_owned())).collect());
        }
        match is_multipart(content_type).then(|| read_multipart(content_type, bytes)).flatten() {
            Some(parts) => Self::multipart(&parts),
            None => Self::of(bytes),
        }
    }

    fn multipart(parts: &[MultipartPart<'_>]) -> Self {
        let part = |part: &MultipartPart<'_>| Part {
            name: part.name.clone(),
            is_file: part.is_file,
            content: Self::plain(part.value),
        };
        let mut parts: Vec<Part> = parts.iter().map(part).collect();
        parts.sort_by(|a, b| a.name.cmp(&b.name));
        Self::Multipart(parts)
    }

    /// Returns whether two bodies are equal, or have the same members: VCR.py records the forms of some libraries as a map.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Json(Json::Object(members)), Self::Form(pairs))
            | (Self::Form(pairs), Self::Json(Json::Object(members))) => {
                let is_member = |(name, value): &(String, String)| {
                    members.get(name).is_some_and(|member| match member {
                        Json::String(text) => text == value,
                        other => other.to_string().as_str() == value,
                    })
                };
                members.len() == pairs.len() && pairs.iter().all(is_member)
            }
            (Self::Multipart(parts), Self::Multipart(others)) => {
                let same = |(a, b): (&Part, &Part)| a.name == b.name && a.content == b.content;
                parts.len() == others.len() && parts.iter().zip(others).all(same)
            }
            _ => self == other,
        }
    }

    fn to_bytes(&self) -> Result<Bytes, TransportError> {
        let unreadable =
            || TransportError::new(TransportErrorKind::Storage, "a body on the cassette is not valid Base64");
        Ok(match self {
            Self::Empty => Bytes::new(),
            Self::Json(json) => json.to_string().into(),
            Self::Form(pairs) => {
                let mut text = String::new();
                for (name, value) in pairs {
                    let separator = if text.is_empty() { "" } else { "&" };
                    text.push_str(separator);
                    chirrup_auth::oauth1::encode_into(&mut text, name);
                    text.push('=');
                    chirrup_auth::oauth1::encode_into(&mut text, value);
                }
                text.into()
            }
            Self::Multipart(_) => {
                let message = "a response on the cassette has a multipart body, which only a request can have";
                return Err(TransportError::new(TransportErrorKind::Storage, message));
            }
            Self::Text(text) => text.clone().into(),
            Self::Base64(text) => STANDARD.decode(text).map_err(|_| unreadable())?.into(),
        })
    }
}

impl RecordedRequest {
    /// Returns method and path.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Whether both requests have the same method and path.
    pub(super) fn has_same_path(&self, other: &Self) -> bool {
        self.method == other.method && self.path == other.path
    }

    /// Returns whether both requests are the same. API v1.1 accepts a parameter in the query and in a form alike.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        if !self.has_same_path(other) {
            return false;
        }
        let is_v1 = self.path.starts_with("/1.1/");
        self.query == other.query && self.body.is_same(&other.body)
            || is_v1 && self.parameters() == other.parameters() && self.content() == other.content()
    }

    /// Returns what a body contains besides parameters: files, JSON, text.
    fn content(&self) -> Vec<&Body> {
        match &self.body {
            Body::Empty | Body::Form(_) => Vec::new(),
            Body::Multipart(parts) => parts.iter().filter(|part| part.is_file).map(|part| &part.content).collect(),
            body => vec![body],
        }
    }

    /// Returns the parameters of the query, of a form and of the fields of a multipart body as one sorted list.
    pub(super) fn parameters(&self) -> Vec<(&str, &str)> {
        let query = self.query.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let mut all: Vec<(&str, &str)> = query.collect();
        match &self.body {
            Body::Form(pairs) => all.extend(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))),
            Body::Multipart(parts) => all.extend(parts.iter().filter(|part| !part.is_file).filter_map(|part| {
                let Body::Text(text) = &part.content else { return None };
                Some((part.name.as_str(), text.as_str()))
            })),
            _ => {}
        }
        for (_, value) in &mut all {
            // Python writes booleans in this form.
            *value = match *value {
                "True" => "true",
                "False" => "false",
                other => other,
            };
        }
        all.sort_unstable();
        all
    }

    /// Returns how similar two requests with the same path are.
    pub(super) fn similarity(&self, other: &Self) -> usize {
        let query = self.query.iter().filter(|pair| other.query.contains(pair)).count();
        query + 4 * usize::from(self.query == other.query) + 8 * usize::from(self.body.is_same(&other.body))
    }
}

impl RecordedResponse {
    pub(super) fn to_response(&self) -> Result<RawResponse, TransportError> {
        let status = StatusCode::from_u16(self.status).map_err(|_| {
            TransportError::new(TransportErrorKind::Storage, "a status on the cassette is not an HTTP status")
        })?;
        let mut headers = HeaderMap::new();
        for (name, value) in self.headers.iter() {
            if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
                headers.append(name, value);
            }
        }
        Ok(RawResponse::new(status, headers, self.body.to_bytes()?))
    }
}

impl Recording {
    /// Writes the whole file: as JSON if its name ends in `.json`, else as YAML.
    pub(super) fn write(&self, path: &Path) -> io::Result<()> {
        let is_json = path.extension().is_some_and(|extension| extension == "json");
        let text = match is_json {
            true => serde_json::to_string_pretty(self).map_err(io::Error::other)? + "\n",
            false => serde_yaml_ng::to_string(self).map_err(io::Error::other)?,
        };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".new");
        let new = path.with_file_name(name);
        std::fs::write(&new, text)?;
        std::fs::rename(new, path)
    }
}
