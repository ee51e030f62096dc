//! Streams of v1.1.

use std::time::Duration;

use chirrup::model::v1::StreamMessage;
use chirrup::{Client, Decode, ErrorKind, Live, LiveEvent, Messages, PollEvent, PollingStream};
use chirrup_sandbox::{Disconnect, Sandbox};

use crate::common::sandbox_and_client;
use crate::live_streams::wait_until_no_stream_is_open;

async fn wait_until_live(stream: &mut Live<Messages>) {
    loop {
        match tokio::time::timeout(Duration::from_secs(10), stream.next_event()).await.expect("nothing came") {
            Some(LiveEvent::Live) => return,
            Some(LiveEvent::Ended(why)) => panic!("{why}"),
            _ => {}
        }
    }
}

async fn next_message(stream: &mut Live<Messages>) -> StreamMessage {
    tokio::time::timeout(Duration::from_secs(10), stream.next_item()).await.expect("nothing came").unwrap()
}

fn text(message: StreamMessage) -> String {
    let StreamMessage::Status(status) = message else { panic!("{message:?}") };
    status.text
}

#[tokio::test]
async fn v1_filter_matches_words_users_and_places() {
    let (sandbox, client) = sandbox_and_client();
    sandbox.set_max_stream_connections(5);
    let v1 = client.v1();
    let mut words = v1.filter().track(["grey heron", "wren"]).stall_warnings(true).open();
    let mut users = v1.filter().follow([12]).open();
    let mut places = v1.filter().locations(["-10", "38", "-9", "39"]).delimited("length").open();
    part!({
        wait_until_live(&mut words).await;
        wait_until_live(&mut users).await;
        wait_until_live(&mut places).await;
        sandbox.write_post("ada", "a heron that is white").unwrap();
        sandbox.write_post("ada", "the heron there is Grey!").unwrap();
        sandbox.write_post("robin", "a #wren").unwrap();
        v1.update("from Lisbon").place_id("01a9a39529b27f36").await.unwrap();
        v1.update("from the sea").lat(38.5).long(-9.5).await.unwrap();
        v1.update("from Oslo").place_id("3797791ff9c0e4c6").await.unwrap();
        shows_async!(
            [
                "twython.types.statuses.filter",
                "twython.streamer.on_success",
                "twython.streamer",
                "twython.types.statuses",
                "twython.types",
                "ptt.ex.v1_filter"
            ],
            assert!(text(next_message(&mut words).await) == "the heron there is Grey!")
        );
    });
    part!({
        assert_eq!(text(next_message(&mut words).await), "a #wren");
        shows_async!("twython.types.statuses.filter", assert!(text(next_message(&mut users).await) == "a #wren"));
    });
    // With `delimited=length` the items are the same.
    shows_async!("twython.types.statuses.filter", assert!(text(next_message(&mut places).await) == "from Lisbon"));
    part!({
        assert_eq!(text(next_message(&mut places).await), "from the sea");
        let StreamMessage::Status(status) = StreamMessage::read(br#"{"id":1,"user":{"id":2},"text":"x"}"#).unwrap()
        else {
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
        shows!("twython.streamer.on_error", assert_eq!(ended.status_code(), Some(406)));
    });
}

#[tokio::test]
async fn v1_filters_change_while_the_stream_runs() {
    let (sandbox, client) = sandbox_and_client();
    let v1 = client.v1();
    let mut stream = v1.filter().track(["heron"]).open();
    part!({
        wait_until_live(&mut stream).await;
        sandbox.write_post("ada", "a heron").unwrap();
        assert_eq!(text(next_message(&mut stream).await), "a heron");
        sandbox.set_max_stream_connections(2);
        stream.change(v1.filter().track(["wren"]).live());
        wait_until_live(&mut stream).await;
        sandbox.write_post("ada", "another heron").unwrap();
        sandbox.write_post("ada", "a wren").unwrap();
        shows_async!(
            ["twython.types.statuses.dynamic_filter", "twython.types.statuses.set_dynamic_filter"],
            assert!(text(next_message(&mut stream).await) == "a wren")
        );
    });
    assert_eq!(stream.metrics().read().connections, 2);
}

#[tokio::test]
async fn reconnect_delays_are_configurable() {
    let sandbox = crate::common::sandbox();
    let client = crate::common::client_in_sandbox_time(
        &sandbox,
        chirrup::HttpBuilder::default(),
        sandbox.credentials().unwrap(),
    );
    let mut stream = client.v1().firehose_statuses().live().retry_in(Duration::from_secs(10)).open();
    part!({
        wait_until_live(&mut stream).await;
        sandbox.disconnect_streams(Disconnect::Abort);
        let wait = loop {
            match stream.next_event().await.unwrap() {
                LiveEvent::ReconnectWait { wait, .. } => break wait,
                LiveEvent::Ended(why) => panic!("{why}"),
                _ => {}
            }
        };
        shows!(
            "twython.streamer.opt.retry_in",
            assert_eq!(wait, Duration::from_secs(10), "the client would not wait after the first disconnect")
        );
    });
    part!({
        wait_until_live(&mut stream).await;
        shows!(["pytweet.stream.connection.closed", "pytweet.stream.connection.is_close"], assert!(!stream.is_over()));
    });
    part!({
        stream.close();
        shows_async!(
            ["pytweet.stream.connection.closed", "pytweet.stream.connection.is_close"],
            assert!(stream.is_over() && stream.next_event().await.is_none())
        );
    });
}

#[tokio::test]
async fn v1_stream_messages_are_typed() {
    let (sandbox, client) = sandbox_and_client();
    let v1 = client.v1();
    let mut stream = v1.firehose_statuses().count(10).open();
    wait_until_live(&mut stream).await;
    let gone = v1.update("soon gone").await.unwrap().data.id;
    part!({
        v1.destroy(gone).await.unwrap();
        shows_async!("twython.types.statuses.firehose", assert!(text(next_message(&mut stream).await) == "soon gone"));
    });
    part!({
        let me = client.me().await.unwrap();
        shows_async!(
            "twython.streamer.opt.handlers",
            assert!(next_message(&mut stream).await == StreamMessage::Delete { id: gone, user: me })
        );
    });
    part!({
        for line in [
            r#"{"limit":{"track":17}}"#,
            r#"{"warning":{"code":"FALLING_BEHIND","message":"hurry","percent_full":60}}"#,
            r#"{"scrub_geo":{"user_id":12,"user_id_str":"12","up_to_status_id":20}}"#,
            r#"{"status_withheld":{"id":20,"user_id":12,"withheld_in_countries":["DE"]}}"#,
            r#"{"disconnect":{"code":4,"stream_name":"x","reason":"gone"}}"#,
        ] {
            sandbox.send_raw_to_streams(format!("{line}\r\n"));
        }
        shows_async!(
            "twython.streamer.opt.handlers",
            assert!(next_message(&mut stream).await == StreamMessage::Limit(17))
        );
    });
    part!({
        let StreamMessage::Warning(warning) = next_message(&mut stream).await else { panic!() };
        assert_eq!((warning.code.as_deref(), warning.percent_full), (Some("FALLING_BEHIND"), Some(60.0)));
        assert!(matches!(next_message(&mut stream).await, StreamMessage::ScrubGeo { user, .. } if user.get() == 12));
        assert!(matches!(next_message(&mut stream).await, StreamMessage::Withheld(_)));
        let StreamMessage::Disconnect(why) = next_message(&mut stream).await else { panic!() };
        shows!(
            ["twython.streamer.opt.handlers", "ptt.stream.msg.service"],
            assert_eq!((why.code, why.reason.as_deref()), (Some(4), Some("gone")))
        );
    });
}

#[tokio::test]
async fn v1_user_streams_start_with_the_friends() {
    let (sandbox, client) = sandbox_and_client();
    let v1 = client.v1();
    part!({
        let mut own = v1.user_stream().with("followings").replies("all").open();
        wait_until_live(&mut own).await;
        let StreamMessage::Friends(friends) = next_message(&mut own).await else { panic!("first the friends") };
        assert_eq!(friends.len(), v1.friend_ids().await.unwrap().data.ids.len());
        v1.update("mine").await.unwrap();
        shows_async!("twython.types.user", assert!(text(next_message(&mut own).await) == "mine"));
    });
    part!({
        let mut site = v1.site_stream([12]).open();
        wait_until_live(&mut site).await;
        sandbox.write_post("robin", "OAuth for the site").unwrap();
        shows_async!("twython.types.site", assert!(text(next_message(&mut site).await) == "OAuth for the site"));
    });
    part!({
        let mut sample = v1.sample().language(["en"]).open();
        wait_until_live(&mut sample).await;
        for n in 0.. {
            sandbox.write_post("robin", &format!("number {n}")).unwrap();
            tokio::time::sleep(Duration::from_millis(1)).await;
            // The sample delivers about one post in a hundred.
            if sample.metrics().read().lines > 0 {
                break;
            }
        }
        shows_async!(
            ["twython.types.statuses.sample", "ptt.ex.v1_sample"],
            assert!(text(next_message(&mut sample).await).starts_with("number"))
        );
    });
}

/// Opens a polling stream of all statuses.
fn pulled(client: &Client) -> PollingStream {
    PollingStream::new(client.v1().firehose_statuses().live())
}

async fn open(sandbox: &Sandbox, count: usize) {
    while sandbox.open_stream_count() < count {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// Returns the next item except timeouts, because a busy machine may be slow.
async fn after_silence<D: Decode>(stream: &mut PollingStream<D>) -> Option<Result<PollEvent<D::Item>, chirrup::Error>> {
    loop {
        match stream.next().await {
            Some(Ok(PollEvent::Timeout)) => {}
            other => return other,
        }
    }
}

#[tokio::test]
async fn polling_streams_support_the_four_modes_of_python_twitter_tools() {
    let (sandbox, client) = sandbox_and_client();
    // Items in order, until the connection breaks, which is also an item.
    let mut plain = pulled(&client);
    let writing = async {
        open(&sandbox, 1).await;
        sandbox.write_post("robin", "first").unwrap();
        sandbox.write_post("robin", "second").unwrap();
    };
    let (first, ()) = tokio::join!(plain.next(), writing);
    shows!(
        "ptt.stream",
        assert!(matches!(first, Some(Ok(PollEvent::Message(StreamMessage::Status(status)))) if status.text == "first"))
    );
    part!({
        assert!(matches!(plain.next().await, Some(Ok(PollEvent::Message(_)))));
        sandbox.send_raw_to_streams(&b"{\"delete\":{\"status\":{\"id\":1,\"user_id\":2}}}\r\n"[..]);
        shows_async!(
            "ptt.stream.msg.service",
            assert!(matches!(plain.next().await, Some(Ok(PollEvent::Message(StreamMessage::Delete { .. })))))
        );
    });
    part!({
        sandbox.disconnect_streams(Disconnect::Abort);
        shows_async!("ptt.stream.msg.hangup", assert!(matches!(plain.next().await, Some(Ok(PollEvent::Hangup)))));
    });
    shows_async!(
        "ptt.stream.msg.hangup",
        assert!(plain.next().await.is_none(), "the first disconnect ends the stream")
    );
    part!({
        wait_until_no_stream_is_open(&sandbox).await;

        // The timeout has precedence over non-blocking reads.
        part!({
            let mut timed = pulled(&client).nonblocking().timeout(Duration::from_millis(150));
            shows_async!(
                ["ptt.stream.opt.timeout_wins", "ptt.stream.msg.timeout", "ptt.stream.opt.timeout"],
                assert!(matches!(timed.next().await, Some(Ok(PollEvent::Timeout))))
            );
            assert!(matches!(timed.next().await, Some(Ok(PollEvent::Timeout))));
            open(&sandbox, 1).await;
            sandbox.write_post("robin", "in time").unwrap();
            shows_async!(
                "ptt.stream.msg.timeout",
                assert!(matches!(after_silence(&mut timed).await, Some(Ok(PollEvent::Message(_)))))
            );
        });
    });
    part!({
        wait_until_no_stream_is_open(&sandbox).await;

        // Non-blocking reads.
        part!({
            let mut eager = pulled(&client).nonblocking();
            shows_async!(["ptt.stream.opt.block", "ptt.stream.msg.none"], {
                let first = tokio::time::timeout(Duration::from_secs(5), eager.next()).await;
                assert!(matches!(first, Ok(Some(Ok(PollEvent::Empty)))));
            });
            open(&sandbox, 1).await;
            sandbox.write_post("robin", "at once").unwrap();
            loop {
                match eager.next().await.unwrap().unwrap() {
                    PollEvent::Empty => {}
                    PollEvent::Message(StreamMessage::Status(status)) => break assert_eq!(status.text, "at once"),
                    other => panic!("{other:?}"),
                }
            }
        });
    });
    part!({
        wait_until_no_stream_is_open(&sandbox).await;

        // Streams of v2 can be polled, too.
        part!({
            client.sync_rules(["heron"]).await.unwrap();
            let mut new = PollingStream::new(client.filtered_stream().live()).timeout(Duration::from_millis(150));
            assert!(matches!(new.next().await, Some(Ok(PollEvent::Timeout))));
            open(&sandbox, 1).await;
            sandbox.write_post("robin", "a heron, pulled").unwrap();
            let Some(Ok(PollEvent::Message(delivery))) = after_silence(&mut new).await else { panic!("a post") };
            shows!(
                ["ptt.stream2", "ptt.ex.v2_stream_search"],
                assert_eq!(delivery.data.unwrap().text, "a heron, pulled")
            );
        });
    });
    wait_until_no_stream_is_open(&sandbox).await;

    // A timeout and a broken connection are different items.
    let quiet = client.v1().firehose_statuses().live().watchdog_of_any_length(Duration::from_millis(150));
    let mut quiet = PollingStream::new(quiet);
    part!({
        sandbox.silence_streams(true);
        shows_async!(
            "ptt.stream.msg.heartbeat_timeout",
            assert!(matches!(quiet.next().await, Some(Ok(PollEvent::HeartbeatTimeout))))
        );
    });
    shows_async!("ptt.stream.msg.heartbeat_timeout", assert!(quiet.next().await.is_none()));
    let stranger = crate::common::client(&sandbox, chirrup::Credentials::app_only("wrong"));
    let mut refused = pulled(&stranger);
    assert_eq!(refused.next().await.unwrap().unwrap_err().kind(), ErrorKind::Unauthorized);
    assert!(refused.next().await.is_none());
}
