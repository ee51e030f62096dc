//! Credentials: what a client holds, and which of them a call uses.

use std::fmt;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::hex;
use crate::oauth1::Signer;
use crate::secret::Secret;

/// The three ways of X to prove who calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AuthKind {
    /// The app for itself, with a bearer token.
    AppOnly,
    /// A user through an app, by OAuth 2.0.
    OAuth2,
    /// A user through an app, by an OAuth 1.0a signature.
    OAuth1,
}

impl AuthKind {
    /// The name that X gives it in its errors.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AppOnly => "OAuth 2.0 Application-Only",
            Self::OAuth2 => "OAuth 2.0 User Context",
            Self::OAuth1 => "OAuth 1.0a User Context",
        }
    }
    /// The name for tables and settings.
    pub const fn id(self) -> &'static str {
        match self {
            Self::AppOnly => "app_only",
            Self::OAuth2 => "oauth2",
            Self::OAuth1 => "oauth1",
        }
    }
    /// Whether a user stands behind it.
    pub const fn is_user(self) -> bool {
        !matches!(self, Self::AppOnly)
    }
}

impl fmt::Display for AuthKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The four keys of OAuth 1.0a.
#[derive(Debug, Clone)]
pub struct OAuth1Keys {
    /// The app's key.
    pub consumer_key: String,
    /// The app's secret.
    pub consumer_secret: Secret,
    /// The user's token; it begins with the user's id and `-`.
    pub token: String,
    /// The user's secret.
    pub token_secret: Secret,
}

/// One credential.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Credential {
    /// An app's bearer token.
    AppOnly(Secret),
    /// An OAuth 2.0 user token, with its scopes if they are known.
    OAuth2 {
        /// The access token.
        token: Secret,
        /// The scopes it was given; `None` if nobody knows.
        scopes: Option<Vec<String>>,
    },
    /// OAuth 1.0a keys, ready to sign.
    OAuth1(Signer),
    /// The app for itself, by its key and secret: the whole header, as [`basic_header`](crate::basic_header) makes it.
    /// Only addresses that give out tokens take it.
    Basic(Secret),
}

impl Credential {
    /// Which kind it is.
    pub const fn kind(&self) -> AuthKind {
        match self {
            Self::AppOnly(_) | Self::Basic(_) => AuthKind::AppOnly,
            Self::OAuth2 { .. } => AuthKind::OAuth2,
            Self::OAuth1(_) => AuthKind::OAuth1,
        }
    }
    /// A text that tells credentials apart without telling anything of them: a piece of a hash.
    pub fn fingerprint(&self) -> String {
        let text = match self {
            Self::AppOnly(secret) | Self::Basic(secret) | Self::OAuth2 { token: secret, .. } => secret.expose(),
            Self::OAuth1(signer) => signer.token(),
        };
        hex(&Sha256::digest(format!("chirrup {} {text}", self.kind().id()))[..8])
    }
    /// The user behind it, where the credential itself tells: an OAuth 1.0a token begins with the id.
    pub fn user_id(&self) -> Option<u64> {
        match self {
            Self::OAuth1(signer) => signer.token().split_once('-')?.0.parse().ok(),
            _ => None,
        }
    }
}

/// All that a client holds: at most one credential of each kind.
///
/// ```
/// use chirrup_auth::Credentials;
/// let both = Credentials::app_only("AAAA…").and(Credentials::oauth2("user token"));
/// assert_eq!(both.to_string(), "OAuth 2.0 Application-Only, OAuth 2.0 User Context");
/// ```
#[derive(Clone, Default)]
pub struct Credentials(Vec<Arc<Credential>>);

impl Credentials {
    /// None at all: every call that needs one fails before it is sent.
    pub fn none() -> Self {
        Self::default()
    }
    /// The app for itself.
    pub fn app_only(bearer_token: impl Into<Secret>) -> Self {
        Self::one(Credential::AppOnly(bearer_token.into()))
    }
    /// A user by OAuth 2.0, with whatever scopes the token has.
    pub fn oauth2(access_token: impl Into<Secret>) -> Self {
        Self::one(Credential::OAuth2 { token: access_token.into(), scopes: None })
    }
    /// A user by OAuth 2.0 whose scopes are known, so that a call without its scope fails before it is sent.
    pub fn oauth2_with_scopes<S: Into<String>>(
        access_token: impl Into<Secret>,
        scopes: impl IntoIterator<Item = S>,
    ) -> Self {
        let scopes = Some(scopes.into_iter().map(Into::into).collect());
        Self::one(Credential::OAuth2 { token: access_token.into(), scopes })
    }
    /// A user by OAuth 1.0a.
    pub fn oauth1(
        consumer_key: impl Into<String>,
        consumer_secret: impl Into<Secret>,
        token: impl Into<String>,
        token_secret: impl Into<Secret>,
    ) -> Self {
        let keys = OAuth1Keys {
            consumer_key: consumer_key.into(),
            consumer_secret: consumer_secret.into(),
            token: token.into(),
            token_secret: token_secret.into(),
        };
        Self::one(Credential::OAuth1(Signer::new(keys)))
    }
    /// This one alone.
    pub fn one(credential: Credential) -> Self {
        Self(vec![Arc::new(credential)])
    }

