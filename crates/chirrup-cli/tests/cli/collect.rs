//! `chirrup collect`: results in a database, each once, whatever stops the program.

use std::path::Path;
use std::process::{Output, Stdio};
use std::time::Duration;

use rusqlite::Connection;

use crate::scripted_server::{Requests, response, scripted};
use crate::{below, ok, program, rounds, text, unlimited};

/// Posts per page, and pages of the result.
pub(crate) const PER_PAGE: usize = 10;
pub(crate) const PAGES: usize = 40;

/// Starts a server with 400 posts in pages, each with its author, a hashtag and a link.
pub(crate) fn server(delay: Duration) -> (Vec<(&'static str, String)>, Requests) {
    scripted(move |request, _| {
        std::thread::sleep(delay);
        page_of(request)
    })
}

/// Returns the page that a request asks for.
pub(crate) fn page_of(request: &str) -> String {
    let page = request.split("token=t").nth(1).and_then(|rest| rest.split(['&', ' ']).next()?.parse().ok());
    let page: usize = page.unwrap_or(0);
    let posts = (0..PER_PAGE).map(|n| {
        let id = 1_000 - page * PER_PAGE - n;
        format!(
            r##"{{"id":"{id}","text":"heron {id}","author_id":"{}","created_at":"2026-01-31T12:00:00.000Z",
            "entities":{{"hashtags":[{{"start":0,"end":1,"tag":"Birds"}}],
            "urls":[{{"start":0,"end":1,"url":"https://t.co/1","expanded_url":"https://www.example.com/{id}"}}]}}}}"##,
            id % 7 + 1
        )
    });
    let next = if page + 1 < PAGES { format!(r#","next_token":"t{}""#, page + 1) } else { String::new() };
    let users = (1..=7).map(|id| format!(r#"{{"id":"{id}","username":"user{id}","name":"page {page}"}}"#));
    let (posts, users) = (posts.collect::<Vec<_>>().join(","), users.collect::<Vec<_>>().join(","));
    let meta = format!(r#"{{"result_count":{PER_PAGE}{next}}}"#);
    response(200, &format!(r#"{{"data":[{posts}],"includes":{{"users":[{users}]}},"meta":{meta}}}"#))
}

fn number(file: &Path, query: &str) -> i64 {
    Connection::open(file).unwrap().query_row(query, [], |row| row.get(0)).unwrap()
}

fn collect(words: &[&str], file: &Path, env: &[(&str, String)]) -> Output {
    program(&[&["collect"], words, &["--into", file.to_str().unwrap()]].concat(), env).output().unwrap()
}

/// Repeats `chirrup collect search heron --all` with options, kills it at random times, and lets the last run complete.
fn collect_with_kills(options: &[&str], file: &Path, env: &[(&str, String)]) {
    let words = [&["search", "heron", "--all"], options].concat();
    let args = [&["collect", "--quiet"], &words[..], &["--into", file.to_str().unwrap()]].concat();
    let mut seed = 11;
    let mut kills = 0;
    for _ in 0..rounds("CHIRRUP_KILLS", 24) {
        let mut child = program(&args, env).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(below(&mut seed, 120)));
        kills += u32::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert!(kills > 0);
    let output = collect(&words, file, env);
    assert!(ok(&output).is_empty());
    let said = text(&output.stderr);
    assert!(said.contains("is complete with 400 posts in 40 pages"), "{said}");
}

#[test]
fn a_killed_collection_has_each_post_once() {
    let (env, requests) = server(Duration::from_millis(4));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("herons.db");
    collect_with_kills(&[], &file, &env);
    let posts = (PER_PAGE * PAGES) as i64;
    assert_eq!(number(&file, "SELECT count(*) FROM posts"), posts);
    assert_eq!(number(&file, "SELECT count(DISTINCT id) FROM results_of_posts"), posts);
    assert_eq!(number(&file, "SELECT count(*) FROM posts_text WHERE posts_text MATCH 'heron'"), posts);
    assert_eq!(number(&file, "SELECT count(*) FROM entities WHERE kind = 'domain' AND value = 'example.com'"), posts);
    assert_eq!(number(&file, "SELECT count(*) FROM users"), 7);
    assert_eq!(number(&file, "SELECT count(DISTINCT user_id) FROM user_changes WHERE field = 'name'"), 7);
    let integrity: String =
        Connection::open(&file).unwrap().query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(integrity, "ok");

    let sent = requests.lock().unwrap().len();
    assert!(text(&collect(&["search", "heron", "--all"], &file, &env).stderr).contains(": 0 new posts"));
    assert_eq!(requests.lock().unwrap().len(), sent, "a complete collection needs no request");
}

#[test]
fn a_killed_collection_has_each_post_once_in_lines() {
    for (name, options, expected) in [
        ("a.jsonl", &[][..], 400),
        ("b.jsonl", &["--pages"], 40),
        ("c.jsonl.zst", &["--rotate", "1KB"], 400),
        ("d.jsonl", &["--rotate", "1h"], 400),
    ] {
        let (env, _requests) = server(Duration::from_millis(4));
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(name);
        collect_with_kills(options, &file, &env);
        let ending = name.split_once('.').unwrap().1;
        let files = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
        let mut files: Vec<_> = files.filter(|file| file.to_str().unwrap().ends_with(ending)).collect();
        files.sort();
        assert!(if options.contains(&"1KB") { files.len() > 5 } else { files.len() == 1 }, "{files:?}");
        let mut ids = Vec::new();
        let mut lines = 0;
        for file in files {
            let bytes = std::fs::read(&file).unwrap();
            let bytes = if ending.ends_with("zst") { zstd::stream::decode_all(&bytes[..]).unwrap() } else { bytes };
            for line in String::from_utf8(bytes).unwrap().lines() {
                let line: serde_json::Value = serde_json::from_str(line).unwrap();
                lines += 1;
                let items = line["data"].as_array().cloned().unwrap_or_else(|| vec![line["data"].clone()]);
                ids.extend(items.iter().map(|item| item["id"].as_str().unwrap().parse::<i64>().unwrap()));
                assert!(line["includes"]["users"].is_array() && line["data"].to_string().contains("Birds"), "{line}");
            }
        }
        assert_eq!((lines, ids), (expected, (601..=1_000).rev().collect()), "{name}");
        let verified = program(&["archive", "verify", file.to_str().unwrap()], &env).output().unwrap();
        assert!(ok(&verified).contains("is sound"), "{verified:?}");
        let merged = folder.path().join("merged.db");
        for _ in 0..2 {
            let merge = ["archive", "merge", file.to_str().unwrap(), "--into", merged.to_str().unwrap()];
            ok(&program(&merge, &env).output().unwrap());
        }
        let number =
            |query| Connection::open(&merged).unwrap().query_row(query, [], |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!(number("SELECT count(DISTINCT id) FROM results_of_posts"), 400);
        assert_eq!(number("SELECT count(*) FROM results"), 400, "each post is in one file");
    }
}

/// Starts a server that has all posts but those whose IDs end in 0.
fn server_of_lookups() -> (Vec<(&'static str, String)>, Requests) {
    scripted(|request, _| {
        std::thread::sleep(Duration::from_millis(4));
        // A killed program may have sent a part of its request.
        let ids = request.split("ids=").nth(1).unwrap_or_default();
        let ids = ids.split(['&', ' ']).next().unwrap_or_default().replace("%2C", ",");
        let (missing, found): (Vec<&str>, Vec<&str>) = ids.split(',').partition(|id| id.ends_with('0'));
        let found = found.iter().map(|id| format!(r#"{{"id":"{id}","text":"heron","username":"u{id}","name":"u"}}"#));
        let missing = missing.iter().map(|id| {
            let kind = "https://api.twitter.com/2/problems/resource-not-found";
            format!(
                r#"{{"value":"{id}","resource_id":"{id}","parameter":"ids","title":"Not Found Error","type":"{kind}"}}"#
            )
        });
        let (found, missing) = (found.collect::<Vec<_>>().join(","), missing.collect::<Vec<_>>().join(","));
        response(200, &format!(r#"{{"data":[{found}],"errors":[{missing}]}}"#))
    })
}

#[test]
fn ids_of_a_long_file_are_collected_once_although_the_program_is_killed() {
    let (env, requests) = server_of_lookups();
    let folder = tempfile::tempdir().unwrap();
    let (ids, file) = (folder.path().join("ids.txt"), folder.path().join("herons.db"));
    let lines: String = (10_000..14_000).map(|id| format!("{id}\n")).collect();
    std::fs::write(&ids, format!("id\n{lines}")).unwrap();
    let words = ["hydrate", ids.to_str().unwrap()];
    let plan =
        program(&[&["plan", "collect"], &words[..], &["--into", "x.db", "--json"]].concat(), &env).output().unwrap();
    let plan: serde_json::Value = serde_json::from_str(&ok(&plan)).unwrap();
    assert_eq!((&plan["data"][0]["times"], requests.lock().unwrap().len()), (&40.into(), 0), "{plan}");
    let args = [&["collect", "--quiet"], &words[..], &["--into", file.to_str().unwrap()]].concat();
    let mut seed = 5;
    for _ in 0..rounds("CHIRRUP_KILLS", 12) {
        let mut child = program(&args, &env).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(below(&mut seed, 150)));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let said = text(&collect(&words, &file, &env).stderr);
    assert!(said.contains("is complete with 3600 posts in 40 pages"), "{said}");
    assert_eq!(number(&file, "SELECT count(*) FROM posts"), 3_600);
    assert_eq!(number(&file, "SELECT count(*) FROM problems WHERE json LIKE '%Not Found%'"), 400);
    let sent = requests.lock().unwrap().len();
    ok(&collect(&words, &file, &env));
    assert_eq!(requests.lock().unwrap().len(), sent, "a complete collection needs no request");
    let users = folder.path().join("users.jsonl");
    ok(&collect(&[&words[..], &["--users"]].concat(), &users, &env));
    assert_eq!(std::fs::read_to_string(&users).unwrap().lines().count(), 3_600);
}

#[test]
fn options_of_lines_and_formats_are_refused_where_they_mean_nothing() {
    let (env, requests) = server(Duration::ZERO);
    let folder = tempfile::tempdir().unwrap();
    for (words, name) in [
        (&["--pages"][..], "herons.db"),
        (&["--rotate", "1d"], "herons.db"),
        (&["--rotate", "never"], "herons.jsonl"),
        (&["--flat"], "herons.jsonl"),
        (&["--csv"], "herons.db"),
    ] {
        let refused = collect(&[&["search", "heron"], words].concat(), &folder.path().join(name), &env);
        assert_eq!(refused.status.code(), Some(2), "{words:?}: {}", text(&refused.stderr));
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    let table = folder.path().join("herons.csv");
    ok(&collect(&["search", "heron", "-n", "10"], &table, &env));
    assert_eq!(std::fs::read_to_string(&table).unwrap().lines().count(), 11);
    assert_eq!(requests.lock().unwrap().len(), 1);
}

/// Starts a server with 60 posts or users, ten per page, that refuses the token of its fourth request. Posts are continued
/// by `until_id` or `end_time`.
fn server_of_expiring_tokens() -> (Vec<(&'static str, String)>, Requests) {
    const NEWEST: u64 = 1_750_000_000_000_000_000;
    const SECOND: u64 = 1_000 << 22;
    scripted(move |request, number| {
        let value = |name: &str| {
            let value = request.split(&format!("{name}=")).nth(1)?.split(['&', ' ']).next()?.to_owned();
            Some(value.replace("%3A", ":"))
        };
        let mut first = 0;
        if let Some(token) = value("next_token").or_else(|| value("pagination_token")) {
            if number == 3 {
                let name = if request.contains("next_token") { "next_token" } else { "pagination_token" };
                let error = format!(r#"{{"parameters":{{"{name}":["{token}"]}},"message":"Invalid '{name}'"}}"#);
                let kind = "https://api.twitter.com/2/problems/invalid-request";
                return response(400, &format!(r#"{{"errors":[{error}],"title":"Invalid Request","type":"{kind}"}}"#));
            }
            first = token[1..].parse().unwrap();
        }
        let end = value("end_time").map(|time| time.parse::<chirrup::model::Timestamp>().unwrap().first_snowflake());
        let until = value("until_id").map(|id| id.parse().unwrap()).or(end).unwrap_or(u64::MAX);
        let all = (0..60).map(|n| NEWEST - n * SECOND / 2).filter(|id| *id < until);
        let ids: Vec<u64> = all.skip(first).take(11).collect();
        let next = format!(r#","next_token":"t{}""#, first + 10);
        let next = if ids.len() > 10 { next.as_str() } else { "" };
        let items =
            ids.iter().take(10).map(|id| format!(r#"{{"id":"{id}","text":"heron","username":"u{id}","name":"u"}}"#));
        let items = items.collect::<Vec<_>>().join(",");
        response(200, &format!(r#"{{"data":[{items}],"meta":{{"result_count":10{next}}}}}"#))
    })
}

#[test]
fn an_expired_page_token_does_not_end_a_collection() {
    for (words, parameter) in [
        (&["search", "heron", "--all"][..], "until_id="),
        (&["search", "heron", "--all", "--since", "2020-01-01"], "end_time="),
        (&["timeline", "12"], "until_id="),
        (&["followers", "12"], ""),
    ] {
        let (env, requests) = server_of_expiring_tokens();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("herons.db");
        // A killed run continues with what its last page recorded.
        for limit in ["10", "20"] {
            ok(&collect(&[words, &["-n", limit]].concat(), &file, &env));
        }
        let output = collect(words, &file, &env);
        let said = text(&output.stderr);
        assert!(output.status.success() && said.contains("complete with 60"), "{words:?}: {said}");
        let sent = requests.lock().unwrap();
        assert!(sent[4].contains(parameter) && !sent[4].contains("_token="), "{}", sent[4]);
        assert_eq!(sent.len(), if parameter.is_empty() { 10 } else { 7 + usize::from(parameter == "end_time=") });
    }
}

#[test]
fn tokens_that_are_never_accepted_end_a_collection() {
    let (env, requests) = scripted(|request, _| match request.contains("_token=") {
        false => response(200, r#"{"data":[{"id":"12","username":"a","name":"a"}],"meta":{"next_token":"t"}}"#),
        true => response(
            400,
            r#"{"errors":[{"parameters":{"pagination_token":["t"]},"message":"Invalid"}],"title":"Invalid Request"}"#,
        ),
    });
    let folder = tempfile::tempdir().unwrap();
    let output = collect(&["followers", "12"], &folder.path().join("herons.db"), &env);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert_eq!(requests.lock().unwrap().len(), 4);
}

#[test]
fn two_collections_share_a_database() {
    let (_sandbox, env) = unlimited();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("birds.sqlite");
    let me = ok(&program(&["user", "ada", "--jsonl"], &env).output().unwrap());
    let me: serde_json::Value = serde_json::from_str(&me).unwrap();
    let user = me["data"]["id"].as_str().unwrap().to_owned();
    ok(&collect(&["followers", &user], &file, &env));
    ok(&collect(&["following", &user], &file, &env));
    ok(&collect(&["timeline", &user], &file, &env));
    assert_eq!(number(&file, "SELECT count(*) FROM sources WHERE is_complete"), 3);
    let edges = |column: &str| format!("SELECT count(*) FROM edges WHERE relation = 'follows' AND {column} = {user}");
    let results = |verb: &str| {
        let source = format!("(SELECT id FROM sources WHERE name LIKE '{verb} %')");
        number(&file, &format!("SELECT count(*) FROM results WHERE source_id = {source}"))
    };
    assert!(results("followers") > 0 && results("timeline") > 0);
    assert_eq!(number(&file, &edges("target_id")), results("followers"));
    assert_eq!(number(&file, &edges("source_id")), results("following"));
    for view in ["timeline", "threads", "co_hashtags", "repost_network"] {
        assert!(number(&file, &format!("SELECT count(*) FROM {view}")) >= 0, "{view}");
    }
    assert_eq!(number(&file, "SELECT count(*) FROM problems WHERE why <> 'partial error'"), 0, "each object is read");
}

#[test]
fn a_plan_of_a_collection_creates_no_file() {
    let (env, requests) = server(Duration::ZERO);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("herons.db");
    let args = ["plan", "collect", "search", "heron", "-n", "1000", "--into", file.to_str().unwrap(), "--json"];
    let plan: serde_json::Value = serde_json::from_str(&ok(&program(&args, &env).output().unwrap())).unwrap();
    assert_eq!(plan["data"][0]["times"], 10, "{plan}");
    assert!(plan["max_cost_micros"].as_u64().unwrap() > 0);
    assert!(!file.exists() && requests.lock().unwrap().is_empty());
}

#[test]
fn a_collection_stops_at_its_budget_and_continues() {
    let (env, _requests) = server(Duration::ZERO);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("herons.db");
    let stopped = collect(&["search", "heron", "--budget", "6.00"], &file, &env);
    assert_eq!(stopped.status.code(), Some(8), "{}", text(&stopped.stderr));
    assert!(text(&stopped.stderr).contains("repeat the command to continue"), "{}", text(&stopped.stderr));
    let stored = number(&file, "SELECT count(*) FROM posts");
    assert!(stored > 0 && stored < (PER_PAGE * PAGES) as i64, "{stored}");
    ok(&collect(&["search", "heron"], &file, &env));
    assert_eq!(number(&file, "SELECT count(*) FROM posts"), (PER_PAGE * PAGES) as i64);
}

#[test]
fn a_file_that_is_not_an_archive_is_refused_before_a_request() {
    let (env, requests) = server(Duration::ZERO);
    let folder = tempfile::tempdir().unwrap();
    let (poem, other) = (folder.path().join("poem.db"), folder.path().join("other.db"));
    std::fs::write(&poem, "a poem, and not a database\n").unwrap();
    Connection::open(&other).unwrap().execute_batch("CREATE TABLE birds (name TEXT)").unwrap();
    for file in [&poem, &other] {
        let refused = collect(&["search", "heron"], file, &env);
        assert_eq!(refused.status.code(), Some(10), "{}", text(&refused.stderr));
        assert!(text(&refused.stderr).contains(file.to_str().unwrap()), "{}", text(&refused.stderr));
    }
    assert_eq!(std::fs::read_to_string(&poem).unwrap(), "a poem, and not a database\n");
    assert!(requests.lock().unwrap().is_empty());
}

#[test]
fn lines_are_collected_with_all_public_fields() {
    let (_sandbox, env) = unlimited();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("posts.jsonl");
    ok(&collect(&["search", "rust", "-n", "10"], &file, &env));
    let lines = std::fs::read_to_string(&file).unwrap();
    let post: serde_json::Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert!(post["data"]["entities"].is_object() || post["data"]["source"].is_string(), "{post}");
    assert!(post["data"]["organic_metrics"].is_null() && post["includes"]["users"][0]["created_at"].is_string());
}

#[test]
fn a_larger_number_continues_a_collection() {
    let (env, requests) = server(Duration::ZERO);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("herons.db");
    for (limit, posts) in [("10", 10), ("30", 30), ("20", 30)] {
        let output = collect(&["search", "heron", "-n", limit], &file, &env);
        ok(&output);
        assert_eq!(number(&file, "SELECT count(*) FROM posts"), posts, "{limit}: {}", text(&output.stderr));
    }
    assert_eq!(requests.lock().unwrap().len(), 3, "no page is requested twice");
}

#[test]
fn a_description_collects_its_sources_within_one_budget() {
    let (env, requests) = server(Duration::ZERO);
    let folder = tempfile::tempdir().unwrap();
    let (file, description) = (folder.path().join("herons.db"), folder.path().join("birds.toml"));
    let source = |query: &str| format!("[[source]]\ncommand = \"search '{query}'\"\nall = true\nlimit = 200\n");
    let head = format!("into = '{}'\nbudget = 2\n", file.display());
    std::fs::write(&description, format!("{head}{}{}", source("heron -is:reply"), source("swift"))).unwrap();
    let run = |options: &[&str]| {
        program(&[&["collect", description.to_str().unwrap()], options].concat(), &env).output().unwrap()
    };
    let plan: serde_json::Value = serde_json::from_str(&ok(&run(&["--dry-run", "--json"]))).unwrap();
    assert_eq!((plan["data"].as_array().unwrap().len(), file.exists()), (2, false), "{plan}");
    let stopped = run(&[]);
    assert_eq!(stopped.status.code(), Some(8), "{}", text(&stopped.stderr));
    assert!(requests.lock().unwrap().iter().all(|request| !request.contains("swift")), "the budget is that of both");
    ok(&run(&["--budget", "100"]));
    let results = "SELECT count(*) FROM results JOIN sources ON id = source_id WHERE items = 200 AND name LIKE ";
    assert_eq!(number(&file, &format!("{results} '%query=heron -is:reply%'")), 200);
    assert_eq!(number(&file, &format!("{results} '%query=swift%'")), 200);
    let sent = requests.lock().unwrap().len();
    ok(&run(&[]));
    assert_eq!(requests.lock().unwrap().len(), sent, "a complete collection needs no request");

    std::fs::write(&description, format!("{head}{}sinse = 1\n", source("heron"))).unwrap();
    let refused = run(&[]);
    assert_eq!(refused.status.code(), Some(2));
    let said = text(&refused.stderr);
    assert!(said.contains("birds.toml: line 7: `sinse` is not an option here; did you mean `since`?"), "{said}");
}
