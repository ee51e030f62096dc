//! Merge of another archive into a folder.

use std::collections::BTreeSet;
use std::io;

use super::batch::Batch;
use super::compact::Filter;
use super::manifest::{Segment, Source};
use super::read::ParquetReader;
use super::writer::{ParquetFolder, SEGMENT_LEN, write_batch};
use crate::object::{Key, Object, ObjectKind};
use crate::reader::{ArchiveReader, NoteKind, SourceState};

impl ParquetFolder {
    /// Adds the content of another archive, and compacts the folder. This is one commit: a merge that is stopped changes
    /// nothing.
    pub(super) fn add_archive(&mut self, other: &dyn ArchiveReader) -> io::Result<()> {
        self.write_pending()?;
        let own = ParquetReader { files: self.storage.segments(), manifest: self.manifest.clone() };
        let removed = removals(&own)?.into_iter().chain(removals(other)?).collect::<BTreeSet<_>>();
        let added = self.write_content(other)?;
        for state in other.source_states()? {
            self.add_source(&state);
        }
        self.rewrite(added, &mut Known(removed))
    }

    /// Writes the content of an archive as segments that the manifest does not have.
    fn write_content(&mut self, other: &dyn ArchiveReader) -> io::Result<Vec<Segment>> {
        let (mut batch, mut len, mut segments) = (Batch::default(), 0, Vec::new());
        for kind in ObjectKind::ALL {
            other.objects(kind, &mut |key, object| {
                len += object.json.len();
                batch.add(kind, key.into_owned(), object.into_owned());
                if len >= SEGMENT_LEN {
                    segments.extend(self.write_part(&mut batch)?);
                    len = 0;
                }
                Ok(())
            })?;
        }
        other.edges(&mut |edge| {
            batch.add_edge(edge.relation, (edge.source_id, edge.target_id), (edge.first_seen_at, edge.last_seen_at));
            Ok(())
        })?;
        other.notes(NoteKind::Gap, &mut |gap| {
            batch.gaps.push(gap);
            Ok(())
        })?;
        other.notes(NoteKind::Problem, &mut |problem| {
            batch.problems.push(problem);
            Ok(())
        })?;
        other.deletions(&mut |deletion| {
            batch.deletions.push(deletion);
            Ok(())
        })?;
        segments.extend(self.write_part(&mut batch)?);
        Ok(segments)
    }

    fn write_part(&mut self, batch: &mut Batch<'_>) -> io::Result<Vec<Segment>> {
        write_batch(self.storage.staging(), batch, &mut self.manifest.next_segment)
    }

    /// Adds a source. Of one that both archives have, the checkpoint of the later response counts.
    fn add_source(&mut self, state: &SourceState) {
        let updated_at = state.updated_at.as_millis();
        let known = self.manifest.sources.get(&state.name);
        if known.is_some_and(|known| known.updated_at >= updated_at) {
            return;
        }
        let started_at = known.map_or(i64::MAX, |known| known.started_at).min(state.started_at.as_millis());
        let checkpoint = state.checkpoint.clone();
        let source = Source {
            kind: state.kind.clone(),
            pages: checkpoint.pages,
            items: checkpoint.items,
            next_token: checkpoint.next_token,
            is_complete: checkpoint.is_complete,
            cost_micros: checkpoint.cost_micros,
            oldest_id: checkpoint.oldest_id,
            newest_id: checkpoint.newest_id,
            until_id: checkpoint.until_id,
            since_id: checkpoint.since_id,
            started_at,
            updated_at,
        };
        self.manifest.sources.insert(state.name.clone(), source);
    }
}

/// Filter that keeps what was not removed before.
struct Known(BTreeSet<(ObjectKind, i64)>);

impl Filter for Known {
    fn keeps(&mut self, kind: ObjectKind, key: &Key<'_>, _: &mut Object<'static>) -> io::Result<bool> {
        Ok(!matches!(key, Key::Id(id) if self.0.contains(&(kind, *id))))
    }
}

/// Returns the removed posts and users of an archive.
fn removals(archive: &dyn ArchiveReader) -> io::Result<Vec<(ObjectKind, i64)>> {
    let mut removals = Vec::new();
    archive.deletions(&mut |deletion| {
        removals.extend(deletion.object());
        Ok(())
    })?;
    Ok(removals)
}
