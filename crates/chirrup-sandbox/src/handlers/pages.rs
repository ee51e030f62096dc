//! Page tokens, windows of time, and the meta of pages.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chirrup_model::Timestamp;
use serde_json::{Map, Value as Json};

use super::RequestContext;
use crate::api_error::ApiError;
use crate::select::ResponseBuilder;
use crate::world::{Listing, PostRow, id_of, sql};

/// Which way a page goes from its position: to older items, or back to newer ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Older,
    Newer,
}

/// A span of post ids, and the way to go through it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    /// The first id that counts.
    pub(super) from: u64,
    /// The first id that no longer counts.
    pub(super) below: u64,
    /// From `below` down, or from `from` up.
    pub(super) way: Way,
    /// Whether an earlier page led here.
    pub(super) led: bool,
}

impl Span {
    /// The id right outside of the span, where the way begins.
    pub(super) fn start(&self) -> u64 {
        match self.way {
            Way::Older => self.below,
            Way::Newer => self.from.saturating_sub(1),
        }
    }
}

/// Where a page ends on both sides, for the tokens of its neighbours.
#[derive(Debug, Clone, Copy)]
pub(super) struct Neighbours {
    /// The page of older items begins below this.
    pub(super) older: Option<u64>,
    /// The page of newer items begins at this.
    pub(super) newer: Option<u64>,
}

/// Greater than every id.
pub(super) const END: u64 = i64::MAX as u64;

