//! Removal of posts, users, likes and places from a database.

use std::io;
use std::path::Path;

use chirrup_model::Timestamp;
use rusqlite::{Connection, TransactionBehavior, params};

use super::{Database, failed};
use crate::comply::{Removal, Removed, each_removal};
use crate::object::ObjectKind;
use crate::reader::Deletion;

impl Database {
    /// Applies a file with demands. All lines are one transaction. The space of removed content is overwritten.
    pub(super) fn remove_demanded(&mut self, file: &Path, now: Timestamp) -> io::Result<Removed> {
        let path = &self.path;
        let write = |why: rusqlite::Error| failed(path, why);
        // Without it, the content remains readable in free pages, and in the index of the texts.
        self.db.execute_batch("PRAGMA secure_delete = ON").map_err(write)?;
        let change = self.db.transaction_with_behavior(TransactionBehavior::Immediate).map_err(write)?;
        let secure = "INSERT INTO posts_text (posts_text, rank) VALUES ('secure-delete', 1)";
        change.execute(secure, []).map_err(write)?;
        let mut removed = Removed::default();
        let other_lines = each_removal(file, &mut |removal, reason| {
            remove(&change, &removal, &reason, now.as_millis(), &mut removed).map_err(write)
        })?;
        change.commit().map_err(write)?;
        self.db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").map_err(write)?;
        Ok(Removed { other_lines, ..removed })
    }
}

fn remove(db: &Connection, removal: &Removal, reason: &str, now: i64, removed: &mut Removed) -> rusqlite::Result<()> {
    match *removal {
        Removal::Post(id) => remove_post(db, id, reason, now, removed),
        Removal::User(id) => remove_user(db, id, reason, now, removed),
        Removal::PostOrUser(id) => {
            remove_post(db, id, reason, now, removed)?;
            remove_user(db, id, reason, now, removed)
        }
        Removal::Like { user, post } => {
            let text = "DELETE FROM edges WHERE relation = 'likes' AND source_id = ? AND target_id = ?";
            removed.likes += db.prepare_cached(text)?.execute(params![user, post])? as u64;
            Ok(())
        }
        Removal::PlaceOfPost(id) => remove_places(db, "id = ?1 AND id = ?2", params![id, id], removed),
        Removal::PlacesOfUser { user, up_to } => {
            remove_places(db, "author_id = ?1 AND id <= ?2", params![user, up_to], removed)
        }
    }
}

fn remove_post(db: &Connection, id: i64, reason: &str, now: i64, removed: &mut Removed) -> rusqlite::Result<()> {
    if db.prepare_cached("DELETE FROM posts WHERE id = ?")?.execute([id])? == 0 {
        return Ok(());
    }
    for table in ["post_media", "post_polls", "entities", "matched_rules"] {
        db.prepare_cached(&format!("DELETE FROM {table} WHERE post_id = ?"))?.execute([id])?;
    }
    removed.posts += 1;
    record(db, "post", id, reason, now)
}

fn remove_user(db: &Connection, id: i64, reason: &str, now: i64, removed: &mut Removed) -> rusqlite::Result<()> {
    let mut posts = db.prepare_cached("SELECT id FROM posts WHERE author_id = ?")?;
    let posts = posts.query_map([id], |row| row.get(0))?.collect::<rusqlite::Result<Vec<i64>>>()?;
    posts.into_iter().try_for_each(|post| remove_post(db, post, reason, now, removed))?;
    if db.prepare_cached("DELETE FROM users WHERE id = ?")?.execute([id])? == 0 {
        return Ok(());
    }
    db.prepare_cached("DELETE FROM user_changes WHERE user_id = ?")?.execute([id])?;
    let edges = "DELETE FROM edges WHERE (source_id = ?1 OR (target_id = ?1 AND relation = 'follows'))";
    db.prepare_cached(edges)?.execute([id])?;
    removed.users += 1;
    record(db, "user", id, reason, now)
}

