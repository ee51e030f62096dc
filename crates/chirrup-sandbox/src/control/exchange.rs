//! Requests and responses as they were sent, in the compact form in which the journal keeps them.

use std::fmt;

use bytes::Bytes;
use chirrup_api::Cost;
use chirrup_auth::AuthKind;
use http::{HeaderMap, HeaderName, HeaderValue};

/// Size in bytes of the largest body that an exchange keeps whole.
const MAX_BODY: usize = 64 << 10;

/// What the processing of a call contributes to its journal entry.
#[derive(Debug, Clone, Default)]
pub(crate) struct CallSummary {
    pub(crate) auth: Option<AuthKind>,
    pub(crate) user: Option<u64>,
    pub(crate) created_id: Option<String>,
    pub(crate) cost: Cost,
    /// Body of the response before compression.
    pub(crate) body: Bytes,
}

/// Request and response as they were sent.
pub(crate) struct Exchange {
    /// URL that the client used.
    pub(crate) url: String,
    pub(crate) headers: HeaderLines,
    pub(crate) body: Bytes,
    /// Whether the body is not cut.
    pub(crate) has_whole_body: bool,
    pub(crate) auth: Option<AuthKind>,
    pub(crate) response_headers: HeaderLines,
    pub(crate) response_body: Bytes,
}

impl Exchange {
    /// Keeps a request of the URL with its response, and bodies up to a limit.
    pub(crate) fn new(
        url: String,
        headers: &HeaderMap,
        body: &Bytes,
        response_headers: &HeaderMap,
        summary: &CallSummary,
    ) -> Self {
        // A copy, since the body of a request is a part of the buffer of its connection.
        let kept_body = Bytes::copy_from_slice(&body[..body.len().min(MAX_BODY)]);
        Self {
            url,
            headers: headers.into(),
            body: kept_body,
            has_whole_body: body.len() <= MAX_BODY,
            auth: summary.auth,
            response_headers: response_headers.into(),
            response_body: kept(&summary.body),
        }
    }

    /// Size in bytes of the texts.
    pub(super) fn size(&self) -> usize {
        let headers = self.headers.0.len() + self.response_headers.0.len();
        self.url.len() + headers + self.body.len() + self.response_body.len()
    }
}

/// The headers can contain secrets.
impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Exchange(…)")
    }
}

/// Returns the body, or the beginning of a large one as a copy, so that the rest is not kept in memory.
fn kept(body: &Bytes) -> Bytes {
    if body.len() > MAX_BODY { Bytes::copy_from_slice(&body[..MAX_BODY]) } else { body.clone() }
}

/// Headers as lines of text. They take less memory than a map, and do not keep the buffer of their connection.
pub(crate) struct HeaderLines(Box<[u8]>);

impl From<&HeaderMap> for HeaderLines {
    fn from(headers: &HeaderMap) -> Self {
        let size = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 2).sum();
        let mut lines = Vec::with_capacity(size);
        for (name, value) in headers {
            for part in [name.as_str().as_bytes(), b":", value.as_bytes(), b"\n"] {
                lines.extend_from_slice(part);
            }
        }
        Self(lines.into())
    }
}

impl HeaderLines {
    /// Returns the headers as a map.
    pub(crate) fn to_map(&self) -> HeaderMap {
        // Neither a name nor a value contains a line break, and a name contains no colon.
        let pairs = self.0.split(|byte| *byte == b'\n').filter_map(|line| {
            let colon = line.iter().position(|byte| *byte == b':')?;
            let name = HeaderName::from_bytes(&line[..colon]).ok()?;
            Some((name, HeaderValue::from_bytes(&line[colon + 1..]).ok()?))
        });
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(name, value);
        }
        headers
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue};

    use super::HeaderLines;

    #[test]
    fn headers_are_the_same_after_they_were_kept() {
        let mut headers = HeaderMap::new();
        let bytes = HeaderValue::from_bytes(b" \xff:\ta ").expect("a value");
        for value in [HeaderValue::from_static("a: b"), HeaderValue::from_static(""), bytes] {
            headers.append("x-repeated", value);
        }
        headers.insert("host", HeaderValue::from_static("localhost:80"));
        assert_eq!(HeaderLines::from(&headers).to_map(), headers);
        assert_eq!(HeaderLines::from(&HeaderMap::new()).to_map(), HeaderMap::new());
    }
}
