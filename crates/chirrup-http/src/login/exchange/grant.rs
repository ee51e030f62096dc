//! The exchange of one token.

use chirrup_api::Error;
use chirrup_auth::Scope;

use super::oauth1_token::OAuth1Token;
use crate::login::app::App;
use crate::login::client::{self, Login};
use crate::login::oauth2::OAuth2Tokens;

const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const OAUTH1_TOKEN: &str = "urn:x:params:oauth:token-type:oauth1_token";

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
        OAuth2Tokens::read(&client::json(&call.raw().await?)?, scopes)
    }
}
