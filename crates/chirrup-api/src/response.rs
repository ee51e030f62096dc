//! What comes back: the answer as bytes, and the reply that is read from it.

use std::time::Duration;

use bytes::Bytes;
use chirrup_model::{
    Delivery, Includes, Media, Place, Poll, Post, PostId, Problem, ReferenceKind, ResponseData, Timestamp, User,
};
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::call::Call;
use crate::endpoint::Endpoint;
use crate::error::{Error, ErrorKind};
use crate::prices::Cost;
use crate::transport::SendInfo;

/// An answer as it came.
#[derive(Debug, Clone)]
pub struct RawResponse {
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, decompressed.
    pub body: Bytes,
    /// How the call was sent.
    pub send_info: SendInfo,
}

/// The state of a rate limit, as the headers of an answer tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// Calls per window.
    pub limit: u32,
    /// Calls left in this window.
    pub remaining: u32,
    /// When the next window begins.
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
    /// What the server says is wrong: nothing, if it is a success without partial errors.
    pub fn problems(&self) -> Vec<Problem> {
        crate::error::problems_in(&self.body)
    }
    /// What kind of error it is; `None` of a success.
    pub fn error_kind(&self) -> Option<ErrorKind> {
        if self.status.is_success() {
            None
        } else {
            Some(crate::error::kind_of(self.status.as_u16(), &self.problems()))
        }
    }
    /// Where a redirect leads that was not followed, without its query.
    pub(crate) fn redirect(&self) -> Option<String> {
        let location = self.header("location").filter(|_| self.status.is_redirection())?;
        Some(location.split(['?', '#']).next()?.chars().take(200).collect())
    }
    /// The number by which X can find the request again.
    pub fn transaction(&self) -> Option<&str> {
        self.header("x-transaction-id")
    }
    /// When it was sent, by the server's clock, to the second.
    pub fn date(&self) -> Option<Timestamp> {
        Timestamp::from_http_date(self.header("date")?)
    }
    /// The media type of the body.
    pub fn content_type(&self) -> Option<&str> {
        self.header("content-type")
    }
    /// The state of the rate limit, if the server told it.
    pub fn limit(&self) -> Option<RateLimit> {
        Some(RateLimit {
            limit: self.header("x-rate-limit-limit")?.parse().ok()?,
            remaining: self.header("x-rate-limit-remaining")?.parse().ok()?,
            reset: Timestamp::from_secs(self.header("x-rate-limit-reset")?.parse().ok()?),
        })
    }
    /// How long to wait, by the server's clock: what `retry-after` asks for in seconds or as a date, or the time from
    /// `date` to the reset of the window; the longer of the two, and at most a day. Nonsense is ignored.
    pub fn retry_after(&self) -> Option<Duration> {
        let until = |then: Timestamp| {
            let millis = then.as_millis().saturating_sub(self.date()?.as_millis());
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

/// What a page says of itself and of its neighbours.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PageMeta {
    /// How many items it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result_count: Option<u64>,
    /// The greatest id on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newest_id: Option<String>,
    /// The smallest id on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oldest_id: Option<String>,
    /// The token of the next page; none on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// The token of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_token: Option<String>,
    /// Of counts: how many posts in all.
    #[serde(rename = "total_tweet_count", alias = "total_post_count", skip_serializing_if = "Option::is_none")]
    pub total_post_count: Option<u64>,
    /// Of changes of rules: when, as X writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent: Option<String>,
    /// Of changes of rules: how many were made, refused and deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<Json>,
    /// Of subscriptions: how many there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_subscriptions: Option<u64>,
    /// Of the encrypted chat: whether there is more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_more: Option<bool>,
    /// Of the encrypted chat: whether strangers have written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_message_requests: Option<bool>,
    /// Of the encrypted chat: the events that changed keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversation_key_events: Option<Vec<String>>,
    /// Maximum number of bots, in a list of bots.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_bots: Option<u64>,
}

/// A reply: the data, what came along with it, and the answer that it was read from.
#[derive(Debug, Clone)]
pub struct Response<T> {
    /// What was asked for.
    pub data: T,
    /// The expanded objects.
    pub includes: Includes,
    /// What a page says of itself.
    pub meta: PageMeta,
    /// What could not be shown, and why; the rest of the reply is good all the same.
    pub errors: Vec<Problem>,
    /// The answer as it came: status, headers, bytes.
    pub raw: RawResponse,
}

impl<T> Response<T> {
    /// What the call cost, as far as the client counts it.
    pub fn cost(&self) -> Cost {
        self.raw.send_info.cost
    }
    /// The state of the rate limit, if the server told it.
    pub fn limit(&self) -> Option<RateLimit> {
        self.raw.limit()
    }
    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.raw.headers
    }
    /// The body as it came.
    pub fn body(&self) -> &Bytes {
        &self.raw.body
    }
    /// The body as JSON, with every field that the types do not know; `null` if it is none.
    pub fn json(&self) -> Json {
        serde_json::from_slice(&self.raw.body).unwrap_or_default()
    }
    /// The author of a post, if the expansion `author_id` was asked for.
    pub fn author(&self, post: &Post) -> Option<&User> {
        self.includes.author_of(post)
    }
    /// The media of a post, if the expansion `attachments.media_keys` was asked for.
    pub fn media<'a>(&'a self, post: &'a Post) -> impl Iterator<Item = &'a Media> + 'a {
        self.includes.media_of(post)
    }
    /// The poll of a post, if the expansion `attachments.poll_ids` was asked for.
    pub fn poll(&self, post: &Post) -> Option<&Poll> {
        self.includes.poll_of(post)
    }
    /// The place of a post, if the expansion `geo.place_id` was asked for.
    pub fn place(&self, post: &Post) -> Option<&Place> {
        self.includes.place_of(post)
    }
    /// An included post by its id.
    pub fn post(&self, id: PostId) -> Option<&Post> {
        self.includes.post(id)
    }
    /// The post that this one answers, quotes or reposts, if the expansion `referenced_tweets.id` was asked for.
    pub fn referenced(&self, post: &Post, kind: ReferenceKind) -> Option<&Post> {
        self.includes.post(post.referenced(kind)?)
    }
}

