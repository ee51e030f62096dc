//! Posts: look-up, writing, search and counts.

use chirrup::ErrorKind;
use chirrup::model::{
    Dialect, Expansion, Granularity, NewMedia, NewPoll, NewReply, PlaceField, PollField, PostField, PostId,
    ReferenceKind, ReplySettings, SortOrder, Timestamp, UserField,
};
use chirrup::{Client, Credentials};
use serde_json::json;

use crate::common::{id, post, sandbox, sandbox_and_client};

#[tokio::test]
async fn a_post_is_returned_with_its_expansions() {
    let (_sandbox, client) = sandbox_and_client();
    let plain = client.get_post(20).await.unwrap();
    assert_eq!(plain.data.text, "first light, first song, first post");
    assert_eq!((plain.data.author_id, plain.data.edit_history_post_ids.as_ref()), (None, [PostId::new(20)].as_slice()));
    let full = client
        .get_post("20")
        .post_fields([PostField::PublicMetrics, PostField::Lang])
        .user_fields([UserField::Verified])
        .expansions([Expansion::AuthorId])
        .await
        .unwrap();
    shows!(
        ["pytweet.tweet.author", "tweepy.opt.return_type.response"],
        assert_eq!(full.author(&full.data).unwrap().username, "robin")
    );
    assert!(full.author(&full.data).unwrap().verified.is_some());
    assert_eq!(full.data.lang.as_deref(), Some("en"));
    assert!(full.data.public_metrics.is_some());
    assert!(full.limit().is_some() && full.body().starts_with(b"{") && full.headers().contains_key("x-access-level"));
}

#[tokio::test]
async fn posts_keep_the_requested_order_and_missing_ones_are_errors() {
    let (_sandbox, client) = sandbox_and_client();
    let known = client.search_recent("lang:en rust").await.unwrap().data;
    let ids = [known[1].id, PostId::new(404), known[0].id, known[1].id];
    let response = client.get_posts(ids).await.unwrap();
    assert_eq!(response.data.iter().map(|p| p.id).collect::<Vec<_>>(), [known[1].id, known[0].id]);
    assert_eq!(response.errors.len(), 1);
    assert_eq!(response.errors[0].resource_id.as_deref(), Some("404"));
    assert_eq!(response.errors[0].detail, "Could not find tweet with ids: [404].");
    let none = client.get_posts([404_u64]).await.unwrap();
    assert!(none.data.is_empty() && none.errors.len() == 1);
}

#[tokio::test]
async fn a_missing_post_is_a_not_found_error() {
    let (_sandbox, client) = sandbox_and_client();
    let error = client.get_post(404).await.unwrap_err();
    shows!(["pytweet.error.not_found", "pytweet.error.api"], assert_eq!(error.kind(), ErrorKind::NotFound));
    part!({
        assert_eq!(error.problems()[0].resource_id.as_deref(), Some("404"));
        shows!("pytweet.error.api", assert_eq!(error.status_code(), Some(200)));
    });
    assert!(error.hint().is_some());
}

#[tokio::test]
async fn a_post_is_created_replied_to_quoted_and_deleted() {
    let (sandbox, client) = sandbox_and_client();
    let me = client.me().await.unwrap();
    let post =
        client.create_post().text("Hello from the tests").reply_settings(ReplySettings::Following).await.unwrap();
    assert_eq!(post.raw.status, 201);
    part!({
        let answer = sandbox.write_reply("robin", "Their answer", post.data.id).unwrap();
        let answer = client.get_post(answer).post_fields([PostField::ConversationId]).await.unwrap().data;
        shows!("pytweet.tweet.conversation_id", assert_eq!(answer.conversation_id, Some(post.data.id)));
    });
    let answer = client.create_post().text("An answer").reply(post.data.id).await.unwrap().data;
    let quote = client.post(post.data.id).quote("A quote").await.unwrap().data;
    let response = client
        .get_posts([answer.id, quote.id])
        .post_fields([PostField::ConversationId, PostField::InReplyToUserId, PostField::ReferencedPosts])
        .expansions([Expansion::ReferencedPosts, Expansion::InReplyToUserId])
        .await
        .unwrap();
    assert_eq!(response.data[0].replied_to(), Some(post.data.id));
    assert_eq!(response.data[0].conversation_id, Some(post.data.id));
    assert_eq!(response.data[0].in_reply_to_user_id, Some(me));
    assert_eq!(response.data[1].quoted(), Some(post.data.id));
    assert_eq!(response.referenced(&response.data[1], ReferenceKind::Quoted).unwrap().text, "Hello from the tests");
    assert_eq!(response.includes.users[0].username, "ada");
    assert_eq!(client.quotes(post.data.id).await.unwrap().data[0].id, quote.id);
    assert!(client.delete_post(post.data.id).await.unwrap().data.deleted);
    assert_eq!(client.get_post(post.data.id).await.unwrap_err().kind(), ErrorKind::NotFound);
    let orphan = client.get_post(answer.id).expansions([Expansion::ReferencedPosts]).await.unwrap();
    assert_eq!(orphan.errors[0].parameter.as_deref(), Some("referenced_tweets.id"));
}

