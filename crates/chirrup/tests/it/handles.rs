//! Handles and objects as in other libraries: comparison, formatting and accessors.

use std::collections::HashSet;

use chirrup::model::{
    DmEventField, DmEventId, Expansion, MediaField, MediaType, NewMedia, NewPoll, PollField, Post, PostField, PostId,
    ReplySettings, SpaceField, UserField,
};
use serde_json::json;

use crate::common::{id, post, sandbox_and_client};

#[tokio::test]
async fn objects_compare_by_id_and_display_their_text() {
    let (sandbox, client) = sandbox_and_client();
    let their = client.with_credentials(sandbox.oauth1("robin").unwrap());
    shows!("pytweet.user.eq", assert_eq!(client.user(12), their.user(12)));
    shows!("pytweet.user.eq", assert_ne!(client.user(12), client.user(13)));
    shows!("pytweet.tweet.eq", assert_eq!(client.post(20), their.post(20)));
    part!({
        assert_ne!(client.post(20), client.post(21));
        assert_eq!(HashSet::from([client.message(5), their.message(5), their.message(6)]).len(), 2);

        let robin = client.get_user(12).await.unwrap().data;
        shows!("pytweet.user.str", assert_eq!(robin.to_string(), robin.name));
    });
    part!({
        let post = client.get_post(20).await.unwrap().data;
        shows!("pytweet.tweet.str", assert_eq!(post.to_string(), post.full_text()));
    });
    let shown = client.v1().show(20).await.unwrap().data;
    assert_eq!(shown.to_string(), shown.full_text());
    let sent = post(&sandbox, "/2/dm_conversations/with/12/messages", &json!({"text": "hello robin"}));
    let sent: DmEventId = id(&sent, "/data/dm_event_id");
    let event = client.get_dm_event(sent).await.unwrap().data;
    shows!("tweepy4.dm_event.str", assert_eq!(event.to_string(), "hello robin"));
    part!({
        let written = format!("{event:?}");
        shows!(
            "tweepy4.dm_event.repr",
            assert!(["hello robin", "MessageCreate", &event.id.to_string()].iter().all(|part| written.contains(part)))
        );
    });
    let bare = client.get_dm_event(sent).dm_event_fields([DmEventField::EventType]).await.unwrap().data;
    assert!(bare.to_string().contains("MessageCreate") || bare.text.is_some(), "{bare}");
}

#[tokio::test]
async fn requested_fields_of_users_and_posts_are_decoded() {
    let (_sandbox, client) = sandbox_and_client();
    let v1 = client.v1();
    v1.update_profile().url("https://example.com/ada").await.unwrap();
    let me = client.get_me().user_fields([UserField::Url, UserField::Protected]).await.unwrap().data;
    shows!("pytweet.user.link", assert!(me.url.unwrap().starts_with("https://t.co/")));
    shows!(["pytweet.user.private", "pytweet.user.protected"], assert_eq!(me.protected, Some(false)));
    let post = client.create_post().text("a restrained post").reply_settings(ReplySettings::MentionedUsers);
    let id = post.await.unwrap().data.id;
    let fields = [PostField::PossiblySensitive, PostField::Source, PostField::ReplySettings];
    let post = client.get_post(id).post_fields(fields).await.unwrap().data;
    shows!(
        ["pytweet.tweet.possibly_sensitive", "pytweet.tweet.sensitive", "pytweet.tweet.source"],
        assert_eq!((post.possibly_sensitive, post.source.as_deref()), (Some(false), Some("Chirrup sandbox")))
    );
    shows!("pytweet.tweet.raw_reply_setting", assert_eq!(post.reply_settings.as_deref(), Some("mentionedUsers")));
}

