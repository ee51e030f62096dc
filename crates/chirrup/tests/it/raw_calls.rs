//! Raw calls of any route.

use std::time::Duration;

use chirrup::ErrorKind;
use chirrup_sandbox::Fault;
use serde_json::json;

use crate::common::{client, sandbox_and_client};

#[tokio::test]
async fn any_endpoint_can_be_called_by_its_path() {
    let (_sandbox, client) = sandbox_and_client();
    let response = client.call("GET", "/2/users/:id/tweets").arg("id", 12).arg("max_results", 5).await.unwrap();
    shows!(
        ["ptt.ex.v2_user_tweets", "pytweet.client.http", "ptt.call.nested_result", "ptt.call.dynamic_route"],
        assert_eq!(response.data["data"].as_array().unwrap().len(), 5)
    );
    part!({
        assert!(response.meta.next_token.is_some() && response.limit().is_some());
        let by_name = client.call("get", "2/users/by/username/{username}").arg("username", "robin").await.unwrap();
        shows!(["ptt.ex.v2_by_username", "ptt.twitter2"], assert_eq!(by_name.data["data"]["id"], "12"));
    });
    part!({
        let written = client.call("POST", "/2/tweets").json(json!({"text": "raw"})).await.unwrap();
        shows!("twython.post", assert_eq!(written.data["data"]["text"], "raw"));
    });
    part!({
        let parts = client.call("POST", "/2/tweets").arg("text", "by parts").arg("quote_tweet_id", "20").await.unwrap();
        let text = parts.data["data"]["text"].as_str().unwrap();
        shows!("twython.call.kwargs", assert!(text.starts_with("by parts https://t.co/"), "{text}"));
    });
    let whole = format!("{}/2/users/me", client.base_url());
    assert_eq!(client.call("GET", &whole).as_user().await.unwrap().data["data"]["username"], "ada");
}

#[tokio::test]
async fn path_calls_follow_the_conventions_of_python_twitter_tools() {
    let (_sandbox, client) = sandbox_and_client();
    let target = |call: chirrup::RawCall| call.call().to_http(chirrup::model::Dialect::Tweet).unwrap();
    let at_end = client.route("statuses/show").arg("id", 20);
    shows!("ptt.call.method_guess", assert_eq!(at_end.call().method, "GET"));
    shows!(
        ["ptt.call.id_tail", "ptt.ex.show", "ptt.twitter.opt.format", "twython.request.endpoint"],
        assert_eq!(target(at_end).target, "/1.1/statuses/show/20.json")
    );
    part!({
        let plain = client.route("statuses/show").arg("_id", 20);
        shows!("ptt.call._id", assert_eq!(target(plain).target, "/1.1/statuses/show.json?id=20"));
    });
    part!({
        let segment = client.route("users/_id/lists").arg("_id", "ada");
        shows!("ptt.call.path_arg", assert_eq!(target(segment).target, "/1.1/users/ada/lists.json"));
    });
    let form = client.route("statuses/update").arg("status", "a b&c").arg("trim_user", true);
    shows!("ptt.call.method_guess", assert_eq!(form.call().method, "POST"));
    part!({
        let parts = target(form);
        assert_eq!(parts.content_type.as_deref(), Some("application/x-www-form-urlencoded"));
        shows!(
            ["ptt.call.kwargs", "twython.params.bool"],
            assert_eq!(&parts.body[..], b"status=a%20b%26c&trim_user=true")
        );
    });
    part!({
        let forced = client.route("users/lookup").method("GET").arg("screen_name", json!(["a", "b"]));
        shows!(
            ["ptt.call._method", "twython.params.list"],
            assert_eq!(target(forced).target, "/1.1/users/lookup.json?screen_name=a%2Cb")
        );
    });
    part!({
        let by_id = client.call("GET", "/2/users").arg("id", 12).await.unwrap();
        shows!("ptt.ex.v2_users_id", assert_eq!(by_id.data["data"]["username"], "robin"));
    });
    let open = client.call("GET", "/2/users/:id").await.unwrap_err();
    assert_eq!(open.kind(), ErrorKind::Argument);
}

