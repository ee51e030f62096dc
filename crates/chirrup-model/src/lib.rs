//! Types of the X API: IDs, posts, users, media, fields, problems, and the kinds of values that parameters accept.
//!
//! Every type decodes both dialects of the wire format, such as `referenced_tweets` and `referenced_posts`, and is encoded in
//! the first; see [`dialect`]. Nothing here does I/O.
//!
//! Structs are `#[non_exhaustive]`, because X adds fields at any time. Enums of words have a variant `Other`, which
//! contains any word that this version does not list.
//!
//! # Types for new endpoints
//!
//! The macros [`wire_struct!`], [`wire_enum!`], [`numeric_id!`] and [`text_id!`] declare every type of this crate, and they
//! declare types for endpoints that the crate does not know. Such a type needs no other registration: values convert into
//! parameters with [`IntoParam`], and responses are decoded into any [`ResponseData`].
#![warn(missing_docs)]

mod account;
mod activity;
mod analytics;
mod article;
mod bookmark;
mod bot;
mod broadcast;
mod broadcast_source;
mod chat;
mod chat_group;
mod chat_request;
mod chat_settings;
mod chat_signature;
mod community;
mod compliance;
mod compliance_event;
mod connection;
mod delivery;
pub mod dialect;
mod display;
mod dm;
mod entities;
mod fields;
mod id;
mod id_syntax;
mod includes;
mod into_param;
mod like;
mod list;
mod media;
mod milliseconds;
mod new_post;
mod news;
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
mod rule;
mod space;
mod time;
mod trend;
mod upload;
mod usage;
mod user;
pub mod v1;
mod video_call;
mod webhook;
mod wire_enum;
mod wire_struct;
mod write_responses;

