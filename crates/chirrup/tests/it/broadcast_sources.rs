//! Sources of broadcasts, and the broadcasts that use them.

use chirrup::ErrorKind;
use chirrup::model::{BroadcastField, BroadcastState, BroadcastTransition, Region};

use crate::common::{client, sandbox_and_client};

#[tokio::test]
async fn a_source_is_created_renamed_and_deleted() {
    let (sandbox, ada) = sandbox_and_client();
    let region = ada.recommended_region().await.unwrap().data.region;
    let made = ada.create_broadcast_source("Encoder", &region).await.unwrap();
    assert_eq!((made.raw.status.as_u16(), made.data.region.as_ref()), (201, Some(&region)));
    let west = ada.create_broadcast_source("Camera", Region::UsWest1).await.unwrap().data;
    assert_eq!(west.region, Some(Region::UsWest2), "X ingests in two regions");
    assert_ne!(west.stream_key, made.data.stream_key);

    let renamed = ada.update_broadcast_source(&made.data, "Encoder 2").await.unwrap().data;
    assert_eq!((renamed.name.as_deref(), renamed.stream_key), (Some("Encoder 2"), made.data.stream_key.clone()));
    let found = ada.get_broadcast_source(&made.data).await.unwrap().data;
    assert_eq!((found.name.as_deref(), found.is_stream_active), (Some("Encoder 2"), Some(true)));
    let names = ada.broadcast_sources().await.unwrap().data.into_iter().map(|source| source.name.unwrap());
    assert_eq!(names.collect::<Vec<_>>(), ["Camera", "Encoder 2"]);

    let robin = client(&sandbox, sandbox.oauth1("robin").unwrap());
    assert_eq!(robin.get_broadcast_source(&made.data).await.unwrap_err().kind(), ErrorKind::Invalid);
    assert!(robin.update_broadcast_source(&made.data, "Stolen").await.is_err());
    assert!(robin.delete_broadcast_source(&made.data).await.is_err(), "only its owner may");
    assert!(robin.broadcast_sources().await.unwrap().data.is_empty());
    assert!(ada.delete_broadcast_source(&made.data).await.unwrap().data.deleted);
    assert!(ada.get_broadcast_source(&made.data).await.is_err());
    assert_eq!(ada.create_broadcast_source("Moon", "moon-1").await.unwrap_err().kind(), ErrorKind::Invalid);
}

#[tokio::test]
async fn the_older_form_has_the_same_sources() {
    let (sandbox, ada) = sandbox_and_client();
    let made = ada.create_user_broadcast_source("Encoder").region(Region::EuCentral1).await.unwrap().data.source;
    assert_eq!((made.region.as_ref(), made.owner_id), (Some(&Region::UsEast1), Some(ada.me().await.unwrap().get())));
    let same = ada.get_broadcast_source(&made.id).await.unwrap().data;
    assert_eq!(same.stream_key, made.stream_key);
    let renamed = ada.update_user_broadcast_source(&made, "Camera").await.unwrap().data.source;
    assert_eq!(renamed.name.as_deref(), Some("Camera"));
    assert_eq!(ada.get_user_broadcast_source(&made).await.unwrap().data.source, renamed);
    assert_eq!(ada.user_broadcast_sources().await.unwrap().data.sources, [renamed]);
    let robin = client(&sandbox, sandbox.oauth1("robin").unwrap());
    assert!(robin.user_broadcast_sources().await.unwrap().data.sources.is_empty());
    assert!(robin.delete_user_broadcast_source(&made).await.is_err());
    ada.delete_user_broadcast_source(&made).await.unwrap();
    assert!(ada.user_broadcast_sources().await.unwrap().data.sources.is_empty());
}

