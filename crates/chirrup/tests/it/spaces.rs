//! Spaces.

use chirrup::ErrorKind;
use chirrup::model::{SpaceExpansion, SpaceField, SpaceState, SpaceStateFilter, TopicField, UserField};

use crate::common::{client, sandbox_and_client};

#[tokio::test]
async fn spaces_are_found_by_id_creator_and_search() {
    let (_sandbox, client) = sandbox_and_client();
    let response = client
        .get_space("1ynKOZVRyOwxR")
        .space_fields([SpaceField::Title, SpaceField::StartedAt, SpaceField::ParticipantCount, SpaceField::Lang])
        .expansions([SpaceExpansion::HostIds, SpaceExpansion::CreatorId, SpaceExpansion::TopicIds])
        .user_fields([UserField::Verified])
        .topic_fields([TopicField::Description])
        .await
        .unwrap();
    let space = &response.data;
    shows!(
        ["pytweet.space", "pytweet.space.state", "pytweet.space_state", "pytweet.client.fetch_space"],
        assert_eq!(
            (space.title.as_deref(), &space.state),
            (Some("Rust for people who write bots"), &Some(SpaceState::Live))
        )
    );
    shows!("pytweet.space.started_at", assert!(space.started_at.is_some() && space.participant_count.unwrap() > 0));
    part!({
        assert!(space.created_at.is_none(), "fields that were not requested are absent");
        assert_eq!(space.host_ids.as_ref().unwrap(), &[12.into()]);
        assert_eq!(response.includes.user(space.creator_id.unwrap()).unwrap().username, "robin");
        assert_eq!(response.includes.topics[0].name, "Technology");

        let both = client.get_spaces(["1ynKOZVRyOwxR", "1DXxyRYNejbKM", "1xxxxxxxxxxxx"]).await.unwrap();
        assert_eq!((both.data.len(), both.errors.len()), (2, 1));
        let robins = client.spaces_of([12]).await.unwrap();
        assert_eq!(robins.data.len(), 2, "ended broadcasts are not listed");
        assert_eq!(robins.meta.result_count, Some(2));
        let found =
            client.search_spaces("compiler birds").state(SpaceStateFilter::Scheduled).max_results(10).await.unwrap();
        shows!(["pytweet.client.fetch_space_by_title", "tweepy.search_spaces.state"], assert_eq!(found.data.len(), 2));
    });
    assert!(client.search_spaces("compiler").state(SpaceStateFilter::Live).await.unwrap().data.is_empty());
    assert_eq!(client.get_space("1zzzzzzzzzzzz").await.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(client.get_space("not an id").await.unwrap_err().kind(), ErrorKind::Argument);
}

#[tokio::test]
async fn posts_and_ticket_buyers_of_a_space_are_listed() {
    let (sandbox, client_of_ada) = sandbox_and_client();
    let posts = client_of_ada.space_posts("1ynKOZVRyOwxR").max_results(5).await.unwrap();
    assert_eq!(posts.data.len(), 5);
    let token = sandbox.oauth2("ada", &["space.read", "tweet.read", "users.read"]).unwrap();
    let ada = client(&sandbox, token);
    assert_eq!(ada.space_buyers("1DXxyRYNejbKM").await.unwrap().data.len(), 3);
    assert_eq!(
        ada.space_buyers("1ynKOZVRyOwxR").await.unwrap_err().kind(),
        ErrorKind::Forbidden,
        "it belongs to another user"
    );
}
