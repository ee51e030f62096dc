//! Recording of a live stream in files.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use bytes::Bytes;
use chirrup_api::LiveEvent;
use chirrup_api::internal::{line_key, post_id};
use chirrup_model::{PostId, Timestamp};
use chirrup_store::{FileStore, LockedStore, Store as _, with_suffix};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::events::{Causes, fill_json, undecodable_json};
use crate::lines::{LineFile, is_line_end};

/// Maximum number of lines between two commits.
const COMMIT_LINES: u64 = 1_000;
/// Maximum time between two commits while events arrive.
const COMMIT_INTERVAL: Duration = Duration::from_secs(1);
/// Time before the checkpoint from which a resumed stream can repeat items, in milliseconds.
const OVERLAP_MS: i64 = 600_000;
/// Number of bytes at the end of a file that are read first to find items that can be repeated.
const INITIAL_LOOKBACK: u64 = 4 << 20;
/// Maximum number of these bytes.
const MAX_LOOKBACK: u64 = 256 << 20;

/// Checkpoint of a stream, as stored on disk.
#[derive(Debug, Serialize, Deserialize)]
struct Checkpoint {
    version: u32,
    /// Name of the stream.
    stream: String,
    /// Length in bytes of the committed lines.
    length: u64,
    /// Time up to which each partition is complete.
    covered: BTreeMap<u32, String>,
}

const VERSION: u32 = 1;

