//! Handlers of API v1.1.

mod account;
mod context;
mod help;
mod lists;
mod media;
mod message_data;
mod messages;
mod places;
mod saved_searches;
mod statuses;
mod streams;
mod users;
mod welcome_messages;

use super::context::HandlerEntry;

/// Tables of all files of this folder.
pub(super) const TABLES: &[&[HandlerEntry]] = &[
    account::HANDLERS,
    help::HANDLERS,
    lists::HANDLERS,
    media::HANDLERS,
    messages::HANDLERS,
    places::HANDLERS,
    saved_searches::HANDLERS,
    statuses::HANDLERS,
    streams::HANDLERS,
    users::HANDLERS,
    welcome_messages::HANDLERS,
];
