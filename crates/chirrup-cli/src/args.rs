//! What can be typed.

mod setup;
mod streams;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

pub(crate) use setup::{AuthCommand, ClientCommand, LoginArgs, SandboxCommand};
pub(crate) use streams::{RulesCommand, StreamArgs, StreamName, WebhookCommand};

/// The X (Twitter) API from the command line.
///
/// Credentials come from a profile (chirrup login), or from the environment: X_BEARER_TOKEN; or X_CONSUMER_KEY, X_CONSUMER_SECRET, X_ACCESS_TOKEN and
/// X_ACCESS_TOKEN_SECRET; or X_OAUTH2_ACCESS_TOKEN. With --sandbox none are needed: the API runs on this machine.
#[derive(Debug, Parser)]
#[command(name = "chirrup", version, after_help = AFTER)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Args {
    /// Reads what was typed. `plan` and what follows it are the rest of the line as a dry run.
    pub(crate) fn read() -> Result<Self, clap::Error> {
        let args = Self::try_parse()?;
        let Command::Plan { words } = &args.command else { return Ok(args) };
        let typed: Vec<_> = std::env::args().collect();
        let before = typed.len() - words.len();
        let options = typed[..before].iter().filter(|word| *word != "plan").cloned();
        Self::try_parse_from(options.chain(["--dry-run".to_owned()]).chain(words.iter().cloned()))
    }
}

const AFTER: &str =
    "Exit codes: 0 done, 1 refused, 2 usage, 3 rate limited, 4 credentials or permission, 5 not found, \
6 network or server, 7 a write whose outcome is unknown, 8 money, 9 done in part, \
10 a file cannot be written, 130 interrupted twice.

Try: chirrup --sandbox search \"rust lang:en\"";

/// Options that every command takes.
#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct Global {
    /// Use a sandbox: the X API in this very process, with a made-up world, no account and no cost
    #[arg(long, global = true)]
    pub(crate) sandbox: bool,
    /// Print one JSON document, with everything the server sent
    #[arg(long, global = true, conflicts_with = "jsonl")]
    pub(crate) json: bool,
    /// Print one JSON object a line
    #[arg(long, global = true)]
    pub(crate) jsonl: bool,
    /// Whether to use colours
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
    /// Show no progress and no hints
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// Where the API is
    #[arg(long, global = true, env = "CHIRRUP_BASE_URL", hide_env_values = true)]
    pub(crate) base_url: Option<String>,
    /// Send nothing; say what would be sent, and what it would cost at most
    #[arg(long, global = true)]
    pub(crate) dry_run: bool,
    /// Spend no more than so many dollars in this run
    #[arg(long, global = true, value_name = "DOLLARS")]
    pub(crate) budget: Option<chirrup::Cost>,
    /// Spend no more than so many dollars on a day (UTC), with all other runs
    #[arg(long, global = true, value_name = "DOLLARS", env = "CHIRRUP_BUDGET_DAY")]
    pub(crate) budget_day: Option<chirrup::Cost>,
    /// Spend no more than so many dollars in a month (UTC), with all other runs
    #[arg(long, global = true, value_name = "DOLLARS", env = "CHIRRUP_BUDGET_MONTH")]
    pub(crate) budget_month: Option<chirrup::Cost>,
    /// A price list of your own, in the form of `chirrup spend --prices`
    #[arg(long, global = true, value_name = "FILE", env = "CHIRRUP_PRICES")]
    pub(crate) price_list: Option<std::path::PathBuf>,
    /// Fail at once where a rate limit is used up, instead of waiting for up to 16 minutes
    #[arg(long, global = true)]
    pub(crate) no_wait: bool,
    /// Act as this profile; see `chirrup login`
    #[arg(long, global = true, env = "CHIRRUP_PROFILE")]
    pub(crate) profile: Option<String>,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Even into a file
    Always,
    /// Not at all
    Never,
}

