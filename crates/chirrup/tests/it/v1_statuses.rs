//! Statuses of v1.1: timelines, search, writing, likes.

use std::collections::BTreeSet;

use chirrup::model::v1::Status;
use chirrup::{Client, ErrorKind};

use crate::common::sandbox_and_client;

fn ids(statuses: &[Status]) -> Vec<u64> {
    statuses.iter().map(|status| status.id.get()).collect()
}

async fn items(mut all: chirrup::Items<Vec<Status>>) -> Vec<Status> {
    let mut found = Vec::new();
    while let Some(status) = all.next_item().await {
        found.push(status.unwrap());
    }
    found
}

#[tokio::test]
async fn v1_statuses_have_their_old_form() {
    let (_sandbox, client) = sandbox_and_client();
    let v1 = client.v1();
    let written = v1.update("old @robin #rust $OAK https://example.com/x").await.unwrap().data;
    let entities = written.entities.clone().unwrap();
    assert_eq!(entities.user_mentions.as_ref().unwrap()[0].screen_name, "robin");
    assert_eq!(entities.hashtags.as_ref().unwrap()[0].text, "rust");
    assert_eq!(entities.hashtags.as_ref().unwrap()[0].indices, [11, 16]);
    assert_eq!((entities.symbols.unwrap()[0].text.as_str(), entities.urls.unwrap().len()), ("OAK", 1));
    assert_eq!(written.user.as_ref().unwrap().screen_name.as_deref(), Some("ada"));
    let shown = v1.show(written.id).tweet_mode("extended").await.unwrap();
    assert_eq!((shown.data.text.as_str(), shown.data.full_text.as_deref()), ("", Some(written.text.as_str())));
    assert_eq!(shown.data.full_text(), written.text);
    assert!(written.text.starts_with("old @robin #rust $OAK https://t.co/"), "{}", written.text);
    let json = shown.json();
    assert_eq!(
        (json["id"].as_u64(), json["id_str"].as_str()),
        (Some(written.id.get()), Some(written.id.to_string().as_str()))
    );
    assert!(
        json["created_at"].as_str().unwrap().contains(" +0000 "),
        "dates are of the old form: {}",
        json["created_at"]
    );
    assert!(shown.data.created_at.is_some());
    let trimmed = v1.show(written.id).trim_user(true).include_entities(false).await.unwrap().data;
    assert!(trimmed.entities.is_none() && trimmed.user.unwrap().screen_name.is_none());
    let html = chirrup::text::html_for_tweet(&json, chirrup::text::HtmlOptions::default()).unwrap();
    assert!(html.contains("twython-hashtag") && html.contains("twython-mention"), "{html}");
    // Both APIs show the same world.
    assert_eq!(client.get_post(written.id).await.unwrap().data.text, written.text);
}

#[tokio::test]
async fn v1_timelines_and_writes_have_the_options_of_statuses() {
    let (_sandbox, client) = sandbox_and_client();
    let v1 = client.v1();
    let image = v1.upload_file(&b"\x89PNG"[..]).await.unwrap().data;
    v1.set_alt_text(image.media_id, "a heron").await.unwrap();
    let long = "heron ".repeat(40).trim_end().to_owned();
    macro_rules! with_options {
        ($call:expr) => {
            $call.tweet_mode("extended").trim_user(true).include_ext_alt_text(true).include_card_uri(true)
        };
    }
    let written = with_options!(v1.update(long.as_str()).media_ids([image.media_id])).await.unwrap().data;
    let statuses = [
        with_options!(v1.user_timeline().count(1)).await.unwrap().data.remove(0),
        with_options!(v1.home_timeline().count(1)).await.unwrap().data.remove(0),
        with_options!(v1.create_favorite(written.id)).await.unwrap().data,
        with_options!(v1.favorites().count(1)).await.unwrap().data.remove(0),
        with_options!(v1.destroy_favorite(written.id)).await.unwrap().data,
        with_options!(v1.destroy(written.id)).await.unwrap().data,
        written,
    ];
    for status in statuses {
        assert!(status.full_text.as_ref().is_some_and(|text| text.starts_with(&long)), "{status:?}");
        assert_eq!(status.user.unwrap().screen_name, None);
        assert_eq!(status.extended_entities.unwrap().media.unwrap()[0].ext_alt_text.as_deref(), Some("a heron"));
    }
    let card = with_options!(v1.update("a card").card_uri("card://1")).await.unwrap().data;
    assert_eq!(card.card_uri.as_deref(), Some("card://1"));
    assert_eq!(v1.show(card.id).await.unwrap().data.card_uri, None);
}

