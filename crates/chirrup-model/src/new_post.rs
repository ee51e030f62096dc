//! Parts of a new post or direct message.

use serde::{Serialize, Serializer};
use serde_json::{Value as Json, json};

use crate::fields::ReplySettings;
use crate::id::{MediaId, PlaceId, PostId, UserId};
use crate::param_kind::{Member, ParamKind};
use crate::param_type::{ParamType, SingleParam, TextParam};

const ID: ParamKind = ParamKind::Id;
const TEXT: ParamKind = String::KIND;

/// Makes structs that serialize as JSON objects with these members parameter types.
macro_rules! object_params {
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

pub(crate) use object_params;

object_params! {
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

/// Media of a new direct message: X accepts one media file per message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DmMedia(pub Vec<MediaId>);

impl ParamType for DmMedia {
    const KIND: ParamKind =
        ParamKind::List { of: &ParamKind::Object(&[Member::required("media_id", ID)]), min: 1, max: usize::MAX };
    fn to_json(&self) -> Json {
        self.0.iter().map(|id| json!({ "media_id": id })).collect()
    }
}

impl SingleParam for DmMedia {}

impl Serialize for DmMedia {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
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

/// First message of a new direct message conversation: a text, media, or both.
///
/// Where one is needed, a text is enough.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NewDm {
    /// Text of the message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Media of the message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attachments: Option<DmMedia>,
}

impl NewDm {
    /// Creates a message with a text.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: Some(text.into()), attachments: None }
    }

    /// Adds an uploaded media file.
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

/// Settings of a reply. Where one is needed, the ID of the post to reply to is enough.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NewReply {
    /// ID of the post to reply to.
    #[serde(rename = "in_reply_to_tweet_id")]
    pub in_reply_to: PostId,
    /// IDs of users of the conversation whom the reply does not mention.
    #[serde(rename = "exclude_reply_user_ids", skip_serializing_if = "Vec::is_empty")]
    pub exclude_users: Vec<UserId>,
    /// Whether the reply mentions the users of the conversation even if its text does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_populate_reply_metadata: Option<bool>,
}

impl NewReply {
    /// Creates a reply to a post.
    pub fn to(post: impl Into<PostId>) -> Self {
        Self { in_reply_to: post.into(), exclude_users: Vec::new(), auto_populate_reply_metadata: None }
    }

    /// Adds users of the conversation whom the reply does not mention.
    #[must_use]
    pub fn exclude(mut self, users: impl IntoIterator<Item = UserId>) -> Self {
        self.exclude_users.extend(users);
        self
    }

    /// Sets whether the reply mentions the users of the conversation even if its text does not.
    #[must_use]
    pub fn auto_populate_reply_metadata(mut self, populate: bool) -> Self {
        self.auto_populate_reply_metadata = Some(populate);
        self
    }
}

impl From<PostId> for NewReply {
    fn from(post: PostId) -> Self {
        Self::to(post)
    }
}

/// A poll for a new post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NewPoll {
    /// Options of the poll: 2 to 4, of 1 to 25 characters each.
    pub options: Vec<String>,
    /// Duration in minutes: 5 to 10,080, which is a week.
    pub duration_minutes: u32,
    /// Users who may reply to the poll. Without it, everyone may.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_settings: Option<ReplySettings>,
}

impl NewPoll {
    /// Creates a poll with these options and a duration in minutes.
    pub fn new<T: Into<String>>(options: impl IntoIterator<Item = T>, duration_minutes: u32) -> Self {
        let options = options.into_iter().map(Into::into).collect();
        Self { options, duration_minutes, reply_settings: None }
    }

    /// Adds an option to the poll.
    #[must_use]
    pub fn option(mut self, label: impl Into<String>) -> Self {
        self.options.push(label.into());
        self
    }

    /// Sets which users may reply to the poll.
    #[must_use]
    pub fn reply_settings(mut self, reply_settings: impl Into<ReplySettings>) -> Self {
        self.reply_settings = Some(reply_settings.into());
        self
    }
}

/// Media of a new post. Where one is needed, the ID of a media file or a list of IDs is enough.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NewMedia {
    /// IDs of uploaded media files: 1 to 4.
    pub media_ids: Vec<MediaId>,
    /// IDs of users to tag in the media: up to 10.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tagged_user_ids: Vec<UserId>,
    /// Title of a video.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Description of a video.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether other sites may embed the video.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub embeddable: Option<bool>,
    /// ID of the preview image of a video.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preview_media_id: Option<MediaId>,
    /// Buttons below a video.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_to_actions: Option<CallToActions>,
}

impl NewMedia {
    /// Creates the media of a post from the IDs of uploaded files, in this order.
    pub fn new<T: Into<MediaId>>(ids: impl IntoIterator<Item = T>) -> Self {
        Self { media_ids: ids.into_iter().map(Into::into).collect(), ..Self::default() }
    }

    /// Adds users to tag in the media.
    #[must_use]
    pub fn tag(mut self, users: impl IntoIterator<Item = UserId>) -> Self {
        self.tagged_user_ids.extend(users);
        self
    }

