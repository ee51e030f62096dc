//! Programs of users of Tweepy.

mod search_and_reply {
    use std::time::Duration;

    use chirrup::{Client, ClientBuilder, Credentials, Error, OnRateLimit};

    fn client(bearer_token: &str, [key, secret, token, token_secret]: [&str; 4]) -> ClientBuilder {
        let user = Credentials::oauth1(key, secret, token, token_secret);
        let wait = OnRateLimit::Wait { max_wait: Duration::from_secs(900) };
        Client::builder().credentials(Credentials::app_only(bearer_token).and(user)).on_rate_limit(wait)
    }

    fn hello(client: &Client) -> Result<(), Error> {
        let found = client.search_recent("rust lang:en").post_fields(["created_at"]).max_results(50).wait()?;
        client.create_post().text("Hello").reply(found.data[0].id).wait()?;
        Ok(())
    }

    #[test]
    fn the_first_post_found_gets_a_reply() {
        let sandbox = crate::common::sandbox();
        let environment = sandbox.environment().unwrap();
        let named = |wanted: &str| environment.iter().find(|(name, _)| *name == wanted).unwrap().1.expose();
        let names = ["X_CONSUMER_KEY", "X_CONSUMER_SECRET", "X_ACCESS_TOKEN", "X_ACCESS_TOKEN_SECRET"];
        let client = client(named("X_BEARER_TOKEN"), names.map(named)).base_url(sandbox.url()).build().unwrap();
        hello(&client).unwrap();
        assert_eq!(super::super::requests(&sandbox), ["GET /2/tweets/search/recent", "POST /2/tweets"]);
    }
}

mod async_client {
    use chirrup::{Client, Error};

    async fn hello(client: &Client) -> Result<(), Error> {
        let robin = client.get_user_by_name("robin").user_fields(["created_at"]).await?.data;
        let (posts, followers) = tokio::try_join!(
            client.user_posts(&robin).max_results(5).into_future(),
            client.followers(&robin).max_results(5).into_future(),
        )?;
        println!("{} posts, {} followers", posts.data.len(), followers.data.len());
        client.like(posts.data[0].id).await?;
        Ok(())
    }

    #[tokio::test]
    async fn calls_run_concurrently() {
        let (sandbox, client) = crate::common::sandbox_and_client();
        hello(&client).await.unwrap();
        let sent = super::super::requests(&sandbox);
        assert!(sent.len() == 5 && sent.last().unwrap().ends_with("/likes"), "{sent:?}");
    }
}

mod paginator {
    use chirrup::{Client, Error};

    fn timeline(client: &Client) -> Result<usize, Error> {
        let mut count = 0;
        for post in client.user_posts(12).max_results(5).items().limit(12).wait()? {
            println!("{}", post?.text);
            count += 1;
        }
        for page in client.followers(12).max_results(20).pages().wait()?.take(2) {
            println!("{} followers", page?.data.len());
        }
        Ok(count)
    }

    #[test]
    fn items_and_pages_end_at_their_limits() {
        let (sandbox, client) = crate::common::sandbox_and_client();
        assert_eq!(timeline(&client).unwrap(), 12);
        let sent = super::super::requests(&sandbox);
        assert_eq!(sent.iter().filter(|line| line.ends_with("/tweets")).count(), 3, "{sent:?}");
    }
}

mod cursor {
    use chirrup::{Client, Error};

    fn timeline_of_v1(client: &Client) -> Result<usize, Error> {
        let mut count = 0;
        for status in client.v1().user_timeline().user_id(12).count(5).items().limit(12).wait()? {
            println!("{}", status?.full_text());
            count += 1;
        }
        Ok(count)
    }

    #[test]
    fn a_timeline_of_v1_is_read_by_pages() {
        let (sandbox, client) = crate::common::sandbox_and_client();
        assert_eq!(timeline_of_v1(&client).unwrap(), 12);
        assert!(sandbox.journal().len() >= 3);
    }
}

mod streaming_client {
    use chirrup::{Client, Error, NewRule};

    fn print_herons(client: &Client, count: usize) -> Result<(), Error> {
        client.wait(client.add_rules([NewRule::new("heron -is:retweet").tag("birds")]))?;
        for delivery in client.filtered_stream().open().wait()?.items().take(count) {
            if let Some(post) = delivery?.data {
                println!("{}", post.text);
            }
        }
        Ok(())
    }

    #[test]
    fn the_stream_ends_after_its_posts() {
        let (sandbox, client) = crate::common::sandbox_and_client();
        super::super::with_posts(&sandbox, "a heron", usize::MAX, || print_herons(&client, 3)).unwrap();
        let rules = client.wait(client.all_rules()).unwrap();
        assert_eq!(rules[0].tag.as_deref(), Some("birds"));
    }
}

mod streaming_events {
    use chirrup::{Client, Error, LiveEvent};

    async fn print_events(client: &Client) -> Result<(), Error> {
        let mut stream = client.sample_stream().open();
        while let Some(event) = stream.next_event().await {
            match event {
                LiveEvent::Live => println!("on_connect"),
                LiveEvent::Item(delivery) => {
                    println!("on_tweet: {}", delivery.data.map_or_else(String::new, |post| post.text));
                    stream.close();
                }
                LiveEvent::Notice(problems, _) => println!("on_errors: {problems:?}"),
                LiveEvent::ReconnectWait { why, .. } => println!("on_disconnect: {why:?}"),
                LiveEvent::Ended(error) => println!("on_request_error: {error}"),
                _ => {}
            }
        }
        Ok(())
    }

