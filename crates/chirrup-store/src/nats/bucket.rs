//! Buckets of keys and values.

use std::error::Error;

use async_nats::jetstream::stream::{Config, DiscardPolicy};
use async_nats::jetstream::{Context, kv};

/// Opens a bucket, or creates it with these settings. Those of a bucket that exists stay as they are.
///
/// # Errors
/// The error of the NATS client.
pub async fn open_bucket(context: &Context, name: &str, settings: Config) -> Result<kv::Store, Box<dyn Error + Send>> {
    if let Ok(bucket) = context.get_key_value(name).await {
        return Ok(bucket);
    }
    // `create_key_value` asks for limits of the account that servers before version 2.10 do not know.
    let config = Config {
        name: format!("KV_{name}"),
        subjects: vec![format!("$KV.{name}.>")],
        max_messages_per_subject: 1,
        allow_rollup: true,
        discard: DiscardPolicy::New,
        ..settings
    };
    context.get_or_create_stream(config).await.map_err(|why| Box::new(why) as Box<dyn Error + Send>)?;
    context.get_key_value(name).await.map_err(|why| Box::new(why) as Box<dyn Error + Send>)
}
