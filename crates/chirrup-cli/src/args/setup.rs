//! Arguments of the commands for logins and sandboxes.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use chirrup::model::Dialect;
use clap::{Args as ClapArgs, Subcommand, ValueEnum};

use super::number::whole_number;

/// Arguments of `chirrup sandbox`.
#[derive(Debug, ClapArgs)]
pub(crate) struct SandboxArgs {
    #[command(subcommand)]
    pub(crate) command: Option<SandboxCommand>,
    /// Port of the server, or 0 for a free port [default: 8086, or a free port with --background]
    #[arg(long, value_parser = whole_number::<u16>)]
    pub(crate) port: Option<u16>,
    /// IP address to listen on, such as 0.0.0.0 in a container
    #[arg(long, value_name = "IP", default_value_t = Ipv4Addr::LOCALHOST.into())]
    pub(crate) address: IpAddr,
    /// Name under which other machines reach the server, such as that of a container; repeatable
    ///
    /// Requests with another `Host` than localhost and its addresses are refused otherwise, so that web pages cannot reach the
    /// sandbox.
    #[arg(long, value_name = "NAME")]
    pub(crate) allow_host: Vec<String>,
    /// Run in the background: `--sandbox` commands of this terminal use it until `chirrup sandbox stop`
    #[arg(long)]
    pub(crate) background: bool,
    /// File of a server in the background
    #[arg(long, hide = true)]
    pub(crate) record: Option<PathBuf>,
    /// Database file, to keep the data across runs
    #[arg(long, value_name = "FILE")]
    pub(crate) data: Option<PathBuf>,
    /// Files with users and posts in place of generated ones: cassettes, JSON lines, archives of X, CSV; repeatable
    ///
    /// Cassettes of this project and of VCR.py; responses or objects of the API as JSON or JSON lines, such as those of
    /// `chirrup stream --into` and twarc; the zip file that X gives you with your account, or its folder; tables with a
    /// header. A folder stands for its files. The credentials belong to the owner of the archive, or to ada.
    #[arg(long, value_name = "PATH", conflicts_with_all = ["users", "posts", "seed"])]
    pub(crate) from: Vec<PathBuf>,
    /// Number of generated users
    #[arg(long, value_name = "NUMBER", value_parser = whole_number::<usize>, default_value_t = 300)]
    pub(crate) users: usize,
    /// Number of generated posts
    #[arg(long, value_name = "NUMBER", value_parser = whole_number::<usize>, default_value_t = 10_000)]
    pub(crate) posts: usize,
    /// Seed of the generated data
    #[arg(long, value_name = "NUMBER", value_parser = whole_number::<u64>, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Use the same keys and tokens in each sandbox, such as the bearer token sandbox-app-bearer-token
    ///
    /// By default, each world has random keys. They are kept in the --data file.
    #[arg(long)]
    pub(crate) fixed_keys: bool,
    /// Faults to inject: flaky, slow, rate-limited, lost-writes, FILE.toml or FILE.toml:PROFILE; repeatable
    ///
    /// A file has an array of tables per profile, with the members of the fault rules of the control API.
    #[arg(long, value_name = "PROFILE")]
    pub(crate) faults: Vec<String>,
    /// Respond to unknown routes with 501 and the nearest route; list them at the end and exit with a failure
    #[arg(long)]
    pub(crate) strict: bool,
    /// Write each request to stderr
    #[arg(long)]
    pub(crate) log: bool,
    /// Token of the HTTP API under /_chirrup/, which controls the sandbox [default: a random one]
    #[arg(
        long,
        value_name = "TOKEN",
        conflicts_with = "no_control",
        env = "CHIRRUP_CONTROL_TOKEN",
        hide_env_values = true
    )]
    pub(crate) control_token: Option<String>,
    /// Serve no HTTP API that controls the sandbox
    #[arg(long)]
    pub(crate) no_control: bool,
    /// Serve requests without rate limits
    #[arg(long)]
    pub(crate) unlimited: bool,
    /// Names in responses to requests that use the names of neither dialect
    #[arg(long, value_enum, value_name = "DIALECT", default_value_t)]
    pub(crate) dialect: DialectArg,
    /// Serve TLS too, and work as an HTTPS proxy to the host names of X
    ///
    /// Programs whose hosts are fixed reach the sandbox with the environment variables that it prints: HTTPS_PROXY, and
    /// SSL_CERT_FILE or its like. The proxy refuses all other hosts.
    #[arg(long)]
    pub(crate) tls: bool,
    /// Folder that keeps the certificate authority of --tls; by default a new one each time
    #[arg(long, value_name = "FOLDER")]
    pub(crate) tls_folder: Option<PathBuf>,
    /// Number of new posts per second; by default 3, and only while a client reads a live stream
    #[arg(long, value_name = "NUMBER", value_parser = whole_number::<u64>)]
    pub(crate) load: Option<u64>,
}

