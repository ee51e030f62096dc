//! OAuth 2.0 with PKCE: logins, refreshes and revocations.

use std::fmt;
use std::time::Duration;

use chirrup_api::{Error, RawCall};
use chirrup_auth::oauth1::encode;
use chirrup_auth::{CodeVerifier, Credentials, Scope, Secret, constant_time_eq};
use serde_json::{Value as Json, json};

use super::app::App;
use super::callback_params::CallbackParams;
use super::client::{self, Login};

/// A pending login by OAuth 2.0, which the user has to authorize.
#[derive(Clone)]
pub struct OAuth2Login {
    url: String,
    pub(super) state: Secret,
    verifier: Secret,
    redirect_uri: String,
    scopes: Vec<Scope>,
}

impl fmt::Debug for OAuth2Login {
    /// Shows nothing, because the URL is a secret of the user's session.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OAuth2Login(…)")
    }
}

impl OAuth2Login {
    /// Returns the URL where the user authorizes the app.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Serializes the login, to store it with the user's session until the callback. The text is a secret.
    pub fn serialize(&self) -> Secret {
        let scopes: Vec<&str> = self.scopes.iter().map(|scope| scope.as_str()).collect();
        let json = json!({
            "url": self.url, "state": self.state.expose(), "verifier": self.verifier.expose(),
            "redirect_uri": self.redirect_uri, "scopes": scopes,
        });
        Secret::new(json.to_string())
    }

    /// Deserializes a stored login.
    ///
    /// # Errors
    /// [`ErrorKind::Login`](chirrup_api::ErrorKind::Login) if [`serialize`](Self::serialize) did not create the text.
    pub fn deserialize(stored: &Secret) -> Result<Self, Error> {
        let json: Json = serde_json::from_str(stored.expose()).unwrap_or_default();
        let text = |name: &str| {
            let text = json[name].as_str().map(str::to_owned);
            text.ok_or_else(|| Error::login("the text is not a stored login"))
        };
        let scopes = json["scopes"].as_array().into_iter().flatten().filter_map(|scope| scope.as_str()?.parse().ok());
        Ok(Self {
            url: text("url")?,
            state: text("state")?.into(),
            verifier: text("verifier")?.into(),
            redirect_uri: text("redirect_uri")?,
            scopes: scopes.collect(),
        })
    }
}

/// Tokens of a user who has logged in by OAuth 2.0, with their scopes and lifetime.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct OAuth2Tokens {
    /// Access token to act for the user.
    pub access_token: Secret,
    /// Refresh token, if the scope `offline.access` was granted. It can be used once.
    pub refresh_token: Option<Secret>,
    /// Lifetime of the access token. Zero if the server does not send it.
    pub expires_in: Duration,
    /// Scopes that the user granted.
    pub scopes: Vec<Scope>,
    /// Requested scopes that were not granted.
    pub missing: Vec<Scope>,
}

impl OAuth2Tokens {
    /// Creates tokens from an access token obtained elsewhere. It has no refresh token, no scopes and an unknown lifetime.
    pub fn new(access_token: impl Into<Secret>) -> Self {
        Self {
            access_token: access_token.into(),
            refresh_token: None,
            expires_in: Duration::ZERO,
            scopes: Vec::new(),
            missing: Vec::new(),
        }
    }

    /// Returns the credentials to act for the user.
    pub fn credentials(&self) -> Credentials {
        Credentials::oauth2_with_scopes(self.access_token.clone(), self.scopes.iter().map(|scope| scope.as_str()))
    }

    pub(super) fn read(json: &Json, requested: &[Scope]) -> Result<Self, Error> {
        let token = json["access_token"].as_str().filter(|token| !token.is_empty());
        let bearer = json["token_type"].as_str().is_some_and(|kind| kind.eq_ignore_ascii_case("bearer"));
        let Some(token) = token.filter(|_| bearer) else {
            return Err(Error::login("the response contains no bearer token"));
        };
        // RFC 6749, section 5.1: without `scope`, the server granted the requested scopes.
        let scopes = match json["scope"].as_str() {
            Some(text) => text.split_whitespace().filter_map(|scope| scope.parse().ok()).collect(),
            None => requested.to_vec(),
        };
        let refresh = json["refresh_token"].as_str().filter(|token| !token.is_empty());
        Ok(Self {
            access_token: token.into(),
            refresh_token: refresh.map(Secret::from),
            expires_in: Duration::from_secs(json["expires_in"].as_u64().unwrap_or_default()),
            missing: requested.iter().copied().filter(|scope| !scopes.contains(scope)).collect(),
            scopes,
        })
    }
}

