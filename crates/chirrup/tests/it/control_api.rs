//! The control API of the sandbox over HTTP, as a program in any language uses it.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;

use chirrup_sandbox::Sandbox;
use serde_json::{Value as Json, json};

use crate::common::{client, sandbox};

/// Token of the control API of a sandbox with fixed keys.
pub(crate) const TOKEN: &str = "Authorization: Bearer sandbox-control-token";

/// Sends a request with these header lines. Returns status and body of the response.
pub(crate) fn exchange(sandbox: &Sandbox, start: &str, lines: &[&str], body: &str) -> (u16, String) {
    let host = sandbox.url().replace("http://", "");
    let mut socket = TcpStream::connect(&host).unwrap();
    let lines: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
    let length = body.len();
    let head =
        format!("{start} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{lines}Content-Length: {length}\r\n\r\n");
    socket.write_all(format!("{head}{body}").as_bytes()).unwrap();
    let mut response = Vec::new();
    socket.read_to_end(&mut response).unwrap();
    let response = String::from_utf8_lossy(&response);
    let (head, body) = response.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{start}: {response}"));
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

/// Sends a request to the control API. Returns status and JSON of the response; null without a body.
pub(crate) fn control(sandbox: &Sandbox, method: &str, path: &str, body: &Json) -> (u16, Json) {
    control_in(sandbox, "", method, path, body)
}

/// [`control`] of a world; the default one has no name.
pub(crate) fn control_in(sandbox: &Sandbox, world: &str, method: &str, path: &str, body: &Json) -> (u16, Json) {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let prefix = if world.is_empty() { String::new() } else { format!("/_worlds/{world}") };
    let (status, body) = exchange(sandbox, &format!("{method} {prefix}/_chirrup/{path}"), &[TOKEN], &body);
    (status, serde_json::from_str(&body).unwrap_or_default())
}

/// Reads a route that succeeds.
pub(crate) fn get(sandbox: &Sandbox, path: &str) -> Json {
    let (status, json) = control(sandbox, "GET", path, &Json::Null);
    assert_eq!(status, 200, "{path}: {json}");
    json
}

/// Writes to a route that succeeds.
pub(crate) fn send(sandbox: &Sandbox, method: &str, path: &str, body: &Json) -> Json {
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
    assert!(status == 409 && problem["detail"].as_str().unwrap().contains("named world"), "{problem}");
    assert_eq!(get(&sandbox, "state")["posts"], before + 1);
}

#[test]
fn each_route_of_the_description_is_served() {
    let sandbox = sandbox();
    let description: Json =
        serde_json::from_str(include_str!("../../../chirrup-sandbox/src/control_api/openapi.json")).unwrap();
    let served: Json = serde_json::from_str(&exchange(&sandbox, "GET /_chirrup/openapi.json", &[], "").1).unwrap();
    assert_eq!(served, description);
    let mut routes = 0;
    for (path, methods) in description["paths"].as_object().unwrap() {
        let path = path.replace("{username}", "ada").replace("{path}", "2/users/me").replace("{", "").replace("}", "");
        let path = path.strip_prefix("/_chirrup/").unwrap();
        for method in methods.as_object().unwrap().keys().filter(|_| path != "journal/live") {
            let path = if path.ends_with("wait") { format!("{path}?timeout_ms=0") } else { path.to_owned() };
            let (status, json) = control(&sandbox, &method.to_uppercase(), &path, &Json::Null);
            let detail = json["detail"].as_str().unwrap_or_default();
            assert!(status != 404 || !detail.contains("no route"), "{method} {path}: {json}");
            routes += 1;
        }
    }
    assert!(routes > 40, "{routes}");
    let (status, json) = control(&sandbox, "GET", "weather", &Json::Null);
    assert!(status == 404 && json["detail"].as_str().unwrap().contains("openapi.json"), "{json}");
}

#[tokio::test]
async fn faults_are_added_listed_and_removed() {
    let sandbox = sandbox();
    let ada = client(&sandbox, sandbox.oauth1("ada").unwrap());
    let added = send(
        &sandbox,
        "POST",
        "faults",
        &json!({"fault": "response", "status": 503, "endpoint": "create_post", "times": 1}),
    );
    assert_eq!((&added["id"], &added["status"], &added["times"]), (&json!(1), &json!(503), &json!(1)));
    assert!(ada.get_user(12_u64).await.is_ok(), "another endpoint");
    let error = ada.create_post().text("lost").await.unwrap_err();
    assert_eq!(error.status_code(), Some(503), "{error}");
    assert_eq!(get(&sandbox, "faults"), json!({"faults": []}), "the rule has ended");
    assert!(ada.create_post().text("kept").await.is_ok());

    let lost = json!({"sequence": [{"fault": "none"}, {"fault": "close_after_processing"}], "endpoint": "create_post"});
    send(&sandbox, "POST", "faults", &lost);
    assert!(ada.create_post().text("first").await.is_ok());
    assert!(ada.create_post().text("second").await.is_err());
    let entries = get(&sandbox, "journal?endpoint=create_post&after=0");
    let last = entries["entries"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["fault"], &last["response_intact"]), (&json!("close_after_processing"), &json!(false)));
    assert!(last["created_id"].is_string(), "the write took effect: {last}");

    let id = send(&sandbox, "POST", "faults", &json!({"fault": "delay_response", "seconds": 0.01, "probability": 0.5}))
        ["id"]
        .clone();
    assert_eq!(get(&sandbox, "faults")["faults"].as_array().unwrap().len(), 1);
    send(&sandbox, "DELETE", &format!("faults/{id}"), &Json::Null);
    assert_eq!(control(&sandbox, "DELETE", &format!("faults/{id}"), &Json::Null).0, 404);
    send(&sandbox, "POST", "faults", &json!({"fault": "close_before_processing"}));
    send(&sandbox, "DELETE", "faults", &Json::Null);
    assert!(ada.create_post().text("third").await.is_ok());

    for body in [
        json!({}),
        json!([]),
        json!({"fault": "flood"}),
        json!({"fault": "response", "status": 99}),
        json!({"fault": "response", "endpoint": "create_pots"}),
        json!({"fault": "response", "chance": 1}),
        json!({"fault": "delay_response", "seconds": 100_000}),
        json!({"fault": "none", "probability": 2}),
        json!({"fault": "replace_headers", "headers": {"host": "x"}}),
        json!({"sequence": 1}),
    ] {
        let (status, problem) = control(&sandbox, "POST", "faults", &body);
        assert!(status == 400 && problem["detail"].is_string(), "{body}: {problem}");
    }
}

