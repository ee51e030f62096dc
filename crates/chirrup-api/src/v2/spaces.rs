//! Spaces: live conversations.

use chirrup_model::{Post, Space, SpaceId, SpaceQuery, User, UserId};

crate::endpoints! {
    SPACES on Client;

    /// Finds one Space by its id.
    get_space -> GetSpace = GET "/2/spaces/{id}" => Space;
    auth App, OAuth2["space.read", "tweet.read", "users.read"];
    path { id: SpaceId }
    with SPACE_VIEW;

    /// Finds up to 100 Spaces by their ids.
    get_spaces -> GetSpaces = GET "/2/spaces" => Vec<Space>;
    auth App, OAuth2["space.read", "tweet.read", "users.read"];
    needs { ids: Vec<SpaceId>, in 1..=100; }
    with SPACE_VIEW;

    /// Lists the live and coming Spaces of up to 100 users.
    spaces_of -> SpacesOf = GET "/2/spaces/by/creator_ids" => Vec<Space>;
    auth App, OAuth2["space.read", "tweet.read", "users.read"];
    alias "get_spaces", "get_spaces_by_creator_ids";
    needs { users = "user_ids": Vec<UserId>, in 1..=100; }
    with SPACE_VIEW;

    /// Finds live and coming Spaces whose titles hold some words.
    search_spaces -> SearchSpaces = GET "/2/spaces/search" => Vec<Space>;
    auth App, OAuth2["space.read", "tweet.read", "users.read"];
    needs { query: String, in 1..=2048; }
    query {
        /// Only those in this state.
        state: SpaceQuery;
        /// How many to show: 1 to 100, 100 if not given.
        max_results: u32, in 1..=100;
    }
    with SPACE_VIEW;

    /// Lists who bought a ticket to a Space of yours.
    space_buyers -> SpaceBuyers = GET "/2/spaces/{id}/buyers" => Vec<User>;
    auth OAuth2["space.read", "tweet.read", "users.read"];
    alias "get_space_buyers";
    path { space = "id": SpaceId }
    query {
        /// How many a page holds: 1 to 100.
        max_results: u32, in 1..=100;
    }
    with PAGE, USER_VIEW;

    /// Lists the posts that were shared in a Space.
    space_posts -> SpacePosts = GET "/2/spaces/{id}/tweets" => Vec<Post>;
    auth App, OAuth2["space.read", "tweet.read", "users.read"];
    alias "get_space_tweets";
    path { space = "id": SpaceId }
    query {
        /// How many a page holds: 1 to 100.
        max_results: u32, in 1..=100;
    }
    with PAGE, POST_VIEW;
}
