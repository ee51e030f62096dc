//! Token exchange: OAuth 1.0a user tokens become OAuth 2.0 pairs, one by one and in bulk.

use chirrup::auth::Scope;
use chirrup::login::{App, BulkExchange, Login, OAuth1Token, OAuth2Tokens};
use chirrup::store::{FileStore, MemoryStore, Store as _};
use chirrup::{Client, Credentials, ErrorKind, Retry};
use chirrup_sandbox::{AppCredentials, Fault, NewApp, Sandbox, UserTokens};
use serde_json::Value as Json;

use crate::common::sandbox;

fn client(sandbox: &Sandbox) -> Client {
    Client::builder().base_url(sandbox.url()).retry(Retry::never()).build().unwrap()
}

fn oauth1_token(user: &UserTokens) -> OAuth1Token {
    OAuth1Token::new(&user.access_token, user.access_token_secret.clone())
}

/// Creates an app with a user, and returns what an exchange needs.
fn app(sandbox: &Sandbox, access_level: &str) -> (AppCredentials, App, OAuth1Token) {
    let created = sandbox.create_app(&NewApp::default().user("ada").access_level(access_level)).unwrap();
    let app = App::public(&created.consumer_key);
    let token = oauth1_token(&created.users[0]);
    (created, app, token)
}

async fn username(client: &Client, tokens: &OAuth2Tokens) -> Result<String, ErrorKind> {
    let me = client.with_credentials(tokens.credentials()).get_me().await;
    me.map(|me| me.data.username).map_err(|error| error.kind())
}

#[tokio::test]
async fn an_exchange_grants_the_scopes_of_the_access_level() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    let login = Login::new(&client);
    for (level, count, writes, messages) in
        [("read", 10, false, false), ("read-write", 19, true, false), ("read-write-directmessages", 21, true, true)]
    {
        let (_, app, token) = app(&sandbox, level);
        let tokens = login.exchange_oauth1(&app, &token, &[]).await.unwrap();
        assert_eq!(tokens.scopes.len(), count, "{level}: {:?}", tokens.scopes);
        assert_eq!(tokens.scopes.contains(&Scope::TweetWrite), writes, "{level}");
        assert_eq!(tokens.scopes.contains(&Scope::DmRead), messages, "{level}");
        assert!(tokens.scopes.contains(&Scope::OfflineAccess) && tokens.refresh_token.is_some());
        assert_eq!(username(&client, &tokens).await.unwrap(), "ada");
        let narrow = login.exchange_oauth1(&app, &token, &[Scope::TweetRead]).await.unwrap();
        assert_eq!(narrow.scopes, [Scope::TweetRead, Scope::OfflineAccess]);
        let too_much = login.exchange_oauth1(&app, &token, &[Scope::SpaceRead]).await.unwrap_err();
        assert_eq!(too_much.kind(), ErrorKind::Invalid, "{too_much}");
    }
}

#[tokio::test]
async fn a_repeated_exchange_revokes_the_pair_before_it_and_the_old_token_stays_valid() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    let login = Login::new(&client);
    let (created, app, token) = app(&sandbox, "read-write");
    let first = login.exchange_oauth1(&app, &token, &[]).await.unwrap();
    let second = login.exchange_oauth1(&app, &token, &[]).await.unwrap();
    assert_eq!(username(&client, &first).await.unwrap_err(), ErrorKind::Unauthorized);
    assert!(
        login.refresh(&app, first.refresh_token.as_ref().unwrap()).await.is_err(),
        "its refresh token is revoked too"
    );
    assert_eq!(username(&client, &second).await.unwrap(), "ada");
    let refreshed = login.refresh(&app, second.refresh_token.as_ref().unwrap()).await.unwrap();
    assert_eq!(username(&client, &refreshed).await.unwrap(), "ada");
    let AppCredentials { consumer_key, consumer_secret, .. } = created;
    let oauth1 = Credentials::oauth1(&consumer_key, consumer_secret.clone(), &token.token, token.secret.clone());
    assert_eq!(client.with_credentials(oauth1.clone()).get_me().await.unwrap().data.username, "ada");
    login.invalidate_oauth1(&oauth1).await.unwrap();
    let refused = login.exchange_oauth1(&app, &token, &[]).await.unwrap_err();
    assert_eq!((refused.kind(), refused.status_code()), (ErrorKind::Invalid, Some(400)), "{refused}");
    assert!(!format!("{refused} {refused:?}").contains(token.secret.expose()));
    let confidential = App::new(&consumer_key, "wrong");
    assert_eq!(login.exchange_oauth1(&confidential, &token, &[]).await.unwrap_err().kind(), ErrorKind::Unauthorized);
}

