//! What is on a cassette.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chirrup_api::{RawResponse, SendInfo, TransportError, TransportErrorKind};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// All exchanges, in the order in which they were made.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Tape {
    /// The form of the file.
    version: u32,
    pub(super) exchanges: Vec<Exchange>,
}

impl Default for Tape {
    fn default() -> Self {
        Self { version: 1, exchanges: Vec::new() }
    }
}

/// A request and its answer.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Exchange {
    #[serde(rename = "request")]
    pub(super) asked: Asked,
    #[serde(rename = "response")]
    pub(super) told: Told,
}

/// A request, without its secrets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Asked {
    pub(super) method: String,
    pub(super) path: String,
    /// Names and values, decoded and sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) query: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Body::is_empty")]
    pub(super) body: Body,
}

/// An answer, without its secrets.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Told {
    pub(super) status: u16,
    #[serde(default)]
    pub(super) headers: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Body::is_empty")]
    pub(super) body: Body,
}

/// A body, as readable as it can be.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Body {
    #[default]
    Empty,
    Json(Json),
    /// Names and values, decoded and sorted.
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
            || TransportError::new(TransportErrorKind::Configuration, "a body on the cassette is no Base64");
        Ok(match self {
            Self::Empty => Bytes::new(),
            Self::Json(json) => json.to_string().into(),
            Self::Form(pairs) => {
                let mut text = String::new();
                for (name, value) in pairs {
                    let sign = if text.is_empty() { "" } else { "&" };
                    text.push_str(sign);
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

impl Asked {
    /// Method and path.
    pub(super) fn shown(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Whether both are of the same method and path.
    pub(super) fn is_at(&self, other: &Self) -> bool {
        self.method == other.method && self.path == other.path
    }

    /// How much both have in common.
    pub(super) fn likeness(&self, other: &Self) -> usize {
        let query = self.query.iter().filter(|pair| other.query.contains(pair)).count();
        query + 4 * usize::from(self.query == other.query) + 8 * usize::from(self.body == other.body)
    }
}

impl Told {
    pub(super) fn to_answer(&self) -> Result<RawResponse, TransportError> {
        let status = StatusCode::from_u16(self.status)
            .map_err(|_| TransportError::new(TransportErrorKind::Configuration, "a status on the cassette is none"))?;
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
                headers.append(name, value);
            }
        }
        Ok(RawResponse { status, headers, body: self.body.to_bytes()?, send_info: SendInfo::default() })
    }
}

impl Tape {
    /// Writes it as a whole: as JSON if the name of the file ends in `.json`, as YAML if not.
    pub(super) fn write(&self, path: &Path) -> io::Result<()> {
        let is_json = path.extension().is_some_and(|extension| extension == "json");
        let text = match is_json {
            true => serde_json::to_string_pretty(self).map_err(io::Error::other)? + "\n",
            false => serde_yaml_ng::to_string(self).map_err(io::Error::other)?,
        };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let new = path.with_extension("new");
        std::fs::write(&new, text)?;
        std::fs::rename(new, path)
    }
}
