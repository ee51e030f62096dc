//! The endpoints of API v2, one file an area.

pub mod lists;
pub mod posts;
pub mod users;

use crate::endpoint::Meta;

/// All areas.
pub(crate) static AREAS: &[&[&Meta]] = &[posts::POSTS, users::USERS, lists::LISTS];
