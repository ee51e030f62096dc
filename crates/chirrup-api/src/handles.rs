//! Handles: a user or a post as an object that acts.

use chirrup_model::{PostId, UserId};

use crate::arg::Arg;
use crate::client::Client;
use crate::v2::posts::{CreatePost, DeletePost, GetPost, HideReply, LikingUsers, Quotes, Reposters};
use crate::v2::users::{
    Block, Bookmark, Follow, Followers, Following, GetUser, Like, LikedPosts, Mentions, Mute, RemoveBookmark, Repost,
    Unblock, UndoRepost, Unfollow, Unlike, Unmute, UserPosts,
};

/// A user, to act on. Making one sends nothing.
#[derive(Debug, Clone)]
pub struct UserHandle {
    client: Client,
    id: UserId,
}

/// A post, to act on. Making one sends nothing.
#[derive(Debug, Clone)]
pub struct PostHandle {
    client: Client,
    id: PostId,
}

impl Client {
    /// A user to act on: `client.user(id).follow().await`.
    pub fn user(&self, id: impl Into<UserId>) -> UserHandle {
        UserHandle { client: self.clone(), id: id.into() }
    }
    /// A post to act on: `client.post(id).like().await`.
    pub fn post(&self, id: impl Into<PostId>) -> PostHandle {
        PostHandle { client: self.clone(), id: id.into() }
    }
}

impl UserHandle {
    /// The user's id.
    pub fn id(&self) -> UserId {
        self.id
    }
    /// Looks the user up.
    pub fn get(&self) -> GetUser {
        self.client.get_user(self.id)
    }
    /// Follows the user.
    pub fn follow(&self) -> Follow {
        self.client.follow(self.id)
    }
    /// Stops following the user.
    pub fn unfollow(&self) -> Unfollow {
        self.client.unfollow(self.id)
    }
    /// Mutes the user.
    pub fn mute(&self) -> Mute {
        self.client.mute(self.id)
    }
    /// Stops muting the user.
    pub fn unmute(&self) -> Unmute {
        self.client.unmute(self.id)
    }
    /// Blocks the user.
    pub fn block(&self) -> Block {
        self.client.block(self.id)
    }
    /// Stops blocking the user.
    pub fn unblock(&self) -> Unblock {
        self.client.unblock(self.id)
    }
    /// The posts that the user likes.
    pub fn liked_posts(&self) -> LikedPosts {
        self.client.liked_posts(self.id)
    }
    /// The user's posts.
    pub fn posts(&self) -> UserPosts {
        self.client.user_posts(self.id)
    }
    /// The posts that mention the user.
    pub fn mentions(&self) -> Mentions {
        self.client.mentions(self.id)
    }
    /// The user's followers.
    pub fn followers(&self) -> Followers {
        self.client.followers(self.id)
    }
    /// Whom the user follows.
    pub fn following(&self) -> Following {
        self.client.following(self.id)
    }
}

impl PostHandle {
    /// The post's id.
    pub fn id(&self) -> PostId {
        self.id
    }
    /// Looks the post up.
    pub fn get(&self) -> GetPost {
        self.client.get_post(self.id)
    }
    /// Answers the post.
    pub fn reply(&self, text: impl Arg<String>) -> CreatePost {
        self.client.create_post().text(text).reply(self.id)
    }
    /// Quotes the post.
    pub fn quote(&self, text: impl Arg<String>) -> CreatePost {
        self.client.create_post().text(text).quote(self.id)
    }
    /// Likes the post.
    pub fn like(&self) -> Like {
        self.client.like(self.id)
    }
    /// Takes back a like.
    pub fn unlike(&self) -> Unlike {
        self.client.unlike(self.id)
    }
    /// Reposts the post.
    pub fn repost(&self) -> Repost {
        self.client.repost(self.id)
    }
    /// Takes back a repost.
    pub fn undo_repost(&self) -> UndoRepost {
        self.client.undo_repost(self.id)
    }
    /// Bookmarks the post.
    pub fn bookmark(&self) -> Bookmark {
        self.client.bookmark(self.id)
    }
    /// Takes back a bookmark.
    pub fn remove_bookmark(&self) -> RemoveBookmark {
        self.client.remove_bookmark(self.id)
    }
    /// Hides the post, if it is a reply to one of yours.
    pub fn hide(&self) -> HideReply {
        self.client.hide_reply(self.id, true)
    }
    /// Shows the hidden post again.
    pub fn unhide(&self) -> HideReply {
        self.client.hide_reply(self.id, false)
    }
    /// Deletes the post, if it is yours.
    pub fn delete(&self) -> DeletePost {
        self.client.delete_post(self.id)
    }
    /// Who likes the post.
    pub fn likers(&self) -> LikingUsers {
        self.client.liking_users(self.id)
    }
    /// Who reposted the post.
    pub fn reposters(&self) -> Reposters {
        self.client.reposters(self.id)
    }
    /// What quotes the post.
    pub fn quotes(&self) -> Quotes {
        self.client.quotes(self.id)
    }
}
