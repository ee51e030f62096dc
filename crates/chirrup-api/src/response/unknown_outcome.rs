//! Writes with an unknown outcome.

use chirrup_auth::hex;
use chirrup_model::{PostId, Timestamp};
use sha2::{Digest as _, Sha256};

use super::send_info::SendInfo;
use crate::call::Call;

/// A write that was sent without a reliable response. The X API has no idempotency keys, so repeating the write may have
/// its effect twice.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct UnknownOutcome {
    /// Name of the endpoint, or method and path of a raw call.
    pub endpoint: String,
    /// Time of the first attempt.
    pub started: Option<Timestamp>,
    /// Number of attempts. All except the last were surely refused.
    pub attempts: u32,
    /// SHA-256 of the body in hexadecimal, by which equal writes are recognized.
    pub body_hash: String,
    /// Transaction ID of X, if there was a response.
    pub transaction: Option<String>,
    /// Text of the post, if the write creates one.
    pub(crate) text: Option<String>,
}

/// The result of checking a write with an unknown outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmed {
    /// The write took effect, and this is the post.
    Found(PostId),
    /// The user has no such post. X may show a new post only after a few seconds.
    NotFound,
    /// The check cannot decide: the write is not a post with a text, or the user has created too many posts since.
    Inconclusive,
}

impl UnknownOutcome {
    pub(crate) fn new(call: &Call, send_info: SendInfo, transaction: Option<&str>) -> Self {
        let (_, body) = call.to_body();
        let body_hash = hex(&Sha256::digest(&body));
        let is_post = (&*call.method, &*call.path) == ("POST", "/2/tweets");
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
        Self {
            endpoint: call
                .endpoint
                .map_or_else(|| format!("{} {}", call.method, call.path), |endpoint| endpoint.id.to_owned()),
            started: send_info.started,
            attempts: send_info.attempts,
            body_hash,
            transaction: transaction.map(str::to_owned),
            text: body["text"].as_str().filter(|text| is_post && !text.is_empty()).map(str::to_owned),
        }
    }
}
