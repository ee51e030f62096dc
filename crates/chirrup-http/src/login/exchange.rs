//! Token exchange: OAuth 2.0 tokens for OAuth 1.0a user tokens, without a consent page.

mod bulk;
mod token_file;

use chirrup_api::Error;
use chirrup_auth::{Scope, Secret};

use super::{App, Login, OAuth2Tokens};

pub use bulk::{BulkExchange, ExchangeReport};
pub use token_file::parse_oauth1_tokens;

const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const OAUTH1_TOKEN: &str = "urn:x:params:oauth:token-type:oauth1_token";

/// An OAuth 1.0a access token of a user, with its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OAuth1Token {
    /// Access token of the user. At X it starts with the ID of the user.
    pub token: String,
    /// Secret of the access token.
    pub secret: Secret,
    /// Username of the user, if known, without `@`.
    pub username: Option<String>,
}

impl OAuth1Token {
    /// Creates a token without a username.
    pub fn new(token: impl Into<String>, secret: impl Into<Secret>) -> Self {
        Self { token: token.into(), secret: secret.into(), username: None }
    }
}

impl Login {
    /// Exchanges an OAuth 1.0a user token for OAuth 2.0 tokens. The user does not have to consent again, and the OAuth 1.0a
    /// token stays valid.
    ///
    /// The app is the one that the token belongs to. Without `scopes`, X grants those that correspond to the app's
    /// permissions, always with `offline.access`. A repeated exchange is safe: it invalidates the OAuth 2.0 tokens of the
    /// one before. X allows 10,000 exchanges per app in 15 minutes.
    ///
    /// `POST /2/oauth2/token`, OAuth 2.0 Token Exchange (RFC 8693).
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`](chirrup_api::ErrorKind::Invalid) if the token is revoked or belongs to another app, which is
    /// final; [`ErrorKind::Unauthorized`](chirrup_api::ErrorKind::Unauthorized) if X rejects the app. Failures of the
    /// network and of the server are temporary, and the exchange can be repeated.
    pub async fn exchange_oauth1(
        &self,
        app: &App,
        token: &OAuth1Token,
        scopes: &[Scope],
    ) -> Result<OAuth2Tokens, Error> {
        let mut call = self
            .token_call(app, "/2/oauth2/token")?
            .form("grant_type", GRANT_TYPE)
            .form("subject_token_type", OAUTH1_TOKEN)
            .form("subject_token", token.token.as_str())
            .form("oauth_token_secret", token.secret.expose());
        if !scopes.is_empty() {
            let scopes: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
            call = call.form("scope", scopes.join(" "));
        }
        OAuth2Tokens::read(&super::json(&call.raw().await?)?, scopes)
    }
}