/// A community of the demo world.
const RUST: u64 = 1_488_952_693_443_416_067;

#[tokio::test]
async fn posts_contain_polls_media_places_and_communities() {
    let (sandbox, client) = sandbox_and_client();
    part!({
        let poll = json!({"text": "Tea?", "poll": {"options": ["Yes", "No"], "duration_minutes": 60}});
        let poll: PostId = id(&post(&sandbox, "/2/tweets", &poll), "/data/id");
        let fields = [PollField::DurationMinutes, PollField::VotingStatus];
        let polled = client.get_post(poll).expansions([Expansion::PollIds]).poll_fields(fields).await.unwrap();
        let poll = polled.poll(&polled.data).unwrap();
        shows!(
            ["pytweet.poll.options", "pytweet.poll_option"],
            assert_eq!((poll.options[1].label.as_str(), poll.duration_minutes), ("No", Some(60)))
        );
        shows!("pytweet.poll.voting_status", assert_eq!(poll.voting_status.as_deref(), Some("open")));
    });
    let media =
        client.create_post().text("Look").media(NewMedia::new([1_u64, 2]).tag([12.into()])).await.unwrap().data.id;
    let place: chirrup::model::PlaceId = "01a9a39529b27f36".parse().unwrap();
    let placed =
        client.create_post().text("Here").geo(place).community_id(RUST).made_with_ai(false).await.unwrap().data.id;
    let response = client
        .get_posts([media, placed])
        .post_fields([PostField::CommunityId])
        .expansions([Expansion::MediaKeys, Expansion::PlaceId])
        .place_fields([PlaceField::CountryCode])
        .await
        .unwrap();
    let [pictured, located] = &response.data[..] else { panic!("two posts") };
    assert_eq!(response.media(pictured).count(), 2);
    assert_eq!(response.place(located).unwrap().country_code.as_deref(), Some("PT"));
    assert_eq!(located.community_id.unwrap().get(), RUST);
    let unknown = client.create_post().text("Nowhere").community_id(77_u64).await.unwrap_err();
    assert_eq!(unknown.kind(), ErrorKind::Invalid);
}

#[tokio::test]
async fn all_parameters_of_a_post_are_sent() {
    let (_sandbox, client) = sandbox_and_client();
    let answer = client
        .create_post()
        .text("with all flags")
        .reply(NewReply::to(20).exclude([12.into()]))
        .for_super_followers_only(false)
        .share_with_followers(true)
        .nullcast(false)
        .paid_partnership(true)
        .made_with_ai(false)
        .await
        .unwrap();
    let post = client.get_post(answer.data.id).post_fields([PostField::PaidPartnership]).await.unwrap();
    assert_eq!(post.data.paid_partnership, Some(true));
    let deep = client
        .create_post()
        .text("write me")
        .direct_message_deep_link("https://x.com/messages/compose?recipient_id=12");
    assert!(deep.await.is_ok());
    let card = client.create_post().card_uri("card://1").await.unwrap().data.id;
    let card = client.get_post(card).post_fields([PostField::CardUri]).await.unwrap().data;
    assert_eq!(card.card_uri.as_deref(), Some("card://1"));
}