/// File that records a live stream, one JSON line per item, and resumes it from a checkpoint.
///
/// Next to the file are its checkpoint (`.checkpoint`), the lines that could not be decoded (`.bad`) and a report of the
/// gaps and how each was filled (`.gaps`). One program at a time can write the file; others can read it meanwhile.
///
/// ```no_run
/// # async fn example(client: chirrup_api::ApiClient) -> Result<(), Box<dyn std::error::Error>> {
/// use chirrup_archive::StreamFile;
///
/// let mut file = StreamFile::open("posts.jsonl", "filtered")?;
/// let mut stream = client.filtered_stream().live().lazy();
/// if let Some(checkpoint) = file.checkpoint(1) {
///     stream = stream.since(checkpoint);
/// }
/// let mut stream = stream.open();
/// while let Some(event) = stream.next_event().await {
///     file.record(1, &event.map(|post| post.bytes().clone()))?;
/// }
/// file.commit()?;
/// # Ok(()) }
/// ```
pub struct StreamFile {
    lines: LineFile,
    bad: LineFile,
    gaps: LineFile,
    checkpoint: Box<dyn LockedStore>,
    stream: String,
    covered: BTreeMap<u32, Timestamp>,
    causes: Causes,
    /// Keys of earlier lines that the stream can repeat, sorted.
    known: Vec<u64>,
    uncommitted: u64,
    changed: bool,
    last_commit: Instant,
    lines_written: u64,
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
    /// Opens or creates the file of a stream. A file without a checkpoint is continued only if it is empty or consists of
    /// complete JSON lines, and no link is followed.
    ///
    /// # Errors
    /// If the file cannot be read or written, another program writes to it, it holds something else, or it records another
    /// stream.
    pub fn open(path: impl Into<PathBuf>, stream: &str) -> io::Result<Self> {
        let path = path.into();
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
            return Err(io::Error::new(io::ErrorKind::NotFound, format!("the folder {} is missing", folder.display())));
        }
        let checkpoint_path = with_suffix(&path, ".checkpoint");
        if path.symlink_metadata().is_ok() && !checkpoint_path.exists() {
            // A file of another program is refused before any file is created next to it.
            LineFile::open_unknown(&path)?;
        }
        let store = FileStore::at(checkpoint_path);
        let refused = |why: String| io::Error::other(format!("{}: {why}", path.display()));
        let Some(mut locked) = store.try_lock().map_err(io::Error::other)? else {
            let why = "another program writes to it; stop that program or choose another file";
            return Err(refused(why.to_owned()));
        };
        let checkpoint = match locked.read().map_err(io::Error::other)? {
            Some(bytes) => Some(serde_json::from_slice::<Checkpoint>(&bytes).map_err(|why| {
                refused(format!("its checkpoint {} is invalid ({why}); choose another file", store.name()))
            })?),
            None => None,
        };
        if let Some(found) = &checkpoint {
            if found.version > VERSION {
                let why = "a newer version of this program wrote it; use that version or choose another file";
                return Err(refused(why.to_owned()));
            }
            if found.stream != stream {
                let recorded = found.stream.chars().take(60).collect::<String>();
                return Err(refused(format!("it records the stream `{recorded}`; choose another file")));
            }
        }
        let covered = checkpoint.iter().flat_map(|found| &found.covered);
        let covered = covered.filter_map(|(partition, until)| Some((*partition, until.parse().ok()?))).collect();
        let (bad, gaps) = (with_suffix(&path, ".bad"), with_suffix(&path, ".gaps"));
        let (lines, bad, gaps) = match &checkpoint {
            Some(found) if is_line_end(&path, found.length)? => {
                (LineFile::open(&path, found.length)?, LineFile::open(bad, 0)?, LineFile::open(gaps, 0)?)
            }
            // Without a checkpoint, or with one of another file, these files may belong to another program.
            _ => (LineFile::open_unknown(&path)?, LineFile::open_unknown(bad)?, LineFile::open_unknown(gaps)?),
        };
        let is_new = checkpoint.is_none();
        let mut file = Self {
            lines,
            bad,
            gaps,
            checkpoint: locked,
            stream: stream.to_owned(),
            covered,
            causes: Causes::default(),
            known: Vec::new(),
            uncommitted: 0,
            changed: false,
            last_commit: Instant::now(),
            lines_written: 0,
        };
        if is_new {
            // From now on, a partial line is one of this program.
            file.commit()?;
        }
        file.load_known()?;
        Ok(file)
    }

    /// Returns the checkpoint of a partition: the time from which to resume it, or `None` if it was never recorded. A
    /// stream without partitions is partition 1.
    pub fn checkpoint(&self, partition: u32) -> Option<Timestamp> {
        self.covered.get(&partition).copied()
    }

    /// Path of the file.
    pub fn path(&self) -> &Path {
        self.lines.path()
    }

    /// Number of bytes that opening the file removed, because they were not complete lines: usually the rest of a line
    /// that a crash left. They are kept in a file with `.cut` appended to the name.
    pub fn removed(&self) -> u64 {
        self.lines.removed()
    }

    /// Number of lines written since the file was opened.
    pub fn lines_written(&self) -> u64 {
        self.lines_written
    }

    /// Loads the keys of the lines that a resumed stream can repeat.
    fn load_known(&mut self) -> io::Result<()> {
        let Some(earliest) = self.covered.values().min() else { return Ok(()) };
        let horizon = earliest.plus_millis(-OVERLAP_MS);
        let mut lookback = INITIAL_LOOKBACK;
        loop {
            let mut oldest = None;
            let all = self.lines.visit_last(lookback, |line| {
                oldest = post_id(line).map(|id| PostId::new(id).timestamp());
                oldest.is_none()
            })?;
            if all || oldest.is_some_and(|oldest| oldest < horizon) || lookback >= MAX_LOOKBACK {
                break;
            }
            lookback *= 4;
        }
        let mut known = Vec::new();
        self.lines.visit_last(lookback, |line| {
            known.push(line_key(line));
            true
        })?;
        known.sort_unstable();
        known.dedup();
        known.shrink_to_fit();
        self.known = known;
        Ok(())
    }

    /// Records an event of a partition. Returns whether it added a line. Commits about once a second, and at the first
    /// checkpoint of a partition.
    ///
    /// # Errors
    /// If the files cannot be written. Nothing since the last successful [`commit`](Self::commit) is then durable.
    pub fn record(&mut self, partition: u32, event: &LiveEvent<Bytes>) -> io::Result<bool> {
        let mut added = false;
        match event {
            LiveEvent::Item(line) => {
                // Finding the key takes time, so a new file skips it.
                added = self.known.is_empty() || self.known.binary_search(&line_key(line)).is_err();
                if added {
                    self.lines.append(line)?;
                    self.lines_written += 1;
                    self.uncommitted += 1;
                    self.changed = true;
                }
            }
            LiveEvent::Bad { line, why } => {
                let mut bad = undecodable_json(line);
                bad["why"] = why.as_str().into();
                self.bad.append(bad.to_string().as_bytes())?;
                self.changed = true;
            }
            LiveEvent::ReconnectWait { why, .. } => {
                self.causes.disconnected(partition, why);
            }
            LiveEvent::Gap { from, to, fill } => {
                let gap = json!({
                    "partition": partition, "from": from.to_string(), "to": to.to_string(),
                    "cause": self.causes.take(partition), "filled": fill_json(fill),
                });
                self.gaps.append(gap.to_string().as_bytes())?;
                self.changed = true;
            }
            LiveEvent::Dropped(lines) => {
                let gap = json!({"partition": partition, "dropped": lines});
                self.gaps.append(gap.to_string().as_bytes())?;
                self.changed = true;
            }
            LiveEvent::Checkpoint(until) => {
                self.changed = true;
                if self.covered.insert(partition, *until).is_none() {
                    // Without a first checkpoint, a program that is killed does not know that it missed anything.
                    self.commit()?;
                }
            }
            _ => {}
        }
        self.commit_if_due()?;
        Ok(added)
    }

    /// Commits if the last commit is more than a second or 1,000 lines ago.
    ///
    /// # Errors
    /// The same as for [`commit`](Self::commit).
    pub fn commit_if_due(&mut self) -> io::Result<()> {
        let due = self.uncommitted >= COMMIT_LINES || self.last_commit.elapsed() >= COMMIT_INTERVAL;
        if due && self.changed { self.commit() } else { Ok(()) }
    }

    /// Writes all recorded events to the disk, and then the checkpoint.
    ///
    /// # Errors
    /// If they cannot be written. The previous checkpoint then remains valid.
    pub fn commit(&mut self) -> io::Result<()> {
        self.lines.commit()?;
        self.bad.commit()?;
        self.gaps.commit()?;
        let covered = self.covered.iter().map(|(partition, until)| (*partition, until.to_string()));
        let checkpoint = Checkpoint {
            version: VERSION,
            stream: self.stream.clone(),
            length: self.lines.byte_len(),
            covered: covered.collect(),
        };
        self.checkpoint.replace(&serde_json::to_vec(&checkpoint)?).map_err(io::Error::other)?;
        (self.uncommitted, self.changed, self.last_commit) = (0, false, Instant::now());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use chirrup_api::GapFill;

    use super::*;

    fn line(n: u64) -> LiveEvent<Bytes> {
        LiveEvent::Item(format!("{{\"data\":{{\"id\":\"{n}\",\"text\":\"{n}\"}}}}").into())
    }

    fn ids(path: &Path) -> Vec<u64> {
        std::fs::read_to_string(path).unwrap().lines().map(|line| post_id(line.as_bytes()).unwrap()).collect()
    }

    #[test]
    fn repeated_items_are_stored_once_and_each_partition_has_a_checkpoint() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("posts.jsonl");
        let mut file = StreamFile::open(&path, "firehose").unwrap();
        assert_eq!(file.checkpoint(1), None);
        let other = StreamFile::open(&path, "firehose").unwrap_err().to_string();
        assert!(other.contains("another program"), "{other}");
        let at = Timestamp::from_millis;
        for n in 1..=10 {
            assert!(file.record(1, &line(n)).unwrap());
        }
        file.record(1, &LiveEvent::Checkpoint(at(2_000_000))).unwrap();
        assert_eq!((file.checkpoint(1), file.checkpoint(2)), (Some(at(2_000_000)), None));
        file.record(2, &LiveEvent::Checkpoint(at(1_000_000))).unwrap();
        file.record(2, &LiveEvent::Gap { from: at(0), to: at(5), fill: GapFill::Lost("too far back".into()) }).unwrap();
        let why = chirrup_api::Reason::Closed;
        file.record(2, &LiveEvent::ReconnectWait { wait: Duration::ZERO, until: at(5), why }).unwrap();
        file.record(2, &LiveEvent::Gap { from: at(5), to: at(9), fill: GapFill::Window(3) }).unwrap();
        file.record(2, &LiveEvent::Bad { line: Bytes::from_static(b"\xFF{"), why: "broken".into() }).unwrap();
        file.commit().unwrap();
        file.record(1, &line(11)).unwrap();
        drop(file);

        let mut file = StreamFile::open(&path, "firehose").unwrap();
        assert_eq!(
            (file.checkpoint(1), file.checkpoint(2), file.checkpoint(3)),
            (Some(at(2_000_000)), Some(at(1_000_000)), None)
        );
        assert_eq!(ids(&path), (1..=10).collect::<Vec<_>>(), "uncommitted lines are not in the file");
        for n in 5..=12 {
            assert_eq!(file.record(1, &line(n)).unwrap(), n > 10);
        }
        file.commit().unwrap();
        assert_eq!((ids(&path), file.lines_written()), ((1..=12).collect::<Vec<_>>(), 2));
        let read = |ending| std::fs::read_to_string(with_suffix(&path, ending)).unwrap();
        assert!(read(".gaps").contains("too far back") && read(".bad").contains("/3s="));
        let causes: Vec<_> = read(".gaps")
            .lines()
            .map(|gap| serde_json::from_str::<serde_json::Value>(gap).unwrap()["cause"].clone())
            .collect();
        assert_eq!(causes, ["the stream was not being read", "the server closed the connection"]);
        drop(file);
        let other = StreamFile::open(&path, "sample").unwrap_err().to_string();
        assert!(other.contains("`firehose`"), "{other}");
        std::fs::write(with_suffix(&path, ".checkpoint"), "{").unwrap();
        assert!(StreamFile::open(&path, "firehose").is_err(), "an invalid checkpoint is an error");
    }

    #[test]
    fn the_first_checkpoint_survives_a_program_that_is_killed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("posts.jsonl");
        let mut file = StreamFile::open(&path, "firehose").unwrap();
        let at = Timestamp::from_millis(1_790_000_000_000);
        for partition in [1, 2] {
            file.record(partition, &LiveEvent::Checkpoint(at)).unwrap();
        }
        file.record(1, &LiveEvent::Checkpoint(at.plus_millis(1))).unwrap();
        drop(file);
        let file = StreamFile::open(&path, "firehose").unwrap();
        assert_eq!((file.checkpoint(1), file.checkpoint(2)), (Some(at), Some(at)));
    }

    #[test]
    fn a_file_that_something_else_replaced_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("posts.jsonl");
        std::fs::write(&path, "my only diary").unwrap();
        let refused = StreamFile::open(&path, "sample").unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::InvalidInput, "{refused}");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1, "no other file is created");
        std::fs::remove_file(&path).unwrap();
        let mut file = StreamFile::open(&path, "sample").unwrap();
        file.record(1, &line(1)).unwrap();
        file.commit().unwrap();
        drop(file);
        std::fs::write(&path, "my only diary, much longer than the stream was: a line\nand another\n").unwrap();
        let refused = StreamFile::open(&path, "sample").unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::InvalidInput, "{refused}");
        assert!(std::fs::read_to_string(&path).unwrap().starts_with("my only diary"));
        assert!(!with_suffix(&path, ".cut").exists());
        assert!(StreamFile::open(dir.path().join("typo/posts.jsonl"), "sample").is_err());
        assert!(!dir.path().join("typo").exists());
    }

    #[test]
    fn what_a_crash_left_is_kept_and_counted() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("posts.jsonl");
        drop(StreamFile::open(&path, "sample").unwrap());
        std::fs::write(&path, "{\"data\":{\"id\":\"1\"}}\n{\"data\":").unwrap();
        let file = StreamFile::open(&path, "sample").unwrap();
        assert_eq!(file.removed(), 8);
        assert_eq!(std::fs::read(with_suffix(&path, ".cut")).unwrap(), b"{\"data\":");
        assert_eq!(ids(&path), [1]);
    }

    #[test]
    fn only_the_end_of_a_long_file_is_read_for_repeated_items() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("posts.jsonl");
        let mut file = StreamFile::open(&path, "filtered").unwrap();
        let start = Timestamp::from_secs(1_790_000_000);
        let text = "x".repeat(2_000);
        // Two hours with one post per second: 14 MB.
        let id = |second: i64| start.plus_millis(second * 1_000).first_snowflake();
        let line = |second| {
            LiveEvent::Item(Bytes::from(format!("{{\"data\":{{\"id\":\"{}\",\"text\":\"{text}\"}}}}", id(second))))
        };
        for second in 0..7_200 {
            file.record(1, &line(second)).unwrap();
        }
        file.record(1, &LiveEvent::Checkpoint(start.plus_millis(7_200_000))).unwrap();
        file.commit().unwrap();
        drop(file);
        let mut file = StreamFile::open(&path, "filtered").unwrap();
        assert!(file.known.len() < 7_200, "only the end of the file is read");
        for second in 6_600..7_200 {
            assert!(!file.record(1, &line(second)).unwrap(), "{second}");
        }
        assert!(file.record(1, &line(7_201)).unwrap());
    }
}
