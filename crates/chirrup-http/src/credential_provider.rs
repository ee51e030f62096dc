//! The source of current credentials for a long-lived client.

use std::fmt;
use std::sync::Arc;

use chirrup_api::{BoxFuture, Error};
use chirrup_auth::Credential;

/// A source of current credentials: it replaces the credential that a client was built with at the moment of sending.
///
/// Tokens expire while a client lives. [`TokenRefresher`](crate::tokens::TokenRefresher) implements this trait for
/// profiles in a [`TokenStore`](crate::tokens::TokenStore); implement it yourself to take tokens from elsewhere.
pub trait CredentialProvider: Send + Sync + fmt::Debug {
    /// Returns the credential to send in place of `held`, the one that the client holds. Refreshes it first if it is
    /// about to expire.
    fn provide(&self, held: Arc<Credential>) -> BoxFuture<Result<Arc<Credential>, Error>>;

    /// Returns a replacement for `sent`, which the server rejected with status 401, or `None` if there is no better one.
    fn replace_rejected(
        &self,
        held: Arc<Credential>,
        sent: Arc<Credential>,
    ) -> BoxFuture<Result<Option<Arc<Credential>>, Error>>;
}
