//! Followers of the authenticated user, without its ID.

use chirrup::model::{User, UserField};

use crate::common::sandbox_and_client;

fn ids(users: &[User]) -> Vec<u64> {
    users.iter().map(|user| user.id.get()).collect()
}

#[tokio::test]
async fn my_followers_are_the_followers_of_my_id() {
    let (_sandbox, ada) = sandbox_and_client();
    let me = ada.me().await.unwrap();
    let mine = ada.get_my_followers().max_results(1000).await.unwrap();
    let by_id = ada.followers(me).max_results(1000).await.unwrap();
    assert!(!mine.data.is_empty());
    assert_eq!(ids(&mine.data), ids(&by_id.data));
    let pages =
        ada.get_my_followers().max_results(2).user_fields([UserField::CreatedAt]).items().collect().await.unwrap();
    assert_eq!(ids(&pages), ids(&mine.data));
    assert!(pages.iter().all(|user| user.created_at.is_some()));
}

#[tokio::test]
async fn my_following_changes_with_a_follow() {
    let (_sandbox, ada) = sandbox_and_client();
    let mika = ada.get_user_by_name("mika").await.unwrap().data.id;
    ada.unfollow(mika).await.unwrap();
    let before = ids(&ada.get_my_following().max_results(1000).await.unwrap().data);
    assert!(!before.contains(&mika.get()));
    ada.follow(mika).await.unwrap();
    let after = ids(&ada.get_my_following().max_results(1000).await.unwrap().data);
    assert_eq!((after[0], after.len()), (mika.get(), before.len() + 1), "the most recent follow is the first");
}
