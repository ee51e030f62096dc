//! Programs of users of PyTweet.

mod events {
    use chirrup::{Bot, Client, Error, NewRule};

    fn bot(client: &Client) -> Bot {
        Bot::new(client.clone())
            .rule(NewRule::new("heron -from:ada").tag("herons"))
            .on_connect(|client| async move {
                println!("connected to {}", client.base_url());
                Ok(())
            })
            .on_post("herons", |client, delivery| async move {
                if let Some(post) = delivery.data {
                    client.post(&post).like().await?;
                    client.post(&post).reply("A heron!").await?;
                }
                Ok(())
            })
    }

    fn stream(client: &Client, bot: Bot) -> Result<(), Error> {
        client.wait(bot.run()).map(drop)
    }

    #[test]
    fn the_bot_likes_and_replies() {
        let (sandbox, client) = crate::common::sandbox_and_client();
        let bot = bot(&client).without_signals();
        let stop = bot.stop_handle();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for _ in 0..500 {
                    std::thread::sleep(std::time::Duration::from_millis(20));
                    if sandbox.open_stream_count() > 0 {
                        break;
                    }
                }
                sandbox.write_post("robin", "a heron").unwrap();
                for _ in 0..500 {
                    std::thread::sleep(std::time::Duration::from_millis(20));
                    if super::super::requests(&sandbox).iter().any(|line| line == "POST /2/tweets") {
                        break;
                    }
                }
                stop.stop();
            });
            stream(&client, bot).unwrap();
        });
        let sent = super::super::requests(&sandbox);
        assert!(sent.iter().any(|line| line.ends_with("/likes")), "{sent:?}");
        assert!(sent.iter().any(|line| line == "POST /2/tweets"), "{sent:?}");
    }
}

mod objects_that_act {
    use chirrup::model::v1::{NewMessage, QuickReply};
    use chirrup::{Client, Error};

    fn greet(client: &Client) -> Result<(), Error> {
        let user = client.get_user_by_name("robin").wait()?.data;
        client.user(&user).follow().wait()?;
        let replies = QuickReply::new().option_with("Yes", Some("I like birds"), Some("yes"));
        let message = NewMessage::text("Do you like birds?").quick_reply(replies);
        let message = message.button("Read more", "https://example.com/birds");
        client.user(&user).send(message).wait()?;
        if let Some(post) = client.user(&user).timeline().wait()?.data.first() {
            client.post(post).like().wait()?;
            client.post(post).reply("Nice!").wait()?;
        }
        Ok(())
    }

    #[test]
    fn the_user_is_followed_and_greeted() {
        let (sandbox, client) = crate::common::sandbox_and_client();
        greet(&client).unwrap();
        let sent = super::super::requests(&sandbox);
        assert!(sent.iter().any(|line| line == "POST /1.1/direct_messages/events/new.json"), "{sent:?}");
        assert!(sent.iter().any(|line| line == "POST /2/tweets"), "{sent:?}");
    }
}

mod tweet {
    use chirrup::model::{NewPoll, ReplySettings};
    use chirrup::{Client, Error};

    fn tweet(client: &Client, file: Vec<u8>) -> Result<(), Error> {
        let poll = NewPoll::new(["Heron", "Wren"], 60);
        let asked = client.create_post().text("Which one?").poll(poll).reply_settings(ReplySettings::Following);
        println!("{}", asked.wait()?.data.id);

        let media = client.wait(client.upload(file))?;
        let link = "https://twitter.com/messages/compose?recipient_id=12";
        client.create_post().text("Look!").media([media.id]).wait()?;
        let posted = client.create_post().text("Write to us").direct_message_deep_link(link).wait()?.data;
        println!("{:?}", client.own_post(posted.id).map(|post| post.text));
        Ok(())
    }

    #[test]
    fn polls_files_and_links_are_posted() {
        let (sandbox, client) = crate::common::sandbox_and_client();
        tweet(&client, b"\x89PNG\r\n\x1a\nheron".to_vec()).unwrap();
        let posts = super::super::requests(&sandbox).iter().filter(|line| *line == "POST /2/tweets").count();
        assert_eq!(posts, 3);
    }
}

mod welcome {
    use chirrup::{Client, Error};

    fn welcome(client: &Client) -> Result<(), Error> {
        let created = client.v1().create_welcome("greeting", "Hello there!").wait()?.data.welcome_message;
        let rule = client.welcome(&created.id).set_rule().wait()?.data.welcome_message_rule;
        client.welcome_rule(&rule.id).delete().wait()?;
        client.welcome(&created.id).delete().wait()?;
        Ok(())
    }

    #[test]
    fn a_welcome_message_is_set_and_deleted() {
        let (_sandbox, client) = crate::common::sandbox_and_client();
        welcome(&client).unwrap();
        assert!(client.v1().welcome_messages().wait().unwrap().data.welcome_messages.unwrap_or_default().is_empty());
    }
}

mod oauth_session {
    use chirrup::login::{App, Callback, Login, OAuth1Options};
    use chirrup::{Client, Error};

    fn with_oauth_flow(
        client: &Client,
        consumer_key: &str,
        consumer_secret: &str,
        callback: &str,
        open: impl Fn(&str) -> String,
    ) -> Result<Client, Error> {
        let (login, app) = (Login::new(client), App::new(consumer_key, consumer_secret));
        let callback = Callback::Url(callback.to_owned());
        // `generate_oauth_url`, the page in the browser, then `post_oauth_token`.
        let begun = client.wait(login.begin_oauth1(&app, &callback, &OAuth1Options::default()))?;
        let redirected_to = open(begun.url());
        let user = client.wait(login.finish_oauth1(&app, begun, &redirected_to))?;
        println!("{} has the ID {}", user.screen_name, user.user_id);
        Ok(client.with_credentials(user.credentials()))
    }

    fn invalidate_access_token(client: &Client) -> Result<(), Error> {
        client.wait(Login::new(client).invalidate_oauth1(client.credentials()))
    }

    #[test]
    fn a_user_logs_in_and_out() {
        let sandbox = crate::common::sandbox();
        let client = Client::builder().base_url(sandbox.url()).build().unwrap();
        let (key, secret) = sandbox.app_keys();
        let open = |url: &str| super::super::consent(&client, url).unwrap();
        let ada = with_oauth_flow(&client, &key, secret.expose(), "http://127.0.0.1:8080/callback", open).unwrap();
        assert_eq!(ada.get_me().wait().unwrap().data.username, "ada");
        invalidate_access_token(&ada).unwrap();
        assert_eq!(ada.get_me().wait().unwrap_err().status_code(), Some(401));
    }
}
