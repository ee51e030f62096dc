//! The control API of the sandbox over HTTP, as a program in any language uses it.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use chirrup_sandbox::Sandbox;
use serde_json::{Value as Json, json};

use crate::common::{client, sandbox};

/// Token of the control API of a sandbox with fixed keys.
const TOKEN: &str = "Authorization: Bearer sandbox-control-token";

/// Sends a request with these header lines. Returns status and body of the response.
fn exchange(sandbox: &Sandbox, start: &str, lines: &[&str], body: &str) -> (u16, String) {
    let host = sandbox.url().replace("http://", "");
    let mut socket = TcpStream::connect(&host).unwrap();
    let lines: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
    let length = body.len();
    let head =
        format!("{start} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{lines}Content-Length: {length}\r\n\r\n");
    socket.write_all(format!("{head}{body}").as_bytes()).unwrap();
    let mut response = String::new();
    socket.read_to_string(&mut response).unwrap();
    let (head, body) = response.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{start}: {response}"));
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

/// Sends a request to the control API. Returns status and JSON of the response; null without a body.
fn control(sandbox: &Sandbox, method: &str, path: &str, body: &Json) -> (u16, Json) {
    control_in(sandbox, "", method, path, body)
}

/// [`control`] of a world; the default one has no name.
fn control_in(sandbox: &Sandbox, world: &str, method: &str, path: &str, body: &Json) -> (u16, Json) {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let prefix = if world.is_empty() { String::new() } else { format!("/_worlds/{world}") };
    let (status, body) = exchange(sandbox, &format!("{method} {prefix}/_chirrup/{path}"), &[TOKEN], &body);
    (status, serde_json::from_str(&body).unwrap_or_default())
}

/// Reads a route that succeeds.
fn get(sandbox: &Sandbox, path: &str) -> Json {
    let (status, json) = control(sandbox, "GET", path, &Json::Null);
    assert_eq!(status, 200, "{path}: {json}");
    json
}

/// Writes to a route that succeeds.
fn send(sandbox: &Sandbox, method: &str, path: &str, body: &Json) -> Json {
    let (status, json) = control(sandbox, method, path, body);
    assert!((200..300).contains(&status), "{method} {path}: {status} {json}");
    json
}

/// Number of seconds that the clock of a world is ahead of the real time.
fn advanced(sandbox: &Sandbox, world: &str) -> i64 {
    let now = control_in(sandbox, world, "GET", "clock", &Json::Null).1["unix_ms"].as_i64().unwrap();
    let real = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    (now - i64::try_from(real.as_millis()).unwrap()) / 1_000
}

#[test]
fn only_health_and_description_need_no_token() {
    let sandbox = sandbox();
    let without = |start: &str, lines: &[&str]| exchange(&sandbox, start, lines, "").0;
    assert_eq!(without("GET /_chirrup/health", &[]), 200);
    assert_eq!(without("GET /_chirrup/openapi.json", &[]), 200);
    for path in ["state", "clock", "users", "apps", "unknown"] {
        assert_eq!(without(&format!("GET /_chirrup/{path}"), &[]), 401, "{path}");
        assert_eq!(without(&format!("GET /_chirrup/{path}"), &["Authorization: Bearer other"]), 401, "{path}");
    }
    assert_eq!(without("GET /_chirrup/clock", &["X-Chirrup-Token: sandbox-control-token"]), 200);
    let (status, problem) = exchange(&sandbox, "POST /_chirrup/reset", &[], "");
    assert!(status == 401 && problem.contains("X-Chirrup-Token"), "{problem}");
    assert_eq!(without("GET /_chirrup/clock", &[TOKEN, "Origin: http://evil.example"]), 403);

    let random = Sandbox::builder().users(5).posts(10).start().unwrap();
    let token = random.control_token().unwrap().expose().to_owned();
    assert!(token.len() > 20, "{token}");
    assert_eq!(exchange(&random, "GET /_chirrup/clock", &[TOKEN], "").0, 401);
    assert_eq!(exchange(&random, "GET /_chirrup/clock", &[&format!("X-Chirrup-Token: {token}")], "").0, 200);
    let off = Sandbox::builder().users(5).posts(10).fixed_keys().without_control_api().start().unwrap();
    assert_eq!(exchange(&off, "GET /_chirrup/clock", &[TOKEN], "").0, 404);
    assert_eq!(off.control_token(), None);
}

#[test]
fn the_clock_is_set_advanced_frozen_and_resumed() {
    let sandbox = sandbox();
    send(&sandbox, "POST", "clock/advance", &json!({"seconds": 7_200}));
    assert!((7_199..7_300).contains(&advanced(&sandbox, "")));
    assert_eq!(sandbox.clock().now().as_secs() / 100, get(&sandbox, "clock")["unix_ms"].as_i64().unwrap() / 100_000);
    let set = send(&sandbox, "PUT", "clock", &json!({"now": "2031-01-02T03:04:05.000Z", "frozen": true}));
    assert_eq!((&set["now"], &set["frozen"]), (&json!("2031-01-02T03:04:05.000Z"), &json!(true)));
    assert_eq!(get(&sandbox, "clock"), set, "a frozen clock stands still");
    let later = send(&sandbox, "POST", "clock/advance", &json!({"seconds": 1.5}));
    assert_eq!(later["now"], "2031-01-02T03:04:06.500Z");
    assert_eq!(send(&sandbox, "PUT", "clock", &json!({"frozen": false}))["frozen"], false);
    assert!(get(&sandbox, "clock")["now"].as_str().unwrap().starts_with("2031-01-02T03:04:"));
    for (method, path, body) in [
        ("PUT", "clock", json!({"now": "yesterday"})),
        ("PUT", "clock", json!({"freeze": true})),
        ("POST", "clock/advance", json!({"seconds": -1})),
        ("POST", "clock/advance", json!({})),
        ("POST", "clock/advance", json!([])),
    ] {
        let (status, problem) = control(&sandbox, method, path, &body);
        assert_eq!(status, 400, "{body}");
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.len() > 20), "{problem}");
    }
}

