//! `chirrup archive`: queries, checks, exports and imports of databases.

use std::path::Path;
use std::process::Output;

use serde_json::Value as Json;

use crate::{ok, program, text, unlimited};

fn archive(words: &[&str]) -> Output {
    program(&[&["archive"], words].concat(), &[]).output().unwrap()
}

fn rows(file: &Path, sql: &str) -> Vec<Json> {
    let printed = ok(&archive(&["query", file.to_str().unwrap(), sql, "--jsonl"]));
    printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_collection_is_queried_verified_exported_and_imported() {
    let (_sandbox, env) = unlimited();
    let folder = tempfile::tempdir().unwrap();
    let (file, copy) = (folder.path().join("birds.db"), folder.path().join("copy.db"));
    let path = file.to_str().unwrap();
    ok(&program(&["collect", "search", "the", "--all", "-n", "60", "--into", path], &env).output().unwrap());
    ok(&program(&["collect", "followers", "ada", "--into", path], &env).output().unwrap());

    let posts = rows(&file, "SELECT count(*) AS n, min(id) AS first FROM results_of_posts");
    let (count, first) = (posts[0]["n"].as_u64().unwrap(), posts[0]["first"].as_i64().unwrap());
    assert!(count > 20 && first > i64::from(u32::MAX), "{posts:?}");
    assert_eq!(rows(&file, "timeline").len(), rows(&file, "SELECT id FROM posts").len());
    let table = ok(&archive(&["query", path, "SELECT id, lang FROM posts ORDER BY id LIMIT 2", "--csv"]));
    assert!(table.starts_with("id,lang\n") && table.lines().count() == 3, "{table}");
    assert!(ok(&archive(&["stats", path])).contains("followers id=ada"));
    assert!(ok(&archive(&["verify", path, "--json"])).contains("\"sound\": true"));

    let lines = ok(&archive(&["export", path]));
    assert_eq!(lines.lines().count() as u64, count);
    let post: Json = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!(post["data"]["author_id"], post["includes"]["users"][0]["id"], "{post}");
    let csv = ok(&archive(&["export", path, "--csv", "--columns", "id,author.username"]));
    assert_eq!(csv.lines().count() as u64, count + 1);
    assert!(csv.lines().skip(1).all(|row| !row.ends_with(',')), "{csv}");
    let users = ok(&archive(&["export", path, "--users", "--template", "{id}"]));
    assert_eq!(users.lines().count(), rows(&file, "SELECT * FROM edges").len());

    let exported = folder.path().join("posts.jsonl");
    std::fs::write(&exported, &lines).unwrap();
    let import = ["import", exported.to_str().unwrap(), "--into", copy.to_str().unwrap()];
    assert!(text(&archive(&import).stderr).contains(&format!("{count} new of {count} items")));
    assert!(text(&archive(&import).stderr).contains("0 new of 0 items"), "an import continues after its last line");
    ok(&archive(&["verify", copy.to_str().unwrap()]));
    assert_eq!(ok(&archive(&["export", copy.to_str().unwrap()])), lines, "nothing is lost");
}

#[test]
fn queries_change_nothing_and_faults_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let (file, lines) = (folder.path().join("birds.db"), folder.path().join("posts.jsonl"));
    std::fs::write(&lines, "{\"data\":{\"id\":\"20\",\"text\":\"heron\"}}\nnot JSON\n").unwrap();
    let path = file.to_str().unwrap();
    let imported = archive(&["import", lines.to_str().unwrap(), "--into", path]);
    assert_eq!(imported.status.code(), Some(9), "{}", text(&imported.stderr));
    assert!(text(&imported.stderr).contains("1 line without an item"), "{}", text(&imported.stderr));
    for sql in ["DELETE FROM posts", "SELEC 1", "ATTACH 'other.db' AS other"] {
        let refused = archive(&["query", path, sql]);
        assert!(!refused.status.success() || sql.starts_with("ATTACH"), "{sql}: {}", text(&refused.stderr));
    }
    assert!(!folder.path().join("other.db").exists());
    assert_eq!(rows(&file, "SELECT text FROM posts")[0]["text"], "heron");
    rusqlite::Connection::open(&file).unwrap().execute("DELETE FROM posts", []).unwrap();
    let verified = archive(&["verify", path]);
    assert_eq!(verified.status.code(), Some(1));
    assert!(text(&verified.stdout).contains("1 results without a post"), "{}", text(&verified.stdout));
    let missing = archive(&["stats", folder.path().join("missing.db").to_str().unwrap()]);
    assert_eq!(missing.status.code(), Some(10), "{}", text(&missing.stderr));
}

