//! A list of users.

use serde::{Deserialize, Serialize};

use crate::id::{ListId, UserId};
use crate::into_param::id_of;
use crate::response_data::ResponseData;
use crate::time::Timestamp;

/// A list, as v2 shows it. `id` and `name` are always there; every other field only if it was asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct List {
    /// Its id.
    pub id: ListId,
    /// Its name, 1 to 25 characters.
    pub name: String,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// What it is about, up to 100 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// How many follow it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follower_count: Option<u64>,
    /// How many are on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member_count: Option<u64>,
    /// Whose it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner_id: Option<UserId>,
    /// Whether only its owner may see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private: Option<bool>,
}

impl ResponseData for List {}

/// A list was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CreatedList {
    /// Its id.
    pub id: ListId,
    /// Its name.
    pub name: String,
}

impl ResponseData for CreatedList {}

/// Whether a list was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Updated {
    /// Whether it was.
    #[serde(default)]
    pub updated: bool,
}

impl ResponseData for Updated {}

/// Whether the user is on the list now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Membership {
    /// Whether they are.
    #[serde(default)]
    pub is_member: bool,
}

impl ResponseData for Membership {}

/// Whether the list is pinned now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Pinned {
    /// Whether it is.
    #[serde(default)]
    pub pinned: bool,
}

impl ResponseData for Pinned {}

id_of! { List: ListId, CreatedList: ListId }
