//! Collections in PostgreSQL databases, each item once, whatever stops the program or the server.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::{Output, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use serde_json::{Value as Json, json};

use crate::collect::{PAGES, PER_PAGE, server};
use crate::postgres_server::{PASSWORD, Server, USER};
use crate::streams::{assert_each_once, record_with_kills, wait_for_streams};
use crate::{below, ok, program, rounds, text, unlimited};

fn archive(words: &[&str]) -> Output {
    program(&[&["archive"], words].concat(), &[]).output().unwrap()
}

/// Starts a program, kills it at random times, and lets the last run complete. Returns the number of kills.
fn run_with_kills(args: &[&str], env: &[(&str, String)], kills: usize, longest: u64) -> usize {
    let (mut seed, mut killed) = (11, 0);
    for _ in 0..kills {
        let mut child = program(args, env).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(below(&mut seed, longest)));
        killed += usize::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
    }
    ok(&program(args, env).output().unwrap());
    killed
}

#[test]
fn a_killed_collection_has_each_post_once_on_a_server() {
    let Some(postgres) = Server::start() else { return };
    let (env, requests) = server(Duration::from_millis(4));
    let url = postgres.url("chirrup");
    let args = ["collect", "search", "heron", "--all", "--into", &url];
    assert!(run_with_kills(&args, &env, rounds("CHIRRUP_KILLS", 24), 160) > 0);
    let number = |query| postgres.number("chirrup", query);
    let posts = (PER_PAGE * PAGES) as i64;
    assert_eq!(number("SELECT count(*) FROM posts"), posts);
    assert_eq!(number("SELECT count(*) FROM results_of_posts"), posts);
    assert_eq!(number("SELECT count(*) FROM posts_with('heron -boat')"), posts);
    assert_eq!(number("SELECT count(*) FROM entities WHERE kind = 'domain' AND value = 'example.com'"), posts);
    assert_eq!(number("SELECT count(*) FROM users"), 7);
    assert_eq!(number("SELECT count(DISTINCT user_id) FROM user_changes WHERE field = 'name'"), 7);
    assert!(ok(&archive(&["verify", &url, "--json"])).contains("\"sound\": true"));
    let sent = requests.lock().unwrap().len();
    assert!(text(&program(&args, &env).output().unwrap().stderr).contains(": 0 new posts"));
    assert_eq!(requests.lock().unwrap().len(), sent, "a complete collection needs no request");
}

#[test]
fn a_server_has_each_post_of_a_stream_once_although_the_program_is_killed() {
    let Some(postgres) = Server::start() else { return };
    let url = postgres.url("birds");
    let exists = "SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace('birds') AND relname = 'stats'";
    let has_begun =
        || postgres.number("public", exists) > 0 && postgres.number("birds", "SELECT count(*) FROM sources") > 0;
    let count = |id: &str| postgres.number("birds", &format!("SELECT count(*) FROM posts WHERE id = {id}"));
    let args = ["collect", "stream", "filtered", "--into", &url];
    let (writes, _env) = record_with_kills(&args, has_begun, |id| count(id) > 0);
    let export = ok(&archive(&["export", &url, "--template", "{id}"]));
    assert_each_once(&writes, &export.lines().map(str::to_owned).collect::<Vec<_>>());
    let gaps = postgres.number("birds", "SELECT count(*) FROM gaps");
    assert!(gaps >= rounds("CHIRRUP_KILLS", 12) as i64 / 2, "{gaps} gaps");
    ok(&archive(&["verify", &url]));
}

