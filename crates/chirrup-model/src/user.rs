//! Users and their parts.

use serde::{Deserialize, Serialize};

use crate::entities::UserEntities;
use crate::id::{PostId, UserId};
use crate::into_param::id_of;
use crate::optional_list::OptionalList;
use crate::post::Withheld;
use crate::response_data::ResponseData;
use crate::time::Timestamp;
use crate::{wire_enum, wire_struct};

/// A user of API v2.
///
/// `id`, `name` and `username` are always present. Every other field is present only if it was requested with
/// `user_fields` and has a value.
///
/// `==` compares every field, so the same user with other fields differs. Compare the IDs, or the handles that `client.user(&user)` returns, to tell whether it is
/// the same user.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct User {
    /// ID of the user.
    pub id: UserId,
    /// Display name of the user.
    pub name: String,
    /// Username of the user, without the `@`.
    pub username: String,
    /// Creation time of the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// Description in the profile, also called bio.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Links, hashtags and mentions of the profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entities: Option<UserEntities>,
    /// Location in the profile, which is free text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// ID of the newest post of the user.
    #[serde(rename = "most_recent_tweet_id", alias = "most_recent_post_id", skip_serializing_if = "Option::is_none")]
    pub most_recent_post_id: Option<PostId>,
    /// ID of the post that is pinned to the profile.
    #[serde(rename = "pinned_tweet_id", alias = "pinned_post_id", skip_serializing_if = "Option::is_none")]
    pub pinned_post_id: Option<PostId>,
    /// URL of the profile image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile_image_url: Option<String>,
    /// URL of the profile banner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile_banner_url: Option<String>,
    /// Whether only followers can see the posts of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protected: Option<bool>,
    /// Metrics that everyone can see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_metrics: Option<UserMetrics>,
    /// URL in the profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Whether the user is verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verified: Option<bool>,
    /// Kind of the verification.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verified_type: Option<VerifiedType>,
    /// Number of verified followers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verified_followers_count: Option<u64>,
    /// Number of followers who were active recently.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active_follower_count: Option<u64>,
    /// Number of paying subscribers of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscriber_count: Option<u64>,
    /// Relations to the authenticated user: `following`, `followed_by`, `blocking`, `muting` and others.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub connection_status: OptionalList<String>,
    /// Organization that the user is affiliated with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub affiliation: Option<Affiliation>,
    /// Whether the identity of the user is verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_identity_verified: Option<bool>,
    /// Whether the account is marked as a parody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parody: Option<bool>,
    /// Whether the user accepts direct messages of the authenticated user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receives_your_dm: Option<bool>,
    /// Whether the user subscribes to the authenticated user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscribes_to_you: Option<bool>,
    /// Subscription to the authenticated user, in the [`Tweet`](crate::Dialect::Tweet) dialect only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscription: Option<Subscription>,
    /// X Premium plan of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscription_type: Option<String>,
    /// Confirmed email address of the authenticated user, if the app may see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmed_email: Option<String>,
    /// Countries in which the user is withheld.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withheld: Option<Withheld>,
}

impl ResponseData for User {}

id_of! { User: UserId }

impl User {
    /// Creates a user who has nothing but an ID, a display name and a username.
    pub fn new(id: impl Into<UserId>, name: impl Into<String>, username: impl Into<String>) -> Self {
        Self { id: id.into(), name: name.into(), username: username.into(), ..Self::default() }
    }
}

/// Metrics of a user that everyone can see.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct UserMetrics {
    /// Number of followers of the user.
    pub followers_count: u64,
    /// Number of users that the user follows.
    pub following_count: u64,
    /// Number of posts of the user.
    #[serde(rename = "tweet_count", alias = "post_count")]
    pub post_count: u64,
    /// Number of lists that contain the user.
    pub listed_count: u64,
    /// Number of likes that the user gave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub like_count: Option<u64>,
    /// Number of media files that the user posted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_count: Option<u64>,
}

wire_enum! {
    /// Kind of the verification of a user.
    VerifiedType {
        /// Verification of an X Premium subscriber.
        Blue = "blue",
        /// Verification of a business.
        Business = "business",
        /// Verification of a government.
        Government = "government",
        /// No verification of the user.
        None = "none",
    }
}

/// Organization that a user is affiliated with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Affiliation {
    /// URL of the badge of the organization.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub badge_url: Option<String>,
    /// Name of the organization.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// URL of the organization.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// IDs of the accounts of the organization.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub user_id: OptionalList<UserId>,
}

wire_struct! {
    /// Subscription of a user to the authenticated user.
    Subscription {
        ;
        /// Whether the user subscribes to the authenticated user.
        subscribes_to_you: bool,
    }
}
