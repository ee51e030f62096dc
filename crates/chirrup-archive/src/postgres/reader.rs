//! Objects, edges and notes of a database, as they were when it was opened.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::io;

use chirrup_model::Timestamp;
use postgres::Row;

use super::address::Address;
use super::migrations;
use super::session::Session;
use crate::collection::Checkpoint;
use crate::object::{Key, Object, ObjectKind};
use crate::reader::{ArchiveReader, Deletion, Edge, Note, NoteKind, SourceState, UserChange, VisitObject};

/// Number of rows that are read together.
const ROWS: usize = 500;

/// PostgreSQL database that is open for reading: one snapshot of it, which later pages do not change.
pub struct PostgresReader {
    address: Address,
    session: RefCell<Session>,
    cursors: Cell<usize>,
}

impl fmt::Debug for PostgresReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresReader").field("address", &self.address.to_string()).finish_non_exhaustive()
    }
}

impl PostgresReader {
    /// Opens a database by its URL, as [`PostgresDatabase::open`](super::PostgresDatabase::open) does.
    ///
    /// # Errors
    /// If there is no connection, or the schema has no archive that this version can read.
    pub fn open(url: &str) -> io::Result<Self> {
        let address = Address::parse(url).map_err(|why| io::Error::new(io::ErrorKind::InvalidInput, why))?;
        let mut session = Session::open(&address)?;
        if let Some(why) = session.run(&address, |client| migrations::refuse_reading(client, &address))? {
            return Err(io::Error::other(format!("{address}: {why}")));
        }
        session.run(&address, |client| client.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"))?;
        Ok(Self { address, session: session.into(), cursors: Cell::new(0) })
    }

    /// Calls `work` with the client.
    pub(super) fn run<T: Send>(
        &self,
        work: impl FnOnce(&mut postgres::Client) -> Result<T, postgres::Error> + Send,
    ) -> io::Result<T> {
        self.session.borrow_mut().run(&self.address, work)
    }

    /// Whether the archive has a table for objects of a type. That of an older version has none for Spaces and counts.
    pub(super) fn has_table(&self, kind: ObjectKind) -> io::Result<bool> {
        let found = "SELECT FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = $1";
        Ok(self.run(|client| client.query_opt(found, &[&kind.table()]))?.is_some())
    }

    /// Calls `visit` with each row of a query.
    pub(super) fn each(&self, query: &str, visit: &mut dyn FnMut(&Row) -> io::Result<()>) -> io::Result<()> {
        self.cursors.set(self.cursors.get() + 1);
        let cursor = format!("rows_{}", self.cursors.get());
        self.run(|client| client.batch_execute(&format!("DECLARE {cursor} NO SCROLL CURSOR FOR {query}")))?;
        let fetch = self.run(|client| client.prepare(&format!("FETCH {ROWS} FROM {cursor}")))?;
        loop {
            let rows = self.run(|client| client.query(&fetch, &[]))?;
            if rows.is_empty() {
                return self.run(|client| client.batch_execute(&format!("CLOSE {cursor}")));
            }
            rows.iter().try_for_each(&mut *visit)?;
        }
    }
}

impl ArchiveReader for PostgresReader {
    fn verify(&self) -> io::Result<Vec<String>> {
        self.faults()
    }

    fn source_states(&self) -> io::Result<Vec<SourceState>> {
        let query = "SELECT name, kind, pages, items, next_token, is_complete, cost_micros, until_id, started_at, updated_at, \
                     since_id, (SELECT max(item_id) FROM results WHERE source_id = sources.id AND kind IN ('posts', 'users')) \
                     FROM sources ORDER BY name COLLATE \"C\"";
        let mut sources = Vec::new();
        self.each(query, &mut |row| {
            let number = |column| row.get::<_, i64>(column).cast_unsigned();
            let id = |column| row.get::<_, Option<i64>>(column).map(i64::cast_unsigned);
            let checkpoint = Checkpoint {
                pages: number(2),
                items: number(3),
                next_token: row.get(4),
                is_complete: row.get(5),
                cost_micros: number(6),
                until_id: id(7),
                since_id: id(10),
                oldest_id: None,
                newest_id: id(11),
            };
            let [started_at, updated_at] = [row.get(8), row.get(9)].map(Timestamp::from_millis);
            sources.push(SourceState { name: row.get(0), kind: row.get(1), checkpoint, started_at, updated_at });
            Ok(())
        })?;
        Ok(sources)
    }

