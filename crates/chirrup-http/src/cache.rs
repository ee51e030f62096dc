//! Answers of reads kept for a while, so that nobody waits or pays for them twice.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chirrup_api::{Cost, Idempotency, RawResponse, Request};
use chirrup_model::Timestamp;

const DAY_MS: i64 = 86_400_000;

/// Answers by what was asked, up to a size; the oldest go first. None outlives its UTC day, after which X charges anew.
#[derive(Debug)]
pub(crate) struct Cache {
    capacity: usize,
    lifetime: Duration,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    answers: HashMap<String, (RawResponse, Timestamp)>,
    order: VecDeque<String>,
    size: usize,
}

impl Cache {
    pub(crate) fn new(capacity: usize, lifetime: Duration) -> Self {
        Self { capacity, lifetime, kept: Mutex::default() }
    }

    /// By what an answer is found: who asks for what. Streams and writes are not kept.
    fn key(request: &Request) -> Option<String> {
        let is_stream = request.endpoint.is_some_and(|meta| meta.streaming);
        if request.idempotency() != Idempotency::Safe || is_stream {
            return None;
        }
        let who = request.credential.as_ref().map(|credential| credential.fingerprint()).unwrap_or_default();
        Some(format!("{who} {}", request.url))
    }

    pub(crate) fn get(&self, request: &Request, now: Timestamp) -> Option<RawResponse> {
        let key = Self::key(request)?;
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (answer, since) = kept.answers.get(&key)?;
        let age = now.as_millis() - since.as_millis();
        let same_day = since.as_millis().div_euclid(DAY_MS) == now.as_millis().div_euclid(DAY_MS);
        if !same_day || age < 0 || age > i64::try_from(self.lifetime.as_millis()).unwrap_or(i64::MAX) {
            return None;
        }
        let mut answer = answer.clone();
        (answer.send_info.attempts, answer.send_info.cost) = (0, Cost::ZERO);
        Some(answer)
    }

    pub(crate) fn put(&self, request: &Request, answer: &RawResponse, now: Timestamp) {
        let Some(key) = Self::key(request).filter(|_| answer.status.is_success()) else { return };
        let size = answer.body.len() + key.len();
        if size > self.capacity {
            return;
        }
        let kept = &mut *self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.remove(&key);
        while kept.size + size > self.capacity {
            let Some(oldest) = kept.order.front().cloned() else { break };
            kept.remove(&oldest);
        }
        kept.size += size;
        kept.order.push_back(key.clone());
        kept.answers.insert(key, (answer.clone(), now));
    }

    /// After a write of a user, what was read before may no longer be so.
    pub(crate) fn forget(&self, request: &Request) {
        if request.idempotency() == Idempotency::Safe {
            return;
        }
        let who = request.credential.as_ref().map(|credential| credential.fingerprint()).unwrap_or_default();
        let kept = &mut *self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let theirs: Vec<String> = kept.order.iter().filter(|key| key.starts_with(&who)).cloned().collect();
        theirs.iter().for_each(|key| kept.remove(key));
    }
}

impl Kept {
    fn remove(&mut self, key: &str) {
        if let Some((answer, _)) = self.answers.remove(key) {
            self.size -= answer.body.len() + key.len();
            self.order.retain(|other| other != key);
        }
    }
}
