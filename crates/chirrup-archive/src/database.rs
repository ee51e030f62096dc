//! SQLite database of posts, users and what belongs to them.

mod add_archive;
mod comply;
mod read;
mod reader;
mod rows;

use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use chirrup_model::Timestamp;
use chirrup_store::open_regular;
use rusqlite::{Connection, ErrorCode, OptionalExtension as _, TransactionBehavior, params};

use self::rows::Rows;
use crate::archive::{Archive, Stored, collected_elsewhere};
use crate::collection::{Checkpoint, Page, edge};
use crate::comply::Removed;
use crate::lines::with_path;
use crate::objects::{Body, Includes, objects_of};
use crate::reader::ArchiveReader;
use crate::report::Report;

/// Mark of our databases in the header of the file.
const APPLICATION_ID: i64 = 0x4368_7270;
/// Version of the tables.
const VERSION: i64 = 5;
/// Changes of the tables from version 1 on, each to the next version.
const MIGRATIONS: [&str; VERSION as usize - 1] = [
    include_str!("database/version_2.sql"),
    include_str!("database/version_3.sql"),
    include_str!("database/version_4.sql"),
    include_str!("database/version_5.sql"),
];
/// Lowest and highest ID of the posts or users that a source found, the lowest one in this update. Results of other types
/// are numbers of rows.
const OLDEST_ID: &str = "(SELECT min(item_id) FROM results WHERE source_id = sources.id \
                         AND item_id > coalesce(since_id, -1) AND kind IN ('posts', 'users'))";
const NEWEST_ID: &str =
    "(SELECT max(item_id) FROM results WHERE source_id = sources.id AND kind IN ('posts', 'users'))";
/// Longest wait for another program that writes to the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);
/// Pause before the next attempt where SQLite does not wait by itself.
const BUSY_PAUSE: Duration = Duration::from_millis(5);
/// Number of statements that are kept prepared.
const STATEMENTS: usize = 64;

/// SQLite file that stores the pages of sources, each together with the checkpoint from which the source resumes.
///
/// A stored page survives a crash of the program and a power failure. Several programs can write to the file, but only
/// one at a time can collect a source. On Unix, only its owner can read a new file.
#[derive(Debug)]
pub struct Database {
    pub(crate) path: PathBuf,
    pub(crate) db: Connection,
}

impl Database {
    /// Opens or creates a database.
    ///
    /// # Errors
    /// If the file cannot be read or written, a newer version of this program wrote it, or it is not an archive.
    pub fn open(path: impl Into<PathBuf>) -> io::Result<Self> {
        let path = path.into();
        open_regular(&path, OpenOptions::new().read(true).write(true)).map_err(|why| failed(&path, why))?;
        let mut db = Connection::open(&path).map_err(|why| failed(&path, why))?;
        match set_up(&mut db).map_err(|why| failed(&path, why))? {
            Some(why) => Err(failed(&path, why)),
            None => Ok(Self { path, db }),
        }
    }

    /// Copies another archive into a temporary database for queries and exports. It is on the disk if it is large, and ends
    /// with the value.
    ///
    /// # Errors
    /// If the other archive cannot be read, or the disk is full.
    pub fn temporary_copy(other: &dyn ArchiveReader) -> io::Result<Self> {
        let path = PathBuf::from("temporary database");
        // SQLite removes a database without a name.
        let mut db = Connection::open("").map_err(|why| failed(&path, why))?;
        set_up(&mut db).map_err(|why| failed(&path, why))?;
        let mut copy = Self { path, db };
        copy.add_archive(other)?;
        copy.db.pragma_update(None, "query_only", true).map_err(|why| failed(&copy.path, why))?;
        Ok(copy)
    }
}

impl Archive for Database {
    fn path(&self) -> &Path {
        &self.path
    }

    fn checkpoint(&self, source: &str) -> io::Result<Checkpoint> {
        checkpoint_of(&self.db, source).map_err(|why| failed(&self.path, why))
    }

    fn sources(&self, prefix: &str) -> io::Result<Vec<String>> {
        let read = || {
            let mut names = self.db.prepare("SELECT name FROM sources WHERE substr(name, 1, length(?1)) = ?1")?;
            names.query_map([prefix], |row| row.get(0))?.collect::<rusqlite::Result<_>>()
        };
        read().map_err(|why| failed(&self.path, why))
    }

