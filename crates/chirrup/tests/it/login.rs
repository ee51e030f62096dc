//! Logins by every flow.

use std::time::{Duration, SystemTime};

use chirrup::auth::oauth1::Signer;
use chirrup::auth::{OAuth1Keys, Scope};
use chirrup::login::{App, Callback, Login, OAuth1Login, OAuth1Options, OAuth2Login};
use chirrup::{AuthKind, Client, Credential, ErrorKind, Secret};
use chirrup_sandbox::Sandbox;

use crate::common::sandbox;

const BACK: &str = "http://127.0.0.1:8080/callback";

fn set_up() -> (Sandbox, Client, Login, App) {
    let sandbox = sandbox();
    let client = Client::builder().base_url(sandbox.url()).build().unwrap();
    let (login, (key, secret)) = (Login::new(&client), sandbox.app_keys());
    (sandbox, client, login, App::new(key, secret))
}

/// Submits the decision on a login page, as a browser does. Returns the redirect URL, or
/// the resulting page.
pub(crate) async fn submit_consent(client: &Client, url: &str, user: &str, decision: &str) -> Result<String, String> {
    let page = client.call("GET", url).unauthenticated().raw().await.map_err(|error| error.to_string())?;
    let page = String::from_utf8(page.body.to_vec()).unwrap();
    let mut call = client.call("POST", url.split('?').next().unwrap()).unauthenticated();
    for field in page.split("<input type=hidden name=").skip(1) {
        let (name, rest) = field.split_once(" value=\"").unwrap();
        let value = rest.split('"').next().unwrap().replace("&amp;", "&");
        call = call.form(name, value);
    }
    let call = call.form("user", user).form("decision", decision).call().clone();
    let (_, answer) = client.send(call).await.unwrap();
    match answer.headers.get("location") {
        Some(to) => Ok(to.to_str().unwrap().to_owned()),
        None => Err(String::from_utf8(answer.body.to_vec()).unwrap()),
    }
}

#[tokio::test]
async fn a_bearer_token_is_obtained_and_invalidated() {
    let (sandbox, client, login, app) = set_up();
    let secret = |credentials: &chirrup::Credentials| match &**credentials.get(AuthKind::AppOnly).unwrap() {
        Credential::AppOnly(token) => token.clone(),
        other => panic!("{other:?}"),
    };
    part!({
        let token = login.app_token(&app).await.unwrap();
        let holds = client.with_credentials(token.clone()).get_post(20).await.is_ok();
        let rows = [
            "twython.obtain_access_token",
            "ptt.oauth2.consumer",
            "ptt.oauth2.token_call",
            "twython.opt.oauth_version",
            "ptt.ex.oauth2_token",
        ];
        shows!(rows, assert!(holds && token.get(AuthKind::AppOnly).is_some()));
        let again = login.app_token(&app).await.unwrap();
        assert_eq!(secret(&again).expose(), secret(&token).expose(), "the same result");
    });
    let token = sandbox.app_only();
    part!({
        let reader = client.with_credentials(token.clone());
        assert!(reader.get_post(20).await.is_ok());
        login.invalidate_app_token(&app, &secret(&token)).await.unwrap();
        shows_async!(
            "twython.invalidate_token",
            assert!(reader.get_post(20).await.unwrap_err().kind() == ErrorKind::Unauthorized)
        );
    });
    let fresh = login.app_token(&app).await.unwrap();
    assert_ne!(secret(&fresh).expose(), secret(&token).expose());
    assert!(client.with_credentials(fresh).get_post(20).await.is_ok());
    let stranger = App::new(app.key(), "wrong");
    assert_eq!(login.app_token(&stranger).await.unwrap_err().kind(), ErrorKind::Forbidden);
    assert_eq!(login.app_token(&App::public(app.key())).await.unwrap_err().kind(), ErrorKind::Login);
}