#[tokio::test]
async fn v1_statuses_are_replied_to_quoted_retweeted_liked_and_deleted() {
    let (sandbox, client) = sandbox_and_client();
    let (ada, robin) = (client.v1(), client.with_credentials(sandbox.oauth1("robin").unwrap()).v1());
    let first = ada.update("the first").await.unwrap().data;
    let answer = robin
        .update("an answer")
        .in_reply_to_status_id(first.id)
        .auto_populate_reply_metadata(true)
        .await
        .unwrap()
        .data;
    assert_eq!(
        (answer.in_reply_to_status_id, answer.in_reply_to_screen_name.as_deref()),
        (Some(first.id), Some("ada"))
    );
    assert!(answer.text.starts_with("@ada "));
    let url = format!("https://x.com/ada/status/{}", first.id);
    let quote = robin.update("look").attachment_url(url).await.unwrap().data;
    assert!(quote.is_quote_status && quote.quoted_status.unwrap().id == first.id);
    let repeat = robin.retweet(first.id).await.unwrap().data;
    assert_eq!(repeat.retweeted_status.unwrap().id, first.id);
    assert_eq!(robin.retweet(first.id).await.unwrap_err().problems()[0].code, Some(327));
    let liked = robin.create_favorite(first.id).await.unwrap().data;
    assert_eq!((liked.favorite_count, liked.favorited, liked.retweeted), (1, Some(true), Some(true)));
    assert_eq!(robin.create_favorite(first.id).await.unwrap_err().problems()[0].code, Some(139));
    assert_eq!(robin.favorites().await.unwrap().data[0].id, first.id);
    assert_eq!(ada.retweets_of_me().await.unwrap().data[0].id, first.id);
    assert_eq!(ada.retweets(first.id).count(5).await.unwrap().data.len(), 1);
    let who = ada.retweeter_ids(first.id).await.unwrap().data.ids;
    assert_eq!(who.iter().map(|id| id.get()).collect::<Vec<_>>(), [12]);
    assert_eq!(robin.destroy_favorite(first.id).await.unwrap().data.favorite_count, 0);
    assert_eq!(robin.unretweet(first.id).await.unwrap().data.retweet_count, 0);
    assert!(ada.mentions_timeline().await.unwrap().data.iter().any(|status| status.id == answer.id));
    let both = ada.lookup([first.id, answer.id, 7.into()]).await.unwrap().data;
    assert_eq!(ids(&both), [first.id.get(), answer.id.get()]);
    let again = ada.update("the first").await.unwrap_err();
    assert_eq!(
        (again.problems()[0].code, again.diagnosis().map(|diagnosis| diagnosis.id)),
        (Some(187), Some("duplicate-post"))
    );
    let long = ada.update("a".repeat(281)).await.unwrap_err();
    assert_eq!(long.problems()[0].code, Some(186));
    let embed = ada.oembed().id(first.id).maxwidth(300).omit_script(true).await.unwrap().data;
    assert!(embed.html.contains("the first") && !embed.html.contains("<script") && embed.width == Some(300));
    assert_eq!(ada.embed().id(first.id).await.unwrap().data.author_name, embed.author_name);
    // The path of publish.x.com, which needs no credentials.
    let published = client.call("GET", "/oembed").query("url", format!("https://x.com/i/statuses/{}", first.id));
    let published = published.unauthenticated().await.unwrap();
    let header = |name: &str| published.headers().get(name).map(|value| value.to_str().unwrap());
    assert_eq!(header("content-type"), Some("application/json; charset=utf-8"));
    assert_eq!(header("cache-control"), Some("must-revalidate, max-age=3153600000"));
    let year = header("expires").and_then(|date| date.split(' ').nth(3)?.parse::<u32>().ok());
    assert!(year > Some(2_100), "{year:?}");
    let published = published.data;
    assert_eq!(published["author_name"].as_str(), embed.author_name.as_deref());
    assert_eq!(robin.destroy(first.id).await.unwrap_err().problems()[0].code, Some(183));
    assert_eq!(ada.destroy(first.id).await.unwrap().data.id, first.id);
    let gone = ada.show(first.id).await.unwrap_err();
    assert_eq!((gone.kind(), gone.problems()[0].code), (ErrorKind::NotFound, Some(144)));
}

