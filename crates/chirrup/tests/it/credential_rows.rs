//! The credentials that constructors of the four libraries take, one by one: what of them is sent, and that each is needed.

use std::collections::BTreeMap;

use chirrup::{Client, Credentials, ErrorKind};

use crate::wire::{Ground, Sent};

/// The keys of `ada` at the sandbox: key, secret, token, token secret and bearer token.
struct Keys([String; 5]);

impl Keys {
    fn of(g: &Ground) -> Self {
        let all = g.sandbox.environment().unwrap();
        let get = |name: &str| all.iter().find(|(known, _)| *known == name).unwrap().1.expose().to_owned();
        Self(
            ["X_CONSUMER_KEY", "X_CONSUMER_SECRET", "X_ACCESS_TOKEN", "X_ACCESS_TOKEN_SECRET", "X_BEARER_TOKEN"]
                .map(get),
        )
    }

    /// OAuth 1.0a credentials of which one part is wrong; none of them if `wrong` is 4.
    fn oauth1(&self, wrong: usize) -> Credentials {
        let part = |n: usize| if n == wrong { "wrong".to_owned() } else { self.0[n].clone() };
        Credentials::oauth1(part(0), part(1), part(2), part(3))
    }
}

fn oauth1_parts(sent: &Sent) -> BTreeMap<String, String> {
    let header = sent.header("authorization");
    assert!(header.starts_with("OAuth "), "{header}");
    chirrup::auth::oauth1::parse_header(header).unwrap().into_iter().collect()
}

#[tokio::test]
async fn each_part_of_the_credentials_is_sent_or_signs() {
    let g = Ground::new().await;
    let keys = Keys::of(&g);
    part!({
        let parts: [&[&str]; 4] = [
            &["tweepy.opt.consumer_key", "pytweet.client.opt.consumer_key", "twython.opt.app_key", "ptt.oauth"],
            &[
                "tweepy.opt.consumer_secret",
                "pytweet.client.opt.consumer_key_secret",
                "twython.opt.app_secret",
                "ptt.oauth",
            ],
            &["tweepy.opt.access_token", "pytweet.client.opt.access_token", "twython.opt.oauth_token", "ptt.oauth"],
            &[
                "tweepy.opt.access_token_secret",
                "pytweet.client.opt.access_token_secret",
                "twython.opt.oauth_token_secret",
                "ptt.oauth",
            ],
        ];
        for (n, rows) in parts.into_iter().enumerate() {
            part!({
                let good = g.wire.client(keys.oauth1(4)).get_me().await;
                let sent = oauth1_parts(&g.wire.only());
                let bad = g.wire.client(keys.oauth1(n)).get_me().await.unwrap_err();
                g.wire.take();
                shows!(rows, {
                    assert_eq!(good.as_ref().unwrap().data.username, "ada");
                    assert_eq!(bad.kind(), ErrorKind::Unauthorized, "part {n} is wrong: {bad}");
                    match n {
                        0 => assert_eq!(sent["oauth_consumer_key"], keys.0[0]),
                        2 => assert_eq!(sent["oauth_token"], keys.0[2]),
                        _ => assert!(!sent.values().any(|value| *value == keys.0[n]), "a secret is never sent"),
                    }
                });
            });
        }
    });
    let app = g.wire.client(Credentials::app_only(keys.0[4].as_str()));
    let found = app.get_post(20).await;
    let sent = g.wire.only();
    part!({
        let bad = g.wire.client(Credentials::app_only("wrong")).get_post(20).await.unwrap_err();
        let rows = [
            "tweepy.opt.bearer_token",
            "pytweet.client.opt.bearer_token",
            "twython.opt.access_token",
            "ptt.oauth2",
            "ptt.oauth2.bearer_token",
        ];
        shows!(rows, {
            assert!(found.is_ok() && bad.kind() == ErrorKind::Unauthorized);
            assert_eq!(sent.header("authorization"), format!("Bearer {}", keys.0[4]));
        });
    });
    g.wire.take();
    let pkce = g.wire.client(g.sandbox.oauth2("ada", &["tweet.read", "users.read"]).unwrap());
    let me = pkce.get_me().await.unwrap().data.username;
    let sent = g.wire.only();
    shows!("tweepy.opt.bearer_token", assert!(me == "ada" && sent.header("authorization").starts_with("Bearer ")));
    // The app's token and the user's keys work for both versions of the API.
    for credentials in [Credentials::app_only(keys.0[4].as_str()), keys.oauth1(4)] {
        part!({
            let client = g.wire.client(credentials);
            let (new, old) = (client.get_post(20).await.is_ok(), client.v1().show(20).await.is_ok());
            shows!(["ptt.twitter.opt.auth", "twython.client", "ptt.twitter"], assert!(new && old));
        });
    }
    // One client has both, and each call the credential that its route accepts.
    let all = g.wire.client(Credentials::app_only(keys.0[4].as_str()).and(keys.oauth1(4)));
    g.wire.take();
    let (counted, posted) = (all.count_recent("rust").await.is_ok(), all.create_post().text("by keys").await.is_ok());
    let sent = g.wire.take();
    shows!("pytweet.client", {
        assert!(counted && posted && sent.len() == 2);
        assert!(sent[0].header("authorization").starts_with("Bearer "), "{}", sent[0].line());
        assert!(sent[1].header("authorization").starts_with("OAuth "), "{}", sent[1].line());
    });
    part!({
        // An OAuth 2.0 token alone is enough, whatever else is there.
        let both = g.wire.client(Credentials::app_only(keys.0[4].as_str()));
        g.wire.take();
        both.v1().user_timeline().screen_name("robin").await.unwrap();
        let sent = g.wire.only();
        shows!(["twython.opt.access_token", "twython.opt.token_type"], {
            assert_eq!(sent.header("authorization"), format!("Bearer {}", keys.0[4]));
        });
    });
}

