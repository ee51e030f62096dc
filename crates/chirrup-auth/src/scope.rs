//! OAuth 2.0 scopes: the permissions that a user grants to an app.

use std::fmt;
use std::str::FromStr;

macro_rules! scopes {
    ($($(#[$doc:meta])+ $name:ident = $word:literal,)+) => {
        /// OAuth 2.0 scope: one permission that a user grants to an app.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Scope {
            $($(#[$doc])+ #[doc = concat!("\n`", $word, "` on the wire.")] $name,)+
        }

        impl Scope {
            /// Every scope, in alphabetical order of the names.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// Returns the name of the scope on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)+ }
            }
        }
    };
}

scopes! {
    /// Read the users that the user blocks.
    BlockRead = "block.read",
    /// Block and unblock users.
    BlockWrite = "block.write",
    /// Read the user's bookmarks.
    BookmarkRead = "bookmark.read",
    /// Create and remove bookmarks.
    BookmarkWrite = "bookmark.write",
    /// Read the user's broadcasts.
    BroadcastRead = "broadcast.read",
    /// Schedule and start broadcasts, and write to their chat.
    BroadcastWrite = "broadcast.write",
    /// Join and leave calls.
    CallsJoin = "calls.join",
    /// Read the user's calls and scheduled calls.
    CallsRead = "calls.read",
    /// Create calls, and schedule, update, cancel and answer scheduled calls.
    CallsWrite = "calls.write",
    /// Read the user's developer account and its usage.
    DeveloperRead = "developer.read",
    /// Change the user's developer account.
    DeveloperWrite = "developer.write",
    /// Read the user's direct messages.
    DmRead = "dm.read",
    /// Send and delete direct messages.
    DmWrite = "dm.write",
    /// Read the users that the user follows and their followers.
    FollowsRead = "follows.read",
    /// Follow and unfollow users.
    FollowsWrite = "follows.write",
    /// Read the posts that the user likes.
    LikeRead = "like.read",
    /// Like and unlike posts.
    LikeWrite = "like.write",
    /// Read the user's lists, including private ones.
    ListRead = "list.read",
    /// Create, update and delete lists.
    ListWrite = "list.write",
    /// Read the user's media library.
    MediaLibraryRead = "media.library.read",
    /// Change the user's media library.
    MediaLibraryWrite = "media.library.write",
    /// Upload images and videos.
    MediaWrite = "media.write",
    /// Read the users that the user mutes.
    MuteRead = "mute.read",
    /// Mute and unmute users.
    MuteWrite = "mute.write",
    /// Stay logged in while the user is away: X issues a refresh token with the access token.
    OfflineAccess = "offline.access",
    /// Read the user's saved searches.
    SavedSearchRead = "saved_search.read",
    /// Create and delete saved searches.
    SavedSearchWrite = "saved_search.write",
    /// Read the user's settings.
    SettingsRead = "settings.read",
    /// Change the user's settings.
    SettingsWrite = "settings.write",
    /// Read Spaces and their participants.
    SpaceRead = "space.read",
    /// Read the user's home timeline.
    TimelineRead = "timeline.read",
    /// Hide replies to the user's posts.
    TweetModerateWrite = "tweet.moderate.write",
    /// Read the posts that the user can see.
    TweetRead = "tweet.read",
    /// Create and delete posts.
    TweetWrite = "tweet.write",
    /// Read the profiles of users.
    UsersRead = "users.read",
    /// Change the user's profile.
    UsersWrite = "users.write",
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Error for a text that is not the name of a scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidScope(String);

impl fmt::Display for InvalidScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a scope: expected a name such as tweet.read or users.read", self.0)
    }
}

impl std::error::Error for InvalidScope {}

impl FromStr for Scope {
    type Err = InvalidScope;
    fn from_str(text: &str) -> Result<Self, InvalidScope> {
        let found = Self::ALL.iter().find(|scope| scope.as_str() == text);
        found.copied().ok_or_else(|| InvalidScope(text.chars().take(60).collect()))
    }
}
