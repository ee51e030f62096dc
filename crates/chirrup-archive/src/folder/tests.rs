#![allow(clippy::unwrap_used)]

use std::io;
use std::path::Path;

use chirrup_model::Timestamp;
use chirrup_store::with_suffix;

use super::files::create_private;
use super::journal::Journal;
use super::manifest;
use super::segment::TEMPORARY;
use super::{ParquetFolder, ParquetReader};
use crate::archive::{Archive as _, Stored};
use crate::collection::{Checkpoint, ItemKind, Page, Relation};
use crate::object::{Key, Object, ObjectKind};
use crate::reader::ArchiveReader as _;
use crate::report::{Gap, Report};

const POSTS: &str = r##"{"data":[
    {"id":"20","text":"short","author_id":"12","created_at":"2026-01-31T12:00:00.000Z","note_tweet":{"text":"a long heron"},
     "referenced_tweets":[{"type":"quoted","id":"19"}],"attachments":{"media_keys":["3_1"],"poll_ids":["7"]},
     "geo":{"place_id":"p"},"public_metrics":{"like_count":3},"entities":{"hashtags":[{"tag":"Birds"},{"tag":"water"}]}},
    {"id":"18","text":7},{"id":"x","text":"unreadable"}],
    "includes":{"users":[{"id":"12","username":"robin"}],"tweets":[{"id":"19","text":"quoted"}],
    "media":[{"media_key":"3_1","type":"photo"}],"places":[{"id":"p","full_name":"Lake"}],"polls":[{"id":"7"}]},
    "errors":[{"title":"Not Found Error"}],"matching_rules":[{"id":"5","tag":"birds"}]}"##;

fn page<'a>(bodies: &'a [&'a [u8]], second: i64, next_token: Option<&'a str>) -> Page<'a> {
    let seen_at = Timestamp::from_secs(second);
    Page { bodies, items: ItemKind::Posts, relation: None, seen_at, cost_micros: 5, next_token }
}

fn store(folder: &mut ParquetFolder, source: &str, page: &Page<'_>) -> Stored {
    let mut checkpoint = folder.checkpoint(source).unwrap();
    folder.store(source, page, &Report::default(), &mut checkpoint).unwrap()
}

fn objects(path: &Path, kind: ObjectKind) -> Vec<(Key<'static>, Object<'static>)> {
    let mut all = Vec::new();
    let mut keep = |key: Key<'_>, object: Object<'_>| {
        all.push((key.into_owned(), object.into_owned()));
        Ok(())
    };
    ParquetReader::open(path).unwrap().objects(kind, &mut keep).unwrap();
    all
}

fn faults(path: &Path) -> Vec<String> {
    ParquetReader::open(path).unwrap().verify().unwrap()
}

#[test]
fn a_page_of_a_killed_program_is_in_the_folder_once() {
    let temporary = tempfile::tempdir().unwrap();
    let path = temporary.path().join("birds");
    let mut folder = ParquetFolder::open(&path).unwrap();
    let busy = ParquetFolder::open(&path).unwrap_err().to_string();
    assert!(busy.contains("another program"), "{busy}");
    let stored = store(&mut folder, "search", &page(&[POSTS.as_bytes()], 1, Some("a")));
    assert_eq!(stored, Stored { new_items: 2, items: 2 });
    // Without a call of `finish`, as after a kill.
    drop(folder);
    assert!(objects(&path, ObjectKind::Post).is_empty());
    let mut folder = ParquetFolder::open(&path).unwrap();
    let checkpoint = folder.checkpoint("search").unwrap();
    assert_eq!((checkpoint.pages, checkpoint.items, checkpoint.next_token.as_deref()), (1, 2, Some("a")));
    assert!(folder.has_result("search", 20).unwrap() && !folder.has_result("search", 19).unwrap());
    let posts = objects(&path, ObjectKind::Post);
    let found: Vec<_> = posts.iter().map(|(key, post)| (key.to_string(), post.found_by.len())).collect();
    assert_eq!(found, [("18".to_owned(), 1), ("19".to_owned(), 0), ("20".to_owned(), 1)]);
    assert!(posts[2].1.json.contains("a long heron") && posts[2].1.rules == [(5, "birds".into())]);
    for kind in [ObjectKind::User, ObjectKind::Media, ObjectKind::Place, ObjectKind::Poll] {
        assert_eq!(objects(&path, kind).len(), 1, "{kind:?}");
    }
    assert_eq!(folder.manifest.segments_of("problems").map(|one| one.rows).sum::<u64>(), 2);
    let repeated = store(&mut folder, "search", &page(&[POSTS.as_bytes()], 2, None));
    assert_eq!(repeated, Stored { new_items: 0, items: 2 });
    folder.finish().unwrap();
    drop(folder);
    assert_eq!(objects(&path, ObjectKind::Post).len(), 3);
    let names = std::fs::read_dir(&path).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    assert_eq!(names.filter(|name| name.starts_with("journal-")).count(), 1);
}

