//! Handles: users, posts and messages as objects with actions.

mod confirm;
pub(crate) mod raw_call;
pub(crate) mod rules;

use chirrup_model::v1::NewMessage;
use chirrup_model::{DmEventId, IntoParam, NewReply, Post, PostField, PostId, User, UserField, UserId};

use crate::client::ApiClient;
use crate::response::error::Error;
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

/// User with actions: `client.user(id).follow().await`. Creating the handle sends nothing.
#[derive(Debug, Clone)]
pub struct UserHandle {
    client: ApiClient,
    id: Result<UserId, String>,
}

/// Post with actions: `client.post(id).like().await`. Creating the handle sends nothing.
#[derive(Debug, Clone)]
pub struct PostHandle {
    client: ApiClient,
    id: Result<PostId, String>,
}

/// Direct message with actions. Creating the handle sends nothing.
#[derive(Debug, Clone)]
pub struct MessageHandle {
    client: ApiClient,
    id: Result<DmEventId, String>,
}

/// Welcome message with actions. Creating the handle sends nothing.
#[derive(Debug, Clone)]
pub struct WelcomeHandle {
    client: ApiClient,
    id: String,
}

/// Rule that makes a welcome message the default one, with actions. Creating the handle sends nothing.
#[derive(Debug, Clone)]
pub struct WelcomeRuleHandle {
    client: ApiClient,
    id: String,
}

/// # Handles
///
/// A malformed ID is an error of the first call that the handle makes.
impl ApiClient {
    /// Returns a handle for a user, by ID or from a fetched [`User`].
    pub fn user(&self, id: impl IntoParam<UserId>) -> UserHandle {
        UserHandle { client: self.clone(), id: id.into_param() }
    }
    /// Returns a handle for a post, by ID or from a fetched [`Post`].
    pub fn post(&self, id: impl IntoParam<PostId>) -> PostHandle {
        PostHandle { client: self.clone(), id: id.into_param() }
    }
    /// Returns a handle for a direct message.
    pub fn message(&self, id: impl IntoParam<DmEventId>) -> MessageHandle {
        MessageHandle { client: self.clone(), id: id.into_param() }
    }
    /// Returns a handle for a welcome message.
    pub fn welcome(&self, id: impl Into<String>) -> WelcomeHandle {
        WelcomeHandle { client: self.clone(), id: id.into() }
    }
    /// Returns a handle for the rule of a welcome message.
    pub fn welcome_rule(&self, id: impl Into<String>) -> WelcomeRuleHandle {
        WelcomeRuleHandle { client: self.clone(), id: id.into() }
    }
}

impl MessageHandle {
    /// Returns the call that looks up the message.
    pub fn get(&self) -> ShowMessage {
        self.client.v1().message_event(self.id.clone())
    }
    /// Deletes the message from the conversation of the authenticated user only.
    pub fn delete(&self) -> DestroyMessage {
        self.client.v1().destroy_message_event(self.id.clone())
    }
    /// Marks the message, and all before it, as read for its sender.
    pub fn mark_read(&self, sender: impl IntoParam<UserId>) -> MarkRead {
        self.client.v1().mark_read(self.id.clone(), sender)
    }
}

impl WelcomeHandle {
    /// Returns the call that looks up the message.
    pub fn get(&self) -> ShowWelcomeMessage {
        self.client.v1().welcome_message(&self.id)
    }
    /// Makes it the default welcome message, by creating a rule for it.
    pub fn set_rule(&self) -> NewWelcomeRule {
        self.client.v1().set_welcome(&self.id)
    }
    /// Replaces the content of the message; its rule stays in effect.
    pub fn update(&self, message: impl Into<NewMessage>) -> UpdateWelcomeMessage {
        self.client.v1().update_welcome(&self.id.clone(), message)
    }
    /// Deletes the object on the server.
    pub fn delete(&self) -> DestroyWelcomeMessage {
        self.client.v1().destroy_welcome_message(&self.id)
    }
}

impl WelcomeRuleHandle {
    /// Returns the call that looks up the rule.
    pub fn get(&self) -> ShowWelcomeRule {
        self.client.v1().welcome_rule(&self.id)
    }
    /// Deletes the object on the server.
    pub fn delete(&self) -> DestroyWelcomeRule {
        self.client.v1().destroy_welcome_rule(&self.id)
    }
}

