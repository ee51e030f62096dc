//! Messages, files and streams of PyTweet: what a request holds, and the limits of its parts.

use chirrup::model::v1::{NewMessage, QuickReply};
use chirrup::{ErrorKind, LiveEvent};

use crate::wire::Ground;

#[tokio::test]
async fn messages_have_buttons_and_quick_replies_within_limits() {
    let g = Ground::new().await;
    let (c, v1) = (&g.client, g.client.v1());
    let button = || NewMessage::text("x").button("See", "https://example.com/map");
    let answer = v1.send(12, button()).await;
    let sent = g.wire.only();
    let data = sent.json()["event"]["message_create"]["message_data"].clone();
    shows!(["pytweet.user.send", "pytweet.user.send.text"], {
        assert_eq!((sent.method.as_str(), sent.path.as_str()), ("POST", "/1.1/direct_messages/events/new.json"));
        let create = &sent.json()["event"]["message_create"];
        assert_eq!((create["target"]["recipient_id"].as_str(), data["text"].as_str()), (Some("12"), Some("x")));
    });
    shows!(
        [
            "pytweet.cta",
            "pytweet.user.send.cta",
            "pytweet.cta.add_button",
            "pytweet.cta.add_button.type",
            "pytweet.button_type"
        ],
        {
            let expected = serde_json::json!([{"type": "web_url", "label": "See", "url": "https://example.com/map"}]);
            assert!(data["ctas"] == expected && answer.is_ok(), "{data}");
        }
    );
    let reply = || QuickReply::new();
    part!({
        let of = |reply: QuickReply| c.user(12).send(NewMessage::text("x").quick_reply(reply));
        for (row, good, bad) in [
            (
                "pytweet.quick_reply.limit.count",
                (0..20).fold(reply(), |all, n| all.option(n.to_string())),
                (0..21).fold(reply(), |all, n| all.option(n.to_string())),
            ),
            ("pytweet.quick_reply.limit.label", reply().option("a".repeat(36)), reply().option("a".repeat(37))),
            (
                "pytweet.quick_reply.limit.description",
                reply().option_with("a", Some(&"b\n".repeat(36)), None),
                reply().option_with("a", Some(&"b".repeat(73)), None),
            ),
            (
                "pytweet.quick_reply.limit.description",
                reply().option_with("a", Some("b"), None).option_with("c", Some("d"), None),
                reply().option_with("a", Some("b"), None).option("c"),
            ),
            (
                "pytweet.quick_reply.limit.metadata",
                reply().option_with("a", None, Some(&"c".repeat(1_000))),
                reply().option_with("a", None, Some(&"c".repeat(1_001))),
            ),
        ] {
            part!({
                let accepted = of(good).await;
                g.wire.take();
                let refused = of(bad).await;
                let sent = g.wire.take();
                shows!(row, {
                    assert!(accepted.is_ok());
                    let refused = refused.unwrap_err();
                    assert!(refused.kind() == ErrorKind::Argument && sent.is_empty(), "{refused}");
                });
            });
        }
    });
    part!({
        let json =
            NewMessage::text("x").quick_reply(reply().option_with("Yes", Some("I will"), Some("y"))).to_json().unwrap();
        shows!(
            ["pytweet.quick_reply.raw_options", "pytweet.quick_reply", "pytweet.option", "pytweet.quick_reply.options"],
            {
                let options = serde_json::json!({"type": "options", "options": [{"label": "Yes", "description": "I will", "metadata": "y"}]});
                assert_eq!(json["quick_reply"], options);
            }
        );
    });
    let robin = g.wire.client(g.sandbox.oauth1("robin").unwrap());
    let event = v1.send(12, "costs $OAK, see").await.unwrap().data.event;
    g.wire.take();
    let read = robin.message(event.id.parse::<u64>().unwrap()).mark_read(c.me().await.unwrap()).await;
    let line = g.wire.take().pop().unwrap().line().replace(&g.me, "ME");
    shows!("pytweet.dm.mark_read", {
        assert_eq!(
            line,
            format!("POST /1.1/direct_messages/mark_read.json last_read_event_id={} recipient_id=ME", event.id)
        );
        read.unwrap();
    });
    part!({
        let data = event.data().unwrap();
        shows!(
            "pytweet.dm.symbols",
            assert_eq!(data.entities.as_ref().unwrap().symbols.as_ref().unwrap()[0].text, "OAK")
        );
    });
    shows!(["pytweet.message", "pytweet.dm"], {
        assert_eq!(
            (event.text(), event.kind.as_deref(), event.id.is_empty()),
            ("costs $OAK, see", Some("message_create"), false)
        );
    });
    let deleted = c.message(event.id.parse::<u64>().unwrap()).delete().await;
    let line = g.wire.take().pop().unwrap().line();
    shows!("pytweet.dm.delete", {
        assert_eq!(line, format!("DELETE /1.1/direct_messages/events/destroy.json id={}", event.id));
        deleted.unwrap();
    });
    part!({
        let created = v1.create_welcome("greeting", "Hello!").await;
        let line = g.wire.only().line();
        shows!(["pytweet.client.create_welcome_message.text", "pytweet.client.create_welcome_message.name"], {
            created.unwrap();
            let body = r#"{"welcome_message":{"message_data":{"text":"Hello!"},"name":"greeting"}}"#;
            assert_eq!(line, format!("POST /1.1/direct_messages/welcome_messages/new.json {body}"));
        });
    });
}

