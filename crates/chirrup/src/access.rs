//! Permissions of a client, and the transport that holds calls to them.

mod guard;
mod need;
mod permissions;

pub(crate) use guard::Guard;
pub use permissions::{Access, InvalidName, Level, Verb};
