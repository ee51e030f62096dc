//! Failed stream connections: which are retried, and when.

use std::time::Duration;

use chirrup::model::{ConnectionField, ConnectionState, StreamEndpoint};
use chirrup::{Client, ErrorKind, HttpBuilder, LiveEvent, Reason};
use chirrup_sandbox::Disconnect;
use serde_json::json;

use crate::common::{client, client_in_sandbox_time, sandbox, sandbox_and_client};
use crate::live_streams::{next_event, next_text, sandbox_with_rule, until_live};

#[tokio::test]
async fn a_silent_connection_is_replaced() {
    let (sandbox, client) = sandbox_with_rule().await;
    let mut live = client.filtered_stream().live().watchdog_of_any_length(Duration::from_millis(200)).open();
    until_live(&mut live).await;
    sandbox.silence_streams(true);
    let before = until_live(&mut live).await;
    part!({
        let silent = |event: &_| matches!(event, LiveEvent::ReconnectWait { why: Reason::Silent(_), .. });
        shows!("twython.streamer.on_timeout", assert!(before.iter().any(silent), "{before:?}"));
    });
    part!({
        sandbox.silence_streams(false);
        sandbox.write_post("robin", "back again").unwrap();
        shows_async!("twython.streamer.on_timeout", assert!(next_text(&mut live).await == "back again"));
    });
    // The old connection is closed before the new one is opened, so a limit of one connection holds.
    let refused = |events: &[LiveEvent<_>]| {
        events.iter().any(|event| matches!(event, LiveEvent::ReconnectWait { why: Reason::TooManyConnections, .. }))
    };
    assert!(!refused(&before));
}

#[tokio::test]
async fn missing_rules_and_too_many_connections_are_different_errors() {
    let sandbox = sandbox();
    let client = client_in_sandbox_time(&sandbox, HttpBuilder::default(), sandbox.app_only());
    let mut live = client.filtered_stream().open();
    part!({
        assert!(matches!(next_event(&mut live).await, LiveEvent::Connecting));
        let LiveEvent::Ended(why) = next_event(&mut live).await else {
            panic!("without rules there is nothing to wait for")
        };
        assert_eq!((why.kind(), why.status_code()), (ErrorKind::Conflict, Some(409)));
        assert!(why.hint().is_some_and(|hint| hint.contains("rule")), "{why}");
        assert!(live.next_event().await.is_none());
    });

    client.update_rules().add_rules(json!([{"value": "heron"}])).await.unwrap();
    // This stream waits in real time, so that it does not take the place of the one that closes its connection.
    let in_real_time = Client::builder().credentials(sandbox.app_only()).base_url(sandbox.url()).build().unwrap();
    let mut first = in_real_time.filtered_stream().live().retry_in(Duration::from_secs(3600)).open();
    until_live(&mut first).await;
    part!({
        let mut second = client.filtered_stream().live().attempts(4).open();
        let mut waits = Vec::new();
        let ended = loop {
            match next_event(&mut second).await {
                LiveEvent::ReconnectWait { wait, why, .. } => {
                    assert_eq!(why, Reason::TooManyConnections);
                    waits.push(wait.as_secs());
                }
                LiveEvent::Ended(why) => break why,
                LiveEvent::Connecting => {}
                other => panic!("{other:?}"),
            }
        };
        assert!(
            waits.iter().zip([60, 120, 240]).all(|(wait, least)| (least..=least * 11 / 10).contains(wait)),
            "{waits:?}"
        );
        shows!(
            ["pytweet.stream.opt.reconnect_attempts", "twython.streamer.opt.retry_count"],
            assert!(waits.len() == 3 && ended.to_string().contains("4 connection attempts in a row failed"), "{ended}")
        );
    });
    let mut third = client.filtered_stream().live().evict_stale_connections().open();
    let before = until_live(&mut third).await;
    assert!(
        before.iter().any(|event| matches!(event, LiveEvent::ReconnectWait { wait: Duration::ZERO, .. })),
        "{before:?}"
    );
    assert_eq!(sandbox.open_stream_count(), 1);
    let closed = client.connections().await.unwrap().data;
    assert!(closed.iter().any(|connection| connection.disconnect_reason.is_some()), "{closed:?}");
}

#[tokio::test]
async fn permanent_errors_end_the_stream_immediately() {
    let (sandbox, _) = sandbox_with_rule().await;
    let stranger = client_in_sandbox_time(&sandbox, HttpBuilder::default(), chirrup::Credentials::app_only("wrong"));
    let start = sandbox.clock().now();
    let mut live = stranger.filtered_stream().open();
    assert!(matches!(next_event(&mut live).await, LiveEvent::Connecting));
    let LiveEvent::Ended(why) = next_event(&mut live).await else { panic!("a wrong token stays wrong") };
    assert_eq!(why.kind(), ErrorKind::Unauthorized);
    assert!(sandbox.clock().now().as_millis() - start.as_millis() < 60_000, "the client does not wait");
    let calls = sandbox.journal().into_iter().filter(|event| event.endpoint == Some("filtered_stream")).count();
    assert_eq!(calls, 1);
    let mut live = stranger.firehose(21).open();
    let LiveEvent::Ended(why) = next_event(&mut live).await else { panic!() };
    assert_eq!(why.kind(), ErrorKind::Argument, "an invalid call fails before it is sent");
    let unauthenticated = client_in_sandbox_time(&sandbox, HttpBuilder::default(), chirrup::Credentials::none());
    assert!(matches!(next_event(&mut unauthenticated.filtered_stream().open()).await, LiveEvent::Ended(_)));
}

