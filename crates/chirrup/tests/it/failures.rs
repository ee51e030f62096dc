//! Failures between client and server, each with its own error.

use std::time::Duration;

use chirrup::model::{Expansion, PostField};
use chirrup::{Client, Error, ErrorKind, HttpBuilder, IntoCall, RawResponse, Response};
use chirrup_sandbox::Fault;

use crate::common::{Rng, client, sandbox_and_client};

fn body(status: u16, content_type: &'static str, body: impl Into<Vec<u8>>) -> Fault {
    Fault::Response { status, content_type, body: body.into() }
}

#[tokio::test]
async fn errors_keep_responses_that_cannot_be_decoded() {
    let (sandbox, client) = sandbox_and_client();
    let cases = [
        body(200, "application/json", "{\"data\": {\"id\": "),
        body(200, "text/html", "<html>maintenance</html>"),
        body(200, "application/json", "{}"),
        body(200, "application/json", ""),
        body(200, "application/json", "{\"data\": {\"id\": \"abc\", \"text\": \"x\"}}"),
        body(200, "application/json", vec![0xFF, 0xFE, b'{']),
        body(200, "application/json", format!("{{\"data\": \"{}\"}}", "x".repeat(10 << 20))),
        body(200, "application/json", "[".repeat(100_000)),
    ];
    for fault in cases {
        let Fault::Response { body, .. } = &fault else { continue };
        let sent = body.clone();
        sandbox.inject_fault(fault);
        let error = client.get_post(20).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
        assert_eq!(error.response().unwrap().body, sent);
        assert!(error.to_string().len() < 400, "the error is not a dump of the response");
    }
}

/// Corrupts a response in a random way.
fn spoil(body: &[u8], rng: &mut Rng) -> Vec<u8> {
    const STRANGE: [&str; 14] = [
        "null",
        "true",
        "-1",
        "1e999",
        "18446744073709551616",
        "\"\"",
        "[]",
        "{}",
        "{\"id\":{}}",
        "\"\\ud800\"",
        "\u{FEFF}",
        "[[[[[[",
        ",",
        "\u{0}",
    ];
    let mut body = body.to_vec();
    for _ in 0..=rng.below(3) {
        let (from, size) = (rng.index(body.len().max(1)), 1 + rng.index(40));
        let to = (from + size).min(body.len());
        match rng.below(6) {
            0 => body.truncate(from),
            1 => drop(body.drain(from..to)),
            2 => drop(body.splice(from..to, rng.pick(&STRANGE).bytes())),
            3 => {
                let copy = body[from..to].to_vec();
                drop(body.splice(from..from, copy));
            }
            // Replaces one value, which follows a colon, by another.
            4 => {
                let Some(colon) = body[from..].iter().position(|byte| *byte == b':') else { continue };
                let at = from + colon + 1;
                let end = body[at..].iter().position(|byte| matches!(byte, b',' | b'}' | b']'));
                drop(body.splice(at..at + end.unwrap_or(0), rng.pick(&STRANGE).bytes()));
            }
            _ => {
                if let Some(byte) = body.get_mut(from) {
                    *byte ^= 1 << rng.below(8);
                }
            }
        }
    }
    body
}

/// Returns the result of a call for this response.
fn decoded<C: IntoCall>(call: C, answer: RawResponse) -> Result<Response<C::Out>, Error> {
    call.into_call().decode(answer)
}

#[tokio::test]
async fn corrupted_responses_never_panic_or_decode_as_something_else() {
    let (_sandbox, client) = sandbox_and_client();
    let rounds = std::env::var("CHIRRUP_CORRUPTED").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(1_000);
    let (mut rng, mut read, mut refused) = (Rng(0xBAD), 0, 0);
    macro_rules! spoilt {
        ($($call:expr),+ $(,)?) => { $(
            let whole = $call.raw().await.unwrap();
            for round in 0..rounds {
                let mut answer = whole.clone();
                answer.body = spoil(&whole.body, &mut rng).into();
                if round % 10 == 0 {
                    answer.status = [400, 401, 403, 404, 429, 500, 503][round % 7].try_into().unwrap();
                }
                match decoded($call, answer) {
                    Ok(response) => {
                        let _ = (format!("{response:?}"), response.json());
                        read += 1;
                    }
                    Err(error) => {
                        let told = format!("{error} {:?}", error.hint());
                        assert!(told.len() < 2_000, "the error is not a dump of the response: {told}");
                        refused += 1;
                    }
                }
            }
        )+ };
    }
    spoilt!(
        client.search_recent("rust OR data").expansions([
            Expansion::AuthorId,
            Expansion::MediaKeys,
            Expansion::PollIds
        ]),
        client.get_post(20).post_fields([PostField::PublicMetrics, PostField::Entities, PostField::CreatedAt]),
        client.get_me(),
        client.followers(10),
        client.count_recent("rust"),
        client.dm_events(),
        client.rules(),
        client.get_spaces(["1"]),
        client.trends(1),
        client.create_list("Birds"),
        client.v1().home_timeline(),
        client.v1().mentions_timeline(),
    );
    assert!(read > rounds && refused > rounds * 3, "{read} {refused}");
}

