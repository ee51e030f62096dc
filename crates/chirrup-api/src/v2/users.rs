//! Users: lookup, search, timelines, follows, likes, reposts, bookmarks, mutes and blocks.

use chirrup_model::{
    Blocked, BookmarkFolder, Bookmarked, BookmarkedPost, Exclude, FolderId, Followed, Liked, Muted, Post, PostId,
    Reposted, User, UserId, Username,
};

crate::endpoints! {
    /// # Users
    ///
    /// Look up and search users, follow, mute and block them, and read their timelines, likes and bookmarks.
    USERS in v2::users;

    /// Returns a user by ID.
    get_user -> GetUser = GET "/2/users/{id}" => User;
    auth App, User, OAuth2["tweet.read", "users.read"];
    price "User: Read";
    alias "fetch_user", "show_user";
    example(12).user_fields(["description", "public_metrics"]);
    path {
        /// ID of the user.
        id: UserId,
    }
    with USER_FIELDS;

    /// Returns up to 100 users by ID.
    ///
    /// The response lists users that do not exist or are not visible in its `errors`.
    get_users -> GetUsers = GET "/2/users" => Vec<User>;
    auth App, User, OAuth2["tweet.read", "users.read"];
    price "User: Read";
    alias "lookup_user";
    example([12, 2244994900]).user_fields(["created_at"]);
    required query {
        /// IDs of the users.
        ids: Vec<UserId>, in 1..=100;
    }
    with USER_FIELDS;

    /// Returns a user by username.
    get_user_by_name -> GetUserByName = GET "/2/users/by/username/{username}" => User;
    auth App, User, OAuth2["tweet.read", "users.read"];
    price "User: Read";
    alias "get_user", "get_user_by_username", "fetch_user_by_name";
    example("robin").user_fields(["description", "public_metrics"]);
    path {
        /// Username without the `@`: 1 to 15 letters, digits and underscores.
        username: Username,
    }
    with USER_FIELDS;

    /// Returns up to 100 users by username.
    ///
    /// The response lists users that do not exist or are not visible in its `errors`.
    get_users_by_name -> GetUsersByName = GET "/2/users/by" => Vec<User>;
    auth App, User, OAuth2["tweet.read", "users.read"];
    price "User: Read";
    alias "get_users", "get_users_by_usernames";
    example(["ada", "robin"]);
    required query {
        /// Usernames without the `@`.
        usernames: Vec<Username>, in 1..=100;
    }
    with USER_FIELDS;

    /// Returns the authenticated user.
    get_me -> GetMe = GET "/2/users/me" => User;
    auth User, OAuth2["tweet.read", "users.read"];
    price "User: Read";
    alias "verify_credentials", "account";
    example().user_fields(["created_at", "public_metrics"]);
    with USER_FIELDS;

    /// Returns the posts of a user, newest first, up to the latest 3,200.
    user_posts -> UserPosts = GET "/2/users/{id}/tweets" => Vec<Post>;
    auth App, User, OAuth2["tweet.read", "users.read"];
    price "Posts: Read";
    alias "get_users_tweets", "get_user_timeline";
    example(12).max_results(50).exclude(["replies", "retweets"]);
    path {
        /// ID of the user.
        user = "id": UserId,
    }
    query {
        /// Number of posts per page.
        max_results: u32, in 5..=100, default 10;
        /// Kinds of posts to leave out: replies, reposts or both.
        exclude: Vec<Exclude>;
    }
    with RANGE, PAGE, POST_FIELDS;

    /// Returns the posts that mention a user, newest first, up to the latest 800.
    mentions -> Mentions = GET "/2/users/{id}/mentions" => Vec<Post>;
    auth App, User, OAuth2["tweet.read", "users.read"];
    price "Posts: Read";
    alias "get_users_mentions", "get_mentions_timeline";
    example(12).max_results(50).post_fields(["created_at"]);
    path {
        /// ID of the user.
        user = "id": UserId,
    }
    query {
        /// Number of posts per page.
        max_results: u32, in 5..=100, default 10;
    }
    with RANGE, PAGE, POST_FIELDS;

    /// Returns the home timeline: posts of the authenticated user and of the users they follow, newest first.
    home_timeline -> HomeTimeline = GET "/2/users/{id}/timelines/reverse_chronological" => Vec<Post>;
    auth User, OAuth2["tweet.read", "users.read"];
    price "Posts: Read";
    alias "get_home_timeline";
    example().max_results(50).exclude(["replies"]);
    me id;
    query {
        /// Number of posts per page.
        max_results: u32, in 1..=100, default 100;
        /// Kinds of posts to leave out: replies, reposts or both.
        exclude: Vec<Exclude>;
    }
    with RANGE, PAGE, POST_FIELDS;

    /// Returns the followers of a user, most recent first.
    followers -> Followers = GET "/2/users/{id}/followers" => Vec<User>;
    auth App, User, OAuth2["follows.read", "tweet.read", "users.read"];
    price "Following/Followers: Read";
    alias "get_users_followers", "get_followers_list";
    example(12).max_results(1000).user_fields(["public_metrics"]);
    path {
        /// ID of the user.
        user = "id": UserId,
    }
    query {
        /// Number of users per page.
        max_results: u32, in 1..=1000, default 100;
    }
    with PAGE, USER_FIELDS;

    /// Returns the users that a user follows, most recent follow first.
    following -> Following = GET "/2/users/{id}/following" => Vec<User>;
    auth App, User, OAuth2["follows.read", "tweet.read", "users.read"];
    price "Following/Followers: Read";
    alias "get_users_following", "get_friends_list";
    example(12).max_results(1000);
    path {
        /// ID of the user.
        user = "id": UserId,
    }
    query {
        /// Number of users per page.
        max_results: u32, in 1..=1000, default 100;
    }
    with PAGE, USER_FIELDS;

    /// Follows a user, or requests to follow a protected one.
    follow -> Follow = POST "/2/users/{id}/following" => Followed;
    auth User, OAuth2["follows.write", "tweet.read", "users.read"];
    price "User Interaction: Create";
    alias "follow_user", "create_friendship";
    example(12);
    idempotent;
    me id;
    required body {
        /// ID of the user to follow.
        user = "target_user_id": UserId;
    }

    /// Unfollows a user, if the authenticated user follows them.
    unfollow -> Unfollow = DELETE "/2/users/{source_user_id}/following/{target_user_id}" => Followed;
    auth User, OAuth2["follows.write", "tweet.read", "users.read"];
    price "Interaction: Delete";
    alias "unfollow_user", "destroy_friendship";
    example(12);
    me source_user_id;
    path {
        /// ID of the user to unfollow.
        user = "target_user_id": UserId,
    }

    /// Likes a post as the authenticated user.
    like -> Like = POST "/2/users/{id}/likes" => Liked;
    auth User, OAuth2["like.write", "tweet.read", "users.read"];
    price "User Interaction: Create";
    alias "like_tweet", "create_favorite";
    example(20);
    idempotent;
    me id;
    required body {
        /// ID of the post to like.
        post = "tweet_id": PostId;
    }

    /// Removes a like from a post.
    unlike -> Unlike = DELETE "/2/users/{id}/likes/{tweet_id}" => Liked;
    auth User, OAuth2["like.write", "tweet.read", "users.read"];
    price "Interaction: Delete";
    alias "unlike_tweet", "destroy_favorite";
    example(20);
    me id;
    path {
        /// ID of the liked post.
        post = "tweet_id": PostId,
    }

    /// Reposts a post as the authenticated user.
    repost -> Repost = POST "/2/users/{id}/retweets" => Reposted;
    auth User, OAuth2["tweet.read", "tweet.write", "users.read"];
    price "User Interaction: Create";
    alias "retweet";
    example(20);
    idempotent;
    me id;
    required body {
        /// ID of the post to repost.
        post = "tweet_id": PostId;
    }

    /// Removes a repost of the authenticated user.
    undo_repost -> UndoRepost = DELETE "/2/users/{id}/retweets/{source_tweet_id}" => Reposted;
    auth User, OAuth2["tweet.read", "tweet.write", "users.read"];
    price "Interaction: Delete";
    alias "unretweet";
    example(20);
    me id;
    path {
        /// ID of the original post, not of the repost.
        post = "source_tweet_id": PostId,
    }

    /// Returns the posts that a user liked, most recent like first.
    liked_posts -> LikedPosts = GET "/2/users/{id}/liked_tweets" => Vec<Post>;
    auth User, OAuth2["like.read", "tweet.read", "users.read"];
    price "Like: Read";
    alias "get_liked_tweets", "get_favorites";
    example(12).max_results(50);
    path {
        /// ID of the user.
        user = "id": UserId,
    }
    query {
        /// Number of posts per page.
        max_results: u32, in 5..=100, default 100;
    }
    with PAGE, POST_FIELDS;

    /// Returns the posts of the authenticated user that others reposted, newest first.
    reposts_of_me -> RepostsOfMe = GET "/2/users/reposts_of_me" => Vec<Post>;
    auth User, OAuth2["timeline.read", "tweet.read"];
    price "Posts: Read";
    alias "retweeted_of_me";
    example().max_results(10);
    query {
        /// Number of posts per page.
        max_results: u32, in 1..=100, default 100;
    }
    with PAGE, POST_FIELDS;

    /// Mutes a user for the authenticated user.
    mute -> Mute = POST "/2/users/{id}/muting" => Muted;
    auth User, OAuth2["mute.write", "tweet.read", "users.read"];
    price "User Interaction: Create";
    alias "mute_user", "create_mute";
    example(12);
    idempotent;
    me id;
    required body {
        /// ID of the user to mute.
        user = "target_user_id": UserId;
    }

    /// Unmutes a user for the authenticated user.
    unmute -> Unmute = DELETE "/2/users/{source_user_id}/muting/{target_user_id}" => Muted;
    auth User, OAuth2["mute.write", "tweet.read", "users.read"];
    price "Mute: Delete";
    alias "unmute_user", "destroy_mute";
    example(12);
    me source_user_id;
    path {
        /// ID of the user to unmute.
        user = "target_user_id": UserId,
    }

    /// Returns the users that the authenticated user mutes, most recent first.
    muting -> Muting = GET "/2/users/{id}/muting" => Vec<User>;
    auth User, OAuth2["mute.read", "tweet.read", "users.read"];
    price "Mute: Read";
    alias "get_muted", "list_mutes";
    example().max_results(100);
    me id;
    query {
        /// Number of users per page.
        max_results: u32, in 1..=1000, default 100;
    }
    with PAGE, USER_FIELDS;

    /// Returns the users that the authenticated user blocks, most recent first.
    blocking -> Blocking = GET "/2/users/{id}/blocking" => Vec<User>;
    auth User, OAuth2["block.read", "tweet.read", "users.read"];
    price "Block: Read";
    alias "get_blocked", "list_blocks";
    example().max_results(100);
    me id;
    query {
        /// Number of users per page.
        max_results: u32, in 1..=1000, default 100;
    }
    with PAGE, USER_FIELDS;

    /// Blocks a user for the authenticated user.
    block -> Block = POST "/2/users/{id}/blocking" => Blocked;
    auth User, OAuth2["block.write", "tweet.read", "users.read"];
    price "User Interaction: Create";
    alias "block_user", "create_block";
    example(12);
    idempotent;
    me id;
    required body {
        /// ID of the user to block.
        user = "target_user_id": UserId;
    }
    retired "there is no replacement";

    /// Unblocks a user for the authenticated user.
    unblock -> Unblock = DELETE "/2/users/{source_user_id}/blocking/{target_user_id}" => Blocked;
    auth User, OAuth2["block.write", "tweet.read", "users.read"];
    price "Interaction: Delete";
    alias "unblock_user", "destroy_block";
    example(12);
    me source_user_id;
    path {
        /// ID of the user to unblock.
        user = "target_user_id": UserId,
    }
    retired "there is no replacement";

    /// Bookmarks a post, or up to 26 posts with `further_posts`, for the authenticated user.
    bookmark -> Bookmark = POST "/2/users/{id}/bookmarks" => Bookmarked;
    auth OAuth2["bookmark.write", "tweet.read", "users.read"];
    price "Bookmark";
    alias "create_bookmark";
    example(20);
    idempotent;
    me id;
    required body {
        /// ID of the post to bookmark.
        post = "tweet_id": PostId;
    }
    body {
        /// ID of the bookmark folder to put the posts in.
        folder_id: FolderId;
        /// IDs of further posts to bookmark. The response then has the state of each post.
        further_posts = "tweet_ids": Vec<PostId>, in 1..=25;
    }

    /// Removes a bookmark of the authenticated user.
    remove_bookmark -> RemoveBookmark = DELETE "/2/users/{id}/bookmarks/{tweet_id}" => Bookmarked;
    auth OAuth2["bookmark.write", "tweet.read", "users.read"];
    price "Bookmark";
    alias "delete_bookmark";
    example(20);
    me id;
    path {
        /// ID of the bookmarked post.
        post = "tweet_id": PostId,
    }

    /// Returns the posts that the authenticated user bookmarked, most recent bookmark first.
    bookmarks -> Bookmarks = GET "/2/users/{id}/bookmarks" => Vec<Post>;
    auth User, OAuth2["bookmark.read", "tweet.read", "users.read"];
    price "Posts: Read";
    alias "get_bookmarks";
    example().max_results(50).post_fields(["created_at"]);
    me id;
    query {
        /// Number of posts per page.
        max_results: u32, in 1..=100, default 100;
    }
    with PAGE, POST_FIELDS;

    /// Returns the users whose names or descriptions match a query.
    search_users -> SearchUsers = GET "/2/users/search" => Vec<User>;
    auth User, OAuth2["tweet.read", "users.read"];
    price "User: Read";
    example("robin").max_results(10);
    required query {
        /// Text to search for in names and descriptions.
        query: String;
    }
    query {
        /// Number of users per page.
        max_results: u32, in 1..=1000, default 100;
    }
    with NEXT_TOKEN, USER_FIELDS;

    /// Returns the users who are affiliated with an organization.
    affiliates -> Affiliates = GET "/2/users/{id}/affiliates" => Vec<User>;
    auth App, User, OAuth2["tweet.read", "users.read"];
    price "User: Read";
    example(12).max_results(100);
    path {
        /// ID of the user.
        user = "id": UserId,
    }
    query {
        /// Number of users per page.
        max_results: u32, in 1..=1000;
    }
    with PAGE, USER_FIELDS;

    /// Returns the bookmark folders of the authenticated user.
    bookmark_folders -> BookmarkFolders = GET "/2/users/{id}/bookmarks/folders" => Vec<BookmarkFolder>;
    auth User, OAuth2["bookmark.read", "users.read"];
    alias "get_bookmark_folders";
    example().max_results(50);
    me id;
    query {
        /// Number of folders per page.
        max_results: u32, in 1..=100;
    }
    with PAGE;

    /// Creates a bookmark folder.
    create_bookmark_folder -> CreateBookmarkFolder = POST "/2/users/{id}/bookmarks/folders" => BookmarkFolder;
    auth OAuth2["bookmark.write", "users.read"];
    price "Bookmark";
    example("To read");
    me id;
    required body {
        /// Name of the folder.
        name: String, in 1..=25;
    }

    /// Returns the IDs of the posts in a bookmark folder.
    bookmarks_in -> BookmarksIn = GET "/2/users/{id}/bookmarks/folders/{folder_id}" => Vec<BookmarkedPost>;
    auth User, OAuth2["bookmark.read", "tweet.read", "users.read"];
    price "Posts: Read";
    alias "get_bookmarks_by_folder_id";
    example(1585823814058971140);
    me id;
    path {
        /// ID of the bookmark folder.
        folder = "folder_id": FolderId,
    }
    query {
        /// Number of posts per page.
        max_results: u32, in 1..=100;
    }
    with PAGE;

    /// Returns the followers of the authenticated user, most recent first.
    get_my_followers -> GetMyFollowers = GET "/2/users/me/followers" => Vec<User>;
    auth User, OAuth2["follows.read", "tweet.read", "users.read"];
    price "Following/Followers: Read";
    example().max_results(100);
    query {
        /// Number of users per page.
        max_results: u32, in 1..=1000;
    }
    with PAGE, USER_FIELDS;

    /// Returns the users that the authenticated user follows, most recent follow first.
    get_my_following -> GetMyFollowing = GET "/2/users/me/following" => Vec<User>;
    auth User, OAuth2["follows.read", "tweet.read", "users.read"];
    price "Following/Followers: Read";
    example().max_results(100);
    query {
        /// Number of users per page.
        max_results: u32, in 1..=1000;
    }
    with PAGE, USER_FIELDS;
}
