//! Method, locations and body of the raw call.

use std::collections::HashMap;
use std::time::Duration;

use chirrup::model::Dialect;
use chirrup::model::v1::Status;
use chirrup::{ErrorKind, RawCall};
use chirrup_sandbox::{Fault, Sandbox};
use serde_json::json;

use crate::common::{client, sandbox, sandbox_and_client};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nheron";

/// Methods and targets of the requests that the sandbox received.
fn requests(sandbox: &Sandbox) -> Vec<String> {
    sandbox.journal().iter().map(|event| format!("{} {}", event.method, event.path)).collect()
}

/// A client with the OAuth 2.0 token of `ada` alone.
fn oauth2_client(sandbox: &Sandbox) -> chirrup::Client {
    let scopes = ["tweet.read", "users.read", "mute.read", "bookmark.read", "block.read", "list.read", "follows.read"];
    client(sandbox, sandbox.oauth2("ada", &scopes).unwrap())
}

fn target(call: &RawCall) -> String {
    let call = call.call();
    format!("{} {}", call.method, call.to_http(Dialect::Tweet).unwrap().target)
}

#[tokio::test]
async fn a_json_body_makes_a_post() {
    let (sandbox, client) = sandbox_and_client();
    let rules = client.route("/2/tweets/search/stream/rules");
    let added = rules.clone().json(json!({"add": [{"value": "python"}]})).await;
    let stored = rules.await.unwrap().data["data"][0]["value"].clone();
    let posted = client.route("2/tweets").json(json!({"text": "by route"})).await;
    let sent = requests(&sandbox);
    let rules = "/2/tweets/search/stream/rules";
    shows!("ptt.ex.v2_rules_add", {
        let added = added.unwrap().data["meta"]["summary"]["created"].as_u64();
        assert_eq!((added, stored.as_str()), (Some(1), Some("python")));
    });
    shows!("ptt.ex.v2_post_tweet", assert_eq!(posted.unwrap().data["data"]["text"], "by route"));
    shows!(["ptt.call._json", "ptt.ex.v2_rules_add", "ptt.ex.v2_post_tweet"], {
        assert_eq!(sent, [format!("POST {rules}"), format!("GET {rules}"), "POST /2/tweets".to_owned()]);
    });

    part!({
        let tried =
            client.route("/2/tweets/search/stream/rules").arg("dry_run", true).json(json!({"add": [{"value": "x"}]}));
        assert_eq!(target(&tried), "POST /2/tweets/search/stream/rules?dry_run=true");
        assert_eq!(tried.await.unwrap().data["meta"]["summary"]["created"], 1);
        let none = client.route("/2/tweets").json(None::<String>).arg("ids", 20);
        assert_eq!(target(&none), "GET /2/tweets?ids=20");
        let forced = client.call("PUT", "/2/tweets/20/hidden").json(json!({"hidden": true}));
        shows!("ptt.call._json", {
            let parts = forced.call().to_http(Dialect::Tweet).unwrap();
            assert_eq!(
                (target(&forced).as_str(), &parts.body[..]),
                ("PUT /2/tweets/20/hidden", &br#"{"hidden":true}"#[..])
            );
            assert_eq!(parts.content_type.as_deref(), Some("application/json"));
        });
    });
}

#[tokio::test]
async fn the_method_follows_the_list_of_python_twitter_tools() {
    let (_sandbox, client) = sandbox_and_client();
    let method = |path: &str| client.route(path).call().method.into_owned();
    for write in [
        "statuses/update",
        "statuses/retweet/20",
        "statuses/update_with_media",
        "friendships/update",
        "direct_messages/new",
        "account/update_profile_image",
        "account/update_delivery_device",
        "account/update_profile",
        "account/update_profile_background_image",
        "account/update_profile_colors",
        "account/update_profile_banner",
        "account/remove_profile_banner",
        "notifications/follow",
        "favorites/destroy",
        "statuses/destroy/20",
        "saved_searches/destroy/20",
        "lists/members/destroy_all",
        "favorites/create",
        "lists/members/create_all",
        "users/report_spam",
        "statuses/filter",
        "oauth/access_token",
        "oauth2/invalidate_token",
        "media/upload",
        "media/metadata/create",
        "collections/create",
        "collections/destroy",
        "collections/update",
        "collections/entries/add",
        "collections/entries/remove",
        "oauth2/token",
        "oauth/request_token",
        "account/settings",
        "collections/entries/curate",
        "collections/entries/move",
        "friendships/leave",
        "account/update_location",
        "account/end_session",
        "user",
        "site",
        "statuses/lookup",
        "users/lookup",
        "statuses/unretweet/20",
    ] {
        shows!("ptt.call.method_guess", assert_eq!(method(write), "POST", "{write}"));
    }
    for read in ["friendships/lookup", "statuses/show/20", "lists/members", "2/tweets/20", "2/users/by/username/user"] {
        shows!("ptt.call.method_guess", assert_eq!(method(read), "GET", "{read}"));
    }
    part!({
        let retweet = client.route("statuses/retweet").arg("id", 20).call().method.clone();
        shows!("ptt.call.method_guess", assert_eq!(retweet, "POST"));
    });
    let people = client.route("friendships/lookup").arg("screen_name", "robin").await.unwrap();
    shows!("ptt.call.method_guess", assert_eq!(people.data[0]["screen_name"], "robin"));
    part!({
        let people = client.route("users/lookup").arg("screen_name", json!(["robin", "ada"])).await.unwrap();
        shows!("ptt.call.method_guess", assert_eq!(people.data.as_array().unwrap().len(), 2));
    });
}

#[tokio::test]
async fn parameters_are_placed_when_the_call_is_sent() {
    let (sandbox, client) = sandbox_and_client();
    let me = client.me().await.unwrap().to_string();
    let before = sandbox.journal().len();
    part!({
        let muting = client.route("/2/users/_id/muting").arg("_id", me).arg("target_user_id", "12").method("POST");
        let muted = muting.timeout(Duration::from_secs(20)).await.unwrap();
        let shown = client.route("statuses/oembed").arg("_id", 20).method("GET");
        shows!("seed.more.arguments_then_method", {
            assert_eq!(muted.data["data"]["muting"], true);
            assert_eq!(target(&shown), "GET /1.1/statuses/oembed.json?id=20");
        });
    });
    part!({
        let twice = client.route("statuses/show").arg("id", 20).arg("id", 21);
        assert_eq!(target(&twice), "GET /1.1/statuses/show/21.json");
        let deleted = client.route("/2/tweets/:id").method("DELETE").arg("id", 1);
        assert_eq!(target(&deleted), "DELETE /2/tweets/1");
        let map = HashMap::from([("tweet.fields", "lang"), ("ids", "20")]);
        let posts = client.route("2/tweets").params(&map).await.unwrap();
        shows!("ptt.call.params", {
            assert!(posts.data["data"][0]["lang"].is_string(), "{:?}", posts.data);
            let both = client.route("2/tweets").arg("ids", 20).params([("tweet.fields", "lang,source")]);
            assert_eq!(target(&both), "GET /2/tweets?ids=20&tweet.fields=lang%2Csource");
        });
    });
    part!({
        let sent = requests(&sandbox).split_off(before);
        assert_eq!((sent.len(), sent[0].starts_with("POST ")), (2, true), "no request for the ID: {sent:?}");
        sandbox.inject_fault(Fault::DelayRequest(Duration::from_secs(5)));
        let late = client.route("users/lookup").arg("screen_name", "ada,robin").timeout(Duration::from_secs(1)).await;
        shows!(["seed.more.arguments_then_method", "ptt.call._timeout"], {
            assert_eq!(late.unwrap_err().kind(), ErrorKind::Timeout);
            assert_eq!(target(&client.route("users/lookup")), "POST /1.1/users/lookup.json");
        });
    });
}

#[tokio::test]
async fn none_is_left_out() {
    let (sandbox, client) = sandbox_and_client();
    part!({
        let timeline = client.route("statuses/home_timeline").arg("since_id", None::<u64>).arg("count", Some(2));
        let line = target(&timeline);
        let found = timeline.await.unwrap().data.as_array().unwrap().len();
        shows!(["twython.params.none", "tweepy.param.none"], {
            assert_eq!((line.as_str(), found), ("GET /1.1/statuses/home_timeline.json?count=2", 2));
        });
    });
    let post = client.call("POST", "/2/tweets").arg("text", "plain").arg("quote_tweet_id", None::<String>);
    part!({
        let form = client.route("statuses/update").arg("status", "s").arg("lat", None::<f64>).form("long", None::<f64>);
        let listed = client.route("users/lookup").arg("screen_name", json!(["robin", null, "ada"])).method("GET");
        shows!("twython.params.none", {
            assert_eq!(post.call().to_http(Dialect::Tweet).unwrap().body, &br#"{"text":"plain"}"#[..]);
            assert_eq!(form.call().to_http(Dialect::Tweet).unwrap().body, &b"status=s"[..]);
            assert_eq!(target(&listed), "GET /1.1/users/lookup.json?screen_name=robin%2Cada");
        });
    });
    post.await.unwrap();
    let open = client.call("GET", "/2/users/:id").arg("id", None::<u64>).await.unwrap_err();
    assert_eq!(open.kind(), ErrorKind::Argument);

    let (since, limit, words) = (None::<u64>, Some(5_u32), None::<&str>);
    let typed = client.user_posts(12).since_id(since).max_results(limit).page_token(words);
    part!({
        let sent = typed.call().to_http(Dialect::Tweet).unwrap().target;
        shows!("tweepy.param.none", assert_eq!(sent, "/2/users/12/tweets?max_results=5"));
    });
    part!({
        assert_eq!(typed.await.unwrap().data.len(), 5);
        let plain = client.create_post().text("typed").reply(None::<u64>).quote(None::<u64>).media(None::<u64>);
        assert_eq!(plain.call().to_http(Dialect::Tweet).unwrap().body, &br#"{"text":"typed"}"#[..]);
        plain.await.unwrap();
        let missing = client.get_user(None::<u64>).await.unwrap_err();
        assert!(missing.message().contains("required"), "{missing}");
        shows!("twython.params.none", assert!(sandbox.journal().iter().all(|event| !event.path.contains("null"))));
    });
}

#[tokio::test]
async fn a_file_makes_a_multipart_post() {
    let (sandbox, client) = sandbox_and_client();
    let uploaded = client.route("media/upload").file("media", PNG).arg("media_category", "tweet_image").await.unwrap();
    let id = uploaded.data["media_id_string"].as_str().unwrap().to_owned();
    shows!(["ptt.ex.media_upload", "twython.params.file"], {
        assert_eq!((requests(&sandbox).len(), uploaded.data["size"].as_u64()), (1, Some(PNG.len() as u64)));
        assert_eq!(id, uploaded.data["media_id"].to_string());
    });
    let alt = client.route("media/metadata/create").arg("media_id", id.as_str()).arg("text", "a heron");
    let parts = alt.call().to_http(Dialect::Tweet).unwrap();
    assert_eq!(parts.content_type.as_deref(), Some("application/json"));
    alt.await.unwrap();
    let posted = client.route("statuses/update").arg("status", "look").arg("media_ids", id).await.unwrap();
    let posted: Status = serde_json::from_value(posted.data).unwrap();
    assert_eq!(posted.extended_entities.unwrap().media.unwrap().len(), 1);
    let at_once = client.route("statuses/update_with_media").file("media[]", PNG).arg("status", "both").await.unwrap();
    assert_eq!(at_once.data["extended_entities"]["media"].as_array().unwrap().len(), 1);
    let v2 = client.route("/2/media/upload").arg("media_category", "tweet_image").file("media", PNG).await.unwrap();
    assert!(v2.data["data"]["id"].is_string());
    assert!(requests(&sandbox).iter().all(|request| request.starts_with("POST")));
    let two = client.route("/2/media/upload").json(json!({"a": 1})).file("media", PNG).await.unwrap_err();
    assert_eq!(two.kind(), ErrorKind::Argument);
    assert!(two.message().contains("a request has one body"), "{two}");
    let two = client.route("statuses/update").json(json!({"a": 1})).form("status", "s").await.unwrap_err();
    assert_eq!(two.kind(), ErrorKind::Argument);
}

#[tokio::test]
async fn a_literal_user_id_in_the_path_needs_no_request_for_it() {
    let sandbox = sandbox();
    let me = client(&sandbox, sandbox.credentials().unwrap()).me().await.unwrap();
    for end in ["muting", "bookmarks", "blocking", "pinned_lists", "timelines/reverse_chronological"] {
        let path = format!("/2/users/{me}/{end}");
        let before = sandbox.journal().len();
        oauth2_client(&sandbox).call("GET", &path).await.unwrap();
        let sent: Vec<String> = requests(&sandbox).split_off(before);
        assert_eq!(sent, [format!("GET {path}")]);
    }
    let before = sandbox.journal().len();
    oauth2_client(&sandbox).call("GET", "/2/users/:id/muting").await.unwrap();
    assert_eq!(
        requests(&sandbox).split_off(before),
        ["GET /2/users/me".to_owned(), format!("GET /2/users/{me}/muting")]
    );
}
