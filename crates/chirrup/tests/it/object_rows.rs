//! Objects as X sends them, and the value of each field that a row names.

use chirrup::model::v1::{CustomProfile, MessageEvent, QuickReply, WelcomeMessage, WelcomeMessageRule};
use chirrup::model::{
    DmEvent, Media, MediaType, Poll, Post, PostId, ReferenceKind, ReplySettings, Space, SpaceState, Timestamp, User,
};
use serde_json::json;

use crate::common::{id, post, sandbox_and_client};

const AT: &str = "2026-03-01T12:30:45.000Z";

macro_rules! object {
    ($json:tt) => {
        serde_json::from_value(json!($json)).unwrap()
    };
}

fn at() -> Option<Timestamp> {
    Some(AT.parse().unwrap())
}

#[test]
fn users_and_posts_have_the_fields_of_x() {
    let user: User = object!({
        "id": "12", "name": "Robin", "username": "robin", "protected": true, "url": "https://t.co/a", "created_at": AT,
        "pinned_tweet_id": "20", "verified": true, "location": "Oslo", "description": "birds",
        "public_metrics": {"followers_count": 3, "following_count": 4, "tweet_count": 5, "listed_count": 6},
    });
    let bare: User = object!({"id": "12", "name": "Robin", "username": "robin"});
    shows!("pytweet.user.link", assert_eq!((user.url.as_deref(), &bare.url), (Some("https://t.co/a"), &None)));
    shows!(["pytweet.user.private", "pytweet.user.protected"], {
        assert_eq!((user.protected, bare.protected), (Some(true), None));
    });
    shows!("pytweet.user.created_at", assert_eq!((user.created_at, bare.created_at), (at(), None)));
    shows!("pytweet.user.str", assert_eq!(user.to_string(), "Robin"));
    shows!(["pytweet.user", "pytweet.user.username"], {
        let metrics = user.public_metrics.as_ref().unwrap();
        assert_eq!((user.id.get(), user.username.as_str(), user.pinned_post_id.unwrap().get()), (12, "robin", 20));
        assert_eq!((user.location.as_deref(), user.description.as_deref()), (Some("Oslo"), Some("birds")));
        assert_eq!((metrics.followers_count, metrics.post_count), (3, 5));
    });
    let post: Post = object!({
        "id": "20", "text": "hello @robin https://t.co/a", "author_id": "12", "possibly_sensitive": true, "created_at": AT,
        "source": "Birds", "reply_settings": "mentionedUsers", "conversation_id": "19", "lang": "en",
        "referenced_tweets": [{"type": "replied_to", "id": "19"}, {"type": "quoted", "id": "18"}],
        "entities": {
            "mentions": [{"start": 6, "end": 12, "username": "robin", "id": "12"}],
            "urls": [{
                "start": 13, "end": 27, "url": "https://t.co/a", "expanded_url": "https://example.com/a",
                "display_url": "example.com/a", "title": "A heron", "description": "It stands.", "status": 200,
                "unwound_url": "https://example.com/b",
                "images": [{"url": "https://pbs.twimg.com/1", "width": 1_200, "height": 630}],
            }],
        },
    });
    shows!("pytweet.tweet", {
        assert_eq!((post.id.get(), post.author_id.unwrap().get(), post.lang.as_deref()), (20, 12, Some("en")));
        assert_eq!(post.referenced(ReferenceKind::Quoted).unwrap().get(), 18);
    });
    shows!(["pytweet.tweet.possibly_sensitive", "pytweet.tweet.sensitive"], {
        assert_eq!(post.possibly_sensitive, Some(true));
    });
    shows!("pytweet.tweet.created_at", assert_eq!(post.created_at, at()));
    shows!("pytweet.tweet.source", assert_eq!(post.source.as_deref(), Some("Birds")));
    shows!(["pytweet.tweet.raw_reply_setting", "pytweet.tweet.reply_setting"], {
        assert_eq!(post.reply_settings.as_deref(), Some("mentionedUsers"));
    });
    shows!("pytweet.reply_setting", {
        let words = [ReplySettings::MentionedUsers, ReplySettings::Following];
        assert_eq!(words.map(|word| word.to_string()), ["mentionedUsers", "following"]);
    });
    shows!("pytweet.tweet.conversation_id", assert_eq!(post.conversation_id.unwrap().get(), 19));
    let entities = post.entities.as_ref().unwrap();
    shows!("pytweet.tweet.mentions", {
        assert_eq!((entities.mentions[0].username.as_str(), entities.mentions[0].id.unwrap().get()), ("robin", 12));
    });
    shows!(["pytweet.embed", "pytweet.tweet.embeds"], {
        let link = &entities.urls[0];
        assert_eq!((link.url.as_str(), link.display_url.as_deref()), ("https://t.co/a", Some("example.com/a")));
        assert_eq!(link.expanded_url.as_deref(), Some("https://example.com/a"));
        assert_eq!(link.unwound_url.as_deref(), Some("https://example.com/b"));
        assert_eq!((link.title.as_deref(), link.description.as_deref()), (Some("A heron"), Some("It stands.")));
    });
    shows!(["pytweet.embed.images", "pytweet.embed.image"], {
        let image = &entities.urls[0].images[0];
        assert_eq!(
            (image.url.as_str(), image.width, image.height),
            ("https://pbs.twimg.com/1", Some(1_200), Some(630))
        );
    });
    shows!("pytweet.tweet.str", assert_eq!(post.to_string(), "hello @robin https://t.co/a"));
}

