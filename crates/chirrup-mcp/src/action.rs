//! The writes that an agent can draft, as calls of the API.

use chirrup::model::{MediaId, NewMedia, NewReply, PostId, RuleId, User, UserId};
use chirrup::v2::posts::CreatePost;
use chirrup::{BoundCall, Client, Cost, IntoCall as _, Verb};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use crate::answer::{Failure, Receipt};
use crate::objects::{invalid, post_id};
use crate::reads::user_id;

/// Name of a write in the arguments of `draft`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub(crate) enum ActionName {
    Post,
    Reply,
    Quote,
    Delete,
    Like,
    Unlike,
    Repost,
    Unrepost,
    Follow,
    Unfollow,
    Message,
    AddRule,
    DeleteRule,
}

impl ActionName {
    /// The permission that the write needs.
    pub(crate) fn verb(self) -> Verb {
        match self {
            Self::Post => Verb::Post,
            Self::Reply => Verb::Reply,
            Self::Quote => Verb::Quote,
            Self::Delete => Verb::Delete,
            Self::Like | Self::Unlike => Verb::Like,
            Self::Repost | Self::Unrepost => Verb::Repost,
            Self::Follow | Self::Unfollow => Verb::Follow,
            Self::Message => Verb::Message,
            Self::AddRule | Self::DeleteRule => Verb::Rules,
        }
    }
}

/// Arguments of the tool `draft`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub(crate) struct DraftArgs {
    /// Kind of the write
    pub(crate) action: ActionName,
    /// Text of the post or message, or query of the rule
    pub(crate) text: Option<String>,
    /// ID or link of the post to reply to, quote, delete, like or repost
    pub(crate) post: Option<String>,
    /// Username or ID of the user to follow or write to; ID of the rule to delete
    pub(crate) user: Option<String>,
    /// IDs that `upload_file` returned
    #[serde(default)]
    pub(crate) media: Vec<String>,
}

/// A post, reply or quote that was not created yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PostDraft {
    pub(crate) text: String,
    pub(crate) reply_to: Option<PostId>,
    pub(crate) quote: Option<PostId>,
    pub(crate) media: Vec<MediaId>,
}

impl PostDraft {
    pub(crate) fn call(&self, client: &Client) -> CreatePost {
        let mut call = client.create_post();
        if !self.text.is_empty() {
            call = call.text(self.text.as_str());
        }
        if let Some(post) = self.reply_to {
            call = call.reply(NewReply::to(post));
        }
        if let Some(post) = self.quote {
            call = call.quote(post);
        }
        if !self.media.is_empty() {
            call = call.media(NewMedia::new(self.media.iter().copied()));
        }
        call
    }
}

/// A write with everything that it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Action {
    Post(PostDraft),
    Delete(PostId),
    Like { post: PostId, undo: bool },
    Repost { post: PostId, undo: bool },
    Follow { user: UserId, undo: bool },
    Message { user: UserId, text: String },
    AddRule(String),
    DeleteRule(RuleId),
}