#[tokio::test]
async fn each_part_of_the_credentials_is_needed_for_a_stream() {
    let g = Ground::new().await;
    let keys = Keys::of(&g);
    let rows = [
        "twython.streamer.opt.app_key",
        "twython.streamer.opt.app_secret",
        "twython.streamer.opt.oauth_token",
        "twython.streamer.opt.oauth_token_secret",
    ];
    for (n, row) in rows.into_iter().enumerate() {
        let mut refused = g.wire.client(keys.oauth1(n)).v1().filter().track(["wren"]).live().attempts(1).open();
        let ended = loop {
            match refused.next_event().await {
                Some(chirrup::LiveEvent::Ended(why)) => break why,
                Some(_) => {}
                None => panic!("it ended without a reason"),
            }
        };
        shows!(row, assert_eq!(ended.kind(), ErrorKind::Unauthorized, "{ended}"));
    }
    let mut stream = g.wire.client(keys.oauth1(4)).v1().filter().track(["wren"]).open();
    while !matches!(stream.next_event().await, Some(chirrup::LiveEvent::Live)) {}
    let sent = g.wire.take().pop().unwrap();
    part!({
        g.sandbox.write_post("robin", "a wren").unwrap();
        let arrived = stream.next_item().await.is_ok();
        shows!(rows, assert!(arrived && oauth1_parts(&sent)["oauth_token"] == keys.0[2]));
    });
    shows!("twython.types.statuses.filter", assert_eq!(sent.line(), "POST /1.1/statuses/filter.json track=wren"));
    part!({
        let none = g.wire.client(Credentials::default()).v1().filter().track(["wren"]).await;
        shows!(rows, assert_eq!(none.unwrap_err().kind(), ErrorKind::Credentials));
    });
}

