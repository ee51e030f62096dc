#![allow(clippy::unwrap_used)]
use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use chirrup_api::{GapFill, LiveEvent};
use chirrup_model::Timestamp;
use chirrup_store::{FileStore, Store as _};
use serde_json::Value as Json;

use super::*;
use crate::ArchiveStream;
use crate::collection::{ItemKind, Relation};

const PAGE: &str = r#"{"data":[
    {"id":"3","text":"a","author_id":"12","referenced_tweets":[{"type":"quoted","id":"9"}]},
    {"id":"2","text":"\u009bb","author_id":"13","attachments":{"media_keys":["3_1"]}}],
    "includes":{"users":[{"id":"12","username":"robin"},{"id":"13","username":"ada"},{"id":"14","username":"eve"}],
    "tweets":[{"id":"9","text":"q","author_id":"14"}],"media":[{"media_key":"3_1","type":"photo"}]},
    "errors":[{"title":"Not Found Error"}],"meta":{"next_token":"n"}}"#;

fn page<'a>(bodies: &'a [&'a [u8]], second: i64, next_token: Option<&'a str>) -> Page<'a> {
    let seen_at = Timestamp::from_secs(second);
    Page { bodies, items: ItemKind::Posts, relation: None, seen_at, cost_micros: 5, next_token }
}

fn open(path: &Path, form: LineForm, rotation: Option<Rotation>) -> JsonlArchive {
    JsonlArchive::open(path, JsonlOptions { form, rotation }).unwrap()
}

fn store(archive: &mut JsonlArchive, source: &str, page: &Page<'_>) -> io::Result<Stored> {
    let mut checkpoint = archive.checkpoint(source)?;
    archive.store(source, page, &Report::default(), &mut checkpoint)
}

fn lines(path: &Path) -> Vec<Json> {
    let bytes = std::fs::read(path).unwrap();
    #[cfg(feature = "zstd")]
    let bytes =
        if crate::encoding::is_compressed(path) { zstd::stream::decode_all(&bytes[..]).unwrap() } else { bytes };
    String::from_utf8(bytes).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn ids(lines: &[Json]) -> Vec<&str> {
    lines.iter().map(|line| line["data"]["id"].as_str().unwrap()).collect()
}

/// Names of the objects of a list in the `includes` of a line.
fn included<'a>(line: &'a Json, list: &str, name: &str) -> Vec<&'a str> {
    line["includes"][list].as_array().into_iter().flatten().map(|object| object[name].as_str().unwrap()).collect()
}

#[test]
fn a_line_has_an_item_and_what_it_refers_to() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("birds.jsonl");
    let mut archive = open(&path, LineForm::Items, None);
    let relation = Some(Relation { name: "likes", subject: 7, items_are_sources: false });
    let stored = store(&mut archive, "likes", &Page { relation, ..page(&[PAGE.as_bytes()], 1, None) }).unwrap();
    assert_eq!((stored.items, stored.new_items), (2, 2));
    let lines = lines(&path);
    assert_eq!(ids(&lines), ["3", "2"]);
    assert_eq!(included(&lines[0], "users", "username"), ["robin", "eve"], "the author of the quoted post is included");
    assert_eq!((included(&lines[0], "tweets", "id"), included(&lines[0], "media", "media_key")), (vec!["9"], vec![]));
    assert_eq!(
        (included(&lines[1], "users", "id"), included(&lines[1], "media", "media_key")),
        (vec!["13"], vec!["3_1"])
    );
    assert_eq!(lines[0]["edge"]["relation"], "likes");
    assert_eq!(lines[0]["edge"]["seen_at"], "1970-01-01T00:00:01.000Z");
    assert!(std::fs::read_to_string(with_suffix(&path, BAD)).unwrap().contains("Not Found Error"));
    assert_eq!(JsonlArchive::verify(&path).unwrap(), [""; 0]);
}

#[test]
fn a_line_is_a_page_in_the_form_of_twarc2() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("birds.jsonl");
    let mut archive = open(&path, LineForm::Pages, None);
    store(&mut archive, "search", &page(&[PAGE.as_bytes()], 1, Some("n"))).unwrap();
    let lines = lines(&path);
    assert_eq!(lines.len(), 1);
    assert_eq!((lines[0]["data"].as_array().unwrap().len(), included(&lines[0], "users", "id").len()), (2, 3));
    assert_eq!(
        (&lines[0]["meta"]["result_count"], &lines[0]["meta"]["next_token"]),
        (&Json::from(2), &Json::from("n"))
    );
    assert_eq!(lines[0]["errors"][0]["title"], "Not Found Error");
    assert_eq!(lines[0]["__twarc"]["retrieved_at"], "1970-01-01T00:00:01.000Z");
    drop(archive);
    let other = JsonlArchive::open(&path, JsonlOptions::default()).unwrap_err().to_string();
    assert!(other.contains("another form"), "{other}");
}