impl Action {
    /// Reads the arguments of a draft. A username costs a request.
    pub(crate) async fn read(client: &Client, receipt: &mut Receipt, args: DraftArgs) -> Result<Self, Failure> {
        let missing = |what: &str| Failure::argument(format!("`{what}` is missing"), "add it, and call `draft` again");
        let text = || args.text.clone().filter(|text| !text.trim().is_empty());
        let post = || args.post.as_deref().map(post_id).transpose()?.ok_or_else(|| missing("post"));
        let media: Result<Vec<MediaId>, Failure> = args
            .media
            .iter()
            .map(|id| id.parse::<u64>().map(MediaId::from).map_err(|_| invalid(id, "the ID of an upload")))
            .collect();
        let user = async |receipt: &mut Receipt| match args.user.as_deref() {
            Some(user) => user_id(client, receipt, Some(user)).await,
            None => Err(missing("user")),
        };
        Ok(match args.action {
            ActionName::Post | ActionName::Reply | ActionName::Quote => Self::Post(PostDraft {
                text: match text() {
                    None if args.media.is_empty() => return Err(missing("text")),
                    text => text.unwrap_or_default(),
                },
                reply_to: if args.action == ActionName::Reply { Some(post()?) } else { None },
                quote: if args.action == ActionName::Quote { Some(post()?) } else { None },
                media: media?,
            }),
            ActionName::Delete => Self::Delete(post()?),
            ActionName::Like => Self::Like { post: post()?, undo: false },
            ActionName::Unlike => Self::Like { post: post()?, undo: true },
            ActionName::Repost => Self::Repost { post: post()?, undo: false },
            ActionName::Unrepost => Self::Repost { post: post()?, undo: true },
            ActionName::Follow => Self::Follow { user: user(receipt).await?, undo: false },
            ActionName::Unfollow => Self::Follow { user: user(receipt).await?, undo: true },
            ActionName::Message => {
                let text = text().ok_or_else(|| missing("text"))?;
                Self::Message { user: user(receipt).await?, text }
            }
            ActionName::AddRule => Self::AddRule(text().ok_or_else(|| missing("text"))?),
            ActionName::DeleteRule => {
                let id = args.user.as_deref().ok_or_else(|| missing("user"))?;
                Self::DeleteRule(id.parse().map_err(|_| invalid(id, "the ID of a rule"))?)
            }
        })
    }

    /// Text that others will see, if the write has one.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Post(PostDraft { text, .. }) | Self::Message { text, .. } | Self::AddRule(text) => Some(text),
            _ => None,
        }
    }

    /// Says what the write does, for the person who approves it.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Post(PostDraft { text, reply_to, quote, media }) => {
                let kind = match (reply_to, quote) {
                    (Some(post), _) => format!("reply to post {post}"),
                    (None, Some(post)) => format!("quote post {post}"),
                    _ => "create a post".to_owned(),
                };
                let with = if media.is_empty() { String::new() } else { format!(", with {} media files", media.len()) };
                format!("{kind}{with}:\n\n{text}")
            }
            Self::Delete(post) => format!("delete post {post}"),
            Self::Like { post, undo } => format!("{} post {post}", if *undo { "unlike" } else { "like" }),
            Self::Repost { post, undo } => {
                format!("{} post {post}", if *undo { "undo the repost of" } else { "repost" })
            }
            Self::Follow { user, undo } => format!("{} user {user}", if *undo { "unfollow" } else { "follow" }),
            Self::Message { user, text } => format!("send user {user} the direct message:\n\n{text}"),
            Self::AddRule(query) => format!("add the stream rule:\n\n{query}"),
            Self::DeleteRule(rule) => format!("delete the stream rule {rule}"),
        }
    }

    /// Returns the call of the write.
    pub(crate) fn call(&self, client: &Client) -> BoundCall {
        match self {
            Self::Post(post) => post.call(client).into_call(),
            Self::Delete(post) => client.delete_post(*post).into_call(),
            Self::Like { post, undo: false } => client.like(*post).into_call(),
            Self::Like { post, undo: true } => client.unlike(*post).into_call(),
            Self::Repost { post, undo: false } => client.repost(*post).into_call(),
            Self::Repost { post, undo: true } => client.undo_repost(*post).into_call(),
            Self::Follow { user, undo: false } => client.follow(*user).into_call(),
            Self::Follow { user, undo: true } => client.unfollow(*user).into_call(),
            Self::Message { user, text } => client.send_dm(*user).text(text.as_str()).into_call(),
            Self::AddRule(query) => client.update_rules().add_rules(json!([{"value": query}])).into_call(),
            Self::DeleteRule(rule) => {
                client.update_rules().delete_rules(json!({"ids": [rule.to_string()]})).into_call()
            }
        }
    }
}

/// A write that waits for its confirmation.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub(crate) action: Action,
    /// User whom the server writes as.
    pub(crate) account: User,
    pub(crate) price: Cost,
}