#[tokio::test]
async fn oauth1_login_works_with_a_callback() {
    let (_sandbox, client, login, app) = set_up();
    let callback = Callback::Url(BACK.to_owned());
    let options = OAuth1Options::default().screen_name("robin").force_login();
    let begun = login.begin_oauth1(&app, &callback, &options).await.unwrap();
    let (url, force) = (begun.url(), "twython.get_authentication_tokens.force_login");
    part!({
        let rows =
            ["twython.get_authentication_tokens", "pytweet.oauth.generate_oauth_url", "twython.opt.auth_endpoint"];
        shows!(rows, assert!(url.contains("/oauth/authorize?oauth_token="), "{url}"));
    });
    shows!(force, assert!(url.contains("&force_login=true"), "{url}"));
    shows!("twython.get_authentication_tokens.screen_name", assert!(url.ends_with("&screen_name=robin"), "{url}"));
    let stored = begun.serialize();
    let to = submit_consent(&client, begun.url(), "robin", "authorize").await.unwrap();
    shows!(
        ["twython.get_authentication_tokens.callback_url", "pytweet.oauth.with_oauth_flow.callback"],
        assert!(to.starts_with(BACK))
    );
    let restored = OAuth1Login::deserialize(&stored).unwrap();
    let user = login.finish_oauth1(&app, restored.clone(), &to).await.unwrap();
    shows!(
        [
            "twython.get_authorized_tokens",
            "pytweet.oauth.post_oauth_token",
            "pytweet.oauth",
            "pytweet.oauth.with_oauth_flow"
        ],
        assert_eq!((user.user_id, user.screen_name.as_str()), (12, "robin"))
    );
    let robin = client.with_credentials(user.credentials());
    shows_async!("pytweet.oauth.set_access_token", assert!(robin.get_me().await.unwrap().data.username == "robin"));
    part!({
        assert!(robin.create_post().text("I am in").await.is_ok());
        assert_eq!(login.finish_oauth1(&app, restored, &to).await.unwrap_err().kind(), ErrorKind::Unauthorized, "once");

        login.invalidate_oauth1(&user.credentials()).await.unwrap();
        shows_async!(
            "pytweet.oauth.invalidate_access_token",
            assert!(robin.get_me().await.unwrap_err().kind() == ErrorKind::Unauthorized)
        );
    });

    let begun = login.begin_oauth1(&app, &callback, &OAuth1Options::default().read_only()).await.unwrap();
    let to = submit_consent(&client, begun.url(), "ada", "authorize").await.unwrap();
    let other = login.begin_oauth1(&app, &callback, &OAuth1Options::default()).await.unwrap();
    assert_eq!(
        login.finish_oauth1(&app, other, &to).await.unwrap_err().kind(),
        ErrorKind::Login,
        "the URL of another app"
    );
    let reader = client.with_credentials(login.finish_oauth1(&app, begun, &to).await.unwrap().credentials());
    assert!(reader.get_me().await.is_ok());
    assert_eq!(reader.create_post().text("no").await.unwrap_err().kind(), ErrorKind::Forbidden, "read-only");
}

