//! OAuth 2.0 with PKCE.

use std::fmt;
use std::time::Duration;

use chirrup_api::{Error, RawCall};
use chirrup_auth::oauth1::encode;
use chirrup_auth::{CodeVerifier, Credentials, Scope, Secret};
use serde_json::{Value as Json, json};

use super::{App, CallbackParams, Login, constant_time_eq};

/// A login that waits for its user.
#[derive(Clone)]
pub struct OAuth2Login {
    url: String,
    pub(super) state: Secret,
    verifier: Secret,
    redirect_uri: String,
    scopes: Vec<Scope>,
}

impl fmt::Debug for OAuth2Login {
    /// Shows nothing: the address holds what belongs to the user's session alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OAuth2Login(…)")
    }
}

impl OAuth2Login {
    /// Where to send the user.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The login as a text, to be kept between two requests. It is a secret: keep it with the user's session.
    pub fn serialize(&self) -> Secret {
        let scopes: Vec<&str> = self.scopes.iter().map(|scope| scope.as_str()).collect();
        let json = json!({
            "url": self.url, "state": self.state.expose(), "verifier": self.verifier.expose(),
            "redirect_uri": self.redirect_uri, "scopes": scopes,
        });
        Secret::new(json.to_string())
    }

    /// The login that was kept.
    ///
    /// # Errors
    /// If the text is none that [`serialize`](Self::serialize) made.
    pub fn deserialize(stored: &Secret) -> Result<Self, Error> {
        let json: Json = serde_json::from_str(stored.expose()).unwrap_or_default();
        let text = |name: &str| {
            let text = json[name].as_str().map(str::to_owned);
            text.ok_or_else(|| Error::login("this is no stored login"))
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

/// What a user has let an app do, and for how long.
#[derive(Debug, Clone)]
pub struct OAuth2Tokens {
    /// The access token.
    pub access_token: Secret,
    /// The token for new tokens, if the user agreed to `offline.access`. It is worth something once.
    pub refresh_token: Option<Secret>,
    /// How long the access token can be used. Zero where the server does not say.
    pub expires_in: Duration,
    /// What the user agreed to.
    pub scopes: Vec<Scope>,
    /// What was asked for and not agreed to.
    pub missing: Vec<Scope>,
}

impl OAuth2Tokens {
    /// The credential with which to act for the user.
    pub fn credentials(&self) -> Credentials {
        Credentials::oauth2_with_scopes(self.access_token.clone(), self.scopes.iter().map(|scope| scope.as_str()))
    }

    pub(super) fn read(json: &Json, asked: &[Scope]) -> Result<Self, Error> {
        let token = json["access_token"].as_str().filter(|token| !token.is_empty());
        let bearer = json["token_type"].as_str().is_some_and(|kind| kind.eq_ignore_ascii_case("bearer"));
        let Some(token) = token.filter(|_| bearer) else {
            return Err(Error::login("the answer holds no bearer token"));
        };
        // A server that does not say what it gave has given what was asked for.
        let scopes = match json["scope"].as_str() {
            Some(text) => text.split_whitespace().filter_map(|scope| scope.parse().ok()).collect(),
            None => asked.to_vec(),
        };
        let refresh = json["refresh_token"].as_str().filter(|token| !token.is_empty());
        Ok(Self {
            access_token: token.into(),
            refresh_token: refresh.map(Secret::from),
            expires_in: Duration::from_secs(json["expires_in"].as_u64().unwrap_or_default()),
            missing: asked.iter().copied().filter(|scope| !scopes.contains(scope)).collect(),
            scopes,
        })
    }
}

impl Login {
    /// Begins a login. Nothing is sent: the user is, to the address that the login names.
    ///
    /// `redirect_uri` must stand in the settings of the app, letter by letter.
    ///
    /// # Errors
    /// If the system gives no randomness.
    pub fn begin_oauth2(&self, app: &App, redirect_uri: &str, scopes: &[Scope]) -> Result<OAuth2Login, Error> {
        let verifier = CodeVerifier::from_random(self.random()?);
        let state = CodeVerifier::from_random(self.random()?).secret().clone();
        // The page is on another host than the API, but only at X itself.
        let base = match self.client.base_url() {
            "https://api.x.com" | "https://api.twitter.com" => "https://x.com",
            own => own,
        };
        let words: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
        let mut url = format!("{base}/i/oauth2/authorize?response_type=code&code_challenge_method=S256");
        for (name, value) in [
            ("client_id", app.key.as_str()),
            ("redirect_uri", redirect_uri),
            ("scope", &words.join(" ")),
            ("state", state.expose()),
            ("code_challenge", &verifier.challenge()),
        ] {
            url.push_str(&format!("&{name}={}", encode(value)));
        }
        let verifier = verifier.secret().clone();
        Ok(OAuth2Login { url, state, verifier, redirect_uri: redirect_uri.to_owned(), scopes: scopes.to_vec() })
    }

    /// Turns the address to which the user came back into tokens. X takes the code of it for 30 seconds, and once.
    ///
    /// `POST /2/oauth2/token`
    ///
    /// # Errors
    /// If the user refused, the address belongs to another login, or X does not accept the code: then a new login has to
    /// begin.
    pub async fn finish_oauth2(&self, app: &App, login: OAuth2Login, brought: &str) -> Result<OAuth2Tokens, Error> {
        let brought = CallbackParams::read(brought, "code");
        if !brought.get("state").is_some_and(|state| constant_time_eq(state, login.state.expose())) {
            return Err(Error::login("the address belongs to another login: its `state` is not that of this one"));
        }
        if let Some(error) = brought.get("error") {
            let said: String = error.chars().filter(|c| c.is_ascii_graphic()).take(60).collect();
            return Err(Error::login(&format!("the user did not let the app act for them ({said})")));
        }
        let code = brought.get("code").ok_or_else(|| Error::login("there is no `code`"))?;
        let call = self.token_call(app, "/2/oauth2/token")?;
        let call = call
            .form("grant_type", "authorization_code")
            .form("code", code)
            .form("redirect_uri", login.redirect_uri.as_str())
            .form("code_verifier", login.verifier.expose());
        OAuth2Tokens::read(&super::json(&call.raw().await?)?, &login.scopes)
    }

    /// New tokens for a refresh token, which then is worth nothing. Where the answer brings no new refresh token, the old
    /// one stays.
    ///
    /// `POST /2/oauth2/token`
    ///
    /// # Errors
    /// If X does not accept the refresh token: then the user has to log in again.
    pub async fn refresh(&self, app: &App, refresh_token: &Secret) -> Result<OAuth2Tokens, Error> {
        let call = self.token_call(app, "/2/oauth2/token")?;
        let call = call.form("grant_type", "refresh_token").form("refresh_token", refresh_token.expose());
        let mut tokens = OAuth2Tokens::read(&super::json(&call.raw().await?)?, &[])?;
        tokens.refresh_token.get_or_insert_with(|| refresh_token.clone());
        Ok(tokens)
    }

    /// Gives a token back: from now on it is worth nothing.
    ///
    /// `POST /2/oauth2/revoke`
    ///
    /// # Errors
    /// If X does not accept the app.
    pub async fn revoke(&self, app: &App, token: &Secret) -> Result<(), Error> {
        let call = self.token_call(app, "/2/oauth2/revoke")?.form("token", token.expose());
        call.raw().await.map(drop)
    }

    /// A call for tokens: who can keep a secret shows it, who cannot says their name.
    pub(super) fn token_call(&self, app: &App, path: &str) -> Result<RawCall, Error> {
        if app.secret.is_some() {
            return Ok(self.client.with_credentials(app.basic()?).call("POST", path));
        }
        Ok(self.client.call("POST", path).unauthenticated().form("client_id", app.key.as_str()))
    }
}
