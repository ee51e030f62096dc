//! A profile: the keys of an app and the tokens of one of its users.

use std::fmt;

use chirrup_api::Error;
use chirrup_auth::{Credentials, Scope, Secret};
use chirrup_model::{Timestamp, UserId};
use serde_json::{Map, Value as Json, json};

use crate::login::{App, OAuth2Tokens, TokenLines};

/// The keys of an app and the tokens of one of its users.
///
/// Create one with `Profile::default()` and set its fields, or read it from the file of another program with
/// [`from_lines`](Self::from_lines), [`from_xurl`](Self::from_xurl), [`from_twurl`](Self::from_twurl) or
/// [`from_twarc`](Self::from_twarc).
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Profile {
    /// Base URL of the API, if it is not X's own.
    pub base_url: Option<String>,
    /// API key of the app, or its OAuth 2.0 client ID.
    pub app_key: Option<String>,
    /// API secret of the app, or its OAuth 2.0 client secret.
    pub app_secret: Option<Secret>,
    /// OAuth 2.0 client ID of the app, and its secret if it is a confidential client. Needed only if `app_key` is the API key
    /// for OAuth 1.0a tokens: X gives an app different keys for the two.
    pub client: Option<(String, Option<Secret>)>,
    /// Whether the app is a confidential client, which sends its secret when it requests OAuth 2.0 tokens.
    pub confidential: bool,
    /// Bearer token of the app itself.
    pub bearer_token: Option<Secret>,
    /// OAuth 1.0a access token of a user, and its secret.
    pub oauth1: Option<(String, Secret)>,
    /// OAuth 2.0 tokens of a user.
    pub oauth2: Option<UserTokens>,
    /// Username of the user, without `@`.
    pub username: Option<String>,
    /// ID of the user. It saves the request that would find it before the first write.
    pub user_id: Option<UserId>,
    /// The profile in the store, with members that this version does not know.
    pub(super) stored: StoredProfile,
}

/// The JSON of a profile in the store. It contains secrets, so it is not printed.
#[derive(Clone, Default)]
pub(super) struct StoredProfile(Json);

impl fmt::Debug for StoredProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoredProfile")
    }
}

/// The OAuth 2.0 tokens of a user, as a store keeps them.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct UserTokens {
    /// Access token for calls.
    pub access_token: Secret,
    /// Refresh token, if the user granted `offline.access`.
    pub refresh_token: Option<Secret>,
    /// Expiry of the access token.
    pub expires_at: Timestamp,
    /// Scopes that the user granted. Empty if they are unknown.
    pub scopes: Vec<Scope>,
    /// Whether X has rejected the refresh token, so that the user has to log in again.
    pub login_needed: bool,
}

impl UserTokens {
    /// Creates a record of tokens that were issued at `now`.
    pub fn new(tokens: &OAuth2Tokens, scopes: Vec<Scope>, now: Timestamp) -> Self {
        let lifetime_ms = i64::try_from(tokens.expires_in.as_millis()).unwrap_or(i64::MAX);
        Self {
            access_token: tokens.access_token.clone(),
            refresh_token: tokens.refresh_token.clone(),
            expires_at: now.plus_millis(lifetime_ms),
            scopes,
            login_needed: false,
        }
    }
}

impl Profile {
    /// Reads a token file of Python Twitter Tools: a user's token and its secret on two lines, or a bearer token on one.
    /// The file does not contain the keys of the app.
    ///
    /// # Errors
    /// [`ErrorKind::Argument`](chirrup_api::ErrorKind::Argument) if the text has another form.
    pub fn from_lines(text: &str) -> Result<Self, Error> {
        let mut profile = Self::default();
        match TokenLines::parse(text)? {
            TokenLines::User { token, secret } => profile.oauth1 = Some((token, secret)),
            TokenLines::App { bearer_token } => profile.bearer_token = Some(bearer_token),
        }
        Ok(profile)
    }

    /// Returns the text of a token file of Python Twitter Tools, or `None` if the profile has no OAuth 1.0a token.
    pub fn to_lines(&self) -> Option<Secret> {
        let (token, secret) = self.oauth1.as_ref()?;
        Some(format!("{token}\n{}\n", secret.expose()).into())
    }

    /// Returns the app as it requests and revokes OAuth 2.0 tokens: with its secret only if it is a confidential client.
    /// Returns `None` if the profile has no app key.
    pub fn app(&self) -> Option<App> {
        match &self.client {
            Some((id, Some(secret))) => return Some(App::new(id, secret.clone())),
            Some((id, None)) => return Some(App::public(id)),
            None => {}
        }
        let key = self.app_key.as_ref()?;
        Some(match &self.app_secret {
            Some(secret) if self.confidential => App::new(key, secret.clone()),
            _ => App::public(key),
        })
    }

    /// Returns the app with its secret, as it requests its bearer token, or `None` if the profile has no secret.
    pub fn app_with_secret(&self) -> Option<App> {
        Some(App::new(self.app_key.as_ref()?, self.app_secret.clone()?))
    }

    /// Returns all credentials of the profile.
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

    /// Whether the user's OAuth 2.0 token expires within this margin and can be refreshed.
    pub(super) fn is_due(&self, now: Timestamp, margin_ms: i64) -> bool {
        let user = self.oauth2.as_ref().filter(|user| user.refresh_token.is_some());
        user.is_some_and(|user| user.expires_at <= now.plus_millis(margin_ms))
    }

