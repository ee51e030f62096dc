//! Groups of encrypted chat: who administers them, and how users join and leave.

use std::time::Duration;

use chirrup::model::{
    ChatAdminSettings, ChatField, ChatGroupField, ChatId, ChatInviteField, KeyRotation, ParticipantKey, RotatedPmk,
    UserField, UserId,
};
use chirrup::{Client, ErrorKind};

use crate::chat_conversations::{group, signature, user};
use crate::common::sandbox_and_client;

/// IDs of the administrators and of the members of a group.
async fn people(client: &Client, group: &ChatId) -> (Vec<UserId>, Vec<UserId>) {
    let fields = [ChatField::AdminIds, ChatField::MemberIds];
    let chat = client.get_chat(group).chat_fields(fields).await.unwrap().data;
    (chat.admin_ids.unwrap(), chat.member_ids.unwrap())
}

#[tokio::test]
async fn administrators_add_and_remove_administrators() {
    let (sandbox, ada) = sandbox_and_client();
    let group = group(&ada).await;
    let me = ada.me().await.unwrap();
    let robin = user(&sandbox, "robin");
    let refused = robin.add_chat_admins(&group, [12]).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Forbidden, "a member is not permitted: {refused}");
    assert_eq!(ada.add_chat_admins(&group, [20]).await.unwrap_err().kind(), ErrorKind::Invalid, "not a member");
    let added = ada.add_chat_admins(&group, [12]).action_signatures([signature("m1", "YWRtaW4=")]).await.unwrap();
    assert!(added.data.added);
    assert_eq!(people(&ada, &group).await.0, [me, 12.into()]);
    assert!(robin.remove_chat_admins(&group, [me]).await.unwrap().data.removed);
    assert_eq!(people(&ada, &group).await.0, [UserId::new(12)]);
    let last = robin.remove_chat_admins(&group, [12]).await.unwrap_err();
    assert_eq!(last.kind(), ErrorKind::Forbidden, "one administrator remains");
}

#[tokio::test]
async fn members_ask_to_become_administrators() {
    let (sandbox, ada) = sandbox_and_client();
    let group = group(&ada).await;
    let (robin, mika) = (user(&sandbox, "robin"), user(&sandbox, "mika"));
    let mika_id = mika.me().await.unwrap();
    assert!(robin.request_chat_admin(&group).await.unwrap().data.requested);
    assert!(mika.request_chat_admin(&group).await.unwrap().data.requested);
    assert_eq!(robin.get_chat_admin_requests(&group).await.unwrap_err().kind(), ErrorKind::Forbidden);
    let requests = ada.get_chat_admin_requests(&group).user_fields([UserField::CreatedAt]).await.unwrap().data;
    assert_eq!(requests.iter().map(|user| user.id).collect::<Vec<_>>(), [12.into(), mika_id]);
    assert_eq!(mika.approve_chat_admin_request(&group, 12).await.unwrap_err().kind(), ErrorKind::Forbidden);
    assert!(ada.approve_chat_admin_request(&group, 12).await.unwrap().data.approved);
    assert!(ada.reject_chat_admin_request(&group, mika_id).await.unwrap().data.rejected);
    assert!(ada.reject_chat_admin_request(&group, mika_id).await.is_err(), "the request is gone");
    assert!(ada.get_chat_admin_requests(&group).await.unwrap().data.is_empty());
    assert!(people(&ada, &group).await.0.contains(&12.into()));
    assert!(!people(&ada, &group).await.0.contains(&mika_id));
}

#[tokio::test]
async fn settings_reserve_actions_to_administrators() {
    let (sandbox, ada) = sandbox_and_client();
    let group = group(&ada).await;
    let robin = user(&sandbox, "robin");
    let change =
        |client: &Client| client.update_chat_group(&group, "2", [ChatGroupField::GroupName]).group_name("bmV3");
    assert!(change(&robin).await.unwrap().data.updated, "by default, members may");
    assert_eq!(
        robin.update_chat_admin_settings(&group).add_member(false).await.unwrap_err().kind(),
        ErrorKind::Forbidden
    );
    assert_eq!(ada.update_chat_admin_settings(&group).await.unwrap_err().kind(), ErrorKind::Invalid);
    let call = ada.update_chat_admin_settings(&group).send_message(true).edit_group_info(true).edit_message_ttl(true);
    let call = call.block_screen_capture(true).add_member(true).start_call(false);
    assert!(call.action_signatures([signature("m1", "c2V0")]).await.unwrap().data.updated);
    for refused in [
        change(&robin).await.unwrap_err(),
        robin.send_chat_message(&group, "aGVsbG8=", "m2").await.unwrap_err(),
        robin.set_chat_message_ttl(&group, 1_000).await.unwrap_err(),
        robin.set_chat_screen_capture(&group).blocking(true).await.unwrap_err(),
        robin.add_chat_members(&group, [20]).await.unwrap_err(),
    ] {
        assert_eq!(refused.kind(), ErrorKind::Forbidden, "{refused}");
    }
    ada.send_chat_message(&group, "aGVsbG8=", "m3").await.unwrap();
    let settings = ada.get_chat(&group).chat_fields([ChatField::AdminSettings]).await.unwrap().data.admin_settings;
    let ChatAdminSettings { send_message, start_call, .. } = settings.unwrap();
    assert_eq!((send_message, start_call), (Some(true), Some(false)));
    ada.update_chat_admin_settings(&group).send_message(false).await.unwrap();
    robin.send_chat_message(&group, "aGVsbG8=", "m4").await.unwrap();
}

