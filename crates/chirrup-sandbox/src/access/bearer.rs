//! Authentication by bearer tokens, which are read from the database once.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use chirrup_auth::AuthKind;
use chirrup_model::Timestamp;
use rusqlite::{OptionalExtension as _, Row};

use crate::access::identity::Identity;
use crate::response::api_error::ApiError;
use crate::world::{DatabaseVersion, World, from_sql};

/// Number of tokens that are kept.
const CAPACITY: usize = 10_000;

/// Caller to whom a token belongs.
#[derive(Debug, Clone)]
struct TokenOwner {
    identity: Arc<Identity>,
    /// Time at which the token expires, in seconds since the Unix epoch.
    expires: Option<i64>,
}

/// Known bearer tokens with their owners. They are read again after any change of the database.
#[derive(Default)]
pub(crate) struct BearerTokens {
    /// Version of the database from which the owners were read.
    version: DatabaseVersion,
    owners: HashMap<String, TokenOwner>,
}

/// Shows the number of tokens, and none of them.
impl fmt::Debug for BearerTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BearerTokens").field("known", &self.owners.len()).finish_non_exhaustive()
    }
}

impl BearerTokens {
    /// Returns the caller to whom a token belongs.
    ///
    /// # Errors
    /// With 401 if the token is unknown or has expired.
    pub(super) fn authenticate(
        &mut self,
        world: &World,
        token: &str,
        now: Timestamp,
    ) -> Result<Arc<Identity>, ApiError> {
        let version = world.database_version();
        if self.version != version || self.owners.len() >= CAPACITY {
            self.owners.clear();
            self.version = version;
        }
        let owner = match self.owners.get(token) {
            Some(owner) => owner.clone(),
            None => {
                let owner = read_owner(world, token)?.ok_or_else(ApiError::unauthorized)?;
                self.owners.insert(token.to_owned(), owner.clone());
                owner
            }
        };
        if owner.expires.is_some_and(|at| at <= now.as_secs()) {
            return Err(ApiError::unauthorized());
        }
        Ok(owner.identity)
    }
}

fn read_owner(world: &World, token: &str) -> rusqlite::Result<Option<TokenOwner>> {
    let sql = "SELECT t.app_id, t.user_id, t.scopes, a.access, e.at FROM token t JOIN app a ON a.id = t.app_id
               LEFT JOIN expiry e ON e.token = t.token
               WHERE t.token = ? AND t.kind IN ('bearer', 'oauth2')";
    let read = |row: &Row<'_>| {
        let user: Option<i64> = row.get(1)?;
        let scopes: String = row.get(2)?;
        let identity = Identity {
            app: row.get(0)?,
            user: user.map(from_sql),
            kind: if user.is_some() { AuthKind::OAuth2 } else { AuthKind::AppOnly },
            scopes: scopes.split(' ').map(str::to_owned).collect(),
            access_level: if user.is_some() { row.get(3)? } else { "read".to_owned() },
        };
        Ok(TokenOwner { identity: Arc::new(identity), expires: row.get(4)? })
    };
    world.db.prepare_cached(sql)?.query_row([token], read).optional()
}
