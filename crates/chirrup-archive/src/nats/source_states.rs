//! States of the sources, each under a key of a bucket.

use std::io;

use async_nats::jetstream::kv;
use serde::{Deserialize, Serialize};

use super::bus::Bus;
use super::names::token_of;
use crate::collection::Checkpoint;

/// State of a source. Times are milliseconds since 1970.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct StoredSource {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) started_at: i64,
    pub(super) updated_at: i64,
    /// Sequence number of the last message that the checkpoint covers.
    pub(super) sequence: u64,
    /// Fencing token of the lease under which the state was written, for the partition of a team.
    #[serde(default)]
    pub(super) token: u64,
    /// Start of the time up to the checkpoint in which nothing was missed.
    #[serde(default)]
    pub(super) since: Option<i64>,
    #[serde(flatten)]
    pub(super) checkpoint: Checkpoint,
}

/// Bucket with the states of the sources.
#[derive(Debug, Clone)]
pub(super) struct SourceStates {
    bus: Bus,
    bucket: kv::Store,
}

impl SourceStates {
    pub(super) async fn open(bus: Bus) -> io::Result<Self> {
        let bucket = bus.bucket("sources").await?;
        Ok(Self { bus, bucket })
    }

    /// Returns the state of a source and its revision, which is zero for one that has no state.
    pub(super) async fn read(&self, source: &str) -> io::Result<(StoredSource, u64)> {
        let failed = |why: &dyn std::fmt::Display| self.bus.failed("cannot read the state of a source", why);
        match self.read_key(&token_of(source)).await? {
            Some((state, revision)) if state.name == source => Ok((state, revision)),
            Some(_) => Err(failed(&"its key is that of another source; choose another stream")),
            None => Ok((StoredSource { name: source.to_owned(), ..StoredSource::default() }, 0)),
        }
    }

    /// Returns the states whose names start with a prefix, in the order of the names.
    pub(super) async fn all(&self, prefix: &str) -> io::Result<Vec<StoredSource>> {
        let mut states = Vec::new();
        for key in self.bus.keys(&self.bucket).await? {
            let state = self.read_key(&key).await?;
            states.extend(state.map(|(state, _)| state).filter(|state| state.name.starts_with(prefix)));
        }
        states.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(states)
    }

    /// Replaces a state if its revision is still this one. Returns the next revision, or `None` if it is not.
    pub(super) async fn replace(&self, state: &StoredSource, revision: u64) -> io::Result<Option<u64>> {
        self.bus.replace(&self.bucket, &token_of(&state.name), serde_json::to_vec(state)?, revision).await
    }

    async fn read_key(&self, key: &str) -> io::Result<Option<(StoredSource, u64)>> {
        let failed = |why: &dyn std::fmt::Display| self.bus.failed("cannot read the state of a source", why);
        let Some(entry) = self.bucket.entry(key).await.map_err(|why| failed(&why))? else { return Ok(None) };
        let state = serde_json::from_slice(&entry.value).map_err(|why| failed(&why))?;
        Ok(Some((state, entry.revision)))
    }
}
