//! One small GET after another over loopback: the client, and a bare loop on the same HTTP stack with the same bytes.
#![allow(clippy::unwrap_used, reason = "a benchmark that fails shall stop")]

use std::time::{Duration, Instant};

use bytes::Bytes;
use chirrup::Client;
use chirrup_benches::report;
use chirrup_sandbox::Sandbox;
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client as Pool;
use hyper_util::rt::{TokioExecutor, TokioTimer};

const PER_ROUND: u32 = 500;

type Bare = Pool<hyper_util::client::legacy::connect::HttpConnector, Full<Bytes>>;

async fn bare(pool: &Bare, url: &str) {
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

async fn ours(client: &Client) {
    std::hint::black_box(client.get_post(20).await.unwrap());
}

fn main() {
    let sandbox = Sandbox::builder().users(50).posts(200).without_rate_limits().start().unwrap();
    let client = Client::builder().base_url(sandbox.url()).credentials(sandbox.app_only()).build().unwrap();
    let url = format!("{}/2/tweets/20", sandbox.url());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut http = hyper_util::client::legacy::connect::HttpConnector::new();
    http.set_nodelay(true);
    let pool: Bare = Pool::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(http);
    let rounds: Vec<(Duration, Duration)> = runtime.block_on(async {
        let mut rounds = Vec::new();
        for _ in 0..41 {
            let start = Instant::now();
            for _ in 0..PER_ROUND {
                bare(&pool, &url).await;
            }
            let first = start.elapsed();
            let start = Instant::now();
            for _ in 0..PER_ROUND {
                ours(&client).await;
            }
            rounds.push((first, start.elapsed()));
        }
        rounds
    });
    report("small GET", PER_ROUND, rounds, ("bare loop", "get_post"));
}
