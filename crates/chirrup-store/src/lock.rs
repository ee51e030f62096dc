//! Locks that wait for another process.
//!
//! The wait takes real time, since the other process does not follow a clock that a test moves.

use std::time::{Duration, Instant};

use chirrup_api::Error;

use crate::store::{LockedStore, Store};

/// Longest wait for a lock that another process holds.
const LOCK_TIMEOUT: Duration = Duration::from_secs(30);
/// Pause between two attempts to take a lock.
const POLL_INTERVAL: Duration = Duration::from_millis(5);

/// Locks a store. While another process holds the lock, waits up to 30 seconds without blocking the async runtime.
///
/// # Errors
/// [`ErrorKind::Storage`](chirrup_api::ErrorKind::Storage) if the store cannot be locked within this time.
pub async fn lock_async(store: &dyn Store) -> Result<Box<dyn LockedStore>, Error> {
    let since = Instant::now();
    loop {
        if let Some(locked) = store.try_lock()? {
            return Ok(locked);
        }
        check_timeout(store, since)?;
        tokio::time::sleep(POLL_INTERVAL).await;
    }
}

/// Locks a store. While another process holds the lock, blocks the thread for up to 30 seconds.
///
/// # Errors
/// [`ErrorKind::Storage`](chirrup_api::ErrorKind::Storage) if the store cannot be locked within this time.
pub fn lock_blocking(store: &dyn Store) -> Result<Box<dyn LockedStore>, Error> {
    let since = Instant::now();
    loop {
        if let Some(locked) = store.try_lock()? {
            return Ok(locked);
        }
        check_timeout(store, since)?;
        std::thread::sleep(POLL_INTERVAL);
    }
}

fn check_timeout(store: &dyn Store, since: Instant) -> Result<(), Error> {
    if since.elapsed() < LOCK_TIMEOUT {
        return Ok(());
    }
    let message = format!("could not lock {}: another process has held the lock for 30 s", store.name());
    Err(Error::storage(message).with_hint("wait for the other process, or stop it, then try again"))
}
