//! Objects, edges and notes of a database, in the order of their keys.

use std::io;

use chirrup_model::Timestamp;
use rusqlite::{Row, Rows};

use super::{Database, NEWEST_ID, failed, number};
use crate::collection::Checkpoint;
use crate::object::{Key, Object, ObjectKind};
use crate::reader::{ArchiveReader, Deletion, Edge, Note, NoteKind, SourceState, UserChange, VisitObject};

/// Rows of a query in the order of an ID, of which those of the next ID are taken.
struct ById<'q, T> {
    rows: Rows<'q>,
    head: Option<(i64, T)>,
    read: fn(&Row<'_>) -> rusqlite::Result<(i64, T)>,
}

impl<'q, T> ById<'q, T> {
    fn new(rows: Rows<'q>, read: fn(&Row<'_>) -> rusqlite::Result<(i64, T)>) -> rusqlite::Result<Self> {
        let mut by_id = Self { rows, head: None, read };
        by_id.advance()?;
        Ok(by_id)
    }

    fn advance(&mut self) -> rusqlite::Result<Option<(i64, T)>> {
        let next = self.rows.next()?.map(self.read).transpose()?;
        Ok(std::mem::replace(&mut self.head, next))
    }

    /// Takes the values of an ID, and skips those of lower ones.
    fn take(&mut self, id: i64) -> rusqlite::Result<Vec<T>> {
        let mut values = Vec::new();
        while self.head.as_ref().is_some_and(|(head, _)| *head <= id) {
            values.extend(self.advance()?.filter(|(head, _)| *head == id).map(|(_, value)| value));
        }
        Ok(values)
    }
}

impl Database {
    fn version(&self) -> io::Result<i64> {
        self.read(|| number(&self.db, "user_version"))
    }

    fn read<T>(&self, read: impl FnOnce() -> rusqlite::Result<T>) -> io::Result<T> {
        read().map_err(|why| failed(&self.path, why))
    }

    /// Calls `visit` with each row of a query, as `read` returns it.
    fn each<T>(
        &self,
        query: &str,
        read: fn(&Row<'_>) -> rusqlite::Result<T>,
        visit: &mut dyn FnMut(T) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut statement = self.read(|| self.db.prepare(query))?;
        let mut rows = self.read(|| statement.query([]))?;
        while let Some(row) = self.read(|| rows.next()?.map(read).transpose())? {
            visit(row)?;
        }
        Ok(())
    }

    /// Reads objects whose keys are texts. `found_by` is an SQL expression for the names of their sources, as JSON.
    fn named_objects(&self, kind: ObjectKind, found_by: &str, visit: &mut VisitObject<'_>) -> io::Result<()> {
        let (table, key) = (kind.table(), kind.key_column());
        let query = format!("SELECT {key}, json, seen_at, {found_by} FROM {table} ORDER BY {key}");
        let read = |row: &Row<'_>| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get(2)?, row.get::<_, String>(3)?))
        };
        self.each(&query, read, &mut |(key, json, seen_at, found_by)| {
            let found_by: Vec<String> = serde_json::from_str(&found_by)?;
            let found_by = found_by.into_iter().map(Into::into).collect();
            visit(Key::Text(key.into()), Object { json: json.into(), seen_at, found_by, rules: Vec::new() })
        })
    }

    /// Reads the items of sources whose keys are texts.
    fn named_items(&self, kind: ObjectKind, visit: &mut VisitObject<'_>) -> io::Result<()> {
        if self.version()? < 4 {
            return Ok(());
        }
        let found_by = "(SELECT json_group_array(name ORDER BY name) FROM results JOIN sources ON sources.id = source_id \
                        WHERE kind = '{table}' AND item_id = number)";
        self.named_objects(kind, &found_by.replace("{table}", kind.table()), visit)
    }

    fn numbered_objects(&self, kind: ObjectKind, visit: &mut VisitObject<'_>) -> io::Result<()> {
        let table = kind.table();
        let found = "SELECT item_id, name FROM results JOIN sources ON sources.id = source_id WHERE kind = ? \
                     ORDER BY item_id, name";
        let rules =
            "SELECT post_id, rule_id, ifnull(tag, '') FROM matched_rules WHERE ? = 'posts' ORDER BY post_id, rule_id";
        let [mut found, mut rules] = [self.read(|| self.db.prepare(found))?, self.read(|| self.db.prepare(rules))?];
        let mut found =
            self.read(|| ById::new(found.query([table])?, |row| Ok((row.get(0)?, row.get::<_, String>(1)?))))?;
        let mut rules = self.read(|| {
            let pair = |row: &Row<'_>| Ok((row.get(0)?, (row.get::<_, i64>(1)?, row.get::<_, String>(2)?)));
            ById::new(rules.query([table])?, pair)
        })?;
        let read = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get(2)?));
        self.each(&format!("SELECT id, json, seen_at FROM {table} ORDER BY id"), read, &mut |(id, json, seen_at)| {
            let found_by = self.read(|| found.take(id))?.into_iter().map(Into::into).collect();
            let rules = self.read(|| rules.take(id))?.into_iter().map(|(rule, tag)| (rule, tag.into())).collect();
            visit(Key::Id(id), Object { json: json.into(), seen_at, found_by, rules })
        })
    }
}

