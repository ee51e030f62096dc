//! Responses of the login URLs.

use std::fmt::Write as _;

use bytes::Bytes;
use chirrup_auth::oauth1::encode;
use http::Response;
use http::header::{CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, LOCATION};
use serde_json::{Value as Json, json};

use crate::response::api_error::ApiError;
use crate::response::http::{HTML, JSON, simple_response};

/// Response of a login URL.
#[derive(Debug)]
pub(super) enum LoginResponse {
    Json(u16, Json),
    /// Parameters in form encoding, as OAuth 1.0a returns tokens.
    Form(String),
    /// Page for a browser, with the origin to which a form of it may redirect.
    Html {
        status: u16,
        html: String,
        form_target: Option<String>,
    },
    /// Redirect to this URL.
    Redirect(String),
    /// Refusal of a request over the rate limit, with the end of the window in seconds since the Unix epoch.
    RateLimited {
        limit: u32,
        reset: i64,
        body: Json,
    },
}

/// Result of a login handler. Errors are responses too.
pub(super) type LoginResult = Result<LoginResponse, LoginResponse>;

impl LoginResponse {
    pub(super) fn into_http(self) -> Response<Bytes> {
        match self {
            Self::Json(status, body) => simple_response(status, Some(JSON), body.to_string()),
            Self::Form(text) => simple_response(200, Some(HTML), text),
            Self::Html { status, html, form_target } => {
                let mut response = simple_response(status, Some(HTML), html);
                let target = form_target.unwrap_or_default();
                let policy =
                    format!("default-src 'none'; base-uri 'none'; form-action 'self' {target}; frame-ancestors 'none'");
                if let Ok(policy) = HeaderValue::from_str(&policy) {
                    response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
                }
                response
            }
            Self::Redirect(url) => {
                let mut response = simple_response(302, None, Bytes::new());
                if let Ok(url) = HeaderValue::from_str(&url) {
                    response.headers_mut().insert(LOCATION, url);
                }
                response
            }
            Self::RateLimited { limit, reset, body } => {
                let mut response = simple_response(429, Some(JSON), body.to_string());
                let headers = [("limit", i64::from(limit)), ("remaining", 0), ("reset", reset)];
                for (name, value) in headers {
                    if let Ok(name) = HeaderName::try_from(format!("x-rate-limit-{name}")) {
                        response.headers_mut().insert(name, value.into());
                    }
                }
                response
            }
        }
    }
}

/// Returns the response to a failure of the sandbox's database.
pub(super) fn database_error(error: rusqlite::Error) -> LoginResponse {
    let error = ApiError::from(error);
    LoginResponse::Json(error.status, error.body)
}

/// Returns an error in the form of v1.1.
pub(super) fn v1_error(status: u16, code: u32, message: &str) -> LoginResponse {
    LoginResponse::Json(status, json!({"errors": [{"code": code, "message": message}]}))
}

/// Appends parameters to a URL.
pub(super) fn with_query(url: &str, params: &[(&str, &str)]) -> String {
    let mut out = url.to_owned();
    for (name, value) in params {
        let separator = if out.contains('?') { '&' } else { '?' };
        let _ = write!(out, "{separator}{name}={}", encode(value));
    }
    out
}

pub(super) fn oauth2_error(status: u16, error: &str, description: &str) -> LoginResponse {
    LoginResponse::Json(status, json!({"error": error, "error_description": description}))
}

pub(super) fn invalid_value(parameter: &str) -> LoginResponse {
    oauth2_error(400, "invalid_request", &format!("Value passed for the {parameter} was invalid."))
}
