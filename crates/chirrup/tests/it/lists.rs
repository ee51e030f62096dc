//! Lists.

use chirrup::ErrorKind;
use chirrup::model::{Expansion, ListExpansion, ListField};

use crate::common::sandbox_and_client;

#[tokio::test]
async fn a_list_is_created_updated_and_deleted() {
    let (_sandbox, client) = sandbox_and_client();
    let id = client.create_list("Birders").description("who looks up").private(false).await.unwrap().data.id;
    let list = client
        .get_list(id)
        .list_fields([ListField::Description, ListField::MemberCount, ListField::CreatedAt, ListField::Private])
        .expansions([ListExpansion::OwnerId])
        .await
        .unwrap();
    assert_eq!((list.data.name.as_str(), list.data.description.as_deref()), ("Birders", Some("who looks up")));
    assert_eq!((list.data.member_count, list.data.private), (Some(0), Some(false)));
    assert_eq!(list.includes.user(list.data.owner_id.unwrap()).unwrap().username, "ada");
    assert!(client.update_list(id).name("Twitchers").await.unwrap().data.updated);
    assert_eq!(client.get_list(id).await.unwrap().data.name, "Twitchers");
    assert!(client.delete_list(id).await.unwrap().data.deleted);
    assert_eq!(client.get_list(id).await.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(client.create_list("n".repeat(26)).await.unwrap_err().kind(), ErrorKind::Argument);
}

#[tokio::test]
async fn list_members_are_added_and_removed_and_their_posts_listed() {
    let (sandbox, client) = sandbox_and_client();
    let id = client.create_list("Two").await.unwrap().data.id;
    let mika = client.get_user_by_name("mika").await.unwrap().data.id;
    for user in [12.into(), mika] {
        assert!(client.add_list_member(id, user).await.unwrap().data.is_member);
    }
    let names: Vec<_> = client.list_members(id).await.unwrap().data.into_iter().map(|user| user.username).collect();
    assert_eq!(names, ["mika", "robin"]);
    let posts = client.list_posts(id).max_results(20).expansions([Expansion::AuthorId]).await.unwrap();
    assert!(posts.data.is_sorted_by(|a, b| a.id > b.id) && posts.data.len() == 20);
    assert!(posts.data.iter().all(|post| [mika, 12.into()].contains(&post.author_id.unwrap())));
    let found =
        client.search_recent(format!("list:{id}")).max_results(10).expansions([Expansion::AuthorId]).await.unwrap();
    assert!(
        found.data.iter().all(|post| [mika, 12.into()].contains(&post.author_id.unwrap())) && found.data.len() == 10
    );
    assert_eq!(client.list_memberships(12).await.unwrap().data[0].id, id);
    assert!(!client.remove_list_member(id, 12).await.unwrap().data.is_member);
    assert!(client.list_memberships(12).await.unwrap().data.iter().all(|list| list.id != id));
    let robin = client.with_credentials(sandbox.oauth1("robin").unwrap());
    assert_eq!(robin.add_list_member(id, 12).await.unwrap_err().kind(), ErrorKind::Forbidden);
}

#[tokio::test]
async fn lists_can_be_followed_and_pinned() {
    let (sandbox, client) = sandbox_and_client();
    let me = client.me().await.unwrap();
    let robin = client.with_credentials(sandbox.oauth1("robin").unwrap());
    let first = client.create_list("First").await.unwrap().data.id;
    let second = client.create_list("Second").await.unwrap().data.id;
    let owned: Vec<_> = client.owned_lists(me).max_results(1).items().collect().await.unwrap();
    assert_eq!(owned.iter().map(|list| list.id).collect::<Vec<_>>(), [second, first]);
    assert!(robin.follow_list(first).await.unwrap().data.following);
    assert_eq!(client.list_followers(first).await.unwrap().data[0].username, "robin");
    assert_eq!(client.followed_lists(12).await.unwrap().data[0].id, first);
    assert!(!robin.unfollow_list(first).await.unwrap().data.following);
    assert!(client.followed_lists(12).await.unwrap().data.is_empty());
    assert!(client.pin_list(second).await.unwrap().data.pinned);
    assert_eq!(client.pinned_lists().await.unwrap().data[0].name, "Second");
    assert!(!client.unpin_list(second).await.unwrap().data.pinned);
    assert!(client.pinned_lists().await.unwrap().data.is_empty());
}

#[tokio::test]
async fn a_private_list_is_visible_to_its_owner_only() {
    let (sandbox, client) = sandbox_and_client();
    let me = client.me().await.unwrap();
    let robin = client.with_credentials(sandbox.oauth1("robin").unwrap());
    let id = client.create_list("Secret").private(true).await.unwrap().data.id;
    assert!(client.get_list(id).await.is_ok());
    assert_eq!(robin.get_list(id).await.unwrap_err().kind(), ErrorKind::NotFound);
    assert!(robin.owned_lists(me).await.unwrap().data.is_empty());
    assert_eq!(robin.follow_list(id).await.unwrap_err().kind(), ErrorKind::Invalid);
}
