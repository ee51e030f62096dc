//! Rate limits, as the documentation of X lists them: data beside the table.

use std::sync::OnceLock;

use crate::endpoint::Meta;

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
pub struct Limit {
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
    limit: Limit,
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
    known.map(|(scope, calls)| Row { method, path, limit: Limit { scope, calls, seconds } }).collect()
}

/// The limits of an endpoint; none if X lists none.
pub fn limits_for(meta: &Meta) -> impl Iterator<Item = Limit> + use<> {
    let (method, path) = (meta.method, meta.path);
    rows().iter().filter(move |row| row.method == method && row.path == path).map(|row| row.limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limits_of_the_search_are_those_of_the_documentation() {
        let meta = crate::by_id("search_recent").expect("declared");
        let limits: Vec<Limit> = limits_for(meta).collect();
        assert!(limits.contains(&Limit { scope: LimitScope::User, calls: 300, seconds: 900 }), "{limits:?}");
        assert!(limits.contains(&Limit { scope: LimitScope::App, calls: 450, seconds: 900 }), "{limits:?}");
    }
}
