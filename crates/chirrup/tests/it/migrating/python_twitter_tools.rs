//! Programs of users of Python Twitter Tools, in the order of its README.

mod authenticating {
    use chirrup::{Client, ClientBuilder, Credentials};

    // The order of `OAuth` there is token, token_secret, key, secret.
    fn as_user(token: &str, token_secret: &str, key: &str, secret: &str) -> ClientBuilder {
        Client::builder().credentials(Credentials::oauth1(key, secret, token, token_secret))
    }

    fn as_app(bearer_token: &str) -> ClientBuilder {
        Client::builder().credentials(Credentials::app_only(bearer_token))
    }

    #[test]
    fn both_credentials_work_for_both_versions() {
        let sandbox = crate::common::sandbox();
        let environment = sandbox.environment().unwrap();
        let named = |wanted: &str| environment.iter().find(|(name, _)| *name == wanted).unwrap().1.expose().to_owned();
        let keys = ["X_ACCESS_TOKEN", "X_ACCESS_TOKEN_SECRET", "X_CONSUMER_KEY", "X_CONSUMER_SECRET"].map(named);
        let user = as_user(&keys[0], &keys[1], &keys[2], &keys[3]);
        for builder in [user, as_app(&named("X_BEARER_TOKEN"))] {
            let client = builder.base_url(sandbox.url()).build().unwrap();
            assert_eq!(client.route("2/tweets").arg("id", 20).wait().unwrap().data["data"]["id"], "20");
            assert_eq!(client.route("statuses/show").arg("id", 20).wait().unwrap().data["id"], 20);
        }
    }
}

mod querying {
    use chirrup::{Client, Error};
    use serde_json::json;

    fn query(tw: &Client, me: &str, collection: &str) -> Result<(), Error> {
        tw.route("2/tweets/search/recent").arg("query", "python").arg("max_results", 50).wait()?;
        tw.route("search/tweets").arg("q", "python").arg("result_type", "recent").arg("count", 50).wait()?;

        let user = tw.route("2/users/by/username/_username").arg("_username", "robin").wait()?;
        let user_id = user.data["data"]["id"].as_str().unwrap_or_default();
        tw.route("2/users/_id/tweets").arg("_id", user_id).arg("exclude", "retweets").wait()?;
        tw.route("2/users").arg("id", user_id).wait()?;
        tw.route("2/users/_id").arg("_id", user_id).wait()?;
        tw.route("collections/show").arg("_id", collection).wait()?;

        tw.route("2/users/_id/muting").arg("_id", me).wait()?;
        tw.route("2/users/_id/muting").arg("_id", me).arg("target_user_id", user_id).method("POST").wait()?;

        let fields = [
            ("tweet.fields", "attachments,author_id,created_at,entities,lang,public_metrics,text"),
            ("user.fields", "created_at,description,name,public_metrics,username"),
            ("media.fields", "duration_ms,height,media_key,preview_image_url,type,url,width"),
        ];
        tw.route("2/tweets").arg("id", 20).params(fields).wait()?;

        let message = json!({"target": {"recipient_id": user_id}, "message_data": {"text": "Hello there!"}});
        let event = json!({"event": {"type": "message_create", "message_create": message}});
        tw.route("direct_messages/events/new").json(event).wait()?;
        Ok(())
    }

    #[test]
    fn every_query_has_an_answer() {
        let (sandbox, client) = crate::common::sandbox_and_client();
        let me = client.wait(client.me()).unwrap().to_string();
        let list = client.v1().new_list("Gulls").wait().unwrap().data.id;
        let before = sandbox.journal().len();
        query(&client, &me, &format!("custom-{list}")).unwrap();
        let sent = super::super::requests(&sandbox).split_off(before);
        assert_eq!(sent.len(), 11);
        assert_eq!(sent[8], format!("POST /2/users/{me}/muting"));
        assert_eq!(client.muting().wait().unwrap().data[0].id.get(), 12);
    }
}

mod standard_api {
    use std::time::Duration;

    use chirrup::{Client, Error};
    use serde_json::json;

