//! Encrypted chat and public keys.

use chirrup::ErrorKind;
use chirrup::model::{ChatEventField, ChatField, DeleteMessageAction, PublicKeyField};
use serde_json::json;

use crate::chat_conversations::{group, user};
use crate::common::{client, sandbox_and_client};

#[tokio::test]
async fn a_chat_group_exchanges_encrypted_messages() {
    let (sandbox, ada) = sandbox_and_client();
    let group = ada.begin_chat_group().await.unwrap().data.conversation_id;
    assert!(group.as_str().starts_with('g'));
    let keys = json!([{"user_id": "12", "encrypted_conversation_key": "c2VjcmV0"}]);
    let made = ada.create_chat_group(&group, "1", keys.clone(), [12]).group_name("c2VjcmV0").await.unwrap();
    assert_eq!((made.raw.status.as_u16(), &made.data.conversation_id), (201, &group));
    let robin = client(&sandbox, sandbox.oauth1("robin").unwrap());
    let chats = robin.chats().max_results(5).chat_fields([ChatField::GroupName]).await.unwrap().data;
    assert_eq!((chats.len(), chats[0].group_name.as_deref()), (1, Some("c2VjcmV0")));
    assert_eq!(robin.get_chat(&group).await.unwrap().data.id, group);
    let sent = robin.send_chat_message(&group, "ZW5jcnlwdGVk", "m1").await.unwrap().data;
    assert_eq!(sent.encoded_message_event, "ZW5jcnlwdGVk");
    let events =
        ada.chat_events(&group).max_results(1).chat_event_fields([ChatEventField::EncodedEvent]).await.unwrap();
    assert_eq!(events.data[0].encoded_event.as_deref(), Some("ZW5jcnlwdGVk"));
    assert_eq!(ada.chat_events(&group).items().collect().await.unwrap().len(), 2, "the key was already used");
    assert!(ada.mark_chat_read(&group, events.data[0].id.as_str()).await.unwrap().data.success);
    assert!(ada.show_typing(&group).await.unwrap().data.success);
    assert!(ada.add_chat_keys(&group, "2", keys).await.unwrap().data.sequence_id.is_some());
    let mika = ada.get_user_by_name("mika").await.unwrap().data.id;
    let outside = client(&sandbox, sandbox.oauth1("mika").unwrap());
    assert_eq!(outside.get_chat(&group).await.unwrap_err().kind(), ErrorKind::Forbidden);
    ada.add_chat_members(&group, [mika]).await.unwrap();
    assert!(outside.get_chat(&group).await.is_ok());
    let ids = [events.data[0].id.as_str()];
    assert!(
        robin
            .delete_chat_messages(&group, json!([]), DeleteMessageAction::DeleteForAll, ids)
            .await
            .unwrap()
            .data
            .deleted
    );
}

#[tokio::test]
async fn encrypted_media_are_uploaded_in_segments_and_downloaded() {
    let (sandbox, ada) = sandbox_and_client();
    let group = group(&ada).await;
    let upload = ada.begin_chat_upload(&group, 5_u64).await.unwrap().data;
    let (session, key) = (upload.session_id.as_str(), upload.media_hash_key.as_str());
    ada.append_chat_upload(session, &group, "AP8=", key, 1).await.unwrap();
    let early = ada.finish_chat_upload(session, &group, key, "2").await.unwrap_err();
    assert_eq!(early.kind(), ErrorKind::Invalid, "three bytes are missing");
    ada.append_chat_upload(session, &group, "YWJj", key, 0).await.unwrap();
    let foreign = ada.append_chat_upload(session, &group, "YQ==", "another", 2).await.unwrap_err();
    assert_eq!(foreign.kind(), ErrorKind::Invalid, "the key belongs to another upload");
    assert!(ada.finish_chat_upload(session, &group, key, "2").await.unwrap().data.success);
    let robin = user(&sandbox, "robin");
    let file = robin.download_chat_media(&group, key).await.unwrap();
    assert_eq!(file.data.as_ref(), b"abc\x00\xff");
    assert_eq!(robin.download_chat_media(&group, "unknown").await.unwrap_err().kind(), ErrorKind::Invalid);
    let outsider = user(&sandbox, "lena").download_chat_media(&group, key).await.unwrap_err();
    assert_eq!(outsider.kind(), ErrorKind::Forbidden, "only participants download it");
}

#[tokio::test]
async fn public_keys_are_published() {
    let (_sandbox, client) = sandbox_and_client();
    let me = client.me().await.unwrap();
    let key = json!({"public_key": "cHVi", "signing_public_key": "c2ln"});
    assert_eq!(client.add_public_key(key, "7").await.unwrap().data.public_key_version.as_deref(), Some("7"));
    let found = client.public_key(me).public_key_fields([PublicKeyField::SigningPublicKey]).await.unwrap().data;
    assert_eq!((found[0].public_key.as_deref(), found[0].signing_public_key.as_deref()), (Some("cHVi"), Some("c2ln")));
    assert_eq!(client.public_keys([me, 12.into()]).await.unwrap().data.len(), 1);
}
