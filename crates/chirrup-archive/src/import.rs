//! Import of files with JSON lines into an archive.

use std::io;
use std::path::Path;

use chirrup_model::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::archive::{Archive, Stored};
use crate::collection::{Checkpoint, ItemKind, Page};
use crate::lines::Lines;
use crate::report::Report;

/// Number of lines and bytes of a transaction.
const BATCH_LINES: usize = 10_000;
const BATCH_LEN: usize = 16 << 20;

/// Numbers of a file that was imported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    /// Items, and those among them that the file had not brought before.
    pub stored: Stored,
    /// Lines that are neither responses of the API nor items.
    pub unreadable: u64,
}

/// Members of a line that tell its kind.
#[derive(Deserialize)]
struct LineShape<'a> {
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    meta: Option<&'a RawValue>,
}

/// Imports a file with a line per response, as twarc2 writes it, or per item, as [`JsonlArchive`](crate::JsonlArchive) does.
/// A run that was stopped continues, and a file that has grown brings its new lines. The last line counts once it ends. A file
/// whose name ends in `.zst` is decompressed, with the feature `zstd`.
///
/// # Errors
/// If the file cannot be read, or the archive cannot be written.
pub fn import(archive: &mut dyn Archive, file: &Path) -> io::Result<Imported> {
    let failed = |why: io::Error| io::Error::new(why.kind(), format!("{}: {why}", file.display()));
    let source = format!("import {}", std::path::absolute(file).map_err(failed)?.display());
    let mut checkpoint = archive.checkpoint(&source)?;
    let seen_at = modified(file).map_err(failed)?;
    let mut at: u64 = checkpoint.next_token.as_ref().and_then(|token| token.parse().ok()).unwrap_or(0);
    let mut lines = Lines::open(file, at).map_err(failed)?;
    let mut imported = Imported::default();
    let mut batch: Vec<Vec<u8>> = Vec::new();
    let mut size = 0;
    loop {
        let line = match lines.next() {
            // A compressed file of a program that writes to it, or was killed, can end with a part of its last lines.
            Err(why) if why.kind() == io::ErrorKind::UnexpectedEof => {
                imported.unreadable += 1;
                None
            }
            line => line.map_err(failed)?,
        };
        let is_last = line.is_none();
        if let Some(line) = line {
            at += line.len() as u64 + 1;
            size += line.len();
            match body_of(line) {
                Some(body) => batch.push(body),
                None => imported.unreadable += u64::from(!line.trim_ascii().is_empty()),
            }
        }
        if (is_last && !batch.is_empty()) || batch.len() >= BATCH_LINES || size >= BATCH_LEN {
            let stored = store_lines(archive, &source, &batch, seen_at, at, &mut checkpoint)?;
            imported.stored.items += stored.items;
            imported.stored.new_items += stored.new_items;
            batch.clear();
            size = 0;
        }
        if is_last {
            return Ok(imported);
        }
    }
}

fn store_lines(
    archive: &mut dyn Archive,
    source: &str,
    bodies: &[Vec<u8>],
    seen_at: Timestamp,
    at: u64,
    checkpoint: &mut Checkpoint,
) -> io::Result<Stored> {
    let bodies: Vec<&[u8]> = bodies.iter().map(Vec::as_slice).collect();
    let items = bodies.iter().find_map(|body| kind_of(body)).unwrap_or(ItemKind::Posts);
    let next_token = Some(at.to_string());
    let page =
        Page { bodies: &bodies, items, relation: None, seen_at, cost_micros: 0, next_token: next_token.as_deref() };
    archive.store(source, &page, &Report::default(), checkpoint)
}

/// Time of the last change of a file.
fn modified(file: &Path) -> io::Result<Timestamp> {
    let age = file.metadata()?.modified()?.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Ok(Timestamp::from_millis(i64::try_from(age.as_millis()).unwrap_or(i64::MAX)))
}

/// Returns a line as the body of a response. An item alone becomes its `data`. `None` if the line is neither.
pub fn body_of(line: &[u8]) -> Option<Vec<u8>> {
    let shape: LineShape<'_> = serde_json::from_slice(line).ok()?;
    match shape {
        LineShape { data: Some(_), .. } | LineShape { data: None, id: None, meta: Some(_) } => Some(line.to_vec()),
        LineShape { id: Some(_), .. } => Some([b"{\"data\":", line, b"}"].concat()),
        _ => None,
    }
}

/// Returns the type of the items of a body, as far as the first has the members of a type.
fn kind_of(body: &[u8]) -> Option<ItemKind> {
    #[derive(Deserialize)]
    struct Members {
        username: Option<serde::de::IgnoredAny>,
        text: Option<serde::de::IgnoredAny>,
        state: Option<serde::de::IgnoredAny>,
        tweet_count: Option<serde::de::IgnoredAny>,
    }
    let shape: LineShape<'_> = serde_json::from_slice(body).ok()?;
    let data = shape.data?.get();
    let of = |members: &Members| match members {
        Members { text: Some(_), .. } => Some(ItemKind::Posts),
        Members { username: Some(_), .. } => Some(ItemKind::Users),
        Members { tweet_count: Some(_), .. } => Some(ItemKind::Counts),
        Members { state: Some(_), .. } => Some(ItemKind::Spaces),
        Members { .. } => None,
    };
    match serde_json::from_str::<Vec<Members>>(data) {
        Ok(items) => items.iter().find_map(of),
        Err(_) => of(&serde_json::from_str(data).ok()?),
    }
}

