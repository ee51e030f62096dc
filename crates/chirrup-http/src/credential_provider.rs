//! Who gives a living client the credential that is good now.

use std::fmt;
use std::sync::Arc;

use chirrup_api::{BoxFuture, Error};
use chirrup_auth::Credential;

/// Gives the credential that is good now in place of the one that a client holds: tokens run out, and are renewed.
pub trait CredentialProvider: Send + Sync + fmt::Debug {
    /// The credential to send, for the one that the client holds. Renews it first if it is about to run out.
    fn current(&self, held: Arc<Credential>) -> BoxFuture<Result<Arc<Credential>, Error>>;

    /// The server refused this one (401): another in its place, or `None` if there is no better one.
    fn refused(
        &self,
        held: Arc<Credential>,
        sent: Arc<Credential>,
    ) -> BoxFuture<Result<Option<Arc<Credential>>, Error>>;
}