#[tokio::test]
async fn polls_media_and_spaces_have_computed_properties() {
    let (sandbox, client) = sandbox_and_client();
    part!({
        let body = json!({"text": "Tea?", "poll": {"options": ["Yes", "No", "Perhaps"], "duration_minutes": 60}});
        let id: PostId = id(&post(&sandbox, "/2/tweets", &body), "/data/id");
        let expand = [Expansion::PollIds];
        let response = client.get_post(id).expansions(expand).poll_fields([PollField::EndDatetime]).await.unwrap();
        let polled = response.poll(&response.data).unwrap();
        let again = client.get_post(id).expansions([Expansion::PollIds]).await.unwrap();
        assert_eq!(again.poll(&again.data).unwrap().id, polled.id);
        shows!("pytweet.poll.len", assert_eq!(polled.options.len(), 3));
        shows!("pytweet.poll.add_option", {
            let poll = serde_json::to_value(NewPoll::new(["Yes", "No"], 60).option("Perhaps")).unwrap();
            assert_eq!(poll["options"], body["poll"]["options"]);
        });
        let left =
            polled.end_datetime.unwrap().as_millis() - chirrup::model::Timestamp::from_snowflake(id.get()).as_millis();
        shows!("pytweet.poll.end_date", assert!((3_590_000..3_610_000).contains(&left), "one hour, not {left} ms"));
    });

    part!({
        let png = [b"\x89PNG\r\n\x1a\n".to_vec(), vec![7; 900]].concat();
        let picture = client.upload(png).await.unwrap();
        let film = client.upload([b"\0\0\0\x18ftypisom".to_vec(), vec![7; 900]].concat()).await.unwrap();
        for (medium, kind) in [(picture.id, "photo"), (film.id, "video")] {
            let id = client.create_post().text(kind).media(NewMedia::new([medium])).await.unwrap().data.id;
            let call = client.get_post(id).expansions([Expansion::MediaKeys]);
            let response = call.media_fields([MediaField::Url, MediaField::PreviewImageUrl]).await.unwrap();
            let shown = &response.includes.media[0];
            shows!(
                ["pytweet.media", "pytweet.media_type"],
                assert_eq!(shown.kind == MediaType::Photo, kind == "photo")
            );
            shows!("pytweet.media.url", assert_eq!(shown.url.is_some(), kind == "photo"));
            shows!("pytweet.media.preview_image_url", assert_eq!(shown.preview_image_url.is_some(), kind == "video"));
        }
    });

    let fields = [SpaceField::IsTicketed, SpaceField::CreatedAt, SpaceField::UpdatedAt, SpaceField::InvitedUserIds];
    let space = client.get_space("1ynKOZVRyOwxR").space_fields(fields).await.unwrap().data;
    shows!("pytweet.space.is_ticketed", assert_eq!(space.is_ticketed, Some(false)));
    shows!(
        ["pytweet.space.created_at", "pytweet.space.updated_at"],
        assert!(space.created_at.unwrap() <= space.updated_at.unwrap())
    );
    shows!("pytweet.space.invited_users", assert_eq!(space.invited_user_ids.unwrap().len(), 1));
}

#[tokio::test]
async fn a_reply_to_a_repost_mentions_the_reposter() {
    part!({
        let (sandbox, client) = sandbox_and_client();
        let their = client.with_credentials(sandbox.oauth1("robin").unwrap());
        let repost = their.post(20).repost().await.unwrap().data;
        let repost = repost.rest_id.unwrap();
        let answer = client.post(repost).reply("well said").await.unwrap().data;
        shows!("pytweet.tweet.reply.retweet_note", assert_eq!(answer.text, "@robin well said"));
        part!({
            let fields = [PostField::ReferencedPosts, PostField::InReplyToUserId];
            let post = client.get_post(answer.id).post_fields(fields).await.unwrap().data;
            shows!(
                "pytweet.tweet.reply.retweet_note",
                assert!(post.referenced_posts.is_empty() && post.in_reply_to_user_id.is_none())
            );
        });
    });
}

#[test]
fn link_previews_have_images() {
    let post: Post = serde_json::from_value(json!({
        "id": "1", "text": "https://t.co/a", "entities": {"urls": [{
            "start": 0, "end": 14, "url": "https://t.co/a", "expanded_url": "https://example.com", "title": "Herons",
            "images": [{"url": "https://pbs.twimg.com/a", "width": 1_200, "height": 630}, {"url": "https://pbs.twimg.com/b"}],
        }]},
    }))
    .unwrap();
    let entities = post.entities.unwrap();
    let link = &entities.urls[0];
    shows!(
        ["pytweet.embed", "pytweet.embed.images", "pytweet.tweet.embeds"],
        assert_eq!((link.title.as_deref(), link.images.len()), (Some("Herons"), 2))
    );
    shows!(
        "pytweet.embed.image",
        assert_eq!((link.images[0].width, link.images[0].height, link.images[1].width), (Some(1_200), Some(630), None))
    );
}
