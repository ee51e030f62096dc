//! State that requests read and change.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chirrup_auth::Secret;
use chirrup_model::{Dialect, Timestamp};
use tokio::sync::mpsc;

use crate::access::app_keys::AppKeys;
use crate::access::auth::NonceCache;
use crate::access::bearer::BearerTokens;
use crate::access::bill::Bill;
use crate::access::rate_limits::RateLimiter;
use crate::control::clock::TestClock;
use crate::control::faults::FaultRules;
use crate::control::journal::{Journal, JournalEntry};
use crate::random::random_token;
use crate::streams::hub::{Disconnect, Hub};
use crate::streams::webhook_delivery::{QueuedDelivery, delivery_queue};
use crate::world::World;

/// State of the sandbox that requests read and change.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) world: World,
    pub(crate) rate_limiter: RateLimiter,
    pub(crate) tokens: BearerTokens,
    pub(crate) nonces: NonceCache,
    pub(crate) faults: FaultRules,
    pub(crate) journal: Journal,
    pub(crate) bill: Bill,
    pub(crate) hub: Hub,
}

impl State {
    /// Creates the state of a world to which no request was sent. The hub queues events for webhooks with `deliveries`.
    pub(crate) fn new(
        world: World,
        clock: &TestClock,
        journal: Journal,
        deliveries: mpsc::Sender<QueuedDelivery>,
    ) -> Self {
        Self {
            world,
            rate_limiter: RateLimiter::default(),
            tokens: BearerTokens::default(),
            nonces: NonceCache::new(clock.clone()),
            faults: FaultRules::default(),
            journal,
            bill: Bill::default(),
            hub: Hub::new(deliveries),
        }
    }
}

/// State and settings that the server shares with the [`Sandbox`] handle.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) state: Mutex<State>,
    /// Connections for requests that only read, while no request uses them.
    pub(crate) readers: Mutex<Vec<World>>,
    /// Number of times that the world was replaced by another one.
    pub(crate) replaced: AtomicU64,
    pub(crate) clock: TestClock,
    /// Saved contents of the world, by name.
    pub(crate) snapshots: Mutex<BTreeMap<String, Snapshot>>,
    /// Latest requests to routes that the API does not have, if the sandbox is strict.
    pub(crate) unknown_requests: Option<Mutex<VecDeque<String>>>,
    /// Function that is called with each entry of the journal.
    pub(crate) on_request: Option<fn(&JournalEntry)>,
    pub(crate) keys: AppKeys,
    pub(crate) rate_limited: bool,
    /// Whether a new OAuth 2.0 grant of a user to an app revokes the earlier one.
    pub(crate) single_grant: bool,
    /// Dialect of the responses to requests that use the names of neither.
    pub(crate) dialect: Dialect,
    /// Secret from which the tokens of the consent forms are derived.
    pub(crate) form_secret: Secret,
}

/// Settings that all worlds of a server have in common.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) rate_limited: bool,
    pub(crate) single_grant: bool,
    pub(crate) dialect: Dialect,
    pub(crate) journal_capacity: usize,
    pub(crate) strict: bool,
    pub(crate) on_request: Option<fn(&JournalEntry)>,
}

/// Saved state of a world: content, time, rate limits and charges.
#[derive(Debug)]
pub(crate) struct Snapshot {
    pub(crate) world: World,
    pub(crate) at: Timestamp,
    is_frozen: bool,
    rate_limiter: RateLimiter,
    bill: Bill,
}

impl Snapshot {
    /// Returns a copy that shares its content until it changes.
    pub(crate) fn copy(&self) -> rusqlite::Result<Self> {
        let (rate_limiter, bill) = (self.rate_limiter.clone(), self.bill.clone());
        Ok(Self { world: self.world.copy()?, at: self.at, is_frozen: self.is_frozen, rate_limiter, bill })
    }
}