    fn has_result(&mut self, source: &str, item: u64) -> io::Result<bool> {
        let text = "SELECT 1 FROM results WHERE source_id = (SELECT id FROM sources WHERE name = ?) AND item_id = ?";
        let found = self.db.prepare_cached(text).and_then(|mut find| find.exists(params![source, item.cast_signed()]));
        found.map_err(|why| failed(&self.path, why))
    }

    fn store(
        &mut self,
        source: &str,
        page: &Page<'_>,
        report: &Report,
        checkpoint: &mut Checkpoint,
    ) -> io::Result<Stored> {
        let bodies: io::Result<Vec<Body<'_>>> = page.bodies.iter().map(|body| Body::read(body)).collect();
        let bodies = bodies.map_err(|why| with_path(&self.path, &why))?;
        let stored = store_page(&mut self.db, source, page, &bodies, report, checkpoint);
        let stored = stored.map_err(|why| failed(&self.path, why))?;
        let Some((stored, next)) = stored else {
            return Err(with_path(&self.path, &collected_elsewhere()));
        };
        *checkpoint = next;
        Ok(stored)
    }

    fn merge(&mut self, other: &dyn ArchiveReader) -> io::Result<()> {
        self.add_archive(other)
    }

    fn comply(&mut self, file: &Path, now: Timestamp) -> io::Result<Removed> {
        self.remove_demanded(file, now)
    }

    fn compact(&mut self) -> io::Result<()> {
        let compact =
            "INSERT INTO posts_text (posts_text) VALUES ('optimize'); VACUUM; PRAGMA wal_checkpoint(TRUNCATE)";
        self.db.execute_batch(compact).map_err(|why| failed(&self.path, why))
    }
}

/// Sets up the connection, and creates the tables of a new file. Returns why a file is refused.
fn set_up(db: &mut Connection) -> rusqlite::Result<Option<&'static str>> {
    db.busy_timeout(BUSY_TIMEOUT)?;
    db.set_prepared_statement_cache_capacity(STATEMENTS);
    let change = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let is_new = number(&change, "application_id")? == 0 && number(&change, "schema_version")? == 0;
    if is_new {
        change.execute_batch(include_str!("database/schema.sql"))?;
        change.pragma_update(None, "application_id", APPLICATION_ID)?;
        change.pragma_update(None, "user_version", 1)?;
    } else if let Some(why) = refusal(&change)? {
        return Ok(Some(why));
    }
    let version = number(&change, "user_version")?;
    let is_newer = |(from, _): &(i64, &&str)| *from >= version;
    for (from, migration) in (1..).zip(&MIGRATIONS).filter(is_newer) {
        change.execute_batch(migration)?;
        change.pragma_update(None, "user_version", from + 1)?;
    }
    change.commit()?;
    use_write_ahead_log(db)?;
    // A cache of 64 MiB holds the indices of millions of posts, and a log of the same size is copied into the file less
    // often.
    db.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA cache_size = -65536;
         PRAGMA wal_autocheckpoint = 16384",
    )?;
    Ok(None)
}

/// Sets the write-ahead log, with which readers do not wait for the writer.
fn use_write_ahead_log(db: &Connection) -> rusqlite::Result<()> {
    // SQLite does not wait for other programs here: only one that is alone can change the mode of a new file.
    let started = Instant::now();
    loop {
        match db.execute_batch("PRAGMA journal_mode = WAL") {
            Err(why)
                if why.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && started.elapsed() < BUSY_TIMEOUT =>
            {
                thread::sleep(BUSY_PAUSE);
            }
            set => return set,
        }
    }
}

/// Returns the number that a pragma has.
fn number(db: &Connection, pragma: &str) -> rusqlite::Result<i64> {
    db.query_row(&format!("PRAGMA {pragma}"), [], |row| row.get(0))
}

/// Returns why a file that is not new is refused.
fn refusal(db: &Connection) -> rusqlite::Result<Option<&'static str>> {
    Ok(match (number(db, "application_id")?, number(db, "user_version")?) {
        (APPLICATION_ID, 1..=VERSION) => None,
        (APPLICATION_ID, _) => {
            Some("a newer version of this program wrote it; use that version or choose another file")
        }
        _ => Some("it is not an archive of this program; choose another file"),
    })
}

