//! The nouns of API v1.1: what a thing is called there, and how it looks. Ids are read from numbers and from texts, moments
//! in the old form.

mod account;
mod message;
mod place;
mod status;
mod stream;
mod user;

pub use account::{
    Banner, BannerSize, BannerSizes, Category, Configuration, Language, LimitStatus, Oembed, Policy, RateLimits,
    SavedSearch, Settings, SleepTime, UploadedImage, UploadedMedia, UploadedVideo,
};
pub use message::{
    Button, CustomProfile, DirectMessage, MessageAttachment, MessageCreate, MessageData, MessageEvent, MessageEvents,
    MessageTarget, NewMessage, OneCustomProfile, OneMessage, OneWelcomeMessage, OneWelcomeRule, QuickReply,
    QuickReplyOption, QuickReplyResponse, WelcomeMessage, WelcomeMessages, WelcomeRule, WelcomeRules,
};
pub use place::{BoundingBox, Place, PlaceResult, Places, Trend, TrendLocation, Trends};
pub use status::{
    Entities, ExtendedEntities, Hashtag, MediaEntity, Mention, Search, SearchMetadata, Status, Url, Variant, VideoInfo,
};
pub use stream::{Disconnect, StreamMessage, Warning};
pub use user::{
    Friendship, FriendshipEnd, IdPage, List, ListPage, Relation, Relationship, User, UserEntities, UserPage, UserUrls,
};
