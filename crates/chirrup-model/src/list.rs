//! Lists of users.

use serde::{Deserialize, Serialize};

use crate::id::{ListId, UserId};
use crate::into_param::id_of;
use crate::response_data::ResponseData;
use crate::time::Timestamp;

/// A list of API v2.
///
/// `id` and `name` are always present. Every other field is present only if it was requested with `list_fields` and has a
/// value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct List {
    /// ID of the list.
    pub id: ListId,
    /// Name of the list: 1 to 25 characters.
    pub name: String,
    /// Creation time of the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// Description of the list: up to 100 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Number of followers of the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follower_count: Option<u64>,
    /// Number of members of the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member_count: Option<u64>,
    /// ID of the owner of the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner_id: Option<UserId>,
    /// Whether only the owner can see the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private: Option<bool>,
}

impl ResponseData for List {}

impl List {
    /// Creates a list that has nothing but an ID and a name.
    pub fn new(id: impl Into<ListId>, name: impl Into<String>) -> Self {
        Self { id: id.into(), name: name.into(), ..Self::default() }
    }
}

/// Response to the creation of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CreatedList {
    /// ID of the new list.
    pub id: ListId,
    /// Name of the new list.
    pub name: String,
}

impl ResponseData for CreatedList {}

/// Response to the update of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Updated {
    /// Whether the list was updated.
    #[serde(default)]
    pub updated: bool,
}

impl ResponseData for Updated {}

/// Response to adding or removing a member of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Membership {
    /// Whether the user is now a member of the list.
    #[serde(default)]
    pub is_member: bool,
}

impl ResponseData for Membership {}

/// Response to pinning or unpinning a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Pinned {
    /// Whether the list is now pinned.
    #[serde(default)]
    pub pinned: bool,
}

impl ResponseData for Pinned {}

id_of! { List: ListId, CreatedList: ListId }
