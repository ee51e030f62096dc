//! Logins: tokens for an app itself and for its users, by OAuth 1.0a and OAuth 2.0.
//!
//! A pending login is a value: [`OAuth1Login`] and [`OAuth2Login`] can be stored between the request that sends the user
//! to X and the callback with which the user returns.

mod callback_listener;
mod exchange;
mod oauth1;
mod oauth2;
mod oauth_dance;

use std::fmt;
use std::sync::Arc;

use chirrup_api::{ApiClient, Error, ErrorKind, RawResponse};
use chirrup_auth::{Credential, Credentials, Secret, basic_header, constant_time_eq};
use serde_json::Value as Json;

use crate::clock::{Clock, NO_RANDOMNESS, SystemClock};

pub use callback_listener::{CallbackListener, PendingLogin};
pub use exchange::{BulkExchange, ExchangeReport, OAuth1Token, parse_oauth1_tokens};
pub use oauth_dance::{AuthorizationPrompt, prompt_in_terminal, read_token_file, write_token_file};
pub use oauth1::{Callback, OAuth1Login, OAuth1Options, OAuth1User, OAuthEcho};
pub use oauth2::{OAuth2Login, OAuth2Tokens};

/// Key and secret of an app, as X's developer console shows them.
#[derive(Debug, Clone)]
pub struct App {
    key: String,
    secret: Option<Secret>,
}

impl App {
    /// Creates a confidential app from its API key and secret, or its client ID and client secret.
    pub fn new(key: impl Into<String>, secret: impl Into<Secret>) -> Self {
        Self { key: key.into(), secret: Some(secret.into()) }
    }

    /// Creates a public app, which runs on its users' machines and has no secret. It can only use OAuth 2.0.
    pub fn public(client_id: impl Into<String>) -> Self {
        Self { key: client_id.into(), secret: None }
    }

    /// Returns the API key or client ID.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Returns the secret of the app, or `None` for a public client.
    pub fn secret(&self) -> Option<&Secret> {
        self.secret.as_ref()
    }

    fn required_secret(&self) -> Result<&Secret, Error> {
        self.secret.as_ref().ok_or_else(|| {
            Error::login("this login requires the secret of the app").with_hint("create the app with `App::new`")
        })
    }

    /// Returns the credential of HTTP Basic authentication with key and secret.
    fn basic(&self) -> Result<Credentials, Error> {
        Ok(Credentials::one(Credential::Basic(basic_header(&self.key, self.required_secret()?))))
    }
}

/// Client of X's login endpoints, which obtain, refresh and revoke tokens.
///
/// ```no_run
/// # async fn example(client: &chirrup_api::ApiClient) -> Result<(), chirrup_api::Error> {
/// use chirrup_auth::Scope;
/// use chirrup_http::login::{App, Login};
///
/// let (app, login) = (App::public("client id"), Login::new(client));
/// let pending = login.begin_oauth2(&app, "http://127.0.0.1:8080/callback", &[Scope::TweetRead, Scope::UsersRead])?;
/// println!("open {}, and paste the URL to which X redirects you", pending.url());
/// let mut pasted = String::new();
/// # let _ = &mut pasted;
/// let tokens = login.finish_oauth2(&app, pending, pasted.trim()).await?;
/// let client = client.with_credentials(tokens.credentials());
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct Login {
    client: ApiClient,
    clock: Arc<dyn Clock>,
}

impl Login {
    /// Creates a login at the base URL of a client. The client's own credentials are not used.
    pub fn new(client: &(impl AsRef<ApiClient> + ?Sized)) -> Self {
        let client = client.as_ref();
        Self { client: client.with_credentials(Credentials::none()), clock: Arc::new(SystemClock) }
    }