    fn objects(&self, kind: ObjectKind, visit: &mut VisitObject<'_>) -> io::Result<()> {
        if !self.has_table(kind)? {
            return Ok(());
        }
        let (table, key) = (kind.table(), kind.key_column());
        let (item, order) = match kind {
            // No results refer to them.
            ObjectKind::Media | ObjectKind::Place => ("NULL", " COLLATE \"C\""),
            ObjectKind::Space | ObjectKind::Count => ("t.number", " COLLATE \"C\""),
            ObjectKind::Post | ObjectKind::User | ObjectKind::Poll => ("t.id", ""),
        };
        let found_by = format!(
            "ARRAY(SELECT name FROM results JOIN sources s ON s.id = source_id AND s.kind = '{table}' \
             WHERE item_id = {item} ORDER BY name COLLATE \"C\")"
        );
        let rules = |column: &str| {
            format!(
                "ARRAY(SELECT {column} FROM matched_rules WHERE post_id = {item} AND '{table}' = 'posts' ORDER BY rule_id)"
            )
        };
        let [rule_ids, tags] = ["rule_id", "coalesce(tag, '')"].map(rules);
        let query = format!(
            "SELECT {key}, json::text, seen_at, {found_by}, {rule_ids}, {tags} FROM {table} t ORDER BY {key}{order}"
        );
        self.each(&query, &mut |row| {
            let key = match kind.has_numeric_keys() {
                true => Key::Id(row.get(0)),
                false => Key::Text(row.get::<_, &str>(0).into()),
            };
            let found_by = row.get::<_, Vec<&str>>(3).into_iter().map(Into::into).collect();
            let tags = row.get::<_, Vec<&str>>(5).into_iter().map(Into::into);
            let rules = row.get::<_, Vec<i64>>(4).into_iter().zip(tags).collect();
            visit(key, Object { json: row.get::<_, &str>(1).into(), seen_at: row.get(2), found_by, rules })
        })
    }

    fn edges(&self, visit: &mut dyn FnMut(Edge) -> io::Result<()>) -> io::Result<()> {
        self.each("SELECT relation, source_id, target_id, first_seen_at, last_seen_at FROM edges", &mut |row| {
            visit(Edge {
                relation: row.get(0),
                source_id: row.get(1),
                target_id: row.get(2),
                first_seen_at: row.get(3),
                last_seen_at: row.get(4),
            })
        })
    }

    fn notes(&self, kind: NoteKind, visit: &mut dyn FnMut(Note) -> io::Result<()>) -> io::Result<()> {
        let query = match kind {
            NoteKind::Gap => {
                "SELECT name, coalesce(to_at, updated_at), from_at, to_at, cause, filled FROM gaps \
                 JOIN sources ON sources.id = source_id"
            }
            NoteKind::Problem => {
                "SELECT name, seen_at, NULL::bigint, NULL::bigint, why, json FROM problems \
                 JOIN sources ON sources.id = source_id"
            }
        };
        self.each(query, &mut |row| {
            visit(Note {
                source: row.get(0),
                seen_at: row.get(1),
                from_at: row.get(2),
                to_at: row.get(3),
                why: row.get(4),
                json: row.get(5),
            })
        })
    }

    fn deletions(&self, visit: &mut dyn FnMut(Deletion) -> io::Result<()>) -> io::Result<()> {
        self.each("SELECT kind, id, deleted_at, reason FROM deletions", &mut |row| {
            visit(Deletion { kind: row.get(0), id: row.get(1), deleted_at: row.get(2), reason: row.get(3) })
        })
    }

    fn user_changes(&self, visit: &mut dyn FnMut(UserChange) -> io::Result<()>) -> io::Result<()> {
        self.each("SELECT user_id, changed_at, field, old, new FROM user_changes", &mut |row| {
            visit(UserChange {
                user_id: row.get(0),
                changed_at: row.get(1),
                field: row.get(2),
                old: row.get(3),
                new: row.get(4),
            })
        })
    }
}
