//! Costs of streams. With a budget, all streams of a process reserve the cost of their next items before these arrive.
//!
//! Items that are on their way cannot be refused: the server bills them when it sends them. So streams reserve for the
//! items of the next seconds rather than for one, and a stream is closed as soon as the budget does not cover those.

use chirrup_api::{Charge, Cost, CostInputs, Endpoint, Error, Request, TransportError, TransportErrorKind};
use chirrup_model::Timestamp;
use chirrup_store::LockedStore;

use super::billed_items::ItemIds;
use super::month_book::{Entry, Month};
use super::stream_block::{Block, MIN_ITEMS};
use super::{Ledger, State, storage_failure};

/// State of the connection whose lines are recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ConnectionState {
    Open,
    /// The server has closed it: all lines have arrived.
    Ended,
    /// The client has closed it: lines that were on their way count too if there is a budget.
    Aborted,
}

/// Connection of a stream that counts against a budget. When the last one is closed, the reservation ends.
pub(crate) struct OpenStream {
    ledger: Ledger,
    endpoint: &'static Endpoint,
    is_closed: bool,
}

impl OpenStream {
    /// Ends the reservation, unless another stream is open.
    pub(crate) async fn close(mut self, now: Timestamp) {
        self.is_closed = true;
        if let Some(block) = self.take_block() {
            let released = self.ledger.release_in(Month::of(block.at), self.endpoint.id, block.number, now).await;
            released.unwrap_or_else(|error| self.ledger.report_failure(&error));
        }
    }

    fn take_block(&self) -> Option<Block> {
        let mut state = self.ledger.lock();
        state.streams.open = state.streams.open.saturating_sub(1);
        let block = if state.streams.open == 0 { state.streams.reserved.take() } else { None };
        let amount = block.map_or(Cost::ZERO, |block| block.amount);
        state.run_reserved = state.run_reserved.saturating_sub(amount);
        block
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        if self.is_closed {
            return;
        }
        if let Some(block) = self.take_block() {
            self.ledger.release_now(self.endpoint, block.number, block.at);
        }
    }
}

impl Ledger {
    /// Whether the items that a stream delivers are recorded. Partitioned streams are sold by contract rather than per
    /// post, so they are recorded only under a budget.
    pub(crate) fn counts(&self, endpoint: &Endpoint) -> bool {
        matches!(endpoint.charge(), Some(Charge::PerResource(_)))
            && (self.0.budget.is_set() || endpoint.param("partition").is_none())
    }

    /// Returns the maximum cost of one item of a stream.
    fn item_cost(&self, endpoint: &Endpoint, request: &Request) -> Cost {
        let mut one: CostInputs = request.cost_inputs;
        one.items = 1;
        self.0.prices.max_cost(endpoint, &one)
    }

    /// Reserves the cost of the first items before a stream is opened. Fails if the budget does not cover them, or if
    /// there is a budget and the ledger cannot be written.
    pub(crate) async fn open_stream(
        &self,
        request: &Request,
        now: Timestamp,
    ) -> Result<Option<OpenStream>, TransportError> {
        let Some(endpoint) = request.endpoint().filter(|_| self.0.budget.is_set()) else { return Ok(None) };
        let item = self.item_cost(endpoint, request);
        self.lock().streams.open += 1;
        let stream = OpenStream { ledger: self.clone(), endpoint, is_closed: false };
        let reserved = self.with_state(now, |state, locked| self.reserve_items(state, locked, endpoint, item, now));
        match reserved.await.map_err(storage_failure)? {
            None => Ok(Some(stream)),
            Some(violation) => Err(TransportError::new(TransportErrorKind::Budget, violation)),
        }
    }

    /// Reserves the cost of the next items, unless something is reserved. Returns why the budget does not cover them.
    fn reserve_items(
        &self,
        state: &mut State,
        locked: Option<&mut dyn LockedStore>,
        endpoint: &Endpoint,
        item: Cost,
        now: Timestamp,
    ) -> Result<Option<String>, Error> {
        if state.streams.open == 0 || state.streams.reserved.is_some() {
            return Ok(None);
        }
        let run = state.run + state.run_reserved;
        let mut violation = None;
        for items in state.streams.wanted() {
            let what = format!("the stream with its next {items} items");
            violation = self.0.budget.violation(&what, item.saturating_mul(items), run, &state.book, now);
            if violation.is_none() {
                self.reserve_block(state, locked, endpoint, item.saturating_mul(items), now)?;
                state.streams.covered = items;
                break;
            }
        }
        Ok(violation)
    }

