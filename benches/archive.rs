//! Full posts that are stored in archives: posts per second of CPU time, and the memory that it takes.
//!
//! `cargo bench -p chirrup-benches --bench archive` prints a table; with `-- --write` it also replaces the table in
//! `docs/performance.md`.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a failed benchmark panics")]

use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use chirrup::archive::{
    Archive, Checkpoint, Database, ItemKind, JsonlArchive, JsonlOptions, Page, ParquetFolder, Report,
};
use chirrup::model::Timestamp;
use chirrup_benches::table::{Goal, Row, Table};
use chirrup_benches::{memory, posts, thread_cpu_time};

/// Number of posts that each archive stores, and of those that are stored together.
const POSTS: usize = 200_000;
const PER_PAGE: usize = 5_000;
/// First ID of the posts.
const FIRST_ID: usize = 2_123_927_567_571_353_600;

fn main() {
    let lines: Vec<String> = (0..1_000).map(|number| posts::full_post(&posts::text(number)).to_string()).collect();
    let folder = tempfile::tempdir().unwrap();
    let lines_of = |path: &Path| JsonlArchive::open(path, JsonlOptions::default()).unwrap();
    let floor = written(&lines, &folder.path().join("floor.jsonl"));
    let mut table = Table::new("archive");
    let mut add = |name: &str, must: f64, aim: f64, open: &dyn Fn(&Path) -> Box<dyn Archive>| {
        let rate = stored(&lines, folder.path(), open);
        let floor = if name == "JSON lines" { format!("; a bare loop: {floor:.0}") } else { String::new() };
        let note = format!("{:.1} µs of CPU each, {} MiB of memory so far{floor}", 1e6 / rate, memory::peak());
        table.add(Row::rate(name, rate, Goal { must, aim }).note(note));
    };
    add("JSON lines", 200_000.0, 300_000.0, &|path| Box::new(lines_of(&path.join("posts.jsonl"))));
    add("compressed JSON lines", 100_000.0, 200_000.0, &|path| Box::new(lines_of(&path.join("posts.jsonl.zst"))));
    add("Parquet", 50_000.0, 80_000.0, &|path| Box::new(ParquetFolder::open(path.join("posts")).unwrap()));
    add("SQLite", 15_000.0, 30_000.0, &|path| Box::new(Database::open(path.join("posts.db")).unwrap()));
    table.finish();
}

/// Returns the posts of a page.
fn page_from(first: usize, lines: &[String]) -> Vec<String> {
    let post = |number: usize| lines[number % lines.len()].replace(posts::ID, &(FIRST_ID + number).to_string());
    (first..first + PER_PAGE).map(post).collect()
}

/// Writes the posts as they are, each page to the disk, and returns their number per second of CPU time.
fn written(lines: &[String], file: &Path) -> f64 {
    let (mut file, mut time) = (File::create(file).unwrap(), std::time::Duration::ZERO);
    for first in (0..POSTS).step_by(PER_PAGE) {
        let text = page_from(first, lines).join("\n") + "\n";
        let start = thread_cpu_time();
        text.as_bytes().chunks(256 << 10).for_each(|part| file.write_all(part).unwrap());
        file.sync_data().unwrap();
        time += thread_cpu_time() - start;
    }
    POSTS as f64 / time.as_secs_f64()
}

/// Stores the posts, and returns their number per second of CPU time.
fn stored(lines: &[String], folder: &Path, open: &dyn Fn(&Path) -> Box<dyn Archive>) -> f64 {
    let mut archive = open(folder);
    let (mut checkpoint, mut time) = (Checkpoint::default(), std::time::Duration::ZERO);
    for first in (0..POSTS).step_by(PER_PAGE) {
        let posts = page_from(first, lines);
        let bodies: Vec<&[u8]> = posts.iter().map(String::as_bytes).collect();
        let seen_at = Timestamp::from_millis(first as i64);
        let page = Page {
            bodies: &bodies,
            items: ItemKind::Posts,
            relation: None,
            seen_at,
            cost_micros: 0,
            next_token: Some(""),
        };
        let start = thread_cpu_time();
        archive.store("stream", &page, &Report::default(), &mut checkpoint).unwrap();
        time += thread_cpu_time() - start;
    }
    let start = thread_cpu_time();
    archive.finish().unwrap();
    time += thread_cpu_time() - start;
    assert_eq!(checkpoint.items, POSTS as u64);
    POSTS as f64 / time.as_secs_f64()
}
