//! The state of the sandbox in SQLite: users, posts, relations and documents.

mod accounts;
mod attachments;
mod calls;
mod documents;
mod links;
mod lists;
mod posts;
mod schema;
mod search;
mod store;
mod users;

pub(crate) use documents::{AppSecrets, Document, has_expired};
pub(crate) use links::{SHORT_HOST, expanded_url, long_post_url, short_link};
pub(crate) use posts::{MAX_REPOST_TEXT, NewPost, PostCounts, PostRow, repost_text};
pub(crate) use store::{World, from_sql, to_sql};
pub(crate) use users::{IdList, Relation};
