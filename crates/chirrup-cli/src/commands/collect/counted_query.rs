//! Query of a source of counts, which X does not repeat in its responses.

use chirrup::Call;
use serde_json::{Map, Value as Json};

/// Query and length of the intervals of a source of counts.
#[derive(Debug)]
pub(super) struct CountedQuery {
    query: String,
    granularity: String,
}

impl CountedQuery {
    /// Returns the query of a call. `None` if the call has none.
    pub(super) fn of(call: &Call) -> Option<Self> {
        let granularity = call.text("granularity").unwrap_or("hour").to_owned();
        Some(Self { query: call.text("query")?.to_owned(), granularity })
    }

    /// Adds the query and an ID to each count of a response: counts of several queries can be in one archive, and a later
    /// count of an interval replaces an earlier one. Other bodies remain, and the archive refuses them.
    pub(super) fn add_to(&self, body: &[u8]) -> Vec<u8> {
        let Ok(mut response) = serde_json::from_slice::<Map<String, Json>>(body) else { return body.to_vec() };
        for count in response.get_mut("data").and_then(Json::as_array_mut).into_iter().flatten() {
            if let Json::Object(count) = count {
                let start = count.get("start").and_then(Json::as_str).unwrap_or_default();
                let id = format!("{} by {} from {start}", self.query, self.granularity);
                count.insert("id".to_owned(), id.into());
                count.insert("query".to_owned(), self.query.clone().into());
                count.insert("granularity".to_owned(), self.granularity.clone().into());
            }
        }
        serde_json::to_vec(&response).unwrap_or_else(|_| body.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_count_has_its_query() {
        let query = CountedQuery { query: "heron".to_owned(), granularity: "day".to_owned() };
        let body = br#"{"data":[{"start":"a","end":"b","tweet_count":3}],"meta":{"total_tweet_count":3}}"#;
        let found: Json = serde_json::from_slice(&query.add_to(body)).unwrap();
        assert_eq!(found["data"][0]["query"], "heron");
        assert_eq!(found["data"][0]["id"], "heron by day from a");
        assert_eq!((&found["data"][0]["granularity"], &found["meta"]["total_tweet_count"]), (&"day".into(), &3.into()));
        assert_eq!(query.add_to(b"no JSON"), b"no JSON");
    }
}
