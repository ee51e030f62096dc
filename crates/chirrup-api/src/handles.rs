//! Handles: a user or a post as an object that acts.

use std::hash::{Hash, Hasher};

use chirrup_model::v1::NewMessage;
use chirrup_model::{DmEventId, IntoParam, Post, PostField, PostId, User, UserField, UserId};

use crate::client::ApiClient;
use crate::error::Error;
use crate::v1::direct_messages::{
    DestroyMessage, DestroyWelcomeMessage, DestroyWelcomeRule, IndicateTyping, MarkRead, NewMessageEvent,
    NewWelcomeRule, ShowMessage, ShowWelcomeMessage, ShowWelcomeRule, UpdateWelcomeMessage,
};
use crate::v1::users::ReportSpam;
use crate::v2::posts::{CreatePost, DeletePost, GetPost, HideReply, LikingUsers, Quotes, Reposters};
use crate::v2::users::{
    Block, Bookmark, Follow, Followers, Following, GetUser, Like, LikedPosts, Mentions, Mute, RemoveBookmark, Repost,
    Unblock, UndoRepost, Unfollow, Unlike, Unmute, UserPosts,
};

/// A user, to act on. Making one sends nothing.
#[derive(Debug, Clone)]
pub struct UserHandle {
    client: ApiClient,
    id: UserId,
}

/// A post, to act on. Making one sends nothing.
#[derive(Debug, Clone)]
pub struct PostHandle {
    client: ApiClient,
    id: PostId,
}

impl ApiClient {
    /// A user to act on: `client.user(id).follow().await`.
    pub fn user(&self, id: impl Into<UserId>) -> UserHandle {
        UserHandle { client: self.clone(), id: id.into() }
    }
    /// A post to act on: `client.post(id).like().await`.
    pub fn post(&self, id: impl Into<PostId>) -> PostHandle {
        PostHandle { client: self.clone(), id: id.into() }
    }
}

/// A direct message, to act on. Making one sends nothing.
#[derive(Debug, Clone)]
pub struct MessageHandle {
    client: ApiClient,
    id: DmEventId,
}

/// A message that greets, to act on. Making one sends nothing.
#[derive(Debug, Clone)]
pub struct WelcomeHandle {
    client: ApiClient,
    id: String,
}

/// A rule that lets a message greet, to act on. Making one sends nothing.
#[derive(Debug, Clone)]
pub struct WelcomeRuleHandle {
    client: ApiClient,
    id: String,
}

impl ApiClient {
    /// A direct message to act on.
    pub fn message(&self, id: impl Into<DmEventId>) -> MessageHandle {
        MessageHandle { client: self.clone(), id: id.into() }
    }
    /// A message that greets, to act on.
    pub fn welcome(&self, id: impl Into<String>) -> WelcomeHandle {
        WelcomeHandle { client: self.clone(), id: id.into() }
    }
    /// A rule that lets a message greet, to act on.
    pub fn welcome_rule(&self, id: impl Into<String>) -> WelcomeRuleHandle {
        WelcomeRuleHandle { client: self.clone(), id: id.into() }
    }
}

impl MessageHandle {
    /// Looks the message up.
    pub fn get(&self) -> ShowMessage {
        self.client.v1().message_event(self.id)
    }
    /// Deletes the message, for you alone.
    pub fn delete(&self) -> DestroyMessage {
        self.client.v1().destroy_message_event(self.id)
    }
    /// Says to who sent it that you have read it, and all before it.
    pub fn mark_read(&self, sender: impl Into<UserId>) -> MarkRead {
        self.client.v1().mark_read(self.id, sender.into())
    }
}

