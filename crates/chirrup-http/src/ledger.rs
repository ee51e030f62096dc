//! The ledger of what calls cost, and the budget that it enforces.

pub(crate) mod billed_items;
mod billed_resources;
mod budget;
mod id_set;
mod month_book;
mod reservation;
mod stream_block;
pub(crate) mod stream_lines;

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chirrup_api::prices::INCLUDED_RESOURCES;
use chirrup_api::{
    Charge, Cost, Endpoint, Error, Idempotency, PriceList, RawResponse, Request, TransportError, TransportErrorKind,
};
use chirrup_model::Timestamp;
use chirrup_store::{FileStore, LockedStore, Store, lock_async};

use billed_items::ItemIds;
use billed_resources::{BilledResources, Search};
pub use budget::Budget;
pub use month_book::EndpointSpending;
use month_book::{Entry, Month, MonthBook, day_of, release};
pub(crate) use reservation::Reservation;
use stream_block::StreamBlock;

/// Amounts spent in this run, today and this month.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Spending {
    /// Amount spent in this run of the program, through this ledger.
    pub run: Cost,
    /// Amount spent on the current UTC day, by all programs that share the ledger.
    pub day: Cost,
    /// Amount spent in the current UTC month, by all programs that share the ledger.
    pub month: Cost,
}

/// Number of attempts to lock the store when a call is canceled, and the pause between them.
const RELEASE_ATTEMPTS: u32 = 20;
const RELEASE_PAUSE: Duration = Duration::from_millis(2);

/// Billable items of a response: their kind, their price and the numbers of their IDs.
type BilledItems = (&'static str, Cost, Vec<u64>);

/// Returns the store with a name, such as `2026-11` or `billed-posts-read`.
type StoreByName = Arc<dyn Fn(&str) -> Arc<dyn Store> + Send + Sync>;

type FailureCallback = Arc<dyn Fn(&Error) + Send + Sync>;

/// A ledger of what calls cost, computed with X's price list, which enforces a [`Budget`].
///
/// X bills a post or user that is read several times within a UTC day once, and so does the ledger, for up to 250,000
/// resources of a kind; it may count those that are read again after more than these, and is then above X's bill.
///
/// Before a call is sent, the ledger reserves its maximum cost, also against all programs that share the ledger; a call
/// that could exceed the budget fails with [`ErrorKind::Budget`](chirrup_api::ErrorKind::Budget), and nothing is sent.
/// After the call, the ledger records the actual cost. If the program is killed in between, the reservation remains and
/// counts as spent. With a budget, nothing is sent while the stores of the ledger cannot be written. Clones share one
/// ledger.
///
/// The server bills the items of a stream when it sends them. With a budget, a stream reserves the cost of the items of the
/// next two seconds, at least of four, and is closed when the budget does not cover a quarter of them. The bill exceeds the
/// budget only if more items are on their way at that moment than are reserved.
///
/// ```no_run
/// use chirrup_http::{Budget, HttpBuilder, Ledger};
///
/// let budget = Budget::default().per_month("20".parse()?);
/// let http = HttpBuilder::default().ledger(Ledger::in_folder("spending").with_budget(budget));
/// # Ok::<(), chirrup_api::InvalidCost>(())
/// ```
#[derive(Clone)]
pub struct Ledger(Arc<LedgerState>);

#[derive(Clone)]
struct LedgerState {
    prices: PriceList,
    budget: Budget,
    stores: Option<StoreByName>,
    on_failure: Option<FailureCallback>,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    book: MonthBook,
    billed: BilledResources,
    /// Spent in this run.
    run: Cost,
    /// Reserved for calls and streams of this run.
    run_reserved: Cost,
    /// Reserved for the next items of all streams of this run.
    streams: StreamBlock,
    /// Whether a failure was reported. Only the first one is.
    failure_reported: bool,
}

impl fmt::Debug for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ledger").field("budget", &self.0.budget).finish_non_exhaustive()
    }
}