#[cfg(all(test, feature = "sqlite"))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::database::Database;

    #[test]
    fn a_file_that_grows_brings_its_new_lines() {
        let folder = tempfile::tempdir().unwrap();
        let (file, database) = (folder.path().join("posts.jsonl"), folder.path().join("birds.db"));
        let line = |id: u32| format!("{{\"data\":{{\"id\":\"{id}\",\"text\":\"heron {id}\"}}}}\n");
        let page = "{\"data\":[{\"id\":\"1\",\"text\":\"a\"},{\"id\":\"2\",\"text\":\"b\"}],\"meta\":{}}\n";
        let alone = "{\"id\":\"3\",\"text\":\"c\"}\n";
        std::fs::write(&file, format!("{page}{alone}not JSON\n{{\"a\":1}}\n\n{}{{\"data\":", line(4))).unwrap();
        let mut database = Database::open(&database).unwrap();
        let imported = import(&mut database, &file).unwrap();
        assert_eq!(imported, Imported { stored: Stored { new_items: 4, items: 4 }, unreadable: 2 });
        let again = import(&mut database, &file).unwrap();
        assert_eq!(again.stored, Stored::default());
        std::fs::write(&file, format!("{page}{alone}not JSON\n{{\"a\":1}}\n\n{}{}", line(4), line(5))).unwrap();
        assert_eq!(import(&mut database, &file).unwrap().stored.new_items, 1);
        assert_eq!(database.verify().unwrap(), [""; 0]);
        assert!(import(&mut database, &folder.path().join("missing.jsonl")).is_err());
        assert!(!folder.path().join("missing.jsonl").exists());
    }

    #[cfg(feature = "zstd")]
    #[test]
    fn a_compressed_file_that_grows_brings_its_new_lines() {
        use std::io::Write as _;
        let folder = tempfile::tempdir().unwrap();
        let (file, database) = (folder.path().join("posts.jsonl.zst"), folder.path().join("birds.db"));
        // The lines of a frame can end within one.
        let lines: String =
            (1..=30_000).map(|id| format!("{{\"data\":{{\"id\":\"{id}\",\"text\":\"heron {id}\"}}}}\n")).collect();
        let (first, second) = lines.split_at(lines.len() * 2 / 3);
        let [first, second] = [first, second].map(|lines| zstd::stream::encode_all(lines.as_bytes(), 3).unwrap());
        let mut database = Database::open(&database).unwrap();
        std::fs::write(&file, &first).unwrap();
        let before = import(&mut database, &file).unwrap();
        assert!(before.stored.new_items > 19_000 && before.unreadable == 0, "{before:?}");
        let mut written = std::fs::OpenOptions::new().append(true).open(&file).unwrap();
        written.write_all(&second[..second.len() / 2]).unwrap();
        let cut = import(&mut database, &file).unwrap();
        assert_eq!(cut.unreadable, 1, "the end of a frame is missing");
        written.write_all(&second[second.len() / 2..]).unwrap();
        let after = import(&mut database, &file).unwrap();
        let new_items = [before, cut, after].map(|imported| imported.stored.new_items);
        assert_eq!((new_items.iter().sum::<u64>(), after.unreadable), (30_000, 0));
        assert_eq!(import(&mut database, &file).unwrap(), Imported::default());
        assert_eq!(database.verify().unwrap(), [""; 0]);
    }

    #[test]
    fn what_is_exported_can_be_imported() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("posts.jsonl");
        let body = r#"{"data":{"id":"20","text":"t","author_id":"12","attachments":{"media_keys":["3_1"]},"geo":{"place_id":"p"},"referenced_tweets":[{"type":"quoted","id":"19"}]},"includes":{"users":[{"id":"12","username":"robin"}],"tweets":[{"id":"19","text":"q"}],"media":[{"media_key":"3_1","type":"photo"}],"places":[{"id":"p"}]}}"#;
        std::fs::write(&file, format!("{body}\n")).unwrap();
        let mut database = Database::open(folder.path().join("birds.db")).unwrap();
        import(&mut database, &file).unwrap();
        let mut lines = Vec::new();
        let collect = |line: &str| {
            lines.push(line.to_owned());
            Ok(())
        };
        database.export(ItemKind::Posts, collect).unwrap();
        assert_eq!(lines, [body]);
        let other = rusqlite::Connection::open(database.path()).unwrap();
        other.execute("DELETE FROM posts WHERE id = 20", []).unwrap();
        assert_eq!(database.verify().unwrap(), ["1 results without a post"]);
    }
}
