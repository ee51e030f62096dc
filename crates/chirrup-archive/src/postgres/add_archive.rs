//! Merge of another archive into a database.

use std::collections::{HashMap, HashSet};
use std::io;

use serde_json::value::RawValue;

use super::PostgresDatabase;
use super::comply::Demands;
use super::migrations::lock_shared;
use super::staging::{Observation, Staging, int};
use crate::object::{Key, Object, ObjectKind};
use crate::object_rows::Value;
use crate::reader::{ArchiveReader, Deletion, NoteKind, SourceState};

/// Number of bytes of rows of a transaction.
const BATCH_LEN: usize = 8 << 20;
/// Statements that remove the copied notes which the database has.
const KNOWN_NOTES: &str = "
DELETE FROM staged_gaps s USING gaps g WHERE s.source_id = g.source_id AND s.from_at IS NOT DISTINCT FROM g.from_at
    AND s.to_at IS NOT DISTINCT FROM g.to_at AND s.cause = g.cause AND s.filled = g.filled;
DELETE FROM staged_problems s USING problems p WHERE s.source_id = p.source_id AND s.seen_at = p.seen_at
    AND s.json = p.json AND s.why = p.why";

/// Writer of the rows of another archive.
struct Merge<'d> {
    database: &'d mut PostgresDatabase,
    /// Numbers of the sources, by name.
    sources: HashMap<String, i64>,
    /// Removed posts and users.
    removed: HashSet<(ObjectKind, i64)>,
    staging: Staging,
}

impl PostgresDatabase {
    /// Adds the content of another archive, in several transactions. A merge that was stopped is completed by its
    /// repetition.
    pub(super) fn add_archive(&mut self, other: &dyn ArchiveReader) -> io::Result<()> {
        let sources = HashMap::new();
        self.newest.clear();
        Merge { database: self, sources, removed: HashSet::new(), staging: Staging::default() }.run(other)
    }
}

