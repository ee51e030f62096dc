//! Checks of writes with an unknown outcome.

use chirrup_model::{Post, PostField};

use crate::client::ApiClient;
use crate::response::error::Error;
use crate::response::unknown_outcome::{Confirmed, UnknownOutcome};

/// Tolerance for differing clocks in milliseconds.
const MARGIN_MS: i64 = 60_000;
/// Number of posts to look through.
const PAGE: u32 = 100;

/// Returns whether a post is the one that the write creates.
fn matches(unknown: &UnknownOutcome, post: &Post) -> bool {
    let since = unknown.started.map(|started| started.as_millis() - MARGIN_MS);
    let in_time = post.created_at.zip(since).is_none_or(|(at, since)| at.as_millis() >= since);
    in_time && unknown.text.as_deref().is_some_and(|text| is_text_of(text.trim(), post))
}

/// Whether a post has this text. X appends links to the media of a post and to the post that it quotes.
fn is_text_of(sent: &str, post: &Post) -> bool {
    let delivered = plain(post, sent);
    let rest = delivered.trim().strip_prefix(sent);
    rest.is_some_and(|rest| {
        rest.split_whitespace().all(|word| word.starts_with("https://") && word.contains("/status/"))
    })
}

/// Returns the text as the author sent it: X shortens links and escapes three characters.
fn plain(post: &Post, sent: &str) -> String {
    let mut text = post.text.clone();
    for link in post.entities.iter().flat_map(|entities| &entities.urls) {
        if let Some(whole) = &link.expanded_url {
            // X adds the scheme to a link that was sent without one.
            let written = if sent.contains(whole.as_str()) { whole } else { whole.trim_start_matches("http://") };
            text = text.replace(&link.url, written);
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
        if let Some(found) = posts.iter().find(|post| matches(unknown, post)) {
            return Ok(Confirmed::Found(found.id));
        }
        let oldest = posts.last().and_then(|post| post.created_at);
        let reaches_back = posts.len() < PAGE as usize || oldest.zip(unknown.started).is_some_and(|(a, b)| a < b);
        Ok(if reaches_back { Confirmed::NotFound } else { Confirmed::Inconclusive })
    }
}