    /// Returns the profile for the store. Members that this version does not know, or cannot read, remain.
    pub(super) fn to_json(&self) -> Json {
        let mut json = self.stored.0.clone();
        merge(&mut json, &Self::from_json(&self.stored.0).known_members(), &self.known_members());
        json
    }

    fn known_members(&self) -> Json {
        let secret = |secret: &Option<Secret>| secret.as_ref().map(|secret| secret.expose().to_owned());
        let oauth1 = self.oauth1.as_ref().map(|(token, secret)| json!({"token": token, "secret": secret.expose()}));
        let oauth2 = self.oauth2.as_ref().map(|user| {
            json!({
                "access_token": user.access_token.expose(), "refresh_token": secret(&user.refresh_token),
                "expires_at": user.expires_at, "login_needed": user.login_needed,
                "scopes": user.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>(),
            })
        });
        let client =
            self.client.as_ref().map(|(id, secret)| json!({"id": id, "secret": secret.as_ref().map(Secret::expose)}));
        let members = json!({
            "client": client, "base_url": self.base_url, "app_key": self.app_key, "app_secret": secret(&self.app_secret),
            "confidential": self.confidential, "bearer_token": secret(&self.bearer_token), "oauth1": oauth1,
            "oauth2": oauth2, "username": self.username, "user_id": self.user_id.map(|id| id.to_string()),
        });
        let members = members.as_object().cloned().unwrap_or_default();
        Json::Object(members.into_iter().filter(|(_, value)| !value.is_null()).collect::<Map<_, _>>())
    }

    pub(super) fn from_json(json: &Json) -> Self {
        let text = |name: &str| json[name].as_str().map(str::to_owned);
        let client = &json["client"];
        let client = client["id"].as_str().map(|id| (id.to_owned(), client["secret"].as_str().map(Secret::from)));
        let pair = |value: &Json| Some((value["token"].as_str()?.to_owned(), value["secret"].as_str()?.into()));
        let user = |value: &Json| {
            let scopes = value["scopes"].as_array().into_iter().flatten();
            Some(UserTokens {
                access_token: value["access_token"].as_str()?.into(),
                refresh_token: value["refresh_token"].as_str().map(Secret::from),
                expires_at: time(&value["expires_at"])?,
                scopes: scopes.filter_map(|scope| scope.as_str()?.parse().ok()).collect(),
                login_needed: value["login_needed"] == true,
            })
        };
        Self {
            base_url: text("base_url"),
            app_key: text("app_key"),
            app_secret: text("app_secret").map(Secret::from),
            client,
            confidential: json["confidential"] == true,
            bearer_token: text("bearer_token").map(Secret::from),
            oauth1: pair(&json["oauth1"]),
            oauth2: user(&json["oauth2"]),
            username: text("username"),
            user_id: text("user_id").and_then(|id| id.parse().ok()),
            stored: StoredProfile(json.clone()),
        }
    }
}

/// Parses a time: text, or seconds since 1970.
fn time(json: &Json) -> Option<Timestamp> {
    json.as_i64().map(Timestamp::from_secs).or_else(|| json.as_str()?.parse().ok())
}

/// Writes to `stored` what differs between `before`, which was read from it, and `now`. The rest remains as it is.
fn merge(stored: &mut Json, before: &Json, now: &Json) {
    if before == now {
        return;
    }
    let (Some(old), Some(new)) = (before.as_object(), now.as_object()) else {
        *stored = now.clone();
        return;
    };
    if !stored.is_object() {
        *stored = Json::Object(Map::new());
    }
    let Some(members) = stored.as_object_mut() else { return };
    for name in old.keys().chain(new.keys().filter(|name| !old.contains_key(*name))) {
        let [before, now] = [old, new].map(|members| members.get(name).unwrap_or(&Json::Null));
        if before == now {
            continue;
        }
        if now.is_null() {
            members.remove(name);
        } else {
            merge(members.entry(name.clone()).or_insert(Json::Null), before, now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_members_survive_a_change_of_the_known_ones() {
        let stored = json!({
            "app_key": "k", "future": {"a": 1}, "base_url": 7,
            "oauth2": {"access_token": "a", "refresh_token": "r", "expires_at": 1_795_614_616,
                "scopes": ["tweet.read", "new.scope"], "id_token": "keep", "login_needed": false},
        });
        let mut profile = Profile::from_json(&stored);
        assert_eq!(profile.to_json(), stored, "nothing has changed");
        let user = profile.oauth2.as_mut().expect("readable");
        assert_eq!(user.expires_at, Timestamp::from_secs(1_795_614_616));
        user.access_token = "b".into();
        user.refresh_token = None;
        profile.username = Some("robin".to_owned());
        profile.app_key = None;
        let expected = json!({
            "username": "robin", "future": {"a": 1}, "base_url": 7,
            "oauth2": {"access_token": "b", "expires_at": 1_795_614_616,
                "scopes": ["tweet.read", "new.scope"], "id_token": "keep", "login_needed": false},
        });
        assert_eq!(profile.to_json(), expected);
        for odd in [json!(7), json!(null), json!(["x"]), json!({"oauth2": {"access_token": "a"}})] {
            assert_eq!(Profile::from_json(&odd).to_json(), odd);
        }
    }
}
