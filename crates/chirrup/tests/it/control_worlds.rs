//! Worlds of a sandbox over its control API: snapshots, files, streams, webhooks and parallel workers.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, mpsc};

use chirrup_sandbox::{FaultRule, Sandbox};
use serde_json::{Value as Json, json};

use crate::common::{client, sandbox};
use crate::control_api::{TOKEN, control, control_in, exchange, get, send};

#[tokio::test]
async fn snapshots_bring_back_content_time_limits_and_charges() {
    let sandbox = sandbox();
    let ada = client(&sandbox, sandbox.oauth1("ada").unwrap());
    let kept = ada.create_post().text("kept kiwi").await.unwrap().data.id;
    send(&sandbox, "POST", "clock/advance", &json!({"seconds": 60}));
    send(&sandbox, "PUT", "clock", &json!({"frozen": true}));
    let saved = send(&sandbox, "PUT", "snapshots/before", &Json::Null);
    let (state, limits) = (get(&sandbox, "state"), get(&sandbox, "limits"));
    assert_eq!((&saved["name"], &saved["posts"]), (&json!("before"), &state["posts"]));
    ada.delete_post(kept).await.unwrap();
    let lost = ada.create_post().text("lost kiwi").await.unwrap().data.id;
    send(&sandbox, "PUT", "clock", &json!({"frozen": false}));
    for _ in 0..2 {
        send(&sandbox, "POST", "snapshots/before/restore", &Json::Null);
        let restored = get(&sandbox, "state");
        for name in ["posts", "users", "clock", "cost"] {
            assert_eq!(restored[name], state[name], "{name}");
        }
        assert_eq!(get(&sandbox, "limits"), limits);
        assert_eq!(ada.get_post(kept).await.unwrap().data.text, "kept kiwi");
        assert!(ada.get_post(lost).await.is_err());
        let found = ada.search_recent("kiwi").await.unwrap().data;
        assert_eq!(found.iter().map(|post| post.id).collect::<Vec<_>>(), [kept]);
        ada.create_post().text("later").await.unwrap();
    }
    // Another world restores the snapshot of the default world, and has its own besides.
    assert_eq!(control_in(&sandbox, "w", "POST", "snapshots/before/restore", &Json::Null).0, 204);
    assert_eq!(control_in(&sandbox, "w", "GET", "state", &Json::Null).1["posts"], state["posts"]);
    assert_eq!(control_in(&sandbox, "w", "PUT", "snapshots/own", &Json::Null).0, 200);
    assert_eq!(get(&sandbox, "snapshots")["snapshots"].as_array().unwrap().len(), 1);
    send(&sandbox, "DELETE", "snapshots/before", &Json::Null);
    for (method, path) in [("DELETE", "snapshots/before"), ("POST", "snapshots/before/restore")] {
        assert_eq!(control(&sandbox, method, path, &Json::Null).0, 404);
    }
}

/// Sends a request with a body of bytes to the control API. Returns the response.
fn bytes(sandbox: &Sandbox, start: &str, body: &[u8]) -> (String, Vec<u8>) {
    let host = sandbox.url().replace("http://", "");
    let mut socket = TcpStream::connect(&host).unwrap();
    let length = body.len();
    write!(
        socket,
        "{start} HTTP/1.1\r\nHost: {host}\r\n{TOKEN}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
    )
    .unwrap();
    socket.write_all(body).unwrap();
    let mut response = Vec::new();
    std::io::Read::read_to_end(&mut socket, &mut response).unwrap();
    let at = response.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    (String::from_utf8_lossy(&response[..at]).into_owned(), response[at + 4..].to_vec())
}

#[tokio::test]
async fn an_exported_world_is_imported_and_is_a_data_file() {
    let sandbox = sandbox();
    let post = sandbox.write_post("ada", "exported").unwrap();
    let posts = get(&sandbox, "state")["posts"].clone();
    let (head, file) = bytes(&sandbox, "GET /_chirrup/export", b"");
    assert!(head.contains("application/vnd.sqlite3") && file.starts_with(b"SQLite format 3"), "{head}");

    let other = Sandbox::builder().users(5).posts(10).fixed_keys().start().unwrap();
    let (head, _) = bytes(&other, "POST /_chirrup/import", &file);
    assert!(head.starts_with("HTTP/1.1 204"), "{head}");
    assert_eq!(get(&other, "state")["posts"], posts);
    let ada = client(&other, other.oauth1("ada").unwrap());
    assert_eq!(ada.get_post(post).await.unwrap().data.text, "exported");
    assert!(ada.create_post().text("more").await.unwrap().data.id > post);

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("world.db");
    std::fs::write(&path, &file).unwrap();
    let kept = Sandbox::builder().data_file(&path).fixed_keys().start().unwrap();
    assert_eq!(get(&kept, "state")["posts"], posts);
    send(&kept, "PUT", "snapshots/first", &Json::Null);
    for path in ["snapshots/first/restore", "import", "reset"] {
        let (status, problem) = control(&kept, "POST", path, &Json::Null);
        assert!(status == 409 && problem["detail"].as_str().unwrap().contains("named world"), "{path}: {problem}");
    }
    // A named world starts as a copy of the file, and restores the snapshot.
    kept.write_post("ada", "another").unwrap();
    assert_eq!(control_in(&kept, "w", "POST", "snapshots/first/restore", &Json::Null).0, 204);
    assert_eq!(control_in(&kept, "w", "GET", "state", &Json::Null).1["posts"], posts);
    for broken in [&b""[..], b"no database", &file[..file.len() / 2]] {
        let (head, body) = bytes(&other, "POST /_chirrup/import", broken);
        assert!(head.starts_with("HTTP/1.1 400"), "{head} {}", String::from_utf8_lossy(&body));
    }
    assert_eq!(get(&other, "state")["users"], get(&sandbox, "state")["users"], "a refused file changes nothing");
}

