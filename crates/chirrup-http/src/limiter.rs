//! Rate limits: the state of each window, and queues of callers that wait for the next one.

mod call_plan;
mod windows;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chirrup_api::{RawResponse, Request, TransportError, TransportErrorKind};
use chirrup_model::Timestamp;
use chirrup_store::{Store, lock_async};

use crate::clock::{Clock, jitter};

use call_plan::{CallPlan, CallPlans};
pub use windows::RateLimitStatus;
use windows::{CallKey, WindowSet, WindowStates};

/// Policy for a call whose rate limit is exhausted.
///
/// The client knows the documented limits and learns the actual ones from the `x-rate-limit-*` headers of responses. Set
/// the policy with [`HttpBuilder::on_rate_limit`](crate::HttpBuilder::on_rate_limit).
///
/// ```
/// use std::time::Duration;
/// use chirrup_http::{HttpBuilder, OnRateLimit};
///
/// // A window of X lasts 15 minutes; wait for the next one, but never much longer.
/// let http = HttpBuilder::default().on_rate_limit(OnRateLimit::Wait { max_wait: Duration::from_secs(960) });
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnRateLimit {
    /// Sends the call regardless, so that the server decides.
    Ignore,
    /// Fails immediately with [`ErrorKind::RateLimited`](chirrup_api::ErrorKind::RateLimited) and the time to wait.
    /// Nothing is sent.
    Fail,
    /// Waits for the next window. Callers of the same window are served in the order of their arrival.
    Wait {
        /// Longest total wait of one call. A call that would wait longer fails as with [`Fail`](Self::Fail).
        max_wait: Duration,
    },
}

/// A wait for a rate limit that is about to begin.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RateLimitWait {
    /// Name of the endpoint, or method and path of a raw call.
    pub endpoint: String,
    /// Length of the wait.
    pub wait: Duration,
    /// Time at which the wait ends, by the clock of this machine.
    pub until: Timestamp,
}

/// Callback before each wait for a rate limit.
pub(crate) type OnWait = Arc<dyn Fn(&RateLimitWait) + Send + Sync>;

/// Time after the start of a window over which the calls that waited for it are spread.
const SPREAD: Duration = Duration::from_secs(5);
/// Time in the queue from which a call counts as one that waited.
const WAITED: Duration = Duration::from_millis(500);

/// The state of all known windows, and the queues of callers.
pub(crate) struct Limiter {
    policy: OnRateLimit,
    on_wait: Option<OnWait>,
    clock: Arc<dyn Clock>,
    plans: CallPlans,
    windows: Mutex<WindowStates>,
    /// Store that shares the state with other processes.
    store: Option<Arc<dyn Store>>,
}

impl fmt::Debug for Limiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limiter").field("policy", &self.policy).finish_non_exhaustive()
    }
}

/// Permission to send one call, which counts as in flight until its response is there or the permit is dropped.
#[derive(Debug)]
pub(crate) struct Permit {
    plan: Arc<CallPlan>,
    limiter: Arc<Limiter>,
    in_flight: bool,
}

impl Drop for Permit {
    fn drop(&mut self) {
        if self.in_flight {
            // Without a response, the call may have counted at the server, so its use is not given back.
            self.limiter.lock().release(&self.plan.windows);
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
        Self { policy, on_wait, clock, plans: CallPlans::default(), windows: Mutex::default(), store }
    }

    fn lock(&self) -> MutexGuard<'_, WindowStates> {
        self.windows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the policy waits for the next window.
    pub(crate) fn waits(&self) -> bool {
        matches!(self.policy, OnRateLimit::Wait { .. })
    }

    /// Returns the state of all windows that are not over.
    pub(crate) fn statuses(&self) -> Vec<RateLimitStatus> {
        if let Some(Ok(Some(shared))) = self.store.as_ref().map(|store| store.read()) {
            self.lock().merge(&shared);
        }
        self.lock().statuses(self.clock.now())
    }

    /// Runs `work` on the state of the windows. If the state is shared, reads it before and writes it back after.
    async fn with_windows<R: Send>(&self, work: impl FnOnce(&mut WindowStates) -> R + Send) -> R {
        let Some(store) = &self.store else { return work(&mut self.lock()) };
        // If the store fails, this process still follows the limits that it knows itself.
        let Ok(mut locked) = lock_async(&**store).await else { return work(&mut self.lock()) };
        let (result, json) = {
            let mut windows = self.lock();
            if let Ok(Some(shared)) = locked.read() {
                windows.merge(&shared);
            }
            let result = work(&mut windows);
            (result, windows.to_json(self.clock.now()))
        };
        let _ = locked.replace(&json);
        result
    }

    /// Acquires the permission to send a call, as the policy says.
    pub(crate) async fn acquire(self: &Arc<Self>, request: &Request) -> Result<Permit, TransportError> {
        let plan = self.plans.of(request);
        let CallPlan { key, windows, queue } = &*plan;
        let max_wait = match self.policy {
            OnRateLimit::Ignore => return Ok(self.permit(plan)),
            OnRateLimit::Fail => {
                return match self.try_acquire(windows).await {
                    Ok(()) => Ok(self.permit(plan)),
                    Err(wait) => Err(exhausted(key, wait)),
                };
            }
            OnRateLimit::Wait { max_wait } => max_wait,
        };
        let arrived = self.clock.elapsed();
        let _turn = queue.lock().await;
        loop {
            let waited = self.clock.elapsed().saturating_sub(arrived);
            if waited > WAITED {
                self.clock.sleep(jitter(&*self.clock, self.spacing(windows))).await;
            }
            let Err(wait) = self.try_acquire(windows).await else { return Ok(self.permit(Arc::clone(&plan))) };
            if waited + wait > max_wait {
                return Err(exhausted(key, wait));
            }
            if let Some(on_wait) = &self.on_wait {
                let until = self.clock.now().plus_millis(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX));
                on_wait(&RateLimitWait { endpoint: key.endpoint.clone(), wait, until });
            }
            tracing::info!(endpoint = &*key.endpoint, ?wait, "wait for the rate limit");
            self.clock.sleep(wait).await;
        }
    }

    /// Returns the longest pause between two calls that waited for a window, so that all leave within [`SPREAD`].
    fn spacing(&self, windows: &WindowSet) -> Duration {
        let (calls, length) = self.lock().narrowest(windows);
        SPREAD.min(length / 20) / calls.max(1)
    }

    async fn try_acquire(&self, set: &WindowSet) -> Result<(), Duration> {
        let now = self.clock.now();
        self.with_windows(|windows| windows.try_acquire(set, now)).await
    }

    fn permit(self: &Arc<Self>, plan: Arc<CallPlan>) -> Permit {
        Permit { plan, limiter: Arc::clone(self), in_flight: true }
    }

    /// Updates the windows of a call with the headers of its response.
    pub(crate) async fn learn(&self, mut permit: Permit, response: &RawResponse) {
        permit.in_flight = false;
        let now = self.clock.now();
        self.with_windows(|windows| {
            windows.release(&permit.plan.windows);
            windows.learn(&permit.plan.windows, response, now);
        })
        .await;
    }
}

fn exhausted(key: &CallKey, wait: Duration) -> TransportError {
    let message =
        format!("rate limit of `{}` exhausted: the next window starts in {} s", key.endpoint, wait.as_secs() + 1);
    TransportError::new(TransportErrorKind::RateLimited(wait), message)
}
