//! Rate limits, as the documentation of X lists them: data beside the table.

use std::sync::OnceLock;

use crate::endpoint::Endpoint;

/// Whose calls a limit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LimitScope {
    /// Those of each user.
    User,
    /// Those of the whole app.
    App,
}

/// A limit: so many calls in a window that begins with the first of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DocumentedLimit {
    /// Whose calls it counts.
    pub scope: LimitScope,
    /// How many calls a window allows.
    pub calls: u32,
    /// How long a window is, in seconds.
    pub seconds: u32,
}

struct Row {
    method: &'static str,
    path: &'static str,
    limit: DocumentedLimit,
}

/// Columns: method, path, per user, per app, window, seconds, operation, group, notes.
static DATA: [&str; 2] = [include_str!("../data/rate-limits.tsv"), include_str!("../data/rate-limits-v1.tsv")];

fn rows() -> &'static [Row] {
    static ROWS: OnceLock<Vec<Row>> = OnceLock::new();
    ROWS.get_or_init(|| DATA.iter().flat_map(|data| data.lines().skip(1)).flat_map(read_line).collect())
}

fn read_line(line: &'static str) -> Vec<Row> {
    let columns: Vec<&str> = line.split('\t').collect();
    let [method, path, user, app, _, seconds, ..] = columns[..] else {
        return Vec::new();
    };
    let Ok(seconds) = seconds.parse() else {
        return Vec::new();
    };
    let both = [(LimitScope::User, user), (LimitScope::App, app)];
    let known = both.into_iter().filter_map(|(scope, calls)| Some((scope, calls.parse().ok()?)));
    known.map(|(scope, calls)| Row { method, path, limit: DocumentedLimit { scope, calls, seconds } }).collect()
}

/// The limits of an endpoint; none if X lists none.
pub fn limits_for(endpoint: &Endpoint) -> impl Iterator<Item = DocumentedLimit> + use<> {
    let (method, path) = (endpoint.method, endpoint.path);
    rows().iter().filter(move |row| row.method == method && row.path == path).map(|row| row.limit)
}

/// Endpoints that share their windows. The documentation lists them one by one; the headers count them together.
static SHARED: [&[&str]; 3] = [
    &["send_dm", "send_dm_to", "create_dm_conversation"],
    &["dm_events", "dm_events_with", "dm_events_in"],
    &["v1.show", "v1.status_by_id"],
];

/// As a call of which endpoint its windows count a call of this one: itself, or the first of those that share them.
pub fn counted_as(endpoint: &Endpoint) -> &'static str {
    SHARED.iter().find(|shared| shared.contains(&endpoint.id)).map_or(endpoint.id, |shared| shared[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_that_share_windows_have_the_same_ones() {
        for shared in SHARED {
            let limits = |id: &&str| limits_for(crate::by_id(id).expect("declared")).collect::<Vec<_>>();
            assert!(shared.iter().all(|id| limits(id) == limits(&shared[0])), "{shared:?}");
        }
    }

    #[test]
    fn the_limits_of_the_search_are_those_of_the_documentation() {
        let endpoint = crate::by_id("search_recent").expect("declared");
        assert_eq!(counted_as(endpoint), "search_recent");
        let limits: Vec<DocumentedLimit> = limits_for(endpoint).collect();
        assert!(limits.contains(&DocumentedLimit { scope: LimitScope::User, calls: 300, seconds: 900 }), "{limits:?}");
        assert!(limits.contains(&DocumentedLimit { scope: LimitScope::App, calls: 450, seconds: 900 }), "{limits:?}");
    }
}
