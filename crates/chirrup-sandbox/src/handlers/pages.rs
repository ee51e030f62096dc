//! Pagination tokens, time windows, and metadata of pages.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chirrup_model::{PostId, Timestamp};
use serde_json::{Map, Value as Json};

use super::context::{HandlerResult, RequestContext};
use crate::response::api_error::ApiError;
use crate::response::select::{Objects, ResponseBuilder};
use crate::world::{IdList, PostRow, from_sql, to_sql};

/// Direction of a page from its position: to older items, or back to newer ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Older,
    Newer,
}

/// A range of post IDs, `from..below`, and the direction in which it is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct IdRange {
    pub(super) from: u64,
    pub(super) below: u64,
    /// [`Older`](Direction::Older) reads down from `below`, [`Newer`](Direction::Newer) up from `from`.
    pub(super) direction: Direction,
    /// Whether the request continues an earlier page.
    pub(super) continued: bool,
}

impl IdRange {
    /// The ID right outside of the range, where reading begins.
    pub(super) fn start(&self) -> u64 {
        match self.direction {
            Direction::Older => self.below,
            Direction::Newer => self.from.saturating_sub(1),
        }
    }
}

/// Positions of the pages next to a page.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct PageTokens {
    /// The next page has the items below this position.
    pub(super) next: Option<u64>,
    /// The previous page has the items from this position on.
    pub(super) previous: Option<u64>,
}

/// A position greater than every ID.
pub(super) const MAX_POSITION: u64 = i64::MAX as u64;

/// Length of the window of recent search, in milliseconds (see "Search Posts", recent search).
const RECENT_MS: i64 = 7 * 86_400_000;
/// Minimum age of the times of a recent search, in milliseconds (see "Search Posts", `end_time`).
const MIN_AGE_MS: i64 = 10_000;