#[test]
fn polls_media_and_spaces_have_the_fields_of_x() {
    let poll: Poll = object!({
        "id": "7", "duration_minutes": 60, "end_datetime": AT, "voting_status": "closed",
        "options": [{"position": 1, "label": "Yes", "votes": 4}, {"position": 2, "label": "No", "votes": 9}],
    });
    shows!(["pytweet.poll", "pytweet.poll.len"], {
        assert_eq!((poll.id.to_string().as_str(), poll.duration_minutes, poll.options.len()), ("7", Some(60), 2));
    });
    shows!(["pytweet.poll.options", "pytweet.poll_option"], {
        let last = &poll.options[1];
        assert_eq!((last.position, last.label.as_str(), last.votes), (2, "No", 9));
    });
    shows!("pytweet.poll.voting_status", assert_eq!(poll.voting_status.as_deref(), Some("closed")));
    shows!("pytweet.poll.end_date", assert_eq!(poll.end_datetime, at()));
    let media: Media = object!({
        "media_key": "3_1", "type": "video", "url": "https://pbs.twimg.com/u", "preview_image_url": "https://pbs.twimg.com/p",
        "duration_ms": 900, "width": 4, "height": 3, "alt_text": "a heron",
    });
    shows!(["pytweet.media", "pytweet.media_type"], {
        assert_eq!((media.media_key.as_str(), &media.kind, media.duration_ms), ("3_1", &MediaType::Video, Some(900)));
        assert_eq!((media.width, media.height, media.alt_text.as_deref()), (Some(4), Some(3), Some("a heron")));
        let photo: Media = object!({"media_key": "3_2", "type": "photo"});
        assert_eq!(photo.kind, MediaType::Photo);
    });
    shows!("pytweet.media.url", assert_eq!(media.url.as_deref(), Some("https://pbs.twimg.com/u")));
    shows!("pytweet.media.preview_image_url", {
        assert_eq!(media.preview_image_url.as_deref(), Some("https://pbs.twimg.com/p"));
    });
    let space = |state: &str| -> Space {
        object!({
            "id": "1ynKOZVRyOwxR", "state": state, "is_ticketed": true, "created_at": AT, "started_at": AT, "updated_at": AT,
            "invited_user_ids": ["12", "13"], "title": "Birds", "host_ids": ["14"], "creator_id": "15", "lang": "en",
        })
    };
    let live = space("live");
    shows!("pytweet.space", {
        assert_eq!((live.id.as_str(), live.title.as_deref()), ("1ynKOZVRyOwxR", Some("Birds")));
        assert_eq!((live.creator_id.unwrap().get(), live.host_ids.as_ref().unwrap()[0].get()), (15, 14));
    });
    shows!("pytweet.space.is_ticketed", assert_eq!(live.is_ticketed, Some(true)));
    shows!(["pytweet.space.state", "pytweet.space_state"], {
        assert_eq!(
            (live.state.as_ref(), space("scheduled").state),
            (Some(&SpaceState::Live), Some(SpaceState::Scheduled))
        );
    });
    shows!("pytweet.space.created_at", assert_eq!(live.created_at, at()));
    shows!("pytweet.space.started_at", assert_eq!(live.started_at, at()));
    shows!("pytweet.space.updated_at", assert_eq!(live.updated_at, at()));
    shows!("pytweet.space.invited_users", {
        assert_eq!(live.invited_user_ids.as_ref().unwrap()[..], [12.into(), 13.into()]);
    });
}

