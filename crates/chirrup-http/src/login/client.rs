//! The client of the login endpoints, and the bearer token of an app.

use std::sync::Arc;

use chirrup_api::{ApiClient, Error, ErrorKind, RawResponse};
use chirrup_auth::{Credentials, Secret};
use serde_json::Value as Json;

use super::app::App;
use crate::clock::{Clock, NO_RANDOMNESS, SystemClock};

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
    pub(super) client: ApiClient,
    pub(super) clock: Arc<dyn Clock>,
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
    pub(super) fn random(&self) -> Result<[u8; 32], Error> {
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

pub(super) fn json(response: &RawResponse) -> Result<Json, Error> {
    if response.body.len() > MAX_RESPONSE {
        let message = format!("the response has {} bytes; a response with tokens is smaller", response.body.len());
        return Err(Error::login(&message));
    }
    serde_json::from_slice(&response.body).map_err(|_| Error::login("the response is not JSON"))
}
