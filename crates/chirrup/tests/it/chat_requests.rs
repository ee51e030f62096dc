//! Message requests of encrypted chat, and the settings that admit messages.

use chirrup::model::{
    AllowDmsFrom, AvCallPermissions, AvSettings, ChatRequestDetailField, ChatRequestField, ChatRequestInbox,
    ChatSettingsField, DmQualityFilter, DmReceiptSettings,
};
use chirrup::{Client, ErrorKind};
use chirrup_sandbox::Sandbox;

use crate::chat_conversations::user;
use crate::common::{client, sandbox_and_client};

/// A user whom `ada` does not follow.
async fn stranger(sandbox: &Sandbox, ada: &Client) -> Client {
    let noor = user(sandbox, "noor");
    ada.unfollow(noor.me().await.unwrap()).await.unwrap();
    noor
}

#[tokio::test]
async fn a_message_of_a_stranger_waits_until_it_is_accepted() {
    let (sandbox, ada) = sandbox_and_client();
    let noor = stranger(&sandbox, &ada).await;
    let (ada_id, noor_id) = (ada.me().await.unwrap(), noor.me().await.unwrap());
    ada.update_chat_settings().dm_quality_filter(DmQualityFilter::Disabled).await.unwrap();
    noor.add_chat_keys(ada_id.to_string(), "1", serde_json::json!([])).await.unwrap();
    noor.send_chat_message(ada_id.to_string(), "aGVsbG8=", "m1").await.unwrap();
    assert!(ada.chats().await.unwrap().data.is_empty(), "it is not in the inbox");
    let fields =
        [ChatRequestField::MessageEvents, ChatRequestField::ConversationKeyEvents, ChatRequestField::HasMoreEvents];
    let requests = ada.get_chat_message_requests().max_results(5).request_fields(fields).await.unwrap().data;
    assert_eq!((requests.len(), requests[0].sender_id), (1, Some(noor_id)));
    assert_eq!(requests[0].message_events.as_deref(), Some(&["aGVsbG8=".to_owned()][..]));
    assert_eq!(
        (requests[0].conversation_key_events.as_ref().unwrap().len(), requests[0].has_more_events),
        (1, Some(false))
    );
    let chat = requests[0].conversation_id.clone().unwrap();
    assert!(noor.get_chat_message_requests().await.unwrap().data.is_empty(), "the sender has none");

    let fields = [ChatRequestDetailField::ParticipantId, ChatRequestDetailField::MessageEvents];
    let detail = ada.get_chat_message_request(&chat).request_fields(fields).await.unwrap().data;
    assert_eq!((detail.participant_id, detail.message_request_state.as_deref()), (Some(noor_id), Some("pending")));
    ada.send_chat_message(&chat, "cmVwbHk=", "m2").await.unwrap();
    assert_eq!(ada.get_chat_message_requests().await.unwrap().data.len(), 1, "a reply does not accept it");
    assert!(ada.accept_chat_message_request(noor_id.to_string()).await.unwrap().data.accepted);
    let again = ada.accept_chat_message_request(&chat).await.unwrap_err();
    assert_eq!(again.kind(), ErrorKind::NotFound, "{again}");
    assert_eq!(ada.chats().await.unwrap().data[0].id, chat);
    assert!(ada.get_chat_message_requests().await.unwrap().data.is_empty());
    noor.send_chat_message(&chat, "bW9yZQ==", "m3").await.unwrap();
    assert!(ada.get_chat_message_requests().await.unwrap().data.is_empty(), "one acceptance is enough");
    assert_eq!(ada.get_chat_message_request("20").await.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn a_message_of_a_followed_user_needs_no_request() {
    let (sandbox, ada) = sandbox_and_client();
    let robin = client(&sandbox, sandbox.oauth1("robin").unwrap());
    ada.follow(12).await.unwrap();
    ada.update_chat_settings().allow_dms_from(AllowDmsFrom::Following).await.unwrap();
    robin.send_chat_message(ada.me().await.unwrap().to_string(), "aGVsbG8=", "m1").await.unwrap();
    assert_eq!(ada.chats().await.unwrap().data.len(), 1);
    let noor = stranger(&sandbox, &ada).await;
    let refused = noor.send_chat_message(ada.me().await.unwrap().to_string(), "aGVsbG8=", "m1").await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Forbidden, "{refused}");
}

#[tokio::test]
async fn unwanted_messages_go_to_an_inbox_of_their_own() {
    let (sandbox, ada) = sandbox_and_client();
    let noor = stranger(&sandbox, &ada).await;
    // Without verification and without a common user, the filter classifies the message as unwanted.
    for user in ada.get_my_following().max_results(1000).await.unwrap().data {
        ada.unfollow(user.id).await.unwrap();
    }
    noor.send_chat_message(ada.me().await.unwrap().to_string(), "c3BhbQ==", "m1").await.unwrap();
    let verified = noor.get_me().user_fields(["verified"]).await.unwrap().data.verified == Some(true);
    let (expected, other) = match verified {
        true => (ChatRequestInbox::YouMayKnow, ChatRequestInbox::LowQuality),
        false => (ChatRequestInbox::LowQuality, ChatRequestInbox::YouMayKnow),
    };
    assert_eq!(ada.get_chat_message_requests().inbox_type(expected).await.unwrap().data.len(), 1);
    assert!(ada.get_chat_message_requests().inbox_type(other).await.unwrap().data.is_empty());
}

#[tokio::test]
async fn settings_change_one_by_one() {
    let (sandbox, ada) = sandbox_and_client();
    let before = ada.get_chat_settings().await.unwrap().data;
    assert_eq!(before.allow_dms_from, Some(AllowDmsFrom::All));
    let calls =
        AvSettings::default().enhanced_call_privacy(true).permissions(AvCallPermissions::default().verified(true));
    let call = ada.update_chat_settings().dm_receipt_settings(DmReceiptSettings::AllDisabled).av_settings(calls);
    call.always_allow_dms_from_subscribers(true).await.unwrap();
    let fields = [ChatSettingsField::AvSettings, ChatSettingsField::DmReceiptSettings];
    let after = ada.get_chat_settings().settings_fields(fields).await.unwrap().data;
    assert_eq!((after.dm_receipt_settings, after.allow_dms_from), (Some(DmReceiptSettings::AllDisabled), None));
    let calls = after.av_settings.unwrap();
    assert_eq!((calls.has_enhanced_call_privacy_enabled, calls.has_av_calls_enabled), (Some(true), Some(true)));
    let permissions = calls.av_call_permissions.unwrap();
    assert_eq!(
        (permissions.accept_calls_from_verified, permissions.accept_calls_from_following),
        (Some(true), Some(true))
    );
    assert_eq!(ada.update_chat_settings().await.unwrap_err().kind(), ErrorKind::Invalid, "nothing to change");
    let robin = client(&sandbox, sandbox.oauth1("robin").unwrap());
    assert_eq!(robin.get_chat_settings().await.unwrap().data.dm_receipt_settings, before.dm_receipt_settings);
}
