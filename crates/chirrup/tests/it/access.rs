//! Permissions of a client: what they do not allow never reaches the server.

use std::time::Duration;

use chirrup::{
    Access, Budget, Client, Cost, Error, ErrorKind, HttpBuilder, IntoCall, LiveEvent, Verb, upload::MediaSource,
};
use chirrup_sandbox::Sandbox;
use serde_json::json;

use crate::common::{clock, sandbox};

/// Creates a client with these permissions that uses the clock of the sandbox.
fn client(sandbox: &Sandbox, access: Access) -> Client {
    let builder = Client::builder().access(access).http(HttpBuilder::default().clock(clock(sandbox)));
    builder.credentials(sandbox.credentials().unwrap()).base_url(sandbox.url()).build().unwrap()
}

/// Sends a call, and returns why it was not allowed.
async fn refused(call: impl IntoCall) -> Error {
    let error = call.into_call().send_raw().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotAllowed, "{error}");
    assert!(error.hint().is_some_and(|hint| hint.contains("nothing was sent")), "{error}");
    error
}

#[tokio::test]
async fn the_level_look_reads_pages_and_nothing_else() {
    let sandbox = sandbox();
    let client = client(&sandbox, Access::look().allow([Verb::Post, Verb::Like, Verb::Media]));
    client.search_recent("rust").await.unwrap();
    client.v1().lookup([20_u64]).await.unwrap();
    let requests = sandbox.journal().len();
    refused(client.create_post().text("hello")).await;
    refused(client.like(20)).await;
    refused(client.create_list("birds")).await;
    refused(client.search_all("rust")).await;
    refused(client.dm_events()).await;
    refused(client.v1().update("hello")).await;
    let png = MediaSource::from(b"\x89PNG\r\n\x1a\nheron".to_vec());
    assert_eq!(client.upload(png).await.unwrap_err().kind(), ErrorKind::NotAllowed);
    let mut live = client.filtered_stream().live().open();
    match live.next_event().await.unwrap() {
        LiveEvent::Ended(why) => assert_eq!(why.kind(), ErrorKind::NotAllowed),
        other => panic!("{other:?}"),
    }
    // For the like, the client has read its own ID.
    assert!(sandbox.journal()[requests..].iter().all(|event| event.path == "/2/users/me"), "nothing else was sent");
}

#[tokio::test]
async fn no_way_to_call_a_route_passes_the_permissions() {
    let sandbox = sandbox();
    let client = client(&sandbox, Access::look());
    for (method, path) in [
        ("POST", "/2/tweets"),
        ("POST", "/2/%74weets"),
        ("POST", "/2/tweets/"),
        ("POST", "//2/tweets"),
        ("POST", "/1.1/statuses/update.json?status=hello"),
        ("PUT", "/2/unknown"),
        ("GET", "/2/unknown"),
        ("GET", "/2/tweets/search/all?query=rust"),
        ("GET", "/2/tweets/search/stream"),
    ] {
        for path in [path.to_owned(), format!("{}{path}", sandbox.url())] {
            let outcome = client.call(method, &path).json(json!({"text": "hello"})).await;
            assert_eq!(outcome.map(drop).unwrap_err().kind(), ErrorKind::NotAllowed, "{method} {path}");
        }
    }
    let changed = client.call("GET", "/2/tweets").method("POST").json(json!({"text": "hello"})).await;
    assert_eq!(changed.map(drop).unwrap_err().kind(), ErrorKind::NotAllowed);
    let other = client.with_credentials(sandbox.oauth1("robin").unwrap());
    refused(other.create_post().text("hello")).await;
    assert_eq!(sandbox.journal().len(), 0, "nothing was sent");
}

#[tokio::test]
async fn a_post_needs_the_verbs_of_its_kind() {
    let sandbox = sandbox();
    let quoter = client(&sandbox, Access::write().allow([Verb::Quote]));
    quoter.create_post().text("look").quote(20).await.unwrap();
    let error = refused(quoter.create_post().text("hello")).await;
    assert!(error.to_string().contains("`post` is not among the allowed ones: quote"), "{error}");
    refused(quoter.create_post().text("hello").reply(chirrup::model::NewReply::to(20))).await;
    let body = json!({"text": "both", "quote_tweet_id": "20", "reply": {"in_reply_to_tweet_id": "20"}});
    let both = quoter.call("POST", "/2/tweets").json(body).await;
    assert_eq!(both.map(drop).unwrap_err().kind(), ErrorKind::NotAllowed);
    refused(quoter.v1().update("an answer").in_reply_to_status_id(20)).await;
    refused(quoter.delete_post(20)).await;
    let poster = client(&sandbox, Access::write().allow([Verb::Post]));
    poster.create_post().text("hello").await.unwrap();
    poster.v1().update("hello again").await.unwrap();
    refused(poster.create_post().text("look").quote(20)).await;
}

#[tokio::test]
async fn only_allowed_accounts_are_written_as() {
    let sandbox = sandbox();
    let stranger = client(&sandbox, Access::write().accounts(["robin"]));
    for _ in 0..2 {
        let error = refused(stranger.create_post().text("hello")).await;
        assert!(error.to_string().contains("@ada"), "{error}");
    }
    let journal = sandbox.journal();
    assert_eq!(journal.iter().filter_map(|entry| entry.endpoint).collect::<Vec<_>>(), ["get_me"], "asked once");
    client(&sandbox, Access::write().accounts(["@Ada"])).create_post().text("hello").await.unwrap();
}

#[tokio::test]
async fn writes_are_limited_in_any_hour() {
    let sandbox = sandbox();
    let client = client(&sandbox, Access::write().allow([Verb::Like, Verb::Media]).per_hour(2));
    assert_eq!(client.writes_left(), Some(2));
    client.like(20).await.unwrap();
    let png = MediaSource::from(b"\x89PNG\r\n\x1a\nheron".to_vec());
    client.upload(png).await.unwrap();
    sandbox.clock().advance(Duration::from_secs(1_800));
    client.clone().unlike(20).await.unwrap();
    let error = client.like(20).await.map(drop).unwrap_err();
    assert_eq!((error.kind(), client.writes_left()), (ErrorKind::RateLimited, Some(0)), "{error}");
    let wait = error.retry_after().unwrap();
    assert!(wait <= Duration::from_secs(1_800) && wait > Duration::from_secs(1_700), "{wait:?}");
    sandbox.clock().advance(wait);
    client.like(20).await.unwrap();
}

#[tokio::test]
async fn the_budget_of_a_client_with_permissions_is_one_dollar() {
    let sandbox = sandbox();
    assert_eq!(client(&sandbox, Access::look()).budget_left(), Some(Cost::from_micros(1_000_000)));
    let two = Budget::default().per_run(Cost::from_micros(2_000_000));
    let builder = Client::builder().access(Access::look()).budget(two);
    assert_eq!(builder.build().unwrap().budget_left(), Some(Cost::from_micros(2_000_000)));
    assert_eq!(Client::builder().build().unwrap().budget_left(), None);
}

#[tokio::test]
async fn the_highest_level_reads_streams_and_the_archive() {
    let sandbox = sandbox();
    let client = client(&sandbox, Access::spend().allow([Verb::Rules, Verb::Message]));
    client.search_all("rust").await.unwrap();
    client.dm_events().max_results(10).await.unwrap();
    client.add_rules(["heron"]).await.unwrap();
    let mut live = client.filtered_stream().live().open();
    while !matches!(live.next_event().await.unwrap(), LiveEvent::Live) {}
    live.stop_handle().stop();
}
