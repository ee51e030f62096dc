//! Local server that behaves like the X API, for tests and development.
//!
//! A [`Sandbox`] is an HTTP server on the loopback address with its own users, posts, lists and messages. It verifies
//! signatures, tokens and scopes, counts rate limits, charges calls, and serves live streams and webhooks.
//!
//! ```
//! use chirrup_sandbox::Sandbox;
//!
//! let sandbox = Sandbox::builder().posts(500).start()?;
//! assert!(sandbox.url().starts_with("http://127.0.0.1:"));
//! # Ok::<(), chirrup_sandbox::SandboxError>(())
//! ```
//!
//! What a test needs:
//!
//! - a client: [`Sandbox::url`] and [`Sandbox::credentials`], or [`Sandbox::environment`] for another process
//! - failures: [`Fault`], [`FaultRule`], [`Disconnect`]
//! - time: [`TestClock`]
//! - verification: [`Sandbox::journal`], [`Sandbox::bill`], [`Sandbox::webhook_deliveries`]
//! - events and load: [`Sandbox::write_post`], [`Sandbox::emit_activity`], [`Sandbox::generate_posts`]
//! - other apps and users: [`NewApp`], [`Sandbox::oauth1`], [`Sandbox::oauth2`]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![warn(missing_docs)]

mod access;
mod control;
mod control_api;
mod error;
mod handlers;
#[cfg(feature = "import")]
mod import;
mod login;
mod page;
mod random;
mod response;
mod sandbox;
mod seed;
mod serve;
mod server;
mod side_effects;
mod state;
mod streams;
mod world;
mod worlds;

pub use control::clock::TestClock;
pub use control::faults::{Fault, FaultRule};
pub use control::journal::JournalEntry;
pub use error::SandboxError;
pub use handlers::is_served;
#[cfg(feature = "import")]
#[cfg_attr(docsrs, doc(cfg(feature = "import")))]
pub use import::ImportCounts;
pub use sandbox::{AppCredentials, LoadGenerator, NewApp, ProcessingOutcome, Sandbox, SandboxBuilder, UserTokens};
pub use streams::hub::Disconnect;
pub use streams::webhook_delivery::WebhookDelivery;
