//! Writer of a folder: pages go to the journal, and later to segments.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::batch::{self, Batch, items_of};
use super::disk::Disk;
use super::files::failed;
use super::journal::{Header, PendingPage, line_of};
use super::manifest::{Manifest, Segment, Source};
use super::recent::RecentItems;
use super::storage::Storage;
use super::{recent, segment, tables};
use crate::archive::{Archive, Stored, collected_elsewhere};
use crate::collection::{Checkpoint, Page};
use crate::comply::Removed;
use crate::object::ObjectKind;
use crate::objects::Body;
use crate::reader::ArchiveReader;
use crate::report::Report;
use chirrup_model::Timestamp;

/// Number of bytes of pages after which they become segments.
pub(super) const SEGMENT_LEN: usize = 32 << 20;
/// Time after which pages become segments, so that readers find them.
const SEGMENT_AGE: Duration = Duration::from_secs(600);

/// Folder of Parquet files that stores the pages of sources, each together with the checkpoint from which the source
/// resumes.
///
/// A stored page survives a crash of the program and a power failure: it is in the folder's journal first, and later in
/// segments, which the manifest lists. Replacing the manifest commits segments and checkpoints together. One program at a
/// time can write to the folder; others can read it meanwhile. On Unix, only its owner can read a new folder.
pub struct ParquetFolder {
    pub(super) path: PathBuf,
    pub(super) storage: Box<dyn Storage>,
    /// The manifest with the pages of the journal.
    pub(super) manifest: Manifest,
    pub(super) pending: Vec<PendingPage>,
    pending_len: usize,
    pending_since: Option<Instant>,
    recent: RecentItems,
    /// Numbers of the sources whose latest items are known.
    known_sources: BTreeMap<String, u32>,
    /// Whether a write failed: what is in memory is then not what is on the disk.
    is_broken: bool,
}

impl fmt::Debug for ParquetFolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParquetFolder").field("path", &self.path).finish_non_exhaustive()
    }
}

impl ParquetFolder {
    /// Opens or creates a folder. What a crash left is completed or removed.
    ///
    /// # Errors
    /// If the folder cannot be read or written, another program writes to it, a newer version of this program wrote it, or
    /// it contains something other than an archive.
    pub fn open(path: impl Into<PathBuf>) -> io::Result<Self> {
        let path = path.into();
        let opened = Disk::open(&path);
        opened
            .and_then(|(disk, manifest, left)| Self::start(path.clone(), (Box::new(disk), manifest, left)))
            .map_err(|why| failed(&path, &why))
    }

    /// Opens or creates a folder in an object store: `s3://bucket/prefix`, with the credentials and the region of the
    /// variables and files of the AWS command line. A page is stored under the next number if there is no object of this
    /// name, so that of two programs that write to the same folder one stops.
    ///
    /// # Errors
    /// If the address is invalid, the store cannot be reached or refuses the credentials, or a newer version of this program
    /// wrote the folder.
    #[cfg(feature = "s3")]
    pub fn open_in_bucket(address: &str) -> io::Result<Self> {
        let address = crate::bucket::BucketAddress::parse(address)?;
        let path = PathBuf::from(address.to_string());
        let opened = super::bucket_log::BucketLog::open(address);
        opened
            .and_then(|(log, manifest, left)| Self::start(path.clone(), (Box::new(log), manifest, left)))
            .map_err(|why| failed(&path, &why))
    }

    /// Continues a folder from its manifest, unless it is new, and from the pages that are not in a segment yet.
    fn start(
        path: PathBuf,
        (storage, manifest, left): (Box<dyn Storage>, Option<Manifest>, Vec<PendingPage>),
    ) -> io::Result<Self> {
        let is_new = manifest.is_none();
        let mut folder = Self {
            path,
            storage,
            manifest: manifest.unwrap_or_default(),
            pending: Vec::new(),
            pending_len: 0,
            pending_since: None,
            recent: RecentItems::default(),
            known_sources: BTreeMap::new(),
            is_broken: false,
        };
        if is_new {
            // Each table has a file, so that other programs find its columns.
            folder.manifest.segments = write_empty(folder.storage.staging(), &mut folder.manifest.next_segment)?;
        }
        for page in left {
            folder.count(&page.header);
            folder.add(page);
        }
        if is_new || !folder.pending.is_empty() {
            folder.write_segments()?;
        }
        Ok(folder)
    }