#[tokio::test]
async fn connections_that_close_immediately_are_retried_with_backoff() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut request = [0; 4_096];
            let _ = socket.read(&mut request).await;
            let head = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
            socket.write_all(head).await.unwrap();
        }
    });
    let sandbox = sandbox();
    let http = HttpBuilder::default().clock(crate::common::clock(&sandbox));
    let builder = Client::builder().http(http).credentials(sandbox.app_only());
    let client = builder.base_url(format!("http://{address}")).build().unwrap();
    let mut live = client.filtered_stream().open();
    let mut waits = Vec::new();
    while waits.len() < 1_000 {
        if let LiveEvent::ReconnectWait { wait, why, .. } = next_event(&mut live).await {
            assert_eq!(why, Reason::Closed);
            waits.push(wait);
        }
    }
    for (n, wait) in waits.iter().enumerate() {
        let least = Duration::from_millis(250 * n as u64).min(Duration::from_secs(16));
        assert!(*wait >= least && *wait <= least.mul_f64(1.1), "{n}: {wait:?}");
    }
}

#[tokio::test]
async fn a_disconnect_message_ends_the_connection() {
    let sandbox = sandbox();
    let client = client_in_sandbox_time(&sandbox, HttpBuilder::default(), sandbox.app_only());
    client.update_rules().add_rules(json!([{"value": "heron"}])).await.unwrap();
    let mut live = client.filtered_stream().open();
    until_live(&mut live).await;
    let message = b"{\"errors\":[{\"title\":\"operational-disconnect\",\"detail\":\"bye\",\"type\":\"x\"}]}\r\n";
    let mut waits = Vec::new();
    for round in 0..4 {
        // Data after this event belongs to a closed connection.
        let after = if round == 0 { &b"{\"data\":{\"id\":\"51\",\"text\":\"after\"}}\r\n"[..] } else { b"" };
        sandbox.send_raw_to_streams([&message[..], after].concat());
        for event in until_live(&mut live).await {
            match event {
                LiveEvent::ReconnectWait { wait, why, .. } => {
                    assert_eq!(why, Reason::Disconnected);
                    waits.push(wait.as_secs());
                }
                LiveEvent::Item(item) => panic!("{item:?}"),
                _ => {}
            }
        }
        let LiveEvent::Gap { .. } = next_event(&mut live).await else { panic!() };
    }
    // Each attempt after the first follows a connection without data, so the backoff grows.
    assert!(waits[0] <= 5 && waits.len() == 4, "{waits:?}");
}

#[tokio::test]
async fn reconnects_respect_the_rate_limit() {
    let sandbox = sandbox();
    let client = client_in_sandbox_time(&sandbox, HttpBuilder::default(), sandbox.app_only());
    client.add_rules(["heron"]).await.unwrap();
    let mut live = client.filtered_stream().open();
    let (mut connections, mut waits) = (0, Vec::new());
    while connections < 60 {
        match next_event(&mut live).await {
            LiveEvent::Live => {
                connections += 1;
                sandbox.disconnect_streams(Disconnect::Abort);
                sandbox.write_post("robin", "a heron").unwrap();
            }
            LiveEvent::ReconnectWait { wait, why: Reason::RateLimited, .. } => waits.push(wait.as_secs()),
            LiveEvent::Ended(why) => panic!("{why}"),
            _ => {}
        }
    }
    let tried = sandbox.journal().into_iter().filter(|event| event.endpoint == Some("filtered_stream"));
    let refused = tried.filter(|event| event.status == Some(429)).count();
    assert_eq!((refused, waits.len()), (0, 1), "50 in a quarter of an hour: {waits:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_is_closed_before_its_replacement_opens() {
    let (sandbox, client) = sandbox_with_rule().await;
    let mut live = client.filtered_stream().open();
    until_live(&mut live).await;
    for n in 0..40 {
        live.change(client.filtered_stream().live());
        let before = until_live(&mut live).await;
        assert!(!before.iter().any(|event| matches!(event, LiveEvent::ReconnectWait { .. })), "{n}: {before:?}");
    }
    sandbox.write_post("robin", "a heron").unwrap();
    assert_eq!(next_text(&mut live).await, "a heron");
}

#[tokio::test]
async fn without_streams_there_are_no_connections() {
    let (sandbox, _) = sandbox_and_client();
    let app = client(&sandbox, sandbox.app_only());
    let list = app.connections().status(ConnectionState::Active).endpoints([StreamEndpoint::Filtered]);
    assert!(list.connection_fields([ConnectionField::Id]).await.unwrap().data.is_empty());
    let closed = app.close_connections(["abc"]).await.unwrap().data;
    assert_eq!((closed.successful_kills, closed.failed_kills), (Some(0), Some(1)));
    assert_eq!(app.close_all_connections().await.unwrap().data.failed_kills, Some(0));
    assert_eq!(app.close_connections_to(StreamEndpoint::Sample).await.unwrap().data.failed_kills, Some(0));
}
