//! Where tokens are kept: profiles, one for each app or user, in a [`Store`] such as a file.
//!
//! A token that has run out is refreshed while the store is held, so that of many programs one does it and the others find
//! the new one. An error never wipes a token.

mod profile;
mod refresher;
mod xurl;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use chirrup_api::{Error, ErrorKind};
use chirrup_auth::{AuthKind, Credential, Secret};
use chirrup_model::Timestamp;
use serde_json::{Value as Json, json};

use crate::login::Login;
use crate::store::{FileStore, LockedStore, Store, open, open_soon};

pub use profile::{Profile, UserTokens};
pub use refresher::TokenRefresher;

/// The form of the value.
const VERSION: u64 = 1;
/// With how much time left a token is refreshed.
const MARGIN_MS: i64 = 60_000;
/// How many times a refresh is tried that fails on the way.
const TRIES: u32 = 3;

/// Profiles in a store. Clones are the same.
#[derive(Debug, Clone)]
pub struct TokenStore {
    store: Arc<dyn Store>,
}

/// All profiles by their names.
pub type Profiles = BTreeMap<String, Profile>;

impl TokenStore {
    /// Keeps the profiles in this store.
    pub fn with_store(store: Arc<dyn Store>) -> Self {
        Self { store }
    }

    /// Keeps the profiles in a file at this path. It need not be there yet.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self::with_store(Arc::new(FileStore::at(path)))
    }

    /// The user's own file: `credentials.json` in [`config_dir`](crate::config_dir).
    ///
    /// # Errors
    /// If the system names no such folder.
    pub fn in_config_dir() -> Result<Self, Error> {
        Ok(Self::at(crate::config_dir()?.join("credentials.json")))
    }

    /// What to call it in messages: the path of a file, say.
    pub fn name(&self) -> String {
        self.store.name()
    }

    /// All profiles; none if nothing is there yet.
    ///
    /// # Errors
    /// If the store cannot be read; a file also if others may read it, too, or it is a link.
    pub fn read(&self) -> Result<Profiles, Error> {
        self.parse(self.store.read()?)
    }

    /// Changes the profiles, alone.
    ///
    /// # Errors
    /// If the store cannot be read or written, or another program holds it for more than 30 s. Then nothing is changed.
    pub fn change<T>(&self, change: impl FnOnce(&mut Profiles) -> T) -> Result<T, Error> {
        let mut opened = open(&*self.store)?;
        let mut profiles = self.parse(opened.read()?)?;
        let result = change(&mut profiles);
        write(&mut *opened, &profiles)?;
        Ok(result)
    }

    fn parse(&self, value: Option<Vec<u8>>) -> Result<Profiles, Error> {
        let Some(value) = value else { return Ok(Profiles::new()) };
        let json: Json = serde_json::from_slice(&value).unwrap_or_default();
        if json["version"] != VERSION {
            let name = self.name();
            return Err(Error::configuration(format!("{name} holds no profiles that this version can read")));
        }
        let profiles = json["profiles"].as_object().into_iter().flatten();
        Ok(profiles.map(|(name, profile)| (name.clone(), Profile::from_json(profile))).collect())
    }

    /// One profile.
    ///
    /// # Errors
    /// If there is no such profile, or the store cannot be read.
    pub fn profile(&self, name: &str) -> Result<Profile, Error> {
        self.read()?.remove(name).ok_or_else(|| unknown(name))
    }

    /// Gets a token of this kind anew, unless somebody else was faster: for `refused` if the server did not take that one,
    /// or else because it is about to run out. Gives the profile as it is then, and whether it has another token now.
    async fn renew(&self, wanted: Wanted, login: &Login, now: Timestamp) -> Result<Profile, Error> {
        let mut opened = open_soon(&*self.store).await?;
        let mut profiles = self.parse(opened.read()?)?;
        let profile = profiles.get_mut(&wanted.profile).ok_or_else(|| unknown(&wanted.profile))?;
        let done = match wanted.kind {
            AuthKind::AppOnly => renew_app(profile, wanted.refused.as_ref(), login).await,
            _ => renew_user(profile, wanted.refused.as_ref(), login, now).await,
        };
        match done {
            Ok(false) => return Ok(profile.clone()),
            Ok(true) => {}
            Err(error) if is_final(&error) && wanted.kind == AuthKind::OAuth2 => {
                if let Some(user) = &mut profile.oauth2 {
                    user.login_needed = true;
                }
                // The tokens stay: whether they are worth nothing is for the server to say, not for us to make true.
                write(&mut *opened, &profiles)?;
                return Err(error);
            }
            Err(error) => return Err(error),
        }
        let profile = profile.clone();
        // Kept before anybody uses it: the old one is worth nothing from now on.
        write(&mut *opened, &profiles)?;
        Ok(profile)
    }
}

