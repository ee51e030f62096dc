//! Decoded responses. The parts of a response and its errors are in the modules below.

pub(crate) mod error;
pub(crate) mod error_kind;
pub(crate) mod known_problems;
pub(crate) mod members;
pub(crate) mod problems;
pub(crate) mod raw_response;
pub(crate) mod send_info;
pub(crate) mod stream_batch;
pub(crate) mod transport_error;
pub(crate) mod undecoded_data;
pub(crate) mod unknown_outcome;

use bytes::Bytes;
use chirrup_model::internal::JsonScanner;
use chirrup_model::{
    BodyProblem, Includes, Media, Place, Poll, Post, PostId, Problem, ReferenceKind, ResponseData, User, dialect,
    tolerant,
};
use http::HeaderMap;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use serde_json::value::RawValue;

use crate::call::Call;
use crate::endpoint::idempotency::Idempotency;
use crate::endpoint::{Endpoint, ParamLocation, Rewrite};
use crate::prices::cost::Cost;
use error::Error;
use members::{is_too_deep, members, visit_items};
use raw_response::{RateLimit, RawResponse};
pub use stream_batch::{StreamBatch, StreamItem};

/// The `meta` of a response: tokens of other pages, and counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(default)]
pub struct PageMeta {
    /// Number of items in the response.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result_count: Option<u64>,
    /// Greatest ID in the response.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newest_id: Option<String>,
    /// Smallest ID in the response.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oldest_id: Option<String>,
    /// Token of the next page; absent or empty on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Token of the previous page; absent or empty on the first one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_token: Option<String>,
    /// Total number of posts, in counts.
    #[serde(rename = "total_tweet_count", alias = "total_post_count", skip_serializing_if = "Option::is_none")]
    pub total_post_count: Option<u64>,
    /// Time of a change of rules, as X writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent: Option<String>,
    /// Numbers of created, invalid and deleted rules, after a change of rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<Json>,
    /// Number of subscriptions of the app.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_subscriptions: Option<u64>,
    /// Whether the encrypted chat has more events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_more: Option<bool>,
    /// Whether the user has message requests in the encrypted chat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_message_requests: Option<bool>,
    /// Events that changed the keys of an encrypted chat conversation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversation_key_events: Option<Vec<String>>,
    /// Number of items on all pages, in lists of requests to chat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_count: Option<u64>,
    /// Maximum number of bots, in a list of bots.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_bots: Option<u64>,
}

/// A decoded response: the data, included objects, and the raw response.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Response<T> {
    /// Data of the response.
    pub data: T,
    /// Included objects, which expansions request.
    pub includes: Includes,
    /// Tokens of other pages, and counts.
    pub meta: PageMeta,
    /// Partial errors: objects that are missing in the data, and why.
    pub errors: Vec<Problem>,
    /// Parts of the body that could not be decoded and are left out of the data, such as a post without an ID or a time in
    /// an unknown format. The raw body contains them.
    pub undecoded: Vec<BodyProblem>,
    /// Raw response: status, headers and body.
    pub raw: RawResponse,
}

