//! Activity events and the end of their subscriptions.

use std::time::Duration;

use chirrup::Credentials;
use chirrup::login::{App, Login};
use chirrup::model::{ActivityType, BroadcastTransition, Region, Timestamp, UserId};
use chirrup_sandbox::NewApp;
use serde_json::json;

use crate::common::{client, sandbox_and_client};
use crate::live_streams::until_live;

#[tokio::test]
async fn a_subscription_ends_at_its_time() {
    let (sandbox, ada) = sandbox_and_client();
    // X delivers whole seconds.
    let end = Timestamp::from_secs(sandbox.clock().now().as_secs() + 60);
    let filter = json!({"user_id": "12", "qualifiers": {"lang": "en"}});
    let made = ada.create_activity_subscription(ActivityType::PostCreate, filter).expires_at(end).await.unwrap();
    let made = made.data.subscription.unwrap();
    assert_eq!(made.expires_at, Some(end.to_whole_seconds()), "times are sent in whole seconds");
    assert_eq!(made.filter.unwrap().qualifiers, Some(json!({"lang": "en"})));
    let other = json!({"user_id": "13"});
    ada.create_activity_subscription(ActivityType::SubscriptionsSubscribe, other).await.unwrap();
    assert_eq!(ada.activity_subscriptions().await.unwrap().data.len(), 2);
    let found = ada.activity_subscriptions().user_id(12).await.unwrap().data;
    assert_eq!((found.len(), found[0].subscription_id), (1, made.subscription_id));
    sandbox.clock().advance(Duration::from_secs(61));
    assert!(ada.activity_subscriptions().user_id(12).await.unwrap().data.is_empty());
    assert_eq!(ada.activity_subscriptions().await.unwrap().data.len(), 1, "the other subscription does not expire");
}

#[tokio::test]
async fn a_broadcast_and_its_chat_are_events_of_the_host() {
    let (sandbox, ada) = sandbox_and_client();
    let host = ada.me().await.unwrap();
    let kinds = [
        ActivityType::BroadcastStart,
        ActivityType::BroadcastChat,
        ActivityType::BroadcastChatRemove,
        ActivityType::BroadcastEnd,
    ];
    for kind in &kinds {
        let filter = json!({"user_id": host.to_string()});
        ada.create_activity_subscription(kind, filter).await.unwrap();
    }
    let mut events = ada.activity_stream().open();
    until_live(&mut events).await;

    let source = ada.create_broadcast_source("Encoder", Region::UsEast1).await.unwrap().data;
    let id = ada.create_user_broadcast(&source).await.unwrap().data.broadcast.id;
    ada.update_user_broadcast_state(&id, BroadcastTransition::Publish).skip_post(true).await.unwrap();
    let robin = client(&sandbox, sandbox.oauth1("robin").unwrap());
    robin.send_broadcast_chat(&id, "lovely").await.unwrap();
    let message = ada.broadcast_chat(&id).await.unwrap().data[0].id.clone();
    ada.delete_broadcast_message(&id, &message).await.unwrap();
    assert!(!ada.delete_broadcast_message(&id, &message).await.unwrap().data.deleted, "which is not an event");
    ada.update_broadcast_state(&id, BroadcastTransition::End).await.unwrap();

    let mut payloads = Vec::new();
    for kind in &kinds {
        let event = events.next_item().await.unwrap().data.unwrap();
        assert_eq!(event.event_type.as_deref(), Some(kind.as_str()));
        assert!(event.created_at.is_some());
        payloads.push(event.payload.unwrap());
    }
    assert!(payloads.iter().all(|payload| payload["broadcast_id"] == id.as_str()));
    assert_eq!((&payloads[1]["text"], &payloads[2]["id"]), (&json!("lovely"), &json!(message)));
}

#[tokio::test]
async fn revoked_tokens_and_subscriptions_are_events() {
    let (sandbox, ada) = sandbox_and_client();
    let robin = UserId::new(12);
    let app = sandbox.create_app(&NewApp::default().user("robin")).unwrap();
    let owner = client(&sandbox, Credentials::app_only(app.bearer_token.clone()));
    let kinds =
        [ActivityType::OauthRevoke, ActivityType::SubscriptionsSubscribe, ActivityType::SubscriptionsUnsubscribe];
    for kind in &kinds[1..] {
        owner.create_activity_subscription(kind, json!({"user_id": robin.to_string()})).await.unwrap();
    }
    // The newest specification does not list this type among those to subscribe to.
    let body = json!({"event_type": "oauth.revoke", "filter": {"user_id": robin.to_string()}});
    for client in [&owner, &ada] {
        client.call("POST", "/2/activity/subscriptions").as_app().json(body.clone()).await.unwrap();
    }
    let mut elsewhere = ada.activity_stream().open();
    until_live(&mut elsewhere).await;
    let mut events = owner.activity_stream().open();
    until_live(&mut events).await;

    let token = app.users[0].oauth2_access_token.clone();
    let public = App::new(&app.consumer_key, app.consumer_secret.clone());
    Login::new(&ada).revoke(&public, &token).await.unwrap();
    for kind in ["subscriptions.subscribe", "subscriptions.unsubscribe"] {
        sandbox.emit_activity(kind, robin, json!({})).unwrap();
    }
    for kind in &kinds {
        let event = events.next_item().await.unwrap().data.unwrap();
        assert_eq!(event.event_type.as_deref(), Some(kind.as_str()));
    }
    assert_eq!(elsewhere.metrics().read().lines, 0, "another app receives no event");
}
