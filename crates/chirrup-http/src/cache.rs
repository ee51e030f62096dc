//! An in-memory cache of the responses to reads.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chirrup_api::{Cost, Idempotency, RawResponse, Request};
use chirrup_model::Timestamp;

const DAY_MS: i64 = 86_400_000;

/// Responses by credential and URL, up to a total size; the oldest are evicted first. No response outlives its UTC day,
/// after which X would bill the read again.
#[derive(Debug)]
pub(crate) struct Cache {
    capacity: usize,
    lifetime: Duration,
    entries: Mutex<Entries>,
}

#[derive(Debug, Default)]
struct Entries {
    responses: HashMap<String, (RawResponse, Timestamp)>,
    order: VecDeque<String>,
    size: usize,
}

impl Cache {
    pub(crate) fn new(capacity: usize, lifetime: Duration) -> Self {
        Self { capacity, lifetime, entries: Mutex::default() }
    }

    /// Returns the cache key of a request, or `None` for streams and writes.
    fn key(request: &Request) -> Option<String> {
        let is_stream = request.endpoint().is_some_and(|endpoint| endpoint.streaming);
        if request.idempotency() != Idempotency::Safe || is_stream {
            return None;
        }
        Some(format!("{} {}", credential_fingerprint(request), request.url()))
    }

    pub(crate) fn get(&self, request: &Request, now: Timestamp) -> Option<RawResponse> {
        let key = Self::key(request)?;
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let (response, stored) = entries.responses.get(&key)?;
        let age = now.as_millis() - stored.as_millis();
        let same_day = stored.as_millis().div_euclid(DAY_MS) == now.as_millis().div_euclid(DAY_MS);
        if !same_day || age < 0 || age > i64::try_from(self.lifetime.as_millis()).unwrap_or(i64::MAX) {
            return None;
        }
        let mut response = response.clone();
        (response.send_info.attempts, response.send_info.cost) = (0, Cost::ZERO);
        Some(response)
    }

    pub(crate) fn put(&self, request: &Request, response: &RawResponse, now: Timestamp) {
        let Some(key) = Self::key(request).filter(|_| response.status.is_success()) else { return };
        let size = response.body.len() + key.len();
        if size > self.capacity {
            return;
        }
        let entries = &mut *self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.remove(&key);
        while entries.size + size > self.capacity {
            let Some(oldest) = entries.order.front().cloned() else { break };
            entries.remove(&oldest);
        }
        entries.size += size;
        entries.order.push_back(key.clone());
        entries.responses.insert(key, (response.clone(), now));
    }

    /// Drops all responses of a request's credential if the request is a write.
    pub(crate) fn invalidate(&self, request: &Request) {
        if request.idempotency() == Idempotency::Safe {
            return;
        }
        let prefix = credential_fingerprint(request);
        let entries = &mut *self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let stale: Vec<String> = entries.order.iter().filter(|key| key.starts_with(&prefix)).cloned().collect();
        stale.iter().for_each(|key| entries.remove(key));
    }
}

fn credential_fingerprint(request: &Request) -> String {
    request.credential.as_ref().map(|credential| credential.fingerprint()).unwrap_or_default()
}

impl Entries {
    fn remove(&mut self, key: &str) {
        if let Some((response, _)) = self.responses.remove(key) {
            self.size -= response.body.len() + key.len();
            self.order.retain(|other| other != key);
        }
    }
}
