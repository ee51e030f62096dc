//! Processing of the requests to a world.

pub(crate) mod body;
pub(crate) mod dispatch;
pub(crate) mod http;
pub(crate) mod pictures;
mod unknown_route;
