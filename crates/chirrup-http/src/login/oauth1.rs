//! Three-legged OAuth 1.0a, and OAuth Echo.

use std::fmt;

use chirrup_api::Error;
use chirrup_auth::oauth1::{encode, form_pairs};
use chirrup_auth::{AuthKind, Credential, Credentials, Secret, constant_time_eq};
use serde_json::json;

use crate::clock::sign;

use super::app::App;
use super::callback_params::CallbackParams;
use super::client::Login;

/// Where X sends the user after the authorization.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Callback {
    /// Redirects to this URL, which must be listed in the app's settings.
    Url(String),
    /// Shows a PIN, which the user types into the program.
    Pin,
}

/// Options of a login by OAuth 1.0a. By default, all are off.
///
/// ```
/// use chirrup_http::login::OAuth1Options;
///
/// let options = OAuth1Options::default().screen_name("ada").read_only();
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OAuth1Options {
    force_login: bool,
    screen_name: Option<String>,
    read_only: bool,
    authenticate: bool,
}

impl OAuth1Options {
    /// Asks for name and password even if the user is already logged in at X.
    #[must_use]
    pub fn force_login(mut self) -> Self {
        self.force_login = true;
        self
    }
    /// Fills in the username on X's login page.
    #[must_use]
    pub fn screen_name(mut self, name: impl Into<String>) -> Self {
        self.screen_name = Some(name.into());
        self
    }
    /// Requests read access only, for an app that may also write.
    #[must_use]
    pub fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }
    /// Uses "Log in with X", which does not ask again a user who has authorized the app before.
    #[must_use]
    pub fn authenticate(mut self) -> Self {
        self.authenticate = true;
        self
    }
}

/// A pending login by OAuth 1.0a, which the user has to authorize.
#[derive(Clone)]
pub struct OAuth1Login {
    url: String,
    pub(super) token: String,
    secret: Secret,
}

impl fmt::Debug for OAuth1Login {
    /// Shows nothing, because the URL is a secret of the user's session.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OAuth1Login(…)")
    }
}

impl OAuth1Login {
    /// Returns the URL where the user authorizes the app.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Serializes the login, to store it with the user's session until the callback. The text is a secret.
    pub fn serialize(&self) -> Secret {
        Secret::new(json!({"url": self.url, "token": self.token, "secret": self.secret.expose()}).to_string())
    }

    /// Deserializes a stored login.
    ///
    /// # Errors
    /// [`ErrorKind::Login`](chirrup_api::ErrorKind::Login) if [`serialize`](Self::serialize) did not create the text.
    pub fn deserialize(stored: &Secret) -> Result<Self, Error> {
        let json: serde_json::Value = serde_json::from_str(stored.expose()).unwrap_or_default();
        let text = |name: &str| json[name].as_str().map(str::to_owned);
        match (text("url"), text("token"), text("secret")) {
            (Some(url), Some(token), Some(secret)) => Ok(Self { url, token, secret: secret.into() }),
            _ => Err(Error::login("the text is not a stored login")),
        }
    }
}

/// Token and identity of a user who has logged in by OAuth 1.0a.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct OAuth1User {
    /// Access token, which begins with the user's ID.
    pub token: String,
    /// Secret of the access token.
    pub token_secret: Secret,
    /// User ID of the user.
    pub user_id: u64,
    /// Username of the user.
    pub screen_name: String,
    app: App,
}

impl OAuth1User {
    /// Returns the credentials to act for the user.
    pub fn credentials(&self) -> Credentials {
        let secret = self.app.secret.clone().unwrap_or_else(|| Secret::new(""));
        Credentials::oauth1(&self.app.key, secret, &self.token, self.token_secret.clone())
    }
}

impl Login {
    /// Begins a login by OAuth 1.0a: obtains a request token, which the user authorizes.
    ///
    /// `POST /oauth/request_token`
    ///
    /// # Errors
    /// If X rejects the key or the secret, or the app's settings do not list the callback.
    pub async fn begin_oauth1(
        &self,
        app: &App,
        callback: &Callback,
        options: &OAuth1Options,
    ) -> Result<OAuth1Login, Error> {
        let client =
            self.client.with_credentials(Credentials::oauth1(&app.key, app.required_secret()?.clone(), "", ""));
        let callback = match callback {
            Callback::Url(url) => url.as_str(),
            Callback::Pin => "oob",
        };
        let mut call = client.call("POST", "/oauth/request_token").form("oauth_callback", callback);
        if options.read_only {
            call = call.form("x_auth_access_type", "read");
        }
        let response = call.raw().await?;
        let [token, secret, confirmed] =
            fields(&response.body, ["oauth_token", "oauth_token_secret", "oauth_callback_confirmed"])?;
        if confirmed != "true" {
            return Err(Error::login("the server did not confirm the callback")
                .with_hint("list the callback in the settings of the app"));
        }
        let page = if options.authenticate { "authenticate" } else { "authorize" };
        let mut url = format!("{}/oauth/{page}?oauth_token={}", self.client.base_url(), encode(&token));
        if options.force_login {
            url.push_str("&force_login=true");
        }
        if let Some(name) = &options.screen_name {
            url.push_str(&format!("&screen_name={}", encode(name)));
        }
        Ok(OAuth1Login { url, token, secret: secret.into() })
    }

