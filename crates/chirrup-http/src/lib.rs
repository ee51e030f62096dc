//! The X API over the network: connections, the proof of who calls, what makes a call survive, and where things are kept.
#![warn(missing_docs)]

mod builder;
mod cache;
#[cfg(feature = "cassettes")]
pub mod cassette;
mod clock;
mod credential_provider;
mod download;
mod ledger;
mod limiter;
mod live;
pub mod login;
mod merge_streams;
mod outbox;
mod polling_stream;
mod proxy;
mod retry;
mod runtime;
pub mod store;
mod tls;
pub mod tokens;
mod transport;
pub mod upload;
pub mod webhook;
mod wire;

use std::path::PathBuf;

use chirrup_api::Error;

pub use builder::HttpBuilder;
pub use clock::{Clock, MovableClock, SystemClock};
pub use credential_provider::CredentialProvider;
pub use ledger::{Budget, EndpointSpending, Ledger, Spending};
pub use limiter::{OnRateLimit, RateLimitStatus, RateLimitWait};
pub use merge_streams::{MergedStreams, merge_streams};
pub use outbox::Outbox;
pub use polling_stream::{PollEvent, PollingStream};
pub use retry::Retry;
pub use runtime::block_on;
pub use runtime::{shutdown_signal, sleep};
pub use transport::HttpTransport;

/// The folder of the user's own files: `CHIRRUP_CONFIG_DIR`, or `chirrup` in the folder for settings.
///
/// # Errors
/// If the system names no such folder.
pub fn config_dir() -> Result<PathBuf, Error> {
    let var = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = var("CHIRRUP_CONFIG_DIR")
        .or_else(|| var("XDG_CONFIG_HOME").map(|dir| dir.join("chirrup")))
        .or_else(|| var("APPDATA").map(|dir| dir.join("chirrup")))
        .or_else(|| var("HOME").map(|dir| dir.join(".config/chirrup")));
    folder.ok_or_else(|| Error::configuration("no folder for settings: set CHIRRUP_CONFIG_DIR"))
}
