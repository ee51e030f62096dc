//! Merge of another archive into a database.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io;

use rusqlite::{Connection, params};
use serde_json::value::RawValue;

use super::comply::remove_object;
use super::rows::Rows;
use super::{Database, failed};
use crate::object::{Key, Object, ObjectKind};
use crate::reader::{ArchiveReader, Deletion, Edge, Note, NoteKind, SourceState, UserChange};

/// Number of rows of a transaction.
const ROWS: usize = 10_000;

/// Writer of the rows of another archive.
struct Merge<'d> {
    database: &'d Database,
    /// Numbers of the sources, by name.
    sources: HashMap<String, i64>,
    /// Removed posts and users.
    removed: HashSet<(ObjectKind, i64)>,
    /// Hashes of the notes that the database has.
    notes: HashSet<u64>,
    rows: usize,
}

impl Database {
    /// Adds the content of another archive, in several transactions. A merge that was stopped is completed by its
    /// repetition.
    pub(super) fn add_archive(&mut self, other: &dyn ArchiveReader) -> io::Result<()> {
        let mut merge =
            Merge { database: self, sources: HashMap::new(), removed: HashSet::new(), notes: HashSet::new(), rows: 0 };
        let merged = merge.run(other);
        if merged.is_err() {
            // The next merge adds the rows since the last commit. If no transaction is open, there is nothing to do.
            let _ = self.db.execute_batch("ROLLBACK");
        }
        merged
    }
}

