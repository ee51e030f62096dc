//! What an agent may do: level, verbs, accounts and limits. They are given at the start, and no tool changes them.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use chirrup::{Budget, Cost};

/// Budget of a server that is started without one, in millionths of a dollar.
const DEFAULT_BUDGET: u64 = 1_000_000;
/// Number of writes per hour of a server that is started without a limit.
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
        pub enum $type { $($(#[$doc])* $variant,)* }

        impl $type {
            /// All values, in the order of their declaration.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Returns the name of the value on the command line and in answers.
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
    /// The level of a server: each includes those before it.
    Level {
        /// Read single pages within the budget. The default.
        Look = "look",
        /// Draft and publish, with a confirmation for each write.
        Write = "write",
        /// Read streams and the full archive, which X bills by the item and without a known end.
        Spend = "spend",
    }
}

named! {
    /// A kind of write that a server may allow.
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
        /// Read and send direct messages.
        Message = "message",
        /// Add and delete the rules of the filtered stream.
        Rules = "rules",
        /// Upload images and videos from the media folder.
        Media = "media",
    }
}

/// The permissions and limits of a server.
#[derive(Debug, Clone)]
#[must_use]
pub struct Access {
    level: Level,
    verbs: BTreeSet<Verb>,
    accounts: Vec<String>,
    budget: Cost,
    per_hour: usize,
    media_folder: Option<PathBuf>,
    archives: Vec<PathBuf>,
    needs_approval: bool,
}

impl Access {
    /// Creates the permissions of a level. The defaults are the verbs `post`, `reply` and `quote`, any account, a budget of one
    /// dollar, 10 writes per hour, no folder for media, and no archive.
    pub fn new(level: Level) -> Self {
        Self {
            level,
            verbs: [Verb::Post, Verb::Reply, Verb::Quote].into(),
            accounts: Vec::new(),
            budget: Cost::from_micros(DEFAULT_BUDGET),
            per_hour: DEFAULT_PER_HOUR,
            media_folder: None,
            archives: Vec::new(),
            needs_approval: false,
        }
    }

    /// Sets the allowed verbs. The default is `post`, `reply` and `quote`.
    pub fn verbs(mut self, verbs: impl IntoIterator<Item = Verb>) -> Self {
        self.verbs = verbs.into_iter().collect();
        self
    }

    /// Sets the usernames that the server may write as. The default is any: the account of the credentials.
    pub fn accounts(mut self, usernames: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let names = usernames.into_iter().map(Into::into);
        self.accounts = names.map(|name: String| name.trim_start_matches('@').to_ascii_lowercase()).collect();
        self
    }

    /// Sets the budget for the lifetime of the server. The default is one dollar.
    pub fn budget(mut self, limit: Cost) -> Self {
        self.budget = limit;
        self
    }

    /// Sets the maximum number of writes in any hour. The default is 10.
    pub fn per_hour(mut self, writes: usize) -> Self {
        self.per_hour = writes;
        self
    }

    /// Sets the folder whose files may be uploaded. Without one, nothing is uploaded.
    pub fn media_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.media_folder = Some(folder.into());
        self
    }

    /// Sets the files with stored posts that are offered as resources. The default is none.
    pub fn archives(mut self, files: impl IntoIterator<Item = PathBuf>) -> Self {
        self.archives = files.into_iter().collect();
        self
    }

    /// Refuses to publish for clients that cannot ask their user. By default, the confirmation code suffices for them.
    pub fn require_approval(mut self) -> Self {
        self.needs_approval = true;
        self
    }

    /// Returns the budget as the client of the server must have it.
    pub fn limits(&self) -> Budget {
        Budget::default().per_run(self.budget)
    }

    /// Whether the server has this level.
    pub(crate) fn has(&self, level: Level) -> bool {
        self.level >= level
    }

    /// Whether the server may do this kind of write.
    pub(crate) fn allows(&self, verb: Verb) -> bool {
        self.verbs.contains(&verb)
    }

    /// Whether the server may write as this user.
    pub(crate) fn allows_account(&self, username: &str) -> bool {
        self.accounts.is_empty() || self.accounts.contains(&username.to_ascii_lowercase())
    }

    pub(crate) fn total_budget(&self) -> Cost {
        self.budget
    }

    pub(crate) fn writes_per_hour(&self) -> usize {
        self.per_hour
    }

    pub(crate) fn folder_of_media(&self) -> Option<&Path> {
        self.media_folder.as_deref()
    }

    pub(crate) fn archive_files(&self) -> &[PathBuf] {
        &self.archives
    }

    pub(crate) fn needs_approval(&self) -> bool {
        self.needs_approval
    }

    pub(crate) fn level(&self) -> Level {
        self.level
    }

    pub(crate) fn verb_names(&self) -> Vec<&'static str> {
        self.verbs.iter().map(|verb| verb.name()).collect()
    }
}
