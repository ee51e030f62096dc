//! Behaviors of the four libraries beyond single requests: HTML, timeouts, time ranges, headers.

use std::time::Duration;

use chirrup::text::{HtmlOptions, html_for_tweet};
use chirrup::{Client, Credentials, ErrorKind, HttpBuilder, Retry};
use chirrup_sandbox::Fault;
use serde_json::json;

use crate::wire::Ground;

#[test]
fn a_status_becomes_html_with_links() {
    let link = |n: u8, at: [u32; 2]| {
        json!({
            "url": format!("https://t.co/{n}"), "display_url": "example.com/a…", "expanded_url": "https://example.com/a/b/c", "indices": at,
        })
    };
    let status = json!({
        "text": "@robin #rust https://t.co/1", "id_str": "1",
        "entities": {
            "user_mentions": [{"screen_name": "robin", "indices": [0, 6]}], "hashtags": [{"text": "rust", "indices": [7, 12]}],
            "urls": [link(1, [13, 27])],
        },
        "is_quote_status": true,
        "quoted_status": {"id_str": "2", "text": "quoted", "entities": {}, "user": {"screen_name": "ada", "name": "Ada"}},
    });
    let html = |options| html_for_tweet(&status, options).unwrap();
    let plain = html(HtmlOptions::new());
    shows!("twython.html_for_tweet", {
        let parts = [">@robin</a>", "twython-mention", ">#rust</a>", "twython-hashtag", "twython-url"];
        assert!(parts.iter().all(|part| plain.contains(part)), "{plain}");
    });
    let expanded = html(HtmlOptions::new().use_expanded_url(true));
    let short = html(HtmlOptions::new().use_display_url(false));
    let both = html(HtmlOptions::new().use_display_url(true).use_expanded_url(true));
    shows!("twython.html_for_tweet.use_display_url", assert!(plain.contains(">example.com/a…</a>"), "{plain}"));
    shows!("twython.html_for_tweet.use_expanded_url", {
        assert!(expanded.contains(">https://example.com/a/b/c</a>") && both == expanded, "{expanded}");
    });
    shows!("twython.html_for_tweet.short_url", assert!(short.contains(">https://t.co/1</a>"), "{short}"));
    shows!(
        "twython.html_for_tweet.href",
        for text in [&plain, &expanded, &short] {
            assert!(text.contains("href=\"https://t.co/1\""), "{text}");
        }
    );
    blocking_part!({
        let quoted = html(HtmlOptions::new().expand_quoted_status(true));
        shows!("twython.html_for_tweet.expand_quoted_status", {
            assert!(
                quoted.contains("<blockquote") && quoted.contains("quoted") && !plain.contains("<blockquote"),
                "{quoted}"
            );
        });
    });
}

#[tokio::test]
async fn a_timeout_of_the_client_limits_each_call() {
    let g = Ground::new().await;
    let http = HttpBuilder::default().timeout(Duration::from_millis(60)).retry(Retry::never());
    let client = Client::builder().http(http).credentials(g.sandbox.app_only()).base_url(g.wire.url()).build().unwrap();
    part!({
        g.sandbox.inject_fault(Fault::DelayRequest(Duration::from_secs(120)));
        let started = std::time::Instant::now();
        let late = client.get_post(20).await.unwrap_err();
        shows!("twython.opt.client_args.timeout", {
            assert!(late.kind() == ErrorKind::Timeout && started.elapsed() < Duration::from_secs(60), "{late}");
        });
    });
    part!({
        let fresh = g.wire.client(g.sandbox.app_only());
        let before = fresh.last_header("x-access-level");
        fresh.get_post(20).await.unwrap();
        shows!(
            "seed.more.header_before_call",
            assert!(before.is_none() && fresh.last_header("x-access-level").is_some())
        );
    });
}

#[tokio::test]
async fn each_route_states_the_credentials_that_it_accepts() {
    let g = Ground::new().await;
    let keys = g.wire.client(g.sandbox.oauth1("ada").unwrap());
    let app = g.wire.client(g.sandbox.app_only());
    for refused in [
        keys.count_all("rust").raw().await.unwrap_err(),
        keys.bookmark(20).raw().await.unwrap_err(),
        app.get_me().raw().await.unwrap_err(),
        app.v1().update("x").raw().await.unwrap_err(),
    ] {
        part!({
            let sent = g.wire.take();
            shows!(
                "seed.more.accepted_credentials",
                assert!(refused.kind() == ErrorKind::Credentials && sent.is_empty(), "{refused}")
            );
        });
    }
    part!({
        let (by_user, by_app) = (keys.v1().search("rust").await, app.v1().search("rust").await);
        shows!("seed.more.accepted_credentials", assert!(by_user.is_ok() && by_app.is_ok()));
    });
}

#[tokio::test]
async fn the_archive_is_searched_for_thirty_days_by_default() {
    part!({
        let g = Ground::new().await;
        let now = g.sandbox.clock().now();
        let month = now.plus_millis(-30 * 86_400_000);
        let search = || g.client.search_all("from:robin").post_fields(["created_at"]).max_results(500);
        let default = search().await.unwrap().data;
        let from_start = search().start_time(chirrup::model::Timestamp::from_secs(1_262_304_000)).await.unwrap().data;
        shows!(["seed.more.archive_window", "tweepy.search_all_tweets"], {
            assert!(default.iter().all(|post| post.created_at.unwrap() >= month), "a post is older than 30 days");
            assert!(from_start.len() > default.len(), "{} {}", from_start.len(), default.len());
        });
    });
}

#[tokio::test]
async fn media_types_are_detected_or_given() {
    let g = Ground::new().await;
    let unknown = g.client.upload(vec![7_u8; 900]).await.unwrap_err();
    let none = g.wire.take();
    let given = g.client.upload(vec![7_u8; 900]).use_v1().format(chirrup::model::MediaFormat::VideoMp4).await;
    let first = g.wire.take().remove(0);
    shows!("twython.upload_video.media_type", {
        assert!(unknown.message().contains("match no media type") && none.is_empty(), "{unknown}");
        assert!(given.is_ok() && first.params()["media_type"] == "video/mp4", "{}", first.line());
    });
    shows!(["twython.upload_video.init", "twython.upload_video.size"], {
        assert_eq!((first.params()["command"].as_str(), first.params()["total_bytes"].as_str()), ("INIT", "900"));
    });
    part!({
        let plain =
            Client::builder().base_url("http://api.example.com").credentials(Credentials::app_only("t")).build();
        let refused = match plain {
            Ok(client) => client.get_post(20).await.is_err_and(|error| error.kind() != ErrorKind::Network),
            Err(_) => true,
        };
        shows!("ptt.twitter.opt.secure", assert!(refused, "plain HTTP leaves this machine"));
    });
}
