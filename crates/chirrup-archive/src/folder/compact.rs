//! Compaction: many small segments of a table become a few large ones, with each object once.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::path::PathBuf;

use chirrup_store::with_suffix;

use super::batch::kind_of;
use super::files::sync_folder;
use super::manifest::Segment;
use super::merge::Merged;
use super::object_reader::ObjectReader;
use super::segment;
use super::segment::{SegmentWriter, TEMPORARY};
use super::writer::ParquetFolder;
use crate::object::{Key, Object, ObjectKind};

/// Number of segments that are merged at once, each of which has buffers in memory.
const FAN_IN: usize = 16;
/// Number of bytes of JSON in a row group.
const GROUP_LEN: usize = 16 << 20;
/// Length of a file after which another one begins.
const FILE_LEN: usize = 256 << 20;

/// Numbers of files before and after a compaction.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Compacted {
    /// Number of files before it.
    pub files_before: usize,
    /// Number of files after it.
    pub files_after: usize,
}

/// Number of objects that each source found.
type Found = BTreeMap<String, u64>;

impl ParquetFolder {
    /// Merges the segments of each table of objects into a few large ones, in the order of the keys and with each object
    /// once. Other programs can read the folder meanwhile.
    ///
    /// # Errors
    /// If the folder cannot be read or written. It is then as it was before.
    pub fn compact(&mut self) -> io::Result<Compacted> {
        self.change(|folder| {
            if !folder.pending.is_empty() {
                folder.write_segments()?;
            }
            folder.compact_tables()
        })
    }

    fn compact_tables(&mut self) -> io::Result<Compacted> {
        let files_before = self.manifest.segments.len();
        let (mut replaced, mut written) = (Vec::new(), Vec::new());
        for kind in ObjectKind::ALL {
            let segments: Vec<Segment> = self.manifest.segments_of(kind.table()).cloned().collect();
            if segments.len() < 2 {
                continue;
            }
            let mut found = Found::new();
            written.extend(self.merge_table(kind, &segments, &mut found)?);
            replaced.extend(segments);
            for (name, source) in &mut self.manifest.sources {
                if kind_of(&source.kind) == kind {
                    source.items = found.get(name).copied().unwrap_or_default();
                }
            }
            sync_folder(&self.path.join(kind.table()))?;
        }
        self.manifest.segments.retain(|segment| !replaced.contains(segment));
        self.manifest.segments.extend(written);
        self.commit(&replaced)?;
        Ok(Compacted { files_before, files_after: self.manifest.segments.len() })
    }

    /// Merges the segments of a table. Intermediate results are files that a crash leaves as any unfinished segment.
    fn merge_table(&mut self, kind: ObjectKind, segments: &[Segment], found: &mut Found) -> io::Result<Vec<Segment>> {
        let mut runs: VecDeque<PathBuf> = segments.iter().map(|segment| self.path.join(&segment.file)).collect();
        let mut intermediate = Vec::new();
        while runs.len() > FAN_IN {
            let merged: Vec<PathBuf> = runs.drain(..FAN_IN).collect();
            for segment in self.merge_files(kind, &merged, usize::MAX, &mut Found::new())? {
                let path = with_suffix(&self.path.join(&segment.file), TEMPORARY);
                intermediate.push(path.clone());
                runs.push_back(path);
            }
        }
        let files: Vec<PathBuf> = runs.into();
        let written = self.merge_files(kind, &files, FILE_LEN, found)?;
        intermediate.into_iter().try_for_each(std::fs::remove_file)?;
        Ok(written)
    }

    /// Merges files into others of this length.
    fn merge_files(
        &mut self,
        kind: ObjectKind,
        files: &[PathBuf],
        file_len: usize,
        found: &mut Found,
    ) -> io::Result<Vec<Segment>> {
        let mut merged = Merged::open(files.iter().map(|file| ObjectReader::new(kind, file.clone())))?;
        let (mut written, mut writer) = (Vec::new(), None);
        let (mut group, mut group_len) = (Vec::new(), 0);
        while let Some((key, object)) = merged.next()? {
            group_len += object.json.len();
            for source in &object.found_by {
                match found.get_mut(source.as_ref()) {
                    Some(number) => *number += 1,
                    None => drop(found.insert(source.to_string(), 1)),
                }
            }
            group.push((key, object));
            if group_len >= GROUP_LEN {
                let next = self.write_group(kind, writer.take(), &mut group)?;
                group_len = 0;
                if next.byte_len() >= file_len { written.push(next.finish()?) } else { writer = Some(next) }
            }
        }
        if !group.is_empty() || (writer.is_none() && written.is_empty()) {
            writer = Some(self.write_group(kind, writer.take(), &mut group)?);
        }
        written.extend(writer.map(SegmentWriter::finish).transpose()?);
        Ok(written)
    }

    /// Writes a row group, which may be the first of a file.
    fn write_group(
        &mut self,
        kind: ObjectKind,
        writer: Option<SegmentWriter>,
        group: &mut Vec<(Key<'static>, Object<'static>)>,
    ) -> io::Result<SegmentWriter> {
        let mut writer = match writer {
            Some(writer) => writer,
            None => {
                self.manifest.next_segment += 1;
                segment::create(&self.path, kind, self.manifest.next_segment - 1)?
            }
        };
        segment::write_objects(&mut writer, kind, &std::mem::take(group))?;
        Ok(writer)
    }
}
