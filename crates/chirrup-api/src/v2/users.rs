//! Users: look-up, timelines, follows, likes and reposts.

use chirrup_model::{
    Blocked, BookmarkFolder, Bookmarked, BookmarkedPost, Exclude, FolderId, Followed, Liked, Muted, Post, PostId,
    Reposted, User, UserId, Username,
};

crate::endpoints! {
    USERS on Client;

    /// Finds one user by id.
    get_user -> GetUser = GET "/2/users/{id}" => User;
    auth App, User, OAuth2["tweet.read", "users.read"];
    alias "fetch_user", "show_user";
    path { id: UserId }
    with USER_VIEW;

    /// Finds up to 100 users by their ids. Those that are not there are named in the reply's `errors`.
    get_users -> GetUsers = GET "/2/users" => Vec<User>;
    auth App, User, OAuth2["tweet.read", "users.read"];
    alias "lookup_user";
    needs { ids: Vec<UserId>, in 1..=100; }
    with USER_VIEW;

    /// Finds one user by name, given without the `@`.
    get_user_by_name -> GetUserByName = GET "/2/users/by/username/{username}" => User;
    auth App, User, OAuth2["tweet.read", "users.read"];
    alias "get_user", "get_user_by_username", "fetch_user_by_name";
    path { username: Username }
    with USER_VIEW;

    /// Finds up to 100 users by their names. Those that are not there are named in the reply's `errors`.
    get_users_by_name -> GetUsersByName = GET "/2/users/by" => Vec<User>;
    auth App, User, OAuth2["tweet.read", "users.read"];
    alias "get_users", "get_users_by_usernames";
    needs { usernames: Vec<Username>, in 1..=100; }
    with USER_VIEW;

    /// Finds the user whose credential is used.
    get_me -> GetMe = GET "/2/users/me" => User;
    auth User, OAuth2["tweet.read", "users.read"];
    alias "verify_credentials", "account";
    with USER_VIEW;

    /// Lists a user's posts, newest first; X keeps the latest 3,200.
    user_posts -> UserPosts = GET "/2/users/{id}/tweets" => Vec<Post>;
    auth App, User, OAuth2["tweet.read", "users.read"];
    alias "get_users_tweets", "get_user_timeline";
    path { user = "id": UserId }
    query {
        /// How many posts a page holds: 5 to 100, 10 if not given.
        max_results: u32, in 5..=100;
        /// What to leave out.
        exclude: Vec<Exclude>;
    }
    with WINDOW, PAGE, POST_VIEW;

    /// Lists the posts that mention a user, newest first; X keeps the latest 800.
    mentions -> Mentions = GET "/2/users/{id}/mentions" => Vec<Post>;
    auth App, User, OAuth2["tweet.read", "users.read"];
    alias "get_users_mentions", "get_mentions_timeline";
    path { user = "id": UserId }
    query {
        /// How many posts a page holds: 5 to 100, 10 if not given.
        max_results: u32, in 5..=100;
    }
    with WINDOW, PAGE, POST_VIEW;

    /// Lists the posts of all whom you follow, and your own, newest first.
    home_timeline -> HomeTimeline = GET "/2/users/{id}/timelines/reverse_chronological" => Vec<Post>;
    auth User, OAuth2["tweet.read", "users.read"];
    alias "get_home_timeline";
    me id;
    query {
        /// How many posts a page holds: 1 to 100, 100 if not given.
        max_results: u32, in 1..=100;
        /// What to leave out.
        exclude: Vec<Exclude>;
    }
    with WINDOW, PAGE, POST_VIEW;

    /// Lists the users who follow a user, the latest first.
    followers -> Followers = GET "/2/users/{id}/followers" => Vec<User>;
    auth App, User, OAuth2["follows.read", "tweet.read", "users.read"];
    alias "get_users_followers", "get_followers_list";
    path { user = "id": UserId }
    query {
        /// How many users a page holds: 1 to 1,000, 100 if not given.
        max_results: u32, in 1..=1000;
    }
    with PAGE, USER_VIEW;

    /// Lists the users whom a user follows, the latest first.
    following -> Following = GET "/2/users/{id}/following" => Vec<User>;
    auth App, User, OAuth2["follows.read", "tweet.read", "users.read"];
    alias "get_users_following", "get_friends_list";
    path { user = "id": UserId }
    query {
        /// How many users a page holds: 1 to 1,000, 100 if not given.
        max_results: u32, in 1..=1000;
    }
    with PAGE, USER_VIEW;

    /// Follows a user; asks to, if the user is protected.
    follow -> Follow = POST "/2/users/{id}/following" => Followed;
    auth User, OAuth2["follows.write", "tweet.read", "users.read"];
    alias "follow_user", "create_friendship";
    me id;
    sends { user = "target_user_id": UserId; }

    /// Stops following a user.
    unfollow -> Unfollow = DELETE "/2/users/{source_user_id}/following/{target_user_id}" => Followed;
    auth User, OAuth2["follows.write", "tweet.read", "users.read"];
    alias "unfollow_user", "destroy_friendship";
    me source_user_id;
    path { user = "target_user_id": UserId }

    /// Likes a post.
    like -> Like = POST "/2/users/{id}/likes" => Liked;
    auth User, OAuth2["like.write", "tweet.read", "users.read"];
    alias "like_tweet", "create_favorite";
    me id;
    sends { post = "tweet_id": PostId; }

    /// Takes back a like.
    unlike -> Unlike = DELETE "/2/users/{id}/likes/{tweet_id}" => Liked;
    auth User, OAuth2["like.write", "tweet.read", "users.read"];
    alias "unlike_tweet", "destroy_favorite";
    me id;
    path { post = "tweet_id": PostId }

    /// Reposts a post.
    repost -> Repost = POST "/2/users/{id}/retweets" => Reposted;
    auth User, OAuth2["tweet.read", "tweet.write", "users.read"];
    alias "retweet";
    me id;
    sends { post = "tweet_id": PostId; }

    /// Takes back a repost; the id is that of the post that was reposted.
    undo_repost -> UndoRepost = DELETE "/2/users/{id}/retweets/{source_tweet_id}" => Reposted;
    auth User, OAuth2["tweet.read", "tweet.write", "users.read"];
    alias "unretweet";
    me id;
    path { post = "source_tweet_id": PostId }

    /// Lists the posts that a user likes, the latest like first.
    liked_posts -> LikedPosts = GET "/2/users/{id}/liked_tweets" => Vec<Post>;
    auth User, OAuth2["like.read", "tweet.read", "users.read"];
    alias "get_liked_tweets", "get_favorites";
    path { user = "id": UserId }
    query {
        /// How many posts a page holds: 5 to 100, 100 if not given.
        max_results: u32, in 5..=100;
    }
    with PAGE, POST_VIEW;

    /// Lists those of your posts that were reposted, newest first.
    reposts_of_me -> RepostsOfMe = GET "/2/users/reposts_of_me" => Vec<Post>;
    auth User, OAuth2["timeline.read", "tweet.read"];
    alias "retweeted_of_me";
    query {
        /// How many posts a page holds: 1 to 100, 100 if not given.
        max_results: u32, in 1..=100;
    }
    with PAGE, POST_VIEW;

    /// Mutes a user.
    mute -> Mute = POST "/2/users/{id}/muting" => Muted;
    auth User, OAuth2["mute.write", "tweet.read", "users.read"];
    alias "mute_user", "create_mute";
    me id;
    sends { user = "target_user_id": UserId; }

    /// Stops muting a user.
    unmute -> Unmute = DELETE "/2/users/{source_user_id}/muting/{target_user_id}" => Muted;
    auth User, OAuth2["mute.write", "tweet.read", "users.read"];
    alias "unmute_user", "destroy_mute";
    me source_user_id;
    path { user = "target_user_id": UserId }

    /// Lists the users whom you mute, the latest first.
    muting -> Muting = GET "/2/users/{id}/muting" => Vec<User>;
    auth User, OAuth2["mute.read", "tweet.read", "users.read"];
    alias "get_muted", "list_mutes";
    me id;
    query {
        /// How many users a page holds: 1 to 1,000, 100 if not given.
        max_results: u32, in 1..=1000;
    }
    with PAGE, USER_VIEW;

    /// Lists the users whom you block, the latest first.
    blocking -> Blocking = GET "/2/users/{id}/blocking" => Vec<User>;
    auth User, OAuth2["block.read", "tweet.read", "users.read"];
    alias "get_blocked", "list_blocks";
    me id;
    query {
        /// How many users a page holds: 1 to 1,000, 100 if not given.
        max_results: u32, in 1..=1000;
    }
    with PAGE, USER_VIEW;

    /// Blocks a user.
    block -> Block = POST "/2/users/{id}/blocking" => Blocked;
    auth User, OAuth2["block.write", "tweet.read", "users.read"];
    alias "block_user", "create_block";
    me id;
    sends { user = "target_user_id": UserId; }
    retired "X lists it no longer; it may be refused";

    /// Stops blocking a user.
    unblock -> Unblock = DELETE "/2/users/{source_user_id}/blocking/{target_user_id}" => Blocked;
    auth User, OAuth2["block.write", "tweet.read", "users.read"];
    alias "unblock_user", "destroy_block";
    me source_user_id;
    path { user = "target_user_id": UserId }
    retired "X lists it no longer; it may be refused";

    /// Bookmarks a post.
    bookmark -> Bookmark = POST "/2/users/{id}/bookmarks" => Bookmarked;
    auth OAuth2["bookmark.write", "tweet.read", "users.read"];
    alias "create_bookmark";
    me id;
    sends { post = "tweet_id": PostId; }
    body {
        /// The folder to put it into; its number.
        folder_id: FolderId;
    }

    /// Takes back a bookmark.
    remove_bookmark -> RemoveBookmark = DELETE "/2/users/{id}/bookmarks/{tweet_id}" => Bookmarked;
    auth OAuth2["bookmark.write", "tweet.read", "users.read"];
    alias "delete_bookmark";
    me id;
    path { post = "tweet_id": PostId }

    /// Lists your bookmarks, the latest first.
    bookmarks -> Bookmarks = GET "/2/users/{id}/bookmarks" => Vec<Post>;
    auth User, OAuth2["bookmark.read", "tweet.read", "users.read"];
    alias "get_bookmarks";
    me id;
    query {
        /// How many posts a page holds: 1 to 100, 100 if not given.
        max_results: u32, in 1..=100;
    }
    with PAGE, POST_VIEW;

    /// Finds users by words in their names and descriptions.
    search_users -> SearchUsers = GET "/2/users/search" => Vec<User>;
    auth User, OAuth2["tweet.read", "users.read"];
    needs { query: String; }
    query {
        /// How many a page holds: 1 to 1000.
        max_results: u32, in 1..=1000;
    }
    with NEXT_TOKEN, USER_VIEW;

    /// Lists the users who belong to an organization.
    affiliates -> Affiliates = GET "/2/users/{id}/affiliates" => Vec<User>;
    auth App, User, OAuth2["tweet.read", "users.read"];
    path { user = "id": UserId }
    query {
        /// How many a page holds: 1 to 1000.
        max_results: u32, in 1..=1000;
    }
    with PAGE, USER_VIEW;

    /// Lists your folders of bookmarks.
    bookmark_folders -> BookmarkFolders = GET "/2/users/{id}/bookmarks/folders" => Vec<BookmarkFolder>;
    auth User, OAuth2["bookmark.read", "users.read"];
    alias "get_bookmark_folders";
    me id;
    query {
        /// How many a page holds: 1 to 100.
        max_results: u32, in 1..=100;
    }
    with PAGE;

    /// Makes a folder of bookmarks.
    create_bookmark_folder -> CreateBookmarkFolder = POST "/2/users/{id}/bookmarks/folders" => BookmarkFolder;
    auth OAuth2["bookmark.write", "users.read"];
    me id;
    sends { name: String, in 1..=25; }

    /// Lists the posts in a folder of bookmarks, by their ids.
    bookmarks_in -> BookmarksIn = GET "/2/users/{id}/bookmarks/folders/{folder_id}" => Vec<BookmarkedPost>;
    auth User, OAuth2["bookmark.read", "tweet.read", "users.read"];
    alias "get_bookmarks_by_folder_id";
    me id;
    path { folder = "folder_id": FolderId }
    query {
        /// How many a page holds: 1 to 100.
        max_results: u32, in 1..=100;
    }
    with PAGE;
}
