//! Folder in an object store: a log of pages and commits, and segments.

use std::fmt;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tempfile::{NamedTempFile, TempDir};

use super::disk::temporary_path;
use super::journal::PendingPage;
use super::log_entry::{self, Entry};
use super::manifest::{Manifest, Segment};
use super::sparse_file::with_columns;
use super::storage::{SegmentFiles, Storage};
use super::tables::TABLES;
use crate::archive::collected_elsewhere;
use crate::bucket::{Bucket, BucketAddress};

/// Folder with the entries of the log.
const LOG: &str = "_log";
/// Number of attempts to read a log while another program commits.
const ATTEMPTS: u32 = 10;
/// Number of hexadecimal digits of a checksum in the name of a segment.
const DIGITS: usize = 16;

/// Folder in an object store.
///
/// Each page and each commit is an object of the log. Its name is the next number, and it is stored only if there is no
/// object of this name: of two programs that store the same number, one stops. A commit has the whole manifest and replaces
/// the entries before it, which are deleted then. A program that does not know of that could store a number again that was
/// deleted; it notices the later commit, and its entry counts for nothing. Names of segments follow from their content, so
/// that storing one again after a crash changes nothing.
pub(super) struct BucketLog {
    files: Arc<BucketFiles>,
    /// Folder of segments that are not committed.
    staging: TempDir,
    /// Number that tells the entries of this writer from those of others.
    writer: u64,
    /// Number of the next entry.
    next: u64,
    /// Names of the entries that the next commit replaces.
    replaced: Vec<String>,
}

impl fmt::Debug for BucketLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BucketLog").field("bucket", &self.files.bucket).finish_non_exhaustive()
    }
}

impl BucketLog {
    /// Opens a folder. Returns its manifest, unless it is new, and the pages after it.
    pub(super) fn open(address: BucketAddress) -> io::Result<(Self, Option<Manifest>, Vec<PendingPage>)> {
        let staging = tempfile::tempdir()?;
        let bucket = Bucket::open(address)?;
        let Log { entries, manifest, pages } = Log::read(&bucket)?;
        let next = entries.last().map_or(Ok(1), |last| log_entry::number_of(last).map(|number| number + 1))?;
        let files = BucketFiles { bucket, staging: Some(staging.path().to_owned()), latest: Mutex::new(None) };
        let writer = getrandom::u64().map_err(io::Error::other)?;
        Ok((Self { files: Arc::new(files), staging, writer, next, replaced: entries }, manifest, pages))
    }

    /// Appends an entry to the log.
    fn append_entry(&mut self, entry: Vec<u8>) -> io::Result<()> {
        let (name, bucket) = (log_entry::name_of(self.next), &self.files.bucket);
        let is_stored = bucket.create(&format!("{LOG}/{name}"), entry.into())?;
        // After a commit of another program, the number may be free again.
        if !is_stored || !bucket.list(LOG, Some(&name))?.is_empty() {
            return Err(collected_elsewhere());
        }
        self.replaced.push(name);
        self.next += 1;
        Ok(())
    }

    /// Uploads the segments that are not committed, under names of their content.
    fn upload(&self, segments: &mut [Segment]) -> io::Result<()> {
        for segment in segments {
            let path = temporary_path(self.staging.path(), &segment.file);
            let Ok(file) = File::open(&path) else { continue };
            let name = segment.file.strip_suffix(".parquet").unwrap_or(&segment.file);
            let name = format!("{name}-{}.parquet", segment.sha256.get(..DIGITS).unwrap_or_default());
            self.files.bucket.upload(&name, file)?;
            std::fs::remove_file(path)?;
            segment.file = name;
        }
        Ok(())
    }

    /// Returns the segments that no commit has. Those with numbers that a later commit can use are left out.
    fn uncommitted(&self, manifest: &Manifest) -> io::Result<Vec<String>> {
        let mut found = Vec::new();
        for table in TABLES {
            for name in self.files.bucket.list(table, None)? {
                let number = name.split(['-', '.']).next().and_then(|number| number.parse::<u64>().ok());
                let is_ours = name.ends_with(".parquet") && number.is_some_and(|number| number < manifest.next_segment);
                let file = format!("{table}/{name}");
                if is_ours && !manifest.segments.iter().any(|segment| segment.file == file) {
                    found.push(file);
                }
            }
        }
        Ok(found)
    }
}

impl Storage for BucketLog {
    fn staging(&self) -> &Path {
        self.staging.path()
    }

