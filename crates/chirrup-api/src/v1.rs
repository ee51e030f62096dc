//! Endpoints of API v1.1, as methods of [`V1`], which `client.v1()` returns.
//!
//! Most of them require OAuth 1.0a credentials. X develops v2 only; prefer its endpoint where both versions have one.

pub mod account;
mod composed;
pub mod direct_messages;
pub mod friendships;
pub mod geo;
pub mod help;
pub mod lists;
pub mod media;
pub mod saved_searches;
pub mod statuses;
pub mod streams;
pub mod trends;
pub mod users;

use bytes::Bytes;
use chirrup_model::v1::{
    IdPage, List, ListPage, MessageEvent, MessageEvents, Search, Status, StreamMessage, User, UserPage, WelcomeMessage,
    WelcomeMessageRule, WelcomeMessageRules, WelcomeMessages,
};
use chirrup_model::{ResponseData, UserId};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::client::ApiClient;
use crate::endpoint::{Endpoint, ParamLocation};
use crate::pages::ListData;

/// Endpoints by section, in the order in which [`all`](crate::all) returns them.
pub(crate) static AREAS: &[&[&Endpoint]] = &[
    statuses::STATUSES,
    users::USERS,
    friendships::FRIENDSHIPS,
    lists::LISTS,
    account::ACCOUNT,
    saved_searches::SAVED_SEARCHES,
    direct_messages::DIRECT_MESSAGES,
    media::MEDIA,
    geo::GEO,
    trends::TRENDS,
    help::HELP,
    streams::STREAMS,
];

/// Client for the endpoints of API v1.1.
///
/// ```no_run
/// # async fn example(client: chirrup_api::ApiClient) -> Result<(), chirrup_api::Error> {
/// let v1 = client.v1();
/// let mut statuses = v1.user_timeline().screen_name("robin").tweet_mode("extended").items().limit(500);
/// while let Some(status) = statuses.next_item().await {
///     println!("{}", status?.full_text());
/// }
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct V1(ApiClient);

/// # API v1.1
///
/// Access to the endpoints of API v1.1.
impl ApiClient {
    /// Returns a client for the endpoints of API v1.1, with the same settings and credentials.
    pub fn v1(&self) -> V1 {
        V1(self.clone())
    }
}

impl V1 {
    /// The receiver of the generated methods.
    pub(crate) fn api(&self) -> &ApiClient {
        &self.0
    }
}

macro_rules! list_data {
    ($($page:ty, $field:ident: $item:ty;)+) => { $(
        impl ListData for $page {
            type Item = $item;
            fn into_items(self) -> Vec<$item> {
                self.$field
            }
        }
    )+ };
}

list_data! {
    UserPage, users: User;
    IdPage, ids: UserId;
    ListPage, lists: List;
    Search, statuses: Status;
    MessageEvents, events: MessageEvent;
}

impl ListData for WelcomeMessages {
    type Item = WelcomeMessage;
    fn into_items(self) -> Vec<WelcomeMessage> {
        self.welcome_messages.unwrap_or_default()
    }
}

impl ListData for WelcomeMessageRules {
    type Item = WelcomeMessageRule;
    fn into_items(self) -> Vec<WelcomeMessageRule> {
        self.welcome_message_rules.unwrap_or_default()
    }
}

/// Messages that a v1.1 stream delivered until it ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StreamMessages(pub Vec<StreamMessage>);

impl ResponseData for StreamMessages {
    fn from_bytes(body: &Bytes) -> Option<Self> {
        let lines = body.split(|b| *b == b'\n').map(<[u8]>::trim_ascii).filter(|line| line.starts_with(b"{"));
        lines.map(|line| StreamMessage::read(line).ok()).collect::<Option<_>>().map(Self)
    }
}

/// Returns the token of the page after this one: a cursor, or the `max_id` below the smallest ID of this page.
pub(crate) fn next_page(endpoint: &Endpoint, body: &Json) -> Option<String> {
    if let Some(cursor) = body["next_cursor_str"].as_str().or(body["next_cursor"].as_str()) {
        return (cursor != "0" && !cursor.is_empty()).then(|| cursor.to_owned());
    }
    if !matches!(endpoint.page_param(), Some(param) if param.name == "max_id" && param.location == ParamLocation::Query)
    {
        return None;
    }
    let statuses = body.as_array().or(body["statuses"].as_array())?;
    let id = |status: &Json| status["id_str"].as_str().and_then(|id| id.parse::<u64>().ok()).or(status["id"].as_u64());
    Some(statuses.iter().filter_map(id).min()?.checked_sub(1)?.to_string())
}
