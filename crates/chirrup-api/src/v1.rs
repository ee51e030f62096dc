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
mod stream_messages;
pub mod streams;
pub mod trends;
pub mod users;

use chirrup_model::UserId;
use chirrup_model::v1::{
    IdPage, List, ListPage, MessageEvent, MessageEvents, Search, Status, User, UserPage, WelcomeMessage,
    WelcomeMessageRule, WelcomeMessageRules, WelcomeMessages,
};

pub use stream_messages::StreamMessages;

use crate::client::ApiClient;
#[cfg(feature = "samples")]
use crate::client::example::Example;
use crate::endpoint::Endpoint;
use crate::paging::pages::ListData;

macro_rules! areas {
    ($($module:ident: $area:ident;)+) => {
        /// Endpoints by section, in the order in which [`all`](crate::all) returns them.
        pub(crate) static AREAS: &[&[&Endpoint]] = &[$($module::$area),+];

        /// Examples of the endpoints, by section.
        #[cfg(feature = "samples")]
        pub(crate) static EXAMPLES: &[&[Example]] = &[$($module::EXAMPLES),+];
    };
}

areas! {
    statuses: STATUSES;
    users: USERS;
    friendships: FRIENDSHIPS;
    lists: LISTS;
    account: ACCOUNT;
    saved_searches: SAVED_SEARCHES;
    direct_messages: DIRECT_MESSAGES;
    media: MEDIA;
    geo: GEO;
    trends: TRENDS;
    help: HELP;
    streams: STREAMS;
}

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