#[tokio::test]
async fn a_group_gets_a_name_and_a_description() {
    let (_sandbox, ada) = sandbox_and_client();
    let group = group(&ada).await;
    let fields = [ChatGroupField::GroupName, ChatGroupField::GroupDescription, ChatGroupField::GroupAvatarUrl];
    let call = ada.update_chat_group(&group, "2", fields).group_name("bmFtZQ==").group_description("YWJvdXQ=");
    let call = call.group_avatar_url("YXZhdGFy").base64_encoded_key_rotation("cm90YXRl");
    let call = call.conversation_participant_keys([ParticipantKey::new(12, "a2V5", "1")]);
    let call = call.rotated_pmk_bundle([RotatedPmk::new("cG1r", "7").pme_sequence_id("8")]);
    let updated = call.await.unwrap().data;
    let keys = updated.conversation_key_change_sequence_id.unwrap();
    assert_eq!(ada.chat_events(&group).await.unwrap().data[0].id, keys);
    let fields = [ChatField::GroupName, ChatField::GroupDescription, ChatField::GroupDescriptionKeyVersion];
    let chat = ada.get_chat(&group).chat_fields(fields.clone()).await.unwrap().data;
    assert_eq!((chat.group_name.as_deref(), chat.group_description.as_deref()), (Some("bmFtZQ=="), Some("YWJvdXQ=")));
    assert_eq!(chat.group_description_key_version.as_deref(), Some("2"));
    ada.update_chat_group(&group, "2", [ChatGroupField::GroupName]).await.unwrap();
    let chat = ada.get_chat(&group).chat_fields(fields).await.unwrap().data;
    assert_eq!((chat.group_name, chat.group_description.is_some()), (None, true), "a field without a value is removed");
}

#[tokio::test]
async fn users_join_a_group_by_its_invite() {
    let (sandbox, ada) = sandbox_and_client();
    let group = group(&ada).await;
    let (robin, noor) = (user(&sandbox, "robin"), user(&sandbox, "noor"));
    let noor_id = noor.me().await.unwrap();
    assert_eq!(robin.enable_chat_invite(&group).await.unwrap_err().kind(), ErrorKind::Forbidden);
    let call = ada.enable_chat_invite(&group).decrypted_title("Storks").welcome_message("Hello");
    let call = call.decrypted_avatar_url("https://example.com/stork.png");
    let invite = call.validity_duration_msec(Duration::from_secs(60)).await.unwrap().data;
    let token = invite.token.clone().unwrap();
    assert!(invite.invite_url.unwrap().ends_with(&format!("/{group}/{token}")));
    assert!(invite.expires_at.is_some());

    assert!(noor.request_chat_join(&group, "AAAAAAAAAA").await.is_err(), "the token is different");
    let fields = [ChatInviteField::GroupName, ChatInviteField::JoinState, ChatInviteField::MemberCount];
    let seen = noor.get_chat_invite(&group, &token).invite_fields(fields.clone()).await.unwrap().data;
    assert_eq!((seen.group_name.as_deref(), seen.member_count), (Some("Storks"), Some(3)));
    assert!(noor.request_chat_join(&group, &token).await.unwrap().data.requested);
    let seen = noor.get_chat_invite(&group, &token).invite_fields(fields).await.unwrap().data;
    assert_eq!(seen.join_state.as_deref(), Some("pending"));
    assert_eq!(noor.get_chat(&group).await.unwrap_err().kind(), ErrorKind::Forbidden, "not a member yet");
    let pending =
        |client: &Client| client.get_chat(&group).chat_fields([ChatField::PendingMemberIds, ChatField::Invite]);
    assert_eq!(pending(&ada).await.unwrap().data.pending_member_ids, Some(vec![noor_id]));
    assert_eq!(pending(&robin).await.unwrap().data.pending_member_ids, None, "administrators alone see requests");

    assert_eq!(robin.reject_chat_join_requests(&group, [noor_id]).await.unwrap_err().kind(), ErrorKind::Forbidden);
    assert!(ada.reject_chat_join_requests(&group, [noor_id]).await.unwrap().data.rejected);
    assert_eq!(pending(&ada).await.unwrap().data.pending_member_ids, Some(Vec::new()));
    noor.request_chat_join(&group, &token).action_signatures([signature("m1", "am9pbg==")]).await.unwrap();
    ada.add_chat_members(&group, [noor_id]).await.unwrap();
    assert!(noor.get_chat(&group).await.is_ok());
    assert_eq!(pending(&ada).await.unwrap().data.pending_member_ids, Some(Vec::new()));
    assert_eq!(noor.request_chat_join(&group, &token).await.unwrap_err().kind(), ErrorKind::Forbidden, "a member");

    sandbox.clock().advance(Duration::from_secs(61));
    assert!(robin.get_chat_invite(&group, &token).await.is_err(), "the invite has expired");
    assert_eq!(pending(&ada).await.unwrap().data.invite, None);
}

