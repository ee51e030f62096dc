//! Writes with an unknown outcome, and how to check them.

use chirrup_auth::hex;
use chirrup_model::{Post, PostField, PostId, Timestamp};
use sha2::{Digest as _, Sha256};

use crate::call::Call;
use crate::client::ApiClient;
use crate::error::Error;
use crate::transport::SendInfo;

/// Tolerance for differing clocks in milliseconds.
const MARGIN_MS: i64 = 60_000;
/// Number of posts to look through.
const PAGE: u32 = 100;

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
    text: Option<String>,
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

    fn matches(&self, post: &Post) -> bool {
        let since = self.started.map(|started| started.as_millis() - MARGIN_MS);
        let in_time = post.created_at.zip(since).is_none_or(|(at, since)| at.as_millis() >= since);
        in_time && self.text.as_deref().is_some_and(|text| plain(post).trim() == text.trim())
    }
}

/// Returns the text as the author sent it: X shortens links and escapes three characters.
fn plain(post: &Post) -> String {
    let mut text = post.text.clone();
    for link in post.entities.iter().flat_map(|entities| &entities.urls) {
        if let Some(whole) = &link.expanded_url {
            text = text.replace(&link.url, whole);
        }
    }
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

impl ApiClient {
    /// Checks whether a post with an unknown outcome was created, by looking through the latest posts of the authenticated
    /// user. The cost is that of reading up to 100 own posts.
    ///
    /// ```no_run
    /// # async fn example(client: &chirrup_api::ApiClient) -> Result<(), chirrup_api::Error> {
    /// use chirrup_api::Confirmed;
    ///
    /// if let Err(error) = client.create_post().text("once only").await {
    ///     match client.confirm(&error).await? {
    ///         Confirmed::Found(id) => println!("created: {id}"),
    ///         Confirmed::NotFound => println!("not created: send it again"),
    ///         Confirmed::Inconclusive => println!("check the profile"),
    ///     }
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// Those of the lookup of the posts.
    pub async fn confirm(&self, error: &Error) -> Result<Confirmed, Error> {
        let Some(unknown) = error.unknown_outcome().filter(|unknown| unknown.text.is_some()) else {
            return Ok(Confirmed::Inconclusive);
        };
        let me = self.me().await?;
        let call = self.user_posts(me).max_results(PAGE).as_user();
        let posts = call.post_fields([PostField::CreatedAt, PostField::Entities]).await?.data;
        if let Some(found) = posts.iter().find(|post| unknown.matches(post)) {
            return Ok(Confirmed::Found(found.id));
        }
        let oldest = posts.last().and_then(|post| post.created_at);
        let reaches_back = posts.len() < PAGE as usize || oldest.zip(unknown.started).is_some_and(|(a, b)| a < b);
        Ok(if reaches_back { Confirmed::NotFound } else { Confirmed::Inconclusive })
    }
}
