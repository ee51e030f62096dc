//! The client of the X API over the network.

mod builder;
mod core;
mod endpoints;
mod methods;

pub use self::builder::ClientBuilder;
pub use self::core::Client;