#[tokio::test]
async fn oauth1_login_works_with_a_pin() {
    let (_sandbox, client, login, app) = set_up();
    let begun = login.begin_oauth1(&app, &Callback::Pin, &OAuth1Options::default().authenticate()).await;
    let begun = begun.unwrap();
    shows!("twython.opt.auth_endpoint", assert!(begun.url().contains("/oauth/authenticate?")));
    let page = submit_consent(&client, begun.url(), "ada", "authorize").await.unwrap_err();
    let pin = page.split("<code>").nth(1).unwrap().split('<').next().unwrap();
    assert!(pin.len() == 7 && pin.bytes().all(|b| b.is_ascii_digit()));
    let user = login.finish_oauth1(&app, begun, pin).await.unwrap();
    assert_eq!(user.screen_name, "ada");

    let begun = login.begin_oauth1(&app, &Callback::Pin, &OAuth1Options::default()).await.unwrap();
    submit_consent(&client, begun.url(), "ada", "authorize").await.unwrap_err();
    assert_eq!(login.finish_oauth1(&app, begun.clone(), "x").await.unwrap_err().kind(), ErrorKind::Unauthorized);
    let again = submit_consent(&client, begun.url(), "ada", "authorize").await.unwrap_err();
    assert!(again.contains("401"), "a wrong PIN ends the login: {again}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn oauth_dance_logs_in_and_writes_a_token_file() {
    let (_sandbox, client, login, app) = set_up();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bot.tokens");
    // The user reads the prompt, opens the page, and enters the PIN.
    let handle = tokio::runtime::Handle::current();
    let browser = client.clone();
    let ask = move |prompt: &chirrup::login::AuthorizationPrompt| {
        let shown = prompt.to_string();
        shows!(
            "ptt.oauth_dance.app_name",
            assert!(shown.starts_with("My bot requests access") && shown.contains(&prompt.url))
        );
        let url = prompt.url.clone();
        let agree = async move { submit_consent(&browser, &url, "ada", "authorize").await.unwrap_err() };
        let page = std::thread::spawn(move || handle.block_on(agree)).join().unwrap();
        Ok(format!("{}\n", page.split("<code>").nth(1).unwrap().split('<').next().unwrap()))
    };
    let user = login.oauth_dance(&app, "My bot", Some(&file), ask).await.unwrap();
    shows!(["ptt.oauth_dance", "ptt.oauth_dance.token_filename"], {
        assert!(user.screen_name == "ada" && file.is_file());
    });
    let lines = format!("{}\n{}\n", user.token, user.token_secret.expose());
    shows!("ptt.write_token_file", assert_eq!(std::fs::read_to_string(&file).unwrap(), lines));
    std::fs::write(&file, &lines).unwrap();
    shows!("ptt.read_token_file", {
        let (token, secret) = chirrup::login::read_token_file(&file).unwrap();
        assert_eq!((token.as_str(), secret.expose()), (user.token.as_str(), user.token_secret.expose()));
    });
    let no_terminal = |_: &chirrup::login::AuthorizationPrompt| Err(std::io::Error::other("no terminal"));
    let refused = login.oauth_dance(&app, "My bot", None, no_terminal).await.unwrap_err();
    assert!(refused.to_string().contains("no terminal"));
    assert!(chirrup::login::read_token_file(&folder.path().join("none")).is_err());
}

#[tokio::test]
async fn denied_oauth1_logins_return_errors() {
    let (_sandbox, client, login, app) = set_up();
    let begun = login.begin_oauth1(&app, &Callback::Url(BACK.to_owned()), &OAuth1Options::default()).await.unwrap();
    let to = submit_consent(&client, begun.url(), "ada", "cancel").await.unwrap();
    assert!(to.contains("?denied="));
    let denied = login.finish_oauth1(&app, begun, &to).await.unwrap_err();
    assert!(denied.message().contains("did not authorize the app"), "{denied}");
    let unknown = Callback::Url("http://127.0.0.1:9/other".to_owned());
    let refused = login.begin_oauth1(&app, &unknown, &OAuth1Options::default()).await.unwrap_err();
    assert!(refused.kind() == ErrorKind::Forbidden && refused.to_string().contains("not approved"), "{refused}");
    let stranger = App::new(app.key(), "wrong");
    let refused = login.begin_oauth1(&stranger, &Callback::Pin, &OAuth1Options::default()).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Unauthorized);
}

const SCOPES: [Scope; 4] = [Scope::TweetRead, Scope::TweetWrite, Scope::UsersRead, Scope::OfflineAccess];

