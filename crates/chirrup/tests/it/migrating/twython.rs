//! Programs of users of Twython.

mod client_args {
    use std::time::Duration;

    use chirrup::{Client, ClientBuilder, Credentials, HttpBuilder};

    fn twitter(app_key: &str, app_secret: &str, oauth_token: &str, oauth_token_secret: &str) -> ClientBuilder {
        let client_args = HttpBuilder::default()
            .header("X-Request-From", "reports")
            .proxy("http://127.0.0.1:3128")
            .timeout(Duration::from_secs(300));
        Client::builder()
            .credentials(Credentials::oauth1(app_key, app_secret, oauth_token, oauth_token_secret))
            .http(client_args)
    }

    #[test]
    fn headers_proxy_and_timeout_are_accepted() {
        assert!(twitter("key", "secret", "12-token", "secret").build().is_ok());
        let bad = Client::builder().http(HttpBuilder::default().header("Authorization", "Basic")).build();
        assert!(bad.is_err(), "headers are checked");
    }
}

mod api_url {
    use chirrup::construct_api_url;

    fn search_url() -> String {
        let api_url = "https://api.twitter.com/1.1/search/tweets.json";
        construct_api_url(api_url, [("q", "python"), ("result_type", "popular")])
    }

    #[test]
    fn the_url_is_that_of_twython() {
        assert_eq!(search_url(), "https://api.twitter.com/1.1/search/tweets.json?q=python&result_type=popular");
    }
}

mod cursor {
    use chirrup::{Client, Error};

    fn search(twitter: &Client) -> Result<(), Error> {
        for status in twitter.v1().search("python").items().wait()? {
            println!("{}", status?.full_text());
        }
        for page in twitter.v1().search("python").count(5).pages().wait()? {
            println!("{} results", page?.data.statuses.len());
        }
        Ok(())
    }

    #[test]
    fn all_results_are_read() {
        let (sandbox, client) = crate::common::sandbox_and_client();
        for n in 0..12 {
            sandbox.write_post("robin", &format!("python {n}")).unwrap();
        }
        search(&client).unwrap();
        assert!(sandbox.journal().len() >= 4, "{}", sandbox.journal().len());
    }
}

mod errors {
    use chirrup::{Client, ErrorKind};

    fn update_status(twitter: &Client, status: &str) -> String {
        match twitter.v1().update(status).wait() {
            Ok(posted) => posted.data.full_text().to_owned(),
            Err(error) => match error.kind() {
                ErrorKind::Unauthorized | ErrorKind::Credentials => format!("TwythonAuthError: {error}"),
                ErrorKind::RateLimited => format!("TwythonRateLimitError: retry in {:?}", error.retry_after()),
                _ => format!("TwythonError: {:?} {error}", error.status_code()),
            },
        }
    }

    #[test]
    fn each_error_has_its_arm() {
        use chirrup_sandbox::Fault;
        let (sandbox, client) = crate::common::sandbox_and_client();
        assert_eq!(update_status(&client, "hello"), "hello");
        assert!(update_status(&client, "hello").starts_with("TwythonError: Some(403)"));
        let refused = |status, code, message: &str| {
            let body = format!(r#"{{"errors":[{{"code":{code},"message":"{message}"}}]}}"#);
            sandbox.inject_fault(Fault::Response { status, content_type: "application/json", body: body.into() });
            update_status(&client, "hello again")
        };
        assert!(refused(400, 215, "Bad Authentication data").starts_with("TwythonAuthError"));
        assert!(refused(429, 88, "Rate limit exceeded").starts_with("TwythonRateLimitError"));
    }
}

mod authentication {
    use chirrup::login::{App, Callback, Login, OAuth1Login, OAuth1Options, OAuth1User};
    use chirrup::{Client, Error};

    fn get_authentication_tokens(client: &Client, app: &App, callback_url: &str) -> Result<OAuth1Login, Error> {
        let options = OAuth1Options::default().authenticate().screen_name("ada");
        client.wait(Login::new(client).begin_oauth1(app, &Callback::Url(callback_url.to_owned()), &options))
    }