    /// Completes a login by OAuth 1.0a: exchanges the callback URL, or the PIN that the user typed, for an access token.
    ///
    /// `POST /oauth/access_token`
    ///
    /// # Errors
    /// [`ErrorKind::Login`](chirrup_api::ErrorKind::Login) if the user did not authorize the app or the callback belongs to
    /// another login, [`ErrorKind::Unauthorized`](chirrup_api::ErrorKind::Unauthorized) if X rejects the PIN. A login can
    /// be completed once; after a failure, begin a new one.
    pub async fn finish_oauth1(&self, app: &App, login: OAuth1Login, callback: &str) -> Result<OAuth1User, Error> {
        let params = CallbackParams::read(callback, "oauth_verifier");
        if params.get("denied").is_some() {
            return Err(Error::login("the user did not authorize the app"));
        }
        let verifier = params
            .get("oauth_verifier")
            .ok_or_else(|| Error::login("the callback has no parameter `oauth_verifier`"))?;
        let is_pin = params.is_bare();
        if !is_pin && !params.get("oauth_token").is_some_and(|token| constant_time_eq(token, &login.token)) {
            return Err(Error::login("the callback belongs to another login: its `oauth_token` differs"));
        }
        let keys = Credentials::oauth1(&app.key, app.required_secret()?.clone(), &login.token, login.secret.clone());
        let call = self.client.with_credentials(keys).call("POST", "/oauth/access_token");
        let response = call.form("oauth_verifier", verifier).raw().await?;
        let [token, secret, id, screen_name] =
            fields(&response.body, ["oauth_token", "oauth_token_secret", "user_id", "screen_name"])?;
        let user_id = id.parse().map_err(|_| Error::login("the response contains no valid user ID"))?;
        Ok(OAuth1User { token, token_secret: secret.into(), user_id, screen_name, app: app.clone() })
    }

    /// Invalidates a user's OAuth 1.0a access token.
    ///
    /// `POST /1.1/oauth/invalidate_token`
    ///
    /// # Errors
    /// [`ErrorKind::Login`](chirrup_api::ErrorKind::Login) if the credentials contain no OAuth 1.0a token, and those of the
    /// call.
    pub async fn invalidate_oauth1(&self, credentials: &Credentials) -> Result<(), Error> {
        if credentials.get(AuthKind::OAuth1).is_none() {
            return Err(Error::login("the credentials contain no OAuth 1.0a token to invalidate"));
        }
        let client = self.client.with_credentials(credentials.clone());
        client.call("POST", "/1.1/oauth/invalidate_token").as_user().raw().await.map(drop)
    }
}

/// Headers of OAuth Echo, by which one service proves to another for which user it acts.
///
/// The other service sends the authorization to the provider, and X responds with the user.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct OAuthEcho {
    /// URL that the other service calls: the value of the header `X-Auth-Service-Provider`.
    pub provider: String,
    /// Signature of exactly that call: the value of the header `X-Verify-Credentials-Authorization`.
    ///
    /// It is valid once, for a few minutes.
    pub authorization: Secret,
}

impl Login {
    /// Creates the headers of OAuth Echo for a user, without sending anything.
    ///
    /// `provider` is a URL of X that returns the authenticated user, usually
    /// `https://api.x.com/1.1/account/verify_credentials.json`.
    ///
    /// # Errors
    /// [`ErrorKind::Login`](chirrup_api::ErrorKind::Login) if the credentials contain no OAuth 1.0a token, or the URL is
    /// malformed.
    pub fn oauth_echo(&self, credentials: &Credentials, provider: &str) -> Result<OAuthEcho, Error> {
        let held = credentials.get(AuthKind::OAuth1).map(|held| &**held);
        let Some(Credential::OAuth1(signer)) = held else {
            return Err(Error::login("OAuth Echo requires an OAuth 1.0a token, and the credentials contain none"));
        };
        let header = sign(&*self.clock, self.clock.now(), signer, "GET", provider, "");
        let authorization =
            header.map_err(|why| Error::login(&format!("cannot sign the call to the provider: {why}")))?;
        Ok(OAuthEcho { provider: provider.to_owned(), authorization: authorization.into() })
    }
}

/// Returns the values of a form, each of which must be present and not empty.
fn fields<const N: usize>(body: &[u8], names: [&str; N]) -> Result<[String; N], Error> {
    let text = std::str::from_utf8(body).map_err(|_| Error::login("the response is not UTF-8"))?;
    let pairs: Vec<_> = form_pairs(text.trim()).collect();
    let mut values = [const { String::new() }; N];
    for (value, name) in values.iter_mut().zip(names) {
        let found = pairs.iter().find(|(n, v)| n == name && !v.is_empty());
        *value =
            found.ok_or_else(|| Error::login(&format!("the response contains no `{name}`")))?.1.clone().into_owned();
    }
    Ok(values)
}