#[tokio::test]
async fn oauth2_login_works_and_refreshes() {
    let (sandbox, client, login, app) = set_up();
    let public = App::public(app.key());
    let begun = login.begin_oauth2(&public, BACK, &SCOPES).unwrap();
    assert!(begun.url().contains("code_challenge_method=S256"));
    let stored = begun.serialize();
    let to = submit_consent(&client, begun.url(), "robin", "authorize").await.unwrap();
    let tokens = login.finish_oauth2(&public, OAuth2Login::deserialize(&stored).unwrap(), &to).await.unwrap();
    assert_eq!((tokens.expires_in, tokens.scopes.as_slice()), (Duration::from_secs(7_200), SCOPES.as_slice()));
    assert!(tokens.missing.is_empty());
    let robin = client.with_credentials(tokens.credentials());
    assert_eq!(robin.get_me().await.unwrap().data.username, "robin");
    assert_eq!(robin.bookmarks().await.unwrap_err().kind(), ErrorKind::Credentials, "the user did not grant bookmarks");
    let used = login.finish_oauth2(&public, begun, &to).await.unwrap_err();
    assert!(used.kind() == ErrorKind::Invalid, "a code works once: {used}");

    sandbox.clock().advance(Duration::from_secs(7_201));
    assert_eq!(robin.get_me().await.unwrap_err().kind(), ErrorKind::Unauthorized, "two hours have passed");
    let old = tokens.refresh_token.unwrap();
    let fresh = login.refresh(&public, &old).await.unwrap();
    assert_eq!(client.with_credentials(fresh.credentials()).get_me().await.unwrap().data.username, "robin");
    assert_eq!(login.refresh(&public, &old).await.unwrap_err().kind(), ErrorKind::Invalid, "it is used up");
    login.revoke(&public, &fresh.access_token).await.unwrap();
    let revoked = client.with_credentials(fresh.credentials()).get_me().await.unwrap_err();
    assert_eq!(revoked.kind(), ErrorKind::Unauthorized);
    let refresh = fresh.refresh_token.unwrap();
    login.revoke(&public, &refresh).await.unwrap();
    assert!(login.refresh(&public, &refresh).await.is_err());
}

#[tokio::test]
async fn a_user_can_grant_every_scope() {
    let (_sandbox, client, login, app) = set_up();
    let public = App::public(app.key());
    let begun = login.begin_oauth2(&public, BACK, Scope::ALL).unwrap();
    let to = submit_consent(&client, begun.url(), "robin", "authorize").await.unwrap();
    let tokens = login.finish_oauth2(&public, begun, &to).await.unwrap();
    assert!(tokens.missing.is_empty(), "{:?}", tokens.missing);
    let robin = client.with_credentials(tokens.credentials());
    let call = robin.create_call().await.unwrap().data;
    assert!(robin.join_call(&call).await.unwrap().data.media_token.is_some(), "calls.write and calls.join are granted");
}

#[tokio::test]
async fn a_confidential_client_authenticates_with_its_secret() {
    let (sandbox, client, login, app) = set_up();
    sandbox.set_login_settings(true, &["https://example.com/back"]).unwrap();
    let scopes = [Scope::TweetRead, Scope::UsersRead];
    let begun = login.begin_oauth2(&app, "https://example.com/back", &scopes).unwrap();
    let to = submit_consent(&client, begun.url(), "ada", "authorize").await.unwrap();
    let public = login.finish_oauth2(&App::public(app.key()), begun.clone(), &to).await.unwrap_err();
    assert!(public.to_string().contains("Missing valid authorization header"), "{public}");
    let tokens = login.finish_oauth2(&app, begun, &to).await.unwrap();
    assert!(tokens.refresh_token.is_none(), "offline.access was not requested");
    let elsewhere = login.begin_oauth2(&app, "https://example.com/back/", &scopes).unwrap();
    let page = submit_consent(&client, elsewhere.url(), "ada", "authorize").await.unwrap_err();
    assert!(page.contains("400"), "a callback URL must match exactly: {page}");
}

