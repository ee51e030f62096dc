//! The file format of a cassette.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chirrup_api::{RawResponse, TransportError, TransportErrorKind};
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
    pub(super) headers: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Body::is_empty")]
    pub(super) body: Body,
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
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::Text(text.to_owned()),
            Err(_) => Self::Base64(STANDARD.encode(bytes)),
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

    /// Returns how similar two requests with the same path are.
    pub(super) fn similarity(&self, other: &Self) -> usize {
        let query = self.query.iter().filter(|pair| other.query.contains(pair)).count();
        query + 4 * usize::from(self.query == other.query) + 8 * usize::from(self.body == other.body)
    }
}

impl RecordedResponse {
    pub(super) fn to_response(&self) -> Result<RawResponse, TransportError> {
        let status = StatusCode::from_u16(self.status).map_err(|_| {
            TransportError::new(TransportErrorKind::Storage, "a status on the cassette is not an HTTP status")
        })?;
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
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
