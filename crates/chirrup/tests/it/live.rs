//! Streams that go on: what they tell, and how they come back.

use std::time::Duration;

use chirrup::model::{Expansion, Post, Rule, Timestamp};
use chirrup::{Alert, Client, Decode, ErrorKind, Filled, HttpBuilder, Live, LiveEvent, Overflow, Reason, Typed};
use chirrup_sandbox::{Disconnect, Fault, FaultRule, Sandbox};
use serde_json::json;

use crate::shared::{client, sandbox, timed};

/// A sandbox whose app has a rule, and a client that holds the app's token.
async fn ruled() -> (Sandbox, Client) {
    let sandbox = sandbox();
    let client = client(&sandbox, sandbox.app_only());
    let rules = json!([{"value": "heron", "tag": "birds"}, {"value": "from:robin", "tag": "robin"}]);
    client.update_rules().add_rules(rules).await.unwrap();
    (sandbox, client)
}

/// The next event that is no checkpoint, within ten seconds.
async fn next<D: Decode>(live: &mut Live<D>) -> LiveEvent<D::Item> {
    loop {
        let event = tokio::time::timeout(Duration::from_secs(10), live.next_event()).await;
        match event.expect("nothing came").expect("it is over") {
            LiveEvent::Covered(_) => {}
            other => return other,
        }
    }
}

/// All events until the stream is live.
async fn until_live<D: Decode>(live: &mut Live<D>) -> Vec<LiveEvent<D::Item>>
where
    D::Item: std::fmt::Debug,
{
    let mut before = Vec::new();
    loop {
        match next(live).await {
            LiveEvent::Live => return before,
            LiveEvent::Ended(why) => panic!("{why:?} after {before:?}"),
            other => before.push(other),
        }
    }
}

/// The text of the next item; other events are let pass.
async fn text(live: &mut Live<Typed<Post>>) -> String {
    let item = tokio::time::timeout(Duration::from_secs(10), live.next_item()).await.expect("nothing came");
    item.unwrap().data.unwrap().text
}

