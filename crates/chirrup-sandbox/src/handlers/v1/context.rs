//! Parameters and pages that the endpoints of API v1.1 share.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::super::context::{HandlerResult, RequestContext};
use super::super::pages::MAX_POSITION;
use crate::response::api_error::ApiError;
use crate::response::v1_errors::{error, page_not_found, user_not_found};
use crate::response::v1_objects::V1Objects;
use crate::response::v1_params;
use crate::world::{IdList, PostRow};

/// Number of posts that are read from the store at a time.
const BATCH: usize = 200;

impl RequestContext<'_> {
    /// The user that the request names by ID or screen name, if any.
    pub(super) fn user_param(&self, id: &str, screen_name: &str) -> Result<Option<u64>, ApiError> {
        if let Some(id) = self.call.text(id) {
            let known = match id.parse() {
                Ok(number) => self.world.username(number)?.map(|_| number),
                Err(_) => None,
            };
            return self.known_or_suspended(known, id).map(Some);
        }
        let Some(name) = self.call.text(screen_name).map(|name| name.trim_start_matches('@')) else { return Ok(None) };
        self.known_or_suspended(self.world.user_id(name)?, name).map(Some)
    }

    fn known_or_suspended(&self, known: Option<u64>, named: &str) -> Result<u64, ApiError> {
        match known {
            Some(id) => Ok(id),
            None if self.world.is_suspended(named)? => Err(error(403, 63, "User has been suspended.")),
            None => Err(user_not_found()),
        }
    }

    /// The user that the request must name.
    pub(super) fn required_user(&self) -> Result<u64, ApiError> {
        self.user_param("user_id", "screen_name")?
            .ok_or_else(|| error(403, 38, "user_id or screen_name parameter is missing."))
    }

    /// The user that the request names, or the authenticated user.
    pub(super) fn user_or_me(&self) -> Result<u64, ApiError> {
        match self.user_param("user_id", "screen_name") {
            Ok(Some(user)) => Ok(user),
            Ok(None) => self.me().map_err(|_| page_not_found()),
            // A list of an unknown user is a page that does not exist.
            Err(unknown) if unknown.status == 404 => Err(page_not_found()),
            Err(other) => Err(other),
        }
    }

    /// The user that the request names, or the authenticated user, whose posts and follows the caller may read.
    pub(super) fn readable_user_or_me(&self) -> Result<u64, ApiError> {
        let user = self.user_or_me()?;
        if self.viewer().user == Some(user) || self.response().may_read(user)? {
            return Ok(user);
        }
        Err(ApiError::v1_not_authorized(self.call.endpoint.map_or("", |endpoint| endpoint.path)))
    }

    /// All known users that the request names in lists of IDs and screen names.
    pub(super) fn users_param(&self) -> Result<Vec<u64>, ApiError> {
        let mut found: Vec<u64> = Vec::new();
        for id in self.list_param("user_id") {
            let Ok(id) = id.parse() else { continue };
            if self.world.username(id)?.is_some() {
                found.push(id);
            }
        }
        for name in self.list_param("screen_name") {
            found.extend(self.world.user_id(name.trim_start_matches('@'))?);
        }
        let mut seen = std::collections::HashSet::new();
        found.retain(|id| seen.insert(*id));
        Ok(found)
    }

    /// Items of a parameter: a list, a text with commas, or a single value.
    pub(super) fn list_param(&self, name: &str) -> Vec<String> {
        v1_params::list(self.call, name)
    }

    /// A Boolean parameter: `true`, `1` and `t` are true.
    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        v1_params::flag(self.call, name)
    }

    /// Builder of the objects of the response.
    pub(super) fn objects(&self) -> V1Objects<'_> {
        V1Objects { world: self.world, call: self.call, viewer: self.viewer() }
    }

    /// Number of items per page.
    pub(super) fn count(&self, default: usize) -> usize {
        self.size("count", default)
    }

    /// IDs on a page of a list, and the cursors of the next and previous page.
    pub(super) fn cursor_page(&self, list: IdList, owner: u64, default: usize) -> Result<(Vec<u64>, Json), ApiError> {
        let below = match self.call.text("cursor").and_then(|text| text.parse::<i64>().ok()) {
            None | Some(-1) => i64::MAX,
            Some(seq) => seq,
        };
        let size = self.count(default);
        let mut found = self.world.list_ids(list, owner, below, size + 1)?;
        let more = found.len() > size;
        found.truncate(size);
        let next = found.last().filter(|_| more).map_or(0, |(_, seq)| *seq);
        let mut cursors = cursors(next);
        // X counts no further either.
        cursors["total_count"] = Json::Null;
        Ok((found.into_iter().map(|(id, _)| id).collect(), cursors))
    }

    /// A page of the posts of these authors, the newest first.
    pub(super) fn authors_page(
        &self,
        authors: &[u64],
        default: usize,
        keep: impl Fn(&PostRow) -> bool,
    ) -> Result<Vec<Arc<PostRow>>, ApiError> {
        let size = self.count(default);
        let (mut below, since) = self.id_bounds();
        let mut rows = Vec::new();
        while rows.len() < size {
            let batch = self.world.posts_by(authors, since, below, BATCH)?;
            let Some(last) = batch.last() else { break };
            below = last.id;
            rows.extend(batch.into_iter().filter(|row| keep(row)));
        }
        rows.truncate(size);
        Ok(rows)
    }

    /// The page has the posts below the first ID and above the second.
    pub(super) fn id_bounds(&self) -> (u64, u64) {
        let id = |name: &str| self.call.text(name).and_then(|text| text.parse::<u64>().ok());
        (id("max_id").map_or(MAX_POSITION, |id| id.saturating_add(1)), id("since_id").unwrap_or_default())
    }

    /// Statuses in the form that the request asks for.
    pub(super) fn statuses_json(&self, rows: &[Arc<PostRow>]) -> Result<Json, ApiError> {
        let objects = self.objects();
        Ok(rows.iter().map(|row| objects.status(row)).collect::<Result<Vec<_>, _>>()?.into())
    }

    /// Users in the form that the request asks for.
    pub(super) fn users_json(&self, ids: &[u64]) -> Result<Vec<Json>, ApiError> {
        let objects = self.objects();
        ids.iter().map(|id| objects.user(*id)).collect()
    }
}

/// Cursors of a page. The previous page has none, as the sandbox pages forward only.
pub(super) fn cursors(next: i64) -> Json {
    json!({"next_cursor": next, "next_cursor_str": next.to_string(), "previous_cursor": 0, "previous_cursor_str": "0"})
}

/// Responds with a page of items under this name, and its cursors.
pub(super) fn page(name: &str, items: impl Into<Json>, mut cursors: Json) -> HandlerResult {
    cursors[name] = items.into();
    Ok((200, cursors.into()))
}
