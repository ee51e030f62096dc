//! Collections in folders of Parquet files, each item once, whatever stops the program, and how other programs read them.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use chirrup::archive::{ArchiveReader as _, ObjectKind, ParquetReader};
use serde_json::Value as Json;

use crate::collect::{PAGES, PER_PAGE, server};
use crate::python::python_with;
use crate::streams::{assert_each_once, record_with_kills};
use crate::{below, ok, program, rounds, text, unlimited};

fn archive(words: &[&str]) -> Output {
    program(&[&["archive"], words].concat(), &[]).output().unwrap()
}

/// Number of objects of a type that a folder has, each once.
fn number(folder: &Path, kind: ObjectKind) -> usize {
    let mut number = 0;
    let reader = ParquetReader::open(folder).unwrap();
    let counted = reader.objects(kind, &mut |_, _| {
        number += 1;
        Ok(())
    });
    counted.unwrap();
    number
}

/// A Python interpreter with programs that read Parquet.
fn python() -> Option<&'static Path> {
    static PYTHON: OnceLock<Option<PathBuf>> = OnceLock::new();
    let packages = ["duckdb==2.*", "polars==2.*", "pytz"];
    PYTHON.get_or_init(|| python_with("parquet-python", "import duckdb, polars, pytz", &packages)).as_deref()
}

/// Returns a folder for an archive, whose name ends in a slash.
fn folder_in(temporary: &tempfile::TempDir) -> (PathBuf, String) {
    let path = temporary.path().join("birds");
    let name = format!("{}/", path.display());
    (path, name)
}

#[test]
fn a_killed_collection_has_each_post_once_in_a_folder() {
    let (env, requests) = server(Duration::from_millis(4));
    let temporary = tempfile::tempdir().unwrap();
    let (path, name) = folder_in(&temporary);
    let args = ["collect", "search", "heron", "--all", "--quiet", "--into", &name];
    let (mut seed, mut kills) = (11, 0);
    for _ in 0..rounds("CHIRRUP_KILLS", 24) {
        let mut child = program(&args, &env).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(below(&mut seed, 120)));
        kills += u32::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert!(kills > 0);
    let collect = || program(&["collect", "search", "heron", "--all", "--into", &name], &env).output().unwrap();
    let output = collect();
    assert!(ok(&output).is_empty());
    let said = text(&output.stderr);
    assert!(said.contains("is complete with 400 posts in 40 pages"), "{said}");
    assert_eq!((number(&path, ObjectKind::Post), number(&path, ObjectKind::User)), (PER_PAGE * PAGES, 7));
    assert!(ok(&archive(&["verify", &name, "--json"])).contains("\"sound\": true"));
    let rows: Json = serde_json::from_str(&ok(&archive(&["stats", &name, "--json"]))).unwrap();
    assert_eq!((&rows[0]["what"], &rows[0]["number"]), (&"posts".into(), &(PER_PAGE * PAGES).into()), "{rows}");

    let sent = requests.lock().unwrap().len();
    assert!(text(&collect().stderr).contains(": 0 new posts"));
    assert_eq!(requests.lock().unwrap().len(), sent, "a complete collection needs no request");
}

#[test]
fn a_folder_has_each_post_of_a_stream_once_although_the_program_is_killed() {
    let temporary = tempfile::tempdir().unwrap();
    let (path, name) = folder_in(&temporary);
    let journal = || {
        let files = std::fs::read_dir(&path).into_iter().flatten().map(|file| file.unwrap().path());
        let journals = files.filter(|file| file.extension().is_some_and(|ending| ending == "jsonl"));
        journals.map(|file| std::fs::read_to_string(file).unwrap_or_default()).collect::<String>()
    };
    let stored = || {
        let mut ids = Vec::new();
        let Ok(reader) = ParquetReader::open(&path) else { return ids };
        // The program may replace a file meanwhile.
        let _ = reader.objects(ObjectKind::Post, &mut |key, _| {
            ids.push(key.to_string());
            Ok(())
        });
        ids
    };
    let args = ["collect", "stream", "filtered", "--into", &name];
    let is_kept = |id: &str| journal().contains(id) || stored().iter().any(|known| known == id);
    let (writes, env) = record_with_kills(&args, || !journal().is_empty(), is_kept);
    let stored = stored();
    assert_each_once(&writes, &stored);
    let rows: Json = serde_json::from_str(&ok(&archive(&["stats", &name, "--json"]))).unwrap();
    assert_eq!(rows[0]["number"], stored.len(), "no file repeats a post of another: {rows}");
    assert!(rows[8]["number"].as_u64().unwrap() >= rounds("CHIRRUP_KILLS", 12) as u64 / 2, "gaps: {rows}");
    ok(&archive(&["verify", &name]));
    // What is not a post has no table.
    assert_eq!(
        program(&["collect", "stream", "likes", "--into", &name], &env).output().unwrap().status.code(),
        Some(2)
    );
}

