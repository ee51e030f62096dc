//! Retries: which calls are repeated, which are not, and the waits between them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use chirrup::{Client, Confirmed, ErrorKind, HttpBuilder, OnRateLimit, Retry};
use chirrup_sandbox::{Fault, FaultRule, JournalEntry, Sandbox};

use crate::common::{client_in_sandbox_time, sandbox};

/// Returns a sandbox, and a client with default settings and the clock of the sandbox.
fn default_client() -> (Sandbox, Client) {
    let sandbox = sandbox();
    let client = client_in_sandbox_time(&sandbox, HttpBuilder::default(), sandbox.credentials().unwrap());
    (sandbox, client)
}

pub(crate) fn answer(status: u16, body: &str) -> Fault {
    Fault::Response { status, content_type: "application/json", body: body.into() }
}

/// Returns the statuses of the requests of an endpoint, or 0 for a request without a response.
pub(crate) fn tries(sandbox: &Sandbox, endpoint: &str) -> Vec<u16> {
    let journal = sandbox.journal();
    let of = |event: &&JournalEntry| event.endpoint == Some(endpoint);
    journal.iter().filter(of).map(|event| event.status.unwrap_or(0)).collect()
}

#[tokio::test]
async fn reads_are_retried_after_transient_failures() {
    for fault in [
        Fault::CloseBeforeProcessing,
        Fault::CloseAfterProcessing,
        Fault::TruncateBody,
        Fault::TruncateBodyAt(1),
        answer(500, ""),
        answer(502, "<html>"),
        answer(503, ""),
        answer(504, ""),
    ] {
        part!({
            let (sandbox, client) = default_client();
            sandbox.add_fault_rule(FaultRule::new(fault.clone()).times(2));
            let response = client.get_post(20).await;
            shows!(
                ["ptt.twitter.opt.retry_int", "ptt.retry.codes"],
                assert_eq!(response.unwrap().raw.send_info.attempts, 3, "{fault:?}")
            );
            // Three failures in a row exceed the limit.
            sandbox.add_fault_rule(FaultRule::new(fault.clone()).times(3));
            let refused = client.get_post(20).await;
            let after = client.get_post(20).await;
            shows!("ptt.twitter.opt.retry_int", {
                let error = refused.unwrap_err();
                assert_eq!(error.attempts(), 3);
                assert!(matches!(error.kind(), ErrorKind::Network | ErrorKind::Server), "{error}");
                assert!(after.is_ok(), "{fault:?}");
            });
        });
    }
}

#[tokio::test]
async fn retries_can_be_unlimited() {
    let sandbox = sandbox();
    let http = HttpBuilder::default().retry(Retry::forever());
    let client = client_in_sandbox_time(&sandbox, http, sandbox.credentials().unwrap());
    part!({
        sandbox.add_fault_rule(FaultRule::new(answer(503, "")).times(60));
        shows_async!(
            "ptt.twitter.opt.retry_true",
            assert!(client.get_post(20).await.is_ok_and(|response| response.raw.send_info.attempts == 61))
        );
    });
    for status in [429, 502, 503, 504] {
        part!({
            sandbox.add_fault_rule(FaultRule::new(answer(status, "")).times(7));
            let response = client.get_post(20).await;
            shows!("ptt.twitter.opt.retry_true", assert_eq!(response.unwrap().raw.send_info.attempts, 8, "{status}"));
            sandbox.clear_faults();
        });
    }
    for (count, attempts) in [(1, 1), (5, 5)] {
        part!({
            let http = HttpBuilder::default().retry(Retry::default().max_attempts(count));
            let client = client_in_sandbox_time(&sandbox, http, sandbox.credentials().unwrap());
            sandbox.add_fault_rule(FaultRule::new(answer(503, "")).times(u64::from(count)));
            let refused = client.get_post(20).await;
            sandbox.clear_faults();
            shows!("ptt.twitter.opt.retry_int", {
                let error = refused.unwrap_err();
                assert_eq!((error.attempts(), error.status_code()), (attempts, Some(503)));
            });
        });
    }
    part!({
        let missing = client.get_post(1_234_567).await.unwrap_err();
        shows!("ptt.retry.codes", assert_eq!(missing.attempts(), 1, "a permanent error ends the stream anyway"));
    });
}