    fn segments(&self) -> Arc<dyn SegmentFiles> {
        Arc::<BucketFiles>::clone(&self.files)
    }

    fn append(&mut self, page: &PendingPage) -> io::Result<()> {
        self.append_entry(log_entry::encode_page(page, self.writer)?)
    }

    fn commit(&mut self, manifest: &mut Manifest, replaced: &[Segment]) -> io::Result<()> {
        self.upload(&mut manifest.segments)?;
        manifest.journal = self.next + 1;
        // What another program uploads from now on is not in the list.
        let unused = if replaced.is_empty() { Vec::new() } else { self.uncommitted(manifest)? };
        let entries = std::mem::take(&mut self.replaced);
        self.append_entry(log_entry::encode_commit(manifest, self.writer)?)?;
        let entries = entries.into_iter().map(|name| format!("{LOG}/{name}"));
        self.files.bucket.delete(entries.chain(unused))?;
        for segment in replaced {
            let _ = std::fs::remove_file(temporary_path(self.staging.path(), &segment.file));
        }
        Ok(())
    }
}

/// Log of a folder from its last commit on.
struct Log {
    /// Names of all entries, with those that a commit replaced and that are not deleted yet.
    entries: Vec<String>,
    manifest: Option<Manifest>,
    pages: Vec<PendingPage>,
}

impl Log {
    fn read(bucket: &Bucket) -> io::Result<Self> {
        for _ in 0..ATTEMPTS {
            if let Some(log) = Self::try_read(bucket)? {
                return Ok(log);
            }
        }
        Err(io::Error::other("another program commits all the time; wait for its end"))
    }

    /// Reads the log from its end. Returns `None` if another program deletes entries meanwhile.
    fn try_read(bucket: &Bucket) -> io::Result<Option<Self>> {
        let (entries, mut pages) = (bucket.list(LOG, None)?, Vec::new());
        for name in entries.iter().rev() {
            let Some(content) = bucket.read(&format!("{LOG}/{name}"))? else { return Ok(None) };
            match Entry::decode(&content).map_err(|why| io::Error::other(format!("{LOG}/{name}: {why}")))? {
                Entry::Page(page) => pages.push(*page),
                Entry::Commit(manifest) => {
                    pages.reverse();
                    return Ok(Some(Self { entries, manifest: Some(*manifest), pages }));
                }
            }
        }
        match entries.is_empty() {
            true => Ok(Some(Self { entries, manifest: None, pages })),
            false => Err(io::Error::other(format!("{LOG} has no commit; choose another prefix"))),
        }
    }
}

/// Segments of a folder in an object store.
#[derive(Debug)]
pub(super) struct BucketFiles {
    bucket: Bucket,
    /// Folder of the segments that are not committed, of a writer.
    staging: Option<PathBuf>,
    /// The segment that was downloaded last.
    latest: Mutex<Option<(String, NamedTempFile)>>,
}

impl BucketFiles {
    /// Opens a folder for reading. Returns the manifest of its last commit, if it has one.
    pub(super) fn open(address: BucketAddress) -> io::Result<(Self, Option<Manifest>)> {
        let bucket = Bucket::open(address)?;
        let manifest = Log::read(&bucket)?.manifest;
        Ok((Self { bucket, staging: None, latest: Mutex::new(None) }, manifest))
    }

    /// Opens a segment that is not committed.
    fn open_uncommitted(&self, segment: &str) -> Option<File> {
        File::open(temporary_path(self.staging.as_ref()?, segment)).ok()
    }
}

impl SegmentFiles for BucketFiles {
    fn open(&self, segment: &str) -> io::Result<File> {
        if let Some(file) = self.open_uncommitted(segment) {
            return Ok(file);
        }
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((name, file)) = &*latest
            && name == segment
        {
            return file.reopen();
        }
        let downloaded = self.bucket.download(segment)?;
        latest.insert((segment.to_owned(), downloaded)).1.reopen()
    }

    fn open_columns(&self, segment: &Segment, names: &[&str]) -> io::Result<File> {
        if let Some(file) = self.open_uncommitted(&segment.file) {
            return Ok(file);
        }
        with_columns(segment.bytes, names, |ranges| self.bucket.read_ranges(&segment.file, ranges))
    }

    /// Segments of a program that was killed count for nothing until it continues, and a compaction deletes them.
    fn unlisted(&self, _: &Manifest) -> io::Result<Vec<String>> {
        Ok(Vec::new())
    }
}
