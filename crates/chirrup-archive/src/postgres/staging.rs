//! Rows that are copied into temporary tables, and merged from there into the tables of the archive.

use std::collections::{BTreeMap, HashSet};
use std::io::Write as _;

use chirrup_model::Timestamp;
use postgres::{Client, Error, GenericClient, Statement, ToStatement, Transaction};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::copy_text::{CopyText, storable};
use crate::collection::{Page, edge};
use crate::object::{Key, ObjectKind};
use crate::object_rows::{ObjectRow, TABLES, Table, Value};
use crate::objects::{Body, Count, Includes, Media, Place, Poll, Post, Space, User, objects_of};
use crate::report::Gap;

/// Tables without objects, in the order in which they are written, and the statements that merge their staged rows. All
/// sessions write the rows of a table in the same order, so that none waits for one that waits for it.
const MERGES: [(&str, &str); 10] = [
    ("post_media", "INSERT INTO post_media SELECT * FROM staged_post_media ORDER BY 1, 2 ON CONFLICT DO NOTHING"),
    ("post_polls", "INSERT INTO post_polls SELECT * FROM staged_post_polls ORDER BY 1, 2 ON CONFLICT DO NOTHING"),
    (
        "entities",
        "INSERT INTO entities SELECT * FROM staged_entities ORDER BY post_id, kind, md5(lower(value)) \
         ON CONFLICT DO NOTHING",
    ),
    (RESULTS, "INSERT INTO results SELECT * FROM staged_results ORDER BY 1, 2 ON CONFLICT DO NOTHING"),
    (
        "edges",
        "INSERT INTO edges AS e SELECT relation, source_id, target_id, min(first_seen_at), max(last_seen_at) \
         FROM staged_edges GROUP BY 1, 2, 3 ORDER BY 1, 2, 3 ON CONFLICT (relation, source_id, target_id) DO UPDATE SET \
         first_seen_at = least(e.first_seen_at, excluded.first_seen_at), \
         last_seen_at = greatest(e.last_seen_at, excluded.last_seen_at)",
    ),
    (
        "matched_rules",
        "INSERT INTO matched_rules SELECT DISTINCT ON (post_id, rule_id) * FROM staged_matched_rules \
         ORDER BY post_id, rule_id ON CONFLICT (post_id, rule_id) DO UPDATE SET tag = excluded.tag",
    ),
    (
        "user_changes",
        "INSERT INTO user_changes SELECT * FROM staged_user_changes ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING",
    ),
    ("gaps", "INSERT INTO gaps SELECT * FROM staged_gaps"),
    ("problems", "INSERT INTO problems SELECT * FROM staged_problems"),
    ("deletions", "INSERT INTO deletions SELECT * FROM staged_deletions ORDER BY 1, 2 ON CONFLICT DO NOTHING"),
];
const RESULTS: &str = "results";

/// Statements of a session for a table.
pub(super) struct Step {
    table: &'static str,
    copy: Statement,
    merge: Statement,
}

/// Creates the temporary tables of a session, and prepares its statements.
pub(super) fn prepare(client: &mut Client) -> Result<Vec<Step>, Error> {
    let objects = TABLES.iter().map(|table| (table.name, upsert(table)));
    let others = MERGES.iter().map(|(table, merge)| (*table, (*merge).to_owned()));
    let mut steps = Vec::new();
    for (table, merge) in objects.chain(others) {
        client.batch_execute(&format!("CREATE TEMP TABLE staged_{table} (LIKE {table}) ON COMMIT DELETE ROWS"))?;
        let copy = client.prepare(&format!("COPY staged_{table} FROM STDIN"))?;
        steps.push(Step { table, copy, merge: client.prepare(&merge)? });
    }
    Ok(steps)
}

/// Returns the statement that inserts rows, or updates those of an earlier response. A value that the response does not
/// have is kept.
fn upsert(table: &Table) -> String {
    let Table { name, key, columns } = table;
    let updates: String =
        columns.iter().map(|column| format!("{column} = coalesce(excluded.{column}, t.{column}), ")).collect();
    format!(
        "INSERT INTO {name} AS t SELECT * FROM staged_{name} ORDER BY {key} ON CONFLICT ({key}) DO UPDATE SET \
         {updates}seen_at = excluded.seen_at, json = excluded.json WHERE excluded.seen_at > t.seen_at"
    )
}

/// Rows that are not written yet, by table. Each object has one row, that of its first occurrence.
#[derive(Default)]
pub(super) struct Staging {
    tables: BTreeMap<&'static str, CopyText>,
    objects: HashSet<(&'static str, Key<'static>)>,
}

impl Staging {
    /// Number of bytes of the rows.
    pub(super) fn byte_len(&self) -> usize {
        self.tables.values().map(|rows| rows.bytes().len()).sum()
    }

