//! The ledger of what calls cost, and the budget that it enforces.

mod billed_items;
mod month_book;

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chirrup_api::prices::INCLUDED_RESOURCES;
use chirrup_api::{
    Charge, Cost, Endpoint, Error, Idempotency, PriceList, RawResponse, Request, TransportError, TransportErrorKind,
};
use chirrup_model::Timestamp;
use chirrup_store::{FileStore, Store, lock_async};

pub use month_book::EndpointSpending;
use month_book::{Entry, MonthBook, month_of};

/// Limits on spending per run, per UTC day and per UTC month. A limit that is not set does not apply.
///
/// ```
/// use chirrup_http::Budget;
/// let budget = Budget::default().per_day("2.50".parse()?).per_month("20".parse()?);
/// # Ok::<(), chirrup_api::InvalidCost>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[must_use]
pub struct Budget {
    run: Option<Cost>,
    day: Option<Cost>,
    month: Option<Cost>,
}

impl Budget {
    /// Limits the spending of this run of the program, through one ledger. The default is no limit.
    pub fn per_run(mut self, limit: Cost) -> Self {
        self.run = Some(limit);
        self
    }
    /// Limits the spending of a UTC day, by all programs that share the ledger. The default is no limit.
    pub fn per_day(mut self, limit: Cost) -> Self {
        self.day = Some(limit);
        self
    }
    /// Limits the spending of a UTC month, by all programs that share the ledger. The default is no limit.
    pub fn per_month(mut self, limit: Cost) -> Self {
        self.month = Some(limit);
        self
    }

    /// Returns why this much more would exceed the budget, or `None` if it would not.
    fn violation(&self, max_cost: Cost, state: &State, now: Timestamp) -> Option<String> {
        let (day, month) = state.book.totals(now);
        let limits = [("this run", self.run, state.run), ("today", self.day, day), ("this month", self.month, month)];
        limits.into_iter().find_map(|(span, limit, spent)| {
            let limit = limit?;
            let left = limit.saturating_sub(spent + state.reserved);
            (max_cost > left).then(|| {
                format!("budget exceeded: the call costs up to {max_cost}, and {left} of {limit} are left for {span}")
            })
        })
    }
}

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

