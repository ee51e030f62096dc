//! Posts, users and messages as short JSON objects, without the members that an agent does not need.

use std::str::FromStr as _;

use chirrup::model::{DmEvent, Includes, Post, PostField, User, UserField, UserId, Username};
use serde_json::{Map, Value as Json, json};

use crate::answer::Failure;

/// Fields of posts that answers contain.
pub(crate) const POST_FIELDS: [PostField; 7] = [
    PostField::CreatedAt,
    PostField::AuthorId,
    PostField::ConversationId,
    PostField::PublicMetrics,
    PostField::ReferencedPosts,
    PostField::Entities,
    PostField::NotePost,
];

/// Fields of users that answers contain.
pub(crate) const USER_FIELDS: [UserField; 6] = [
    UserField::Description,
    UserField::PublicMetrics,
    UserField::Verified,
    UserField::Protected,
    UserField::CreatedAt,
    UserField::Location,
];

/// Maximum number of characters of an argument in a message.
const QUOTED: usize = 60;

/// Adds a member unless its value is empty.
fn set(object: &mut Map<String, Json>, name: &str, value: Option<impl Into<Json>>) {
    if let Some(value) = value {
        object.insert(name.to_owned(), value.into());
    }
}

pub(crate) fn post(post: &Post, includes: &Includes) -> Json {
    let mut object = Map::new();
    set(&mut object, "id", Some(post.id.to_string()));
    let author = includes.author_of(post).map(|author| format!("@{}", author.username));
    set(&mut object, "author", author.or_else(|| post.author_id.map(|id| id.to_string())));
    set(&mut object, "at", post.created_at.map(|at| at.to_whole_seconds()));
    set(&mut object, "text", Some(post.full_text()));
    set(&mut object, "reply_to", post.replied_to().map(|id| id.to_string()));
    set(&mut object, "quotes", post.quoted().map(|id| id.to_string()));
    set(&mut object, "reposts", post.reposted().map(|id| id.to_string()));
    if let Some(counts) = post.public_metrics {
        let counts = json!([counts.like_count, counts.reply_count, counts.repost_count]);
        set(&mut object, "likes_replies_reposts", Some(counts));
    }
    let links = post.entities.iter().flat_map(|entities| entities.urls.iter());
    let links: Vec<&str> = links.filter_map(|link| link.expanded_url.as_deref()).collect();
    set(&mut object, "links", Some(links).filter(|links| !links.is_empty()));
    Json::Object(object)
}

pub(crate) fn posts(posts: &[Post], includes: &Includes) -> Json {
    posts.iter().map(|one| post(one, includes)).collect()
}

pub(crate) fn user(user: &User) -> Json {
    let mut object = Map::new();
    set(&mut object, "id", Some(user.id.to_string()));
    set(&mut object, "username", Some(format!("@{}", user.username)));
    set(&mut object, "name", Some(user.name.as_str()));
    set(&mut object, "description", user.description.as_deref().filter(|text| !text.is_empty()));
    set(&mut object, "location", user.location.as_deref().filter(|text| !text.is_empty()));
    set(&mut object, "since", user.created_at.map(|at| at.to_whole_seconds()));
    set(&mut object, "verified", user.verified);
    set(&mut object, "protected", user.protected.filter(|protected| *protected));
    if let Some(counts) = user.public_metrics {
        set(&mut object, "followers", Some(counts.followers_count));
        set(&mut object, "following", Some(counts.following_count));
        set(&mut object, "posts", Some(counts.post_count));
    }
    Json::Object(object)
}

pub(crate) fn message(event: &DmEvent, includes: &Includes) -> Json {
    let mut object = Map::new();
    set(&mut object, "id", Some(event.id.to_string()));
    let sender = event.sender_id.map(|id| match includes.user(id) {
        Some(user) => format!("@{}", user.username),
        None => id.to_string(),
    });
    set(&mut object, "sender", sender);
    set(&mut object, "at", event.created_at.map(|at| at.to_whole_seconds()));
    set(&mut object, "text", event.text.as_deref());
    Json::Object(object)
}

/// A user as an agent names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NamedUser {
    Id(UserId),
    Name(String),
}

/// Reads a username, with or without `@`, an ID, or a link to a profile.
pub(crate) fn named_user(text: &str) -> Result<NamedUser, Failure> {
    let text = text.trim();
    let name = text.strip_prefix("https://").map_or(text, |link| {
        link.split_once('/').map_or("", |(_, path)| path.split(['/', '?', '#']).next().unwrap_or_default())
    });
    if let (Ok(id), false) = (name.parse(), text.starts_with('@')) {
        return Ok(NamedUser::Id(id));
    }
    let name = name.trim_start_matches('@');
    match Username::from_str(name) {
        Ok(_) => Ok(NamedUser::Name(name.to_owned())),
        Err(_) => Err(invalid(text, "a username or the ID of a user")),
    }
}

/// Reads the ID of a post, or a link to it.
pub(crate) fn post_id(text: &str) -> Result<chirrup::model::PostId, Failure> {
    let text = text.trim();
    let id =
        text.split_once("/status/").map_or(text, |(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or_default());
    id.parse().map_err(|_| invalid(text, "the ID of a post or a link to it"))
}

/// Returns the failure of an argument that is not what it should be.
pub(crate) fn invalid(text: &str, expected: &str) -> Failure {
    let quoted: String = text.chars().take(QUOTED).collect();
    Failure::argument(format!("`{quoted}` is not {expected}"), "correct the argument, and call the tool again")
}
