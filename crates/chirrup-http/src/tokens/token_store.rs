//! The store of profiles.

use crate::login::{Login, is_transient};
use chirrup_api::{Error, ErrorKind};
use chirrup_auth::{AuthKind, Credential, Secret};
use chirrup_model::Timestamp;
use chirrup_store::{FileStore, LockedStore, Store, lock_async, lock_blocking};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::profile::{Profile, UserTokens};

/// Version of the stored format.
const VERSION: u64 = 1;
/// Remaining lifetime, in milliseconds, below which a token is refreshed.
pub(super) const REFRESH_MARGIN_MS: i64 = 60_000;
/// Maximum number of attempts to refresh a token after network failures.
const MAX_ATTEMPTS: u32 = 3;

/// A store of [`Profile`]s, each with the tokens of an app or a user. Clones share the store.
///
/// ```no_run
/// use chirrup_http::tokens::{Profile, TokenStore};
///
/// let store = TokenStore::at("credentials.json");
/// let mut profile = Profile::default();
/// profile.bearer_token = Some("bearer token".into());
/// store.update(|profiles| profiles.insert("my-app".to_owned(), profile))?;
/// # Ok::<(), chirrup_api::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct TokenStore {
    store: Arc<dyn Store>,
}

/// All profiles of a store by name.
pub type Profiles = BTreeMap<String, Profile>;

impl TokenStore {
    /// Creates a token store in this store.
    pub fn with_store(store: Arc<dyn Store>) -> Self {
        Self { store }
    }

    /// Creates a token store in the file at a path, which does not have to exist. Only its owner can access the file.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self::with_store(Arc::new(FileStore::at(path)))
    }

    /// Creates a token store in the user's file: `credentials.json` in the configuration directory.
    ///
    /// The configuration directory is `CHIRRUP_CONFIG_DIR`, or `chirrup` in the platform's configuration directory.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] if there is no configuration directory.
    pub fn in_config_dir() -> Result<Self, Error> {
        Ok(Self::at(crate::config_dir::config_dir()?.join("credentials.json")))
    }

    /// Returns the name of the store for messages, such as the path of a file.
    pub fn name(&self) -> String {
        self.store.name()
    }

    /// Reads all profiles. The result is empty if the store does not exist yet.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] if the store cannot be read, has an unknown format, or is a file that other users can
    /// access.
    pub fn read(&self) -> Result<Profiles, Error> {
        self.parse(self.store.read()?)
    }

    /// Changes the profiles while the store is locked, and returns the result of `change`. Blocks while another process
    /// holds the lock, for up to 30 seconds.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] if the store cannot be locked, read or written. Then nothing is changed.
    pub fn update<T>(&self, change: impl FnOnce(&mut Profiles) -> T) -> Result<T, Error> {
        let mut locked = lock_blocking(&*self.store)?;
        let mut profiles = self.parse(locked.read()?)?;
        let result = change(&mut profiles);
        self.write(&mut *locked, &profiles)?;
        Ok(result)
    }

    /// Returns the content of the store, or `None` if it is empty.
    fn parse_json(&self, value: Option<Vec<u8>>) -> Result<Option<Json>, Error> {
        let Some(value) = value else { return Ok(None) };
        let json: Json = serde_json::from_slice(&value).unwrap_or_default();
        if json["version"] != VERSION {
            let message = format!("could not read profiles from {}: unknown format", self.name());
            return Err(Error::storage(message).with_hint("use a newer version of this program, or another store"));
        }
        Ok(Some(json))
    }

    /// Writes the profiles. Other members of the store remain.
    fn write(&self, locked: &mut dyn LockedStore, profiles: &Profiles) -> Result<(), Error> {
        let mut json = self.parse_json(locked.read()?)?.unwrap_or_else(|| json!({"version": VERSION}));
        json["profiles"] = profiles.iter().map(|(name, profile)| (name.clone(), profile.to_json())).collect();
        locked.replace(format!("{json:#}\n").as_bytes())
    }

    fn parse(&self, value: Option<Vec<u8>>) -> Result<Profiles, Error> {
        let Some(json) = self.parse_json(value)? else { return Ok(Profiles::new()) };
        let profiles = json["profiles"].as_object().into_iter().flatten();
        Ok(profiles.map(|(name, profile)| (name.clone(), Profile::from_json(profile))).collect())
    }

    /// Reads the profile with a name.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] if the profile does not exist, [`ErrorKind::Storage`] if the store cannot be read.
    pub fn profile(&self, name: &str) -> Result<Profile, Error> {
        self.read()?.remove(name).ok_or_else(|| unknown_profile(name))
    }

    /// Refreshes a token, unless another process has done so already, and returns the profile with the current tokens.
    pub(super) async fn refresh(&self, wanted: WantedToken, login: &Login, now: Timestamp) -> Result<Profile, Error> {
        let mut locked = lock_async(&*self.store).await?;
        let mut profiles = self.parse(locked.read()?)?;
        let profile = profiles.get_mut(&wanted.profile).ok_or_else(|| unknown_profile(&wanted.profile))?;
        let refreshed = match wanted.kind {
            AuthKind::AppOnly => refresh_app_token(profile, wanted.rejected.as_ref(), login).await,
            _ => refresh_user_token(profile, wanted.rejected.as_ref(), login, now).await,
        };
        match refreshed {
            Ok(false) => return Ok(profile.clone()),
            Ok(true) => {}
            Err(error) if is_final(&error) && wanted.kind == AuthKind::OAuth2 => {
                if let Some(user) = &mut profile.oauth2 {
                    user.login_needed = true;
                }
                // The tokens are kept: only the server can tell whether they have become invalid.
                self.write(&mut *locked, &profiles)?;
                return Err(error);
            }
            Err(error) => return Err(error),
        }
        let profile = profile.clone();
        // Written before anything uses the new token, since the old one is invalid from now on.
        self.write(&mut *locked, &profiles)?;
        Ok(profile)
    }
}