    fn standard_api(tw: &Client, list_id: &str) -> Result<(), Error> {
        let home = tw.route("statuses/home_timeline").wait()?;
        tw.route("statuses/home_timeline").arg("count", 5).wait()?;
        tw.route("statuses/user_timeline").arg("screen_name", "robin").wait()?;
        tw.route("statuses/show").arg("id", 20).wait()?;
        tw.route("statuses/update").arg("status", "Using sweet Python Twitter Tools.").wait()?;

        let robin = tw.route("users/show").arg("screen_name", "robin").wait()?;
        let message = json!({
            "target": {"recipient_id": robin.data["id_str"]},
            "message_data": {"text": "I think yer swell!"},
        });
        let event = json!({"event": {"type": "message_create", "message_create": message}});
        tw.route("direct_messages/events/new").json(event).wait()?;

        tw.route("lists/members").arg("owner_screen_name", "ada").arg("list_id", list_id).wait()?;
        let status = &home.data[0];
        if status["favorited"] == false {
            tw.route("favorites/create").arg("_id", status["id"].clone()).wait()?;
        }
        let names = ["ada", "robin"].join(",");
        tw.route("users/lookup").arg("screen_name", names).timeout(Duration::from_secs(1)).wait()?;
        tw.route("statuses/oembed").arg("_id", 20).method("GET").wait()?;
        tw.route("search/tweets").arg("q", "#pycon").wait()?;
        tw.route("search/tweets").arg("q", "#pycon").arg("tweet_mode", "extended").wait()?;
        Ok(())
    }

    #[test]
    fn every_call_of_the_standard_api_has_an_answer() {
        let (sandbox, client) = crate::common::sandbox_and_client();
        let list = client.v1().new_list("Gulls").wait().unwrap().data.id.to_string();
        let before = sandbox.journal().len();
        standard_api(&client, &list).unwrap();
        let sent = super::super::requests(&sandbox).split_off(before);
        assert_eq!(sent.len(), 13, "{sent:?}");
        assert!(sent.contains(&"POST /1.1/favorites/create.json".to_owned()));
        assert!(sent.contains(&"POST /1.1/users/lookup.json".to_owned()));
        assert!(sent.contains(&"GET /1.1/statuses/oembed.json".to_owned()));
    }
}

mod images {
    use chirrup::{Client, Error};
    use serde_json::json;

    fn images(tw: &Client, image: &[u8], base64_image: &str) -> Result<(), Error> {
        let first = tw.route("media/upload").file("media", image.to_vec()).wait()?;
        let second = tw.route("media/upload").file("media", image.to_vec()).wait()?;
        let ids = [&first, &second].map(|media| media.data["media_id_string"].as_str().unwrap_or_default());

        let text = json!({"media_id": ids[0], "alt_text": {"text": "metadata generated via PTT!"}});
        tw.route("media/metadata/create").json(text).wait()?;
        tw.route("media/metadata/create").arg("media_id", ids[1]).arg("text", "metadata generated via PTT!").wait()?;
        tw.route("statuses/update").arg("status", "PTT rocks! ★").arg("media_ids", ids.join(",")).wait()?;

        // In one request, and from a text in Base64.
        tw.route("statuses/update_with_media").file("media[]", image.to_vec()).arg("status", "PTT ★").wait()?;
        let encoded = tw.v1().upload().media_data(base64_image).wait()?.data;
        tw.v1().update("PTT in Base64 ★").media_ids([encoded.media_id]).wait()?;
        Ok(())
    }

    #[test]
    fn images_are_uploaded_described_and_posted() {
        let (_sandbox, client) = crate::common::sandbox_and_client();
        images(&client, b"\x89PNG\r\n\x1a\nheron", "iVBORw0K").unwrap();
        let posts = client.v1().user_timeline().count(3).wait().unwrap().data;
        let media = |n: usize| posts[n].extended_entities.clone().unwrap().media.unwrap();
        assert_eq!((media(0).len(), media(1).len(), media(2).len()), (1, 1, 2));
        let described = client.v1().show(posts[2].id).include_ext_alt_text(true).wait().unwrap().data;
        let described = described.extended_entities.unwrap().media.unwrap();
        assert_eq!(described[1].ext_alt_text.as_deref(), Some("metadata generated via PTT!"));
    }
}

mod api_v2 {
    use chirrup::{Client, Error};
    use serde_json::json;

    fn api_v2(tw: &Client) -> Result<(), Error> {
        tw.route("2/users/me").wait()?;
        tw.route("2/tweets").arg("id", 20).wait()?;

        let expansions =
            "author_id,referenced_tweets.id,entities.mentions.username,attachments.poll_ids,attachments.media_keys";
        let fields = [
            ("tweet.fields", "attachments,author_id,created_at,entities,geo,lang,public_metrics,text,withheld"),
            ("user.fields", "created_at,description,name,public_metrics,username,verified"),
            ("media.fields", "duration_ms,height,media_key,preview_image_url,type,url,width"),
            ("place.fields", "contained_within,country,country_code,full_name,geo,id,name,place_type"),
            ("poll.fields", "duration_minutes,end_datetime,id,options,voting_status"),
        ];
        tw.route("2/tweets").arg("id", 20).arg("expansions", expansions).params(fields).wait()?;

        tw.route("2/tweets").json(json!({"text": "Using sweet Python Twitter Tools."})).wait()?;
        tw.route("2/tweets/search/recent").arg("query", "#pycon").wait()?;
        Ok(())
    }

