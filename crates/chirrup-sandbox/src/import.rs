//! Worlds from the data of a user: answers of the API in any file, tables, and account archives of X.

mod account_archive;
mod collect;
mod file;
mod table;
mod v1;
mod write;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::error::SandboxError;
use crate::response::json::id_of as number;

/// Object of the API with the members of v2.
type Object = Map<String, Json>;

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
struct Message {
    id: u64,
    conversation: String,
    sender: u64,
    participants: Vec<u64>,
    text: String,
}

/// Objects of the read files, each once. An object that was read several times has the members of all, the latest values.
#[derive(Debug, Default)]
pub(crate) struct ImportedData {
    users: BTreeMap<u64, Object>,
    posts: BTreeMap<u64, Object>,
    /// Media objects by their keys.
    media: BTreeMap<String, Object>,
    polls: BTreeMap<u64, Object>,
    places: BTreeMap<String, Object>,
    /// Pairs of follower and followed user.
    follows: Vec<(u64, u64)>,
    /// Pairs of user and post.
    likes: Vec<(u64, u64)>,
    messages: BTreeMap<u64, Message>,
    /// User whose account archive was read.
    owner: Option<u64>,
}

impl ImportedData {
    /// Reads files, and all files of folders.
    pub(crate) fn read(paths: &[PathBuf]) -> Result<Self, SandboxError> {
        let mut data = Self::default();
        for path in paths {
            file::read(&mut data, path)?;
        }
        if data.users.is_empty() && data.posts.is_empty() {
            let names: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
            let names = names.join(", ");
            return Err(SandboxError(format!(
                "{names}: no post or user found; give cassettes, JSON lines, account archives of X, or CSV with a header"
            )));
        }
        Ok(data)
    }
}

/// Adds the members of an object to another one of the same ID.
fn merge(into: &mut Object, from: Object) {
    into.extend(from.into_iter().filter(|(_, value)| !value.is_null()));
}

fn text<'o>(object: &'o Object, name: &str) -> Option<&'o str> {
    object.get(name)?.as_str().filter(|text| !text.is_empty())
}

/// Returns a text without the references to characters that the API writes for `&`, `<` and `>`.
fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

fn failed(path: &Path, why: impl std::fmt::Display) -> SandboxError {
    SandboxError(format!("cannot read {}: {why}", path.display()))
}
