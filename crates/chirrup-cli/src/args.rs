//! The command line: commands, arguments and flags.

mod archive;
mod hydrate;
mod lines;
mod mcp;
mod number;
mod posts;
mod query_word;
mod schedule;
mod setup;
mod streams;
mod text;

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

pub(crate) use archive::ArchiveCommand;
pub(crate) use hydrate::HydrateArgs;
pub(crate) use lines::LineArgs;
pub(crate) use mcp::McpArgs;
use number::limit;
pub(crate) use posts::{CallArgs, DraftArgs, MediaCommand, PostArgs};
pub(crate) use query_word::{MARK, query_word};
pub(crate) use schedule::ScheduleArgs;
pub(crate) use setup::{AuthCommand, ClientCommand, LoginArgs, SandboxArgs, SandboxCommand};
#[cfg(feature = "watch")]
pub(crate) use streams::WatchCommand;
pub(crate) use streams::{LinesArgs, RulesCommand, StreamArgs, StreamName, StreamSelection, WatchArgs, WebhookCommand};
pub(crate) use text::{QueryArgs, QueryCommand, QueryTarget, TextCommand, Texts};

use crate::fields::{Columns, Template};

/// The X (Twitter) API from the command line
///
/// Credentials come from a profile (see `chirrup login`) or from environment variables: X_BEARER_TOKEN for the app;
/// X_OAUTH2_ACCESS_TOKEN for a user; or X_CONSUMER_KEY, X_CONSUMER_SECRET, X_ACCESS_TOKEN and X_ACCESS_TOKEN_SECRET for a
/// user by OAuth 1.0a. With --sandbox, no credentials are needed.
#[derive(Debug, Parser)]
#[command(name = "chirrup", version, disable_help_subcommand = true, override_usage = "chirrup [OPTIONS] <COMMAND>")]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of all commands.
#[derive(Debug, Clone, ClapArgs)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// Use a sandbox without account and cost: that in the background, or a new one
    #[arg(long, global = true)]
    pub(crate) sandbox: bool,
    /// Print one JSON document
    #[arg(long, global = true, conflicts_with_all = ["jsonl", "flat", "csv", "tsv", "template"])]
    pub(crate) json: bool,
    /// Print one JSON object per line
    #[arg(long, global = true, conflicts_with_all = ["flat", "csv", "tsv", "template"])]
    pub(crate) jsonl: bool,
    /// Print one JSON object per line, with its author, media and quoted posts in it
    #[arg(long, global = true, conflicts_with_all = ["csv", "tsv", "template"])]
    pub(crate) flat: bool,
    /// Print comma-separated values with a header
    #[arg(long, global = true, conflicts_with_all = ["tsv", "template"])]
    pub(crate) csv: bool,
    /// Print tab-separated values with a header
    #[arg(long, global = true, conflicts_with = "template")]
    pub(crate) tsv: bool,
    /// Columns of CSV and TSV, such as `id,author.username,text`
    #[arg(long, global = true, value_name = "NAMES")]
    pub(crate) columns: Option<Columns>,
    /// Print a line per item, such as `{id} @{author.username}: {text}`
    #[arg(long, global = true, value_name = "TEXT")]
    pub(crate) template: Option<Template>,
    /// Write to a file; a stopped command resumes it
    #[arg(long, short, global = true, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Do not show long output in a pager
    #[arg(long, global = true)]
    pub(crate) no_pager: bool,
    /// When to color the output
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = Color::Auto)]
    pub(crate) color: Color,
    /// Hide progress and hints
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// Base URL of the API
    #[arg(long, global = true, value_name = "URL", env = "CHIRRUP_BASE_URL", hide_env_values = true)]
    pub(crate) base_url: Option<String>,
    /// Show the requests and the maximum cost without sending them
    #[arg(long, global = true)]
    pub(crate) dry_run: bool,
    /// Maximum cost of this command
    ///
    /// X bills the items of a stream when it sends them. A stream with a budget therefore reserves the cost of the next
    /// items, at least of four, and closes as soon as the budget does not cover them. X bills items on their way at that
    /// moment, too: they exceed the budget only if they are more than those that were reserved.
    #[arg(long, global = true, value_name = "DOLLARS")]
    pub(crate) budget: Option<chirrup::Cost>,
    /// Maximum cost of all commands per UTC day
    #[arg(long, global = true, value_name = "DOLLARS", env = "CHIRRUP_BUDGET_DAY", hide_env_values = true)]
    pub(crate) budget_day: Option<chirrup::Cost>,
    /// Maximum cost of all commands per UTC month
    #[arg(long, global = true, value_name = "DOLLARS", env = "CHIRRUP_BUDGET_MONTH", hide_env_values = true)]
    pub(crate) budget_month: Option<chirrup::Cost>,
    /// Price list, in the format of `chirrup spend --prices`
    #[arg(long, global = true, value_name = "FILE", env = "CHIRRUP_PRICES", hide_env_values = true)]
    pub(crate) price_list: Option<PathBuf>,
    /// Send each request once: do not wait for rate limits, do not retry, and do not reconnect
    #[arg(long, global = true)]
    pub(crate) no_wait: bool,
    /// Profile whose credentials are used
    #[arg(long, global = true, value_name = "NAME", env = "CHIRRUP_PROFILE", hide_env_values = true)]
    pub(crate) profile: Option<String>,
}

