//! Arguments of the commands for archives.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Subcommand;

/// A command for archives.
#[derive(Debug, Subcommand)]
pub(crate) enum ArchiveCommand {
    /// Run an SQL query, or show a view
    ///
    /// Views are timeline, threads, co_hashtags, repost_network, results_of_posts and stats. The file is not changed. A folder of
    /// Parquet files is copied into a temporary database first, with up to a million posts.
    Query {
        /// Database or folder of `chirrup collect`
        file: PathBuf,
        /// Query, such as "SELECT lang, count(*) FROM posts GROUP BY lang", or the name of a view
        sql: String,
    },
    /// Show the numbers of stored objects and the state of each source
    Stats {
        /// Database or folder of `chirrup collect`
        file: PathBuf,
    },
    /// Check the file, its indices, checkpoints and objects
    ///
    /// Of a folder of Parquet files, it checks the checksum and the rows of each file against the manifest, and the order of the
    /// rows. The exit code is 0 if all is sound, and 1 if it is not.
    Verify {
        /// Database or folder of `chirrup collect`
        file: PathBuf,
    },
    /// Print the posts or users that were found: as JSON lines, CSV, TSV or by a template
    Export {
        /// Database or folder of `chirrup collect`
        file: PathBuf,
        /// Print users instead of posts
        #[arg(long)]
        users: bool,
        /// Print comma-separated values with the columns of the program twarc-csv
        #[arg(long, conflicts_with = "users")]
        twarc_csv: bool,
        /// Write all tables to a folder of Parquet files instead
        #[arg(long, value_name = "FOLDER", conflicts_with_all = ["users", "twarc_csv"])]
        parquet: Option<PathBuf>,
    },
    /// Write a page with charts: posts over time, languages, authors, hashtags, domains, gaps and cost
    ///
    /// The page is HTML that needs no other file and has no scripts. It counts the posts that sources found, not those that these
    /// refer to.
    Report {
        /// Database or folder of `chirrup collect`
        file: PathBuf,
    },
    /// Add archives to another: each object once, as it was last seen
    ///
    /// Databases and folders of Parquet files can be merged into each other. Objects that one of them has removed are not added
    /// again. Of a source that both have, the checkpoint of the later response counts. A stopped merge is completed by its
    /// repetition, and the merged archives are not changed.
    Merge {
        /// Databases, folders and files of JSON lines of `chirrup collect`
        #[arg(required = true)]
        archives: Vec<PathBuf>,
        /// Database (.db) or folder of Parquet files (birds/) that they are added to
        #[arg(long, value_name = "ARCHIVE")]
        into: PathBuf,
    },
    /// Merge the files of a folder into a few large ones, or remove the free space of a database
    Compact {
        /// Database or folder of `chirrup collect`
        file: PathBuf,
    },
    /// Import files with JSON lines: of `chirrup`, or of twarc2
    ///
    /// A stopped import continues when it is repeated, and a file that has grown brings its new lines.
    Import {
        /// Files with a response or an item per line, which can be compressed (.jsonl.zst)
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Database (.db) or folder of Parquet files (birds/) for the items
        #[arg(long, value_name = "FILE")]
        into: PathBuf,
    },
    /// Move the messages of a NATS stream into an archive, each post once
    ///
    /// It continues with new messages until you stop it, or until none are left with --once. Any number of drains can run at the
    /// same time: different archives get all messages each, and drains into one database share them. A stopped or killed drain
    /// continues when it is repeated: nothing is lost and nothing is stored twice.
    Drain {
        /// Stream that `chirrup collect` publishes to, such as nats://localhost:4222/birds
        stream: PathBuf,
        /// Database (.db), folder of Parquet files (birds/) or file of JSON lines for the posts
        #[arg(long, value_name = "ARCHIVE")]
        into: PathBuf,
        /// Stop when no messages are left
        #[arg(long)]
        once: bool,
        /// Serve metrics for Prometheus at this address of the machine, such as 127.0.0.1:9478
        #[arg(long, value_name = "ADDRESS")]
        metrics: Option<SocketAddr>,
    },
    /// Show the messages, sources, drains and teams of a NATS stream
    ///
    /// A drain has the number of messages that its archive does not have yet, and a team has the processes that read each
    /// partition.
    Status {
        /// Stream that `chirrup collect` publishes to, such as nats://localhost:4222/birds
        stream: PathBuf,
    },
    /// Remove the posts, users, likes and places that X no longer shows
    ///
    /// The files have lines of the compliance streams, or the results of a compliance job. The kind, ID, time and reason of each
    /// removal are kept. In a database, the removed content is overwritten; the files of a folder are written again without it.
    Comply {
        /// Database or folder of `chirrup collect`
        file: PathBuf,
        /// Files of `chirrup stream posts-compliance --into`, or with the results of a job
        #[arg(required = true)]
        events: Vec<PathBuf>,
    },
}
