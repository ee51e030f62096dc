//! Access to the API: authentication, scopes, rate limits and charges.

pub(crate) mod app_keys;
pub(crate) mod auth;
pub(crate) mod bearer;
pub(crate) mod bill;
pub(crate) mod identity;
pub(crate) mod rate_limits;
pub(crate) mod received_request;