#[test]
fn a_crash_at_any_byte_leaves_each_item_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("birds.jsonl");
    let second = PAGE.replace("\"id\":\"3\"", "\"id\":\"1\"");
    store(&mut open(&path, LineForm::Items, None), "search", &page(&[PAGE.as_bytes()], 1, Some("n"))).unwrap();
    let files = [path.clone(), with_suffix(&path, ITEMS), with_suffix(&path, BAD), with_suffix(&path, CHECKPOINT)];
    let before = files.clone().map(|file| std::fs::read(file).unwrap());
    store(&mut open(&path, LineForm::Items, None), "search", &page(&[second.as_bytes()], 2, None)).unwrap();
    let after = files.clone().map(|file| std::fs::read(file).unwrap());
    // A crash keeps the old checkpoint, and any part of what was appended to the other files.
    for (file, (old, new)) in before.iter().zip(&after).enumerate().take(3) {
        for len in (old.len()..new.len()).step_by(29).chain([new.len() - 1, new.len()]) {
            for (other, path) in files.iter().enumerate() {
                std::fs::write(path, if other == file { &new[..len] } else { &before[other][..] }).unwrap();
            }
            let mut archive = open(&path, LineForm::Items, None);
            assert_eq!(archive.checkpoint("search").unwrap().next_token.as_deref(), Some("n"));
            assert_eq!(store(&mut archive, "search", &page(&[second.as_bytes()], 2, None)).unwrap().new_items, 1);
            assert_eq!(ids(&lines(&path)), ["3", "2", "1"]);
            drop(archive);
            assert_eq!(JsonlArchive::verify(&path).unwrap(), [""; 0]);
        }
    }
    std::fs::write(&path, &after[0][..10]).unwrap();
    let shorter = JsonlArchive::open(&path, JsonlOptions::default()).unwrap_err().to_string();
    assert!(shorter.contains("shorter"), "{shorter}");
    let faults = JsonlArchive::verify(&path).unwrap();
    assert!(faults[0].contains("10 of"), "{faults:?}");
}

#[test]
fn a_crash_within_a_change_of_the_checkpoint_leaves_the_one_before() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("birds.jsonl");
    let second = PAGE.replace("\"id\":\"3\"", "\"id\":\"1\"");
    let mut archive = open(&path, LineForm::Items, None);
    store(&mut archive, "search", &page(&[PAGE.as_bytes()], 1, Some("n"))).unwrap();
    let before = std::fs::read(with_suffix(&path, CHECKPOINT)).unwrap().len();
    store(&mut archive, "search", &page(&[second.as_bytes()], 2, None)).unwrap();
    drop(archive);
    let files = [path.clone(), with_suffix(&path, ITEMS), with_suffix(&path, BAD), with_suffix(&path, CHECKPOINT)];
    let after = files.clone().map(|file| std::fs::read(file).unwrap());
    for len in (before..after[3].len()).step_by(17) {
        for (file, content) in files.iter().zip(&after) {
            std::fs::write(file, content).unwrap();
        }
        std::fs::write(&files[3], &after[3][..len]).unwrap();
        let mut archive = open(&path, LineForm::Items, None);
        assert_eq!(archive.checkpoint("search").unwrap().next_token.as_deref(), Some("n"));
        assert_eq!(store(&mut archive, "search", &page(&[second.as_bytes()], 2, None)).unwrap().new_items, 1);
        drop(archive);
        assert_eq!(ids(&lines(&path)), ["3", "2", "1"]);
        assert_eq!(JsonlArchive::verify(&path).unwrap(), [""; 0]);
    }
    let damaged = [&after[3][..before - 9], &after[3][before - 1..]].concat();
    std::fs::write(&files[3], damaged).unwrap();
    let refused = JsonlArchive::open(&path, JsonlOptions::default()).unwrap_err().to_string();
    assert!(refused.contains("its checkpoint is invalid"), "{refused}");
}

