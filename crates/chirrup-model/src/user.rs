//! A user.

use serde::{Deserialize, Serialize};

use crate::entities::UserEntities;
use crate::id::{PostId, UserId};
use crate::into_param::id_of;
use crate::optional_list::OptionalList;
use crate::post::Withheld;
use crate::response_data::ResponseData;
use crate::time::Timestamp;
use crate::wire_struct;

/// A user, as v2 shows it.
///
/// `id`, `name` and `username` are always there; every other field only if it was asked for and has a value.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct User {
    /// Their id.
    pub id: UserId,
    /// The name that they show.
    pub name: String,
    /// The name after the `@`, without it.
    pub username: String,
    /// When they joined.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// What they say of themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Links and tags of the profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entities: Option<UserEntities>,
    /// Where they say they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// Their newest post.
    #[serde(rename = "most_recent_tweet_id", alias = "most_recent_post_id", skip_serializing_if = "Option::is_none")]
    pub most_recent_post_id: Option<PostId>,
    /// The post at the top of their profile.
    #[serde(rename = "pinned_tweet_id", alias = "pinned_post_id", skip_serializing_if = "Option::is_none")]
    pub pinned_post_id: Option<PostId>,
    /// Their picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile_image_url: Option<String>,
    /// The picture behind their profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile_banner_url: Option<String>,
    /// Whether only followers may read them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protected: Option<bool>,
    /// Counts that all may see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_metrics: Option<UserMetrics>,
    /// Their address on the web.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Whether they carry a mark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verified: Option<bool>,
    /// Which mark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verified_type: Option<VerifiedType>,
    /// How many followers with a mark they have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verified_followers_count: Option<u64>,
    /// How you stand to each other: `following`, `followed_by`, `blocking`, `muting`, ….
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub connection_status: OptionalList<String>,
    /// The organisation that they belong to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub affiliation: Option<Affiliation>,
    /// Whether their identity was checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_identity_verified: Option<bool>,
    /// Whether the account says it is a parody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parody: Option<bool>,
    /// Whether you may write to them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receives_your_dm: Option<bool>,
    /// Whether they pay to read you.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscribes_to_you: Option<bool>,
    /// The same, as the older dialect has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscription: Option<Subscription>,
    /// Which paid plan they have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscription_type: Option<String>,
    /// Your own address, if the app may see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmed_email: Option<String>,
    /// Where they may not be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withheld: Option<Withheld>,
}

impl ResponseData for User {}

wire_struct! {
    /// What a user pays for.
    Subscription {
        ;
        /// Whether they pay to read you.
        subscribes_to_you: bool,
    }
}

/// Counts of a user that all may see.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct UserMetrics {
    /// Users who follow them.
    pub followers_count: u64,
    /// Users whom they follow.
    pub following_count: u64,
    /// Posts.
    #[serde(rename = "tweet_count", alias = "post_count")]
    pub post_count: u64,
    /// Lists that they are on.
    pub listed_count: u64,
    /// Likes that they gave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub like_count: Option<u64>,
    /// Media that they posted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_count: Option<u64>,
}

/// Which mark a user carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum VerifiedType {
    /// A paid plan.
    Blue,
    /// A business.
    Business,
    /// A government.
    Government,
    /// No mark.
    None,
    /// One that this version does not know.
    #[serde(untagged)]
    Other(String),
}

/// The organisation that a user belongs to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Affiliation {
    /// Its badge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub badge_url: Option<String>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Its accounts.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub user_id: OptionalList<UserId>,
}

id_of! { User: UserId }
