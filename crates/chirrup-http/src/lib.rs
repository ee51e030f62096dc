//! Network transport for the X API: connections, authentication, retries, rate limits, costs and storage.
//!
//! [`HttpBuilder`] configures an [`HttpTransport`], the implementation of [`chirrup_api::Transport`] that sends calls
//! over HTTPS. The modules around it log users in ([`login`]), keep their tokens ([`tokens`], [`store`]), upload media
//! ([`upload`]), receive webhooks ([`webhook`]) and, with the feature `cassettes`, record and replay exchanges.
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
mod tls;
pub mod tokens;
mod transport;
pub mod upload;
pub mod webhook;
mod wire;

use std::path::PathBuf;

use chirrup_api::Error;

pub use builder::HttpBuilder;
pub use chirrup_store as store;
pub use clock::{Clock, MovableClock, SystemClock};
pub use credential_provider::CredentialProvider;
pub use ledger::{Budget, EndpointSpending, Ledger, Spending};
pub use limiter::{OnRateLimit, RateLimitStatus, RateLimitWait};
pub use merge_streams::{MergedStreams, merge_streams};
pub use outbox::Outbox;
pub use polling_stream::{PollEvent, PollingStream};
pub use retry::Retry;
#[doc(hidden)]
pub use runtime::{block_on, shutdown_signal, sleep};
pub use transport::HttpTransport;

/// Returns the user's configuration directory: `CHIRRUP_CONFIG_DIR`, or `chirrup` in the platform's configuration
/// directory (`XDG_CONFIG_HOME`, `APPDATA` or `~/.config`).
///
/// # Errors
/// [`ErrorKind::Configuration`](chirrup_api::ErrorKind::Configuration) if none of these variables, nor `HOME`, is set.
#[doc(hidden)]
pub fn config_dir() -> Result<PathBuf, Error> {
    let var = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let dir = var("CHIRRUP_CONFIG_DIR")
        .or_else(|| var("XDG_CONFIG_HOME").map(|dir| dir.join("chirrup")))
        .or_else(|| var("APPDATA").map(|dir| dir.join("chirrup")))
        .or_else(|| var("HOME").map(|dir| dir.join(".config/chirrup")));
    dir.ok_or_else(|| {
        Error::configuration(
            "configuration directory not found: CHIRRUP_CONFIG_DIR, XDG_CONFIG_HOME, APPDATA and HOME are all unset",
        )
        .with_hint("set the environment variable CHIRRUP_CONFIG_DIR")
    })
}