#[tokio::test]
async fn permanent_failures_are_not_retried() {
    let (sandbox, client) = default_client();
    let problem = |name: &str| format!("{{\"title\":\"t\",\"type\":\"https://api.twitter.com/2/problems/{name}\"}}");
    let capped = problem("usage-capped");
    let connections = problem("streaming-connection");
    for (status, body) in [
        (400, ""),
        (401, ""),
        (402, ""),
        (403, ""),
        (404, ""),
        (409, ""),
        (422, ""),
        (429, capped.as_str()),
        (429, connections.as_str()),
        (501, ""),
    ] {
        sandbox.add_fault_rule(FaultRule::new(answer(status, body)));
        let before = sandbox.journal().len();
        let error = client.get_post(20).as_app().await.unwrap_err();
        assert_eq!((error.status_code(), error.attempts()), (Some(status), 1), "{status} {body}");
        assert_eq!(sandbox.journal().len(), before + 1);
        sandbox.clear_faults();
    }
}

#[tokio::test]
async fn a_write_is_retried_only_if_it_surely_had_no_effect() {
    // The outcome of a request that may have reached the server is unknown until the client looks it up.
    for (fault, made) in [
        (Fault::CloseBeforeProcessing, false),
        (Fault::CloseAfterProcessing, true),
        (Fault::TruncateBody, true),
        (Fault::ErrorAfterProcessing(500), true),
        (Fault::ErrorAfterProcessing(502), true),
        (answer(503, ""), false),
        (Fault::ErrorAfterProcessing(504), true),
    ] {
        let (sandbox, client) = default_client();
        sandbox.add_fault_rule(FaultRule::new(fault.clone()).endpoint("create_post").times(1));
        let text = "once & for all https://example.com/page";
        let error = client.create_post().text(text).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::UnknownOutcome, 1), "{fault:?}");
        assert!(!error.to_string().contains("failed") && error.hint().unwrap().contains("Outbox"));
        let unknown = error.unknown_outcome().unwrap();
        assert_eq!((unknown.endpoint.as_str(), unknown.body_hash.len()), ("create_post", 64));
        assert!(unknown.started.is_some());
        match client.confirm(&error).await.unwrap() {
            Confirmed::Found(id) => {
                assert!(made, "{fault:?}");
                assert_eq!(client.get_post(id).await.unwrap().data.id, id);
            }
            Confirmed::NotFound => assert!(!made, "{fault:?}"),
            other => panic!("{other:?} after {fault:?}"),
        }
        assert_eq!(tries(&sandbox, "create_post").len(), 1);
    }
    // A request that is rejected by a rate limit was not processed.
    let (sandbox, client) = default_client();
    sandbox.add_fault_rule(
        FaultRule::new(answer(429, "{\"title\":\"Too Many Requests\"}")).endpoint("create_post").times(1),
    );
    assert_eq!(client.create_post().text("the second time").await.unwrap().raw.send_info.attempts, 2);
    let no_post = client.get_post("no number").await.unwrap_err();
    assert_eq!(client.confirm(&no_post).await.unwrap(), Confirmed::Inconclusive);
    // A write that sets a state may be repeated.
    sandbox.add_fault_rule(FaultRule::new(Fault::CloseAfterProcessing).endpoint("follow").times(2));
    assert!(client.follow(12).await.unwrap().data.following);
    assert_eq!(tries(&sandbox, "follow").len(), 3);
}