#[test]
fn the_checkpoint_of_many_sources_grows_by_what_changed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("birds.jsonl");
    let source = |number: u64| format!("{number} {}", "x".repeat(2_000));
    let len = || with_suffix(&path, CHECKPOINT).metadata().unwrap().len();
    let mut archive = open(&path, LineForm::Items, None);
    let (mut written, mut rewritten) = (0, 0);
    for number in 0..150 {
        let body = format!("{{\"data\":[{{\"id\":\"{}\"}}]}}", number + 1);
        let before = len();
        store(&mut archive, &source(number), &page(&[body.as_bytes()], 1, None)).unwrap();
        match len().checked_sub(before) {
            Some(added) if added < 5_000 => written += added,
            _ => (rewritten, written) = (rewritten + 1, written + len()),
        }
    }
    assert!(rewritten > 0 && written < 4 * 150 * 2_500, "{rewritten} {written}");
    drop(archive);
    let archive = open(&path, LineForm::Items, None);
    assert_eq!(archive.sources("").unwrap().len(), 150);
    assert!((0..150).all(|number| archive.checkpoint(&source(number)).unwrap().items == 1));
    assert_eq!(JsonlArchive::verify(&path).unwrap(), [""; 0]);
}

#[test]
fn files_rotate_by_size_and_time_and_are_compressed() {
    let folder = tempfile::tempdir().unwrap();
    let names = if cfg!(feature = "zstd") { &["a.jsonl", "b.jsonl.zst"][..] } else { &["a.jsonl"] };
    for name in names {
        for rotation in [Rotation::Size(1), Rotation::Interval(Duration::from_secs(60))] {
            let folder = tempfile::tempdir_in(folder.path()).unwrap();
            let path = folder.path().join(name);
            for (number, minute) in [(1, 0), (2, 1), (3, 2)] {
                let body = PAGE.replace("\"id\":\"3\"", &format!("\"id\":\"1{number}\""));
                let mut archive = open(&path, LineForm::Items, Some(rotation));
                let bodies = [body.as_bytes()];
                let page = page(&bodies, minute * 60 + 59, Some("n"));
                store(&mut archive, "search", &page).unwrap();
            }
            let file = |number: usize| path.with_file_name(name.replace(".jsonl", &format!("-{number:05}.jsonl")));
            assert_eq!(ids(&lines(&file(1))), ["11", "2"]);
            assert_eq!((ids(&lines(&file(2))), ids(&lines(&file(3)))), (vec!["12"], vec!["13"]));
            assert_eq!(JsonlArchive::verify(&path).unwrap(), [""; 0]);
            let mut damaged = std::fs::read(file(2)).unwrap();
            let middle = damaged.len() / 2;
            damaged[middle] ^= 0xFF;
            std::fs::write(file(2), damaged).unwrap();
            assert_ne!(JsonlArchive::verify(&path).unwrap(), [""; 0]);
            std::fs::write(file(4), "my diary").unwrap();
            let mut archive = open(&path, LineForm::Items, Some(rotation));
            let refused = store(&mut archive, "other", &page(&[PAGE.as_bytes()], 999, None)).unwrap_err().to_string();
            assert!(refused.contains("did not write it"), "{refused}");
            assert_eq!(std::fs::read_to_string(file(4)).unwrap(), "my diary");
        }
    }
}

#[test]
fn nothing_of_a_long_page_with_an_invalid_body_is_stored() {
    let folder = tempfile::tempdir().unwrap();
    let names = if cfg!(feature = "zstd") { &["a.jsonl", "b.jsonl.zst"][..] } else { &["a.jsonl"] };
    for name in names {
        let path = folder.path().join(name);
        let mut archive = open(&path, LineForm::Items, Some(Rotation::Size(1)));
        let file = |number: usize| path.with_file_name(name.replace(".jsonl", &format!("-{number:05}.jsonl")));
        let line = |id: usize| format!("{{\"data\":{{\"id\":\"{id}\",\"text\":\"{}\"}}}}", "heron ".repeat(50));
        // The lines are more than are written together.
        let posts: Vec<String> = (1..=5_000).map(line).collect();
        let mut bodies: Vec<&[u8]> = posts.iter().map(String::as_bytes).collect();
        store(&mut archive, "stream", &page(&bodies[..1_000], 1, Some("1"))).unwrap();
        bodies.push(b"{\"data\":");
        let refused = store(&mut archive, "stream", &page(&bodies[1_000..], 2, Some("2"))).unwrap_err();
        assert_eq!((refused.kind(), file(2).metadata().unwrap().len()), (io::ErrorKind::InvalidData, 0), "{refused}");
        assert_eq!(archive.checkpoint("stream").unwrap().items, 1_000);
        assert_eq!(JsonlArchive::verify(&path).unwrap(), [""; 0]);
        store(&mut archive, "stream", &page(&bodies[1_000..5_000], 2, Some("2"))).unwrap();
        assert_eq!((lines(&file(1)).len(), lines(&file(2)).len()), (1_000, 4_000), "a page is in one file");
        assert_eq!(JsonlArchive::verify(&path).unwrap(), [""; 0]);
    }
}