/// A billable item of a response: its kind, its price and its ID.
type BilledItem = (&'static str, Cost, String);

/// Returns the store of a month, such as `2026-11`.
type StoreByMonth = Arc<dyn Fn(&str) -> Arc<dyn Store> + Send + Sync>;

/// A ledger of what calls cost, computed with X's price list, which enforces a [`Budget`].
///
/// X bills a post or user that is read several times within a UTC day once, and so does the ledger. Before a call is
/// sent, the ledger reserves its maximum cost; a call that could exceed the budget fails with
/// [`ErrorKind::Budget`](chirrup_api::ErrorKind::Budget), and nothing is sent. After the call, the ledger records the
/// actual cost. Clones share one ledger.
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

struct LedgerState {
    prices: PriceList,
    budget: Budget,
    stores: Option<StoreByMonth>,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    book: MonthBook,
    run: Cost,
    reserved: Cost,
    /// Whether the last cost could not be recorded. Nothing is sent until the store works again.
    failed: bool,
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

/// Part of the budget that is reserved for a call in flight. Dropping it releases the amount.
#[derive(Debug)]
pub(crate) struct Reservation {
    ledger: Ledger,
    amount: Cost,
}

impl Drop for Reservation {
    fn drop(&mut self) {
        let mut state = self.ledger.lock();
        state.reserved = state.reserved.saturating_sub(self.amount);
    }
}

impl Ledger {
    fn new(stores: Option<StoreByMonth>) -> Self {
        let prices = PriceList::builtin().clone();
        Self(Arc::new(LedgerState { prices, budget: Budget::default(), stores, state: Arc::default() }))
    }

    /// Creates a ledger in memory, which covers this run of the program only.
    pub fn in_memory() -> Self {
        Self::new(None)
    }

    /// Creates a ledger in the files of a folder, one per month. All programs on this machine that use the folder share
    /// the ledger.
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        let folder = folder.into();
        Self::with_store(move |month| Arc::new(FileStore::volatile(folder.join(format!("spend-{month}.jsonl")))))
    }

    /// Creates a ledger in custom stores. The function returns the store of a month, such as `2026-11`.
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
        let (prices, stores, state) = (self.0.prices.clone(), self.0.stores.clone(), Arc::clone(&self.0.state));
        Self(Arc::new(LedgerState { prices, budget, stores, state }))
    }

    /// Returns a new ledger in the same stores, with this price list. The default is [`PriceList::builtin`].
    #[must_use]
    pub fn with_prices(self, prices: PriceList) -> Self {
        let (budget, stores) = (self.0.budget, self.0.stores.clone());
        Self(Arc::new(LedgerState { prices, budget, stores, state: Arc::default() }))
    }

    /// Returns the price list.
    pub fn prices(&self) -> &PriceList {
        &self.0.prices
    }

    /// Returns the amounts spent, as far as this process knows: spending of other programs since its last call is not
    /// included.
    pub fn spent(&self, now: Timestamp) -> Spending {
        let state = self.lock();
        let (day, month) = state.book.totals(now);
        Spending { run: state.run, day, month }
    }

    /// Returns the spending of the month of `now`, by day and endpoint. Includes spending of other programs.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`](chirrup_api::ErrorKind::Storage) if the store cannot be read.
    pub async fn report(&self, now: Timestamp) -> Result<Vec<EndpointSpending>, Error> {
        if let Some(stores) = &self.0.stores {
            let value = stores(&month_of(now)).read()?.unwrap_or_default();
            let mut book = MonthBook::default();
            book.advance_to(now);
            book.merge(&value, now);
            return Ok(book.report());
        }
        Ok(self.lock().book.report())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `work` on the state, after reading what other programs recorded, and records the entry that it returns.
    async fn with_state(
        &self,
        now: Timestamp,
        work: impl FnOnce(&mut State) -> Option<Entry> + Send,
    ) -> Result<(), Error> {
        let Some(stores) = &self.0.stores else {
            let mut state = self.lock();
            state.book.advance_to(now);
            if let Some(entry) = work(&mut state) {
                state.book.add(&entry, now);
            }
            return Ok(());
        };
        let store = stores(&month_of(now));
        let mut locked = lock_async(&*store).await?;
        let mut state = self.lock();
        state.book.advance_to(now);
        let added = locked.read_from(state.book.offset())?;
        state.book.merge(&added, now);
        if let Some(entry) = work(&mut state) {
            let line = entry.to_line();
            locked.append(&line)?;
            state.book.merge(&line, now);
        }
        Ok(())
    }

    /// Reserves the maximum cost of a call. Fails if the budget does not cover it.
    pub(crate) async fn reserve(
        &self,
        request: &Request,
        now: Timestamp,
    ) -> Result<Option<Reservation>, TransportError> {
        let Some(endpoint) = request.endpoint().filter(|endpoint| endpoint.charge().is_some()) else {
            return Ok(None);
        };
        if self.lock().failed {
            self.with_state(now, |_| None).await.map_err(storage_failure)?;
            self.lock().failed = false;
        }
        if self.0.budget == Budget::default() {
            return Ok(None);
        }
        let max_cost = self.0.prices.max_cost(endpoint, &request.cost_inputs);
        let mut violation = None;
        self.with_state(now, |state| {
            violation = self.0.budget.violation(max_cost, state, now);
            if violation.is_none() {
                state.reserved += max_cost;
            }
            None
        })
        .await
        .map_err(storage_failure)?;
        match violation {
            Some(message) => Err(TransportError::new(TransportErrorKind::Budget, message)),
            None => Ok(Some(Reservation { ledger: self.clone(), amount: max_cost })),
        }
    }

    /// Records the cost of a completed call. A call whose outcome is unknown counts as done. A failing store does not
    /// make a completed call fail, but prevents the next one.
    pub(crate) async fn settle(
        &self,
        request: &Request,
        result: &mut Result<RawResponse, TransportError>,
        now: Timestamp,
    ) {
        let Some(endpoint) = request.endpoint() else { return };
        let Some(charge) = endpoint.charge() else { return };
        let in_doubt = request.idempotency() == Idempotency::NonIdempotent && may_have_taken_effect(result);
        let done = matches!(result, Ok(response) if response.status.is_success());
        let mut entry = Entry::new(endpoint.id, now);
        let mut items = Vec::new();
        match (charge, &result) {
            (Charge::PerRequest(what), _) if done || in_doubt => {
                entry.cost = self.0.prices.request_price(what, request.cost_inputs.has_link);
            }
            (Charge::PerResource(what), Ok(response)) if done => {
                items = self.billed_items(endpoint, what, request, &response.body);
            }
            _ => return,
        }
        let cost = self.record(entry, items, now).await;
        match result {
            Ok(response) => response.send_info.cost = cost,
            Err(error) => error.send_info.cost = cost,
        }
    }

    /// Records an entry, with those items that were not billed today already, and returns its cost.
    async fn record(&self, mut entry: Entry, items: Vec<BilledItem>, now: Timestamp) -> Cost {
        let mut cost = Cost::ZERO;
        let recorded = self.with_state(now, |state| {
            for (kind, price, id) in items {
                if state.book.is_new(kind, &id) && entry.add(kind, id) {
                    entry.cost += price;
                }
            }
            cost = entry.cost;
            state.run += cost;
            (!entry.is_empty()).then_some(entry)
        });
        if recorded.await.is_err() {
            self.lock().failed = true;
        }
        cost
    }

    /// Whether the items that a stream delivers are recorded. Partitioned streams are sold by contract rather than per
    /// post, so they are recorded only under a budget.
    pub(crate) fn counts(&self, endpoint: &Endpoint) -> bool {
        let has_budget = self.0.budget != Budget::default();
        matches!(endpoint.charge(), Some(Charge::PerResource(_)))
            && (has_budget || endpoint.param("partition").is_none())
    }

    /// Fails if nothing is left of the budget.
    pub(crate) fn check_budget(&self, now: Timestamp) -> Result<(), TransportError> {
        match self.0.budget.violation(Cost::from_micros(1), &self.lock(), now) {
            None => Ok(()),
            Some(_) => Err(TransportError::new(TransportErrorKind::Budget, "budget exhausted: nothing is left of it")),
        }
    }

    /// Records the cost of lines of a stream. Fails if nothing is left of the budget after them.
    pub(crate) async fn settle_lines(
        &self,
        request: &Request,
        lines: &[u8],
        now: Timestamp,
    ) -> Result<(), TransportError> {
        let Some(endpoint) = request.endpoint() else { return Ok(()) };
        let Some(Charge::PerResource(what)) = endpoint.charge() else { return Ok(()) };
        let items = self.billed_items(endpoint, what, request, lines);
        self.record(Entry::new(endpoint.id, now), items, now).await;
        self.check_budget(now)
    }

    /// Returns all billable items of a response body.
    fn billed_items(&self, endpoint: &Endpoint, kind: &'static str, request: &Request, body: &[u8]) -> Vec<BilledItem> {
        let price = self.0.prices.resource_price(endpoint, kind, request.cost_inputs.owned_read);
        let ids = billed_items::find_ids(body, endpoint.streaming);
        let [users, posts] = INCLUDED_RESOURCES.map(|(_, kind)| (kind, self.0.prices.price(kind)));
        let data = ids.data.into_iter().map(|id| (kind, price, id));
        let users = ids.users.into_iter().map(|id| (users.0, users.1, id));
        data.chain(users).chain(ids.posts.into_iter().map(|id| (posts.0, posts.1, id))).collect()
    }
}

fn may_have_taken_effect(result: &Result<RawResponse, TransportError>) -> bool {
    match result {
        Ok(response) => response.status.is_server_error(),
        Err(error) => error.may_have_arrived,
    }
}

fn storage_failure(error: Error) -> TransportError {
    TransportError::new(TransportErrorKind::Storage, format!("could not update the ledger: {error}")).because(error)
}
