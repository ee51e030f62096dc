//! Credentials of a client.

use std::fmt;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::hex;
use crate::oauth1::{OAuth1Keys, Signer};
use crate::secret::Secret;
use crate::variables::{InvalidVariable, OAUTH1_NAMES, Variables};

/// Authentication method of the X API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AuthKind {
    /// An app without a user, with a bearer token (OAuth 2.0 Application-Only).
    AppOnly,
    /// A user of an app, with an OAuth 2.0 access token.
    OAuth2,
    /// A user of an app, with an OAuth 1.0a signature.
    OAuth1,
}

impl AuthKind {
    /// Returns the name that X uses in its error messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AppOnly => "OAuth 2.0 Application-Only",
            Self::OAuth2 => "OAuth 2.0 User Context",
            Self::OAuth1 => "OAuth 1.0a User Context",
        }
    }
    /// Returns the short name for tables and settings: `app_only`, `oauth2` or `oauth1`.
    pub const fn id(self) -> &'static str {
        match self {
            Self::AppOnly => "app_only",
            Self::OAuth2 => "oauth2",
            Self::OAuth1 => "oauth1",
        }
    }
    /// Returns whether the method authenticates a user.
    pub const fn is_user(self) -> bool {
        !matches!(self, Self::AppOnly)
    }
}

impl fmt::Display for AuthKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One credential of a client.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Credential {
    /// The bearer token of an app.
    AppOnly(Secret),
    /// The OAuth 2.0 access token of a user.
    OAuth2 {
        /// Access token of the user.
        token: Secret,
        /// Scopes of the token; `None` if they are not known.
        scopes: Option<Vec<String>>,
    },
    /// The OAuth 1.0a keys of a user, as a signer of requests.
    OAuth1(Signer),
    /// The API key and secret of an app, as the value of the `Authorization` header that
    /// [`basic_header`](crate::basic_header) returns. Only the token endpoints accept it.
    Basic(Secret),
}

impl Credential {
    /// Returns the authentication method of the credential.
    pub const fn kind(&self) -> AuthKind {
        match self {
            Self::AppOnly(_) | Self::Basic(_) => AuthKind::AppOnly,
            Self::OAuth2 { .. } => AuthKind::OAuth2,
            Self::OAuth1(_) => AuthKind::OAuth1,
        }
    }
    /// Returns a part of a hash that identifies the credential and reveals nothing of it.
    pub fn fingerprint(&self) -> String {
        let text = match self {
            Self::AppOnly(secret) | Self::Basic(secret) | Self::OAuth2 { token: secret, .. } => secret.expose(),
            Self::OAuth1(signer) => signer.token(),
        };
        hex(&Sha256::digest(format!("chirrup {} {text}", self.kind().id()))[..8])
    }
    /// Returns the ID of the user, if the credential contains it: an OAuth 1.0a token starts with the ID.
    pub fn user_id(&self) -> Option<u64> {
        match self {
            Self::OAuth1(signer) => signer.token().split_once('-')?.0.parse().ok(),
            _ => None,
        }
    }
}

/// The credentials of a client: at most one of each kind.
///
/// ```
/// use chirrup_auth::Credentials;
/// let credentials = Credentials::app_only("AAAA…").and(Credentials::oauth2("user token"));
/// assert_eq!(credentials.to_string(), "OAuth 2.0 Application-Only, OAuth 2.0 User Context");
/// ```
#[derive(Clone, Default)]
pub struct Credentials(Vec<Arc<Credential>>);

impl Credentials {
    /// Returns no credentials: every call that needs one fails before it is sent.
    pub fn none() -> Self {
        Self::default()
    }
    /// Returns the bearer token of an app as credentials.
    pub fn app_only(bearer_token: impl Into<Secret>) -> Self {
        Self::one(Credential::AppOnly(bearer_token.into()))
    }
    /// Returns the OAuth 2.0 access token of a user as credentials. Its scopes are not checked.
    pub fn oauth2(access_token: impl Into<Secret>) -> Self {
        Self::one(Credential::OAuth2 { token: access_token.into(), scopes: None })
    }
    /// Returns the OAuth 2.0 access token of a user as credentials, with its scopes: a call that needs another scope fails
    /// before it is sent.
    pub fn oauth2_with_scopes<S: Into<String>>(
        access_token: impl Into<Secret>,
        scopes: impl IntoIterator<Item = S>,
    ) -> Self {
        let scopes = Some(scopes.into_iter().map(Into::into).collect());
        Self::one(Credential::OAuth2 { token: access_token.into(), scopes })
    }
    /// Returns the OAuth 1.0a keys of a user as credentials.
    pub fn oauth1(
        consumer_key: impl Into<String>,
        consumer_secret: impl Into<Secret>,
        token: impl Into<String>,
        token_secret: impl Into<Secret>,
    ) -> Self {
        let keys = OAuth1Keys::new(consumer_key, consumer_secret, token, token_secret);
        Self::one(Credential::OAuth1(Signer::new(keys)))
    }
    /// Returns credentials that contain this one alone.
    pub fn one(credential: Credential) -> Self {
        Self(vec![Arc::new(credential)])
    }

