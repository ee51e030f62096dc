//! What a live stream brings, kept in files.

use std::collections::{BTreeMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use chirrup_api::internal::{line_key, post_id};
use chirrup_api::{GapFill, LiveEvent};
use chirrup_http::store::{FileStore, LockedStore, Store as _};
use chirrup_model::{PostId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::lines::{LineFile, beside};

/// How many lines, and how much time, may pass before what was written is brought to the disk.
const LINES: u64 = 1_000;
const TIME: Duration = Duration::from_secs(1);
/// What may come twice when a stream goes on: what is older than this before the checkpoint does not.
const OVERLAP_MS: i64 = 600_000;
/// How much of the end of a file is read to know what came before.
const FIRST_LOOK: u64 = 4 << 20;
const LONGEST_LOOK: u64 = 256 << 20;

/// Where a stream stands.
#[derive(Debug, Serialize, Deserialize)]
struct Checkpoint {
    version: u32,
    /// Which stream it is.
    stream: String,
    /// How much of the file is known to be whole.
    length: u64,
    /// Until when each partition has brought all.
    covered: BTreeMap<u32, String>,
}

const VERSION: u32 = 1;

/// Keeps what a live stream brings, a line each, in a file; beside it, the checkpoint, what could not be read (`.bad`), and
/// the gaps with what became of them (`.gaps`). One program at a time writes to it; anybody may read it meanwhile.
///
/// ```no_run
/// # async fn example(client: chirrup_api::ApiClient) -> Result<(), Box<dyn std::error::Error>> {
/// use chirrup_archive::StreamFile;
///
/// let mut file = StreamFile::open("posts.jsonl", "filtered")?;
/// let mut stream = client.filtered_stream().live().lazy();
/// if let Some(moment) = file.since(1) {
///     stream = stream.since(moment);
/// }
/// let mut stream = stream.open();
/// while let Some(event) = stream.next_event().await {
///     file.take(1, &event.map(|post| post.bytes().clone()))?;
/// }
/// file.commit()?;
/// # Ok(()) }
/// ```
pub struct StreamFile {
    lines: LineFile,
    bad: LineFile,
    gaps: LineFile,
    place: Box<dyn LockedStore>,
    stream: String,
    covered: BTreeMap<u32, Timestamp>,
    /// Why the connection of each partition was lost.
    causes: BTreeMap<u32, String>,
    /// What came before this run and may come again.
    known: HashSet<u64>,
    uncommitted: u64,
    changed: bool,
    committed: Instant,
    written: u64,
}

impl std::fmt::Debug for StreamFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StreamFile")
            .field("path", &self.lines.path())
            .field("stream", &self.stream)
            .finish_non_exhaustive()
    }
}

impl StreamFile {
    /// Opens the file of a stream, or makes it.
    ///
    /// # Errors
    /// If it cannot be read or written, another program writes to it, or it holds another stream.
    pub fn open(path: impl Into<PathBuf>, stream: &str) -> io::Result<Self> {
        let path = path.into();
        let store = FileStore::at(beside(&path, ".checkpoint"));
        let refused = |why: String| io::Error::other(format!("{}: {why}", path.display()));
        let Some(mut place) = store.try_lock().map_err(io::Error::other)? else {
            return Err(refused("another program writes to it: stop that first, or give another file".to_owned()));
        };
        let checkpoint = match place.read().map_err(io::Error::other)? {
            Some(bytes) => Some(
                serde_json::from_slice::<Checkpoint>(&bytes)
                    .map_err(|why| refused(format!("{} cannot be read ({why})", store.name())))?,
            ),
            None => None,
        };
        if let Some(found) = &checkpoint {
            if found.version > VERSION {
                return Err(refused("a newer version of this program wrote it: use that one".to_owned()));
            }
            if found.stream != stream {
                return Err(refused(format!("it holds the stream `{}`: give another file", found.stream)));
            }
        }
        let covered = checkpoint.iter().flat_map(|found| &found.covered);
        let covered = covered.filter_map(|(partition, until)| Some((*partition, until.parse().ok()?))).collect();
        let mut file = Self {
            lines: LineFile::open(&path, checkpoint.as_ref().map_or(0, |found| found.length))?,
            bad: LineFile::open(beside(&path, ".bad"), 0)?,
            gaps: LineFile::open(beside(&path, ".gaps"), 0)?,
            place,
            stream: stream.to_owned(),
            covered,
            causes: BTreeMap::new(),
            known: HashSet::new(),
            uncommitted: 0,
            changed: false,
            committed: Instant::now(),
            written: 0,
        };
        file.remember()?;
        Ok(file)
    }

