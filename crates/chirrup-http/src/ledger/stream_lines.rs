//! Costs of streams. With a budget, all streams of a process reserve the cost of their next items before these arrive.

use chirrup_api::{Charge, Cost, CostInputs, Endpoint, Error, Request, TransportError, TransportErrorKind};
use chirrup_model::Timestamp;
use chirrup_store::LockedStore;

use super::month_book::{Entry, month_of};
use super::stream_block::Block;
use super::{Ledger, State, storage_failure};

/// Maximum number of items for which streams reserve.
const MAX_ITEMS: u64 = 1_000;
/// Age, in seconds, from which the reservation of a stream without items is renewed. It must not expire.
const RENEWAL_SECS: i64 = 1_800;

/// Connection of a stream that counts against a budget. When the last one is dropped, the reservation ends.
pub(crate) struct OpenStream {
    ledger: Ledger,
    endpoint: &'static Endpoint,
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        let block = {
            let mut state = self.ledger.lock();
            state.streams.open = state.streams.open.saturating_sub(1);
            let block = if state.streams.open == 0 { state.streams.reserved.take() } else { None };
            let amount = block.map_or(Cost::ZERO, |block| block.amount);
            state.run_reserved = state.run_reserved.saturating_sub(amount);
            block
        };
        if let Some(block) = block {
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

    /// Reserves the cost of an item before a stream is opened. Fails if the budget does not cover it, or if there is a
    /// budget and the ledger cannot be written.
    pub(crate) async fn open_stream(
        &self,
        request: &Request,
        now: Timestamp,
    ) -> Result<Option<OpenStream>, TransportError> {
        let Some(endpoint) = request.endpoint().filter(|_| self.0.budget.is_set()) else { return Ok(None) };
        let item = self.item_cost(endpoint, request);
        self.lock().streams.open += 1;
        let stream = OpenStream { ledger: self.clone(), endpoint };
        let reserved =
            self.with_state(now, |state, locked| self.reserve_items(state, locked, endpoint, [item, item], now));
        match reserved.await.map_err(storage_failure)? {
            None => Ok(Some(stream)),
            Some(violation) => Err(TransportError::new(TransportErrorKind::Budget, violation)),
        }
    }

    /// Reserves the first of these amounts that the budget covers, unless something is reserved. Returns why it covers
    /// none of them.
    fn reserve_items(
        &self,
        state: &mut State,
        locked: Option<&mut dyn LockedStore>,
        endpoint: &Endpoint,
        amounts: [Cost; 2],
        now: Timestamp,
    ) -> Result<Option<String>, Error> {
        if state.streams.open == 0 || state.streams.reserved.is_some() {
            return Ok(None);
        }
        let run = state.run + state.run_reserved;
        let mut violation = None;
        for amount in amounts {
            violation = self.0.budget.violation("the next item of the stream", amount, run, &state.book, now);
            if violation.is_none() {
                let mut entry = Entry::new(endpoint.id, now);
                entry.cost = amount;
                let number = state.book.reserve(locked, entry, now)?;
                state.run_reserved += amount;
                state.streams.reserved = Some(Block { number, amount, at: now });
                break;
            }
        }
        Ok(violation)
    }

    /// Whether the reservation of the open streams is so old that [`settle_lines`](Self::settle_lines) has to renew it.
    pub(crate) fn must_renew(&self, now: Timestamp) -> bool {
        let reserved = self.lock().streams.reserved;
        reserved.is_some_and(|block| now.as_secs() - block.at.as_secs() > RENEWAL_SECS)
    }

    /// Records the cost of lines of a stream, and reserves as much again for the next ones. Fails if the budget does not
    /// cover another item.
    pub(crate) async fn settle_lines(
        &self,
        request: &Request,
        lines: &[u8],
        now: Timestamp,
    ) -> Result<(), TransportError> {
        let Some(endpoint) = request.endpoint() else { return Ok(()) };
        let Some(Charge::PerResource(what)) = endpoint.charge() else { return Ok(()) };
        let items = self.billed_items(endpoint, what, request, lines).unwrap_or_default();
        let block = self.lock().streams.reserved.take();
        let in_month = block.is_some_and(|block| month_of(block.at) == month_of(now));
        let mut entry = Entry::new(endpoint.id, now);
        entry.ends = block.filter(|_| in_month).map(|block| block.number);
        let reserved = block.map_or(Cost::ZERO, |block| block.amount);
        let item = self.item_cost(endpoint, request);
        let (_, recorded) = self
            .record(entry, items, reserved, now, |state, locked, cost| {
                if !self.0.budget.is_set() {
                    return Ok(None);
                }
                let next = cost.max(item).min(item.saturating_mul(MAX_ITEMS));
                self.reserve_items(state, locked, endpoint, [next, item], now)
            })
            .await;
        if let Some(block) = block.filter(|_| !in_month) {
            let released = self.release_in(&month_of(block.at), endpoint.id, block.number, now).await;
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
