//! Logins: tokens for an app itself and for its users, by OAuth 1.0a and OAuth 2.0.
//!
//! A pending login is a value: [`OAuth1Login`] and [`OAuth2Login`] can be stored between the request that sends the user
//! to X and the callback with which the user returns.

mod app;
mod callback_listener;
mod callback_params;
mod client;
mod exchange;
mod oauth1;
mod oauth2;
mod oauth_dance;
mod token_lines;

pub use app::App;
pub use callback_listener::{CallbackListener, PendingLogin};
pub use client::Login;
pub(crate) use client::is_transient;
pub use exchange::{BulkExchange, ExchangeReport, OAuth1Token, parse_oauth1_tokens};
pub use oauth_dance::{AuthorizationPrompt, prompt_in_terminal};
pub use oauth1::{Callback, OAuth1Login, OAuth1Options, OAuth1User, OAuthEcho};
pub use oauth2::{OAuth2Login, OAuth2Tokens};
pub(crate) use token_lines::TokenLines;
pub use token_lines::{read_token_file, write_token_file};
