//! Forms of requests and responses on cassettes: parameters, multipart bodies, repeated headers, and words that are secrets
//! in a login only.

use std::path::Path;
use std::sync::Arc;

use chirrup::model::{NewMedia, SpaceField, SpaceState};
use chirrup::{Client, Credentials, ErrorKind, HttpBuilder, Retry};
use chirrup_http::cassette::{Cassette, Matching};
use chirrup_sandbox::Sandbox;
use serde_json::json;

use crate::common::sandbox;

fn recorded(sandbox: &Sandbox, file: &Path) -> Client {
    let builder = Client::builder().http(HttpBuilder::default().record(file));
    builder.credentials(sandbox.credentials().unwrap()).base_url(sandbox.url()).build().unwrap()
}

/// A client over a cassette. Nothing listens at its base URL.
fn played(cassette: Arc<Cassette>) -> Client {
    let http = HttpBuilder::default().transport(cassette).retry(Retry::never());
    let all = Credentials::app_only("any").and(Credentials::oauth1("k", "s", "2244994900-t", "ts"));
    Client::builder().http(http).credentials(all).base_url("http://127.0.0.1:9").build().unwrap()
}

/// A cassette of VCR.py with these requests and their responses, all with status 200.
fn vcr(exchanges: &[(&str, &str, &str, &str, &str)]) -> Cassette {
    let mut yaml = "interactions:\n".to_owned();
    for (method, url, content_type, body, response) in exchanges {
        yaml += &format!(
            "- request:\n    body: {body}\n    headers:\n      Content-Type: ['{content_type}']\n    method: {method}\n    \
             uri: https://api.twitter.com{url}\n  response:\n    body:\n      string: '{response}'\n    headers:\n      \
             content-type: [application/json]\n      Set-Cookie: [a=1, b=2, c=3]\n    status: {{code: 200, message: OK}}\n"
        );
    }
    Cassette::read(&(yaml + "version: 1\n")).unwrap()
}

#[tokio::test]
async fn states_of_spaces_and_uploads_are_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("states.yaml");
    let sandbox = sandbox();
    let client = recorded(&sandbox, &file);
    let space = client.search_spaces("birds").await.unwrap().data.remove(0);
    let shown = client.get_space(&space).space_fields([SpaceField::State]).await.unwrap().data;
    let live = client.search_spaces("birds").state("live").await.unwrap().json();
    let scheduled = client.search_spaces("birds").state("scheduled").await.unwrap().json();
    assert_ne!(live, scheduled);
    let video = [&b"\x00\x00\x00\x18ftypmp42"[..], &[7; 20_000]].concat();
    let uploaded = client.upload(video.clone()).await.unwrap();

    let cassette = Arc::new(Cassette::load(&file).unwrap());
    let client = played(Arc::clone(&cassette));
    client.search_spaces("birds").await.unwrap();
    let again = client.get_space(&space).space_fields([SpaceField::State]).await.unwrap().data;
    assert_eq!(again, shown);
    assert!(!matches!(again.state, Some(SpaceState::Other(_)) | None), "{again:?}");
    assert_eq!(client.search_spaces("birds").state("scheduled").await.unwrap().json(), scheduled);
    assert_eq!(client.search_spaces("birds").state("live").await.unwrap().json(), live);
    assert_eq!(client.upload(video).await.unwrap().id, uploaded.id);
    assert_eq!(cassette.unplayed(), Vec::<String>::new());
}

#[tokio::test]
async fn multipart_bodies_are_compared_by_their_parts() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = sandbox();
    let picture = b"\x89PNG\r\n\x1a\nheron \xff\xfe".to_vec();
    for name in ["upload.yaml", "upload.json"] {
        let file = folder.path().join(name);
        let client = recorded(&sandbox, &file);
        let upload = |client: &Client, picture: &[u8]| {
            client.route("media/upload").arg("media_category", "tweet_image").file("media", picture.to_vec())
        };
        let made = upload(&client, &picture).await.unwrap().data;
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(!text.contains("chirrup-part-of-a-form"), "the boundary is not recorded: {text}");
        let client = played(Arc::new(Cassette::load(&file).unwrap()));
        let other = upload(&client, b"\x89PNG\r\n\x1a\nanother").await.unwrap_err();
        assert_eq!(other.kind(), ErrorKind::Configuration);
        assert_eq!(upload(&client, &picture).await.unwrap().data, made);
    }

    let body = "\"--Tw3ePy\\r\\nContent-Disposition: form-data; name=\\\"media\\\"; filename=\\\"a.txt\\\"\\r\\nContent-Type: \
                text/plain\\r\\n\\r\\nheron\\r\\n--Tw3ePy\\r\\nContent-Disposition: form-data; name=\\\"media_category\\\"\\r\\n\\r\\n\
                tweet_image\\r\\n--Tw3ePy--\\r\\n\"";
    let kind = "multipart/form-data; boundary=Tw3ePy";
    let answer = "{\"media_id\":7,\"media_id_string\":\"7\"}";
    for matching in [Matching::Strict, Matching::MethodAndUri] {
        let cassette = vcr(&[("POST", "/1.1/media/upload.json", kind, body, answer)]).matching(matching);
        let client = played(Arc::new(cassette));
        let upload = client.v1().upload().media_category("tweet_image").file("heron".into());
        assert_eq!(upload.await.unwrap().data.media_id.get(), 7, "{matching:?}");
    }
}