#[tokio::test]
async fn retry_after_is_respected() {
    let (sandbox, client) = default_client();
    let begun = sandbox.clock().now();
    let later = Fault::ReplaceHeaders(vec![("retry-after", "40".to_owned())]);
    // The header alone does not make a success a failure.
    sandbox.add_fault_rule(FaultRule::new(later).times(1));
    assert_eq!(client.get_post(20).await.unwrap().raw.send_info.attempts, 1);
    assert!(sandbox.clock().now().as_secs() - begun.as_secs() < 5);

    // The client does not start a wait that exceeds the deadline.
    sandbox.add_fault_rule(FaultRule::new(answer(503, "")).times(1));
    let hasty = client_in_sandbox_time(
        &sandbox,
        HttpBuilder::default().retry(
            Retry::default()
                .initial_backoff(Duration::from_secs(90))
                .max_backoff(Duration::from_secs(300))
                .deadline(Duration::from_millis(1)),
        ),
        sandbox.app_only(),
    );
    assert_eq!(hasty.get_post(20).await.unwrap_err().attempts(), 1);
}

#[tokio::test]
async fn retries_to_a_failing_host_are_limited() {
    let (sandbox, _) = default_client();
    let client =
        client_in_sandbox_time(&sandbox, HttpBuilder::default().on_rate_limit(OnRateLimit::Ignore), sandbox.app_only());
    sandbox.add_fault_rule(FaultRule::new(answer(500, "")));
    for _ in 0..300 {
        assert!(client.get_post(20).await.is_err());
    }
    let extra = sandbox.journal().len() - 300;
    assert!((30..=36).contains(&extra), "{extra}");
    sandbox.clear_faults();
    assert!(client.get_post(20).await.is_ok());
}

#[tokio::test]
async fn a_wrong_client_clock_costs_one_extra_request() {
    for millis in [31_000, -31_000, 3_600_000, -3_600_000, 86_400_000, -86_400_000_i64] {
        let sandbox = sandbox();
        let builder = Client::builder().credentials(sandbox.oauth1("ada").unwrap());
        let client = builder.base_url(sandbox.url()).build().unwrap();
        sandbox.clock().set_skew_millis(millis);
        assert!(client.get_me().await.is_ok(), "{millis}");
        let extra = sandbox.journal().len() - 1;
        assert_eq!(extra, usize::from(millis.abs() > 300_000), "{millis}");
        for _ in 0..3 {
            assert!(client.get_me().await.is_ok());
        }
        assert_eq!(sandbox.journal().len() - 4, extra, "the client has learned the limit");
        // The clock of the client or of the server is corrected.
        sandbox.clock().set_skew_millis(0);
        assert!(client.get_me().await.is_ok());
        assert!(sandbox.journal().len() <= 7);
    }
    // A rejection for another reason is final.
    let sandbox = sandbox();
    let wrong = chirrup::Credentials::oauth1("key", "secret", "1-token", "secret");
    let client = Client::builder().credentials(wrong).base_url(sandbox.url()).build().unwrap();
    assert_eq!(client.get_me().await.unwrap_err().attempts(), 1);
}

#[tokio::test]
async fn each_timeout_is_enforced() {
    let sandbox = sandbox();
    let short = Duration::from_millis(80);
    let http = HttpBuilder::default().timeout(short).read_timeout(short).retry(Retry::never());
    let client = Client::builder().http(http).credentials(sandbox.app_only()).base_url(sandbox.url()).build().unwrap();
    for fault in [
        Fault::DelayRequest(Duration::from_secs(120)),
        Fault::DelayResponse(Duration::from_secs(120)),
        Fault::PauseBody(Duration::from_secs(120)),
    ] {
        sandbox.inject_fault(fault.clone());
        let begun = Instant::now();
        assert_eq!(client.get_post(20).await.unwrap_err().kind(), ErrorKind::Timeout, "{fault:?}");
        assert!(begun.elapsed() < Duration::from_secs(60), "{fault:?}");
    }
    // A server that accepts the connection and never responds.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let client = Client::builder().http(HttpBuilder::default().timeout(short).retry(Retry::never()));
    let client = client.credentials(sandbox.app_only()).base_url(url).build().unwrap();
    assert_eq!(client.get_post(20).await.unwrap_err().kind(), ErrorKind::Timeout);
}