    /// Sets the source of time and randomness.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Obtains the app's bearer token. X returns the same token until it is invalidated.
    ///
    /// `POST /oauth2/token`
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`](chirrup_api::ErrorKind::Forbidden) if X rejects the key or the secret,
    /// [`ErrorKind::Login`](chirrup_api::ErrorKind::Login) if the app has no secret.
    pub async fn app_token(&self, app: &App) -> Result<Credentials, Error> {
        let client = self.client.with_credentials(app.basic()?);
        let call = client.call("POST", "/oauth2/token").form("grant_type", "client_credentials");
        let json = json(&call.raw().await?)?;
        match (json["token_type"].as_str(), json["access_token"].as_str()) {
            (Some(kind), Some(token)) if kind.eq_ignore_ascii_case("bearer") && !token.is_empty() => {
                // The token contains percent-encoded characters, which must not be decoded.
                Ok(Credentials::app_only(token))
            }
            _ => Err(Error::login("the response contains no bearer token")),
        }
    }

    /// Invalidates the app's bearer token.
    ///
    /// `POST /oauth2/invalidate_token`
    ///
    /// # Errors
    /// If X rejects the key or the secret, or does not know the token.
    pub async fn invalidate_app_token(&self, app: &App, token: &Secret) -> Result<(), Error> {
        let client = self.client.with_credentials(app.basic()?);
        let call = client.call("POST", "/oauth2/invalidate_token").form("access_token", token.expose());
        call.raw().await.map(drop)
    }

    /// Invalidates the app's bearer token with the OAuth 1.0a credentials of the app's owner.
    ///
    /// `POST /oauth2/invalidate_token`
    ///
    /// # Errors
    /// If X rejects the signature, or does not know the token.
    pub async fn invalidate_app_token_as(&self, owner: &Credentials, token: &Secret) -> Result<(), Error> {
        let client = self.client.with_credentials(owner.clone());
        let call = client.call("POST", "/oauth2/invalidate_token").form("access_token", token.expose());
        call.as_user().raw().await.map(drop)
    }

    /// Returns 256 random bits.
    fn random(&self) -> Result<[u8; 32], Error> {
        let part = || self.clock.random().map_err(|_| Error::login(NO_RANDOMNESS));
        let mut all = [0; 32];
        all[..16].copy_from_slice(&part()?);
        all[16..].copy_from_slice(&part()?);
        Ok(all)
    }
}

/// Whether a request for tokens failed before the server decided on it.
pub(crate) fn is_transient(error: &Error) -> bool {
    use ErrorKind::{Network, RateLimited, Server, Timeout, UnknownOutcome};
    matches!(error.kind(), Network | RateLimited | Server | Timeout | UnknownOutcome)
}

/// Maximum size of a response with tokens, in bytes.
const MAX_RESPONSE: usize = 64 << 10;

fn json(response: &RawResponse) -> Result<Json, Error> {
    if response.body.len() > MAX_RESPONSE {
        let message = format!("the response has {} bytes; a response with tokens is smaller", response.body.len());
        return Err(Error::login(&message));
    }
    serde_json::from_slice(&response.body).map_err(|_| Error::login("the response is not JSON"))
}

/// Parameters of a callback: the query of a URL, or a bare code or PIN.
#[derive(Clone)]
struct CallbackParams(Vec<(String, String)>);

impl fmt::Debug for CallbackParams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CallbackParams(…)")
    }
}

impl CallbackParams {
    /// Parses a URL, a query, or a bare value, which becomes the parameter `name`.
    fn read(text: &str, name: &str) -> Self {
        let text = text.trim();
        let query = text.split_once('?').map_or(text, |(_, query)| query);
        let query = query.split('#').next().unwrap_or_default();
        if !query.contains('=') {
            return Self(vec![(name.to_owned(), text.to_owned())]);
        }
        let pairs = chirrup_auth::oauth1::form_pairs(query);
        Self(pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
    }

    /// Returns the value of a parameter that occurs exactly once.
    fn get(&self, name: &str) -> Option<&str> {
        let mut values = self.0.iter().filter(|(n, _)| n == name).map(|(_, v)| v.as_str());
        let first = values.next();
        if values.next().is_some() { None } else { first }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callbacks_are_parsed_in_every_form() {
        for text in ["http://127.0.0.1/cb?state=s&code=a%2Bb", "state=s&code=a%2Bb#x", " ?code=a%2Bb&state=s\n"] {
            let params = CallbackParams::read(text, "code");
            assert_eq!((params.get("code"), params.get("state")), (Some("a+b"), Some("s")), "{text}");
        }
        assert_eq!(CallbackParams::read(" 1234567\n", "oauth_verifier").get("oauth_verifier"), Some("1234567"));
        assert_eq!(CallbackParams::read("a?code=1&code=2", "code").get("code"), None, "twice is not once");
        assert!(!format!("{:?}", CallbackParams::read("secret", "code")).contains("secret"));
    }
}