#[tokio::test]
async fn unset_parameters_are_not_sent() {
    let (_sandbox, client) = sandbox_and_client();
    let parts = client.create_post().text("short").call().to_http(Dialect::Tweet).unwrap();
    assert_eq!((&parts.body[..], parts.target.as_str()), (br#"{"text":"short"}"#.as_slice(), "/2/tweets"));
    let parts = client.create_post().media(NewMedia::new([1_u64])).call().to_http(Dialect::Tweet).unwrap();
    assert_eq!(&parts.body[..], br#"{"media":{"media_ids":["1"]}}"#);
    let parts = client
        .get_posts([1_u64, 2])
        .post_fields([PostField::Id, PostField::Lang])
        .call()
        .to_http(Dialect::Tweet)
        .unwrap();
    assert_eq!(parts.target, "/2/tweets?ids=1%2C2&tweet.fields=id%2Clang");
}

#[tokio::test]
async fn an_edit_creates_a_version_and_deletion_removes_all_versions() {
    let (sandbox, client) = sandbox_and_client();
    let first = client.create_post().text("Frist").await.unwrap().data.id;
    let second = client.create_post().text("First").edit_options(first).await.unwrap().data;
    assert_eq!(second.edit_history_post_ids, [first, second.id]);
    let stale = client.create_post().text("Again").edit_options(first).await.unwrap_err();
    assert_eq!(stale.kind(), ErrorKind::Forbidden);
    client.delete_post(second.id).await.unwrap();
    assert_eq!(client.get_post(first).await.unwrap_err().kind(), ErrorKind::NotFound);
    let late = client.create_post().text("Late").await.unwrap().data.id;
    sandbox.clock().advance(std::time::Duration::from_secs(3_700));
    let oauth2 = client.with_credentials(sandbox.oauth2("ada", &["tweet.read", "tweet.write", "users.read"]).unwrap());
    assert_eq!(
        oauth2.create_post().text("Too late").edit_options(late).await.unwrap_err().kind(),
        ErrorKind::Forbidden
    );
}

#[tokio::test]
async fn invalid_posts_are_rejected_as_by_x() {
    let (_sandbox, client) = sandbox_and_client();
    client.create_post().text("Once").await.unwrap();
    let twice = client.create_post().text("Once").await.unwrap_err();
    assert!(twice.message().contains("duplicate content"), "{twice}");
    let nothing = client.create_post().await.unwrap_err();
    assert_eq!((nothing.kind(), nothing.status_code()), (ErrorKind::Invalid, Some(400)));
    let long = client.create_post().text("a".repeat(281)).await.unwrap_err();
    assert_eq!(long.kind(), ErrorKind::Forbidden);
    let lost = client.create_post().text("?").reply(NewReply::to(404).exclude([12.into()])).await.unwrap_err();
    assert!(lost.message().contains("deleted or not visible"), "{lost}");
    let both = client.create_post().text("?").quote(20).poll(NewPoll::new(["a", "b"], 5)).await.unwrap_err();
    assert_eq!(both.kind(), ErrorKind::Invalid);
    let foreign = client.create_post().media(NewMedia::new([999_u64])).await.unwrap_err();
    assert!(foreign.message().contains("Your media IDs are invalid."), "{foreign}");
    let other = client.delete_post(20).await.unwrap_err();
    assert_eq!(other.kind(), ErrorKind::Forbidden);
}

#[tokio::test]
async fn invalid_arguments_are_rejected_before_sending() {
    // No server listens there: a request that is sent fails with a network error.
    let client =
        Client::builder().base_url("http://127.0.0.1:9").credentials(Credentials::app_only("t")).build().unwrap();
    let cases = [
        client.get_post("abc").await.unwrap_err(),
        client.search_recent("rust").max_results(101).await.unwrap_err(),
        client.search_recent("").await.unwrap_err(),
        client.get_posts(Vec::<PostId>::new()).await.unwrap_err(),
        client.get_posts((1..=101_u64).map(PostId::new)).await.unwrap_err(),
        client.search_recent("rust").since_id(1).start_time("2026-01-01T00:00:00Z").await.unwrap_err(),
        client.get_user_by_name("@no").await.unwrap_err(),
    ];
    for error in cases {
        assert_eq!(error.kind(), ErrorKind::Argument, "{error}");
    }
    let error = client.search_recent("rust").max_results(101).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "search_recent: parameter `max_results`: must be between 10 and 100; the value is 101"
    );
    let user = Client::builder().base_url("http://127.0.0.1:9").credentials(Credentials::oauth2("t")).build().unwrap();
    let error = user.create_post().poll(NewPoll::new(["only one"], 5)).await.unwrap_err();
    assert!(error.message().contains("`.options`"), "{error}");
}

#[tokio::test]
async fn search_supports_the_query_operators() {
    let (_sandbox, client) = sandbox_and_client();
    let response = client
        .search_recent("#rustlang lang:en -is:retweet")
        .max_results(100)
        .post_fields([PostField::Entities, PostField::Lang, PostField::ReferencedPosts])
        .await
        .unwrap();
    assert!(!response.data.is_empty());
    for post in &response.data {
        assert_eq!(post.lang.as_deref(), Some("en"));
        assert!(post.entities.as_ref().unwrap().hashtags.iter().any(|h| h.tag == "rustlang"));
        assert_eq!(post.reposted(), None);
    }
    shows!("tweepy.param.sort_order", assert!(response.data.is_sorted_by(|a, b| a.id > b.id), "newest first"));
    assert_eq!(response.meta.newest_id, Some(response.data[0].id.to_string()));
    let ranked =
        client.search_recent("coffee OR espresso OR birding OR rust").sort_order(SortOrder::Relevancy).await.unwrap();
    assert!(!ranked.data.is_empty());
    let bad = client.search_recent("rust (lang:en").await.unwrap_err();
    assert_eq!(bad.kind(), ErrorKind::Invalid);
    assert!(bad.message().contains("(at position 6)"), "{bad}");
    let empty = client.search_recent("zebrafish").await.unwrap();
    assert_eq!((empty.data.len(), empty.meta.result_count), (0, Some(0)));
    assert!(empty.json().get("data").is_none(), "no data key when nothing is found");
}

#[tokio::test]
async fn search_finds_new_posts_immediately_and_no_deleted_ones() {
    let (_sandbox, client) = sandbox_and_client();
    let id = client.create_post().text("A very pangolin morning #pangolins").await.unwrap().data.id;
    for query in ["pangolin", "\"pangolin morning\"", "#Pangolins", "from:ada pangolin", "pangolin -cat"] {
        let found = client.search_recent(query).await.unwrap().data;
        assert_eq!(found.iter().map(|p| p.id).collect::<Vec<_>>(), [id], "{query}");
    }
    client.delete_post(id).await.unwrap();
    assert!(client.search_recent("pangolin").await.unwrap().data.is_empty());
}

#[tokio::test]
async fn counts_match_search_results() {
    let (_sandbox, client) = sandbox_and_client();
    let found = client.search_recent("rust").max_results(100).items().collect().await.unwrap().len();
    for granularity in [Granularity::Hour, Granularity::Day] {
        let counts = client.count_recent("rust").granularity(granularity).await.unwrap();
        assert_eq!(counts.meta.total_post_count, Some(found as u64));
        assert_eq!(counts.data.iter().map(|c| c.post_count).sum::<u64>(), found as u64);
        assert!(counts.data.is_sorted_by(|a, b| a.end == b.start), "buckets follow each other");
    }
}

#[tokio::test]
async fn both_dialects_return_the_same_posts() {
    let sandbox = sandbox();
    let ask = async |dialect| {
        let credentials = sandbox.app_only();
        let client =
            Client::builder().credentials(credentials).base_url(sandbox.url()).dialect(dialect).build().unwrap();
        client
            .search_recent("is:quote lang:en rust OR good")
            .post_fields([PostField::PublicMetrics])
            .expansions([Expansion::ReferencedPosts])
            .await
            .unwrap()
    };
    let (tweet, post) = (ask(Dialect::Tweet).await, ask(Dialect::Post).await);
    assert_eq!((&tweet.data, &tweet.includes), (&post.data, &post.includes));
    let text = |response: &chirrup::Response<_>| String::from_utf8(response.body().to_vec()).unwrap();
    assert!(text(&tweet).contains("referenced_tweets") && text(&tweet).contains("retweet_count"));
    assert!(text(&post).contains("referenced_posts") && !text(&post).contains("retweet_count"));
}

#[tokio::test]
async fn likers_and_reposters_are_listed() {
    let (_sandbox, client) = sandbox_and_client();
    let id = client.create_post().text("Like me").await.unwrap().data.id;
    assert!(client.post(id).like().await.unwrap().data.liked);
    assert!(client.post(id).like().await.unwrap().data.liked, "a second call is not an error");
    assert!(client.post(id).repost().await.unwrap().data.reposted);
    assert_eq!(client.post(id).likers().await.unwrap().data[0].username, "ada");
    assert_eq!(client.post(id).reposters().await.unwrap().data[0].username, "ada");
    let metrics =
        client.get_post(id).post_fields([PostField::PublicMetrics]).await.unwrap().data.public_metrics.unwrap();
    assert_eq!((metrics.like_count, metrics.repost_count), (1, 1));
    assert!(!client.post(id).unlike().await.unwrap().data.liked);
    assert!(!client.post(id).unlike().await.unwrap().data.liked, "a second call is not an error either");
    assert!(!client.post(id).undo_repost().await.unwrap().data.reposted);
    assert!(client.liking_users(id).await.unwrap().data.is_empty());
    assert!(client.post(id).reposters().await.unwrap().data.is_empty());
    assert_eq!(client.post(404).likers().await.unwrap().errors.len(), 1);
}

#[tokio::test]
async fn only_the_author_of_a_thread_can_hide_replies() {
    let (sandbox, client) = sandbox_and_client();
    let robin = client.with_credentials(sandbox.oauth1("robin").unwrap());
    let root = client.create_post().text("What do you think?").await.unwrap().data.id;
    let response = robin.post(root).reply("Nothing good.").await.unwrap().data.id;
    assert!(client.post(response).hide().await.unwrap().data.hidden);
    assert!(!client.post(response).unhide().await.unwrap().data.hidden);
    assert_eq!(robin.post(response).hide().await.unwrap_err().kind(), ErrorKind::Forbidden);
    assert_eq!(client.hide_reply(root, true).await.unwrap_err().kind(), ErrorKind::Forbidden);
}

#[tokio::test]
async fn reposts_are_listed_as_posts() {
    let (sandbox, client) = sandbox_and_client();
    let robin = client.with_credentials(sandbox.oauth1("robin").unwrap());
    let id = client.create_post().text("Pass it on").await.unwrap().data.id;
    client.create_post().text("Keep it").await.unwrap();
    let repost = robin.post(id).repost().await.unwrap().data.rest_id.unwrap();
    let listed = client.reposts(id).post_fields([PostField::ReferencedPosts]).await.unwrap().data;
    assert_eq!((listed[0].id, listed[0].reposted()), (repost, Some(id)));
    assert_eq!(listed[0].text, "RT @ada: Pass it on");
    assert_eq!(client.reposts_of_me().await.unwrap().data[0].id, id);
}

#[tokio::test]
async fn full_archive_search_finds_older_posts() {
    let (sandbox, _) = sandbox_and_client();
    let client = crate::common::client(&sandbox, sandbox.app_only());
    let week = client.search_recent("from:robin").items().collect().await.unwrap().len();
    let all = client.search_all("from:robin").max_results(500).await.unwrap();
    assert!(all.data.len() > week, "{} and {week}", all.data.len());
    let error = client.search_all("entity:\"Rust\"").await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Invalid | ErrorKind::RateLimited), "one per second");
}

