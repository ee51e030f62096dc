//! Clients of OAuth 2.0: how they authenticate, where users return to, how long refresh tokens live, and how the webhooks
//! of confidential clients are signed.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::RawQuery;
use axum::http::HeaderMap;
use chirrup::auth::{Scope, crc_response, verify_webhook};
use chirrup::login::{App, Callback, Login, OAuth1Options};
use chirrup::{Client, Credentials, ErrorKind, Secret};
use chirrup_sandbox::{NewApp, Sandbox};
use serde_json::json;

use crate::common::{client, sandbox};
use crate::login::submit_consent;

const CALLBACK: &str = "http://127.0.0.1:8080/callback";
const SCOPES: [Scope; 3] = [Scope::TweetRead, Scope::UsersRead, Scope::OfflineAccess];
const SIX_MONTHS: Duration = Duration::from_secs(183 * 86_400);

fn anonymous(sandbox: &Sandbox) -> (Client, Login) {
    let client = Client::builder().base_url(sandbox.url()).build().unwrap();
    let login = Login::new(&client);
    (client, login)
}

#[tokio::test]
async fn a_client_secret_in_the_body_is_refused() {
    let sandbox = sandbox();
    let (client, login) = anonymous(&sandbox);
    for (new, secret_is_sent) in [
        (NewApp::default(), false),
        (NewApp::default(), true),
        (NewApp::default().confidential(), true),
        (NewApp::default().client_secret("a client secret"), true),
    ] {
        let created = sandbox.create_app(&new).unwrap();
        let public = App::public(&created.consumer_key);
        let begun = login.begin_oauth2(&public, CALLBACK, &SCOPES).unwrap();
        let returned = submit_consent(&client, begun.url(), "ada", "authorize").await.unwrap();
        let code = returned.split("code=").nth(1).unwrap();
        let mut call = client
            .call("POST", "/2/oauth2/token")
            .unauthenticated()
            .form("grant_type", "authorization_code")
            .form("client_id", created.consumer_key.as_str())
            .form("code", code)
            .form("redirect_uri", CALLBACK)
            .form("code_verifier", "x".repeat(43));
        if secret_is_sent {
            call = call.form("client_secret", created.consumer_secret.expose());
        }
        let refused = call.await.unwrap_err();
        let status = if secret_is_sent { 401 } else { 400 };
        assert_eq!(refused.status_code(), Some(status), "{refused}");
        let expected = if secret_is_sent { "Missing valid authorization header" } else { "code verifier" };
        assert!(refused.to_string().contains(expected), "{refused}");
    }
}

/// twitter-api-v2 names the method of the challenge in lower case and sends the token request as JSON.
#[tokio::test]
async fn a_login_accepts_any_case_of_the_challenge_method_and_json() {
    let sandbox = sandbox();
    let (client, login) = anonymous(&sandbox);
    let (key, _) = sandbox.app_keys();
    let verifier = "v".repeat(43);
    let challenge = chirrup::auth::CodeVerifier::parse(&verifier).unwrap().challenge();
    for (method, challenge, accepted) in [
        ("s256", challenge.as_str(), true),
        ("S256", challenge.as_str(), true),
        ("Plain", verifier.as_str(), true),
        ("s256", verifier.as_str(), false),
        ("plain", challenge.as_str(), false),
    ] {
        let begun = login.begin_oauth2(&App::public(&key), CALLBACK, &SCOPES).unwrap();
        let mut url = begun.url().split('&').fold(String::new(), |url, pair| match pair.split_once('=') {
            Some(("code_challenge", _)) => format!("{url}&code_challenge={challenge}"),
            Some(("code_challenge_method", _)) => format!("{url}&code_challenge_method={method}"),
            _ => format!("{url}&{pair}"),
        });
        url.remove(0);
        let returned = submit_consent(&client, &url, "ada", "authorize").await.unwrap();
        let body = json!({
            "code": returned.split("code=").nth(1).unwrap(), "code_verifier": verifier, "redirect_uri": CALLBACK,
            "grant_type": "authorization_code", "client_id": key,
        });
        let tokens = client.call("POST", "/2/oauth2/token").unauthenticated().json(body).await;
        assert_eq!(tokens.is_ok(), accepted, "{method}: {tokens:?}");
        let Ok(tokens) = tokens else { continue };
        let body = json!({
            "refresh_token": tokens.data["refresh_token"], "grant_type": "refresh_token", "client_id": key,
        });
        let tokens = client.call("POST", "/2/oauth2/token").unauthenticated().json(body).await.unwrap().data;
        let body = json!({"token": tokens["access_token"], "client_id": key});
        let revoked = client.call("POST", "/2/oauth2/revoke").unauthenticated().json(body).await.unwrap().data;
        assert_eq!(revoked, json!({"revoked": true}));
    }
}