#[tokio::test]
async fn the_journal_shows_the_base_string_of_each_signature_and_no_secret() {
    let sandbox = sandbox();
    let ada = client(&sandbox, sandbox.oauth1("ada").unwrap());
    ada.get_users_by_name(["ada", "robin"]).await.unwrap();
    client(&sandbox, sandbox.app_only()).get_user(12_u64).await.unwrap();
    let signed = get(&sandbox, "journal/1");
    assert_eq!((&signed["auth"], &signed["username"]), (&json!("oauth1"), &json!("ada")));
    let header = |json: &Json, name: &str| -> String {
        let headers = json["request_headers"].as_array().unwrap();
        headers.iter().find(|header| header[0] == name).unwrap()[1].as_str().unwrap().to_owned()
    };
    let (keys, secret) = (sandbox.app_keys(), "sandbox-access-secret-");
    let user = sandbox.user_id("ada").unwrap();
    let key = chirrup::auth::oauth1::SigningKey::new(&keys.1, &format!("{secret}{user}").into());
    let sent = chirrup::auth::oauth1::parse_header(&header(&signed, "authorization")).unwrap();
    let signature = &sent.iter().find(|(name, _)| name == "oauth_signature").unwrap().1;
    let base = signed["signature_base_string"].as_str().unwrap();
    assert!(base.starts_with("GET&http%3A%2F%2F127.0.0.1%3A") && key.verify(base, signature), "{signed}");
    assert!(signed["query"].as_str().unwrap().contains("usernames=ada"), "{signed}");
    assert!(signed["rate_limit"]["remaining"].as_u64() < signed["rate_limit"]["limit"].as_u64(), "{signed}");
    assert!(
        signed["cost"].as_str().unwrap().starts_with('$')
            && signed["response_body"].as_str().unwrap().contains("robin")
    );

    let bearer = get(&sandbox, "journal/2");
    assert_eq!((&bearer["auth"], &bearer["signature_base_string"]), (&json!("app_only"), &Json::Null));
    assert_eq!(header(&bearer, "authorization"), "Bearer [redacted]");
    assert_eq!(control(&sandbox, "GET", "journal/3", &Json::Null).0, 404);

    let form = "grant_type=refresh_token&refresh_token=very-secret&client_id=x";
    let content = "Content-Type: application/x-www-form-urlencoded";
    exchange(&sandbox, "POST /2/oauth2/token", &[content, "Authorization: Basic dmVyeS1zZWNyZXQ="], form);
    let login = get(&sandbox, "journal/3").to_string();
    assert!(login.contains("refresh_token=[redacted]") && login.contains("Basic [redacted]"), "{login}");
    assert!(!login.contains("very-secret") && !login.contains("dmVyeS1"), "{login}");
}