impl Login {
    /// Begins a login by OAuth 2.0, without sending anything. [`OAuth2Login::url`] is where the user authorizes the app.
    ///
    /// `redirect_uri` must be listed in the app's settings in exactly this form.
    ///
    /// # Errors
    /// [`ErrorKind::Login`](chirrup_api::ErrorKind::Login) if the system's random number generator fails.
    pub fn begin_oauth2(&self, app: &App, redirect_uri: &str, scopes: &[Scope]) -> Result<OAuth2Login, Error> {
        let verifier = CodeVerifier::from_random(self.random()?);
        let state = CodeVerifier::from_random(self.random()?).secret().clone();
        // X serves the page from another host than the API.
        let base = match self.client.base_url() {
            "https://api.x.com" | "https://api.twitter.com" => "https://x.com",
            other => other,
        };
        let scope_names: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
        let mut url = format!("{base}/i/oauth2/authorize?response_type=code&code_challenge_method=S256");
        for (name, value) in [
            ("client_id", app.key.as_str()),
            ("redirect_uri", redirect_uri),
            ("scope", &scope_names.join(" ")),
            ("state", state.expose()),
            ("code_challenge", &verifier.challenge()),
        ] {
            url.push_str(&format!("&{name}={}", encode(value)));
        }
        let verifier = verifier.secret().clone();
        Ok(OAuth2Login { url, state, verifier, redirect_uri: redirect_uri.to_owned(), scopes: scopes.to_vec() })
    }

    /// Completes a login by OAuth 2.0: exchanges the callback URL for tokens. Its code is valid once, for 30 seconds.
    ///
    /// `POST /2/oauth2/token`
    ///
    /// # Errors
    /// [`ErrorKind::Login`](chirrup_api::ErrorKind::Login) if the user did not authorize the app or the callback belongs to
    /// another login, and those of the call if X rejects the code. After a failure, begin a new login.
    pub async fn finish_oauth2(&self, app: &App, login: OAuth2Login, callback: &str) -> Result<OAuth2Tokens, Error> {
        let params = CallbackParams::read(callback, "code");
        if !params.get("state").is_some_and(|state| constant_time_eq(state, login.state.expose())) {
            return Err(Error::login("the callback belongs to another login: its `state` differs"));
        }
        if let Some(error) = params.get("error") {
            let reason: String = error.chars().filter(|c| c.is_ascii_graphic()).take(60).collect();
            return Err(Error::login(&format!("the user did not authorize the app: {reason}")));
        }
        let code = params.get("code").ok_or_else(|| Error::login("the callback has no parameter `code`"))?;
        let call = self.token_call(app, "/2/oauth2/token")?;
        let call = call
            .form("grant_type", "authorization_code")
            .form("code", code)
            .form("redirect_uri", login.redirect_uri.as_str())
            .form("code_verifier", login.verifier.expose());
        OAuth2Tokens::read(&client::json(&call.raw().await?)?, &login.scopes)
    }

    /// Exchanges a refresh token for new tokens, which invalidates the refresh token.
    ///
    /// If the response contains no new refresh token, the old one stays valid and is returned.
    ///
    /// `POST /2/oauth2/token`
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`](chirrup_api::ErrorKind::Invalid) or
    /// [`ErrorKind::Unauthorized`](chirrup_api::ErrorKind::Unauthorized) if X rejects the refresh token. Then the user has to
    /// log in again.
    pub async fn refresh(&self, app: &App, refresh_token: &Secret) -> Result<OAuth2Tokens, Error> {
        let call = self.token_call(app, "/2/oauth2/token")?;
        let call = call.form("grant_type", "refresh_token").form("refresh_token", refresh_token.expose());
        let mut tokens = OAuth2Tokens::read(&client::json(&call.raw().await?)?, &[])?;
        tokens.refresh_token.get_or_insert_with(|| refresh_token.clone());
        Ok(tokens)
    }

    /// Revokes an access token or a refresh token.
    ///
    /// `POST /2/oauth2/revoke`
    ///
    /// # Errors
    /// If X rejects the app's ID or secret.
    pub async fn revoke(&self, app: &App, token: &Secret) -> Result<(), Error> {
        let call = self.token_call(app, "/2/oauth2/revoke")?.form("token", token.expose());
        call.raw().await.map(drop)
    }

    /// Creates a call that authenticates the app: by its secret, or by its client ID if it is public.
    pub(super) fn token_call(&self, app: &App, path: &str) -> Result<RawCall, Error> {
        if app.secret.is_some() {
            return Ok(self.client.with_credentials(app.basic()?).call("POST", path));
        }
        Ok(self.client.call("POST", path).unauthenticated().form("client_id", app.key.as_str()))
    }
}
