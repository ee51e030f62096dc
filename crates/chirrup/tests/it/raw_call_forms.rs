//! More forms of calls: methods after arguments, absent values in each place, literal IDs, and error codes.

use chirrup::ErrorKind;
use chirrup::model::Dialect;
use chirrup_sandbox::Fault;
use serde_json::json;

use crate::common::{client, sandbox, sandbox_and_client};

#[tokio::test]
async fn the_last_method_decides_where_arguments_go() {
    let (_sandbox, client) = sandbox_and_client();
    let sent = |call: &chirrup::RawCall| {
        let parts = call.call().to_http(Dialect::Tweet).unwrap();
        (format!("{} {}", call.call().method, parts.target), String::from_utf8(parts.body.to_vec()).unwrap())
    };
    let body = json!({"target_user_id": "12"});
    let cases = [
        (
            client.route("2/users/_id/muting").json(body.clone()).arg("_id", 7),
            "POST /2/users/7/muting",
            body.to_string(),
        ),
        (
            client.route("/2/users/_id/muting").arg("_id", 7).arg("max_results", 5),
            "GET /2/users/7/muting?max_results=5",
            String::new(),
        ),
        (client.call("GET", "/2/tweets/:id").arg("id", 20).method("DELETE"), "DELETE /2/tweets/20", String::new()),
        (
            client.call("GET", "/2/tweets").arg("text", "x").method("POST"),
            "POST /2/tweets",
            r#"{"text":"x"}"#.to_owned(),
        ),
        (
            client.route("statuses/update").arg("status", "s").method("GET"),
            "GET /1.1/statuses/update.json?status=s",
            String::new(),
        ),
        (
            client.route("users/show").arg("user_id", 12).method("POST"),
            "POST /1.1/users/show.json",
            "user_id=12".to_owned(),
        ),
        (
            client.route("lists/members/create").arg("list_id", 1).arg("user_id", None::<u64>),
            "POST /1.1/lists/members/create.json",
            "list_id=1".to_owned(),
        ),
        (
            client.route("search/tweets").arg("q", "").arg("count", None::<u32>),
            "GET /1.1/search/tweets.json?q=",
            String::new(),
        ),
        (
            client.route("search/tweets").query("q", "a b").query("lang", None::<&str>),
            "GET /1.1/search/tweets.json?q=a%20b",
            String::new(),
        ),
        (
            client.call("POST", "/2/tweets").arg("text", "x").arg("reply", json!(null)),
            "POST /2/tweets",
            r#"{"text":"x"}"#.to_owned(),
        ),
        (
            client.route("statuses/update").arg("status", "s").arg("trim_user", true),
            "POST /1.1/statuses/update.json",
            "status=s&trim_user=true".to_owned(),
        ),
    ];
    for (call, line, body) in cases {
        assert_eq!(sent(&call), (line.to_owned(), body));
    }
}

#[tokio::test]
async fn a_literal_user_id_needs_no_request_for_it_in_writes_and_other_lists() {
    let sandbox = sandbox();
    let ada = client(
        &sandbox,
        sandbox.oauth2("ada", &["tweet.read", "users.read", "like.read", "like.write", "list.read"]).unwrap(),
    );
    let me = sandbox.user_id("ada").unwrap();
    let likes = format!("/2/users/{me}/likes");
    let _ = ada.call("POST", &likes).json(json!({"tweet_id": "20"})).await;
    let _ = ada.call("DELETE", &format!("{likes}/20")).await;
    for end in ["liked_tweets", "owned_lists", "followed_lists"] {
        let _ = ada.call("GET", &format!("/2/users/{me}/{end}")).await;
    }
    assert!(sandbox.journal().iter().all(|event| event.path != "/2/users/me"), "{:?}", sandbox.journal());
    assert_eq!(sandbox.journal().len(), 5);
}

#[tokio::test]
async fn the_code_of_bad_authentication_is_unauthorized_in_each_dialect() {
    let (sandbox, client) = sandbox_and_client();
    for (status, code, kind) in [
        (400, 215, ErrorKind::Unauthorized),
        (400, 38, ErrorKind::Invalid),
        (401, 32, ErrorKind::Unauthorized),
        (401, 89, ErrorKind::Unauthorized),
        (403, 187, ErrorKind::Forbidden),
        (404, 34, ErrorKind::NotFound),
    ] {
        let fault = || {
            let body = json!({"errors": [{"code": code, "message": "no"}]}).to_string().into();
            sandbox.inject_fault(Fault::Response { status, content_type: "application/json", body });
        };
        fault();
        assert_eq!(client.v1().show(20).await.unwrap_err().kind(), kind, "{status} {code}");
        fault();
        assert_eq!(client.v1().update("x").await.unwrap_err().kind(), kind, "{status} {code}");
        fault();
        assert_eq!(client.get_post(20).await.unwrap_err().kind(), kind, "{status} {code}");
        fault();
        assert_eq!(client.route("users/show").arg("user_id", 12).await.unwrap_err().kind(), kind, "{status} {code}");
    }
}