/// Dialect of the wire format.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(crate) enum DialectArg {
    /// Names such as tweet_count and pinned_tweet_id
    #[default]
    Tweet,
    /// Names such as post_count and pinned_post_id
    Post,
}

impl From<DialectArg> for Dialect {
    fn from(argument: DialectArg) -> Self {
        match argument {
            DialectArg::Tweet => Self::Tweet,
            DialectArg::Post => Self::Post,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum SandboxCommand {
    /// Stop the sandbox in the background, and delete its data
    Stop,
    /// Send an event such as post.mention.create, signed as X signs it, to a webhook
    ///
    /// Uses the sandbox of CHIRRUP_BASE_URL and CHIRRUP_CONTROL_TOKEN or the one in the background; without one, a world with
    /// --fixed-keys, whose consumer secret is sandbox-consumer-secret.
    Trigger {
        /// Type of the event
        event: String,
        /// URL of the webhook on this machine; by default, the webhooks that subscribe to the event
        #[arg(long, value_name = "URL")]
        to: Option<String>,
        /// User whom the event is about [default: ada, or the owner of an imported archive]
        #[arg(long, value_name = "USERNAME")]
        user: Option<String>,
    },
    /// Manage the apps of a sandbox
    #[command(subcommand)]
    Client(ClientCommand),
}

#[derive(Debug, Subcommand)]
pub(crate) enum ClientCommand {
    /// Create an app and user tokens, and print them
    ///
    /// A sandbox that runs with the same --data file accepts them immediately.
    Create {
        /// Database file of the sandbox
        #[arg(long, value_name = "FILE")]
        data: PathBuf,
        /// User to create tokens for, and to create if missing; repeatable
        #[arg(long, value_name = "USERNAME")]
        user: Vec<String>,
        /// Permissions of the app
        #[arg(long, default_value = "read-write-directmessages",
              value_parser = ["read", "read-write", "read-write-directmessages"])]
        access: String,
        /// Callback URL for logins; repeatable
        #[arg(long, value_name = "URL")]
        callback: Vec<String>,
        /// Create a confidential client
        #[arg(long)]
        confidential: bool,
    },
}

/// Arguments of `chirrup login`.
#[derive(Debug, ClapArgs)]
pub(crate) struct LoginArgs {
    /// Log in as the app, with access to public data
    #[arg(long, conflicts_with = "pin")]
    pub(crate) app_only: bool,
    /// Log in as a user by OAuth 1.0a with a PIN
    #[arg(long)]
    pub(crate) pin: bool,
    /// Import a token file of Python Twitter Tools, or a file with one bearer token
    #[arg(long, value_name = "FILE", conflicts_with_all = ["pin", "app_only"])]
    pub(crate) token_file: Option<PathBuf>,
    /// Import the tokens of xurl, t, twurl and twarc: from a file, or from all of their files in the home folder
    #[arg(long, alias = "xurl", value_name = "FILE", conflicts_with_all = ["pin", "app_only", "token_file"], num_args = 0..=1)]
    pub(crate) import: Option<Option<PathBuf>>,
    /// Exchange the OAuth 1.0a token of the profile for OAuth 2.0 tokens, or all tokens of a file with --into
    ///
    /// The file is a token file of Python Twitter Tools, or JSON, JSON lines or CSV with oauth_token and oauth_token_secret.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["pin", "app_only", "token_file", "import"], num_args = 0..=1)]
    pub(crate) exchange: Option<Option<PathBuf>>,
    /// File for the tokens of --exchange FILE, one JSON line per token; an interrupted exchange resumes from it
    #[arg(long, value_name = "FILE", requires = "exchange")]
    pub(crate) into: Option<PathBuf>,
    /// Callback URL, as in the settings of the app
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080/callback")]
    pub(crate) redirect_uri: String,
    /// Do not open a browser
    #[arg(long)]
    pub(crate) no_browser: bool,
    /// Scopes to request, comma-separated [default: all]
    #[arg(long, value_delimiter = ',')]
    pub(crate) scope: Vec<chirrup::auth::Scope>,
    /// Endpoints to request the scopes of, comma-separated
    #[arg(long = "for", value_name = "ENDPOINT", value_delimiter = ',', conflicts_with = "scope")]
    pub(crate) endpoints: Vec<String>,
    /// Log in with a confidential client, which has a secret
    #[arg(long)]
    pub(crate) confidential: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AuthCommand {
    /// Print the bearer token in use; it grants access to the account
    Token {
        /// Print the token of the app even if a user is logged in
        #[arg(long)]
        app_only: bool,
    },
}