impl Global {
    /// Whether stdout has JSON, and stderr has the error object instead of an error message.
    pub(crate) fn prints_json(&self) -> bool {
        self.json || self.jsonl || self.flat
    }
}

/// When the output has colors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Also in a pipe or a file
    Always,
    /// Not even on a terminal
    Never,
}

/// Number of results of a list command.
#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct Count {
    /// Maximum number of results, or `all`
    #[arg(short = 'n', long, value_name = "NUMBER", value_parser = limit, default_value = "20")]
    pub(crate) limit: usize,
    /// Continue at this page, whose token an earlier run printed
    #[arg(long, value_name = "TOKEN")]
    pub(crate) page_token: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show posts by ID or link
    Show {
        /// IDs or links of posts [default: the lines of stdin]
        posts: Vec<String>,
        /// File with an ID or a link per line, or `-` for stdin
        #[arg(long, value_name = "FILE", conflicts_with = "posts")]
        file: Option<PathBuf>,
    },
    /// Create a post, reply, poll or thread
    Post(PostArgs),
    /// Reply to a post
    Reply {
        /// ID or link of the post to reply to
        post: String,
        #[command(flatten)]
        draft: DraftArgs,
    },
    /// Quote a post in a new one
    Quote {
        /// ID or link of the post to quote
        post: String,
        #[command(flatten)]
        draft: DraftArgs,
    },
    /// Create a thread from a long text
    Thread(DraftArgs),
    /// Replace one of your posts, with X Premium
    ///
    /// X accepts it within an hour of the creation of the post.
    Edit {
        /// ID or link of the post to replace
        post: String,
        #[command(flatten)]
        draft: DraftArgs,
    },
    /// Delete one of your posts
    Delete {
        /// ID or link of the post
        post: String,
    },
    /// Show users by name, ID or link
    User {
        /// Usernames, IDs or links of users
        #[arg(required = true, num_args = 1..=100)]
        users: Vec<String>,
    },
    /// Follow or unfollow a user
    Follow {
        /// Username, ID or link of the user
        user: String,
        /// Unfollow the user instead
        #[arg(long)]
        undo: bool,
    },
    /// Check whether a user follows you, or another user
    ///
    /// The exit code is 0 if so, and 1 if not. The relationship of two other users comes from API v1.1.
    DoesFollow {
        /// Username, ID or link of the user who may follow
        user: String,
        /// Username, ID or link of the followed user [default: you]
        other: Option<String>,
    },
    /// Like or unlike a post
    Like {
        /// ID or link of the post
        post: String,
        /// Unlike the post instead
        #[arg(long)]
        undo: bool,
    },
    /// Repost a post, or undo a repost
    Repost {
        /// ID or link of the post
        post: String,
        /// Undo the repost instead
        #[arg(long)]
        undo: bool,
    },
    /// Upload images, GIFs and videos
    #[command(subcommand)]
    Media(MediaCommand),
    /// Read a stream: items on stdout, events on stderr
    Stream(StreamArgs),
    /// Watch a stream, or read posts with keys, on a screen
    ///
    /// In a stream, the newest item is at the top, beside the rate, lag, gaps, reconnects, limits and cost; `p` pauses the items.
    /// In the others, `l` likes the selected post, `t` reposts it, `b` bookmarks it and `r` replies to it; the same key undoes it.
    /// The next page is read, and paid for, at the end of the list.
    Watch(WatchArgs),
    /// Manage the rules of the filtered stream
    #[command(subcommand)]
    Rules(RulesCommand),
    /// Receive webhook events and manage webhooks
    #[command(subcommand)]
    Webhook(WebhookCommand),
    /// Serve an agent over MCP within a budget
    ///
    /// MCP is the Model Context Protocol. The agent reads within `--budget`, which is $1.00 unless you set it. It writes in two
    /// steps: a draft with a confirmation code, and its publication, for which the client asks you if it can.
    Mcp(McpArgs),
    /// Show the requests and maximum cost of a command
    ///
    /// Nothing is sent. `--dry-run` does the same.
    Plan {
        /// Command with its options
        #[arg(required = true, value_name = "COMMAND", trailing_var_arg = true, allow_hyphen_values = true)]
        words: Vec<String>,
    },
    /// Show the cost of this month by day and endpoint
    Spend {
        /// Print the price list
        #[arg(long)]
        prices: bool,
    },
    /// Show the known rate limits
    Limits {
        /// Show the documented rate limits of all endpoints
        #[arg(long)]
        all: bool,
    },
    /// Call any endpoint by name or path
    Call(CallArgs),
    /// List the known endpoints
    Endpoints {
        /// Text in the name, the path or the description
        filter: Option<String>,
        /// HTTP method of the endpoints
        #[arg(long)]
        method: Option<String>,
        /// Credential that the endpoints accept
        #[arg(long, value_parser = ["app_only", "oauth1", "oauth2"])]
        auth: Option<String>,
        /// OpenAPI document of X to compare with the known endpoints: prints what it adds, removes and changes
        #[arg(long, value_name = "FILE", conflicts_with_all = ["filter", "method", "auth"])]
        against: Option<PathBuf>,
        /// File for the facts of that document, to renew the known ones
        #[arg(long, value_name = "FILE", requires = "against")]
        write_facts: Option<PathBuf>,
    },
    /// Log in and store the tokens in a profile
    ///
    /// The default is OAuth 2.0 as a user; see --pin and --app-only for others. The keys of the app come from X_CLIENT_ID and
    /// X_CLIENT_SECRET, or from X_CONSUMER_KEY and X_CONSUMER_SECRET. The program asks for missing keys.
    Login(LoginArgs),
    /// Revoke the tokens of a profile and delete it
    Logout,
    /// Show the authenticated user
    Whoami,
    /// List the profiles and their users
    Profiles,
    /// Print tokens for other programs
    #[command(subcommand)]
    Auth(AuthCommand),
    /// Check the network, the clock and each credential
    Doctor,
    /// Check, explain and match queries offline
    #[command(subcommand)]
    Query(QueryCommand),
    /// Count, check, link and split texts offline
    #[command(subcommand)]
    Text(TextCommand),
    /// Join authors, media and quoted posts into stored posts
    Flatten {
        /// Files with responses or JSON lines [default: stdin]
        files: Vec<PathBuf>,
    },
    /// Print the IDs of stored posts or users
    Dehydrate {
        /// Files with responses or JSON lines [default: stdin]
        files: Vec<PathBuf>,
    },
    /// Query, check, export and fill databases of `collect`
    #[command(subcommand)]
    Archive(ArchiveCommand),
    /// Run a local sandbox of the X API
    #[command(args_conflicts_with_subcommands = true)]
    Sandbox(Box<SandboxArgs>),
    /// Show the help of a command or topic, or the `topics`
    Help {
        /// Name of a command or topic
        words: Vec<String>,
    },
    /// Explain an error and its remedy
    ExplainError {
        /// Kind of error, HTTP status, exit code, code of X, name of a known problem, or `all`
        code: String,
    },
    /// Print the JSON Schemas of a command
    ///
    /// Without a command, it lists the commands, with the schemas of the global options and of errors. The schema of the output
    /// is that of `--json`: of the document, of each page, or of each line, as `output_format` says.
    Schema {
        /// Words of the command, such as `rules add`
        command: Vec<String>,
    },
    /// Print the completion script of a shell
    ///
    /// The script asks the program for candidates, also for profiles, endpoints and fields.
    Completions {
        /// Name of the shell
        #[arg(value_parser = ["bash", "zsh", "fish", "powershell", "elvish"])]
        shell: String,
    },
    /// Print the man page of a command, or write all man pages
    Man {
        /// Command [default: the program]
        words: Vec<String>,
        /// Folder for the man pages of all commands
        #[arg(long, value_name = "FOLDER", conflicts_with = "words")]
        dir: Option<PathBuf>,
    },
    /// Print the version, features and configuration folder
    Version,
}

impl Command {
    /// Whether the command changes data on the server.
    pub(crate) fn writes(&self) -> bool {
        matches!(
            self,
            Self::Post(_)
                | Self::Reply { .. }
                | Self::Quote { .. }
                | Self::Thread(_)
                | Self::Edit { .. }
                | Self::Delete { .. }
                | Self::Like { .. }
                | Self::Repost { .. }
                | Self::Follow { .. }
                | Self::Media(_)
                | Self::Rules(RulesCommand::Add { .. } | RulesCommand::Sync { .. })
        )
    }
}