#[tokio::test]
async fn unrelated_callbacks_do_not_end_a_login() {
    let (sandbox, client, login, app) = set_up();
    let public = App::public(app.key());
    let begun = login.begin_oauth2(&public, BACK, &SCOPES).unwrap();
    let to = submit_consent(&client, begun.url(), "ada", "authorize").await.unwrap();
    let (_, state) = to.split_once("state=").unwrap();
    let state = state.split('&').next().unwrap();
    for wrong in [
        format!("{BACK}?code=stolen"),
        format!("{BACK}?code=stolen&state=guessed"),
        format!("{BACK}?state={state}&state={state}&code=x"),
        "a bare code".to_owned(),
    ] {
        let refused = login.finish_oauth2(&public, begun.clone(), &wrong).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Login, "{wrong}");
    }
    assert!(login.finish_oauth2(&public, begun, &to).await.is_ok(), "the correct PIN still works");

    let begun = login.begin_oauth2(&public, BACK, &SCOPES).unwrap();
    let to = submit_consent(&client, begun.url(), "ada", "authorize").await.unwrap();
    sandbox.clock().advance(Duration::from_secs(31));
    assert_eq!(login.finish_oauth2(&public, begun, &to).await.unwrap_err().kind(), ErrorKind::Invalid, "too late");

    let begun = login.begin_oauth2(&public, BACK, &SCOPES).unwrap();
    let to = submit_consent(&client, begun.url(), "ada", "cancel").await.unwrap();
    let denied = login.finish_oauth2(&public, begun, &to).await.unwrap_err();
    assert!(denied.message().contains("access_denied"), "{denied}");

    let theirs = login.begin_oauth2(&public, BACK, &SCOPES).unwrap();
    let mine = login.begin_oauth2(&public, BACK, &SCOPES).unwrap();
    let to = submit_consent(&client, theirs.url(), "ada", "authorize").await.unwrap();
    let code = to.split_once("code=").unwrap().1;
    let my_state = mine.url().split_once("state=").unwrap().1.split('&').next().unwrap();
    let swapped = login.finish_oauth2(&public, mine.clone(), &format!("{BACK}?state={my_state}&code={code}")).await;
    assert_eq!(swapped.unwrap_err().kind(), ErrorKind::Invalid, "the code belongs to another verifier");
}

#[tokio::test]
async fn login_types_hide_their_secrets() {
    let (_sandbox, client, login, app) = set_up();
    let begun = login.begin_oauth2(&app, BACK, &SCOPES).unwrap();
    let stored = begun.serialize();
    let kept: serde_json::Value = serde_json::from_str(stored.expose()).unwrap();
    let to = submit_consent(&client, begun.url(), "ada", "authorize").await.unwrap();
    let mut shown = format!("{begun:?} {stored:?} {app:?} {login:?}");
    let tokens = login.finish_oauth2(&app, begun, &to).await.unwrap();
    let one = login.begin_oauth1(&app, &Callback::Pin, &OAuth1Options::default()).await.unwrap();
    let one_kept: serde_json::Value = serde_json::from_str(one.serialize().expose()).unwrap();
    shown += &format!("{tokens:?} {one:?}");
    let secrets = [
        kept["verifier"].as_str().unwrap(),
        kept["state"].as_str().unwrap(),
        one_kept["secret"].as_str().unwrap(),
        tokens.access_token.expose(),
        tokens.refresh_token.as_ref().unwrap().expose(),
    ];
    for secret in secrets {
        assert!(secret.len() > 20 && !shown.contains(secret), "the output contains a secret");
    }
    assert!(
        OAuth2Login::deserialize(&Secret::new("{}")).is_err() && OAuth1Login::deserialize(&Secret::new("x")).is_err()
    );
}

/// Sends a request whose signature the caller made. Returns the whole response.
async fn send_signed(sandbox: &Sandbox, method: &str, path: &str, authorization: &str, form: &str) -> String {
    let host = sandbox.url().replace("http://", "");
    let mut stream = tokio::net::TcpStream::connect(&host).await.unwrap();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: {authorization}\r\nConnection: close\r\nContent-Type: \
         application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    );
    tokio::io::AsyncWriteExt::write_all(&mut stream, request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    tokio::io::AsyncReadExt::read_to_string(&mut stream, &mut answer).await.unwrap();
    answer
}

