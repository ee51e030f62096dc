//! Dry runs: the requests of a command and their maximum cost, without sending them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chirrup::{BoxFuture, Cost, PriceList, RawResponse, Request, Transport, TransportError, TransportErrorKind};
use serde_json::{Value as Json, json};

use crate::error::CliError;
use crate::print::Printer;

/// A request that was not sent.
#[derive(Debug)]
struct PlannedRequest {
    endpoint: String,
    method: String,
    path: String,
    /// Number of pages, which is the number of requests.
    times: u64,
    /// Maximum cost of one request.
    max_cost: Cost,
    /// Number of items per page.
    items: u64,
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

    fn requests(&self) -> MutexGuard<'_, Vec<PlannedRequest>> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Repeats the last request for as many pages as this number of items takes.
    pub(crate) fn repeat_for_items(&self, items: usize) {
        if let Some(last) = self.requests().last_mut() {
            last.times = (items as u64).div_ceil(last.items.max(1)).max(1);
        }
    }

    fn record(&self, request: &Request) {
        let path = request.url.split_once("://").and_then(|(_, rest)| Some(&rest[rest.find('/')?..]));
        let planned = PlannedRequest {
            endpoint: request.endpoint.map_or_else(|| "unknown".to_owned(), |meta| meta.id.to_owned()),
            method: request.method.to_string(),
            path: path.unwrap_or("/").to_owned(),
            times: 1,
            max_cost: request.endpoint.map_or(Cost::ZERO, |meta| self.prices.max_cost(meta, &request.cost_inputs)),
            items: request.cost_inputs.items,
        };
        self.requests().push(planned);
    }

    /// Whether the command would send nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.requests().is_empty()
    }

    /// Prints the requests and their maximum cost.
    pub(crate) fn print(&self, printer: &mut Printer) -> Result<(), CliError> {
        let requests = self.requests();
        let total: Cost = requests.iter().map(|request| request.max_cost.saturating_mul(request.times)).sum();
        let items = requests.iter().map(|request| {
            json!({
                "endpoint": request.endpoint, "method": request.method, "path": request.path, "times": request.times,
                "max_cost_micros": request.max_cost.saturating_mul(request.times).micros(),
            })
        });
        let json = json!({"data": items.collect::<Vec<_>>(), "max_cost": total.to_string(), "max_cost_micros": total.micros()});
        printer.response(&json, |printer| {
            let rows = requests.iter().map(|request| {
                let path = request.path.split('?').next().unwrap_or_default().to_owned();
                let cost = request.max_cost.saturating_mul(request.times).to_string();
                vec![request.times.to_string(), request.method.clone(), path, request.endpoint.clone(), cost]
            });
            printer.table(&["times", "method", "path", "endpoint", "maximum cost"], rows.collect())?;
            printer.note(&format!("nothing was sent; the maximum cost is {total}"))
        })
    }
}

/// Transport that records requests instead of sending them.
#[derive(Debug)]
pub(crate) struct DryRun(pub(crate) Arc<Plan>);

impl Transport for DryRun {
    fn send(&self, request: Request) -> BoxFuture<Result<RawResponse, TransportError>> {
        self.0.record(&request);
        let user = json!({"data": {"id": "1", "name": "user", "username": "user"}});
        // The requests after a lookup of a user need an ID. Everything else ends the command.
        let result = match request.endpoint.map(|meta| meta.id) {
            Some("get_me" | "get_user_by_name") => Ok(response(&user)),
            Some(_) if request.cost_inputs.items > 1 => Ok(response(&json!({"meta": {"result_count": 0}}))),
            _ => Err(TransportError::new(TransportErrorKind::Configuration, "dry run: nothing was sent")),
        };
        Box::pin(async { result })
    }
}

fn response(body: &Json) -> RawResponse {
    RawResponse::new(http::StatusCode::OK, http::HeaderMap::new(), body.to_string())
}
