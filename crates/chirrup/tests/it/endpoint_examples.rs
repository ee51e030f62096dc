//! The examples of the endpoint table, sent to the sandbox.

use std::collections::BTreeSet;

use chirrup::model::{BroadcastTransition, Post, Region};
use chirrup::{ApiClient, BoundCall, Client, Endpoint, IntoCall, LiveBuilder, Typed, all};
use chirrup_api::Example;
use chirrup_sandbox::Sandbox;
use serde_json::{Value as Json, json};

use crate::chat_conversations::group;
use crate::common::sandbox_and_client;
use crate::live_streams::until_live;

/// Sends a call and returns a part of its response.
async fn part(call: impl IntoCall, pointer: &str) -> Json {
    let call = call.into_call();
    let id = call.call().endpoint.unwrap().id;
    let raw = call.send_raw().await.unwrap();
    let body: Json = serde_json::from_slice(&raw.body).unwrap();
    body.pointer(pointer).unwrap_or_else(|| panic!("{id}: {pointer} is missing in {body}")).clone()
}

/// A broadcast that runs.
async fn broadcast(ada: &Client) -> Json {
    let source = ada.create_broadcast_source("Encoder", Region::UsEast1).await.unwrap().data;
    let id = ada.create_user_broadcast(&source).await.unwrap().data.broadcast.id;
    ada.update_user_broadcast_state(&id, BroadcastTransition::Publish).await.unwrap();
    json!(id)
}

/// Creates the object that an endpoint needs, and returns the parameter that names it. An example contains an ID that
/// a new world does not have, because X and the sandbox draw IDs.
async fn created(ada: &Client, endpoint: &Endpoint) -> Option<(&'static str, Json)> {
    let begins = |prefix: &str| endpoint.path.starts_with(prefix);
    let post = part(ada.create_post().text("An own post"), "/data/id");
    Some(match endpoint.path {
        "/2/tweets/{id}" if endpoint.method == "DELETE" => ("id", post.await),
        "/1.1/statuses/destroy/{id}.json" => ("id", post.await),
        "/2/tweets/analytics" => ("ids", json!([post.await])),
        "/2/tweets/{tweet_id}/hidden" => {
            let reply = ada.create_post().text("A reply").reply(post.await.as_str().unwrap());
            ("tweet_id", part(reply, "/data/id").await)
        }
        "/2/users/{id}/bookmarks/folders/{folder_id}" => {
            ("folder_id", part(ada.create_bookmark_folder("To read"), "/data/id").await)
        }
        "/2/dm_events/{event_id}" => ("event_id", part(ada.send_dm(12).text("Hello"), "/data/dm_event_id").await),
        "/2/articles/{article_id}/publish" => {
            let content = json!({"blocks": [{"text": "Once", "type": "unstyled"}], "entities": []});
            ("article_id", part(ada.draft_article(content, "On storks"), "/data/id").await)
        }
        "/2/notes/{id}" => {
            let note = json!({
                "classification": "misinformed_or_potentially_misleading", "misleading_tags": ["other"],
                "text": "See https://example.org", "trustworthy_sources": true,
            });
            ("id", part(ada.create_note(note, 20, true), "/data/id").await)
        }
        "/2/chat/conversations/group" => {
            ("conversation_id", part(ada.begin_chat_group(), "/data/conversation_id").await)
        }
        "/2/users/{id}/broadcasts" if endpoint.method == "POST" => {
            ("source_id", part(ada.create_broadcast_source("Encoder", Region::UsEast1), "/data/id").await)
        }
        "/2/activity/subscriptions" if endpoint.method == "DELETE" => ("ids", json!([subscription(ada).await])),
        _ if begins("/2/activity/subscriptions/{") => ("subscription_id", subscription(ada).await),
        _ if begins("/2/lists/{id}") => ("id", part(ada.create_list("Birds"), "/data/id").await),
        _ if endpoint.param("list_id").is_some() => ("list_id", part(ada.create_list("Birds"), "/data/id").await),
        _ if begins("/2/broadcasts/scheduled/{id}") => {
            let schedule = ada.schedule_broadcast("1790000003000", "1790000000000", "camera");
            ("id", part(schedule, "/data/broadcast_id").await)
        }
        _ if begins("/2/broadcasts/{id}") => ("id", broadcast(ada).await),
        _ if begins("/2/sources/{id}") => {
            ("id", part(ada.create_broadcast_source("Encoder", Region::UsEast1), "/data/id").await)
        }
        _ if begins("/2/calls/scheduled/{id}") => {
            ("id", part(ada.schedule_call("2030-01-01T12:00:00Z"), "/data/id").await)
        }
        _ if begins("/2/calls/{id}") => ("id", part(ada.create_call(), "/data/id").await),
        _ if begins("/2/chat/conversations/{id}") => ("id", json!(group(ada).await)),
        _ if begins("/2/bots/{id}") => ("id", part(ada.create_bot("stork_bot"), "/data/id").await),
        _ if begins("/2/compliance/jobs/{id}") => ("id", part(ada.create_compliance_job("tweets"), "/data/id").await),
        _ if endpoint.path.contains("{webhook_id}") => {
            ("webhook_id", part(ada.create_webhook("https://bot.example/hook"), "/data/id").await)
        }
        _ => return None,
    })
}

