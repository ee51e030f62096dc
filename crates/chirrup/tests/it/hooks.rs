//! Webhooks: received by a service in a real server, sent by the sandbox.

use std::time::Duration;

use chirrup::model::ActivityType;
use chirrup::webhook::{Events, Receiver, WebhookEvent};
use chirrup::{ErrorKind, Secret, auth};
use chirrup_sandbox::Sandbox;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::shared::both;

/// The secret of the app that every sandbox has.
fn secret(sandbox: &Sandbox) -> Secret {
    let environment = sandbox.environment().unwrap();
    environment.into_iter().find(|(name, _)| *name == "X_CONSUMER_SECRET").unwrap().1
}

/// A server of axum with a receiver at `/hook`; its address.
async fn listening(receiver: Receiver) -> std::net::SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = axum::Router::new().route_service("/hook", receiver);
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

async fn next(events: &mut Events) -> WebhookEvent {
    tokio::time::timeout(Duration::from_secs(10), events.next()).await.expect("nothing came").expect("it is over")
}

/// Sends a request as it is, and gives status and body.
async fn raw(address: std::net::SocketAddr, method: &str, path: &str, headers: &str, body: &[u8]) -> (u16, String) {
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
async fn what_one_subscribes_to_is_delivered_signed_and_typed() {
    let (sandbox, client) = both();
    let (receiver, mut events) = Receiver::new(secret(&sandbox));
    let address = listening(receiver).await;
    let hook = client.create_webhook(format!("http://{address}/hook")).await.unwrap().data;
    assert_eq!(hook.valid, Some(true), "the challenge was answered");
    assert!(client.validate_webhook(hook.id).await.unwrap().data.valid);
    let filter = json!({"user_id": "12"});
    let made = client.create_activity_subscription(ActivityType::PostCreate, filter).webhook_id(hook.id).tag("robin");
    made.await.unwrap();
    let post = sandbox.write_post("robin", "a heron").unwrap();
    let WebhookEvent::Activity(event) = next(&mut events).await else { panic!() };
    assert_eq!((event.event_type.as_deref(), event.tag.as_deref()), (Some("post.create"), Some("robin")));
    assert_eq!(event.payload.unwrap()["id"], post.to_string());

    client.add_rules(["heron"]).await.unwrap();
    client.create_stream_link(hook.id).await.unwrap();
    sandbox.write_post("ada", "another heron").unwrap();
    let WebhookEvent::Post(delivery) = next(&mut events).await else { panic!() };
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
        let WebhookEvent::Account(event) = next(&mut events).await else { panic!() };
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
    // A replay sends the same again, and what came twice is dropped here.
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
async fn a_webhook_that_cannot_prove_itself_is_not_taken() {
    let (sandbox, client) = both();
    let (wrong, _events) = Receiver::new("another secret".into());
    let address = listening(wrong).await;
    let refused = client.create_webhook(format!("http://{address}/hook")).await.unwrap_err();
    assert!(refused.to_string().contains("challenge"), "{refused}");
    let nobody = client.create_webhook("http://127.0.0.1:9/hook").await.unwrap_err();
    assert_eq!(nobody.kind(), ErrorKind::Invalid);
    assert!(client.webhooks().await.unwrap().data.is_empty());
    let (right, _events) = Receiver::with_secrets([secret(&sandbox), "the old one".into()]);
    let address = listening(right).await;
    client.create_webhook(format!("http://{address}/hook")).await.unwrap();
    let twice = client.create_webhook(format!("http://{address}/hook")).await.unwrap_err();
    assert!(twice.to_string().contains("already"), "{twice}");
}

#[tokio::test]
async fn only_challenges_are_signed_and_only_signed_bodies_are_read() {
    let secret = Secret::from("consumer secret");
    let (receiver, mut events) = Receiver::with_secrets([secret.clone(), "the old one".into()]);
    let address = listening(receiver).await;
    let (status, body) = raw(address, "GET", "/hook?crc_token=abc-123_Z", "", b"").await;
    assert_eq!(status, 200);
    assert!(body.contains(&auth::crc_response(&secret, "abc-123_Z")), "{body}");
    // A body that somebody would like to have signed is no challenge.
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
    assert_eq!(raw(address, "POST", "/hook", &header(&signed), old.as_bytes()).await.0, 200, "while secrets change");
    let WebhookEvent::Account(event) = next(&mut events).await else { panic!() };
    assert_eq!((event.user.get(), event.kind.as_str()), (12, "follow_events"));
    assert!(matches!(next(&mut events).await, WebhookEvent::Other(json) if json["new"] == "kind"));
    drop(events);
    let last = json!({"new": "last"}).to_string();
    let signed = auth::webhook_signature(&secret, last.as_bytes());
    for _ in 0..2 {
        let answered = raw(address, "POST", "/hook", &header(&signed), last.as_bytes()).await.0;
        assert_eq!(answered, 503, "what nobody reads is not taken, nor taken for a duplicate");
    }
}
