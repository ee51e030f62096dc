//! Communities: lookup and search.

use chirrup_model::{Community, CommunityField, CommunityId};

crate::endpoints! {
    /// # Communities
    ///
    /// Look up and search communities.
    COMMUNITIES in v2::communities;

    /// Returns a community by ID.
    get_community -> GetCommunity = GET "/2/communities/{id}" => Community;
    auth App, User, OAuth2["list.read", "tweet.read", "users.read"];
    price "Community: Read";
    example(1488952693443416067).community_fields(["member_count"]);
    path {
        /// ID of the community.
        id: CommunityId,
    }
    query {
        /// Fields of communities to return, in addition to `id`.
        community_fields = "community.fields": Vec<CommunityField>;
    }

    /// Returns the communities that match a query.
    search_communities -> SearchCommunities = GET "/2/communities/search" => Vec<Community>;
    auth User, OAuth2["tweet.read", "users.read"];
    price "Community: Read";
    example("birds").max_results(10);
    required query {
        /// Text to search for.
        query: String, in 1..=4096;
    }
    query {
        /// Number of communities per page.
        max_results: u32, in 10..=100, default 10;
        /// Fields of communities to return, in addition to `id`.
        community_fields = "community.fields": Vec<CommunityField>;
    }
    with SEARCH_PAGE;
}
