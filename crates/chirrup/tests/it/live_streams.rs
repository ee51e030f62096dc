//! Live streams: the items and events that they deliver.

use std::time::Duration;

use chirrup::model::{Expansion, Post, Rule, Timestamp};
use chirrup::{Alert, Client, Decode, HttpBuilder, Live, LiveEvent, Typed};
use chirrup_sandbox::{Disconnect, Fault, FaultRule, Sandbox};
use serde_json::json;

use crate::common::{client, client_in_sandbox_time, sandbox};

/// A sandbox whose app has a rule, and a client that holds the app's token.
pub(crate) async fn sandbox_with_rule() -> (Sandbox, Client) {
    let sandbox = sandbox();
    let client = client(&sandbox, sandbox.app_only());
    let rules = json!([{"value": "heron", "tag": "birds"}, {"value": "from:robin", "tag": "robin"}]);
    client.update_rules().add_rules(rules).await.unwrap();
    (sandbox, client)
}

/// Returns the next event except checkpoints. It arrives within ten seconds.
pub(crate) async fn next_event<D: Decode>(live: &mut Live<D>) -> LiveEvent<D::Item> {
    loop {
        let event = tokio::time::timeout(Duration::from_secs(10), live.next_event()).await;
        match event.expect("nothing came").expect("it is over") {
            LiveEvent::Checkpoint(_) => {}
            other => return other,
        }
    }
}

/// Returns all events until the stream is live.
pub(crate) async fn until_live<D: Decode>(live: &mut Live<D>) -> Vec<LiveEvent<D::Item>>
where
    D::Item: std::fmt::Debug,
{
    let mut before = Vec::new();
    loop {
        match next_event(live).await {
            LiveEvent::Live => return before,
            LiveEvent::Ended(why) => panic!("{why:?} after {before:?}"),
            other => before.push(other),
        }
    }
}