/// What a stream delivered until it ended: one item a line. A window of the past ends; a live stream does not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StreamBatch<T>(pub Vec<Delivery<T>>);

impl<T: DeserializeOwned + Serialize + Send + 'static> ResponseData for StreamBatch<T> {
    fn rewrite_line(line: &[u8]) -> Option<Result<Json, serde_json::Error>> {
        Some(serde_json::from_slice::<Delivery<T>>(line).and_then(serde_json::to_value))
    }
    fn from_bytes(body: &Bytes) -> Option<Self> {
        let lines = body.split(|b| *b == b'\n').filter(|line| !line.trim_ascii().is_empty());
        lines.map(|line| serde_json::from_slice(line).ok()).collect::<Option<_>>().map(Self)
    }
}

/// What a stream gathers is made of items.
#[doc(hidden)]
pub trait StreamItem {
    type Item;
}

impl<T> StreamItem for StreamBatch<T> {
    type Item = T;
}

/// Reads a body into a type and writes it again: what is left is what the type knows.
#[doc(hidden)]
pub type Rewrite = fn(&[u8]) -> Result<Json, serde_json::Error>;

/// The rewriting of a type; none without the feature `samples`, for it takes long to compile.
#[doc(hidden)]
pub const fn rewriter<T: ResponseData>() -> Option<Rewrite> {
    #[cfg(feature = "samples")]
    return Some(rewrite::<T>);
    #[cfg(not(feature = "samples"))]
    None
}

#[cfg(feature = "samples")]
fn rewrite<T: ResponseData>(body: &[u8]) -> Result<Json, serde_json::Error> {
    if let Some(rewritten) = T::rewrite_line(body) {
        return rewritten;
    }
    if T::IS_WHOLE_BODY {
        return serde_json::from_slice(body);
    }
    serde_json::to_value(serde_json::from_slice::<Envelope<T>>(body)?)
}

#[derive(Serialize, Deserialize)]
struct Envelope<T> {
    #[serde(default = "Option::default")]
    data: Option<T>,
    #[serde(default)]
    includes: Includes,
    #[serde(default)]
    meta: PageMeta,
    #[serde(default)]
    errors: Vec<Problem>,
}

/// Reads the reply to a call from its answer.
pub(crate) fn decode<T: ResponseData>(call: &Call, raw: RawResponse) -> Result<Response<T>, Error> {
    if !raw.status.is_success() {
        return Err(Error::status(call, raw));
    }
    if let Some(data) = T::from_bytes(&raw.body) {
        let (includes, meta, errors) = Default::default();
        return Ok(Response { data, includes, meta, errors, raw });
    }
    if T::IS_WHOLE_BODY || call.endpoint.is_some_and(Endpoint::is_v1) {
        return decode_whole(call, raw);
    }
    let envelope: Envelope<T> = match serde_json::from_slice(&raw.body) {
        Ok(envelope) => envelope,
        Err(why) => return Err(Error::decode(call, why.to_string(), raw)),
    };
    let Envelope { data, includes, meta, errors } = envelope;
    match data.or_else(T::absent) {
        Some(data) => Ok(Response { data, includes, meta, errors, raw }),
        None if !errors.is_empty() => Err(Error::partial(call, errors, raw)),
        None => Err(Error::decode(call, "it has no `data` and names no error".to_owned(), raw)),
    }
}

fn decode_whole<T: ResponseData>(call: &Call, raw: RawResponse) -> Result<Response<T>, Error> {
    let empty = if raw.body.is_empty() { T::absent() } else { None };
    let data = match empty.map_or_else(|| serde_json::from_slice(&raw.body), Ok) {
        Ok(data) => data,
        Err(why) => return Err(Error::decode(call, why.to_string(), raw)),
    };
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Around {
        meta: PageMeta,
        errors: Vec<Problem>,
    }
    // A raw route may use these names for something else; then they stay in the data alone.
    let mut around: Around = serde_json::from_slice(&raw.body).unwrap_or_default();
    if let Some(endpoint) = call.endpoint.filter(|endpoint| endpoint.is_v1() && endpoint.page_param().is_some()) {
        let body = serde_json::from_slice(&raw.body).unwrap_or_default();
        around.meta.next_token = crate::v1::next_page(endpoint, &body);
    }
    Ok(Response { data, includes: Includes::default(), meta: around.meta, errors: around.errors, raw })
}
