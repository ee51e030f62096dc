//! Live streams: events of a connection that is re-established when it breaks.
//!
//! A transport keeps the connection and reports raw events; these modules give them their meaning.

pub(crate) mod builder;
pub(crate) mod decode;
pub(crate) mod dedup;
pub(crate) mod event;
mod gap;
pub(crate) mod line_framer;
pub(crate) mod stream;
pub(crate) mod wait;