    #[test]
    fn every_call_of_v2_has_an_answer() {
        let (sandbox, client) = crate::common::sandbox_and_client();
        api_v2(&client).unwrap();
        let sent = super::super::requests(&sandbox);
        assert_eq!(
            sent,
            [
                "GET /2/users/me",
                "GET /2/tweets/20",
                "GET /2/tweets/20",
                "POST /2/tweets",
                "GET /2/tweets/search/recent"
            ]
        );
    }
}

mod typed {
    use chirrup::model::{MediaField, PostField, UserField};
    use chirrup::{Client, Error};

    fn typed(client: &Client) -> Result<(), Error> {
        client.search_recent("python").max_results(50).wait()?;
        let robin = client.get_user_by_name("robin").wait()?.data;
        client.user_posts(&robin).exclude(["retweets"]).wait()?;
        client.mute(&robin).wait()?;
        let post = client.get_post(20).post_fields(PostField::ALL).user_fields(UserField::ALL);
        let post = post.media_fields(MediaField::ALL).expansions(["author_id"]).wait()?;
        println!("{}: {}", post.author(&post.data).map_or("?", |user| &user.username), post.data.text);
        client.create_post().text("Using typed methods.").wait()?;
        client.user(&robin).send("Hello there!").wait()?;
        Ok(())
    }

    #[test]
    fn typed_methods_stand_for_the_routes() {
        let (sandbox, client) = crate::common::sandbox_and_client();
        typed(&client).unwrap();
        let sent = super::super::requests(&sandbox);
        assert_eq!((sent.len(), sent[1].as_str()), (8, "GET /2/users/by/username/robin"), "{sent:?}");
    }
}

mod streams_of_v1 {
    use chirrup::model::v1::{Status, StreamMessage};
    use chirrup::{Client, Error, PollEvent, PollingStream};

    fn sample(client: &Client) -> Result<(), Error> {
        for event in PollingStream::new(client.v1().sample().live()).wait()? {
            println!("{:?}", event?);
        }
        Ok(())
    }

    fn filter(client: &Client, mut process: impl FnMut(Status)) -> Result<(), Error> {
        for event in PollingStream::new(client.v1().filter().track(["python", "programming"]).live()).wait()? {
            if let PollEvent::Message(StreamMessage::Status(status)) = event? {
                process(*status);
            }
        }
        Ok(())
    }

    #[test]
    fn the_loops_end_with_the_connection() {
        let (sandbox, client) = crate::common::sandbox_and_client();
        super::super::with_posts(&sandbox, "python", 3, || sample(&client)).unwrap();
        let mut texts = Vec::new();
        super::super::with_posts(&sandbox, "programming", 3, || filter(&client, |status| texts.push(status.text)))
            .unwrap();
        assert!(texts.len() >= 3 && texts.iter().all(|text| text == "programming"), "{texts:?}");
    }
}

mod streams_of_v2 {
    use std::time::Duration;

    use chirrup::{Client, Error, PollEvent, PollingStream};
    use serde_json::json;

    fn sample(client: &Client) -> Result<(), Error> {
        for event in PollingStream::new(client.sample_stream().live()).wait()? {
            println!("{:?}", event?);
        }
        Ok(())
    }

    fn filtered(client: &Client) -> Result<u32, Error> {
        let rules = client.route("2/tweets/search/stream/rules");
        println!("{}", rules.clone().wait()?.data);
        rules.json(json!({"add": [{"value": "python"}, {"value": "programming"}]})).wait()?;

        let mut tweets = 0;
        let stream = PollingStream::new(client.filtered_stream().live()).timeout(Duration::from_secs(30));
        for event in stream.wait()? {
            match event? {
                PollEvent::Message(tweet) => {
                    println!("{}", tweet.data.map_or_else(String::new, |post| post.text));
                    tweets += 1;
                }
                PollEvent::Timeout => println!("nothing for 30 seconds"),
                PollEvent::Hangup | PollEvent::HeartbeatTimeout => break,
                _ => {}
            }
        }
        Ok(tweets)
    }

