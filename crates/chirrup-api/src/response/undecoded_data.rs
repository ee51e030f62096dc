//! Data that stays text, so that a large body takes little more memory than its text.

use bytes::Bytes;
use chirrup_model::{Problem, ResponseData, tolerant};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::members::{is_too_deep, members};
use super::raw_response::RawResponse;
use super::{ENVELOPE, Error, MAX_EMPTY_SIZE, PageMeta, Response, is_empty_object, next_page_of_v1};
use crate::call::Call;
use crate::endpoint::Endpoint;

/// Largest `meta` that is decoded, in bytes.
const MAX_META: usize = 64 << 10;

/// Largest body with unusual JSON, such as a name that occurs twice, that is decoded. In bytes.
const MAX_UNUSUAL: usize = 256 << 10;

/// Data of a response that is not decoded: a list, or an object. The body of the response has it as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndecodedData<const IS_LIST: bool>;

impl<const IS_LIST: bool> ResponseData for UndecodedData<IS_LIST> {
    const IS_LIST: bool = IS_LIST;
    const IS_UNDECODED: bool = true;

    fn from_bytes(_: &Bytes) -> Option<Self> {
        Some(Self)
    }
}

/// Decodes a response without its data and its included objects.
pub(super) fn decode<T: ResponseData>(call: &Call, data: T, raw: RawResponse) -> Result<Response<T>, Error> {
    if call.endpoint.is_some_and(Endpoint::is_v1) {
        return decode_v1(call, data, raw);
    }
    let unreadable = |why: String, raw| Err(Error::decode(call, why, raw));
    let repaired = match members(&raw.body, ENVELOPE) {
        Some(_) => None,
        None if raw.body.len() > MAX_UNUSUAL => {
            return unreadable("it is not readable as one JSON object".to_owned(), raw);
        }
        None => match tolerant::parse(&raw.body) {
            Ok(body) => Some(body.to_string()),
            Err(why) => return unreadable(why.to_string(), raw),
        },
    };
    let body = repaired.as_ref().map_or(&raw.body[..], |body| body.as_bytes());
    let Some(found) = members(body, ENVELOPE) else {
        return unreadable("it is not a JSON object".to_owned(), raw);
    };
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
    let is_envelope = members(body, ENVELOPE).is_some_and(|all| all.iter().any(Option::is_some));
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