    /// Adds a page to those that become segments next.
    fn add(&mut self, page: PendingPage) {
        self.pending_len += page.byte_len();
        self.pending_since.get_or_insert_with(Instant::now);
        self.pending.push(page);
    }

    /// Moves the checkpoint of a source behind a page.
    fn count(&mut self, page: &Header) {
        let source = self.manifest.sources.entry(page.source.clone());
        let source =
            source.or_insert_with(|| Source { kind: page.kind.clone(), started_at: page.seen_at, ..Source::default() });
        source.pages += 1;
        source.items += page.new_items;
        source.next_token.clone_from(&page.next_token);
        source.is_complete = page.next_token.is_none();
        source.cost_micros += page.cost_micros;
        if source.since_id != page.since_id {
            source.oldest_id = None;
        }
        source.oldest_id = source.oldest_id.into_iter().chain(page.oldest_id).min();
        source.newest_id = source.newest_id.max(page.newest_id);
        (source.until_id, source.since_id) = (page.until_id, page.since_id);
        source.updated_at = page.seen_at;
    }

    /// Writes the pages of the journal as segments, if there are some.
    pub(super) fn write_pending(&mut self) -> io::Result<()> {
        if self.pending.is_empty() { Ok(()) } else { self.write_segments() }
    }

    /// Writes the pages of the journal as segments, commits them, and begins another journal.
    fn write_segments(&mut self) -> io::Result<()> {
        let pages = std::mem::take(&mut self.pending);
        (self.pending_len, self.pending_since) = (0, None);
        let mut batch = Batch::default();
        pages.iter().for_each(|page| batch.add_page(page));
        let mut next = self.manifest.next_segment;
        let segments = write_batch(self.storage.staging(), &mut batch, &mut next)?;
        self.manifest.next_segment = next;
        self.manifest.segments.extend(segments);
        self.storage.commit(&mut self.manifest, &[])
    }

    /// Returns the number of a source whose latest items are known.
    fn number_of(&mut self, source: &str) -> io::Result<u32> {
        if let Some(number) = self.known_sources.get(source) {
            return Ok(*number);
        }
        let number = u32::try_from(self.known_sources.len()).unwrap_or(u32::MAX);
        if let Some(known) = self.manifest.sources.get(source) {
            let kind = batch::kind_of(&known.kind);
            recent::recent_items(&*self.storage.segments(), &self.manifest, kind, source, |item| {
                self.recent.insert(number, item);
            })?;
        }
        self.known_sources.insert(source.to_owned(), number);
        Ok(number)
    }

    /// Changes the folder. After a failure, only another start of the program knows what is on the disk.
    pub(super) fn change<T>(&mut self, change: impl FnOnce(&mut Self) -> io::Result<T>) -> io::Result<T> {
        let changed = match std::mem::replace(&mut self.is_broken, true) {
            true => Err(io::Error::other("an earlier write failed; open the folder again to continue")),
            false => change(self),
        };
        self.is_broken = changed.is_err();
        changed.map_err(|why| failed(&self.path, &why))
    }

    fn store_page(
        &mut self,
        source: &str,
        page: &Page<'_>,
        items: &[u64],
        report: &Report,
        checkpoint: &Checkpoint,
    ) -> io::Result<Stored> {
        let number = self.number_of(source)?;
        let new_items = items.iter().map(|item| u64::from(self.recent.insert(number, *item))).sum();
        // Other items have no IDs in an order of time.
        let has_ids = page.items.object().has_numeric_keys();
        let ids = || items.iter().copied().filter(|_| has_ids);
        let (oldest_id, newest_id) = (ids().min(), ids().max());
        let Checkpoint { until_id, since_id, .. } = *checkpoint;
        let header =
            Header { new_items, oldest_id, newest_id, until_id, since_id, ..Header::new(source, page, report) };
        let page = PendingPage { header, bodies: page.bodies.iter().map(|body| line_of(body)).collect() };
        self.storage.append(&page)?;
        self.count(&page.header);
        self.add(page);
        let is_old = self.pending_since.is_some_and(|since| since.elapsed() >= SEGMENT_AGE);
        if self.pending_len >= SEGMENT_LEN || is_old {
            self.write_segments()?;
        }
        Ok(Stored { new_items, items: items.len() as u64 })
    }
}