#[tokio::test]
async fn a_broadcast_goes_live_and_ends_by_allowed_transitions_only() {
    let (sandbox, ada) = sandbox_and_client();
    let missing = ada.create_user_broadcast("7").await.unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::NotFound, "the source does not exist");
    let source = ada.create_broadcast_source("Encoder", Region::UsEast1).await.unwrap().data;
    let made = ada.create_user_broadcast(&source).region(Region::UsEast1).is_low_latency(true).await.unwrap().data;
    assert_eq!(made.broadcast.state, Some(BroadcastState::NotStarted));
    assert!(made.share_url.ends_with(made.broadcast.id.as_str()));
    let id = made.broadcast.id;
    let early = ada.update_user_broadcast_state(&id, BroadcastTransition::End).await.unwrap_err();
    assert!(early.to_string().contains("RUNNING"), "{early}");
    assert!(ada.send_broadcast_chat(&id, "too early").await.is_err());
    let robin = client(&sandbox, sandbox.oauth1("robin").unwrap());
    assert!(robin.update_user_broadcast_state(&id, BroadcastTransition::Publish).await.is_err());

    let live =
        ada.update_user_broadcast_state(&id, BroadcastTransition::Publish).title("Storks").locale("de").await.unwrap();
    assert_eq!((live.data.success, live.data.post_error.as_deref()), (Some(true), Some("")));
    let shown = live.data.broadcast.unwrap();
    assert_eq!((shown.state, shown.status.as_deref()), (Some(BroadcastState::Running), Some("Storks")));
    assert_eq!((shown.language.as_deref(), shown.chat_option, shown.post_id), (Some("de"), Some(3), None));
    let found = ada.get_user_broadcast(&id).await.unwrap().data.broadcast;
    let post = ada.get_post(found.post_id.unwrap()).await.unwrap().data;
    assert!(post.text.starts_with("Storks https://"), "{}", post.text);
    let fields = [BroadcastField::SourceId, BroadcastField::State];
    let same = ada.get_broadcast(&id).broadcast_fields(fields).await.unwrap().data;
    assert_eq!((same.source_id.as_ref(), same.title.as_deref()), (Some(&source.id), Some("Storks")));
    assert!(ada.update_user_broadcast_state(&id, BroadcastTransition::Publish).await.is_err(), "it is already live");

    let publish = ada.update_broadcast_state(&id, BroadcastTransition::Publish).await.unwrap_err();
    assert_eq!(publish.kind(), ErrorKind::Invalid, "{publish}");
    let titled = ada.update_broadcast_state(&id, BroadcastTransition::End).title("The end").await.unwrap_err();
    assert!(titled.to_string().contains("title must not be set"), "{titled}");
    let ended = ada.update_broadcast_state(&id, BroadcastTransition::End).await.unwrap().data;
    assert_eq!((ended.id, ended.state), (id.clone(), BroadcastState::Ended));
    assert!(ada.update_broadcast_state(&id, BroadcastTransition::End).await.is_err(), "it has ended already");
    assert!(ada.send_broadcast_chat(&id, "too late").await.is_err());

    assert!(robin.delete_broadcast(&id).await.is_err());
    assert!(ada.delete_broadcast(&id).await.unwrap().data.deleted);
    assert!(ada.get_user_broadcast(&id).await.is_err());
}

#[tokio::test]
async fn broadcasts_without_a_post_and_their_pages() {
    let (_sandbox, ada) = sandbox_and_client();
    let source = ada.create_broadcast_source("Encoder", Region::UsEast1).await.unwrap().data;
    let mut ids = Vec::new();
    for _ in 0..51 {
        ids.push(ada.create_user_broadcast(&source).await.unwrap().data.broadcast.id);
    }
    let first = ada.user_broadcasts().await.unwrap().data;
    assert_eq!((first.broadcasts.len(), &first.broadcasts[0].id), (50, &ids[50]), "the newest first");
    let second = ada.user_broadcasts().page_token(first.next_token.unwrap().offset).await.unwrap().data;
    assert_eq!((second.broadcasts.len(), &second.broadcasts[0].id), (1, &ids[0]));
    assert!(second.next_token.is_none());

    let quiet = ada.update_user_broadcast_state(&ids[0], BroadcastTransition::Publish).skip_post(true).chat_option(2);
    assert_eq!(quiet.await.unwrap().data.broadcast.unwrap().chat_option, Some(2));
    let shown = ada.get_user_broadcast(&ids[0]).await.unwrap().data.broadcast;
    assert_eq!((shown.state, shown.post_id), (Some(BroadcastState::Running), None));
    let ended = ada.update_user_broadcast_state(&ids[0], BroadcastTransition::End).await.unwrap().data.broadcast;
    assert_eq!(ended.unwrap().state, Some(BroadcastState::Ended));
    assert!(ada.delete_user_broadcast(&ids[0]).await.unwrap().data.success);
    assert!(ada.user_broadcasts().await.unwrap().data.next_token.is_none());
}