#[tokio::test]
async fn a_client_chooses_the_link_of_an_invite() {
    let (_sandbox, ada) = sandbox_and_client();
    let group = group(&ada).await;
    let wrong = ada.enable_chat_invite(&group).invite_url("https://example.com/join").await.unwrap_err();
    assert_eq!(wrong.kind(), ErrorKind::Invalid, "{wrong}");
    let signed = ada.enable_chat_invite(&group).action_signatures([signature("m1", "aW52aXRl")]).await.unwrap_err();
    assert_eq!(signed.kind(), ErrorKind::Invalid, "a signature needs the link that was signed");
    let url = format!("https://x.com/i/chat/group_join/{group}/abcDEF-_12");
    let call =
        ada.enable_chat_invite(&group).invite_url(url.as_str()).validity_expiry_timestamp_msec(4_000_000_000_000);
    let invite = call.affiliate_user_id(12).action_signatures([signature("m1", "aW52aXRl")]).await.unwrap().data;
    assert_eq!((invite.invite_url.as_deref(), invite.token.unwrap().as_str()), (Some(url.as_str()), "abcDEF-_12"));
    assert!(ada.get_chat_invite(&group, "abcDEF-_12").await.is_ok());
    assert!(ada.disable_chat_invite(&group).await.unwrap().data.disabled);
    assert!(ada.get_chat_invite(&group, "abcDEF-_12").await.is_err());
    assert!(!ada.disable_chat_invite(&group).await.unwrap().data.disabled, "none remains");
    let short = ada.get_chat_invite(&group, "short").await.unwrap_err();
    assert_eq!(short.kind(), ErrorKind::Argument, "{short}");
}

#[tokio::test]
async fn members_leave_and_are_removed() {
    let (sandbox, ada) = sandbox_and_client();
    let group = group(&ada).await;
    let (me, robin, mika) = (ada.me().await.unwrap(), user(&sandbox, "robin"), user(&sandbox, "mika"));
    let mika_id = mika.me().await.unwrap();
    assert_eq!(robin.remove_chat_members(&group, [mika_id]).await.unwrap_err().kind(), ErrorKind::Forbidden);
    let rotation = KeyRotation::new("3", [ParticipantKey::new(12, "a2V5", "1")]).event("cm90YXRl").title("bmFtZQ==");
    let rotation = rotation.message_key(RotatedPmk::new("cG1r", "7"));
    let removed = ada.remove_chat_members(&group, [mika_id]).group_key_rotation_data(rotation).await.unwrap();
    assert!(removed.data.removed);
    assert_eq!(people(&ada, &group).await.1, [UserId::new(12), me]);
    assert_eq!(mika.get_chat(&group).await.unwrap_err().kind(), ErrorKind::Forbidden);
    let newest = robin.chat_events(&group).await.unwrap().data.remove(0);
    assert_eq!(newest.conversation_key_version.as_deref(), Some("3"), "the key was rotated");
    ada.remove_chat_members(&group, [me]).await.unwrap();
    assert_eq!(people(&robin, &group).await, (vec![12.into()], vec![12.into()]), "the last member takes over");
}
