//! Streams read by a program without an async runtime.

use std::time::{Duration, Instant};

use chirrup::model::v1::StreamMessage;
use chirrup::{Client, ErrorKind, LiveEvent, PollEvent, PollingStream};
use chirrup_sandbox::Sandbox;

use crate::common::sandbox_and_client;

fn sandbox_with_rule() -> (Sandbox, Client) {
    let (sandbox, client) = sandbox_and_client();
    client.wait(client.sync_rules(["heron"])).unwrap();
    (sandbox, client)
}

/// Calls `write` when a stream is open, so that it can deliver what is written.
fn when_open<T>(sandbox: &Sandbox, write: impl FnOnce(&Sandbox) -> T) -> T {
    let start = Instant::now();
    while sandbox.open_stream_count() == 0 {
        assert!(start.elapsed() < Duration::from_secs(120), "no stream was opened");
        std::thread::sleep(Duration::from_millis(5));
    }
    write(sandbox)
}

#[test]
fn the_events_of_a_stream_are_a_loop() {
    let (sandbox, client) = sandbox_with_rule();
    let stream = client.filtered_stream().open().wait().unwrap();
    let stop = stream.stream().stop_handle();
    let mut texts = Vec::new();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            when_open(&sandbox, |sandbox| {
                for n in 1..=3 {
                    sandbox.write_post("robin", &format!("heron {n}")).unwrap();
                }
            });
        });
        for event in stream {
            if let LiveEvent::Item(delivery) = event {
                texts.push(delivery.data.unwrap().text);
                if texts.len() == 3 {
                    stop.stop();
                }
            }
        }
    });
    assert_eq!(texts, ["heron 1", "heron 2", "heron 3"], "the stop ends the loop");
}

#[test]
fn the_items_of_a_stream_are_a_loop_that_ends_with_the_error() {
    let (sandbox, client) = sandbox_with_rule();
    let items = client.filtered_stream().open().wait().unwrap().items();
    std::thread::scope(|scope| {
        scope.spawn(|| when_open(&sandbox, |sandbox| sandbox.write_post("robin", "one heron").unwrap()));
        let first = items.into_iter().next().unwrap().unwrap();
        assert_eq!(first.data.unwrap().text, "one heron");
    });
    client.wait(client.sync_rules(Vec::<&str>::new())).unwrap();
    let all: Vec<_> = client.filtered_stream().open().wait().unwrap().items().collect();
    let [Err(refused)] = &all[..] else { panic!("{all:?}") };
    assert_eq!((refused.kind(), refused.status_code()), (ErrorKind::Conflict, Some(409)));
}

#[test]
fn a_blocking_read_can_have_a_limit() {
    let (sandbox, client) = sandbox_with_rule();
    let mut stream = client.filtered_stream().open().wait().unwrap();
    assert!(matches!(stream.next(), Some(LiveEvent::Connecting)));
    assert!(matches!(stream.next(), Some(LiveEvent::Live)));
    let start = Instant::now();
    while stream.next_within(Duration::from_millis(200)).is_some() {}
    assert!(start.elapsed() >= Duration::from_millis(200) && !stream.stream().is_over());
    sandbox.write_post("robin", "a heron at last").unwrap();
    assert_eq!(stream.next_item().unwrap().data.unwrap().text, "a heron at last");
    // What is there already needs no waiting.
    sandbox.write_post("robin", "another heron").unwrap();
    let start = Instant::now();
    let event = loop {
        if let Some(LiveEvent::Item(delivery)) = stream.stream_mut().try_next() {
            break delivery.data.unwrap().text;
        }
        assert!(start.elapsed() < Duration::from_secs(120));
        std::thread::sleep(Duration::from_millis(1));
    };
    assert_eq!(event, "another heron");
    stream.stream_mut().close();
    assert!(stream.next_within(Duration::from_secs(60)).is_none() && stream.stream().is_over());
}

#[test]
fn a_blocking_stream_reconnects_and_fills_its_gaps() {
    let (sandbox, client) = sandbox_with_rule();
    let mut stream = client.filtered_stream().open().wait().unwrap();
    assert!(stream.any(|event| matches!(event, LiveEvent::Live)));
    sandbox.write_post("robin", "heron before").unwrap();
    assert_eq!(stream.next_item().unwrap().data.unwrap().text, "heron before");
    sandbox.disconnect_streams(chirrup_sandbox::Disconnect::Abort);
    sandbox.write_post("robin", "heron between").unwrap();
    assert_eq!(stream.next_item().unwrap().data.unwrap().text, "heron between");
    sandbox.write_post("robin", "heron after").unwrap();
    assert_eq!(stream.next_item().unwrap().data.unwrap().text, "heron after");
}

#[test]
fn a_polled_stream_is_a_loop() {
    let (sandbox, client) = sandbox_and_client();
    let stream = PollingStream::new(client.v1().filter().track(["heron"]).live()).timeout(Duration::from_millis(100));
    let (mut timeouts, mut found) = (0, None);
    for event in stream.wait().unwrap() {
        match event.unwrap() {
            PollEvent::Timeout => {
                timeouts += 1;
                if timeouts == 2 {
                    when_open(&sandbox, |sandbox| sandbox.write_post("robin", "a heron, polled").unwrap());
                }
            }
            PollEvent::Message(StreamMessage::Status(status)) => {
                found = Some(status.text.clone());
                sandbox.disconnect_streams(chirrup_sandbox::Disconnect::Abort);
            }
            PollEvent::Hangup => break,
            other => panic!("{other:?}"),
        }
    }
    assert!(timeouts >= 2);
    assert_eq!(found.as_deref(), Some("a heron, polled"));

    let mut eager = PollingStream::new(client.v1().filter().track(["heron"]).live()).nonblocking().wait().unwrap();
    let start = Instant::now();
    assert!(matches!(eager.next(), Some(Ok(PollEvent::Empty))));
    assert!(start.elapsed() < Duration::from_secs(60), "it does not wait");
    let mut written = false;
    let text = loop {
        match eager.next().unwrap().unwrap() {
            PollEvent::Message(StreamMessage::Status(status)) => break status.text.clone(),
            PollEvent::Empty if !written && sandbox.open_stream_count() > 0 => {
                sandbox.write_post("robin", "an eager heron").unwrap();
                written = true;
            }
            PollEvent::Empty => std::thread::sleep(Duration::from_millis(1)),
            other => panic!("{other:?}"),
        }
        assert!(start.elapsed() < Duration::from_secs(120));
    };
    assert_eq!(text, "an eager heron");
}

#[tokio::test]
async fn a_stream_does_not_block_an_async_runtime() {
    let (_sandbox, client) = sandbox_and_client();
    let live = client.filtered_stream().open().wait().unwrap_err();
    assert_eq!(live.kind(), ErrorKind::Blocking);
    let polled = PollingStream::new(client.v1().sample().live()).wait().unwrap_err();
    assert_eq!(polled.kind(), ErrorKind::Blocking);
}
