//! What calls have cost, and a budget that is kept.

mod billed_items;
mod month_book;

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chirrup_api::prices::INCLUDED_RESOURCES;
use chirrup_api::{
    Charge, Cost, Endpoint, Error, Idempotency, PriceList, RawResponse, Request, TransportError, TransportErrorKind,
    charge_for,
};
use chirrup_model::Timestamp;

use crate::store::{FileStore, Store, open_soon};

pub use month_book::EndpointSpending;
use month_book::{Book, Entry, month_of};

/// How much may be spent. What is not given has no bound.
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
    /// In this run of the program, by this ledger.
    pub fn per_run(mut self, cost: Cost) -> Self {
        self.run = Some(cost);
        self
    }
    /// On a UTC day.
    pub fn per_day(mut self, cost: Cost) -> Self {
        self.day = Some(cost);
        self
    }
    /// In a month of UTC.
    pub fn per_month(mut self, cost: Cost) -> Self {
        self.month = Some(cost);
        self
    }
}

impl Budget {
    /// Why this much more cannot be spent, if it cannot.
    fn refuses(&self, most: Cost, state: &State, now: Timestamp) -> Option<String> {
        let (day, month) = state.book.totals(now);
        let bounds = [("this run", self.run, state.run), ("today", self.day, day), ("this month", self.month, month)];
        for (span, bound, spent) in bounds {
            let Some(bound) = bound else { continue };
            let left = bound.saturating_sub(spent + state.reserved);
            if most > left {
                return Some(format!("it costs up to {most}, and of the {bound} for {span} {left} are left"));
            }
        }
        None
    }
}

/// How much was spent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Spending {
    /// In this run of the program, by this ledger.
    pub run: Cost,
    /// Today, in UTC, by all programs that share the ledger.
    pub day: Cost,
    /// This month, in UTC, by all programs that share the ledger.
    pub month: Cost,
}