/// Stores a page in one transaction. Returns `None` if another program has stored a page since the checkpoint.
fn store_page(
    db: &mut Connection,
    source: &str,
    page: &Page<'_>,
    bodies: &[Body<'_>],
    report: &Report,
    checkpoint: &Checkpoint,
) -> rusqlite::Result<Option<(Stored, Checkpoint)>> {
    let change = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let seen_at = page.seen_at.as_millis();
    let add = "INSERT INTO sources (name, kind, started_at, updated_at) VALUES (?1, ?2, ?3, ?3) ON CONFLICT DO NOTHING";
    change.prepare_cached(add)?.execute(params![source, page.items.name(), seen_at])?;
    let find = "SELECT id FROM sources WHERE name = ? AND pages = ?";
    let found = change.prepare_cached(find)?.query_row(params![source, checkpoint.pages], |row| row.get(0));
    let Some(source_id) = found.optional()? else { return Ok(None) };
    let rows = Rows { db: &change, source_id, seen_at };
    let mut stored = Stored::default();
    bodies.iter().try_for_each(|body| store_body(&rows, page, body, &mut stored))?;
    report.problems.iter().try_for_each(|(json, why)| rows.problem(json, why))?;
    report.gaps.iter().try_for_each(|gap| rows.gap(gap))?;
    let update = "UPDATE sources SET pages = pages + 1, items = items + ?, next_token = ?, is_complete = ?, \
                  cost_micros = cost_micros + ?, until_id = ?, since_id = ?, updated_at = ? WHERE id = ?";
    change.prepare_cached(update)?.execute(params![
        stored.new_items,
        page.next_token,
        page.next_token.is_none(),
        page.cost_micros,
        checkpoint.until_id,
        checkpoint.since_id,
        seen_at,
        source_id
    ])?;
    let next = checkpoint_of(&change, source)?;
    change.commit()?;
    Ok(Some((stored, next)))
}

/// Returns the checkpoint of a source.
fn checkpoint_of(db: &Connection, source: &str) -> rusqlite::Result<Checkpoint> {
    let text = format!(
        "SELECT pages, items, next_token, is_complete, cost_micros, until_id, since_id, {OLDEST_ID}, {NEWEST_ID} \
         FROM sources WHERE name = ?"
    );
    let found = db.prepare_cached(&text)?.query_row([source], |row| {
        Ok(Checkpoint {
            pages: row.get(0)?,
            items: row.get(1)?,
            next_token: row.get(2)?,
            is_complete: row.get(3)?,
            cost_micros: row.get(4)?,
            until_id: row.get(5)?,
            since_id: row.get(6)?,
            oldest_id: row.get(7)?,
            newest_id: row.get(8)?,
        })
    });
    found.optional().map(Option::unwrap_or_default)
}

/// Writes the rows of a body, and counts its items.
fn store_body(rows: &Rows<'_>, page: &Page<'_>, body: &Body<'_>, stored: &mut Stored) -> rusqlite::Result<()> {
    let mut included = body.includes.iter().flat_map(Includes::objects);
    included.try_for_each(|(kind, object)| rows.object(kind, object).map(drop))?;
    body.errors.iter().flatten().try_for_each(|error| rows.problem(error.get(), "partial error"))?;
    for object in body.data.iter().flat_map(|data| objects_of(data)) {
        let Some(id) = rows.object(page.items.object(), object)? else { continue };
        stored.items += 1;
        stored.new_items += u64::from(rows.result(id)?);
        if let Some(relation) = page.relation {
            let (source, target) = edge(relation.subject, relation.items_are_sources, id);
            rows.edge(relation.name, source, target)?;
        }
        for rule in body.matching_rules.iter().flatten() {
            rows.matched_rule(id, rule.id.0, rule.tag.as_deref())?;
        }
    }
    Ok(())
}

/// Adds the path of the file to an error.
pub(crate) fn failed(path: &Path, why: impl std::fmt::Display) -> io::Error {
    io::Error::other(format!("{}: {why}", path.display()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::collection::{ItemKind, Relation};

    const POSTS: &str = r##"{"data":[
        {"id":"20","text":"short","author_id":"12","created_at":"2026-01-31T12:00:00.000Z","note_tweet":{"text":"a long heron"},
         "referenced_tweets":[{"type":"quoted","id":"19"},{"type":"replied_to","id":"18"}],"conversation_id":"18",
         "attachments":{"media_keys":["3_1"],"poll_ids":["7"]},"geo":{"place_id":"p"},"edit_history_tweet_ids":["17","20"],
         "public_metrics":{"like_count":3},"entities":{"hashtags":[{"tag":"Birds"},{"tag":"water"}],
         "urls":[{"url":"https://t.co/a","expanded_url":"https://www.example.com/b"}],"mentions":[{"username":"ada"}]}},
        {"id":"x","text":"unreadable"}],
        "includes":{"users":[{"id":"12","username":"robin","name":"Robin"}],"tweets":[{"id":"19","text":"quoted"}],
        "media":[{"media_key":"3_1","type":"photo"}],"places":[{"id":"p","full_name":"Lake"}],"polls":[{"id":"7"}]},
        "errors":[{"title":"Not Found Error"}],"matching_rules":[{"id":"5","tag":"birds"}]}"##;

    fn page<'a>(bodies: &'a [&'a [u8]], second: i64, next_token: Option<&'a str>) -> Page<'a> {
        let seen_at = Timestamp::from_secs(second);
        Page { bodies, items: ItemKind::Posts, relation: None, seen_at, cost_micros: 5, next_token }
    }

    fn number(database: &Database, query: &str) -> i64 {
        database.db.query_row(query, [], |row| row.get(0)).unwrap()
    }

    fn database() -> (tempfile::TempDir, Database) {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(folder.path().join("birds.db")).unwrap();
        (folder, database)
    }

    #[test]
    fn many_programs_can_create_a_file_at_once() {
        for _ in 0..20 {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("birds.db");
            let start = std::sync::Barrier::new(8);
            let open = || {
                start.wait();
                Database::open(&file).map(drop)
            };
            thread::scope(|scope| {
                let opened: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
                opened.into_iter().for_each(|opened| opened.join().unwrap().unwrap());
            });
        }
    }

    #[test]
    fn a_page_and_its_checkpoint_are_stored_together() {
        let (folder, mut database) = database();
        let mut checkpoint = database.checkpoint("search").unwrap();
        assert_eq!(checkpoint, Checkpoint::default());
        let stored = database
            .store("search", &page(&[POSTS.as_bytes()], 1, Some("next")), &Report::default(), &mut checkpoint)
            .unwrap();
        assert_eq!((stored.items, stored.new_items), (1, 1));
        drop(database);
        let database = Database::open(folder.path().join("birds.db")).unwrap();
        assert_eq!(database.checkpoint("search").unwrap(), checkpoint);
        assert_eq!((checkpoint.pages, checkpoint.next_token.as_deref(), checkpoint.cost_micros), (1, Some("next"), 5));
        for (query, expected) in [
            ("SELECT count(*) FROM posts", 2),
            ("SELECT likes FROM posts WHERE id = 20 AND text = 'a long heron'", 3),
            ("SELECT quote_of_id + reply_to_id + first_version_id FROM posts WHERE id = 20", 19 + 18 + 17),
            ("SELECT created_at FROM posts WHERE id = 20", 1_769_860_800_000),
            ("SELECT rowid FROM posts_text WHERE posts_text MATCH 'heron'", 20),
            ("SELECT count(*) FROM entities WHERE kind = 'hashtag' AND value = 'birds'", 1),
            ("SELECT count(*) FROM entities WHERE kind = 'domain' AND value = 'example.com'", 1),
            ("SELECT posts FROM co_hashtags WHERE hashtag = 'birds' AND other = 'water'", 1),
            ("SELECT count(*) FROM post_media JOIN media ON media_key = key JOIN post_polls USING (post_id)", 1),
            ("SELECT count(*) FROM places JOIN posts ON posts.place_id = places.id JOIN polls ON polls.id = 7", 1),
            ("SELECT rule_id FROM matched_rules WHERE post_id = 20 AND tag = 'birds'", 5),
            ("SELECT count(*) FROM problems", 2),
        ] {
            assert_eq!(number(&database, query), expected, "{query}");
        }
    }

    #[test]
    fn pages_that_are_stored_again_in_any_order_change_nothing() {
        let renamed = POSTS.replace("robin", "rob").replace("\"like_count\":3", "\"like_count\":9");
        let bodies = [&[POSTS.as_bytes()], &[renamed.as_bytes()]];
        let pages = [page(bodies[0], 1, Some("a")), page(bodies[1], 2, None)];
        for order in [&[0, 1][..], &[0, 0, 1, 1], &[0, 1, 0], &[1, 0, 1]] {
            let (_folder, mut database) = database();
            for (source, index) in order.iter().enumerate() {
                // Each repetition belongs to another source, so that all are accepted.
                database
                    .store(&source.to_string(), &pages[*index], &Report::default(), &mut Checkpoint::default())
                    .unwrap();
            }
            assert_eq!(number(&database, "SELECT count(*) FROM posts"), 2, "{order:?}");
            assert_eq!(number(&database, "SELECT likes FROM posts WHERE id = 20"), 9, "{order:?}");
            assert_eq!(number(&database, "SELECT count(*) FROM users WHERE username = 'rob'"), 1, "{order:?}");
            assert_eq!(number(&database, "SELECT count(*) FROM entities"), 5, "{order:?}");
            let changes =
                "SELECT count(*) FROM user_changes WHERE field = 'username' AND old = 'robin' AND new = 'rob'";
            assert_eq!(number(&database, changes), i64::from(order[0] == 0), "{order:?}");
        }
    }

    #[test]
    fn a_source_that_another_program_collects_is_refused() {
        let (_folder, mut database) = database();
        let mut checkpoint = Checkpoint::default();
        database
            .store("search", &page(&[POSTS.as_bytes()], 1, Some("a")), &Report::default(), &mut checkpoint)
            .unwrap();
        let refused = database
            .store("search", &page(&[b"{}"], 2, Some("b")), &Report::default(), &mut Checkpoint::default())
            .unwrap_err();
        assert!(refused.to_string().contains("another program"), "{refused}");
        assert!(database.store("search", &page(&[b"[1"], 2, None), &Report::default(), &mut checkpoint).is_err());
        assert_eq!(database.checkpoint("search").unwrap(), checkpoint, "nothing of a refused page is stored");
        database.store("search", &page(&[b"{\"meta\":{}}"], 2, None), &Report::default(), &mut checkpoint).unwrap();
        assert!(checkpoint.is_complete && checkpoint.items == 1);
    }

    #[test]
    fn users_of_a_list_are_edges_with_the_times_they_were_seen() {
        let (_folder, mut database) = database();
        let bodies: [&[u8]; 1] = [br#"{"data":[{"id":"12","username":"robin"},{"id":"13","username":"ada"}]}"#];
        for (second, items_are_sources) in [(1, true), (3, true), (2, false)] {
            let relation = Some(Relation { name: "follows", subject: 7, items_are_sources });
            let page = Page { items: ItemKind::Users, relation, ..page(&bodies, second, None) };
            database.store(&second.to_string(), &page, &Report::default(), &mut Checkpoint::default()).unwrap();
        }
        let edges = "SELECT count(*) FROM edges WHERE relation = 'follows' AND ";
        let times = "first_seen_at = 1000 AND last_seen_at = 3000";
        assert_eq!(number(&database, &format!("{edges} target_id = 7 AND {times}")), 2);
        assert_eq!(number(&database, &format!("{edges} source_id = 7 AND first_seen_at = 2000")), 2);
    }

    #[test]
    fn files_of_other_programs_and_newer_versions_are_refused() {
        let (folder, database) = database();
        database.db.pragma_update(None, "user_version", VERSION + 1).unwrap();
        drop(database);
        let newer = Database::open(folder.path().join("birds.db")).unwrap_err().to_string();
        assert!(newer.contains("newer version"), "{newer}");
        let old = folder.path().join("old.db");
        let db = Connection::open(&old).unwrap();
        db.execute_batch(include_str!("database/schema.sql")).unwrap();
        db.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
        db.pragma_update(None, "user_version", 1).unwrap();
        assert!(Database::open_read_only(&old).is_ok(), "an older version can be read");
        let migrated = Database::open(&old).unwrap();
        assert_eq!(number(&migrated, "PRAGMA user_version"), VERSION);
        assert_eq!(number(&migrated, "SELECT count(*) FROM gaps"), 0);
        let other = folder.path().join("other.db");
        Connection::open(&other).unwrap().execute_batch("CREATE TABLE birds (name TEXT)").unwrap();
        assert!(Database::open(&other).unwrap_err().to_string().contains("not an archive"));
        std::fs::write(&other, "a poem").unwrap();
        assert!(Database::open(&other).is_err());
        assert_eq!(std::fs::read_to_string(&other).unwrap(), "a poem");
    }

    #[cfg(unix)]
    #[test]
    fn the_files_are_private() {
        use std::os::unix::fs::PermissionsExt as _;
        let (folder, mut database) = database();
        database
            .store("search", &page(&[POSTS.as_bytes()], 1, None), &Report::default(), &mut Checkpoint::default())
            .unwrap();
        for file in std::fs::read_dir(folder.path()).unwrap() {
            let file = file.unwrap();
            assert_eq!(file.metadata().unwrap().permissions().mode() & 0o077, 0, "{:?}", file.file_name());
        }
    }
}
