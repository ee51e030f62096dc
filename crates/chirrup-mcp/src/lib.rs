//! An MCP server for the X API: an agent reads, drafts and publishes within limits that it cannot change.
//!
//! - **Money**: every answer says what it cost and what is left. A call that could exceed the [budget](chirrup::ClientBuilder::budget) is
//!   not sent, and a repeated read comes from the cache of the client.
//! - **Writes** take two steps. The tool `draft` returns what would be done, with its price and checks, and a confirmation
//!   code. The tool `publish` needs the code, which is bound to this content and account, works once, and expires after
//!   [five minutes](CODE_LIFETIME). If the client can ask its user, `publish` also asks the user.
//! - **Texts of others** are in the member `untrusted` of an answer, without control characters and of limited length.
//!
//! ```no_run
//! use chirrup::{Access, Budget, Client};
//! use chirrup_mcp::{Options, Server};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let budget = Budget::default().per_run("2.50".parse()?);
//! let client = Client::builder().access(Access::write().per_hour(5)).budget(budget).build()?;
//! Server::new(client, Options::default()).serve_stdio().await?;
//! # Ok(()) }
//! ```
#![cfg_attr(docsrs, feature(doc_cfg))]
#![warn(missing_docs)]

mod action;
mod answer;
mod approval;
mod confirmation;
mod http;
mod objects;
mod options;
mod prompts;
mod reads;
mod resources;
mod server;
mod state;
mod tools;
mod untrusted;
mod writes;

pub use confirmation::CODE_LIFETIME;
pub use http::ServeHttp;
pub use options::Options;
pub use server::Server;
