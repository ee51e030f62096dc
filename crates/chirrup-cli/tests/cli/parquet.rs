//! Collections in folders of Parquet files, each item once, whatever stops the program, and how other programs read them.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use chirrup::archive::{ArchiveReader as _, ObjectKind, ParquetReader};
use serde_json::Value as Json;

use crate::collect::{PAGES, PER_PAGE, server};
use crate::python::python_with;
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
fn duckdb_and_polars_read_a_folder() {
    let (_sandbox, env) = unlimited();
    let temporary = tempfile::tempdir().unwrap();
    let (path, name) = folder_in(&temporary);
    // The second search finds posts of the first one again.
    ok(&program(&["collect", "search", "the", "--all", "-n", "60", "--into", &name], &env).output().unwrap());
    ok(&program(&["collect", "search", "a OR the", "--all", "-n", "60", "--into", &name], &env).output().unwrap());
    ok(&program(&["collect", "followers", "ada", "--into", &name], &env).output().unwrap());
    ok(&archive(&["verify", &name]));
    let packages = ["duckdb==2.*", "polars==2.*", "pytz"];
    let Some(python) = python_with("parquet-python", "import duckdb, polars, pytz", &packages) else { return };
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