/// Opens the sample stream. Returns its lines.
fn sample(sandbox: &Sandbox) -> impl Iterator<Item = String> + use<> {
    let host = sandbox.url().replace("http://", "");
    let mut socket = TcpStream::connect(&host).unwrap();
    let token = "Authorization: Bearer sandbox-app-bearer-token";
    write!(socket, "GET /2/tweets/firehose/stream?partition=1 HTTP/1.1\r\nHost: {host}\r\n{token}\r\n\r\n").unwrap();
    BufReader::new(socket).lines().map_while(Result::ok)
}

#[test]
fn streams_are_listed_fed_silenced_and_disconnected() {
    let sandbox = sandbox();
    let mut lines = sample(&sandbox);
    while get(&sandbox, "streams")["streams"].as_array().unwrap().is_empty() {}
    let stream = get(&sandbox, "streams")["streams"][0].clone();
    assert_eq!((&stream["app"], &stream["user"]), (&json!("1"), &Json::Null));
    let id = stream["id"].as_str().unwrap();
    send(&sandbox, "POST", &format!("streams/{id}/silence"), &json!({"seconds": 60}));
    send(&sandbox, "POST", "streams/feed", &json!({"count": 50}));
    send(&sandbox, "POST", "clock/advance", &json!({"seconds": 61}));
    let fed = send(&sandbox, "POST", "streams/feed", &json!({"count": 200}));
    assert_eq!(fed["posts"].as_array().unwrap().len(), 200);
    let line = lines.find(|line| line.starts_with("{\"data\"")).unwrap();
    let post: Json = serde_json::from_str(&line).unwrap();
    assert!(fed["posts"].as_array().unwrap().contains(&post["data"]["id"]), "a post from after the silence: {line}");
    let said = send(&sandbox, "POST", "streams/feed", &json!({"text": "from ada", "as": "ada"}));
    assert_eq!(said["posts"].as_array().unwrap().len(), 1);
    assert_eq!(
        send(&sandbox, "POST", &format!("streams/{id}/disconnect"), &json!({"how": "operational"}))["disconnected"],
        1
    );
    assert!(lines.any(|line| line.contains("operational-disconnect")));
    assert_eq!(
        lines.by_ref().take_while(|line| line != "0").filter(|line| line.starts_with('{')).count(),
        0,
        "the stream has ended"
    );
    assert_eq!(control(&sandbox, "POST", &format!("streams/{id}/disconnect"), &Json::Null).0, 404);
    assert_eq!(send(&sandbox, "POST", "streams/all/disconnect", &Json::Null)["disconnected"], 0);
    for (path, body) in [
        ("streams/all/silence", json!({})),
        ("streams/all/disconnect", json!({"how": "x"})),
        ("streams/feed", json!({"count": 10_001})),
    ] {
        assert_eq!(control(&sandbox, "POST", path, &body).0, 400, "{path}");
    }
}

/// Accepts webhook requests. Returns its URL and their heads and bodies.
fn webhook() -> (String, mpsc::Receiver<(String, String)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/webhook", listener.local_addr().unwrap());
    let (sender, received) = mpsc::channel();
    std::thread::spawn(move || {
        for mut socket in listener.incoming().map_while(Result::ok) {
            let mut reader = BufReader::new(socket.try_clone().unwrap());
            let (mut head, mut length) = (String::new(), 0);
            while reader.read_line(&mut head).unwrap() > 2 {
                let last = head.lines().last().unwrap().to_lowercase();
                length = last.strip_prefix("content-length: ").map_or(length, |text| text.parse().unwrap());
            }
            let mut body = vec![0; length];
            std::io::Read::read_exact(&mut reader, &mut body).unwrap();
            socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").unwrap();
            if sender.send((head.to_lowercase(), String::from_utf8(body).unwrap())).is_err() {
                return;
            }
        }
    });
    (url, received)
}

