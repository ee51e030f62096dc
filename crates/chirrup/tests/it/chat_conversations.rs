//! Conversations of encrypted chat as each participant sees them.

use std::time::Duration;

use chirrup::model::{
    ActionSignature, ChatConversation, ChatField, ChatId, ChatPinnedMessageField, ChatType, DeleteMessageAction,
    EventSignature, ParticipantKey,
};
use chirrup::{Client, ErrorKind};
use chirrup_sandbox::{NewApp, Sandbox};

use crate::common::{client, sandbox_and_client};

/// Creates a group of ada, robin and mika, and returns its ID.
pub(crate) async fn group(ada: &Client) -> ChatId {
    let group = ada.begin_chat_group().await.unwrap().data.conversation_id;
    let mika = ada.get_user_by_name("mika").await.unwrap().data.id;
    let keys = serde_json::json!([{"user_id": "12", "encrypted_conversation_key": "c2VjcmV0"}]);
    ada.create_chat_group(&group, "1", keys, [12.into(), mika]).await.unwrap();
    group
}

/// A signed event, as a client of encrypted chat creates it.
pub(crate) fn signature(message: &str, detail: &str) -> ActionSignature {
    ActionSignature::new(message, detail, EventSignature::new("c2ln", "4", "1").signing_public_key("cHVi"))
}

/// A client of this user, who is created if the sandbox has none of this name.
pub(crate) fn user(sandbox: &Sandbox, name: &str) -> Client {
    sandbox.create_app(&NewApp::default().user(name)).unwrap();
    client(sandbox, sandbox.oauth1(name).unwrap())
}

async fn listed(client: &Client) -> Vec<ChatConversation> {
    let fields = [ChatField::IsArchived, ChatField::IsMuted, ChatField::Unread, ChatField::NewestEventId];
    client.chats().chat_fields(fields).await.unwrap().data
}

#[tokio::test]
async fn each_participant_archives_and_mutes_alone() {
    let (sandbox, ada) = sandbox_and_client();
    let group = group(&ada).await;
    let robin = user(&sandbox, "robin");
    assert!(
        robin.archive_chat(&group).action_signatures([signature("m1", "YXJjaGl2ZQ==")]).await.unwrap().data.archived
    );
    assert!(robin.mute_chat(&group).await.unwrap().data.muted);
    let (his, hers) = (listed(&robin).await, listed(&ada).await);
    assert_eq!((his[0].is_archived, his[0].is_muted), (Some(true), Some(true)));
    assert_eq!((hers[0].is_archived, hers[0].is_muted), (Some(false), Some(false)));
    assert_eq!(robin.chats().is_archived(false).await.unwrap().data.len(), 0);
    assert_eq!(robin.chats().is_muted(true).kind(ChatType::Group).await.unwrap().data.len(), 1);
    assert_eq!(robin.chats().kind(ChatType::Direct).await.unwrap().data.len(), 0);
    let events = ada.chat_events(&group).await.unwrap().data;
    assert_eq!(events[0].encoded_event.as_deref(), Some("YXJjaGl2ZQ=="), "the signature is delivered as an event");

    assert!(!robin.unarchive_chat(&group).await.unwrap().data.archived);
    assert!(!robin.unmute_chat(&group).await.unwrap().data.muted);
    let his = listed(&robin).await;
    assert_eq!((his[0].is_archived, his[0].is_muted), (Some(false), Some(false)));
    assert!(user(&sandbox, "noor").archive_chat(&group).await.is_err(), "only participants may");
}

#[tokio::test]
async fn a_conversation_is_unread_until_its_newest_event_was_seen() {
    let (sandbox, ada) = sandbox_and_client();
    let group = group(&ada).await;
    let robin = user(&sandbox, "robin");
    ada.send_chat_message(&group, "aGVsbG8=", "m1").await.unwrap();
    assert_eq!(listed(&ada).await[0].unread, Some(false), "a sent message can be read");
    let his = &listed(&robin).await[0];
    assert_eq!(his.unread, Some(true));
    robin.mark_chat_read(&group, his.newest_event_id.as_deref().unwrap()).await.unwrap();
    assert_eq!(listed(&robin).await[0].unread, Some(false));
    assert!(robin.chats().unread_only(true).await.unwrap().data.is_empty());
    assert!(robin.mark_chat_unread(&group).await.unwrap().data.success);
    assert_eq!(robin.chats().unread_only(true).await.unwrap().data.len(), 1);
    let by_name = ada.chats().participant_query("rob").participant_ids([12]).await.unwrap().data;
    assert_eq!(by_name[0].id, group);
    assert!(ada.chats().participant_query("no such name").await.unwrap().data.is_empty());
}

