//! The nouns of the X API: ids, posts, users, media, field sets, problems, and the kinds of value that a parameter can take.
//!
//! Nothing here does I/O. Every type reads both dialects of the wire (`referenced_tweets` and `referenced_posts`, and so on;
//! see [`dialect`]) and is written in the first.
#![warn(missing_docs)]

mod activity;
mod analytics;
mod broadcast;
mod chat;
mod community;
mod compliance;

pub mod dialect;
mod display;
mod dm;
mod entities;
mod fields;
mod id;
mod includes;
mod into_param;
mod list;
mod media;
mod new_post;
mod note;
mod optional_list;
mod param_kind;
mod param_type;
mod place;
mod poll;
mod post;
mod post_count;
mod problem;
mod response_data;
mod space;
mod stream;
mod time;
mod upload;
mod user;
pub mod v1;
mod wire_enum;
mod wire_struct;
mod write_responses;

pub use activity::{
    AccountSubscription, AccountSubscriptions, ActivityFilter, ActivitySubscription, ActivityType, DeletedSubscription,
    Provisioned, ReplayJob, StreamWebhookLink, Subscribed, SubscriptionChange, SubscriptionCount, Validated, Webhook,
    WebhookField,
};
pub use analytics::{
    Analytics, AnalyticsField, AnalyticsGranularity, AnalyticsMetrics, Engagement, EngagementField, InsightGranularity,
    InsightMetric, MediaAnalytics, MediaAnalyticsField, MediaAnalyticsGranularity, MediaAnalyticsMetrics,
    TimestampedMediaMetrics, TimestampedMetrics,
};
pub use broadcast::{
    BookmarkFolder, BookmarkedPost, Broadcast, BroadcastField, BroadcastMessage, BroadcastMessageExpansion,
    BroadcastMessageField, ChatMuted, DraftedArticle, PublishedArticle, ScheduledBroadcast, SentBroadcastMessage,
};
pub use chat::{
    AddedChatKeys, AddedPublicKey, ChatConversation, ChatEvent, ChatEventField, ChatExpansion, ChatField, ChatGroupId,
    ChatUpload, CreatedChat, DeleteMessageAction, PublicKey, PublicKeyField, SentChatMessage, Success,
};
pub use community::{
    AppUsage, Community, CommunityField, DayUsage, News, NewsField, NewsPost, PersonalizedTrend,
    PersonalizedTrendField, ProjectUsage, Trend, TrendField, Usage, UsageField,
};
pub use compliance::{ComplianceJob, JobField, JobStatus, JobType};

pub use dialect::Dialect;
pub use dm::{
    DmAttachments, DmBlocked, DmConversationType, DmEvent, DmEventField, DmEventType, DmExpansion, DmReferencedPost,
    SentDm,
};
pub use entities::{Annotation, Cashtag, Entities, Hashtag, LinkImage, Mention, UrlEntity, UserEntities};
pub use fields::{
    Exclude, Expansion, Granularity, ListExpansion, ListField, MediaField, PlaceField, PollField, PostField,
    ReplySettings, SortOrder, UserExpansion, UserField,
};
pub use id::{
    ArticleId, BroadcastId, ChatId, CommunityId, DmConversationId, DmEventId, FolderId, InvalidId, JobId, ListId,
    MediaId, MediaKey, NewsId, NoteId, PlaceId, PollId, PostId, RuleId, SpaceId, SubscriptionId, TopicId, UserId,
    Username, WebhookId,
};
pub use includes::{Includes, Topic};
pub use into_param::IntoParam;
pub use list::{CreatedList, List, Membership, Pinned, Updated};
pub use media::{Media, MediaMetrics, MediaType, PlaybackMetrics, Variant};
pub use new_post::{
    AppInstall, CallToActionLink, CallToActions, DmMedia, EditOptions, NewDm, NewGeo, NewMedia, NewPoll, NewReply,
};
pub use note::{
    CreatedNote, Note, NoteEvaluationOutcome, NoteField, NoteInfo, NoteModelRatings, NoteOpinion, NoteRatingBuckets,
    NoteRatingCounts, NoteScoringStatus, NoteTagCount, NoteTestResult,
};
pub use optional_list::OptionalList;
pub use param_kind::{Member, ParamKind, Violation};
pub use param_type::{NumericId, ParamType, SingleParam, TextParam};
pub use place::{Place, PlaceGeo};
pub use poll::{Poll, PollOption};
pub use post::{
    Attachments, ContextAnnotation, ContextEntity, EditControls, Geo, MatchedNote, NotePost, NoteSuggestion, Point,
    Post, PostMediaMetadata, PostMetrics, PrivateMetrics, Reference, ReferenceKind, Scopes, SourceLinkCount, Withheld,
};
pub use post_count::Count;
pub use problem::{Problem, ProblemKind};
pub use response_data::ResponseData;
pub use space::{Space, SpaceExpansion, SpaceField, SpaceState, SpaceStateFilter, TopicField};
pub use stream::{
    ActivityEvent, AppRules, ClosedConnection, ClosedConnections, ComplianceLike, CompliancePost, ComplianceUser,
    Connection, ConnectionField, ConnectionState, Delivery, Like, LikeCompliance, LikeComplianceEvent, LikeExpansion,
    LikeField, MatchingRule, PostCompliance, PostComplianceEvent, PostLabel, PostLabelEvent, Rule, RuleCounts,
    StreamEndpoint, UserCompliance, UserComplianceEvent,
};
pub use time::{InvalidTimestamp, Timestamp};
pub use upload::{
    Appended, MediaCategory, MediaFormat, MediaMetadata, Processing, ProcessingError, ProcessingState, Subtitles,
    SubtitlesCategory, Upload, UploadCategory, UploadCommand, UploadedImage, UploadedVideo,
};
pub use user::{Affiliation, Subscription, User, UserMetrics, VerifiedType};
pub use write_responses::{Blocked, Bookmarked, Created, Deleted, Followed, Hidden, Liked, Muted, Reposted};

/// What the exported macros expand to paths into.
#[doc(hidden)]
pub mod __private {
    pub use serde::{Deserialize, Deserializer, Serialize, Serializer};
    pub use serde_json::Value as Json;

    pub use crate::id::{decimal, deserialize_id};
    pub use crate::wire_enum::deserialize_word;
}
