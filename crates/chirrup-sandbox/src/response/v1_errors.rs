//! Errors of API v1.1, which have numeric codes.

use super::api_error::ApiError;

pub(crate) fn error(status: u16, code: i64, message: &str) -> ApiError {
    ApiError::v1(status, code, message)
}

/// The error for an unknown ID of an object other than a status or user.
pub(crate) fn page_not_found() -> ApiError {
    error(404, 34, "Sorry, that page does not exist.")
}

pub(crate) fn user_not_found() -> ApiError {
    error(404, 50, "User not found.")
}

pub(crate) fn status_not_found() -> ApiError {
    error(404, 144, "No status found with that ID.")
}
