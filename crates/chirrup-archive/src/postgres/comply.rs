//! Removal of posts, users, likes and places from a database.

use std::io;
use std::path::Path;

use chirrup_model::Timestamp;
use postgres::{Error, Transaction};

use super::PostgresDatabase;
use super::copy_text::CopyText;
use super::migrations::lock_exclusive;
use super::staging::{copy, int};
use crate::comply::{Removal, Removed, each_removal};
use crate::object_rows::Value;

/// Demands of a file. `other` is the liked post, or the last post whose place is removed.
const TABLE: &str = "DROP TABLE IF EXISTS pg_temp.demands; \
                     CREATE TEMP TABLE demands (kind text, id bigint, other bigint, reason text, deleted_at bigint)";
/// Number of bytes of demands that are copied together.
const BATCH_LEN: usize = 1 << 20;
/// Posts and users that are removed, those of removed users included.
const FIND: &str = "
CREATE TEMP TABLE gone_posts ON COMMIT DROP AS SELECT DISTINCT ON (id) * FROM (
    SELECT p.id, d.reason, d.deleted_at FROM demands d JOIN posts p ON p.id = d.id WHERE d.kind IN ('post', 'any')
    UNION ALL
    SELECT p.id, d.reason, d.deleted_at FROM demands d JOIN posts p ON p.author_id = d.id WHERE d.kind IN ('user', 'any')
) AS found ORDER BY id;
CREATE TEMP TABLE gone_users ON COMMIT DROP AS SELECT DISTINCT ON (u.id) u.id, d.reason, d.deleted_at
    FROM demands d JOIN users u ON u.id = d.id WHERE d.kind IN ('user', 'any') ORDER BY u.id;
DELETE FROM post_media USING gone_posts g WHERE post_id = g.id;
DELETE FROM post_polls USING gone_posts g WHERE post_id = g.id;
DELETE FROM entities USING gone_posts g WHERE post_id = g.id;
DELETE FROM matched_rules USING gone_posts g WHERE post_id = g.id;
DELETE FROM user_changes USING gone_users g WHERE user_id = g.id;
DELETE FROM edges USING gone_users g WHERE source_id = g.id;
DELETE FROM edges USING gone_users g WHERE target_id = g.id AND relation = 'follows';
INSERT INTO deletions SELECT 'post', id, deleted_at, reason FROM gone_posts
    UNION ALL SELECT 'user', id, deleted_at, reason FROM gone_users
    ON CONFLICT (kind, id) DO UPDATE SET deleted_at = excluded.deleted_at, reason = excluded.reason";
const POSTS: &str = "DELETE FROM posts USING gone_posts g WHERE posts.id = g.id";
const USERS: &str = "DELETE FROM users USING gone_users g WHERE users.id = g.id";
const LIKES: &str = "DELETE FROM edges USING demands d \
                     WHERE d.kind = 'like' AND relation = 'likes' AND source_id = d.id AND target_id = d.other";
const PLACES: &str = "UPDATE posts SET place_id = NULL, \
                      json = (SELECT json_object_agg(key, value) FROM json_each(json) WHERE key <> 'geo') \
                      WHERE (place_id IS NOT NULL OR json -> 'geo' IS NOT NULL) AND id IN (\
                      SELECT id FROM demands WHERE kind = 'place' UNION \
                      SELECT p.id FROM demands d JOIN posts p ON p.author_id = d.id AND p.id <= d.other \
                      WHERE d.kind = 'places')";

/// Demands to remove objects, in a temporary table.
pub(super) struct Demands<'d> {
    database: &'d PostgresDatabase,
    rows: CopyText,
}

impl<'d> Demands<'d> {
    pub(super) fn of(database: &'d PostgresDatabase) -> io::Result<Self> {
        database.run(|client| client.batch_execute(TABLE))?;
        Ok(Self { database, rows: CopyText::default() })
    }

    /// Adds a demand, of a kind such as `post`.
    pub(super) fn push(&mut self, kind: &str, id: i64, other: Option<i64>, reason: &str, at: i64) -> io::Result<()> {
        self.rows.push([Value::Text(Some(kind)), int(id), Value::Int(other), Value::Text(Some(reason)), int(at)]);
        if self.rows.bytes().len() >= BATCH_LEN { self.copy() } else { Ok(()) }
    }

    fn copy(&mut self) -> io::Result<()> {
        let rows = std::mem::take(&mut self.rows);
        self.database.run(|client| copy(client, "COPY demands FROM STDIN", &rows))
    }

    /// Meets the demands, and calls `finish` in the same transaction. No page is stored meanwhile.
    pub(super) fn meet(
        mut self,
        finish: impl FnOnce(&mut Transaction<'_>) -> Result<(), Error> + Send,
    ) -> io::Result<Removed> {
        self.copy()?;
        let schema = &self.database.address.schema;
        self.database.run(|client| {
            let mut change = client.transaction()?;
            lock_exclusive(&mut change, schema)?;
            change.batch_execute(&format!("ANALYZE demands; {FIND}"))?;
            let removed = Removed {
                posts: change.execute(POSTS, &[])?,
                users: change.execute(USERS, &[])?,
                likes: change.execute(LIKES, &[])?,
                places: change.execute(PLACES, &[])?,
                other_lines: 0,
            };
            finish(&mut change)?;
            change.commit()?;
            Ok(removed)
        })
    }
}

impl PostgresDatabase {
    /// Applies a file with demands. All lines are one transaction.
    pub(super) fn remove_demanded(&mut self, file: &Path, now: Timestamp) -> io::Result<Removed> {
        let mut demands = Demands::of(self)?;
        let other_lines = each_removal(file, &mut |removal, reason| {
            let (kind, id, other) = demand_of(&removal);
            demands.push(kind, id, other, &reason, now.as_millis())
        })?;
        Ok(Removed { other_lines, ..demands.meet(|_| Ok(()))? })
    }
}

/// Returns the kind of a demand, the ID of its object, and that of the other one.
fn demand_of(removal: &Removal) -> (&'static str, i64, Option<i64>) {
    match *removal {
        Removal::Post(id) => ("post", id, None),
        Removal::User(id) => ("user", id, None),
        Removal::PostOrUser(id) => ("any", id, None),
        Removal::Like { user, post } => ("like", user, Some(post)),
        Removal::PlaceOfPost(id) => ("place", id, None),
        Removal::PlacesOfUser { user, up_to } => ("places", user, Some(up_to)),
    }
}
