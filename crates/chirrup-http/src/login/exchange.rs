//! Token exchange: OAuth 2.0 tokens for OAuth 1.0a user tokens, without a consent page.

mod bulk;
mod grant;
mod oauth1_token;
mod token_file;

pub use bulk::{BulkExchange, ExchangeReport};
pub use oauth1_token::OAuth1Token;
pub use token_file::parse_oauth1_tokens;
