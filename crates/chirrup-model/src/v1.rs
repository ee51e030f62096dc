//! The nouns of API v1.1: what a thing is called there, and how it looks. Ids are read from numbers and from texts, moments
//! in the old form.

mod account;
mod message;
mod place;
mod status;
mod stream;
mod user;

pub use account::{
    Banner, BannerSize, BannerSizes, Configuration, Language, LimitStatus, Oembed, Policy, RateLimits, SavedSearch,
    Settings, SleepTime, SuggestionCategory, UploadedImage, UploadedMedia, UploadedVideo,
};
pub use message::{
    Button, CustomProfile, CustomProfileResponse, DirectMessage, MessageAttachment, MessageCreate, MessageData,
    MessageEvent, MessageEventResponse, MessageEvents, MessageTarget, NewMessage, QuickReply, QuickReplyOption,
    QuickReplyResponse, WelcomeMessage, WelcomeMessageResponse, WelcomeMessageRule, WelcomeMessageRuleResponse,
    WelcomeMessageRules, WelcomeMessages,
};
pub use place::{BoundingBox, Place, PlaceResult, Places, Trend, TrendLocation, Trends};
pub use status::{
    Entities, ExtendedEntities, Hashtag, MediaEntity, Mention, Search, SearchMetadata, Status, Url, Variant, VideoInfo,
};
pub use stream::{Disconnect, StreamMessage, Warning};
pub use user::{
    Friendship, IdPage, List, ListPage, Relationship, RelationshipUser, User, UserConnections, UserEntities, UserPage,
    UserUrls,
};
