//! Live streams and webhooks: what they deliver, and to whom.

pub(crate) mod catalog;
pub(crate) mod chunk;
mod connection;
pub(crate) mod event;
pub(crate) mod event_kind;
pub(crate) mod hub;
mod post_lines;
pub(crate) mod reader;
pub(crate) mod rules;
pub(crate) mod sample;
mod status_lines;
pub(crate) mod webhook_delivery;
