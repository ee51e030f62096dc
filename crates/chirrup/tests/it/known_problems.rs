//! Explanations of error responses, by the bodies that X sends.

use std::time::Duration;

use chirrup::model::{InsightGranularity, InsightMetric, Problem, ProblemKind};
use chirrup::{Client, Error, ErrorKind, KNOWN_PROBLEMS};
use chirrup_sandbox::{Fault, Sandbox};
use serde_json::json;

use crate::common::sandbox_and_client;
use crate::specification::specification;

/// Kind of a call.
#[derive(Clone, Copy)]
enum Try {
    Post,
    Response,
    Quote,
    Follow,
    Like,
    PostByOAuth1,
    Read,
    Retired,
    Stream,
    Raw(&'static str),
}

async fn refused(sandbox: &Sandbox, client: &Client, how: Try, status: u16, body: &str) -> Error {
    let user = client.with_credentials(sandbox.oauth2("ada", &["tweet.read", "tweet.write", "users.read"]).unwrap());
    let all = client.with_credentials(sandbox.credentials().unwrap());
    let old = client.with_credentials(sandbox.oauth1("ada").unwrap());
    all.me().await.unwrap();
    sandbox.inject_fault(Fault::Response { status, content_type: "application/json", body: body.as_bytes().to_vec() });
    let done = match how {
        Try::Post => user.create_post().text("x").await.map(drop),
        Try::Response => user.post(20).reply("x").await.map(drop),
        Try::Quote => user.create_post().text("x").quote(20).await.map(drop),
        Try::Follow => all.follow(12).await.map(drop),
        Try::Like => all.like(20).await.map(drop),
        Try::PostByOAuth1 => old.create_post().text("x").await.map(drop),
        Try::Read => client.get_post(20).await.map(drop),
        Try::Retired => all.insights_28hr([20], InsightGranularity::Total, [InsightMetric::Likes]).await.map(drop),
        Try::Stream => client.filtered_stream().await.map(drop),
        Try::Raw(path) => client.call("POST", path).unauthenticated().form("a", "b").raw().await.map(drop),
    };
    done.unwrap_err()
}

const PROBLEMS: &str = "https://api.twitter.com/2/problems";

fn problem(title: &str, detail: &str, kind: &str, more: &str) -> String {
    let kind = if kind == "about:blank" { kind.to_owned() } else { format!("{PROBLEMS}/{kind}") };
    format!(r#"{{"title":"{title}","detail":"{detail}","type":"{kind}"{more}}}"#)
}

fn code(number: u32, message: &str) -> String {
    format!(r#"{{"errors":[{{"code":{number},"message":"{message}"}}]}}"#)
}

#[tokio::test]
async fn each_known_problem_is_diagnosed_with_cause_and_hint() {
    let (sandbox, client) = sandbox_and_client();
    let forbidden = problem("Forbidden", "Forbidden", "about:blank", r#","status":403"#);
    let kinds = "Authenticating with OAuth 2.0 Application-Only is forbidden for this endpoint.  Supported authentication types are [OAuth 1.0a User Context, OAuth 2.0 User Context].";
    let oauth1 = "Your client app is not configured with the appropriate oauth1 app permissions for this endpoint.";
    let enrol = |reason: &str| {
        let more = format!(
            r#","client_id":"1","registration_url":"https://developer.x.com","required_enrollment":"Appropriate Level of API Access","reason":"{reason}""#
        );
        problem("Client Forbidden", "When authenticating requests you must use keys…", "client-forbidden", &more)
    };
    let grant = |error: &str, text: &str| format!(r#"{{"error":"{error}","error_description":"{text}"}}"#);
    let callback = "Callback URL not approved for this client application. Approved callback URLs can be adjusted in your application settings";
    let (token, request) = (Try::Raw("/2/oauth2/token"), Try::Raw("/oauth/request_token"));
    let cases = [
        (Try::Post, 403, problem("Unsupported Authentication", kinds, "unsupported-authentication", ""), "unsupported-authentication", "OAuth 1.0a User Context or OAuth 2.0"),
        (Try::Read, 403, code(220, "Your credentials do not allow access to this resource"), "user-context-required", "credentials of a user"),
        (Try::Post, 403, forbidden.clone(), "missing-scope", "tweet.read users.read tweet.write"),
        (Try::PostByOAuth1, 403, problem("Forbidden", oauth1, "oauth1-permissions", ""), "read-only-app", "generate new access tokens"),
        (Try::Post, 403, code(261, "Application cannot perform write actions."), "read-only-app", "generate new access tokens"),
        (Try::Read, 403, enrol("client-not-enrolled"), "client-not-enrolled", "project"),
        (Try::Read, 403, enrol("user-not-enrolled"), "user-not-enrolled", "sign up"),
        (Try::Read, 403, enrol("official-client-forbidden"), "official-client", "create your own app"),
        (Try::Read, 403, code(453, "You currently have access to a subset of X API V2 endpoints"), "access-level", "plan"),
        (Try::PostByOAuth1, 401, code(32, "Could not authenticate you."), "invalid-signature", "four keys"),
        (Try::Read, 401, code(89, "Invalid or expired token."), "invalid-token", "log in again"),
        (Try::PostByOAuth1, 401, code(135, "Timestamp out of bounds."), "clock-skew", "clock"),
        (Try::Read, 400, code(215, "Bad Authentication data."), "bad-authentication-data", "truncated"),
        (Try::Raw("/oauth2/token"), 403, r#"{"errors":[{"code":99,"label":"authenticity_token_error","message":"Unable to verify your credentials"}]}"#.to_owned(), "invalid-app-keys", "key and secret"),
        (request, 403, code(415, callback), "callback-not-approved", "exactly the same URL"),
        (request, 403, format!("<?xml version='1.0' encoding='UTF-8'?><errors><error code=\"415\">{callback}</error></errors>"), "callback-not-approved", "exactly the same URL"),
        (Try::Post, 403, code(64, "Your account is suspended and is not permitted to access this feature."), "account-locked", "x.com"),
        (token, 400, grant("invalid_request", "Value passed for the authorization code was invalid."), "authorization-code-expired", "30 seconds"),
        (token, 400, grant("invalid_request", "Value passed for the token was invalid."), "invalid-refresh-token", "log in again"),
        (token, 400, grant("invalid_grant", ""), "invalid-refresh-token", "log in again"),
        (token, 401, grant("unauthorized_client", "Missing valid authorization header"), "client-secret-required", "client secret"),
        (Try::Read, 402, problem("CreditsDepleted", "Your enrolled account [123] does not have any credits.", "credits", r#","account_id":123"#), "no-credits", "buy credits"),
        (Try::Read, 429, problem("UsageCapExceeded", "Usage cap exceeded: Monthly product cap", "usage-capped", r#","period":"Monthly","scope":"Product""#), "usage-cap", "not a rate limit"),
        (Try::Read, 400, r#"{"errors":[{"parameters":{"pagination_token":["x"]},"message":"Invalid"}]}"#.to_owned(), "invalid-page-token", "without the token"),
        (Try::Post, 403, problem("Forbidden", "You are not allowed to create a Tweet with duplicate content.", "about:blank", ""), "duplicate-post", "change the text"),
        (Try::Post, 403, code(187, "Status is a duplicate."), "duplicate-post", "change the text"),
        (Try::Post, 403, problem("Forbidden", "Your account is not permitted to access this feature.", "about:blank", ""), "feature-not-permitted", "Premium"),
        (Try::Response, 403, forbidden.clone(), "self-serve-reply", "mentioned or quoted the user"),
        (Try::Quote, 403, forbidden.clone(), "self-serve-quote", "April 2026"),
        (Try::Follow, 403, forbidden.clone(), "self-serve-action", "follows.write"),
        (Try::Like, 403, forbidden, "self-serve-action", "like.write"),
        (Try::Stream, 409, problem("ConnectionException", "You must define rules…", "streaming-connection", r#","connection_issue":"RuleConfigurationIssue""#), "no-rules", "rules add"),
        (Try::Stream, 429, problem("ConnectionException", "This stream is currently at the maximum allowed connection limit.", "streaming-connection", r#","connection_issue":"TooManyConnections""#), "too-many-connections", "close_connections"),
        (Try::Retired, 410, problem("Gone", "Gone", "about:blank", ""), "retired-endpoint", "use `post_analytics`"),
    ];
    let mut shown: Vec<&str> = Vec::new();
    for (how, status, body, id, word) in cases {
        let error = refused(&sandbox, &client, how, status, &body).await;
        assert_eq!(error.diagnosis().map(|diagnosis| diagnosis.id), Some(id), "{error}");
        let hint = error.hint().unwrap();
        assert!(hint.contains(word) && !hint.contains('{'), "{id}: {hint}");
        shown.push(id);
    }
    // Many problems are explained by their type alone.
    for kind in ProblemKind::ALL.iter().map(ProblemKind::as_str) {
        if KNOWN_PROBLEMS.iter().any(|known| known.id == kind) {
            let error = refused(&sandbox, &client, Try::Post, 403, &problem("Title", "Detail", kind, "")).await;
            assert_eq!(error.diagnosis().map(|diagnosis| diagnosis.id), Some(kind), "{error}");
            shown.push(kind);
            // Each window allows only a few calls.
            sandbox.clock().advance(Duration::from_secs(900));
        }
    }
    for diagnosis in KNOWN_PROBLEMS {
        assert!(shown.contains(&diagnosis.id), "{} is shown by no case", diagnosis.id);
    }
}

/// Every problem type of the specification has a kind and an explanation.
#[test]
fn every_problem_type_of_the_specification_is_explained() {
    let Some(spec) = specification("x-api-v2.173.json") else { return };
    let types = spec["schemas"]["Problem"]["discriminator"]["mapping"].as_object().unwrap();
    assert!(types.len() >= 55, "{}", types.len());
    for type_url in types.keys() {
        let problem: Problem = serde_json::from_value(json!({ "type": type_url })).unwrap();
        let kind = problem.kind();
        assert!(!matches!(kind, ProblemKind::Other(_)), "{type_url}");
        assert!(KNOWN_PROBLEMS.iter().any(|known| known.id == kind.as_str()), "{type_url} has no explanation");
    }
}

#[tokio::test]
async fn a_partial_error_is_explained() {
    let (_sandbox, client) = sandbox_and_client();
    let missing = client.get_post(1).await.unwrap_err();
    assert_eq!(missing.diagnosis().map(|diagnosis| diagnosis.id), Some("resource-not-found"));
    assert!(missing.hint().unwrap().contains("check the ID"), "{:?}", missing.hint());
}

#[tokio::test]
async fn a_write_whose_outcome_is_unknown_keeps_its_hint() {
    let (sandbox, client) = sandbox_and_client();
    let body = problem("Internal Error", "Internal Error", "internal-error", "");
    let error = refused(&sandbox, &client, Try::Post, 500, &body).await;
    assert_eq!((error.kind(), error.diagnosis().is_none()), (ErrorKind::UnknownOutcome, true));
    assert!(error.hint().unwrap().contains("may have taken effect"));
}

#[tokio::test]
async fn unknown_problems_have_no_diagnosis() {
    let (sandbox, client) = sandbox_and_client();
    for (status, body) in [
        (403, problem("Forbidden", "You are too young.", "about:blank", "")),
        (404, problem("Not Found", "Not Found", "about:blank", "")),
        (429, problem("Too Many Requests", "Too Many Requests", "about:blank", r#","status":429"#)),
        (401, "<html>error code=32</html>".to_owned()),
        (403, "<errors><error code=".to_owned()),
        (403, "<?xml version='1.0'?><hash><error>Not & known</error></hash>".to_owned()),
    ] {
        let error = refused(&sandbox, &client, Try::Post, status, &body).await;
        assert!(error.diagnosis().is_none() && error.hint().is_some(), "{error}");
    }
}