    /// Sets the title of a video.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// Sets the description of a video.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Sets whether other sites may embed the video.
    #[must_use]
    pub fn embeddable(mut self, embeddable: bool) -> Self {
        self.embeddable = Some(embeddable);
        self
    }

    /// Sets the preview image of a video.
    #[must_use]
    pub fn preview(mut self, id: impl Into<MediaId>) -> Self {
        self.preview_media_id = Some(id.into());
        self
    }

    /// Sets the buttons below a video.
    #[must_use]
    pub fn call_to_actions(mut self, call_to_actions: CallToActions) -> Self {
        self.call_to_actions = Some(call_to_actions);
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

/// Buttons below a video, which ask the viewer to do something.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CallToActions {
    /// Button that installs an app.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_install: Option<AppInstall>,
    /// Button that opens a website.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visit_site: Option<CallToActionLink>,
    /// Button that opens the full video.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub watch_now: Option<CallToActionLink>,
}

impl CallToActions {
    /// Adds a button that installs an app.
    #[must_use]
    pub fn app_install(mut self, app: AppInstall) -> Self {
        self.app_install = Some(app);
        self
    }

    /// Adds a button that opens a website.
    #[must_use]
    pub fn visit_site(mut self, url: impl Into<String>) -> Self {
        self.visit_site = Some(CallToActionLink { url: url.into() });
        self
    }

    /// Adds a button that opens the full video.
    #[must_use]
    pub fn watch_now(mut self, url: impl Into<String>) -> Self {
        self.watch_now = Some(CallToActionLink { url: url.into() });
        self
    }
}

/// IDs of an app in the app stores.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AppInstall {
    /// ID of the iPhone app in Apple's App Store.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_store_id: Option<String>,
    /// ID of the iPad app in Apple's App Store.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ipad_app_store_id: Option<String>,
    /// ID of the app in Google Play.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub play_store_id: Option<String>,
}

impl AppInstall {
    /// Sets the ID of the iPhone app in Apple's App Store.
    #[must_use]
    pub fn app_store(mut self, id: impl Into<String>) -> Self {
        self.app_store_id = Some(id.into());
        self
    }

    /// Sets the ID of the iPad app in Apple's App Store.
    #[must_use]
    pub fn ipad_app_store(mut self, id: impl Into<String>) -> Self {
        self.ipad_app_store_id = Some(id.into());
        self
    }

    /// Sets the ID of the app in Google Play.
    #[must_use]
    pub fn play_store(mut self, id: impl Into<String>) -> Self {
        self.play_store_id = Some(id.into());
        self
    }
}

/// Target of a button below a video.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CallToActionLink {
    /// URL that the button opens.
    pub url: String,
}

/// The post that a new post replaces: one of your own from the last hour, up to five times.
///
/// Where one is needed, the ID of the post is enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct EditOptions {
    /// ID of the version to replace.
    pub previous_post_id: PostId,
}

impl From<PostId> for EditOptions {
    fn from(previous_post_id: PostId) -> Self {
        Self { previous_post_id }
    }
}

/// Location of a new post. Where one is needed, the ID of the place is enough.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NewGeo {
    /// ID of the place to tag.
    pub place_id: PlaceId,
}

impl From<PlaceId> for NewGeo {
    fn from(place_id: PlaceId) -> Self {
        Self { place_id }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::IntoParam;

    #[test]
    fn media_are_given_as_one_id_or_a_list() {
        let (id, text) = (MediaId::new(7), "7".to_owned());
        let one = NewMedia::new([id]);
        let is = |value: Result<NewMedia, String>| assert_eq!(value, Ok(one.clone()));
        is(7.into_param());
        is("7".into_param());
        is(id.into_param());
        is([id].into_param());
        is([7].into_param());
        is((&[id]).into_param());
        is([id].as_slice().into_param());
        is(vec![text.clone()].into_param());
        is((&vec![text]).into_param());
        is(one.clone().into_param());
        is((&one).into_param());
        assert_eq!([id].into_param(), Ok(DmMedia(vec![id])));
        assert_eq!(IntoParam::<NewMedia>::into_param("x").map_err(|error| error.contains("media ID")), Err(true));
    }

    #[test]
    fn every_serialized_part_matches_its_kind() {
        let buttons = CallToActions::default()
            .visit_site("https://example.com")
            .app_install(AppInstall::default().play_store("a").app_store("b").ipad_app_store("c"));
        let media =
            NewMedia::new([1]).tag([UserId::new(2)]).title("t").embeddable(true).preview(3).call_to_actions(buttons);
        let poll = NewPoll::new(["a"], 60).option("b").reply_settings("following");
        let reply = NewReply::to(1).exclude([UserId::new(2)]).auto_populate_reply_metadata(true);
        let dm = NewDm::text("hi").media(4);
        for (kind, json) in [
            (NewMedia::KIND, media.to_json()),
            (NewPoll::KIND, poll.to_json()),
            (NewReply::KIND, reply.to_json()),
            (NewDm::KIND, dm.to_json()),
        ] {
            assert_eq!(kind.check(&json), Ok(()), "{json}");
        }
        assert_eq!(dm.to_json(), json!({"text": "hi", "attachments": [{"media_id": "4"}]}));
    }
}
