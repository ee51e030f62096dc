//! A file of 500 MB over loopback: `upload`, and a bare loop that reads the file and sends the same parts one by one.
#![allow(clippy::unwrap_used, reason = "a benchmark that fails shall stop")]
#![allow(clippy::print_stdout, reason = "a benchmark is there to be read")]

use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant};

use bytes::Bytes;
use chirrup::Client;
use chirrup::model::{MediaCategory, MediaFormat};
use chirrup_benches::{memory, report};
use chirrup_sandbox::Sandbox;
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client as Pool;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

const SIZE: usize = 500_000_000;
const PART: usize = 4 << 20;

async fn bare(pool: &Pool<HttpConnector, Full<Bytes>>, client: &Client, token: &str, path: &std::path::Path) {
    let url = client.base_url();
    let begun = client.begin_upload().media_type(MediaFormat::VideoMp4).media_category(MediaCategory::TweetVideo);
    let id = begun.total_bytes(SIZE as u64).await.unwrap().data.id;
    let mut file = std::fs::File::open(path).unwrap();
    for index in 0..SIZE.div_ceil(PART) {
        let mut body = format!(
            "--b\r\nContent-Disposition: form-data; name=\"segment_index\"\r\n\r\n{index}\r\n--b\r\n\
             Content-Disposition: form-data; name=\"media\"; filename=\"media\"\r\n\r\n"
        )
        .into_bytes();
        std::io::Read::by_ref(&mut file).take(PART as u64).read_to_end(&mut body).unwrap();
        body.extend_from_slice(b"\r\n--b--\r\n");
        let request = http::Request::post(format!("{url}/2/media/upload/{id}/append"))
            .header("content-type", "multipart/form-data; boundary=b")
            .header("authorization", format!("Bearer {token}"))
            .body(Full::from(body))
            .unwrap();
        let response = pool.request(request).await.unwrap();
        assert!(response.status().is_success(), "{}", response.status());
        response.into_body().collect().await.unwrap();
    }
    client.finish_upload(id).await.unwrap();
}

fn main() {
    let sandbox = Sandbox::builder().users(10).posts(50).without_rate_limits().start().unwrap();
    let token = sandbox.oauth2("ada", &["media.write"]).unwrap();
    let text = match token.get(chirrup::AuthKind::OAuth2).map(|credential| (**credential).clone()) {
        Some(chirrup::Credential::OAuth2 { token, .. }) => token.expose().to_owned(),
        _ => unreachable!("it was just made"),
    };
    let client = Client::builder().base_url(sandbox.url()).credentials(token).build().unwrap();
    let path = std::env::temp_dir().join(format!("chirrup-upload-{}.mp4", std::process::id()));
    let mut file = std::fs::File::create(&path).unwrap();
    file.write_all(b"\0\0\0\x18ftypisom").unwrap();
    let noise: Vec<u8> = (0..1 << 20).map(|n: u32| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    for _ in 0..SIZE >> 20 {
        file.write_all(&noise).unwrap();
    }
    file.set_len(SIZE as u64).unwrap();
    drop(file);
    let pool: Pool<HttpConnector, Full<Bytes>> = Pool::builder(TokioExecutor::new()).build_http();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let before = memory::peak();
    let ours = || async {
        // A video is waited for by asking; that X takes its time is not our rate.
        let start = Instant::now();
        let upload = client.upload(path.as_path()).processing_timeout(Duration::ZERO);
        let error = upload.await.unwrap_err();
        assert!(error.message().contains("processing"), "{error}");
        start.elapsed()
    };
    let first = runtime.block_on(ours());
    println!(
        "upload of {SIZE} bytes: {:.0} MB/s, {} MiB more memory, the sandbox's among it",
        500.0 / first.as_secs_f64(),
        memory::peak() - before
    );
    let rounds = runtime.block_on(async {
        let mut rounds = Vec::new();
        for _ in 0..5 {
            let start = Instant::now();
            bare(&pool, &client, &text, &path).await;
            rounds.push((start.elapsed(), ours().await));
        }
        rounds
    });
    report("500 MB", 1, rounds, ("bare loop", "upload"));
    std::fs::remove_file(path).unwrap();
}