    #[test]
    fn the_stream_ends_after_its_first_post() {
        let (sandbox, client) = crate::common::sandbox_and_client();
        super::super::with_posts(&sandbox, "a heron", usize::MAX, || client.wait(print_events(&client))).unwrap();
        assert_eq!(super::super::requests(&sandbox), ["GET /2/tweets/sample/stream"]);
    }
}

mod media {
    use std::path::Path;

    use chirrup::{Client, Error};

    fn look(client: &Client, file: &Path) -> Result<(), Error> {
        let heron = client.wait(client.upload(file).alt_text("A heron on a post"))?;
        client.create_post().text("Look!").media([heron.id]).wait()?;
        Ok(())
    }

    #[test]
    fn the_post_has_its_media() {
        let (_sandbox, client) = crate::common::sandbox_and_client();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("heron.png");
        std::fs::write(&file, b"\x89PNG\r\n\x1a\nheron").unwrap();
        look(&client, &file).unwrap();
        let last = client.v1().user_timeline().count(1).wait().unwrap().data.remove(0).id;
        let shown = client.v1().show(last).include_ext_alt_text(true).wait().unwrap().data;
        let media = shown.extended_entities.unwrap().media.unwrap();
        assert_eq!(media[0].ext_alt_text.as_deref(), Some("A heron on a post"));
    }
}

mod direct_messages {
    use chirrup::model::NewDm;
    use chirrup::{Client, Error};

    fn manage_and_lookup(client: &Client, user_ids: [u64; 2]) -> Result<usize, Error> {
        let sent = client.send_dm(user_ids[1]).text("Testing 1").wait()?.data;
        let conversation = sent.dm_conversation_id;
        client.send_dm_to(&conversation).text("Testing 2").wait()?;
        client.create_dm_conversation("Group", NewDm::text("Testing"), user_ids).wait()?;
        client.dm_events().wait()?;
        client.dm_events_in(&conversation).wait()?;
        let events = client.dm_events_with(user_ids[1]).wait()?.data;
        for event in &events {
            println!("{}: {}", event.id, event.text.as_deref().unwrap_or_default());
        }
        Ok(events.len())
    }

    async fn manage_and_lookup_async(client: &Client, user_ids: [u64; 2]) -> Result<(), Error> {
        let sent = client.send_dm(user_ids[1]).text("Testing 3").await?.data;
        let conversation = sent.dm_conversation_id;
        client.send_dm_to(&conversation).text("Testing 4").await?;
        client.create_dm_conversation("Group", NewDm::text("Testing"), user_ids).await?;
        client.dm_events().await?;
        client.dm_events_in(&conversation).await?;
        client.dm_events_with(user_ids[1]).await?;
        Ok(())
    }

    #[test]
    fn messages_are_sent_and_read_in_both_styles() {
        let (sandbox, client) = crate::common::sandbox_and_client();
        let mika = client.get_user_by_name("mika").wait().unwrap().data.id.get();
        let before = sandbox.journal().len();
        let events = manage_and_lookup(&client, [mika, 12]).unwrap();
        assert!(events >= 2, "{events}");
        client.wait(manage_and_lookup_async(&client, [mika, 12])).unwrap();
        let sent = super::super::requests(&sandbox).split_off(before);
        assert_eq!((sent.len(), &sent[..6]), (12, &sent[6..]));
    }
}

mod user_login {
    use chirrup::login::{App, Callback, Login, OAuth1Options};
    use chirrup::{Client, Error};

    fn log_in(client: &Client, key: &str, secret: &str, ask: impl Fn(&str) -> String) -> Result<Client, Error> {
        let (login, app) = (Login::new(client), App::new(key, secret));
        let begun = client.wait(login.begin_oauth1(&app, &Callback::Pin, &OAuth1Options::default()))?;
        let pin = ask(begun.url());
        let user = client.wait(login.finish_oauth1(&app, begun, &pin))?;
        Ok(client.with_credentials(user.credentials()))
    }

    #[test]
    fn a_user_logs_in_with_a_pin() {
        let sandbox = crate::common::sandbox();
        let client = Client::builder().base_url(sandbox.url()).build().unwrap();
        let (key, secret) = sandbox.app_keys();
        let ada = log_in(&client, &key, secret.expose(), |url| super::super::pin(&client, url)).unwrap();
        assert_eq!(ada.get_me().wait().unwrap().data.username, "ada");
    }
}

mod oauth2_login {
    use chirrup::auth::Scope;
    use chirrup::login::{App, Login};
    use chirrup::{Client, Error};

    fn log_in(client: &Client, client_id: &str, ask: impl Fn(&str) -> String) -> Result<Client, Error> {
        let (login, app) = (Login::new(client), App::public(client_id));
        let scopes = [Scope::TweetRead, Scope::UsersRead, Scope::OfflineAccess];
        let begun = login.begin_oauth2(&app, "http://127.0.0.1:8080/callback", &scopes)?;
        let redirected_to = ask(begun.url());
        let tokens = client.wait(login.finish_oauth2(&app, begun, &redirected_to))?;
        Ok(client.with_credentials(tokens.credentials()))
    }

    #[test]
    fn a_user_logs_in_by_oauth2() {
        let sandbox = crate::common::sandbox();
        let client = Client::builder().base_url(sandbox.url()).build().unwrap();
        let ada = log_in(&client, &sandbox.app_keys().0, |url| super::super::consent(&client, url).unwrap()).unwrap();
        assert_eq!(ada.get_me().wait().unwrap().data.username, "ada");
    }
}
