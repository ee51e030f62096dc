//! Page tokens, windows of time, and the meta of pages.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chirrup_model::Timestamp;
use serde_json::{Map, Value as Json, json};

use super::Room;
use crate::refusal::Refusal;
use crate::world::{PostRow, id_of};

/// A span of post ids.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    /// The first id that counts.
    pub(super) from: u64,
    /// The first id that no longer counts.
    pub(super) below: u64,
}

/// Greater than every id.
pub(super) const END: u64 = i64::MAX as u64;

impl Room<'_> {
    /// How many items a page holds.
    pub(super) fn page_size(&self, default: usize) -> usize {
        self.call.number("max_results").and_then(|n| usize::try_from(n).ok()).unwrap_or(default)
    }

    /// A token for the page that begins at this position.
    pub(super) fn token(&self, position: u64) -> String {
        let id = self.call.meta.map_or("", |meta| meta.id);
        URL_SAFE_NO_PAD.encode(format!("{id}:{position:020}"))
    }

    /// The position that the caller's token names; none for the first page.
    pub(super) fn position(&self) -> Result<Option<u64>, Refusal> {
        for name in ["next_token", "pagination_token"] {
            let Some(token) = self.call.text(name) else {
                continue;
            };
            let id = self.call.meta.map_or("", |meta| meta.id);
            let position = URL_SAFE_NO_PAD
                .decode(token)
                .ok()
                .and_then(|bytes| String::from_utf8(bytes).ok())
                .and_then(|text| text.strip_prefix(id)?.strip_prefix(':')?.parse().ok());
            return match position {
                Some(position) => Ok(Some(position)),
                None => {
                    let message = format!("The `{name}` query parameter value [{token}] is not a valid token.");
                    Err(Refusal::invalid_one(name, token, message))
                }
            };
        }
        Ok(None)
    }

    fn time(&self, name: &str) -> Option<Timestamp> {
        self.call.text(name).and_then(|text| text.parse().ok())
    }

    /// The span that window and token leave.
    pub(super) fn span(&self) -> Result<Span, Refusal> {
        let ids = ["since_id", "until_id"].iter().any(|name| self.call.get(name).is_some());
        let times = ["start_time", "end_time"].iter().any(|name| self.call.get(name).is_some());
        if ids && times {
            let message = "Invalid use of 'since_id' or 'until_id' in conjunction with 'start_time' or 'end_time'.";
            let name = if self.call.get("since_id").is_some() { "since_id" } else { "until_id" };
            return Err(Refusal::invalid_one(name, self.call.text(name).unwrap_or_default(), message));
        }
        let mut span = Span { from: 0, below: END };
        if let Some(start) = self.time("start_time") {
            span.from = start.first_snowflake();
        }
        if let Some(end) = self.time("end_time") {
            span.below = end.first_snowflake();
        }
        if self.call.get("since_id").is_some() {
            span.from = self.id("since_id") + 1;
        }
        if self.call.get("until_id").is_some() {
            span.below = self.id("until_id");
        }
        if let Some(position) = self.position()? {
            span.below = span.below.min(position);
        }
        Ok(span)
    }

    /// The span of a search of the last seven days, with its own rules for times.
    pub(super) fn recent_span(&self) -> Result<Span, Refusal> {
        let week_ago = self.now.plus_millis(-7 * 86_400_000);
        for name in ["start_time", "end_time"] {
            let Some(time) = self.time(name) else {
                continue;
            };
            let sent = self.call.text(name).unwrap_or_default();
            let wrong = if time > self.now.plus_millis(-10_000) {
                Some(format!(
                    "Invalid '{name}':'{sent}'. '{name}' must be a minimum of 10 seconds prior to the request time."
                ))
            } else if time < week_ago {
                Some(format!("Invalid '{name}':'{sent}'. '{name}' must be on or after {week_ago}"))
            } else {
                None
            };
            if let Some(message) = wrong {
                return Err(Refusal::invalid_one(name, sent, message));
            }
        }
        let mut span = self.span()?;
        span.from = span.from.max(week_ago.first_snowflake());
        Ok(span)
    }

    /// The reply with a page of posts.
    pub(super) fn posts_page(&self, rows: &[PostRow], below: Option<u64>) -> super::Done {
        let mut meta = Map::new();
        if let (Some(newest), Some(oldest)) = (rows.first(), rows.last()) {
            meta.insert("newest_id".to_owned(), newest.id.to_string().into());
            meta.insert("oldest_id".to_owned(), oldest.id.to_string().into());
        }
        meta.insert("result_count".to_owned(), rows.len().into());
        if let Some(below) = below {
            meta.insert("next_token".to_owned(), self.token(below).into());
        }
        let mut scene = self.scene();
        let data = scene.posts(rows)?;
        let data = if data.is_empty() { None } else { Some(Json::Array(data)) };
        Ok((200, scene.body(data, Some(Json::Object(meta)))))
    }

    /// The reply with a page of users: ids with their places in the list, one more than asked for if there is more.
    pub(super) fn users_page(&self, mut found: Vec<(u64, i64)>, size: usize) -> super::Done {
        let more = found.len() > size;
        found.truncate(size);
        let mut meta = json!({"result_count": found.len()});
        if let Some((_, last)) = found.last().filter(|_| more) {
            meta["next_token"] = self.token(id_of(*last)).into();
        }
        let ids: Vec<u64> = found.into_iter().map(|(id, _)| id).collect();
        let mut scene = self.scene();
        let data = scene.users(&ids)?;
        let data = if data.is_empty() { None } else { Some(Json::Array(data)) };
        Ok((200, scene.body(data, Some(meta))))
    }
}