impl WelcomeHandle {
    /// Looks the message up.
    pub fn get(&self) -> ShowWelcomeMessage {
        self.client.v1().welcome_message(&self.id)
    }
    /// Lets it greet, and gives the rule that does so.
    pub fn set_rule(&self) -> NewWelcomeRule {
        self.client.v1().set_welcome(&self.id)
    }
    /// Changes it; its rule stays.
    pub fn update(&self, message: impl Into<NewMessage>) -> UpdateWelcomeMessage {
        self.client.v1().update_welcome(&self.id, message)
    }
    /// Deletes it.
    pub fn delete(&self) -> DestroyWelcomeMessage {
        self.client.v1().destroy_welcome_message(&self.id)
    }
}

impl WelcomeRuleHandle {
    /// Looks the rule up.
    pub fn get(&self) -> ShowWelcomeRule {
        self.client.v1().welcome_rule(&self.id)
    }
    /// Deletes it.
    pub fn delete(&self) -> DestroyWelcomeRule {
        self.client.v1().destroy_welcome_rule(&self.id)
    }
}

impl UserHandle {
    /// Sends the user a message by v1.1, which can hold choices and buttons; for one by v2 see
    /// [`ApiClient::send_dm`].
    pub fn send(&self, message: impl Into<NewMessage>) -> NewMessageEvent {
        self.client.v1().send(self.id, message)
    }
    /// Says to the user that you are writing.
    pub fn typing(&self) -> IndicateTyping {
        self.client.v1().indicate_typing(self.id)
    }
    /// Reports the user for spam, and blocks them; `perform_block(false)` does not.
    pub fn report(&self) -> ReportSpam {
        self.client.v1().report_spam().user_id(self.id).perform_block(true)
    }
    /// The user's posts: another name of [`posts`](Self::posts).
    pub fn timeline(&self) -> UserPosts {
        self.posts()
    }
    /// The post at the top of the user's profile; none if there is none.
    ///
    /// # Errors
    /// Those of the calls.
    pub async fn pinned_post(&self) -> Result<Option<Post>, Error> {
        let user = self.get().user_fields([UserField::PinnedPostId]).await?.data;
        match user.pinned_post_id {
            Some(id) => Ok(Some(self.client.get_post(id).await?.data)),
            None => Ok(None),
        }
    }
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
    /// The user whom the post answers, or whom it mentions first; none if it does neither.
    ///
    /// # Errors
    /// Those of the calls.
    pub async fn replied_user(&self) -> Result<Option<User>, Error> {
        let post = self.get().post_fields([PostField::InReplyToUserId, PostField::Entities]).await?.data;
        if let Some(id) = post.in_reply_to_user_id {
            return Ok(Some(self.client.get_user(id).await?.data));
        }
        let mention = post.entities.and_then(|entities| entities.mentions.first().map(|first| first.username.clone()));
        match mention.filter(|name| post.text.starts_with(&format!("@{name}"))) {
            Some(name) => Ok(Some(self.client.get_user_by_name(&name).await?.data)),
            None => Ok(None),
        }
    }
    /// The post's id.
    pub fn id(&self) -> PostId {
        self.id
    }
    /// Looks the post up.
    pub fn get(&self) -> GetPost {
        self.client.get_post(self.id)
    }
    /// Answers the post.
    pub fn reply(&self, text: impl IntoParam<String>) -> CreatePost {
        self.client.create_post().text(text).reply(self.id)
    }
    /// Quotes the post.
    pub fn quote(&self, text: impl IntoParam<String>) -> CreatePost {
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

/// Handles of the same object are equal, whichever client they act by.
macro_rules! equal_by_id {
    ($($handle:ident)+) => { $(
        impl PartialEq for $handle {
            fn eq(&self, other: &Self) -> bool {
                self.id == other.id
            }
        }
        impl Eq for $handle {}
        impl Hash for $handle {
            fn hash<H: Hasher>(&self, hasher: &mut H) {
                self.id.hash(hasher);
            }
        }
    )+ };
}
equal_by_id! { UserHandle PostHandle MessageHandle WelcomeHandle WelcomeRuleHandle }
