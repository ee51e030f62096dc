//! Generation of posts at a high rate.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use chirrup_model::Timestamp;

use super::handle::Sandbox;
use crate::error::SandboxError;
use crate::seed::new_post;
use crate::side_effects;
use crate::state::Shared;
use crate::streams::sample::Sample;
use crate::world::World;

/// Time between two batches of posts.
const INTERVAL: Duration = Duration::from_millis(5);
/// Number of posts in a batch at most, so that the server can answer requests in between.
const MAX_BATCH: u64 = 2_000;
/// Number of generated posts that a world without a file keeps.
const MAX_POSTS: usize = 100_000;

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

/// The latest generated posts.
struct Latest {
    ids: VecDeque<u64>,
    max: usize,
}

impl Latest {
    fn new(max: usize) -> Self {
        Self { ids: VecDeque::new(), max }
    }

    /// Adds a post, and deletes the oldest one if there are too many. A world with a file keeps all.
    fn add(&mut self, world: &World, id: u64) -> rusqlite::Result<()> {
        if world.has_file() {
            return Ok(());
        }
        self.ids.push_back(id);
        if self.ids.len() > self.max
            && let Some(oldest) = self.ids.pop_front()
            && let Some(row) = world.post(oldest)?
        {
            world.delete_post(&row)?;
        }
        Ok(())
    }
}

/// ID of a new post. Two of three belong to a sample, so that the sample streams of a world with few posts show some.
fn streamed_id(world: &mut World, now: Timestamp, number: u64) -> u64 {
    let (sample, partition) = match number % 3 {
        0 => (Sample::new(100, 1), None),
        1 => (Sample::new(10, 2), Some(2)),
        _ => return world.next_id(now),
    };
    loop {
        let id = world.next_id(now);
        if sample.contains(id, partition) {
            return id;
        }
    }
}

/// Writes this number of posts, and returns how many were written. `random` is the state of a random number generator.
fn write_posts(
    shared: &Shared,
    count: u64,
    random: &mut u64,
    latest: &mut Latest,
    mut next_id: impl FnMut(&mut World, Timestamp) -> u64,
) -> u64 {
    for written in 0..count {
        let now = shared.clock.now();
        let state = &mut *shared.lock();
        let row = new_post(&mut state.world, random, now).and_then(|new| {
            let id = next_id(&mut state.world, now);
            state.world.write_post_with_id(new, id)
        });
        let done = row.and_then(|row| {
            side_effects::post_created(state, row.id, now)?;
            latest.add(&state.world, row.id)
        });
        if done.is_err() {
            return written;
        }
    }
    count
}

/// # Posts at a high rate
impl Sandbox {
    /// Writes this number of posts per second until the generator is dropped, by all users and on all their topics.
    ///
    /// The posts are like any others: stored, searchable and streamed. The database handles a few thousand per second. A
    /// world without a file keeps the latest 100,000 of them, so that it does not grow without limit.
    ///
    /// # Errors
    /// If the system cannot start a thread.
    pub fn generate_posts(&self, per_second: u64) -> Result<LoadGenerator, SandboxError> {
        let mut latest = Latest::new(MAX_POSTS);
        self.generate(per_second, move |shared, count, random| {
            write_posts(shared, count, random, &mut latest, World::next_id)
        })
    }

    /// Writes this number of posts per second while a client reads a live stream, until the generator is dropped.
    ///
    /// # Errors
    /// If the system cannot start a thread.
    pub fn generate_posts_for_streams(&self, per_second: u64) -> Result<LoadGenerator, SandboxError> {
        let (mut latest, mut number) = (Latest::new(MAX_POSTS), 0);
        self.generate(per_second, move |shared, count, random| {
            if shared.lock().hub.open_count() == 0 {
                return 0;
            }
            write_posts(shared, count, random, &mut latest, |world, now| {
                number += 1;
                streamed_id(world, now, number - 1)
            })
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
        mut generate_batch: impl FnMut(&Shared, u64, &mut u64) -> u64 + Send + 'static,
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_oldest_generated_posts_of_a_world_in_memory_are_deleted() {
        let sandbox = Sandbox::start().unwrap();
        let (mut random, mut latest) = (7, Latest::new(20));
        assert_eq!(write_posts(&sandbox.shared, 20, &mut random, &mut latest, World::next_id), 20);
        let first = latest.ids.clone();
        assert_eq!(write_posts(&sandbox.shared, 300, &mut random, &mut latest, World::next_id), 300);
        let state = sandbox.shared.lock();
        assert!(first.iter().all(|id| state.world.post(*id).unwrap().is_none()));
        assert!(state.world.post(latest.ids[19]).unwrap().is_some());
    }
}
