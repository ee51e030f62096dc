//! An OAuth 1.0a token to exchange.

use chirrup_auth::Secret;

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
