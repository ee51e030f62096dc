//! Content of a response: a tree that the last step translates for the wire, or text that has its final form.

use std::hash::BuildHasher as _;

use chirrup_model::Dialect;
use foldhash::HashSet;
use foldhash::fast::FixedState;
use serde_json::Value as Json;

use super::wire::finish;

/// Content of the response to a call.
#[derive(Debug)]
pub(crate) enum Content {
    /// JSON with the names of the `Tweet` dialect; a string is the content of a file.
    Json(Json),
    /// JSON in the form of the wire.
    Written(WrittenBody),
    /// Objects that a stream delivers, one per line.
    Lines(Vec<Self>),
}

/// JSON text in the form of the wire, and the resources in it.
#[derive(Debug, Default)]
pub(crate) struct WrittenBody {
    pub(super) text: Vec<u8>,
    pub(crate) resources: Resources,
}

/// Numbers of the resources in a body, by which they are charged.
#[derive(Debug, Default)]
pub(crate) struct Resources {
    pub(crate) data: Vec<u64>,
    pub(crate) users: HashSet<u64>,
    pub(crate) posts: HashSet<u64>,
}

/// Returns the number of an ID, or a hash of one that is not a number. A number takes less memory than a text.
pub(crate) fn resource_number(id: &str) -> u64 {
    id.parse().unwrap_or_else(|_| FixedState::default().hash_one(id))
}

impl From<Json> for Content {
    fn from(json: Json) -> Self {
        Self::Json(json)
    }
}

impl From<Vec<Json>> for Content {
    fn from(items: Vec<Json>) -> Self {
        Self::Json(items.into())
    }
}

impl Content {
    /// Returns the tree, which is null for text.
    pub(crate) fn json(&self) -> &Json {
        match self {
            Self::Json(json) => json,
            Self::Written(_) | Self::Lines(_) => &Json::Null,
        }
    }

    /// Returns the text of the response, in the dialect that the client asked for. API v1.1 has no dialects.
    pub(crate) fn into_text(self, dialect: Option<Dialect>) -> Vec<u8> {
        match self {
            // v1.1 responds with an empty body where it has nothing to return.
            Self::Json(Json::Null) if dialect.is_none() => Vec::new(),
            Self::Json(Json::String(file)) => file.into_bytes(),
            Self::Json(mut json) => {
                if let Some(dialect) = dialect {
                    finish(&mut json, dialect);
                }
                serde_json::to_vec(&json).unwrap_or_default()
            }
            Self::Written(body) => body.text,
            Self::Lines(lines) => {
                let mut text = Vec::new();
                for line in lines {
                    text.append(&mut line.into_text(dialect));
                    text.extend_from_slice(b"\r\n");
                }
                text
            }
        }
    }
}
