//! A profile in use: its tokens are renewed while a client lives.

use std::sync::{Arc, Mutex, PoisonError};

use chirrup_api::{BoxFuture, Error};
use chirrup_auth::{AuthKind, Credential, Credentials, Secret};
use chirrup_model::Timestamp;

use super::{MARGIN_MS, Profile, TokenStore, Wanted};
use crate::clock::Clock;
use crate::credential_provider::CredentialProvider;
use crate::login::Login;

/// A profile whose tokens are renewed when they run out or are refused: once, for all callers of all programs.
#[derive(Debug, Clone)]
pub struct TokenRefresher(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: TokenStore,
    name: String,
    login: Login,
    clock: Arc<dyn Clock>,
    profile: Mutex<Profile>,
    /// Callers of this process wait here for the one who renews.
    gate: tokio::sync::Mutex<()>,
}

impl TokenRefresher {
    /// Uses the profile of this name. `login` asks for new tokens.
    ///
    /// # Errors
    /// If there is no such profile, or the store cannot be read.
    pub fn new(store: &TokenStore, name: &str, login: Login, clock: Arc<dyn Clock>) -> Result<Self, Error> {
        let profile = Mutex::new(store.profile(name)?);
        let gate = tokio::sync::Mutex::default();
        Ok(Self(Arc::new(Inner { store: store.clone(), name: name.to_owned(), login, clock, profile, gate })))
    }

    /// What a client is to hold: the kinds of credentials that the profile has or can get. Tokens that are renewed stand
    /// there by the name of the profile only; the session puts the real ones in their place when a call is sent.
    pub fn credentials(&self) -> Credentials {
        let profile = self.0.known();
        let mut all = profile.credentials();
        let in_place: Secret = format!("profile {}", self.0.name).into();
        if profile.bearer_token.is_some() || profile.app_with_secret().is_some() {
            all = all.and(Credentials::app_only(in_place.clone()));
        }
        if let Some(user) = &profile.oauth2 {
            all = all.and(match user.scopes.is_empty() {
                true => Credentials::oauth2(in_place),
                false => Credentials::oauth2_with_scopes(in_place, user.scopes.iter().map(|scope| scope.as_str())),
            });
        }
        all
    }

    /// The credentials to send now, with tokens that have run out renewed.
    ///
    /// # Errors
    /// If a token cannot be renewed.
    pub async fn current(&self) -> Result<Credentials, Error> {
        let mut all = self.0.known().credentials();
        for held in
            [AuthKind::AppOnly, AuthKind::OAuth2].iter().filter_map(|kind| self.credentials().get(*kind).cloned())
        {
            all = all.and(Credentials::one((*CredentialProvider::current(self, held).await?).clone()));
        }
        Ok(all)
    }
}

impl Inner {
    fn known(&self) -> Profile {
        self.profile.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The token of this kind that is good at this moment, as far as we know.
    fn good(&self, kind: AuthKind, refused: Option<&Secret>, now: Timestamp) -> Option<Arc<Credential>> {
        let profile = self.known();
        if kind == AuthKind::OAuth2 && profile.is_due(now, MARGIN_MS) {
            return None;
        }
        let found = profile.credentials().get(kind).cloned()?;
        (token(&found) != refused || refused.is_none()).then_some(found)
    }

    async fn renew(self: Arc<Self>, kind: AuthKind, refused: Option<Secret>) -> Result<Option<Arc<Credential>>, Error> {
        let _turn = self.gate.lock().await;
        let now = self.clock.now();
        // Who stood before us in line may have done it.
        if let Some(good) = self.good(kind, refused.as_ref(), now) {
            return Ok(Some(good));
        }
        let wanted = Wanted { profile: self.name.clone(), kind, refused: refused.clone() };
        let profile = self.store.renew(wanted, &self.login, now).await?;
        *self.profile.lock().unwrap_or_else(PoisonError::into_inner) = profile.clone();
        let found = profile.credentials().get(kind).cloned();
        Ok(found.filter(|found| refused.is_none() || token(found) != refused.as_ref()))
    }

    /// In a task of its own: a caller who gives up does not lose the answer.
    async fn renewed(
        self: Arc<Self>,
        kind: AuthKind,
        refused: Option<Secret>,
    ) -> Result<Option<Arc<Credential>>, Error> {
        let task = tokio::spawn(self.renew(kind, refused));
        task.await.map_err(|_| Error::login("the refresh was broken off"))?
    }
}

/// The token of a credential that can be renewed.
fn token(credential: &Credential) -> Option<&Secret> {
    match credential {
        Credential::AppOnly(token) | Credential::OAuth2 { token, .. } => Some(token),
        _ => None,
    }
}

impl CredentialProvider for TokenRefresher {
    fn current(&self, held: Arc<Credential>) -> BoxFuture<Result<Arc<Credential>, Error>> {
        let inner = Arc::clone(&self.0);
        Box::pin(async move {
            // Keys of OAuth 1.0a do not run out, and what proves an app has nothing to do with a profile.
            if token(&held).is_none() {
                return Ok(held);
            }
            let kind = held.kind();
            if let Some(good) = inner.good(kind, None, inner.clock.now()) {
                return Ok(good);
            }
            Ok(inner.renewed(kind, None).await?.unwrap_or(held))
        })
    }

    fn refused(
        &self,
        held: Arc<Credential>,
        sent: Arc<Credential>,
    ) -> BoxFuture<Result<Option<Arc<Credential>>, Error>> {
        let inner = Arc::clone(&self.0);
        Box::pin(async move {
            let Some(refused) = token(&sent).cloned() else { return Ok(None) };
            inner.renewed(held.kind(), Some(refused)).await
        })
    }
}