#[tokio::test]
async fn error_responses_without_json_keep_their_status() {
    let (sandbox, client) = sandbox_and_client();
    for (status, kind) in
        [(503, ErrorKind::Server), (502, ErrorKind::Server), (418, ErrorKind::Refused), (302, ErrorKind::Refused)]
    {
        sandbox.inject_fault(body(status, "text/html", "<h1>edge</h1>"));
        let error = client.get_post(20).await.unwrap_err();
        assert_eq!((error.kind(), error.status_code()), (kind, Some(status)));
    }
    let capped = r#"{"account_id":1,"product_name":"standard-basic","title":"UsageCapExceeded","period":"Monthly","scope":"Product","detail":"Usage cap exceeded: Monthly product cap","type":"https://api.twitter.com/2/problems/usage-capped"}"#;
    sandbox.inject_fault(body(429, "application/json", capped));
    assert_eq!(client.get_post(20).await.unwrap_err().kind(), ErrorKind::UsageCapped);
    let broke = r#"{"account_id":123,"title":"CreditsDepleted","detail":"Your enrolled account [123] does not have any credits.","type":"https://api.twitter.com/2/problems/credits"}"#;
    sandbox.inject_fault(body(402, "application/json", broke));
    let error = client.get_post(20).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoCredits);
    assert_eq!(error.problems()[0].more["account_id"], 123);
}

#[tokio::test]
async fn a_closed_connection_fails_a_read_and_leaves_a_write_unknown() {
    let (sandbox, client) = sandbox_and_client();
    for fault in [Fault::CloseBeforeProcessing, Fault::CloseAfterProcessing, Fault::TruncateBody] {
        sandbox.inject_fault(fault.clone());
        assert_eq!(client.get_post(20).await.unwrap_err().kind(), ErrorKind::Network, "{fault:?}");
    }
    client.me().await.unwrap();
    sandbox.inject_fault(Fault::CloseAfterProcessing);
    let error = client.create_post().text("in doubt").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnknownOutcome);
    assert!(error.hint().unwrap().contains("check before you repeat it"));
    assert_eq!(client.search_recent("\"in doubt\"").await.unwrap().data.len(), 1, "the write had arrived");
}

#[tokio::test]
async fn connection_refused_and_timeout_are_different_errors() {
    let (sandbox, _) = sandbox_and_client();
    let closed = Client::builder().base_url("http://127.0.0.1:9").credentials(sandbox.app_only()).build().unwrap();
    assert_eq!(closed.get_post(20).await.unwrap_err().kind(), ErrorKind::Network);
    let closed = closed.with_credentials(sandbox.oauth1("ada").unwrap());
    let write = closed.create_post().text("never sent").await.unwrap_err();
    assert_eq!(write.kind(), ErrorKind::Network, "a call that was never sent has a known outcome");
    sandbox.inject_fault(Fault::DelayRequest(Duration::from_secs(5)));
    let client = client(&sandbox, sandbox.app_only());
    let late = client.get_post(20).timeout(Duration::from_millis(50)).await.unwrap_err();
    assert_eq!(late.kind(), ErrorKind::Timeout);
}

#[tokio::test]
async fn responses_over_the_size_limit_are_rejected() {
    let (sandbox, _) = sandbox_and_client();
    let http = HttpBuilder::default().max_body(100_000);
    let client = Client::builder().http(http).credentials(sandbox.app_only()).base_url(sandbox.url()).build().unwrap();
    sandbox.inject_fault(body(200, "application/json", vec![b' '; 200_000]));
    let error = client.get_post(20).await.unwrap_err();
    shows!("twython.opt.client_args.stream", {
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert!(error.message().contains("more than 100000 bytes"), "{error}");
    });
    // Small on the wire, large when decompressed.
    let http = HttpBuilder::default().max_body(30_000);
    let client = Client::builder().http(http).credentials(sandbox.app_only()).base_url(sandbox.url()).build().unwrap();
    let packed = client.search_recent(crate::common::BROAD_QUERY).max_results(100);
    let all = chirrup::model::PostField::ALL
        .iter()
        .filter(|f| !f.as_str().contains("_metrics") || f.as_str() == "public_metrics");
    let error = packed.post_fields(all).await.map(|response| response.body().len());
    assert!(error.is_err_and(|e| e.kind() == ErrorKind::Decode), "a full page is over 30 kB");
}

#[tokio::test]
async fn plain_http_is_rejected_for_other_hosts() {
    let client = Client::builder()
        .base_url("http://api.example.com")
        .credentials(chirrup::Credentials::app_only("t"))
        .build()
        .unwrap();
    let error = client.get_post(20).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.message().contains("use https"), "{error}");
    assert_eq!(Client::builder().base_url("nonsense").build().unwrap_err().kind(), ErrorKind::Configuration);
}

#[test]
fn wait_works_outside_a_runtime_and_fails_inside_one() {
    let (_sandbox, client) = sandbox_and_client();
    assert_eq!(client.get_post(20).wait().unwrap().data.id.get(), 20);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let error = runtime.block_on(async { client.get_post(20).wait().unwrap_err() });
    assert_eq!(error.kind(), ErrorKind::Blocking);
    runtime.block_on(async { client.get_post(20).await.unwrap() });
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let client = client.clone();
            std::thread::spawn(move || client.get_post(20).wait().unwrap().data.id)
        })
        .collect();
    assert!(threads.into_iter().all(|t| t.join().unwrap().get() == 20));
}
