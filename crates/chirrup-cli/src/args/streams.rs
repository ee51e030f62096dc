//! Arguments of the commands for streams, their rules, and webhooks.

use std::net::SocketAddr;
use std::path::PathBuf;

use chirrup::archive::Rotation;
use clap::{Args as ClapArgs, Subcommand, ValueEnum};

use super::lines::rotation;
use super::number::whole_number;
use super::query_word::query_word;

/// A stream and how it is read.
#[derive(Debug, Default, ClapArgs)]
pub(crate) struct StreamSelection {
    /// Name of the stream to read
    #[arg(value_enum, default_value_t)]
    pub(crate) stream: StreamName,
    /// Partitions to read, comma-separated [default: all]
    #[arg(long, value_name = "NUMBER", value_delimiter = ',', value_parser = whole_number::<u32>)]
    pub(crate) partition: Vec<u32>,
    /// Do not recover items that were missed while disconnected
    #[arg(long)]
    pub(crate) no_recovery: bool,
    /// Request a stream with gzip compression
    #[arg(long)]
    pub(crate) gzip: bool,
    /// Close other connections to the stream if there are too many
    #[arg(long)]
    pub(crate) evict_stale_connections: bool,
    /// Whether the first connection that fails ends the stream.
    #[arg(skip)]
    pub(crate) connects_once: bool,
}

/// Arguments of `chirrup stream`.
#[derive(Debug, ClapArgs)]
pub(crate) struct StreamArgs {
    #[command(flatten)]
    pub(crate) selection: StreamSelection,
    /// Stop after this number of items
    #[arg(short = 'n', long, value_name = "NUMBER", value_parser = whole_number::<u64>)]
    pub(crate) limit: Option<u64>,
    /// Stop after this number of seconds
    #[arg(long = "for", value_name = "SECONDS", value_parser = whole_number::<u64>)]
    pub(crate) seconds: Option<u64>,
    /// Append undecodable lines to a file
    #[arg(long, value_name = "FILE", conflicts_with = "into")]
    pub(crate) bad: Option<PathBuf>,
    /// Append the items to a database (.db), a folder of Parquet files (birds/) or a file of JSON lines; a later run resumes
    ///
    /// It resumes after a kill, too. Posts have all public fields. Next to a file of lines, the program writes a checkpoint
    /// (FILE.checkpoint), a report of gaps (FILE.gaps) and undecodable lines (FILE.bad), which the others have as tables. A file
    /// that ends in .zst is compressed.
    #[arg(long, value_name = "FILE")]
    pub(crate) into: Option<PathBuf>,
    /// Publish to a stream of a NATS server, as one of the processes that read the partitions together
    ///
    /// Start the command on any number of machines: they share the partitions, and within five seconds take over those of a
    /// process that is killed, stopped or cut off. `chirrup archive drain` moves the posts into archives. The address can end
    /// in ?creds=FILE, ?nkey=FILE or ?login=FILE for a login. With the variable CHIRRUP_STORE=nats://HOST/BUCKET, the processes
    /// also share budgets and rate limits.
    #[arg(long, value_name = "nats://HOST/STREAM", conflicts_with_all = ["into", "limit", "seconds", "bad", "no_recovery"])]
    pub(crate) bus: Option<PathBuf>,
    /// Number of connections to each partition, by different processes as far as there are
    #[arg(long, value_name = "NUMBER", value_parser = whole_number::<u32>, default_value = "1", requires = "bus")]
    pub(crate) readers: u32,
    /// Serve metrics for Prometheus at this address of the machine, such as 127.0.0.1:9477
    #[arg(long, value_name = "ADDRESS", requires = "bus")]
    pub(crate) metrics: Option<SocketAddr>,
    /// Begin another file of lines after a size, such as 100MB, or a time, such as 1h or 1d
    #[arg(long, value_name = "SIZE|TIME", value_parser = rotation, requires = "into")]
    pub(crate) rotate: Option<Rotation>,
}

