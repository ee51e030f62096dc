//! Posts in great number.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use chirrup_model::Timestamp;

use super::{Sandbox, SandboxError, Shared};
use crate::seed::new_post;
use crate::side_effects;

/// How often posts are made.
const STEP: Duration = Duration::from_millis(5);
/// How many posts are made at once at most, so that calls are answered in between.
const AT_ONCE: u64 = 2_000;

/// Makes posts for as long as it lives.
#[derive(Debug)]
pub struct Load {
    stop: Arc<AtomicBool>,
    made: Arc<AtomicU64>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Load {
    /// How many were made so far.
    pub fn made(&self) -> u64 {
        self.made.load(Ordering::Relaxed)
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Sandbox {
    /// Writes so many posts a second, of all users and about all that they talk about, until the load is dropped. They are
    /// posts like all others: kept, searched, streamed. A few thousand a second is what the store takes.
    ///
    /// # Errors
    /// If no thread can be started.
    pub fn write_posts(&self, per_second: u64) -> Result<Load, SandboxError> {
        self.load(per_second, |shared, count, random| {
            for _ in 0..count {
                let now = shared.clock.now();
                let state = &mut *shared.lock();
                let written = new_post(&mut state.world, random, now).and_then(|new| state.world.write(new, now));
                if written.and_then(|row| side_effects::posted(state, row.id, now)).is_err() {
                    return;
                }
            }
        })
    }

    /// Sends so many posts a second to all who are connected to a stream of posts, whatever its rules, until the load is
    /// dropped. They are kept nowhere: each is the line given, with `ID` in it replaced by an id. Hundreds of thousands a
    /// second are possible; who reads more slowly is cut off.
    ///
    /// # Errors
    /// If no thread can be started.
    pub fn flood(&self, per_second: u64, line: &str) -> Result<Load, SandboxError> {
        let pieces: Vec<String> = line.trim_end().split("ID").map(str::to_owned).collect();
        self.load(per_second, move |shared, count, _| {
            let now: Timestamp = shared.clock.now();
            let state = &mut *shared.lock();
            let mut bytes = String::new();
            for _ in 0..count {
                bytes.push_str(&pieces.join(&state.world.next_id(now).to_string()));
                bytes.push_str("\r\n");
            }
            state.hub.send_raw(&Bytes::from(bytes), now);
        })
    }

    fn load(
        &self,
        per_second: u64,
        make: impl Fn(&Shared, u64, &mut u64) + Send + 'static,
    ) -> Result<Load, SandboxError> {
        let (stop, made) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let (stopped, counted, shared) = (Arc::clone(&stop), Arc::clone(&made), Arc::clone(&self.shared));
        let work = move || {
            let (start, mut random) = (Instant::now(), 0x5EED_u64);
            while !stopped.load(Ordering::Relaxed) {
                let due = u64::try_from(start.elapsed().as_micros() * u128::from(per_second) / 1_000_000);
                let missing = due.unwrap_or(u64::MAX).saturating_sub(counted.load(Ordering::Relaxed)).min(AT_ONCE);
                make(&shared, missing, &mut random);
                counted.fetch_add(missing, Ordering::Relaxed);
                if missing < AT_ONCE {
                    std::thread::sleep(STEP);
                }
            }
        };
        let thread = std::thread::Builder::new().name("chirrup-load".to_owned()).spawn(work);
        let thread = thread.map_err(|why| SandboxError(format!("no thread: {why}")))?;
        Ok(Load { stop, made, thread: Some(thread) })
    }
}
