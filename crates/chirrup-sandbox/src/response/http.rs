//! Plain HTTP responses and their media types.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode};

pub(crate) const JSON: &str = "application/json; charset=utf-8";
/// Media type of v1.1, which X writes without a blank.
pub(crate) const V1_JSON: &str = "application/json;charset=utf-8";
/// Media type of the responses of v1.1 without a body.
pub(crate) const V1_EMPTY: &str = "text/html;charset=utf-8";
pub(crate) const HTML: &str = "text/html; charset=utf-8";

/// Returns a response without any other headers.
pub(crate) fn simple_response(
    status: u16,
    content_type: Option<&'static str>,
    body: impl Into<Bytes>,
) -> Response<Bytes> {
    let mut response = Response::new(body.into());
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let Some(content_type) = content_type {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    response
}
