//! Collecting posts in a way that survives a crash: checkpoints and sinks.
//!
//! This is the room for it; nothing stands in it yet. Until it does, [`Pages::token`] of `chirrup-api` is the checkpoint:
//! kept somewhere safe, it lets a walk go on where it stopped.
//!
//! [`Pages::token`]: https://docs.rs/chirrup-api
#![warn(missing_docs)]