    /// Adds other credentials, which replace those of the same kind.
    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        for new in others.0 {
            self.0.retain(|old| old.kind() != new.kind());
            self.0.push(new);
        }
        self.0.sort_by_key(|c| c.kind());
        self
    }

    /// Reads credentials from variables, which `get` looks up, such as those of the environment.
    ///
    /// | credential | variables |
    /// | --- | --- |
    /// | bearer token | `X_BEARER_TOKEN` |
    /// | OAuth 2.0 access token | `X_OAUTH2_ACCESS_TOKEN` |
    /// | OAuth 1.0a keys | `X_CONSUMER_KEY`, `X_CONSUMER_SECRET`, `X_ACCESS_TOKEN`, `X_ACCESS_TOKEN_SECRET` |
    ///
    /// The prefix `TWITTER_` works as well as `X_`, and the names `API_KEY` and `API_SECRET` as well as `CONSUMER_KEY` and
    /// `CONSUMER_SECRET`. Blanks, line ends and quotation marks around a value are removed, and so is `Bearer ` before a
    /// token. OAuth 1.0a keys that are not complete are ignored; [`missing_variables`](Self::missing_variables) names
    /// those that are not set.
    ///
    /// # Errors
    /// If a value contains a character that no credential contains. The error names the variable.
    pub fn from_lookup(get: impl Fn(&str) -> Option<String>) -> Result<Self, InvalidVariable> {
        let variables = Variables(get);
        let mut all = Self::none();
        if let Some(token) = variables.first(&["BEARER_TOKEN"])?.or(variables.one("BEARER_TOKEN")?) {
            all = all.and(Self::app_only(token));
        }
        if let Some(token) = variables.first(&["OAUTH2_ACCESS_TOKEN"])? {
            all = all.and(Self::oauth2(token));
        }
        let [key, secret, token, token_secret] = OAUTH1_NAMES.map(|names| variables.first(names));
        if let (Some(k), Some(s), Some(t), Some(ts)) = (key?, secret?, token?, token_secret?) {
            all = all.and(Self::oauth1(k, s, t, ts));
        }
        Ok(all)
    }

    /// Returns the variables that are not set although other OAuth 1.0a keys are, such as `X_ACCESS_TOKEN_SECRET`. The
    /// result is empty if none or all of the four are set.
    pub fn missing_variables(get: impl Fn(&str) -> Option<String>) -> Vec<&'static str> {
        const MAIN: [&str; 4] = ["X_CONSUMER_KEY", "X_CONSUMER_SECRET", "X_ACCESS_TOKEN", "X_ACCESS_TOKEN_SECRET"];
        let variables = Variables(get);
        let is_set = |names: &[&str]| !matches!(variables.first(names), Ok(None));
        let named = MAIN.into_iter().zip(OAUTH1_NAMES);
        let missing: Vec<&str> = named.filter(|(_, names)| !is_set(names)).map(|(name, _)| name).collect();
        if missing.len() == MAIN.len() { Vec::new() } else { missing }
    }

    /// Returns the credential of this kind.
    pub fn get(&self, kind: AuthKind) -> Option<&Arc<Credential>> {
        self.0.iter().find(|c| c.kind() == kind)
    }
    /// Returns the kinds of the credentials.
    pub fn kinds(&self) -> impl Iterator<Item = AuthKind> + '_ {
        self.0.iter().map(|c| c.kind())
    }
    /// Returns whether there are no credentials.
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
    fn secrets_are_not_printed() {
        let all = Credentials::oauth1("key", "hush1", "12-tok", "hush2")
            .and(Credentials::app_only("hush3"))
            .and(Credentials::oauth2("hush4"));
        let printed = format!("{all:?} {all} {:?}", all.0);
        assert!(!printed.contains("hush"), "{printed}");
        assert_eq!(all.get(AuthKind::OAuth1).and_then(|c| c.user_id()), Some(12));
    }

    #[test]
    fn variable_names_of_other_tools_are_recognized() {
        let get = |name: &str| match name {
            "TWITTER_BEARER_TOKEN" => Some("b".to_owned()),
            "X_API_KEY" | "X_API_SECRET" | "X_ACCESS_TOKEN" | "X_ACCESS_TOKEN_SECRET" => Some("v".to_owned()),
            _ => None,
        };
        let kinds: Vec<_> = Credentials::from_lookup(get).expect("valid").kinds().collect();
        assert_eq!(kinds, [AuthKind::AppOnly, AuthKind::OAuth1]);
    }
}
