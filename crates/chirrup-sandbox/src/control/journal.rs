//! Request journal: every request that the sandbox received, with its outcome.

use std::collections::VecDeque;
use std::sync::Arc;

use chirrup_api::Cost;
use chirrup_model::{Timestamp, UserId};
use tokio::sync::watch;

use super::exchange::Exchange;

/// Number of entries that the journal keeps by default.
pub(crate) const DEFAULT_CAPACITY: usize = 10_000;
/// Number of exchanges that the journal keeps, the latest ones.
const MAX_EXCHANGES: usize = 1_000;
/// Sum in bytes of the exchanges that the journal keeps.
const MAX_EXCHANGE_BYTES: usize = 8 << 20;

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

/// The latest requests, oldest first.
#[derive(Debug)]
pub(crate) struct Journal {
    entries: VecDeque<JournalEntry>,
    /// Exchanges of the latest entries.
    exchanges: VecDeque<Arc<Exchange>>,
    /// Sum in bytes of the exchanges.
    exchange_bytes: usize,
    /// Number of the latest entry.
    count: watch::Sender<u64>,
    capacity: usize,
}

/// What a new entry displaced. To free it takes a while, so that it is dropped when the journal is not locked.
#[derive(Debug, Default)]
#[must_use]
pub(crate) struct Displaced {
    entry: Option<JournalEntry>,
    exchanges: Vec<Arc<Exchange>>,
}

impl Journal {
    pub(crate) fn new(capacity: usize) -> Self {
        let (entries, exchanges) = (VecDeque::new(), VecDeque::new());
        Self { entries, exchanges, exchange_bytes: 0, count: watch::Sender::new(0), capacity }
    }

    /// Appends an entry and gives it its number.
    pub(crate) fn add(&mut self, mut entry: JournalEntry, exchange: Arc<Exchange>) -> Displaced {
        let mut displaced = Displaced::default();
        entry.number = *self.count.borrow() + 1;
        self.count.send_replace(entry.number);
        self.entries.push_back(entry);
        if self.entries.len() > self.capacity {
            displaced.entry = self.entries.pop_front();
        }
        self.exchange_bytes += exchange.size();
        self.exchanges.push_back(exchange);
        while self.exchanges.len() > MAX_EXCHANGES || self.exchange_bytes > MAX_EXCHANGE_BYTES {
            let Some(oldest) = self.exchanges.pop_front() else { break };
            self.exchange_bytes -= oldest.size();
            displaced.exchanges.push(oldest);
        }
        displaced
    }

    /// Removes all entries. The numbers of later entries continue.
    pub(crate) fn clear(&mut self) {
        self.entries.clear();
        self.exchanges.clear();
        self.exchange_bytes = 0;
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
        self.exchanges.get(index).cloned()
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

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use chirrup_api::Cost;
    use chirrup_model::Timestamp;
    use http::HeaderMap;

    use super::super::exchange::CallSummary;
    use super::{Exchange, Journal, JournalEntry, MAX_EXCHANGE_BYTES};

    fn add(journal: &mut Journal, body: usize) {
        let entry = JournalEntry {
            number: 0,
            at: Timestamp::from_millis(0),
            method: "GET".to_owned(),
            path: "/".to_owned(),
            endpoint: None,
            user: None,
            status: Some(200),
            created_id: None,
            fault: None,
            response_intact: true,
            cost: Cost::ZERO,
        };
        let summary = CallSummary { body: vec![b'x'; body].into(), ..CallSummary::default() };
        let exchange = Exchange::new(String::new(), &HeaderMap::new(), &Bytes::new(), &HeaderMap::new(), &summary);
        drop(journal.add(entry, exchange.into()));
    }

    #[test]
    fn the_exchanges_that_are_kept_are_the_latest_ones_of_a_bounded_size() {
        let mut journal = Journal::new(500);
        for _ in 0..600 {
            add(&mut journal, 60_000);
        }
        let kept = (1..=600).filter(|number| journal.exchange(*number).is_some()).count();
        assert_eq!(kept, MAX_EXCHANGE_BYTES / 60_000);
        assert!(journal.exchange(600).is_some() && journal.exchange(601).is_none());
        assert_eq!(journal.entries().len(), 500);
        journal.clear();
        add(&mut journal, 0);
        assert!(journal.exchange(601).is_some() && journal.exchange(600).is_none());
    }
}
