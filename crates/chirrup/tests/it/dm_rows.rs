//! Direct messages of v2 without async code, and their fields.

use chirrup::ErrorKind;
use chirrup::model::{DmConversationId, DmConversationType, NewDm};

use crate::wire::Ground;

#[test]
fn direct_messages_work_without_async() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let g = runtime.block_on(Ground::new());
    let c = &g.client;
    let mika = g.sandbox.user_id("mika").unwrap();
    let sent = c.send_dm(12).text("one").wait();
    let conversation = format!("12-{}", g.me).parse::<DmConversationId>().unwrap();
    let again = c.send_dm_to(&conversation).text("two").wait();
    let group = c.create_dm_conversation(DmConversationType::Group, NewDm::text("three"), [12.into(), mika]).wait();
    let all = c.dm_events().wait();
    let with = c.dm_events_with(12).wait();
    let inside = c.dm_events_in(&conversation).wait();
    let lines = g.wire.take();
    shows!(["tweepy4.dm.sync", "tweepy4.sync_client"], {
        assert!(all.is_ok() && with.is_ok() && inside.is_ok());
        let paths: Vec<_> = lines.iter().map(|sent| format!("{} {}", sent.method, sent.path)).collect();
        assert_eq!(
            paths,
            [
                "POST /2/dm_conversations/with/12/messages".to_owned(),
                format!("POST /2/dm_conversations/{conversation}/messages"),
                "POST /2/dm_conversations".to_owned(),
                "GET /2/dm_events".to_owned(),
                "GET /2/dm_conversations/with/12/dm_events".to_owned(),
                format!("GET /2/dm_conversations/{conversation}/dm_events"),
            ]
        );
    });
    shows!(
        "tweepy4.dm.content_type",
        for sent in &lines {
            let expected = if sent.method == "POST" { "application/json" } else { "" };
            assert_eq!(sent.header("content-type"), expected, "{}", sent.line());
        }
    );
    shows!("tweepy4.dm.user_agent", {
        assert!(
            lines
                .iter()
                .all(|sent| sent.header("user-agent").starts_with(concat!("chirrup/", env!("CARGO_PKG_VERSION"))))
        );
    });
    shows!("tweepy4.dm.create_answer", {
        let sent = sent.as_ref().unwrap();
        assert_eq!(sent.raw.status.as_u16(), 201);
        let data = &sent.json()["data"];
        assert_eq!(data["dm_conversation_id"], conversation.as_str());
        assert_eq!(data["dm_event_id"], sent.data.dm_event_id.to_string());
    });
    shows!("tweepy4.dm.location", {
        let sent = sent.as_ref().unwrap();
        let expected = format!("https://api.twitter.com/2/dm_events/\"{}\"", sent.data.dm_event_id);
        assert_eq!(sent.headers()["location"], expected);
    });
    shows!("tweepy4.dm.group_ids", {
        let group = group.unwrap();
        let (event, conversation) = (group.data.dm_event_id.get(), group.data.dm_conversation_id.as_str());
        let conversation: u64 = conversation.parse().unwrap();
        assert!(event > conversation && event - conversation < 1 << 32, "{event} {conversation}");
    });
    shows!(
        "tweepy4.dm.access_level",
        for headers in
            [&sent, &again].into_iter().flatten().map(|sent| sent.headers()).chain([all.as_ref().unwrap().headers()])
        {
            assert_eq!(headers["x-access-level"], "read-write-directmessages");
        }
    );
    let with = with.unwrap();
    shows!("tweepy4.dm.events_order", {
        let texts: Vec<_> = with.data.iter().map(|event| event.text.as_deref().unwrap()).take(2).collect();
        assert_eq!(texts, ["two", "one"]);
    });
    shows!("tweepy4.dm.events_default", {
        let json = with.json();
        let names: Vec<_> = json["data"][0].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, ["event_type", "id", "text"]);
    });
    blocking_part!({
        let stranger = g.client.with_credentials(g.sandbox.oauth1("lena").unwrap());
        let none = stranger.dm_events().wait().unwrap();
        shows!("tweepy4.dm.events_empty", assert_eq!(none.json(), serde_json::json!({"meta": {"result_count": 0}})));
    });
    shows!("tweepy4.dm.events_meta", {
        let meta = &inside.as_ref().unwrap().json()["meta"];
        assert!(["result_count", "next_token", "previous_token"].iter().all(|name| !meta[*name].is_null()), "{meta}");
    });
}

