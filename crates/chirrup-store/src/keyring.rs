//! A store in the keyring of the operating system.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use chirrup_api::Error;
use keyring::Entry;

use crate::file::FileStore;
use crate::store::{LockedStore, Store};

/// A store in the keyring of the operating system.
///
/// The keyring is the Keychain of macOS, the Credential Manager of Windows (values of at most 2,560 bytes) or the Secret
/// Service of a Linux desktop. Since keyrings have no locks, processes synchronize through a lock file.
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
    /// Opens the entry with this service and name. The lock file is `lock_path` with `.lock`
    /// appended; it does not have to exist.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`](chirrup_api::ErrorKind::Storage) if the system has no keyring.
    pub fn open(service: &str, name: &str, lock_path: impl Into<PathBuf>) -> Result<Self, Error> {
        let entry = on_own_thread(|| Entry::new(service, name)).map_err(failed)?;
        Ok(Self { entry: Arc::new(entry), lock: FileStore::at(lock_path) })
    }

    fn get(&self) -> Result<Option<Vec<u8>>, Error> {
        match on_own_thread(|| self.entry.get_secret()) {
            Ok(value) => Ok(Some(value)),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(why) => Err(failed(why)),
        }
    }
}

/// Runs a keyring operation on a thread of its own: some keyrings start an async runtime, which must not happen inside
/// another one.
fn on_own_thread<T: Send>(operation: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| match scope.spawn(operation).join() {
        Ok(done) => done,
        Err(panic) => std::panic::resume_unwind(panic),
    })
}

fn failed(why: keyring::Error) -> Error {
    // The message of the keyring is dropped, since it may contain the secret.
    let reason = match why {
        keyring::Error::NoStorageAccess(_) | keyring::Error::NoDefaultStore => "it is locked, or this machine has none",
        keyring::Error::TooLong(..) => "the value is too long for it",
        keyring::Error::BadEncoding(_) | keyring::Error::BadDataFormat(..) | keyring::Error::Ambiguous(_) => {
            "its entry has an unknown format"
        }
        _ => "it does not respond",
    };
    Error::storage(format!("could not use the system keyring: {reason}"))
        .with_hint("unlock the keyring, or keep the tokens in a file")
}

impl Store for KeyringStore {
    fn name(&self) -> String {
        "the system keyring".to_owned()
    }

    fn read(&self) -> Result<Option<Vec<u8>>, Error> {
        self.get()
    }

    fn try_lock(&self) -> Result<Option<Box<dyn LockedStore>>, Error> {
        let Some(lock) = self.lock.try_lock()? else { return Ok(None) };
        Ok(Some(Box::new(LockedKeyring { store: self.clone(), _lock: lock })))
    }
}

struct LockedKeyring {
    store: KeyringStore,
    _lock: Box<dyn LockedStore>,
}

impl LockedStore for LockedKeyring {
    fn read(&mut self) -> Result<Option<Vec<u8>>, Error> {
        self.store.get()
    }

    fn replace(&mut self, value: &[u8]) -> Result<(), Error> {
        on_own_thread(|| self.store.entry.set_secret(value)).map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    use keyring_core::api::CredentialStoreApi as _;

    use super::*;
    use crate::conformance::assert_conforms;

    #[test]
    fn a_keyring_keeps_the_contract_of_a_store() {
        let mock = keyring_core::mock::Store::new().expect("a mock keyring");
        let entry = Entry { inner: mock.build("chirrup", "tests", None).expect("an entry") };
        let folder = tempfile::tempdir().expect("a folder");
        let keyring = KeyringStore { entry: Arc::new(entry), lock: FileStore::at(folder.path().join("lock")) };
        assert_conforms(|| keyring.clone());
    }
}
