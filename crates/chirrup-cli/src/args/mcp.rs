//! Arguments of the server for agents.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::number::whole_number;

/// Arguments of `chirrup mcp`.
#[derive(Debug, ClapArgs)]
#[cfg_attr(not(feature = "mcp"), allow(dead_code, reason = "the program was built without the server"))]
pub(crate) struct McpArgs {
    /// What the agent may do; each level includes those before it
    #[arg(long, value_parser = ["look", "write", "spend"], default_value = "look")]
    pub(crate) level: String,
    /// Kinds of writes that the levels `write` and `spend` allow
    #[arg(long, value_name = "VERBS", value_delimiter = ',', default_value = "post,reply,quote", value_parser =
        ["post", "reply", "quote", "delete", "like", "repost", "follow", "message", "rules", "media"])]
    pub(crate) allow: Vec<String>,
    /// Usernames that the agent may write as [default: that of the credentials]
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) accounts: Vec<String>,
    /// Maximum number of writes in any hour
    #[arg(long, value_name = "NUMBER", value_parser = whole_number::<usize>, default_value_t = 10)]
    pub(crate) per_hour: usize,
    /// Publish only through clients that ask their user
    #[arg(long)]
    pub(crate) require_approval: bool,
    /// Folder whose files the agent may upload
    #[arg(long, value_name = "FOLDER")]
    pub(crate) media_folder: Option<PathBuf>,
    /// File with stored posts that the agent may read; can be repeated
    #[arg(long, value_name = "FILE")]
    pub(crate) archive: Vec<PathBuf>,
    /// Serve streamable HTTP on this port of 127.0.0.1, 0 for a free one, instead of stdin and stdout
    ///
    /// Clients send the token of CHIRRUP_MCP_TOKEN. Without it, the program creates a token and prints it.
    #[arg(long, value_name = "PORT", value_parser = whole_number::<u16>)]
    pub(crate) http: Option<u16>,
}
