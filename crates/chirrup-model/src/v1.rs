//! Types of API v1.1. Types that both versions share, such as IDs, are in the parent module.

mod account;
mod direct_message;
mod new_message;
mod place;
mod status;
mod stream;
mod user;

pub use account::{
    Banner, BannerSize, BannerSizes, Configuration, Language, LimitStatus, Oembed, Policy, RateLimits, SavedSearch,
    Settings, SleepTime, SuggestionCategory, UploadedMedia,
};
pub use direct_message::{
    CustomProfile, CustomProfileResponse, DirectMessage, MessageAttachment, MessageCreate, MessageData, MessageEvent,
    MessageEventResponse, MessageEvents, MessageTarget, QuickReplyResponse, WelcomeMessage, WelcomeMessageResponse,
    WelcomeMessageRule, WelcomeMessageRuleResponse, WelcomeMessageRules, WelcomeMessages,
};
pub use new_message::{Button, NewMessage, QuickReply, QuickReplyOption};
pub use place::{BoundingBox, Place, PlaceResult, Places, Trend, TrendLocation, Trends};
pub use status::{
    AdditionalMediaInfo, Entities, ExtendedEntities, Hashtag, MediaEntity, Mention, QuotedLink, Search, SearchMetadata,
    Status, StatusMetadata, Url, Variant, VideoInfo,
};
pub use stream::{Disconnect, StreamMessage, Warning};
pub use user::{
    Friendship, IdPage, List, ListPage, Relationship, RelationshipUser, User, UserConnections, UserEntities, UserPage,
    UserUrls,
};