    #[test]
    fn the_rules_are_added_and_their_posts_arrive() {
        let (sandbox, client) = crate::common::sandbox_and_client();
        super::super::with_posts(&sandbox, "python", 200, || sample(&client)).unwrap();
        let tweets = super::super::with_posts(&sandbox, "python", 3, || filtered(&client)).unwrap();
        assert!(tweets >= 3, "{tweets}");
        assert_eq!(client.wait(client.all_rules()).unwrap().len(), 2);
    }
}

mod retry_and_headers {
    use std::time::Duration;

    use chirrup::{Client, ClientBuilder, Error, Retry};

    // `retry=True` there; `Retry::default().max_attempts(n)` for a number.
    fn retrying() -> ClientBuilder {
        let statuses = [429, 502, 503, 504];
        Client::builder().retry(Retry::forever().statuses(statuses).fixed_backoff(Duration::from_secs(3)))
    }

    fn headers(tw: &Client) -> Result<(), Error> {
        let response = tw.route("statuses/user_timeline").arg("screen_name", "robin").wait()?;
        println!("{:?}", response.headers().get("x-rate-limit-remaining"));
        Ok(())
    }

    #[test]
    fn a_503_is_retried_and_headers_are_there() {
        use crate::common::clock;
        use chirrup_sandbox::Fault;
        let sandbox = crate::common::sandbox();
        let client = retrying().http(chirrup::HttpBuilder::default().clock(clock(&sandbox)));
        let client = client.base_url(sandbox.url()).credentials(sandbox.credentials().unwrap()).build().unwrap();
        for _ in 0..4 {
            sandbox.inject_fault(Fault::Response { status: 503, content_type: "application/json", body: "{}".into() });
        }
        headers(&client).unwrap();
        assert_eq!(sandbox.journal().len(), 5);
    }
}

mod bearer_token {
    use chirrup::login::{App, Login};
    use chirrup::{Client, Error};

    fn as_app(client: &Client, key: &str, secret: &str) -> Result<Client, Error> {
        let token = client.wait(Login::new(client).app_token(&App::new(key, secret)))?;
        Ok(client.with_credentials(token))
    }

    #[test]
    fn the_token_of_the_app_works() {
        let (sandbox, client) = crate::common::sandbox_and_client();
        let (key, secret) = sandbox.app_keys();
        let app = as_app(&client, &key, secret.expose()).unwrap();
        assert_eq!(app.route("statuses/show").arg("id", 20).wait().unwrap().data["id"], 20);
        assert_eq!(super::super::requests(&sandbox)[0], "POST /oauth2/token");
    }
}

mod oauth_dance {
    use std::path::Path;

    use chirrup::login::{App, AuthorizationPrompt, Login, read_token_file};
    use chirrup::{Client, Credentials, Error};

    // `ask` is `chirrup::login::prompt_in_terminal` in a terminal.
    fn log_in(
        client: &Client,
        key: &str,
        secret: &str,
        my_twitter_creds: &Path,
        ask: impl FnOnce(&AuthorizationPrompt) -> std::io::Result<String>,
    ) -> Result<Client, Error> {
        let (login, app) = (Login::new(client), App::new(key, secret));
        if !my_twitter_creds.exists() {
            client.wait(login.oauth_dance(&app, "My App Name", Some(my_twitter_creds), ask))?;
        }
        let (token, token_secret) = read_token_file(my_twitter_creds)?;
        let twitter = client.with_credentials(Credentials::oauth1(key, secret, token, token_secret));
        twitter.route("statuses/update").arg("status", "Hello, world!").wait()?;
        Ok(twitter)
    }

    #[test]
    fn the_user_is_asked_once() {
        let sandbox = crate::common::sandbox();
        let client = Client::builder().base_url(sandbox.url()).build().unwrap();
        let (key, secret) = sandbox.app_keys();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("credentials");
        let agree = |prompt: &AuthorizationPrompt| {
            let (client, url) = (client.clone(), prompt.url.clone());
            Ok(std::thread::spawn(move || super::super::pin(&client, &url)).join().unwrap())
        };
        let first = log_in(&client, &key, secret.expose(), &file, agree).unwrap();
        assert_eq!(first.get_me().wait().unwrap().data.username, "ada");
        let unasked = |_: &AuthorizationPrompt| Err(std::io::Error::other("asked again"));
        let again = log_in(&client, &key, secret.expose(), &file, unasked).unwrap_err();
        assert_eq!(again.status_code(), Some(403), "the same text again is a duplicate: {again}");
    }
}
