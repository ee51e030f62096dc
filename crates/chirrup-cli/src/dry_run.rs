//! Runs that send nothing: what would be sent, and what it would cost at most.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use chirrup::{BoxFuture, Cost, PriceList, RawResponse, Request, Transport, TransportError, TransportErrorKind};
use serde_json::{Value as Json, json};

use crate::exit::Failed;
use crate::print::Printer;

/// A call that was not sent.
#[derive(Debug)]
struct Planned {
    endpoint: String,
    method: String,
    path: String,
    /// How many times it is sent at most.
    times: u64,
    /// What one of them costs at most.
    most: Cost,
    /// How many items one of them brings.
    items: u64,
}

/// What a command would send.
#[derive(Debug)]
pub(crate) struct Plan {
    prices: PriceList,
    calls: Mutex<Vec<Planned>>,
}

impl Plan {
    pub(crate) fn new(prices: PriceList) -> Self {
        Self { prices, calls: Mutex::default() }
    }

    /// Says that the last call goes on, page by page, until so many items are there.
    pub(crate) fn goes_on_for(&self, items: usize) {
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(last) = calls.last_mut() {
            last.times = (items as u64).div_ceil(last.items.max(1)).max(1);
        }
    }

    fn note(&self, request: &Request) {
        let path = request.url.split_once("://").and_then(|(_, rest)| Some(&rest[rest.find('/')?..]));
        let planned = Planned {
            endpoint: request.endpoint.map_or_else(|| "any route".to_owned(), |meta| meta.id.to_owned()),
            method: request.method.to_string(),
            path: path.unwrap_or("/").to_owned(),
            times: 1,
            most: request.endpoint.map_or(Cost::ZERO, |meta| self.prices.max_cost(meta, &request.cost_inputs)),
            items: request.cost_inputs.items,
        };
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).push(planned);
    }

    /// Whether nothing would be sent.
    pub(crate) fn is_empty(&self) -> bool {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// Shows it.
    pub(crate) fn show(&self, printer: &mut Printer) -> Result<(), Failed> {
        let calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let total: Cost = calls.iter().map(|call| call.most.saturating_mul(call.times)).sum();
        let items = calls.iter().map(|call| {
            json!({
                "endpoint": call.endpoint, "method": call.method, "path": call.path, "times": call.times,
                "most_micros": call.most.saturating_mul(call.times).micros(),
            })
        });
        let json = json!({"data": items.collect::<Vec<_>>(), "most": total.to_string(), "most_micros": total.micros()});
        printer.reply(&json, |printer| {
            let rows = calls.iter().map(|call| {
                let path = call.path.split('?').next().unwrap_or_default().to_owned();
                let cost = call.most.saturating_mul(call.times).to_string();
                vec![call.times.to_string(), call.method.clone(), path, call.endpoint.clone(), cost]
            });
            printer.table(&["times", "method", "path", "endpoint", "costs up to"], rows.collect())?;
            printer.done(&format!("nothing was sent; it would cost up to {total}"))
        })
    }
}

/// Notes calls in place of sending them.
#[derive(Debug)]
pub(crate) struct DryRun(pub(crate) Arc<Plan>);

impl Transport for DryRun {
    fn send(&self, request: Request) -> BoxFuture<Result<RawResponse, TransportError>> {
        self.0.note(&request);
        let who = json!({"data": {"id": "1", "name": "somebody", "username": "somebody"}});
        // Who is meant has to be known for what comes next; of all else, nothing is made up.
        let result = match request.endpoint.map(|meta| meta.id) {
            Some("get_me" | "get_user_by_name") => Ok(answer(&who)),
            Some(_) if request.cost_inputs.items > 1 => Ok(answer(&json!({"meta": {"result_count": 0}}))),
            _ => Err(TransportError::new(TransportErrorKind::Configuration, "this is a dry run: nothing was sent")),
        };
        Box::pin(async { result })
    }
}

fn answer(body: &Json) -> RawResponse {
    RawResponse {
        status: http::StatusCode::OK,
        headers: http::HeaderMap::new(),
        body: Bytes::from(body.to_string()),
        send_info: chirrup::SendInfo::default(),
    }
}