    fn get_authorized_tokens(
        client: &Client,
        app: &App,
        begun: OAuth1Login,
        redirected_to: &str,
    ) -> Result<OAuth1User, Error> {
        client.wait(Login::new(client).finish_oauth1(app, begun, redirected_to))
    }

    #[test]
    fn a_user_logs_in_with_a_callback() {
        let sandbox = crate::common::sandbox();
        let client = Client::builder().base_url(sandbox.url()).build().unwrap();
        let (key, secret) = sandbox.app_keys();
        let app = App::new(key, secret);
        let begun = get_authentication_tokens(&client, &app, "http://127.0.0.1:8080/callback").unwrap();
        assert!(begun.url().contains("/oauth/authenticate?"), "{}", begun.url());
        let to = super::super::consent(&client, begun.url()).unwrap();
        assert_eq!(get_authorized_tokens(&client, &app, begun, &to).unwrap().screen_name, "ada");
    }
}

mod media {
    use chirrup::{Client, Error};

    fn photo_and_video(twitter: &Client, photo: Vec<u8>, video: Vec<u8>) -> Result<(), Error> {
        let photo = twitter.v1().upload_file(photo).wait()?.data;
        twitter.v1().update("Checkout this cool image!").media_ids([photo.media_id]).wait()?;
        let video = twitter.wait(twitter.upload(video).use_v1())?;
        twitter.v1().update("Checkout this cool video!").media_ids([video.id]).wait()?;
        Ok(())
    }

    #[test]
    fn both_are_attached() {
        let sandbox = crate::common::sandbox();
        let http = chirrup::HttpBuilder::default();
        let client = crate::common::client_in_sandbox_time(&sandbox, http, sandbox.credentials().unwrap());
        let mut video = b"\0\0\0\x18ftypmp42".to_vec();
        video.resize(2_000_000, 0);
        photo_and_video(&client, b"\x89PNG\r\n\x1a\nheron".to_vec(), video).unwrap();
        let posts = client.v1().user_timeline().count(2).wait().unwrap().data;
        assert!(posts.iter().all(|post| post.extended_entities.is_some()), "{posts:?}");
        let appended =
            super::super::requests(&sandbox).iter().filter(|line| line.ends_with("/media/upload.json")).count();
        assert!(appended > 3, "{appended}");
    }
}

mod html {
    use chirrup::text::{HtmlOptions, html_for_tweet};
    use chirrup::{Client, Error};

    fn html(twitter: &Client) -> Result<Option<String>, Error> {
        let tweet = twitter.route("statuses/show").arg("id", 20).wait()?;
        Ok(html_for_tweet(&tweet.data, HtmlOptions::new().use_expanded_url(true)).ok())
    }

    #[test]
    fn a_status_becomes_html() {
        let (_sandbox, client) = crate::common::sandbox_and_client();
        assert!(html(&client).unwrap().is_some_and(|html| !html.is_empty()));
    }
}

mod streamer {
    use std::time::Duration;

    use chirrup::model::v1::StreamMessage;
    use chirrup::{Client, Error, LiveEvent};

    // Returns the status code with which X refused the stream, if it did.
    fn herons(twitter: &Client) -> Result<Option<u16>, Error> {
        let stream = twitter.v1().filter().track(["heron"]).live().watchdog(Duration::from_secs(300)).open().wait()?;
        let disconnect = stream.stream().stop_handle();
        let mut refused = None;
        for event in stream {
            match event {
                LiveEvent::Item(StreamMessage::Status(status)) => {
                    println!("{}", status.full_text());
                    disconnect.stop();
                }
                LiveEvent::ReconnectWait { .. } => println!("on_timeout, or the connection broke"),
                LiveEvent::Ended(error) => refused = error.status_code(),
                _ => {}
            }
        }
        Ok(refused)
    }

    #[test]
    fn the_first_status_ends_the_stream_and_so_does_a_refusal() {
        let (sandbox, client) = crate::common::sandbox_and_client();
        let refused = super::super::with_posts(&sandbox, "a heron", usize::MAX, || herons(&client)).unwrap();
        assert_eq!(refused, None);
        let stranger = client.with_credentials(chirrup::Credentials::oauth1("k", "s", "12-t", "s"));
        assert_eq!(herons(&stranger).unwrap(), Some(401));
    }
}
