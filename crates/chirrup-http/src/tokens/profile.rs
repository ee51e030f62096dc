//! One profile: an app, and perhaps a user of it.

use chirrup_api::Error;
use chirrup_auth::{Credentials, Scope, Secret};
use chirrup_model::Timestamp;
use serde_json::{Map, Value as Json, json};

use crate::login::{App, OAuth2Tokens};

/// What is kept for an app and a user of it.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Profile {
    /// Where the API is, if not at X.
    pub base_url: Option<String>,
    /// The app's key, or client id.
    pub app_key: Option<String>,
    /// The app's secret.
    pub app_secret: Option<Secret>,
    /// Whether the app shows its secret for tokens of OAuth 2.0.
    pub confidential: bool,
    /// The app's own bearer token.
    pub bearer_token: Option<Secret>,
    /// A user's token of OAuth 1.0a, and its secret.
    pub oauth1: Option<(String, Secret)>,
    /// A user's tokens of OAuth 2.0.
    pub oauth2: Option<UserTokens>,
    /// The user's name, to be shown.
    pub username: Option<String>,
}

/// A user's tokens of OAuth 2.0.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct UserTokens {
    /// The access token.
    pub access_token: Secret,
    /// The token for new tokens.
    pub refresh_token: Option<Secret>,
    /// Until when the access token can be used.
    pub expires_at: Timestamp,
    /// What the user agreed to; empty if nobody knows.
    pub scopes: Vec<Scope>,
    /// Whether X refused the token for new tokens, so that the user has to log in again.
    pub login_needed: bool,
}

impl UserTokens {
    /// OAuth2Tokens that were given at this moment.
    pub fn new(tokens: &OAuth2Tokens, scopes: Vec<Scope>, now: Timestamp) -> Self {
        let lasts = i64::try_from(tokens.expires_in.as_millis()).unwrap_or(i64::MAX);
        Self {
            access_token: tokens.access_token.clone(),
            refresh_token: tokens.refresh_token.clone(),
            expires_at: now.plus_millis(lasts),
            scopes,
            login_needed: false,
        }
    }
}

impl Profile {
    /// A profile from the lines that Python Twitter Tools keep: a user's token and its secret, or a bearer token alone.
    /// The keys of the app are not among them.
    ///
    /// # Errors
    /// If these are no such lines.
    pub fn from_lines(text: &str) -> Result<Self, Error> {
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        if lines.iter().any(|line| !line.bytes().all(|b| b.is_ascii_graphic())) {
            return Err(Error::configuration("a token holds letters, digits and signs alone"));
        }
        let mut profile = Self::default();
        match lines[..] {
            [token, secret] => profile.oauth1 = Some((token.to_owned(), secret.into())),
            [bearer] => profile.bearer_token = Some(bearer.into()),
            _ => return Err(Error::configuration("a token file has two lines, a token and its secret, or one")),
        }
        Ok(profile)
    }

    /// The lines that Python Twitter Tools read; `None` if the profile holds no keys of OAuth 1.0a.
    pub fn to_lines(&self) -> Option<Secret> {
        let (token, secret) = self.oauth1.as_ref()?;
        Some(format!("{token}\n{}\n", secret.expose()).into())
    }

    /// The app, as it gets and gives back tokens of OAuth 2.0: with its secret only if it is a confidential one. `None` if
    /// the profile does not name it.
    pub fn app(&self) -> Option<App> {
        let key = self.app_key.as_ref()?;
        Some(match &self.app_secret {
            Some(secret) if self.confidential => App::new(key, secret.clone()),
            _ => App::public(key),
        })
    }

    /// The app with its secret, as it gets its own bearer token; `None` if the profile does not hold the secret.
    pub fn app_with_secret(&self) -> Option<App> {
        Some(App::new(self.app_key.as_ref()?, self.app_secret.clone()?))
    }

    /// All credentials that it holds.
    pub fn credentials(&self) -> Credentials {
        let mut all = Credentials::none();
        if let Some(token) = &self.bearer_token {
            all = all.and(Credentials::app_only(token.clone()));
        }
        if let (Some((token, secret)), Some(key), Some(app_secret)) = (&self.oauth1, &self.app_key, &self.app_secret) {
            all = all.and(Credentials::oauth1(key, app_secret.clone(), token, secret.clone()));
        }
        if let Some(user) = &self.oauth2 {
            let token = user.access_token.clone();
            all = all.and(match user.scopes.is_empty() {
                true => Credentials::oauth2(token),
                false => Credentials::oauth2_with_scopes(token, user.scopes.iter().map(|scope| scope.as_str())),
            });
        }
        all
    }

    /// Whether the user's token of OAuth 2.0 has less than this left, and can be refreshed.
    pub(super) fn is_due(&self, now: Timestamp, margin_ms: i64) -> bool {
        let user = self.oauth2.as_ref().filter(|user| user.refresh_token.is_some());
        user.is_some_and(|user| user.expires_at <= now.plus_millis(margin_ms))
    }

    pub(super) fn to_json(&self) -> Json {
        let secret = |secret: &Option<Secret>| secret.as_ref().map(|secret| secret.expose().to_owned());
        let oauth1 = self.oauth1.as_ref().map(|(token, secret)| json!({"token": token, "secret": secret.expose()}));
        let oauth2 = self.oauth2.as_ref().map(|user| {
            json!({
                "access_token": user.access_token.expose(), "refresh_token": secret(&user.refresh_token),
                "expires_at": user.expires_at, "login_needed": user.login_needed,
                "scopes": user.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>(),
            })
        });
        let members = json!({
            "base_url": self.base_url, "app_key": self.app_key, "app_secret": secret(&self.app_secret),
            "confidential": self.confidential, "bearer_token": secret(&self.bearer_token), "oauth1": oauth1,
            "oauth2": oauth2, "username": self.username,
        });
        let members = members.as_object().cloned().unwrap_or_default();
        Json::Object(members.into_iter().filter(|(_, value)| !value.is_null()).collect::<Map<_, _>>())
    }

    pub(super) fn from_json(json: &Json) -> Self {
        let text = |name: &str| json[name].as_str().map(str::to_owned);
        let pair = |value: &Json| Some((value["token"].as_str()?.to_owned(), value["secret"].as_str()?.into()));
        let user = |value: &Json| {
            let scopes = value["scopes"].as_array().into_iter().flatten();
            Some(UserTokens {
                access_token: value["access_token"].as_str()?.into(),
                refresh_token: value["refresh_token"].as_str().map(Secret::from),
                expires_at: value["expires_at"].as_str()?.parse().ok()?,
                scopes: scopes.filter_map(|scope| scope.as_str()?.parse().ok()).collect(),
                login_needed: value["login_needed"] == true,
            })
        };
        Self {
            base_url: text("base_url"),
            app_key: text("app_key"),
            app_secret: text("app_secret").map(Secret::from),
            confidential: json["confidential"] == true,
            bearer_token: text("bearer_token").map(Secret::from),
            oauth1: pair(&json["oauth1"]),
            oauth2: user(&json["oauth2"]),
            username: text("username"),
        }
    }
}
