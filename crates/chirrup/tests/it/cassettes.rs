//! Recording and playback of exchanges.

use std::path::Path;
use std::sync::Arc;

use chirrup::login::{App, Callback, Login, OAuth1Options};
use chirrup::{Client, Credentials, ErrorKind, HttpBuilder, Retry};
use chirrup_http::cassette::{Cassette, Matching};
use chirrup_sandbox::{NewApp, Sandbox};
use flate2::write::GzEncoder;

use crate::common::sandbox;

fn recorded(sandbox: &Sandbox, file: &Path, credentials: Credentials) -> Client {
    let builder = Client::builder().http(HttpBuilder::default().record(file));
    builder.credentials(credentials).base_url(sandbox.url()).build().unwrap()
}

/// Returns a client that uses a cassette. No server listens at its base URL.
fn played(cassette: Arc<Cassette>) -> Client {
    let http = HttpBuilder::default().transport(cassette).retry(Retry::never());
    let all = Credentials::app_only("any").and(Credentials::oauth1("k", "s", "2244994900-t", "ts"));
    Client::builder().http(http).credentials(all).base_url("http://127.0.0.1:9").build().unwrap()
}

#[tokio::test]
async fn recordings_play_back_and_contain_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = sandbox();
    let made = sandbox.create_app(&NewApp::default().user("ada")).unwrap();
    let ada = &made.users[0];
    let secrets = [
        made.consumer_secret.expose(),
        made.bearer_token.expose(),
        ada.access_token_secret.expose(),
        &ada.access_token,
    ];
    for name in ["session.yaml", "session.json"] {
        let file = folder.path().join(name);
        let keys = Credentials::oauth1(
            &made.consumer_key,
            made.consumer_secret.clone(),
            &ada.access_token,
            ada.access_token_secret.clone(),
        );
        let client = recorded(&sandbox, &file, Credentials::app_only(made.bearer_token.clone()).and(keys));
        let found = client.search_recent("coffee lang:en").max_results(10).await.unwrap();
        let post = client.create_post().text(format!("on {name}, for ada@mail.example.org")).await.unwrap();
        let missing = client.get_post(99).await.unwrap_err();
        // A login takes place during the recording.
        let (app, login) = (App::new(&made.consumer_key, made.consumer_secret.clone()), Login::new(&client));
        let begun = login.begin_oauth1(&app, &Callback::Pin, &OAuth1Options::default()).await.unwrap();
        let token = login.app_token(&app).await.unwrap();
        drop((begun, token));

        let text = std::fs::read_to_string(&file).unwrap();
        for secret in secrets {
            let encoded = secret.replace('-', "%2D");
            assert!(!text.contains(secret) && !text.contains(&encoded), "the cassette contains a secret");
        }
        assert!(text.contains("REDACTED") && !text.contains("mail.example.org"), "{text}");
        assert!(!text.to_lowercase().contains("authorization"));

        let cassette = Arc::new(Cassette::load(&file).unwrap());
        let client = played(Arc::clone(&cassette));
        let again = client.search_recent("coffee lang:en").max_results(10).as_app().await.unwrap();
        assert_eq!(again.data, found.data);
        assert_eq!(again.limit(), found.limit());
        let text = format!("on {name}, for ada@mail.example.org");
        assert_eq!(client.create_post().text(text).await.unwrap().data.id, post.data.id);
        assert_eq!(client.get_post(99).as_app().await.unwrap_err().to_string(), missing.to_string());
        let unplayed = cassette.unplayed();
        assert_eq!(unplayed, ["POST /oauth/request_token", "POST /oauth2/token"]);
        // Each exchange once, and no other request.
        let twice = client.search_recent("coffee lang:en").max_results(10).as_app().await.unwrap_err();
        assert_eq!(twice.kind(), ErrorKind::Configuration);
        assert!(twice.message().contains("played before"), "{twice}");
        assert!(client.get_user(12).as_app().await.unwrap_err().message().contains("no exchange for GET /2/users/12"));
    }
}

#[tokio::test]
async fn lenient_matching_replays_the_best_match_repeatedly() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = sandbox();
    let file = folder.path().join("deep/lenient.yaml");
    let client = recorded(&sandbox, &file, sandbox.app_only());
    for query in ["coffee", "rust"] {
        client.search_recent(query).max_results(10).await.unwrap();
    }
    let client = played(Arc::new(Cassette::load(&file).unwrap().matching(Matching::Lenient)));
    let texts = |response: chirrup::Response<Vec<chirrup::model::Post>>| response.json();
    let rust = texts(client.search_recent("rust").max_results(10).as_app().await.unwrap());
    let coffee = texts(client.search_recent("coffee").max_results(10).as_app().await.unwrap());
    assert_ne!(rust, coffee);
    assert_eq!(texts(client.search_recent("rust").max_results(50).as_app().await.unwrap()), rust);
    assert!(client.get_post(20).as_app().await.is_err());
}

#[tokio::test]
async fn vcr_py_cassettes_play_back() {
    use base64::Engine as _;
    use std::io::Write as _;
    let mut gzip = GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(b"{\"data\":{\"id\":\"20\",\"text\":\"packed\"}}").unwrap();
    let packed = base64::engine::general_purpose::STANDARD.encode(gzip.finish().unwrap());
    let yaml = format!(
        "interactions:\n- request:\n    body: null\n    headers:\n      User-Agent: [Python]\n    method: GET\n    \
         uri: https://api.twitter.com/2/tweets/20\n  response:\n    body:\n      string: !!binary |\n        {packed}\n    \
         headers:\n      content-encoding: [gzip]\n      content-type: [application/json]\n      x-rate-limit-remaining: ['899']\n    \
         status: {{code: 200, message: OK}}\n- request:\n    body: '{{\"text\":\"hi\"}}'\n    headers:\n      Content-Type: [application/json]\n    \
         method: POST\n    uri: https://api.twitter.com/2/tweets\n  response:\n    body: {{string: '{{\"data\":{{\"id\":\"21\",\"text\":\"hi\"}}}}'}}\n    \
         headers: {{}}\n    status: {{code: 201, message: Created}}\nversion: 1\n"
    );
    let cassette = Cassette::read(&yaml).unwrap();
    assert_eq!(cassette.len(), 2);
    let client = played(Arc::new(cassette));
    assert_eq!(client.get_post(20).as_app().await.unwrap().data.text, "packed");
    assert_eq!(client.create_post().text("hi").await.unwrap().data.id.get(), 21);
    for broken in ["", "[]", "interactions: 7", "interactions: [{}]", "exchanges: {", "version: 1\nexchanges: [7]"] {
        assert!(Cassette::read(broken).is_err(), "{broken}");
    }
}