impl<T> Response<T> {
    /// Returns the cost of the call, as the client counts it.
    pub fn cost(&self) -> Cost {
        self.raw.send_info.cost
    }
    /// Returns the state of the rate limit, if the response has its headers.
    pub fn limit(&self) -> Option<RateLimit> {
        self.raw.limit()
    }
    /// Returns the headers of the response.
    pub fn headers(&self) -> &HeaderMap {
        &self.raw.headers
    }
    /// Returns the raw body of the response.
    pub fn body(&self) -> &Bytes {
        &self.raw.body
    }
    /// Returns the body as JSON, with the fields that the types do not have; `null` if it is not JSON.
    pub fn json(&self) -> Json {
        tolerant::parse(&self.raw.body).unwrap_or_default()
    }
    /// Returns the author of a post. Requires the expansion `author_id`.
    pub fn author(&self, post: &Post) -> Option<&User> {
        self.includes.author_of(post)
    }
    /// Returns the media of a post. Requires the expansion `attachments.media_keys`.
    pub fn media<'a>(&'a self, post: &'a Post) -> impl Iterator<Item = &'a Media> + 'a {
        self.includes.media_of(post)
    }
    /// Returns the poll of a post. Requires the expansion `attachments.poll_ids`.
    pub fn poll(&self, post: &Post) -> Option<&Poll> {
        self.includes.poll_of(post)
    }
    /// Returns the place of a post. Requires the expansion `geo.place_id`.
    pub fn place(&self, post: &Post) -> Option<&Place> {
        self.includes.place_of(post)
    }
    /// Returns an included post by its ID.
    pub fn post(&self, id: PostId) -> Option<&Post> {
        self.includes.post(id)
    }
    /// Returns the post that this one replies to, quotes or reposts. Requires the expansion `referenced_tweets.id`.
    pub fn referenced(&self, post: &Post, kind: ReferenceKind) -> Option<&Post> {
        self.includes.post(post.referenced(kind)?)
    }
}

/// Returns the function that decodes and encodes a type; `None` without the feature `samples`, since it compiles slowly.
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
    serde_json::to_value(dialect::decode::<Envelope<T>>(body)?)
}

/// Maximum size of a body, in bytes, in which an object without members is looked for.
const MAX_EMPTY_SIZE: usize = 1_024;

/// Largest `meta` that is decoded, in bytes.
const MAX_META: usize = 64 << 10;

/// Largest body with unusual JSON, such as a name that occurs twice, that is decoded. In bytes.
const MAX_UNUSUAL: usize = 256 << 10;

/// Names of the members of an envelope.
const ENVELOPE: [&str; 4] = ["data", "meta", "includes", "errors"];

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

/// Decodes the raw response to a call.
pub(crate) fn decode<T: ResponseData>(call: &Call, raw: RawResponse) -> Result<Response<T>, Error> {
    if !raw.status.is_success() {
        return Err(Error::status(call, raw));
    }
    if let Some(data) = T::from_bytes(&raw.body) {
        if T::IS_UNDECODED {
            return decode_undecoded(call, data, raw);
        }
        let (includes, meta, errors, undecoded) = Default::default();
        return Ok(Response { data, includes, meta, errors, undecoded, raw });
    }
    if T::IS_WHOLE_BODY || call.endpoint.is_some_and(Endpoint::is_v1) {
        return decode_whole(call, raw);
    }
    let (envelope, undecoded) = match decode_body::<Envelope<T>>(&raw.body) {
        Ok(decoded) => decoded,
        Err(why) => return Err(Error::decode(call, why.to_string(), raw)),
    };
    let Envelope { mut data, includes, meta, mut errors } = envelope;
    let may_be_empty = call.idempotency() == Idempotency::Safe && !T::IS_LIST && raw.body.len() <= MAX_EMPTY_SIZE;
    if may_be_empty && has_empty_data(&raw.body) {
        // An object without members is absent: its type may have a default for each.
        data = None;
    }
    if undecoded.iter().any(|problem| problem.path == "errors") {
        // Errors of another form, such as a text.
        errors = raw.partial_errors();
    }
    if data.is_none() && errors.is_empty() {
        if let Some(problem) = undecoded.iter().find(|problem| problem.path == "data") {
            return Err(Error::decode(call, problem.to_string(), raw));
        }
        let members = tolerant::parse(&raw.body).ok().and_then(|body| body.as_object().cloned()).unwrap_or_default();
        // A server may send an object without the envelope around it. It is known by its ID.
        if members.contains_key("id")
            && let Ok(data) = dialect::decode(&raw.body)
        {
            return Ok(Response { data, includes, meta, errors, undecoded, raw });
        }
        if !members.is_empty() && !ENVELOPE.iter().any(|name| members.contains_key(*name)) {
            return Err(Error::foreign(call, raw));
        }
    }
    match data.or_else(T::absent) {
        Some(data) => Ok(Response { data, includes, meta, errors, undecoded, raw }),
        None if !errors.is_empty() => Err(Error::partial(call, errors, raw)),
        None => Err(Error::decode(call, "the body has neither `data` nor `errors`".to_owned(), raw)),
    }
}

