//! Moderators of and mutes in the chats of a user's broadcasts.

use chirrup::model::{BroadcastId, BroadcastMuteExpansion, BroadcastMuteField, BroadcastTransition, Region, UserField};
use chirrup::{Client, ErrorKind};

use crate::common::{client, sandbox_and_client};

/// A live broadcast.
async fn live(host: &Client) -> BroadcastId {
    let source = host.create_broadcast_source("Encoder", Region::UsEast1).await.unwrap().data;
    let id = host.create_user_broadcast(&source).await.unwrap().data.broadcast.id;
    host.update_user_broadcast_state(&id, BroadcastTransition::Publish).skip_post(true).await.unwrap();
    id
}

#[tokio::test]
async fn moderators_are_added_listed_and_removed() {
    let (_sandbox, ada) = sandbox_and_client();
    let [robin, mika] = [12.into(), ada.get_user_by_name("mika").await.unwrap().data.id];
    assert_eq!(ada.add_broadcast_moderator(robin).await.unwrap().data.user_ids, [robin]);
    assert_eq!(ada.add_broadcast_moderator(mika).await.unwrap().data.user_ids, [mika, robin]);
    assert_eq!(ada.add_broadcast_moderator(mika).await.unwrap().data.user_ids.len(), 2, "it changes nothing");
    let found = ada.broadcast_moderators().user_fields([UserField::CreatedAt]).await.unwrap();
    assert_eq!((found.meta.result_count, found.data[0].username.as_str()), (Some(2), "mika"));
    assert!(found.data[0].created_at.is_some());
    assert_eq!(ada.remove_broadcast_moderator(mika).await.unwrap().data.user_ids, [robin]);
    assert!(ada.add_broadcast_moderator(u64::MAX / 2).await.is_err(), "the user does not exist");

    let users = ada.search_users("a").max_results(40).items().collect().await.unwrap();
    let mut refused = 0;
    for user in users.iter().take(25) {
        refused += usize::from(ada.add_broadcast_moderator(user).await.is_err());
    }
    assert_eq!(ada.broadcast_moderators().await.unwrap().data.len(), 20, "20 is the limit");
    assert!(refused >= 4, "{refused}");
}

#[tokio::test]
async fn a_muted_user_cannot_write_until_the_mute_ends() {
    let (sandbox, ada) = sandbox_and_client();
    let robin = client(&sandbox, sandbox.oauth1("robin").unwrap());
    let id = live(&ada).await;
    robin.send_broadcast_chat(&id, "first").await.unwrap();
    let end = sandbox.clock().now().plus_millis(60_000).as_millis();
    assert!(ada.mute_in_broadcasts(12).end_at_ms(end.to_string()).await.unwrap().data.muted);
    assert_eq!(robin.send_broadcast_chat(&id, "muted").await.unwrap_err().kind(), ErrorKind::Forbidden);
    let call = ada.broadcast_mutes().mute_fields([BroadcastMuteField::EndAtMs]);
    let mutes = call.expansions([BroadcastMuteExpansion::UserId]).await.unwrap();
    assert_eq!((mutes.data[0].user_id, mutes.data[0].end_at_ms.clone()), (Some(12.into()), Some(end.to_string())));
    assert_eq!(mutes.includes.users[0].username, "robin");
    sandbox.clock().advance(std::time::Duration::from_secs(61));
    assert!(ada.broadcast_mutes().items().collect().await.unwrap().is_empty());
    robin.send_broadcast_chat(&id, "again").await.unwrap();

    assert!(ada.mute_in_broadcast(&id, 12).await.unwrap().data.muted, "a mute applies to all broadcasts");
    assert_eq!(ada.broadcast_mutes().max_results(1).await.unwrap().data.len(), 1);
    assert!(!ada.unmute_in_broadcasts(12).await.unwrap().data.muted);
    robin.send_broadcast_chat(&id, "third").await.unwrap();
}

#[tokio::test]
async fn a_moderator_mutes_in_the_chats_of_the_host() {
    let (sandbox, ada) = sandbox_and_client();
    let robin = client(&sandbox, sandbox.oauth1("robin").unwrap());
    let mika = client(&sandbox, sandbox.oauth1("mika").unwrap());
    let mika_id = mika.me().await.unwrap();
    let id = live(&ada).await;
    mika.send_broadcast_chat(&id, "spam").await.unwrap();
    let message = ada.broadcast_chat(&id).await.unwrap().data[0].id.clone();
    assert!(robin.delete_broadcast_message(&id, &message).await.is_err(), "not a moderator yet");
    let refused = robin.mute_in_broadcasts(mika_id).broadcast_id(&id).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Forbidden);
    ada.add_broadcast_moderator(12).await.unwrap();
    let alone = robin.mute_in_broadcasts(mika_id).message_id(&message).await.unwrap_err();
    assert!(alone.to_string().contains("broadcast_id"), "{alone}");
    assert!(robin.mute_in_broadcasts(mika_id).broadcast_id(&id).message_id(&message).await.unwrap().data.muted);
    assert!(ada.broadcast_chat(&id).await.unwrap().data.is_empty(), "the message is gone");
    assert!(mika.send_broadcast_chat(&id, "hello?").await.is_err());
    assert_eq!(ada.broadcast_mutes().await.unwrap().data.len(), 1, "the mute belongs to the host");
    assert!(robin.broadcast_mutes().await.unwrap().data.is_empty());
    let host = ada.me().await.unwrap();
    assert!(robin.mute_in_broadcasts(host).broadcast_id(&id).await.is_err(), "the host cannot be muted");
    assert!(!robin.unmute_in_broadcasts(mika_id).broadcast_id(&id).await.unwrap().data.muted);
    mika.send_broadcast_chat(&id, "sorry").await.unwrap();

    ada.update_broadcast_state(&id, BroadcastTransition::End).await.unwrap();
    let ended = robin.mute_in_broadcasts(mika_id).broadcast_id(&id).await.unwrap_err();
    assert_eq!(ended.kind(), ErrorKind::Invalid, "{ended}");
}