#[test]
fn files_of_others_are_refused_and_unchanged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("birds.jsonl");
    for (other, why) in [(path.clone(), "other than JSON lines"), (with_suffix(&path, ITEMS), "no collection")] {
        std::fs::write(&other, "my diary\n").unwrap();
        assert!(JsonlArchive::open(&path, JsonlOptions::default()).unwrap_err().to_string().contains(why));
        assert_eq!(std::fs::read_to_string(&other).unwrap(), "my diary\n");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no file was created");
        std::fs::remove_file(other).unwrap();
    }
    let mut archive = open(&path, LineForm::Items, None);
    let second = JsonlArchive::open(&path, JsonlOptions::default()).unwrap_err().to_string();
    assert!(second.contains("another program"), "{second}");
    let invalid = store(&mut archive, "search", &page(&[b"[1"], 1, None)).unwrap_err();
    assert_eq!(invalid.kind(), io::ErrorKind::InvalidData);
    store(&mut archive, "search", &page(&[PAGE.as_bytes()], 1, Some("n"))).unwrap();
    let behind = archive.store("search", &page(&[b"{}"], 1, None), &Report::default(), &mut Checkpoint::default());
    assert!(behind.unwrap_err().to_string().contains("another program"));
    assert_eq!(archive.sources("s").unwrap(), ["search"]);
    drop(archive);
    let lines = std::fs::read(&path).unwrap();
    let diary = [&vec![b'x'; lines.len()][..], b"\nand more\n"].concat();
    std::fs::write(&path, &diary).unwrap();
    let refused = JsonlArchive::open(&path, JsonlOptions::default()).unwrap_err();
    assert_eq!((refused.kind(), std::fs::read(&path).unwrap()), (io::ErrorKind::InvalidInput, diary), "{refused}");
    std::fs::write(&path, lines).unwrap();
    std::fs::write(with_suffix(&path, CHECKPOINT), r#"{"version":9}"#).unwrap();
    assert!(JsonlArchive::open(&path, JsonlOptions::default()).unwrap_err().to_string().contains("newer version"));
    assert!(!JsonlArchive::is_at(&path));
}

#[test]
fn streams_of_posts_and_of_other_items_are_recorded_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("likes.jsonl");
    let line = |n: u64| match n % 2 {
        0 => format!(r#"{{"data":{{"id":"{n}","text":"t"}}}}"#),
        _ => format!(r#"{{"data":{{"liked_tweet_id":"{n}","id":"a{n}"}}}}"#),
    };
    let item = |n: u64| LiveEvent::Item(Bytes::from(line(n)));
    let record = |from: u64, to: u64, partition: u32| {
        let archive = JsonlArchive::open(&path, JsonlOptions::default()).unwrap();
        let mut stream = ArchiveStream::open(Box::new(archive), "likes").unwrap();
        for n in from..to {
            stream.record(partition, &item(n)).unwrap();
        }
        let lost = GapFill::Lost("too far back".into());
        let at = Timestamp::from_millis;
        stream.record(partition, &LiveEvent::Gap { from: at(0), to: at(5), fill: lost }).unwrap();
        stream.record(partition, &LiveEvent::Bad { line: Bytes::from_static(b"\xFF{"), why: "broken".into() }).unwrap();
        stream.record(partition, &LiveEvent::Checkpoint(at(to as i64))).unwrap();
        stream.finish().unwrap();
        (stream.new_items(), stream.checkpoint(partition).unwrap().as_millis())
    };
    assert_eq!(record(0, 10, 1), (10, 10));
    assert_eq!(record(10, 12, 2), (2, 12));
    assert_eq!(record(4, 14, 1), (4, 14), "a resumed stream repeats items, which are stored once");
    assert_eq!(lines(&path).len(), 16);
    assert_eq!(JsonlArchive::verify(&path).unwrap(), [""; 0]);
    let gaps = lines(&with_suffix(&path, GAPS));
    assert_eq!(
        (gaps.len(), &gaps[0]["filled"]["why"], &gaps[1]["source"]),
        (3, &"too far back".into(), &"stream likes 2".into())
    );
    assert_eq!(lines(&with_suffix(&path, BAD))[0]["problem"]["base64"], "/3s=");
}

#[test]
fn lines_are_stored_as_sent_in_private_files() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("birds.jsonl");
    let line = r#"{ "data": {"text":"h\u00e9ron", "id":"7", "extra":1.50}, "unknown":[ ] }"#;
    let mut stream =
        ArchiveStream::open(Box::new(JsonlArchive::open(&path, JsonlOptions::default()).unwrap()), "sample").unwrap();
    stream.record(1, &LiveEvent::Item(Bytes::from_static(line.as_bytes()))).unwrap();
    stream.finish().unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), format!("{line}\n"));
    #[cfg(unix)]
    for file in std::fs::read_dir(folder.path()).unwrap().flatten() {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o077, 0, "{:?}", file.file_name());
    }
}