/// Decodes a response without its data and its included objects.
fn decode_undecoded<T: ResponseData>(call: &Call, data: T, raw: RawResponse) -> Result<Response<T>, Error> {
    if call.endpoint.is_some_and(Endpoint::is_v1) {
        return decode_v1(call, data, raw);
    }
    let unreadable = |why: String, raw| Err(Error::decode(call, why, raw));
    let repaired;
    let (body, found) = match members(&raw.body, ENVELOPE) {
        Some(found) => (&raw.body[..], found),
        None if raw.body.len() > MAX_UNUSUAL => {
            return unreadable("it is not readable as one JSON object".to_owned(), raw);
        }
        None => {
            repaired = match tolerant::parse(&raw.body) {
                Ok(body) => body.to_string(),
                Err(why) => return unreadable(why.to_string(), raw),
            };
            match members(repaired.as_bytes(), ENVELOPE) {
                Some(found) => (repaired.as_bytes(), found),
                None => return unreadable("it is not a JSON object".to_owned(), raw),
            }
        }
    };
    let is_envelope = found.iter().any(Option::is_some);
    let [found, meta, ..] = found.map(|member| member.filter(|json| json.get() != "null"));
    if meta.is_some_and(|meta| meta.get().len() > MAX_META) {
        return unreadable(format!("`meta` is longer than {MAX_META} bytes"), raw);
    }
    let (meta, undecoded) = match meta.map(|meta| tolerant::decode::<PageMeta>(meta.get().as_bytes())) {
        Some(Ok(decoded)) => decoded,
        _ => Default::default(),
    };
    let errors = raw.partial_errors();
    let is_empty = |json: &RawValue| !T::IS_LIST && raw.body.len() <= MAX_EMPTY_SIZE && is_empty_object(json);
    let has_data = found.is_some_and(|json| !is_empty(json));
    if !has_data && errors.is_empty() && !is_envelope {
        // A server may send an object without the envelope around it. It is known by its ID.
        return match members(body, ["id"]) {
            Some([Some(_)]) if !T::IS_LIST => Ok(without_includes(data, meta, errors, raw)),
            _ if T::IS_LIST && serde_json::from_slice(body).is_ok_and(is_empty_object) => {
                Ok(without_includes(data, meta, errors, raw))
            }
            _ => Err(Error::foreign(call, raw)),
        };
    }
    if let Some(json) = found.filter(|json| T::IS_LIST && !json.get().starts_with('[')) {
        let excerpt: String = json.get().chars().take(60).collect();
        return unreadable(format!("`data` is not a list: {excerpt}"), raw);
    }
    if has_data || T::IS_LIST {
        let decoded = without_includes(data, meta, errors, raw);
        return Ok(Response { undecoded, ..decoded });
    }
    match errors.is_empty() {
        false => Err(Error::partial(call, errors, raw)),
        true => unreadable("the body has neither `data` nor `errors`".to_owned(), raw),
    }
}

fn without_includes<T>(data: T, meta: PageMeta, errors: Vec<Problem>, raw: RawResponse) -> Response<T> {
    Response { data, includes: Default::default(), meta, errors, undecoded: Vec::new(), raw }
}

/// Decodes a response of v1.1, whose whole body is the data.
fn decode_v1<T: ResponseData>(call: &Call, data: T, raw: RawResponse) -> Result<Response<T>, Error> {
    if is_too_deep(&raw.body) {
        return Err(Error::decode(call, "its values are nested too deeply".to_owned(), raw));
    }
    let is_readable = raw.body.is_empty() || serde_json::from_slice::<IgnoredAny>(&raw.body).is_ok();
    if !is_readable && (raw.body.len() > MAX_UNUSUAL || tolerant::parse(&raw.body).is_err()) {
        return Err(Error::decode(call, "it is not JSON".to_owned(), raw));
    }
    let mut meta = PageMeta::default();
    if let Some(endpoint) = call.endpoint.filter(|endpoint| endpoint.page_param().is_some()) {
        meta.next_token = next_page_of_v1(endpoint, &raw.body);
    }
    Ok(without_includes(data, meta, raw.partial_errors(), raw))
}

