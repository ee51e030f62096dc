//! The text rules of a post: how long it is, and which tags, mentions and links it holds.
//!
//! No I/O and no dependencies.
#![warn(missing_docs)]

mod extract;
mod length;

pub use extract::{Entity, EntityKind, extract};
pub use length::{MAX_WEIGHT, URL_WEIGHT, weighted_length};