#[test]
fn duckdb_and_polars_read_a_folder() {
    let (_sandbox, env) = unlimited();
    let temporary = tempfile::tempdir().unwrap();
    let (path, name) = folder_in(&temporary);
    // The second search finds posts of the first one again.
    ok(&program(&["collect", "search", "the", "--all", "-n", "60", "--into", &name], &env).output().unwrap());
    ok(&program(&["collect", "search", "a OR the", "--all", "-n", "60", "--into", &name], &env).output().unwrap());
    ok(&program(&["collect", "followers", "ada", "--into", &name], &env).output().unwrap());
    ok(&archive(&["verify", &name]));
    let Some(python) = python() else { return };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/archive/read_folder.py");
    let output = Command::new(python).arg(script).arg(&path).output().unwrap();
    let read: Json = serde_json::from_str(&ok(&output)).unwrap();
    let posts = number(&path, ObjectKind::Post);
    assert_eq!([&read["duckdb"]["posts"], &read["polars"]["posts"]], [&Json::from(posts); 2], "{read}");
    let users = number(&path, ObjectKind::User);
    assert_eq!([&read["duckdb"]["users"], &read["polars"]["users"]], [&Json::from(users); 2], "{read}");
    assert!(read["duckdb"]["edges"].as_u64().unwrap() > 0, "{read}");
    let types = ["BIGINT", "TIMESTAMP WITH TIME ZONE", "VARCHAR", "BIGINT", "VARCHAR[]"];
    assert_eq!(read["types"], Json::from(types.to_vec()), "{read}");
    assert_eq!(read["views"], read["duckdb"]["posts"], "the view `timeline` has each post once: {read}");
    assert_eq!(read["found_by"].as_object().unwrap().len(), 2, "{read}");
}

#[test]
fn a_folder_of_another_program_is_refused_before_a_request() {
    let (env, requests) = server(Duration::ZERO);
    let temporary = tempfile::tempdir().unwrap();
    std::fs::write(temporary.path().join("poem.txt"), "a poem").unwrap();
    let name = temporary.path().to_str().unwrap();
    let refused = program(&["collect", "search", "heron", "--into", name], &env).output().unwrap();
    assert_eq!(refused.status.code(), Some(10), "{}", text(&refused.stderr));
    assert!(text(&refused.stderr).contains("not an archive"), "{}", text(&refused.stderr));
    assert!(requests.lock().unwrap().is_empty());
    for words in [&["verify", name][..], &["stats", name], &["query", name, "timeline"]] {
        assert!(!archive(words).status.success(), "{words:?}");
    }
}

#[test]
fn a_database_becomes_a_folder_and_a_folder_a_database() {
    let (_sandbox, env) = unlimited();
    let temporary = tempfile::tempdir().unwrap();
    let (path, name) = folder_in(&temporary);
    let file = |name: &str| temporary.path().join(name).to_str().unwrap().to_owned();
    let (database, copy) = (file("birds.db"), file("copy.db"));
    ok(&program(&["collect", "search", "the", "--all", "-n", "60", "--into", &database], &env).output().unwrap());
    ok(&program(&["collect", "followers", "ada", "--into", &database], &env).output().unwrap());
    ok(&archive(&["export", &database, "--parquet", path.to_str().unwrap()]));
    ok(&archive(&["verify", &name]));
    ok(&archive(&["merge", &name, "--into", &copy]));
    ok(&archive(&["verify", &copy]));
    assert_eq!(ok(&archive(&["export", &copy])), ok(&archive(&["export", &database])), "nothing is lost");
    assert_eq!(ok(&archive(&["stats", &copy, "--json"])), ok(&archive(&["stats", &database, "--json"])));
    for words in [&["export"][..], &["export", "--users"], &["export", "--twarc-csv"]] {
        let of = |name| ok(&archive(&[words, &[name]].concat()));
        assert!(!of(&name).is_empty());
        assert_eq!(of(&name), of(&database), "{words:?}");
    }
    for query in
        ["timeline", "stats", "SELECT kind, value, count(*) AS posts FROM entities GROUP BY 1, 2 ORDER BY 1, 2"]
    {
        let of = |name| ok(&archive(&["query", name, query, "--json"]));
        assert_eq!(of(&name), of(&database), "{query}");
    }
    assert!(!archive(&["query", &name, "DELETE FROM posts"]).status.success());
    let report = ok(&archive(&["report", &name]));
    let figures = |page: &str| page.split("<dl").nth(1).unwrap().split("</dl>").next().unwrap().to_owned();
    assert_eq!(figures(&report), figures(&ok(&archive(&["report", &database]))));
    // The collection continues in the copy where the original ends.
    let more = program(&["collect", "search", "the", "--all", "-n", "60", "--into", &name], &env).output().unwrap();
    assert!(text(&more.stderr).contains(": 0 new posts"), "{}", text(&more.stderr));
    let sizes: Json = serde_json::from_str(&ok(&archive(&["compact", &name, "--json"]))).unwrap();
    assert!(sizes["bytes_after"].as_u64().is_some(), "{sizes}");
    ok(&archive(&["verify", &name]));
}