impl Default for Ledger {
    fn default() -> Self {
        Self::in_memory()
    }
}

impl Ledger {
    fn new(stores: Option<StoreByName>) -> Self {
        let prices = PriceList::builtin().clone();
        Self(Arc::new(LedgerState {
            prices,
            budget: Budget::default(),
            stores,
            on_failure: None,
            state: Arc::default(),
        }))
    }

    /// Creates a ledger in memory, which covers this run of the program only.
    pub fn in_memory() -> Self {
        Self::new(None)
    }

    /// Creates a ledger in the files of a folder: one per month, and one per kind of resource. All programs on this
    /// machine that use the folder share the ledger.
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        let folder = folder.into();
        Self::with_store(move |name| Arc::new(FileStore::log(folder.join(file_name(name)))))
    }

    /// Creates a ledger in custom stores. The function returns the store with a name: a month, such as `2026-11`, or a
    /// kind of resources, such as `billed-posts-read`.
    pub fn with_store(store: impl Fn(&str) -> Arc<dyn Store> + Send + Sync + 'static) -> Self {
        Self::new(Some(Arc::new(store)))
    }

    /// Creates the user's ledger: the folder `spend` in the configuration directory.
    ///
    /// The configuration directory is `CHIRRUP_CONFIG_DIR`, or `chirrup` in the platform's configuration directory.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](chirrup_api::ErrorKind::Configuration) if there is no configuration directory.
    pub fn in_config_dir() -> Result<Self, Error> {
        Ok(Self::in_folder(crate::config_dir::config_dir()?.join("spend")))
    }

    /// Returns the same ledger with a budget. Both share their records. The default is no budget.
    #[must_use]
    pub fn with_budget(self, budget: Budget) -> Self {
        Self(Arc::new(LedgerState { budget, ..(*self.0).clone() }))
    }

    /// Returns a new ledger in the same stores, with this price list. The default is [`PriceList::builtin`].
    #[must_use]
    pub fn with_prices(self, prices: PriceList) -> Self {
        Self(Arc::new(LedgerState { prices, state: Arc::default(), ..(*self.0).clone() }))
    }

    /// Returns the same ledger with a callback for the first cost that cannot be recorded. Without a budget, calls are
    /// sent nevertheless. The default is to log a warning.
    #[must_use]
    pub fn on_failure(self, callback: impl Fn(&Error) + Send + Sync + 'static) -> Self {
        Self(Arc::new(LedgerState { on_failure: Some(Arc::new(callback)), ..(*self.0).clone() }))
    }

    /// Returns the price list.
    pub fn prices(&self) -> &PriceList {
        &self.0.prices
    }

    /// Returns the amounts spent, as far as this process knows: spending of other programs since its last call is not
    /// included. Reserved amounts of calls in flight are not included either.
    pub fn spent(&self, now: Timestamp) -> Spending {
        let state = self.lock();
        let (day, month) = (state.book.day_total(now), state.book.month_total(now));
        Spending { run: state.run, day: day.spent, month: month.spent }
    }

    /// Returns the amount that the budget leaves for further calls, as far as this process knows. `None` without a budget.
    pub fn left(&self, now: Timestamp) -> Option<Cost> {
        let state = self.lock();
        self.0.budget.is_set().then(|| self.0.budget.left(state.run + state.run_reserved, &state.book, now))
    }

    /// Returns the spending of the month of `now`, by day and endpoint. Includes spending of other programs, and calls
    /// that have not reported their cost, with their maximum cost.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`](chirrup_api::ErrorKind::Storage) if the store cannot be read.
    pub async fn report(&self, now: Timestamp) -> Result<Vec<EndpointSpending>, Error> {
        if let Some(stores) = &self.0.stores {
            let mut book = MonthBook::default();
            book.advance_to(now);
            book.read_all(&stores(&Month::of(now).to_string()).read()?.unwrap_or_default())?;
            return Ok(book.report());
        }
        Ok(self.lock().book.report())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `work` on the state while the store of the month is locked, after reading what other programs recorded.
    async fn with_state<T>(
        &self,
        now: Timestamp,
        work: impl FnOnce(&mut State, Option<&mut dyn LockedStore>) -> Result<T, Error> + Send,
    ) -> Result<T, Error> {
        let Some(stores) = &self.0.stores else {
            let mut state = self.lock();
            state.book.advance_to(now);
            return work(&mut state, None);
        };
        let store = stores(&Month::of(now).to_string());
        if self.lock().book.is_unread(now) {
            // Most is read before the lock, so that it does not take long. Failures occur again below.
            let log = store.read().ok().flatten().unwrap_or_default();
            let _ = self.lock().book.read_unlocked(&log, now);
        }
        let mut locked = lock_async(&*store).await?;
        let mut state = self.lock();
        state.book.advance_to(now);
        state.book.read_new(&mut *locked)?;
        work(&mut state, Some(&mut *locked))
    }

    /// Reserves the maximum cost of a call in the shared book. Fails if the budget does not cover it, or if there is a
    /// budget and the book cannot be written.
    pub(crate) async fn reserve(
        &self,
        request: &Request,
        now: Timestamp,
    ) -> Result<Option<Reservation>, TransportError> {
        let Some(endpoint) = request.endpoint().filter(|endpoint| endpoint.charge().is_some()) else {
            return Ok(None);
        };
        let amount = self.0.prices.max_cost(endpoint, &request.cost_inputs);
        let mut entry = Entry::new(endpoint.id, now);
        entry.cost = amount;
        let reserved = self.with_state(now, |state, locked| {
            let run = state.run + state.run_reserved;
            if let Some(violation) = self.0.budget.violation("the call", amount, run, &state.book, now) {
                return Ok(Err(violation));
            }
            let number = state.book.reserve(locked, entry, now)?;
            state.run_reserved += amount;
            Ok(Ok(number))
        });
        match reserved.await {
            Ok(Ok(number)) => Ok(Some(self.reservation(endpoint, amount, now, Some(number)))),
            Ok(Err(violation)) => Err(TransportError::new(TransportErrorKind::Budget, violation)),
            Err(error) if self.0.budget.is_set() => Err(storage_failure(error)),
            Err(error) => {
                self.report_failure(&error);
                self.lock().run_reserved += amount;
                Ok(Some(self.reservation(endpoint, amount, now, None)))
            }
        }
    }

    /// Returns a reservation that ends in the book if its call is canceled.
    fn reservation(
        &self,
        endpoint: &'static Endpoint,
        amount: Cost,
        now: Timestamp,
        number: Option<u64>,
    ) -> Reservation {
        let ledger = self.clone();
        let on_cancel = move |was_sent: bool| {
            ledger.end_in_run(amount);
            if was_sent {
                // The server may have performed the call.
                ledger.lock().run += amount;
            } else if let Some(number) = number {
                ledger.release_now(endpoint, number, now);
            }
        };
        Reservation::new(amount, now, number, Box::new(on_cancel))
    }

    /// Ends a reservation of this run.
    fn end_in_run(&self, amount: Cost) {
        let mut state = self.lock();
        state.run_reserved = state.run_reserved.saturating_sub(amount);
    }

    /// Ends the reservation of a call that was not sent. If the store is locked for a long time, the reservation remains.
    fn release_now(&self, endpoint: &Endpoint, number: u64, now: Timestamp) {
        let Some(stores) = &self.0.stores else {
            let mut entry = Entry::new(endpoint.id, now);
            entry.ends = Some(number);
            // A book in memory cannot fail.
            let _ = self.lock().book.append(None, entry, now);
            return;
        };
        let store = stores(&Month::of(now).to_string());
        for _ in 0..RELEASE_ATTEMPTS {
            let released = match store.try_lock() {
                Ok(Some(mut locked)) => release(&mut *locked, endpoint.id, number, now),
                Ok(None) => {
                    std::thread::sleep(RELEASE_PAUSE);
                    continue;
                }
                Err(error) => Err(error),
            };
            return released.unwrap_or_else(|error| self.report_failure(&error));
        }
    }

    /// Records the cost of a completed call, and ends its reservation. A call whose outcome is unknown counts as done.
    /// If that fails, the reservation remains and counts as spent.
    pub(crate) async fn settle(
        &self,
        reservation: Option<Reservation>,
        request: &Request,
        result: &mut Result<RawResponse, TransportError>,
        now: Timestamp,
    ) {
        let Some(mut reservation) = reservation else { return };
        let Some(endpoint) = request.endpoint() else { return };
        let Some(charge) = endpoint.charge() else { return };
        let mut entry = Entry::new(endpoint.id, now);
        let mut items = Vec::new();
        let done = matches!(result, Ok(response) if response.status.is_success());
        match (charge, &result) {
            (Charge::PerRequest(what), _) => {
                // Each attempt with an unknown outcome may have been performed, and charged.
                let performed = u64::from(done || is_in_doubt(request, result)) + reservation.lost_attempts();
                let price = self.0.prices.request_price(what, request.cost_inputs.has_link);
                entry.cost = price.saturating_mul(performed);
            }
            (Charge::PerResource(what), Ok(response)) if done => {
                let ids = match endpoint.streaming {
                    true => Some(ItemIds::in_lines(response.body.split(|byte| *byte == b'\n'))),
                    false => ItemIds::in_body(&response.body),
                };
                match ids {
                    Some(ids) => items = self.billed_items(endpoint, what, request, ids),
                    // The server has answered with something, which it may charge.
                    None => entry.cost = reservation.amount(),
                }
            }
            (Charge::PerResource(_), Err(error)) if error.may_have_arrived => entry.cost = reservation.amount(),
            _ => {}
        }
        let (number, is_same_month) = (reservation.number(), reservation.month() == Month::of(now));
        entry.ends = number.filter(|_| is_same_month);
        let reserved = reservation.amount();
        reservation.settle();
        let (cost, recorded) = self.record(entry, items, reserved, now, |_, _, _| Ok(())).await;
        tracing::debug!(endpoint = endpoint.id, %cost, "spent");
        recorded.unwrap_or_else(|error| self.report_failure(&error));
        if let Some(number) = number.filter(|_| !is_same_month) {
            let released = self.release_in(reservation.month(), endpoint.id, number, now).await;
            released.unwrap_or_else(|error| self.report_failure(&error));
        }
        match result {
            Ok(response) => response.send_info.cost = cost,
            Err(error) => error.send_info.cost = cost,
        }
    }

    /// Records an entry, with those items that were not billed today already, and returns its cost. Ends what this run has
    /// reserved for it. `then` runs while the store is still locked; its last argument is the cost.
    async fn record<T>(
        &self,
        mut entry: Entry,
        items: Vec<BilledItems>,
        reserved: Cost,
        now: Timestamp,
        then: impl FnOnce(&mut State, Option<&mut dyn LockedStore>, Cost) -> Result<T, Error> + Send,
    ) -> (Cost, Result<T, Error>) {
        let day = day_of(now);
        let fixed = entry.cost;
        // Counted with all items if the ledger cannot be used.
        let mut cost = items.iter().fold(fixed, |cost, (_, price, ids)| cost + price.saturating_mul(ids.len() as u64));
        let open = self.0.stores.as_ref().map(|stores| &**stores as &(dyn Fn(&str) -> Arc<dyn Store> + Send + Sync));
        let search = |(kind, _, ids): &BilledItems| {
            let needs_search = self.lock().billed.needs_search(kind);
            open.filter(|_| needs_search).and_then(|open| Search::new(open, kind, ids))
        };
        let mut searched: Vec<Option<Search>> = items.iter().map(search).collect();
        let mut counted = false;
        let recorded = self.with_state(now, |state, mut locked| {
            let open = open.map(|open| open as &dyn Fn(&str) -> Arc<dyn Store>);
            cost = fixed;
            let mut done: Vec<(&'static str, Vec<u64>)> = Vec::new();
            for ((kind, price, ids), searched) in items.into_iter().zip(searched.drain(..)) {
                let mut new = state.billed.find_new(open, day, kind, &ids, searched).unwrap_or(ids);
                new.retain(|id| !done.iter().any(|(earlier, ids)| *earlier == kind && ids.contains(id)));
                cost += price.saturating_mul(new.len() as u64);
                entry.resources += new.len() as u64;
                done.push((kind, new));
            }
            entry.cost = cost;
            // In one step, so that a concurrent call cannot use the amount in between.
            state.run += cost;
            state.run_reserved = state.run_reserved.saturating_sub(reserved);
            counted = true;
            if !entry.is_empty() || entry.ends.is_some() {
                state.book.append(locked.as_mut().map(|locked| &mut **locked as _), entry, now)?;
            }
            // After the cost, since resources that are billed twice are better than resources that are not billed.
            done.iter().try_for_each(|(kind, new)| state.billed.add(open, day, kind, new))?;
            then(state, locked, cost)
        });
        let recorded = recorded.await;
        if !counted {
            self.end_in_run(reserved);
            self.lock().run += cost;
        }
        (cost, recorded)
    }

    /// Ends a reservation in the book of another month, without a cost.
    async fn release_in(&self, month: Month, endpoint: &str, number: u64, now: Timestamp) -> Result<(), Error> {
        let Some(stores) = &self.0.stores else { return Ok(()) };
        let mut locked = lock_async(&*stores(&month.to_string())).await?;
        release(&mut *locked, endpoint, number, now)
    }

    /// Reports the first failure of a store.
    fn report_failure(&self, error: &Error) {
        if std::mem::replace(&mut self.lock().failure_reported, true) {
            return;
        }
        match &self.0.on_failure {
            Some(callback) => callback(error),
            None => tracing::warn!(error = %error.message(), "costs cannot be recorded in the ledger"),
        }
    }

    /// Returns the billable items with these IDs.
    fn billed_items(
        &self,
        endpoint: &Endpoint,
        kind: &'static str,
        request: &Request,
        ids: ItemIds,
    ) -> Vec<BilledItems> {
        let price = self.0.prices.resource_price(endpoint, kind, request.cost_inputs.owned_read);
        let [users, posts] = INCLUDED_RESOURCES.map(|(_, kind)| (kind, self.0.prices.price(kind)));
        let mut all: Vec<BilledItems> = Vec::new();
        for ((kind, price), ids) in [((kind, price), ids.data), (users, ids.users), (posts, ids.posts)] {
            match all.iter_mut().find(|(known, known_price, _)| (*known, *known_price) == (kind, price)) {
                Some((_, _, known)) => known.extend(ids),
                None if ids.is_empty() => {}
                None => all.push((kind, price, ids)),
            }
        }
        all
    }
}

/// Returns the file name of a store of a folder.
fn file_name(store: &str) -> String {
    if store.starts_with(|c: char| c.is_ascii_digit()) { format!("spend-{store}.jsonl") } else { store.to_owned() }
}

fn is_in_doubt(request: &Request, result: &Result<RawResponse, TransportError>) -> bool {
    match result {
        Ok(response) => request.idempotency() == Idempotency::NonIdempotent && response.status.is_server_error(),
        Err(error) => error.may_have_arrived,
    }
}

fn storage_failure(error: Error) -> TransportError {
    TransportError::new(TransportErrorKind::Storage, format!("could not update the ledger: {error}")).because(error)
}