async fn subscription(ada: &Client) -> Json {
    let create = ada.create_activity_subscription("post.create", json!({"user_id": "12"}));
    part(create, "/data/subscription/subscription_id").await
}

/// Prepares the world in other respects than an object with an ID.
async fn prepare(ada: &Client, endpoint: &Endpoint) {
    let v1 = ada.v1();
    match endpoint.path {
        path if path.starts_with("/2/tweets/search/stream") => {
            ada.update_rules().add_rules(json!([{"value": "heron"}])).await.unwrap();
        }
        "/1.1/favorites/destroy.json" => drop(v1.create_favorite(20).await.unwrap()),
        "/1.1/mutes/users/destroy.json" => drop(v1.create_mute().screen_name("robin").await.unwrap()),
        _ => {}
    }
}

/// Sends an example in a world of its own.
async fn run(example: &Example) -> Result<(), String> {
    let (_sandbox, ada): (Sandbox, Client) = sandbox_and_client();
    let endpoint = example.endpoint;
    prepare(&ada, endpoint).await;
    let api: &ApiClient = ada.api();
    let mut bound: BoundCall = (example.bind)(api);
    if let Some((name, value)) = created(&ada, endpoint).await {
        let location = endpoint.param(name).unwrap().location;
        assert!(bound.call.get(name).is_some(), "{}: {name} is not in the example", endpoint.id);
        bound.call.set(name, location, Ok(value));
    }
    if endpoint.streaming && !endpoint.is_v1() {
        until_live(&mut LiveBuilder::<Typed<Post>>::new(bound).undecoded().open()).await;
        return Ok(());
    }
    if endpoint.streaming {
        until_live(&mut LiveBuilder::of_v1(bound).open()).await;
        return Ok(());
    }
    bound.send_raw().await.map(drop).map_err(|error| format!("{}: {error}", endpoint.id))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_example_of_the_table_is_accepted_by_the_sandbox() {
    let mut running = tokio::task::JoinSet::new();
    for example in chirrup_api::examples() {
        running.spawn(run(example));
    }
    let results = running.join_all().await;
    let failures: Vec<&String> = results.iter().filter_map(|result| result.as_ref().err()).collect();
    assert!(failures.is_empty(), "{} of {}: {failures:#?}", failures.len(), results.len());
    assert!(results.len() >= 250, "{}", results.len());
}

#[test]
fn every_example_is_also_text() {
    let shown: BTreeSet<&str> =
        all().filter(|endpoint| endpoint.example.is_some()).map(|endpoint| endpoint.id).collect();
    let run: BTreeSet<&str> = chirrup_api::examples().map(|example| example.endpoint.id).collect();
    assert_eq!(shown, run);
    let text = |id: &str| chirrup::by_id(id).unwrap().example.unwrap();
    assert_eq!(text("unlike"), "client.unlike(20).await?");
    let expected = "client.liking_users(20)\n    .max_results(50)\n    .user_fields([\"verified\"])\n    .await?";
    assert_eq!(text("liking_users"), expected);
    assert_eq!(text("v1.retweets"), "client.v1().retweets(20)\n    .count(100)\n    .await?");
    assert_eq!(text("firehose_en"), "client.firehose_en(1).open()");
    assert_eq!(text("v1.filter"), "client.v1().filter()\n    .track([\"rust\", \"birds\"])\n    .open()");
}
