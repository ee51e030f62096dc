//! Responses to requests for routes that the API does not have.

use std::sync::PoisonError;

use bytes::Bytes;
use chirrup_api::Endpoint;
use http::Response;
use serde_json::json;

use crate::access::received_request::ReceivedRequest;
use crate::response::http::{JSON, simple_response};
use crate::state::Shared;

/// Number of requests that a strict sandbox lists.
const MAX_LISTED: usize = 1_000;

/// Returns the response of X: v1.1 explains it in the body, v2 does not. A strict sandbox responds with 501, names the
/// nearest route, and lists the request.
pub(super) fn unknown_route(shared: &Shared, request: &ReceivedRequest) -> Response<Bytes> {
    let (method, path) = (request.method(), request.path());
    if let Some(requests) = &shared.unknown_requests {
        let mut requests = requests.lock().unwrap_or_else(PoisonError::into_inner);
        let shown: String = path.chars().take(100).collect();
        requests.push_back(format!("{method} {shown}"));
        if requests.len() > MAX_LISTED {
            requests.pop_front();
        }
        let near =
            nearest(method, path).map(|near| format!("; the nearest is {} {} ({})", near.method, near.path, near.id));
        let detail = format!("the API has no route {method} {shown}{}", near.unwrap_or_default());
        let body = json!({"title": "UnknownRoute", "status": 501, "detail": detail, "type": "about:blank"});
        return simple_response(501, Some("application/problem+json"), body.to_string());
    }
    if !path.starts_with("/1.1/") {
        return simple_response(404, None, Bytes::new());
    }
    let body = json!({"errors": [{"code": 34, "message": "Sorry, that page does not exist."}]});
    simple_response(404, Some(JSON), body.to_string())
}

/// Returns the endpoint whose method and path have the most in common with those of a request.
fn nearest(method: &str, path: &str) -> Option<&'static Endpoint> {
    let score = |endpoint: &&Endpoint| {
        let (mut wanted, mut sent) = (endpoint.path.split('/'), path.split('/'));
        let mut score = i64::from(endpoint.method == method);
        loop {
            match (wanted.next(), sent.next()) {
                (None, None) => return score,
                (Some(wanted), Some(sent)) if wanted == sent => score += 10,
                (Some(wanted), Some(_)) if wanted.starts_with('{') => score += 6,
                (Some(wanted), Some(sent)) => score += similarity(wanted, sent),
                _ => score -= 5,
            }
        }
    };
    chirrup_api::all().max_by_key(score)
}

/// Similarity of two segments of a path, from -3 to 9, by the letters that they begin and end with.
fn similarity(one: &str, other: &str) -> i64 {
    let start = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    let end = one.bytes().rev().zip(other.bytes().rev()).take_while(|(a, b)| a == b).count();
    let (common, longest) = ((start + end).min(one.len().min(other.len())), one.len().max(other.len()).max(1));
    (common * 12 / longest) as i64 - 3
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_nearest_route_is_the_one_that_was_meant() {
        for (method, path, expected) in [
            ("GET", "/2/twets/20", "/2/tweets/{id}"),
            ("POST", "/2/tweet", "/2/tweets"),
            ("GET", "/2/users/12/tweet", "/2/users/{id}/tweets"),
            ("GET", "/2/tweets/search/recents", "/2/tweets/search/recent"),
        ] {
            assert_eq!(nearest(method, path).map(|found| found.path), Some(expected), "{path}");
        }
    }
}
