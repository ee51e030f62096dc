//! Plans: the requests of a dry run, their maximum cost, and the time that they take.

use std::time::Duration;

use chirrup::{AuthKind, Cost};
use serde_json::json;

use crate::dry_run::{Plan, PlannedRequest};
use crate::error::CliError;
use crate::estimate::{Estimate, min_time};
use crate::print::{Printer, duration, plural};

/// Number of items for which the cost is named if their number is unknown.
const SAMPLE: usize = 1_000;

/// Prints the requests of a dry run, their maximum cost, and the time that they take at least.
pub(super) fn print(plan: &Plan, source: &str, printer: &mut Printer) -> Result<(), CliError> {
    let requests = plan.requests();
    let estimates: Vec<&Estimate> = requests.iter().map(|request| &request.estimate).collect();
    let (total, time): (Cost, _) =
        (estimates.iter().filter_map(|estimate| estimate.max_cost()).sum(), min_time(&estimates));
    let items = requests.iter().map(|request| {
        let mut item = request.estimate.json();
        (item["method"], item["path"]) = (request.method.as_str().into(), request.target.as_str().into());
        item
    });
    let unknown = estimates.iter().filter(|estimate| estimate.max_cost().is_none()).count() as u64;
    let mut notes: Vec<String> = requests.iter().filter_map(PlannedRequest::surplus).collect();
    notes.extend(estimates.iter().filter(|estimate| estimate.requests().is_none()).map(|estimate| describe(estimate)));
    if requests.iter().any(PlannedRequest::has_unknown_id) {
        notes.push("{unknown} is an ID from the response to an earlier request".to_owned());
    }
    let mut kinds: Vec<&str> =
        estimates.iter().filter_map(|estimate| estimate.credential).map(AuthKind::name).collect();
    kinds.dedup();
    let json = json!({
        "credential_source": source, "notes": notes, "data": items.collect::<Vec<_>>(), "max_cost": total.to_string(),
        "max_cost_micros": total.micros(), "requests_of_unknown_cost": unknown,
        "min_seconds": time.map(|time| time.as_secs()),
    });
    printer.document(&json, |printer| {
        let rows = requests.iter().map(|request| {
            let PlannedRequest { method, path, estimate, .. } = request;
            let times = estimate.requests().map_or_else(|| "unknown".to_owned(), |times| times.to_string());
            let cost = estimate.max_cost().map_or_else(|| "unknown".to_owned(), |cost| cost.to_string());
            vec![times, method.clone(), path.clone(), estimate.endpoint().to_owned(), cost]
        });
        printer.table(&["times", "method", "path", "endpoint", "maximum cost"], rows.collect())?;
        let unknown =
            if unknown == 0 { String::new() } else { format!(" plus {} of unknown cost", plural(unknown, "request")) };
        notes.iter().try_for_each(|note| printer.note(note))?;
        if !kinds.is_empty() {
            printer.note(&format!("with the {} credential of {source}", kinds.join(" and ")))?;
        }
        let time = time.filter(|time| *time > Duration::ZERO);
        let time = time.map_or_else(String::new, |time| format!("; the rate limits take at least {}", duration(time)));
        printer.note(&format!("nothing was sent; the maximum cost is {total}{unknown}{time}"))
    })
}

/// Describes an estimate in words: that of a number of items if the number of requests is unknown.
pub(super) fn describe(estimate: &Estimate) -> String {
    let Some(requests) = estimate.requests() else {
        let mut sample = estimate.clone();
        sample.repeat_for_items(SAMPLE);
        return format!("the number of results is unknown; for each {SAMPLE}, {}", describe(&sample));
    };
    let cost = estimate.max_cost().map_or_else(|| "unknown cost".to_owned(), |cost| format!("at most {cost}"));
    let time = match min_time(&[estimate]) {
        Some(time) if !time.is_zero() => format!(", at least {} within the rate limit", duration(time)),
        _ => String::new(),
    };
    format!("{} to {}: {cost}{time}", plural(requests, "request"), estimate.endpoint())
}
