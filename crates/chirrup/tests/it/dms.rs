//! Direct messages.

use chirrup::ErrorKind;
use chirrup::model::{
    DmConversationKind, DmEventField, DmEventKind, DmEventType, DmExpansion, DmMedia, MediaId, NewDm, UserField,
};

use crate::shared::{both, client};

#[tokio::test]
async fn a_message_goes_to_a_user_and_both_can_read_it() {
    let (sandbox, ada) = both();
    let sent = ada.send_dm(12).text("hello https://x.com/robin/status/20").await.unwrap();
    assert_eq!(sent.answer.status.as_u16(), 201);
    let location = sent.headers()["location"].to_str().unwrap();
    assert_eq!(location, format!("https://api.twitter.com/2/dm_events/\"{}\"", sent.data.dm_event_id));
    let conversation = sent.data.dm_conversation_id;
    let me = ada.me().await.unwrap();
    assert_eq!(conversation.as_str(), format!("12-{me}"), "the smaller id first");

    let robin = client(&sandbox, sandbox.oauth1("robin").unwrap());
    let event = robin
        .get_dm_event(sent.data.dm_event_id)
        .dm_event_fields([DmEventField::CreatedAt, DmEventField::DmConversationId, DmEventField::Entities])
        .expansions([DmExpansion::SenderId, DmExpansion::ReferencedPosts])
        .user_fields([UserField::Description])
        .await
        .unwrap();
    assert_eq!(event.includes.user(event.data.sender_id.unwrap()).unwrap().username, "ada");
    assert_eq!(event.includes.posts[0].id.get(), 20, "the post that the text links to");
    assert_eq!(event.data.event_type, Some(DmEventType::MessageCreate));
    assert_eq!(event.data.entities.unwrap().urls.len(), 1);
    robin.send_dm_to(&conversation).text("hi yourself").await.unwrap();

    let with = ada.dm_events_with(12).max_results(2).await.unwrap();
    let texts: Vec<_> = with.data.iter().map(|event| event.text.as_deref().unwrap()).collect();
    assert_eq!(texts, ["hi yourself", "hello https://x.com/robin/status/20"], "the newest first");
    assert!(with.data[0].created_at.is_none());
    let all: Vec<_> = ada.dm_events_in(&conversation).max_results(2).items().collect().await.unwrap();
    assert_eq!(all.len(), 5, "with the three that were there");
    let stranger = client(&sandbox, sandbox.oauth1("mika_2").unwrap());
    assert_eq!(stranger.dm_events_in(&conversation).await.unwrap_err().kind(), ErrorKind::Forbidden);
    assert_eq!(stranger.get_dm_event(sent.data.dm_event_id).await.unwrap_err().kind(), ErrorKind::NotFound);
    assert!(stranger.dm_events().await.unwrap().data.is_empty());
}

#[tokio::test]
async fn a_group_is_told_who_joined() {
    let (sandbox, ada) = both();
    let mika = ada.get_user_by_name("mika_2").await.unwrap().data.id;
    let message = NewDm::text("welcome").media(1_u64);
    let users = [12.into(), mika];
    let sent = ada.create_dm_conversation(DmConversationKind::Group, message, users).await.unwrap().data;
    let robin = client(&sandbox, sandbox.oauth1("robin").unwrap());
    let joins = robin.dm_events().event_types([DmEventKind::ParticipantsJoin]).await.unwrap().data;
    assert_eq!(joins.len(), 1);
    assert_eq!(joins[0].participant_ids.as_ref().unwrap().len(), 3);
    let written = robin.dm_events_in(&sent.dm_conversation_id).event_types([DmEventKind::MessageCreate]);
    let written = written
        .dm_event_fields([DmEventField::Attachments])
        .expansions([DmExpansion::AttachmentsMediaKeys])
        .await
        .unwrap();
    assert_eq!(written.data[0].attachments.as_ref().unwrap().media_keys.as_ref().unwrap().len(), 1);
    assert_eq!(written.includes.media.len(), 1);
}

#[tokio::test]
async fn messages_are_deleted_for_oneself_and_users_shut_out() {
    let (sandbox, ada) = both();
    let robin = client(&sandbox, sandbox.oauth1("robin").unwrap());
    let sent = ada.send_dm(12).attachments(DmMedia::from(MediaId::new(2))).await.unwrap().data;
    assert!(ada.delete_dm_event(sent.dm_event_id).await.unwrap().data.deleted);
    assert_eq!(ada.get_dm_event(sent.dm_event_id).await.unwrap_err().kind(), ErrorKind::NotFound);
    assert!(robin.get_dm_event(sent.dm_event_id).await.is_ok(), "the other has a copy");
    assert_eq!(ada.send_dm(12).await.unwrap_err().kind(), ErrorKind::Invalid, "neither text nor medium");
    assert_eq!(ada.send_dm(999_999).text("hello?").await.unwrap_err().kind(), ErrorKind::Invalid);

    let me = ada.me().await.unwrap();
    assert!(robin.block_dms(me).await.unwrap().data.blocked);
    assert_eq!(ada.send_dm(12).text("why?").await.unwrap_err().kind(), ErrorKind::Forbidden);
    assert!(!robin.unblock_dms(me).await.unwrap().data.blocked);
    assert!(ada.send_dm(12).text("thanks").await.is_ok());
    let reader = client(&sandbox, sandbox.oauth2("ada", &["dm.read"]).unwrap());
    let refused = reader.download_dm_media("1", "2", "a.jpg").await.unwrap_err();
    assert_eq!(refused.status_code(), Some(501), "the sandbox says that it keeps no files");
}
