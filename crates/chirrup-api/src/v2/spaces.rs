//! Spaces: lookup, search, ticket buyers and shared posts.

use chirrup_model::{Post, Space, SpaceId, SpaceStateFilter, User, UserId};

crate::endpoints! {
    /// # Spaces
    ///
    /// Look up and search Spaces.
    SPACES in v2::spaces;

    /// Returns a Space by ID.
    get_space -> GetSpace = GET "/2/spaces/{id}" => Space;
    auth App, OAuth2["space.read", "tweet.read", "users.read"];
    price "Space: Read";
    example("1ynKOZVRyOwxR").space_fields(["title", "host_ids"]);
    path {
        /// ID of the Space.
        id: SpaceId,
    }
    with SPACE_FIELDS;

    /// Returns up to 100 Spaces by ID.
    get_spaces -> GetSpaces = GET "/2/spaces" => Vec<Space>;
    auth App, OAuth2["space.read", "tweet.read", "users.read"];
    price "Space: Read";
    example(["1ynKOZVRyOwxR", "1DXxyRYNejbKM"]);
    required query {
        /// IDs of the Spaces.
        ids: Vec<SpaceId>, in 1..=100;
    }
    with SPACE_FIELDS;

    /// Returns the live and scheduled Spaces that up to 100 users created.
    spaces_of -> SpacesOf = GET "/2/spaces/by/creator_ids" => Vec<Space>;
    auth App, OAuth2["space.read", "tweet.read", "users.read"];
    price "Space: Read";
    alias "get_spaces", "get_spaces_by_creator_ids";
    example([12]);
    required query {
        /// IDs of the creators.
        users = "user_ids": Vec<UserId>, in 1..=100;
    }
    with SPACE_FIELDS;

    /// Returns the live and scheduled Spaces whose titles match a query.
    search_spaces -> SearchSpaces = GET "/2/spaces/search" => Vec<Space>;
    auth App, OAuth2["space.read", "tweet.read", "users.read"];
    price "Space: Read";
    example("rust").state("live").space_fields(["title"]);
    required query {
        /// Text to search for in titles.
        query: String, in 1..=2048;
    }
    query {
        /// State of the Spaces to return: live, scheduled or all.
        state: SpaceStateFilter, default "all";
        /// Number of Spaces to return.
        max_results: u32, in 1..=100, default 100;
    }
    with SPACE_FIELDS;

    /// Returns the users who bought a ticket to a Space of the authenticated user.
    space_buyers -> SpaceBuyers = GET "/2/spaces/{id}/buyers" => Vec<User>;
    auth OAuth2["space.read", "tweet.read", "users.read"];
    price "User: Read";
    alias "get_space_buyers";
    example("1DXxyRYNejbKM");
    path {
        /// ID of the Space.
        space = "id": SpaceId,
    }
    query {
        /// Number of users per page.
        max_results: u32, in 1..=100, default 100;
    }
    with PAGE, USER_FIELDS;

    /// Returns the posts that were shared in a Space.
    space_posts -> SpacePosts = GET "/2/spaces/{id}/tweets" => Vec<Post>;
    auth App, OAuth2["space.read", "tweet.read", "users.read"];
    price "Posts: Read";
    alias "get_space_tweets";
    example("1ynKOZVRyOwxR").max_results(50);
    path {
        /// ID of the Space.
        space = "id": SpaceId,
    }
    query {
        /// Number of posts per page.
        max_results: u32, in 1..=100, default 100;
    }
    with PAGE, POST_FIELDS;
}
