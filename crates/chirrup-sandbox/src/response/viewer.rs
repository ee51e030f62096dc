//! Reader of a response.

use chirrup_model::{Dialect, Timestamp};

/// User who reads the response, the current time, and the dialect of the names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Viewer {
    pub(crate) user: Option<u64>,
    pub(crate) now: Timestamp,
    pub(crate) dialect: Dialect,
}
