//! Stores on a server that several machines share, which CHIRRUP_STORE names.

use std::sync::Arc;

use chirrup::store::Store;

use crate::background;
use crate::error::CliError;

/// Returns the store of a key, such as `limits/api.x.com`.
pub(crate) type StoreByKey = Arc<dyn Fn(&str) -> Arc<dyn Store> + Send + Sync>;

/// Opens the stores for rate limits and costs of an API host, if they are shared. A sandbox in the background belongs to this
/// machine.
pub(crate) fn of_server(base_url: &str) -> Result<Option<StoreByKey>, CliError> {
    if background::folder_of(base_url).is_some() { Ok(None) } else { from_env() }
}

/// Opens the stores on the server that CHIRRUP_STORE names, without a connection yet.
pub(crate) fn from_env() -> Result<Option<StoreByKey>, CliError> {
    let Some(address) = std::env::var("CHIRRUP_STORE").ok().filter(|address| !address.is_empty()) else {
        return Ok(None);
    };
    match () {
        () if chirrup::archive::is_nats(&address) => nats(address),
        () if ["redis://", "rediss://"].iter().any(|scheme| address.starts_with(scheme)) => redis(address),
        () => Err(CliError::usage("CHIRRUP_STORE: expected nats://HOST:4222/BUCKET or rediss://HOST:6380/0")),
    }
    .map(Some)
}

#[cfg(feature = "nats")]
fn nats(address: String) -> Result<StoreByKey, CliError> {
    let opened = chirrup::store::NatsStore::open(address, "");
    let store = opened.map_err(|why| CliError::usage(format!("CHIRRUP_STORE: {}", why.message())))?;
    Ok(Arc::new(move |key| Arc::new(store.with_key(key))))
}

#[cfg(not(feature = "nats"))]
fn nats(_: String) -> Result<StoreByKey, CliError> {
    Err(built_without("nats"))
}

#[cfg(feature = "redis")]
fn redis(address: String) -> Result<StoreByKey, CliError> {
    let opened = chirrup::store::RedisStore::open(address, "");
    let store = opened.map_err(|why| {
        CliError::usage(format!("CHIRRUP_STORE: {}", why.message()))
            .with_hint("use an address such as rediss://:password@redis.example.com:6380/0")
    })?;
    Ok(Arc::new(move |key| Arc::new(store.with_key(format!("chirrup/{key}")))))
}

#[cfg(not(feature = "redis"))]
fn redis(_: String) -> Result<StoreByKey, CliError> {
    Err(built_without("redis"))
}

#[cfg(not(all(feature = "nats", feature = "redis")))]
fn built_without(feature: &str) -> CliError {
    CliError::usage(format!("CHIRRUP_STORE: this program was built without the feature `{feature}`"))
        .with_hint(format!("install it with `cargo install chirrup-cli --features {feature}`"))
}
