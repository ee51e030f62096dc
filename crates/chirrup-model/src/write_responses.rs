//! What a write answers with.

use serde::{Deserialize, Serialize};

use crate::id::PostId;
use crate::into_param::id_of;
use crate::optional_list::OptionalList;
use crate::response_data::ResponseData;

/// A post was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Created {
    /// Its id.
    pub id: PostId,
    /// Its text, as X stored it.
    pub text: String,
    /// All versions of it, this one last.
    #[serde(
        default,
        rename = "edit_history_tweet_ids",
        alias = "edit_history_post_ids",
        skip_serializing_if = "OptionalList::is_absent"
    )]
    pub edit_history_post_ids: OptionalList<PostId>,
}

impl ResponseData for Created {}

/// Something was deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Deleted {
    /// Whether it is gone.
    #[serde(default)]
    pub deleted: bool,
}

impl ResponseData for Deleted {}

/// Whether you follow the user now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Followed {
    /// Whether you follow them.
    #[serde(default)]
    pub following: bool,
    /// Whether they must allow it first; only in the answer to a follow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending_follow: Option<bool>,
}

impl ResponseData for Followed {}

/// Whether you like the post now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Liked {
    /// Whether you like it.
    #[serde(default)]
    pub liked: bool,
}

impl ResponseData for Liked {}

/// Whether the reply is hidden now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Hidden {
    /// Whether it is hidden.
    #[serde(default)]
    pub hidden: bool,
}

impl ResponseData for Hidden {}

/// Whether the user is muted now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Muted {
    /// Whether you mute them.
    #[serde(default)]
    pub muting: bool,
}

impl ResponseData for Muted {}

/// Whether the user is blocked now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Blocked {
    /// Whether you block them.
    #[serde(default)]
    pub blocking: bool,
}

impl ResponseData for Blocked {}

/// Whether the post is bookmarked now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Bookmarked {
    /// Whether you have bookmarked it.
    #[serde(default)]
    pub bookmarked: bool,
}

impl ResponseData for Bookmarked {}

/// Whether you have reposted the post now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Reposted {
    /// Whether your repost stands.
    #[serde(rename = "retweeted", alias = "reposted")]
    pub reposted: bool,
    /// The id of the repost, where X gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rest_id: Option<PostId>,
}

impl ResponseData for Reposted {}

id_of! { Created: PostId }
