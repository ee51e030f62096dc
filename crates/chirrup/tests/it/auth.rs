//! Authentication: credentials that are accepted, missing, or rejected by the server.

use chirrup::auth::OAuth1Keys;
use chirrup::auth::oauth1::Signer;
use chirrup::{Client, Credentials, ErrorKind};
use chirrup_sandbox::Sandbox;
use http_client::get;

use crate::common::{client, sandbox, sandbox_and_client};

/// Sends requests that the client itself would not create.
mod http_client {
    use std::io::{Read, Write};
    use std::net::TcpStream;

    /// Sends a GET request and returns status and body.
    pub(super) fn get(base: &str, target: &str, authorization: &str) -> (u16, String) {
        let host = base.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(host).unwrap();
        write!(
            stream,
            "GET {target} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\nauthorization: {authorization}\r\n\r\n"
        )
        .unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let status = text.split(' ').nth(1).unwrap().parse().unwrap();
        let body = text.split_once("\r\n\r\n").unwrap().1.to_owned();
        (status, body)
    }
}

#[tokio::test]
async fn a_call_without_a_suitable_credential_fails_before_sending() {
    let client =
        Client::builder().base_url("http://127.0.0.1:9").credentials(Credentials::app_only("t")).build().unwrap();
    let error = client.create_post().text("hi").await.unwrap_err();
    shows!("tweepy.type_error.token", assert_eq!(error.kind(), ErrorKind::Credentials));
    assert_eq!(
        error.to_string(),
        "create_post: the endpoint requires OAuth 1.0a User Context or OAuth 2.0 User Context (scopes tweet.read users.read tweet.write); \
         the client has OAuth 2.0 Application-Only"
    );
    let none = Client::builder().base_url("http://127.0.0.1:9").build().unwrap();
    let error = none.get_post(20).await.unwrap_err();
    assert!(error.message().ends_with("the client has none"), "{error}");
    let narrow = Client::builder().base_url("http://127.0.0.1:9");
    let narrow =
        narrow.credentials(Credentials::oauth2_with_scopes("t", ["tweet.read", "users.read"])).build().unwrap();
    assert_eq!(narrow.like(20).await.unwrap_err().kind(), ErrorKind::Credentials);
}

#[tokio::test]
async fn each_kind_of_credential_works_alone() {
    let sandbox = sandbox();
    let app = client(&sandbox, sandbox.app_only());
    let response = app.get_post(20).await.unwrap();
    assert_eq!(response.headers()["x-access-level"], "read");
    let old = client(&sandbox, sandbox.oauth1("ada").unwrap());
    assert_eq!(
        old.create_post().text("signed, with ünicode & blanks").await.unwrap().headers()["x-access-level"],
        "read-write-directmessages"
    );
    assert_eq!(old.search_recent("signed ünicode").await.unwrap().data.len(), 1);
    let new = client(&sandbox, sandbox.oauth2("ada", &["tweet.read", "users.read", "like.write"]).unwrap());
    assert!(new.like(20).await.unwrap().data.liked);
}

#[tokio::test]
async fn the_endpoint_selects_the_credential_and_the_caller_can_override_it() {
    let (_sandbox, client) = sandbox_and_client();
    let user = client.get_post(20).await.unwrap();
    assert_ne!(user.headers()["x-access-level"], "read", "a user's credential comes first");
    let app = client.get_post(20).as_app().await.unwrap();
    shows!("tweepy.user_auth", assert_eq!(app.headers()["x-access-level"], "read"));
    assert_eq!(client.get_me().as_app().await.unwrap_err().kind(), ErrorKind::Credentials);
}

#[tokio::test]
async fn authorization_errors_are_those_of_x() {
    let sandbox = sandbox();
    let wrong = client(&sandbox, Credentials::app_only("stolen"));
    let error = wrong.get_post(20).await.unwrap_err();
    shows!(
        "pytweet.error.unauthorized",
        assert_eq!((error.kind(), error.problems()[0].type_url.as_str()), (ErrorKind::Unauthorized, "about:blank"))
    );
    let narrow = client(&sandbox, sandbox.oauth2("ada", &["tweet.read", "users.read"]).unwrap());
    let error = narrow.like(20).await.unwrap_err();
    shows!(
        "pytweet.error.forbidden",
        assert_eq!((error.kind(), error.problems()[0].detail.as_str()), (ErrorKind::Forbidden, "Forbidden"))
    );
    sandbox.set_access_level("read").unwrap();
    let read_only = client(&sandbox, sandbox.oauth1("ada").unwrap());
    assert!(read_only.get_me().await.is_ok());
    let error = read_only.create_post().text("no").await.unwrap_err();
    assert!(error.message().contains("not configured with the appropriate oauth1 app permissions"), "{error}");
}