#[test]
fn direct_messages_have_the_fields_of_x() {
    const MILLIS: &str = "1772368245000";
    let entity = |text: &str| json!([{"text": text, "indices": [0, 4]}]);
    let message: MessageEvent = object!({
        "type": "message_create", "id": "1234", "created_timestamp": MILLIS,
        "message_create": {
            "target": {"recipient_id": "12"}, "sender_id": "13", "source_app_id": "5", "custom_profile_id": "6",
            "message_data": {
                "text": "see #birds $OAK @robin https://t.co/a",
                "entities": {
                    "hashtags": entity("birds"), "symbols": entity("OAK"),
                    "user_mentions": [{"screen_name": "robin", "id": 12, "id_str": "12", "name": "Robin", "indices": [1, 2]}],
                    "urls": [{
                        "url": "https://t.co/a", "expanded_url": "https://example.com/a", "display_url": "example.com/a",
                        "indices": [3, 4],
                    }],
                },
                "quick_reply": {"type": "options", "options": [{"label": "Yes", "description": "I will", "metadata": "y"}]},
                "quick_reply_response": {"type": "options", "metadata": "y"},
                "attachment": {"type": "media", "media": {"id": 77, "type": "photo"}},
                "ctas": [{"type": "web_url", "label": "See", "url": "https://t.co/b", "tco_url": "https://t.co/b"}],
            },
        },
    });
    let data = message.data().unwrap();
    let entities = data.entities.as_ref().unwrap();
    shows!(["pytweet.message", "pytweet.dm"], {
        assert_eq!((message.id.as_str(), message.text()), ("1234", "see #birds $OAK @robin https://t.co/a"));
        assert_eq!(message.sender().unwrap().get(), 13);
    });
    shows!(["pytweet.dm.event_type", "pytweet.message_event_type"], {
        assert_eq!(message.kind.as_deref(), Some("message_create"));
    });
    shows!("pytweet.dm.recipient", assert_eq!(message.recipient().unwrap().get(), 12));
    shows!("pytweet.dm.created_at", assert_eq!(message.created_at(), at()));
    shows!("pytweet.dm.hashtags", assert_eq!(entities.hashtags.as_ref().unwrap()[0].text, "birds"));
    shows!("pytweet.dm.symbols", assert_eq!(entities.symbols.as_ref().unwrap()[0].text, "OAK"));
    shows!("pytweet.dm.mentions", {
        let mention = &entities.user_mentions.as_ref().unwrap()[0];
        assert_eq!((mention.screen_name.as_str(), mention.id.unwrap().get()), ("robin", 12));
    });
    shows!("pytweet.dm.urls", {
        let link = &entities.urls.as_ref().unwrap()[0];
        assert_eq!(
            (link.url.as_str(), link.expanded_url.as_deref()),
            ("https://t.co/a", Some("https://example.com/a"))
        );
    });
    shows!(["pytweet.dm.quick_reply", "pytweet.option", "pytweet.quick_reply.options"], {
        let option = &data.quick_reply.as_ref().unwrap().options[0];
        assert_eq!(
            (option.label.as_str(), option.description.as_deref(), option.metadata.as_deref()),
            ("Yes", Some("I will"), Some("y"))
        );
        assert_eq!(data.quick_reply_response.as_ref().unwrap().metadata.as_deref(), Some("y"));
    });
    shows!("pytweet.user.send.file", {
        assert_eq!(data.attachment.as_ref().unwrap().media.as_ref().unwrap().id.get(), 77);
    });
    shows!(["pytweet.cta", "pytweet.button_type"], {
        let button = serde_json::to_value(&data.ctas.as_ref().unwrap()[0]).unwrap();
        assert_eq!(
            (&button["type"], &button["label"], &button["url"]),
            (&json!("web_url"), &json!("See"), &json!("https://t.co/b"))
        );
    });
    blocking_part!({
        let welcome: WelcomeMessage = object!({
            "id": "1", "name": "first", "created_timestamp": MILLIS, "message_data": {"text": "Hello!"},
        });
        shows!(["pytweet.welcome", "pytweet.welcome.created_at"], {
            assert_eq!(
                (welcome.id.as_str(), welcome.name.as_deref(), welcome.created_at()),
                ("1", Some("first"), at())
            );
            assert_eq!(welcome.message_data.as_ref().unwrap().text.as_deref(), Some("Hello!"));
        });
    });
    blocking_part!({
        let rule: WelcomeMessageRule = object!({"id": "2", "welcome_message_id": "1", "created_timestamp": MILLIS});
        shows!(["pytweet.welcome_rule", "pytweet.welcome_rule.created_at"], {
            assert_eq!((rule.id.as_str(), rule.welcome_message_id.as_str(), rule.created_at()), ("2", "1", at()));
        });
    });
    blocking_part!({
        let profile: CustomProfile = object!({
            "id": "3", "name": "Mail bot", "created_timestamp": MILLIS, "avatar": {"media": {"url": "https://pbs.twimg.com/a"}},
        });
        shows!(["pytweet.custom_profile", "pytweet.custom_profile.created_at"], {
            assert_eq!(
                (profile.id.as_str(), profile.name.as_deref(), profile.created_at()),
                ("3", Some("Mail bot"), at())
            );
            assert_eq!(profile.avatar.as_ref().unwrap()["media"]["url"], "https://pbs.twimg.com/a");
        });
    });
    blocking_part!({
        let reply = QuickReply::new().option("A").option_with("B", Some("b"), Some("m"));
        shows!(["pytweet.quick_reply", "pytweet.quick_reply.add_option", "pytweet.quick_reply.options"], {
            let labels: Vec<_> = reply.options.iter().map(|option| option.label.as_str()).collect();
            assert_eq!((reply.kind.as_str(), labels), ("options", vec!["A", "B"]));
        });
    });
}

