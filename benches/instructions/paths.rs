//! The paths whose instructions are counted. None of them uses a socket or another thread.

use std::hint::black_box;
use std::sync::Arc;

use bytes::Bytes;
use chirrup::HttpBuilder;
use chirrup::auth::OAuth1Keys;
use chirrup::auth::oauth1::Signer;
use chirrup::model::Post;
use chirrup::text::{Config, parse_and_extract};
use chirrup::{
    BoxFuture, Client, Credentials, Decode, RawPost, RawResponse, Request, Transport, TransportError, Typed,
};
use chirrup_benches::posts::{ID, full_post, text};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::json;

/// ID of the post of a line.
const POST_ID: &str = "2123927567571353600";

pub(crate) const NAMES: [&str; 6] = [
    "typed item of a stream",
    "lazy item of a stream",
    "call of one post",
    "page of 100 full posts",
    "signature of OAuth 1.0a",
    "entities of a post",
];

/// A transport that returns the same response to each request.
#[derive(Debug)]
struct Prepared(RawResponse);

impl Transport for Prepared {
    fn send(&self, _: Request) -> BoxFuture<Result<RawResponse, TransportError>> {
        let response = self.0.clone();
        Box::pin(async { Ok(response) })
    }
}

/// A client whose requests all get this response.
fn client(body: &serde_json::Value) -> Client {
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("content-type", "application/json; charset=utf-8"),
        ("date", "Thu, 26 Nov 2026 20:00:00 GMT"),
        ("x-rate-limit-limit", "1000000"),
        ("x-rate-limit-remaining", "999999"),
        ("x-rate-limit-reset", "1795900000"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let response = RawResponse::new(StatusCode::OK, headers, body.to_string());
    let http = HttpBuilder::default().transport(Arc::new(Prepared(response)));
    let client = Client::builder().base_url("http://127.0.0.1:9").credentials(Credentials::app_only("t")).http(http);
    client.build().expect("a client")
}

fn block_on<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(future)
}

/// Repeats a path this many times.
pub(crate) fn run(name: &str, repetitions: u64) {
    let line = Bytes::from(full_post(&text(7)).to_string().replace(ID, POST_ID));
    match name {
        "typed item of a stream" => {
            for _ in 0..repetitions {
                drop(black_box(Typed::<Post>::decode(&line).expect("a post")));
            }
        }
        "lazy item of a stream" => {
            for _ in 0..repetitions {
                drop(black_box(RawPost::decode(&line).expect("a post")));
            }
        }
        "call of one post" => {
            let client = client(&json!({"data": {"id": "20", "text": "just setting up my twttr"}}));
            block_on(async {
                for _ in 0..repetitions {
                    drop(black_box(client.get_post(20).await.expect("a post")));
                }
            });
        }
        "page of 100 full posts" => {
            let posts: Vec<_> = (0..100).map(|number| full_post(&text(number))).collect();
            let page = json!({
                "data": posts.iter().map(|post| &post["data"]).collect::<Vec<_>>(),
                "includes": posts[0]["includes"], "meta": {"result_count": 100, "newest_id": ID, "oldest_id": ID},
            });
            let client = client(&page);
            block_on(async {
                for _ in 0..repetitions {
                    drop(black_box(client.search_recent("rust").await.expect("a page")));
                }
            });
        }
        "signature of OAuth 1.0a" => {
            let signer = Signer::new(OAuth1Keys::new(
                "xvz1evFS4wEEPTGEFPHBog",
                "consumer-secret-that-is-about-fifty-letters-long",
                "2244994945-token-that-is-about-fifty-letters-long",
                "token-secret-that-is-about-fortyfive-letters",
            ));
            let url = "https://api.x.com/2/tweets/search/recent?query=rust%20lang%3Aen&max_results=100";
            for _ in 0..repetitions {
                drop(black_box(signer.header("GET", url, "", "0123456789abcdef", 1_700_000_000)));
            }
        }
        "entities of a post" => {
            let text = "Shipped it with @robin, see https://example.com/notes #rust \u{1F980} 日本語のテキスト";
            for _ in 0..repetitions {
                drop(black_box(parse_and_extract(text, &Config::V3)));
            }
        }
        unknown => panic!("no path `{unknown}`"),
    }
}
