//! Waits for rate limits, and the clocks that measure them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chirrup::model::Timestamp;
use chirrup::{BoxFuture, Client, Clock, ErrorKind, HttpBuilder, OnRateLimit, Retry};
use chirrup_sandbox::{Fault, FaultRule};

use crate::common::{client_in_sandbox_time, clock, sandbox};
use crate::retries::{answer, tries};

#[tokio::test]
async fn waits_use_the_servers_clock() {
    for skew in [0, 86_400_000, -86_400_000_i64] {
        let sandbox = sandbox();
        let at = sandbox.clock();
        // The clock of the server is off by a day; its responses contain its time and the end of the window.
        let client = client_in_sandbox_time(&sandbox, HttpBuilder::default(), sandbox.app_only());
        let now = at.now().as_secs() + skew / 1_000;
        let date = Timestamp::from_secs(now).to_http_date();
        sandbox.inject_fault(Fault::ReplaceHeaders(vec![
            ("date", date),
            ("x-rate-limit-remaining", "0".to_owned()),
            ("x-rate-limit-reset", (now + 600).to_string()),
        ]));
        client.get_post(20).await.unwrap();
        let wait = client.get_post(20).await.unwrap_err().retry_after().unwrap().as_secs();
        assert!((597..=602).contains(&wait), "{skew}: {wait}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_concurrent_calls_never_exceed_a_window() {
    let sandbox = sandbox();
    let http = HttpBuilder::default().on_rate_limit(OnRateLimit::Wait { max_wait: Duration::from_secs(86_400) });
    // No signatures, because the clock may jump by 15 minutes while a request is in transit.
    let token = sandbox.oauth2("ada", &["users.read", "tweet.read"]).unwrap();
    let client = client_in_sandbox_time(&sandbox, http, token);
    let tasks: Vec<_> = (0..1_000)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.get_me().await.map(drop) })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    let statuses = tries(&sandbox, "get_me");
    assert_eq!((statuses.len(), statuses.iter().all(|status| *status == 200)), (1_000, true));
    let state = client.rate_limits().into_iter().find(|state| state.endpoint == "get_me").unwrap();
    assert_eq!((state.limit, state.window), (75, Duration::from_secs(900)));
}

/// Clock that advances by 15 minutes between any two reads, as it does when other calls wait.
#[derive(Debug)]
struct Restless(Arc<dyn Clock>, AtomicU64);

impl Clock for Restless {
    fn now(&self) -> Timestamp {
        self.0.now()
    }
    fn elapsed(&self) -> Duration {
        Duration::from_secs(self.1.fetch_add(900, Ordering::Relaxed))
    }
    fn sleep(&self, time: Duration) -> BoxFuture<()> {
        self.0.sleep(time)
    }
    fn random(&self) -> std::io::Result<[u8; 16]> {
        self.0.random()
    }
}

#[tokio::test]
async fn waiting_for_a_rate_limit_does_not_use_up_the_timeout() {
    let sandbox = sandbox();
    let restless = Arc::new(Restless(clock(&sandbox), AtomicU64::new(0)));
    let builder = Client::builder().http(HttpBuilder::default().clock(restless)).base_url(sandbox.url());
    let client = builder.credentials(sandbox.app_only()).build().unwrap();
    client.get_post(20).await.unwrap();
    // The deadline passes before the next attempt.
    sandbox.inject_fault(answer(503, ""));
    let error = client.get_post(20).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Server, 1));
}

/// Clock that stands still for waiting calls until this many have arrived.
#[derive(Debug)]
struct Gathering(Arc<dyn Clock>, Arc<AtomicU64>, u64);

impl Clock for Gathering {
    fn now(&self) -> Timestamp {
        self.0.now()
    }
    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
    fn sleep(&self, time: Duration) -> BoxFuture<()> {
        let (clock, arrived, all) = (Arc::clone(&self.0), Arc::clone(&self.1), self.2);
        Box::pin(async move {
            while arrived.load(Ordering::Relaxed) < all {
                tokio::task::yield_now().await;
            }
            clock.sleep(time).await;
        })
    }
    fn random(&self) -> std::io::Result<[u8; 16]> {
        self.0.random()
    }
}