#[test]
fn a_killed_compaction_or_merge_changes_nothing_or_everything() {
    let temporary = tempfile::tempdir().unwrap();
    let (path, name) = folder_in(&temporary);
    for round in 0..12 {
        let posts = (0..200).map(|n| format!("{{\"id\":\"{}\",\"text\":\"heron\"}}\n", n * 37 % 1_009 + round));
        let file = temporary.path().join(format!("{round}.jsonl"));
        std::fs::write(&file, posts.collect::<String>()).unwrap();
        ok(&archive(&["import", file.to_str().unwrap(), "--into", &name]));
    }
    let posts = number(&path, ObjectKind::Post);
    let (mut seed, mut kills) = (7, 0);
    let other = temporary.path().join("other.db");
    ok(&archive(&["merge", &name, "--into", other.to_str().unwrap()]));
    for round in 0..rounds("CHIRRUP_KILLS", 24) {
        let compact = ["archive", "compact", &name];
        let merge = ["archive", "merge", other.to_str().unwrap(), "--into", &name];
        let words: &[&str] = if round % 2 == 0 { &compact } else { &merge };
        let mut child = program(words, &[]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(below(&mut seed, 150)));
        kills += u32::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(number(&path, ObjectKind::Post), posts, "round {round}");
    }
    assert!(kills > 0);
    ok(&archive(&["compact", &name]));
    assert!(ok(&archive(&["verify", &name, "--json"])).contains("\"sound\": true"));
    assert_eq!(number(&path, ObjectKind::Post), posts);
}

#[test]
fn deleted_posts_are_removed_from_a_folder() {
    let temporary = tempfile::tempdir().unwrap();
    let (path, name) = folder_in(&temporary);
    let file = |name: &str| temporary.path().join(name).to_str().unwrap().to_owned();
    let (posts, events) = (file("posts.jsonl"), file("events.jsonl"));
    std::fs::write(&events, "{\"data\":{\"delete\":{\"tweet\":{\"id\":\"20\"}}}}\n").unwrap();
    assert_eq!(archive(&["comply", &name, &events]).status.code(), Some(10), "no folder is created");
    std::fs::write(&posts, "{\"id\":\"20\",\"text\":\"heron\"}\n{\"id\":\"21\",\"text\":\"swift\"}\n").unwrap();
    ok(&archive(&["import", &posts, "--into", &name]));
    assert!(ok(&archive(&["comply", &name, &events, "--json"])).contains("\"posts\": 1"));
    assert_eq!(number(&path, ObjectKind::Post), 1);
    let rows: Json = serde_json::from_str(&ok(&archive(&["stats", &name, "--json"]))).unwrap();
    assert_eq!((&rows[10]["what"], &rows[10]["number"]), (&"deletions".into(), &1.into()), "{rows}");
    ok(&archive(&["verify", &name]));
}

/// Code blocks of a language in a page.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let start = format!("```{language}\n");
    let parts = page.split(start.as_str()).skip(1);
    parts.map(|part| part.split("```").next().unwrap().to_owned()).collect()
}

#[cfg(unix)]
#[test]
fn the_guide_for_researchers_runs() {
    let (_sandbox, env) =
        crate::started(chirrup_sandbox::Sandbox::builder().users(60).posts(1_500).without_rate_limits());
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/research.md");
    let page = std::fs::read_to_string(page).unwrap();
    let temporary = tempfile::tempdir().unwrap();
    let programs = Path::new(env!("CARGO_BIN_EXE_chirrup")).parent().unwrap();
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
    for commands in blocks(&page, "sh") {
        let mut shell = Command::new("sh");
        shell.args(["-ec", &commands]).env_clear().envs(env.iter().cloned()).env("PATH", &path);
        ok(&shell.current_dir(&temporary).output().unwrap());
    }
    assert!(std::fs::read_to_string(temporary.path().join("rust.html")).unwrap().contains("<svg "));
    let Some(python) = python() else { return };
    let program = blocks(&page, "python").concat();
    let output = Command::new(python).args(["-c", &program]).current_dir(&temporary).output().unwrap();
    let printed = ok(&output);
    assert!(printed.contains("hashtag") && printed.contains("repost"), "{printed}");
}