impl UserHandle {
    /// Sends the user a direct message through v1.1, with optional quick replies and buttons. The method of v2 is
    /// [`ApiClient::send_dm`].
    pub fn send(&self, message: impl Into<NewMessage>) -> NewMessageEvent {
        self.client.v1().send(self.id.clone(), message)
    }
    /// Shows the user a typing indicator.
    pub fn typing(&self) -> IndicateTyping {
        self.client.v1().indicate_typing(self.id.clone())
    }
    /// Reports the user for spam and blocks them, unless `perform_block(false)` is set.
    pub fn report(&self) -> ReportSpam {
        self.client.v1().report_spam().user_id(self.id.clone()).perform_block(true)
    }
    /// Returns the posts of the user; the same as [`posts`](Self::posts).
    pub fn timeline(&self) -> UserPosts {
        self.posts()
    }
    /// Returns the post that is pinned to the user's profile, if any.
    ///
    /// # Errors
    /// Those of the lookups.
    pub async fn pinned_post(&self) -> Result<Option<Post>, Error> {
        let user = self.get().user_fields([UserField::PinnedPostId]).await?.data;
        match user.pinned_post_id {
            Some(id) => Ok(Some(self.client.get_post(id).await?.data)),
            None => Ok(None),
        }
    }
    /// Returns the ID of the user, or `None` if it is malformed.
    pub fn id(&self) -> Option<UserId> {
        self.id.clone().ok()
    }
    /// Returns the call that looks up the user.
    pub fn get(&self) -> GetUser {
        self.client.get_user(self.id.clone())
    }
    /// Follows the user as the authenticated user.
    pub fn follow(&self) -> Follow {
        self.client.follow(self.id.clone())
    }
    /// Unfollows the user as the authenticated user.
    pub fn unfollow(&self) -> Unfollow {
        self.client.unfollow(self.id.clone())
    }
    /// Mutes the user for the authenticated user.
    pub fn mute(&self) -> Mute {
        self.client.mute(self.id.clone())
    }
    /// Unmutes the user for the authenticated user.
    pub fn unmute(&self) -> Unmute {
        self.client.unmute(self.id.clone())
    }
    /// Blocks the user for the authenticated user.
    pub fn block(&self) -> Block {
        self.client.block(self.id.clone())
    }
    /// Unblocks the user for the authenticated user.
    pub fn unblock(&self) -> Unblock {
        self.client.unblock(self.id.clone())
    }
    /// Returns the posts that the user likes.
    pub fn liked_posts(&self) -> LikedPosts {
        self.client.liked_posts(self.id.clone())
    }
    /// Returns the posts of the user.
    pub fn posts(&self) -> UserPosts {
        self.client.user_posts(self.id.clone())
    }
    /// Returns the posts that mention the user.
    pub fn mentions(&self) -> Mentions {
        self.client.mentions(self.id.clone())
    }
    /// Returns the followers of the user.
    pub fn followers(&self) -> Followers {
        self.client.followers(self.id.clone())
    }
    /// Returns the users whom the user follows.
    pub fn following(&self) -> Following {
        self.client.following(self.id.clone())
    }
}

impl PostHandle {
    /// Returns the user whom the post replies to, or whom it mentions at its start, if any.
    ///
    /// # Errors
    /// Those of the lookups.
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
    /// Returns the ID of the post, or `None` if it is malformed.
    pub fn id(&self) -> Option<PostId> {
        self.id.clone().ok()
    }
    /// Returns the call that looks up the post.
    pub fn get(&self) -> GetPost {
        self.client.get_post(self.id.clone())
    }
    /// Replies to the post with a text.
    pub fn reply(&self, text: impl IntoParam<String>) -> CreatePost {
        self.client.create_post().text(text).reply(self.id.clone().map(NewReply::to))
    }
    /// Quotes the post with a text.
    pub fn quote(&self, text: impl IntoParam<String>) -> CreatePost {
        self.client.create_post().text(text).quote(self.id.clone())
    }
    /// Likes the post as the authenticated user.
    pub fn like(&self) -> Like {
        self.client.like(self.id.clone())
    }
    /// Removes the like of the authenticated user.
    pub fn unlike(&self) -> Unlike {
        self.client.unlike(self.id.clone())
    }
    /// Reposts the post as the authenticated user.
    pub fn repost(&self) -> Repost {
        self.client.repost(self.id.clone())
    }
    /// Removes the repost of the authenticated user.
    pub fn undo_repost(&self) -> UndoRepost {
        self.client.undo_repost(self.id.clone())
    }
    /// Bookmarks the post for the authenticated user.
    pub fn bookmark(&self) -> Bookmark {
        self.client.bookmark(self.id.clone())
    }
    /// Removes the bookmark of the authenticated user.
    pub fn remove_bookmark(&self) -> RemoveBookmark {
        self.client.remove_bookmark(self.id.clone())
    }
    /// Hides the post, which must be a reply to a post of the authenticated user.
    pub fn hide(&self) -> HideReply {
        self.client.hide_reply(self.id.clone(), true)
    }
    /// Shows a hidden reply again.
    pub fn unhide(&self) -> HideReply {
        self.client.hide_reply(self.id.clone(), false)
    }
    /// Deletes the post, which must be by the authenticated user.
    pub fn delete(&self) -> DeletePost {
        self.client.delete_post(self.id.clone())
    }
    /// Returns the users who like the post.
    pub fn likers(&self) -> LikingUsers {
        self.client.liking_users(self.id.clone())
    }
    /// Returns the users who reposted the post.
    pub fn reposters(&self) -> Reposters {
        self.client.reposters(self.id.clone())
    }
    /// Returns the posts that quote the post.
    pub fn quotes(&self) -> Quotes {
        self.client.quotes(self.id.clone())
    }
}

/// Handles of the same object are equal, whichever client they use.
macro_rules! equal_by_id {
    ($($handle:ident)+) => { $(
        impl PartialEq for $handle {
            fn eq(&self, other: &Self) -> bool {
                self.id == other.id
            }
        }
        impl Eq for $handle {}
        impl std::hash::Hash for $handle {
            fn hash<H: std::hash::Hasher>(&self, hasher: &mut H) {
                self.id.hash(hasher);
            }
        }
    )+ };
}
equal_by_id! { UserHandle PostHandle MessageHandle WelcomeHandle WelcomeRuleHandle }
