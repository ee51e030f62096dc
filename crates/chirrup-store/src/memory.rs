//! A store in memory, for the callers within one process and for tests.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use chirrup_api::Error;

use crate::store::{LockedStore, Store};

#[derive(Debug, Default)]
struct Shared {
    value: Mutex<Option<Vec<u8>>>,
    locked: AtomicBool,
}

impl Shared {
    fn read(&self) -> Option<Vec<u8>> {
        self.value.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A store in memory, which clones share.
#[derive(Debug, Clone, Default)]
pub struct MemoryStore(Arc<Shared>);

struct LockedMemory(Arc<Shared>);

impl Drop for LockedMemory {
    fn drop(&mut self) {
        self.0.locked.store(false, Ordering::Release);
    }
}

impl Store for MemoryStore {
    fn name(&self) -> String {
        "the store in memory".to_owned()
    }

    fn read(&self) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.0.read())
    }

    fn try_lock(&self) -> Result<Option<Box<dyn LockedStore>>, Error> {
        let was_locked = self.0.locked.swap(true, Ordering::Acquire);
        Ok(if was_locked { None } else { Some(Box::new(LockedMemory(Arc::clone(&self.0)))) })
    }
}

impl LockedStore for LockedMemory {
    fn read(&mut self) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.0.read())
    }

    fn replace(&mut self, value: &[u8]) -> Result<(), Error> {
        *self.0.value.lock().unwrap_or_else(PoisonError::into_inner) = Some(value.to_vec());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::assert_conforms;

    #[test]
    fn memory_keeps_the_contract_of_a_store() {
        let store = MemoryStore::default();
        assert_conforms(|| store.clone());
    }
}