    fn reserve_block(
        &self,
        state: &mut State,
        locked: Option<&mut dyn LockedStore>,
        endpoint: &Endpoint,
        amount: Cost,
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut entry = Entry::new(endpoint.id, now);
        entry.cost = amount;
        let number = state.book.reserve(locked, entry, now)?;
        state.run_reserved += amount;
        state.streams.reserved = Some(Block { number, amount, at: now });
        Ok(())
    }

    /// Whether the reservation of the open streams is so old that [`settle_lines`](Self::settle_lines) has to replace it.
    pub(crate) fn must_renew(&self, now: Timestamp) -> bool {
        self.lock().streams.must_renew(now)
    }

    /// Whether lines are probably on their way over a connection that the client closes.
    pub(crate) fn expects_lines(&self, now: Timestamp) -> bool {
        let state = self.lock();
        state.streams.reserved.is_some() && state.streams.on_the_way(now) > 0
    }

    /// Number of lines that may arrive while earlier ones are recorded. When more do, the connection has to be closed:
    /// the other half of the reservation is for those on their way. Without a budget, there is no limit.
    pub(crate) fn max_unrecorded_lines(&self) -> Option<usize> {
        let covered = self.lock().streams.covered.max(MIN_ITEMS);
        self.0.budget.is_set().then(|| usize::try_from(covered / 2).unwrap_or(usize::MAX))
    }

    /// Records the cost of this many lines of a stream with these IDs, and reserves for the next ones. Fails if the budget does not cover those; what
    /// is left of it remains reserved for lines on their way.
    pub(crate) async fn settle_lines(
        &self,
        request: &Request,
        lines: u64,
        ids: ItemIds,
        connection: ConnectionState,
        now: Timestamp,
    ) -> Result<(), TransportError> {
        let Some(endpoint) = request.endpoint() else { return Ok(()) };
        let Some(Charge::PerResource(what)) = endpoint.charge() else { return Ok(()) };
        let items = self.billed_items(endpoint, what, request, ids);
        let item = self.item_cost(endpoint, request);
        let mut entry = Entry::new(endpoint.id, now);
        let block = {
            let mut state = self.lock();
            let on_the_way = state.streams.on_the_way(now);
            state.streams.record(lines, now);
            let block = state.streams.reserved.take();
            if let (ConnectionState::Aborted, Some(block)) = (connection, block) {
                let unused = block.amount.saturating_sub(item.saturating_mul(lines));
                entry.cost = item.saturating_mul(on_the_way).min(unused);
            }
            block
        };
        let in_month = block.is_some_and(|block| Month::of(block.at) == Month::of(now));
        entry.ends = block.filter(|_| in_month).map(|block| block.number);
        let reserved = block.map_or(Cost::ZERO, |block| block.amount);
        let (_, recorded) = self
            .record(entry, items, reserved, now, |state, mut locked, _| {
                if connection != ConnectionState::Open || !self.0.budget.is_set() {
                    return Ok(None);
                }
                let reborrowed = locked.as_mut().map(|locked| &mut **locked as _);
                let violation = self.reserve_items(state, reborrowed, endpoint, item, now)?;
                if violation.is_some() {
                    let left = self.0.budget.left(state.run + state.run_reserved, &state.book, now);
                    self.reserve_block(state, locked, endpoint, left, now)?;
                }
                Ok(violation)
            })
            .await;
        if let Some(block) = block.filter(|_| !in_month) {
            let released = self.release_in(Month::of(block.at), endpoint.id, block.number, now).await;
            released.unwrap_or_else(|error| self.report_failure(&error));
        }
        match recorded {
            Ok(None) => Ok(()),
            Ok(Some(violation)) => Err(TransportError::new(TransportErrorKind::Budget, violation)),
            Err(error) if self.0.budget.is_set() => Err(storage_failure(error)),
            Err(error) => {
                self.report_failure(&error);
                Ok(())
            }
        }
    }
}
