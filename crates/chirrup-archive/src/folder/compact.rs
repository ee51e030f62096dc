//! Compaction: many small segments of a table become a few large ones, with each object once.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::io;
use std::path::Path;
use std::sync::Arc;

use super::batch::kind_of;
use super::column::Column;
use super::disk::temporary_path;
use super::manifest::{Manifest, Segment};
use super::merge::Merged;
use super::object_reader::ObjectReader;
use super::read::ParquetReader;
use super::row_reader::EdgeReader;
use super::segment::{self, SegmentWriter};
use super::storage::{SegmentFile, SegmentFiles};
use super::tables;
use super::writer::ParquetFolder;
use crate::object::{Key, Object, ObjectKind};
use crate::reader::{ArchiveReader as _, Deletion, Edge, NoteKind};

/// Number of segments that are merged at once, each of which has buffers in memory.
const FAN_IN: usize = 16;
/// Number of bytes of JSON in a row group, and of edges or notes.
const GROUP_LEN: usize = 16 << 20;
const GROUP_ROWS: usize = 100_000;
/// Length of a file after which another one begins.
const FILE_LEN: usize = 256 << 20;

/// Number of objects that each source found.
type Found = BTreeMap<(ObjectKind, String), u64>;

/// Decides which objects and edges a merge keeps.
pub(super) trait Filter {
    /// Whether an object is kept. It may be changed.
    fn keeps(&mut self, kind: ObjectKind, key: &Key<'_>, object: &mut Object<'static>) -> io::Result<bool>;

    /// Whether an edge is kept.
    fn keeps_edge(&mut self, _edge: &Edge) -> bool {
        true
    }

    /// Takes the records of the objects that were not kept.
    fn take_removals(&mut self) -> Vec<Deletion> {
        Vec::new()
    }
}

/// Filter that keeps all objects.
struct All;

impl Filter for All {
    fn keeps(&mut self, _: ObjectKind, _: &Key<'_>, _: &mut Object<'static>) -> io::Result<bool> {
        Ok(true)
    }
}

impl ParquetFolder {
    /// Merges the segments of each table into a few large ones, in the order of the keys and with each object and edge once.
    pub(super) fn compact_segments(&mut self) -> io::Result<()> {
        self.write_pending()?;
        self.rewrite(Vec::new(), &mut All)
    }

    /// Replaces the segments, and added ones that the manifest does not have yet, by merged ones. This is one commit.
    pub(super) fn rewrite(&mut self, added: Vec<Segment>, filter: &mut dyn Filter) -> io::Result<()> {
        let replaced: Vec<Segment> = std::mem::take(&mut self.manifest.segments).into_iter().chain(added).collect();
        let mut merge = Merge {
            folder: self.storage.staging(),
            files: self.storage.segments(),
            next: self.manifest.next_segment,
            filter,
            found: Found::new(),
            intermediate: Vec::new(),
        };
        let mut written = Vec::new();
        for kind in ObjectKind::ALL {
            written.extend(merge.objects(kind, merge.files_of(&replaced, kind.table()))?);
        }
        written.push(merge.edges(merge.files_of(&replaced, "edges"))?);
        written.extend(merge.notes(&replaced)?);
        let Merge { next, found, intermediate, .. } = merge;
        let staging = self.storage.staging();
        intermediate.iter().try_for_each(|name| std::fs::remove_file(temporary_path(staging, name)))?;
        for (name, source) in &mut self.manifest.sources {
            source.items = found.get(&(kind_of(&source.kind), name.clone())).copied().unwrap_or_default();
        }
        (self.manifest.next_segment, self.manifest.segments) = (next, written);
        self.storage.commit(&mut self.manifest, &replaced)
    }
}

/// Writer of merged segments. A crash leaves its files as any unfinished segment.
struct Merge<'m> {
    folder: &'m Path,
    files: Arc<dyn SegmentFiles>,
    /// Number of the next segment.
    next: u64,
    filter: &'m mut dyn Filter,
    found: Found,
    /// Names of segments that are merged again.
    intermediate: Vec<String>,
}

