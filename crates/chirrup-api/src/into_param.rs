//! What may be given for a parameter: its own type, or something that plainly stands for it.

use chirrup_model::{
    ActivityType, AnalyticsField, AnalyticsGranularity, ArticleId, BroadcastField, BroadcastId,
    BroadcastMessageExpansion, BroadcastMessageField, ChatDeletion, ChatEventField, ChatExpansion, ChatField, ChatId,
    CommunityField, CommunityId, ConnectionField, ConnectionState, DmConversationId, DmConversationKind, DmEventField,
    DmEventId, DmEventKind, DmExpansion, DmMedia, EditOptions, EngagementField, Exclude, Expansion, FolderId,
    Granularity, InsightGranularity, InsightMetric, InvalidId, JobField, JobId, JobKind, JobState, LikeExpansion,
    LikeField, ListExpansion, ListField, ListId, MediaAnalyticsField, MediaCategory, MediaField, MediaFormat,
    MediaGranularity, MediaId, MediaKey, NewDm, NewGeo, NewMedia, NewPoll, NewReply, NewsField, NewsId, NoteField,
    NoteId, PersonalizedTrendField, PlaceField, PlaceId, PollField, PollId, PostField, PostId, PublicKeyField,
    ReplySettings, RuleId, SortOrder, SpaceExpansion, SpaceField, SpaceId, SpaceQuery, StreamEndpoint, SubscriptionId,
    SubtitledCategory, Timestamp, TopicField, TrendField, UploadCategory, UploadCommand, UsageField, UserExpansion,
    UserField, UserId, Username, Value, WebhookField, WebhookId,
};
use serde_json::Value as Json;

/// Something that can be given where a parameter of type `T` is wanted.
///
/// A value that cannot be read (a text that is no id, say) is no panic and no early return: the call ends with an
/// error that names the parameter, before anything is sent.
pub trait IntoParam<T> {
    /// The value as it goes into a call, or what is wrong with it.
    ///
    /// # Errors
    /// Why it is no `T`, as a sentence.
    fn into_json(self) -> Result<Json, String>;
}

macro_rules! as_itself {
    ($($ty:ty),+ $(,)?) => {$(
        impl IntoParam<$ty> for $ty {
            fn into_json(self) -> Result<Json, String> {
                Ok(self.to_json())
            }
        }
    )+};
}

as_itself!(
    Username,
    PlaceId,
    Timestamp,
    String,
    bool,
    u32,
    NewReply,
    NewPoll,
    NewMedia,
    NewGeo,
    EditOptions,
    PostField,
    UserField,
    MediaField,
    PollField,
    PlaceField,
    Expansion,
    UserExpansion,
    Exclude,
    SortOrder,
    ListField,
    ListExpansion,
    Granularity,
    ReplySettings,
    NewDm,
    DmMedia,
    u64,
    Json,
    BroadcastId,
    ChatId,
    DmConversationId,
    MediaKey,
    SpaceId,
    ActivityType,
    AnalyticsField,
    AnalyticsGranularity,
    BroadcastField,
    BroadcastMessageExpansion,
    BroadcastMessageField,
    ChatDeletion,
    ChatEventField,
    ChatExpansion,
    ChatField,
    CommunityField,
    ConnectionField,
    ConnectionState,
    DmConversationKind,
    DmEventField,
    DmEventKind,
    DmExpansion,
    JobField,
    JobKind,
    JobState,
    MediaAnalyticsField,
    MediaCategory,
    MediaFormat,
    MediaGranularity,
    NewsField,
    NoteField,
    PersonalizedTrendField,
    PublicKeyField,
    SpaceExpansion,
    SpaceField,
    SpaceQuery,
    StreamEndpoint,
    LikeExpansion,
    LikeField,
    EngagementField,
    InsightGranularity,
    InsightMetric,
    SubtitledCategory,
    TopicField,
    TrendField,
    UploadCategory,
    UploadCommand,
    UsageField,
    WebhookField,
);