/// Waits until no stream is open, because an app may have only one at a time.
pub(crate) async fn wait_until_no_stream_is_open(sandbox: &Sandbox) {
    while sandbox.open_stream_count() > 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Returns the text of the next item and skips other events.
pub(crate) async fn next_text(live: &mut Live<Typed<Post>>) -> String {
    let item = tokio::time::timeout(Duration::from_secs(10), live.next_item()).await.expect("nothing came");
    item.unwrap().data.unwrap().text
}

pub(crate) fn text_of(delivery: chirrup::model::Delivery<Post>) -> String {
    delivery.data.unwrap().text
}

#[tokio::test]
async fn matching_posts_are_delivered_immediately() {
    let (sandbox, client) = sandbox_with_rule().await;
    let mut live = client.filtered_stream().expansions([Expansion::AuthorId]).open();
    assert!(matches!(next_event(&mut live).await, LiveEvent::Connecting));
    assert!(matches!(next_event(&mut live).await, LiveEvent::Live));
    sandbox.write_post("ada", "nothing of the kind").unwrap();
    sandbox.write_post("robin", "a heron at the pond").unwrap();
    let delivery = live.next_item().await.unwrap();
    let tags: Vec<_> = delivery.matching_rules.iter().filter_map(|rule| rule.tag.as_deref()).collect();
    let post = delivery.data.unwrap();
    shows!(
        [
            "pytweet.stream",
            "pytweet.stream.connection",
            "pytweet.stream.connection.connect",
            "twython.streamer.opt.chunk_size"
        ],
        assert_eq!((post.text.as_str(), tags), ("a heron at the pond", vec!["birds", "robin"]))
    );
    assert_eq!(delivery.includes.author_of(&post).unwrap().username, "robin");
    assert!(client.spent().run > chirrup::Cost::ZERO);
    assert_eq!(client.spent().run, sandbox.bill(), "streamed posts are charged");
    // Posts created by a call are delivered like those created by the sandbox.
    let ada = crate::common::client(&sandbox, sandbox.credentials().unwrap());
    ada.create_post().text("the heron is gone").await.unwrap();
    assert_eq!(next_text(&mut live).await, "the heron is gone");
    let rules = json!([{"value": "wren"}]);
    client.update_rules().add_rules(rules).await.unwrap();
    sandbox.write_post("ada", "a wren").unwrap();
    assert_eq!(next_text(&mut live).await, "a wren", "rules work at once, without a new connection");
    let stats = live.metrics().read();
    assert_eq!((stats.items, stats.lines, stats.connections, stats.bad), (3, 3, 1, 0));
    assert!(stats.lag(sandbox.clock().now()).unwrap() < Duration::from_secs(10));
    drop(live);
    wait_until_no_stream_is_open(&sandbox).await;
}

#[tokio::test]
async fn keep_alives_arrive_every_twenty_seconds() {
    let (sandbox, client) = sandbox_with_rule().await;
    let mut live = client.filtered_stream().open();
    until_live(&mut live).await;
    for beat in 1..=20 {
        sandbox.clock().advance(Duration::from_secs(20));
        while live.metrics().read().keep_alives < beat {
            tokio::task::yield_now().await;
        }
    }
    sandbox.write_post("robin", "still here").unwrap();
    assert_eq!(next_text(&mut live).await, "still here");
    assert_eq!(live.metrics().read().connections, 1);
}

#[tokio::test]
async fn a_malformed_line_is_an_item_and_does_not_end_the_stream() {
    let (sandbox, client) = sandbox_with_rule().await;
    let mut live = client.filtered_stream().live().max_line(10_000).open();
    until_live(&mut live).await;
    let bad: [&[u8]; 6] = [
        b"{\"data\":{\"id\":\"1\",\"text\":\"half",
        b"<html>busy</html>",
        b"{\"data\":{\"id\":\"2\",\"text\":\"\xF0\x9F\x90\"}}",
        b"{\"data\":{\"text\":\"no id\"}}",
        b"[1,2,3]",
        b"null",
    ];
    for line in bad {
        sandbox.send_raw_to_streams([line, b"\r\n"].concat());
        let LiveEvent::Bad { line: kept, why } = next_event(&mut live).await else { panic!("{line:?}") };
        assert!(kept == line && !why.is_empty());
    }
    sandbox.send_raw_to_streams(vec![b'x'; 50_000]);
    sandbox.send_raw_to_streams(&b"yz\n"[..]);
    let LiveEvent::Bad { line, why } = next_event(&mut live).await else { panic!() };
    assert!(line.is_empty() && why.contains("50002"), "{why}");
    sandbox.send_raw_to_streams(&b"{\"new_kind\":{\"of\":\"message\"}}\r\n"[..]);
    let LiveEvent::Notice(_, json) = next_event(&mut live).await else { panic!("what is not known is told") };
    assert_eq!(json["new_kind"]["of"], "message");
    // Chunks that split a character, split a line end, and contain two lines.
    let post = "{\"data\":{\"id\":\"31\",\"text\":\"\u{1F426}\",\"newly_made\":7}}\r\n".as_bytes();
    let middle = post.iter().position(|byte| *byte == 0xF0).unwrap() + 2;
    for piece in [&post[..middle], &post[middle..post.len() - 1], &post[post.len() - 1..]] {
        sandbox.send_raw_to_streams(piece.to_vec());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    sandbox.send_raw_to_streams(
        &b"{\"data\":{\"id\":\"32\",\"text\":\"a\"}}\n{\"data\":{\"id\":\"33\",\"text\":\"b\"}}\r\n"[..],
    );
    let delivery = live.next_item().await.unwrap();
    assert_eq!(delivery.json()["data"]["newly_made"], 7, "unknown fields are kept");
    assert_eq!(delivery.data.unwrap().text, "\u{1F426}");
    assert_eq!((next_text(&mut live).await, next_text(&mut live).await), ("a".to_owned(), "b".to_owned()));
    let stats = live.metrics().read();
    assert_eq!((stats.bad, stats.connections, stats.items), (7, 1, 3));
}

#[tokio::test]
async fn a_compressed_stream_delivers_each_message_immediately() {
    let (sandbox, client) = sandbox_with_rule().await;
    let mut live = client.filtered_stream().live().gzip().open();
    until_live(&mut live).await;
    for beat in 1..=30 {
        sandbox.clock().advance(Duration::from_secs(20));
        while live.metrics().read().keep_alives < beat {
            tokio::task::yield_now().await;
        }
    }
    let mut bytes = 0;
    for n in 0..20 {
        sandbox.write_post("robin", &format!("packed {n}")).unwrap();
        let item = tokio::time::timeout(Duration::from_secs(10), live.next_item()).await;
        let item = item.expect("it comes without waiting for the next").unwrap();
        bytes += item.line.len() as u64;
        assert_eq!(text_of(item), format!("packed {n}"));
    }
    let stats = live.metrics().read();
    assert_eq!((stats.connections, stats.items), (1, 20));
    assert!(stats.bytes < bytes, "{} for {bytes}", stats.bytes);
    // After a disconnect in the middle of compressed data the stream reconnects without a loss.
    sandbox.add_fault_rule(
        FaultRule::sequence([Fault::TruncateBodyAt(3), Fault::TruncateBodyAt(60), Fault::ChunkSize(1)])
            .endpoint("filtered_stream"),
    );
    sandbox.disconnect_streams(Disconnect::Abort);
    for n in 20..25 {
        sandbox.write_post("robin", &format!("packed {n}")).unwrap();
        assert_eq!(next_text(&mut live).await, format!("packed {n}"));
    }
}

#[tokio::test]
async fn unusually_high_and_low_rates_are_reported() {
    let sandbox = sandbox();
    let client = client_in_sandbox_time(&sandbox, HttpBuilder::default(), sandbox.app_only());
    client.add_rules(["heron"]).await.unwrap();
    let mut live = client.filtered_stream().open();
    until_live(&mut live).await;
    let (mut alerts, mut id) = (Vec::new(), 0);
    for (minutes, lines) in [(4, 3), (4, 60), (4, 0)] {
        for _ in 0..minutes * 6 {
            for _ in 0..lines {
                id += 1;
                sandbox.send_raw_to_streams(format!("{{\"data\":{{\"id\":\"{id}\",\"text\":\"x\"}}}}\n"));
            }
            let signs = live.metrics().read().keep_alives;
            sandbox.send_raw_to_streams(&b"\r\n"[..]);
            let mut seen = false;
            while !seen {
                seen = live.metrics().read().keep_alives > signs;
                while let Some(event) = live.try_next() {
                    alerts.extend(match event {
                        LiveEvent::Alert(alert) => Some(alert),
                        _ => None,
                    });
                }
                tokio::task::yield_now().await;
            }
            sandbox.clock().advance(Duration::from_secs(10));
        }
    }
    let [Alert::RateChange { now: more, before }, Alert::RateChange { now: less, .. }] = alerts[..] else {
        panic!("{alerts:?}")
    };
    assert!(more > before * 5.0 && less < 1.0, "{alerts:?}");
}

#[tokio::test]
async fn duplicates_are_removed_from_typed_and_lazy_streams() {
    let (sandbox, client) = sandbox_with_rule().await;
    let mut live = client.filtered_stream().live().lazy().open();
    until_live(&mut live).await;
    let post = &b"{\"data\":{\"id\":\"41\",\"text\":\"once\"},\"matching_rules\":[]}\r\n"[..];
    let reversed = &b"{\"matching_rules\":[],\"data\":{\"text\":\"other\",\"id\":\"42\"}}\r\n"[..];
    sandbox.send_raw_to_streams([post, post, reversed, post, reversed].concat());
    let (first, second) = (live.next_item().await.unwrap(), live.next_item().await.unwrap());
    assert_eq!((first.id(), second.id()), (Some(41), Some(42)));
    assert_eq!(first.read().unwrap().data.unwrap().text, "once");
    assert!(second.bytes().starts_with(b"{\"matching"));
    while live.metrics().read().lines < 5 {
        tokio::task::yield_now().await;
    }
    sandbox.send_raw_to_streams(&b"{\"data\":{\"id\":\"43\",\"text\":\"cut\r\n"[..]);
    assert!(matches!(next_event(&mut live).await, LiveEvent::Bad { .. }), "an incomplete line is not an item");
    assert_eq!(live.metrics().read().duplicates, 3);
    drop(live);
    wait_until_no_stream_is_open(&sandbox).await;
    let mut raw = client.filtered_stream().live().undecoded().open();
    until_live(&mut raw).await;
    sandbox.send_raw_to_streams([post, post].concat());
    let (first, second) = (raw.next_item().await.unwrap(), raw.next_item().await.unwrap());
    assert_eq!(first, second, "unread items are not recognized as duplicates");
}

/// Waits until these streams have received this many lines in total.
async fn arrived<D: Decode>(streams: &[Live<D>], lines: usize) {
    let all = async {
        while streams.iter().map(|stream| stream.metrics().read().lines).sum::<u64>() < lines as u64 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), all).await.expect("lines are missing");
}

#[tokio::test]
async fn all_fifteen_streams_deliver_their_events() {
    let sandbox = Sandbox::builder().users(60).posts(500).without_rate_limits().start().unwrap();
    let client = client(&sandbox, sandbox.credentials().unwrap());
    sandbox.set_max_stream_connections(100);
    client.update_rules().add_rules(json!([{"value": "heron"}])).await.unwrap();
    let filter = json!({"user_id": "12"});
    let kinds = [chirrup::model::ActivityType::PostCreate, chirrup::model::ActivityType::LikeCreate];
    for kind in kinds {
        client.create_activity_subscription(kind, filter.clone()).tag("of robin").await.unwrap();
    }
    let mut filtered = client.filtered_stream().open();
    let mut sample = client.sample_stream().open();
    let mut tenth = client.sample10_stream(1).open();
    let mut all: Vec<_> = (1..=20).map(|partition| client.firehose(partition).open()).collect();
    let mut english: Vec<_> = (1..=8).map(|partition| client.firehose_en(partition).open()).collect();
    let mut others = [client.firehose_ja(1).open(), client.firehose_ko(1).open(), client.firehose_pt(1).open()];
    let mut likes: Vec<_> = (1..=20).map(|partition| client.likes_firehose(partition).open()).collect();
    let mut some_likes = client.likes_sample10_stream(2).open();
    let mut posts_gone: Vec<_> = (1..=4).map(|partition| client.posts_compliance_stream(partition).open()).collect();
    let mut users_gone: Vec<_> = (1..=4).map(|partition| client.users_compliance_stream(partition).open()).collect();
    let mut likes_gone = client.likes_compliance_stream().open();
    let mut labels = client.labels_stream().open();
    let mut activity = client.activity_stream().open();
    macro_rules! live {
        ($($stream:expr),+) => { $( until_live($stream).await; )+ };
    }
    live!(&mut filtered, &mut sample, &mut tenth, &mut some_likes, &mut likes_gone, &mut labels, &mut activity);
    for stream in all.iter_mut().chain(&mut english).chain(&mut others) {
        until_live(stream).await;
    }
    for stream in &mut likes {
        until_live(stream).await;
    }
    for stream in &mut posts_gone {
        until_live(stream).await;
    }
    for stream in &mut users_gone {
        until_live(stream).await;
    }
    let posts: Vec<_> = (0..300).map(|n| sandbox.write_post("robin", &format!("heron {n}")).unwrap()).collect();
    let mut mine = Vec::new();
    for (n, post) in posts.iter().enumerate().take(40) {
        mine.push(client.create_post().text(format!("my wren {n}")).await.unwrap().data.id);
        client.post(*post).like().await.unwrap();
    }
    // A sampled stream delivers a fraction of the posts: make more until the first one arrives.
    let mut likes_made = 40;
    while some_likes.metrics().read().lines == 0 {
        client.post(posts[likes_made]).like().await.unwrap();
        likes_made += 1;
    }
    while sample.metrics().read().lines == 0 || tenth.metrics().read().lines == 0 {
        sandbox.write_post("robin", "one more heron").unwrap();
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    client.post(posts[0]).unlike().await.unwrap();
    client.delete_post(mine[0]).await.unwrap();
    sandbox.send_to_streams(
        "users_compliance",
        json!({"user_delete": {"user": {"id": "77"}, "event_at": "2026-11-20T00:00:00Z"}}),
    );
    let tweet = json!({"id": "20", "author_id": "12"});
    let notice =
        json!({"event_at": "2026-11-20T00:00:00Z", "application": "apply", "tweet": tweet, "label_title": "Odd"});
    part!({
        sandbox.send_to_streams("labels", json!({"public_tweet_notice": notice}));

        arrived(&all, posts.len() + mine.len()).await;
        arrived(&likes, likes_made).await;
        assert_eq!(next_text(&mut filtered).await, "heron 0");
        shows_async!(
            ["pytweet.stream.sample_stream", "ptt.ex.v2_stream_sample"],
            assert!(
                tenth.next_item().await.unwrap().data.is_some() && sample.next_item().await.unwrap().data.is_some()
            )
        );
    });
    let mut seen = std::collections::BTreeSet::new();
    for (stream, stats) in all.iter_mut().map(|stream| (stream.metrics().clone(), stream)) {
        while stats.metrics().read().items < stream.read().lines {
            seen.insert(stats.next_item().await.unwrap().data.unwrap().id);
        }
    }
    assert!(posts.iter().all(|post| seen.contains(post)), "each post is in one partition");
    let mut found = 0;
    for stream in &mut english {
        while stream.metrics().read().items < stream.metrics().read().lines {
            found += usize::from(stream.next_item().await.unwrap().data.is_some());
        }
    }
    assert!(found > 0 && others.iter().all(|other| other.metrics().read().lines == 0));
    let mut liked = 0;
    for stream in &mut likes {
        while stream.metrics().read().items < stream.metrics().read().lines {
            let like = stream.next_item().await.unwrap().data.unwrap();
            assert_eq!(like.post_author_id.unwrap().get(), 12);
            liked += 1;
        }
    }
    assert_eq!(liked, likes_made);
    assert!(some_likes.next_item().await.unwrap().data.unwrap().liked_post_id.is_some());
    let gone =
        futures_util::future::select_all(posts_gone.iter_mut().map(|stream| Box::pin(stream.next_item()))).await.0;
    assert_eq!(gone.unwrap().data.unwrap().delete.unwrap().post.unwrap().id, mine[0]);
    let gone =
        futures_util::future::select_all(users_gone.iter_mut().map(|stream| Box::pin(stream.next_item()))).await.0;
    assert_eq!(gone.unwrap().data.unwrap().delete.unwrap().user.unwrap().id.get(), 77);
    assert_eq!(likes_gone.next_item().await.unwrap().data.unwrap().delete.favorite.id, posts[0]);
    assert_eq!(labels.next_item().await.unwrap().data.unwrap().notice.unwrap().label_title.as_deref(), Some("Odd"));
    let event = activity.next_item().await.unwrap().data.unwrap();
    assert_eq!((event.event_type.as_deref(), event.tag.as_deref()), (Some("post.create"), Some("of robin")));
    assert_eq!(event.payload.unwrap()["text"], "heron 0");
    let start: Timestamp = sandbox.clock().now().plus_millis(-60_000);
    let past = client.likes_compliance_stream().start_time(start).await.unwrap().data.0;
    assert_eq!(past.len(), 1, "historical windows contain past events");
    let _: Vec<Rule> = client.rules().await.unwrap().data;
}
