//! Responses to writes.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::id::{CommunityId, PostId};
use crate::into_param::id_of;
use crate::optional_list::OptionalList;
use crate::response_data::ResponseData;

/// Response to the creation of a post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Created {
    /// ID of the new post.
    pub id: PostId,
    /// Text of the new post, as X stored it.
    pub text: String,
    /// IDs of all versions of the post, this one last.
    #[serde(
        default,
        rename = "edit_history_tweet_ids",
        alias = "edit_history_post_ids",
        skip_serializing_if = "OptionalList::is_absent"
    )]
    pub edit_history_post_ids: OptionalList<PostId>,
    /// ID of the community that the post was created in, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub community_id: Option<CommunityId>,
}

impl ResponseData for Created {}

/// Response to a deletion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Deleted {
    /// Whether the object was deleted.
    #[serde(default)]
    pub deleted: bool,
}

impl ResponseData for Deleted {}

/// Response to following or unfollowing a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Followed {
    /// Whether the authenticated user now follows the user.
    #[serde(default)]
    pub following: bool,
    /// Whether the user has to accept the request first; present only after a follow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending_follow: Option<bool>,
}

impl ResponseData for Followed {}

/// Response to liking or unliking a post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Liked {
    /// Whether the authenticated user now likes the post.
    #[serde(default)]
    pub liked: bool,
}

impl ResponseData for Liked {}

/// Response to hiding or unhiding a reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Hidden {
    /// Whether the reply is now hidden.
    #[serde(default)]
    pub hidden: bool,
}

impl ResponseData for Hidden {}

/// Response to muting or unmuting a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Muted {
    /// Whether the authenticated user now mutes the user.
    #[serde(default)]
    pub muting: bool,
}

impl ResponseData for Muted {}

/// Response to blocking or unblocking a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Blocked {
    /// Whether the authenticated user now blocks the user.
    #[serde(default)]
    pub blocking: bool,
}

impl ResponseData for Blocked {}

/// Response to adding or removing bookmarks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Bookmarked {
    /// Whether the post is now bookmarked; in the response for several posts, whether all of them are.
    pub bookmarked: bool,
    /// State of each post, in the response for several posts.
    pub posts: OptionalList<BookmarkedState>,
}

/// Whether a post is bookmarked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BookmarkedState {
    /// ID of the post.
    #[serde(rename = "tweet_id", alias = "post_id")]
    pub post_id: PostId,
    /// Whether the post is now bookmarked.
    #[serde(default)]
    pub bookmarked: bool,
}

/// The two forms of the response: an object for one post, a list for several.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum BookmarkedForm {
    Several(Vec<BookmarkedState>),
    One {
        #[serde(default)]
        bookmarked: bool,
    },
}

impl Serialize for Bookmarked {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.posts.is_absent() {
            BookmarkedForm::One { bookmarked: self.bookmarked }.serialize(serializer)
        } else {
            self.posts.serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Bookmarked {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match BookmarkedForm::deserialize(deserializer)? {
            BookmarkedForm::One { bookmarked } => Self { bookmarked, posts: OptionalList::default() },
            BookmarkedForm::Several(posts) => {
                Self { bookmarked: !posts.is_empty() && posts.iter().all(|post| post.bookmarked), posts: posts.into() }
            }
        })
    }
}

impl ResponseData for Bookmarked {}

/// Response to reposting a post or undoing a repost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Reposted {
    /// Whether the post is now reposted by the authenticated user.
    #[serde(rename = "retweeted", alias = "reposted")]
    pub reposted: bool,
    /// ID of the repost, if X sent it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rest_id: Option<PostId>,
}

impl ResponseData for Reposted {}

id_of! { Created: PostId }
