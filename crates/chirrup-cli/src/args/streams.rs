//! What can be typed about streams, their rules, and webhooks.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand, ValueEnum};

/// A stream, and how long to follow it.
#[derive(Debug, ClapArgs)]
pub(crate) struct StreamArgs {
    /// Which one
    #[arg(value_enum, default_value_t = StreamName::Filtered)]
    pub(crate) stream: StreamName,
    /// Of a stream in partitions: only these, such as 1,2; all, if not given
    #[arg(long, value_delimiter = ',')]
    pub(crate) partition: Vec<u32>,
    /// Stop after so many items
    #[arg(short = 'n', long)]
    pub(crate) limit: Option<u64>,
    /// Stop after so many seconds
    #[arg(long = "for", value_name = "SECONDS")]
    pub(crate) seconds: Option<u64>,
    /// Do not ask for what was missed
    #[arg(long)]
    pub(crate) no_recovery: bool,
    /// Let the server pack what it sends
    #[arg(long)]
    pub(crate) gzip: bool,
    /// If there are too many connections to this stream, close those that are there
    #[arg(long)]
    pub(crate) evict_stale_connections: bool,
    /// Write lines that cannot be read to this file
    #[arg(long, value_name = "FILE", conflicts_with = "into")]
    pub(crate) bad: Option<PathBuf>,
    /// Keep the items in this file, a line of JSON each, instead of printing them; the next run goes on where this one
    /// stopped, or was killed
    ///
    /// Beside it stand the checkpoint (FILE.checkpoint), the gaps and what became of them (FILE.gaps), and lines that could
    /// not be read (FILE.bad).
    #[arg(long, value_name = "FILE")]
    pub(crate) into: Option<PathBuf>,
}

/// The streams of X.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StreamName {
    /// The posts that match the rules of the app
    Filtered,
    /// One post in a hundred
    Sample,
    /// One post in ten
    Sample10,
    /// Every post
    Firehose,
    /// Every post in English
    FirehoseEn,
    /// Every post in Japanese
    FirehoseJa,
    /// Every post in Korean
    FirehoseKo,
    /// Every post in Portuguese
    FirehosePt,
    /// Every like
    Likes,
    /// One like in ten
    LikesSample10,
    /// What became of posts
    PostsCompliance,
    /// What became of users
    UsersCompliance,
    /// Likes that were taken back
    LikesCompliance,
    /// Labels on posts
    Labels,
    /// The activity that the app has subscribed to
    Activity,
}

/// What to do with the rules of the filtered stream.
#[derive(Debug, Subcommand)]
pub(crate) enum RulesCommand {
    /// List them
    List,
    /// Add rules
    Add {
        /// Queries, each in quotes
        #[arg(required = true, num_args = 1..)]
        rules: Vec<String>,
        /// What to call them
        #[arg(long, default_value = "")]
        tag: String,
    },
    /// Delete rules by id or by query
    Delete {
        /// Ids or queries
        #[arg(required = true, num_args = 1..)]
        rules: Vec<String>,
    },
    /// Delete all rules
    Clear,
    /// Make the rules equal to those of a file, with the fewest changes; shows them first
    ///
    /// The file holds a rule a line, its tag after a tab, or JSON as `rules list --json` prints it.
    Sync {
        /// The file
        file: PathBuf,
        /// Do it without asking
        #[arg(long, short)]
        yes: bool,
    },
    /// Say what is wrong with rules, without a call
    Check {
        /// Queries, each in quotes
        #[arg(required_unless_present = "file")]
        rules: Vec<String>,
        /// A file of rules
        #[arg(long)]
        file: Option<PathBuf>,
        /// Ask X, too, which changes nothing
        #[arg(long)]
        ask: bool,
    },
}

/// What to do with webhooks.
#[derive(Debug, Subcommand)]
pub(crate) enum WebhookCommand {
    /// Receive what X sends to a webhook, and print it: answers challenges, checks signatures, drops duplicates
    ///
    /// The consumer secret of the app comes from X_CONSUMER_SECRET. X calls https addresses alone: put a proxy before it.
    Listen {
        /// The port on this machine; 0 for a free one
        #[arg(long, default_value_t = 8087)]
        port: u16,
        /// Make a webhook of this address, and delete it at the end; with a sandbox, `local` is enough
        #[arg(long, value_name = "URL")]
        register: Option<String>,
        /// Subscribe to the account activity of the user, too
        #[arg(long, requires = "register")]
        subscribe: bool,
        /// Let the filtered stream go there, too
        #[arg(long, requires = "register")]
        rules: bool,
        /// Stop after so many events
        #[arg(short = 'n', long)]
        limit: Option<u64>,
    },
    /// List the webhooks of the app
    List,
    /// Delete webhooks
    Delete {
        /// Their ids
        #[arg(required = true)]
        ids: Vec<String>,
    },
}
