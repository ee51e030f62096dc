//! What a client keeps: the authenticated user, and the messages that it sent.

use chirrup::model::v1::NewMessage;
use serde_json::json;

use crate::common::{sandbox, sandbox_and_client};

#[tokio::test]
async fn the_account_is_requested_once_per_credential() {
    let sandbox = sandbox();
    let client = crate::common::client(&sandbox, sandbox.oauth2("ada", &["users.read", "tweet.read"]).unwrap());
    part!({
        let first = client.account().await.unwrap();
        let asked = sandbox.journal().len();
        let again = client.clone().account().await.unwrap();
        let me = client.me().await.unwrap();
        shows!("pytweet.client.account", {
            assert_eq!(sandbox.journal()[0].path, "/2/users/me");
            assert_eq!((first.username.as_str(), &again, me), ("ada", &first, first.id));
            assert_eq!((sandbox.journal().len(), asked), (1, 1), "one request in all");
        });
    });
    part!({
        client.get_me().await.unwrap();
        assert_eq!(sandbox.journal().len(), 2, "`get_me` asks each time");
        let robin = client.with_credentials(sandbox.oauth1("robin").unwrap());
        let robin = robin.account().await.unwrap();
        let app = client.with_credentials(sandbox.app_only());
        let none = app.account().await.unwrap_err();
        shows!("pytweet.client.account", {
            assert_eq!((robin.username.as_str(), none.kind()), ("robin", chirrup::ErrorKind::Credentials));
        });
    });
}

#[tokio::test]
async fn a_deleted_message_is_forgotten() {
    let (_sandbox, client) = sandbox_and_client();
    let sent = client.user(12).send(NewMessage::text("hello")).await.unwrap().data;
    let id = sent.event.id.to_string();
    assert_eq!(client.own_message(&id).unwrap().text, "hello");
    client.message(id.as_str()).delete().await.unwrap();
    assert!(client.own_message(&id).is_none());

    let new = client.send_dm(12).text("again").await.unwrap().data.dm_event_id.to_string();
    assert_eq!(client.own_message(&new).unwrap().text, "again");
    client.delete_dm_event(new.as_str()).await.unwrap();
    assert!(client.own_message(&new).is_none());

    let raw = client.route("/2/dm_conversations/with/12/messages").json(json!({"text": "by route"})).await.unwrap();
    let id = raw.data["data"]["dm_event_id"].as_str().unwrap();
    assert_eq!(client.own_message(id).unwrap().text, "by route");
    client.call("DELETE", "/2/dm_events/:event_id").arg("event_id", id).await.unwrap();
    assert!(client.own_message(id).is_none());
}
