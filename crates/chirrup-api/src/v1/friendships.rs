//! Friendships: followers, friends (followed users), requests and relationships.

use chirrup_model::v1::{Friendship, IdPage, User, UserConnections, UserPage};
use chirrup_model::{UserId, Username};

crate::endpoints! {
    /// # Friendships
    ///
    /// Follow and unfollow users, and read followers, followed users and requests.
    FRIENDSHIPS in v1::friendships;

    /// Returns the followers of a user, most recent first; of the authenticated user by default.
    follower_list -> FollowerList = GET "/1.1/followers/list.json" => UserPage;
    auth App, User;
    alias "get_followers_list";
    example().screen_name("robin").count(200);
    query {
        /// Number of users per page.
        count: u32, in 1..=200;
    }
    with USER, USER_OPTIONS, CURSOR;

    /// Returns the IDs of the followers of a user, most recent first; of the authenticated user by default.
    follower_ids -> FollowerIds = GET "/1.1/followers/ids.json" => IdPage;
    auth App, User;
    alias "get_followers_ids";
    example().screen_name("robin").count(5000);
    query {
        /// Number of IDs per page.
        count: u32, in 1..=5000;
        /// Whether to return IDs as strings instead of numbers.
        stringify_ids: bool;
    }
    with USER, CURSOR;

    /// Returns the users that a user follows, most recent first; the authenticated user by default.
    friend_list -> FriendList = GET "/1.1/friends/list.json" => UserPage;
    auth App, User;
    alias "get_friends_list";
    example().screen_name("robin").count(200);
    query {
        /// Number of users per page.
        count: u32, in 1..=200;
    }
    with USER, USER_OPTIONS, CURSOR;

    /// Returns the IDs of the users that a user follows, most recent first; the authenticated user by default.
    friend_ids -> FriendIds = GET "/1.1/friends/ids.json" => IdPage;
    auth App, User;
    alias "get_friends_ids";
    example().screen_name("robin");
    query {
        /// Number of IDs per page.
        count: u32, in 1..=5000;
        /// Whether to return IDs as strings instead of numbers.
        stringify_ids: bool;
    }
    with USER, CURSOR;

    /// Returns the IDs of the users who requested to follow the authenticated user.
    incoming_friendships -> IncomingFriendships = GET "/1.1/friendships/incoming.json" => IdPage;
    auth User;
    alias "get_incoming_friendship_ids";
    query {
        /// Whether to return IDs as strings instead of numbers.
        stringify_ids: bool;
    }
    with CURSOR;

    /// Returns the IDs of the protected users that the authenticated user requested to follow.
    outgoing_friendships -> OutgoingFriendships = GET "/1.1/friendships/outgoing.json" => IdPage;
    auth User;
    alias "get_outgoing_friendship_ids";
    query {
        /// Whether to return IDs as strings instead of numbers.
        stringify_ids: bool;
    }
    with CURSOR;

    /// Returns the IDs of the users whose retweets the authenticated user hides.
    no_retweet_ids -> NoRetweetIds = GET "/1.1/friendships/no_retweets/ids.json" => Vec<UserId>;
    auth User;
    alias "get_user_ids_of_blocked_retweets";
    query {
        /// Whether to return IDs as strings instead of numbers.
        stringify_ids: bool;
    }

    /// Returns the relationship between two users.
    friendship -> ShowFriendship = GET "/1.1/friendships/show.json" => Friendship;
    auth App, User;
    alias "show_friendship";
    example().source_screen_name("ada").target_screen_name("robin");
    query {
        /// ID of the first user; the authenticated user by default.
        source_id: UserId;
        /// Username of the first user; an alternative to `source_id`.
        source_screen_name: Username;
        /// ID of the second user.
        target_id: UserId;
        /// Username of the second user; an alternative to `target_id`.
        target_screen_name: Username;
    }

    /// Returns the relationships of the authenticated user to up to 100 users.
    relations -> LookupFriendships = GET "/1.1/friendships/lookup.json" => Vec<UserConnections>;
    auth User;
    alias "lookup_friendships";
    example().screen_names(["ada", "robin"]);
    query {
        /// IDs of the users.
        user_ids = "user_id": Vec<UserId>, in 1..=100;
        /// Usernames of the users.
        screen_names = "screen_name": Vec<Username>, in 1..=100;
    }

    /// Follows a user, or requests to follow a protected one.
    create_friendship -> CreateFriendship = POST "/1.1/friendships/create.json" => User;
    auth User;
    example().screen_name("robin");
    idempotent;
    form {
        /// Whether to receive notifications about the user's statuses.
        follow: bool;
    }
    with USER_FORM;

    /// Unfollows a user, if the authenticated user follows them.
    destroy_friendship -> DestroyFriendship = POST "/1.1/friendships/destroy.json" => User;
    auth User;
    example().screen_name("robin");
    idempotent;
    with USER_FORM;

    /// Updates notifications and retweets of a user that the authenticated user follows.
    update_friendship -> UpdateFriendship = POST "/1.1/friendships/update.json" => Friendship;
    auth User;
    example().screen_name("robin").retweets(false);
    idempotent;
    form {
        /// Whether to receive notifications about the user's statuses.
        device: bool;
        /// Whether to see the user's retweets in the home timeline.
        retweets: bool;
    }
    with USER_FORM;
}