impl Merge<'_> {
    fn files_of(&self, segments: &[Segment], table: &str) -> Vec<SegmentFile> {
        let of_table = segments.iter().filter(|segment| segment.table == table && segment.rows > 0);
        of_table.map(|segment| SegmentFile::of(&self.files, segment)).collect()
    }

    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next - 1
    }

    /// Merges files until they are few enough to be merged at once.
    fn few(
        &mut self,
        files: Vec<SegmentFile>,
        mut merge: impl FnMut(&mut Self, &[SegmentFile]) -> io::Result<Segment>,
    ) -> io::Result<Vec<SegmentFile>> {
        let mut runs = VecDeque::from(files);
        while runs.len() > FAN_IN {
            let merged: Vec<SegmentFile> = runs.drain(..FAN_IN).collect();
            let segment = merge(self, &merged)?;
            runs.push_back(SegmentFile::of(&self.files, &segment));
            self.intermediate.push(segment.file);
        }
        Ok(runs.into())
    }

    fn objects(&mut self, kind: ObjectKind, files: Vec<SegmentFile>) -> io::Result<Vec<Segment>> {
        let files = self.few(files, |merge, files| {
            let mut merged = Merged::open(files.iter().map(|file| ObjectReader::new(kind, file.clone())))?;
            let mut writer = segment::create(merge.folder, kind, merge.number())?;
            let mut group = Group::default();
            while let Some((key, object)) = merged.next()? {
                group.add(key, object);
                if group.len >= GROUP_LEN {
                    group.write(kind, &mut writer)?;
                }
            }
            group.write(kind, &mut writer)?;
            writer.finish()
        })?;
        let mut merged = Merged::open(files.iter().map(|file| ObjectReader::new(kind, file.clone())))?;
        let (mut written, mut group) = (Vec::new(), Group::default());
        let mut writer = segment::create(self.folder, kind, self.number())?;
        while let Some((key, mut object)) = merged.next()? {
            if !self.filter.keeps(kind, &key, &mut object)? {
                continue;
            }
            for source in &object.found_by {
                *self.found.entry((kind, source.to_string())).or_default() += 1;
            }
            group.add(key, object);
            if group.len >= GROUP_LEN {
                group.write(kind, &mut writer)?;
                if writer.byte_len() >= FILE_LEN {
                    let next = segment::create(self.folder, kind, self.number())?;
                    written.push(std::mem::replace(&mut writer, next).finish()?);
                }
            }
        }
        group.write(kind, &mut writer)?;
        written.push(writer.finish()?);
        Ok(written)
    }

    fn edges(&mut self, files: Vec<SegmentFile>) -> io::Result<Segment> {
        let files = self.few(files, |merge, files| merge.merge_edges(files))?;
        self.merge_edges(&files)
    }

    fn merge_edges(&mut self, files: &[SegmentFile]) -> io::Result<Segment> {
        let mut merged = Merged::open(files.iter().map(|file| EdgeReader::new(file.clone())))?;
        let mut writer = RowWriter::create(self.folder, "edges", self.number(), tables::edges())?;
        while let Some(((relation, source_id, target_id), (first_seen_at, last_seen_at))) = merged.next()? {
            let edge = Edge { relation, source_id, target_id, first_seen_at, last_seen_at };
            if self.filter.keeps_edge(&edge) {
                writer.write(edge)?;
            }
        }
        writer.finish()
    }

    /// Copies gaps, problems and removals, each once.
    fn notes(&mut self, segments: &[Segment]) -> io::Result<[Segment; 3]> {
        let manifest = Manifest { segments: segments.to_vec(), ..Manifest::default() };
        let reader = ParquetReader { files: Arc::clone(&self.files), manifest };
        let mut gaps = RowWriter::create(self.folder, "gaps", self.number(), tables::gaps())?;
        reader.notes(NoteKind::Gap, &mut |gap| gaps.write_once(gap))?;
        let mut problems = RowWriter::create(self.folder, "problems", self.number(), tables::problems())?;
        reader.notes(NoteKind::Problem, &mut |problem| problems.write_once(problem))?;
        let mut deletions = RowWriter::create(self.folder, "deletions", self.number(), tables::deletions())?;
        reader.deletions(&mut |deletion| deletions.write_once(deletion))?;
        self.filter.take_removals().into_iter().try_for_each(|deletion| deletions.write_once(deletion))?;
        Ok([gaps.finish()?, problems.finish()?, deletions.finish()?])
    }
}

/// Objects of the next row group.
#[derive(Default)]
struct Group {
    objects: Vec<(Key<'static>, Object<'static>)>,
    /// Number of bytes of JSON.
    len: usize,
}

impl Group {
    fn add(&mut self, key: Key<'static>, object: Object<'static>) {
        self.len += object.json.len();
        self.objects.push((key, object));
    }

    fn write(&mut self, kind: ObjectKind, writer: &mut SegmentWriter) -> io::Result<()> {
        self.len = 0;
        segment::write_objects(writer, kind, &std::mem::take(&mut self.objects))
    }
}

/// Writer of a table without keys.
struct RowWriter<R> {
    columns: Vec<Column<R>>,
    writer: SegmentWriter,
    rows: Vec<R>,
    /// Hashes of the rows that are written once.
    written: HashSet<u64>,
}

impl<R: Hash> RowWriter<R> {
    fn create(folder: &Path, table: &str, number: u64, columns: Vec<Column<R>>) -> io::Result<Self> {
        let writer = segment::create_table(folder, table, number, &columns)?;
        Ok(Self { columns, writer, rows: Vec::new(), written: HashSet::new() })
    }

    fn write(&mut self, row: R) -> io::Result<()> {
        self.rows.push(row);
        if self.rows.len() < GROUP_ROWS {
            return Ok(());
        }
        self.writer.write(&self.columns, &std::mem::take(&mut self.rows))
    }

    fn write_once(&mut self, row: R) -> io::Result<()> {
        if self.written.insert(hash_of(&row)) { self.write(row) } else { Ok(()) }
    }

    fn finish(mut self) -> io::Result<Segment> {
        self.writer.write(&self.columns, &self.rows)?;
        self.writer.finish()
    }
}

/// Returns the hash of a row.
pub(super) fn hash_of(row: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    row.hash(&mut hasher);
    hasher.finish()
}
