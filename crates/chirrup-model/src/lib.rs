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
mod json_block;
mod json_scanner;
mod lazy_includes;
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
mod short_text;
mod space;
mod time;
pub mod tolerant;
mod trend;
mod upload;
mod usage;
mod user;
mod usual_json;
pub mod v1;
mod video_call;
mod webhook;
mod wire_enum;
mod wire_struct;
mod write_responses;

// Globs: a new type is named in its own file alone.
pub use account::*;
pub use activity::*;
pub use analytics::*;
pub use article::*;
pub use bookmark::*;
pub use bot::*;
pub use broadcast::*;
pub use broadcast_source::*;
pub use chat::*;
pub use chat_group::*;
pub use chat_request::*;
pub use chat_settings::*;
pub use chat_signature::*;
pub use community::*;
pub use compliance::*;
pub use compliance_event::*;
pub use connection::*;
pub use delivery::*;
pub use dialect::Dialect;
pub use dm::*;
pub use entities::*;
pub use fields::*;
pub use id::{
    ArticleId, BroadcastId, CallId, ChatId, CommunityId, DmConversationId, DmEventId, FolderId, InvalidId, JobId,
    ListId, MediaId, MediaKey, NewsId, NoteId, PlaceId, PollId, PostId, RuleId, ScheduledCallId, SourceId, SpaceId,
    SubscriptionId, TopicId, UserId, Username, WebhookId,
};
pub use includes::*;
pub use into_param::IntoParam;
pub use lazy_includes::LazyIncludes;
pub use like::*;
pub use list::*;
pub use media::*;
pub use milliseconds::*;
pub use new_post::*;
pub use news::*;
pub use note::*;
pub use optional_list::*;
pub use param_kind::{Member, ParamKind, Violation};
pub use param_type::{NumericId, ParamType, SingleParam, TextParam};
pub use place::*;
pub use poll::*;
pub use post::*;
pub use post_count::*;
pub use problem::{Problem, ProblemKind};
pub use response_data::*;
pub use rule::*;
pub use short_text::ShortText;
pub use space::*;
pub use time::{InvalidTimestamp, Timestamp};
pub use tolerant::BodyProblem;
pub use trend::*;
pub use upload::*;
pub use usage::*;
pub use user::*;
pub use video_call::*;
pub use webhook::*;
pub use write_responses::*;

/// Items that other crates of the project share.
#[doc(hidden)]
pub mod internal {
    pub use crate::json_scanner::JsonScanner;
}

/// Items that the exported macros refer to.
#[doc(hidden)]
pub mod __private {
    pub use serde::{Deserialize, Deserializer, Serialize, Serializer};
    pub use serde_json::Value as Json;

    pub use crate::id::deserialize_id;
    pub use crate::id_syntax::decimal;
    pub use crate::wire_enum::deserialize_word;
}
