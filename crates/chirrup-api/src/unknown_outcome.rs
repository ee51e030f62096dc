//! Writes whose outcome nobody knows, and how to find it out.

use chirrup_auth::hex;
use chirrup_model::{Post, PostField, PostId, Timestamp};
use sha2::{Digest as _, Sha256};

use crate::call::Call;
use crate::client::ApiClient;
use crate::error::Error;
use crate::transport::SendInfo;

/// How far the clocks of both sides may be apart, in milliseconds.
const MARGIN_MS: i64 = 60_000;
/// How many posts are looked at.
const PAGE: u32 = 100;

/// A write that was sent, and whose answer never came or cannot be trusted. The X API has no key by which a repeated
/// write is told from a new one, so whoever sends it again may have it done twice.
#[derive(Debug, Clone)]
pub struct UnknownOutcome {
    /// The name of the endpoint, or method and path of a raw call.
    pub endpoint: String,
    /// When it was sent first.
    pub started: Option<Timestamp>,
    /// How many times it was sent. More than once only if all but the last were surely refused.
    pub attempts: u32,
    /// The SHA-256 of the body, in hexadecimal: two writes with the same one say the same.
    pub body_hash: String,
    /// The number by which X can find the request, if an answer came.
    pub transaction: Option<String>,
    /// The text of the post, if it was to be one.
    text: Option<String>,
}

/// What was found of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmed {
    /// It was done: this is the post.
    Found(PostId),
    /// The user has no such post. X may take a few seconds to show a new one.
    NotFound,
    /// It cannot be told: it is no post with a text, or the user has written too much since.
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

    fn is(&self, post: &Post) -> bool {
        let since = self.started.map(|started| started.as_millis() - MARGIN_MS);
        let in_time = post.created_at.zip(since).is_none_or(|(at, since)| at.as_millis() >= since);
        in_time && self.text.as_deref().is_some_and(|text| plain(post).trim() == text.trim())
    }
}

/// The text as the author sent it: X shortens links and escapes three signs.
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
    /// Looks whether a post whose outcome is unknown was made after all: among the newest posts of the user who calls.
    /// Costs the price of reading up to 100 posts of one's own.
    ///
    /// ```no_run
    /// # async fn example(client: &chirrup_api::ApiClient) -> Result<(), chirrup_api::Error> {
    /// use chirrup_api::Confirmed;
    ///
    /// if let Err(error) = client.create_post().text("once only").await {
    ///     match client.confirm(&error).await? {
    ///         Confirmed::Found(id) => println!("it is there: {id}"),
    ///         Confirmed::NotFound => println!("send it again"),
    ///         Confirmed::Inconclusive => println!("look for yourself"),
    ///     }
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// If the posts cannot be read.
    pub async fn confirm(&self, error: &Error) -> Result<Confirmed, Error> {
        let Some(unknown) = error.unknown_outcome().filter(|unknown| unknown.text.is_some()) else {
            return Ok(Confirmed::Inconclusive);
        };
        let me = self.me().await?;
        let call = self.user_posts(me).max_results(PAGE).as_user();
        let posts = call.post_fields([PostField::CreatedAt, PostField::Entities]).await?.data;
        if let Some(found) = posts.iter().find(|post| unknown.is(post)) {
            return Ok(Confirmed::Found(found.id));
        }
        let oldest = posts.last().and_then(|post| post.created_at);
        let reaches_back = posts.len() < PAGE as usize || oldest.zip(unknown.started).is_some_and(|(a, b)| a < b);
        Ok(if reaches_back { Confirmed::NotFound } else { Confirmed::Inconclusive })
    }
}
