//! What can be typed to log in, and to set up a sandbox.

use clap::{Args as ClapArgs, Subcommand};

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
