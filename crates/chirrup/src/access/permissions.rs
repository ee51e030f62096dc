//! What a client may do: its level, the allowed verbs and accounts, and the number of writes per hour.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// Number of writes per hour of a client whose access sets no other limit.
const DEFAULT_PER_HOUR: usize = 10;

/// A name that is not one of the known ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidName {
    expected: String,
}

impl fmt::Display for InvalidName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected one of {}", self.expected)
    }
}

impl std::error::Error for InvalidName {}

/// Declares an enum whose variants have names.
macro_rules! named {
    ($(#[$about:meta])* $type:ident { $($(#[$doc:meta])* $variant:ident = $name:literal,)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $type { $($(#[$doc])* $variant,)* }

        impl $type {
            /// All values, in the order of their declaration.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Returns the name of the value in settings and messages.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }

        impl FromStr for $type {
            type Err = InvalidName;
            fn from_str(text: &str) -> Result<Self, InvalidName> {
                let found = Self::ALL.iter().copied().find(|value| value.name() == text);
                let names = || Self::ALL.iter().map(|value| value.name()).collect::<Vec<_>>().join(", ");
                found.ok_or_else(|| InvalidName { expected: names() })
            }
        }
    };
}

named! {
    /// The level of an [`Access`]: each includes those before it.
    Level {
        /// The client reads single pages only.
        Look = "look",
        /// The client also writes, by the allowed verbs.
        Write = "write",
        /// The client also reads streams and the full archive, which X bills by the item and without a known end.
        Spend = "spend",
    }
}

named! {
    /// A kind of write that an [`Access`] allows. Writes of other kinds, such as those to lists, are never allowed.
    Verb {
        /// Create a new post.
        Post = "post",
        /// Reply to a post.
        Reply = "reply",
        /// Quote a post in a new one.
        Quote = "quote",
        /// Delete a post of the account.
        Delete = "delete",
        /// Like and unlike posts.
        Like = "like",
        /// Repost, and undo reposts.
        Repost = "repost",
        /// Follow and unfollow users.
        Follow = "follow",
        /// Read and, from the level `write`, send direct messages.
        Message = "message",
        /// Add and delete the rules of the filtered stream.
        Rules = "rules",
        /// Upload images and videos.
        Media = "media",
    }
}

/// Permissions of a client, for programs that others control, such as agents.
///
/// A call beyond them is not sent and fails with [`ErrorKind::NotAllowed`](crate::ErrorKind::NotAllowed), whichever method makes
/// it. That includes routes that the endpoint table does not have. A client with an access has a budget of one dollar per run,
/// unless [`ClientBuilder::budget`](crate::ClientBuilder::budget) sets another one.
///
/// ```
/// # #[cfg(feature = "sandbox")]
/// # fn main() -> Result<(), chirrup::Error> {
/// use chirrup::{Access, Client, ErrorKind, Verb};
///
/// let client = Client::builder().access(Access::write().allow([Verb::Like]).per_hour(1)).sandbox()?;
/// client.like(20).wait()?;
/// assert_eq!(client.unlike(20).wait().map(drop).unwrap_err().kind(), ErrorKind::RateLimited);
/// assert_eq!(client.create_post().text("hello").wait().map(drop).unwrap_err().kind(), ErrorKind::NotAllowed);
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "sandbox"))]
/// # fn main() {}
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Access {
    level: Level,
    verbs: BTreeSet<Verb>,
    pub(super) accounts: Vec<String>,
    pub(super) per_hour: usize,
}

impl Access {
    /// Creates the permissions of a level: the verbs `post`, `reply` and `quote`, any account, and 10 writes per hour.
    pub fn new(level: Level) -> Self {
        Self {
            level,
            verbs: [Verb::Post, Verb::Reply, Verb::Quote].into(),
            accounts: Vec::new(),
            per_hour: DEFAULT_PER_HOUR,
        }
    }

    /// Creates permissions to read single pages.
    pub fn look() -> Self {
        Self::new(Level::Look)
    }

    /// Creates permissions to read single pages and to write.
    pub fn write() -> Self {
        Self::new(Level::Write)
    }

    /// Creates permissions to read single pages, streams and the full archive, and to write.
    pub fn spend() -> Self {
        Self::new(Level::Spend)
    }

    /// Sets the allowed verbs. The default is `post`, `reply` and `quote`.
    pub fn allow(mut self, verbs: impl IntoIterator<Item = Verb>) -> Self {
        self.verbs = verbs.into_iter().collect();
        self
    }

    /// Sets the usernames that the client may write as. The default is any: the account of the credentials. The client
    /// requests the name of its account before its first write.
    pub fn accounts(mut self, usernames: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let names = usernames.into_iter().map(Into::into);
        self.accounts = names.map(|name: String| name.trim_start_matches('@').to_ascii_lowercase()).collect();
        self
    }

    /// Sets the maximum number of writes in any hour. Uploads are not counted. The default is 10.
    pub fn per_hour(mut self, writes: usize) -> Self {
        self.per_hour = writes;
        self
    }

    /// Returns the level of the permissions.
    pub fn level(&self) -> Level {
        self.level
    }

    /// Returns whether the level is this one or a higher one.
    pub fn has(&self, level: Level) -> bool {
        self.level >= level
    }

    /// Returns whether the verb is among the allowed ones, whatever the level.
    pub fn allows(&self, verb: Verb) -> bool {
        self.verbs.contains(&verb)
    }

    /// Returns whether the client may write as this user.
    pub fn allows_account(&self, username: &str) -> bool {
        self.accounts.is_empty() || self.accounts.contains(&username.to_ascii_lowercase())
    }

    /// Returns the allowed verbs.
    pub fn verbs(&self) -> impl Iterator<Item = Verb> + '_ {
        self.verbs.iter().copied()
    }

    /// Returns the names of the allowed verbs for a message.
    pub(super) fn verb_names(&self) -> String {
        self.verbs().map(Verb::name).collect::<Vec<_>>().join(", ")
    }
}
