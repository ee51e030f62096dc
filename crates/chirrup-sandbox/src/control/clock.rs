//! Test clock of the sandbox: the system clock plus an offset.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chirrup_model::Timestamp;

/// Value of [`Offsets::frozen`] while the clock runs.
const RUNNING: i64 = i64::MIN;

#[derive(Debug)]
struct Offsets {
    /// Milliseconds by which a test advanced the clock.
    advanced: AtomicI64,
    /// Milliseconds by which the clock differs from the clients' clocks.
    skew: AtomicI64,
    /// Time at which the clock stands still, in milliseconds since the Unix epoch, or [`RUNNING`].
    frozen: AtomicI64,
}

impl Default for Offsets {
    fn default() -> Self {
        Self { advanced: AtomicI64::new(0), skew: AtomicI64::new(0), frozen: AtomicI64::new(RUNNING) }
    }
}

/// Test clock that decides when rate limits reset, tokens expire and streams send keep-alives.
///
/// It runs with the system clock until a test advances it. Clones share one clock.
///
/// ```
/// use std::time::Duration;
/// use chirrup_sandbox::Sandbox;
///
/// let sandbox = Sandbox::builder().users(10).posts(50).start()?;
/// let before = sandbox.clock().now();
/// // Every rate limit of 15 minutes has reset.
/// sandbox.clock().advance(Duration::from_secs(15 * 60));
/// assert!(sandbox.clock().now() >= before.plus_millis(15 * 60 * 1_000));
/// # Ok::<(), chirrup_sandbox::SandboxError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct TestClock(Arc<Offsets>);

impl TestClock {
    /// Returns the current time in the sandbox.
    pub fn now(&self) -> Timestamp {
        match self.0.frozen.load(Ordering::Relaxed) {
            RUNNING => self.skewed_system_time().plus_millis(self.0.advanced.load(Ordering::Relaxed)),
            frozen => Timestamp::from_millis(frozen),
        }
    }

    /// Returns the time of the system clock plus the skew, without the time by which the clock was advanced.
    pub(crate) fn skewed_system_time(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let millis = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
        Timestamp::from_millis(millis).plus_millis(self.0.skew.load(Ordering::Relaxed))
    }

    /// Advances the clock by this time. A frozen clock stands still at the later time.
    pub fn advance(&self, by: Duration) {
        let millis = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.change_frozen(|at| at.saturating_add(millis));
        self.0.advanced.fetch_add(millis, Ordering::Relaxed);
    }

    /// Advances the clock to this time. Does nothing if the clock is already past it.
    pub fn advance_to(&self, time: Timestamp) {
        self.change_frozen(|at| at.max(time.as_millis()));
        self.0.advanced.fetch_max(self.advanced_at(time), Ordering::Relaxed);
    }

    /// Sets the clock to this time, which can be in its past. A frozen clock stands still at the new time.
    pub fn set(&self, time: Timestamp) {
        self.change_frozen(|_| time.as_millis());
        self.0.advanced.store(self.advanced_at(time), Ordering::Relaxed);
    }

    /// Changes the time of a frozen clock.
    fn change_frozen(&self, change: impl Fn(i64) -> i64) {
        let change = |at| (at != RUNNING).then(|| change(at));
        let _ = self.0.frozen.fetch_update(Ordering::Relaxed, Ordering::Relaxed, change);
    }

    /// Number of milliseconds by which the clock is advanced when it shows this time.
    fn advanced_at(&self, time: Timestamp) -> i64 {
        time.as_millis().saturating_sub(self.skewed_system_time().as_millis())
    }

    /// Stops the clock at the current time.
    pub fn freeze(&self) {
        self.0.frozen.store(self.now().as_millis(), Ordering::Relaxed);
    }

    /// Lets a frozen clock run again, from the time at which it stands. Does nothing if the clock runs.
    pub fn resume(&self) {
        self.set(self.now());
        self.0.frozen.store(RUNNING, Ordering::Relaxed);
    }

    /// Lets the clock show the system time, as at the start.
    pub(crate) fn reset(&self) {
        self.0.frozen.store(RUNNING, Ordering::Relaxed);
        self.0.skew.store(0, Ordering::Relaxed);
        self.0.advanced.store(0, Ordering::Relaxed);
    }

    /// Returns whether the clock stands still.
    pub fn is_frozen(&self) -> bool {
        self.0.frozen.load(Ordering::Relaxed) != RUNNING
    }

    /// Sets the difference to the clients' clocks, in milliseconds: positive if the sandbox is ahead. The default is 0.
    ///
    /// The sandbox rejects OAuth 1.0a signatures whose timestamp is more than 5 minutes off. After
    /// [`advance`](Self::advance) it still accepts the system time, because the clients' clocks do not move; with a skew it
    /// does not.
    pub fn set_skew_millis(&self, millis: i64) {
        self.0.skew.store(millis, Ordering::Relaxed);
    }
}
