//! Scopes: what a user lets an app do, with OAuth 2.0.

use std::fmt;
use std::str::FromStr;

macro_rules! scopes {
    ($($(#[$doc:meta])+ $name:ident = $word:literal,)+) => {
        /// One thing that a user lets an app do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Scope {
            $($(#[$doc])+ #[doc = concat!("\n`", $word, "`")] $name,)+
        }

        impl Scope {
            /// Every scope there is.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The word on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)+ }
            }
        }
    };
}

scopes! {
    /// See whom the user has blocked.
    BlockRead = "block.read",
    /// Block and unblock for the user.
    BlockWrite = "block.write",
    /// See the user's bookmarks.
    BookmarkRead = "bookmark.read",
    /// Set and remove bookmarks.
    BookmarkWrite = "bookmark.write",
    /// See the user's broadcasts.
    BroadcastRead = "broadcast.read",
    /// Plan and begin broadcasts, and write into their chat.
    BroadcastWrite = "broadcast.write",
    /// Read the user's messages.
    DmRead = "dm.read",
    /// Send and delete messages.
    DmWrite = "dm.write",
    /// See whom the user follows, and who follows them.
    FollowsRead = "follows.read",
    /// Follow and unfollow.
    FollowsWrite = "follows.write",
    /// See what the user likes.
    LikeRead = "like.read",
    /// Like, and take likes back.
    LikeWrite = "like.write",
    /// See lists, private ones too.
    ListRead = "list.read",
    /// Make, change and delete lists.
    ListWrite = "list.write",
    /// Upload media.
    MediaWrite = "media.write",
    /// See whom the user has muted.
    MuteRead = "mute.read",
    /// Mute and unmute.
    MuteWrite = "mute.write",
    /// Go on while the user is away: a refresh token comes with the access token.
    OfflineAccess = "offline.access",
    /// See Spaces.
    SpaceRead = "space.read",
    /// Read the home timeline.
    TimelineRead = "timeline.read",
    /// Hide replies to the user's posts.
    TweetModerateWrite = "tweet.moderate.write",
    /// Read posts.
    TweetRead = "tweet.read",
    /// Write and delete posts.
    TweetWrite = "tweet.write",
    /// See users.
    UsersRead = "users.read",
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a text is no scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidScope(String);

impl fmt::Display for InvalidScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no scope; scopes are such as tweet.read and users.read", self.0)
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