#[tokio::test]
async fn v1_timelines_are_paged_by_id() {
    let (_sandbox, client) = sandbox_and_client();
    let v1 = client.v1();
    let all = items(v1.user_timeline().screen_name("robin").count(7).items()).await;
    assert!(all.len() > 14, "{}", all.len());
    let numbers = ids(&all);
    assert!(numbers.is_sorted_by(|a, b| a > b), "the newest first, each once");
    let pages = v1.user_timeline().user_id(12).count(200).await.unwrap().data;
    assert_eq!(ids(&pages), numbers);
    let some = v1.user_timeline().user_id(12).since_id(numbers[5]).max_id(numbers[2]).await.unwrap().data;
    assert_eq!(ids(&some), numbers[2..5]);
    let plain = v1.user_timeline().user_id(12).exclude_replies(true).include_rts(false).count(200).await.unwrap().data;
    assert!(plain.iter().all(|status| status.in_reply_to_status_id.is_none() && status.retweeted_status.is_none()));
    assert!(plain.len() < pages.len());
    let home = items(v1.home_timeline().exclude_replies(false).items().limit(30)).await;
    assert_eq!((home.len(), ids(&home).into_iter().collect::<BTreeSet<_>>().len()), (30, 30));
    let mut walk = v1.home_timeline().count(5).pages();
    let first = walk.next_page().await.unwrap().unwrap().data;
    let token = walk.token().unwrap().to_owned();
    let second = walk.next_page().await.unwrap().unwrap().data;
    let later = v1.home_timeline().count(5).page_token(token).await.unwrap().data;
    assert_eq!(ids(&second), ids(&later), "a page token resumes where another client stopped");
    assert!(first[4].id > second[0].id);
}

#[tokio::test]
async fn v1_search_finds_and_pages() {
    let (_sandbox, client) = sandbox_and_client();
    let v1 = client.v1();
    let page = v1.search("rust OR data OR morning").count(10).lang("en").result_type("recent").await.unwrap();
    assert_eq!(page.data.statuses.len(), 10);
    let metadata = page.data.search_metadata.unwrap();
    assert!(metadata.next_results.unwrap().starts_with("?max_id=") && metadata.count == Some(10));
    let mut items = v1.search("rust OR data OR morning").count(10).items().limit(35);
    let mut found = BTreeSet::new();
    while let Some(status) = items.next_item().await {
        found.insert(status.unwrap().id);
    }
    assert_eq!(found.len(), 35, "each item once, over four pages");
    let none = v1.search("zzzzqqq").await.unwrap();
    assert!(none.data.statuses.is_empty() && none.meta.next_token.is_none());
    assert_eq!(v1.search("rust OR OR").await.unwrap_err().problems()[0].code, Some(195));
    let app = client.v1();
    assert!(!app.search("rust").as_app().await.unwrap().data.statuses.is_empty(), "the app may search, too");
}

#[tokio::test]
async fn v1_statuses_contain_places_coordinates_and_images() {
    let (_sandbox, client) = sandbox_and_client();
    let v1 = client.v1();
    let there = v1.update("from here").lat(38.72).long(-9.14).place_id("01a9a39529b27f36").await.unwrap().data;
    assert_eq!(there.coordinates.unwrap()["coordinates"][0], -9.14);
    assert_eq!(there.place.unwrap().country_code.as_deref(), Some("PT"));
    assert_eq!(v1.update("nowhere").lat(91.0).long(0.0).await.unwrap_err().problems()[0].code, Some(3));
    let picture = v1.upload_file(&b"\x89PNG not much of a picture"[..]).await.unwrap().data;
    let shown = v1.update("a picture").media_ids([picture.media_id]).await.unwrap().data;
    let media = shown.extended_entities.unwrap().media.unwrap();
    assert_eq!((media[0].id, media[0].kind.as_deref()), (picture.media_id, Some("photo")));
    let old = v1.update_with_file("the old way", &b"\x89PNG another"[..]).await.unwrap().data;
    assert!(old.extended_entities.is_some());
    let typed = v1.update_with_media("typed", "iVBORw0K").await.unwrap().data;
    assert_eq!(typed.entities.unwrap().media.unwrap().len(), 1);
    assert_eq!(v1.update("not mine").media_ids([99]).await.unwrap_err().problems()[0].code, Some(324));
}

