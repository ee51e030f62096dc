//! Handlers: one function per endpoint, in one file per resource.
//!
//! Each file lists its handlers in a table, by the constants of the endpoints. [`find`] reads the tables.

mod account;
mod account_activity;
mod activity_subscriptions;
mod analytics;
mod articles;
mod bookmarks;
mod bots;
mod broadcast_moderation;
mod broadcast_sources;
mod broadcasts;
mod calls;
mod chat;
mod chat_conversations;
mod chat_groups;
mod chat_media;
mod chat_requests;
mod communities;
pub(crate) mod compliance;
mod connections;
pub(crate) mod context;
mod dms;
mod documents;
mod lists;
mod media;
mod media_type;
mod news;
mod notes;
mod openapi;
mod own_chat;
mod pages;
mod posts;
mod public_keys;
mod retired;
mod rules;
mod scheduled_calls;
mod spaces;
mod streams;
mod timelines;
mod trends;
mod usage;
mod user_broadcasts;
mod users;
mod v1;
mod webhooks;

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use chirrup_api::Endpoint;

use self::context::{Handler, HandlerEntry};

/// Tables of all files. A new file adds its table here.
const TABLES: &[&[HandlerEntry]] = &[
    account::HANDLERS,
    account_activity::HANDLERS,
    activity_subscriptions::HANDLERS,
    analytics::HANDLERS,
    articles::HANDLERS,
    bookmarks::HANDLERS,
    bots::HANDLERS,
    broadcast_moderation::HANDLERS,
    broadcast_sources::HANDLERS,
    broadcasts::HANDLERS,
    calls::HANDLERS,
    chat::HANDLERS,
    chat_conversations::HANDLERS,
    chat_groups::HANDLERS,
    chat_media::HANDLERS,
    chat_requests::HANDLERS,
    communities::HANDLERS,
    compliance::HANDLERS,
    connections::HANDLERS,
    dms::HANDLERS,
    lists::HANDLERS,
    media::HANDLERS,
    news::HANDLERS,
    notes::HANDLERS,
    openapi::HANDLERS,
    posts::HANDLERS,
    public_keys::HANDLERS,
    retired::HANDLERS,
    rules::HANDLERS,
    scheduled_calls::HANDLERS,
    spaces::HANDLERS,
    streams::HANDLERS,
    timelines::HANDLERS,
    trends::HANDLERS,
    usage::HANDLERS,
    user_broadcasts::HANDLERS,
    users::HANDLERS,
    webhooks::HANDLERS,
];

/// Handlers by the ID of their endpoint.
static HANDLERS: LazyLock<HashMap<&'static str, Handler>> = LazyLock::new(|| {
    let entries = TABLES.iter().chain(v1::TABLES).copied().flatten();
    entries.map(|(endpoint, handler)| (endpoint.id, *handler)).collect()
});

/// Returns the handler of an endpoint, if the sandbox serves it.
pub(crate) fn find(endpoint: &Endpoint) -> Option<Handler> {
    HANDLERS.get(endpoint.id).copied()
}

/// Handlers that only read users and posts, so that they can run beside others.
static CONCURRENT: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let entries = [posts::HANDLERS, timelines::HANDLERS, users::HANDLERS].into_iter().flatten();
    entries.map(|(endpoint, _)| *endpoint).filter(|endpoint| endpoint.is_read()).map(|endpoint| endpoint.id).collect()
});

/// Returns whether calls of this endpoint run beside others.
pub(crate) fn is_concurrent(endpoint: &Endpoint) -> bool {
    CONCURRENT.contains(endpoint.id)
}

/// Returns whether the sandbox serves this endpoint.
pub fn is_served(endpoint: &Endpoint) -> bool {
    find(endpoint).is_some()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{TABLES, find, v1};

    #[test]
    fn every_endpoint_has_one_handler() {
        for endpoint in chirrup_api::all() {
            assert!(find(endpoint).is_some(), "{} has no handler", endpoint.id);
        }
        let mut seen = HashSet::new();
        for (endpoint, _) in TABLES.iter().chain(v1::TABLES).copied().flatten() {
            assert!(seen.insert(endpoint.id), "{} has two handlers", endpoint.id);
        }
    }
}