#[tokio::test]
async fn a_two_hour_wait_is_instant_with_a_movable_clock() {
    let sandbox = sandbox();
    let told = Arc::new(AtomicU64::new(0));
    let seen = Arc::clone(&told);
    let http = HttpBuilder::default()
        .on_rate_limit(OnRateLimit::Wait { max_wait: Duration::from_secs(3 * 3_600) })
        .on_wait(move |waiting| seen.store(waiting.wait.as_secs(), Ordering::Relaxed));
    let client = client_in_sandbox_time(&sandbox, http, sandbox.app_only());
    let begun = (sandbox.clock().now(), Instant::now());
    let reset = (begun.0.as_secs() + 7_200).to_string();
    let closed = [
        ("x-rate-limit-limit", "450".to_owned()),
        ("x-rate-limit-remaining", "0".to_owned()),
        ("x-rate-limit-reset", reset),
    ];
    sandbox.inject_fault(Fault::ReplaceHeaders(closed.to_vec()));
    client.get_post(20).await.unwrap();
    client.get_post(20).await.unwrap();
    let passed = sandbox.clock().now().as_secs() - begun.0.as_secs();
    shows!("tweepy.opt.wait_on_rate_limit", assert!((7_200..7_210).contains(&passed), "{passed}"));
    assert!((7_199..=7_201).contains(&told.load(Ordering::Relaxed)));
    assert!(begun.1.elapsed() < Duration::from_secs(60), "hours pass without waiting");

    // A refusal that no header announced is also waited for, and the call is sent again.
    let signed = || sandbox.oauth1("ada").unwrap();
    let other = crate::common::client(&sandbox, signed());
    while other.get_me().await.is_ok() {}
    let (before, patience) = (sandbox.clock().now(), OnRateLimit::Wait { max_wait: Duration::from_secs(3_600) });
    part!({
        let again = client_in_sandbox_time(&sandbox, HttpBuilder::default().on_rate_limit(patience), signed());
        let again = again.get_me().await.unwrap();
        shows!("tweepy.opt.wait_on_rate_limit", {
            let passed = sandbox.clock().now().as_secs() - before.as_secs();
            assert!((600..=901).contains(&passed) && again.raw.send_info.attempts == 2, "{passed}");
        });
    });

    // A wait that is longer than allowed fails immediately and reports its length.
    let patience = OnRateLimit::Wait { max_wait: Duration::from_secs(60) };
    let client = client_in_sandbox_time(&sandbox, HttpBuilder::default().on_rate_limit(patience), sandbox.app_only());
    sandbox.inject_fault(Fault::ReplaceHeaders(vec![("x-rate-limit-remaining", "0".to_owned())]));
    client.get_post(20).await.unwrap();
    let error = client.get_post(20).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::RateLimited, 0));
    assert!(error.retry_after().is_some_and(|wait| wait > Duration::from_secs(60)));
}

#[tokio::test]
async fn the_sandbox_duplicates_and_reorders_lines() {
    let sandbox = sandbox();
    let client = client_in_sandbox_time(&sandbox, HttpBuilder::default(), sandbox.app_only());
    client.add_rules(["heron"]).await.unwrap();
    for n in 0..5 {
        sandbox.write_post("robin", &format!("heron {n}")).unwrap();
    }
    let ids = |deliveries: chirrup::Response<chirrup::StreamBatch<chirrup::model::Post>>| -> Vec<u64> {
        String::from_utf8_lossy(deliveries.body())
            .lines()
            .filter_map(|line| {
                serde_json::from_str::<serde_json::Value>(line).ok()?["data"]["id"].as_str()?.parse().ok()
            })
            .collect()
    };
    let start = sandbox.clock().now().plus_millis(-600_000);
    let stream = || client.filtered_stream().start_time(start);
    let plain = ids(stream().await.unwrap());
    sandbox.inject_fault(Fault::DuplicateLines);
    let twice = ids(stream().await.unwrap());
    assert_eq!(twice.len(), 2 * plain.len());
    sandbox.inject_fault(Fault::ReverseLines);
    let back = ids(stream().await.unwrap());
    assert_eq!(back, plain.iter().rev().copied().collect::<Vec<_>>());
    assert_eq!(plain.len(), 5);
}

