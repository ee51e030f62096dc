//! Rate limits as X documents them, from the tables in `data/`.

use std::sync::OnceLock;

use super::Endpoint;

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
static TABLES: [&str; 2] = [include_str!("../../data/rate-limits.tsv"), include_str!("../../data/rate-limits-v1.tsv")];

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

impl Endpoint {
    /// Returns the rate limits that X documents for the endpoint. Without any, the limits are unknown.
    pub fn documented_limits(&self) -> impl Iterator<Item = DocumentedLimit> + use<> {
        let (method, path) = (self.method, self.path);
        rows().iter().filter(move |row| row.method == method && row.path == path).map(|row| row.limit)
    }

    /// Returns the ID of the endpoint whose rate limit window counts the calls of this one: its own, or that of an
    /// endpoint with which it shares the window. X documents a limit for each of them, but counts their calls together.
    pub fn window(&self) -> &'static str {
        self.shares_window_with.map_or(self.id, |endpoint| endpoint.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_that_share_a_window_have_the_same_limits() {
        for endpoint in crate::all() {
            let Some(owner) = endpoint.shares_window_with else { continue };
            let limits = |endpoint: &Endpoint| endpoint.documented_limits().collect::<Vec<_>>();
            assert_eq!(limits(endpoint), limits(owner), "{}", endpoint.id);
            assert_eq!(owner.window(), owner.id, "{}: the window belongs to a third endpoint", endpoint.id);
        }
    }

    #[test]
    fn every_line_of_the_limits_has_an_endpoint_and_is_complete() {
        for line in TABLES.iter().flat_map(|table| table.lines().skip(1)) {
            assert!(!parse_line(line).is_empty(), "the line has no limit: {line}");
        }
        for row in rows() {
            let declared = crate::all().any(|endpoint| (endpoint.method, endpoint.path) == (row.method, row.path));
            assert!(declared, "there is no endpoint {} {}", row.method, row.path);
        }
    }

    #[test]
    fn the_limits_of_an_endpoint_without_a_line_are_unknown() {
        let endpoint = crate::by_id("v1.upload").expect("declared");
        assert_eq!(endpoint.documented_limits().count(), 0);
    }

    #[test]
    fn recent_search_has_the_documented_limits() {
        let endpoint = crate::by_id("search_recent").expect("declared");
        assert_eq!(endpoint.window(), "search_recent");
        let limits: Vec<DocumentedLimit> = endpoint.documented_limits().collect();
        assert!(limits.contains(&DocumentedLimit { scope: LimitScope::User, calls: 300, seconds: 900 }), "{limits:?}");
        assert!(limits.contains(&DocumentedLimit { scope: LimitScope::App, calls: 450, seconds: 900 }), "{limits:?}");
    }
}