/// A thing that was read: what it is, its price, its id.
type Found = (&'static str, Cost, String);

/// Finds the store of a month, such as `2026-11`.
type Shelf = Arc<dyn Fn(&str) -> Arc<dyn Store> + Send + Sync>;

/// Counts what calls cost, by the price list. A thing that is read several times in a UTC day is paid for once.
///
/// A call that could pass the budget is refused before it is sent: what it costs at most must be left, beside what the
/// calls under way cost at most. Clones are the same ledger.
#[derive(Clone)]
pub struct Ledger(Arc<Inner>);

struct Inner {
    prices: PriceList,
    budget: Budget,
    shelf: Option<Shelf>,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    book: Book,
    run: Cost,
    reserved: Cost,
    /// A cost could not be written down: nothing is sent until the store works again.
    trouble: bool,
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

/// Money set aside for a call under way.
#[derive(Debug)]
pub(crate) struct Reserved {
    ledger: Ledger,
    most: Cost,
}

impl Drop for Reserved {
    fn drop(&mut self) {
        let mut state = self.ledger.lock();
        state.reserved = state.reserved.saturating_sub(self.most);
    }
}

impl Ledger {
    fn new(shelf: Option<Shelf>) -> Self {
        let prices = PriceList::builtin().clone();
        Self(Arc::new(Inner { prices, budget: Budget::default(), shelf, state: Arc::default() }))
    }

    /// A ledger for this run of the program alone.
    pub fn in_memory() -> Self {
        Self::new(None)
    }

    /// A ledger in files of this folder, one for each month, which all programs on this machine share.
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        let folder = folder.into();
        Self::with_store(move |month| Arc::new(FileStore::volatile(folder.join(format!("spend-{month}.jsonl")))))
    }

    /// A ledger in other stores, one for each month, such as `2026-11`.
    pub fn with_store(store: impl Fn(&str) -> Arc<dyn Store> + Send + Sync + 'static) -> Self {
        Self::new(Some(Arc::new(store)))
    }

    /// The user's own, in [`config_dir`](crate::config_dir).
    ///
    /// # Errors
    /// If the system names no such folder.
    pub fn in_config_dir() -> Result<Self, Error> {
        Ok(Self::in_folder(crate::config_dir()?.join("spend")))
    }

    /// Returns the same ledger with a budget: what was spent is shared with this one.
    #[must_use]
    pub fn with_budget(self, budget: Budget) -> Self {
        let (prices, shelf, state) = (self.0.prices.clone(), self.0.shelf.clone(), Arc::clone(&self.0.state));
        Self(Arc::new(Inner { prices, budget, shelf, state }))
    }

    /// Another one of the same kind, empty, with this price list.
    #[must_use]
    pub fn with_prices(self, prices: PriceList) -> Self {
        let (budget, shelf) = (self.0.budget, self.0.shelf.clone());
        Self(Arc::new(Inner { prices, budget, shelf, state: Arc::default() }))
    }

    /// The price list.
    pub fn prices(&self) -> &PriceList {
        &self.0.prices
    }

    /// How much was spent, as far as this program knows: what others spent since its last call is not in it.
    pub fn spent(&self, now: Timestamp) -> Spending {
        let state = self.lock();
        let (day, month) = state.book.totals(now);
        Spending { run: state.run, day, month }
    }

    /// What was spent on what in the month of this moment, by day and endpoint. Reads what other programs wrote.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub async fn report(&self, now: Timestamp) -> Result<Vec<EndpointSpending>, Error> {
        if let Some(shelf) = &self.0.shelf {
            let store = shelf(&month_of(now));
            let value = store.read()?.unwrap_or_default();
            let mut book = Book::default();
            book.turn(now);
            book.take_over(&value, now);
            return Ok(book.lines());
        }
        Ok(self.lock().book.lines())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Works on the book: our own, or that of all programs, which then is ours, too. What the work gives is written down.
    async fn with(&self, now: Timestamp, work: impl FnOnce(&mut State) -> Option<Entry> + Send) -> Result<(), Error> {
        let Some(shelf) = &self.0.shelf else {
            let mut state = self.lock();
            state.book.turn(now);
            if let Some(entry) = work(&mut state) {
                state.book.add(&entry, now);
            }
            return Ok(());
        };
        let store = shelf(&month_of(now));
        let mut opened = open_soon(&*store).await?;
        let mut state = self.lock();
        state.book.turn(now);
        let news = opened.read_from(state.book.offset())?;
        state.book.take_over(&news, now);
        if let Some(entry) = work(&mut state) {
            let line = state.book.line_of(&entry);
            opened.append(&line)?;
            state.book.take_over(&line, now);
        }
        Ok(())
    }

    /// Sets aside what a call costs at most; an error if that is not left.
    pub(crate) async fn reserve(&self, request: &Request, now: Timestamp) -> Result<Option<Reserved>, TransportError> {
        let Some(meta) = request.endpoint.filter(|meta| charge_for(meta).is_some()) else { return Ok(None) };
        if self.lock().trouble {
            self.with(now, |_| None).await.map_err(unwritten)?;
            self.lock().trouble = false;
        }
        if self.0.budget == Budget::default() {
            return Ok(None);
        }
        let most = self.0.prices.max_cost(meta, &request.cost_inputs);
        let mut refused = None;
        self.with(now, |state| {
            refused = self.0.budget.refuses(most, state, now);
            if refused.is_some() {
                return None;
            }
            state.reserved += most;
            None
        })
        .await
        .map_err(unwritten)?;
        match refused {
            Some(message) => Err(TransportError::new(TransportErrorKind::Budget, message)),
            None => Ok(Some(Reserved { ledger: self.clone(), most })),
        }
    }

    /// Writes down what a call has cost. One whose outcome is not known is taken for done. A store that fails does not
    /// make a call fail that is over: the next one is not sent then.
    pub(crate) async fn settle(
        &self,
        request: &Request,
        result: &mut Result<RawResponse, TransportError>,
        now: Timestamp,
    ) {
        let Some((meta, charge)) = request.endpoint.and_then(|meta| Some((meta, charge_for(meta)?))) else { return };
        let doubtful = request.idempotency() == Idempotency::NonIdempotent && in_doubt(result);
        let done = matches!(result, Ok(answer) if answer.status.is_success());
        let mut entry = Entry::new(meta.id, now);
        let mut found = Vec::new();
        match (charge, &result) {
            (Charge::PerRequest(what), _) if done || doubtful => {
                entry.cost = self.0.prices.request_price(what, request.cost_inputs.has_link)
            }
            (Charge::PerResource(what), Ok(answer)) if done => found = self.things(meta, what, request, &answer.body),
            _ => return,
        }
        let cost = self.enter(entry, found, now).await;
        match result {
            Ok(answer) => answer.send_info.cost = cost,
            Err(failure) => failure.send_info.cost = cost,
        }
    }

    /// Writes an entry down, with those of the things found that were not paid for today, and gives what it costs.
    async fn enter(&self, mut entry: Entry, found: Vec<Found>, now: Timestamp) -> Cost {
        let mut cost = Cost::ZERO;
        let written = self.with(now, |state| {
            for (what, unit, id) in found {
                if state.book.is_new(what, &id) && entry.add(what, id) {
                    entry.cost += unit;
                }
            }
            cost = entry.cost;
            state.run += cost;
            (!entry.is_empty()).then_some(entry)
        });
        if written.await.is_err() {
            self.lock().trouble = true;
        }
        cost
    }

    /// Whether what a stream delivers is counted. Streams in partitions are sold by contract, and not by the post: they
    /// are counted only where there is a budget to keep.
    pub(crate) fn counts(&self, meta: &Endpoint) -> bool {
        let has_budget = self.0.budget != Budget::default();
        matches!(charge_for(meta), Some(Charge::PerResource(_))) && (has_budget || meta.param("partition").is_none())
    }

    /// Whether anything is left of the budget.
    pub(crate) fn has_left(&self, now: Timestamp) -> Result<(), TransportError> {
        let state = self.lock();
        match self.0.budget.refuses(Cost::from_micros(1), &state, now) {
            None => Ok(()),
            Some(_) => Err(TransportError::new(TransportErrorKind::Budget, "the budget is used up")),
        }
    }

    /// Writes down what lines of a stream have cost; an error if nothing is left of the budget after them.
    pub(crate) async fn settle_lines(
        &self,
        request: &Request,
        lines: &[u8],
        now: Timestamp,
    ) -> Result<(), TransportError> {
        let Some(meta) = request.endpoint else { return Ok(()) };
        let Some(Charge::PerResource(what)) = charge_for(meta) else { return Ok(()) };
        let found = self.things(meta, what, request, lines);
        self.enter(Entry::new(meta.id, now), found, now).await;
        self.has_left(now)
    }

    /// All that an answer brings, with its prices.
    fn things(&self, meta: &Endpoint, what: &'static str, request: &Request, body: &[u8]) -> Vec<Found> {
        let unit = self.0.prices.resource_price(meta, what, request.cost_inputs.owned_read);
        let found = billed_items::in_body(body, meta.streaming);
        let [users, posts] = INCLUDED_RESOURCES.map(|(_, what)| (what, self.0.prices.price(what)));
        let data = found.data.into_iter().map(|id| (what, unit, id));
        let users = found.users.into_iter().map(|id| (users.0, users.1, id));
        data.chain(users).chain(found.posts.into_iter().map(|id| (posts.0, posts.1, id))).collect()
    }
}

fn in_doubt(result: &Result<RawResponse, TransportError>) -> bool {
    match result {
        Ok(answer) => answer.status.is_server_error(),
        Err(failure) => failure.may_have_arrived,
    }
}

fn unwritten(error: Error) -> TransportError {
    TransportError::new(TransportErrorKind::Configuration, format!("the ledger cannot be kept: {error}")).because(error)
}
