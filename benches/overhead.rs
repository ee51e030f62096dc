//! Small sequential GET requests over loopback: the client, compared with direct use of the same HTTP stack.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a failed benchmark panics")]

use std::time::{Duration, Instant};

use bytes::Bytes;
use chirrup::Client;
use chirrup_benches::report;
use chirrup_sandbox::Sandbox;
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client as LegacyClient;
use hyper_util::rt::{TokioExecutor, TokioTimer};

const CALLS_PER_ROUND: u32 = 500;

type HyperClient = LegacyClient<hyper_util::client::legacy::connect::HttpConnector, Full<Bytes>>;

async fn get_with_hyper(pool: &HyperClient, url: &str) {
    let request = http::Request::get(url)
        .header("user-agent", "chirrup/0.1.0")
        .header("accept-encoding", "gzip")
        .header("authorization", "Bearer sandbox-app-bearer-token")
        .body(Full::default())
        .unwrap();
    let response = pool.request(request).await.unwrap();
    assert_eq!(response.status(), 200);
    std::hint::black_box(response.into_body().collect().await.unwrap().to_bytes());
}

async fn get_with_chirrup(client: &Client) {
    std::hint::black_box(client.get_post(20).await.unwrap());
}

fn main() {
    let sandbox = Sandbox::builder().users(50).posts(200).without_rate_limits().fixed_keys().start().unwrap();
    let client = Client::builder().base_url(sandbox.url()).credentials(sandbox.app_only()).build().unwrap();
    let url = format!("{}/2/tweets/20", sandbox.url());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut http = hyper_util::client::legacy::connect::HttpConnector::new();
    http.set_nodelay(true);
    let pool: HyperClient = LegacyClient::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(http);
    let rounds: Vec<(Duration, Duration)> = runtime.block_on(async {
        let mut rounds = Vec::new();
        for _ in 0..41 {
            let start = Instant::now();
            for _ in 0..CALLS_PER_ROUND {
                get_with_hyper(&pool, &url).await;
            }
            let first = start.elapsed();
            let start = Instant::now();
            for _ in 0..CALLS_PER_ROUND {
                get_with_chirrup(&client).await;
            }
            rounds.push((first, start.elapsed()));
        }
        rounds
    });
    report("small GET", CALLS_PER_ROUND, rounds, ("hyper", "get_post"));
}
