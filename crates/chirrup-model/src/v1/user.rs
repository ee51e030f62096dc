//! A user, a list, and how users stand to each other.

use serde_json::Value as Json;

use super::status::{Status, Url};
use crate::id::{ListId, UserId};
use crate::into_param::id_of;
use crate::time::Timestamp;
use crate::wire_struct;

wire_struct! {
    /// A user.
    User {
        /// Their id.
        id: UserId,
        ;
        /// The name that they show.
        name: String,
        /// The name after the `@`.
        screen_name: String,
        /// When they joined.
        created_at: Timestamp,
        /// What they say of themselves.
        description: String,
        /// Where they say they are.
        location: String,
        /// Their address on the web.
        url: String,
        /// Links of the profile.
        entities: UserEntities,
        /// Whether only followers may read them.
        protected: bool,
        /// Whether they carry a mark.
        verified: bool,
        /// How many follow them.
        followers_count: u64,
        /// How many they follow.
        friends_count: u64,
        /// On how many lists they are.
        listed_count: u64,
        /// How much they like.
        favourites_count: u64,
        /// How much they have written.
        statuses_count: u64,
        /// Their picture.
        profile_image_url_https: String,
        /// The picture above their profile.
        profile_banner_url: String,
        /// The colour of their links.
        profile_link_color: String,
        /// The colour behind their page.
        profile_background_color: String,
        /// Whether they have a picture of their own.
        default_profile_image: bool,
        /// Whether you follow them.
        following: bool,
        /// Whether you have asked to.
        follow_request_sent: bool,
        /// Whether you mute them.
        muting: bool,
        /// Whether you block them.
        blocking: bool,
        /// Their newest status.
        status: Box<Status>,
        /// Where they are withheld.
        withheld_in_countries: Vec<String>,
    }

    /// Links of a profile.
    UserEntities {
        ;
        /// Those of the address.
        url: UserUrls,
        /// Those of the description.
        description: UserUrls,
    }

    /// Links.
    UserUrls {
        ;
        /// They.
        urls: Vec<Url>,
    }

    /// A page of users.
    UserPage {
        /// They.
        users: Vec<User>,
        ;
        /// The next page; `0` after the last.
        next_cursor_str: String,
        /// The page before; `0` before the first.
        previous_cursor_str: String,
    }

    /// A page of ids.
    IdPage {
        /// They.
        ids: Vec<UserId>,
        ;
        /// The next page; `0` after the last.
        next_cursor_str: String,
        /// The page before; `0` before the first.
        previous_cursor_str: String,
    }

    /// A list.
    List {
        /// Its id.
        id: ListId,
        ;
        /// Its name.
        name: String,
        /// Its name in addresses.
        slug: String,
        /// The owner and the name in addresses.
        full_name: String,
        /// What it is for.
        description: String,
        /// `public` or `private`.
        mode: String,
        /// When it was made.
        created_at: Timestamp,
        /// How many are on it.
        member_count: u64,
        /// How many follow it.
        subscriber_count: u64,
        /// Whether you follow it.
        following: bool,
        /// Its path on the web.
        uri: String,
        /// Whose it is.
        user: Box<User>,
    }

    /// A page of lists.
    ListPage {
        /// They.
        lists: Vec<List>,
        ;
        /// The next page; `0` after the last.
        next_cursor_str: String,
        /// The page before; `0` before the first.
        previous_cursor_str: String,
    }

    /// How two users stand to each other.
    Friendship {
        /// They.
        relationship: Relationship,
    }

    /// How two users stand to each other.
    Relationship {
        /// The one.
        source: RelationshipUser,
        /// The other.
        target: RelationshipUser,
    }

    /// One end of a friendship.
    RelationshipUser {
        /// Who.
        id: UserId,
        ;
        /// The name after the `@`.
        screen_name: String,
        /// Whether they follow the other.
        following: bool,
        /// Whether the other follows them.
        followed_by: bool,
        /// Whether they have asked to follow.
        following_requested: bool,
        /// Whether they can write to the other.
        can_dm: bool,
        /// Whether they block the other.
        blocking: bool,
        /// Whether the other blocks them.
        blocked_by: bool,
        /// Whether they mute the other.
        muting: bool,
        /// Whether they want to see what the other repeats.
        want_retweets: bool,
        /// Whether they are told of what the other writes.
        notifications_enabled: bool,
        /// Whether they have reported the other.
        marked_spam: bool,
        /// All of the replies.
        all_replies: Json,
    }

    /// How you stand to a user.
    UserConnections {
        /// Who.
        id: UserId,
        /// The words for it: `following`, `following_requested`, `followed_by`, `none`, `blocking`, `muting`.
        connections: Vec<String>,
        ;
        /// The name that they show.
        name: String,
        /// The name after the `@`.
        screen_name: String,
    }
}

id_of! { User: UserId, List: ListId }
