//! Collections in an object store, each item once, whatever stops the program or a request.

mod faulty;
mod server;

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::Duration;

use serde_json::Value as Json;

use self::faulty::{Fault, FaultyServer};
use self::server::Server;
use crate::collect::{PAGES, PER_PAGE, server as posts_server};
use crate::{below, ok, program, rounds, text};

const POSTS: usize = PAGES * PER_PAGE;

type Env = Vec<(&'static str, String)>;

fn archive(words: &[&str], env: &Env) -> Output {
    program(&[&["archive"], words].concat(), env).output().unwrap()
}

/// Copies an archive into a database, and returns the number of a query.
fn number(name: &str, query: &str, env: &Env) -> i64 {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("copy.db");
    let database = database.to_str().unwrap();
    ok(&archive(&["merge", name, "--into", database, "--quiet"], env));
    let rows = ok(&archive(&["query", database, query, "--json"], env));
    let rows: Vec<serde_json::Map<String, Json>> = serde_json::from_str(&rows).unwrap();
    rows[0].values().next().unwrap().as_i64().unwrap()
}

/// Returns the number of rows of a table. Its files are those that the last commit has, so that programs that read all files
/// of a table find the same.
fn rows_of_files(server: &Server, prefix: &str, table: &str) -> u64 {
    let name = format!("s3://birds/{prefix}");
    let tables = ok(&archive(&["stats", &name, "--json"], &server.env()));
    let tables: Vec<Json> = serde_json::from_str(&tables).unwrap();
    let found = tables.iter().find(|found| found["what"] == table).unwrap();
    let keys = server.keys(&format!("{prefix}/{table}/"));
    assert_eq!(found["files"].as_u64(), Some(keys.len() as u64), "{keys:?}");
    found["number"].as_u64().unwrap()
}

/// Starts a program, kills it at random times, and lets the last run complete. Returns the number of kills.
fn run_with_kills(args: &[&str], env: &Env, kills: usize, longest: u64) -> usize {
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
fn a_killed_collection_has_each_post_once_in_a_bucket() {
    let Some(server) = Server::start() else { return };
    let (mut env, requests) = posts_server(Duration::from_millis(4));
    env.extend(server.env());
    let args = ["collect", "search", "heron", "--all", "--into", "s3://birds/herons"];
    assert!(run_with_kills(&args, &env, rounds("CHIRRUP_KILLS", 16), 400) > 0);
    assert_eq!(number("s3://birds/herons", "SELECT count(*) FROM results_of_posts", &env), POSTS as i64);
    assert_eq!(rows_of_files(&server, "herons", "posts"), POSTS as u64);
    assert!(ok(&archive(&["verify", "s3://birds/herons", "--json"], &env)).contains("\"sound\": true"));
    assert_eq!(server.keys("herons/_log/").len(), 1, "a commit replaces the entries before it");
    let sent = requests.lock().unwrap().len();
    assert!(text(&program(&args, &env).output().unwrap().stderr).contains(": 0 new posts"));
    assert_eq!(requests.lock().unwrap().len(), sent, "a complete collection needs no request");
}

#[test]
fn one_of_two_programs_that_collect_the_same_stops() {
    let Some(server) = Server::start() else { return };
    let (mut env, _requests) = posts_server(Duration::from_millis(8));
    env.extend(server.env());
    let args = ["collect", "search", "heron", "--all", "--into", "s3://birds/herons"];
    let start = || program(&args, &env).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let outputs = [start(), start()].map(|child| child.wait_with_output().unwrap());
    let refused: Vec<String> =
        outputs.iter().filter(|output| !output.status.success()).map(|output| text(&output.stderr)).collect();
    assert!(refused.len() <= 1, "{refused:?}");
    assert!(refused.iter().all(|why| why.contains("another program collects the same source")), "{refused:?}");
    assert_eq!(number("s3://birds/herons", "SELECT count(*) FROM results", &env), POSTS as i64);
    ok(&archive(&["verify", "s3://birds/herons"], &env));
}

#[cfg(unix)]
#[test]
fn a_program_that_wakes_up_after_another_has_continued_stops() {
    use nix::sys::signal::{Signal, kill};
    let Some(server) = Server::start() else { return };
    let (mut env, requests) = posts_server(Duration::from_millis(50));
    env.extend(server.env());
    let args = ["collect", "search", "heron", "--all", "--into", "s3://birds/herons"];
    let asleep = program(&args, &env).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let send = |signal| kill(nix::unistd::Pid::from_raw(asleep.id().cast_signed()), signal).unwrap();
    while requests.lock().unwrap().len() < 5 {
        std::thread::sleep(Duration::from_millis(5));
    }
    send(Signal::SIGSTOP);
    // It deletes the objects whose numbers the other program would use next.
    let other = program(&args, &env).output().unwrap();
    send(Signal::SIGCONT);
    ok(&other);
    let asleep = asleep.wait_with_output().unwrap();
    let was_complete = text(&other.stderr).contains(": 0 new posts");
    let said = text(&asleep.stderr);
    assert!(was_complete || said.contains("another program collects the same source"), "{said}");
    assert_eq!(number("s3://birds/herons", "SELECT count(*) FROM results", &env), POSTS as i64);
    assert_eq!(rows_of_files(&server, "herons", "posts"), POSTS as u64);
    ok(&archive(&["verify", "s3://birds/herons"], &env));
}

#[test]
fn requests_that_fail_and_responses_that_are_lost_change_nothing() {
    let Some(server) = Server::start() else { return };
    let (mut env, _requests) = posts_server(Duration::ZERO);
    // Of each 5 requests, one is refused, and one of each 7 is processed without a response.
    let faulty = FaultyServer::start(server.port(), |number| match number {
        number if number % 5 == 1 => Some(Fault::SlowDown),
        number if number % 11 == 3 => Some(Fault::Internal),
        number if number % 7 == 2 => Some(Fault::LostResponse),
        _ => None,
    });
    env.extend(server.env_at(faulty.port()));
    let args = ["collect", "search", "heron", "--all", "--into", "s3://birds/herons"];
    ok(&program(&args, &env).output().unwrap());
    assert!(faulty.faults() > 20, "{}", faulty.faults());
    env.retain(|(name, _)| !name.starts_with("AWS_"));
    env.extend(server.env());
    assert_eq!(number("s3://birds/herons", "SELECT count(*) FROM results", &env), POSTS as i64);
    assert_eq!(rows_of_files(&server, "herons", "posts"), POSTS as u64);
    ok(&archive(&["verify", "s3://birds/herons"], &env));
}

#[test]
fn an_error_of_a_store_has_a_next_step_and_no_secret() {
    let Some(server) = Server::start() else { return };
    let none = || ("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent".to_owned());
    let with = |changes: &[(&'static str, &str)]| {
        let mut env = server.env();
        env.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
        env.extend(changes.iter().map(|(name, value)| (*name, (*value).to_owned())));
        env.push(none());
        env
    };
    let keys = "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY";
    let cases: [(&str, Env, &str); 9] = [
        ("s3://birds/a", with(&[("AWS_SECRET_ACCESS_KEY", "canary")]), keys),
        ("s3://birds/a", with(&[("AWS_ACCESS_KEY_ID", "AKIANONE")]), keys),
        ("s3://birds/a", with(&[("AWS_ACCESS_KEY_ID", "")]), "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"),
        ("s3://geese/a", with(&[]), "create the bucket"),
        ("s3://birds/a", with(&[("AWS_ENDPOINT_URL", "http://192.0.2.1:9000")]), "use https"),
        ("s3://key:canary@birds/a", with(&[]), "AWS_SECRET_ACCESS_KEY"),
        ("s3://birds/a.jsonl", with(&[]), "leave out the ending"),
        ("s3://b", with(&[]), "s3://BUCKET/PREFIX"),
        ("s3://birds/a?b", with(&[]), "s3://BUCKET/PREFIX"),
    ];
    for (name, env, step) in cases {
        for words in [&["stats", name][..], &["import", file!(), "--into", name]] {
            let output = archive(words, &env);
            let said = text(&output.stdout) + &text(&output.stderr);
            assert_eq!(output.status.code(), Some(10), "{words:?}: {said}");
            assert!(said.contains(step) && !said.contains("canary"), "{words:?}: {said}");
        }
    }
    let missing = archive(&["verify", "s3://birds/a"], &with(&[]));
    assert!(text(&missing.stderr).contains("there is no archive"), "{}", text(&missing.stderr));
    assert_eq!(server.keys(""), [""; 0], "an error leaves nothing");
}

#[test]
fn a_profile_has_the_keys_of_a_store() {
    let Some(server) = Server::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("credentials");
    let env = server.env();
    let value = |name: &str| env.iter().find(|(known, _)| *known == name).unwrap().1.clone();
    let keys = [("aws_access_key_id", "AWS_ACCESS_KEY_ID"), ("aws_secret_access_key", "AWS_SECRET_ACCESS_KEY")];
    let lines = keys.map(|(setting, name)| format!("{setting} = {}\n", value(name)));
    std::fs::write(&file, format!("[default]\naws_access_key_id = none\n[birds]\n{}", lines.concat())).unwrap();
    let env = vec![
        ("AWS_SHARED_CREDENTIALS_FILE", file.to_str().unwrap().to_owned()),
        ("AWS_ENDPOINT_URL", value("AWS_ENDPOINT_URL")),
        ("AWS_PROFILE", "birds".to_owned()),
    ];
    let lines = folder.path().join("lines.jsonl");
    write_posts(&lines, 10);
    ok(&archive(&["import", lines.to_str().unwrap(), "--into", "s3://birds/herons"], &env));
    assert_eq!(number("s3://birds/herons", "SELECT count(*) FROM results", &env), 10);
}

/// Writes lines of posts with authors and references.
fn write_posts(file: &Path, posts: u64) {
    let mut file = BufWriter::new(File::create(file).unwrap());
    for id in 1_000..1_000 + posts {
        let (author, quoted) = (id % 97 + 1, id % 89 + 1);
        writeln!(
            file,
            "{{\"data\":{{\"id\":\"{id}\",\"text\":\"heron {id}\",\"author_id\":\"{author}\",\"lang\":\"en\",\
             \"created_at\":\"2026-01-31T12:00:00.000Z\",\"referenced_tweets\":[{{\"type\":\"quoted\",\"id\":\"{quoted}\"}}]}},\
             \"includes\":{{\"users\":[{{\"id\":\"{author}\",\"username\":\"user{author}\"}}],\
             \"tweets\":[{{\"id\":\"{quoted}\",\"text\":\"quoted\"}}]}},\"errors\":[{{\"title\":\"Not Found\",\"value\":\"{id}\"}}]}}"
        )
        .unwrap();
    }
    file.flush().unwrap();
}

#[test]
fn an_archive_in_a_bucket_is_one_as_any_other() {
    let Some(server) = Server::start() else { return };
    let env = server.env();
    let folder = tempfile::tempdir().unwrap();
    let in_folder = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let [one, other, events, local] = ["one.jsonl", "other.jsonl", "events.jsonl", "local/"].map(in_folder);
    let (name, copy) = ("s3://birds/herons/", "s3://birds/copies/herons");
    write_posts(Path::new(&one), 300);
    write_posts(Path::new(&other), 500);
    for lines in [&one, &other] {
        ok(&archive(&["import", lines, "--into", name], &env));
        ok(&archive(&["import", lines, "--into", &local], &env));
    }
    ok(&archive(&["merge", name, "--into", copy], &env));
    std::fs::write(&events, "{\"data\":{\"delete\":{\"tweet\":{\"id\":\"1001\",\"author_id\":\"1\"}}}}\n").unwrap();
    // A program that was killed while it committed leaves such an object.
    server.copy("herons/posts/00000001", "herons/posts/00000001-0000000000000000.parquet");
    for name in [name, copy, &local] {
        ok(&archive(&["comply", name, &events], &env));
        ok(&archive(&["compact", name], &env));
        ok(&archive(&["verify", name], &env));
        let query = "SELECT count(DISTINCT item_id) * 1000 + (SELECT count(*) FROM deletions) FROM results";
        assert_eq!(number(name, query, &env), 499_001, "{name}");
        assert!(ok(&archive(&["report", name], &env)).contains("user1"), "{name}");
    }
    assert_eq!(rows_of_files(&server, "herons", "posts"), 499 + 89);
    let stats = [name, &local].map(|name| ok(&archive(&["stats", name, "--json"], &env)));
    let rows = |stats: &String| {
        let tables: Vec<Json> = serde_json::from_str(stats).unwrap();
        tables.iter().map(|table| (table["what"].to_string(), table["number"].as_u64())).collect::<Vec<_>>()
    };
    assert_eq!(rows(&stats[0]), rows(&stats[1]));
    assert_eq!(ok(&archive(&["export", name, "--jsonl"], &env)).lines().count(), 499);
}

#[test]
fn an_item_that_a_source_repeats_is_stored_once_in_a_bucket() {
    let Some(server) = Server::start() else { return };
    let env = server.env();
    let folder = tempfile::tempdir().unwrap();
    let [lines, more] = ["lines.jsonl", "more.jsonl"].map(|name| folder.path().join(name));
    let import = |posts: u64| {
        write_posts(&more, posts);
        let earlier = std::fs::read_to_string(&lines).unwrap_or_default();
        std::fs::write(&lines, earlier + &std::fs::read_to_string(&more).unwrap()).unwrap();
        text(&archive(&["import", lines.to_str().unwrap(), "--into", "s3://birds/herons"], &env).stderr)
    };
    assert!(import(100).contains(": 100 new of 100 items"));
    assert!(import(150).contains(": 50 new of 150 items"));
    ok(&archive(&["compact", "s3://birds/herons"], &env));
    let said = import(151);
    assert!(said.contains(": 1 new of 151 items"), "{said}");
    ok(&archive(&["verify", "s3://birds/herons"], &env));
}

/// The number of posts is `CHIRRUP_POSTS`, and that of kills `CHIRRUP_KILLS`.
#[test]
fn a_killed_import_has_each_post_once_in_a_bucket() {
    let Some(server) = Server::start() else { return };
    let env = server.env();
    let folder = tempfile::tempdir().unwrap();
    let lines = folder.path().join("lines.jsonl");
    let posts = rounds("CHIRRUP_POSTS", 20_000) as u64;
    write_posts(&lines, posts);
    let kills = rounds("CHIRRUP_KILLS", 10);
    // The kills are over the whole import.
    let longest = rounds("CHIRRUP_KILL_MILLIS", 600) as u64;
    let args = ["archive", "import", lines.to_str().unwrap(), "--into", "s3://birds/herons"];
    let killed = run_with_kills(&args, &env, kills, longest);
    assert!(killed > 0);
    let once = "SELECT count(*) FROM (SELECT DISTINCT item_id FROM results)";
    assert_eq!(number("s3://birds/herons", once, &env), posts as i64);
    assert_eq!(number("s3://birds/herons", "SELECT items FROM sources", &env), posts as i64);
    assert_eq!(rows_of_files(&server, "herons", "problems"), posts, "a page is stored once");
    ok(&archive(&["verify", "s3://birds/herons"], &env));
}
