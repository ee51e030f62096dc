//! Webhooks, subscriptions, rules, connections.

use chirrup::ErrorKind;
use chirrup::model::{ActivityType, ConnectionField, ConnectionState, StreamEndpoint, WebhookField};
use serde_json::json;

use crate::shared::{both, client};

#[tokio::test]
async fn webhooks_are_made_linked_and_deleted() {
    let (_sandbox, client) = both();
    assert_eq!(client.create_webhook("http://plain.example").await.unwrap_err().kind(), ErrorKind::Invalid);
    let hook = client.create_webhook("https://bot.example/hook").await.unwrap().data;
    assert_eq!(hook.valid, Some(false), "nobody was asked");
    let listed = client.webhooks().webhook_fields([WebhookField::Url]).await.unwrap().data;
    assert_eq!((listed.len(), listed[0].url.as_deref()), (1, Some("https://bot.example/hook")));
    let refused = client.validate_webhook(hook.id).await.unwrap_err();
    assert_eq!(refused.status_code(), Some(501), "the sandbox says that it calls nobody");
    let refused = client.replay_webhook("yesterday", "202601020000", hook.id).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Invalid);
    assert!(client.replay_webhook("202601010000", "202601020000", hook.id).await.is_ok(), "there was nothing to send");
    assert!(client.create_stream_link(hook.id).await.unwrap().data.provisioned);
    assert_eq!(client.stream_links().await.unwrap().data.len(), 1);
    assert!(client.delete_stream_link(hook.id).await.unwrap().data.deleted);
    assert!(client.delete_webhook(hook.id).await.unwrap().data.deleted);
    assert_eq!(client.delete_webhook(hook.id).await.unwrap_err().kind(), ErrorKind::Invalid);
    assert!(client.webhooks().await.unwrap().data.is_empty());
}

#[tokio::test]
async fn activity_is_subscribed_to() {
    let (_sandbox, client) = both();
    let filter = json!({"user_id": "12"});
    let made = client.create_activity_subscription(ActivityType::PostCreate, filter).tag("robin writes").await.unwrap();
    let made = made.data.subscription.unwrap();
    assert_eq!((made.event_type.as_deref(), made.tag.as_deref()), (Some("post.create"), Some("robin writes")));
    let id = made.subscription_id.unwrap();
    let changed = client.update_activity_subscription(id).tag("he writes").await.unwrap().data;
    assert_eq!(
        (changed.subscription.unwrap().tag.as_deref(), changed.total_subscriptions),
        (Some("he writes"), Some(1))
    );
    assert_eq!(client.activity_subscriptions().max_results(10).await.unwrap().data.len(), 1);
    let filter = json!({"keyword": "rust"});
    let other = client.create_activity_subscription(ActivityType::NewsNew, filter).await.unwrap();
    let other = other.data.subscription.unwrap().subscription_id.unwrap();
    let gone = client.delete_activity_subscriptions([other, 7.into()]).await.unwrap();
    assert_eq!((gone.data.len(), gone.errors.len(), gone.meta.total_subscriptions), (1, 1, Some(1)));
    assert!(client.delete_activity_subscription(id).await.unwrap().data.deleted);
    assert!(client.activity_subscriptions().await.unwrap().data.is_empty());
}

#[tokio::test]
async fn account_activity_is_subscribed_to() {
    let (_sandbox, client) = both();
    let me = client.me().await.unwrap();
    let hook = client.create_webhook("https://bot.example/hook").await.unwrap().data.id;
    assert!(!client.is_subscribed(hook).await.unwrap().data.subscribed);
    assert!(client.subscribe(hook).await.unwrap().data.subscribed);
    assert!(client.is_subscribed(hook).await.unwrap().data.subscribed);
    let all = client.account_subscriptions(hook).await.unwrap().data;
    assert_eq!(all.subscriptions.unwrap()[0].user_id, Some(me));
    assert_eq!(client.account_subscription_count().await.unwrap().data.subscriptions_count_all.as_deref(), Some("1"));
    assert!(!client.unsubscribe(hook, me).await.unwrap().data.subscribed);
    assert!(!client.is_subscribed(hook).await.unwrap().data.subscribed);
}

#[tokio::test]
async fn rules_are_added_checked_and_deleted() {
    let (_sandbox, client) = both();
    let add = json!([{"value": "rust lang:en", "tag": "rust"}, {"value": "cat has:images"}, {"value": "rust ("}]);
    let tried = client.update_rules().add_rules(add.clone()).dry_run(true).await.unwrap();
    assert_eq!(tried.data.len(), 2);
    assert!(client.rules().await.unwrap().data.is_empty(), "a trial changes nothing");
    let added = client.update_rules().add_rules(add.clone()).await.unwrap();
    assert_eq!(added.raw.status.as_u16(), 201);
    assert_eq!(added.meta.summary.unwrap(), json!({"created": 2, "not_created": 1, "valid": 2, "invalid": 1}));
    assert_eq!(added.errors.len(), 1);
    let again = client.update_rules().add_rules(add).await.unwrap();
    assert_eq!((again.data.len(), again.errors.len()), (0, 3), "two are there already");
    let counts = client.rule_counts().await.unwrap().data;
    assert_eq!(counts.client_app_rules_count.unwrap().rule_count, Some(2));
    let rules = client.rules().await.unwrap().data;
    assert_eq!((rules[0].tag.as_deref(), rules[1].tag.as_deref()), (Some("rust"), None));
    assert_eq!(client.rules().ids([rules[1].id.unwrap()]).await.unwrap().data.len(), 1);
    let gone = client.update_rules().delete_rules(json!({"values": ["cat has:images"]})).await.unwrap();
    assert_eq!(gone.meta.summary.unwrap()["deleted"], 1);
    client.update_rules().delete_all(true).await.unwrap();
    assert!(client.rules().await.unwrap().data.is_empty());
    assert_eq!(client.update_rules().await.unwrap_err().kind(), ErrorKind::Invalid);
}

#[tokio::test]
async fn no_stream_is_open() {
    let (sandbox, _) = both();
    let app = client(&sandbox, sandbox.app_only());
    let list = app.connections().status(ConnectionState::Active).endpoints([StreamEndpoint::Filtered]);
    assert!(list.connection_fields([ConnectionField::Id]).await.unwrap().data.is_empty());
    let closed = app.close_connections(["abc"]).await.unwrap().data;
    assert_eq!((closed.successful_kills, closed.failed_kills), (Some(0), Some(1)));
    assert_eq!(app.close_all_connections().await.unwrap().data.failed_kills, Some(0));
    assert_eq!(app.close_connections_to(StreamEndpoint::Sample).await.unwrap().data.failed_kills, Some(0));
}