/// python-twitter-v2 signs without the secret of the request token; twitter-api-v2 repeats the token in the form and signs it
/// once; Twython sends GET.
#[tokio::test]
async fn request_tokens_are_exchanged_as_other_clients_sign_them() {
    let (sandbox, client, login, app) = set_up();
    let (key, secret) = sandbox.app_keys();
    let exchange = async |method: &str, with_secret: bool, repeats: bool| {
        let begun = login.begin_oauth1(&app, &Callback::Url(BACK.to_owned()), &OAuth1Options::default()).await.unwrap();
        let stored: serde_json::Value = serde_json::from_str(begun.serialize().expose()).unwrap();
        let to = submit_consent(&client, begun.url(), "ada", "authorize").await.unwrap();
        let (token, verifier) = (stored["token"].as_str().unwrap(), to.split("oauth_verifier=").nth(1).unwrap());
        let token_secret = if with_secret { stored["secret"].as_str().unwrap() } else { "" };
        let keys = OAuth1Keys::new(key.clone(), secret.expose(), token, token_secret);
        let signed = format!("oauth_verifier={verifier}");
        let url = format!("{}/oauth/access_token", sandbox.url());
        let (query, form) = if method == "GET" { (format!("?{signed}"), "") } else { (String::new(), signed.as_str()) };
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs().try_into().unwrap();
        let header = Signer::new(keys).header(method, &format!("{url}{query}"), form, token, now).unwrap();
        let sent = if repeats { format!("oauth_token={token}&{form}") } else { form.to_owned() };
        send_signed(&sandbox, method, &format!("/oauth/access_token{query}"), &header, &sent).await
    };
    for (method, with_secret, repeats) in
        [("POST", true, false), ("POST", false, false), ("POST", true, true), ("GET", true, false)]
    {
        let answer = exchange(method, with_secret, repeats).await;
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("screen_name=ada"), "{method} {answer}");
    }
}

#[tokio::test]
async fn oauth_echo_identifies_the_user_to_another_service() {
    let (sandbox, client, login, _app) = set_up();
    let provider = format!("{}/2/users/me", sandbox.url());
    let echo = login.oauth_echo(&sandbox.oauth1("robin").unwrap(), &provider).unwrap();
    // The other service forwards the `Authorization` header unchanged.
    let show = async |authorization: &str| send_signed(&sandbox, "GET", "/2/users/me", authorization, "").await;
    assert!(show(echo.authorization.expose()).await.contains("\"robin\""));
    assert!(show(echo.authorization.expose()).await.starts_with("HTTP/1.1 401"), "once");
    let elsewhere = login.oauth_echo(&sandbox.oauth1("robin").unwrap(), "https://api.x.com/2/users/me").unwrap();
    assert!(show(elsewhere.authorization.expose()).await.starts_with("HTTP/1.1 401"), "valid for that address only");
    assert!(!format!("{echo:?}").contains("oauth_signature"));
    assert_eq!(login.oauth_echo(client.credentials(), &provider).unwrap_err().kind(), ErrorKind::Login);
}

#[test]
fn the_minimal_scopes_come_from_the_endpoint_table() {
    let scopes = |names: &[&str]| chirrup::scopes_for(names.iter().copied());
    assert_eq!(scopes(&["get_me"]).unwrap(), [Scope::TweetRead, Scope::UsersRead]);
    assert_eq!(scopes(&[]).unwrap(), []);
    assert_eq!(scopes(&["nothing"]).unwrap_err().kind(), ErrorKind::Argument);
    assert!(scopes(&["usage"]).unwrap_err().message().contains("Application-Only"));
    for meta in chirrup::all() {
        for scope in meta.scopes() {
            assert!(scope.parse::<Scope>().is_ok(), "{}: {scope}", meta.id);
        }
    }
}