impl Merge<'_> {
    fn run(&mut self, other: &dyn ArchiveReader) -> io::Result<()> {
        other.source_states()?.iter().try_for_each(|source| self.source(source))?;
        self.deletions(other)?;
        for kind in ObjectKind::ALL {
            other.objects(kind, &mut |key, object| self.object(kind, &key, &object))?;
        }
        other.edges(&mut |edge| {
            let numbers = [edge.source_id, edge.target_id, edge.first_seen_at, edge.last_seen_at].map(int);
            self.push("edges", [Value::Text(Some(&edge.relation))].into_iter().chain(numbers))
        })?;
        self.write()?;
        for kind in [NoteKind::Gap, NoteKind::Problem] {
            other.notes(kind, &mut |note| {
                let Some(source) = self.sources.get(&note.source).copied() else { return Ok(()) };
                let [why, json] = [&note.why, &note.json].map(|text| Value::Text(Some(text)));
                match kind {
                    NoteKind::Gap => {
                        let [from, to] = [note.from_at, note.to_at].map(Value::Int);
                        self.push("gaps", [int(source), from, to, why, json])
                    }
                    NoteKind::Problem => self.push("problems", [int(source), int(note.seen_at), json, why]),
                }
            })?;
        }
        other.user_changes(&mut |change| {
            if self.removed.contains(&(ObjectKind::User, change.user_id)) {
                return Ok(());
            }
            let [field, old, new] = [Some(&change.field), change.old.as_ref(), change.new.as_ref()]
                .map(|text| Value::Text(text.map(String::as_str)));
            self.push("user_changes", [int(change.user_id), int(change.changed_at), field, old, new])
        })?;
        self.write()?;
        let count = "UPDATE sources SET items = (SELECT count(*) FROM results WHERE source_id = sources.id)";
        self.database.run(|client| client.execute(count, &[]))?;
        Ok(())
    }

    /// Adds a source. Of one that both archives have, the checkpoint of the later response counts.
    fn source(&mut self, source: &SourceState) -> io::Result<()> {
        let state = &source.checkpoint;
        let text = "INSERT INTO sources AS s (name, kind, next_token, pages, is_complete, cost_micros, until_id, since_id, \
                    started_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (md5(name)) \
                    DO UPDATE SET next_token = $3, pages = $4, is_complete = $5, cost_micros = $6, until_id = $7, \
                    since_id = $8, updated_at = $10 WHERE $10 > s.updated_at";
        let [started_at, updated_at] = [source.started_at, source.updated_at].map(|time| time.as_millis());
        let [pages, cost] = [state.pages, state.cost_micros].map(u64::cast_signed);
        let [until_id, since_id] = [state.until_id, state.since_id].map(|id| id.map(u64::cast_signed));
        let id = self.database.run(|client| {
            let mut change = client.transaction()?;
            change.execute(
                text,
                &[
                    &source.name,
                    &source.kind,
                    &state.next_token,
                    &pages,
                    &state.is_complete,
                    &cost,
                    &until_id,
                    &since_id,
                    &started_at,
                    &updated_at,
                ],
            )?;
            let id = change.query_one("SELECT id FROM sources WHERE name = $1", &[&source.name])?.get(0);
            change.commit()?;
            Ok(id)
        })?;
        self.sources.insert(source.name.clone(), id);
        Ok(())
    }

    /// Removes what the other archive has removed, and learns all removals.
    fn deletions(&mut self, other: &dyn ArchiveReader) -> io::Result<()> {
        let database = &*self.database;
        let (mut demands, mut staging) = (Demands::of(database)?, Staging::default());
        other.deletions(&mut |deletion| {
            let Deletion { kind, id, deleted_at, reason } = &deletion;
            let [kind_text, reason_text] = [kind, reason].map(|text| Value::Text(Some(text)));
            staging.push("deletions", [kind_text, int(*id), int(*deleted_at), reason_text]);
            demands.push(kind, *id, None, reason, *deleted_at)
        })?;
        let steps = &database.steps;
        demands.meet(|change| {
            staging.copy(change, steps)?;
            staging.merge(change, steps).map(drop)
        })?;
        let known = database.run(|client| client.query("SELECT kind, id, deleted_at, reason FROM deletions", &[]))?;
        let known = known.iter().map(|row| Deletion {
            kind: row.get(0),
            id: row.get(1),
            deleted_at: row.get(2),
            reason: row.get(3),
        });
        self.removed.extend(known.filter_map(|deletion| deletion.object()));
        Ok(())
    }

    fn object(&mut self, kind: ObjectKind, key: &Key<'_>, object: &Object<'_>) -> io::Result<()> {
        if let Key::Id(id) = key
            && self.removed.contains(&(kind, *id))
        {
            return Ok(());
        }
        let json: &RawValue = serde_json::from_str(&object.json)?;
        let sources: Vec<i64> =
            object.found_by.iter().filter_map(|name| self.sources.get(name.as_ref()).copied()).collect();
        let source_id = sources.first().copied().unwrap_or_default();
        let Some(id) = self.staging.object(kind, Observation { source_id, seen_at: object.seen_at }, json) else {
            return self.write_if_due();
        };
        sources.into_iter().for_each(|source_id| self.staging.push("results", [source_id, id].map(int)));
        object.rules.iter().for_each(|(rule, tag)| self.staging.matched_rule(id, *rule, Some(tag)));
        self.write_if_due()
    }

    fn push<'v>(&mut self, table: &'static str, row: impl IntoIterator<Item = Value<'v>>) -> io::Result<()> {
        self.staging.push(table, row);
        self.write_if_due()
    }

    fn write_if_due(&mut self) -> io::Result<()> {
        if self.staging.byte_len() >= BATCH_LEN { self.write() } else { Ok(()) }
    }

    /// Writes the rows that are staged.
    fn write(&mut self) -> io::Result<()> {
        let (staging, database) = (std::mem::take(&mut self.staging), &*self.database);
        let (schema, steps) = (&database.address.schema, &database.steps);
        database.run(|client| {
            let mut change = client.transaction()?;
            lock_shared(&mut change, schema)?;
            staging.copy(&mut change, steps)?;
            change.batch_execute(KNOWN_NOTES)?;
            staging.merge(&mut change, steps)?;
            change.commit()
        })
    }
}