/// Arguments of `chirrup collect lines`.
#[derive(Debug, ClapArgs)]
pub(crate) struct LinesArgs {
    /// URL of a stream with a post, or a response, as JSON in each line
    pub(crate) url: String,
    /// Stop after this number of items
    #[arg(short = 'n', long, value_name = "NUMBER", value_parser = whole_number::<u64>)]
    pub(crate) limit: Option<u64>,
    /// Stop after this number of seconds
    #[arg(long = "for", value_name = "SECONDS", value_parser = whole_number::<u64>)]
    pub(crate) seconds: Option<u64>,
    /// File for the items: a database (.db), a folder of Parquet files (birds/) or lines (.jsonl, .jsonl.zst)
    #[arg(long, value_name = "FILE", conflicts_with = "output")]
    pub(crate) into: PathBuf,
    /// Begin another file of lines after a size, such as 100MB, or a time, such as 1h or 1d
    #[arg(long, value_name = "SIZE|TIME", value_parser = rotation)]
    pub(crate) rotate: Option<Rotation>,
}

/// Streams of the X API.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum StreamName {
    /// Posts that match the rules of the app
    #[default]
    Filtered,
    /// 1% of all posts
    Sample,
    /// 10% of all posts
    Sample10,
    /// All posts in every language
    Firehose,
    /// All posts in English
    FirehoseEn,
    /// All posts in Japanese
    FirehoseJa,
    /// All posts in Korean
    FirehoseKo,
    /// All posts in Portuguese
    FirehosePt,
    /// All likes of all posts
    Likes,
    /// 10% of all likes
    LikesSample10,
    /// Compliance events of posts
    PostsCompliance,
    /// Compliance events of users
    UsersCompliance,
    /// Compliance events of likes
    LikesCompliance,
    /// Labels that X adds to posts
    Labels,
    /// Activity events of the subscriptions of the app
    Activity,
}

/// Arguments of `chirrup watch`.
#[derive(Debug, ClapArgs)]
pub(crate) struct WatchArgs {
    #[command(subcommand)]
    pub(crate) command: Option<WatchCommand>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum WatchCommand {
    /// Watch a stream: its items, rate, lag, gaps, reconnects, limits and cost
    Stream(StreamSelection),
    /// Read your home timeline
    Home,
    /// Read the posts of the last seven days that match a query
    Search {
        /// Words of the query
        #[arg(required = true, num_args = 1.., value_parser = query_word)]
        query: Vec<String>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum RulesCommand {
    /// List the rules of the app
    List,
    /// Add rules to the stream
    Add {
        /// Queries, each in quotes
        #[arg(required = true, num_args = 1..)]
        rules: Vec<String>,
        /// Tag of the rules
        #[arg(long, default_value = "", hide_default_value = true)]
        tag: String,
    },
    /// Delete rules by ID or query
    Delete {
        /// IDs or queries of rules
        #[arg(required = true, num_args = 1..)]
        rules: Vec<String>,
    },
    /// Delete all rules of the app
    Clear,
    /// Replace the rules by those of a file, with the fewest changes
    ///
    /// The file has one rule per line, optionally with a tab and a tag; lines that start with `//` are comments. The output of
    /// `chirrup rules list --json` is also accepted. The program shows the changes and asks before it applies them.
    Sync {
        /// File with one rule per line
        file: PathBuf,
        /// Do not ask for confirmation
        #[arg(long, short)]
        yes: bool,
    },
    /// Check rules without adding them
    Check {
        /// Queries, each in quotes
        #[arg(required_unless_present = "file")]
        rules: Vec<String>,
        /// File with one rule per line
        #[arg(long)]
        file: Option<PathBuf>,
        /// Also validate the rules on the server, without adding them
        #[arg(long)]
        ask: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum WebhookCommand {
    /// Receive webhook events and print them
    ///
    /// The program answers CRC checks, verifies signatures and drops duplicates. The secret of the app comes from
    /// X_CLIENT_SECRET or X_CONSUMER_SECRET. X calls only https URLs: run a reverse proxy in front of the program.
    Listen {
        /// Port on 127.0.0.1, or 0 for a free port
        #[arg(long, value_parser = whole_number::<u16>, default_value_t = 8087)]
        port: u16,
        /// Register a webhook for this URL (or `local`, with a sandbox) and delete it at the end
        #[arg(long, value_name = "URL")]
        register: Option<String>,
        /// Subscribe to the account activity of the user
        #[arg(long, requires = "register")]
        subscribe: bool,
        /// Deliver the filtered stream to the webhook
        #[arg(long, requires = "register")]
        rules: bool,
        /// Stop after this number of events
        #[arg(short = 'n', long, value_name = "NUMBER", value_parser = whole_number::<u64>)]
        limit: Option<u64>,
    },
    /// List the webhooks of the app
    List,
    /// Delete webhooks by their IDs
    Delete {
        /// IDs of the webhooks to delete
        #[arg(required = true)]
        ids: Vec<String>,
    },
}
