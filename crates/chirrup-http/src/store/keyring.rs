//! A store in the keyring of the operating system.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use chirrup_api::Error;
use keyring::Entry;

use super::file::FileStore;
use super::{LockedStore, Store};

/// A store in the keyring of the operating system: the Keychain of macOS, the Credential Manager of Windows (up to 2,560
/// bytes), the Secret Service of a Linux desktop. Programs wait for each other at a lock file.
#[derive(Clone)]
pub struct KeyringStore {
    entry: Arc<Entry>,
    lock: FileStore,
}

impl fmt::Debug for KeyringStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyringStore").field("lock", &self.lock).finish_non_exhaustive()
    }
}

impl KeyringStore {
    /// The entry of this service and name. The lock is beside `near`, which need not be there.
    ///
    /// # Errors
    /// If the system has no keyring.
    pub fn open(service: &str, name: &str, near: impl Into<PathBuf>) -> Result<Self, Error> {
        let entry = apart(|| Entry::new(service, name)).map_err(failed)?;
        Ok(Self { entry: Arc::new(entry), lock: FileStore::at(near) })
    }

    fn get(&self) -> Result<Option<Vec<u8>>, Error> {
        match apart(|| self.entry.get_secret()) {
            Ok(value) => Ok(Some(value)),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(why) => Err(failed(why)),
        }
    }
}

/// Some keyrings are asked over a bus with a runtime of its own, which must not be begun inside of another.
fn apart<T: Send>(ask: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| match scope.spawn(ask).join() {
        Ok(done) => done,
        Err(panic) => std::panic::resume_unwind(panic),
    })
}

fn failed(why: keyring::Error) -> Error {
    // What a keyring says may hold what it keeps.
    let what = match why {
        keyring::Error::NoStorageAccess(_) => "it is locked, or there is none on this machine",
        keyring::Error::TooLong(..) => "it takes no value of this size",
        keyring::Error::BadEncoding(_) | keyring::Error::Ambiguous(_) => "what is in it is not ours",
        _ => "it does not answer",
    };
    Error::configuration(format!("the keyring of the system cannot be used: {what}; a file can be used instead"))
}

impl Store for KeyringStore {
    fn name(&self) -> String {
        "the keyring of the system".to_owned()
    }

    fn read(&self) -> Result<Option<Vec<u8>>, Error> {
        self.get()
    }

    fn try_lock(&self) -> Result<Option<Box<dyn LockedStore>>, Error> {
        let Some(held) = self.lock.try_lock()? else { return Ok(None) };
        Ok(Some(Box::new(Opened { store: self.clone(), _held: held })))
    }
}

struct Opened {
    store: KeyringStore,
    _held: Box<dyn LockedStore>,
}

impl LockedStore for Opened {
    fn read(&mut self) -> Result<Option<Vec<u8>>, Error> {
        self.store.get()
    }

    fn replace(&mut self, value: &[u8]) -> Result<(), Error> {
        apart(|| self.store.entry.set_secret(value)).map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::{Profile, TokenStore};

    #[test]
    fn profiles_are_kept_in_a_keyring() {
        keyring::set_default_credential_builder(keyring::mock::default_credential_builder());
        let folder = tempfile::tempdir().expect("a folder");
        let keyring = KeyringStore::open("chirrup", "tests", folder.path().join("lock")).expect("a keyring");
        let store = TokenStore::with_store(Arc::new(keyring.clone()));
        assert!(store.read().expect("empty").is_empty());
        store.change(|all| all.insert("ada".to_owned(), Profile::default())).expect("kept");
        assert_eq!(store.read().expect("there").len(), 1);
        let held = keyring.try_lock().expect("a lock").expect("free");
        assert!(keyring.try_lock().expect("a lock").is_none(), "one at a time");
        drop(held);
        assert!(keyring.try_lock().expect("a lock").is_some());
    }
}