#[test]
fn a_bearer_token_is_rejected_where_a_user_is_required() {
    let sandbox = sandbox();
    let (status, body) = get(&sandbox.url(), "/2/users/me", "Bearer sandbox-app-bearer-token");
    assert_eq!(status, 403);
    assert!(
        body.contains("Authenticating with OAuth 2.0 Application-Only is forbidden for this endpoint.  Supported"),
        "{body}"
    );
    assert!(body.contains("[OAuth 1.0a User Context, OAuth 2.0 User Context]"), "{body}");
}

fn signer(token_secret: &str) -> Signer {
    Signer::new(OAuth1Keys::new(
        "sandbox-consumer-key",
        "sandbox-consumer-secret",
        "12-SandboxAccessToken",
        token_secret,
    ))
}

fn signed(sandbox: &Sandbox, target: &str, nonce: &str, offset: i64) -> String {
    let now = sandbox.clock().now().as_secs() + offset;
    signer("sandbox-access-secret-12").header("GET", &format!("{}{target}", sandbox.url()), "", nonce, now).unwrap()
}

/// Returns the same header with one changed character in its signature.
fn flipped(header: &str) -> String {
    let at = header.find("oauth_signature=\"").unwrap() + 17;
    let other = if &header[at..=at] == "A" { "B" } else { "A" };
    format!("{}{other}{}", &header[..at], &header[at + 1..])
}

/// Returns a header signed with a literal `+` in the URL, a common mistake of signers.
fn plus_signed(sandbox: &Sandbox) -> String {
    let url = format!("{}/2/users/by?usernames=a%2Bb", sandbox.url());
    signer("sandbox-access-secret-12").header("GET", &url, "", "n14", sandbox.clock().now().as_secs()).unwrap()
}

#[test]
fn a_signature_is_valid_once_and_only_for_the_request_it_signs() {
    let sandbox = sandbox();
    sandbox.oauth1("robin").unwrap();
    let target = "/2/users/me?user.fields=verified%2Curl";
    let good = signed(&sandbox, target, "n1", 0);
    assert_eq!(get(&sandbox.url(), target, &good).0, 200);
    let refused = [
        ("the nonce again", target, good.clone()),
        ("another query", "/2/users/me?user.fields=verified", signed(&sandbox, target, "n2", 0)),
        (
            "one parameter more",
            "/2/users/me?user.fields=verified%2Curl&expansions=pinned_tweet_id",
            signed(&sandbox, target, "n3", 0),
        ),
        ("an old clock", target, signed(&sandbox, target, "n4", -600)),
        ("a fast clock", target, signed(&sandbox, target, "n5", 600)),
        ("another method", target, signed(&sandbox, target, "n6", 0).replace("HMAC-SHA1", "PLAINTEXT")),
        ("another version", target, signed(&sandbox, target, "n7", 0).replace("\"1.0\"", "\"2.0\"")),
        ("no signature", target, signed(&sandbox, target, "n8", 0).replace("oauth_signature=", "x=")),
        ("no padding", target, signed(&sandbox, target, "n9", 0).replace("%3D\"", "\"")),
        ("the nonce twice", target, format!("{}, oauth_nonce=\"n11\"", signed(&sandbox, target, "n10", 0))),
        (
            "a wrong secret",
            target,
            signer("guessed")
                .header("GET", &format!("{}{target}", sandbox.url()), "", "n12", sandbox.clock().now().as_secs())
                .unwrap(),
        ),
        ("the last bit", target, flipped(&signed(&sandbox, target, "n13", 0))),
        ("a blank signed as +", "/2/users/by?usernames=a+b", plus_signed(&sandbox)),
        ("garbage", target, "OAuth garbage".to_owned()),
        ("nothing", target, String::new()),
    ];
    for (why, target, header) in refused {
        assert_eq!(get(&sandbox.url(), target, &header).0, 401, "{why}");
    }
}

#[tokio::test]
async fn errors_and_debug_output_contain_no_secret() {
    let secrets = ["hush-bearer", "hush-consumer", "hush-token", "hush-oauth2"];
    let all = Credentials::app_only(secrets[0])
        .and(Credentials::oauth1("key", secrets[1], "7-token", secrets[2]))
        .and(Credentials::oauth2(secrets[3]));
    let sandbox = sandbox();
    let refused = client(&sandbox, all.clone());
    let closed = Client::builder().base_url("http://127.0.0.1:9").credentials(all).build().unwrap();
    let mut shown = format!("{refused:?} {:?}", refused.search_recent("x"));
    for error in [
        refused.get_post(20).await.unwrap_err(),
        refused.get_post(20).as_app().await.unwrap_err(),
        closed.get_post(20).await.unwrap_err(),
        client(&sandbox, Credentials::app_only("hush-bearer\nbroken")).get_post(20).await.unwrap_err(),
    ] {
        shown.push_str(&format!("{error} {error:?} {:?} {:?}", error.hint(), error.response()));
    }
    for secret in secrets {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}
