//! The one seam through which time, sleep and randomness come in, and what is known of the server's clock.

use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use chirrup_api::BoxFuture;
use chirrup_auth::hex;
use chirrup_auth::oauth1::Signer;
use chirrup_model::Timestamp;

/// Time, sleep and randomness. Tests bring their own.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The moment now, by the clock on the wall.
    fn now(&self) -> Timestamp;
    /// Time that nobody sets and that only goes on, since some moment in the past.
    fn elapsed(&self) -> Duration;
    /// Waits this long.
    fn sleep(&self, time: Duration) -> BoxFuture<()>;
    /// Bytes that nobody can guess.
    ///
    /// # Errors
    /// If the system has none to give.
    fn random(&self) -> std::io::Result<[u8; 16]>;
}

/// The system's own time and randomness.
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
    fn sleep(&self, time: Duration) -> BoxFuture<()> {
        Box::pin(tokio::time::sleep(time))
    }
    fn random(&self) -> std::io::Result<[u8; 16]> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(std::io::Error::from)?;
        Ok(bytes)
    }
}

/// A random part of a time, anywhere between none and all of it.
pub(crate) fn part_of(clock: &dyn Clock, whole: Duration) -> Duration {
    // Without randomness all of it is the safe choice.
    let Ok([a, b, c, d, ..]) = clock.random() else { return whole };
    whole.mul_f64(f64::from(u32::from_le_bytes([a, b, c, d])) / f64::from(u32::MAX))
}

/// The `Authorization` header for one call by OAuth 1.0a, with a nonce of its own and this moment.
pub(crate) fn sign(
    clock: &dyn Clock,
    at: Timestamp,
    signer: &Signer,
    method: &str,
    url: &str,
    form: &str,
) -> Result<String, String> {
    let random = clock.random().map_err(|_| "the system gives no randomness".to_owned())?;
    signer.header(method, url, form, &hex(&random), at.as_secs()).map_err(|why| why.to_string())
}

/// The server's clock, as far as its answers tell. It is kept as a moment of ours that nobody can set, so that setting
/// the clock of this machine changes nothing in it.
#[derive(Debug, Default)]
pub(crate) struct ServerClock(Mutex<Option<(Timestamp, Duration)>>);

/// From which difference on a server's clock is believed more than ours: `Date` has whole seconds, and travels.
const TRUSTED_MS: i64 = 2_000;

impl ServerClock {
    /// Notes what a server said of its time just now.
    pub(crate) fn learn(&self, clock: &dyn Clock, date: Timestamp) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((date, clock.elapsed()));
    }

    /// The moment now, by the server's clock; by ours, if they agree or it is not known.
    pub(crate) fn now(&self, clock: &dyn Clock) -> Timestamp {
        let ours = clock.now();
        let Some((date, at)) = *self.0.lock().unwrap_or_else(PoisonError::into_inner) else { return ours };
        let passed = clock.elapsed().saturating_sub(at);
        let theirs = date.plus_millis(i64::try_from(passed.as_millis()).unwrap_or(i64::MAX));
        if (theirs.as_millis() - ours.as_millis()).abs() > TRUSTED_MS { theirs } else { ours }
    }

    /// How far the server's clock is ahead of ours, in milliseconds.
    pub(crate) fn ahead_ms(&self, clock: &dyn Clock) -> i64 {
        self.now(clock).as_millis() - clock.now().as_millis()
    }
}

/// A clock for tests, which does not wait: whoever sleeps moves the time on instead.
///
/// With the clock of a sandbox, a wait of two hours takes a millisecond, on both sides of the socket.
pub struct MovableClock {
    now: Box<dyn Fn() -> Timestamp + Send + Sync>,
    move_to: Arc<dyn Fn(Timestamp) + Send + Sync>,
    start: Timestamp,
}

impl MovableClock {
    /// A clock that reads its time with `now`, and has it moved on with `move_to`, which must never move it back.
    pub fn new(
        now: impl Fn() -> Timestamp + Send + Sync + 'static,
        move_to: impl Fn(Timestamp) + Send + Sync + 'static,
    ) -> Self {
        let start = now();
        Self { now: Box::new(now), move_to: Arc::new(move_to), start }
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
    fn sleep(&self, time: Duration) -> BoxFuture<()> {
        let until = self.now().plus_millis(i64::try_from(time.as_millis()).unwrap_or(i64::MAX));
        let move_to = Arc::clone(&self.move_to);
        Box::pin(async move {
            // What is under way meanwhile gets its chance.
            tokio::time::sleep(Duration::from_millis(1)).await;
            move_to(until);
        })
    }
    fn random(&self) -> std::io::Result<[u8; 16]> {
        SystemClock.random()
    }
}
