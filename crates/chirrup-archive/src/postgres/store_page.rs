//! Transaction that stores a page together with the checkpoint of its source.

use std::thread;
use std::time::{Duration, Instant};

use postgres::types::ToSql;
use postgres::{Client, Error, Row};

use super::migrations::lock_shared;
use super::staging::{Observation, Staging, Step};
use crate::archive::Stored;
use crate::collection::{Checkpoint, Page};
use crate::objects::Body;
use crate::report::Report;

/// Longest wait for the end of a transaction of a lost connection, and the wait between two questions.
const END_TIMEOUT: Duration = Duration::from_secs(60);
const END_WAIT: Duration = Duration::from_millis(200);

/// Columns of a checkpoint.
const CHECKPOINT: &str = "pages, items, next_token, is_complete, cost_micros, until_id, since_id, \
    (SELECT min(item_id) FROM results WHERE source_id = sources.id AND item_id > coalesce(since_id, -1) \
    AND kind IN ('posts', 'users')), \
    (SELECT max(item_id) FROM results WHERE source_id = sources.id AND kind IN ('posts', 'users'))";

/// A stored page, whose transaction may still be open.
pub(super) struct Commit {
    /// Number of the transaction.
    transaction: String,
    pub(super) stored: Stored,
    pub(super) next: Checkpoint,
}

/// Stores a page in one transaction. `commit` is set before the transaction ends; without it, another program has
/// stored a page since the checkpoint.
#[expect(clippy::too_many_arguments, reason = "a page, where it belongs, and the session")]
pub(super) fn store_page(
    client: &mut Client,
    (schema, steps): (&str, &[Step]),
    source: &str,
    page: &Page<'_>,
    bodies: &[Body<'_>],
    report: &Report,
    checkpoint: &Checkpoint,
    commit: &mut Option<Commit>,
) -> Result<(), Error> {
    let mut change = client.transaction()?;
    lock_shared(&mut change, schema)?;
    let seen_at = page.seen_at.as_millis();
    let add = "INSERT INTO sources (name, kind, started_at, updated_at) SELECT $1, $2, $3, $3 \
               WHERE NOT EXISTS (SELECT FROM sources WHERE md5(name) = md5($1)) ON CONFLICT DO NOTHING";
    change.execute(add, &[&source, &page.items.name(), &seen_at])?;
    let find = "SELECT id, pg_current_xact_id()::text FROM sources WHERE md5(name) = md5($1) AND pages = $2 FOR UPDATE";
    let Some(found) = change.query_opt(find, &[&source, &checkpoint.pages.cast_signed()])? else { return Ok(()) };
    let source_id = found.get(0);
    let mut staging = Staging::default();
    let items = bodies.iter().map(|body| staging.body(source_id, page, body)).sum();
    let rows = Observation { source_id, seen_at };
    report.problems.iter().for_each(|(json, why)| staging.problem(rows, json, why));
    report.gaps.iter().for_each(|gap| staging.gap(source_id, gap));
    staging.copy(&mut change, steps)?;
    let stored = Stored { items, new_items: staging.merge(&mut change, steps)? };
    let update = format!(
        "UPDATE sources SET pages = pages + 1, items = items + $2, next_token = $3, is_complete = $3::text IS NULL, \
         cost_micros = cost_micros + $4, until_id = $5, since_id = $6, updated_at = $7 WHERE id = $1 RETURNING {CHECKPOINT}"
    );
    let (new_items, cost) = (stored.new_items.cast_signed(), page.cost_micros.cast_signed());
    let [until_id, since_id] = [checkpoint.until_id, checkpoint.since_id].map(|id| id.map(u64::cast_signed));
    let values: [&(dyn ToSql + Sync); 7] =
        [&source_id, &new_items, &page.next_token, &cost, &until_id, &since_id, &seen_at];
    let next = change.query_one(&update, &values)?;
    *commit = Some(Commit { transaction: found.get(1), stored, next: checkpoint_of(&next) });
    change.commit()
}

/// Whether the transaction of a lost connection was committed.
pub(super) fn is_committed(client: &mut Client, commit: &Commit) -> Result<bool, Error> {
    let begun = Instant::now();
    loop {
        let status = client.query_one("SELECT pg_xact_status($1::text::xid8)", &[&commit.transaction])?;
        match status.get::<_, Option<&str>>(0) {
            Some("in progress") if begun.elapsed() < END_TIMEOUT => thread::sleep(END_WAIT),
            status => return Ok(status == Some("committed")),
        }
    }
}

/// Returns the checkpoint of a source.
pub(super) fn checkpoint(client: &mut Client, source: &str) -> Result<Checkpoint, Error> {
    let found = client.query_opt(&format!("SELECT {CHECKPOINT} FROM sources WHERE name = $1"), &[&source])?;
    Ok(found.as_ref().map(checkpoint_of).unwrap_or_default())
}

fn checkpoint_of(row: &Row) -> Checkpoint {
    let number = |column| row.get::<_, i64>(column).cast_unsigned();
    let id = |column| row.get::<_, Option<i64>>(column).map(i64::cast_unsigned);
    Checkpoint {
        pages: number(0),
        items: number(1),
        next_token: row.get(2),
        is_complete: row.get(3),
        cost_micros: number(4),
        until_id: id(5),
        since_id: id(6),
        oldest_id: id(7),
        newest_id: id(8),
    }
}

/// Returns the highest item of a source.
pub(super) fn newest_item(client: &mut Client, source: &str) -> Result<Option<i64>, Error> {
    let text = "SELECT max(item_id) FROM results WHERE source_id = (SELECT id FROM sources WHERE name = $1)";
    Ok(client.query_one(text, &[&source])?.get(0))
}

/// Whether a source has an item.
pub(super) fn has_result(client: &mut Client, source: &str, item: i64) -> Result<bool, Error> {
    let text = "SELECT EXISTS (SELECT FROM results WHERE item_id = $2 AND \
                source_id = (SELECT id FROM sources WHERE name = $1))";
    Ok(client.query_one(text, &[&source, &item])?.get(0))
}
