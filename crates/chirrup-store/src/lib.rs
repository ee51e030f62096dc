//! Stores for small values that several processes share, such as tokens, rate limits and the ledger.
//!
//! A [`Store`] holds one value and has one lock. [`FileStore`] and [`MemoryStore`] are always available; `KeyringStore`,
//! `RedisStore` and `NatsStore` with the features `keyring`, `redis` and `nats`. Every error is a [`chirrup_api::Error`],
//! usually of the kind [`Storage`](chirrup_api::ErrorKind::Storage).
#![warn(missing_docs)]

#[cfg(feature = "client-runtime")]
mod client_runtime;
#[cfg(test)]
mod conformance;
mod file;
#[cfg(feature = "keyring")]
mod keyring;
mod lock;
mod loopback;
mod memory;
#[cfg(feature = "nats")]
mod nats;
#[cfg(feature = "redis")]
mod redis;
mod regular_file;
mod server_scheme;
mod store;

#[cfg(feature = "client-runtime")]
#[doc(hidden)]
pub use client_runtime::ClientRuntime;
pub use file::FileStore;
#[cfg(feature = "keyring")]
pub use keyring::KeyringStore;
pub use lock::{lock_async, lock_blocking};
#[doc(hidden)]
pub use loopback::is_loopback_host;
pub use memory::MemoryStore;
#[cfg(feature = "nats")]
pub use nats::NatsStore;
#[cfg(feature = "nats")]
#[doc(hidden)]
pub use nats::{NatsServer, open_bucket};
#[cfg(feature = "redis")]
pub use redis::RedisStore;
#[doc(hidden)]
pub use regular_file::{open_regular, owner_only, with_suffix};
#[doc(hidden)]
pub use server_scheme::NATS_SCHEMES;
pub use store::{LockedStore, Store};