impl Merge<'_> {
    fn run(&mut self, other: &dyn ArchiveReader) -> io::Result<()> {
        self.write(|db| db.execute_batch("BEGIN IMMEDIATE"))?;
        other.source_states()?.iter().try_for_each(|source| self.source(source))?;
        self.known_removals()?;
        other.deletions(&mut |deletion| self.deletion(&deletion))?;
        for kind in ObjectKind::ALL {
            other.objects(kind, &mut |key, object| self.object(kind, &key, &object))?;
        }
        other.edges(&mut |edge| self.edge(&edge))?;
        for kind in [NoteKind::Gap, NoteKind::Problem] {
            self.known_notes(kind)?;
            other.notes(kind, &mut |note| self.note(kind, &note))?;
        }
        other.user_changes(&mut |change| self.user_change(&change))?;
        let count = "UPDATE sources SET items = (SELECT count(*) FROM results WHERE source_id = sources.id)";
        self.write(|db| db.execute_batch(&format!("{count}; COMMIT")))
    }

    /// Writes a row. Commits after a number of rows, so that the log of the database stays small.
    fn write<T>(&mut self, write: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> io::Result<T> {
        let db = &self.database.db;
        let written = write(db).and_then(|written| {
            self.rows += 1;
            if self.rows.is_multiple_of(ROWS) {
                db.execute_batch("COMMIT; BEGIN IMMEDIATE")?;
            }
            Ok(written)
        });
        written.map_err(|why| failed(&self.database.path, why))
    }

    /// Adds a source. Of one that both archives have, the checkpoint of the later response counts.
    fn source(&mut self, source: &SourceState) -> io::Result<()> {
        let state = &source.checkpoint;
        let text = "INSERT INTO sources (name, kind, next_token, pages, is_complete, cost_micros, until_id, since_id, \
                    started_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT DO UPDATE SET \
                    next_token = ?3, pages = ?4, is_complete = ?5, cost_micros = ?6, until_id = ?7, since_id = ?8, \
                    updated_at = ?10 WHERE ?10 > updated_at";
        let [started_at, updated_at] = [source.started_at, source.updated_at].map(|time| time.as_millis());
        let id = self.write(|db| {
            db.prepare_cached(text)?.execute(params![
                source.name,
                source.kind,
                state.next_token,
                state.pages,
                state.is_complete,
                state.cost_micros,
                state.until_id,
                state.since_id,
                started_at,
                updated_at
            ])?;
            db.query_row("SELECT id FROM sources WHERE name = ?", [&source.name], |row| row.get(0))
        })?;
        self.sources.insert(source.name.clone(), id);
        Ok(())
    }

    fn known_removals(&mut self) -> io::Result<()> {
        let mut known = Vec::new();
        self.database.deletions(&mut |deletion| {
            known.push(deletion);
            Ok(())
        })?;
        self.removed.extend(known.iter().filter_map(Deletion::object));
        Ok(())
    }

    /// Removes an object that the other archive has removed.
    fn deletion(&mut self, deletion: &Deletion) -> io::Result<()> {
        let Some((kind, id)) = deletion.object() else { return Ok(()) };
        self.removed.insert((kind, id));
        self.write(|db| remove_object(db, deletion))
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
        self.write(|db| {
            let rows = Rows { db, source_id: sources.first().copied().unwrap_or_default(), seen_at: object.seen_at };
            let Some(id) = rows.object(kind, json)? else { return Ok(()) };
            for source_id in sources {
                Rows { source_id, ..rows }.result(id)?;
            }
            object.rules.iter().try_for_each(|(rule, tag)| rows.matched_rule(id, *rule, Some(tag)))
        })
    }

    fn edge(&mut self, edge: &Edge) -> io::Result<()> {
        let Edge { relation, source_id, target_id, first_seen_at, last_seen_at } = edge;
        let text = "INSERT INTO edges VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET \
                    first_seen_at = min(first_seen_at, excluded.first_seen_at), \
                    last_seen_at = max(last_seen_at, excluded.last_seen_at)";
        let values = params![relation, source_id, target_id, first_seen_at, last_seen_at];
        self.write(|db| db.prepare_cached(text)?.execute(values).map(drop))
    }

    fn known_notes(&mut self, kind: NoteKind) -> io::Result<()> {
        let database = self.database;
        database.notes(kind, &mut |note| {
            self.notes.insert(hash_of(kind, &note));
            Ok(())
        })
    }

    /// Adds a note that the database does not have.
    fn note(&mut self, kind: NoteKind, note: &Note) -> io::Result<()> {
        let Some(source) = self.sources.get(&note.source).copied() else { return Ok(()) };
        if !self.notes.insert(hash_of(kind, note)) {
            return Ok(());
        }
        let Note { seen_at, from_at, to_at, why, json, .. } = note;
        self.write(|db| match kind {
            NoteKind::Gap => {
                let text = "INSERT INTO gaps (source_id, from_at, to_at, cause, filled) VALUES (?, ?, ?, ?, ?)";
                db.prepare_cached(text)?.execute(params![source, from_at, to_at, why, json]).map(drop)
            }
            NoteKind::Problem => {
                let text = "INSERT INTO problems (source_id, seen_at, json, why) VALUES (?, ?, ?, ?)";
                db.prepare_cached(text)?.execute(params![source, seen_at, json, why]).map(drop)
            }
        })
    }

    fn user_change(&mut self, change: &UserChange) -> io::Result<()> {
        let UserChange { user_id, changed_at, field, old, new } = change;
        if self.removed.contains(&(ObjectKind::User, *user_id)) {
            return Ok(());
        }
        let text = "INSERT OR IGNORE INTO user_changes VALUES (?, ?, ?, ?, ?)";
        self.write(|db| db.prepare_cached(text)?.execute(params![user_id, changed_at, field, old, new]).map(drop))
    }
}

/// Returns the hash of a note. A database does not have the time at which a gap was stored.
fn hash_of(kind: NoteKind, note: &Note) -> u64 {
    let mut hasher = DefaultHasher::new();
    let seen_at = if kind == NoteKind::Gap { 0 } else { note.seen_at };
    (&note.source, seen_at, note.from_at, note.to_at, &note.why, &note.json).hash(&mut hasher);
    hasher.finish()
}