impl RequestContext<'_> {
    /// Number of items per page.
    pub(super) fn page_size(&self, default: usize) -> usize {
        self.size("max_results", default)
    }

    /// ID of the endpoint.
    fn endpoint_id(&self) -> &'static str {
        self.call.endpoint.map_or("", |meta| meta.id)
    }

    /// A token for the page in this direction from this position. It is valid for this endpoint alone.
    fn token(&self, direction: Direction, position: u64) -> String {
        let sign = if direction == Direction::Older { 'o' } else { 'n' };
        URL_SAFE_NO_PAD.encode(format!("{}:{sign}{position:019}", self.endpoint_id()))
    }

    /// A token for the page below this position.
    pub(super) fn token_below(&self, seq: i64) -> String {
        self.token(Direction::Older, from_sql(seq))
    }

    /// Direction and position of the request's token. A request without a token asks for the first page.
    pub(super) fn position(&self) -> Result<Option<(Direction, u64)>, ApiError> {
        for name in ["next_token", "pagination_token"] {
            let Some(token) = self.call.text(name) else {
                continue;
            };
            let bytes = URL_SAFE_NO_PAD.decode(token).unwrap_or_default();
            let text = String::from_utf8(bytes).unwrap_or_default();
            let position = text.strip_prefix(self.endpoint_id()).and_then(|rest| rest.strip_prefix(':'));
            let with = |direction, sign: char| Some((direction, position?.strip_prefix(sign)?.parse().ok()?));
            return match with(Direction::Older, 'o').or_else(|| with(Direction::Newer, 'n')) {
                Some(position) => Ok(Some(position)),
                None => {
                    let message = format!("The `{name}` query parameter value [{token}] is not a valid token.");
                    Err(ApiError::invalid_param(name, token, message))
                }
            };
        }
        Ok(None)
    }

    fn insert_tokens(&self, meta: &mut Map<String, Json>, tokens: PageTokens) {
        if let Some(below) = tokens.next {
            meta.insert("next_token".to_owned(), self.token(Direction::Older, below).into());
        }
        if let Some(from) = tokens.previous {
            meta.insert("previous_token".to_owned(), self.token(Direction::Newer, from).into());
        }
    }

    pub(super) fn time(&self, name: &str) -> Option<Timestamp> {
        self.call.text(name).and_then(|text| text.parse().ok())
    }

    /// The range of posts that the time window of the request allows, without its token.
    pub(super) fn requested_range(&self) -> Result<IdRange, ApiError> {
        self.range_before(self.time("end_time"))
    }

    /// The range of posts that the time window of the request allows, with this end.
    fn range_before(&self, end: Option<Timestamp>) -> Result<IdRange, ApiError> {
        let ids = ["since_id", "until_id"].iter().any(|name| self.call.get(name).is_some());
        let times = ["start_time", "end_time"].iter().any(|name| self.call.get(name).is_some());
        if ids && times {
            let message = "Invalid use of 'since_id' or 'until_id' in conjunction with 'start_time' or 'end_time'.";
            let name = if self.call.get("since_id").is_some() { "since_id" } else { "until_id" };
            return Err(ApiError::invalid_param(name, self.text(name), message));
        }
        let mut range = IdRange { from: 0, below: MAX_POSITION, direction: Direction::Older, continued: false };
        if let Some(start) = self.time("start_time") {
            range.from = start.first_snowflake();
        }
        if let Some(end) = end {
            range.below = end.first_snowflake();
        }
        if self.call.get("since_id").is_some() {
            range.from = self.param::<PostId>("since_id").get() + 1;
        }
        if self.call.get("until_id").is_some() {
            range.below = self.param::<PostId>("until_id").get();
        }
        Ok(range)
    }

    /// The range of posts that time window and token of the request allow.
    pub(super) fn id_range(&self) -> Result<IdRange, ApiError> {
        self.continued(self.requested_range()?)
    }

    /// The range of a timeline, which includes the second of `end_time`; that of a search ends before it.
    pub(super) fn timeline_range(&self) -> Result<IdRange, ApiError> {
        let end = self.time("end_time").map(|end| Timestamp::from_secs(end.as_secs() + 1));
        self.continued(self.range_before(end)?)
    }

    /// The part of a range that the token of the request leaves.
    fn continued(&self, mut range: IdRange) -> Result<IdRange, ApiError> {
        match self.position()? {
            Some((Direction::Older, position)) => range.below = range.below.min(position),
            Some((Direction::Newer, position)) => {
                (range.from, range.direction) = (range.from.max(position), Direction::Newer);
            }
            None => return Ok(range),
        }
        range.continued = true;
        Ok(range)
    }

    /// The range of a recent search, whose times must lie within the last seven days.
    pub(super) fn recent_id_range(&self) -> Result<IdRange, ApiError> {
        let week_ago = self.now.plus_millis(-RECENT_MS);
        for name in ["start_time", "end_time"] {
            let Some(time) = self.time(name) else {
                continue;
            };
            let sent = self.text(name);
            let violation = if time > self.now.plus_millis(-MIN_AGE_MS) {
                Some(format!(
                    "Invalid '{name}':'{sent}'. '{name}' must be a minimum of 10 seconds prior to the request time."
                ))
            } else if time < week_ago {
                Some(format!("Invalid '{name}':'{sent}'. '{name}' must be on or after {week_ago}"))
            } else {
                None
            };
            if let Some(message) = violation {
                return Err(ApiError::invalid_param(name, sent, message));
            }
        }
        let mut range = self.id_range()?;
        range.from = range.from.max(week_ago.first_snowflake());
        Ok(range)
    }

    /// Responds with a page of posts or users. `meta` has its metadata without count and tokens, `build` returns its data.
    fn page<'s>(
        &'s self,
        mut meta: Map<String, Json>,
        count: usize,
        tokens: PageTokens,
        build: impl FnOnce(&mut ResponseBuilder<'s>) -> rusqlite::Result<Objects>,
    ) -> HandlerResult {
        meta.insert("result_count".to_owned(), count.into());
        self.insert_tokens(&mut meta, tokens);
        let mut response = self.response();
        let objects = build(&mut response)?;
        Ok((200, response.objects_body(objects, Some(Json::Object(meta)))))
    }

    /// Responds with a page of posts.
    pub(super) fn posts_page(&self, rows: &[Arc<PostRow>], tokens: PageTokens) -> HandlerResult {
        let mut meta = Map::new();
        if let (Some(newest), Some(oldest)) = (rows.first(), rows.last()) {
            meta.insert("newest_id".to_owned(), newest.id.to_string().into());
            meta.insert("oldest_id".to_owned(), oldest.id.to_string().into());
        }
        self.page(meta, rows.len(), tokens, |response| response.posts(rows))
    }

    /// IDs on the requested page of a list, and the pages next to it.
    fn list_page(&self, list: IdList, owner: u64, size: usize) -> Result<(Vec<u64>, PageTokens), ApiError> {
        let (direction, position) = self.position()?.unwrap_or((Direction::Older, MAX_POSITION));
        let mut found = match direction {
            Direction::Older => self.world.list_ids(list, owner, to_sql(position), size + 1)?,
            Direction::Newer => self.world.list_ids_ascending(list, owner, to_sql(position), size + 1)?,
        };
        let more = found.len() > size;
        found.truncate(size);
        if direction == Direction::Newer {
            found.reverse();
        }
        let continued = position != MAX_POSITION;
        let first = found.first().map(|(_, at)| from_sql(*at) + 1);
        let last = found.last().map(|(_, at)| from_sql(*at));
        let tokens = match direction {
            Direction::Older => PageTokens { next: last.filter(|_| more), previous: first.filter(|_| continued) },
            Direction::Newer => PageTokens { next: last, previous: first.filter(|_| more) },
        };
        Ok((found.into_iter().map(|(id, _)| id).collect(), tokens))
    }

    /// Responds with a page of a list of users, the latest first.
    pub(super) fn users_page(&self, list: IdList, owner: u64) -> HandlerResult {
        let (ids, tokens) = self.list_page(list, owner, self.page_size(100))?;
        self.page(Map::new(), ids.len(), tokens, |response| response.users(&ids))
    }

    /// Responds with these users on a single page.
    pub(super) fn few_users_page(&self, ids: &[u64]) -> HandlerResult {
        self.page(Map::new(), ids.len(), PageTokens::default(), |response| response.users(ids))
    }

    /// Responds with a page of lists, the latest first. Only owners see their private lists.
    pub(super) fn lists_page(&self, list: IdList, owner: u64) -> HandlerResult {
        let (ids, tokens) = self.list_page(list, owner, self.page_size(100))?;
        let mut visible = Vec::new();
        for id in ids {
            if self.may_read_list(id)? {
                visible.push(id);
            }
        }
        let mut meta = Map::new();
        meta.insert("result_count".to_owned(), visible.len().into());
        self.insert_tokens(&mut meta, tokens);
        let mut response = self.response();
        let lists = response.lists(&visible)?;
        Ok((200, response.list_body(lists, Some(Json::Object(meta))).into()))
    }

    /// Responds with a page of a list of posts, the latest addition first.
    pub(super) fn posts_list_page(&self, list: IdList, owner: u64) -> HandlerResult {
        let (ids, tokens) = self.list_page(list, owner, self.page_size(100))?;
        let mut rows = Vec::new();
        for id in ids {
            rows.extend(self.world.post(id)?);
        }
        self.posts_page_without_ids(&rows, tokens)
    }

    /// Responds with a page of posts whose metadata has no IDs.
    pub(super) fn posts_page_without_ids(&self, rows: &[Arc<PostRow>], tokens: PageTokens) -> HandlerResult {
        self.page(Map::new(), rows.len(), tokens, |response| response.posts(rows))
    }
}