#[tokio::test]
async fn the_credential_of_a_call_can_be_chosen() {
    let g = Ground::new().await;
    let keys = Keys::of(&g);
    let client = g.wire.client(Credentials::app_only(keys.0[4].as_str()).and(keys.oauth1(4)));
    let scheme = || g.wire.take().pop().unwrap().header("authorization").split(' ').next().unwrap().to_owned();
    client.get_post(20).as_user().await.unwrap();
    let user = scheme();
    client.get_post(20).as_app().await.unwrap();
    let app = scheme();
    shows!("tweepy.user_auth", assert_eq!((user.as_str(), app.as_str()), ("OAuth", "Bearer")));
    part!({
        client.create_post().text("by the user").await.unwrap();
        let write = scheme();
        client.dm_events().await.unwrap();
        let messages = scheme();
        client.get_me().await.unwrap();
        shows!("tweepy.user_auth.default_write", assert_eq!([write, messages, scheme()], ["OAuth", "OAuth", "OAuth"]));
    });
    part!({
        client.get_post(20).await.unwrap();
        let read = scheme();
        shows!("tweepy.user_auth.default_read", assert_eq!(read, "OAuth"));
    });
    client.count_recent("rust").await.unwrap();
    let counts = scheme();
    client.compliance_jobs("tweets").await.unwrap();
    let jobs = scheme();
    g.client.bookmarks().await.unwrap();
    let bookmarks = scheme();
    shows!("tweepy.user_auth.none", {
        assert_eq!((counts.as_str(), jobs.as_str()), ("Bearer", "Bearer"));
        assert!(["Bearer", "OAuth"].contains(&bookmarks.as_str()));
    });
    part!({
        let app = g.wire.client(Credentials::app_only(keys.0[4].as_str()));
        for error in [
            app.create_post().text("x").await.unwrap_err(),
            app.like(20).await.unwrap_err(),
            app.bookmarks().await.unwrap_err(),
            app.home_timeline().await.unwrap_err(),
            app.pinned_lists().await.unwrap_err(),
            app.muting().await.unwrap_err(),
        ] {
            part!({
                let sent = g.wire.take();
                shows!(
                    "tweepy.type_error.token",
                    assert!(error.kind() == ErrorKind::Credentials && sent.is_empty(), "{error}")
                );
            });
        }
    });
    part!({
        // The ID of the user: one request with OAuth 2.0, none with OAuth 1.0a.
        let pkce = g.wire.client(g.sandbox.oauth2("ada", &["like.write", "tweet.read", "users.read"]).unwrap());
        pkce.like(20).await.unwrap();
        pkce.unlike(20).await.unwrap();
        let lines: Vec<_> = g.wire.take().iter().map(|sent| sent.line().replace(&g.me, "ME")).collect();
        shows!("tweepy.user_id_cache", {
            assert_eq!(
                lines,
                ["GET /2/users/me", r#"POST /2/users/ME/likes {"tweet_id":"20"}"#, "DELETE /2/users/ME/likes/20"]
            );
        });
    });
    part!({
        g.wire.client(keys.oauth1(4)).like(20).await.unwrap();
        let line = g.wire.only().line().replace(&g.me, "ME");
        shows!("tweepy.user_id_cache.oauth1", assert_eq!(line, r#"POST /2/users/ME/likes {"tweet_id":"20"}"#));
    });
    part!({
        let robin = g.client.with_credentials(g.sandbox.oauth1("robin").unwrap()).get_me().await.unwrap().data.username;
        shows!("pytweet.oauth.set_access_token", assert_eq!(robin, "robin"));
    });
    part!({
        let wrong = g.client.with_credentials(keys.oauth1(0)).get_me().await.unwrap_err();
        shows!("pytweet.oauth.set_consumer_key", assert_eq!(wrong.kind(), ErrorKind::Unauthorized));
    });
    part!({
        g.wire.take();
        g.wire.client(keys.oauth1(4)).get_me().await.unwrap();
        let parts = oauth1_parts(&g.wire.only());
        shows!("pytweet.oauth.oauth1", {
            assert_eq!(
                (parts["oauth_signature_method"].as_str(), parts["oauth_version"].as_str()),
                ("HMAC-SHA1", "1.0")
            );
            assert!(["oauth_nonce", "oauth_timestamp", "oauth_signature"].iter().all(|name| !parts[*name].is_empty()));
        });
    });
}

#[tokio::test]
async fn a_response_is_typed_json_or_raw() {
    let g = Ground::new().await;
    let call = || g.client.get_posts([20, 404]).expansions(["author_id"]);
    let typed = call().await.unwrap();
    shows!(["tweepy.opt.return_type.response", "tweepy.asyncclient"], {
        assert_eq!((typed.data[0].id.get(), typed.includes.users[0].username.as_str()), (20, "robin"));
        assert_eq!((typed.errors.len(), typed.meta.result_count), (1, None));
    });
    part!({
        let json = typed.json();
        shows!(["tweepy.opt.return_type.dict", "ptt.call.nested_result"], {
            assert_eq!(
                (json["data"][0]["id"].as_str(), json["includes"]["users"][0]["username"].as_str()),
                (Some("20"), Some("robin"))
            );
        });
    });
    part!({
        let raw = call().raw().await.unwrap();
        shows!(["tweepy.opt.return_type.raw", "ptt.response", "ptt.response.headers"], {
            assert_eq!(
                (raw.status.as_u16(), raw.headers["content-type"].to_str().unwrap()),
                (200, "application/json; charset=utf-8")
            );
            assert!(raw.headers.contains_key("x-access-level") && raw.body == typed.raw.body);
        });
    });
    part!({
        let missing = g.client.call("GET", "/2/no/such/route").await.unwrap_err();
        shows!(["pytweet.error.base", "pytweet.error.http", "twython.error.base"], {
            assert_eq!((missing.status_code(), missing.message().is_empty()), (Some(404), false));
            assert!(missing.response().is_some());
        });
    });
    part!({
        let nowhere =
            Client::builder().base_url("http://127.0.0.1:9").credentials(Credentials::app_only("t")).build().unwrap();
        let error = nowhere.get_post(20).await.unwrap_err();
        shows!(
            ["pytweet.error.base", "twython.error.base"],
            assert!(error.kind() == ErrorKind::Network && error.status_code().is_none())
        );
    });
}
