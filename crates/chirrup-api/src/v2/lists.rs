//! Lists: lookup, creation, posts, members, followers and pins.

use chirrup_model::{CreatedList, Deleted, Followed, List, ListId, Membership, Pinned, Post, Updated, User, UserId};

crate::endpoints! {
    /// # Lists
    ///
    /// Create and change lists, and read their members, followers and posts.
    LISTS in v2::lists;

    /// Returns a list by ID.
    get_list -> GetList = GET "/2/lists/{id}" => List;
    auth App, User, OAuth2["list.read", "tweet.read", "users.read"];
    price "List: Read";
    alias "get_specific_list";
    example(1585823814058971140).list_fields(["description", "member_count"]);
    path {
        /// ID of the list.
        id: ListId,
    }
    with LIST_FIELDS;

    /// Creates a list owned by the authenticated user.
    create_list -> CreateList = POST "/2/lists" => CreatedList;
    auth User, OAuth2["list.read", "list.write", "tweet.read", "users.read"];
    price "List: Create";
    example("Birds").description("Accounts about birds").private(true);
    required body {
        /// Name of the list.
        name: String, in 1..=25;
    }
    body {
        /// Description of the list.
        description: String, in 0..=100;
        /// Whether only its owner sees the list.
        private: bool;
    }

    /// Updates the name, description or visibility of a list of the authenticated user.
    update_list -> UpdateList = PUT "/2/lists/{id}" => Updated;
    auth User, OAuth2["list.write", "tweet.read", "users.read"];
    price "List: Manage";
    example(1585823814058971140).name("Birds of the north");
    path {
        /// ID of the list.
        id: ListId,
    }
    body {
        /// Name of the list.
        name: String, in 1..=25;
        /// Description of the list.
        description: String, in 0..=100;
        /// Whether only its owner sees the list.
        private: bool;
    }

    /// Deletes a list of the authenticated user.
    delete_list -> DeleteList = DELETE "/2/lists/{id}" => Deleted;
    auth User, OAuth2["list.write", "tweet.read", "users.read"];
    price "List: Manage";
    example(1585823814058971140);
    path {
        /// ID of the list.
        id: ListId,
    }

    /// Returns the posts of the members of a list, newest first.
    list_posts -> ListPosts = GET "/2/lists/{id}/tweets" => Vec<Post>;
    auth App, User, OAuth2["list.read", "tweet.read", "users.read"];
    price "Posts: Read";
    alias "get_list_tweets", "get_list_statuses";
    example(1585823814058971140).max_results(50);
    path {
        /// ID of the list.
        list = "id": ListId,
    }
    query {
        /// Number of posts per page.
        max_results: u32, in 1..=100, default 100;
    }
    with PAGE, POST_FIELDS;

    /// Returns the members of a list, most recently added first.
    list_members -> ListMembers = GET "/2/lists/{id}/members" => Vec<User>;
    auth App, User, OAuth2["list.read", "tweet.read", "users.read"];
    price "User: Read";
    alias "get_list_members";
    example(1585823814058971140).user_fields(["public_metrics"]);
    path {
        /// ID of the list.
        list = "id": ListId,
    }
    query {
        /// Number of users per page.
        max_results: u32, in 1..=100, default 100;
    }
    with PAGE, USER_FIELDS;

    /// Adds a user to a list of the authenticated user.
    add_list_member -> AddListMember = POST "/2/lists/{id}/members" => Membership;
    auth User, OAuth2["list.write", "tweet.read", "users.read"];
    price "List: Manage";
    example(1585823814058971140, 12);
    idempotent;
    path {
        /// ID of the list.
        list = "id": ListId,
    }
    required body {
        /// ID of the user.
        user = "user_id": UserId;
    }

    /// Removes a user from a list of the authenticated user.
    remove_list_member -> RemoveListMember = DELETE "/2/lists/{id}/members/{user_id}" => Membership;
    auth User, OAuth2["list.write", "tweet.read", "users.read"];
    price "List: Manage";
    alias "delete_list_member";
    example(1585823814058971140, 12);
    path {
        /// ID of the list.
        list = "id": ListId,
        /// ID of the user.
        user = "user_id": UserId,
    }

    /// Returns the followers of a list, most recent first.
    list_followers -> ListFollowers = GET "/2/lists/{id}/followers" => Vec<User>;
    auth App, User, OAuth2["list.read", "tweet.read", "users.read"];
    price "User: Read";
    alias "get_list_followers", "get_list_subscribers";
    example(1585823814058971140).max_results(50);
    path {
        /// ID of the list.
        list = "id": ListId,
    }
    query {
        /// Number of users per page.
        max_results: u32, in 1..=100, default 100;
    }
    with PAGE, USER_FIELDS;

    /// Returns the lists that a user owns, most recent first.
    owned_lists -> OwnedLists = GET "/2/users/{id}/owned_lists" => Vec<List>;
    auth App, User, OAuth2["list.read", "tweet.read", "users.read"];
    price "List: Read";
    alias "get_owned_lists", "show_owned_lists";
    example(12).list_fields(["member_count"]);
    path {
        /// ID of the user.
        user = "id": UserId,
    }
    query {
        /// Number of lists per page.
        max_results: u32, in 1..=100, default 100;
    }
    with PAGE, LIST_FIELDS;

    /// Returns the lists that have a user as a member, most recent first.
    list_memberships -> ListMemberships = GET "/2/users/{id}/list_memberships" => Vec<List>;
    auth App, User, OAuth2["list.read", "tweet.read", "users.read"];
    price "List: Read";
    alias "get_list_memberships";
    example(12).max_results(50);
    path {
        /// ID of the user.
        user = "id": UserId,
    }
    query {
        /// Number of lists per page.
        max_results: u32, in 1..=100, default 100;
    }
    with PAGE, LIST_FIELDS;

    /// Returns the lists that a user follows, most recent first.
    followed_lists -> FollowedLists = GET "/2/users/{id}/followed_lists" => Vec<List>;
    auth App, User, OAuth2["list.read", "tweet.read", "users.read"];
    price "List: Read";
    alias "get_followed_lists", "get_list_subscriptions";
    example(12).max_results(50);
    path {
        /// ID of the user.
        user = "id": UserId,
    }
    query {
        /// Number of lists per page.
        max_results: u32, in 1..=100, default 100;
    }
    with PAGE, LIST_FIELDS;

    /// Follows a list as the authenticated user.
    follow_list -> FollowList = POST "/2/users/{id}/followed_lists" => Followed;
    auth User, OAuth2["list.write", "tweet.read", "users.read"];
    price "List: Manage";
    alias "subscribe_to_list";
    example(1585823814058971140);
    idempotent;
    me id;
    required body {
        /// ID of the list.
        list = "list_id": ListId;
    }

    /// Unfollows a list as the authenticated user.
    unfollow_list -> UnfollowList = DELETE "/2/users/{id}/followed_lists/{list_id}" => Followed;
    auth User, OAuth2["list.write", "tweet.read", "users.read"];
    price "List: Manage";
    alias "unsubscribe_from_list";
    example(1585823814058971140);
    me id;
    path {
        /// ID of the list.
        list = "list_id": ListId,
    }

    /// Returns the lists that the authenticated user pinned, most recent first.
    pinned_lists -> PinnedLists = GET "/2/users/{id}/pinned_lists" => Vec<List>;
    auth User, OAuth2["list.read", "tweet.read", "users.read"];
    price "List: Read";
    alias "get_pinned_lists";
    example().list_fields(["member_count"]);
    me id;
    with LIST_FIELDS;

    /// Pins a list for the authenticated user.
    pin_list -> PinList = POST "/2/users/{id}/pinned_lists" => Pinned;
    auth User, OAuth2["list.write", "tweet.read", "users.read"];
    price "List: Manage";
    example(1585823814058971140);
    idempotent;
    me id;
    required body {
        /// ID of the list.
        list = "list_id": ListId;
    }

    /// Unpins a list for the authenticated user.
    unpin_list -> UnpinList = DELETE "/2/users/{id}/pinned_lists/{list_id}" => Pinned;
    auth User, OAuth2["list.write", "tweet.read", "users.read"];
    price "List: Manage";
    example(1585823814058971140);
    me id;
    path {
        /// ID of the list.
        list = "list_id": ListId,
    }
}
