//! Recording of a live stream in an archive.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use bytes::Bytes;
use chirrup_api::LiveEvent;
use chirrup_api::internal::{line_key, post_id};
use chirrup_model::{PostId, Timestamp};
use serde_json::json;

use crate::archive::Archive;
use crate::collection::{Checkpoint, ItemKind, Page};
use crate::events::{Causes, fill_json, remove_unreadable, undecodable_json};
use crate::report::{Gap, Report};

/// Maximum number of lines between two commits. Each partition is a transaction of its own.
const COMMIT_LINES: usize = 5_000;
/// Maximum time between two commits while events arrive.
const COMMIT_INTERVAL: Duration = Duration::from_secs(1);

/// Stream that is recorded in an [`Archive`], and resumed from the checkpoint there.
///
/// The posts of a partition, its gaps, its undecodable lines and its checkpoint are stored together, so that each post is
/// stored once, whatever stops the program. A source of the archive is a partition of the stream.
///
/// ```no_run
/// # #[cfg(feature = "sqlite")]
/// # async fn example(client: chirrup_api::ApiClient) -> Result<(), Box<dyn std::error::Error>> {
/// use chirrup_archive::{ArchiveStream, Database};
///
/// let archive = Database::open("birds.db")?;
/// let mut recording = ArchiveStream::open(Box::new(archive), "filtered")?;
/// let mut stream = client.filtered_stream().live().lazy();
/// if let Some(checkpoint) = recording.checkpoint(1) {
///     stream = stream.since(checkpoint);
/// }
/// let mut stream = stream.open();
/// while let Some(event) = stream.next_event().await {
///     recording.record(1, &event.map(|post| post.bytes().clone()))?;
/// }
/// recording.finish()?;
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct ArchiveStream {
    archive: Box<dyn Archive>,
    stream: String,
    partitions: BTreeMap<u32, Partition>,
    causes: Causes,
    uncommitted: usize,
    last_commit: Instant,
    new_items: u64,
}

/// State of a partition, and what is not stored yet.
#[derive(Debug, Default)]
struct Partition {
    stored: Checkpoint,
    /// Time up to which the partition is complete.
    covered: Option<Timestamp>,
    lines: Vec<Bytes>,
    report: Report,
    is_changed: bool,
}

impl ArchiveStream {
    /// Continues the recording of a stream in an archive, or begins it.
    ///
    /// # Errors
    /// If the archive cannot be read.
    pub fn open(archive: Box<dyn Archive>, stream: &str) -> io::Result<Self> {
        let prefix = format!("stream {stream} ");
        let mut partitions = BTreeMap::new();
        for source in archive.sources(&prefix)? {
            let Some(partition) = source.strip_prefix(&prefix).and_then(|number| number.parse().ok()) else { continue };
            let stored = archive.checkpoint(&source)?;
            let covered = stored.next_token.as_ref().and_then(|time| time.parse().ok());
            partitions.insert(partition, Partition { stored, covered, ..Partition::default() });
        }
        let (stream, last_commit) = (stream.to_owned(), Instant::now());
        Ok(Self { archive, stream, partitions, causes: Causes::default(), uncommitted: 0, last_commit, new_items: 0 })
    }

    /// Returns the checkpoint of a partition: the time from which to resume it, or `None` if it was never recorded. A
    /// stream without partitions is partition 1.
    pub fn checkpoint(&self, partition: u32) -> Option<Timestamp> {
        self.partitions.get(&partition)?.covered
    }

    /// Path of the archive.
    pub fn path(&self) -> &Path {
        self.archive.path()
    }

    /// Number of posts stored since the recording was opened that the stream had not brought before.
    pub fn new_items(&self) -> u64 {
        self.new_items
    }

