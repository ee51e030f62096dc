//! Users, lists and relationships of API v1.1.

use serde_json::Value as Json;

use super::status::{Status, Url};
use crate::id::{ListId, UserId};
use crate::into_param::id_of;
use crate::time::Timestamp;
use crate::wire_struct;

wire_struct! {
    /// A user of API v1.1.
    User {
        /// ID of the user.
        id: UserId,
        ;
        /// Display name of the user.
        name: String,
        /// Username of the user, without the `@`.
        screen_name: String,
        /// Creation time of the account.
        created_at: Timestamp,
        /// Description in the profile, also called bio.
        description: String,
        /// Location in the profile, which is free text.
        location: String,
        /// URL in the profile.
        url: String,
        /// Links of the profile.
        entities: UserEntities,
        /// Whether only followers can see the statuses of the user.
        protected: bool,
        /// Whether the user is verified.
        verified: bool,
        /// Number of followers of the user.
        followers_count: u64,
        /// Number of users that the user follows.
        friends_count: u64,
        /// Number of lists that contain the user.
        listed_count: u64,
        /// Number of statuses that the user likes.
        favourites_count: u64,
        /// Number of statuses of the user.
        statuses_count: u64,
        /// Time zone of the user as an offset from UTC, in seconds; X no longer sends one.
        utc_offset: i64,
        /// Name of the time zone of the user; X no longer sends one.
        time_zone: String,
        /// Language of the user; X no longer sends one.
        lang: String,
        /// Whether statuses of the user can have a location.
        geo_enabled: bool,
        /// Whether the user is a translator of X.
        is_translator: bool,
        /// Whether the translation of statuses is enabled for the user.
        is_translation_enabled: bool,
        /// Kind of translator: `none`, `regular`, `badged` or others.
        translator_type: String,
        /// Whether the account allows other users to contribute.
        contributors_enabled: bool,
        /// Whether the account is suspended.
        suspended: bool,
        /// Whether the user has to verify a telephone number.
        needs_phone_verification: bool,
        /// Whether the profile has more content than the basic one.
        has_extended_profile: bool,
        /// URL of the profile image over plain HTTP.
        profile_image_url: String,
        /// URL of the profile image.
        profile_image_url_https: String,
        /// URL of the profile banner.
        profile_banner_url: String,
        /// Color of links in the profile.
        profile_link_color: String,
        /// Background color of the profile.
        profile_background_color: String,
        /// URL of the background image over plain HTTP.
        profile_background_image_url: String,
        /// URL of the background image.
        profile_background_image_url_https: String,
        /// Whether the background image is repeated.
        profile_background_tile: bool,
        /// Whether the profile shows its background image.
        profile_use_background_image: bool,
        /// Color of the borders in the profile.
        profile_sidebar_border_color: String,
        /// Color of filled areas in the profile.
        profile_sidebar_fill_color: String,
        /// Color of text in the profile.
        profile_text_color: String,
        /// Place of the profile, as an object.
        profile_location: Json,
        /// Whether the colors and images of the profile are the default ones.
        default_profile: bool,
        /// Whether the profile image is the default one.
        default_profile_image: bool,
        /// Whether the authenticated user follows the user.
        following: bool,
        /// Whether the authenticated user requested to follow the user.
        follow_request_sent: bool,
        /// Whether the authenticated user is notified of statuses of the user.
        notifications: bool,
        /// Whether the authenticated user follows live video of the user.
        live_following: bool,
        /// Whether the authenticated user mutes the user.
        muting: bool,
        /// Whether the authenticated user blocks the user.
        blocking: bool,
        /// Whether the user blocks the authenticated user.
        blocked_by: bool,
        /// Newest status of the user.
        status: Box<Status>,
        /// ISO 3166-1 alpha-2 codes of the countries in which the user is withheld.
        withheld_in_countries: Vec<String>,
        /// What is withheld in these countries: `user`.
        withheld_scope: String,
        /// Email address, in the response of `verify_credentials` with `include_email` only.
        email: String,
    }

    /// Links of the profile of a user.
    UserEntities {
        ;
        /// Links of the URL.
        url: UserUrls,
        /// Links of the description.
        description: UserUrls,
    }

    /// Links of one field of a profile.
    UserUrls {
        ;
        /// Links of the field.
        urls: Vec<Url>,
    }

    /// A page of users, with cursors.
    UserPage {
        /// Items of the page.
        users: Vec<User>,
        ;
        /// Cursor of the next page; `0` on the last page.
        next_cursor_str: String,
        /// Cursor of the previous page; `0` on the first page.
        previous_cursor_str: String,
    }

    /// A page of user IDs, with cursors.
    IdPage {
        /// Items of the page.
        ids: Vec<UserId>,
        ;
        /// Cursor of the next page; `0` on the last page.
        next_cursor_str: String,
        /// Cursor of the previous page; `0` on the first page.
        previous_cursor_str: String,
    }

    /// A list of API v1.1.
    List {
        /// ID of the list.
        id: ListId,
        ;
        /// Name of the list.
        name: String,
        /// Slug: the name of the list in URLs.
        slug: String,
        /// Username of the owner and slug, separated by a slash.
        full_name: String,
        /// Description of the list.
        description: String,
        /// Visibility of the list: `public` or `private`.
        mode: String,
        /// Creation time of the list.
        created_at: Timestamp,
        /// Number of members of the list.
        member_count: u64,
        /// Number of subscribers of the list.
        subscriber_count: u64,
        /// Whether the authenticated user subscribes to the list.
        following: bool,
        /// Path of the list on the website.
        uri: String,
        /// Owner of the list.
        user: Box<User>,
    }

    /// A page of lists, with cursors.
    ListPage {
        /// Items of the page.
        lists: Vec<List>,
        ;
        /// Cursor of the next page; `0` on the last page.
        next_cursor_str: String,
        /// Cursor of the previous page; `0` on the first page.
        previous_cursor_str: String,
    }

    /// Relationship of two users.
    Friendship {
        /// The two users, seen from each side.
        relationship: Relationship,
    }

    /// Relationship of two users.
    Relationship {
        /// The first user, in relation to the second.
        source: RelationshipUser,
        /// The second user, in relation to the first.
        target: RelationshipUser,
    }

    /// One of the two users of a relationship.
    RelationshipUser {
        /// ID of the user.
        id: UserId,
        ;
        /// Username of the user, without the `@`.
        screen_name: String,
        /// Whether the user follows the other.
        following: bool,
        /// Whether the other follows the user.
        followed_by: bool,
        /// Whether the user requested to follow the other.
        following_requested: bool,
        /// Whether the other requested to follow the user.
        following_received: bool,
        /// Whether the user follows live video of the other.
        live_following: bool,
        /// Whether the user can send direct messages to the other.
        can_dm: bool,
        /// Whether the user blocks the other.
        blocking: bool,
        /// Whether the other blocks the user.
        blocked_by: bool,
        /// Whether the user mutes the other.
        muting: bool,
        /// Whether the user sees retweets of the other.
        want_retweets: bool,
        /// Whether the user is notified of statuses of the other.
        notifications_enabled: bool,
        /// Whether the user reported the other for spam.
        marked_spam: bool,
        /// Whether the user sees all replies of the other.
        all_replies: Json,
    }

    /// Connections of the authenticated user to a user.
    UserConnections {
        /// ID of the user.
        id: UserId,
        /// Connections: `following`, `following_requested`, `followed_by`, `none`, `blocking` or `muting`.
        connections: Vec<String>,
        ;
        /// Display name of the user.
        name: String,
        /// Username of the user, without the `@`.
        screen_name: String,
    }
}

id_of! { User: UserId, List: ListId }
