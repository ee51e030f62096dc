//! Logging in: how an app gets tokens, its own and those of users.
//!
//! A login that a user has to confirm is a value: [`OAuth1Login`] and [`OAuth2Login`] can be stored between the request
//! that sends the user to X and the one with which they come back.

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

use crate::clock::{Clock, SystemClock};

pub use callback_listener::{CallbackListener, PendingLogin};
pub use exchange::{BulkExchange, ExchangeReport, OAuth1Token, parse_oauth1_tokens};
pub use oauth_dance::{AuthorizationPrompt, prompt_in_terminal, read_token_file, write_token_file};
pub use oauth1::{Callback, OAuth1Login, OAuth1Options, OAuth1User, OAuthEcho};
pub use oauth2::{OAuth2Login, OAuth2Tokens};

/// The keys of an app, as its settings at X show them.
#[derive(Debug, Clone)]
pub struct App {
    key: String,
    secret: Option<Secret>,
}

impl App {
    /// An app that can keep a secret: the API key and its secret, or the client id and its secret.
    pub fn new(key: impl Into<String>, secret: impl Into<Secret>) -> Self {
        Self { key: key.into(), secret: Some(secret.into()) }
    }

    /// An app that runs on its users' machines and keeps no secret: OAuth 2.0 is all that it can do.
    pub fn public(client_id: impl Into<String>) -> Self {
        Self { key: client_id.into(), secret: None }
    }

    /// The API key, or the client id.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Returns the secret of the app, or `None` for a public client.
    pub fn secret(&self) -> Option<&Secret> {
        self.secret.as_ref()
    }

    fn required_secret(&self) -> Result<&Secret, Error> {
        self.secret.as_ref().ok_or_else(|| Error::login("this way to log in needs the secret of the app"))
    }

    /// The app, proving itself by its key and secret.
    fn basic(&self) -> Result<Credentials, Error> {
        Ok(Credentials::one(Credential::Basic(basic_header(&self.key, self.required_secret()?))))
    }
}

/// Gets tokens, and gives them back.
///
/// ```no_run
/// # async fn example(client: &chirrup_api::ApiClient) -> Result<(), chirrup_api::Error> {
/// use chirrup_auth::Scope;
/// use chirrup_http::login::{App, Login};
///
/// let (app, login) = (App::public("client id"), Login::new(client));
/// let begun = login.begin_oauth2(&app, "http://127.0.0.1:8080/callback", &[Scope::TweetRead, Scope::UsersRead])?;
/// println!("open {}, and paste the address that you are sent to", begun.url());
/// let mut pasted = String::new();
/// # let _ = &mut pasted;
/// let tokens = login.finish_oauth2(&app, begun, pasted.trim()).await?;
/// let client = client.with_credentials(tokens.credentials());
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct Login {
    client: ApiClient,
    clock: Arc<dyn Clock>,
}

impl Login {
    /// Logs in at the API that a client speaks to. The client's own credentials are not used.
    pub fn new(client: &(impl AsRef<ApiClient> + ?Sized)) -> Self {
        let client = client.as_ref();
        Self { client: client.with_credentials(Credentials::none()), clock: Arc::new(SystemClock) }
    }

    /// Takes its randomness from elsewhere.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// The app's own bearer token: the same at every call until it is given back.
    ///
    /// `POST /oauth2/token`
    ///
    /// # Errors
    /// If X does not accept the keys.
    pub async fn app_token(&self, app: &App) -> Result<Credentials, Error> {
        let client = self.client.with_credentials(app.basic()?);
        let call = client.call("POST", "/oauth2/token").form("grant_type", "client_credentials");
        let json = json(&call.raw().await?)?;
        match (json["token_type"].as_str(), json["access_token"].as_str()) {
            (Some(kind), Some(token)) if kind.eq_ignore_ascii_case("bearer") && !token.is_empty() => {
                // The token comes percent-encoded, and is sent as it came.
                Ok(Credentials::app_only(token))
            }
            _ => Err(Error::login("the answer holds no bearer token")),
        }
    }

    /// Gives the app's bearer token back: from now on it is worth nothing.
    ///
    /// `POST /oauth2/invalidate_token`
    ///
    /// # Errors
    /// If X does not accept the keys, or does not know the token.
    pub async fn invalidate_app_token(&self, app: &App, token: &Secret) -> Result<(), Error> {
        let client = self.client.with_credentials(app.basic()?);
        let call = client.call("POST", "/oauth2/invalidate_token").form("access_token", token.expose());
        call.raw().await.map(drop)
    }

    /// The same, signed by a user of the app: its owner, at X.
    ///
    /// `POST /oauth2/invalidate_token`
    ///
    /// # Errors
    /// If X does not accept the signature, or does not know the token.
    pub async fn invalidate_app_token_as(&self, owner: &Credentials, token: &Secret) -> Result<(), Error> {
        let client = self.client.with_credentials(owner.clone());
        let call = client.call("POST", "/oauth2/invalidate_token").form("access_token", token.expose());
        call.as_user().raw().await.map(drop)
    }

    /// Random letters and digits of 256 bits.
    fn random(&self) -> Result<[u8; 32], Error> {
        let part = || self.clock.random().map_err(|_| Error::configuration("the system gives no randomness"));
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

/// How large an answer with tokens may be.
const MAX_ANSWER: usize = 64 << 10;

fn json(answer: &RawResponse) -> Result<Json, Error> {
    if answer.body.len() > MAX_ANSWER {
        return Err(Error::login("the answer is far larger than tokens are"));
    }
    serde_json::from_slice(&answer.body).map_err(|_| Error::login("the answer is no JSON"))
}

/// What a callback brought: the parameters of an address, or a code or PIN alone.
#[derive(Clone)]
struct CallbackParams(Vec<(String, String)>);

impl fmt::Debug for CallbackParams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CallbackParams(…)")
    }
}

impl CallbackParams {
    /// Reads an address, a query, or a word, which then is called `name`.
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

    /// A parameter that stands there exactly once.
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
    fn callbacks_are_read_in_every_form() {
        for text in ["http://127.0.0.1/cb?state=s&code=a%2Bb", "state=s&code=a%2Bb#x", " ?code=a%2Bb&state=s\n"] {
            let brought = CallbackParams::read(text, "code");
            assert_eq!((brought.get("code"), brought.get("state")), (Some("a+b"), Some("s")), "{text}");
        }
        assert_eq!(CallbackParams::read(" 1234567\n", "oauth_verifier").get("oauth_verifier"), Some("1234567"));
        assert_eq!(CallbackParams::read("a?code=1&code=2", "code").get("code"), None, "twice is not once");
        assert!(!format!("{:?}", CallbackParams::read("secret", "code")).contains("secret"));
    }
}