    /// Adds others; one of a kind already held takes its place.
    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        for new in others.0 {
            self.0.retain(|old| old.kind() != new.kind());
            self.0.push(new);
        }
        self.0.sort_by_key(|c| c.kind());
        self
    }

    /// Reads what the environment holds: `X_BEARER_TOKEN`, `X_ACCESS_TOKEN` with `X_ACCESS_TOKEN_SECRET`,
    /// `X_CONSUMER_KEY` and `X_CONSUMER_SECRET`, and `X_OAUTH2_ACCESS_TOKEN`. `TWITTER_` does for `X_`, and
    /// `API_KEY`/`API_SECRET` for the consumer's pair. Takes the look-up as a function, so that it stays pure.
    pub fn from_lookup(get: impl Fn(&str) -> Option<String>) -> Self {
        let any = |names: &[&str]| {
            let full = names.iter().flat_map(|n| [format!("X_{n}"), format!("TWITTER_{n}")]);
            full.filter_map(|n| get(&n)).find(|value| !value.is_empty())
        };
        let mut all = Self::none();
        if let Some(token) = any(&["BEARER_TOKEN"]).or_else(|| get("BEARER_TOKEN")) {
            all = all.and(Self::app_only(token));
        }
        if let Some(token) = any(&["OAUTH2_ACCESS_TOKEN"]) {
            all = all.and(Self::oauth2(token));
        }
        let key = any(&["CONSUMER_KEY", "API_KEY"]);
        let secret = any(&["CONSUMER_SECRET", "API_SECRET", "API_KEY_SECRET"]);
        let token = any(&["ACCESS_TOKEN", "OAUTH_TOKEN"]);
        let token_secret = any(&["ACCESS_TOKEN_SECRET", "OAUTH_TOKEN_SECRET", "ACCESS_SECRET"]);
        if let (Some(k), Some(s), Some(t), Some(ts)) = (key, secret, token, token_secret) {
            all = all.and(Self::oauth1(k, s, t, ts));
        }
        all
    }

    /// The credential of this kind.
    pub fn get(&self, kind: AuthKind) -> Option<&Arc<Credential>> {
        self.0.iter().find(|c| c.kind() == kind)
    }
    /// The kinds that are held.
    pub fn kinds(&self) -> impl Iterator<Item = AuthKind> + '_ {
        self.0.iter().map(|c| c.kind())
    }
    /// Whether nothing is held.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("none");
        }
        for (i, kind) in self.kinds().enumerate() {
            f.write_str(if i == 0 { "" } else { ", " })?;
            f.write_str(kind.name())?;
        }
        Ok(())
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Credentials({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_secret_is_printed() {
        let all = Credentials::oauth1("key", "hush1", "12-tok", "hush2")
            .and(Credentials::app_only("hush3"))
            .and(Credentials::oauth2("hush4"));
        let shown = format!("{all:?} {all} {:?}", all.0);
        assert!(!shown.contains("hush"), "{shown}");
        assert_eq!(all.get(AuthKind::OAuth1).and_then(|c| c.user_id()), Some(12));
    }

    #[test]
    fn the_environment_of_other_tools_is_understood() {
        let get = |name: &str| match name {
            "TWITTER_BEARER_TOKEN" => Some("b".to_owned()),
            "X_API_KEY" | "X_API_SECRET" | "X_ACCESS_TOKEN" | "X_ACCESS_TOKEN_SECRET" => Some("v".to_owned()),
            _ => None,
        };
        let kinds: Vec<_> = Credentials::from_lookup(get).kinds().collect();
        assert_eq!(kinds, [AuthKind::AppOnly, AuthKind::OAuth1]);
    }
}
