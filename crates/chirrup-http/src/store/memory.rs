//! A store in memory, for the callers of one process and for tests.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use chirrup_api::Error;

use super::{LockedStore, Store};

#[derive(Debug, Default)]
struct Inner {
    value: Mutex<Option<Vec<u8>>>,
    held: AtomicBool,
}

/// A store in memory. Clones are the same store.
#[derive(Debug, Clone, Default)]
pub struct MemoryStore(Arc<Inner>);

/// Lets go when it is dropped.
struct Opened(Arc<Inner>);

impl Drop for Opened {
    fn drop(&mut self) {
        self.0.held.store(false, Ordering::Release);
    }
}

impl Store for MemoryStore {
    fn name(&self) -> String {
        "the store in memory".to_owned()
    }

    fn read(&self) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.0.value.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    fn try_lock(&self) -> Result<Option<Box<dyn LockedStore>>, Error> {
        let taken = self.0.held.swap(true, Ordering::Acquire);
        Ok(if taken { None } else { Some(Box::new(Opened(Arc::clone(&self.0)))) })
    }
}

impl LockedStore for Opened {
    fn read(&mut self) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.0.value.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    fn replace(&mut self, value: &[u8]) -> Result<(), Error> {
        *self.0.value.lock().unwrap_or_else(PoisonError::into_inner) = Some(value.to_vec());
        Ok(())
    }
}
