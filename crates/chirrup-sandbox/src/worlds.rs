//! The worlds of a server: one by default, and others by name that start as copies of it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use chirrup_auth::Secret;
use tokio::sync::mpsc;

use crate::access::app_keys::AppKeys;
use crate::state::{Settings, Shared};
use crate::streams::webhook_delivery::QueuedDelivery;
use crate::world::World;

/// Number of worlds with a name.
pub(crate) const MAX_WORLDS: usize = 256;
/// Length of the longest name of a world.
const MAX_NAME: usize = 64;

/// Function that makes the world with which each world of the server starts.
pub(crate) type MakeWorld = dyn Fn() -> rusqlite::Result<World> + Send + Sync;

/// A world with its requests to webhooks, which a task has to send.
pub(crate) type NewWorld = (Arc<Shared>, mpsc::Receiver<QueuedDelivery>);

/// Worlds of a server. They share keys and settings, and nothing else.
pub(crate) struct Worlds {
    default: Arc<Shared>,
    named: Mutex<BTreeMap<String, Arc<Shared>>>,
    make: Box<MakeWorld>,
    keys: AppKeys,
    settings: Settings,
    /// Whether a file keeps the default world.
    is_file: bool,
    /// Token of the control API; `None` without a control API.
    control_token: Option<Secret>,
}

impl fmt::Debug for Worlds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worlds").field("named", &self.names()).finish_non_exhaustive()
    }
}

/// Reason why a world cannot be used.
#[derive(Debug)]
pub(crate) enum WorldError {
    /// The name is not one of a world.
    InvalidName,
    /// The server has all worlds that it can have.
    TooMany,
    Database(rusqlite::Error),
}

impl Worlds {
    /// Creates the worlds of a server with its default world. `make` makes the content of a new world.
    pub(crate) fn new(
        default: Arc<Shared>,
        make: Box<MakeWorld>,
        settings: Settings,
        is_file: bool,
        control_token: Option<Secret>,
    ) -> Self {
        let keys = default.keys.clone();
        Self { default, named: Mutex::default(), make, keys, settings, is_file, control_token }
    }

    pub(crate) fn control_token(&self) -> Option<&Secret> {
        self.control_token.as_ref()
    }

    /// Returns the default world.
    pub(crate) fn default_world(&self) -> &Arc<Shared> {
        &self.default
    }

    /// Returns the world with this name. A new one is created with `start`, which runs the task that sends its requests to
    /// webhooks.
    ///
    /// # Errors
    /// If the name is invalid, there are too many worlds, or the database fails.
    pub(crate) fn named(&self, name: &str, start: impl FnOnce(NewWorld)) -> Result<Arc<Shared>, WorldError> {
        if !is_name(name) {
            return Err(WorldError::InvalidName);
        }
        let mut named = self.lock();
        if let Some(found) = named.get(name) {
            return Ok(Arc::clone(found));
        }
        if named.len() >= MAX_WORLDS {
            return Err(WorldError::TooMany);
        }
        let world = self.new_content().map_err(WorldError::Database)?;
        self.keys.write_with_tokens(&world, &self.default.lock().world).map_err(WorldError::Database)?;
        let (shared, deliveries) = Shared::new(world, self.keys.clone(), &self.settings);
        let shared = Arc::new(shared);
        named.insert(name.to_owned(), Arc::clone(&shared));
        start((Arc::clone(&shared), deliveries));
        Ok(shared)
    }

    /// Removes a world and closes its streams. Returns whether there was one with this name.
    pub(crate) fn remove(&self, name: &str) -> bool {
        let removed = self.lock().remove(name);
        if let Some(world) = &removed {
            world.close_streams();
        }
        removed.is_some()
    }

    /// Puts a world back to its start. Returns `false` for a world that a file keeps, which stays as it is.
    pub(crate) fn reset(&self, world: &Arc<Shared>) -> rusqlite::Result<bool> {
        if self.is_file && Arc::ptr_eq(world, &self.default) {
            return Ok(false);
        }
        world.replace_world(self.new_content()?)?;
        Ok(true)
    }

    /// Returns the content of a new world: a copy of that in the file, or of the generated one.
    fn new_content(&self) -> rusqlite::Result<World> {
        if self.is_file { self.default.lock().world.copy() } else { (self.make)() }
    }

    /// Returns the names of the worlds other than the default one.
    pub(crate) fn names(&self) -> Vec<String> {
        self.lock().keys().cloned().collect()
    }

    /// Returns all worlds of the server, the default one first.
    pub(crate) fn all(&self) -> Vec<Arc<Shared>> {
        std::iter::once(&self.default).chain(self.lock().values()).cloned().collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Arc<Shared>>> {
        self.named.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a world can have this name.
fn is_name(name: &str) -> bool {
    let is_allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    (1..=MAX_NAME).contains(&name.len()) && name.bytes().all(is_allowed)
}
