//! Lists of v1.1.

use crate::common::sandbox_and_client;

#[tokio::test]
async fn v1_lists_are_created_filled_followed_and_deleted() {
    let (sandbox, client) = sandbox_and_client();
    let (v1, robin) = (client.v1(), client.with_credentials(sandbox.oauth1("robin").unwrap()).v1());
    let made = v1.new_list("Birds of the coast").mode("public").description("all of them").await.unwrap().data;
    assert_eq!(
        (made.slug.as_deref(), made.mode.as_deref(), made.member_count),
        (Some("birds-of-the-coast"), Some("public"), Some(0))
    );
    let by_name = v1.list().slug("birds-of-the-coast").owner_screen_name("ada").await.unwrap().data;
    assert_eq!((by_name.id, by_name.full_name.as_deref()), (made.id, Some("@ada/birds-of-the-coast")));
    v1.create_member().list_id(made.id).screen_name("robin").await.unwrap();
    let fill = v1.create_members().list_id(made.id).screen_names(["mika", "lena", "tomas"]).await.unwrap().data;
    assert_eq!(fill.member_count, Some(4));
    let members = v1.members().list_id(made.id).count(2).items().collect().await.unwrap();
    assert_eq!(members.len(), 4);
    assert_eq!(v1.member().list_id(made.id).user_id(12).await.unwrap().data.id.get(), 12);
    assert_eq!(v1.member().list_id(made.id).screen_name("ada").await.unwrap_err().problems()[0].code, Some(109));
    let statuses = v1.list_statuses().list_id(made.id).count(50).include_rts(false).await.unwrap().data;
    assert!(statuses.len() > 5 && statuses.iter().all(|status| status.retweeted_status.is_none()));
    assert!(robin.memberships().await.unwrap().data.lists.iter().any(|list| list.id == made.id));
    let followed = robin.create_subscriber().list_id(made.id).await.unwrap().data;
    assert_eq!((followed.following, followed.subscriber_count), (Some(true), Some(1)));
    assert_eq!(v1.subscribers().list_id(made.id).await.unwrap().data.users[0].id.get(), 12);
    assert!(v1.subscriber().list_id(made.id).user_id(12).await.is_ok());
    assert!(robin.subscriptions().items().collect().await.unwrap().iter().any(|list| list.id == made.id));
    assert!(robin.lists().reverse(true).await.unwrap().data.iter().any(|list| list.id == made.id));
    robin.destroy_subscriber().list_id(made.id).await.unwrap();
    let fewer = v1.destroy_members().list_id(made.id).screen_names(["mika", "lena"]).await.unwrap().data;
    assert_eq!(fewer.member_count, Some(2));
    v1.destroy_member().list_id(made.id).user_id(12).await.unwrap();
    let changed = v1.change_list().list_id(made.id).name("Gulls").mode("private").await.unwrap().data;
    assert_eq!((changed.name.as_deref(), changed.mode.as_deref()), (Some("Gulls"), Some("private")));
    assert!(robin.list().list_id(made.id).await.is_err(), "private metrics are visible to the owner only");
    assert!(v1.ownerships().count(10).await.unwrap().data.lists.iter().any(|list| list.id == made.id));
    let collection = v1.collection(format!("custom-{}", made.id)).await.unwrap().data;
    assert_eq!(collection["objects"]["timelines"][format!("custom-{}", made.id)]["name"], "Gulls");
    assert_eq!(robin.change_list().list_id(made.id).name("Mine").await.unwrap_err().status_code(), Some(404));
    assert_eq!(v1.destroy_list().list_id(made.id).await.unwrap().data.id, made.id);
    assert!(v1.list().list_id(made.id).await.is_err());
}