#[tokio::test]
async fn fields_of_a_direct_message_event_are_decoded() {
    let g = Ground::new().await;
    let c = &g.client;
    let message = serde_json::json!({"text": "see https://x.com/robin/status/20"});
    let sent = crate::common::post(&g.sandbox, "/2/dm_conversations/with/12/messages", &message);
    let fields = ["created_at", "dm_conversation_id", "sender_id", "referenced_tweets", "event_type", "id", "text"];
    let call = c.dm_events_with(12).dm_event_fields(fields).event_types(["MessageCreate"]).max_results(5);
    let call = call.expansions(["sender_id"]).user_fields(["verified"]).post_fields(["lang"]).media_fields(["url"]);
    let full = call.await.unwrap();
    let query = g.wire.only().query;
    shows!("tweepy4.dm.events_params", {
        let names: Vec<_> = query.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            [
                "dm_event.fields",
                "event_types",
                "expansions",
                "max_results",
                "media.fields",
                "tweet.fields",
                "user.fields"
            ]
        );
    });
    part!({
        let token = full.meta.next_token.clone().unwrap();
        c.dm_events_with(12).page_token(token.as_str()).await.unwrap();
        let query = g.wire.only().query;
        shows!("tweepy4.dm.events_params", assert_eq!(query["pagination_token"], token));
    });
    let (event, json) = (&full.data[0], &full.json()["data"][0]);
    let bare = c.dm_events_with(12).await.unwrap().data.remove(0);
    shows!(["tweepy4.dm_event", "tweepy4.dm_event.id"], assert_eq!(event.id.to_string(), sent["data"]["dm_event_id"]));
    shows!("tweepy4.dm_event.event_type", assert!(event.event_type.is_some() && bare.event_type.is_some()));
    shows!("tweepy4.dm_event.text", assert_eq!(event.text.as_deref(), json["text"].as_str()));
    shows!("tweepy4.dm_event.created_at", {
        assert_eq!(event.created_at.map(|time| time.to_string()).as_deref(), json["created_at"].as_str());
        assert!(event.created_at.is_some() && bare.created_at.is_none());
    });
    shows!("tweepy4.dm_event.dm_conversation_id", {
        assert_eq!(event.dm_conversation_id.as_ref().map(|id| id.as_str()), Some(format!("12-{}", g.me).as_str()));
        assert!(bare.dm_conversation_id.is_none());
    });
    shows!("tweepy4.dm_event.sender_id", {
        assert_eq!((event.sender_id.map(|id| id.to_string()), bare.sender_id), (Some(g.me.clone()), None));
    });
    shows!("tweepy4.dm_event.referenced_tweets", {
        let posts = event.referenced_posts.as_ref().unwrap();
        assert_eq!((posts.len(), posts[0].id.get()), (1, 20));
        assert!(bare.referenced_posts.is_none());
    });
    shows!("tweepy4.referenced_tweet.type", {
        assert_eq!(json["referenced_tweets"], serde_json::json!([{"id": "20"}]));
        let shown = format!("{:?}", event.referenced_posts.as_ref().unwrap()[0]);
        assert!(!shown.contains("kind") && !shown.contains("type"), "{shown}");
    });
    shows!(
        "tweepy4.dm_event.data",
        assert_eq!(
            (json["id"].as_str(), json["sender_id"].as_str()),
            (Some(event.id.to_string().as_str()), Some(g.me.as_str()))
        )
    );
    shows!("tweepy4.dm_event.eq", assert!(*event == event.clone() && *event != bare && event.id == bare.id));
    shows!("tweepy4.export", {
        let same: &chirrup::model::DmEvent = event;
        assert_eq!(same.id, event.id);
    });
    let refused = g.client.call("GET", "/2/dm_events").query("shoe_size", "44").await;
    let sent = g.wire.take().pop().unwrap();
    shows!("tweepy4.params.unknown", {
        assert_eq!((sent.query["shoe_size"].as_str(), refused.unwrap_err().kind()), ("44", ErrorKind::Invalid));
    });
    part!({
        let received = g.wire.received();
        let big = c
            .search_recent(crate::common::BROAD_QUERY)
            .max_results(100)
            .post_fields(chirrup::model::PostField::ALL.iter().cloned());
        let big = big.raw().await.unwrap();
        let (sent, moved) = (g.wire.only(), g.wire.received() - received);
        shows!("tweepy4.dm.gzip", {
            assert!(sent.header("accept-encoding").contains("gzip"), "{}", sent.header("accept-encoding"));
            assert!(moved * 2 < big.body.len(), "{moved} bytes for a body of {}", big.body.len());
        });
    });
}