/// Removes an object that another archive has removed.
pub(super) fn remove_object(db: &Connection, deletion: &Deletion) -> rusqlite::Result<()> {
    let Deletion { id, deleted_at, reason, .. } = deletion;
    let mut removed = Removed::default();
    match deletion.object() {
        Some((ObjectKind::Post, _)) => remove_post(db, *id, reason, *deleted_at, &mut removed)?,
        Some((ObjectKind::User, _)) => remove_user(db, *id, reason, *deleted_at, &mut removed)?,
        _ => {}
    }
    record(db, &deletion.kind, *id, reason, *deleted_at)
}

fn remove_places(
    db: &Connection,
    which: &str,
    values: &[&dyn rusqlite::ToSql],
    removed: &mut Removed,
) -> rusqlite::Result<()> {
    let text = format!(
        "UPDATE posts SET place_id = NULL, json = json_remove(json, '$.geo') \
         WHERE {which} AND (place_id IS NOT NULL OR json ->> '$.geo' IS NOT NULL)"
    );
    removed.places += db.prepare_cached(&text)?.execute(values)? as u64;
    Ok(())
}

fn record(db: &Connection, kind: &str, id: i64, reason: &str, now: i64) -> rusqlite::Result<()> {
    let text = "INSERT OR REPLACE INTO deletions (kind, id, deleted_at, reason) VALUES (?, ?, ?, ?)";
    db.prepare_cached(text)?.execute(params![kind, id, now, reason]).map(drop)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::archive::Archive as _;

    #[test]
    fn what_x_no_longer_shows_is_removed_and_recorded() {
        let folder = tempfile::tempdir().unwrap();
        let (posts, events) = (folder.path().join("posts.jsonl"), folder.path().join("events.jsonl"));
        let post = |id: u32, author: u32| {
            format!(
                "{{\"data\":{{\"id\":\"{id}\",\"text\":\"secret{id}\",\"author_id\":\"{author}\",\"geo\":{{\"place_id\":\"p\"}},\
                 \"entities\":{{\"hashtags\":[{{\"tag\":\"a\"}}]}}}},\"includes\":{{\"users\":[{{\"id\":\"{author}\",\
                 \"username\":\"u{author}\"}}]}}}}\n"
            )
        };
        let lines = [post(101, 1), post(102, 2), post(103, 2), post(104, 3), post(105, 4), post(106, 1)].concat();
        std::fs::write(&posts, lines).unwrap();
        let demands = r#"{"data":{"delete":{"tweet":{"id":"101","author_id":"1"},"event_at":"2026-01-31T12:00:00.000Z"}}}
{"data":{"user_protect":{"user":{"id":"2"},"event_at":"2026-01-31T12:00:00.000Z"}}}
{"data":{"scrub_geo":{"user":{"id":"3"},"up_to_tweet_id":"104","event_at":"2026-01-31T12:00:00.000Z"}}}
{"id":"105","action":"delete","reason":"deleted"}
{"data":{"undrop":{"tweet":{"id":"101"}}}}
"#;
        std::fs::write(&events, demands).unwrap();
        let mut database = Database::open(folder.path().join("birds.db")).unwrap();
        crate::import(&mut database, &posts).unwrap();
        let now = Timestamp::from_secs(7);
        let removed = database.comply(&events, now).unwrap();
        assert_eq!(removed, Removed { posts: 4, users: 1, likes: 0, places: 1, other_lines: 1 });
        let count = |query: &str| database.db.query_row(query, [], |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!(count("SELECT sum(id) FROM posts"), 104 + 106);
        assert_eq!(count("SELECT count(*) FROM entities"), 2);
        assert_eq!(count("SELECT count(*) FROM posts WHERE json ->> '$.geo' IS NOT NULL"), 1);
        assert_eq!(count("SELECT count(*) FROM deletions WHERE deleted_at = 7000"), 5);
        assert_eq!(count("SELECT count(*) FROM posts_text WHERE posts_text MATCH 'secret101'"), 0);
        assert_eq!(database.verify().unwrap(), [""; 0]);
        let again = database.comply(&events, now).unwrap();
        assert_eq!(again, Removed { other_lines: 1, ..Removed::default() });
        let path = database.path().to_owned();
        drop(database);
        let bytes = std::fs::read(path).unwrap();
        let has = |text: &[u8]| bytes.windows(text.len()).any(|window| window == text);
        assert!(has(b"secret106") && !has(b"secret101") && !has(b"secret102"), "removed texts are overwritten");
    }
}