macro_rules! ids {
    ($($ty:ty),+) => {$(
        as_itself!($ty);
        impl IntoParam<$ty> for &$ty {
            fn into_json(self) -> Result<Json, String> {
                Ok(self.to_json())
            }
        }
        impl IntoParam<$ty> for u64 {
            fn into_json(self) -> Result<Json, String> {
                Ok(<$ty>::new(self).to_json())
            }
        }
        // What a plain number literal is, if nothing says otherwise.
        impl IntoParam<$ty> for i32 {
            fn into_json(self) -> Result<Json, String> {
                IntoParam::<$ty>::into_json(self.to_string().as_str())
            }
        }
        impl IntoParam<$ty> for &str {
            fn into_json(self) -> Result<Json, String> {
                self.parse::<$ty>().map(|id| id.to_json()).map_err(|bad: InvalidId| bad.to_string())
            }
        }
        impl IntoParam<$ty> for &String {
            fn into_json(self) -> Result<Json, String> {
                IntoParam::<$ty>::into_json(self.as_str())
            }
        }
    )+};
}

ids!(
    PostId,
    UserId,
    ListId,
    CommunityId,
    PollId,
    MediaId,
    DmEventId,
    FolderId,
    ArticleId,
    JobId,
    NewsId,
    NoteId,
    RuleId,
    SubscriptionId,
    WebhookId
);

macro_rules! from_text {
    ($($ty:ty),+) => {$(
        impl IntoParam<$ty> for &str {
            fn into_json(self) -> Result<Json, String> {
                self.parse::<$ty>().map(|v| v.to_json()).map_err(|bad| bad.to_string())
            }
        }
        impl IntoParam<$ty> for &String {
            fn into_json(self) -> Result<Json, String> {
                IntoParam::<$ty>::into_json(self.as_str())
            }
        }
    )+};
}

from_text!(Username, PlaceId, Timestamp, BroadcastId, ChatId, DmConversationId, MediaKey, SpaceId);

macro_rules! by_reference {
    ($($ty:ty),+) => {$(
        impl IntoParam<$ty> for &$ty {
            fn into_json(self) -> Result<Json, String> {
                Ok(self.to_json())
            }
        }
    )+};
}

by_reference!(BroadcastId, ChatId, DmConversationId, MediaKey, SpaceId);

impl IntoParam<DmMedia> for MediaId {
    fn into_json(self) -> Result<Json, String> {
        Ok(DmMedia::from(self).to_json())
    }
}

impl IntoParam<NewDm> for &str {
    fn into_json(self) -> Result<Json, String> {
        Ok(NewDm::text(self).to_json())
    }
}

impl IntoParam<String> for &str {
    fn into_json(self) -> Result<Json, String> {
        Ok(Json::from(self))
    }
}

impl IntoParam<String> for &String {
    fn into_json(self) -> Result<Json, String> {
        Ok(Json::from(self.as_str()))
    }
}

/// Degrees, as v1.1 has them in parameters.
impl IntoParam<String> for f64 {
    fn into_json(self) -> Result<Json, String> {
        Ok(Json::from(self.to_string()))
    }
}

impl IntoParam<NewReply> for PostId {
    fn into_json(self) -> Result<Json, String> {
        Ok(NewReply::to(self).to_json())
    }
}

impl IntoParam<EditOptions> for PostId {
    fn into_json(self) -> Result<Json, String> {
        Ok(EditOptions::from(self).to_json())
    }
}

impl IntoParam<NewGeo> for PlaceId {
    fn into_json(self) -> Result<Json, String> {
        Ok(NewGeo::from(self).to_json())
    }
}

impl<T, A: IntoParam<T>, I: IntoIterator<Item = A>> IntoParam<Vec<T>> for I {
    fn into_json(self) -> Result<Json, String> {
        self.into_iter().map(IntoParam::into_json).collect::<Result<Vec<_>, _>>().map(Json::Array)
    }
}