impl ArchiveReader for Database {
    fn verify(&self) -> io::Result<Vec<String>> {
        Self::verify(self)
    }

    fn source_states(&self) -> io::Result<Vec<SourceState>> {
        let until_id = if self.version()? < 3 { "NULL" } else { "until_id" };
        let since_id = if self.version()? < 5 { "NULL" } else { "since_id" };
        let query = format!(
            "SELECT name, kind, pages, items, next_token, is_complete, cost_micros, {until_id}, started_at, updated_at, \
             {since_id}, {NEWEST_ID} FROM sources ORDER BY name"
        );
        let mut sources = Vec::new();
        let read = |row: &Row<'_>| {
            let checkpoint = Checkpoint {
                pages: row.get(2)?,
                items: row.get(3)?,
                next_token: row.get(4)?,
                is_complete: row.get(5)?,
                cost_micros: row.get(6)?,
                until_id: row.get(7)?,
                since_id: row.get(10)?,
                oldest_id: None,
                newest_id: row.get(11)?,
            };
            let [started_at, updated_at] = [row.get(8)?, row.get(9)?].map(Timestamp::from_millis);
            Ok(SourceState { name: row.get(0)?, kind: row.get(1)?, checkpoint, started_at, updated_at })
        };
        self.each(&query, read, &mut |source| {
            sources.push(source);
            Ok(())
        })?;
        Ok(sources)
    }

    fn objects(&self, kind: ObjectKind, visit: &mut VisitObject<'_>) -> io::Result<()> {
        match kind {
            ObjectKind::Media | ObjectKind::Place => self.named_objects(kind, "'[]'", visit),
            ObjectKind::Space | ObjectKind::Count => self.named_items(kind, visit),
            ObjectKind::Post | ObjectKind::User | ObjectKind::Poll => self.numbered_objects(kind, visit),
        }
    }

    fn edges(&self, visit: &mut dyn FnMut(Edge) -> io::Result<()>) -> io::Result<()> {
        let query = "SELECT relation, source_id, target_id, first_seen_at, last_seen_at FROM edges";
        let read = |row: &Row<'_>| {
            Ok(Edge {
                relation: row.get(0)?,
                source_id: row.get(1)?,
                target_id: row.get(2)?,
                first_seen_at: row.get(3)?,
                last_seen_at: row.get(4)?,
            })
        };
        self.each(query, read, visit)
    }

    fn notes(&self, kind: NoteKind, visit: &mut dyn FnMut(Note) -> io::Result<()>) -> io::Result<()> {
        let query = match kind {
            NoteKind::Gap if self.version()? < 2 => return Ok(()),
            NoteKind::Gap => {
                "SELECT name, ifnull(to_at, updated_at), from_at, to_at, cause, filled FROM gaps \
                 JOIN sources ON sources.id = source_id"
            }
            NoteKind::Problem => {
                "SELECT name, seen_at, NULL, NULL, why, json FROM problems JOIN sources ON sources.id = source_id"
            }
        };
        let read = |row: &Row<'_>| {
            Ok(Note {
                source: row.get(0)?,
                seen_at: row.get(1)?,
                from_at: row.get(2)?,
                to_at: row.get(3)?,
                why: row.get(4)?,
                json: row.get(5)?,
            })
        };
        self.each(query, read, visit)
    }

    fn deletions(&self, visit: &mut dyn FnMut(Deletion) -> io::Result<()>) -> io::Result<()> {
        let read = |row: &Row<'_>| {
            Ok(Deletion { kind: row.get(0)?, id: row.get(1)?, deleted_at: row.get(2)?, reason: row.get(3)? })
        };
        self.each("SELECT kind, id, deleted_at, reason FROM deletions", read, visit)
    }

    fn user_changes(&self, visit: &mut dyn FnMut(UserChange) -> io::Result<()>) -> io::Result<()> {
        let read = |row: &Row<'_>| {
            Ok(UserChange {
                user_id: row.get(0)?,
                changed_at: row.get(1)?,
                field: row.get(2)?,
                old: row.get(3)?,
                new: row.get(4)?,
            })
        };
        self.each("SELECT user_id, changed_at, field, old, new FROM user_changes", read, visit)
    }
}
