//! A credential provider that keeps the tokens of a profile current.

use std::sync::{Arc, Mutex, PoisonError};

use chirrup_api::{BoxFuture, Error};
use chirrup_auth::{AuthKind, Credential, Credentials, Secret};
use chirrup_model::Timestamp;

use super::profile::Profile;
use super::token_store::{REFRESH_MARGIN_MS, TokenStore, WantedToken, refresh_failure};
use crate::clock::Clock;
use crate::credential_provider::CredentialProvider;
use crate::login::Login;

/// A credential provider that refreshes the tokens of a profile when they expire or are rejected.
///
/// A token is refreshed once for all callers in all processes that share the [`TokenStore`].
#[derive(Debug, Clone)]
pub struct TokenRefresher(Arc<ProfileState>);

#[derive(Debug)]
struct ProfileState {
    store: TokenStore,
    name: String,
    login: Login,
    clock: Arc<dyn Clock>,
    profile: Mutex<Profile>,
    /// Held during a refresh, so that other callers of this process wait for its result.
    refreshing: tokio::sync::Mutex<()>,
}

impl TokenRefresher {
    /// Creates a refresher for the profile with this name. `login` requests the new tokens.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](chirrup_api::ErrorKind::Configuration) if the profile does not exist,
    /// [`ErrorKind::Storage`](chirrup_api::ErrorKind::Storage) if the store cannot be read.
    pub fn new(store: &TokenStore, name: &str, login: Login, clock: Arc<dyn Clock>) -> Result<Self, Error> {
        let profile = Mutex::new(store.profile(name)?);
        let refreshing = tokio::sync::Mutex::default();
        Ok(Self(Arc::new(ProfileState {
            store: store.clone(),
            name: name.to_owned(),
            login,
            clock,
            profile,
            refreshing,
        })))
    }

    /// Returns the credentials for the client to hold: all kinds that the profile has or can get.
    ///
    /// Tokens that expire are represented by the name of the profile. The refresher replaces them with the actual tokens
    /// when a call is sent.
    pub fn credentials(&self) -> Credentials {
        let profile = self.0.cached_profile();
        let mut all = profile.credentials();
        let placeholder: Secret = format!("profile {}", self.0.name).into();
        if profile.bearer_token.is_some() || profile.app_with_secret().is_some() {
            all = all.and(Credentials::app_only(placeholder.clone()));
        }
        if let Some(user) = &profile.oauth2 {
            all = all.and(match user.scopes.is_empty() {
                true => Credentials::oauth2(placeholder),
                false => Credentials::oauth2_with_scopes(placeholder, user.scopes.iter().map(|scope| scope.as_str())),
            });
        }
        all
    }

    /// Returns the actual credentials of the profile. Tokens that have expired are refreshed first.
    ///
    /// # Errors
    /// [`ErrorKind::Login`](chirrup_api::ErrorKind::Login) if the user has to log in again; the errors of the call if a
    /// token cannot be refreshed.
    pub async fn current(&self) -> Result<Credentials, Error> {
        let mut all = self.0.cached_profile().credentials();
        let held = self.credentials();
        for held in [AuthKind::AppOnly, AuthKind::OAuth2].iter().filter_map(|kind| held.get(*kind).cloned()) {
            all = all.and(Credentials::one((*self.provide(held).await?).clone()));
        }
        Ok(all)
    }
}

impl ProfileState {
    fn cached_profile(&self) -> Profile {
        self.profile.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns the cached token of this kind if it is neither about to expire nor the rejected one.
    fn valid_token(&self, kind: AuthKind, rejected: Option<&Secret>, now: Timestamp) -> Option<Arc<Credential>> {
        let profile = self.cached_profile();
        if kind == AuthKind::OAuth2 && profile.is_due(now, REFRESH_MARGIN_MS) {
            return None;
        }
        let found = profile.credentials().get(kind).cloned()?;
        (token(&found) != rejected || rejected.is_none()).then_some(found)
    }

    async fn refresh(
        self: Arc<Self>,
        kind: AuthKind,
        rejected: Option<Secret>,
    ) -> Result<Option<Arc<Credential>>, Error> {
        let _guard = self.refreshing.lock().await;
        let now = self.clock.now();
        // An earlier caller may have refreshed it during the wait.
        if let Some(valid) = self.valid_token(kind, rejected.as_ref(), now) {
            return Ok(Some(valid));
        }
        let wanted = WantedToken { profile: self.name.clone(), kind, rejected: rejected.clone() };
        let profile = self.store.refresh(wanted, &self.login, now).await?;
        *self.profile.lock().unwrap_or_else(PoisonError::into_inner) = profile.clone();
        let found = profile.credentials().get(kind).cloned();
        Ok(found.filter(|found| rejected.is_none() || token(found) != rejected.as_ref()))
    }

    /// Refreshes in a task of its own, so that a caller that is dropped does not lose the new token.
    async fn refresh_in_task(
        self: Arc<Self>,
        kind: AuthKind,
        rejected: Option<Secret>,
    ) -> Result<Option<Arc<Credential>>, Error> {
        let task = tokio::spawn(self.refresh(kind, rejected));
        task.await.map_err(|_| refresh_failure("the refresh was canceled"))?
    }
}

/// Returns the token of a credential that can be refreshed.
fn token(credential: &Credential) -> Option<&Secret> {
    match credential {
        Credential::AppOnly(token) | Credential::OAuth2 { token, .. } => Some(token),
        _ => None,
    }
}

impl CredentialProvider for TokenRefresher {
    fn provide(&self, held: Arc<Credential>) -> BoxFuture<Result<Arc<Credential>, Error>> {
        let state = Arc::clone(&self.0);
        Box::pin(async move {
            // OAuth 1.0a keys do not expire, and an app's key and secret are not part of a profile's tokens.
            if token(&held).is_none() {
                return Ok(held);
            }
            let kind = held.kind();
            if let Some(valid) = state.valid_token(kind, None, state.clock.now()) {
                return Ok(valid);
            }
            Ok(state.refresh_in_task(kind, None).await?.unwrap_or(held))
        })
    }

    fn replace_rejected(
        &self,
        held: Arc<Credential>,
        sent: Arc<Credential>,
    ) -> BoxFuture<Result<Option<Arc<Credential>>, Error>> {
        let state = Arc::clone(&self.0);
        Box::pin(async move {
            let Some(rejected) = token(&sent).cloned() else { return Ok(None) };
            state.refresh_in_task(held.kind(), Some(rejected)).await
        })
    }
}
