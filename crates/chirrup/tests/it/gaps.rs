//! Gaps in streams: how they are filled, and where a stream resumes.

use std::sync::Arc;
use std::time::Duration;

use chirrup::model::Timestamp;
use chirrup::{Alert, Client, Decode, GapFill, HttpBuilder, Live, LiveEvent, MovableClock, Overflow, Reason};
use chirrup_sandbox::{Disconnect, Fault, FaultRule};
use serde_json::json;

use crate::common::{client_in_sandbox_time, sandbox};
use crate::live_streams::{
    next_event, next_text, sandbox_with_rule, text_of, until_live, wait_until_no_stream_is_open,
};

#[tokio::test]
async fn a_broken_stream_reconnects_and_backfills_the_gap() {
    let (sandbox, client) = sandbox_with_rule().await;
    let mut live = client.filtered_stream().open();
    until_live(&mut live).await;
    for (round, how) in [Disconnect::Abort, Disconnect::End, Disconnect::Operational].into_iter().enumerate() {
        sandbox.write_post("robin", &format!("before {round}")).unwrap();
        assert_eq!(next_text(&mut live).await, format!("before {round}"));
        assert_eq!(sandbox.disconnect_streams(how), 1);
        sandbox.write_post("robin", &format!("between {round}")).unwrap();
        let before = until_live(&mut live).await;
        let waiting = before.iter().find_map(|event| match event {
            LiveEvent::ReconnectWait { wait, why, .. } => Some((*wait, why)),
            _ => None,
        });
        assert_eq!(waiting.unwrap().0, Duration::ZERO, "the first reconnect is immediate");
        let said = before.iter().any(|event| matches!(event, LiveEvent::Notice(problems, _) if problems.len() == 1));
        assert_eq!(said, how == Disconnect::Operational);
        let LiveEvent::Gap { from, to, fill } = next_event(&mut live).await else { panic!("the gap is reported") };
        assert!(from <= to && fill == GapFill::Backfill);
        assert_eq!(next_text(&mut live).await, format!("between {round}"));
    }
    let stats = live.metrics().read();
    assert_eq!((stats.connections, stats.items), (4, 6));
    assert!(stats.duplicates >= 3, "the backfill also delivers earlier posts: {stats:?}");
}

#[tokio::test]
async fn the_backfill_of_a_busy_stream_is_complete() {
    const POSTS: usize = 6_000;
    let (sandbox, client) = sandbox_with_rule().await;
    let mut live = client.filtered_stream().open();
    until_live(&mut live).await;
    sandbox.silence_streams(true);
    for number in 0..POSTS {
        sandbox.write_post("robin", &format!("post {number}")).unwrap();
    }
    sandbox.silence_streams(false);
    sandbox.disconnect_streams(Disconnect::Abort);
    for number in 0..POSTS {
        let post = live.next_item().await.unwrap();
        assert_eq!(text_of(post), format!("post {number}"));
    }
}

/// Disconnects a stream of a client without backfill and with this many rejected alternatives. Returns how the gap
/// was filled, and the delivered items.
async fn recovered(refused: usize) -> (GapFill, Vec<String>) {
    let (sandbox, client) = sandbox_with_rule().await;
    let mut live = client.filtered_stream().open();
    until_live(&mut live).await;
    let no = |status| Fault::Response { status, content_type: "application/json", body: b"{}".to_vec() };
    // The connection with backfill, the one without, and the historical window.
    let window = if refused > 0 { no(403) } else { Fault::None };
    let script = FaultRule::sequence([no(400), Fault::None, window]);
    sandbox.add_fault_rule(script.endpoint("filtered_stream"));
    if refused > 1 {
        sandbox.add_fault_rule(FaultRule::new(no(403)).endpoint("search_recent"));
    }
    sandbox.disconnect_streams(Disconnect::Abort);
    // The search does not cover the last seconds, so both posts are one minute old.
    for text in ["a heron one", "a heron two"] {
        sandbox.write_post("robin", text).unwrap();
    }
    let before = until_live(&mut live).await;
    assert!(before.iter().any(|event| matches!(event, LiveEvent::ReconnectWait { why: Reason::NoBackfill, .. })));
    let (mut texts, mut fill) = (Vec::new(), None);
    while fill.is_none() {
        match next_event(&mut live).await {
            LiveEvent::Item(delivery) => {
                assert_eq!(
                    delivery.matching_rules.iter().count(),
                    2,
                    "a post that matches two rules is delivered once"
                );
                texts.push(delivery.data.unwrap().text);
            }
            LiveEvent::Gap { fill: how, .. } => fill = Some(how),
            other => panic!("{other:?}"),
        }
    }
    (fill.unwrap(), texts)
}