/// A token to be had.
#[derive(Debug, Clone)]
struct Wanted {
    profile: String,
    kind: AuthKind,
    /// The one that the server did not take.
    refused: Option<Secret>,
}

async fn renew_user(
    profile: &mut Profile,
    refused: Option<&Secret>,
    login: &Login,
    now: Timestamp,
) -> Result<bool, Error> {
    let Some(user) = &profile.oauth2 else { return Err(Error::login("the profile holds no user's token")) };
    let is_refused = refused.is_some_and(|refused| *refused == user.access_token);
    if !is_refused && (refused.is_some() || !profile.is_due(now, MARGIN_MS)) {
        return Ok(false);
    }
    let Some(old) = user.refresh_token.clone() else { return Ok(false) };
    if user.login_needed {
        return Err(Error::login("the refresh token of this profile was refused before: log in again"));
    }
    let app = profile.app().ok_or_else(|| Error::login("the profile does not name its app"))?;
    let mut tries = 0;
    let tokens = loop {
        tries += 1;
        match login.refresh(&app, &old).await {
            Err(error) if tries < TRIES && is_on_the_way(&error) => {}
            done => break done?,
        }
    };
    let scopes = if tokens.scopes.is_empty() { user.scopes.clone() } else { tokens.scopes.clone() };
    profile.oauth2 = Some(UserTokens::new(&tokens, scopes, now));
    Ok(true)
}

async fn renew_app(profile: &mut Profile, refused: Option<&Secret>, login: &Login) -> Result<bool, Error> {
    // Somebody else may have been faster.
    if profile.bearer_token.is_some() && profile.bearer_token.as_ref() != refused {
        return Ok(false);
    }
    let app = profile.app_with_secret().ok_or_else(|| Error::login("the profile does not hold the keys of its app"))?;
    let token = login.app_token(&app).await?;
    let Some(Credential::AppOnly(token)) = token.get(AuthKind::AppOnly).map(|c| (**c).clone()) else {
        return Err(Error::login("the answer holds no bearer token"));
    };
    // X gives the same one until it is given back: then there is no better one.
    if refused == Some(&token) {
        return Ok(false);
    }
    profile.bearer_token = Some(token);
    Ok(true)
}

/// Whether a refresh failed before the server could decide on it.
fn is_on_the_way(error: &Error) -> bool {
    use ErrorKind::{Network, RateLimited, Server, Timeout, UnknownOutcome};
    matches!(error.kind(), Network | RateLimited | Server | Timeout | UnknownOutcome)
}

/// Whether the server decided against it for good.
fn is_final(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Invalid | ErrorKind::Unauthorized)
}

fn unknown(name: &str) -> Error {
    Error::configuration(format!("there is no profile `{name}`: log in first"))
}

fn write(opened: &mut dyn LockedStore, profiles: &Profiles) -> Result<(), Error> {
    let profiles: Json = profiles.iter().map(|(name, profile)| (name.clone(), profile.to_json())).collect();
    let text = format!("{:#}\n", json!({"version": VERSION, "profiles": profiles}));
    opened.replace(text.as_bytes())
}