#[test]
fn an_event_of_api_v2_has_the_fields_of_x() {
    let event: DmEvent = object!({
        "id": "1580705921830768647", "event_type": "MessageCreate", "text": "hello", "created_at": AT, "sender_id": "13",
        "dm_conversation_id": "12-13", "participant_ids": ["12", "13"], "referenced_tweets": [{"id": "20"}],
        "attachments": {"media_keys": ["3_1"]},
    });
    let join: DmEvent = object!({"id": "9", "event_type": "ParticipantsJoin"});
    shows!(["tweepy4.dm_event", "tweepy4.dm_event.id"], {
        assert_eq!((event.id.get(), join.id.get()), (1_580_705_921_830_768_647, 9));
    });
    shows!("tweepy4.dm_event.event_type", {
        assert_eq!(event.event_type.as_ref().unwrap().to_string(), "MessageCreate");
        assert_eq!(join.event_type.as_ref().unwrap().to_string(), "ParticipantsJoin");
    });
    shows!("tweepy4.dm_event.text", assert_eq!((event.text.as_deref(), &join.text), (Some("hello"), &None)));
    shows!("tweepy4.dm_event.created_at", assert_eq!((event.created_at, join.created_at), (at(), None)));
    shows!("tweepy4.dm_event.sender_id", assert_eq!(event.sender_id.unwrap().get(), 13));
    shows!("tweepy4.dm_event.dm_conversation_id", {
        assert_eq!(event.dm_conversation_id.as_ref().unwrap().as_str(), "12-13");
    });
    shows!("tweepy4.dm_event.participant_ids", {
        assert_eq!(event.participant_ids.as_ref().unwrap()[..], [12.into(), 13.into()]);
        assert!(join.participant_ids.is_none());
    });
    shows!("tweepy4.dm_event.attachments", {
        assert_eq!(event.attachments.as_ref().unwrap().media_keys.as_ref().unwrap()[0].as_str(), "3_1");
        assert!(join.attachments.is_none());
    });
    shows!(["tweepy4.dm_event.referenced_tweets", "tweepy4.referenced_tweet.type"], {
        assert_eq!(event.referenced_posts.as_ref().unwrap()[0].id.get(), 20);
    });
    shows!("tweepy4.dm_event.str", {
        assert_eq!(event.to_string(), "hello");
        assert!(join.to_string().contains("ParticipantsJoin") && join.to_string().contains('9'), "{join}");
    });
    shows!("tweepy4.dm_event.repr", {
        let (full, bare) = (format!("{event:?}"), format!("{join:?}"));
        assert!(["1580705921830768647", "MessageCreate", "hello"].iter().all(|part| full.contains(part)), "{full}");
        assert!(bare.contains("ParticipantsJoin") && !bare.contains("hello"), "{bare}");
    });
}

#[tokio::test]
async fn a_protected_user_and_a_closed_poll_are_shown_as_such() {
    let (sandbox, client) = sandbox_and_client();
    part!({
        let users = client.followers(12).user_fields(["protected", "url"]).max_results(60).items().limit(60);
        let users = users.collect().await.unwrap();
        shows!(["pytweet.user.private", "pytweet.user.protected"], {
            let protected = users.iter().filter(|user| user.protected == Some(true)).count();
            assert!(protected > 0 && protected < users.len(), "{protected} of {}", users.len());
        });
    });
    part!({
        let poll = json!({"text": "Tea?", "poll": {"options": ["a", "b"], "duration_minutes": 60}});
        let id: PostId = id(&post(&sandbox, "/2/tweets", &poll), "/data/id");
        let get = || client.get_post(id).expansions(["attachments.poll_ids"]).poll_fields(["voting_status"]);
        let open = get().await.unwrap().includes.polls[0].voting_status.clone();
        sandbox.clock().advance(std::time::Duration::from_secs(3_700));
        let closed = get().await.unwrap().includes.polls[0].voting_status.clone();
        shows!("pytweet.poll.voting_status", {
            assert_eq!((open.as_deref(), closed.as_deref()), (Some("open"), Some("closed")));
        });
    });
}