pub use account::{DeveloperAccount, EnsuredAccount};
pub use activity::{
    ActivityEvent, ActivityFilter, ActivitySubscription, ActivityType, DeletedSubscription, SubscriptionChange,
};
pub use analytics::{
    Analytics, AnalyticsField, AnalyticsGranularity, AnalyticsMetrics, Engagement, EngagementField, InsightGranularity,
    InsightMetric, MediaAnalytics, MediaAnalyticsField, MediaAnalyticsGranularity, MediaAnalyticsMetrics,
    TimestampedMediaMetrics, TimestampedMetrics,
};
pub use article::{DraftedArticle, PublishedArticle};
pub use bookmark::{BookmarkFolder, BookmarkedPost};
pub use bot::{BotDmPermission, BotHandle, BotToken, Revoked};
pub use broadcast::{
    Broadcast, BroadcastField, BroadcastMessage, BroadcastMessageExpansion, BroadcastMessageField, BroadcastModerators,
    BroadcastMute, BroadcastMuteExpansion, BroadcastMuteField, BroadcastOffset, BroadcastState, BroadcastTransition,
    ChatMuted, CreatedUserBroadcast, ScheduledBroadcast, SentBroadcastMessage, UpdatedBroadcastState,
    UpdatedUserBroadcast, UserBroadcastEnvelope, UserBroadcasts,
};
pub use broadcast_source::{
    BroadcastSource, DeletedUserBroadcastSource, RecommendedRegion, Region, SourceClassification, UserBroadcastSource,
    UserBroadcastSourceEnvelope, UserBroadcastSources,
};
pub use chat::{
    AddedChatKeys, AddedPublicKey, ChatConversation, ChatEvent, ChatEventField, ChatExpansion, ChatField, ChatGroupId,
    ChatUpload, CreatedChat, DeleteMessageAction, PublicKey, PublicKeyField, SentChatMessage, Success,
};
pub use chat_group::{
    Added, Approved, Archived, ChatAdminSettings, ChatGroupField, ChatInvite, ChatInviteField, ChatInviteToken,
    ChatPinnedMessage, ChatPinnedMessageField, ChatType, Disabled, Rejected, Removed, Requested, ScreenCapture,
    UpdatedChatGroup,
};
pub use chat_request::{
    Accepted, ChatRequest, ChatRequestDetail, ChatRequestDetailField, ChatRequestField, ChatRequestInbox,
};
pub use chat_settings::{
    AllowDmsFrom, AvCallPermissions, AvSettings, ChatSettings, ChatSettingsField, DmQualityFilter, DmReceiptSettings,
};
pub use chat_signature::{ActionSignature, EventSignature, KeyRotation, ParticipantKey, RotatedPmk, SigningKey};
pub use community::{Community, CommunityField};
pub use compliance::{
    ComplianceAction, ComplianceJob, ComplianceReason, ComplianceResult, IdLines, JobField, JobStatus, JobType,
};
pub use compliance_event::{
    ComplianceLike, CompliancePost, ComplianceUser, LikeCompliance, LikeComplianceEvent, PostCompliance,
    PostComplianceEvent, PostLabel, PostLabelEvent, UserCompliance, UserComplianceEvent,
};
pub use connection::{
    ClosedConnection, ClosedConnections, Connection, ConnectionField, ConnectionState, StreamEndpoint,
};
pub use delivery::Delivery;
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
    ArticleId, BroadcastId, CallId, ChatId, CommunityId, DmConversationId, DmEventId, FolderId, InvalidId, JobId,
    ListId, MediaId, MediaKey, NewsId, NoteId, PlaceId, PollId, PostId, RuleId, ScheduledCallId, SourceId, SpaceId,
    SubscriptionId, TopicId, UserId, Username, WebhookId,
};
pub use includes::{Includes, Topic};
pub use into_param::IntoParam;
pub use like::{Like, LikeExpansion, LikeField};
pub use list::{CreatedList, List, Membership, Pinned, Updated};
pub use media::{Media, MediaMetrics, MediaType, PlaybackMetrics, Variant};
pub use milliseconds::Milliseconds;
pub use new_post::{
    AppInstall, CallToActionLink, CallToActions, DmMedia, EditOptions, NewDm, NewGeo, NewMedia, NewPoll, NewReply,
};
pub use news::{News, NewsField, NewsPost};
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
pub use rule::{AppRules, MatchingRule, Rule, RuleCounts};
pub use space::{Space, SpaceExpansion, SpaceField, SpaceState, SpaceStateFilter, TopicField};
pub use time::{InvalidTimestamp, Timestamp};
pub use trend::{PersonalizedTrend, PersonalizedTrendField, Trend, TrendField};
pub use upload::{
    Appended, MediaCategory, MediaFormat, MediaMetadata, Processing, ProcessingError, ProcessingState, Subtitles,
    SubtitlesCategory, Upload, UploadCategory, UploadCommand, UploadedImage, UploadedVideo,
};
pub use usage::{AppUsage, CreditGrant, DayUsage, ProjectUsage, Usage, UsageCredits, UsageField};
pub use user::{Affiliation, Subscription, User, UserMetrics, VerifiedType};
pub use video_call::{
    AnsweredInvitation, AudioEncoding, CallAdmission, CallAudio, CallExpansion, CallField, CallInvitee, CallMedia,
    CallMediaType, CanceledScheduledCall, InvitationResponse, JoinPolicy, JoinedCall, LeftCall, OccurrenceScope,
    ScheduledCall, ScheduledCallExpansion, ScheduledCallField, UpdatedScheduledCall, VideoCall,
};
pub use webhook::{
    AccountSubscription, AccountSubscriptions, Provisioned, ReplayJob, StreamWebhookLink, Subscribed,
    SubscriptionCount, Validated, Webhook, WebhookField,
};
pub use write_responses::{
    Blocked, Bookmarked, BookmarkedState, Created, Deleted, Followed, Hidden, Liked, Muted, Reposted,
};

/// Items that the exported macros refer to.
#[doc(hidden)]
pub mod __private {
    pub use serde::{Deserialize, Deserializer, Serialize, Serializer};
    pub use serde_json::Value as Json;

    pub use crate::id::deserialize_id;
    pub use crate::id_syntax::decimal;
    pub use crate::wire_enum::deserialize_word;
}
