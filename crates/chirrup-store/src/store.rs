//! The interface of a store.

use std::fmt;

use chirrup_api::Error;

/// A store of one value, a byte string: a file, a keyring entry, a key of a Redis or NATS server, or memory.
///
/// Every process can read the value; one at a time can lock and change it. The methods may block for as long as a disk
/// or a nearby server takes.
///
/// ```
/// use chirrup_store::{MemoryStore, Store};
///
/// let store = MemoryStore::default();
/// if let Some(mut locked) = store.try_lock()? {
///     locked.replace(b"new value")?;
/// }
/// assert_eq!(store.read()?.as_deref(), Some(&b"new value"[..]));
/// # Ok::<(), chirrup_api::Error>(())
/// ```
pub trait Store: Send + Sync + fmt::Debug {
    /// Returns the name of the store for messages, such as the path of a file.
    fn name(&self) -> String;

    /// Reads the value, or returns `None` if there is none yet. A concurrent change is visible completely or not at
    /// all.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`](chirrup_api::ErrorKind::Storage) if the value cannot be read.
    fn read(&self) -> Result<Option<Vec<u8>>, Error>;

    /// Locks the store, or returns `None` if it is locked already. Dropping the returned value unlocks it.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`](chirrup_api::ErrorKind::Storage) if the store cannot be locked at all.
    fn try_lock(&self) -> Result<Option<Box<dyn LockedStore>>, Error>;
}

/// A locked store, which nothing else changes until it is dropped.
pub trait LockedStore: Send {
    /// Reads the value, or returns `None` if there is none yet.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`](chirrup_api::ErrorKind::Storage) if the value cannot be read.
    fn read(&mut self) -> Result<Option<Vec<u8>>, Error>;

    /// Reads the value from this byte offset. The result is empty if the value is shorter.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`](chirrup_api::ErrorKind::Storage) if the value cannot be read.
    fn read_from(&mut self, offset: u64) -> Result<Vec<u8>, Error> {
        let value = self.read()?.unwrap_or_default();
        let from = usize::try_from(offset).unwrap_or(usize::MAX).min(value.len());
        Ok(value[from..].to_vec())
    }

    /// Reads at most `max` bytes of the value from this byte offset. The result is shorter if the value is.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`](chirrup_api::ErrorKind::Storage) if the value cannot be read.
    fn read_range(&mut self, offset: u64, max: usize) -> Result<Vec<u8>, Error> {
        let mut value = self.read_from(offset)?;
        value.truncate(max);
        Ok(value)
    }

    /// Returns the size of the value in bytes; 0 if there is none yet.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`](chirrup_api::ErrorKind::Storage) if the value cannot be read.
    fn size(&mut self) -> Result<u64, Error> {
        Ok(self.read()?.map_or(0, |value| value.len() as u64))
    }

    /// Replaces the value atomically: after a crash the store contains the old value or the new one.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`](chirrup_api::ErrorKind::Storage) if the value cannot be written. The old value remains.
    fn replace(&mut self, value: &[u8]) -> Result<(), Error>;

    /// Appends bytes to the value. After a crash a part of them may be missing.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`](chirrup_api::ErrorKind::Storage) if the value cannot be written.
    fn append(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let mut value = self.read()?.unwrap_or_default();
        value.extend_from_slice(bytes);
        self.replace(&value)
    }
}
