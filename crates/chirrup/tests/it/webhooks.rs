//! Webhooks: their management, and signed deliveries from the sandbox to a real server.

use std::net::SocketAddr;
use std::time::Duration;

use chirrup::model::{ActivityType, WebhookField};
use chirrup::webhook::{Events, Receiver, WebhookEvent};
use chirrup::{Credentials, ErrorKind, Secret, auth};
use chirrup_sandbox::{NewApp, Sandbox};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::common::{client, sandbox, sandbox_and_client};

/// Secret of the default app of every sandbox.
fn secret(sandbox: &Sandbox) -> Secret {
    let environment = sandbox.environment().unwrap();
    environment.into_iter().find(|(name, _)| *name == "X_CONSUMER_SECRET").unwrap().1
}

/// Starts an axum server with a receiver at `/hook`, and returns its URL.
async fn listening(receiver: Receiver) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = axum::Router::new().route_service("/hook", receiver);
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

async fn next_event(events: &mut Events) -> WebhookEvent {
    tokio::time::timeout(Duration::from_secs(10), events.next()).await.expect("nothing came").expect("it is over")
}

/// Sends a request without changes, and returns status and body.
async fn raw(address: SocketAddr, method: &str, path: &str, headers: &str, body: &[u8]) -> (u16, String) {
    let mut socket = tokio::net::TcpStream::connect(address).await.unwrap();
    let length = body.len();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n"
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    let _ = socket.write_all(body).await;
    let mut answer = Vec::new();
    let _ = socket.read_to_end(&mut answer).await;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    (head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or_default(), body.to_owned())
}

