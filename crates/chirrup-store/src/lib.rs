//! Stores for small values that several processes share, such as tokens, rate limits and the ledger.
//!
//! A [`Store`] holds one value and has one lock. [`FileStore`] and [`MemoryStore`] are always available, `KeyringStore` and
//! `RedisStore` with the features `keyring` and `redis`. Every error is a [`chirrup_api::Error`], usually of the kind
//! [`Storage`](chirrup_api::ErrorKind::Storage).
#![warn(missing_docs)]

#[cfg(test)]
mod conformance;
mod file;
#[cfg(feature = "keyring")]
mod keyring;
mod lock;
mod loopback;
mod memory;
#[cfg(feature = "redis")]
mod redis;
mod regular_file;
mod store;

pub use file::FileStore;
#[cfg(feature = "keyring")]
pub use keyring::KeyringStore;
pub use lock::{lock_async, lock_blocking};
#[doc(hidden)]
pub use loopback::is_loopback_host;
pub use memory::MemoryStore;
#[cfg(feature = "redis")]
pub use redis::RedisStore;
#[doc(hidden)]
pub use regular_file::{open_regular, owner_only, with_suffix};
pub use store::{LockedStore, Store};