#[tokio::test]
async fn private_metrics_are_visible_to_the_author_only() {
    let (_sandbox, client) = sandbox_and_client();
    let own = client.create_post().text("Mine").await.unwrap().data.id;
    let response = client.get_posts([own, 20.into()]).post_fields([PostField::NonPublicMetrics]).await.unwrap();
    assert!(response.data[0].non_public_metrics.is_some() && response.data[1].non_public_metrics.is_none());
    assert_eq!(response.errors[0].field.as_deref(), Some("non_public_metrics"));
}

#[tokio::test]
async fn times_older_than_a_week_are_rejected() {
    let (sandbox, client) = sandbox_and_client();
    let old = sandbox.clock().now().plus_millis(-9 * 86_400_000);
    let error = client.search_recent("rust").start_time(old).await.unwrap_err();
    assert!(error.message().contains("must be on or after"), "{error}");
    let soon: Timestamp = sandbox.clock().now();
    let error = client.search_recent("rust").end_time(soon).await.unwrap_err();
    assert!(error.message().contains("10 seconds"), "{error}");
    let day =
        client.search_recent("rust").start_time(soon.plus_millis(-2 * 86_400_000)).post_fields([PostField::CreatedAt]);
    for post in day.await.unwrap().data {
        assert!(post.created_at.unwrap() >= soon.plus_millis(-2 * 86_400_000));
    }
}
