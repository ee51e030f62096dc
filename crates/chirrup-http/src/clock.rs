//! Time, sleep and randomness, and what is known of the server's clock.

use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use chirrup_api::BoxFuture;
use chirrup_auth::hex;
use chirrup_auth::oauth1::Signer;
use chirrup_model::Timestamp;

/// A source of time, sleep and randomness, which tests replace with their own.
///
/// Signatures, token expiry, rate-limit windows, backoff and budgets follow this clock. Timeouts on network I/O and on
/// locks that another process holds always run in real time.
pub trait Clock: Send + Sync + fmt::Debug {
    /// Returns the current wall-clock time.
    fn now(&self) -> Timestamp;
    /// Returns the time since an arbitrary fixed moment. It never goes backward.
    fn elapsed(&self) -> Duration;
    /// Waits for a duration.
    fn sleep(&self, duration: Duration) -> BoxFuture<()>;
    /// Returns 16 cryptographically random bytes.
    ///
    /// # Errors
    /// If the system's random number generator fails.
    fn random(&self) -> std::io::Result<[u8; 16]>;
}

/// The system's clock and random number generator, the default of every client.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let millis = since.map(|d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX));
        Timestamp::from_millis(millis.unwrap_or_default())
    }
    fn elapsed(&self) -> Duration {
        static START: OnceLock<Instant> = OnceLock::new();
        START.get_or_init(Instant::now).elapsed()
    }
    fn sleep(&self, duration: Duration) -> BoxFuture<()> {
        Box::pin(tokio::time::sleep(duration))
    }
    fn random(&self) -> std::io::Result<[u8; 16]> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(std::io::Error::from)?;
        Ok(bytes)
    }
}

/// Returns a random duration between zero and `max`.
pub(crate) fn jitter(clock: &dyn Clock, max: Duration) -> Duration {
    // Without randomness, the longest wait is the safe choice.
    let Ok([a, b, c, d, ..]) = clock.random() else { return max };
    max.mul_f64(f64::from(u32::from_le_bytes([a, b, c, d])) / f64::from(u32::MAX))
}

/// Message of an error after [`Clock::random`] failed.
pub(crate) const NO_RANDOMNESS: &str = "the system's random number generator failed";

/// Returns the OAuth 1.0a `Authorization` header of one call, with a fresh nonce and this timestamp.
pub(crate) fn sign(
    clock: &dyn Clock,
    timestamp: Timestamp,
    signer: &Signer,
    method: &str,
    url: &str,
    form: &str,
) -> Result<String, String> {
    let nonce = clock.random().map_err(|_| NO_RANDOMNESS.to_owned())?;
    signer.header(method, url, form, &hex(&nonce), timestamp.as_secs()).map_err(|why| why.to_string())
}

/// The server's clock as its `Date` headers show it, paired with a reading of the local monotonic clock. Setting the
/// local wall clock does not change it.
#[derive(Debug, Default)]
pub(crate) struct ServerClock(Mutex<Option<(Timestamp, Duration)>>);

/// Smallest difference, in milliseconds, for which the server's clock replaces the local one. `Date` has a resolution
/// of one second and is old by the time it arrives.
const MIN_SKEW_MS: i64 = 2_000;

impl ServerClock {
    /// Records the `Date` of a response that has just arrived.
    pub(crate) fn learn(&self, clock: &dyn Clock, date: Timestamp) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((date, clock.elapsed()));
    }

    /// Returns the server's current time, or the local time if both agree or the server's is unknown.
    pub(crate) fn now(&self, clock: &dyn Clock) -> Timestamp {
        self.at(clock, clock.now())
    }

    /// Returns the server's time at this local time, which is the current one.
    fn at(&self, clock: &dyn Clock, local: Timestamp) -> Timestamp {
        let Some((date, at)) = *self.0.lock().unwrap_or_else(PoisonError::into_inner) else { return local };
        let passed = clock.elapsed().saturating_sub(at);
        let server = date.plus_millis(i64::try_from(passed.as_millis()).unwrap_or(i64::MAX));
        if (server.as_millis() - local.as_millis()).abs() > MIN_SKEW_MS { server } else { local }
    }

    /// Returns the server's current time if it differs from the local one by at most this many milliseconds, and otherwise
    /// the local time.
    pub(crate) fn now_within(&self, clock: &dyn Clock, max_ms: i64) -> Timestamp {
        let local = clock.now();
        let server = self.at(clock, local);
        if (server.as_millis() - local.as_millis()).abs() <= max_ms { server } else { local }
    }

    /// Returns how far the server's clock is ahead of the local one, in milliseconds.
    pub(crate) fn ahead_ms(&self, clock: &dyn Clock) -> i64 {
        let local = clock.now();
        self.at(clock, local).as_millis() - local.as_millis()
    }
}

/// A clock for tests that does not wait: a sleep moves its time forward instead.
///
/// Over the clock of a sandbox, a wait of two hours takes a millisecond, and both sides of the socket see two hours pass.
pub struct MovableClock {
    now: Box<dyn Fn() -> Timestamp + Send + Sync>,
    advance_to: Arc<dyn Fn(Timestamp) + Send + Sync>,
    start: Timestamp,
}

impl MovableClock {
    /// Creates a clock that reads its time with `now` and moves it with `advance_to`, which must never move it back.
    pub fn new(
        now: impl Fn() -> Timestamp + Send + Sync + 'static,
        advance_to: impl Fn(Timestamp) + Send + Sync + 'static,
    ) -> Self {
        let start = now();
        Self { now: Box::new(now), advance_to: Arc::new(advance_to), start }
    }
}

impl fmt::Debug for MovableClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MovableClock").field("now", &(self.now)()).finish_non_exhaustive()
    }
}

impl Clock for MovableClock {
    fn now(&self) -> Timestamp {
        (self.now)()
    }
    fn elapsed(&self) -> Duration {
        let passed = self.now().as_millis().saturating_sub(self.start.as_millis());
        Duration::from_millis(u64::try_from(passed).unwrap_or_default())
    }
    fn sleep(&self, duration: Duration) -> BoxFuture<()> {
        let until = self.now().plus_millis(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX));
        let advance_to = Arc::clone(&self.advance_to);
        Box::pin(async move {
            // Lets other tasks, such as a server in the same process, make progress first.
            tokio::time::sleep(Duration::from_millis(1)).await;
            advance_to(until);
        })
    }
    fn random(&self) -> std::io::Result<[u8; 16]> {
        SystemClock.random()
    }
}
