//! A stream under faults of many kinds, compared with the journal of the sandbox.
//!
//! `CHIRRUP_STREAM_FAULTS` sets the number of faults, 300 by default.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chirrup::model::{PostId, Timestamp};
use chirrup::{GapFill, HttpBuilder, LiveEvent, OnRateLimit, Reason};
use chirrup_sandbox::{Disconnect, Fault, FaultRule, Sandbox};

use crate::common::{Rng, client_in_sandbox_time};

/// Fault of a connection or a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Cut,
    End,
    Operational,
    CutAtByte,
    CutWithoutAnswer,
    StalledConnect,
    SlowBytes,
    TooManyRequests,
    TooBusy,
    Page,
    PageOfAnError,
    BadJson,
    GiantLine,
    HalfCharacter,
    Twice,
    Silence,
    LongOutage,
    LongOutageWithoutWindow,
}

const KINDS: [Kind; 18] = [
    Kind::Cut,
    Kind::End,
    Kind::Operational,
    Kind::CutAtByte,
    Kind::CutWithoutAnswer,
    Kind::StalledConnect,
    Kind::SlowBytes,
    Kind::TooManyRequests,
    Kind::TooBusy,
    Kind::Page,
    Kind::PageOfAnError,
    Kind::BadJson,
    Kind::GiantLine,
    Kind::HalfCharacter,
    Kind::Twice,
    Kind::Silence,
    Kind::LongOutage,
    Kind::LongOutageWithoutWindow,
];

fn answer(status: u16, content_type: &'static str, body: &str) -> Fault {
    Fault::Response { status, content_type, body: body.as_bytes().to_vec() }
}

/// Adds faults to the next connections, and closes the current one so that they take effect.
fn next_connections(sandbox: &Sandbox, faults: Vec<Fault>) {
    sandbox.add_fault_rule(FaultRule::sequence(faults).endpoint("filtered_stream"));
    sandbox.disconnect_streams(Disconnect::Abort);
}

/// Injects the fault. Returns whether it ends the connection.
fn strike(sandbox: &Sandbox, kind: Kind, rng: &mut Rng, last: PostId) -> bool {
    const PAGE: &str = "<html>\r\n<body>busy</body>\r\n</html>\r\n";
    let line = format!("{{\"data\":{{\"id\":\"{last}\",\"text\":\"\u{1F426} once more\"}}}}\r\n");
    match kind {
        Kind::Cut => sandbox.disconnect_streams(Disconnect::Abort),
        Kind::End => sandbox.disconnect_streams(Disconnect::End),
        Kind::Operational => sandbox.disconnect_streams(Disconnect::Operational),
        Kind::CutAtByte => {
            next_connections(sandbox, vec![Fault::TruncateBodyAt(rng.index(700))]);
            1
        }
        Kind::CutWithoutAnswer => {
            next_connections(sandbox, vec![Fault::CloseBeforeProcessing, Fault::CloseAfterProcessing]);
            1
        }
        Kind::StalledConnect => {
            next_connections(sandbox, vec![Fault::DelayRequest(Duration::from_millis(3))]);
            1
        }
        Kind::SlowBytes => {
            next_connections(sandbox, vec![Fault::ChunkSize(1 + rng.index(9))]);
            1
        }
        Kind::TooManyRequests => {
            next_connections(sandbox, vec![Fault::ErrorAfterProcessing(429)]);
            1
        }
        Kind::TooBusy => {
            next_connections(sandbox, vec![Fault::ErrorAfterProcessing(503); 1 + rng.index(2)]);
            1
        }
        Kind::Page => {
            next_connections(sandbox, vec![answer(200, "text/html", PAGE)]);
            1
        }
        Kind::PageOfAnError => {
            next_connections(sandbox, vec![answer(502, "text/html", PAGE)]);
            1
        }
        Kind::LongOutage => {
            next_connections(sandbox, vec![Fault::ErrorAfterProcessing(503); 7]);
            1
        }
        Kind::LongOutageWithoutWindow => {
            let mut faults = vec![Fault::ErrorAfterProcessing(503); 7];
            faults.extend([Fault::None, answer(403, "application/json", "{}")]);
            next_connections(sandbox, faults);
            1
        }
        Kind::BadJson => {
            sandbox.send_raw_to_streams(&b"{\"data\":{\"id\":\"7\",\"text\":\r\n"[..]);
            0
        }
        Kind::GiantLine => {
            sandbox.send_raw_to_streams(vec![b'x'; 200_000]);
            sandbox.send_raw_to_streams(&b"\r\n"[..]);
            0
        }
        Kind::HalfCharacter => {
            sandbox.send_raw_to_streams(&b"{\"data\":{\"id\":\"7\",\"text\":\"\xF0\x9F\x90\"}}\r\n"[..]);
            0
        }
        Kind::Twice => {
            sandbox.send_raw_to_streams(line.repeat(1 + rng.index(3)));
            0
        }
        Kind::Silence => {
            sandbox.silence_streams(true);
            1
        }
    };
    !matches!(kind, Kind::BadJson | Kind::GiantLine | Kind::HalfCharacter | Kind::Twice)
}

/// Items and events that the stream delivered.
#[derive(Debug, Default)]
struct Seen {
    items: BTreeMap<PostId, u32>,
    bad: usize,
    lost: Vec<(Timestamp, Timestamp, String)>,
    connections: usize,
    crowded: usize,
    ended: Option<String>,
}

