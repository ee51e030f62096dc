//! Long collections whose program is killed again and again: each post once in each type of archive.
//!
//! `CHIRRUP_POSTS` is the number of posts, and `CHIRRUP_KILLS` that of kills, which are spread over the whole collection.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::memory::Peak;
use crate::scripted_server::{response, scripted};
use crate::{below, ok, program, rounds};

const PER_PAGE: usize = 500;
/// ID of the oldest post.
const FIRST_ID: usize = 2_123_927_567_571_353_600;
/// Limit of the resident memory in KiB.
const MEMORY_LIMIT: u64 = 200_000_000 >> 10;

/// Server with the pages of a search, the newest posts first.
struct Server {
    env: Vec<(&'static str, String)>,
    pages: usize,
    /// Number of pages that were requested.
    requested: Arc<AtomicUsize>,
    /// Number of pages that the server has for now. Requests of others wait.
    available: Arc<AtomicUsize>,
}

impl Server {
    fn start(posts: usize) -> Self {
        let pages = posts.div_ceil(PER_PAGE);
        let [requested, available] = [(); 2].map(|()| Arc::new(AtomicUsize::new(0)));
        let (highest, limit) = (Arc::clone(&requested), Arc::clone(&available));
        let (env, _) = scripted(move |request, _| {
            let page = request.split("token=t").nth(1).and_then(|rest| rest.split(['&', ' ']).next()?.parse().ok());
            let page = page.unwrap_or(0);
            highest.fetch_max(page + 1, Ordering::Relaxed);
            while page >= limit.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(1));
            }
            response(200, &body(page, pages, posts))
        });
        Self { env, pages, requested, available }
    }
}

/// Returns a page with the posts and their authors.
fn body(page: usize, pages: usize, posts: usize) -> String {
    let newest = posts - page * PER_PAGE;
    let ids = (newest.saturating_sub(PER_PAGE)..newest).rev().map(|number| FIRST_ID + number);
    let posts = ids.map(|id| {
        let (author, likes) = (id % 50 + 1, id % 7);
        format!(
            r#"{{"id":"{id}","text":"heron {id} at the pond of the mill","author_id":"{author}","lang":"en",
            "created_at":"2026-01-31T12:00:00.000Z","public_metrics":{{"like_count":{likes}}}}}"#
        )
    });
    let users = (1..=50).map(|id| format!(r#"{{"id":"{id}","username":"user{id}","name":"User {id}"}}"#));
    let next = if page + 1 < pages { format!(r#","next_token":"t{}""#, page + 1) } else { String::new() };
    let (posts, users) = (posts.collect::<Vec<_>>().join(","), users.collect::<Vec<_>>().join(","));
    format!(r#"{{"data":[{posts}],"includes":{{"users":[{users}]}},"meta":{{"result_count":{PER_PAGE}{next}}}}}"#)
}

/// Collects all posts into an archive with kills, and checks the archive. `ids` calls a function with the ID of each post
/// that it finds in the archive.
fn collect_with_kills(archive: &str, ids: impl FnOnce(&Path, &mut dyn FnMut(usize))) {
    let (posts, kills) = (rounds("CHIRRUP_POSTS", 20_000), rounds("CHIRRUP_KILLS", 8));
    let (server, folder) = (Server::start(posts), tempfile::tempdir().unwrap());
    let path = folder.path().join(archive);
    let name = if Path::new(archive).extension().is_some() { String::new() } else { "/".to_owned() };
    let name = format!("{}{name}", path.display());
    let args = ["collect", "search", "heron", "--all", "--quiet", "--into", &name];
    let (mut seed, mut memory, begun) = (11, 0, Instant::now());
    for kill in 1..=kills {
        // A program that is not killed in time waits for the pages after the next kill.
        let [at, next] = [kill, kill + 1].map(|kill| server.pages * kill / (kills + 1));
        server.available.store(next.min(server.pages - 1), Ordering::Relaxed);
        let mut child = program(&args, &server.env).stderr(Stdio::null()).spawn().unwrap();
        while server.requested.load(Ordering::Relaxed) < at && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_millis(below(&mut seed, 40)));
        assert_eq!(child.try_wait().unwrap(), None, "the program has ended before kill {kill}");
        memory = memory.max(Peak::of(&child).map_or(0, |peak| peak.resident));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    server.available.store(server.pages, Ordering::Relaxed);
    ok(&program(&args, &server.env).output().unwrap());
    let collected = begun.elapsed();
    let mut found = vec![false; posts];
    ids(&path, &mut |id| assert!(!std::mem::replace(&mut found[id - FIRST_ID], true), "{id} is there twice"));
    assert!(found.iter().all(|is_found| *is_found), "posts are missing");
    let begun = Instant::now();
    ok(&program(&["archive", "verify", &name], &[]).output().unwrap());
    let verified = begun.elapsed();
    let _ = writeln!(
        std::io::stderr(),
        "{archive}: {posts} posts, {kills} kills, {collected:?} to collect, {verified:?} to verify, {memory} KiB of memory"
    );
    assert!(memory <= MEMORY_LIMIT, "{memory} KiB");
}

#[test]
fn a_long_collection_has_each_post_once_in_lines() {
    collect_with_kills("herons.jsonl", |path, found| {
        for line in BufReader::new(File::open(path).unwrap()).lines() {
            let line: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
            assert_eq!(line["data"]["author_id"], line["includes"]["users"][0]["id"], "{line}");
            found(line["data"]["id"].as_str().unwrap().parse().unwrap());
        }
    });
}

#[test]
fn a_long_collection_has_each_post_once_in_a_database() {
    collect_with_kills("herons.db", |path, found| {
        let database = rusqlite::Connection::open(path).unwrap();
        let mut statement = database.prepare("SELECT id FROM results_of_posts").unwrap();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            found(row.get::<_, i64>(0).unwrap() as usize);
        }
    });
}

#[cfg(feature = "parquet")]
#[test]
fn a_long_collection_has_each_post_once_in_a_folder() {
    use chirrup::archive::{ArchiveReader as _, Key, ObjectKind, ParquetReader};

    collect_with_kills("herons", |path, found| {
        let reader = ParquetReader::open(path).unwrap();
        let read = reader.objects(ObjectKind::Post, &mut |key, _| {
            let Key::Id(id) = key else { panic!("{key}") };
            found(id as usize);
            Ok(())
        });
        read.unwrap();
    });
}