#[tokio::test]
async fn waiting_calls_are_sent_in_order_and_spread_out() {
    let sandbox = sandbox();
    let arrived = Arc::new(AtomicU64::new(0));
    let gathering = Arc::new(Gathering(clock(&sandbox), Arc::clone(&arrived), 30));
    let http = HttpBuilder::default().on_rate_limit(OnRateLimit::Wait { max_wait: Duration::from_secs(86_400) });
    let builder = Client::builder().http(http.clock(gathering)).base_url(sandbox.url());
    let client = builder.credentials(sandbox.oauth2("ada", &["users.read", "tweet.read"]).unwrap()).build().unwrap();
    let mut window_end = 0;
    for _ in 0..75 {
        window_end = client.get_me().await.unwrap().limit().unwrap().reset.as_millis();
    }
    let order = Arc::new(std::sync::Mutex::new(Vec::new()));
    let mut tasks = Vec::new();
    for i in 0..30_i64 {
        let (client, order, arrived) = (client.clone(), Arc::clone(&order), Arc::clone(&arrived));
        tasks.push(tokio::spawn(async move {
            arrived.fetch_add(1, Ordering::Relaxed);
            client.get_me().await.unwrap();
            order.lock().unwrap().push(i);
        }));
        tokio::task::yield_now().await;
    }
    for task in tasks {
        task.await.unwrap();
    }
    let times: Vec<i64> = sandbox.journal().iter().skip(75).map(|event| event.at.as_millis()).collect();
    // On a busy machine the first requests arrive late, so the pauses are measured from the start of the window.
    let delays: Vec<i64> = times.iter().map(|time| time - window_end).collect();
    let out_of_turn = |values: &[i64]| values.windows(2).filter(|pair| pair[0] > pair[1]).count();
    // The threads of the sandbox can note two requests in another order than that of their arrival.
    assert!(out_of_turn(&delays) < 5, "the requests are sent one after the other: {delays:?}");
    assert!(delays.iter().max() > Some(&600), "the requests are spread out: {delays:?}");
    let order = order.lock().unwrap().clone();
    assert!(out_of_turn(&order) < 5, "{order:?}");
}

#[tokio::test]
async fn malformed_rate_limit_headers_are_tolerated() {
    let sandbox = sandbox();
    let values = ["-1", "9223372036854775808", "99999999999999999999999", "", "soon", "1e3", " 7 ", "0", "4294967296"];
    let names = ["retry-after", "x-rate-limit-reset", "x-rate-limit-remaining", "x-rate-limit-limit", "date"];
    for name in names {
        for value in values {
            let client =
                client_in_sandbox_time(&sandbox, HttpBuilder::default().retry(Retry::never()), sandbox.app_only());
            sandbox.inject_fault(Fault::ReplaceHeaders(vec![(name, value.to_owned())]));
            client.get_post(20).await.unwrap();
            let wait = client.get_post(20).await.err().and_then(|error| error.retry_after());
            assert!(wait.is_none_or(|wait| wait <= Duration::from_secs(2 * 86_400)), "{name}: {value}");
        }
    }
}

#[tokio::test]
async fn each_attempt_has_its_own_signature() {
    let sandbox = sandbox();
    let client = client_in_sandbox_time(&sandbox, HttpBuilder::default(), sandbox.oauth1("ada").unwrap());
    // The sandbox rejects a repeated nonce, so each attempt was signed again.
    sandbox.add_fault_rule(FaultRule::new(Fault::CloseAfterProcessing).times(2));
    assert_eq!(client.get_me().await.unwrap().raw.send_info.attempts, 3);
    assert_eq!(tries(&sandbox, "get_me"), [200, 200, 200]);
}

#[tokio::test]
async fn a_limit_of_one_call_per_second_is_respected() {
    let sandbox = sandbox();
    let http = HttpBuilder::default().on_rate_limit(OnRateLimit::Wait { max_wait: Duration::from_secs(600) });
    let client = client_in_sandbox_time(&sandbox, http, sandbox.app_only());
    let begun = sandbox.clock().now();
    for _ in 0..20 {
        client.search_all("rust").max_results(10).await.unwrap();
    }
    let passed = sandbox.clock().now().as_secs() - begun.as_secs();
    assert!((19..=60).contains(&passed), "{passed}");
    assert!(tries(&sandbox, "search_all").iter().all(|status| *status == 200));
}