/// A number of things to fetch.
#[derive(Debug, Clone, Copy, ClapArgs)]
pub(crate) struct Count {
    /// How many to show, over as many pages as it takes
    #[arg(short = 'n', long, default_value_t = 20)]
    pub(crate) limit: usize,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Find posts of the last seven days
    Search {
        /// A query, such as: rust lang:en -is:retweet
        #[arg(required = true, num_args = 1..)]
        query: Vec<String>,
        /// The best matches first instead of the newest
        #[arg(long)]
        relevant: bool,
        #[command(flatten)]
        count: Count,
    },
    /// Count posts of the last seven days
    Count {
        /// A query
        #[arg(required = true, num_args = 1..)]
        query: Vec<String>,
        /// How long a bucket is
        #[arg(long, value_parser = ["minute", "hour", "day"], default_value = "day")]
        by: String,
    },
    /// Show posts by id or link
    Show {
        /// Ids or links of up to 100 posts
        #[arg(required = true, num_args = 1..=100)]
        posts: Vec<String>,
    },
    /// Write a post
    Post(NewPost),
    /// Delete an own post
    Delete {
        /// Its id or link
        post: String,
    },
    /// Show users by name or id
    User {
        /// Names or ids
        #[arg(required = true, num_args = 1..=100)]
        users: Vec<String>,
    },
    /// List a user's posts
    Timeline {
        /// Name or id
        user: String,
        /// Leave out replies
        #[arg(long)]
        no_replies: bool,
        /// Leave out reposts
        #[arg(long)]
        no_reposts: bool,
        #[command(flatten)]
        count: Count,
    },
    /// List the posts of all whom you follow
    Home {
        #[command(flatten)]
        count: Count,
    },
    /// List the posts that mention a user
    Mentions {
        /// Name or id; you, if not given
        user: Option<String>,
        #[command(flatten)]
        count: Count,
    },
    /// List who follows a user
    Followers {
        /// Name or id
        user: String,
        #[command(flatten)]
        count: Count,
    },
    /// List whom a user follows
    Following {
        /// Name or id
        user: String,
        #[command(flatten)]
        count: Count,
    },
    /// Follow a user
    Follow {
        /// Name or id
        user: String,
        /// Stop following instead
        #[arg(long)]
        undo: bool,
    },
    /// Like a post
    Like {
        /// Its id or link
        post: String,
        /// Take the like back instead
        #[arg(long)]
        undo: bool,
    },
    /// Repost a post
    Repost {
        /// Its id or link
        post: String,
        /// Take the repost back instead
        #[arg(long)]
        undo: bool,
    },
    /// Upload a picture, a GIF or a video
    #[command(subcommand)]
    Media(MediaCommand),
    /// Follow a stream: items on stdout, what happens to the connection on stderr
    Stream(StreamArgs),
    /// The rules of the filtered stream
    #[command(subcommand)]
    Rules(RulesCommand),
    /// Webhooks
    #[command(subcommand)]
    Webhook(WebhookCommand),
    /// Say what a command would send and cost at most, without sending it
    Plan {
        /// The command with its options, such as: search rust -n 500
        #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
        words: Vec<String>,
    },
    /// Show what was spent this month, by day and endpoint
    Spend {
        /// Print the price list instead
        #[arg(long)]
        prices: bool,
    },
    /// Show the rate limits that are known and open
    Limits {
        /// Show those that X documents, of all endpoints
        #[arg(long)]
        all: bool,
    },
    /// Call any route, whether the table knows it or not
    Call(RawCall),
    /// List the endpoints that the table knows
    Endpoints {
        /// Only those with this text in name, path or description
        filter: Option<String>,
        /// Only those of this method
        #[arg(long)]
        method: Option<String>,
        /// Only those that take this credential
        #[arg(long, value_parser = ["app_only", "oauth1", "oauth2"])]
        auth: Option<String>,
    },
    /// Log in: as a user by OAuth 2.0, or with --pin by OAuth 1.0a, or with --app-only as the app itself
    ///
    /// The key of the app comes from X_CLIENT_ID or X_CONSUMER_KEY, its secret from X_CLIENT_SECRET or
    /// X_CONSUMER_SECRET; what is missing is asked for.
    Login(LoginArgs),
    /// Give the tokens of a profile back, and forget it
    Logout,
    /// Say who you are, and what you log in with
    Whoami,
    /// List the profiles
    Profiles,
    /// Credentials themselves
    #[command(subcommand)]
    Auth(AuthCommand),
    /// Check network, clock and each credential, and say what is wrong and where to mend it
    Doctor,
    /// Check, explain and apply queries, without a call
    #[command(subcommand)]
    Query(QueryCommand),
    /// Look at texts as X does: weight, entities, HTML, threads. Works without a network
    #[command(subcommand)]
    Text(TextCommand),
    /// Run a sandbox as a server
    #[command(args_conflicts_with_subcommands = true)]
    Sandbox {
        #[command(subcommand)]
        command: Option<SandboxCommand>,
        /// The port; 0 for a free one
        #[arg(long, default_value_t = 8086)]
        port: u16,
        /// Keep the world in this file
        #[arg(long)]
        data: Option<std::path::PathBuf>,
        /// How many users the world begins with
        #[arg(long, default_value_t = 300)]
        users: usize,
        /// How many posts the world begins with
        #[arg(long, default_value_t = 10_000)]
        posts: usize,
        /// Which world
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Without rate limits
        #[arg(long)]
        unlimited: bool,
        /// Let so many posts be written each second
        #[arg(long, value_name = "POSTS", default_value_t = 0)]
        load: u64,
    },
}

/// What to do with media.
#[derive(Debug, Subcommand)]
pub(crate) enum MediaCommand {
    /// Upload a file, wait until it can be used, and print its id
    Upload {
        /// The file
        file: std::path::PathBuf,
        /// What is to be seen, for those who cannot see it
        #[arg(long)]
        alt: Option<String>,
        /// For a direct message instead of a post
        #[arg(long)]
        dm: bool,
        /// Subtitles (SRT) of a video
        #[arg(long, value_name = "FILE")]
        subtitles: Option<std::path::PathBuf>,
        /// The language of the subtitles, such as EN
        #[arg(long, default_value = "EN")]
        language: String,
    },
}