#[tokio::test]
async fn a_gap_without_backfill_is_filled_by_window_or_search_or_reported_as_lost() {
    assert_eq!(recovered(0).await, (GapFill::Window(2), vec!["a heron one".to_owned(), "a heron two".to_owned()]));
    let (fill, texts) = recovered(1).await;
    assert!(matches!(&fill, GapFill::Lost(why) if why.contains("last seconds")), "{fill:?}");
    assert!(texts.len() <= 2, "the search does not cover the last seconds");
    let (fill, texts) = recovered(2).await;
    assert!(matches!(fill, GapFill::Lost(_)) && texts.is_empty(), "{fill:?}");
}

#[tokio::test]
async fn a_long_gap_is_filled_by_window_or_search() {
    for searched in [false, true] {
        let sandbox = sandbox();
        let client = client_in_sandbox_time(&sandbox, HttpBuilder::default(), sandbox.app_only());
        client.update_rules().add_rules(json!([{"value": "heron"}, {"value": "pond"}])).await.unwrap();
        let mut live = client.filtered_stream().open();
        until_live(&mut live).await;
        if searched {
            let no = Fault::Response { status: 403, content_type: "application/json", body: b"{}".to_vec() };
            // Ten minutes of 503, then the connection without a historical window.
            let mut script: Vec<_> = (0..8).map(|_| Fault::ErrorAfterProcessing(503)).collect();
            script.extend([Fault::None, no]);
            sandbox.add_fault_rule(FaultRule::sequence(script).endpoint("filtered_stream"));
        } else {
            let script = (0..8).map(|_| Fault::ErrorAfterProcessing(503)).collect::<Vec<_>>();
            sandbox.add_fault_rule(FaultRule::sequence(script).endpoint("filtered_stream"));
        }
        sandbox.write_post("robin", "a heron at the pond").unwrap();
        assert_eq!(text_of(live.next_item().await.unwrap()), "a heron at the pond");
        sandbox.disconnect_streams(Disconnect::Abort);
        sandbox.write_post("robin", "another heron at another pond").unwrap();
        let (mut waits, mut items, mut alerts) = (Vec::new(), 0, Vec::new());
        let gap = loop {
            match next_event(&mut live).await {
                LiveEvent::ReconnectWait { wait, why: Reason::Server(503), .. } => waits.push(wait.as_secs()),
                LiveEvent::Alert(alert) => alerts.push(alert),
                LiveEvent::Gap { from, to, fill } => break (to.as_millis() - from.as_millis(), fill, to),
                LiveEvent::Item(item) => {
                    items += 1;
                    assert_eq!(item.matching_rules.iter().count(), 2);
                    assert_eq!(text_of(item), "another heron at another pond");
                }
                LiveEvent::Connecting | LiveEvent::Live | LiveEvent::ReconnectWait { .. } => {}
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(items, 1);
        assert!(
            waits
                .iter()
                .zip([5, 10, 20, 40, 80, 160, 320, 320])
                .all(|(w, least)| (least..=least * 11 / 10).contains(w)),
            "{waits:?}"
        );
        assert_eq!(waits.len(), 8);
        assert!(matches!(alerts[..], [Alert::LongestWait(wait)] if wait.as_secs() >= 320), "{alerts:?}");
        let disconnects = live.metrics().read().disconnects;
        assert_eq!((disconnects.server, disconnects.limited, disconnects.silent), (8, 0, 0));
        assert!(disconnects.broken + disconnects.closed >= 1, "{disconnects:?}");
        assert!(gap.0 > 900_000, "{gap:?}");
        assert_eq!(gap.1, if searched { GapFill::Search(1) } else { GapFill::Window(1) });
        if searched {
            let LiveEvent::Gap { from, to, fill: GapFill::Lost(why) } = next_event(&mut live).await else { panic!() };
            assert!(
                from == gap.2 && to.as_millis() - from.as_millis() == 12_000,
                "the rest is reported: {from} {to} {why}"
            );
        }
    }
}

/// Reads until a checkpoint at or after this time.
async fn covered<D: Decode>(live: &mut Live<D>, at_least: Timestamp) -> Timestamp {
    loop {
        match tokio::time::timeout(Duration::from_secs(10), live.next_event()).await.unwrap().unwrap() {
            LiveEvent::Checkpoint(until) if until >= at_least => return until,
            LiveEvent::Ended(why) => panic!("{why}"),
            _ => {}
        }
    }
}

#[tokio::test]
async fn a_stream_resumes_from_a_checkpoint() {
    for pause in [30, 600] {
        let sandbox = sandbox();
        let http = HttpBuilder::default().max_body(20_000);
        let client = client_in_sandbox_time(&sandbox, http, sandbox.app_only());
        client.add_rules(["heron"]).await.unwrap();
        let mut live = client.filtered_stream().open();
        until_live(&mut live).await;
        sandbox.write_post("robin", "heron 0").unwrap();
        assert_eq!(next_text(&mut live).await, "heron 0");
        live.stop_handle().stop();
        let stopped = covered(&mut live, Timestamp::from_secs(0)).await;
        drop(live);
        wait_until_no_stream_is_open(&sandbox).await;
        sandbox.clock().advance(Duration::from_secs(pause));
        // More posts than one response contains.
        for n in 1..=200 {
            sandbox.write_post("robin", &format!("heron {n}")).unwrap();
        }
        let mut live = client.filtered_stream().live().since(stopped).open();
        let (mut texts, mut gap) = (Vec::new(), None);
        while texts.last().is_none_or(|text| text != "heron 200") || gap.is_none() {
            match next_event(&mut live).await {
                LiveEvent::Item(item) => texts.push(text_of(item)),
                LiveEvent::Gap { from, fill, .. } => {
                    assert_eq!(from, stopped);
                    gap = Some(fill);
                }
                LiveEvent::Connecting | LiveEvent::Live => {}
                other => panic!("{other:?}"),
            }
        }
        // Items just before the checkpoint may be repeated; their IDs identify them.
        texts.retain(|text| text != "heron 0");
        assert_eq!(texts, (1..=200).map(|n| format!("heron {n}")).collect::<Vec<_>>());
        let window = matches!(gap, Some(GapFill::Window(200..=201)));
        assert!(window == (pause == 600) && (window || gap == Some(GapFill::Backfill)), "{gap:?}");
        sandbox.write_post("robin", "a last heron").unwrap();
        assert_eq!(next_text(&mut live).await, "a last heron");
    }
}

#[tokio::test]
async fn a_wrong_client_clock_does_not_affect_gap_filling() {
    for skew in [-3_600_000, 3_600_000_i64] {
        let sandbox = sandbox();
        let (now, then) = (sandbox.clock(), sandbox.clock());
        let ours = MovableClock::new(
            move || now.now().plus_millis(skew),
            move |moment| then.advance_to(moment.plus_millis(-skew)),
        );
        let builder = Client::builder().http(HttpBuilder::default().clock(Arc::new(ours)));
        let client = builder.credentials(sandbox.app_only()).base_url(sandbox.url()).build().unwrap();
        client.add_rules(["heron"]).await.unwrap();
        let mut live = client.filtered_stream().open();
        until_live(&mut live).await;
        sandbox.write_post("robin", "heron 0").unwrap();
        assert_eq!(next_text(&mut live).await, "heron 0");
        for outage in [20, 1_200] {
            let down = vec![Fault::ErrorAfterProcessing(503)];
            sandbox.add_fault_rule(FaultRule::sequence(down).endpoint("filtered_stream"));
            sandbox.disconnect_streams(Disconnect::Abort);
            sandbox.write_post("robin", &format!("heron {outage}")).unwrap();
            sandbox.clock().advance(Duration::from_secs(outage));
            let mut texts = Vec::new();
            let fill = loop {
                match next_event(&mut live).await {
                    LiveEvent::Item(item) => texts.push(text_of(item)),
                    LiveEvent::Gap { from, to, fill } => {
                        let theirs = sandbox.clock().now();
                        assert!(from < to && (to.as_millis() - theirs.as_millis()).abs() < 10_000, "{to} {theirs}");
                        break fill;
                    }
                    LiveEvent::Ended(why) => panic!("{why}"),
                    _ => {}
                }
            };
            if fill == GapFill::Backfill {
                texts.push(next_text(&mut live).await);
            }
            assert_eq!(texts, [format!("heron {outage}")], "{skew}: {fill:?}");
        }
    }
}

#[tokio::test]
async fn no_item_after_a_checkpoint_is_older_than_it() {
    let sandbox = sandbox();
    let client = client_in_sandbox_time(&sandbox, HttpBuilder::default(), sandbox.app_only());
    client.add_rules(["heron"]).await.unwrap();
    let mut live = client.filtered_stream().live().queue(1, Overflow::Wait).open();
    until_live(&mut live).await;
    // Far more than the buffers of both sides hold, with a delay during the transfer.
    let long = format!("heron {}", "x".repeat(20_000));
    let line = |id: u64| format!("{{\"data\":{{\"id\":\"{id}\",\"text\":\"{long}\"}}}}\r\n");
    let (mut checkpoints, mut newest) = (0, Timestamp::from_secs(0));
    let first = sandbox.clock().now().plus_millis(5_000);
    for n in 0..1_000 {
        sandbox.send_raw_to_streams(line(first.plus_millis(n * 10).first_snowflake()));
    }
    sandbox.clock().advance(Duration::from_secs(15));
    let mut items = 0;
    while items < 1_000 {
        match tokio::time::timeout(Duration::from_secs(10), live.next_event()).await.unwrap().unwrap() {
            LiveEvent::Item(item) => {
                items += 1;
                let written = item.data.unwrap().id.timestamp();
                assert!(
                    newest <= written,
                    "the stream reported coverage until {newest}, and this post is from {written}"
                );
                if items % 100 == 0 {
                    sandbox.clock().advance(Duration::from_secs(1));
                }
            }
            LiveEvent::Checkpoint(until) => (checkpoints, newest) = (checkpoints + 1, until),
            LiveEvent::Lagging(_) => {}
            other => panic!("{other:?}"),
        }
    }
    assert!(checkpoints >= 3, "{checkpoints}");
    // The next keep-alive proves that no earlier post is outstanding.
    sandbox.clock().advance(Duration::from_secs(25));
    covered(&mut live, first.plus_millis(20_000)).await;
}

#[tokio::test]
async fn a_stream_stopped_within_a_gap_has_no_checkpoint_after_it() {
    let sandbox = sandbox();
    let client = client_in_sandbox_time(&sandbox, HttpBuilder::default(), sandbox.app_only());
    client.add_rules(["heron"]).await.unwrap();
    let before = sandbox.clock().now();
    sandbox.clock().advance(Duration::from_secs(1_000));
    // The historical data arrives slowly.
    sandbox.add_fault_rule(
        FaultRule::sequence([Fault::None, Fault::DelayRequest(Duration::from_secs(60))]).endpoint("filtered_stream"),
    );
    let mut live = client.filtered_stream().live().since(before).open();
    until_live(&mut live).await;
    sandbox.write_post("robin", "a heron").unwrap();
    while live.metrics().read().lines == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
        let _ = live.try_next().is_some_and(|event| panic!("{event:?}"));
    }
    live.stop_handle().stop();
    let (mut items, mut gaps) = (0, Vec::new());
    while let Some(event) = tokio::time::timeout(Duration::from_secs(10), live.next_event()).await.unwrap() {
        match event {
            LiveEvent::Item(_) => items += 1,
            LiveEvent::Gap { from, fill, .. } => gaps.push((from, fill)),
            LiveEvent::Checkpoint(until) => assert!(until <= before, "{until}"),
            _ => {}
        }
    }
    assert_eq!((items, gaps.len(), gaps[0].0), (1, 1, before), "received items are delivered");
    assert!(matches!(&gaps[0].1, GapFill::Lost(why) if why.contains("stopped")), "{gaps:?}");
}