    pub(super) fn push<'v>(&mut self, table: &'static str, row: impl IntoIterator<Item = Value<'v>>) {
        self.tables.entry(table).or_default().push(row);
    }

    /// Adds the objects of a body. Returns the number of its items.
    pub(super) fn body(&mut self, source_id: i64, page: &Page<'_>, body: &Body<'_>) -> u64 {
        let rows = Observation { source_id, seen_at: page.seen_at.as_millis() };
        for (kind, object) in body.includes.iter().flat_map(Includes::objects) {
            self.object(kind, rows, object);
        }
        body.errors.iter().flatten().for_each(|error| self.problem(rows, error.get(), "partial error"));
        let mut items = 0;
        for object in body.data.iter().flat_map(|data| objects_of(data)) {
            let Some(id) = self.object(page.items.object(), rows, object) else { continue };
            items += 1;
            self.push(RESULTS, [source_id, id].map(int));
            if let Some(relation) = page.relation {
                let (source, target) = edge(relation.subject, relation.items_are_sources, id);
                let numbers = [source, target, rows.seen_at, rows.seen_at].map(int);
                self.push("edges", [Value::Text(Some(relation.name))].into_iter().chain(numbers));
            }
            for rule in body.matching_rules.iter().flatten() {
                self.matched_rule(id, rule.id.0, rule.tag.as_deref());
            }
        }
        items
    }

    /// Adds an object. One that cannot be read becomes a problem. Returns the number of one that can be an item
    /// of a source.
    pub(super) fn object(&mut self, kind: ObjectKind, rows: Observation, object: &RawValue) -> Option<i64> {
        match kind {
            ObjectKind::Post => self.post(rows, object),
            ObjectKind::User => self.row::<User<'_>>(rows, object).map(|(user, _)| user.id.0),
            ObjectKind::Media => self.row::<Media<'_>>(rows, object).and(None),
            ObjectKind::Place => self.row::<Place<'_>>(rows, object).and(None),
            ObjectKind::Poll => self.row::<Poll<'_>>(rows, object).and(None),
            ObjectKind::Space => self.row::<Space<'_>>(rows, object).map(|(space, _)| space.number()),
            ObjectKind::Count => self.row::<Count<'_>>(rows, object).map(|(count, _)| count.number()),
        }
    }

    fn post(&mut self, rows: Observation, object: &RawValue) -> Option<i64> {
        let (post, is_first) = self.row::<Post<'_>>(rows, object)?;
        let id = post.id.0;
        if is_first {
            let added: Result<(), std::convert::Infallible> = post.each_entity(|kind, value| {
                self.push("entities", [int(id), Value::Text(Some(kind)), Value::Text(Some(value))]);
                Ok(())
            });
            let Ok(()) = added;
            let attachments = post.attachments.as_ref();
            for key in attachments.iter().flat_map(|attachments| attachments.media_keys.iter().flatten()) {
                self.push("post_media", [int(id), Value::Text(Some(key.as_str()))]);
            }
            for poll in attachments.iter().flat_map(|attachments| attachments.poll_ids.iter().flatten()) {
                self.push("post_polls", [id, poll.0].map(int));
            }
        }
        Some(id)
    }

    /// Adds the row of an object. Returns the object, and whether it is its first occurrence.
    fn row<'a, T: ObjectRow + Deserialize<'a>>(
        &mut self,
        rows: Observation,
        object: &'a RawValue,
    ) -> Option<(T, bool)> {
        let read = match serde_json::from_str::<T>(object.get()) {
            Ok(read) => read,
            Err(why) => {
                self.problem(rows, object.get(), &why.to_string());
                return None;
            }
        };
        let table = T::TABLE.name;
        let is_first = self.objects.insert((table, key_of(&read.key())));
        if is_first {
            let json = storable(object.get());
            let end = [int(rows.seen_at), Value::Text(Some(&json))];
            self.push(table, [read.key()].into_iter().chain(read.values()).chain(end));
        }
        Some((read, is_first))
    }

    pub(super) fn matched_rule(&mut self, post: i64, rule: i64, tag: Option<&str>) {
        self.push("matched_rules", [int(post), int(rule), Value::Text(tag)]);
    }

    /// Adds a partial error, or an object or line that cannot be read.
    pub(super) fn problem(&mut self, rows: Observation, json: &str, why: &str) {
        let [json, why] = [json, why].map(|text| Value::Text(Some(text)));
        self.push("problems", [int(rows.source_id), int(rows.seen_at), json, why]);
    }

    pub(super) fn gap(&mut self, source_id: i64, gap: &Gap) {
        let [from, to] = [gap.from, gap.to].map(|time| Value::Int(time.map(Timestamp::as_millis)));
        let [cause, filled] = [&gap.cause, &gap.filled].map(|text| Value::Text(Some(text)));
        self.push("gaps", [int(source_id), from, to, cause, filled]);
    }

    /// Copies the rows into the temporary tables.
    pub(super) fn copy(&self, change: &mut Transaction<'_>, steps: &[Step]) -> Result<(), Error> {
        for step in steps {
            self.tables.get(step.table).map_or(Ok(()), |rows| copy(change, &step.copy, rows))?;
        }
        Ok(())
    }

    /// Merges the copied rows into the tables. Returns the number of items that their sources did not have.
    pub(super) fn merge(&self, change: &mut Transaction<'_>, steps: &[Step]) -> Result<u64, Error> {
        let mut new_items = 0;
        for step in steps.iter().filter(|step| self.tables.contains_key(step.table)) {
            let written = change.execute(&step.merge, &[])?;
            if step.table == RESULTS {
                new_items = written;
            }
        }
        Ok(new_items)
    }
}

/// Copies rows to the table of a statement.
pub(super) fn copy(
    client: &mut impl GenericClient,
    statement: &(impl ToStatement + ?Sized),
    rows: &CopyText,
) -> Result<(), Error> {
    let mut writer = client.copy_in(statement)?;
    // A failure of the connection is found again at the end, as an error of the client.
    let _ = writer.write_all(rows.bytes());
    writer.finish().map(drop)
}

/// The source and the time, in milliseconds, that rows are from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Observation {
    pub(super) source_id: i64,
    pub(super) seen_at: i64,
}

pub(super) fn int(number: i64) -> Value<'static> {
    Value::Int(Some(number))
}

fn key_of(value: &Value<'_>) -> Key<'static> {
    match value {
        Value::Text(text) => Key::Text(text.unwrap_or_default().to_owned().into()),
        Value::Int(id) => Key::Id(id.unwrap_or_default()),
        Value::Bool(flag) => Key::Id(i64::from(flag.unwrap_or_default())),
    }
}