impl RequestContext<'_> {
    /// How many items a page holds.
    pub(super) fn page_size(&self, default: usize) -> usize {
        self.call.number("max_results").and_then(|n| usize::try_from(n).ok()).unwrap_or(default)
    }

    /// A token for the page that goes this way from this position.
    fn token(&self, way: Way, position: u64) -> String {
        let id = self.call.endpoint.map_or("", |meta| meta.id);
        let way = if way == Way::Older { 'o' } else { 'n' };
        URL_SAFE_NO_PAD.encode(format!("{id}:{way}{position:019}"))
    }

    /// A token for what comes after this place.
    pub(super) fn token_below(&self, seq: i64) -> String {
        self.token(Way::Older, id_of(seq))
    }

    /// The way and the position that the caller's token names; none for the first page.
    pub(super) fn position(&self) -> Result<Option<(Way, u64)>, ApiError> {
        for name in ["next_token", "pagination_token"] {
            let Some(token) = self.call.text(name) else {
                continue;
            };
            let id = self.call.endpoint.map_or("", |meta| meta.id);
            let bytes = URL_SAFE_NO_PAD.decode(token).unwrap_or_default();
            let text = String::from_utf8(bytes).unwrap_or_default();
            let place = text.strip_prefix(id).and_then(|rest| rest.strip_prefix(':'));
            let at = |way: Way, sign: char| Some((way, place?.strip_prefix(sign)?.parse().ok()?));
            return match at(Way::Older, 'o').or_else(|| at(Way::Newer, 'n')) {
                Some(position) => Ok(Some(position)),
                None => {
                    let message = format!("The `{name}` query parameter value [{token}] is not a valid token.");
                    Err(ApiError::invalid_param(name, token, message))
                }
            };
        }
        Ok(None)
    }

    /// The tokens of a page's neighbours, as its meta shows them.
    fn tell_neighbours(&self, meta: &mut Map<String, Json>, neighbours: Neighbours) {
        if let Some(below) = neighbours.older {
            meta.insert("next_token".to_owned(), self.token(Way::Older, below).into());
        }
        if let Some(from) = neighbours.newer {
            meta.insert("previous_token".to_owned(), self.token(Way::Newer, from).into());
        }
    }

    fn time(&self, name: &str) -> Option<Timestamp> {
        self.call.text(name).and_then(|text| text.parse().ok())
    }

    /// The span that window and token leave.
    pub(super) fn span(&self) -> Result<Span, ApiError> {
        let ids = ["since_id", "until_id"].iter().any(|name| self.call.get(name).is_some());
        let times = ["start_time", "end_time"].iter().any(|name| self.call.get(name).is_some());
        if ids && times {
            let message = "Invalid use of 'since_id' or 'until_id' in conjunction with 'start_time' or 'end_time'.";
            let name = if self.call.get("since_id").is_some() { "since_id" } else { "until_id" };
            return Err(ApiError::invalid_param(name, self.call.text(name).unwrap_or_default(), message));
        }
        let mut span = Span { from: 0, below: END, way: Way::Older, led: false };
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
        match self.position()? {
            Some((Way::Older, position)) => span.below = span.below.min(position),
            Some((Way::Newer, position)) => (span.from, span.way) = (span.from.max(position), Way::Newer),
            None => return Ok(span),
        }
        span.led = true;
        Ok(span)
    }

    /// The span of a search of the last seven days, with its own rules for times.
    pub(super) fn recent_span(&self) -> Result<Span, ApiError> {
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
                return Err(ApiError::invalid_param(name, sent, message));
            }
        }
        let mut span = self.span()?;
        span.from = span.from.max(week_ago.first_snowflake());
        Ok(span)
    }

    /// The reply with a page: what its meta says beside the count, and what it shows.
    fn page<'s>(
        &'s self,
        mut meta: Map<String, Json>,
        count: usize,
        neighbours: Neighbours,
        show: impl FnOnce(&mut ResponseBuilder<'s>) -> rusqlite::Result<Vec<Json>>,
    ) -> super::HandlerResult {
        meta.insert("result_count".to_owned(), count.into());
        self.tell_neighbours(&mut meta, neighbours);
        let mut scene = self.scene();
        let data = show(&mut scene)?;
        Ok((200, scene.list_body(data, Some(Json::Object(meta)))))
    }

    /// The reply with a page of posts.
    pub(super) fn posts_page(&self, rows: &[PostRow], neighbours: Neighbours) -> super::HandlerResult {
        let mut meta = Map::new();
        if let (Some(newest), Some(oldest)) = (rows.first(), rows.last()) {
            meta.insert("newest_id".to_owned(), newest.id.to_string().into());
            meta.insert("oldest_id".to_owned(), oldest.id.to_string().into());
        }
        self.page(meta, rows.len(), neighbours, |scene| scene.posts(rows))
    }

    /// A page of a list: what it holds, and its neighbours.
    fn listed(&self, list: Listing, of: u64, size: usize) -> Result<(Vec<u64>, Neighbours), ApiError> {
        let (way, position) = self.position()?.unwrap_or((Way::Older, END));
        let mut found = match way {
            Way::Older => self.world.list(list, of, sql(position), size + 1)?,
            Way::Newer => self.world.list_back(list, of, sql(position), size + 1)?,
        };
        let more = found.len() > size;
        found.truncate(size);
        if way == Way::Newer {
            found.reverse();
        }
        let led = position != END;
        let first = found.first().map(|(_, at)| id_of(*at) + 1);
        let last = found.last().map(|(_, at)| id_of(*at));
        let neighbours = match way {
            Way::Older => Neighbours { older: last.filter(|_| more), newer: first.filter(|_| led) },
            Way::Newer => Neighbours { older: last, newer: first.filter(|_| more) },
        };
        Ok((found.into_iter().map(|(id, _)| id).collect(), neighbours))
    }

    /// The reply with a page of a list of users, the latest first.
    pub(super) fn users_page(&self, list: Listing, of: u64) -> super::HandlerResult {
        let (ids, neighbours) = self.listed(list, of, self.page_size(100))?;
        self.page(Map::new(), ids.len(), neighbours, |scene| scene.users(&ids))
    }

    /// The reply with no user.
    pub(super) fn no_users(&self) -> super::HandlerResult {
        let nobody = Neighbours { older: None, newer: None };
        self.page(Map::new(), 0, nobody, |_| Ok(Vec::new()))
    }

    /// The reply with a page of lists, the latest first. Private ones are left out for all but their owners.
    pub(super) fn lists_page(&self, list: Listing, of: u64) -> super::HandlerResult {
        let (ids, neighbours) = self.listed(list, of, self.page_size(100))?;
        let mut visible = Vec::new();
        for id in ids {
            if self.may_see_list(id)? {
                visible.push(id);
            }
        }
        self.page(Map::new(), visible.len(), neighbours, |scene| scene.lists(&visible))
    }

    /// The reply with a page of a list of posts, the latest to come to it first.
    pub(super) fn listed_posts(&self, list: Listing, of: u64) -> super::HandlerResult {
        let (ids, neighbours) = self.listed(list, of, self.page_size(100))?;
        let mut rows = Vec::new();
        for id in ids {
            rows.extend(self.world.post(id)?);
        }
        self.posts_page(&rows, neighbours)
    }
}
