//! The endpoints of API v2, one file an area.

pub mod around;
pub mod broadcasts;
pub mod chat;
pub mod compliance;
pub mod dms;
pub mod lists;
pub mod media;
pub mod notes;
pub mod posts;
pub mod retired;
pub mod spaces;
pub mod streams;
pub mod users;
pub mod webhooks;

use crate::endpoint::Endpoint;

/// All areas.
pub(crate) static AREAS: &[&[&Endpoint]] = &[
    posts::POSTS,
    users::USERS,
    lists::LISTS,
    around::AROUND,
    broadcasts::BROADCASTS,
    chat::CHAT,
    compliance::COMPLIANCE,
    dms::DMS,
    media::MEDIA,
    notes::NOTES,
    spaces::SPACES,
    streams::STREAMS,
    webhooks::WEBHOOKS,
    retired::RETIRED,
];