#[tokio::test]
async fn bodies_that_vcr_py_records_as_maps_are_read() {
    let cassette = vcr(&[
        (
            "POST",
            "/2/tweets",
            "application/json",
            "{text: Testing 1, reply: {in_reply_to_tweet_id: '20'}}",
            "{\"data\":{\"id\":\"1\",\"text\":\"a\"}}",
        ),
        (
            "POST",
            "/2/tweets",
            "application/json",
            "{text: Testing 2, nullcast: false}",
            "{\"data\":{\"id\":\"2\",\"text\":\"b\"}}",
        ),
        (
            "POST",
            "/1.1/statuses/update.json",
            "application/x-www-form-urlencoded",
            "{status: hello, trim_user: true}",
            "{\"id\":3,\"text\":\"c\"}",
        ),
    ]);
    let cassette = Arc::new(cassette);
    let client = played(Arc::clone(&cassette));
    let second = client.route("/2/tweets").json(json!({"nullcast": false, "text": "Testing 2"})).await.unwrap();
    assert_eq!(second.data["data"]["id"], "2");
    let first = client.create_post().text("Testing 1").reply(20).await.unwrap();
    assert_eq!(first.data.id.get(), 1);
    let third = client.v1().update("hello").trim_user(true).await.unwrap();
    assert_eq!((third.data.id.get(), cassette.unplayed().len()), (3, 0));
}

#[tokio::test]
async fn parameters_match_in_the_query_and_in_a_form() {
    let form = "application/x-www-form-urlencoded";
    let exchanges = [
        ("POST", "/1.1/statuses/update.json?status=hello&trim_user=True", form, "null", "{\"id\":1,\"text\":\"a\"}"),
        ("POST", "/1.1/users/lookup.json?user_id=12%2C13", form, "null", "[{\"id\":12}]"),
        ("GET", "/1.1/account/verify_credentials.json?skip_status=False", form, "null", "{\"id\":2}"),
        (
            "POST",
            "/2/tweets",
            "application/json",
            "'{\"text\": \"one\"}'",
            "{\"data\":{\"id\":\"3\",\"text\":\"one\"}}",
        ),
        (
            "POST",
            "/2/tweets",
            "application/json",
            "'{\"text\": \"two\"}'",
            "{\"data\":{\"id\":\"4\",\"text\":\"two\"}}",
        ),
    ];
    let strict = played(Arc::new(vcr(&exchanges)));
    assert_eq!(strict.v1().update("hello").trim_user(true).await.unwrap().data.id.get(), 1, "v1.1 accepts both");
    let refused = strict.v1().verify_credentials().skip_status(true).await.unwrap_err();
    assert!(refused.message().contains("Matching::MethodAndUri"), "{refused}");
    let refused = strict.create_post().text("three").await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Configuration, "bodies are compared");

    let cassette = Arc::new(vcr(&exchanges).matching(Matching::MethodAndUri));
    let client = played(Arc::clone(&cassette));
    let other = client.v1().update("goodbye").trim_user(true).await.unwrap_err();
    assert_eq!(other.kind(), ErrorKind::Configuration, "parameters are compared");
    assert_eq!(client.v1().update("hello").trim_user(true).await.unwrap().data.id.get(), 1);
    assert_eq!(client.v1().lookup_users_by_form().user_ids([12_u64, 13]).await.unwrap().data[0].id.get(), 12);
    assert_eq!(client.v1().verify_credentials().skip_status(false).await.unwrap().data.id.get(), 2);
    // The body chooses among exchanges with the same parameters, and does not have to match.
    assert_eq!(client.create_post().text("two").await.unwrap().data.id.get(), 4);
    assert_eq!(
        client
            .create_post()
            .text("three")
            .media(NewMedia::from(chirrup::model::MediaId::new(9)))
            .await
            .unwrap()
            .data
            .id
            .get(),
        3
    );
    assert_eq!(cassette.unplayed().len(), 0);
    assert!(client.create_post().text("one").await.is_err(), "each exchange is played once");
}

#[tokio::test]
async fn every_value_of_a_header_is_kept() {
    let cassette = vcr(&[("GET", "/2/tweets/20", "", "null", "{\"data\":{\"id\":\"20\",\"text\":\"t\"}}")]);
    let response = played(Arc::new(cassette)).get_post(20).as_app().await.unwrap();
    let cookies: Vec<_> = response.headers().get_all("set-cookie").iter().collect();
    assert_eq!(cookies, ["a=1", "b=2", "c=3"]);
}