#[tokio::test]
async fn a_client_secret_of_its_own_replaces_the_consumer_secret() {
    let sandbox = sandbox();
    let (client, login) = anonymous(&sandbox);
    let created = sandbox.create_app(&NewApp::default().client_secret("a client secret")).unwrap();
    let by_consumer_secret = App::new(&created.consumer_key, created.consumer_secret.clone());
    let by_client_secret = App::new(&created.consumer_key, "a client secret");
    let begun = login.begin_oauth2(&by_client_secret, CALLBACK, &SCOPES).unwrap();
    let returned = submit_consent(&client, begun.url(), "ada", "authorize").await.unwrap();
    let refused = login.finish_oauth2(&by_consumer_secret, begun.clone(), &returned).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Unauthorized, "{refused}");
    let tokens = login.finish_oauth2(&by_client_secret, begun, &returned).await.unwrap();
    let ada = client.with_credentials(tokens.credentials());
    assert_eq!(ada.get_me().await.unwrap().data.username, "ada");
    assert!(login.app_token(&by_consumer_secret).await.is_ok(), "the bearer token belongs to the consumer pair");
    assert_eq!(login.app_token(&by_client_secret).await.unwrap_err().kind(), ErrorKind::Forbidden);
}

#[tokio::test]
async fn callbacks_to_localhost_are_refused() {
    let sandbox = sandbox();
    let (client, login) = anonymous(&sandbox);
    let urls = ["http://localhost:8080/callback", "http://LOCALHOST/", "http://127.0.0.1:9/callback"];
    let new = urls.iter().fold(NewApp::default(), |new, url| new.callback_url(*url));
    let created = sandbox.create_app(&new).unwrap();
    let app = App::new(&created.consumer_key, created.consumer_secret);
    for (url, accepted) in urls.into_iter().zip([false, false, true]) {
        let begun = login.begin_oauth2(&App::public(app.key()), url, &SCOPES).unwrap();
        let returned = submit_consent(&client, begun.url(), "ada", "authorize").await;
        assert_eq!(returned.is_ok(), accepted, "{url}: {returned:?}");
        let begun = login.begin_oauth1(&app, &Callback::Url(url.to_owned()), &OAuth1Options::default()).await;
        match begun {
            Ok(_) => assert!(accepted, "{url}"),
            Err(error) => assert!(!accepted && error.to_string().contains("not approved"), "{url}: {error}"),
        }
    }
}

#[tokio::test]
async fn a_refresh_token_lives_six_months_and_works_once() {
    let sandbox = sandbox();
    let (client, login) = anonymous(&sandbox);
    let (key, _) = sandbox.app_keys();
    let app = App::public(key);
    let begun = login.begin_oauth2(&app, CALLBACK, &SCOPES).unwrap();
    let returned = submit_consent(&client, begun.url(), "robin", "authorize").await.unwrap();
    let first = login.finish_oauth2(&app, begun, &returned).await.unwrap().refresh_token.unwrap();
    sandbox.clock().advance(SIX_MONTHS - Duration::from_secs(60));
    let second = login.refresh(&app, &first).await.unwrap().refresh_token.unwrap();
    let used = login.refresh(&app, &first).await.unwrap_err();
    assert_eq!((used.kind(), used.status_code()), (ErrorKind::Invalid, Some(400)), "{used}");
    sandbox.clock().advance(SIX_MONTHS + Duration::from_secs(1));
    let expired = login.refresh(&app, &second).await.unwrap_err();
    assert_eq!((expired.kind(), expired.status_code()), (ErrorKind::Invalid, Some(400)), "{expired}");
}