#[tokio::test]
async fn several_grants_of_a_user_live_side_by_side_only_on_request() {
    let sandbox = Sandbox::builder().users(10).posts(20).multiple_grants().start().unwrap();
    let client = client(&sandbox);
    let login = Login::new(&client);
    let (_, app, token) = app(&sandbox, "read");
    let first = login.exchange_oauth1(&app, &token, &[]).await.unwrap();
    let second = login.exchange_oauth1(&app, &token, &[]).await.unwrap();
    assert!(username(&client, &first).await.is_ok() && username(&client, &second).await.is_ok());
}

fn results(text: &[u8]) -> Vec<Json> {
    std::str::from_utf8(text).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn many_tokens_are_exchanged_and_a_second_run_skips_what_is_stored() {
    let sandbox = sandbox();
    let names: Vec<String> = (0..30).map(|n| format!("user_{n}")).collect();
    let new = names.iter().fold(NewApp::default(), |app, name| app.user(name));
    let created = sandbox.create_app(&new).unwrap();
    let mut tokens: Vec<OAuth1Token> = created.users.iter().map(oauth1_token).collect();
    tokens.push(OAuth1Token::new("99-unknown", "canary"));
    let client = client(&sandbox);
    let app = App::public(&created.consumer_key);
    let exchange = BulkExchange::new(&Login::new(&client), &app).concurrency(4);
    let folder = tempfile::tempdir().unwrap();
    let store = FileStore::at(folder.path().join("tokens.jsonl"));
    let mut steps = 0;
    let report = exchange.run(tokens.clone(), &store, |_| steps += 1).await.unwrap();
    assert_eq!((report.exchanged, report.refused, report.skipped, steps), (30, 1, 0, 31));
    // An incomplete line, as a killed run leaves it.
    let mut torn = store.read().unwrap().unwrap();
    assert!(!String::from_utf8_lossy(&torn).contains("canary"), "secrets of the old tokens are not stored");
    torn.truncate(torn.len() - 10);
    let mut locked = store.try_lock().unwrap().unwrap();
    locked.replace(&torn).unwrap();
    drop(locked);
    let report = exchange.run(tokens, &store, |_| ()).await.unwrap();
    assert_eq!((report.exchanged + report.refused, report.skipped), (1, 30));
    let results = results(&store.read().unwrap().unwrap());
    assert_eq!(results.len(), 31);
    for result in results.iter().filter(|result| result["refused"].is_null()) {
        let token = Credentials::oauth2(result["access_token"].as_str().unwrap());
        let id = client.with_credentials(token).get_me().await.unwrap().data.id.to_string();
        assert!(result["oauth_token"].as_str().unwrap().starts_with(&format!("{id}-")), "{result}");
    }
    let refused: Vec<_> = results.iter().filter(|result| result["refused"].is_string()).collect();
    assert!(refused.len() == 1 && refused[0]["oauth_token"] == "99-unknown", "{refused:?}");
}

#[tokio::test]
async fn temporary_failures_are_retried_and_a_refused_app_stops_the_run() {
    let sandbox = sandbox();
    let (_, app, token) = app(&sandbox, "read");
    let client = client(&sandbox);
    let login = Login::new(&client);
    let store = MemoryStore::default();
    sandbox.inject_fault(Fault::ErrorAfterProcessing(503));
    sandbox.inject_fault(Fault::CloseBeforeProcessing);
    let report = BulkExchange::new(&login, &app).run([token.clone()], &store, |_| ()).await.unwrap();
    assert_eq!(report.exchanged, 1);
    let wrong = BulkExchange::new(&login, &App::new(app.key(), "wrong"));
    let untouched = MemoryStore::default();
    let error = wrong.run([token], &untouched, |_| ()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized, "{error}");
    assert!(untouched.read().unwrap().is_none_or(|value| value.is_empty()));
}