#[tokio::test]
async fn the_options_of_a_stream_are_sent() {
    let g = Ground::new().await;
    let app = g.wire.client(g.sandbox.app_only());
    let mut sample = app.sample_stream().open();
    while !matches!(sample.next_event().await, Some(LiveEvent::Live)) {}
    let line = g.wire.only().line();
    shows!(
        ["pytweet.stream.sample_stream", "seed.more.sample_stream_defaults"],
        assert_eq!(line, "GET /2/tweets/sample/stream")
    );
    part!({
        drop(sample);
        app.sync_rules(["heron"]).await.unwrap();
        g.wire.take();
        let mut stream = app.filtered_stream().backfill_minutes(2).open();
        while !matches!(stream.next_event().await, Some(LiveEvent::Live)) {}
        let line = g.wire.only().line();
        shows!(
            "pytweet.stream.opt.backfill_minutes",
            assert_eq!(line, "GET /2/tweets/search/stream backfill_minutes=2")
        );
    });
    part!({
        let refused = app.filtered_stream().backfill_minutes(6).await.unwrap_err();
        shows!("pytweet.stream.opt.backfill_minutes", assert_eq!(refused.kind(), ErrorKind::Argument));
    });
}

#[tokio::test]
async fn files_are_uploaded_with_their_type_and_category() {
    part!({
        let g = Ground::new().await;
        let png = [b"\x89PNG\r\n\x1a\n".to_vec(), vec![7; 900]].concat();
        let gif = [b"GIF89a".to_vec(), vec![7; 900]].concat();
        let film = [b"\0\0\0\x18ftypisom".to_vec(), vec![7; 900]].concat();
        for (upload, media_type, category, size) in [
            (g.client.upload(png.clone()), "image/png", "tweet_image", 908),
            (g.client.upload(gif.clone()), "image/gif", "tweet_gif", 906),
            (g.client.upload(film.clone()), "video/mp4", "tweet_video", 912),
            (g.client.upload(png).for_dm(), "image/png", "dm_image", 908),
            (g.client.upload(gif).for_dm(), "image/gif", "dm_gif", 906),
            (g.client.upload(film).for_dm(), "video/mp4", "dm_video", 912),
        ] {
            part!({
                let uploaded = upload.await;
                let sent = g.wire.take();
                shows!(["pytweet.file", "pytweet.media.upload"], {
                    let begun = sent[0].json();
                    assert_eq!(begun["media_type"], media_type);
                    assert_eq!((&begun["media_category"], &begun["total_bytes"]), (&category.into(), &size.into()));
                    let ends: Vec<_> =
                        sent.iter().map(|sent| sent.path.rsplit('/').next().unwrap().to_owned()).collect();
                    assert_eq!(ends[..3], ["initialize", "append", "finalize"]);
                    assert!(uploaded.is_ok(), "{category}: {uploaded:?}");
                });
            });
        }
    });
}