#[tokio::test]
async fn a_stream_under_faults_loses_no_recoverable_item_and_duplicates_none() {
    let wanted = std::env::var("CHIRRUP_STREAM_FAULTS").ok().and_then(|n| n.parse().ok()).unwrap_or(300_usize);
    let sandbox = Sandbox::builder().users(20).posts(100).without_rate_limits().start().unwrap();
    let app =
        client_in_sandbox_time(&sandbox, HttpBuilder::default().on_rate_limit(OnRateLimit::Ignore), sandbox.app_only());
    let scopes = ["tweet.read", "tweet.write", "users.read"];
    let ada = client_in_sandbox_time(
        &sandbox,
        HttpBuilder::default().on_rate_limit(OnRateLimit::Ignore),
        sandbox.oauth2("ada", &scopes).unwrap(),
    );
    app.add_rules(["heron"]).await.unwrap();
    let watchdog = Duration::from_millis(300);
    let mut live = app.filtered_stream().live().max_line(100_000).watchdog_of_any_length(watchdog).open();
    let seen = Arc::new(Mutex::new(Seen::default()));
    let reading = Arc::clone(&seen);
    let reader = tokio::spawn(async move {
        while let Some(event) = live.next_event().await {
            let mut seen = reading.lock().unwrap();
            match event {
                LiveEvent::Item(item) => *seen.items.entry(item.data.unwrap().id).or_default() += 1,
                LiveEvent::Bad { .. } => seen.bad += 1,
                LiveEvent::Live => seen.connections += 1,
                // The search does not cover the last seconds; the journal shows whether they contain posts.
                LiveEvent::Gap { fill: GapFill::Lost(why), .. } if why.contains("last seconds") => {}
                LiveEvent::Gap { from, to, fill: GapFill::Lost(why) } => seen.lost.push((from, to, why)),
                LiveEvent::ReconnectWait { why: Reason::TooManyConnections, .. } => seen.crowded += 1,
                LiveEvent::Ended(why) => seen.ended = Some(why.to_string()),
                _ => {}
            }
        }
    });
    let (mut rng, mut done, mut number) = (Rng(0x5EED), BTreeMap::<Kind, usize>::new(), 0);
    let mut bad_lines = 0;
    while seen.lock().unwrap().connections == 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    for round in 0..wanted {
        let mut kind = KINDS[rng.index(KINDS.len())];
        // A silent connection lasts until the watchdog expires.
        if kind == Kind::Silence && round % 5 != 0 {
            kind = Kind::Cut;
        }
        let write = async |number: &mut usize| {
            *number += 1;
            ada.create_post().text(format!("\u{1F426} heron {number}")).await.unwrap().data.id
        };
        let mut last = write(&mut number).await;
        let lost = strike(&sandbox, kind, &mut rng, last);
        *done.entry(kind).or_default() += 1;
        bad_lines += usize::from(matches!(kind, Kind::BadJson | Kind::GiantLine | Kind::HalfCharacter));
        for _ in 0..rng.index(3) {
            last = write(&mut number).await;
        }
        if kind == Kind::Silence {
            let before = seen.lock().unwrap().connections;
            while seen.lock().unwrap().connections == before {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            sandbox.silence_streams(false);
        }
        if lost {
            // A later post shows that the stream has resumed.
            while sandbox.open_stream_count() == 0 {
                assert_eq!(seen.lock().unwrap().ended, None);
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            last = write(&mut number).await;
        }
        let mut patience = 0;
        while !seen.lock().unwrap().items.contains_key(&last) {
            patience += 1;
            assert!(
                patience < 10_000,
                "round {round}, {kind:?}: {last} does not come; {:?}",
                seen.lock().unwrap().lost
            );
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
    let made = || -> BTreeSet<PostId> {
        let journal = sandbox.journal().into_iter().filter(|event| event.endpoint == Some("create_post"));
        journal.filter_map(|event| event.created_id?.parse().ok()).collect()
    };
    let made = made();
    let mut patience = 0;
    while seen.lock().unwrap().items.len() < made.len() && patience < 2_000 {
        patience += 1;
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    reader.abort();
    let seen = seen.lock().unwrap();
    let count: usize = done.values().sum();
    assert!(count >= 300.min(wanted) && done.len() >= 12, "a run without faults proves nothing: {done:?}");
    let twice: Vec<_> = seen.items.iter().filter(|(_, times)| **times > 1).collect();
    assert!(twice.is_empty(), "{twice:?}");
    let missing: Vec<_> = made.iter().filter(|id| !seen.items.contains_key(id)).collect();
    assert!(missing.is_empty(), "of {} posts {missing:?} are missing; reported as lost: {:?}", made.len(), seen.lost);
    assert!(seen.items.keys().all(|id| made.contains(id)), "no item was delivered that was not written");
    assert!(seen.lost.is_empty(), "{:?}", seen.lost);
    assert_eq!(seen.crowded, 0, "each connection is closed before the next one is made");
    assert!(seen.bad >= bad_lines, "each malformed line is reported: {} of {bad_lines}", seen.bad);
    let told = format!(
        "{count} faults of {} kinds, {} posts, {} connections: {done:?}",
        done.len(),
        made.len(),
        seen.connections
    );
    let _ = writeln!(std::io::stderr(), "{told}");
}
