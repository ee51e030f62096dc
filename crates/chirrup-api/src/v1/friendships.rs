//! Who follows whom.

use chirrup_model::v1::{Friendship, IdPage, Relation, User, UserPage};
use chirrup_model::{UserId, Username};

crate::endpoints! {
    FRIENDSHIPS on V1;

    /// Lists the followers of a user.
    follower_list -> FollowerList = GET "/1.1/followers/list.json" => UserPage;
    auth App, User;
    alias "get_followers_list";
    query {
        /// How many a page holds, up to 200.
        count: u32, in 1..=200;
    }
    with USER, USER_OPTIONS, CURSOR;

    /// Lists the ids of the followers of a user.
    follower_ids -> FollowerIds = GET "/1.1/followers/ids.json" => IdPage;
    auth App, User;
    alias "get_followers_ids";
    query {
        /// How many a page holds, up to 5,000.
        count: u32, in 1..=5000;
        /// Whether ids are texts.
        stringify_ids: bool;
    }
    with USER, CURSOR;

    /// Lists whom a user follows.
    friend_list -> FriendList = GET "/1.1/friends/list.json" => UserPage;
    auth App, User;
    alias "get_friends_list";
    query {
        /// How many a page holds, up to 200.
        count: u32, in 1..=200;
    }
    with USER, USER_OPTIONS, CURSOR;

    /// Lists the ids of whom a user follows.
    friend_ids -> FriendIds = GET "/1.1/friends/ids.json" => IdPage;
    auth App, User;
    alias "get_friends_ids";
    query {
        /// How many a page holds, up to 5,000.
        count: u32, in 1..=5000;
        /// Whether ids are texts.
        stringify_ids: bool;
    }
    with USER, CURSOR;

    /// Lists who has asked to follow you.
    incoming_friendships -> IncomingFriendships = GET "/1.1/friendships/incoming.json" => IdPage;
    auth User;
    alias "get_incoming_friendship_ids";
    query {
        /// Whether ids are texts.
        stringify_ids: bool;
    }
    with CURSOR;

    /// Lists whom you have asked to follow.
    outgoing_friendships -> OutgoingFriendships = GET "/1.1/friendships/outgoing.json" => IdPage;
    auth User;
    alias "get_outgoing_friendship_ids";
    query {
        /// Whether ids are texts.
        stringify_ids: bool;
    }
    with CURSOR;

    /// Lists whose repeats you do not want to see.
    no_retweet_ids -> NoRetweetIds = GET "/1.1/friendships/no_retweets/ids.json" => Vec<UserId>;
    auth User;
    alias "get_user_ids_of_blocked_retweets";
    query {
        /// Whether ids are texts.
        stringify_ids: bool;
    }

    /// Says how two users stand to each other.
    friendship -> ShowFriendship = GET "/1.1/friendships/show.json" => Friendship;
    auth App, User;
    alias "show_friendship";
    query {
        /// The one.
        source_id: UserId;
        /// The name of the one.
        source_screen_name: Username;
        /// The other.
        target_id: UserId;
        /// The name of the other.
        target_screen_name: Username;
    }

    /// Says how you stand to up to 100 users.
    relations -> LookupFriendships = GET "/1.1/friendships/lookup.json" => Vec<Relation>;
    auth User;
    alias "lookup_friendships";
    query {
        /// Their ids.
        user_ids = "user_id": Vec<UserId>, in 1..=100;
        /// Their names.
        screen_names = "screen_name": Vec<Username>, in 1..=100;
    }

    /// Follows a user.
    create_friendship -> CreateFriendship = POST "/1.1/friendships/create.json" => User;
    auth User;
    form {
        /// Whether to be told of what they write.
        follow: bool;
    }
    with USER_FORM;

    /// Follows a user no longer.
    destroy_friendship -> DestroyFriendship = POST "/1.1/friendships/destroy.json" => User;
    auth User;
    with USER_FORM;

    /// Changes what you want to see and hear of a user.
    update_friendship -> UpdateFriendship = POST "/1.1/friendships/update.json" => Friendship;
    auth User;
    form {
        /// Whether to be told of what they write.
        device: bool;
        /// Whether to see what they repeat.
        retweets: bool;
    }
    with USER_FORM;
}
