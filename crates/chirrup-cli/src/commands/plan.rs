//! Plans: the requests of a dry run and their maximum cost.

use chirrup::{AuthKind, Cost};
use serde_json::json;

use crate::dry_run::{Plan, PlannedRequest};
use crate::error::CliError;
use crate::print::{Printer, plural};

/// Prints the requests of a dry run and their maximum cost.
pub(super) fn print(plan: &Plan, source: &str, printer: &mut Printer) -> Result<(), CliError> {
    let requests = plan.requests();
    let total: Cost = requests.iter().filter_map(max_cost).sum();
    let items = requests.iter().map(|request| {
        json!({
            "endpoint": request.endpoint, "method": request.method, "path": request.target, "times": request.times,
            "credential": request.credential.map(AuthKind::id),
            "max_cost_micros": max_cost(request).map(Cost::micros),
        })
    });
    let unknown = requests.iter().filter(|request| request.max_cost.is_none()).count() as u64;
    let mut notes: Vec<String> = requests.iter().filter_map(PlannedRequest::surplus).collect();
    if requests.iter().any(PlannedRequest::has_unknown_id) {
        notes.push("{unknown} is an ID from the response to an earlier request".to_owned());
    }
    let mut kinds: Vec<&str> = requests.iter().filter_map(|request| request.credential).map(AuthKind::name).collect();
    kinds.dedup();
    let json = json!({
        "credential_source": source, "notes": notes, "data": items.collect::<Vec<_>>(), "max_cost": total.to_string(), "max_cost_micros": total.micros(),
        "requests_of_unknown_cost": unknown,
    });
    printer.document(&json, |printer| {
        let rows = requests.iter().map(|request| {
            let path = request.path.clone();
            let cost = max_cost(request).map_or_else(|| "unknown".to_owned(), |cost| cost.to_string());
            vec![request.times.to_string(), request.method.clone(), path, request.endpoint.clone(), cost]
        });
        printer.table(&["times", "method", "path", "endpoint", "maximum cost"], rows.collect())?;
        let unknown =
            if unknown == 0 { String::new() } else { format!(" plus {} of unknown cost", plural(unknown, "request")) };
        notes.iter().try_for_each(|note| printer.note(note))?;
        if !kinds.is_empty() {
            printer.note(&format!("with the {} credential of {source}", kinds.join(" and ")))?;
        }
        printer.note(&format!("nothing was sent; the maximum cost is {total}{unknown}"))
    })
}

/// Maximum cost of all repetitions of a request.
fn max_cost(request: &PlannedRequest) -> Option<Cost> {
    request.max_cost.map(|cost| cost.saturating_mul(request.times))
}
