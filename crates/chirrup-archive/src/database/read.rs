//! Queries, checks and exports of a database.

use std::io;
use std::path::PathBuf;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, params};
use serde_json::Value as Json;

use super::{BUSY_TIMEOUT, Database, failed, refusal};
use crate::collection::ItemKind;

/// Checks of [`Database::verify`]: a query for the number of faults, and their description.
const CHECKS: [(&str, &str); 4] = [
    (
        "SELECT count(*) FROM sources s WHERE items <> (SELECT count(*) FROM results r WHERE r.source_id = s.id)",
        "sources with another number of results than their checkpoint",
    ),
    ("SELECT count(*) FROM posts WHERE NOT json_valid(json) OR json ->> 'id' <> id", "posts with invalid JSON"),
    ("SELECT count(*) FROM users WHERE NOT json_valid(json) OR json ->> 'id' <> id", "users with invalid JSON"),
    (
        "SELECT abs((SELECT count(*) FROM posts) - (SELECT count(*) FROM posts_text_docsize))",
        "posts that the index of the texts does not have, or has without a post",
    ),
];

impl Database {
    /// Opens a database for queries only.
    ///
    /// # Errors
    /// If the file is missing, cannot be read, or is not an archive that this version can read.
    pub fn open_read_only(path: impl Into<PathBuf>) -> io::Result<Self> {
        let path = path.into();
        let opened = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY).and_then(|db| {
            db.busy_timeout(BUSY_TIMEOUT)?;
            Ok((refusal(&db)?, db))
        });
        match opened.map_err(|why| failed(&path, why))? {
            (Some(why), _) => Err(failed(&path, why)),
            (None, db) => Ok(Self { path, db }),
        }
    }

    /// Runs an SQL query and calls `visit` with the names of the columns and the values of each row.
    ///
    /// # Errors
    /// [`InvalidInput`](io::ErrorKind::InvalidInput) if the query is invalid; or if the file cannot be read, or `visit`
    /// fails.
    pub fn query(&self, sql: &str, mut visit: impl FnMut(&[String], Vec<Json>) -> io::Result<()>) -> io::Result<()> {
        let invalid = |why: rusqlite::Error| io::Error::new(io::ErrorKind::InvalidInput, format!("query: {why}"));
        let mut query = self.db.prepare(sql).map_err(invalid)?;
        let columns: Vec<String> = query.column_names().into_iter().map(str::to_owned).collect();
        let mut rows = query.query([]).map_err(invalid)?;
        while let Some(row) = rows.next().map_err(|why| failed(&self.path, why))? {
            let values = (0..columns.len()).map(|column| row.get_ref(column).map(json_of));
            let values = values.collect::<rusqlite::Result<Vec<Json>>>().map_err(|why| failed(&self.path, why))?;
            visit(&columns, values)?;
        }
        Ok(())
    }

    /// Checks the file: its pages and indices, the checkpoints against the results, the results against the objects, and the
    /// JSON of the objects. Returns the faults, which are none for a sound file.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn verify(&self) -> io::Result<Vec<String>> {
        let verified = (|| {
            let mut integrity = self.db.prepare("PRAGMA integrity_check")?;
            let messages = integrity.query_map([], |row| row.get::<_, String>(0))?;
            let mut faults: Vec<String> = messages.collect::<rusqlite::Result<_>>()?;
            faults.retain(|message| message != "ok");
            let mut check = |query: &str, what: &str| -> rusqlite::Result<()> {
                let number: u64 = self.db.query_row(query, [], |row| row.get(0))?;
                if number > 0 {
                    faults.push(format!("{number} {what}"));
                }
                Ok(())
            };
            CHECKS.into_iter().try_for_each(|(query, what)| check(query, what))?;
            for (kind, number) in ItemKind::ALL.map(|items| (items.name(), items.object().number_column())) {
                // An older file has no tables for items that no source of it has.
                let has_items = self.db.prepare("SELECT 1 FROM sources WHERE kind = ?")?.exists([kind])?;
                let noun = kind.trim_end_matches('s');
                let query = format!(
                    "SELECT count(*) FROM results JOIN sources s ON s.id = source_id AND s.kind = '{kind}' WHERE item_id \
                     NOT IN (SELECT {number} FROM {kind}) AND item_id NOT IN (SELECT id FROM deletions WHERE kind = '{noun}')"
                );
                if has_items {
                    check(&query, &format!("results without a {noun}"))?;
                }
            }
            Ok(faults)
        })();
        verified.map_err(|why: rusqlite::Error| failed(&self.path, why))
    }

    /// Calls `visit` with each item that a source found, in the order of the IDs, as a line of JSON: posts as
    /// `{"data": …, "includes": …}` with all stored objects that they refer to.
    ///
    /// # Errors
    /// If the file cannot be read, or `visit` fails.
    pub fn export(&self, items: ItemKind, mut visit: impl FnMut(&str) -> io::Result<()>) -> io::Result<()> {
        let read = |why: rusqlite::Error| failed(&self.path, why);
        let (table, number) = (items.name(), items.object().number_column());
        let found = format!(
            "SELECT {number}, json FROM {table} WHERE {number} IN \
             (SELECT item_id FROM results JOIN sources ON sources.id = source_id WHERE kind = '{table}') ORDER BY {table}.id"
        );
        let mut found = self.db.prepare(&found).map_err(read)?;
        let mut rows = found.query([]).map_err(read)?;
        let mut line = String::new();
        while let Some(row) = rows.next().map_err(read)? {
            let (id, json): (i64, String) = (row.get(0).map_err(read)?, row.get(1).map_err(read)?);
            line.clear();
            line.push_str("{\"data\":");
            line.push_str(&json);
            if items == ItemKind::Posts {
                self.add_includes(id, &mut line).map_err(read)?;
            }
            line.push('}');
            visit(&line)?;
        }
        Ok(())
    }

    /// Adds the objects that a post refers to.
    fn add_includes(&self, post: i64, line: &mut String) -> rusqlite::Result<()> {
        const REFERENCES: &str = "SELECT value FROM posts, json_each(json_array(reply_to_id, quote_of_id, repost_of_id)) \
                                  WHERE posts.id = ?1 AND value IS NOT NULL";
        let all = format!("({REFERENCES} UNION SELECT ?1)");
        let lists = [
            ("users", format!("users WHERE id IN (SELECT author_id FROM posts WHERE id IN {all})")),
            ("tweets", format!("posts WHERE id IN ({REFERENCES})")),
            ("media", format!("media WHERE key IN (SELECT media_key FROM post_media WHERE post_id IN {all})")),
            ("places", format!("places WHERE id IN (SELECT place_id FROM posts WHERE id IN {all})")),
            ("polls", "polls WHERE id IN (SELECT poll_id FROM post_polls WHERE post_id = ?1)".to_owned()),
        ];
        let mut is_first = true;
        for (name, from) in lists {
            let mut objects = self.db.prepare_cached(&format!("SELECT json FROM {from}"))?;
            let objects = objects.query_map(params![post], |row| row.get::<_, String>(0))?;
            let objects = objects.collect::<rusqlite::Result<Vec<String>>>()?;
            if !objects.is_empty() {
                line.push_str(if is_first { ",\"includes\":{\"" } else { ",\"" });
                line.push_str(&format!("{name}\":[{}]", objects.join(",")));
                is_first = false;
            }
        }
        if !is_first {
            line.push('}');
        }
        Ok(())
    }
}

/// Returns a value of a column as JSON. Bytes are in Base64.
fn json_of(value: ValueRef<'_>) -> Json {
    match value {
        ValueRef::Null => Json::Null,
        ValueRef::Integer(number) => number.into(),
        ValueRef::Real(number) => number.into(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
        ValueRef::Blob(bytes) => BASE64_STANDARD.encode(bytes).into(),
    }
}
