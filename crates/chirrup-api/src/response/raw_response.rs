//! The raw response, and the state of the rate limit in its headers.

use std::time::Duration;

use bytes::Bytes;
use chirrup_model::{Problem, Timestamp};
use http::{HeaderMap, StatusCode};

use super::error_kind::{ErrorKind, kind_of};
use super::problems::{partial_errors, problems_in, words_in};
use super::send_info::SendInfo;
use crate::client::origins::printable_url;

/// A response as the server sent it: status, headers and body.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RawResponse {
    /// HTTP status of the response.
    pub status: StatusCode,
    /// Headers of the response.
    pub headers: HeaderMap,
    /// Body of the response, decompressed.
    pub body: Bytes,
    /// How the call was sent: time, attempts and cost.
    pub send_info: SendInfo,
}

/// The state of a rate limit, from the headers of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// Number of calls allowed per window.
    pub limit: u32,
    /// Number of calls left in this window.
    pub remaining: u32,
    /// Start of the next window.
    pub reset: Timestamp,
}

impl RawResponse {
    /// Creates a response, for a transport of your own.
    pub fn new(status: StatusCode, headers: HeaderMap, body: impl Into<Bytes>) -> Self {
        Self { status, headers, body: body.into(), send_info: SendInfo::default() }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
    /// Returns the problems that the server reported; empty for a success without partial errors.
    pub fn problems(&self) -> Vec<Problem> {
        problems_in(&self.body)
    }
    /// Returns the problems that a success lists in `errors`: at most 1,000, without those over 64 KiB.
    pub fn partial_errors(&self) -> Vec<Problem> {
        partial_errors(&self.body)
    }
    /// Returns the words of a body in which [`problems`](Self::problems) finds nothing, on one line: the title of a web
    /// page, the message of other JSON, or the beginning of a text.
    pub(crate) fn words(&self) -> Option<String> {
        words_in(&self.body)
    }
    /// Returns the kind of error that the response means; `None` for a success.
    pub fn error_kind(&self) -> Option<ErrorKind> {
        if self.status.is_success() { None } else { Some(kind_of(self.status.as_u16(), &self.problems())) }
    }
    /// Returns the target of a redirect for messages. Redirects are not followed.
    pub(crate) fn redirect(&self) -> Option<String> {
        let location = self.header("location").filter(|_| self.status.is_redirection())?;
        Some(printable_url(location))
    }
    /// Returns the transaction ID, by which X can find the request in its logs.
    pub fn transaction(&self) -> Option<&str> {
        self.header("x-transaction-id")
    }
    /// Returns the time of the response by the clock of the server, to the second.
    pub fn date(&self) -> Option<Timestamp> {
        Timestamp::from_http_date(self.header("date")?)
    }
    /// Returns the content type of the body.
    pub fn content_type(&self) -> Option<&str> {
        self.header("content-type")
    }
    /// Returns the state of the rate limit, if the response has its headers.
    pub fn limit(&self) -> Option<RateLimit> {
        Some(RateLimit {
            limit: self.header("x-rate-limit-limit")?.parse().ok()?,
            remaining: self.header("x-rate-limit-remaining")?.parse().ok()?,
            reset: Timestamp::from_secs(self.header("x-rate-limit-reset")?.parse().ok()?),
        })
    }
    /// Returns the wait until a retry, by the clock of the server: `retry-after` in seconds or as a date, or the time from
    /// `date` to the reset of the window; the longer of the two, and at most one day. Without a `date`, the time of the
    /// request is used. Malformed values are ignored.
    pub fn retry_after(&self) -> Option<Duration> {
        let until = |then: Timestamp| {
            let now = self.date().or(self.send_info.started)?;
            let millis = then.as_millis().saturating_sub(now.as_millis());
            Some(Duration::from_millis(u64::try_from(millis).unwrap_or(0)))
        };
        let asked = self.header("retry-after").map(str::trim).and_then(|text| match text.parse() {
            Ok(seconds) => Some(Duration::from_secs(seconds)),
            Err(_) => until(Timestamp::from_http_date(text)?),
        });
        let reset = self.limit().filter(|limit| limit.remaining == 0).and_then(|limit| until(limit.reset));
        // `None` is less than any time.
        asked.max(reset).map(|wait| wait.min(Duration::from_secs(86_400)))
    }
}