    /// Records an event of a partition. Returns whether it is a new item. Commits about once a second, and at the first
    /// checkpoint of a partition.
    ///
    /// # Errors
    /// If the archive cannot be written. Nothing since the last successful [`commit`](Self::commit) is then stored.
    pub fn record(&mut self, partition: u32, event: &LiveEvent<Bytes>) -> io::Result<bool> {
        let state = self.partitions.entry(partition).or_default();
        let (mut is_new, mut is_first_checkpoint) = (false, false);
        match event {
            LiveEvent::Item(line) => {
                // Only a resumed stream repeats items.
                let is_known = state.stored.pages > 0
                    && self.archive.has_result(&source_of(&self.stream, partition), line_key(line))?;
                is_new = !is_known;
                if is_new {
                    state.lines.push(line.clone());
                    state.is_changed = true;
                    self.uncommitted += 1;
                }
            }
            LiveEvent::Bad { line, why } => {
                state.report.problems.push((undecodable_json(line).to_string(), why.clone()));
                state.is_changed = true;
            }
            LiveEvent::ReconnectWait { why, .. } => self.causes.disconnected(partition, why),
            LiveEvent::Gap { from, to, fill } => {
                let (cause, filled) = (self.causes.take(partition), fill_json(fill).to_string());
                state.report.gaps.push(Gap { from: Some(*from), to: Some(*to), cause, filled });
                state.is_changed = true;
            }
            LiveEvent::Dropped(lines) => {
                let (cause, filled) = ("the program was too slow".to_owned(), json!({"dropped": lines}).to_string());
                state.report.gaps.push(Gap { from: None, to: None, cause, filled });
                state.is_changed = true;
            }
            LiveEvent::Checkpoint(until) => {
                // Without a first checkpoint, a program that is killed does not know that it missed anything.
                is_first_checkpoint = state.covered.replace(*until).is_none();
                state.is_changed = true;
            }
            _ => {}
        }
        if is_first_checkpoint {
            self.commit()?
        } else {
            self.commit_if_due()?
        }
        Ok(is_new)
    }

    /// Commits if the last commit is more than a second or 5,000 lines ago.
    ///
    /// # Errors
    /// The same as for [`commit`](Self::commit).
    pub fn commit_if_due(&mut self) -> io::Result<()> {
        let is_due = self.uncommitted >= COMMIT_LINES || self.last_commit.elapsed() >= COMMIT_INTERVAL;
        if is_due { self.commit() } else { Ok(()) }
    }

    /// Stores what was recorded, each partition with its checkpoint in one transaction.
    ///
    /// # Errors
    /// If the archive cannot be written, or another program records the same stream in it.
    pub fn commit(&mut self) -> io::Result<()> {
        for (number, partition) in self.partitions.iter_mut().filter(|(_, partition)| partition.is_changed) {
            self.new_items += partition.store(&mut *self.archive, &source_of(&self.stream, *number))?;
        }
        (self.uncommitted, self.last_commit) = (0, Instant::now());
        Ok(())
    }

    /// Stores what was recorded, and finishes the archive.
    ///
    /// # Errors
    /// The same as for [`commit`](Self::commit).
    pub fn finish(&mut self) -> io::Result<()> {
        self.commit()?;
        self.archive.finish()
    }
}

impl Partition {
    /// Stores what is not stored yet. Returns the number of new items.
    fn store(&mut self, archive: &mut dyn Archive, source: &str) -> io::Result<u64> {
        let lines = std::mem::take(&mut self.lines);
        let mut report = std::mem::take(&mut self.report);
        let mut bodies: Vec<&[u8]> = lines.iter().map(|line| &line[..]).collect();
        let created_at = || lines.last().and_then(|line| post_id(line)).map(|id| PostId::new(id).timestamp());
        let seen_at = self.covered.or_else(created_at).unwrap_or_else(|| Timestamp::from_millis(0));
        // A stream is never complete.
        let next_token = self.covered.map_or_else(String::new, |time| time.to_string());
        let mut store = |bodies: &[&[u8]], report: &Report| {
            let (items, next_token) = (ItemKind::Posts, Some(&next_token[..]));
            let page = Page { bodies, items, relation: None, seen_at, cost_micros: 0, next_token };
            archive.store(source, &page, report, &mut self.stored)
        };
        let stored = match store(&bodies, &report) {
            // The archive reads each line once. Which of them it cannot read is only of interest after a refusal.
            Err(refusal) if refusal.kind() == io::ErrorKind::InvalidData => {
                remove_unreadable(&mut bodies, &mut report.problems);
                store(&bodies, &report)?
            }
            stored => stored?,
        };
        self.is_changed = false;
        Ok(stored.new_items)
    }
}