#[test]
fn deleted_posts_are_removed() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (database, posts, events) = (file("birds.db"), file("posts.jsonl"), file("events.jsonl"));
    std::fs::write(&events, "{\"data\":{\"delete\":{\"tweet\":{\"id\":\"20\"}}}}\n").unwrap();
    assert_eq!(archive(&["comply", &database, &events]).status.code(), Some(10), "no database is created");
    std::fs::write(&posts, "{\"id\":\"20\",\"text\":\"heron\"}\n{\"id\":\"21\",\"text\":\"swift\"}\n").unwrap();
    ok(&archive(&["import", &posts, "--into", &database]));
    assert!(ok(&archive(&["comply", &database, &events, "--json"])).contains("\"posts\": 1"));
    assert_eq!(rows(Path::new(&database), "SELECT id FROM posts")[0]["id"], 21);
    assert_eq!(rows(Path::new(&database), "SELECT * FROM deletions")[0]["reason"], "delete");
    ok(&archive(&["verify", &database]));
}

#[test]
fn a_report_is_one_page_and_escapes_all_texts() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (database, posts) = (file("<birds>.db"), file("posts.jsonl"));
    let post = |id: u32, author: &str| {
        format!(
            r##"{{"data":{{"id":"{id}","text":"t","author_id":"{id}","created_at":"2026-01-0{id}T12:00:00.000Z","lang":"<en>",
            "entities":{{"hashtags":[{{"tag":"</title><script>alert(1)</script>"}}]}}}},
            "includes":{{"users":[{{"id":"{id}","username":"{author}"}}]}}}}"##
        )
        .replace('\n', "")
    };
    std::fs::write(&posts, [post(2, "ada"), post(4, "<b>robin</b>")].join("\n") + "\n").unwrap();
    ok(&archive(&["import", &posts, "--into", &database]));
    let page = ok(&archive(&["report", &database]));
    assert!(page.starts_with("<!doctype html>") && page.trim_end().ends_with("</html>"), "{page}");
    assert_eq!(page.matches("<svg ").count(), 4, "time, languages, authors and hashtags: {page}");
    assert!(page.contains("&lt;birds&gt;.db</h1>") && page.contains("@&lt;b&gt;robin&lt;/b&gt;"), "{page}");
    for forbidden in ["<script", "<b>", "<en>", "<birds>", "http://", "https://", "src="] {
        assert!(!page.contains(forbidden), "{forbidden}: {page}");
    }
    assert!(page.contains("import ") && page.contains("<dd>2</dd>"), "{page}");
}

#[test]
fn databases_are_merged_and_compacted() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (one, other, into) = (file("one.db"), file("other.db"), file("into.db"));
    for (database, ids) in [(&one, 1..60), (&other, 40..100)] {
        let posts = file("posts.jsonl");
        let lines = ids.map(|id: u32| format!("{{\"id\":\"{id}\",\"text\":\"heron {id} {}\"}}\n", "x".repeat(2_000)));
        std::fs::write(&posts, lines.collect::<String>()).unwrap();
        ok(&archive(&["import", &posts, "--into", database]));
    }
    for _ in 0..2 {
        let merged = archive(&["merge", &one, &other, "--into", &into]);
        ok(&merged);
        assert!(text(&merged.stderr).contains("other.db is merged into"), "{}", text(&merged.stderr));
    }
    assert_eq!(rows(Path::new(&into), "SELECT count(*) AS n FROM posts")[0]["n"], 99);
    assert_eq!(rows(Path::new(&into), "SELECT sum(items) AS n FROM sources")[0]["n"], 99, "one file, one source");
    ok(&archive(&["verify", &into]));
    assert_eq!(archive(&["merge", &into, "--into", &into]).status.code(), Some(2));
    assert_eq!(archive(&["merge", &file("missing.db"), "--into", &into]).status.code(), Some(10));
    rusqlite::Connection::open(&into).unwrap().execute_batch("DELETE FROM results; DELETE FROM posts").unwrap();
    let sizes: Json = serde_json::from_str(&ok(&archive(&["compact", &into, "--json"]))).unwrap();
    assert!(sizes["bytes_after"].as_u64().unwrap() < sizes["bytes_before"].as_u64().unwrap(), "{sizes}");
}
