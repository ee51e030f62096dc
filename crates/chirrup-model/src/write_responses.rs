//! What a write answers with.

use serde::{Deserialize, Serialize};

use crate::id::PostId;
use crate::optional_list::OptionalList;

/// A post was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

/// Something was deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deleted {
    /// Whether it is gone.
    #[serde(default)]
    pub deleted: bool,
}

/// Whether you follow the user now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Followed {
    /// Whether you follow them.
    #[serde(default)]
    pub following: bool,
    /// Whether they must allow it first; only in the answer to a follow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending_follow: Option<bool>,
}

/// Whether you like the post now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Liked {
    /// Whether you like it.
    #[serde(default)]
    pub liked: bool,
}

/// Whether the reply is hidden now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hidden {
    /// Whether it is hidden.
    #[serde(default)]
    pub hidden: bool,
}

/// Whether the user is muted now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Muted {
    /// Whether you mute them.
    #[serde(default)]
    pub muting: bool,
}

/// Whether the user is blocked now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blocked {
    /// Whether you block them.
    #[serde(default)]
    pub blocking: bool,
}

/// Whether the post is bookmarked now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bookmarked {
    /// Whether you have bookmarked it.
    #[serde(default)]
    pub bookmarked: bool,
}

/// Whether you have reposted the post now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reposted {
    /// Whether your repost stands.
    #[serde(rename = "retweeted", alias = "reposted")]
    pub reposted: bool,
    /// The id of the repost, where X gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rest_id: Option<PostId>,
}