/// Returns the name of the source that a partition is.
fn source_of(stream: &str, partition: u32) -> String {
    format!("stream {stream} {partition}")
}

#[cfg(all(test, feature = "sqlite"))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use chirrup_api::GapFill;

    use super::*;
    use crate::database::Database;

    fn item(id: u64) -> LiveEvent<Bytes> {
        let line = format!(r#"{{"data":{{"id":"{id}","text":"heron {id}"}},"matching_rules":[{{"id":"5"}}]}}"#);
        LiveEvent::Item(line.into())
    }

    #[test]
    fn repeated_items_are_stored_once_and_each_partition_has_a_checkpoint() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("birds.db");
        let mut recording = ArchiveStream::open(Box::new(Database::open(&path).unwrap()), "firehose").unwrap();
        assert_eq!(recording.checkpoint(1), None);
        let at = Timestamp::from_millis;
        (1..=10).for_each(|id| assert!(recording.record(1, &item(id)).unwrap()));
        recording.record(1, &LiveEvent::Checkpoint(at(2_000_000))).unwrap();
        recording.record(2, &LiveEvent::Checkpoint(at(1_000_000))).unwrap();
        let lost = GapFill::Lost("too far back".into());
        recording.record(2, &LiveEvent::Gap { from: at(0), to: at(5), fill: lost }).unwrap();
        recording.record(2, &LiveEvent::Bad { line: Bytes::from_static(b"\xFF{"), why: "broken".into() }).unwrap();
        recording.record(2, &LiveEvent::Item(Bytes::from_static(b"no JSON"))).unwrap();
        recording.commit().unwrap();
        recording.record(1, &item(11)).unwrap();
        assert_eq!(recording.new_items(), 10);
        drop(recording);

        let mut recording = ArchiveStream::open(Box::new(Database::open(&path).unwrap()), "firehose").unwrap();
        let found = [1, 2, 3].map(|partition| recording.checkpoint(partition));
        assert_eq!(found, [Some(at(2_000_000)), Some(at(1_000_000)), None]);
        (5..=12).for_each(|id| assert_eq!(recording.record(1, &item(id)).unwrap(), id > 10));
        recording.commit().unwrap();
        assert_eq!(recording.new_items(), 2);
        let mut other = ArchiveStream::open(Box::new(Database::open(&path).unwrap()), "firehose").unwrap();
        recording.record(1, &item(13)).unwrap();
        recording.commit().unwrap();
        other.record(1, &item(14)).unwrap();
        assert!(other.commit().unwrap_err().to_string().contains("another program"));
        let database = Database::open_read_only(&path).unwrap();
        assert_eq!(database.verify().unwrap(), [""; 0]);
        let mut numbers = Vec::new();
        let query = "SELECT (SELECT count(*) FROM posts), (SELECT count(*) FROM matched_rules), \
                     (SELECT count(*) FROM problems), (SELECT count(*) FROM gaps WHERE to_at = 5)";
        let keep = |_: &[String], row| {
            numbers.push(row);
            Ok(())
        };
        database.query(query, keep).unwrap();
        assert_eq!(numbers, [[13, 13, 2, 1].map(serde_json::Value::from)]);
    }

    #[test]
    fn a_line_that_the_archive_cannot_read_is_kept_as_a_problem() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(folder.path().join("birds.db")).unwrap();
        let mut recording = ArchiveStream::open(Box::new(database), "firehose").unwrap();
        recording.record(1, &item(1)).unwrap();
        let line = br#"{"data":{"id":"2","text":"heron"},"errors":"not a list"}"#;
        recording.record(1, &LiveEvent::Item(Bytes::from_static(line))).unwrap();
        recording.record(1, &item(3)).unwrap();
        recording.commit().unwrap();
        assert_eq!(recording.new_items(), 2);
        let database = Database::open(folder.path().join("birds.db")).unwrap();
        let counts = "SELECT (SELECT count(*) FROM posts), count(*), min(instr(json, 'not a list') > 0) FROM problems";
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        let found: (u64, u64, bool) = database.db.query_row(counts, [], read).unwrap();
        assert_eq!(found, (2, 1, true));
    }
}
