//! The table of all endpoints, and lookups in it.

mod endpoint_macro;
mod groups;

use std::collections::BTreeSet;

use chirrup_auth::{AuthKind, Scope};

#[cfg(feature = "samples")]
use crate::client::example::Example;
use crate::endpoint::Endpoint;
use crate::response::error::Error;
use crate::{v1, v2};

/// Returns the examples of all endpoints that have one, first those of API v2.
#[doc(hidden)]
#[cfg(feature = "samples")]
pub fn examples() -> impl Iterator<Item = &'static Example> {
    v2::EXAMPLES.iter().chain(v1::EXAMPLES).flat_map(|area| area.iter())
}

/// Returns all endpoints of the table, first those of API v2.
///
/// ```
/// let reads = chirrup_api::all().filter(|endpoint| endpoint.is_read()).count();
/// assert!(reads > 10);
/// ```
pub fn all() -> impl Iterator<Item = &'static Endpoint> {
    v2::AREAS.iter().chain(v1::AREAS).flat_map(|area| area.iter().copied())
}

/// Returns the endpoint of this name, such as `get_post` or `v1.show`.
pub fn by_id(id: &str) -> Option<&'static Endpoint> {
    all().find(|endpoint| endpoint.id == id)
}

/// Returns the minimal scopes with which a user's OAuth 2.0 token can call all of these endpoints.
///
/// Endpoints are named like their client methods.
///
/// ```
/// use chirrup_api::auth::Scope;
/// let scopes = chirrup_api::scopes_for(["get_me", "create_post"])?;
/// assert_eq!(scopes, [Scope::TweetRead, Scope::TweetWrite, Scope::UsersRead]);
/// # Ok::<(), chirrup_api::Error>(())
/// ```
///
/// # Errors
/// [`ErrorKind::Argument`](crate::ErrorKind::Argument) if a name is unknown, or an endpoint does not accept a user's
/// OAuth 2.0 token.
pub fn scopes_for<'a>(endpoints: impl IntoIterator<Item = &'a str>) -> Result<Vec<Scope>, Error> {
    let mut scopes = BTreeSet::new();
    for id in endpoints {
        let endpoint = by_id(id).ok_or_else(|| Error::invalid_argument(format!("unknown endpoint `{id}`")))?;
        if !endpoint.auth.iter().any(|auth| auth.kind() == AuthKind::OAuth2) {
            let kinds: Vec<&str> = endpoint.auth.iter().map(|auth| auth.kind().name()).collect();
            let accepted = if kinds.is_empty() { "no authentication".to_owned() } else { kinds.join(" or ") };
            let message = format!("`{id}` does not accept a user's OAuth 2.0 token; it accepts {accepted}");
            return Err(Error::invalid_argument(message));
        }
        // A test checks that every scope of the table is a `Scope`.
        scopes.extend(endpoint.scopes().iter().filter_map(|scope| scope.parse::<Scope>().ok()));
    }
    Ok(scopes.into_iter().collect())
}