#[test]
fn a_server_that_is_killed_does_not_end_a_collection() {
    let Some(postgres) = Server::start() else { return };
    let (env, requests) = server(Duration::from_millis(20));
    let url = postgres.url("chirrup");
    let postgres = Mutex::new(postgres);
    let args = ["collect", "search", "heron", "--all", "--into", &url];
    let output = std::thread::scope(|scope| {
        let collection = scope.spawn(|| program(&args, &env).output().unwrap());
        let (mut seed, mut kills, mut last) = (5, 0, 1);
        while !collection.is_finished() {
            // A server that has no time to store a page would only be killed.
            if requests.lock().unwrap().len() > last {
                std::thread::sleep(Duration::from_millis(below(&mut seed, 120)));
                postgres.lock().unwrap().kill();
                (kills, last) = (kills + 1, requests.lock().unwrap().len() + 2);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        assert!(kills > 3, "{kills}");
        collection.join().unwrap()
    });
    let said = text(&output.stderr);
    assert!(output.status.success() && said.contains("is complete with 400 posts in 40 pages"), "{said}");
    assert_eq!(postgres.lock().unwrap().number("chirrup", "SELECT count(*) FROM results_of_posts"), 400);
    ok(&archive(&["verify", &url]));
}

#[test]
fn a_server_that_is_killed_does_not_end_a_stream() {
    let Some(mut postgres) = Server::start() else { return };
    let (sandbox, env) = unlimited();
    ok(&program(&["rules", "add", "heron"], &env).output().unwrap());
    let url = postgres.url("chirrup");
    let stream = ["collect", "stream", "filtered", "-n", "60", "--into", &url];
    let recording = program(&stream, &env).stderr(Stdio::piped()).spawn().unwrap();
    wait_for_streams(&sandbox, 1);
    for written in 1..=60 {
        sandbox.write_post("robin", "a heron").unwrap();
        if written % 20 == 0 && written < 60 {
            postgres.kill();
        }
        std::thread::sleep(Duration::from_millis(30));
    }
    let output = recording.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(postgres.number("chirrup", "SELECT count(*) FROM results"), 60);
    ok(&archive(&["verify", &url]));
}

#[test]
fn two_programs_write_to_a_server_and_one_of_them_to_a_source() {
    let Some(postgres) = Server::start() else { return };
    let (env, _requests) = server(Duration::from_millis(8));
    let url = postgres.url("chirrup");
    let start = |query| {
        let mut collection = program(&["collect", "search", query, "--all", "--into", &url], &env);
        collection.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let outputs = ["heron", "heron", "egret", "stork"].map(start).map(|child| child.wait_with_output().unwrap());
    let [one, other, egret, stork] = outputs;
    assert!(egret.status.success() && stork.status.success(), "{}{}", text(&egret.stderr), text(&stork.stderr));
    let refused = [&one, &other].into_iter().filter(|output| !output.status.success());
    let refusals: Vec<String> = refused.map(|output| text(&output.stderr)).collect();
    assert!(refusals.len() <= 1, "{refusals:?}");
    assert!(refusals.iter().all(|why| why.contains("another program collects the same source")), "{refusals:?}");
    assert_eq!(postgres.number("chirrup", "SELECT count(*) FROM posts"), 400);
    assert_eq!(postgres.number("chirrup", "SELECT count(*) FROM results"), 1_200);
    ok(&archive(&["verify", &url]));
}

#[test]
fn a_refused_connection_names_the_command_that_checks_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("postgres://robin@/birds?host={}&port=5433", folder.path().display());
    let check = format!("with `pg_isready -h {} -p 5433`", folder.path().display());
    let refused = || {
        let output = archive(&["stats", &url]);
        assert_eq!(output.status.code(), Some(10), "{}", text(&output.stderr));
        assert!(text(&output.stderr).contains(&check), "{}", text(&output.stderr));
    };
    refused();
    // The socket of a server that has ended.
    drop(std::os::unix::net::UnixListener::bind(folder.path().join(".s.PGSQL.5433")).unwrap());
    refused();
}

#[test]
fn no_output_has_the_password_of_a_server() {
    let Some(postgres) = Server::start_with("scram-sha-256", 5_432, |_| Vec::new()) else { return };
    let (env, _requests) = server(Duration::ZERO);
    let escaped = PASSWORD.replace(':', "%3A").replace('@', "%40").replace('/', "%2F");
    let host = postgres.folder().to_str().unwrap().replace('/', "%2F");
    let url = format!("postgres://{USER}:{escaped}@{host}/postgres");
    let wrong = format!("postgres://{USER}:canary-wrong@{host}/postgres");
    let broken = format!("postgres://{USER}:canary@/x@{host}:port/postgres");
    let folder = tempfile::tempdir().unwrap();
    let description = folder.path().join("birds.toml");
    std::fs::write(&description, format!("into = \"{url}\"\n[[source]]\ncommand = \"search heron\"\nall = true\n"))
        .unwrap();
    let database = folder.path().join("birds.db");
    let (description, database) = (description.to_str().unwrap(), database.to_str().unwrap());
    let runs: [(&[&str], i32); 13] = [
        (&["plan", "collect", "search", "heron", "--into", &url], 0),
        (&["collect", description], 0),
        (&["collect", "search", "heron", "--all", "--into", &url], 0),
        (&["archive", "stats", &url], 0),
        (&["archive", "verify", &url], 0),
        (&["archive", "report", &url], 0),
        (&["archive", "merge", &url, "--into", database], 0),
        (&["archive", "merge", &url, "--into", &url], 2),
        (&["archive", "compact", &url], 10),
        (&["archive", "query", &url, "birds", "--json"], 2),
        (&["collect", "search", "heron", "--into", &wrong, "--json"], 10),
        (&["archive", "stats", &broken], 10),
        (&["collect", "serch", "heron", "--into", &url, "--json"], 2),
    ];
    for (words, code) in runs {
        let output = program(words, &env).output().unwrap();
        let said = text(&output.stdout) + &text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{words:?}: {said}");
        assert!(!said.contains("canary"), "{words:?}: {said}");
    }
    let bare = format!("postgres://{USER}@{host}/postgres");
    ok(&program(&["archive", "verify", &bare], &[("PGPASSWORD", PASSWORD.to_owned())]).output().unwrap());
    let passwords = folder.path().join("passwords");
    std::fs::write(&passwords, format!("{}:*:postgres:{USER}:{PASSWORD}\n", postgres.folder().display())).unwrap();
    let by_file =
        || program(&["archive", "verify", &bare], &[("PGPASSFILE", passwords.to_str().unwrap().to_owned())]).output();
    std::fs::set_permissions(&passwords, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    assert!(!by_file().unwrap().status.success(), "others can read the file");
    std::fs::set_permissions(&passwords, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    ok(&by_file().unwrap());
    let refused =
        program(&["archive", "verify", &bare], &[("PGPASSWORD", "canary-wrong".to_owned())]).output().unwrap();
    let why = text(&refused.stderr);
    assert!(why.contains("PGPASSWORD") && !why.contains("canary"), "{why}");
}

#[test]
fn the_certificate_of_a_server_is_checked() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let options = |folder: &Path| {
        use std::os::unix::fs::PermissionsExt as _;
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let [certificate, key] = ["server.crt", "server.key"].map(|name| folder.join(name));
        std::fs::write(&certificate, made.cert.pem()).unwrap();
        std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
        let settings = [
            "listen_addresses=127.0.0.1".to_owned(),
            format!("port={port}"),
            "ssl=on".to_owned(),
            format!("ssl_cert_file={}", certificate.display()),
            format!("ssl_key_file={}", key.display()),
        ];
        settings.into_iter().flat_map(|setting| ["-c".to_owned(), setting]).collect()
    };
    let Some(postgres) = Server::start_with("scram-sha-256", port, options) else { return };
    let url = format!("postgres://{USER}@localhost:{port}/postgres?sslmode=require&hostaddr=127.0.0.1");
    let root = postgres.folder().join("server.crt").to_str().unwrap().to_owned();
    let (env, _requests) = server(Duration::ZERO);
    let mut env = [env, vec![("PGPASSWORD", PASSWORD.to_owned())]].concat();
    let collect = ["collect", "search", "heron", "--all", "--into", &url];
    let refused = program(&collect, &env).output().unwrap();
    assert!(text(&refused.stderr).contains("certificate"), "{}", text(&refused.stderr));
    env.push(("PGSSLROOTCERT", root));
    ok(&program(&collect, &env).output().unwrap());
    assert_eq!(postgres.number("chirrup", "SELECT count(*) FROM results"), 400);
}

/// Writes lines of posts with authors, references, media and entities.
fn write_posts(file: &Path, posts: u64) {
    let mut file = BufWriter::new(File::create(file).unwrap());
    // Some URLs are longer than the key of an index can be.
    let path = |id: u64| if id.is_multiple_of(100) { "a".repeat(3_000) } else { id.to_string() };
    for id in 1_000..1_000 + posts {
        let body = json!({
            "data": {
                "id": id.to_string(), "text": format!("heron {id} \\ \u{1F426}\n\ttab\u{0}"), "author_id": (id % 97 + 1).to_string(),
                "created_at": "2026-01-31T12:00:00.000Z", "lang": "en", "geo": {"place_id": format!("p{}", id % 5)},
                "referenced_tweets": [{"type": "quoted", "id": (id % 89 + 1).to_string()}],
                "attachments": {"media_keys": [format!("3_{}", id % 11)], "poll_ids": ["7"]},
                "entities": {"hashtags": [{"tag": "Birds"}, {"tag": format!("n{}", id % 13)}],
                    "urls": [{"url": "https://t.co/a", "expanded_url": format!("https://www.example.com/{}", path(id))}]},
                "public_metrics": {"like_count": id % 7},
            },
            "includes": {
                "users": [{"id": (id % 97 + 1).to_string(), "username": format!("user{}", id % 97 + 1)}],
                "tweets": [{"id": (id % 89 + 1).to_string(), "text": "quoted"}],
                "media": [{"media_key": format!("3_{}", id % 11), "type": "photo"}],
                "places": [{"id": format!("p{}", id % 5), "full_name": "Lake"}], "polls": [{"id": "7"}],
            },
            "errors": [{"title": "Not Found Error", "value": id.to_string()}],
            "matching_rules": [{"id": "5", "tag": "birds"}],
        });
        writeln!(file, "{body}").unwrap();
    }
    file.flush().unwrap();
}

/// Writes a file with Spaces, one of them twice, and one with counts.
fn write_spaces_and_counts(spaces: &str, counts: &str) {
    let space = |id: &str, title: &str| {
        json!({
            "data": {"id": id, "title": title, "state": "ended", "lang": "en", "creator_id": "12",
                "started_at": "2026-01-31T12:00:00.000Z", "participant_count": 3},
            "includes": {"users": [{"id": "12", "username": "robin"}]},
        })
    };
    let lines = [space("1DXxyRYNejbKM", "Herons"), space("1nAJELYEEPvGL", "Egrets"), space("1DXxyRYNejbKM", "Herons")];
    std::fs::write(spaces, lines.map(|line| format!("{line}\n")).concat()).unwrap();
    // A query can be longer than the key of an index.
    let query = format!("heron {}", "a".repeat(3_000));
    let count = |day: u32| {
        json!({"data": {
            "id": format!("{query} by day from {day}"), "query": query, "granularity": "day", "tweet_count": day,
            "start": format!("2026-01-{day:02}T00:00:00.000Z"), "end": format!("2026-01-{:02}T00:00:00.000Z", day + 1),
        }})
    };
    std::fs::write(counts, (1..=20).map(|day| format!("{}\n", count(day))).collect::<String>()).unwrap();
}

/// Lines as JSON, with the included objects in order and without characters that a server does not store.
fn sorted(lines: &str) -> Vec<Json> {
    let value = |line: &str| {
        let mut line: Json = serde_json::from_str(&line.replace("\\u0000", "\u{FFFD}")).unwrap();
        for list in line["includes"].as_object_mut().into_iter().flatten().filter_map(|(_, list)| list.as_array_mut()) {
            list.sort_by_key(Json::to_string);
        }
        line
    };
    lines.lines().map(value).collect()
}

#[test]
fn a_server_and_a_file_have_the_same_archive() {
    let Some(postgres) = Server::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let in_folder = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let [lines, events, file, copy] = ["lines.jsonl", "events.jsonl", "birds.db", "copy.db"].map(in_folder);
    let [spaces, counts] = ["spaces.jsonl", "counts.jsonl"].map(in_folder);
    let [url, merged] = [postgres.url("birds"), postgres.url("merged")];
    write_posts(Path::new(&lines), 300);
    write_spaces_and_counts(&spaces, &counts);
    for into in [&file, &url] {
        ok(&archive(&["import", &lines, &spaces, &counts, "--into", into]));
    }
    ok(&archive(&["merge", &url, "--into", &copy]));
    for _ in 0..2 {
        ok(&archive(&["merge", &file, "--into", &merged]));
    }
    let same = || {
        let numbers = |name: &str| {
            let rows: Vec<Json> = serde_json::from_str(&ok(&archive(&["stats", name, "--json"]))).unwrap();
            rows.iter().map(|row| (row["what"].to_string(), row["number"].as_i64())).collect::<Vec<_>>()
        };
        for query in [
            "SELECT s.id, title, state, lang, creator_id, s.started_at, participants, number, name FROM spaces s \
             JOIN results ON item_id = number JOIN sources ON sources.id = source_id ORDER BY number",
            "SELECT c.id, query, granularity, start_at, end_at, posts, number, name FROM counts c \
             JOIN results ON item_id = number JOIN sources ON sources.id = source_id ORDER BY number",
        ] {
            let rows = |name| ok(&archive(&["query", name, query, "--json"]));
            assert!(rows(&file).contains("\"number\""), "{query}");
            for name in [&url, &copy, &merged] {
                assert_eq!(rows(name), rows(&file), "{name}");
            }
        }
        for options in [&[][..], &["--users"]] {
            let export = |name: &String| sorted(&ok(&archive(&[&["export", name, "--jsonl"], options].concat())));
            let expected = export(&file);
            assert!(!options.is_empty() || !expected.is_empty());
            for name in [&url, &copy, &merged] {
                assert!(export(name) == expected, "{name}");
                assert_eq!(numbers(name), numbers(&file), "{name}");
            }
        }
        for name in [&file, &url, &copy, &merged] {
            ok(&archive(&["verify", name]));
        }
    };
    same();
    let demands = r#"{"data":{"delete":{"tweet":{"id":"1001","author_id":"1"},"event_at":"2026-01-31T12:00:00.000Z"}}}
{"data":{"user_protect":{"user":{"id":"2"},"event_at":"2026-01-31T12:00:00.000Z"}}}
{"data":{"scrub_geo":{"user":{"id":"3"},"up_to_tweet_id":"1100","event_at":"2026-01-31T12:00:00.000Z"}}}
{"id":"1105","action":"delete","reason":"deleted"}
{"data":{"undrop":{"tweet":{"id":"101"}}}}
"#;
    std::fs::write(&events, demands).unwrap();
    let removed = [&file, &url, &copy, &merged].map(|name| ok(&archive(&["comply", name, &events, "--json"])));
    assert!(removed.iter().all(|numbers| *numbers == removed[0]) && removed[0].contains("\"users\": 1"), "{removed:?}");
    same();
    ok(&archive(&["merge", &file, "--into", &merged]));
    same();
    let text_of_changes = "SELECT count(*) FROM deletions WHERE reason = 'user_protect'";
    assert!(postgres.number("merged", text_of_changes) > 1);
}

#[test]
fn an_older_archive_can_be_read_and_gets_the_tables_that_it_lacks() {
    let Some(postgres) = Server::start() else { return };
    let version_1 = include_str!("../../../chirrup-archive/src/postgres/version_1.sql");
    postgres.run(&format!(
        "CREATE SCHEMA birds; SET search_path = birds; {version_1}
         CREATE TABLE migrations (version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now());
         INSERT INTO migrations (version) VALUES (1)"
    ));
    let folder = tempfile::tempdir().unwrap();
    let in_folder = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let [copy, spaces, counts] = ["copy.db", "spaces.jsonl", "counts.jsonl"].map(in_folder);
    let url = postgres.url("birds");
    ok(&archive(&["verify", &url]));
    ok(&archive(&["merge", &url, "--into", &copy]));
    write_spaces_and_counts(&spaces, &counts);
    ok(&archive(&["import", &spaces, &counts, "--into", &url]));
    let number = |query| postgres.number("birds", query);
    assert_eq!((number("SELECT count(*) FROM spaces"), number("SELECT count(*) FROM counts")), (2, 20));
    assert_eq!(number("SELECT number FROM stats WHERE what = 'counts'"), 20);
    ok(&archive(&["verify", &url]));
}

/// The number of posts is `CHIRRUP_POSTS`, and that of kills `CHIRRUP_KILLS`.
#[test]
fn a_killed_import_has_each_post_once_on_a_server() {
    let Some(postgres) = Server::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let lines = folder.path().join("lines.jsonl");
    let posts = rounds("CHIRRUP_POSTS", 10_000) as u64;
    write_posts(&lines, posts);
    let url = postgres.url("chirrup");
    let kills = rounds("CHIRRUP_KILLS", 12);
    // At about 2,000 posts per second, the kills are over the whole import.
    let longest = (posts / kills as u64).max(200);
    let args = ["archive", "import", lines.to_str().unwrap(), "--into", &url];
    let killed = run_with_kills(&args, &[], kills, longest);
    assert!(killed > 0);
    let number = |query| postgres.number("chirrup", query);
    assert_eq!(number("SELECT count(*) FROM results_of_posts"), posts as i64);
    assert_eq!(number("SELECT count(DISTINCT item_id) FROM results"), posts as i64);
    assert_eq!(number("SELECT count(*) FROM problems"), posts as i64, "a page is stored once");
    assert_eq!(number("SELECT items FROM sources"), posts as i64);
    ok(&archive(&["verify", &url]));
}