#[test]
fn each_kind_of_event_is_triggered_at_a_url_with_a_valid_signature() {
    let sandbox = sandbox();
    let (url, received) = webhook();
    let mut events: Vec<&str> = chirrup::model::ActivityType::ALL.iter().map(|event| event.as_str()).collect();
    events.push("post.mention.create");
    for event in events {
        let sent = send(&sandbox, "POST", "webhooks/trigger", &json!({"event": event, "to": url}));
        assert_eq!((&sent["status"], &sent["kind"]), (&json!(200), &json!(event)), "{sent}");
        let (head, body) = received.recv().unwrap();
        let signature =
            chirrup::auth::webhook_signature(&"sandbox-consumer-secret".into(), body.as_bytes()).to_lowercase();
        assert!(head.contains(&format!("x-twitter-webhooks-signature: {signature}")), "{head}");
        let json: Json = serde_json::from_str(&body).unwrap();
        assert_eq!(json["data"]["event_type"], event);
    }
    let found = get(&sandbox, "webhooks/wait?kind=post.mention.create");
    assert!(found["body"]["data"]["payload"]["text"].as_str().unwrap().contains("@ada"), "{found}");
    let latest = get(&sandbox, "webhooks?limit=2");
    assert_eq!((latest["deliveries"].as_array().unwrap().len(), &latest["webhooks"]), (2, &json!([])));
    for (body, status) in [
        (json!({"event": "post.sing", "to": url}), 404),
        (json!({"event": "post.create", "to": "http://example.com/"}), 400),
        (json!({"to": url}), 400),
    ] {
        assert_eq!(control(&sandbox, "POST", "webhooks/trigger", &body).0, status, "{body}");
    }
}

#[test]
fn a_strict_sandbox_names_the_nearest_route_and_lists_what_was_unknown() {
    let strict = Sandbox::builder().users(5).posts(10).fixed_keys().strict().start().unwrap();
    let (status, problem) = exchange(&strict, "GET /2/twets/20", &[], "");
    assert!(status == 501 && problem.contains("GET /2/tweets/{id} (get_post)"), "{problem}");
    exchange(&strict, "POST /_worlds/w/2/tweet", &[], "");
    exchange(&strict, "GET /2/users/me", &[], "");
    assert_eq!(strict.unknown_requests(), ["GET /2/twets/20", "POST /2/tweet"]);
    let usual = sandbox();
    assert_eq!(exchange(&usual, "GET /2/twets/20", &[], "").0, 404);
    assert!(usual.unknown_requests().is_empty());
}

#[test]
fn the_built_in_fault_profiles_are_valid() {
    for name in ["flaky", "slow", "rate-limited", "lost-writes"] {
        assert!(!FaultRule::profile(name).unwrap().is_empty(), "{name}");
    }
    assert!(FaultRule::profile("calm").is_none());
}

/// One run of a worker: it changes everything in its world, and finds exactly that.
fn run(sandbox: &Sandbox, worker: usize, run: usize) {
    let world = format!("worker-{worker}");
    let in_world = |method: &str, path: &str, body: Json| {
        let (status, json) = control_in(sandbox, &world, method, path, &body);
        assert!((200..300).contains(&status), "{world} {path}: {status} {json}");
        json
    };
    in_world("POST", "reset", Json::Null);
    let text = format!("run {run} of worker {worker}");
    in_world("POST", "clock/advance", json!({"seconds": 1_000 + worker}));
    let fault = json!({"fault": "response", "status": 503, "endpoint": "get_me", "times": 1});
    in_world("POST", "faults", fault);
    let token = "Authorization: Bearer sandbox-app-bearer-token";
    let posted = in_world("POST", "act", json!({"as": "ada", "verb": "post", "text": text}));
    let id = posted["data"]["id"].as_str().unwrap();
    let header = format!("X-Chirrup-World: {world}");
    let (status, read) = exchange(sandbox, &format!("GET /2/tweets/{id}"), &[token, &header], "");
    assert!(status == 200 && read.contains(&text), "{world}: {status} {read}");
    let statuses = [0, 1].map(|_| exchange(sandbox, "GET /2/users/me", &[token, &header], "").0);
    assert_eq!(statuses, [503, 403], "the fault applies once: app-only tokens cannot read `me`");
    let state = in_world("GET", "state", Json::Null);
    let first = get(sandbox, "state")["posts"].as_u64().map(|posts| posts + 1);
    assert_eq!((state["posts"].as_u64(), &state["faults"]), (first, &json!(0)), "{world}");
    let entries = in_world("GET", "journal", Json::Null)["entries"].clone();
    let endpoints: Vec<&Json> = entries.as_array().unwrap().iter().map(|entry| &entry["endpoint"]).collect();
    assert_eq!(endpoints, ["get_post", "get_me", "get_me"], "{world}: {entries}");
}

#[test]
fn sixteen_workers_with_worlds_of_their_own_do_not_interfere_in_a_thousand_runs() {
    let sandbox = Arc::new(sandbox());
    let workers = (0..16).map(|worker| {
        let sandbox = Arc::clone(&sandbox);
        std::thread::spawn(move || (worker..1_000).step_by(16).for_each(|number| run(&sandbox, worker, number)))
    });
    for worker in workers.collect::<Vec<_>>() {
        worker.join().unwrap();
    }
    assert!(sandbox.journal().is_empty(), "the default world got no request");
}