/// Signatures of a delivery, by the names of the headers, and its body.
type Delivery = (Option<String>, Option<String>, Vec<u8>);

/// Starts a webhook that answers the CRC check with this secret. Returns its URL and what it receives.
async fn webhook(secret: &'static str) -> (String, Arc<Mutex<Vec<Delivery>>>) {
    let received = Arc::new(Mutex::new(Vec::new()));
    let check = move |RawQuery(query): RawQuery| async move {
        let query = query.unwrap_or_default();
        let token = query.strip_prefix("crc_token=").unwrap_or_default();
        json!({"response_token": crc_response(&secret.into(), token)}).to_string()
    };
    let events = Arc::clone(&received);
    let receive = move |headers: HeaderMap, body: axum::body::Bytes| async move {
        let header = |name: &str| headers.get(name).map(|value| value.to_str().unwrap().to_owned());
        let signatures = (header("x-twitter-webhooks-signature"), header("x-twitter-webhooks-signature-oauth2"));
        events.lock().unwrap().push((signatures.0, signatures.1, body.to_vec()));
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let app = axum::Router::new().route("/hook", axum::routing::get(check).post(receive));
    tokio::spawn(async move { axum::serve(listener, app).await });
    (url, received)
}

/// Subscribes a webhook to the account activity of `ada`, and returns the first delivery.
async fn first_delivery(app: &Client, ada: &Client, url: &str, received: &Mutex<Vec<Delivery>>) -> Delivery {
    let webhook = app.create_webhook(url).await.unwrap().data;
    ada.subscribe(webhook.id).await.unwrap();
    ada.create_post().text("For the webhook").await.unwrap();
    for _ in 0..1_000 {
        if let Some(delivery) = received.lock().unwrap().first() {
            return delivery.clone();
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("the webhook received nothing");
}

#[tokio::test]
async fn webhooks_of_confidential_clients_are_signed_with_the_client_secret_too() {
    let sandbox = sandbox();
    let created = sandbox.create_app(&NewApp::default().client_secret("a client secret").user("ada")).unwrap();
    let user = &created.users[0];
    let app = client(&sandbox, Credentials::app_only(created.bearer_token.clone()));
    let (key, secret) = (created.consumer_key.clone(), created.consumer_secret.clone());
    let oauth1 = Credentials::oauth1(key, secret, &user.access_token, user.access_token_secret.clone());
    let ada = client(&sandbox, oauth1);

    let (wrong, _) = webhook("another secret").await;
    let refused = app.create_webhook(wrong).await.unwrap_err();
    assert!(refused.to_string().contains("challenge"), "{refused}");

    let (url, received) = webhook("a client secret").await;
    let (signature, oauth2_signature, body) = first_delivery(&app, &ada, &url, &received).await;
    assert!(verify_webhook(&created.consumer_secret, &body, &signature.unwrap()));
    assert!(verify_webhook(&"a client secret".into(), &body, &oauth2_signature.unwrap()));
}

#[tokio::test]
async fn webhooks_of_public_clients_have_one_signature() {
    let sandbox = sandbox();
    let credentials = sandbox.credentials().unwrap();
    let ada = client(&sandbox, credentials);
    let (_, secret) = sandbox.app_keys();
    assert_eq!(secret.expose(), "sandbox-consumer-secret");
    let (url, received) = webhook("sandbox-consumer-secret").await;
    let (signature, oauth2_signature, body) = first_delivery(&ada, &ada, &url, &received).await;
    assert!(verify_webhook(&Secret::from("sandbox-consumer-secret"), &body, &signature.unwrap()));
    assert_eq!(oauth2_signature, None);
}