#[tokio::test]
async fn a_deleted_conversation_comes_back_with_its_next_event() {
    let (sandbox, ada) = sandbox_and_client();
    let group = group(&ada).await;
    let robin = user(&sandbox, "robin");
    ada.send_chat_message(&group, "Zmlyc3Q=", "m1").await.unwrap();
    assert!(robin.delete_chat(&group).await.unwrap().data.deleted);
    assert!(listed(&robin).await.is_empty());
    assert_eq!(robin.get_chat(&group).await.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(listed(&ada).await.len(), 1, "nothing changes for other users");
    ada.send_chat_message(&group, "c2Vjb25k", "m2").await.unwrap();
    assert_eq!(listed(&robin).await.len(), 1);
    let events = robin.chat_events(&group).await.unwrap().data;
    assert_eq!((events.len(), events[0].encoded_event.as_deref()), (1, Some("c2Vjb25k")));
    assert!(ada.chat_events(&group).await.unwrap().data.len() > 1);

    let ids = [events[0].id.as_str()];
    let own = robin.delete_chat_messages(&group, serde_json::json!([]), DeleteMessageAction::DeleteForSelf, ids);
    assert!(own.await.unwrap().data.deleted);
    assert!(robin.chat_events(&group).await.unwrap().data.is_empty());
    assert!(ada.chat_events(&group).await.unwrap().data.iter().any(|event| event.id == ids[0]));
}

#[tokio::test]
async fn messages_disappear_after_their_lifetime() {
    let (sandbox, ada) = sandbox_and_client();
    let group = group(&ada).await;
    let before = ada.chat_events(&group).await.unwrap().data.len();
    for refused in ["0", "9999999999999999999"] {
        let error = ada.set_chat_message_ttl(&group, refused).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{error}");
    }
    let error = ada.set_chat_message_ttl(&group, "an hour").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Argument, "{error}");
    assert!(ada.set_chat_message_ttl(&group, Duration::from_secs(3_600)).await.unwrap().data.updated);
    let fields = [ChatField::MessageTtlMs];
    assert_eq!(ada.get_chat(&group).chat_fields(fields).await.unwrap().data.message_ttl_ms, Some(3_600_000));
    ada.send_chat_message(&group, "c2hvcnQ=", "m1").await.unwrap();
    assert_eq!(ada.chat_events(&group).await.unwrap().data.len(), before + 1);
    assert!(ada.delete_chat_message_ttl(&group).await.unwrap().data.deleted);
    ada.send_chat_message(&group, "bG9uZw==", "m2").await.unwrap();
    sandbox.clock().advance(Duration::from_secs(3_601));
    let events = ada.chat_events(&group).await.unwrap().data;
    assert_eq!((events.len(), events[0].encoded_event.as_deref()), (before + 1, Some("bG9uZw==")));
    assert_eq!(ada.get_chat(&group).chat_fields([ChatField::MessageTtlMs]).await.unwrap().data.message_ttl_ms, None);
}

#[tokio::test]
async fn screenshots_are_blocked_or_reported() {
    let (sandbox, ada) = sandbox_and_client();
    let chat = ada.add_chat_keys("12", "1", serde_json::json!([ParticipantKey::new(12, "a2V5", "1")])).await.unwrap();
    let chat = chat.data.conversation_id.unwrap();
    let set = ada.set_chat_screen_capture(&chat).blocking(true);
    let set = set.blocking_action_signatures([signature("m1", "YmxvY2s=")]).await.unwrap().data;
    assert_eq!((set.blocking, set.detection), (Some(true), None));
    assert_eq!(ada.set_chat_screen_capture(&chat).detection(false).await.unwrap().data.detection, Some(false));
    assert_eq!(ada.set_chat_screen_capture(&chat).await.unwrap_err().kind(), ErrorKind::Invalid);
    let fields = [ChatField::ScreenCaptureBlockingEnabled, ChatField::ScreenCaptureDetectionEnabled];
    let seen = user(&sandbox, "robin").get_chat(&chat).chat_fields(fields).await.unwrap().data;
    assert_eq!(
        (seen.screen_capture_blocking_enabled, seen.screen_capture_detection_enabled),
        (Some(true), Some(false))
    );
}

#[tokio::test]
async fn pinned_messages_are_listed() {
    let (sandbox, ada) = sandbox_and_client();
    let group = group(&ada).await;
    assert!(ada.get_pinned_chat_messages(&group).await.unwrap().data.is_empty());
    ada.send_chat_message(&group, "cGluIG1l", "m1").await.unwrap();
    let newest = ada.chat_events(&group).max_results(1).await.unwrap().data.remove(0).id;
    sandbox.pin_chat_message(&group, &newest).unwrap();
    assert!(sandbox.pin_chat_message(&group, "1").is_err(), "the conversation does not have this event");
    let robin = user(&sandbox, "robin");
    let call = robin.get_pinned_chat_messages(&group).pinned_message_fields([ChatPinnedMessageField::EncodedEvent]);
    let pinned = call.items().collect().await.unwrap();
    assert_eq!(pinned.iter().map(|pin| pin.encoded_event.as_deref()).collect::<Vec<_>>(), [Some("cGluIG1l")]);
}