/// A query, and where it is to be used.
#[derive(Debug, ClapArgs)]
pub(crate) struct QueryText {
    /// A query
    #[arg(required = true, num_args = 1..)]
    pub(crate) query: Vec<String>,
    /// Where it is to be used
    #[arg(long = "for", value_parser = ["recent", "all", "stream"], default_value = "recent")]
    pub(crate) target: String,
    /// With the limits of an enterprise contract
    #[arg(long)]
    pub(crate) enterprise: bool,
}

/// What to do with a query.
#[derive(Debug, Subcommand)]
pub(crate) enum QueryCommand {
    /// Say what is wrong with a query, and where
    Check(QueryText),
    /// Say in plain English what a query asks for
    Explain(QueryText),
    /// Let those lines of stdin through that hold a matching post
    Match {
        /// A query
        #[arg(required = true, num_args = 1..)]
        query: Vec<String>,
        /// As a search reads it, or a stream
        #[arg(long = "for", value_parser = ["recent", "all", "stream"], default_value = "recent")]
        target: String,
    },
}

/// Texts to look at.
#[derive(Debug, ClapArgs)]
pub(crate) struct Texts {
    /// Texts; without any, the lines of stdin
    pub(crate) texts: Vec<String>,
}

/// What to do with texts.
#[derive(Debug, Subcommand)]
pub(crate) enum TextCommand {
    /// Say how much each text weighs, and how much room is left
    Count(Texts),
    /// Say whether each text may be posted; exit code 1 if one may not
    Check(Texts),
    /// List the links, mentions, lists, hashtags and cashtags of each text
    Entities(Texts),
    /// Print each text as HTML, with links
    Link {
        #[command(flatten)]
        texts: Texts,
        /// Pass HTML in the text on as it is
        #[arg(long)]
        raw: bool,
    },
    /// Print posts as HTML: JSON of posts or statuses, one a line, from stdin or a file
    Html {
        /// A file; stdin, if not given
        file: Option<std::path::PathBuf>,
        /// Show the whole address of a link
        #[arg(long)]
        expand: bool,
        /// Append the post that is quoted
        #[arg(long)]
        quotes: bool,
    },
    /// Part each text into the posts of a thread; without texts, all of stdin is one
    Split {
        #[command(flatten)]
        texts: Texts,
        /// Where the number of each post stands
        #[arg(long, value_parser = ["after", "before", "none"], default_value = "after")]
        number: String,
        /// How much a post may weigh
        #[arg(long, default_value_t = 280)]
        max: usize,
    },
}

/// A post to write.
#[derive(Debug, ClapArgs)]
pub(crate) struct NewPost {
    /// The text
    #[arg(num_args = 0..)]
    pub(crate) text: Vec<String>,
    /// The post that it answers
    #[arg(long)]
    pub(crate) reply_to: Option<String>,
    /// The post that it quotes
    #[arg(long)]
    pub(crate) quote: Option<String>,
    /// A choice of a poll; give it two to four times
    #[arg(long = "poll", num_args = 1)]
    pub(crate) poll: Vec<String>,
    /// How long the poll runs, in minutes
    #[arg(long, default_value_t = 1440)]
    pub(crate) poll_minutes: u32,
    /// A file to upload, or the id of what was uploaded before. Up to four pictures, or one GIF or video
    #[arg(long, alias = "media-id", value_name = "FILE")]
    pub(crate) media: Vec<String>,
    /// What is to be seen on a file, for those who cannot see it: the first for the first, and so on
    #[arg(long)]
    pub(crate) alt: Vec<String>,
    /// Who may reply
    #[arg(long, value_parser = ["following", "mentionedUsers", "subscribers", "verified"])]
    pub(crate) replies: Option<String>,
    /// Post it once: another run with the same key and the same post sends nothing, and shows what was posted
    ///
    /// Also after a run that was killed: then the post is looked for first.
    #[arg(long, value_name = "KEY")]
    pub(crate) once: Option<String>,
}

/// A call of any route.
#[derive(Debug, ClapArgs)]
pub(crate) struct RawCall {
    /// The method, the path, and parameters: GET /2/users/:id id=12. Without a method it is guessed.
    /// `name=value` is text, `name:=value` is JSON
    #[arg(required = true, num_args = 1..)]
    pub(crate) words: Vec<String>,
    /// The whole JSON body
    #[arg(short = 'd', long)]
    pub(crate) data: Option<String>,
    /// Whose credential to use
    #[arg(long = "as", value_parser = ["app", "user"])]
    pub(crate) context: Option<String>,
    /// Another host, such as upload.x.com, with its scheme
    #[arg(long)]
    pub(crate) host: Option<String>,
    /// How long it may take, in seconds
    #[arg(long)]
    pub(crate) timeout: Option<u64>,
}
