//! Rate limits as X documents them, from the tables in `data/`.

use std::sync::OnceLock;

use crate::endpoint::Endpoint;

/// Callers that share a rate limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LimitScope {
    /// Each user has a limit of their own.
    User,
    /// All calls of the app count toward one limit.
    App,
}

/// Rate limit of an endpoint: a number of calls per window. A window starts with its first call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct DocumentedLimit {
    /// Callers that share the limit.
    pub scope: LimitScope,
    /// Number of calls allowed per window.
    pub calls: u32,
    /// Length of the window in seconds.
    pub seconds: u32,
}

struct Row {
    method: &'static str,
    path: &'static str,
    limit: DocumentedLimit,
}

/// Documented limits. Columns: method, path, calls per user, calls per app, window, seconds, operation, group, notes.
static TABLES: [&str; 2] = [include_str!("../data/rate-limits.tsv"), include_str!("../data/rate-limits-v1.tsv")];

fn rows() -> &'static [Row] {
    static ROWS: OnceLock<Vec<Row>> = OnceLock::new();
    ROWS.get_or_init(|| TABLES.iter().flat_map(|table| table.lines().skip(1)).flat_map(parse_line).collect())
}

fn parse_line(line: &'static str) -> Vec<Row> {
    let columns: Vec<&str> = line.split('\t').collect();
    let [method, path, user, app, _, seconds, ..] = columns[..] else {
        return Vec::new();
    };
    let Ok(seconds) = seconds.parse() else {
        return Vec::new();
    };
    let limits = [(LimitScope::User, user), (LimitScope::App, app)];
    let limits = limits.into_iter().filter_map(|(scope, calls)| Some((scope, calls.parse().ok()?)));
    limits.map(|(scope, calls)| Row { method, path, limit: DocumentedLimit { scope, calls, seconds } }).collect()
}

/// Returns the documented rate limits of an endpoint, which may be none.
pub fn limits_for(endpoint: &Endpoint) -> impl Iterator<Item = DocumentedLimit> + use<> {
    let (method, path) = (endpoint.method, endpoint.path);
    rows().iter().filter(move |row| row.method == method && row.path == path).map(|row| row.limit)
}

/// Endpoints that share a window. X documents a limit for each, but its headers count their calls together.
static SHARED_WINDOWS: [&[&str]; 3] = [
    &["send_dm", "send_dm_to", "create_dm_conversation"],
    &["dm_events", "dm_events_with", "dm_events_in"],
    &["v1.show", "v1.status_by_id"],
];

/// Returns the ID of the endpoint whose window counts the calls of this one: its own, or the first of a group that
/// shares a window.
pub fn window_of(endpoint: &Endpoint) -> &'static str {
    SHARED_WINDOWS.iter().find(|shared| shared.contains(&endpoint.id)).map_or(endpoint.id, |shared| shared[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_that_share_a_window_have_the_same_limits() {
        for shared in SHARED_WINDOWS {
            let limits = |id: &&str| limits_for(crate::by_id(id).expect("declared")).collect::<Vec<_>>();
            assert!(shared.iter().all(|id| limits(id) == limits(&shared[0])), "{shared:?}");
        }
    }

    #[test]
    fn recent_search_has_the_documented_limits() {
        let endpoint = crate::by_id("search_recent").expect("declared");
        assert_eq!(window_of(endpoint), "search_recent");
        let limits: Vec<DocumentedLimit> = limits_for(endpoint).collect();
        assert!(limits.contains(&DocumentedLimit { scope: LimitScope::User, calls: 300, seconds: 900 }), "{limits:?}");
        assert!(limits.contains(&DocumentedLimit { scope: LimitScope::App, calls: 450, seconds: 900 }), "{limits:?}");
    }
}
