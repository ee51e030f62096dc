//! Dry runs: the requests of a command and their maximum cost, without sending them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chirrup::v2::media::{AppendUpload, BeginUpload, FinishUpload, SetMediaMetadata};
use chirrup::v2::users::{GetMe, GetUserByName};
use chirrup::{BoxFuture, Endpoint, PriceList, RawResponse, Request, Transport, TransportError, TransportErrorKind};
use serde_json::{Value as Json, json};

use crate::estimate::Estimate;

/// A request that was not sent.
#[derive(Debug)]
pub(crate) struct PlannedRequest {
    pub(crate) method: String,
    pub(crate) path: String,
    /// Path and query of the request.
    pub(crate) target: String,
    /// How often it would be sent, its maximum cost and the time that it takes.
    pub(crate) estimate: Estimate,
    /// Number of items that the command shows, if the smallest page has more.
    pub(crate) shown: Option<u64>,
}

/// ID of the authenticated user in responses of a dry run. It differs from all others: reads of own data are cheaper.
const OWN_ID: &str = "999999999999999998";
/// Other IDs in responses of a dry run.
const OTHER_ID: &str = "999999999999999999";
/// Mark in place of an ID that only the response to an earlier request contains.
const UNKNOWN_ID: &str = "{unknown}";

/// Replaces the IDs of simulated responses with a mark.
fn mark_made_up(text: &str) -> String {
    text.replace(OWN_ID, UNKNOWN_ID).replace(OTHER_ID, UNKNOWN_ID)
}

impl PlannedRequest {
    /// Whether the request contains an ID that only the response to an earlier one contains.
    pub(crate) fn has_unknown_id(&self) -> bool {
        self.target.contains(UNKNOWN_ID)
    }

    /// Explains a page with more items than the command shows, all of which are paid for.
    pub(crate) fn surplus(&self) -> Option<String> {
        let shown = self.shown?;
        Some(format!(
            "{}: a page has at least {} items, and all are paid for, not only {shown}",
            self.estimate.endpoint(),
            self.estimate.items_per_request
        ))
    }
}

/// Requests that a command would send.
#[derive(Debug)]
pub(crate) struct Plan {
    prices: PriceList,
    requests: Mutex<Vec<PlannedRequest>>,
}

impl Plan {
    pub(crate) fn new(prices: PriceList) -> Self {
        Self { prices, requests: Mutex::default() }
    }

    /// The requests in the order of their recording.
    pub(crate) fn requests(&self) -> MutexGuard<'_, Vec<PlannedRequest>> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Repeats the last request for as many pages as this number of items takes. `usize::MAX` is no limit.
    pub(crate) fn repeat_for_items(&self, items: usize) {
        if let Some(last) = self.requests().last_mut() {
            last.estimate.repeat_for_items(items);
            last.shown = Some(items as u64).filter(|items| *items < last.estimate.items_per_request);
        }
    }

    fn record(&self, request: &Request) {
        let planned = PlannedRequest {
            method: request.method().to_string(),
            path: mark_made_up(request.path()),
            target: mark_made_up(request.target()),
            estimate: Estimate::of_request(request, &self.prices),
            shown: None,
        };
        self.requests().push(planned);
    }

    /// Whether the command would send nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.requests().is_empty()
    }
}

/// Response to a request whose result the next request of a command needs, or `None` if a command ends with the request.
fn simulated(endpoint: &Endpoint) -> Option<Json> {
    let is_one_of = |endpoints: &[&Endpoint]| endpoints.iter().any(|one| one.id == endpoint.id);
    let user = |id: &str| Some(json!({"data": {"id": id, "name": "user", "username": "user"}}));
    if is_one_of(&[GetMe::ENDPOINT]) {
        return user(OWN_ID);
    }
    if is_one_of(&[GetUserByName::ENDPOINT]) {
        return user(OTHER_ID);
    }
    let uploads = [BeginUpload::ENDPOINT, AppendUpload::ENDPOINT, FinishUpload::ENDPOINT, SetMediaMetadata::ENDPOINT];
    is_one_of(&uploads).then(|| json!({"data": {"id": OTHER_ID, "media_key": format!("3_{OTHER_ID}")}}))
}

/// Transport that records requests instead of sending them.
#[derive(Debug)]
pub(crate) struct DryRun(pub(crate) Arc<Plan>);

impl Transport for DryRun {
    fn send(&self, request: Request) -> BoxFuture<Result<RawResponse, TransportError>> {
        self.0.record(&request);
        let empty_page = || (request.cost_inputs.items > 1).then(|| json!({"meta": {"result_count": 0}}));
        let result = match request.endpoint().and_then(|endpoint| simulated(endpoint).or_else(empty_page)) {
            Some(body) => Ok(response(&body)),
            None => Err(TransportError::new(TransportErrorKind::Configuration, "dry run: nothing was sent")),
        };
        Box::pin(async { result })
    }
}

fn response(body: &Json) -> RawResponse {
    RawResponse::new(http::StatusCode::OK, http::HeaderMap::new(), body.to_string())
}
