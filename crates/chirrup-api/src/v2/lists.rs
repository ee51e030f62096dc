//! Lists: look-up, making, members, followers, pins, and what their members write.

use chirrup_model::{CreatedList, Deleted, Followed, List, ListId, Membership, Pinned, Post, Updated, User, UserId};

crate::endpoints! {
    LISTS on Client;

    /// Finds one list by its id.
    get_list -> GetList = GET "/2/lists/{id}" => List;
    auth App, User, OAuth2["list.read", "tweet.read", "users.read"];
    alias "get_specific_list";
    path { id: ListId }
    with LIST_VIEW;

    /// Makes a list; its name has 1 to 25 characters.
    create_list -> CreateList = POST "/2/lists" => CreatedList;
    auth User, OAuth2["list.read", "list.write", "tweet.read", "users.read"];
    sends { name: String, in 1..=25; }
    body {
        /// What it is about, up to 100 characters.
        description: String, in 0..=100;
        /// Whether only you may see it.
        private: bool;
    }

    /// Changes an own list.
    update_list -> UpdateList = PUT "/2/lists/{id}" => Updated;
    auth User, OAuth2["list.write", "tweet.read", "users.read"];
    path { id: ListId }
    body {
        /// Its name, 1 to 25 characters.
        name: String, in 1..=25;
        /// What it is about, up to 100 characters.
        description: String, in 0..=100;
        /// Whether only you may see it.
        private: bool;
    }

    /// Deletes an own list.
    delete_list -> DeleteList = DELETE "/2/lists/{id}" => Deleted;
    auth User, OAuth2["list.write", "tweet.read", "users.read"];
    path { id: ListId }

    /// Lists what the members of a list write, newest first.
    list_posts -> ListPosts = GET "/2/lists/{id}/tweets" => Vec<Post>;
    auth App, User, OAuth2["list.read", "tweet.read", "users.read"];
    alias "get_list_tweets", "get_list_statuses";
    path { list = "id": ListId }
    query {
        /// How many posts a page holds: 1 to 100, 100 if not given.
        max_results: u32, in 1..=100;
    }
    with PAGE, POST_VIEW;

    /// Lists the members of a list, the latest first.
    list_members -> ListMembers = GET "/2/lists/{id}/members" => Vec<User>;
    auth App, User, OAuth2["list.read", "tweet.read", "users.read"];
    alias "get_list_members";
    path { list = "id": ListId }
    query {
        /// How many users a page holds: 1 to 100, 100 if not given.
        max_results: u32, in 1..=100;
    }
    with PAGE, USER_VIEW;

    /// Puts a user on an own list.
    add_list_member -> AddListMember = POST "/2/lists/{id}/members" => Membership;
    auth User, OAuth2["list.write", "tweet.read", "users.read"];
    path { list = "id": ListId }
    sends { user = "user_id": UserId; }

    /// Takes a user off an own list.
    remove_list_member -> RemoveListMember = DELETE "/2/lists/{id}/members/{user_id}" => Membership;
    auth User, OAuth2["list.write", "tweet.read", "users.read"];
    alias "delete_list_member";
    path { list = "id": ListId, user = "user_id": UserId }

    /// Lists who follows a list, the latest first.
    list_followers -> ListFollowers = GET "/2/lists/{id}/followers" => Vec<User>;
    auth App, User, OAuth2["list.read", "tweet.read", "users.read"];
    alias "get_list_followers", "get_list_subscribers";
    path { list = "id": ListId }
    query {
        /// How many users a page holds: 1 to 100, 100 if not given.
        max_results: u32, in 1..=100;
    }
    with PAGE, USER_VIEW;

    /// Lists the lists that a user owns, the latest first.
    owned_lists -> OwnedLists = GET "/2/users/{id}/owned_lists" => Vec<List>;
    auth App, User, OAuth2["list.read", "tweet.read", "users.read"];
    alias "get_owned_lists", "show_owned_lists";
    path { user = "id": UserId }
    query {
        /// How many lists a page holds: 1 to 100, 100 if not given.
        max_results: u32, in 1..=100;
    }
    with PAGE, LIST_VIEW;

    /// Lists the lists that a user is on, the latest first.
    list_memberships -> ListMemberships = GET "/2/users/{id}/list_memberships" => Vec<List>;
    auth App, User, OAuth2["list.read", "tweet.read", "users.read"];
    alias "get_list_memberships";
    path { user = "id": UserId }
    query {
        /// How many lists a page holds: 1 to 100, 100 if not given.
        max_results: u32, in 1..=100;
    }
    with PAGE, LIST_VIEW;

    /// Lists the lists that a user follows, the latest first.
    followed_lists -> FollowedLists = GET "/2/users/{id}/followed_lists" => Vec<List>;
    auth App, User, OAuth2["list.read", "tweet.read", "users.read"];
    alias "get_followed_lists", "get_list_subscriptions";
    path { user = "id": UserId }
    query {
        /// How many lists a page holds: 1 to 100, 100 if not given.
        max_results: u32, in 1..=100;
    }
    with PAGE, LIST_VIEW;

    /// Follows a list.
    follow_list -> FollowList = POST "/2/users/{id}/followed_lists" => Followed;
    auth User, OAuth2["list.write", "tweet.read", "users.read"];
    alias "subscribe_to_list";
    me id;
    sends { list = "list_id": ListId; }

    /// Stops following a list.
    unfollow_list -> UnfollowList = DELETE "/2/users/{id}/followed_lists/{list_id}" => Followed;
    auth User, OAuth2["list.write", "tweet.read", "users.read"];
    alias "unsubscribe_from_list";
    me id;
    path { list = "list_id": ListId }

    /// Lists your pinned lists, the latest first.
    pinned_lists -> PinnedLists = GET "/2/users/{id}/pinned_lists" => Vec<List>;
    auth User, OAuth2["list.read", "tweet.read", "users.read"];
    alias "get_pinned_lists";
    me id;
    with LIST_VIEW;

    /// Pins a list.
    pin_list -> PinList = POST "/2/users/{id}/pinned_lists" => Pinned;
    auth User, OAuth2["list.write", "tweet.read", "users.read"];
    me id;
    sends { list = "list_id": ListId; }

    /// Takes back a pin.
    unpin_list -> UnpinList = DELETE "/2/users/{id}/pinned_lists/{list_id}" => Pinned;
    auth User, OAuth2["list.write", "tweet.read", "users.read"];
    me id;
    path { list = "list_id": ListId }
}
