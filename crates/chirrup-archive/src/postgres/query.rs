//! Queries, checks and exports of a database.

use std::fmt;
use std::io;

use serde::de::{Deserializer as _, MapAccess, Visitor};
use serde_json::Value as Json;

use super::reader::PostgresReader;
use crate::collection::ItemKind;

/// Checks of an archive: a query for the number of faults, and their description.
const CHECKS: [(&str, &str); 3] = [
    (
        "SELECT count(*) FROM sources s WHERE items <> (SELECT count(*) FROM results r WHERE r.source_id = s.id)",
        "sources with another number of results than their checkpoint",
    ),
    ("SELECT count(*) FROM posts WHERE json ->> 'id' IS DISTINCT FROM id::text", "posts with the JSON of another one"),
    ("SELECT count(*) FROM users WHERE json ->> 'id' IS DISTINCT FROM id::text", "users with the JSON of another one"),
];

/// A post with all stored objects that it refers to, as a line of JSON.
const LINES_OF_POSTS: &str = r#"
SELECT '{"data":' || p.json::text || coalesce(',"includes":{' || nullif(concat_ws(',',
    '"users":[' || (SELECT string_agg(u.json::text, ',') FROM users u
        WHERE u.id IN (SELECT author_id FROM posts a WHERE a.id = ANY (p.id || p.parents))) || ']',
    '"tweets":[' || (SELECT string_agg(t.json::text, ',') FROM posts t WHERE t.id = ANY (p.parents)) || ']',
    '"media":[' || (SELECT string_agg(m.json::text, ',') FROM media m
        WHERE m.key IN (SELECT media_key FROM post_media WHERE post_id = ANY (p.id || p.parents))) || ']',
    '"places":[' || (SELECT string_agg(l.json::text, ',') FROM places l
        WHERE l.id IN (SELECT place_id FROM posts a WHERE a.id = ANY (p.id || p.parents))) || ']',
    '"polls":[' || (SELECT string_agg(q.json::text, ',') FROM polls q
        WHERE q.id IN (SELECT poll_id FROM post_polls WHERE post_id = p.id)) || ']'
), '') || '}', '') || '}'
FROM (
    SELECT id, json, array_remove(ARRAY[reply_to_id, quote_of_id, repost_of_id], NULL) AS parents FROM posts
    WHERE id IN (SELECT item_id FROM results JOIN sources s ON s.id = source_id WHERE s.kind = 'posts')
) AS p ORDER BY p.id"#;

impl PostgresReader {
    /// Runs an SQL query and calls `visit` with the names of the columns and the values of each row. The query cannot
    /// change the database.
    ///
    /// # Errors
    /// [`InvalidInput`](io::ErrorKind::InvalidInput) if the query is invalid; or if the server cannot execute it, or
    /// `visit` fails.
    pub fn query(&self, sql: &str, mut visit: impl FnMut(&[String], Vec<Json>) -> io::Result<()>) -> io::Result<()> {
        let sql = sql.trim().trim_end_matches(';');
        // A line break ends a comment at the end of the query. A column can have the name of the row, too.
        let sql = format!("SELECT row_to_json(query.*)::text FROM ({sql}\n) AS query");
        let mut columns = Vec::new();
        let check = self.run(|client| client.prepare(&sql).map(drop));
        check.map_err(|why| io::Error::new(io::ErrorKind::InvalidInput, why))?;
        self.each(&sql, &mut |row| {
            let members = members_of(row.get(0))?;
            if columns.is_empty() {
                columns = members.iter().map(|(name, _)| name.clone()).collect();
            }
            visit(&columns, members.into_iter().map(|(_, value)| value).collect())
        })
    }

    /// Calls `visit` with each item that a source found, in the order of the IDs, as a line of JSON: posts as
    /// `{"data": …, "includes": …}` with all stored objects that they refer to.
    ///
    /// # Errors
    /// If the database cannot be read, or `visit` fails.
    pub fn export(&self, items: ItemKind, mut visit: impl FnMut(&str) -> io::Result<()>) -> io::Result<()> {
        if items == ItemKind::Posts {
            return self.each(LINES_OF_POSTS, &mut |row| visit(row.get(0)));
        }
        if !self.has_table(items.object())? {
            return Ok(());
        }
        let (table, number) = (items.name(), items.object().number_column());
        let lines = format!(
            "SELECT '{{\"data\":' || json::text || '}}' FROM {table} WHERE {number} IN (\
             SELECT item_id FROM results JOIN sources s ON s.id = source_id WHERE s.kind = '{table}') ORDER BY {table}.id"
        );
        self.each(&lines, &mut |row| visit(row.get(0)))
    }

    /// Returns the faults: checkpoints without their results, results without objects, and objects with other JSON.
    pub(super) fn faults(&self) -> io::Result<Vec<String>> {
        let mut faults = Vec::new();
        let mut check = |query: &str, what: &str| -> io::Result<()> {
            let number: i64 = self.run(|client| client.query_one(query, &[]))?.get(0);
            if number > 0 {
                faults.push(format!("{number} {what}"));
            }
            Ok(())
        };
        CHECKS.into_iter().try_for_each(|(query, what)| check(query, what))?;
        for items in ItemKind::ALL {
            let (table, number) = (items.name(), items.object().number_column());
            let noun = table.trim_end_matches('s');
            let query = format!(
                "SELECT count(*) FROM results r JOIN sources s ON s.id = r.source_id AND s.kind = '{table}' \
                 WHERE NOT EXISTS (SELECT FROM {table} WHERE {number} = item_id) \
                 AND NOT EXISTS (SELECT FROM deletions d WHERE d.kind = '{noun}' AND d.id = item_id)"
            );
            if self.has_table(items.object())? {
                check(&query, &format!("results without a {noun}"))?;
            }
        }
        Ok(faults)
    }
}

/// Returns the members of an object in their order. Columns of a query can have the same name.
fn members_of(json: &str) -> serde_json::Result<Vec<(String, Json)>> {
    struct Members;
    impl<'de> Visitor<'de> for Members {
        type Value = Vec<(String, Json)>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a row as a JSON object")
        }
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            std::iter::from_fn(|| map.next_entry().transpose()).collect()
        }
    }
    serde_json::Deserializer::from_str(json).deserialize_map(Members)
}
