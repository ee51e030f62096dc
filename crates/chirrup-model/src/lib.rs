//! The nouns of the X API: ids, posts, users, media, field sets, problems, and the kinds of value that a parameter can take.
//!
//! Nothing here does I/O. Every type reads both dialects of the wire (`referenced_tweets` and `referenced_posts`, and so on;
//! see [`dialect`]) and is written in the first.
#![warn(missing_docs)]

mod compose;
mod counts;
pub mod dialect;
mod entities;
mod fields;
mod id;
mod includes;
mod list;
mod media;
mod outcome;
mod place;
mod poll;
mod post;
mod problem;
mod time;
mod user;
mod value;

pub use compose::{AppInstall, CallToActions, EditOptions, NewGeo, NewMedia, NewPoll, NewReply, Visit};
pub use counts::Count;
pub use dialect::Dialect;
pub use entities::{Annotation, Cashtag, Entities, Hashtag, LinkImage, Mention, UrlEntity, UserEntities};
pub use fields::{
    Exclude, Expansion, Granularity, ListExpansion, ListField, MediaField, PlaceField, PollField, PostField,
    ReplySettings, SortOrder, UserExpansion, UserField,
};
pub use id::{
    BadId, CommunityId, DmEventId, FolderId, ListId, MediaId, MediaKey, PlaceId, PollId, PostId, SpaceId, TopicId,
    UserId, Username,
};
pub use includes::{Includes, Topic};
pub use list::{CreatedList, List, Membership, Pinned, Updated};
pub use media::{Media, MediaMetrics, MediaType, Variant};
pub use outcome::{Blocked, Bookmarked, Created, Deleted, Followed, Hidden, Liked, Muted, Reposted};
pub use place::{Place, PlaceGeo};
pub use poll::{Poll, PollOption};
pub use post::{
    Attachments, ContextAnnotation, ContextPart, EditControls, Geo, NotePost, Point, Post, PostMetrics, PrivateMetrics,
    Reference, ReferenceKind, Withheld,
};
pub use problem::{Problem, ProblemKind};
pub use time::{BadTimestamp, Timestamp};
pub use user::{Affiliation, User, UserMetrics, VerifiedType};
pub use value::{Broken, Kind, Member, Value};
