//! Endpoints of API v2: one file for each section of X's documentation.

pub mod account;
pub mod account_activity;
pub mod activity;
pub mod articles;
pub mod bots;
pub mod broadcast_moderation;
pub mod broadcast_sources;
pub mod broadcasts;
pub mod calls;
pub mod chat;
pub mod chat_conversations;
pub mod chat_groups;
pub mod chat_requests;
pub mod communities;
pub mod community_notes;
pub mod compliance;
pub mod connections;
pub mod direct_messages;
pub mod general;
pub mod lists;
pub mod media;
pub mod news;
pub mod posts;
pub mod retired;
pub mod spaces;
pub mod streams;
pub mod trends;
pub mod usage;
pub mod user_broadcasts;
pub mod users;
pub mod webhooks;

#[cfg(feature = "samples")]
use crate::client::example::Example;
use crate::endpoint::Endpoint;

macro_rules! areas {
    ($($module:ident: $area:ident;)+) => {
        /// Endpoints by section, in the order in which [`all`](crate::all) returns them.
        pub(crate) static AREAS: &[&[&Endpoint]] = &[$($module::$area),+];

        /// Examples of the endpoints, by section.
        #[cfg(feature = "samples")]
        pub(crate) static EXAMPLES: &[&[Example]] = &[$($module::EXAMPLES),+];

        /// Implements the methods of all endpoints of API v2 for the type `Client` in scope, which has a method `api`.
        #[doc(hidden)]
        #[macro_export]
        macro_rules! client_methods {
            () => { $($crate::$module! {})+ };
        }
    };
}

areas! {
    posts: POSTS;
    users: USERS;
    lists: LISTS;
    streams: STREAMS;
    connections: CONNECTIONS;
    direct_messages: DIRECT_MESSAGES;
    media: MEDIA;
    spaces: SPACES;
    communities: COMMUNITIES;
    community_notes: COMMUNITY_NOTES;
    news: NEWS;
    trends: TRENDS;
    articles: ARTICLES;
    broadcasts: BROADCASTS;
    broadcast_moderation: BROADCAST_MODERATION;
    broadcast_sources: BROADCAST_SOURCES;
    user_broadcasts: USER_BROADCASTS;
    calls: CALLS;
    chat: CHAT;
    chat_conversations: CHAT_CONVERSATIONS;
    chat_groups: CHAT_GROUPS;
    chat_requests: CHAT_REQUESTS;
    webhooks: WEBHOOKS;
    activity: ACTIVITY;
    account_activity: ACCOUNT_ACTIVITY;
    bots: BOTS;
    compliance: COMPLIANCE;
    usage: USAGE;
    account: ACCOUNT;
    general: GENERAL;
    retired: RETIRED;
}