#[tokio::test]
async fn invalid_parameters_are_rejected_with_the_messages_of_x() {
    let (_sandbox, client) = sandbox_and_client();
    let cases = [
        (client.call("GET", "/2/tweets").query("ids", "1,x"), "The `ids` query parameter value [x] must be an id"),
        (client.call("GET", "/2/tweets"), "The `ids` query parameter can not be empty"),
        (client.call("GET", "/2/tweets/x"), "The `id` path parameter value [x] must be an id"),
        (
            client.call("GET", "/2/users/12").query("previous_token", "a"),
            "The query parameter [previous_token] is not one of [id,",
        ),
        (
            client.call("GET", "/2/users/12").query("user.fields", "shoe"),
            "The `user.fields` query parameter value [shoe] is not one of [active_follower_count,",
        ),
        (
            client.call("POST", "/2/tweets").json(json!({"text": "a", "reply": {}})),
            "$.reply.in_reply_to_tweet_id: is missing but it is required",
        ),
        (client.call("POST", "/2/tweets").json(json!({"txt": "a"})), "$.txt: is not defined in the schema"),
        (client.call("POST", "/2/tweets").json(json!([1])), "the request body is not a JSON object"),
    ];
    for (call, message) in cases {
        let error = call.await.unwrap_err();
        assert_eq!((error.kind(), error.status_code()), (ErrorKind::Invalid, Some(400)));
        assert!(error.message().contains(message), "{error}");
        let problem = &error.problems()[0];
        assert_eq!(problem.type_url, "https://api.twitter.com/2/problems/invalid-request");
    }
}

#[tokio::test]
async fn an_unknown_path_is_a_plain_error() {
    let (_sandbox, client) = sandbox_and_client();
    let gone = client.call("GET", "/2/no/such/route").await.unwrap_err();
    assert_eq!((gone.kind(), gone.status_code()), (ErrorKind::NotFound, Some(404)));
    let old = client.route("no/such").await.unwrap_err();
    assert_eq!(old.problems()[0].code, Some(34));
}

#[tokio::test]
async fn timeout_and_base_url_can_be_set_per_call() {
    let (sandbox, client_here) = sandbox_and_client();
    part!({
        sandbox.inject_fault(Fault::DelayRequest(Duration::from_secs(5)));
        let late =
            client_here.call("GET", "/2/users/me").as_user().timeout(Duration::from_millis(50)).await.unwrap_err();
        shows!("ptt.call._timeout", assert_eq!(late.kind(), ErrorKind::Timeout));
    });
    part!({
        let at =
            |url: String| chirrup::Client::builder().base_url(url).credentials(sandbox.app_only()).build().unwrap();
        let refused =
            at("http://127.0.0.1:9".to_owned()).call("GET", "/2/users/12").host(&sandbox.url()).await.unwrap_err();
        assert!(
            refused.message().contains("are not sent to"),
            "another origin does not get the credentials: {refused}"
        );
        let elsewhere = at(format!("{}/elsewhere", sandbox.url()));
        let response = elsewhere.call("GET", "/2/users/12").host(&sandbox.url()).await.unwrap();
        shows!("ptt.twitter.opt.domain", assert_eq!(response.data["data"]["username"], "robin"));
    });
    let app = client(&sandbox, sandbox.credentials().unwrap());
    assert_eq!(app.call("GET", "/2/users/me").as_app().await.unwrap_err().kind(), ErrorKind::Credentials);
}

#[test]
fn api_urls_are_built_from_path_and_parameters() {
    let at = |url: &str| chirrup::construct_api_url(url, [("q", "a b&c/é"), ("count", "5")]);
    shows!(
        "twython.construct_api_url",
        assert_eq!(
            at("https://api.x.com/1.1/search/tweets.json"),
            "https://api.x.com/1.1/search/tweets.json?q=a+b%26c%2F%C3%A9&count=5"
        )
    );
    assert_eq!(chirrup::construct_api_url("https://api.x.com/a", []), "https://api.x.com/a");
}