#[tokio::test]
async fn the_journal_is_queried_followed_and_awaited() {
    let sandbox = sandbox();
    let ada = client(&sandbox, sandbox.oauth1("ada").unwrap());
    ada.create_post().text("one").await.unwrap();
    ada.get_user(12_u64).await.unwrap();
    ada.get_user(1_u64).await.unwrap_err();
    let numbers = |sandbox: &Sandbox, query: &str| -> Vec<u64> {
        let entries = get(sandbox, &format!("journal?{query}"));
        entries["entries"].as_array().unwrap().iter().map(|entry| entry["number"].as_u64().unwrap()).collect()
    };
    assert_eq!(numbers(&sandbox, ""), [1, 2, 3]);
    assert_eq!(numbers(&sandbox, "method=post"), [1]);
    assert_eq!(numbers(&sandbox, "endpoint=get_user"), [2, 3]);
    assert_eq!(numbers(&sandbox, "path=/2/users/*"), [2, 3]);
    assert_eq!(numbers(&sandbox, "path=/2/users/12"), [2]);
    assert_eq!(numbers(&sandbox, "status=200"), [2, 3]);
    assert_eq!(numbers(&sandbox, "user=ada&after=1"), [2, 3]);
    assert_eq!(numbers(&sandbox, "limit=2"), [2, 3]);
    assert_eq!(control(&sandbox, "GET", "journal?user=nobody_here", &Json::Null).0, 404);
    assert_eq!(control(&sandbox, "GET", "journal?limit=x", &Json::Null).0, 400);
    assert_eq!(control(&sandbox, "GET", "journal/wait?endpoint=create_list&timeout_ms=1", &Json::Null).0, 408);
    assert_eq!(get(&sandbox, "journal/wait?endpoint=create_post")["number"], 1);

    let mut live = events(&sandbox);
    let sandbox = Arc::new(sandbox);
    let waiting = Arc::clone(&sandbox);
    let wait = move || get(&waiting, "journal/wait?endpoint=create_post&after=3&timeout_ms=30000");
    let waiting = std::thread::spawn(wait);
    let posted = ada.create_post().text("two").await.unwrap().data.id;
    let found = waiting.join().unwrap();
    assert_eq!(found["created_id"], json!(posted));
    assert!(found["request_body"].as_str().unwrap().contains("two"), "{found}");
    let event = live();
    assert_eq!((&event["number"], &event["endpoint"]), (&json!(4), &json!("create_post")));
    send(&sandbox, "DELETE", "journal", &Json::Null);
    assert_eq!(numbers(&sandbox, ""), [0; 0]);
    ada.get_user(12_u64).await.unwrap();
    assert_eq!((numbers(&sandbox, ""), live()["number"].clone()), (vec![5], json!(5)));
}