/// Whether `data` is an object without members.
fn has_empty_data(body: &[u8]) -> bool {
    let mut is_empty = false;
    // Reading ends at the first `data` that is not empty.
    JsonScanner::new(body).object(|name, value| {
        if name != b"data" {
            return value.skip();
        }
        is_empty = value.object(|_, _| None).is_some();
        is_empty.then_some(())
    });
    is_empty
}

fn is_empty_object(json: &RawValue) -> bool {
    let inner = json.get().strip_prefix('{').and_then(|json| json.strip_suffix('}'));
    inner.is_some_and(|inner| inner.trim().is_empty())
}

/// Decodes a body: strictly, and only if that fails, without the parts that cannot be decoded.
fn decode_body<T: DeserializeOwned>(body: &[u8]) -> Result<(T, Vec<BodyProblem>), serde_json::Error> {
    match dialect::decode(body) {
        Ok(decoded) => Ok((decoded, Vec::new())),
        // The first error names a line and a column.
        Err(error) => tolerant::decode(body).map_err(|_| error),
    }
}

fn decode_whole<T: ResponseData>(call: &Call, raw: RawResponse) -> Result<Response<T>, Error> {
    let empty = if raw.body.is_empty() { T::absent() } else { None };
    let (data, undecoded) = match empty.map_or_else(|| decode_body(&raw.body), |data| Ok((data, Vec::new()))) {
        Ok(decoded) => decoded,
        Err(why) => return Err(Error::decode(call, why.to_string(), raw)),
    };
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Metadata {
        meta: PageMeta,
        errors: Vec<Problem>,
    }
    // A raw call may use these names for other data, which is not an error.
    let metadata = serde_json::from_slice(&raw.body).or_else(|_| serde_json::from_value(tolerant::parse(&raw.body)?));
    let mut metadata: Metadata = metadata.unwrap_or_default();
    if let Some(endpoint) = call.endpoint.filter(|endpoint| endpoint.is_v1() && endpoint.page_param().is_some()) {
        metadata.meta.next_token = next_page_of_v1(endpoint, &raw.body);
    }
    let Metadata { meta, errors } = metadata;
    Ok(Response { data, includes: Includes::default(), meta, errors, undecoded, raw })
}

/// Returns the token of the page after this one: a cursor, or the `max_id` below the smallest ID of this page.
fn next_page_of_v1(endpoint: &Endpoint, body: &[u8]) -> Option<String> {
    fn member<'a>(json: &'a [u8], name: &str) -> Option<&'a str> {
        members(json, [name])?[0].map(RawValue::get)
    }
    let text = |json: &str| serde_json::from_str::<String>(json).ok();
    let cursor = ["next_cursor_str", "next_cursor"].into_iter().find_map(|name| text(member(body, name)?));
    if let Some(cursor) = cursor {
        return (cursor != "0" && !cursor.is_empty()).then_some(cursor);
    }
    if !matches!(endpoint.page_param(), Some(param) if param.name == "max_id" && param.location == ParamLocation::Query)
    {
        return None;
    }
    let statuses = member(body, "statuses").map_or(body, str::as_bytes);
    let mut smallest: Option<u64> = None;
    visit_items(statuses, |status| {
        let status = status.get().as_bytes();
        let id = member(status, "id_str").and_then(text).and_then(|id| id.parse().ok());
        let id = id.or_else(|| member(status, "id")?.parse::<u64>().ok());
        smallest = [smallest, id].into_iter().flatten().min();
    })?;
    Some(smallest?.checked_sub(1)?.to_string())
}
