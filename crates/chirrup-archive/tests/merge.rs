//! Merges between databases and folders of Parquet files, and the summary of an archive.
#![cfg(all(feature = "parquet", feature = "sqlite"))]
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::path::Path;

use chirrup_archive::{
    Archive, ArchiveReader, Checkpoint, Database, ItemKind, NoteKind, ObjectKind, Page, ParquetFolder, ParquetReader,
    Relation, Report, Summary,
};
use chirrup_model::Timestamp;

/// Opens an archive for writing, which is a folder if its name has no ending.
fn open(path: &Path) -> Box<dyn Archive> {
    match path.extension() {
        Some(_) => Box::new(Database::open(path).unwrap()),
        None => Box::new(ParquetFolder::open(path).unwrap()),
    }
}

fn read(path: &Path) -> Box<dyn ArchiveReader> {
    match path.extension() {
        Some(_) => Box::new(Database::open_read_only(path).unwrap()),
        None => Box::new(ParquetReader::open(path).unwrap()),
    }
}

/// Stores posts with these IDs, by five authors, as pages of a source, and the followers of a user.
fn fill(path: &Path, source: &str, ids: std::ops::Range<u32>, second: i64) {
    let mut archive = open(path);
    let mut checkpoint = Checkpoint::default();
    for id in ids {
        let author = id % 5 + 1;
        let body = format!(
            r##"{{"data":[{{"id":"{id}","text":"heron {id} at {second}","author_id":"{author}","lang":"en",
            "created_at":"2026-01-0{author}T12:30:00.000Z","entities":{{"hashtags":[{{"tag":"Birds"}},{{"tag":"birds"}}],
            "urls":[{{"url":"https://example.com/{id}"}}]}},"attachments":{{"media_keys":["3_{author}"]}},
            "referenced_tweets":[{{"type":"quoted","id":"{}"}}]}}],
            "includes":{{"users":[{{"id":"{author}","username":"user{author}"}}],"media":[{{"media_key":"3_{author}"}}],
            "tweets":[{{"id":"{}","text":"quoted"}}]}},"errors":[{{"title":"error {id}"}}],
            "matching_rules":[{{"id":"7","tag":"birds"}}]}}"##,
            id + 1_000,
            id + 1_000
        )
        .replace('\n', "");
        let (seen_at, next_token) = (Timestamp::from_secs(second), Some("next"));
        let (bodies, items) = ([body.as_bytes()], ItemKind::Posts);
        let page = Page { bodies: &bodies, items, relation: None, seen_at, cost_micros: 5, next_token };
        archive.store(source, &page, &Report::default(), &mut checkpoint).unwrap();
    }
    let bodies: [&[u8]; 1] = [br#"{"data":[{"id":"1","username":"user1"},{"id":"2","username":"user2"}]}"#];
    let relation = Some(Relation { name: "follows", subject: 9, items_are_sources: true });
    let (seen_at, items) = (Timestamp::from_secs(second), ItemKind::Users);
    let page = Page { bodies: &bodies, items, relation, seen_at, cost_micros: 1, next_token: None };
    let followers = format!("followers of {source}");
    archive.store(&followers, &page, &Report::default(), &mut Checkpoint::default()).unwrap();
    archive.finish().unwrap();
}

/// Everything that an archive has, as lines.
fn content(path: &Path) -> Vec<String> {
    let archive = read(path);
    let mut lines = Vec::new();
    for kind in ObjectKind::ALL {
        archive
            .objects(kind, &mut |key, object| {
                lines.push(format!("{kind:?} {key} {object:?}"));
                Ok(())
            })
            .unwrap();
    }
    let mut edges = Vec::new();
    archive
        .edges(&mut |edge| {
            edges.push(format!("{edge:?}"));
            Ok(())
        })
        .unwrap();
    edges.sort();
    let mut problems = Vec::new();
    archive
        .notes(NoteKind::Problem, &mut |note| {
            problems.push(format!("{note:?}"));
            Ok(())
        })
        .unwrap();
    problems.sort();
    let sources = archive.source_states().unwrap();
    let sources = sources.iter().map(|source| {
        let Checkpoint { pages, items, next_token, cost_micros, .. } = &source.checkpoint;
        format!("{} {} {pages} {items} {next_token:?} {cost_micros} {}", source.name, source.kind, source.updated_at)
    });
    lines.into_iter().chain(edges).chain(problems).chain(sources).collect()
}

#[test]
fn archives_of_any_type_are_merged_into_any_other() {
    let folder = tempfile::tempdir().unwrap();
    let mut merged: Vec<Vec<String>> = Vec::new();
    for (number, endings) in
        [["", "", ""], ["", "", ".db"], [".db", ".db", ""], [".db", ".db", ".db"], ["", ".db", ""]].iter().enumerate()
    {
        let path = |name: &str, ending: &str| folder.path().join(format!("{name}-{number}{ending}"));
        let [one, other, into] = [path("one", endings[0]), path("other", endings[1]), path("into", endings[2])];
        fill(&one, "search", 100..140, 1);
        fill(&other, "search", 120..150, 2);
        fill(&other, "stream", 130..160, 3);
        let mut archive = open(&into);
        for _ in 0..2 {
            archive.merge(&*read(&one)).unwrap();
            archive.merge(&*read(&other)).unwrap();
        }
        drop(archive);
        assert_eq!(read(&into).verify().unwrap(), [""; 0], "{endings:?}");
        merged.push(content(&into));
    }
    for other in &merged[1..] {
        assert_eq!(other, &merged[0]);
    }
    let has = |text: &str| merged[0].iter().filter(|line| line.contains(text)).count();
    assert_eq!(has("Post 1"), 60 + 60, "each post once, with the quoted ones");
    assert_eq!((has("heron 125 at 2"), has("heron 125 at 1"), has("heron 135 at 3")), (1, 0, 1), "the latest counts");
    assert!(has("search posts 30 50 Some(\"next\") 150") == 1, "the later checkpoint counts: {:?}", merged[0].last());
    assert_eq!(has("relation: \"follows\""), 2);
}