/// Follows the journal. Returns a function that waits for the next event.
fn events(sandbox: &Sandbox) -> impl FnMut() -> Json + use<> {
    let host = sandbox.url().replace("http://", "");
    let mut socket = TcpStream::connect(&host).unwrap();
    write!(socket, "GET /_chirrup/journal/live HTTP/1.1\r\nHost: {host}\r\n{TOKEN}\r\n\r\n").unwrap();
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(socket)).map(Result::unwrap);
    assert!(lines.any(|line| line == ": connected"));
    move || {
        let event = lines.find_map(|line| line.strip_prefix("data: ").map(str::to_owned)).unwrap();
        serde_json::from_str(&event).unwrap()
    }
}

#[tokio::test]
async fn limits_and_credits_are_read_set_and_used_up() {
    let sandbox = sandbox();
    let (ada, robin) =
        (client(&sandbox, sandbox.oauth1("ada").unwrap()), client(&sandbox, sandbox.oauth1("robin").unwrap()));
    let first = ada.get_user(12_u64).await.unwrap();
    let limits = get(&sandbox, "limits");
    let window = limits["limits"].as_array().unwrap().iter().find(|limit| limit["username"] == "ada").unwrap().clone();
    assert_eq!(window["remaining"].as_u64(), first.limit().map(|limit| u64::from(limit.remaining)));

    send(&sandbox, "PUT", "limits", &json!({"endpoint": "get_user", "remaining": 1}));
    for client in [&ada, &robin] {
        assert!(client.get_user(12_u64).await.is_ok(), "a window that has begun, and a new one");
        assert_eq!(client.get_user(12_u64).await.unwrap_err().status_code(), Some(429));
    }
    send(&sandbox, "POST", "clock/advance", &json!({"seconds": 90_000}));
    assert!(ada.get_user(12_u64).await.is_ok(), "the window has ended");
    send(&sandbox, "PUT", "limits", &json!({"endpoint": "get_user", "limit": 2, "user": "robin"}));
    for expected in [true, true, false] {
        assert_eq!(robin.get_user(12_u64).await.is_ok(), expected);
    }
    assert!(ada.get_user(12_u64).await.is_ok());
    send(&sandbox, "POST", "limits/exhaust", &json!({"user": "ada"}));
    assert!(ada.create_post().text("one").await.is_err() && robin.create_post().text("two").await.is_ok());
    for body in
        [json!({}), json!({"endpoint": "get_user"}), json!({"endpoint": "get_user", "limit": 1, "remaining": 1})]
    {
        assert_eq!(control(&sandbox, "PUT", "limits", &body).0, 400, "{body}");
    }
    assert_eq!(control(&sandbox, "PUT", "limits", &json!({"endpoint": "get_usr", "limit": 1})).0, 404);

    let bill = get(&sandbox, "bill");
    assert_eq!(bill["total"], sandbox.bill().to_string());
    assert!(bill["by_endpoint"]["create_post"].is_string() && bill["credits"].is_null(), "{bill}");
    assert_eq!(send(&sandbox, "PUT", "credits", &json!({"credits": 0}))["credits"], "$0.00");
    assert_eq!(robin.create_post().text("three").await.unwrap_err().status_code(), Some(402));
    assert_eq!(send(&sandbox, "PUT", "credits", &json!({"credits": null}))["credits"], Json::Null);
    assert!(robin.create_post().text("three").await.is_ok());
    assert_eq!(control(&sandbox, "PUT", "credits", &json!({"credits": -1})).0, 400);
}