/// The token that a caller needs.
#[derive(Debug, Clone)]
pub(super) struct WantedToken {
    pub(super) profile: String,
    pub(super) kind: AuthKind,
    /// The token that the server rejected. Without one, the token is refreshed because it is about to expire.
    pub(super) rejected: Option<Secret>,
}

/// Refreshes a user's OAuth 2.0 token. Returns false if the profile has another token already, or cannot get one.
async fn refresh_user_token(
    profile: &mut Profile,
    rejected: Option<&Secret>,
    login: &Login,
    now: Timestamp,
) -> Result<bool, Error> {
    let Some(user) = &profile.oauth2 else { return Err(refresh_failure("the profile has no OAuth 2.0 user token")) };
    let is_rejected = rejected.is_some_and(|rejected| *rejected == user.access_token);
    if !is_rejected && (rejected.is_some() || !profile.is_due(now, REFRESH_MARGIN_MS)) {
        return Ok(false);
    }
    let Some(refresh_token) = user.refresh_token.clone() else { return Ok(false) };
    if user.login_needed {
        return Err(refresh_failure("X has rejected the refresh token of this profile"));
    }
    let app = profile.app().ok_or_else(|| refresh_failure("the profile has no client ID"))?;
    let mut attempts = 0;
    let tokens = loop {
        attempts += 1;
        match login.refresh(&app, &refresh_token).await {
            Err(error) if attempts < MAX_ATTEMPTS && is_transient(&error) => {}
            result => break result?,
        }
    };
    let scopes = if tokens.scopes.is_empty() { user.scopes.clone() } else { tokens.scopes.clone() };
    profile.oauth2 = Some(UserTokens::new(&tokens, scopes, now));
    Ok(true)
}

/// Gets an app's bearer token. Returns false if the profile has another token already, or cannot get one.
async fn refresh_app_token(profile: &mut Profile, rejected: Option<&Secret>, login: &Login) -> Result<bool, Error> {
    if profile.bearer_token.is_some() && profile.bearer_token.as_ref() != rejected {
        return Ok(false);
    }
    let app = profile.app_with_secret().ok_or_else(|| refresh_failure("the profile has no app key and secret"))?;
    let token = login.app_token(&app).await?;
    let Some(Credential::AppOnly(token)) = token.get(AuthKind::AppOnly).map(|c| (**c).clone()) else {
        return Err(refresh_failure("the response contains no bearer token"));
    };
    // X returns the same token until it is invalidated.
    if rejected == Some(&token) {
        return Ok(false);
    }
    profile.bearer_token = Some(token);
    Ok(true)
}

pub(super) fn refresh_failure(why: &str) -> Error {
    Error::login(&format!("could not refresh the token: {why}")).with_hint("log in again")
}

/// Whether the server rejected the refresh token.
fn is_final(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Invalid | ErrorKind::Unauthorized)
}

fn unknown_profile(name: &str) -> Error {
    let name: String = name.chars().take(60).collect();
    Error::configuration(format!("unknown profile `{name}`")).with_hint("log in first, or name another profile")
}
