//! Where something small is kept that several programs share: any of them reads it, one at a time changes it.

mod file;
#[cfg(feature = "keyring")]
mod keyring;
mod memory;
#[cfg(feature = "redis")]
mod redis;

use std::fmt;
use std::time::{Duration, Instant};

use chirrup_api::Error;

pub use file::{FileStore, owner_only};
#[cfg(feature = "keyring")]
pub use keyring::KeyringStore;
pub use memory::MemoryStore;
#[cfg(feature = "redis")]
pub use redis::RedisStore;

/// How long to wait for another program.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long to wait between two tries.
const PAUSE: Duration = Duration::from_millis(5);

/// A place for one value of bytes, such as a file. Tokens, limits and the ledger are kept in such places.
///
/// Its functions may block for as long as a disk or a server nearby takes, and no longer.
pub trait Store: Send + Sync + fmt::Debug {
    /// What to call it in messages: the path of a file, say.
    fn name(&self) -> String;

    /// The value; `None` if there is none yet. It is whole: that from before a change, or that from after it.
    ///
    /// # Errors
    /// If it cannot be read.
    fn read(&self) -> Result<Option<Vec<u8>>, Error>;

    /// Takes hold of it, unless another program has; lets go of it when what comes back is dropped.
    ///
    /// # Errors
    /// If it cannot be held at all.
    fn try_lock(&self) -> Result<Option<Box<dyn LockedStore>>, Error>;
}

/// A store that nobody else changes meanwhile.
pub trait LockedStore: Send {
    /// The value; `None` if there is none yet.
    ///
    /// # Errors
    /// If it cannot be read.
    fn read(&mut self) -> Result<Option<Vec<u8>>, Error>;

    /// What follows after so many bytes of it; nothing if it is shorter.
    ///
    /// # Errors
    /// If it cannot be read.
    fn read_from(&mut self, offset: u64) -> Result<Vec<u8>, Error> {
        let value = self.read()?.unwrap_or_default();
        let from = usize::try_from(offset).unwrap_or(usize::MAX).min(value.len());
        Ok(value[from..].to_vec())
    }

    /// Replaces the value as a whole: after a crash it is the old one or the new one.
    ///
    /// # Errors
    /// If it cannot be written. Then the old one is still there.
    fn replace(&mut self, value: &[u8]) -> Result<(), Error>;

    /// Adds to the end of the value. After a crash a part of what was added may be missing.
    ///
    /// # Errors
    /// If it cannot be written.
    fn append(&mut self, more: &[u8]) -> Result<(), Error> {
        let mut value = self.read()?.unwrap_or_default();
        value.extend_from_slice(more);
        self.replace(&value)
    }
}

/// Says who is in the way once that has lasted too long.
fn too_long(store: &dyn Store, since: Instant) -> Result<(), Error> {
    if since.elapsed() < PATIENCE {
        return Ok(());
    }
    Err(Error::configuration(format!("another program has held the lock of {} for more than 30 s", store.name())))
}

/// Takes hold of a store, waiting for others without blocking the runtime.
pub(crate) async fn open_soon(store: &dyn Store) -> Result<Box<dyn LockedStore>, Error> {
    let since = Instant::now();
    loop {
        if let Some(opened) = store.try_lock()? {
            return Ok(opened);
        }
        too_long(store, since)?;
        tokio::time::sleep(PAUSE).await;
    }
}

/// Takes hold of a store, waiting for others.
pub(crate) fn open(store: &dyn Store) -> Result<Box<dyn LockedStore>, Error> {
    let since = Instant::now();
    loop {
        if let Some(opened) = store.try_lock()? {
            return Ok(opened);
        }
        too_long(store, since)?;
        std::thread::sleep(PAUSE);
    }
}