#[tokio::test]
async fn users_and_apps_have_tokens_that_work_in_every_world() {
    let sandbox = Sandbox::builder().users(20).posts(50).control_token("my-token").start().unwrap();
    let read = |path: &str| -> Json {
        serde_json::from_str(
            &exchange(&sandbox, &format!("GET /_chirrup/{path}"), &["X-Chirrup-Token: my-token"], "").1,
        )
        .unwrap()
    };
    let of = |world: &str, token: &str| {
        let credentials = chirrup::Credentials::oauth2(token.to_owned());
        chirrup::Client::builder().base_url(sandbox.world_url(world)).credentials(credentials).build().unwrap()
    };
    // A world from before the token is issued, and one from afterwards.
    exchange(&sandbox, "GET /_worlds/early/_chirrup/clock", &["X-Chirrup-Token: my-token"], "");
    assert!(read("users")["users"].as_array().unwrap().len() == 20 && read("users")["users"][0]["tokens"].is_null());
    let users = read("users?username=robin,ada");
    assert_eq!((&users["users"][0]["id"], &users["users"][1]["username"]), (&json!("12"), &json!("ada")));
    let tokens = &users["users"][0]["tokens"];
    let token = tokens["oauth2_access_token"].as_str().unwrap();
    for world in ["early", "late"] {
        assert_eq!(of(world, token).get_me().await.unwrap().data.username, "robin");
    }
    let app = &read("apps")["apps"][0];
    let credentials = chirrup::Credentials::oauth1(
        app["consumer_key"].as_str().unwrap(),
        app["consumer_secret"].as_str().unwrap(),
        tokens["access_token"].as_str().unwrap(),
        tokens["access_token_secret"].as_str().unwrap(),
    );
    assert_eq!(client(&sandbox, credentials).get_me().await.unwrap().data.username, "robin");
    let bearer = chirrup::Credentials::app_only(app["bearer_token"].as_str().unwrap());
    assert!(client(&sandbox, bearer).get_user(12_u64).await.is_ok());
}

#[tokio::test]
async fn actions_of_users_are_free_and_cause_events() {
    let sandbox = sandbox();
    let act = |body: Json| send(&sandbox, "POST", "act", &body);
    let post = act(json!({"as": "ada", "verb": "post", "text": "hello"}))["data"]["id"].as_str().unwrap().to_owned();
    let reply = act(json!({"as": "robin", "verb": "reply", "to": post, "text": "hi"}));
    let quote = act(json!({"as": "robin", "verb": "quote", "to": post, "text": "see"}))["data"]["id"].clone();
    assert!(reply["data"]["id"].is_string() && quote.is_string());
    for (verb, to) in [("like", &*post), ("unlike", &post), ("repost", &post), ("unrepost", &post), ("bookmark", &post)]
    {
        assert!(act(json!({"as": "robin", "verb": verb, "to": to}))["data"].is_object(), "{verb}");
    }
    for verb in ["follow", "unfollow", "mute", "unmute", "block", "unblock"] {
        assert!(act(json!({"as": "robin", "verb": verb, "to": "ada"}))["data"].is_object(), "{verb}");
    }
    assert!(act(json!({"as": "robin", "verb": "dm", "to": "ada", "text": "psst"}))["data"]["dm_event_id"].is_string());
    assert_eq!(act(json!({"as": "robin", "verb": "delete", "to": quote}))["data"]["deleted"], true);
    let read = get(&sandbox, &format!("as/robin/2/tweets/{post}?tweet.fields=public_metrics"));
    assert_eq!(read["data"]["public_metrics"]["reply_count"], 1);
    assert_eq!(send(&sandbox, "POST", "as/ada/2/tweets", &json!({"text": "raw"}))["data"]["text"], "raw");
    assert_eq!(get(&sandbox, "as/ada/2/users/me")["data"]["username"], "ada");
    assert_eq!(
        (get(&sandbox, "bill")["total"].clone(), get(&sandbox, "journal")["last"].clone()),
        (json!("$0.00"), json!(0))
    );
    for (body, status) in [
        (json!({"as": "ada", "verb": "like"}), 400),
        (json!({"as": "ada", "verb": "sing"}), 404),
        (json!({"as": "nobody_here", "verb": "post"}), 404),
        (json!({"verb": "post"}), 400),
        (json!({"as": "ada", "verb": "like", "to": "a b"}), 400),
    ] {
        assert_eq!(control(&sandbox, "POST", "act", &body).0, status, "{body}");
    }
    assert_eq!(control(&sandbox, "GET", "as/ada/2/nothing", &Json::Null).0, 404);
    assert_eq!(control(&sandbox, "GET", "as/ada/2/tweets/search/stream", &Json::Null).0, 400);
}
