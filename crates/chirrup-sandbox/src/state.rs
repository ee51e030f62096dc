//! State that requests read and change.

use std::sync::{Mutex, MutexGuard, PoisonError};

use chirrup_auth::Secret;
use chirrup_model::Dialect;

use crate::access::auth::NonceCache;
use crate::access::bearer::BearerTokens;
use crate::access::bill::Bill;
use crate::access::rate_limits::RateLimiter;
use crate::control::clock::TestClock;
use crate::control::faults::FaultRules;
use crate::control::journal::Journal;
use crate::streams::hub::Hub;
use crate::world::World;

/// State of the sandbox that requests read and change.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) world: World,
    pub(crate) rate_limiter: RateLimiter,
    pub(crate) tokens: BearerTokens,
    pub(crate) nonces: NonceCache,
    pub(crate) faults: FaultRules,
    pub(crate) journal: Journal,
    pub(crate) bill: Bill,
    pub(crate) hub: Hub,
}

/// State and settings that the server shares with the [`Sandbox`] handle.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) state: Mutex<State>,
    /// Connections for requests that only read, while no request uses them.
    pub(crate) readers: Mutex<Vec<World>>,
    pub(crate) clock: TestClock,
    pub(crate) rate_limited: bool,
    /// Whether a new OAuth 2.0 grant of a user to an app revokes the earlier one.
    pub(crate) single_grant: bool,
    /// Dialect of the responses to requests that use the names of neither.
    pub(crate) dialect: Dialect,
    /// Secret from which the tokens of the consent forms are derived.
    pub(crate) form_secret: Secret,
}

impl Shared {
    /// Calls `read` with a world that other requests do not use.
    pub(crate) fn with_reader<T>(&self, read: impl FnOnce(&mut World) -> T) -> rusqlite::Result<T> {
        let readers = || self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        let idle = readers().pop();
        let mut reader = match idle {
            Some(reader) => reader,
            None => self.lock().world.reader()?,
        };
        let result = read(&mut reader);
        readers().push(reader);
        Ok(result)
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