    /// From which moment on a partition has to bring what it has; nothing if it was never followed before. A stream without
    /// partitions is partition 1.
    pub fn since(&self, partition: u32) -> Option<Timestamp> {
        self.covered.get(&partition).copied()
    }

    /// Where the lines are.
    pub fn path(&self) -> &Path {
        self.lines.path()
    }

    /// How many lines were added since it was opened.
    pub fn written(&self) -> u64 {
        self.written
    }

    /// Learns what the end of the file holds, as far back as it may come again.
    fn remember(&mut self) -> io::Result<()> {
        let horizon = self.covered.values().min().map(|since| since.plus_millis(-OVERLAP_MS));
        let mut look = FIRST_LOOK;
        loop {
            let (mut known, mut oldest) = (HashSet::new(), None);
            let all = self.lines.last(look, |line| {
                known.insert(line_key(line));
                oldest = oldest.or_else(|| post_id(line).map(|id| PostId::new(id).timestamp()));
            })?;
            let enough = horizon.zip(oldest).is_some_and(|(horizon, oldest)| oldest < horizon);
            if all || enough || look >= LONGEST_LOOK {
                self.known = known;
                return Ok(());
            }
            look *= 4;
        }
    }

    /// Keeps what an event of a partition holds, if it holds anything; tells whether a line was added. About once a second,
    /// what was kept is brought to the disk.
    ///
    /// # Errors
    /// If it cannot be written. Then nothing since the last [`commit`](Self::commit) counts as kept.
    pub fn take(&mut self, partition: u32, event: &LiveEvent<Bytes>) -> io::Result<bool> {
        let mut added = false;
        match event {
            LiveEvent::Item(line) => {
                // Nothing is looked for in a line where nothing came before.
                added = self.known.is_empty() || !self.known.contains(&line_key(line));
                if added {
                    self.lines.add(line)?;
                    self.written += 1;
                    self.uncommitted += 1;
                    self.changed = true;
                }
            }
            LiveEvent::Bad { line, why } => {
                let bad = match std::str::from_utf8(line) {
                    Ok(line) => json!({"line": line, "why": why}),
                    Err(_) => json!({"base64": BASE64_STANDARD.encode(line), "why": why}),
                };
                self.bad.add(bad.to_string().as_bytes())?;
                self.changed = true;
            }
            LiveEvent::RateLimitWait { why, .. } => {
                self.causes.insert(partition, why.to_string());
            }
            LiveEvent::Gap { from, to, fill } => {
                let cause = self.causes.remove(&partition).unwrap_or_else(|| "nobody listened".to_owned());
                let gap = json!({"partition": partition, "from": from.to_string(), "to": to.to_string(), "cause": cause, "filled": told(fill)});
                self.gaps.add(gap.to_string().as_bytes())?;
                self.changed = true;
            }
            LiveEvent::Dropped(lines) => {
                let gap = json!({"partition": partition, "dropped": lines});
                self.gaps.add(gap.to_string().as_bytes())?;
                self.changed = true;
            }
            LiveEvent::Checkpoint(until) => {
                self.covered.insert(partition, *until);
                self.changed = true;
            }
            _ => {}
        }
        self.tick()?;
        Ok(added)
    }

    /// Brings what was kept to the disk if it is time for that.
    ///
    /// # Errors
    /// Those of [`commit`](Self::commit).
    pub fn tick(&mut self) -> io::Result<()> {
        let due = self.uncommitted >= LINES || self.committed.elapsed() >= TIME;
        if due && self.changed { self.commit() } else { Ok(()) }
    }

    /// Brings all that was kept to the disk, and the checkpoint after it.
    ///
    /// # Errors
    /// If it cannot be brought there. The checkpoint is that from before then.
    pub fn commit(&mut self) -> io::Result<()> {
        self.lines.commit()?;
        self.bad.commit()?;
        self.gaps.commit()?;
        let covered = self.covered.iter().map(|(partition, until)| (*partition, until.to_string()));
        let checkpoint = Checkpoint {
            version: VERSION,
            stream: self.stream.clone(),
            length: self.lines.length(),
            covered: covered.collect(),
        };
        self.place.replace(&serde_json::to_vec(&checkpoint)?).map_err(io::Error::other)?;
        (self.uncommitted, self.changed, self.committed) = (0, false, Instant::now());
        Ok(())
    }
}

