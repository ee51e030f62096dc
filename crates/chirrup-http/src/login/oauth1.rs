//! OAuth 1.0a in three legs.

use std::fmt;

use chirrup_api::Error;
use chirrup_auth::oauth1::{encode, form_pairs};
use chirrup_auth::{AuthKind, Credential, Credentials, Secret};
use serde_json::json;

use crate::clock::sign;

use super::{App, CallbackParams, Login, constant_time_eq};

/// Where a user goes after confirming.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Callback {
    /// To this address, which the settings of the app name.
    Url(String),
    /// Nowhere: X shows a PIN, which the user types in.
    Pin,
}

/// How a user is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OAuth1Options {
    /// Ask for name and password even of who is logged in.
    pub force_login: bool,
    /// The name to begin with.
    pub screen_name: Option<String>,
    /// Ask to read alone, although the app may write.
    pub read_only: bool,
    /// Log in with X: who has confirmed before is not asked again.
    pub authenticate: bool,
}

/// A login that waits for its user.
#[derive(Clone)]
pub struct OAuth1Login {
    url: String,
    pub(super) token: String,
    secret: Secret,
}

impl fmt::Debug for OAuth1Login {
    /// Shows nothing: the address holds what belongs to the user's session alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OAuth1Login(…)")
    }
}

impl OAuth1Login {
    /// Where to send the user.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The login as a text, to be kept between two requests. It is a secret: keep it with the user's session.
    pub fn serialize(&self) -> Secret {
        Secret::new(json!({"url": self.url, "token": self.token, "secret": self.secret.expose()}).to_string())
    }

    /// The login that was kept.
    ///
    /// # Errors
    /// If the text is none that [`serialize`](Self::serialize) made.
    pub fn deserialize(stored: &Secret) -> Result<Self, Error> {
        let json: serde_json::Value = serde_json::from_str(stored.expose()).unwrap_or_default();
        let text = |name: &str| json[name].as_str().map(str::to_owned);
        match (text("url"), text("token"), text("secret")) {
            (Some(url), Some(token), Some(secret)) => Ok(Self { url, token, secret: secret.into() }),
            _ => Err(Error::login("this is no stored login")),
        }
    }
}

/// A user who has logged in, with their keys.
#[derive(Debug, Clone)]
pub struct OAuth1User {
    /// The token; it begins with the user's id.
    pub token: String,
    /// Its secret.
    pub token_secret: Secret,
    /// The user's id.
    pub user_id: u64,
    /// The user's name.
    pub screen_name: String,
    app: App,
}

impl OAuth1User {
    /// The credential with which to act for the user.
    pub fn credentials(&self) -> Credentials {
        let secret = self.app.secret.clone().unwrap_or_else(|| Secret::new(""));
        Credentials::oauth1(&self.app.key, secret, &self.token, self.token_secret.clone())
    }
}

impl Login {
    /// The first leg: asks for a token that the user can confirm.
    ///
    /// `POST /oauth/request_token`
    ///
    /// # Errors
    /// If X does not accept the keys, or does not know the callback.
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
        let answer = call.raw().await?;
        let [token, secret, confirmed] =
            fields(&answer.body, ["oauth_token", "oauth_token_secret", "oauth_callback_confirmed"])?;
        if confirmed != "true" {
            return Err(Error::login("the server did not confirm the callback"));
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

    /// The third leg: turns the address to which the user came back, or the PIN that they typed, into keys.
    ///
    /// `POST /oauth/access_token`
    ///
    /// # Errors
    /// If the user refused, the address belongs to another login, or X does not accept the PIN. A login is finished once:
    /// then a new one has to begin.
    pub async fn finish_oauth1(&self, app: &App, login: OAuth1Login, brought: &str) -> Result<OAuth1User, Error> {
        let brought = CallbackParams::read(brought, "oauth_verifier");
        if brought.get("denied").is_some() {
            return Err(Error::login("the user did not let the app act for them"));
        }
        let verifier = brought.get("oauth_verifier").ok_or_else(|| Error::login("there is no `oauth_verifier`"))?;
        let pin = brought.0.len() == 1;
        if !pin && !brought.get("oauth_token").is_some_and(|token| constant_time_eq(token, &login.token)) {
            return Err(Error::login("the address belongs to another login"));
        }
        let keys = Credentials::oauth1(&app.key, app.required_secret()?.clone(), &login.token, login.secret.clone());
        let call = self.client.with_credentials(keys).call("POST", "/oauth/access_token");
        let answer = call.form("oauth_verifier", verifier).raw().await?;
        let [token, secret, id, screen_name] =
            fields(&answer.body, ["oauth_token", "oauth_token_secret", "user_id", "screen_name"])?;
        let user_id = id.parse().map_err(|_| Error::login("the answer holds no id of a user"))?;
        Ok(OAuth1User { token, token_secret: secret.into(), user_id, screen_name, app: app.clone() })
    }

    /// Gives a user's keys back: from now on they are worth nothing.
    ///
    /// `POST /1.1/oauth/invalidate_token`
    ///
    /// # Errors
    /// If there are no such keys among the credentials, or X does not know them.
    pub async fn invalidate_oauth1(&self, credentials: &Credentials) -> Result<(), Error> {
        if credentials.get(AuthKind::OAuth1).is_none() {
            return Err(Error::login("there are no keys of OAuth 1.0a to give back"));
        }
        let client = self.client.with_credentials(credentials.clone());
        client.call("POST", "/1.1/oauth/invalidate_token").as_user().raw().await.map(drop)
    }
}

/// What one service shows another to prove for whom it acts (OAuth OAuthEcho): the other sends the authorization on to the
/// provider, and learns from X who the user is.
#[derive(Debug, Clone)]
pub struct OAuthEcho {
    /// The address that the other service calls; the header `X-Auth-Service-Provider`.
    pub provider: String,
    /// The signature for exactly that call, good for a few minutes and once; the header
    /// `X-Verify-Credentials-Authorization`.
    pub authorization: Secret,
}

impl Login {
    /// The headers of OAuth OAuthEcho for a user. `provider` is an address of X that tells who calls, as a rule
    /// `https://api.x.com/1.1/account/verify_credentials.json`. Nothing is sent.
    ///
    /// # Errors
    /// If there are no keys of OAuth 1.0a among the credentials, or the address is malformed.
    pub fn oauth_echo(&self, credentials: &Credentials, provider: &str) -> Result<OAuthEcho, Error> {
        let held = credentials.get(AuthKind::OAuth1).map(|held| &**held);
        let Some(Credential::OAuth1(signer)) = held else {
            return Err(Error::login("OAuth OAuthEcho needs keys of OAuth 1.0a"));
        };
        let header = sign(&*self.clock, self.clock.now(), signer, "GET", provider, "");
        let authorization = header.map_err(|why| Error::login(&format!("no proof for {provider}: {why}")))?;
        Ok(OAuthEcho { provider: provider.to_owned(), authorization: authorization.into() })
    }
}

/// The values of a form, each of which must be there and hold something.
fn fields<const N: usize>(body: &[u8], names: [&str; N]) -> Result<[String; N], Error> {
    let text = std::str::from_utf8(body).map_err(|_| Error::login("the answer is no text"))?;
    let pairs: Vec<_> = form_pairs(text.trim()).collect();
    let mut values = [const { String::new() }; N];
    for (value, name) in values.iter_mut().zip(names) {
        let found = pairs.iter().find(|(n, v)| n == name && !v.is_empty());
        *value = found.ok_or_else(|| Error::login(&format!("the answer holds no `{name}`")))?.1.clone().into_owned();
    }
    Ok(values)
}
