//! Communities: search and look-up.

use chirrup::ErrorKind;
use chirrup::model::CommunityField;

use crate::common::sandbox_and_client;

#[tokio::test]
async fn communities_are_searched_and_looked_up() {
    let (_sandbox, client) = sandbox_and_client();
    let found = client.search_communities("birds watching").community_fields([CommunityField::MemberCount]).await;
    let found = found.unwrap().data;
    assert_eq!((found.len(), found[0].name.as_deref(), found[0].member_count), (1, Some("Bird watching"), Some(2_034)));
    let one = client.get_community(found[0].id).community_fields([CommunityField::JoinPolicy]).await.unwrap().data;
    assert_eq!((one.join_policy.as_deref(), one.member_count), (Some("Open"), None));
    assert_eq!(client.get_community(1).await.unwrap_err().kind(), ErrorKind::NotFound);
}
