//! Request journal: every request that the sandbox received, with its outcome.

use std::collections::VecDeque;

use chirrup_api::Cost;
use chirrup_model::{Timestamp, UserId};

/// Number of entries that the journal keeps by default.
pub(crate) const DEFAULT_CAPACITY: usize = 10_000;

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
    pub(crate) user: Option<u64>,
    pub(crate) created_id: Option<String>,
    pub(crate) cost: Cost,
}

/// The latest requests, oldest first.
#[derive(Debug)]
pub(crate) struct Journal {
    entries: VecDeque<JournalEntry>,
    count: u64,
    capacity: usize,
}

impl Journal {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { entries: VecDeque::new(), count: 0, capacity }
    }

    /// Appends an entry and gives it its number.
    pub(crate) fn add(&mut self, mut entry: JournalEntry) {
        self.count += 1;
        entry.number = self.count;
        self.entries.push_back(entry);
        if self.entries.len() > self.capacity {
            self.entries.pop_front();
        }
    }

    pub(crate) fn entries(&self) -> Vec<JournalEntry> {
        self.entries.iter().cloned().collect()
    }
}
