//! The X API on your own machine: a world of users and posts, real signatures, scopes and limits, over real HTTP.
//!
//! ```
//! use chirrup_sandbox::Sandbox;
//!
//! let sandbox = Sandbox::builder().posts(500).start()?;
//! assert!(sandbox.url().starts_with("http://127.0.0.1:"));
//! # Ok::<(), chirrup_sandbox::SandboxError>(())
//! ```
#![warn(missing_docs)]

mod api_error;
mod apps;
mod auth;
mod bill;
mod body;
mod clock;
mod faults;
mod handlers;
mod hub;
mod journal;
mod limits;
mod login;
mod sandbox;
mod seed;
mod select;
mod server;
mod side_effects;
mod webhook_delivery;
mod world;

pub use apps::{ClientKeys, NewClient, UserKeys};
pub use clock::Clock;
pub use faults::{Fault, FaultRule};
pub use handlers::is_served;
pub use hub::Disconnect;
pub use journal::Event;
pub use sandbox::{Load, ProcessingOutcome, Sandbox, SandboxBuilder, SandboxError};
pub use webhook_delivery::Delivered;
