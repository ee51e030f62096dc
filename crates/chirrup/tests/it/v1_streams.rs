//! Streams of v1.1.

use std::time::Duration;

use chirrup::model::v1::StreamMessage;
use chirrup::{Client, Decode, ErrorKind, Live, LiveEvent, Messages, PollEvent, PollingStream};
use chirrup_sandbox::{Disconnect, Sandbox};

use crate::live::none_open;
use crate::shared::both;

async fn live(stream: &mut Live<Messages>) {
    loop {
        match tokio::time::timeout(Duration::from_secs(10), stream.next_event()).await.expect("nothing came") {
            Some(LiveEvent::Live) => return,
            Some(LiveEvent::Ended(why)) => panic!("{why}"),
            _ => {}
        }
    }
}

async fn next(stream: &mut Live<Messages>) -> StreamMessage {
    tokio::time::timeout(Duration::from_secs(10), stream.next_item()).await.expect("nothing came").unwrap()
}

fn text(message: StreamMessage) -> String {
    let StreamMessage::Status(status) = message else { panic!("{message:?}") };
    status.text
}

#[tokio::test]
async fn a_filter_delivers_words_users_and_places() {
    let (sandbox, client) = both();
    sandbox.set_max_stream_connections(5);
    let v1 = client.v1();
    let mut words = v1.filter().track(["grey heron", "wren"]).stall_warnings(true).open();
    let mut users = v1.filter().follow([12]).open();
    let mut places = v1.filter().locations(["-10", "38", "-9", "39"]).delimited("length").open();
    live(&mut words).await;
    live(&mut users).await;
    live(&mut places).await;
    sandbox.write_post("ada", "a heron that is white").unwrap();
    sandbox.write_post("ada", "the heron there is Grey!").unwrap();
    sandbox.write_post("robin", "a #wren").unwrap();
    v1.update("from Lisbon").place_id("01a9a39529b27f36").await.unwrap();
    v1.update("from the sea").lat(38.5).long(-9.5).await.unwrap();
    v1.update("from Oslo").place_id("3797791ff9c0e4c6").await.unwrap();
    assert_eq!(text(next(&mut words).await), "the heron there is Grey!");
    assert_eq!(text(next(&mut words).await), "a #wren");
    assert_eq!(text(next(&mut users).await), "a #wren");
    // With the length before each message, the same comes out.
    assert_eq!(text(next(&mut places).await), "from Lisbon");
    assert_eq!(text(next(&mut places).await), "from the sea");
    let StreamMessage::Status(status) = StreamMessage::read(br#"{"id":1,"user":{"id":2},"text":"x"}"#).unwrap() else {
        panic!()
    };
    assert_eq!(status.id.get(), 1);
    let mut nothing = v1.filter().open();
    let ended = loop {
        match nothing.next_event().await {
            Some(LiveEvent::Ended(why)) => break why,
            Some(LiveEvent::Connecting) => {}
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(ended.status_code(), Some(406));
}

#[tokio::test]
async fn filters_are_changed_while_the_stream_runs() {
    let (sandbox, client) = both();
    let v1 = client.v1();
    let mut stream = v1.filter().track(["heron"]).open();
    live(&mut stream).await;
    sandbox.write_post("ada", "a heron").unwrap();
    assert_eq!(text(next(&mut stream).await), "a heron");
    sandbox.set_max_stream_connections(2);
    stream.change(v1.filter().track(["wren"]).live());
    live(&mut stream).await;
    sandbox.write_post("ada", "another heron").unwrap();
    sandbox.write_post("ada", "a wren").unwrap();
    assert_eq!(text(next(&mut stream).await), "a wren");
    assert_eq!(stream.metrics().read().connections, 2);
}

#[tokio::test]
async fn one_waits_as_long_as_one_likes_before_trying_again() {
    let sandbox = crate::shared::sandbox();
    let client = crate::shared::timed(&sandbox, chirrup::HttpBuilder::default(), sandbox.credentials().unwrap());
    let mut stream = client.v1().firehose_statuses().live().retry_in(Duration::from_secs(10)).open();
    live(&mut stream).await;
    sandbox.disconnect_streams(Disconnect::Abort);
    let wait = loop {
        match stream.next_event().await.unwrap() {
            LiveEvent::RateLimitWait { wait, .. } => break wait,
            LiveEvent::Ended(why) => panic!("{why}"),
            _ => {}
        }
    };
    assert_eq!(wait, Duration::from_secs(10), "after the first break it would not wait at all");
    live(&mut stream).await;
    assert!(!stream.is_over());
    stream.close();
    assert!(stream.is_over() && stream.next_event().await.is_none());
}

#[tokio::test]
async fn every_message_of_a_stream_is_typed() {
    let (sandbox, client) = both();
    let v1 = client.v1();
    let mut stream = v1.firehose_statuses().count(10).open();
    live(&mut stream).await;
    let gone = v1.update("soon gone").await.unwrap().data.id;
    v1.destroy(gone).await.unwrap();
    assert_eq!(text(next(&mut stream).await), "soon gone");
    let me = client.me().await.unwrap();
    assert_eq!(next(&mut stream).await, StreamMessage::Delete { id: gone, user: me });
    for line in [
        r#"{"limit":{"track":17}}"#,
        r#"{"warning":{"code":"FALLING_BEHIND","message":"hurry","percent_full":60}}"#,
        r#"{"scrub_geo":{"user_id":12,"user_id_str":"12","up_to_status_id":20}}"#,
        r#"{"status_withheld":{"id":20,"user_id":12,"withheld_in_countries":["DE"]}}"#,
        r#"{"disconnect":{"code":4,"stream_name":"x","reason":"gone"}}"#,
    ] {
        sandbox.send_raw_to_streams(format!("{line}\r\n"));
    }
    assert_eq!(next(&mut stream).await, StreamMessage::Limit(17));
    let StreamMessage::Warning(warning) = next(&mut stream).await else { panic!() };
    assert_eq!((warning.code.as_deref(), warning.percent_full), (Some("FALLING_BEHIND"), Some(60.0)));
    assert!(matches!(next(&mut stream).await, StreamMessage::ScrubGeo { user, .. } if user.get() == 12));
    assert!(matches!(next(&mut stream).await, StreamMessage::Withheld(_)));
    let StreamMessage::Disconnect(why) = next(&mut stream).await else { panic!() };
    assert_eq!((why.code, why.reason.as_deref()), (Some(4), Some("gone")));
}

#[tokio::test]
async fn streams_of_users_begin_with_whom_they_follow() {
    let (sandbox, client) = both();
    let v1 = client.v1();
    let mut own = v1.user_stream().with("followings").replies("all").open();
    live(&mut own).await;
    let StreamMessage::Friends(friends) = next(&mut own).await else { panic!("first the friends") };
    assert_eq!(friends.len(), v1.friend_ids().await.unwrap().data.ids.len());
    v1.update("mine").await.unwrap();
    assert_eq!(text(next(&mut own).await), "mine");
    let mut site = v1.site_stream([12]).open();
    live(&mut site).await;
    sandbox.write_post("robin", "for the site").unwrap();
    assert_eq!(text(next(&mut site).await), "for the site");
    let mut sample = v1.sample().language(["en"]).open();
    live(&mut sample).await;
    for n in 0.. {
        sandbox.write_post("robin", &format!("number {n}")).unwrap();
        tokio::time::sleep(Duration::from_millis(1)).await;
        // One in a hundred comes sooner or later.
        if sample.metrics().read().lines > 0 {
            break;
        }
    }
    assert!(text(next(&mut sample).await).starts_with("number"));
}

/// A stream of all statuses that is pulled.
fn pulled(client: &Client) -> PollingStream {
    PollingStream::new(client.v1().firehose_statuses().live())
}

async fn open(sandbox: &Sandbox, count: usize) {
    while sandbox.open_stream_count() < count {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// The next item that is none of silence: a busy machine may be slow.
async fn after_silence<D: Decode>(stream: &mut PollingStream<D>) -> Option<Result<PollEvent<D::Item>, chirrup::Error>> {
    loop {
        match stream.next().await {
            Some(Ok(PollEvent::Timeout)) => {}
            other => return other,
        }
    }
}

#[tokio::test]
async fn streams_are_pulled_in_the_four_ways_of_python_twitter_tools() {
    let (sandbox, client) = both();
    // One after another, until the connection breaks; that is an item, too.
    let mut plain = pulled(&client);
    let writing = async {
        open(&sandbox, 1).await;
        sandbox.write_post("robin", "first").unwrap();
        sandbox.write_post("robin", "second").unwrap();
    };
    let (first, ()) = tokio::join!(plain.next(), writing);
    assert!(matches!(first, Some(Ok(PollEvent::Message(StreamMessage::Status(status)))) if status.text == "first"));
    assert!(matches!(plain.next().await, Some(Ok(PollEvent::Message(_)))));
    sandbox.send_raw_to_streams(&b"{\"delete\":{\"status\":{\"id\":1,\"user_id\":2}}}\r\n"[..]);
    assert!(matches!(plain.next().await, Some(Ok(PollEvent::Message(StreamMessage::Delete { .. })))));
    sandbox.disconnect_streams(Disconnect::Abort);
    assert!(matches!(plain.next().await, Some(Ok(PollEvent::Hangup))));
    assert!(plain.next().await.is_none(), "the first break is the end");
    none_open(&sandbox).await;

    // With a time after which it says that nothing came; this goes before the other way.
    let mut timed = pulled(&client).nonblocking().timeout(Duration::from_millis(150));
    assert!(matches!(timed.next().await, Some(Ok(PollEvent::Timeout))));
    assert!(matches!(timed.next().await, Some(Ok(PollEvent::Timeout))));
    open(&sandbox, 1).await;
    sandbox.write_post("robin", "in time").unwrap();
    assert!(matches!(after_silence(&mut timed).await, Some(Ok(PollEvent::Message(_)))));
    drop(timed);
    none_open(&sandbox).await;

    // Without waiting.
    let mut eager = pulled(&client).nonblocking();
    assert!(matches!(eager.next().await, Some(Ok(PollEvent::Empty))));
    open(&sandbox, 1).await;
    sandbox.write_post("robin", "at once").unwrap();
    loop {
        match eager.next().await.unwrap().unwrap() {
            PollEvent::Empty => {}
            PollEvent::Message(StreamMessage::Status(status)) => break assert_eq!(status.text, "at once"),
            other => panic!("{other:?}"),
        }
    }
    drop(eager);
    none_open(&sandbox).await;

    // The streams of v2 can be pulled, too.
    client.sync_rules(["heron"]).await.unwrap();
    let mut new = PollingStream::new(client.filtered_stream().live()).timeout(Duration::from_millis(150));
    assert!(matches!(new.next().await, Some(Ok(PollEvent::Timeout))));
    open(&sandbox, 1).await;
    sandbox.write_post("robin", "a heron, pulled").unwrap();
    let Some(Ok(PollEvent::Message(delivery))) = after_silence(&mut new).await else { panic!("a post") };
    assert_eq!(delivery.data.unwrap().text, "a heron, pulled");
    drop(new);
    none_open(&sandbox).await;

    // Silence is told from a break.
    let quiet = client.v1().firehose_statuses().live().watchdog_of_any_length(Duration::from_millis(150));
    let mut quiet = PollingStream::new(quiet);
    sandbox.silence_streams(true);
    assert!(matches!(quiet.next().await, Some(Ok(PollEvent::HeartbeatTimeout))));
    assert!(quiet.next().await.is_none());
    let stranger = crate::shared::client(&sandbox, chirrup::Credentials::app_only("wrong"));
    let mut refused = pulled(&stranger);
    assert_eq!(refused.next().await.unwrap().unwrap_err().kind(), ErrorKind::Unauthorized);
    assert!(refused.next().await.is_none());
}
