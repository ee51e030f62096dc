//! Lookup of endpoints by method and path, in a trie of the segments of their paths.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::endpoint::Endpoint;
use crate::table::all;

/// All endpoints that share the first segments of their paths.
#[derive(Debug, Default)]
struct Node {
    literals: HashMap<&'static str, Self>,
    /// A placeholder as the next segment, without and with the suffix `.json`.
    placeholder: Option<Box<Self>>,
    placeholder_json: Option<Box<Self>>,
    /// Endpoints whose path ends here, in the order of the table.
    endpoints: Vec<&'static Endpoint>,
}

static ROOT: LazyLock<Node> = LazyLock::new(|| {
    let mut root = Node::default();
    for endpoint in all() {
        let mut node = &mut root;
        for segment in endpoint.path.split('/') {
            node = match segment {
                _ if !segment.starts_with('{') => node.literals.entry(segment).or_default(),
                _ if segment.ends_with(".json") => node.placeholder_json.get_or_insert_default(),
                _ => node.placeholder.get_or_insert_default(),
            };
        }
        node.endpoints.push(endpoint);
    }
    root
});

impl Node {
    /// Literal segments win over placeholders: `/2/users/me` is not `/2/users/{id}`.
    fn find(&self, method: &str, mut rest: std::str::Split<'_, char>) -> Option<&'static Endpoint> {
        let Some(part) = rest.next() else {
            return self.endpoints.iter().copied().find(|endpoint| endpoint.method == method);
        };
        let literal = self.literals.get(part).and_then(|node| node.find(method, rest.clone()));
        if literal.is_some() || part.is_empty() {
            return literal;
        }
        let has_suffix = part.len() > ".json".len() && part.ends_with(".json");
        let with_suffix = self.placeholder_json.as_deref().filter(|_| has_suffix);
        let found = with_suffix.and_then(|node| node.find(method, rest.clone()));
        found.or_else(|| self.placeholder.as_deref()?.find(method, rest))
    }
}

/// Returns the endpoint of this method and path. A placeholder may be written as `{id}` or `:id`, or be filled in.
pub fn by_route(method: &str, path: &str) -> Option<&'static Endpoint> {
    ROOT.find(method, path.split('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::match_path;

    #[test]
    fn every_endpoint_is_found_by_its_path_and_a_filled_in_path() {
        for endpoint in all() {
            assert_eq!(by_route(endpoint.method, endpoint.path).map(|found| found.id), Some(endpoint.id));
            let filled: String = endpoint.path.replace('{', "x").replace('}', "1");
            let found = by_route(endpoint.method, &filled).expect("a filled-in path");
            assert!(match_path(found.path, &filled).is_some(), "{filled} is not {}", found.id);
        }
    }

    #[test]
    fn literal_segments_win_and_empty_placeholders_do_not_match() {
        assert_eq!(by_route("GET", "/2/users/me").map(|endpoint| endpoint.id), Some("get_me"));
        assert_eq!(by_route("GET", "/2/users/12").map(|endpoint| endpoint.id), Some("get_user"));
        for wrong in ["/2/users/", "/2/users/12/", "/2/nothing", "", "/", "/1.1/statuses/show/.json"] {
            assert_eq!(by_route("GET", wrong).map(|endpoint| endpoint.id), None, "{wrong}");
        }
    }
}
