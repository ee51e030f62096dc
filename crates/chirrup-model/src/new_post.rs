//! The parts of a new post.

use serde::Serialize;
use serde_json::Value as Json;

use crate::fields::ReplySettings;
use crate::id::{MediaId, PlaceId, PostId, UserId};
use crate::param_kind::{Member, ParamKind};
use crate::param_type::{ParamType, SingleParam, TextParam};

/// An id, a flag or a text that is sent as it is.
const ID: ParamKind = ParamKind::Id;
const TEXT: ParamKind = ParamKind::Text { min: 0, max: usize::MAX };

macro_rules! object {
    ($($name:ident [$($member:expr),+ $(,)?];)+) => {$(
        impl ParamType for $name {
            const KIND: ParamKind = ParamKind::Object(&[$($member),+]);
            fn to_json(&self) -> Json {
                // Plain structs with text keys: the conversion cannot fail.
                serde_json::to_value(self).unwrap_or_default()
            }
        }

        impl SingleParam for $name {}
    )+};
}

object! {
    NewReply [
        Member::required("in_reply_to_tweet_id", ID),
        Member::optional("exclude_reply_user_ids", ParamKind::List { of: &ID, min: 0, max: usize::MAX }),
        Member::optional("auto_populate_reply_metadata", ParamKind::Bool),
    ];
    NewPoll [
        Member::required("options", ParamKind::List { of: &ParamKind::Text { min: 1, max: 25 }, min: 2, max: 4 }),
        Member::required("duration_minutes", ParamKind::Int { min: 5, max: 10_080 }),
        Member::optional("reply_settings", ReplySettings::KIND),
    ];
    NewMedia [
        Member::required("media_ids", ParamKind::List { of: &ID, min: 1, max: 4 }),
        Member::optional("tagged_user_ids", ParamKind::List { of: &ID, min: 0, max: 10 }),
        Member::optional("title", TEXT),
        Member::optional("description", TEXT),
        Member::optional("embeddable", ParamKind::Bool),
        Member::optional("preview_media_id", ID),
        Member::optional("call_to_actions", CallToActions::KIND),
    ];
    CallToActions [
        Member::optional("app_install", AppInstall::KIND),
        Member::optional("visit_site", CallToActionLink::KIND),
        Member::optional("watch_now", CallToActionLink::KIND),
    ];
    AppInstall [
        Member::optional("app_store_id", TEXT),
        Member::optional("ipad_app_store_id", TEXT),
        Member::optional("play_store_id", TEXT),
    ];
    CallToActionLink [Member::required("url", TEXT)];
    NewDm [Member::optional("text", TEXT), Member::optional("attachments", DmMedia::KIND)];
    EditOptions [Member::required("previous_post_id", ID)];
    NewGeo [Member::required("place_id", PlaceId::KIND)];
}

/// The media of a new message: X takes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DmMedia(pub Vec<MediaId>);

impl SingleParam for DmMedia {}

impl ParamType for DmMedia {
    const KIND: ParamKind =
        ParamKind::List { of: &ParamKind::Object(&[Member::required("media_id", ID)]), min: 1, max: usize::MAX };
    fn to_json(&self) -> Json {
        self.0.iter().map(|id| serde_json::json!({ "media_id": id })).collect()
    }
}

impl From<MediaId> for DmMedia {
    fn from(id: MediaId) -> Self {
        Self(vec![id])
    }
}

impl From<Vec<MediaId>> for DmMedia {
    fn from(ids: Vec<MediaId>) -> Self {
        Self(ids)
    }
}

/// The first message of a new conversation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NewDm {
    /// The text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Media to send along.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "media")]
    pub attachments: Option<DmMedia>,
}

impl NewDm {
    /// A message of text.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: Some(text.into()), attachments: None }
    }
    /// The same with a medium.
    #[must_use]
    pub fn media(mut self, id: impl Into<MediaId>) -> Self {
        self.attachments.get_or_insert_with(|| DmMedia(Vec::new())).0.push(id.into());
        self
    }
}

impl TextParam for NewDm {
    fn from_text(text: &str) -> Result<Self, String> {
        Ok(Self::text(text))
    }
}

fn media<S: serde::Serializer>(media: &Option<DmMedia>, s: S) -> Result<S::Ok, S::Error> {
    media.as_ref().map(ParamType::to_json).serialize(s)
}

