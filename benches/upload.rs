//! Upload of 500 MB over loopback: `upload`, compared with a loop that reads the file and sends the same parts in sequence.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a failed benchmark panics")]
#![allow(clippy::print_stdout, reason = "a benchmark prints its results")]

use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant};

use bytes::Bytes;
use chirrup::Client;
use chirrup::model::{MediaCategory, MediaFormat};
use chirrup_benches::{memory, report};
use chirrup_sandbox::Sandbox;
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client as LegacyClient;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

const FILE_LEN: usize = 500_000_000;
const PART_LEN: usize = 4 << 20;

async fn upload_with_hyper(
    pool: &LegacyClient<HttpConnector, Full<Bytes>>,
    client: &Client,
    token: &str,
    path: &std::path::Path,
) {
    let url = client.base_url();
    let call = client.begin_upload().media_type(MediaFormat::VideoMp4).media_category(MediaCategory::TweetVideo);
    let id = call.total_bytes(FILE_LEN as u64).await.unwrap().data.id;
    let mut file = std::fs::File::open(path).unwrap();
    for index in 0..FILE_LEN.div_ceil(PART_LEN) {
        let mut body = format!(
            "--b\r\nContent-Disposition: form-data; name=\"segment_index\"\r\n\r\n{index}\r\n--b\r\n\
             Content-Disposition: form-data; name=\"media\"; filename=\"media\"\r\n\r\n"
        )
        .into_bytes();
        std::io::Read::by_ref(&mut file).take(PART_LEN as u64).read_to_end(&mut body).unwrap();
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
    let bearer = match token.get(chirrup::AuthKind::OAuth2).map(|credential| (**credential).clone()) {
        Some(chirrup::Credential::OAuth2 { token, .. }) => token.expose().to_owned(),
        _ => unreachable!("the sandbox issued an OAuth 2.0 token"),
    };
    let client = Client::builder().base_url(sandbox.url()).credentials(token).build().unwrap();
    let path = std::env::temp_dir().join(format!("chirrup-upload-{}.mp4", std::process::id()));
    let mut file = std::fs::File::create(&path).unwrap();
    file.write_all(b"\0\0\0\x18ftypisom").unwrap();
    let block: Vec<u8> = (0..1 << 20).map(|n: u32| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    for _ in 0..FILE_LEN >> 20 {
        file.write_all(&block).unwrap();
    }
    file.set_len(FILE_LEN as u64).unwrap();
    drop(file);
    let pool: LegacyClient<HttpConnector, Full<Bytes>> = LegacyClient::builder(TokioExecutor::new()).build_http();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let before = memory::peak();
    let upload_with_chirrup = || async {
        // The processing time of the server is not part of the measurement.
        let start = Instant::now();
        let upload = client.upload(path.as_path()).processing_timeout(Duration::ZERO);
        let error = upload.await.unwrap_err();
        assert!(error.message().contains("processing"), "{error}");
        start.elapsed()
    };
    let first = runtime.block_on(upload_with_chirrup());
    println!(
        "upload of {FILE_LEN} bytes: {:.0} MB/s, {} MiB of additional memory including the sandbox",
        500.0 / first.as_secs_f64(),
        memory::peak() - before
    );
    let rounds = runtime.block_on(async {
        let mut rounds = Vec::new();
        for _ in 0..5 {
            let start = Instant::now();
            upload_with_hyper(&pool, &client, &bearer, &path).await;
            rounds.push((start.elapsed(), upload_with_chirrup().await));
        }
        rounds
    });
    report("500 MB", 1, rounds, ("hyper", "upload"));
    std::fs::remove_file(path).unwrap();
}