#[tokio::test]
async fn webhooks_are_created_linked_and_deleted() {
    let (_sandbox, client) = sandbox_and_client();
    assert_eq!(client.create_webhook("http://plain.example").await.unwrap_err().kind(), ErrorKind::Invalid);
    let hook = client.create_webhook("https://bot.example/hook").await.unwrap().data;
    assert_eq!(hook.valid, Some(false), "no CRC check was made");
    let listed = client.webhooks().webhook_fields([WebhookField::Url]).await.unwrap().data;
    assert_eq!((listed.len(), listed[0].url.as_deref()), (1, Some("https://bot.example/hook")));
    let refused = client.validate_webhook(hook.id).await.unwrap_err();
    assert_eq!(refused.status_code(), Some(501), "the sandbox does not call this URL");
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
async fn activity_subscriptions_are_created_and_deleted() {
    let (_sandbox, client) = sandbox_and_client();
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
async fn account_activity_subscriptions_are_created_and_deleted() {
    let (_sandbox, client) = sandbox_and_client();
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
async fn subscribed_events_are_delivered_signed_and_decoded() {
    let (sandbox, client) = sandbox_and_client();
    let (receiver, mut events) = Receiver::new(secret(&sandbox));
    let address = listening(receiver).await;
    let hook = client.create_webhook(format!("http://{address}/hook")).await.unwrap().data;
    assert_eq!(hook.valid, Some(true), "the CRC check was answered");
    assert!(client.validate_webhook(hook.id).await.unwrap().data.valid);
    let filter = json!({"user_id": "12"});
    let made = client.create_activity_subscription(ActivityType::PostCreate, filter).webhook_id(hook.id).tag("robin");
    made.await.unwrap();
    let post = sandbox.write_post("robin", "a heron").unwrap();
    let WebhookEvent::Activity(event) = next_event(&mut events).await else { panic!() };
    assert_eq!((event.event_type.as_deref(), event.tag.as_deref()), (Some("post.create"), Some("robin")));
    assert_eq!(event.payload.unwrap()["id"], post.to_string());

    client.add_rules(["heron"]).await.unwrap();
    client.create_stream_link(hook.id).await.unwrap();
    sandbox.write_post("ada", "another heron").unwrap();
    let WebhookEvent::Post(delivery) = next_event(&mut events).await else { panic!() };
    assert_eq!((delivery.data.unwrap().text.as_str(), delivery.matching_rules.iter().count()), ("another heron", 1));
    client.delete_stream_link(hook.id).await.unwrap();

    assert!(client.subscribe(hook.id).await.unwrap().data.subscribed);
    let me = client.me().await.unwrap();
    let robin = client.with_credentials(sandbox.oauth1("robin").unwrap());
    let mine = client.create_post().text("my own").await.unwrap().data.id;
    robin.like(mine).await.unwrap();
    robin.follow(me).await.unwrap();
    robin.send_dm(me).text("psst").await.unwrap();
    client.mute(12).await.unwrap();
    client.block(12).await.unwrap();
    client.delete_post(mine).await.unwrap();
    let mut kinds = Vec::new();
    for _ in 0..7 {
        let WebhookEvent::Account(event) = next_event(&mut events).await else { panic!() };
        assert_eq!((event.user, event.events.len()), (me, 1));
        if event.kind == "direct_message_events" {
            assert_eq!(event.events[0]["message_create"]["message_data"]["text"], "psst");
        }
        kinds.push(event.kind);
    }
    let all = [
        "tweet_create_events",
        "favorite_events",
        "follow_events",
        "direct_message_events",
        "mute_events",
        "block_events",
        "tweet_delete_events",
    ];
    assert_eq!(kinds, all);
    while sandbox.webhook_deliveries().len() < 9 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let delivered = sandbox.webhook_deliveries();
    assert!(delivered.len() >= 9 && delivered.iter().all(|one| one.status == Some(200)), "{delivered:?}");
    // A replay sends the same events again, and the receiver drops duplicates.
    let before = delivered.len();
    client.replay_webhook("202001010000", "203001010000", hook.id).await.unwrap();
    while sandbox.webhook_deliveries().len() < 2 * before {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(sandbox.webhook_deliveries().iter().all(|one| one.status == Some(200)));
    let more = tokio::time::timeout(Duration::from_millis(50), events.next()).await;
    assert!(more.is_err(), "{more:?}");
}

#[tokio::test]
async fn a_webhook_that_fails_the_crc_check_is_rejected() {
    let (sandbox, client) = sandbox_and_client();
    let (wrong, _events) = Receiver::new("another secret".into());
    let address = listening(wrong).await;
    let refused = client.create_webhook(format!("http://{address}/hook")).await.unwrap_err();
    assert!(refused.to_string().contains("challenge"), "{refused}");
    let unreachable = client.create_webhook("http://127.0.0.1:9/hook").await.unwrap_err();
    assert_eq!(unreachable.kind(), ErrorKind::Invalid);
    assert!(client.webhooks().await.unwrap().data.is_empty());
    let (right, _events) = Receiver::with_secrets([secret(&sandbox), "the old one".into()]);
    let address = listening(right).await;
    client.create_webhook(format!("http://{address}/hook")).await.unwrap();
    let twice = client.create_webhook(format!("http://{address}/hook")).await.unwrap_err();
    assert!(twice.to_string().contains("already"), "{twice}");
}

#[tokio::test]
async fn the_receiver_signs_only_crc_tokens_and_accepts_only_signed_bodies() {
    let secret = Secret::from("consumer secret");
    let (receiver, mut events) = Receiver::with_secrets([secret.clone(), "the old one".into()]);
    let address = listening(receiver).await;
    let (status, body) = raw(address, "GET", "/hook?crc_token=abc-123_Z", "", b"").await;
    assert_eq!(status, 200);
    assert!(body.contains(&auth::crc_response(&secret, "abc-123_Z")), "{body}");
    // The receiver must not sign arbitrary text, such as a forged event body.
    let forged = "/hook?crc_token=%7B%22for_user_id%22%3A%2212%22%7D";
    for path in
        ["/hook", "/hook?crc_token=", forged, "/hook?crc_token={}", &format!("/hook?crc_token={}", "a".repeat(201))]
    {
        assert_eq!(raw(address, "GET", path, "", b"").await.0, 400, "{path}");
    }
    assert_eq!(raw(address, "PUT", "/hook", "", b"").await.0, 405);
    let body = json!({"for_user_id": "12", "follow_events": [{"type": "follow"}]}).to_string();
    let good = auth::webhook_signature(&secret, body.as_bytes());
    let header = |signature: &str| format!("x-twitter-webhooks-signature: {signature}\r\n");
    assert_eq!(raw(address, "POST", "/hook", "", body.as_bytes()).await.0, 401);
    for flip in 0..good.len() {
        let mut bytes = good.clone().into_bytes();
        bytes[flip] ^= 1;
        let bad = String::from_utf8(bytes).unwrap();
        assert_eq!(raw(address, "POST", "/hook", &header(&bad), body.as_bytes()).await.0, 401, "{bad}");
    }
    for flip in 0..body.len() * 8 {
        let mut bytes = body.clone().into_bytes();
        bytes[flip / 8] ^= 1 << (flip % 8);
        assert_eq!(raw(address, "POST", "/hook", &header(&good), &bytes).await.0, 401, "{flip}");
    }
    let unread = auth::webhook_signature(&secret, b"[1]");
    assert_eq!(raw(address, "POST", "/hook", &header(&unread), b"[1]").await.0, 400);
    let large = vec![b' '; 5 << 20];
    assert_eq!(raw(address, "POST", "/hook", &header(&good), &large).await.0, 413);
    assert_eq!(raw(address, "POST", "/hook", &header(&good), body.as_bytes()).await.0, 200);
    assert_eq!(
        raw(address, "POST", "/hook", &header(&good), body.as_bytes()).await.0,
        200,
        "a duplicate is no failure"
    );
    let old = json!({"new": "kind"}).to_string();
    let signed = auth::webhook_signature(&"the old one".into(), old.as_bytes());
    assert_eq!(
        raw(address, "POST", "/hook", &header(&signed), old.as_bytes()).await.0,
        200,
        "during a change of secrets"
    );
    let WebhookEvent::Account(event) = next_event(&mut events).await else { panic!() };
    assert_eq!((event.user.get(), event.kind.as_str()), (12, "follow_events"));
    assert!(matches!(next_event(&mut events).await, WebhookEvent::Other(json) if json["new"] == "kind"));
    drop(events);
    let last = json!({"new": "last"}).to_string();
    let signed = auth::webhook_signature(&secret, last.as_bytes());
    for _ in 0..2 {
        let answered = raw(address, "POST", "/hook", &header(&signed), last.as_bytes()).await.0;
        assert_eq!(answered, 503, "an undelivered event is refused, and not recorded as a duplicate");
    }
}

#[tokio::test]
async fn deliveries_signed_with_the_client_secret_are_accepted() {
    let sandbox = sandbox();
    let created = sandbox.create_app(&NewApp::default().client_secret("a client secret").user("ada")).unwrap();
    let user = &created.users[0];
    let app = client(&sandbox, Credentials::app_only(created.bearer_token.clone()));
    let (key, secret) = (created.consumer_key.clone(), created.consumer_secret.clone());
    let ada = client(&sandbox, Credentials::oauth1(key, secret, &user.access_token, user.access_token_secret.clone()));
    // The receiver knows the client secret only.
    let (receiver, mut events) = Receiver::new("a client secret".into());
    let address = listening(receiver).await;
    let hook = app.create_webhook(format!("http://{address}/hook")).await.unwrap().data;
    assert_eq!(hook.valid, Some(true), "the CRC response is keyed with the client secret");
    ada.subscribe(hook.id).await.unwrap();
    ada.create_post().text("signed twice").await.unwrap();
    let WebhookEvent::Account(event) = next_event(&mut events).await else { panic!() };
    assert_eq!(event.kind, "tweet_create_events");

    let body = json!({"for_user_id": "12", "follow_events": []}).to_string();
    let good = auth::webhook_signature(&"a client secret".into(), body.as_bytes());
    let bad = auth::webhook_signature(&"another secret".into(), body.as_bytes());
    let (old, new) = ("x-twitter-webhooks-signature", "X-Twitter-Webhooks-Signature-OAuth2");
    for (headers, status) in [
        (format!("{new}: {good}\r\n"), 200),
        (format!("{old}: {bad}\r\n{new}: {good}\r\n"), 200),
        (format!("{new}: {bad}\r\n"), 401),
        (format!("{old}: {bad}\r\n{new}: {bad}\r\n"), 401),
    ] {
        assert_eq!(raw(address, "POST", "/hook", &headers, body.as_bytes()).await.0, status, "{headers}");
    }
}