/// Which post the new one answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NewReply {
    /// The post that it answers.
    #[serde(rename = "in_reply_to_tweet_id")]
    pub in_reply_to: PostId,
    /// Users of the thread who shall not be mentioned.
    #[serde(rename = "exclude_reply_user_ids", skip_serializing_if = "Vec::is_empty")]
    pub exclude_users: Vec<UserId>,
    /// Whether the users of the thread are mentioned without being named in the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_populate_reply_metadata: Option<bool>,
}

impl NewReply {
    /// An answer to this post.
    pub fn to(post: impl Into<PostId>) -> Self {
        Self { in_reply_to: post.into(), exclude_users: Vec::new(), auto_populate_reply_metadata: None }
    }
    /// Leaves these users of the thread unmentioned.
    #[must_use]
    pub fn exclude(mut self, users: impl IntoIterator<Item = UserId>) -> Self {
        self.exclude_users.extend(users);
        self
    }
}

impl From<PostId> for NewReply {
    fn from(post: PostId) -> Self {
        Self::to(post)
    }
}

/// A poll to post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NewPoll {
    /// Two to four choices of 1 to 25 characters.
    pub options: Vec<String>,
    /// How long it runs: 5 to 10,080 minutes.
    pub duration_minutes: u32,
    /// Who may reply.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_settings: Option<ReplySettings>,
}

impl NewPoll {
    /// A poll with these choices, open for so many minutes.
    pub fn new<T: Into<String>>(options: impl IntoIterator<Item = T>, duration_minutes: u32) -> Self {
        let options = options.into_iter().map(Into::into).collect();
        Self { options, duration_minutes, reply_settings: None }
    }
    /// The same with one more choice.
    #[must_use]
    pub fn option(mut self, label: impl Into<String>) -> Self {
        self.options.push(label.into());
        self
    }
}

/// Media to post with the text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NewMedia {
    /// One to four ids, as an upload gave them.
    pub media_ids: Vec<MediaId>,
    /// Up to ten users who are in the picture.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tagged_user_ids: Vec<UserId>,
    /// The title of a video.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The description of a video.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether other sites may show it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub embeddable: Option<bool>,
    /// The picture shown before a video plays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preview_media_id: Option<MediaId>,
    /// Buttons under a video.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_to_actions: Option<CallToActions>,
}

impl NewMedia {
    /// These media, in this order.
    pub fn new<T: Into<MediaId>>(ids: impl IntoIterator<Item = T>) -> Self {
        Self { media_ids: ids.into_iter().map(Into::into).collect(), ..Self::default() }
    }
    /// Names users who are in the picture.
    #[must_use]
    pub fn tag(mut self, users: impl IntoIterator<Item = UserId>) -> Self {
        self.tagged_user_ids.extend(users);
        self
    }
}

impl From<MediaId> for NewMedia {
    fn from(id: MediaId) -> Self {
        Self::new([id])
    }
}

impl From<Vec<MediaId>> for NewMedia {
    fn from(ids: Vec<MediaId>) -> Self {
        Self::new(ids)
    }
}

/// Buttons under a video.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CallToActions {
    /// Installs an app.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_install: Option<AppInstall>,
    /// Opens a site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visit_site: Option<CallToActionLink>,
    /// Opens the whole video.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub watch_now: Option<CallToActionLink>,
}

/// Where an app is to be had.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AppInstall {
    /// Its id in Apple's store for phones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_store_id: Option<String>,
    /// Its id in Apple's store for tablets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ipad_app_store_id: Option<String>,
    /// Its id in Google's store.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub play_store_id: Option<String>,
}

/// A page that a button opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CallToActionLink {
    /// Its address.
    pub url: String,
}

/// Which post the new one replaces: your own, within an hour, five times at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct EditOptions {
    /// The version to replace.
    pub previous_post_id: PostId,
}

impl From<PostId> for EditOptions {
    fn from(previous_post_id: PostId) -> Self {
        Self { previous_post_id }
    }
}

/// The place to name in the post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NewGeo {
    /// Its id.
    pub place_id: PlaceId,
}

impl From<PlaceId> for NewGeo {
    fn from(place_id: PlaceId) -> Self {
        Self { place_id }
    }
}
