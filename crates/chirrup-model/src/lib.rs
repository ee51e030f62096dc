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
mod counts;
pub mod dialect;
mod display;
mod dm;
mod entities;
mod fields;
mod id;
mod includes;
mod list;
mod media;
mod new_post;
mod note;
mod optional_list;
mod place;
mod poll;
mod post;
mod problem;
mod space;
mod stream;
mod time;
mod upload;
mod user;
pub mod v1;
mod value;
mod wire_enums;
mod wire_struct;
mod write_responses;

pub use activity::{
    AccountSubscription, AccountSubscriptions, ActivityFilter, ActivitySubscription, DeletedSubscription, Provisioned,
    ReplayJob, StreamLink, Subscribed, SubscriptionChange, SubscriptionCount, Validated, Webhook,
};
pub use analytics::{Analytics, Counts, Engagement, MediaAnalytics, MediaCounts, TimedCounts, TimedMediaCounts};
pub use broadcast::{
    BookmarkFolder, BookmarkedPost, Broadcast, BroadcastMessage, ChatMuted, DraftedArticle, PublishedArticle,
    ScheduledBroadcast, SentBroadcastMessage,
};
pub use chat::{
    AddedKey, ChatConversation, ChatEvent, ChatGroupId, ChatKeys, ChatUpload, CreatedChat, PublicKey, SentChatMessage,
    Success,
};
pub use community::{AppUsage, Community, DayUsage, News, NewsPost, PersonalizedTrend, ProjectUsage, Trend, Usage};
pub use compliance::{ComplianceJob, JobStatus, JobType};
pub use counts::Count;
pub use dialect::Dialect;
pub use dm::{DmAttachments, DmBlocked, DmEvent, DmEventType, DmPost, SentDm};
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
pub use list::{CreatedList, List, Membership, Pinned, Updated};
pub use media::{Media, MediaMetrics, MediaType, PlaybackMetrics, Variant};
pub use new_post::{
    AppInstall, CallToActions, DmMedia, EditOptions, NewDm, NewGeo, NewMedia, NewPoll, NewReply, Visit,
};
pub use note::{
    CreatedNote, Note, NoteBuckets, NoteCounts, NoteInfo, NoteOpinion, NoteRatings, NoteScoring, NoteTag, NoteTest,
    NoteVerdict,
};
pub use optional_list::OptionalList;
pub use place::{Place, PlaceGeo};
pub use poll::{Poll, PollOption};
pub use post::{
    Attachments, ContextAnnotation, ContextPart, EditControls, Geo, LinkCount, MatchedNote, MediaDescription, NotePost,
    NoteSuggestion, Point, Post, PostMetrics, PrivateMetrics, Reference, ReferenceKind, Scopes, Withheld,
};
pub use problem::{Problem, ProblemKind};
pub use space::{Space, SpaceState};
pub use stream::{
    ActivityEvent, AppRules, ClosedConnection, ClosedConnections, Connection, Delivery, LabelEvent, Like,
    LikeCompliance, LikeEvent, LikeName, MatchingRule, PostCompliance, PostEvent, PostLabel, PostName, Rule,
    RuleCounts, StreamName, UserCompliance, UserEvent, UserName,
};
pub use time::{InvalidTimestamp, Timestamp};
pub use upload::{
    Appended, MediaMetadata, Processing, ProcessingError, ProcessingState, Subtitles, Upload, UploadedImage,
    UploadedVideo,
};
pub use user::{Affiliation, Subscription, User, UserMetrics, VerifiedType};
pub use value::{Member, ParamKind, Value, Violation};
pub use wire_enums::{
    ActivityType, AnalyticsField, AnalyticsGranularity, BroadcastField, BroadcastMessageExpansion,
    BroadcastMessageField, ChatDeletion, ChatEventField, ChatExpansion, ChatField, CommunityField, ConnectionField,
    ConnectionState, DmConversationKind, DmEventField, DmEventKind, DmExpansion, EngagementField, InsightGranularity,
    InsightMetric, JobField, JobKind, JobState, LikeExpansion, LikeField, MediaAnalyticsField, MediaCategory,
    MediaFormat, MediaGranularity, NewsField, NoteField, PersonalizedTrendField, PublicKeyField, SpaceExpansion,
    SpaceField, SpaceQuery, StreamEndpoint, SubtitledCategory, TopicField, TrendField, UploadCategory, UploadCommand,
    UsageField, WebhookField,
};
pub use write_responses::{Blocked, Bookmarked, Created, Deleted, Followed, Hidden, Liked, Muted, Reposted};
