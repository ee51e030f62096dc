//! Objects, edges and notes of a folder, as of any archive.

use std::io;

use chirrup_model::Timestamp;

use super::manifest::Source;
use super::merge::{Merged, SortedRows as _};
use super::object_reader::ObjectReader;
use super::read::ParquetReader;
use super::row_reader::{Cells, EdgeReader, RowReader};
use super::storage::SegmentFile;
use crate::object::{Key, ObjectKind};
use crate::reader::{ArchiveReader, Deletion, Edge, Note, NoteKind, SourceState, VisitObject};

impl ParquetReader {
    /// Calls `visit` with the texts and the numbers of each row of a table.
    fn each_row(
        &self,
        table: &str,
        texts: &'static [&'static str],
        ints: &'static [&'static str],
        visit: &mut dyn FnMut(Cells) -> io::Result<()>,
    ) -> io::Result<()> {
        for segment in self.manifest.segments_of(table) {
            let mut rows = RowReader::new(SegmentFile::of(&self.files, segment), texts, ints);
            while let Some(row) = rows.next()? {
                visit(row)?;
            }
        }
        Ok(())
    }
}

impl ArchiveReader for ParquetReader {
    fn verify(&self) -> io::Result<Vec<String>> {
        Self::verify(self)
    }

    fn source_states(&self) -> io::Result<Vec<SourceState>> {
        let state = |(name, source): (&String, &Source)| SourceState {
            name: name.clone(),
            kind: source.kind.clone(),
            checkpoint: source.checkpoint(),
            started_at: Timestamp::from_millis(source.started_at),
            updated_at: Timestamp::from_millis(source.updated_at),
        };
        Ok(self.manifest.sources.iter().map(state).collect())
    }

    fn objects(&self, kind: ObjectKind, visit: &mut VisitObject<'_>) -> io::Result<()> {
        let segments = self.manifest.segments_of(kind.table()).filter(|segment| segment.rows > 0);
        // Segments of different times do not overlap, so that few are open at the same time.
        let mut merged = Merged::lazy(segments.map(|segment| {
            let first = segment.first.as_deref().unwrap_or_default();
            let first = match kind.has_numeric_keys() {
                true => Key::Id(first.parse().unwrap_or(i64::MIN)),
                false => Key::Text(first.to_owned().into()),
            };
            (first, ObjectReader::new(kind, SegmentFile::of(&self.files, segment)))
        }));
        while let Some((key, object)) = merged.next()? {
            visit(key, object)?;
        }
        Ok(())
    }

    fn edges(&self, visit: &mut dyn FnMut(Edge) -> io::Result<()>) -> io::Result<()> {
        for segment in self.manifest.segments_of("edges") {
            let mut edges = EdgeReader::new(SegmentFile::of(&self.files, segment));
            while let Some(((relation, source_id, target_id), (first_seen_at, last_seen_at))) = edges.next()? {
                visit(Edge { relation, source_id, target_id, first_seen_at, last_seen_at })?;
            }
        }
        Ok(())
    }

    fn notes(&self, kind: NoteKind, visit: &mut dyn FnMut(Note) -> io::Result<()>) -> io::Result<()> {
        let int = |ints: &[Option<i64>], at: usize| ints.get(at).copied().flatten();
        match kind {
            NoteKind::Gap => self.each_row("gaps", &["source", "cause", "filled"], &["from_at", "to_at"], &mut |row| {
                let (from_at, to_at) = (int(&row.1, 0), int(&row.1, 1));
                visit(note(row.0, to_at.unwrap_or_default(), (from_at, to_at)))
            }),
            NoteKind::Problem => self.each_row("problems", &["source", "why", "json"], &["seen_at"], &mut |row| {
                let seen_at = int(&row.1, 0).unwrap_or_default();
                visit(note(row.0, seen_at, (None, None)))
            }),
        }
    }

    fn deletions(&self, visit: &mut dyn FnMut(Deletion) -> io::Result<()>) -> io::Result<()> {
        self.each_row("deletions", &["kind", "reason"], &["id", "deleted_at"], &mut |(texts, ints)| {
            let int = |at: usize| ints.get(at).copied().flatten().unwrap_or_default();
            let [kind, reason] = texts.try_into().unwrap_or_default();
            visit(Deletion { kind, id: int(0), deleted_at: int(1), reason })
        })
    }
}

fn note(texts: Vec<String>, seen_at: i64, (from_at, to_at): (Option<i64>, Option<i64>)) -> Note {
    let [source, why, json] = texts.try_into().unwrap_or_default();
    Note { source, seen_at, from_at, to_at, why, json }
}
