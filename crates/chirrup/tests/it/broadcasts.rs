//! Broadcasts and their chat.

use chirrup::ErrorKind;
use chirrup::model::{BroadcastField, BroadcastMessageField};

use crate::common::{client, sandbox_and_client};

#[tokio::test]
async fn a_broadcast_is_scheduled_started_and_has_a_chat() {
    let (sandbox, ada) = sandbox_and_client();
    let plan = ada.schedule_broadcast("1790000003000", "1790000000000", "camera").title("Storks").await.unwrap();
    assert_eq!(plan.raw.status.as_u16(), 201);
    let id = plan.data.broadcast_id.unwrap();
    let number = plan.data.scheduled_broadcast_id.unwrap();
    let changed =
        ada.reschedule_broadcast(&id, number, "1790000009000", "1790000000000").title("Cranes").await.unwrap();
    assert_eq!(changed.data.title.as_deref(), Some("Cranes"));
    assert_eq!(ada.get_scheduled_broadcast(&id).await.unwrap().data.scheduled_end_ms.as_deref(), Some("1790000009000"));
    assert_eq!(ada.scheduled_broadcasts().await.unwrap().data.len(), 1);
    assert_eq!(ada.get_broadcast(&id).await.unwrap_err().kind(), ErrorKind::NotFound, "it has not started");
    assert_eq!(ada.start_broadcast(&id).await.unwrap().data.state.as_deref(), Some("Running"));
    assert!(ada.start_broadcast(&id).await.is_err(), "it has started already");
    let live = ada.get_broadcast(&id).broadcast_fields([BroadcastField::SourceId]).await.unwrap().data;
    assert_eq!(
        (live.title.as_deref(), live.source_id.as_ref().map(|id| id.as_str())),
        (Some("Cranes"), Some("camera"))
    );
    assert_eq!(ada.broadcasts().ids([&id]).await.unwrap().data.len(), 1);

    let robin = client(&sandbox, sandbox.oauth1("robin").unwrap());
    assert!(robin.send_broadcast_chat(&id, "lovely").await.unwrap().data.success);
    let chat = ada.broadcast_chat(&id).message_fields([BroadcastMessageField::AuthorUsername]).await.unwrap().data;
    assert_eq!((chat[0].text.as_deref(), chat[0].author_username.as_deref()), (Some("lovely"), Some("robin")));
    assert!(ada.mute_in_broadcast(&id, 12).await.unwrap().data.muted);
    assert_eq!(robin.send_broadcast_chat(&id, "hello?").await.unwrap_err().kind(), ErrorKind::Forbidden);
    assert!(!ada.unmute_in_broadcast(&id, 12).await.unwrap().data.muted);
    assert!(ada.delete_broadcast_message(&id, chat[0].id.as_str()).await.unwrap().data.deleted);
    assert!(ada.broadcast_chat(&id).await.unwrap().data.is_empty());
    assert!(ada.cancel_broadcast(&id).await.unwrap().data.deleted);
    assert!(ada.scheduled_broadcasts().await.unwrap().data.is_empty());
}
