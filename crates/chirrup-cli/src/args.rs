//! What can be typed.

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

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

const AFTER: &str =
    "Exit codes: 0 done, 1 refused, 2 usage, 3 rate limited, 4 credentials or permission, 5 not found, \
6 network or server, 7 a write whose outcome is unknown, 8 money.

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
    },
}

/// What to do with the world of a sandbox.
#[derive(Debug, Subcommand)]
pub(crate) enum SandboxCommand {
    /// Work on its apps
    #[command(subcommand)]
    Client(ClientCommand),
}

/// What to do with the apps of a sandbox.
#[derive(Debug, Subcommand)]
pub(crate) enum ClientCommand {
    /// Make an app, and users with tokens for it; a sandbox that serves the file knows them at once
    Create {
        /// The file of the world
        #[arg(long)]
        data: std::path::PathBuf,
        /// A user to make tokens for; one who is not there yet is made, too. May be given several times
        #[arg(long)]
        user: Vec<String>,
        /// What it may do
        #[arg(long, default_value = "read-write-directmessages",
              value_parser = ["read", "read-write", "read-write-directmessages"])]
        access: String,
        /// Where users may be sent back to after logging in. May be given several times
        #[arg(long)]
        callback: Vec<String>,
        /// It keeps a secret (a confidential client)
        #[arg(long)]
        confidential: bool,
    },
}

/// How to log in.
#[derive(Debug, ClapArgs)]
pub(crate) struct LoginArgs {
    /// As the app itself: it can read what is public
    #[arg(long, conflicts_with = "pin")]
    pub(crate) app_only: bool,
    /// As a user by OAuth 1.0a, with a PIN that X shows
    #[arg(long)]
    pub(crate) pin: bool,
    /// With a token that is there already: a file of two lines, token and secret, as Python Twitter Tools keep it, or of
    /// one, a bearer token
    #[arg(long, value_name = "FILE", conflicts_with_all = ["pin", "app_only"])]
    pub(crate) token_file: Option<std::path::PathBuf>,
    /// With all that xurl keeps: a profile for each of its users
    #[arg(long, value_name = "FILE", conflicts_with_all = ["pin", "app_only", "token_file"], num_args = 0..=1,
          default_missing_value = "~/.xurl")]
    pub(crate) xurl: Option<std::path::PathBuf>,
    /// Where X sends you back to: one of the addresses in the settings of the app
    #[arg(long, default_value = "http://127.0.0.1:8080/callback")]
    pub(crate) redirect_uri: String,
    /// Show the address alone, open no browser
    #[arg(long)]
    pub(crate) no_browser: bool,
    /// What the app may do for you; everything, if not given
    #[arg(long, value_delimiter = ',')]
    pub(crate) scope: Vec<chirrup::auth::Scope>,
    /// What you want to call, such as search_recent,create_post: asks for the fewest scopes that this takes
    #[arg(long = "for", value_delimiter = ',', conflicts_with = "scope")]
    pub(crate) endpoints: Vec<String>,
    /// The app keeps a secret (a confidential client)
    #[arg(long)]
    pub(crate) confidential: bool,
}

/// What to do with credentials.
#[derive(Debug, Subcommand)]
pub(crate) enum AuthCommand {
    /// Print the bearer token that is in use, for another program. Whoever has it can act as you
    Token {
        /// The app's own, even where a user is logged in
        #[arg(long)]
        app_only: bool,
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
    /// Ids of media that were uploaded before
    #[arg(long = "media-id")]
    pub(crate) media: Vec<u64>,
    /// Who may reply
    #[arg(long, value_parser = ["following", "mentionedUsers", "subscribers", "verified"])]
    pub(crate) replies: Option<String>,
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
