//! Rate limits: what is left of each window, and lines in which callers wait for the next one.

mod windows;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chirrup_api::{RawResponse, Request, TransportError, TransportErrorKind};
use chirrup_model::Timestamp;

use crate::clock::{Clock, part_of};
use crate::store::{Store, open_soon};

pub use windows::RateLimitStatus;
use windows::{Buckets, Key, Ticket};

/// What to do when a window is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnRateLimit {
    /// Sends all the same, and leaves it to the server to refuse.
    Ignore,
    /// Fails at once, without sending, with the time to wait.
    Fail,
    /// Waits for the next window, for so long at most. Callers of the same window leave in the order in which they came.
    Wait {
        /// The longest wait of one call.
        max_wait: Duration,
    },
}

/// Why a call has not been sent yet.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RateLimitWait {
    /// The name of the endpoint, or method and path of a raw call.
    pub endpoint: String,
    /// How long it will wait.
    pub wait: Duration,
    /// When it will be sent, by the clock of this machine.
    pub until: Timestamp,
}

/// Is told of each wait for a rate limit.
pub(crate) type OnWait = Arc<dyn Fn(&RateLimitWait) + Send + Sync>;

/// In how long a time after the beginning of a window those who waited for it leave.
const SPREAD: Duration = Duration::from_secs(5);
/// After how long in line a caller is one of those who waited.
const WAITED: Duration = Duration::from_millis(500);

/// All windows that are known, and the lines before them.
pub(crate) struct Limiter {
    policy: OnRateLimit,
    on_wait: Option<OnWait>,
    clock: Arc<dyn Clock>,
    buckets: Mutex<Buckets>,
    /// Whoever changes the buckets of all programs holds this.
    store: Option<Arc<dyn Store>>,
    lines: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
}

impl fmt::Debug for Limiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limiter").field("policy", &self.policy).finish_non_exhaustive()
    }
}

/// A place in the windows of a call, until its answer is there.
#[derive(Debug)]
pub(crate) struct Permit {
    ticket: Ticket,
    limiter: Arc<Limiter>,
    open: bool,
}

impl Drop for Permit {
    fn drop(&mut self) {
        if self.open {
            // Nobody saw an answer: the call may have counted, and it is no longer under way.
            self.limiter.lock().leave(&self.ticket);
        }
    }
}

impl Limiter {
    pub(crate) fn new(
        policy: OnRateLimit,
        on_wait: Option<OnWait>,
        clock: Arc<dyn Clock>,
        store: Option<Arc<dyn Store>>,
    ) -> Self {
        Self { policy, on_wait, clock, buckets: Mutex::default(), store, lines: Mutex::default() }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Buckets> {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a call that was refused for its rate will be let through by and by.
    pub(crate) fn waits(&self) -> bool {
        matches!(self.policy, OnRateLimit::Wait { .. })
    }

    /// All windows that are known and open.
    pub(crate) fn states(&self) -> Vec<RateLimitStatus> {
        if let Some(Ok(Some(text))) = self.store.as_ref().map(|store| store.read()) {
            self.lock().take_over(&text);
        }
        self.lock().states(self.clock.now())
    }

    /// Works on the buckets: our own, or those of all programs, which then are ours, too.
    async fn with<R: Send>(&self, work: impl FnOnce(&mut Buckets) -> R + Send) -> R {
        let Some(store) = &self.store else { return work(&mut self.lock()) };
        // Without the others we still keep to what we know ourselves.
        let Ok(mut opened) = open_soon(&**store).await else { return work(&mut self.lock()) };
        let (result, text) = {
            let mut buckets = self.lock();
            if let Ok(Some(text)) = opened.read() {
                buckets.take_over(&text);
            }
            let result = work(&mut buckets);
            (result, buckets.to_text(self.clock.now()))
        };
        let _ = opened.replace(&text);
        result
    }

    /// Takes a place in the windows of a call, as the policy says.
    pub(crate) async fn take(self: &Arc<Self>, request: &Request) -> Result<Option<Permit>, TransportError> {
        let key = Key::of(request);
        let ticket = Ticket::of(&key, request);
        let max_wait = match self.policy {
            OnRateLimit::Ignore => return Ok(Some(self.permit(ticket))),
            OnRateLimit::Fail => {
                return match self.try_take(&ticket).await {
                    Ok(()) => Ok(Some(self.permit(ticket))),
                    Err(wait) => Err(used_up(&key, wait)),
                };
            }
            OnRateLimit::Wait { max_wait } => max_wait,
        };
        let came = self.clock.elapsed();
        let line =
            Arc::clone(self.lines.lock().unwrap_or_else(PoisonError::into_inner).entry(key.line.clone()).or_default());
        // It is a fair lock: who came first goes first.
        let _turn = line.lock().await;
        loop {
            let waited = self.clock.elapsed().saturating_sub(came);
            if waited > WAITED {
                self.clock.sleep(part_of(&*self.clock, self.gap(&ticket))).await;
            }
            let Err(wait) = self.try_take(&ticket).await else { return Ok(Some(self.permit(ticket))) };
            if waited + wait > max_wait {
                return Err(used_up(&key, wait));
            }
            if let Some(on_wait) = &self.on_wait {
                let millis = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
                let until = self.clock.now().plus_millis(millis);
                on_wait(&RateLimitWait { endpoint: key.endpoint.clone(), wait, until });
            }
            self.clock.sleep(wait).await;
        }
    }

    /// Up to how far apart those leave who waited for a window: all of them within [`SPREAD`].
    fn gap(&self, ticket: &Ticket) -> Duration {
        let (calls, window) = self.lock().shape(ticket);
        SPREAD.min(window / 20) / calls.max(1)
    }

    async fn try_take(&self, ticket: &Ticket) -> Result<(), Duration> {
        let now = self.clock.now();
        self.with(|buckets| buckets.take(ticket, now)).await
    }

    fn permit(self: &Arc<Self>, ticket: Ticket) -> Permit {
        Permit { ticket, limiter: Arc::clone(self), open: true }
    }

    /// Learns from an answer how the windows stand.
    pub(crate) async fn learn(&self, mut permit: Permit, answer: &RawResponse) {
        permit.open = false;
        let now = self.clock.now();
        self.with(|buckets| {
            buckets.leave(&permit.ticket);
            buckets.learn(&permit.ticket, answer, now);
        })
        .await;
    }
}

fn used_up(key: &Key, wait: Duration) -> TransportError {
    let message = format!("the window of `{}` is used up; the next begins in {} s", key.endpoint, wait.as_secs() + 1);
    TransportError::new(TransportErrorKind::RateLimited(wait), message)
}