#[tokio::test]
async fn what_matches_is_delivered_as_it_is_written() {
    let (sandbox, client) = ruled().await;
    let mut live = client.filtered_stream().expansions([Expansion::AuthorId]).open();
    assert!(matches!(next(&mut live).await, LiveEvent::Connecting));
    assert!(matches!(next(&mut live).await, LiveEvent::Live));
    sandbox.write_post("ada", "nothing of the kind").unwrap();
    sandbox.write_post("robin", "a heron at the pond").unwrap();
    let delivery = live.next_item().await.unwrap();
    let tags: Vec<_> = delivery.matching_rules.iter().filter_map(|rule| rule.tag.as_deref()).collect();
    let post = delivery.data.unwrap();
    assert_eq!((post.text.as_str(), tags), ("a heron at the pond", vec!["birds", "robin"]));
    assert_eq!(delivery.includes.author_of(&post).unwrap().username, "robin");
    assert!(client.spent().run > chirrup::Cost::ZERO);
    assert_eq!(client.spent().run, sandbox.bill(), "what is streamed is paid for");
    // A post that a call makes is delivered like one that the sandbox makes.
    let ada = crate::shared::client(&sandbox, sandbox.credentials().unwrap());
    ada.create_post().text("the heron is gone").await.unwrap();
    assert_eq!(text(&mut live).await, "the heron is gone");
    let rules = json!([{"value": "wren"}]);
    client.update_rules().add_rules(rules).await.unwrap();
    sandbox.write_post("ada", "a wren").unwrap();
    assert_eq!(text(&mut live).await, "a wren", "rules work at once, without a new connection");
    let figures = live.meter().read();
    assert_eq!((figures.items, figures.lines, figures.connections, figures.bad), (3, 3, 1, 0));
    assert!(figures.lag(sandbox.clock().now()).unwrap() < Duration::from_secs(10));
    drop(live);
    while sandbox.open_streams() > 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn signs_of_life_come_every_twenty_seconds_by_the_clock_of_the_sandbox() {
    let (sandbox, client) = ruled().await;
    let mut live = client.filtered_stream().open();
    until_live(&mut live).await;
    for beat in 1..=20 {
        sandbox.clock().advance(Duration::from_secs(20));
        while live.meter().read().keep_alives < beat {
            tokio::task::yield_now().await;
        }
    }
    sandbox.write_post("robin", "still here").unwrap();
    assert_eq!(text(&mut live).await, "still here");
    assert_eq!(live.meter().read().connections, 1);
}

#[tokio::test]
async fn a_broken_connection_is_made_anew_and_the_gap_is_backfilled() {
    let (sandbox, client) = ruled().await;
    let mut live = client.filtered_stream().open();
    until_live(&mut live).await;
    for (round, how) in [Disconnect::Cut, Disconnect::End, Disconnect::Operational].into_iter().enumerate() {
        sandbox.write_post("robin", &format!("before {round}")).unwrap();
        assert_eq!(text(&mut live).await, format!("before {round}"));
        assert_eq!(sandbox.disconnect_streams(how), 1);
        sandbox.write_post("robin", &format!("between {round}")).unwrap();
        let before = until_live(&mut live).await;
        let waiting = before.iter().find_map(|event| match event {
            LiveEvent::Waiting { wait, why, .. } => Some((*wait, why)),
            _ => None,
        });
        assert_eq!(waiting.unwrap().0, Duration::ZERO, "the first new connection is made at once");
        let said = before.iter().any(|event| matches!(event, LiveEvent::Notice(problems, _) if problems.len() == 1));
        assert_eq!(said, how == Disconnect::Operational);
        let LiveEvent::Gap { from, to, filled } = next(&mut live).await else { panic!("the gap is told of") };
        assert!(from <= to && filled == Filled::Backfill);
        assert_eq!(text(&mut live).await, format!("between {round}"));
    }
    let figures = live.meter().read();
    assert_eq!((figures.connections, figures.items), (4, 6));
    assert!(figures.duplicates >= 3, "the backfill brings what came before, too: {figures:?}");
}

/// Breaks a stream of a client that may not use backfill, nor as many ways beyond it as `refused`, and gives how the gap
/// was filled, and what came.
async fn recovered(refused: usize) -> (Filled, Vec<String>) {
    let (sandbox, client) = ruled().await;
    let mut live = client.filtered_stream().open();
    until_live(&mut live).await;
    let no = |status| Fault::Answer { status, content_type: "application/json", body: b"{}".to_vec() };
    // The connection with backfill, the one without, and the window of the past.
    let window = if refused > 0 { no(403) } else { Fault::None };
    let script = FaultRule::script([no(400), Fault::None, window]);
    sandbox.fault_rule(script.on("filtered_stream"));
    if refused > 1 {
        sandbox.fault_rule(FaultRule::new(no(403)).on("search_recent"));
    }
    sandbox.disconnect_streams(Disconnect::Cut);
    // The search does not know the last seconds: both posts are of the minute before.
    for text in ["a heron one", "a heron two"] {
        sandbox.write_post("robin", text).unwrap();
    }
    let before = until_live(&mut live).await;
    assert!(before.iter().any(|event| matches!(event, LiveEvent::Waiting { why: Reason::NoBackfill, .. })));
    let (mut texts, mut filled) = (Vec::new(), None);
    while filled.is_none() {
        match next(&mut live).await {
            LiveEvent::Item(delivery) => {
                assert_eq!(delivery.matching_rules.iter().count(), 2, "a post that two rules find is one post");
                texts.push(delivery.data.unwrap().text);
            }
            LiveEvent::Gap { filled: how, .. } => filled = Some(how),
            other => panic!("{other:?}"),
        }
    }
    (filled.unwrap(), texts)
}

#[tokio::test]
async fn without_backfill_the_window_is_asked_for_then_the_search_and_a_loss_is_told_of() {
    assert_eq!(recovered(0).await, (Filled::Window(2), vec!["a heron one".to_owned(), "a heron two".to_owned()]));
    let (filled, texts) = recovered(1).await;
    assert!(matches!(filled, Filled::Search(_)), "{filled:?}");
    assert!(texts.len() <= 2, "the search knows nothing of the last seconds");
    let (filled, texts) = recovered(2).await;
    assert!(matches!(filled, Filled::Lost(_)) && texts.is_empty(), "{filled:?}");
}

#[tokio::test]
async fn a_long_gap_is_filled_by_the_window_or_the_search() {
    for searched in [false, true] {
        let sandbox = sandbox();
        let client = timed(&sandbox, HttpBuilder::default(), sandbox.app_only());
        client.update_rules().add_rules(json!([{"value": "heron"}, {"value": "pond"}])).await.unwrap();
        let mut live = client.filtered_stream().open();
        until_live(&mut live).await;
        if searched {
            let no = Fault::Answer { status: 403, content_type: "application/json", body: b"{}".to_vec() };
            // Ten minutes of 503, then the connection, and no window of the past.
            let mut script: Vec<_> = (0..8).map(|_| Fault::AnswerAfter(503)).collect();
            script.extend([Fault::None, no]);
            sandbox.fault_rule(FaultRule::script(script).on("filtered_stream"));
        } else {
            let script = (0..8).map(|_| Fault::AnswerAfter(503)).collect::<Vec<_>>();
            sandbox.fault_rule(FaultRule::script(script).on("filtered_stream"));
        }
        sandbox.write_post("robin", "a heron at the pond").unwrap();
        assert_eq!(text_of(live.next_item().await.unwrap()), "a heron at the pond");
        sandbox.disconnect_streams(Disconnect::Cut);
        sandbox.write_post("robin", "another heron at another pond").unwrap();
        let (mut waits, mut items, mut alerts) = (Vec::new(), 0, Vec::new());
        let gap = loop {
            match next(&mut live).await {
                LiveEvent::Waiting { wait, why: Reason::Server(503), .. } => waits.push(wait.as_secs()),
                LiveEvent::Alert(alert) => alerts.push(alert),
                LiveEvent::Gap { from, to, filled } => break (to.as_millis() - from.as_millis(), filled),
                LiveEvent::Item(item) => {
                    items += 1;
                    assert_eq!(item.matching_rules.iter().count(), 2);
                    assert_eq!(text_of(item), "another heron at another pond");
                }
                LiveEvent::Connecting | LiveEvent::Live | LiveEvent::Waiting { .. } => {}
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
        let falls = live.meter().read().falls;
        assert_eq!((falls.server, falls.limited, falls.silent), (8, 0, 0));
        assert!(falls.broken + falls.closed >= 1, "{falls:?}");
        assert!(gap.0 > 900_000, "{gap:?}");
        assert_eq!(gap.1, if searched { Filled::Search(1) } else { Filled::Window(1) });
    }
}

fn text_of(delivery: chirrup::model::Delivery<Post>) -> String {
    delivery.data.unwrap().text
}

/// Reads until a checkpoint that is as late as this.
async fn covered<D: Decode>(live: &mut Live<D>, at_least: Timestamp) -> Timestamp {
    loop {
        match tokio::time::timeout(Duration::from_secs(10), live.next_event()).await.unwrap().unwrap() {
            LiveEvent::Covered(until) if until >= at_least => return until,
            LiveEvent::Ended(why) => panic!("{why}"),
            _ => {}
        }
    }
}

#[tokio::test]
async fn a_stream_goes_on_where_another_stopped() {
    for pause in [30, 600] {
        let sandbox = sandbox();
        let http = HttpBuilder::default().max_body(20_000);
        let client = timed(&sandbox, http, sandbox.app_only());
        client.add_rules(["heron"]).await.unwrap();
        let mut live = client.filtered_stream().open();
        until_live(&mut live).await;
        sandbox.write_post("robin", "heron 0").unwrap();
        assert_eq!(text(&mut live).await, "heron 0");
        live.stopper().stop();
        let stopped = covered(&mut live, Timestamp::from_secs(0)).await;
        drop(live);
        while sandbox.open_streams() > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        sandbox.clock().advance(Duration::from_secs(pause));
        // More than fits into one answer.
        for n in 1..=200 {
            sandbox.write_post("robin", &format!("heron {n}")).unwrap();
        }
        let mut live = client.filtered_stream().live().since(stopped).open();
        let (mut texts, mut gap) = (Vec::new(), None);
        while texts.last().is_none_or(|text| text != "heron 200") || gap.is_none() {
            match next(&mut live).await {
                LiveEvent::Item(item) => texts.push(text_of(item)),
                LiveEvent::Gap { from, filled, .. } => {
                    assert_eq!(from, stopped);
                    gap = Some(filled);
                }
                LiveEvent::Connecting | LiveEvent::Live => {}
                other => panic!("{other:?}"),
            }
        }
        // What came just before the checkpoint may come again: ids tell.
        texts.retain(|text| text != "heron 0");
        assert_eq!(texts, (1..=200).map(|n| format!("heron {n}")).collect::<Vec<_>>());
        let window = matches!(gap, Some(Filled::Window(200..=201)));
        assert!(window == (pause == 600) && (window || gap == Some(Filled::Backfill)), "{gap:?}");
        sandbox.write_post("robin", "a last heron").unwrap();
        assert_eq!(text(&mut live).await, "a last heron");
    }
}

#[tokio::test]
async fn nothing_from_before_a_checkpoint_comes_after_it() {
    let sandbox = sandbox();
    let client = timed(&sandbox, HttpBuilder::default(), sandbox.app_only());
    client.add_rules(["heron"]).await.unwrap();
    let mut live = client.filtered_stream().live().queue(1, Overflow::Wait).open();
    until_live(&mut live).await;
    // Far more than the buffers of both sides hold, and time goes by while it is on its way.
    let long = format!("heron {}", "x".repeat(20_000));
    let line = |id: u64| format!("{{\"data\":{{\"id\":\"{id}\",\"text\":\"{long}\"}}}}\r\n");
    let (mut checkpoints, mut newest) = (0, Timestamp::from_secs(0));
    let first = sandbox.clock().now().plus_millis(5_000);
    for n in 0..1_000 {
        sandbox.stream_raw(line(first.plus_millis(n * 10).first_snowflake()));
    }
    sandbox.clock().advance(Duration::from_secs(15));
    let mut items = 0;
    while items < 1_000 {
        match tokio::time::timeout(Duration::from_secs(10), live.next_event()).await.unwrap().unwrap() {
            LiveEvent::Item(item) => {
                items += 1;
                let written = item.data.unwrap().id.timestamp();
                assert!(newest <= written, "it was told that all has come until {newest}, and this is of {written}");
                if items % 100 == 0 {
                    sandbox.clock().advance(Duration::from_secs(1));
                }
            }
            LiveEvent::Covered(until) => (checkpoints, newest) = (checkpoints + 1, until),
            LiveEvent::Lagging(_) => {}
            other => panic!("{other:?}"),
        }
    }
    assert!(checkpoints >= 3, "{checkpoints}");
    // The next sign of life says that nothing more is on its way.
    sandbox.clock().advance(Duration::from_secs(25));
    covered(&mut live, first.plus_millis(20_000)).await;
}

#[tokio::test]
async fn who_is_stopped_within_a_gap_has_no_checkpoint_beyond_it() {
    let sandbox = sandbox();
    let client = timed(&sandbox, HttpBuilder::default(), sandbox.app_only());
    client.add_rules(["heron"]).await.unwrap();
    let before = sandbox.clock().now();
    sandbox.clock().advance(Duration::from_secs(1_000));
    // The past comes slowly.
    sandbox.fault_rule(FaultRule::script([Fault::None, Fault::Stall(Duration::from_secs(60))]).on("filtered_stream"));
    let mut live = client.filtered_stream().live().since(before).open();
    until_live(&mut live).await;
    sandbox.write_post("robin", "a heron").unwrap();
    while live.meter().read().lines == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
        let _ = live.try_next().is_some_and(|event| panic!("{event:?}"));
    }
    live.stopper().stop();
    let (mut items, mut gaps) = (0, Vec::new());
    while let Some(event) = tokio::time::timeout(Duration::from_secs(10), live.next_event()).await.unwrap() {
        match event {
            LiveEvent::Item(_) => items += 1,
            LiveEvent::Gap { from, filled, .. } => gaps.push((from, filled)),
            LiveEvent::Covered(until) => assert!(until <= before, "{until}"),
            _ => {}
        }
    }
    assert_eq!((items, gaps.len(), gaps[0].0), (1, 1, before), "what was received is delivered");
    assert!(matches!(&gaps[0].1, Filled::Lost(why) if why.contains("stopped")), "{gaps:?}");
}

#[tokio::test]
async fn a_line_that_cannot_be_read_is_an_item_and_ends_nothing() {
    let (sandbox, client) = ruled().await;
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
        sandbox.stream_raw([line, b"\r\n"].concat());
        let LiveEvent::Bad { line: kept, why } = next(&mut live).await else { panic!("{line:?}") };
        assert!(kept == line && !why.is_empty());
    }
    sandbox.stream_raw(vec![b'x'; 50_000]);
    sandbox.stream_raw(&b"yz\n"[..]);
    let LiveEvent::Bad { line, why } = next(&mut live).await else { panic!() };
    assert!(line.is_empty() && why.contains("50002"), "{why}");
    sandbox.stream_raw(&b"{\"new_kind\":{\"of\":\"message\"}}\r\n"[..]);
    let LiveEvent::Notice(_, json) = next(&mut live).await else { panic!("what is not known is told") };
    assert_eq!(json["new_kind"]["of"], "message");
    // A character cut in two, a line end cut in two, and two lines at once.
    let post = "{\"data\":{\"id\":\"31\",\"text\":\"\u{1F426}\",\"newly_made\":7}}\r\n".as_bytes();
    let middle = post.iter().position(|byte| *byte == 0xF0).unwrap() + 2;
    for piece in [&post[..middle], &post[middle..post.len() - 1], &post[post.len() - 1..]] {
        sandbox.stream_raw(piece.to_vec());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    sandbox
        .stream_raw(&b"{\"data\":{\"id\":\"32\",\"text\":\"a\"}}\n{\"data\":{\"id\":\"33\",\"text\":\"b\"}}\r\n"[..]);
    let delivery = live.next_item().await.unwrap();
    assert_eq!(delivery.json()["data"]["newly_made"], 7, "what the types do not know is there");
    assert_eq!(delivery.data.unwrap().text, "\u{1F426}");
    assert_eq!((text(&mut live).await, text(&mut live).await), ("a".to_owned(), "b".to_owned()));
    let figures = live.meter().read();
    assert_eq!((figures.bad, figures.connections, figures.items), (7, 1, 3));
}

#[tokio::test]
async fn a_packed_stream_gives_each_message_when_it_comes() {
    let (sandbox, client) = ruled().await;
    let mut live = client.filtered_stream().live().packed().open();
    until_live(&mut live).await;
    for beat in 1..=30 {
        sandbox.clock().advance(Duration::from_secs(20));
        while live.meter().read().keep_alives < beat {
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
    let figures = live.meter().read();
    assert_eq!((figures.connections, figures.items), (1, 20));
    assert!(figures.bytes < bytes, "{} for {bytes}", figures.bytes);
    // A connection that breaks within what is packed is made anew, and nothing is lost.
    sandbox.fault_rule(FaultRule::script([Fault::CutAt(3), Fault::CutAt(60), Fault::Trickle(1)]).on("filtered_stream"));
    sandbox.disconnect_streams(Disconnect::Cut);
    for n in 20..25 {
        sandbox.write_post("robin", &format!("packed {n}")).unwrap();
        assert_eq!(text(&mut live).await, format!("packed {n}"));
    }
}

#[tokio::test]
async fn no_connection_is_tried_for_which_the_window_has_no_room() {
    let sandbox = sandbox();
    let client = timed(&sandbox, HttpBuilder::default(), sandbox.app_only());
    client.add_rules(["heron"]).await.unwrap();
    let mut live = client.filtered_stream().open();
    let (mut connections, mut waits) = (0, Vec::new());
    while connections < 60 {
        match next(&mut live).await {
            LiveEvent::Live => {
                connections += 1;
                sandbox.disconnect_streams(Disconnect::Cut);
                sandbox.write_post("robin", "a heron").unwrap();
            }
            LiveEvent::Waiting { wait, why: Reason::RateLimited, .. } => waits.push(wait.as_secs()),
            LiveEvent::Ended(why) => panic!("{why}"),
            _ => {}
        }
    }
    let tried = sandbox.journal().into_iter().filter(|event| event.endpoint == Some("filtered_stream"));
    let refused = tried.filter(|event| event.status == Some(429)).count();
    assert_eq!((refused, waits.len()), (0, 1), "50 in a quarter of an hour: {waits:?}");
}

#[tokio::test]
async fn a_flood_and_a_drought_are_told_of() {
    let sandbox = sandbox();
    let client = timed(&sandbox, HttpBuilder::default(), sandbox.app_only());
    client.add_rules(["heron"]).await.unwrap();
    let mut live = client.filtered_stream().open();
    until_live(&mut live).await;
    let (mut alerts, mut id) = (Vec::new(), 0);
    for (minutes, lines) in [(4, 3), (4, 60), (4, 0)] {
        for _ in 0..minutes * 6 {
            for _ in 0..lines {
                id += 1;
                sandbox.stream_raw(format!("{{\"data\":{{\"id\":\"{id}\",\"text\":\"x\"}}}}\n"));
            }
            let signs = live.meter().read().keep_alives;
            sandbox.stream_raw(&b"\r\n"[..]);
            let mut seen = false;
            while !seen {
                seen = live.meter().read().keep_alives > signs;
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
    let [Alert::Pace { now: more, before }, Alert::Pace { now: less, .. }] = alerts[..] else { panic!("{alerts:?}") };
    assert!(more > before * 5.0 && less < 1.0, "{alerts:?}");
}

#[tokio::test]
async fn what_comes_twice_is_delivered_once_typed_and_lazily() {
    let (sandbox, client) = ruled().await;
    let mut live = client.filtered_stream().live().lazy().open();
    until_live(&mut live).await;
    let post = &b"{\"data\":{\"id\":\"41\",\"text\":\"once\"},\"matching_rules\":[]}\r\n"[..];
    let reversed = &b"{\"matching_rules\":[],\"data\":{\"text\":\"other\",\"id\":\"42\"}}\r\n"[..];
    sandbox.stream_raw([post, post, reversed, post, reversed].concat());
    let (first, second) = (live.next_item().await.unwrap(), live.next_item().await.unwrap());
    assert_eq!((first.id(), second.id()), (Some(41), Some(42)));
    assert_eq!(first.read().unwrap().data.unwrap().text, "once");
    assert!(second.bytes().starts_with(b"{\"matching"));
    while live.meter().read().lines < 5 {
        tokio::task::yield_now().await;
    }
    sandbox.stream_raw(&b"{\"data\":{\"id\":\"43\",\"text\":\"cut\r\n"[..]);
    assert!(matches!(next(&mut live).await, LiveEvent::Bad { .. }), "a line that is cut off is none");
    assert_eq!(live.meter().read().duplicates, 3);
    drop(live);
    let mut raw = client.filtered_stream().live().undecoded().open();
    until_live(&mut raw).await;
    sandbox.stream_raw([post, post].concat());
    let (first, second) = (raw.next_item().await.unwrap(), raw.next_item().await.unwrap());
    assert_eq!(first, second, "what is not read is not known to have come before");
}

#[tokio::test]
async fn silence_is_taken_for_death() {
    let (sandbox, client) = ruled().await;
    let mut live = client.filtered_stream().live().watchdog_of_any_length(Duration::from_millis(200)).open();
    until_live(&mut live).await;
    sandbox.silence_streams(true);
    let before = until_live(&mut live).await;
    let silent = |event: &_| matches!(event, LiveEvent::Waiting { why: Reason::Silent(_), .. });
    assert!(before.iter().any(silent), "{before:?}");
    sandbox.silence_streams(false);
    sandbox.write_post("robin", "back again").unwrap();
    assert_eq!(text(&mut live).await, "back again");
    // The old connection was closed before there was a new one, so that a limit of one was kept.
    let refused = |events: &[LiveEvent<_>]| {
        events.iter().any(|event| matches!(event, LiveEvent::Waiting { why: Reason::TooManyConnections, .. }))
    };
    assert!(!refused(&before));
}

#[tokio::test]
async fn no_rules_and_too_many_connections_are_told_apart() {
    let sandbox = sandbox();
    let client = timed(&sandbox, HttpBuilder::default(), sandbox.app_only());
    let mut live = client.filtered_stream().open();
    assert!(matches!(next(&mut live).await, LiveEvent::Connecting));
    let LiveEvent::Ended(why) = next(&mut live).await else { panic!("without rules there is nothing to wait for") };
    assert_eq!((why.kind(), why.status_code()), (ErrorKind::Conflict, Some(409)));
    assert!(why.hint().is_some_and(|hint| hint.contains("rule")), "{why}");
    assert!(live.next_event().await.is_none());

    client.update_rules().add_rules(json!([{"value": "heron"}])).await.unwrap();
    let mut first = client.filtered_stream().open();
    until_live(&mut first).await;
    let mut second = client.filtered_stream().live().attempts(4).open();
    let mut waits = Vec::new();
    let ended = loop {
        match next(&mut second).await {
            LiveEvent::Waiting { wait, why, .. } => {
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
    assert!(waits.len() == 3 && ended.to_string().contains("4 failures in a row"), "{ended}");
    let mut third = client.filtered_stream().live().close_stale().open();
    let before = until_live(&mut third).await;
    assert!(before.iter().any(|event| matches!(event, LiveEvent::Waiting { wait: Duration::ZERO, .. })), "{before:?}");
    assert_eq!(sandbox.open_streams(), 1);
    let closed = client.connections().await.unwrap().data;
    assert!(closed.iter().any(|connection| connection.disconnect_reason.is_some()), "{closed:?}");
}

#[tokio::test]
async fn what_cannot_be_mended_ends_the_stream_at_once() {
    let (sandbox, _) = ruled().await;
    let stranger = timed(&sandbox, HttpBuilder::default(), chirrup::Credentials::app_only("wrong"));
    let start = sandbox.clock().now();
    let mut live = stranger.filtered_stream().open();
    assert!(matches!(next(&mut live).await, LiveEvent::Connecting));
    let LiveEvent::Ended(why) = next(&mut live).await else { panic!("a wrong token stays wrong") };
    assert_eq!(why.kind(), ErrorKind::Unauthorized);
    assert!(sandbox.clock().now().as_millis() - start.as_millis() < 60_000, "nobody has waited");
    let calls = sandbox.journal().into_iter().filter(|event| event.endpoint == Some("filtered_stream")).count();
    assert_eq!(calls, 1);
    let mut live = stranger.firehose(21).open();
    let LiveEvent::Ended(why) = next(&mut live).await else { panic!() };
    assert_eq!(why.kind(), ErrorKind::Argument, "what is wrong with the call is said before anything is sent");
    let nobody = timed(&sandbox, HttpBuilder::default(), chirrup::Credentials::none());
    assert!(matches!(next(&mut nobody.filtered_stream().open()).await, LiveEvent::Ended(_)));
}

#[tokio::test]
async fn a_server_that_accepts_and_closes_is_not_hammered() {
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
    let http = HttpBuilder::default().clock(crate::shared::clock(&sandbox));
    let builder = Client::builder().http(http).credentials(sandbox.app_only());
    let client = builder.base_url(format!("http://{address}")).build().unwrap();
    let mut live = client.filtered_stream().open();
    let mut waits = Vec::new();
    while waits.len() < 1_000 {
        if let LiveEvent::Waiting { wait, why, .. } = next(&mut live).await {
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
async fn messages_that_end_a_stream_do_so_whatever_follows() {
    let sandbox = sandbox();
    let client = timed(&sandbox, HttpBuilder::default(), sandbox.app_only());
    client.update_rules().add_rules(json!([{"value": "heron"}])).await.unwrap();
    let mut live = client.filtered_stream().open();
    until_live(&mut live).await;
    let message = b"{\"errors\":[{\"title\":\"operational-disconnect\",\"detail\":\"bye\",\"type\":\"x\"}]}\r\n";
    let mut waits = Vec::new();
    for round in 0..4 {
        // Data that follow are of a connection that is over.
        let after = if round == 0 { &b"{\"data\":{\"id\":\"51\",\"text\":\"after\"}}\r\n"[..] } else { b"" };
        sandbox.stream_raw([&message[..], after].concat());
        for event in until_live(&mut live).await {
            match event {
                LiveEvent::Waiting { wait, why, .. } => {
                    assert_eq!(why, Reason::Disconnected);
                    waits.push(wait.as_secs());
                }
                LiveEvent::Item(item) => panic!("{item:?}"),
                _ => {}
            }
        }
        let LiveEvent::Gap { .. } = next(&mut live).await else { panic!() };
    }
    // Each but the first came without data since the last: the server's ladder.
    assert!(waits[0] <= 5 && waits.len() == 4, "{waits:?}");
}

#[tokio::test]
async fn a_slow_reader_chooses_what_becomes_of_the_rest() {
    let (sandbox, client) = ruled().await;
    sandbox.set_stream_connections(10);
    let line = |n: u64| format!("{{\"data\":{{\"id\":\"{n}\",\"text\":\"{n}\"}}}}\r\n");
    let mut dropping = client.filtered_stream().live().queue(100, Overflow::DropOldest).open();
    let mut failing = client.filtered_stream().live().queue(100, Overflow::Fail).open();
    let mut waiting = client.filtered_stream().live().queue(100, Overflow::Wait).open();
    until_live(&mut dropping).await;
    until_live(&mut failing).await;
    until_live(&mut waiting).await;
    for n in 1..=1_000 {
        sandbox.stream_raw(line(n));
    }
    while dropping.meter().read().lines < 1_000 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let (mut items, mut dropped, mut lagging) = (Vec::new(), 0, 0);
    while items.last() != Some(&1_000) {
        match next(&mut dropping).await {
            LiveEvent::Item(item) => items.push(item.data.unwrap().id.get()),
            LiveEvent::Dropped(lines) => dropped += lines,
            LiveEvent::Lagging(_) => lagging += 1,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((items.len() as u64 + dropped, dropping.meter().read().dropped), (1_000, dropped));
    assert!(dropped >= 500 && lagging == 1 && items.is_sorted(), "{dropped} {lagging}");
    let failed = loop {
        match next(&mut failing).await {
            LiveEvent::Ended(why) => break why,
            LiveEvent::Item(_) | LiveEvent::Lagging(_) => {}
            other => panic!("{other:?}"),
        }
    };
    assert!(failed.to_string().contains("slower"), "{failed}");
    for n in 1..=1_000 {
        assert_eq!(waiting.next_item().await.unwrap().data.unwrap().id.get(), n, "whoever waits loses nothing");
    }
    // Whoever throws the newest away has the oldest, and knows what is missing where.
    let mut newest = client.filtered_stream().live().queue(100, Overflow::DropNewest).open();
    let mut spilling = client.filtered_stream().live().queue(100, Overflow::Spill(1 << 20)).open();
    until_live(&mut newest).await;
    until_live(&mut spilling).await;
    for n in 2_001..=3_000 {
        sandbox.stream_raw(line(n));
    }
    while newest.meter().read().lines < 1_000 || spilling.meter().read().waiting < 1_000 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    sandbox.disconnect_streams(Disconnect::End);
    sandbox.write_post("robin", "a heron after all").unwrap();
    let (mut next_id, mut dropped) = (2_001, 0);
    loop {
        match next(&mut newest).await {
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
    assert!(dropped >= 500 && newest.meter().read().dropped == dropped, "{dropped}");
    for n in 2_001..=3_000 {
        assert_eq!(spilling.next_item().await.unwrap().data.unwrap().id.get(), n, "the disk keeps the rest in order");
    }
    assert_eq!(text(&mut spilling).await, "a heron after all", "and what came after it");
}

#[tokio::test]
async fn the_disk_holds_so_much_and_no_more() {
    let (sandbox, client) = ruled().await;
    let mut live = client.filtered_stream().live().queue(10, Overflow::Spill(50_000)).open();
    until_live(&mut live).await;
    let line = |n: u64| format!("{{\"data\":{{\"id\":\"{n}\",\"text\":\"{}\"}}}}\r\n", "x".repeat(1_000));
    for n in 1..=300 {
        sandbox.stream_raw(line(n));
    }
    while live.meter().read().waiting < 40 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    let waiting = live.meter().read().waiting;
    assert!(waiting <= 70, "{waiting}");
    for n in 1..=300 {
        assert_eq!(live.next_item().await.unwrap().data.unwrap().id.get(), n);
    }
}

#[tokio::test]
async fn stopping_delivers_what_was_received_and_then_ends() {
    let (sandbox, client) = ruled().await;
    let mut live = client.filtered_stream().open();
    until_live(&mut live).await;
    for n in 0..50 {
        sandbox.write_post("robin", &format!("post {n}")).unwrap();
    }
    while live.meter().read().lines < 50 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let stopper = live.stopper();
    tokio::spawn(async move { stopper.stop() }).await.unwrap();
    while sandbox.open_streams() > 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    sandbox.write_post("robin", "too late").unwrap();
    for n in 0..50 {
        assert_eq!(text(&mut live).await, format!("post {n}"));
    }
    assert!(matches!(live.next_event().await, Some(LiveEvent::Covered(_))), "the last word is where to go on");
    assert!(live.next_event().await.is_none());
    // Also one that waits for the next connection is stopped at once.
    let mut waiting = client.filtered_stream().open();
    until_live(&mut waiting).await;
    sandbox.fault_rule(FaultRule::new(Fault::AnswerAfter(503)).on("filtered_stream"));
    sandbox.disconnect_streams(Disconnect::Cut);
    while !matches!(next(&mut waiting).await, LiveEvent::Waiting { why: Reason::Server(503), .. }) {}
    waiting.stopper().stop();
    while let Some(event) = tokio::time::timeout(Duration::from_secs(2), waiting.next_event()).await.unwrap() {
        assert!(!matches!(event, LiveEvent::Ended(_)));
    }
}

#[tokio::test]
async fn a_future_that_is_dropped_at_any_point_loses_no_line() {
    let (sandbox, client) = ruled().await;
    let mut live = client.filtered_stream().open();
    until_live(&mut live).await;
    let (mut got, mut polls) = (0, 0);
    for round in 0..200 {
        for n in 0..50 {
            let line = format!("{{\"data\":{{\"id\":\"{}\",\"text\":\"x\"}}}}\r\n", round * 50 + n + 1);
            // In two pieces, so that lines are often half there.
            let (one, other) = line.as_bytes().split_at(n as usize % line.len());
            sandbox.stream_raw(one.to_vec());
            sandbox.stream_raw(other.to_vec());
            // Polled once, and dropped.
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
    assert_eq!((polls, live.meter().read().lines), (10_000, 10_000));
}

/// Waits until so many lines have come over these streams together.
async fn arrived<D: Decode>(streams: &[Live<D>], lines: usize) {
    let all = async {
        while streams.iter().map(|stream| stream.meter().read().lines).sum::<u64>() < lines as u64 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), all).await.expect("lines are missing");
}

#[tokio::test]
async fn all_fifteen_streams_deliver_what_happens() {
    let sandbox = Sandbox::builder().users(60).posts(500).unlimited().start().unwrap();
    let client = client(&sandbox, sandbox.credentials().unwrap());
    sandbox.set_stream_connections(100);
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
    // What is one of so many comes sooner or later.
    let mut likes_made = 40;
    while some_likes.meter().read().lines == 0 {
        client.post(posts[likes_made]).like().await.unwrap();
        likes_made += 1;
    }
    while sample.meter().read().lines == 0 || tenth.meter().read().lines == 0 {
        sandbox.write_post("robin", "one more heron").unwrap();
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    client.post(posts[0]).unlike().await.unwrap();
    client.delete_post(mine[0]).await.unwrap();
    sandbox
        .record("users_compliance", json!({"user_delete": {"user": {"id": "77"}, "event_at": "2026-11-20T00:00:00Z"}}));
    let tweet = json!({"id": "20", "author_id": "12"});
    let notice =
        json!({"event_at": "2026-11-20T00:00:00Z", "application": "apply", "tweet": tweet, "label_title": "Odd"});
    sandbox.record("labels", json!({"public_tweet_notice": notice}));

    arrived(&all, posts.len() + mine.len()).await;
    arrived(&likes, likes_made).await;
    assert_eq!(text(&mut filtered).await, "heron 0");
    assert!(tenth.next_item().await.unwrap().data.is_some() && sample.next_item().await.unwrap().data.is_some());
    let mut seen = std::collections::BTreeSet::new();
    for (stream, figures) in all.iter_mut().map(|stream| (stream.meter().clone(), stream)) {
        while figures.meter().read().items < stream.read().lines {
            seen.insert(figures.next_item().await.unwrap().data.unwrap().id);
        }
    }
    assert!(posts.iter().all(|post| seen.contains(post)), "each post is in one partition");
    let mut found = 0;
    for stream in &mut english {
        while stream.meter().read().items < stream.meter().read().lines {
            found += usize::from(stream.next_item().await.unwrap().data.is_some());
        }
    }
    assert!(found > 0 && others.iter().all(|other| other.meter().read().lines == 0));
    let mut liked = 0;
    for stream in &mut likes {
        while stream.meter().read().items < stream.meter().read().lines {
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
    assert_eq!(past.len(), 1, "what happened is there for a window of the past, too");
    let _: Vec<Rule> = client.rules().await.unwrap().data;
}
