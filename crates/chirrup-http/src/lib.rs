//! The X API over the network: connections, the proof of who calls, time limits and size limits.
#![warn(missing_docs)]

mod clock;
pub mod login;
mod runtime;
pub mod tokens;
mod transport;

pub use clock::{Clock, SystemClock};
pub use transport::{HttpBuilder, HttpTransport};