#[test]
fn every_state_that_a_crash_leaves_is_repaired() {
    let temporary = tempfile::tempdir().unwrap();
    let path = temporary.path().join("birds");
    let mut folder = ParquetFolder::open(&path).unwrap();
    store(&mut folder, "search", &page(&[POSTS.as_bytes()], 1, Some("a")));
    let journal = Journal::path_of(&path, folder.manifest.journal);
    drop(folder);
    let whole = std::fs::read(&journal).unwrap();
    // A journal that was cut anywhere has the page or has nothing.
    for len in [0, 1, whole.len() / 2, whole.len() - 1] {
        let copy = temporary.path().join(format!("cut-{len}"));
        copy_folder(&path, &copy);
        std::fs::write(copy.join(journal.file_name().unwrap()), &whole[..len]).unwrap();
        let mut folder = ParquetFolder::open(&copy).unwrap();
        assert_eq!(folder.checkpoint("search").unwrap(), Checkpoint::default());
        store(&mut folder, "search", &page(&[POSTS.as_bytes()], 1, None));
        folder.finish().unwrap();
        assert_eq!(faults(&copy), [""; 0], "cut at {len}");
    }
    // A segment that the manifest does not have is removed; one that it has without its name is renamed.
    std::fs::write(path.join("posts/00000099.parquet"), "partial").unwrap();
    std::fs::write(path.join("users/00000098.parquet.tmp"), "partial").unwrap();
    std::fs::write(path.join("posts/notes.txt"), "of the user").unwrap();
    drop(ParquetFolder::open(&path).unwrap());
    assert!(!path.join("posts/00000099.parquet").exists() && !path.join("users/00000098.parquet.tmp").exists());
    assert!(path.join("posts/notes.txt").exists());
    let manifest = ParquetReader::open(&path).unwrap().manifest;
    let segment = path.join(&manifest.segments_of("posts").last().unwrap().file);
    std::fs::rename(&segment, with_suffix(&segment, TEMPORARY)).unwrap();
    assert_eq!(faults(&path), [""; 0], "the file is read before it has its name");
    drop(ParquetFolder::open(&path).unwrap());
    assert!(segment.exists());
    assert_eq!(faults(&path), [""; 0]);
    // A changed byte is found.
    let mut bytes = std::fs::read(&segment).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&segment, bytes).unwrap();
    assert!(faults(&path)[0].contains("not the one that was written"));
}

fn copy_folder(from: &Path, to: &Path) {
    create_private(to).unwrap();
    for file in std::fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        let target = to.join(file.file_name());
        if file.file_type().unwrap().is_dir() {
            copy_folder(&file.path(), &target)
        } else {
            std::fs::copy(file.path(), target).map(drop).unwrap()
        }
    }
}