/// How a gap was filled, for a record.
fn told(fill: &GapFill) -> serde_json::Value {
    match fill {
        GapFill::Backfill => json!({"by": "backfill"}),
        GapFill::Window(items) => json!({"by": "window", "items": items}),
        GapFill::Search(items) => json!({"by": "search", "items": items}),
        GapFill::Lost(why) => json!({"by": null, "why": why}),
        _ => json!({}),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn line(n: u64) -> LiveEvent<Bytes> {
        LiveEvent::Item(format!("{{\"data\":{{\"id\":\"{n}\",\"text\":\"{n}\"}}}}").into())
    }

    fn ids(path: &Path) -> Vec<u64> {
        std::fs::read_to_string(path).unwrap().lines().map(|line| post_id(line.as_bytes()).unwrap()).collect()
    }

    #[test]
    fn what_comes_again_is_kept_once_and_each_partition_has_its_checkpoint() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("posts.jsonl");
        let mut file = StreamFile::open(&path, "firehose").unwrap();
        assert_eq!(file.since(1), None);
        let other = StreamFile::open(&path, "firehose").unwrap_err().to_string();
        assert!(other.contains("another program"), "{other}");
        let at = Timestamp::from_millis;
        for n in 1..=10 {
            assert!(file.take(1, &line(n)).unwrap());
        }
        file.take(1, &LiveEvent::Checkpoint(at(2_000_000))).unwrap();
        assert_eq!((file.since(1), file.since(2)), (Some(at(2_000_000)), None));
        file.take(2, &LiveEvent::Checkpoint(at(1_000_000))).unwrap();
        file.take(2, &LiveEvent::Gap { from: at(0), to: at(5), fill: GapFill::Lost("so it is".into()) }).unwrap();
        let why = chirrup_api::Reason::Closed;
        file.take(2, &LiveEvent::RateLimitWait { wait: Duration::ZERO, until: at(5), why }).unwrap();
        file.take(2, &LiveEvent::Gap { from: at(5), to: at(9), fill: GapFill::Window(3) }).unwrap();
        file.take(2, &LiveEvent::Bad { line: Bytes::from_static(b"\xFF{"), why: "broken".into() }).unwrap();
        file.commit().unwrap();
        file.take(1, &line(11)).unwrap();
        drop(file);

        let mut file = StreamFile::open(&path, "firehose").unwrap();
        assert_eq!((file.since(1), file.since(2), file.since(3)), (Some(at(2_000_000)), Some(at(1_000_000)), None));
        assert_eq!(ids(&path), (1..=10).collect::<Vec<_>>(), "what was not kept is not there");
        for n in 5..=12 {
            assert_eq!(file.take(1, &line(n)).unwrap(), n > 10);
        }
        file.commit().unwrap();
        assert_eq!((ids(&path), file.written()), ((1..=12).collect::<Vec<_>>(), 2));
        let read = |ending| std::fs::read_to_string(beside(&path, ending)).unwrap();
        assert!(read(".gaps").contains("so it is") && read(".bad").contains("/3s="));
        let causes: Vec<_> = read(".gaps")
            .lines()
            .map(|gap| serde_json::from_str::<serde_json::Value>(gap).unwrap()["cause"].clone())
            .collect();
        assert_eq!(causes, ["nobody listened", "the server ended the stream"]);
        drop(file);
        let other = StreamFile::open(&path, "sample").unwrap_err().to_string();
        assert!(other.contains("`firehose`"), "{other}");
        std::fs::write(beside(&path, ".checkpoint"), "{").unwrap();
        assert!(StreamFile::open(&path, "firehose").is_err(), "nobody guesses");
    }

    #[test]
    fn a_long_file_is_remembered_as_far_back_as_it_may_come_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("posts.jsonl");
        let mut file = StreamFile::open(&path, "filtered").unwrap();
        let start = Timestamp::from_secs(1_790_000_000);
        let text = "x".repeat(2_000);
        // Two hours with a post each second: 14 MB.
        let id = |second: i64| start.plus_millis(second * 1_000).first_snowflake();
        let line = |second| {
            LiveEvent::Item(Bytes::from(format!("{{\"data\":{{\"id\":\"{}\",\"text\":\"{text}\"}}}}", id(second))))
        };
        for second in 0..7_200 {
            file.take(1, &line(second)).unwrap();
        }
        file.take(1, &LiveEvent::Checkpoint(start.plus_millis(7_200_000))).unwrap();
        file.commit().unwrap();
        drop(file);
        let mut file = StreamFile::open(&path, "filtered").unwrap();
        assert!(file.known.len() < 7_200, "not all of it is read");
        for second in 6_600..7_200 {
            assert!(!file.take(1, &line(second)).unwrap(), "{second}");
        }
        assert!(file.take(1, &line(7_201)).unwrap());
    }
}