impl Archive for ParquetFolder {
    fn path(&self) -> &Path {
        &self.path
    }

    fn checkpoint(&self, source: &str) -> io::Result<Checkpoint> {
        Ok(self.manifest.sources.get(source).map(Source::checkpoint).unwrap_or_default())
    }

    fn sources(&self, prefix: &str) -> io::Result<Vec<String>> {
        Ok(self.manifest.sources.keys().filter(|name| name.starts_with(prefix)).cloned().collect())
    }

    fn has_result(&mut self, source: &str, item: u64) -> io::Result<bool> {
        let number = self.number_of(source).map_err(|why| failed(&self.path, &why))?;
        Ok(self.recent.contains(number, item))
    }

    fn store(
        &mut self,
        source: &str,
        page: &Page<'_>,
        report: &Report,
        checkpoint: &mut Checkpoint,
    ) -> io::Result<Stored> {
        if self.checkpoint(source)?.pages != checkpoint.pages {
            return Err(failed(&self.path, &collected_elsewhere()));
        }
        let mut items = Vec::new();
        for body in page.bodies {
            let body = Body::read(body).map_err(|why| failed(&self.path, &why))?;
            items.extend(items_of(page.items.object(), &body));
        }
        let stored = self.change(|folder| folder.store_page(source, page, &items, report, checkpoint))?;
        *checkpoint = self.checkpoint(source)?;
        Ok(stored)
    }

    fn finish(&mut self) -> io::Result<()> {
        self.change(Self::write_pending)
    }

    fn merge(&mut self, other: &dyn ArchiveReader) -> io::Result<()> {
        self.change(|folder| folder.add_archive(other))
    }

    fn comply(&mut self, file: &Path, now: Timestamp) -> io::Result<Removed> {
        self.change(|folder| folder.remove_demanded(file, now))
    }

    fn compact(&mut self) -> io::Result<()> {
        self.change(Self::compact_segments)
    }
}

/// Writes the content of a batch as segments, with temporary names.
pub(super) fn write_batch(folder: &Path, batch: &mut Batch<'_>, next: &mut u64) -> io::Result<Vec<Segment>> {
    let mut segments = Vec::new();
    let mut number = || std::mem::replace(next, *next + 1);
    for kind in ObjectKind::ALL {
        let objects = batch.take(kind);
        if !objects.is_empty() {
            let mut writer = segment::create(folder, kind, number())?;
            segment::write_objects(&mut writer, kind, &objects)?;
            segments.push(writer.finish()?);
        }
    }
    let edges = batch.take_edges();
    if !edges.is_empty() {
        segments.push(segment::write_rows(folder, "edges", number(), &tables::edges(), &edges)?);
    }
    for (table, columns, notes) in
        [("gaps", tables::gaps(), &batch.gaps), ("problems", tables::problems(), &batch.problems)]
    {
        if !notes.is_empty() {
            segments.push(segment::write_rows(folder, table, number(), &columns, notes)?);
        }
    }
    if !batch.deletions.is_empty() {
        let columns = tables::deletions();
        segments.push(segment::write_rows(folder, "deletions", number(), &columns, &batch.deletions)?);
    }
    Ok(segments)
}

/// Writes a segment without rows for each table.
fn write_empty(folder: &Path, next: &mut u64) -> io::Result<Vec<Segment>> {
    let mut segments = Vec::new();
    let mut number = || std::mem::replace(next, *next + 1);
    for kind in ObjectKind::ALL {
        segments.push(segment::create(folder, kind, number())?.finish()?);
    }
    segments.push(segment::write_rows(folder, "edges", number(), &tables::edges(), &[])?);
    segments.push(segment::write_rows(folder, "gaps", number(), &tables::gaps(), &[])?);
    segments.push(segment::write_rows(folder, "problems", number(), &tables::problems(), &[])?);
    segments.push(segment::write_rows(folder, "deletions", number(), &tables::deletions(), &[])?);
    Ok(segments)
}
