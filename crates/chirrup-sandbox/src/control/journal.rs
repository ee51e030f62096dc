//! Request journal: every request that the sandbox received, with its outcome.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use chirrup_api::Cost;
use chirrup_auth::AuthKind;
use chirrup_model::{Timestamp, UserId};
use http::HeaderMap;
use tokio::sync::watch;

/// Number of entries that the journal keeps by default.
pub(crate) const DEFAULT_CAPACITY: usize = 10_000;
/// Number of exchanges that the journal keeps, the latest ones.
const MAX_EXCHANGES: usize = 1_000;
/// Size in bytes of the largest body that an exchange keeps whole.
const MAX_BODY: usize = 64 << 10;

/// Entry of the request journal: one request and its outcome.
///
/// A test compares the journal with what the client believes. In [`created_id`](Self::created_id) it finds a post that
/// was created although the response was lost.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct JournalEntry {
    /// Number of the request. The first request is number 1.
    pub number: u64,
    /// Time at which the request arrived, by the sandbox's clock.
    pub at: Timestamp,
    /// HTTP method of the request, in upper case.
    pub method: String,
    /// Path of the request, without the query.
    pub path: String,
    /// Name of the endpoint, such as `create_post`. `None` for login pages and unknown paths.
    pub endpoint: Option<&'static str>,
    /// User on whose behalf the request was made. `None` for requests of the app itself and unauthenticated ones.
    pub user: Option<UserId>,
    /// Status of the response to the request. `None` if a fault prevented processing.
    pub status: Option<u16>,
    /// ID of the resource that a write created, such as a post, a message or a list.
    pub created_id: Option<String>,
    /// [Name](crate::Fault::name) of the fault that was injected.
    pub fault: Option<&'static str>,
    /// Whether the sandbox sent the whole response without alteration. `false` if a fault truncated, corrupted or
    /// replaced it.
    pub response_intact: bool,
    /// Amount that the request was charged, by the built-in price list.
    pub cost: Cost,
}

/// What the processing of a call contributes to its journal entry.
#[derive(Debug, Clone, Default)]
pub(crate) struct CallSummary {
    pub(crate) auth: Option<AuthKind>,
    pub(crate) user: Option<u64>,
    pub(crate) created_id: Option<String>,
    pub(crate) cost: Cost,
    /// Body of the response before compression.
    pub(crate) body: Bytes,
}

/// Request and response as they were sent.
pub(crate) struct Exchange {
    /// URL that the client used.
    pub(crate) url: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Whether the body is not cut.
    pub(crate) has_whole_body: bool,
    pub(crate) auth: Option<AuthKind>,
    pub(crate) response_headers: HeaderMap,
    pub(crate) response_body: Bytes,
}

impl Exchange {
    /// Keeps a request of the URL with its response, and bodies up to a limit.
    pub(crate) fn new(
        url: String,
        headers: HeaderMap,
        body: &Bytes,
        response_headers: HeaderMap,
        summary: &CallSummary,
    ) -> Self {
        let has_whole_body = body.len() <= MAX_BODY;
        let (body, response_body) = (kept(body), kept(&summary.body));
        Self { url, headers, body, has_whole_body, auth: summary.auth, response_headers, response_body }
    }
}

/// The headers can contain secrets.
impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Exchange(…)")
    }
}

/// Returns the body, or the beginning of a large one as a copy, so that the rest is not kept in memory.
fn kept(body: &Bytes) -> Bytes {
    if body.len() > MAX_BODY { Bytes::copy_from_slice(&body[..MAX_BODY]) } else { body.clone() }
}

/// The latest requests, oldest first.
#[derive(Debug)]
pub(crate) struct Journal {
    entries: VecDeque<JournalEntry>,
    /// Exchanges of the latest entries.
    exchanges: VecDeque<Option<Arc<Exchange>>>,
    /// Number of the latest entry.
    count: watch::Sender<u64>,
    capacity: usize,
}

impl Journal {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { entries: VecDeque::new(), exchanges: VecDeque::new(), count: watch::Sender::new(0), capacity }
    }

    /// Appends an entry and gives it its number.
    pub(crate) fn add(&mut self, mut entry: JournalEntry, exchange: Option<Exchange>) {
        entry.number = *self.count.borrow() + 1;
        self.count.send_replace(entry.number);
        self.entries.push_back(entry);
        if self.entries.len() > self.capacity {
            self.entries.pop_front();
        }
        self.exchanges.push_back(exchange.map(Arc::new));
        if self.exchanges.len() > MAX_EXCHANGES {
            self.exchanges.pop_front();
        }
    }

    /// Removes all entries. The numbers of later entries continue.
    pub(crate) fn clear(&mut self) {
        self.entries.clear();
        self.exchanges.clear();
    }

    pub(crate) fn entries(&self) -> Vec<JournalEntry> {
        self.entries.iter().cloned().collect()
    }

    /// Returns the entries with a number above `number`, oldest first.
    pub(crate) fn entries_after(&self, number: u64) -> impl DoubleEndedIterator<Item = &JournalEntry> {
        let start = self.entries.partition_point(|entry| entry.number <= number);
        self.entries.range(start..)
    }

    /// Returns the exchange of an entry, unless it is too old.
    pub(crate) fn exchange(&self, number: u64) -> Option<Arc<Exchange>> {
        let from_end = usize::try_from(self.count.borrow().checked_sub(number)?).ok()?;
        let index = self.exchanges.len().checked_sub(from_end + 1)?;
        self.exchanges.get(index).cloned().flatten()
    }

    /// Returns the number of the latest entry; 0 before the first one.
    pub(crate) fn last_number(&self) -> u64 {
        *self.count.borrow()
    }

    /// Returns a receiver of the number of the latest entry.
    pub(crate) fn subscribe(&self) -> watch::Receiver<u64> {
        self.count.subscribe()
    }
}