#[tokio::test]
async fn a_reset_brings_back_the_first_world_and_keeps_the_keys() {
    let sandbox = sandbox();
    let ada = client(&sandbox, sandbox.oauth1("ada").unwrap());
    let before = get(&sandbox, "state");
    let post = ada.create_post().text("to be forgotten").await.unwrap().data.id;
    send(&sandbox, "POST", "clock/advance", &json!({"seconds": 3_600}));
    sandbox.inject_fault(chirrup_sandbox::Fault::CloseBeforeProcessing);
    let changed = get(&sandbox, "state");
    assert_eq!(changed["posts"].as_u64(), before["posts"].as_u64().map(|posts| posts + 1));
    assert_eq!((&changed["requests"], &changed["faults"]), (&json!(1), &json!(1)));
    send(&sandbox, "POST", "reset", &Json::Null);
    let after = get(&sandbox, "state");
    assert_eq!((&after["posts"], &after["faults"], &after["cost"]), (&before["posts"], &json!(0), &json!("$0.00")));
    assert!(advanced(&sandbox, "") < 60);
    assert!(sandbox.journal().is_empty());
    assert!(ada.get_post(post).await.is_err());
    assert!(ada.create_post().text("again").await.is_ok());
}

#[tokio::test]
async fn worlds_have_the_same_keys_and_nothing_else_in_common() {
    let sandbox = sandbox();
    let credentials = sandbox.oauth1("ada").unwrap();
    let of = |url: String| chirrup::Client::builder().base_url(url).credentials(credentials.clone()).build().unwrap();
    let (first, second, default) = (of(sandbox.world_url("first")), of(sandbox.world_url("second")), of(sandbox.url()));
    let post = first.create_post().text("only in the first world").await.unwrap().data.id;
    assert_eq!(first.get_post(post).await.unwrap().data.text, "only in the first world");
    assert!(second.get_post(post).await.is_err() && default.get_post(post).await.is_err());
    control_in(&sandbox, "first", "POST", "clock/advance", &json!({"seconds": 600}));
    assert!(advanced(&sandbox, "first") > 500 && advanced(&sandbox, "second") < 60 && advanced(&sandbox, "") < 60);
    assert_eq!(get(&sandbox, "worlds"), json!({"worlds": ["first", "second"]}));
    let header = exchange(&sandbox, "GET /_chirrup/state", &[TOKEN, "X-Chirrup-World: first"], "").1;
    let state: Json = serde_json::from_str(&header).unwrap();
    assert_eq!((&state["world"], &state["requests"]), (&json!("first"), &json!(2)));

    send(&sandbox, "DELETE", "worlds/first", &Json::Null);
    assert_eq!(get(&sandbox, "worlds"), json!({"worlds": ["second"]}));
    assert_eq!(control(&sandbox, "DELETE", "worlds/first", &Json::Null).0, 404);
    assert!(first.get_post(post).await.is_err(), "a new world has the name");
    for name in ["", "a%20b", &"x".repeat(65)] {
        assert_eq!(exchange(&sandbox, &format!("GET /_worlds/{name}/_chirrup/clock"), &[TOKEN], "").0, 400, "{name}");
    }
}

#[test]
fn the_number_of_worlds_is_limited() {
    let sandbox = Sandbox::builder().users(2).posts(3).fixed_keys().start().unwrap();
    for number in 0..256 {
        assert_eq!(control_in(&sandbox, &format!("w{number}"), "GET", "clock", &Json::Null).0, 200);
    }
    let (status, problem) = control_in(&sandbox, "another", "GET", "clock", &Json::Null);
    assert!(status == 507 && problem["detail"].as_str().unwrap().contains("DELETE /_chirrup/worlds"), "{problem}");
    send(&sandbox, "DELETE", "worlds/w7", &Json::Null);
    assert_eq!(control_in(&sandbox, "another", "GET", "clock", &Json::Null).0, 200);
}

#[test]
fn a_reset_does_not_empty_a_data_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("world.db");
    let sandbox = Sandbox::builder().users(5).posts(10).fixed_keys().data_file(&file).start().unwrap();
    let before = get(&sandbox, "state")["posts"].as_u64().unwrap();
    sandbox.write_post("ada", "kept").unwrap();
    let (status, problem) = control(&sandbox, "POST", "reset", &Json::Null);
    assert!(status == 409 && problem["detail"].as_str().unwrap().contains("snapshot"), "{problem}");
    assert_eq!(get(&sandbox, "state")["posts"], before + 1);
}
