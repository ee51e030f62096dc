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
mod config_dir;
mod credential_provider;
mod download;
mod https;
mod ledger;
mod limiter;
mod live;
pub mod login;
mod merge_streams;
mod outbox;
mod pipeline;
mod polling_stream;
mod proxy;
mod response_body;
mod retry;
mod runtime;
mod service_client;
mod tls;
pub mod tokens;
mod transport;
pub mod upload;
pub mod webhook;
mod wire;

pub use builder::HttpBuilder;
pub use chirrup_store as store;
pub use clock::{Clock, MovableClock, SystemClock};
#[doc(hidden)]
pub use config_dir::config_dir;
pub use credential_provider::CredentialProvider;
pub use ledger::{Budget, EndpointSpending, Ledger, Spending};
pub use limiter::{OnRateLimit, RateLimitStatus, RateLimitWait};
pub use merge_streams::{MergedStreams, merge_streams};
pub use outbox::Outbox;
pub use polling_stream::{PollEvent, PollingStream, WaitPollingStream};
pub use retry::Retry;
#[doc(hidden)]
pub use runtime::{block_on, shutdown_signal, sleep};
#[doc(hidden)]
pub use service_client::{ServiceClient, ServiceError};
pub use transport::HttpTransport;