#[test]
fn complete_lines_of_another_program_are_continued() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("birds.jsonl");
    for wrong in [
        "{\n  \"pretty\": true\n}\n",
        "{\"a\":1}\n\n",
        "{\"a\":1}\n{\"b\":",
        "{\"a\":1}",
        "1\n",
        "\u{89}PNG\r\n\0",
        "\n",
    ] {
        std::fs::write(&path, wrong).unwrap();
        let refused = JsonlArchive::open(&path, JsonlOptions::default()).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::InvalidInput, "{refused}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), wrong);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no file was created");
    }
    std::fs::write(&path, "{\"data\":{\"id\":\"7\"}}\n{\"data\":{\"id\":\"8\"}}\n").unwrap();
    for minute in [1, 2] {
        let body = PAGE.replace("\"id\":\"3\"", &format!("\"id\":\"1{minute}\""));
        let mut archive = open(&path, LineForm::Items, None);
        store(&mut archive, "search", &page(&[body.as_bytes()], minute, Some("n"))).unwrap();
    }
    assert_eq!(ids(&lines(&path)), ["7", "8", "11", "2", "12"]);
    assert_eq!(JsonlArchive::verify(&path).unwrap(), [""; 0]);
    #[cfg(unix)]
    {
        let link = folder.path().join("link.jsonl");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        let refused = JsonlArchive::open(&link, JsonlOptions::default()).unwrap_err().to_string();
        assert!(refused.contains("symbolic link"), "{refused}");
    }
}

#[test]
fn a_checkpoint_of_the_second_version_is_continued() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("birds.jsonl");
    let lines_before = "{\"data\":{\"id\":\"3\",\"text\":\"a\"}}\n";
    let mut state = serde_json::json!({
        "version": 2, "form": "items", "segments": 1, "files_len": 0, "bad_len": 0, "gaps_len": 0, "items": 1,
        "segment": {"name": "birds.jsonl", "len": lines_before.len(), "lines": 1, "began_at": 1_000},
        "sources": {"search heron": {"number": 0, "kind": "posts", "pages": 1, "items": 1, "next_token": "n",
            "is_complete": false, "cost_micros": 5, "oldest_id": 3, "until_id": null}},
    });
    state["segment"]["crc32"] = crc32fast::hash(lines_before.as_bytes()).into();
    std::fs::write(&path, lines_before).unwrap();
    std::fs::write(folder.path().join("birds.jsonl.items"), [&0_u32.to_le_bytes()[..], &3_u64.to_le_bytes()].concat())
        .unwrap();
    let mut checkpoint = FileStore::at(folder.path().join("birds.jsonl.checkpoint")).try_lock().unwrap().unwrap();
    checkpoint.replace(state.to_string().as_bytes()).unwrap();
    drop(checkpoint);
    assert_eq!(JsonlArchive::verify(&path).unwrap(), [""; 0]);
    for (new_items, next_token) in [(1, Some("m")), (0, None)] {
        let mut archive = open(&path, LineForm::Items, None);
        let stored = store(&mut archive, "search heron", &page(&[PAGE.as_bytes()], 2, next_token)).unwrap();
        assert_eq!(stored, Stored { new_items, items: 2 });
    }
    assert_eq!(ids(&lines(&path)), ["3", "2"]);
    let archive = open(&path, LineForm::Items, None);
    let checkpoint = archive.checkpoint("search heron").unwrap();
    assert_eq!((checkpoint.pages, checkpoint.items, checkpoint.is_complete), (3, 2, true));
    assert_eq!(JsonlArchive::verify(&path).unwrap(), [""; 0]);
}
