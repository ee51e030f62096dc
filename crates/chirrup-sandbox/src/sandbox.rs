//! Public interface of the sandbox: settings, start, and control by tests.

mod apps;
mod builder;
#[cfg(feature = "tls")]
mod certificates;
mod content;
mod credentials;
mod data_file;
mod handle;
mod load;
mod streams;

pub use apps::{AppCredentials, NewApp, UserTokens};
pub use builder::SandboxBuilder;
pub use handle::{ProcessingOutcome, Sandbox};
pub use load::LoadGenerator;