impl Shared {
    /// Creates the state of a world that has the keys, and the channel with its requests to webhooks.
    pub(crate) fn new(world: World, keys: AppKeys, settings: &Settings) -> (Self, mpsc::Receiver<QueuedDelivery>) {
        let (sender, deliveries) = delivery_queue();
        let clock = TestClock::default();
        let state = State::new(world, &clock, Journal::new(settings.journal_capacity), sender);
        let shared = Self {
            state: Mutex::new(state),
            readers: Mutex::default(),
            replaced: AtomicU64::new(0),
            clock,
            snapshots: Mutex::default(),
            unknown_requests: settings.strict.then(Mutex::default),
            on_request: settings.on_request,
            keys,
            rate_limited: settings.rate_limited,
            single_grant: settings.single_grant,
            dialect: settings.dialect,
            form_secret: random_token(32).into(),
        };
        (shared, deliveries)
    }

    /// Calls `read` with a world that other requests do not use.
    pub(crate) fn with_reader<T>(&self, read: impl FnOnce(&mut World) -> T) -> rusqlite::Result<T> {
        let readers = || self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        let replaced = self.replaced.load(Ordering::Acquire);
        let idle = readers().pop();
        let mut reader = match idle {
            Some(reader) => reader,
            None => self.lock().world.reader()?,
        };
        let result = read(&mut reader);
        let mut readers = readers();
        // A reader of the earlier world is not used again.
        if self.replaced.load(Ordering::Acquire) == replaced {
            readers.push(reader);
        }
        Ok(result)
    }

    /// Replaces the world by another one, to which no request was sent: without faults, charges and journal, with all rate
    /// limits unused and all streams closed. The keys of the app and the tokens that were derived from them
    /// stay valid.
    pub(crate) fn replace_world(&self, world: World) -> rusqlite::Result<()> {
        let state = &mut *self.lock();
        self.keys.write_with_tokens(&world, &state.world)?;
        state.hub.disconnect(Disconnect::End, self.clock.now());
        let deliveries = state.hub.delivery_queue();
        let mut journal = std::mem::replace(&mut state.journal, Journal::new(0));
        journal.clear();
        *state = State::new(world, &self.clock, journal, deliveries);
        self.clock.reset();
        self.discard_readers();
        Ok(())
    }

    /// Saves content, time, rate limits and charges.
    pub(crate) fn snapshot(&self) -> rusqlite::Result<Snapshot> {
        let state = self.lock();
        let (rate_limiter, bill) = (state.rate_limiter.clone(), state.bill.clone());
        let (at, is_frozen) = (self.clock.now(), self.clock.is_frozen());
        Ok(Snapshot { world: state.world.copy()?, at, is_frozen, rate_limiter, bill })
    }

    /// Puts content, time, rate limits and charges back to those of a snapshot. Streams stay open.
    pub(crate) fn restore(&self, snapshot: Snapshot) -> rusqlite::Result<()> {
        self.replace_content(snapshot.world)?;
        let state = &mut *self.lock();
        (state.rate_limiter, state.bill) = (snapshot.rate_limiter, snapshot.bill);
        self.clock.set(snapshot.at);
        if snapshot.is_frozen {
            self.clock.freeze()
        } else {
            self.clock.resume()
        }
        Ok(())
    }

    /// Replaces the content of the world. The keys of the app and the tokens that were derived from them stay valid.
    pub(crate) fn replace_content(&self, content: World) -> rusqlite::Result<()> {
        let state = &mut *self.lock();
        self.keys.write_with_tokens(&content, &state.world)?;
        state.world = content;
        state.tokens = BearerTokens::default();
        state.hub.forget_rules();
        self.discard_readers();
        Ok(())
    }

    /// Discards the connections to an earlier content of the world.
    fn discard_readers(&self) {
        self.replaced.fetch_add(1, Ordering::Release);
        self.readers.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Ends all live streams.
    pub(crate) fn close_streams(&self) {
        let now = self.clock.now();
        self.lock().hub.disconnect(Disconnect::End, now);
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
