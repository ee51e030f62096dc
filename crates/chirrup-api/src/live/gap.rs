//! Filling a gap: by the window of the stream that was missed, or else by searching.

use std::collections::BTreeMap;

use bytes::Bytes;
use chirrup_model::{Post, PostId, Timestamp};
use serde_json::{Value as Json, json};

use super::{Filled, Outage};
use crate::call::Call;
use crate::client::Client;
use crate::endpoint::Place;
use crate::error::{Error, ErrorKind};
use crate::pages::Pages;
use crate::transport::BoxFuture;
use crate::v2::posts::SearchRecent;

/// How far the clocks of both sides may be apart, in milliseconds: a gap is asked for with so much more.
const MARGIN_MS: i64 = 10_000;
/// The search knows nothing of what was posted in the last seconds.
const SEARCH_LAG_MS: i64 = 30_000;

/// What could be had of a gap.
pub(super) struct Recovered {
    pub(super) lines: Vec<Bytes>,
    pub(super) filled: Filled,
}

pub(super) fn recover(client: Client, call: Call, outage: Outage) -> BoxFuture<Recovered> {
    Box::pin(async move {
        let from = outage.from.plus_millis(-MARGIN_MS);
        let has_window = call.meta.is_some_and(|meta| meta.param("start_time").is_some());
        let window = match has_window {
            true => window(&client, &call, from, outage.to).await,
            false => Err(Error::configuration("the stream has no past")),
        };
        let why = match window {
            Ok(lines) => return Recovered { filled: Filled::Window(0), lines },
            Err(error) => error,
        };
        let is_filtered = call.meta.is_some_and(|meta| meta.id == "filtered_stream");
        // Whoever may not look into the past of the stream may still search.
        if is_filtered && !matches!(why.kind(), ErrorKind::Network | ErrorKind::Timeout) {
            if let Ok(lines) = search(&client, &call, from, outage.to).await {
                return Recovered { filled: Filled::Search(0), lines };
            }
        }
        Recovered { lines: Vec::new(), filled: Filled::Lost(why.to_string()) }
    })
}

fn text(at: Timestamp) -> Result<Json, String> {
    Ok(at.to_string().into())
}

async fn window(client: &Client, call: &Call, from: Timestamp, to: Timestamp) -> Result<Vec<Bytes>, Error> {
    let mut call = call.clone();
    call.unset("backfill_minutes");
    call.set("start_time", Place::Query, text(from));
    call.set("end_time", Place::Query, text(to));
    let (call, answer) = client.send(call).await?;
    if !answer.status.is_success() {
        return Err(Error::status(&call, answer));
    }
    let lines = answer.body.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    Ok(lines.map(|line| answer.body.slice_ref(line)).collect())
}

/// Searches with each rule of the stream, and makes lines of what is found, as the stream would have sent them.
async fn search(client: &Client, call: &Call, from: Timestamp, to: Timestamp) -> Result<Vec<Bytes>, Error> {
    let rules = client.rules().await?.data;
    let (from, to) = (from.to_string(), to.plus_millis(-SEARCH_LAG_MS).to_string());
    let mut found: BTreeMap<PostId, Json> = BTreeMap::new();
    for rule in rules {
        let Some(query) = &rule.value else { continue };
        let mut search = Call::of(SearchRecent::META);
        search.set("query", Place::Query, Ok(query.as_str().into()));
        search.set("max_results", Place::Query, Ok(100.into()));
        search.set("start_time", Place::Query, Ok(from.as_str().into()));
        search.set("end_time", Place::Query, Ok(to.as_str().into()));
        for view in ["tweet.fields", "user.fields", "media.fields", "place.fields", "poll.fields", "expansions"] {
            if let Some(value) = call.get(view) {
                search.set(view, Place::Query, Ok(value.clone()));
            }
        }
        let mut pages = Pages::<Vec<Post>>::new(client.pending(search));
        while let Some(page) = pages.next_page().await {
            let json = page?.json();
            for post in json["data"].as_array().into_iter().flatten() {
                let Some(id) = post["id"].as_str().and_then(|id| id.parse().ok()) else { continue };
                let line = found.entry(id).or_insert_with(|| {
                    let mut line = json!({"data": post, "matching_rules": []});
                    if json["includes"].is_object() {
                        line["includes"] = json["includes"].clone();
                    }
                    line
                });
                if let Some(rules) = line["matching_rules"].as_array_mut() {
                    rules.push(json!({"id": rule.id, "tag": rule.tag}));
                }
            }
        }
    }
    Ok(found.into_values().map(|line| Bytes::from(line.to_string())).collect())
}
