//! Responses with values that the types cannot hold: the rest is kept, and what is left out is reported.

use chirrup::{ErrorKind, HttpBuilder, Retry};
use chirrup_sandbox::Fault;

use crate::common::{client_in_sandbox_time, sandbox_and_client};

fn response(status: u16, body: impl Into<Vec<u8>>) -> Fault {
    Fault::Response { status, content_type: "application/json", body: body.into() }
}

#[tokio::test]
async fn one_odd_value_does_not_lose_a_page() {
    let (sandbox, client) = sandbox_and_client();
    let body = r#"{"data": [
        {"id": "1", "text": "odd time", "created_at": "soon", "entities": {"urls": [{"url": null, "start": null}]}},
        {"id": null, "text": "no ID"},
        {"id": "3", "text": "odd count", "public_metrics": {"retweet_count": -5}},
        "not an object",
        {"id": "5", "text": "last", "lang": null}],
        "includes": null, "errors": null, "meta": {"result_count": 5, "next_token": ""}}"#;
    sandbox.inject_fault(response(200, body));
    let page = client.search_recent("rust").await.unwrap();
    assert_eq!(page.data.iter().map(|post| post.id.get()).collect::<Vec<_>>(), [1, 3, 5]);
    assert!(page.data[0].created_at.is_none());
    let undecoded: Vec<_> = page.undecoded.iter().map(|problem| (problem.path.as_str(), problem.is_item)).collect();
    assert_eq!(
        undecoded,
        [
            ("data[0].created_at", false),
            ("data[1]", true),
            ("data[2].public_metrics.retweet_count", false),
            ("data[3]", true)
        ],
        "the places are those of the body"
    );
    assert_eq!(
        (page.undecoded[0].json.as_str(), page.undecoded[1].json["text"].as_str()),
        (Some("soon"), Some("no ID"))
    );
    assert_eq!((page.meta.next_token.as_deref(), page.body().as_ref()), (Some(""), body.as_bytes()));
}

#[tokio::test]
async fn null_is_absence_in_v1() {
    let (sandbox, client) = sandbox_and_client();
    let status = r#"{"id": 20, "id_str": "20", "full_text": "a heron", "favorite_count": null, "lang": null,
        "created_at": "Fri Nov 20 10:00:00 +0000 2026", "entities": {"hashtags": [{"text": "a", "indices": []}],
        "user_mentions": [{"id": -1, "id_str": "-1", "screen_name": "gone", "name": null, "indices": [0, 2]}]},
        "user": {"id": 12, "id_str": "12", "screen_name": "robin", "name": "Robin", "description": null}}"#;
    sandbox.inject_fault(response(200, format!("[{status}, null, {status}]")));
    let timeline = client.v1().user_timeline().screen_name("robin").await.unwrap();
    assert_eq!(timeline.data.len(), 2, "{:?}", timeline.undecoded);
    assert!(timeline.data.iter().all(|status| status.id.get() == 20));
}

#[tokio::test]
async fn a_success_that_says_nothing_is_an_error_with_the_words_of_the_server() {
    let (sandbox, _) = sandbox_and_client();
    let once = HttpBuilder::default().retry(Retry::never());
    let client = client_in_sandbox_time(&sandbox, once, sandbox.oauth1("ada").unwrap());
    sandbox.inject_fault(response(200, r#"{"message": "slow down"}"#));
    let error = client.get_post(20).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("slow down"), "{error}");
    for body in [r#"{"ok": true}"#, "<html><head><title>Busy</title></head></html>", r#"{"data": 7}"#] {
        sandbox.inject_fault(response(201, body));
        let error = client.create_post().text("a heron").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnknownOutcome, "{error}");
        assert!(error.response().is_some() && error.unknown_outcome().is_some());
    }
    // So is a write that sets a state, and a body of another type does not end the program.
    for body in ["true", "[]", "7", r#"{"ok": true}"#, r#"{"data": []}"#] {
        sandbox.inject_fault(response(200, body));
        let error = client.repost(20).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnknownOutcome, "{body}: {error}");
        sandbox.inject_fault(response(200, body));
        assert!(client.create_post().text("a heron").await.is_err(), "{body}");
        sandbox.inject_fault(response(200, body));
        assert!(client.send_dm(12).text("a heron").await.is_err(), "{body}");
    }
    for body in [r#"{"errors": "no sharing today"}"#, r#"{"errors": {"message": "no sharing today"}}"#] {
        sandbox.inject_fault(response(200, body));
        let error = client.repost(20).await.unwrap_err();
        assert!(error.to_string().contains("no sharing today"), "{error}");
    }
    sandbox.inject_fault(response(502, "<html><head><title>Bad gateway</title></head><body>x</body></html>"));
    let error = client.get_post(20).await.unwrap_err();
    assert!(error.to_string().contains("HTML page \u{201c}Bad gateway\u{201d}"), "{error}");
}

#[tokio::test]
async fn reads_are_retried_after_each_status_that_means_not_processed() {
    let (sandbox, _) = sandbox_and_client();
    let client = client_in_sandbox_time(&sandbox, HttpBuilder::default(), sandbox.app_only());
    for status in [408, 421, 425, 500, 502, 503, 504, 520, 522, 524, 529, 530] {
        sandbox.inject_fault(response(status, "{}"));
        let post = client.get_post(20).await.unwrap_or_else(|error| panic!("{status}: {error}"));
        assert_eq!(post.raw.send_info.attempts, 2, "{status}");
    }
    for status in [501, 505, 400, 404] {
        sandbox.inject_fault(response(status, "{}"));
        assert!(client.get_post(20).await.is_err(), "{status}");
    }
}