#[tokio::test]
async fn own_post_returns_written_posts_without_a_request() {
    let (sandbox, client) = sandbox_and_client();
    let post = client.create_post().text("remember me").await.unwrap().data.id;
    let old = client.v1().update("and me").await.unwrap().data.id;
    let message = client.user(12).send("psst").await.unwrap().data.event;
    let calls = sandbox.journal().len();
    shows!(
        ["pytweet.client.get_tweet", "pytweet.client.cache.tweets"],
        assert_eq!(client.own_post(post).unwrap().text, "remember me")
    );
    part!({
        assert_eq!(client.own_post(old).unwrap().text, "and me");
        shows!(
            ["pytweet.client.cache.tweets", "pytweet.client.get_tweet"],
            assert!(client.own_post(20).is_none(), "posts of others are not")
        );
    });
    part!({
        let own = client.own_message(&message.id).unwrap();
        shows!(
            ["pytweet.client.get_message", "pytweet.client.cache.messages"],
            assert_eq!((own.text.as_str(), own.to), ("psst", Some(12.into())))
        );
    });
    shows!("pytweet.client.get_message", assert!(client.own_message("7").is_none()));
    shows!(
        ["pytweet.client.get_tweet", "pytweet.client.get_message"],
        assert_eq!(sandbox.journal().len(), calls, "nothing was sent")
    );
    part!({
        client.delete_post(post).await.unwrap();
        client.message(message.id.parse::<u64>().unwrap()).delete().await.unwrap();
        shows!(
            "pytweet.client.cache.tweets",
            assert!(client.own_post(post).is_none() && client.own_post(old).is_some())
        );
    });
    shows!("pytweet.client.cache.messages", assert!(client.own_message(&message.id).is_none()));
    part!({
        assert_eq!(client.last_header("server").as_deref(), Some("chirrup-sandbox"));
        shows!("twython.get_lastfunction_header.default", assert!(client.last_header("x-rate-limit-none").is_none()));
    });
    part!({
        client.v1().user_timeline().await.unwrap();
        shows!(
            "twython.get_lastfunction_header",
            assert_eq!(client.last_header("x-rate-limit-limit").as_deref(), Some("900"))
        );
    });
}

#[tokio::test]
async fn v1_show_accepts_the_id_in_path_or_query() {
    let (_sandbox, client) = sandbox_and_client();
    let v1 = client.v1();
    let by_path = v1.show(20).tweet_mode("extended").await.unwrap();
    let by_parameter = v1.status_by_id(20).tweet_mode("extended").await.unwrap();
    assert_eq!(by_path.data, by_parameter.data);
    let left = [by_path.limit(), by_parameter.limit()].map(|limit| limit.unwrap().remaining);
    assert_eq!(left[0], left[1] + 1, "they share one count");
    let several = client.call("GET", "/1.1/statuses/lookup.json?id[]=20&id[]=21,22").as_app().await.unwrap();
    let several = several.data.as_array().unwrap().len();
    assert_eq!(several, v1.lookup([20, 21, 22]).await.unwrap().data.len(), "no item of several is lost");
    let named = client.route("statuses/show").arg("_id", 20).await.unwrap();
    assert_eq!(named.data["id_str"], "20");
}

#[tokio::test]
async fn v1_errors_have_numeric_codes() {
    let (sandbox, client) = sandbox_and_client();
    part!({
        let stranger = crate::common::client(&sandbox, chirrup::Credentials::app_only("wrong")).v1();
        assert_eq!(stranger.search("rust").await.unwrap_err().problems()[0].code, Some(89));
        let wrong = crate::common::client(&sandbox, chirrup::Credentials::oauth1("a", "b", "12-c", "d")).v1();
        let refused = wrong.verify_credentials().await.unwrap_err();
        shows!(
            "twython.error.auth",
            assert_eq!((refused.kind(), refused.problems()[0].code), (ErrorKind::Unauthorized, Some(32)))
        );
    });
    part!({
        let nothing = client.call("GET", "/1.1/statuses/show/20.json").unauthenticated().await.unwrap_err();
        shows!("twython.error.auth", {
            assert_eq!((nothing.status_code(), nothing.problems()[0].code), (Some(400), Some(215)));
            assert_eq!(nothing.kind(), ErrorKind::Unauthorized);
        });
    });
    let app = crate::common::client(&sandbox, sandbox.app_only());
    part!({
        let misfit = app.v1().update("x").await.unwrap_err();
        assert_eq!(misfit.kind(), ErrorKind::Credentials, "a call that cannot succeed is not sent");
        let missing = app.v1().user_by_id().await.unwrap_err();
        assert_eq!((missing.status_code(), missing.problems()[0].code), (Some(403), Some(38)));
        let unknown = app.v1().user_by_id().screen_name("nobody_here").await.unwrap_err();
        shows!(
            "twython.error.base",
            assert_eq!((unknown.kind(), unknown.problems()[0].code), (ErrorKind::NotFound, Some(50)))
        );
    });
    let used = async |client: &Client| {
        let mut last = None;
        for _ in 0..20 {
            last = client.v1().follower_ids().screen_name("robin").await.err();
        }
        last.unwrap()
    };
    let limited = used(&app).await;
    shows!(
        "twython.error.rate_limit",
        assert_eq!((limited.kind(), limited.problems()[0].code), (ErrorKind::RateLimited, Some(88)))
    );
    shows!("twython.error.rate_limit", assert!(limited.retry_after().is_some()));
}
