//! Test clock of the sandbox: the system clock plus an offset.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chirrup_model::Timestamp;

#[derive(Debug, Default)]
struct Offsets {
    /// Milliseconds by which a test advanced the clock.
    advanced: AtomicI64,
    /// Milliseconds by which the clock differs from the clients' clocks.
    skew: AtomicI64,
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
        self.skewed_system_time().plus_millis(self.0.advanced.load(Ordering::Relaxed))
    }

    /// Returns the time of the system clock plus the skew, without the time by which the clock was advanced.
    pub(crate) fn skewed_system_time(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let millis = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
        Timestamp::from_millis(millis).plus_millis(self.0.skew.load(Ordering::Relaxed))
    }

    /// Advances the clock by this time.
    pub fn advance(&self, by: Duration) {
        let millis = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.0.advanced.fetch_add(millis, Ordering::Relaxed);
    }

    /// Advances the clock to this time. Does nothing if the clock is already past it.
    pub fn advance_to(&self, time: Timestamp) {
        let wanted = time.as_millis() - self.skewed_system_time().as_millis();
        self.0.advanced.fetch_max(wanted, Ordering::Relaxed);
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
