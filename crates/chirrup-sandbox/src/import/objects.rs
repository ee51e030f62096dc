//! Objects of the read files.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::error::SandboxError;
pub(super) use crate::response::json::id_of as number;

/// Object of the API with the members of v2.
pub(super) type Object = Map<String, Json>;

/// Numbers of what [`SandboxBuilder::import`](crate::SandboxBuilder::import) has read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ImportCounts {
    /// Number of users, without those of whom only the ID is known.
    pub users: usize,
    /// Number of posts of all authors.
    pub posts: usize,
    /// Number of images and videos.
    pub media: usize,
    /// Number of polls with options.
    pub polls: usize,
    /// Number of places with names.
    pub places: usize,
    /// Number of follows between users.
    pub follows: usize,
    /// Number of likes by users who are known.
    pub likes: usize,
    /// Number of direct messages, each once.
    pub messages: usize,
}

/// A direct message of an archive.
#[derive(Debug)]
pub(super) struct Message {
    pub(super) id: u64,
    pub(super) conversation: String,
    pub(super) sender: u64,
    pub(super) participants: Vec<u64>,
    pub(super) text: String,
}

/// Objects of the read files, each once. An object that was read several times has the members of all, the latest values.
#[derive(Debug, Default)]
pub(crate) struct ImportedData {
    pub(super) users: BTreeMap<u64, Object>,
    pub(super) posts: BTreeMap<u64, Object>,
    /// Media objects by their keys.
    pub(super) media: BTreeMap<String, Object>,
    pub(super) polls: BTreeMap<u64, Object>,
    pub(super) places: BTreeMap<String, Object>,
    /// Pairs of follower and followed user.
    pub(super) follows: Vec<(u64, u64)>,
    /// Pairs of user and post.
    pub(super) likes: Vec<(u64, u64)>,
    pub(super) messages: BTreeMap<u64, Message>,
    /// User whose account archive was read.
    pub(super) owner: Option<u64>,
}

/// Adds the members of an object to another one of the same ID.
pub(super) fn merge(into: &mut Object, from: Object) {
    into.extend(from.into_iter().filter(|(_, value)| !value.is_null()));
}

pub(super) fn text<'o>(object: &'o Object, name: &str) -> Option<&'o str> {
    object.get(name)?.as_str().filter(|text| !text.is_empty())
}

/// Returns a text without the references to characters that the API writes for `&`, `<` and `>`.
pub(super) fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

pub(super) fn failed(path: &Path, why: impl std::fmt::Display) -> SandboxError {
    SandboxError(format!("cannot read {}: {why}", path.display()))
}
