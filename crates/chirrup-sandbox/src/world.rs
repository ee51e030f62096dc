//! The state of the sandbox: users and posts in memory, relations and documents in SQLite.

mod accounts;
mod attachments;
mod calls;
mod context_annotations;
mod copies;
mod documents;
mod graph;
mod growth;
#[cfg(feature = "import")]
mod imported;
mod language;
mod links;
mod lists;
mod post_index;
mod posts;
mod rows;
mod saved;
mod schema;
mod search;
mod shared;
mod store;
mod users;

pub(crate) use attachments::bounding_box;
pub(crate) use context_annotations::{ContextAnnotation, context_annotations};
pub(crate) use documents::{AppSecrets, Document, copy_id, has_expired};
#[cfg(feature = "import")]
pub(crate) use language::language_of;
pub(crate) use links::{SHORT_HOST, expanded_url, long_post_url, short_link};
pub(crate) use posts::{MAX_REPOST_TEXT, PostList, repost_text};
#[cfg(feature = "import")]
pub(crate) use rows::UserCounts;
pub(crate) use rows::{NewPost, PostCounts, PostRow, UserRow};
pub(crate) use shared::SharedWorld;
pub(crate) use store::{DatabaseVersion, World, from_sql, to_sql};
#[cfg(feature = "import")]
pub(crate) use users::DEFAULT_USER;
pub(crate) use users::{IdList, Relation};