/// Number of calls of a long run.
fn calls() -> usize {
    std::env::var("CHIRRUP_CALLS").ok().and_then(|text| text.parse().ok()).unwrap_or(2_000)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_write_is_duplicated_and_no_acknowledged_write_is_lost() {
    let sandbox = Sandbox::builder().users(60).posts(1_500).without_rate_limits().start().unwrap();
    let http = HttpBuilder::default().timeout(Duration::from_millis(150)).on_rate_limit(OnRateLimit::Ignore);
    let client = client_in_sandbox_time(&sandbox, http, sandbox.credentials().unwrap());
    client.me().await.unwrap();
    let headers = Fault::ReplaceHeaders(vec![("content-encoding", "gzip".to_owned())]);
    for fault in [
        Fault::CloseBeforeProcessing,
        Fault::CloseAfterProcessing,
        Fault::TruncateBody,
        Fault::TruncateBodyAt(1),
        Fault::DelayRequest(Duration::from_millis(200)),
        Fault::DelayResponse(Duration::from_millis(200)),
        Fault::PauseBody(Duration::from_millis(200)),
        Fault::CorruptBody,
        Fault::ErrorAfterProcessing(500),
        Fault::ErrorAfterProcessing(503),
        Fault::ErrorAfterProcessing(504),
        answer(429, "{\"title\":\"Too Many Requests\"}"),
        answer(503, "<html>busy</html>"),
        answer(200, ""),
        headers,
    ] {
        sandbox.add_fault_rule(FaultRule::new(fault).probability(0.04));
    }
    let next = Arc::new(AtomicU64::new(0));
    let total = u64::try_from(calls()).unwrap();
    let workers: Vec<_> = (0..16)
        .map(|_| {
            let (client, next) = (client.clone(), Arc::clone(&next));
            tokio::spawn(async move {
                let (mut acknowledged, mut in_doubt) = (Vec::new(), 0);
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= total {
                        return (acknowledged, in_doubt);
                    }
                    let made = match n % 5 {
                        0 => {
                            let post = client.create_post().text(format!("number {n}")).await;
                            post.map(|post| acknowledged.push(post.data.id.to_string()))
                        }
                        1 => client.get_post(20).await.map(drop),
                        2 => client.like(20).await.map(drop),
                        3 => client.search_recent("rust").await.map(drop),
                        _ => {
                            let list = client.create_list(format!("list {n}")).await;
                            list.map(|list| acknowledged.push(list.data.id.to_string()))
                        }
                    };
                    in_doubt += usize::from(made.is_err_and(|error| error.unknown_outcome().is_some()));
                }
            })
        })
        .collect();
    let (mut acknowledged, mut in_doubt) = (Vec::new(), 0);
    for worker in workers {
        let (made, unknown) = worker.await.expect("no panic");
        acknowledged.extend(made);
        in_doubt += unknown;
    }
    let journal = sandbox.journal();
    let faults = journal.iter().filter(|event| event.fault.is_some()).count();
    assert!(faults * 6 > calls(), "{faults} faults are no test");
    let made: std::collections::HashSet<&str> =
        journal.iter().filter_map(|event| event.created_id.as_deref()).collect();
    for id in &acknowledged {
        assert!(made.contains(id.as_str()), "{id} was acknowledged, and is not there");
    }
    let mut lost = 0;
    for endpoint in ["create_post", "create_list"] {
        let done =
            journal.iter().filter(|event| event.endpoint == Some(endpoint) && event.created_id.is_some()).count();
        assert!(done <= calls() / 5, "{done} of {} were made", calls() / 5);
        // The server would reject the same text.
        let twice = journal.iter().filter(|event| event.endpoint == Some(endpoint) && event.status == Some(403));
        assert_eq!(twice.count(), 0);
        let of =
            |event: &&JournalEntry| event.endpoint == Some(endpoint) && event.response_intact && event.fault.is_none();
        let answered = journal.iter().filter(of).filter_map(|event| event.created_id.as_ref());
        lost += answered.filter(|id| !acknowledged.contains(id)).count();
    }
    // Each processed write is acknowledged or reported as unknown, because responses may be late on a busy machine.
    assert!(lost <= in_doubt, "{lost} of {}, {in_doubt}", acknowledged.len());
}
