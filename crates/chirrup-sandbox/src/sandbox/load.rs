//! Generation of posts at a high rate.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;

use super::error::SandboxError;
use super::handle::Sandbox;
use crate::seed::new_post;
use crate::side_effects;
use crate::state::Shared;

/// Time between two batches of posts.
const INTERVAL: Duration = Duration::from_millis(5);
/// Number of posts in a batch at most, so that the server can answer requests in between.
const MAX_BATCH: u64 = 2_000;

/// Background generator of posts. It stops when it is dropped.
#[derive(Debug)]
#[must_use = "the generator stops when it is dropped"]
pub struct LoadGenerator {
    stop: Arc<AtomicBool>,
    generated: Arc<AtomicU64>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl LoadGenerator {
    /// Returns the number of posts generated so far.
    pub fn generated_posts(&self) -> u64 {
        self.generated.load(Ordering::Relaxed)
    }
}

impl Drop for LoadGenerator {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Writes this number of posts, and returns how many were written. `random` is the state of a random number generator.
fn write_posts(shared: &Shared, count: u64, random: &mut u64) -> u64 {
    for written in 0..count {
        let now = shared.clock.now();
        let state = &mut *shared.lock();
        let row = new_post(&mut state.world, random, now).and_then(|new| state.world.write_post(new, now));
        if row.and_then(|row| side_effects::post_created(state, row.id, now)).is_err() {
            return written;
        }
    }
    count
}

/// # Posts at a high rate
impl Sandbox {
    /// Writes this number of posts per second until the generator is dropped, by all users and on all their topics.
    ///
    /// The posts are like any others: stored, searchable and streamed. The database handles a few thousand per second.
    ///
    /// # Errors
    /// If the system cannot start a thread.
    pub fn generate_posts(&self, per_second: u64) -> Result<LoadGenerator, SandboxError> {
        self.generate(per_second, write_posts)
    }

    /// Writes this number of posts per second while a client reads a live stream, until the generator is dropped.
    ///
    /// # Errors
    /// If the system cannot start a thread.
    pub fn generate_posts_for_streams(&self, per_second: u64) -> Result<LoadGenerator, SandboxError> {
        self.generate(per_second, |shared, count, random| {
            let is_read = shared.lock().hub.open_count() > 0;
            if is_read { write_posts(shared, count, random) } else { 0 }
        })
    }

    /// Sends this line to all live streams, this number of times per second, until the generator is dropped.
    ///
    /// Each `ID` in the line is replaced by a new post ID. The lines ignore stream rules and are not stored, so hundreds of
    /// thousands per second are possible. The server disconnects clients that read more slowly.
    ///
    /// # Errors
    /// If the system cannot start a thread.
    pub fn flood_streams(&self, per_second: u64, line: &str) -> Result<LoadGenerator, SandboxError> {
        let parts: Vec<String> = line.trim_end().split("ID").map(str::to_owned).collect();
        self.generate(per_second, move |shared, count, _| {
            let now = shared.clock.now();
            let state = &mut *shared.lock();
            let mut bytes = String::new();
            for _ in 0..count {
                bytes.push_str(&parts.join(&state.world.next_id(now).to_string()));
                bytes.push_str("\r\n");
            }
            state.hub.send_raw(&Bytes::from(bytes), now);
            count
        })
    }

    /// Calls `generate_batch` with the number of posts that are due and the state of a random number generator.
    fn generate(
        &self,
        per_second: u64,
        generate_batch: impl Fn(&Shared, u64, &mut u64) -> u64 + Send + 'static,
    ) -> Result<LoadGenerator, SandboxError> {
        let (stop, generated) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let (stopped, counter, shared) = (Arc::clone(&stop), Arc::clone(&generated), Arc::clone(&self.shared));
        let run = move || {
            let (start, mut random, mut handled) = (Instant::now(), 0x5EED_u64, 0);
            while !stopped.load(Ordering::Relaxed) {
                let due = u64::try_from(start.elapsed().as_micros() * u128::from(per_second) / 1_000_000);
                let missing = due.unwrap_or(u64::MAX).saturating_sub(handled).min(MAX_BATCH);
                counter.fetch_add(generate_batch(&shared, missing, &mut random), Ordering::Relaxed);
                handled += missing;
                if missing < MAX_BATCH {
                    std::thread::sleep(INTERVAL);
                }
            }
        };
        let thread = std::thread::Builder::new().name("chirrup-load".to_owned()).spawn(run);
        let thread = thread.map_err(|why| SandboxError(format!("cannot start the load generator's thread: {why}")))?;
        Ok(LoadGenerator { stop, generated, thread: Some(thread) })
    }
}
