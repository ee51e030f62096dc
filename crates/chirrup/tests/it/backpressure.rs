//! Readers of streams that are slow, stop, or do not read.

use std::time::Duration;

use chirrup::{LiveEvent, Overflow, Reason};
use chirrup_sandbox::{Disconnect, Fault, FaultRule};

use crate::live_streams::{
    next_event, next_text, sandbox_with_rule, text_of, until_live, wait_until_no_stream_is_open,
};

#[tokio::test]
async fn a_slow_reader_is_handled_by_the_overflow_setting() {
    let (sandbox, client) = sandbox_with_rule().await;
    sandbox.set_max_stream_connections(10);
    let line = |n: u64| format!("{{\"data\":{{\"id\":\"{n}\",\"text\":\"{n}\"}}}}\r\n");
    let mut dropping = client.filtered_stream().live().queue(100, Overflow::DropOldest).open();
    let mut failing = client.filtered_stream().live().queue(100, Overflow::Fail).open();
    let mut waiting = client.filtered_stream().live().queue(100, Overflow::Wait).open();
    until_live(&mut dropping).await;
    until_live(&mut failing).await;
    until_live(&mut waiting).await;
    for n in 1..=1_000 {
        sandbox.send_raw_to_streams(line(n));
    }
    while dropping.metrics().read().lines < 1_000 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let (mut items, mut dropped, mut lagging) = (Vec::new(), 0, 0);
    while items.last() != Some(&1_000) {
        match next_event(&mut dropping).await {
            LiveEvent::Item(item) => items.push(item.data.unwrap().id.get()),
            LiveEvent::Dropped(lines) => dropped += lines,
            LiveEvent::Lagging(_) => lagging += 1,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((items.len() as u64 + dropped, dropping.metrics().read().dropped), (1_000, dropped));
    assert!(dropped >= 500 && lagging == 1 && items.is_sorted(), "{dropped} {lagging}");
    let failed = loop {
        match next_event(&mut failing).await {
            LiveEvent::Ended(why) => break why,
            LiveEvent::Item(_) | LiveEvent::Lagging(_) => {}
            other => panic!("{other:?}"),
        }
    };
    assert!(failed.to_string().contains("slower"), "{failed}");
    for n in 1..=1_000 {
        assert_eq!(waiting.next_item().await.unwrap().data.unwrap().id.get(), n, "`Overflow::Wait` drops no item");
    }
    // `Overflow::DropNewest` keeps the oldest lines and reports the lost ones.
    let mut newest = client.filtered_stream().live().queue(100, Overflow::DropNewest).open();
    let mut spilling = client.filtered_stream().live().queue(100, Overflow::Spill(1 << 20)).open();
    until_live(&mut newest).await;
    until_live(&mut spilling).await;
    for n in 2_001..=3_000 {
        sandbox.send_raw_to_streams(line(n));
    }
    while newest.metrics().read().lines < 1_000 || spilling.metrics().read().waiting < 1_000 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    sandbox.disconnect_streams(Disconnect::End);
    sandbox.write_post("robin", "a heron after all").unwrap();
    let (mut next_id, mut dropped) = (2_001, 0);
    loop {
        match next_event(&mut newest).await {
            LiveEvent::Item(item) if item.data.as_ref().unwrap().id.get() == next_id => next_id += 1,
            LiveEvent::Dropped(lines) => {
                dropped += lines;
                next_id += lines;
            }
            LiveEvent::Item(item) => {
                assert_eq!((text_of(item).as_str(), next_id), ("a heron after all", 3_001));
                break;
            }
            _ => {}
        }
    }
    assert!(dropped >= 500 && newest.metrics().read().dropped == dropped, "{dropped}");
    for n in 2_001..=3_000 {
        assert_eq!(spilling.next_item().await.unwrap().data.unwrap().id.get(), n, "the disk keeps the rest in order");
    }
    assert_eq!(next_text(&mut spilling).await, "a heron after all", "items after the spilled ones");
}

#[tokio::test]
async fn spilling_to_disk_is_limited() {
    let (sandbox, client) = sandbox_with_rule().await;
    let mut live = client.filtered_stream().live().queue(10, Overflow::Spill(50_000)).open();
    until_live(&mut live).await;
    let line = |n: u64| format!("{{\"data\":{{\"id\":\"{n}\",\"text\":\"{}\"}}}}\r\n", "x".repeat(1_000));
    for n in 1..=300 {
        sandbox.send_raw_to_streams(line(n));
    }
    while live.metrics().read().waiting < 40 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    let waiting = live.metrics().read().waiting;
    assert!(waiting <= 70, "{waiting}");
    for n in 1..=300 {
        assert_eq!(live.next_item().await.unwrap().data.unwrap().id.get(), n);
    }
}

#[tokio::test]
async fn a_stopped_stream_delivers_received_items_and_ends() {
    let (sandbox, client) = sandbox_with_rule().await;
    let mut live = client.filtered_stream().open();
    until_live(&mut live).await;
    for n in 0..50 {
        sandbox.write_post("robin", &format!("post {n}")).unwrap();
    }
    while live.metrics().read().lines < 50 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let stop_handle = live.stop_handle();
    part!({
        tokio::spawn(async move { stop_handle.stop() }).await.unwrap();
        wait_until_no_stream_is_open(&sandbox).await;
        sandbox.write_post("robin", "too late").unwrap();
        for n in 0..50 {
            assert_eq!(next_text(&mut live).await, format!("post {n}"));
        }
        assert!(
            matches!(live.next_event().await, Some(LiveEvent::Checkpoint(_))),
            "the last event is the point to resume from"
        );
        shows_async!(
            ["pytweet.stream.connection.close", "twython.streamer.disconnect"],
            assert!(live.next_event().await.is_none())
        );
    });
    // A stream that waits for a reconnect also stops immediately.
    let mut waiting = client.filtered_stream().open();
    until_live(&mut waiting).await;
    sandbox.add_fault_rule(FaultRule::new(Fault::ErrorAfterProcessing(503)).endpoint("filtered_stream"));
    sandbox.disconnect_streams(Disconnect::Abort);
    while !matches!(next_event(&mut waiting).await, LiveEvent::ReconnectWait { why: Reason::Server(503), .. }) {}
    waiting.stop_handle().stop();
    while let Some(event) = tokio::time::timeout(Duration::from_secs(2), waiting.next_event()).await.unwrap() {
        assert!(!matches!(event, LiveEvent::Ended(_)));
    }
}

#[tokio::test]
async fn dropping_a_pending_future_loses_no_line() {
    let (sandbox, client) = sandbox_with_rule().await;
    let mut live = client.filtered_stream().open();
    until_live(&mut live).await;
    let (mut got, mut polls) = (0, 0);
    for round in 0..200 {
        for n in 0..50 {
            let line = format!("{{\"data\":{{\"id\":\"{}\",\"text\":\"x\"}}}}\r\n", round * 50 + n + 1);
            // Two chunks, so that a read often ends within a line.
            let (one, other) = line.as_bytes().split_at(n as usize % line.len());
            sandbox.send_raw_to_streams(one.to_vec());
            sandbox.send_raw_to_streams(other.to_vec());
            // Polled once and dropped.
            let polled =
                tokio::select! { biased; event = live.next_event() => event, () = std::future::ready(()) => None };
            polls += 1;
            if let Some(LiveEvent::Item(item)) = polled {
                got += 1;
                assert_eq!(item.data.unwrap().id.get(), got);
            }
        }
    }
    while got < 10_000 {
        got += 1;
        assert_eq!(live.next_item().await.unwrap().data.unwrap().id.get(), got);
    }
    assert_eq!((polls, live.metrics().read().lines), (10_000, 10_000));
}