#[test]
fn a_merge_does_not_bring_back_what_was_removed() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fill(&path("all.db"), "search", 100..110, 1);
    fill(&path("clean.db"), "search", 100..110, 1);
    let demands = path("demands.jsonl");
    std::fs::write(&demands, "{\"data\":{\"delete\":{\"tweet\":{\"id\":\"101\"}}}}\n{\"data\":{\"user_delete\":{\"user\":{\"id\":\"3\"}}}}\n")
        .unwrap();
    open(&path("clean.db")).comply(&demands, Timestamp::from_secs(9)).unwrap();
    for into in ["clean.db", "all.db", "new", "new.db"] {
        let mut archive = open(&path(into));
        for from in ["clean.db", "all.db"] {
            if from != into {
                archive.merge(&*read(&path(from))).unwrap();
            }
        }
        drop(archive);
        let content = content(&path(into));
        let has = |text: &str| content.iter().any(|line| line.contains(text));
        assert!(!has("heron 101 ") && !has("username\":\"user3") && has("heron 103 "), "{into}: {content:#?}");
        assert_eq!(read(&path(into)).verify().unwrap(), [""; 0], "{into}");
    }
}

#[test]
fn a_summary_counts_the_posts_that_sources_found() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["birds", "birds.db"] {
        let path = folder.path().join(name);
        fill(&path, "search", 100..120, 1);
        let summary = Summary::of(&*read(&path), 3).unwrap();
        assert_eq!((summary.posts, summary.referenced_posts, summary.users), (20, 20, 5));
        assert_eq!(summary.hours.values().sum::<u64>(), 20);
        assert_eq!(summary.hours.len(), 5);
        assert_eq!(summary.languages, [("en".to_owned(), 20)]);
        assert_eq!(summary.hashtags, [("birds".to_owned(), 20)], "a post counts once");
        assert_eq!(summary.domains, [("example.com".to_owned(), 20)]);
        let authors = ["@user1", "@user2", "@user3"].map(|name| (name.to_owned(), 4));
        assert_eq!(summary.authors, authors);
        assert_eq!(summary.sources.iter().map(|source| source.checkpoint.cost_micros).sum::<u64>(), 101);
    }
}

#[test]
fn what_x_no_longer_shows_is_removed_from_any_archive() {
    let folder = tempfile::tempdir().unwrap();
    let demands = folder.path().join("demands.jsonl");
    let lines = r#"{"data":{"delete":{"tweet":{"id":"101","author_id":"2"},"event_at":"2026-01-31T12:00:00.000Z"}}}
{"data":{"user_protect":{"user":{"id":"1"},"event_at":"2026-01-31T12:00:00.000Z"}}}
{"data":{"scrub_geo":{"user":{"id":"4"},"up_to_tweet_id":"105","event_at":"2026-01-31T12:00:00.000Z"}}}
{"id":"102","action":"delete","reason":"deleted"}
{"data":{"undrop":{"tweet":{"id":"101"}}}}
"#;
    std::fs::write(&demands, lines).unwrap();
    let mut contents = Vec::new();
    for name in ["birds", "birds.db"] {
        let path = folder.path().join(name);
        fill(&path, "search", 100..110, 1);
        let place = br#"{"data":{"id":"103","text":"a place","author_id":"4","geo":{"place_id":"p"}}}"#;
        let (bodies, seen_at) = ([&place[..]], Timestamp::from_secs(2));
        let page =
            Page { bodies: &bodies, items: ItemKind::Posts, relation: None, seen_at, cost_micros: 0, next_token: None };
        let mut archive = open(&path);
        archive.store("places", &page, &Report::default(), &mut Checkpoint::default()).unwrap();
        let removed = archive.comply(&demands, Timestamp::from_secs(9)).unwrap();
        assert_eq!((removed.posts, removed.users, removed.places, removed.other_lines), (4, 1, 1, 1), "{name}");
        let again = archive.comply(&demands, Timestamp::from_secs(10)).unwrap();
        assert_eq!((again.posts, again.users, again.places), (0, 0, 0), "{name}");
        drop(archive);
        let archive = read(&path);
        assert_eq!(archive.verify().unwrap(), [""; 0], "{name}");
        let mut deletions = Vec::new();
        let mut keep = |deletion: chirrup_archive::Deletion| {
            deletions.push((deletion.kind, deletion.id, deletion.deleted_at, deletion.reason));
            Ok(())
        };
        archive.deletions(&mut keep).unwrap();
        deletions.sort();
        let mut left = content(&path);
        left.retain(|line| line.starts_with("Post") || line.starts_with("User") || line.starts_with("Edge"));
        contents.push((deletions, left));
    }
    assert_eq!(contents[0].0, contents[1].0);
    let (deletions, left) = &contents[0];
    assert_eq!(deletions.iter().map(|(_, id, ..)| *id).collect::<Vec<_>>(), [100, 101, 102, 105, 1], "{deletions:?}");
    assert!(!left.iter().any(|line| line.contains("geo") || line.contains("heron 101 ") || line.contains("user1")));
    assert!(left.iter().any(|line| line.contains("a place")) && left.iter().any(|line| line.contains("user2")));
    assert_eq!(left.len(), contents[1].1.len());
}