#[test]
fn segments_are_merged_into_one_with_each_object_once() {
    let temporary = tempfile::tempdir().unwrap();
    let path = temporary.path().join("birds");
    let mut folder = ParquetFolder::open(&path).unwrap();
    for round in 0..20 {
        let posts: Vec<String> = (0..10)
            .map(|n| format!(r#"{{"id":"{}","text":"round {round}","author_id":"{}"}}"#, (n * 37 + round * 5) % 101, n))
            .collect();
        let users: Vec<String> = (0..10).map(|n| format!(r#"{{"id":"{n}","username":"user{n}-{round}"}}"#)).collect();
        let body = format!(r#"{{"data":[{}],"includes":{{"users":[{}]}}}}"#, posts.join(","), users.join(","));
        let source = if round % 2 == 0 { "even" } else { "odd" };
        store(&mut folder, source, &page(&[body.as_bytes()], round, Some("next")));
        folder.finish().unwrap();
    }
    let before = objects(&path, ObjectKind::Post);
    let users = objects(&path, ObjectKind::User);
    assert!(users.iter().all(|(_, user)| user.json.contains("-19")), "the latest response counts");
    assert!(folder.manifest.segments.len() > 40);
    folder.compact().unwrap();
    assert_eq!(folder.manifest.segments.len(), 11, "a file per table");
    assert_eq!((objects(&path, ObjectKind::Post), objects(&path, ObjectKind::User)), (before, users));
    let rows = folder.manifest.segments_of("users").map(|segment| segment.rows).sum::<u64>();
    assert_eq!(rows, 10);
    store(&mut folder, "even", &page(&[POSTS.as_bytes()], 50, None));
    folder.finish().unwrap();
    drop(folder);
    assert_eq!(faults(&path), [""; 0]);
}

#[test]
fn folders_of_other_programs_and_newer_versions_are_refused() {
    let temporary = tempfile::tempdir().unwrap();
    std::fs::write(temporary.path().join("poem.txt"), "a poem").unwrap();
    let other = ParquetFolder::open(temporary.path()).unwrap_err().to_string();
    assert!(other.contains("not empty"), "{other}");
    assert_eq!(std::fs::read_dir(temporary.path()).unwrap().count(), 1);
    let path = temporary.path().join("birds");
    drop(ParquetFolder::open(&path).unwrap());
    assert_eq!(faults(&path), [""; 0]);
    let manifest = std::fs::read_to_string(path.join(manifest::NAME)).unwrap();
    std::fs::write(path.join(manifest::NAME), manifest.replace("\"version\": 1", "\"version\": 2")).unwrap();
    assert!(ParquetFolder::open(&path).unwrap_err().to_string().contains("newer version"));
    assert!(ParquetReader::open(&path).unwrap_err().to_string().contains("newer version"));
    assert!(ParquetReader::open(temporary.path()).is_err());
}

#[test]
fn edges_gaps_and_problems_are_stored_with_the_page() {
    let temporary = tempfile::tempdir().unwrap();
    let mut folder = ParquetFolder::open(temporary.path().join("birds")).unwrap();
    let bodies: [&[u8]; 1] = [br#"{"data":[{"id":"12","username":"robin"},{"id":"13","username":"ada"}]}"#];
    let relation = Some(Relation { name: "follows", subject: 7, items_are_sources: true });
    let page = Page { items: ItemKind::Users, relation, ..page(&bodies, 1, None) };
    let gap = Gap { from: Some(Timestamp::from_secs(1)), to: None, cause: "c".into(), filled: "{}".into() };
    let report = Report { problems: vec![("{}".into(), "why".into())], gaps: vec![gap] };
    folder.store("followers", &page, &report, &mut Checkpoint::default()).unwrap();
    folder.finish().unwrap();
    let rows = |table: &str| folder.manifest.segments_of(table).map(|segment| segment.rows).sum::<u64>();
    assert_eq!(["edges", "gaps", "problems", "users", "posts"].map(rows), [2, 1, 1, 2, 0]);
    let refused = folder.store("followers", &page, &report, &mut Checkpoint::default()).unwrap_err().to_string();
    assert!(refused.contains("collects the same source"), "{refused}");
    assert_eq!(faults(folder.path()), [""; 0]);
}

#[test]
fn a_failed_write_loses_nothing_that_was_stored() {
    let temporary = tempfile::tempdir().unwrap();
    let path = temporary.path().join("birds");
    let mut folder = ParquetFolder::open(&path).unwrap();
    let invalid = page(&[b"[1"], 1, None);
    let refused = folder.store("search", &invalid, &Report::default(), &mut Checkpoint::default()).unwrap_err();
    assert_eq!(refused.kind(), io::ErrorKind::InvalidData, "{refused}");
    store(&mut folder, "search", &page(&[POSTS.as_bytes()], 1, Some("a")));
    std::fs::rename(path.join("posts"), path.join("moved")).unwrap();
    std::fs::write(path.join("posts"), "in the way").unwrap();
    assert!(folder.finish().is_err());
    let mut checkpoint = folder.checkpoint("search").unwrap();
    let again =
        folder.store("search", &page(&[POSTS.as_bytes()], 2, None), &Report::default(), &mut checkpoint).unwrap_err();
    assert!(again.to_string().contains("open the folder again"), "{again}");
    drop(folder);
    std::fs::remove_file(path.join("posts")).unwrap();
    std::fs::rename(path.join("moved"), path.join("posts")).unwrap();
    let folder = ParquetFolder::open(&path).unwrap();
    assert_eq!(folder.checkpoint("search").unwrap().pages, 1);
    assert_eq!((objects(&path, ObjectKind::Post).len(), faults(&path)), (3, Vec::<String>::new()));
}

#[test]
fn a_compaction_keeps_the_pages_of_the_journal() {
    let temporary = tempfile::tempdir().unwrap();
    let path = temporary.path().join("birds");
    let mut folder = ParquetFolder::open(&path).unwrap();
    store(&mut folder, "search", &page(&[POSTS.as_bytes()], 1, None));
    folder.compact().unwrap();
    drop(folder);
    assert_eq!((objects(&path, ObjectKind::Post).len(), faults(&path)), (3, Vec::<String>::new()));
}

#[test]
fn spaces_and_counts_are_stored_once_with_their_sources() {
    let temporary = tempfile::tempdir().unwrap();
    let path = temporary.path().join("birds");
    let mut folder = ParquetFolder::open(&path).unwrap();
    let spaces =
        r#"{"data":[{"id":"1Y","title":"Birds","creator_id":"12","state":"live"}],"includes":{"users":[{"id":"12"}]}}"#;
    let counts = r#"{"data":[{"start":"2026-01-01T00:00:00.000Z","end":"2026-01-02T00:00:00.000Z","tweet_count":3,"id":"heron by day","query":"heron","granularity":"day"}]}"#;
    for (kind, body) in [(ItemKind::Spaces, spaces), (ItemKind::Counts, counts)] {
        for (second, new_items) in [(1, 1), (2, 0)] {
            let bodies = [body.as_bytes()];
            let page = Page { items: kind, ..page(&bodies, second, Some("next")) };
            assert_eq!(store(&mut folder, kind.name(), &page), Stored { new_items, items: 1 });
        }
    }
    folder.finish().unwrap();
    drop(folder);
    assert_eq!(faults(&path), [""; 0]);
    // A folder that is opened again knows its items.
    let mut folder = ParquetFolder::open(&path).unwrap();
    let again = store(&mut folder, "spaces", &Page { items: ItemKind::Spaces, ..page(&[spaces.as_bytes()], 3, None) });
    assert_eq!(again, Stored { new_items: 0, items: 1 });
    folder.compact().unwrap();
    drop(folder);
    let count = &objects(&path, ObjectKind::Count)[0];
    assert_eq!(count.0, Key::Text("heron by day".into()));
    assert_eq!(count.1.found_by, ["counts"]);
    assert_eq!((objects(&path, ObjectKind::Space).len(), objects(&path, ObjectKind::User).len()), (1, 1));
    assert_eq!(faults(&path), [""; 0]);
    #[cfg(feature = "sqlite")]
    merged_into_a_database(&path, &temporary.path().join("birds.db"));
}

/// A database takes the Spaces and counts of a folder, and gives them back.
#[cfg(feature = "sqlite")]
fn merged_into_a_database(folder: &Path, file: &Path) {
    let mut database = crate::Database::open(file).unwrap();
    let reader = ParquetReader::open(folder).unwrap();
    database.merge(&reader).unwrap();
    database.merge(&reader).unwrap();
    assert_eq!(database.verify().unwrap(), [""; 0]);
    for kind in [ObjectKind::Space, ObjectKind::Count] {
        let mut found = Vec::new();
        let mut keep = |key: Key<'_>, object: Object<'_>| {
            found.push((key.into_owned(), object.into_owned()));
            Ok(())
        };
        database.objects(kind, &mut keep).unwrap();
        assert_eq!(found, objects(folder, kind));
    }
}
