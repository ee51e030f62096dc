//! Rate limits: the known windows and the documented limits.

use chirrup::{Client, LimitScope, all};
use serde_json::json;

use super::spend::explain_missing_state;
use crate::error::CliError;
use crate::print::Printer;

/// Prints the open windows that earlier responses reported.
pub(super) fn known(client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let windows = client.rate_limits();
    let items = windows.iter().map(|window| {
        json!({
            "endpoint": window.endpoint, "window_seconds": window.window.as_secs(), "limit": window.limit,
            "remaining": window.remaining, "reset": window.reset,
        })
    });
    printer.list(items.collect(), |printer| {
        if windows.is_empty() {
            return printer.note("no rate limits are known");
        }
        let rows = windows.iter().map(|window| {
            let numbers = [window.remaining.to_string(), window.limit.to_string(), duration(window.window.as_secs())];
            let reset: String = window.reset.to_string().chars().take(19).collect();
            [window.endpoint.clone()].into_iter().chain(numbers).chain([reset.replace('T', " ")]).collect()
        });
        printer.table(&["endpoint", "remaining", "limit", "window", "reset (UTC)"], rows.collect())
    })?;
    explain_missing_state(client, printer);
    Ok(())
}

/// Prints the rate limits that X documents.
pub(super) fn documented(printer: &mut Printer) -> Result<(), CliError> {
    let rows: Vec<_> = all().flat_map(|meta| meta.documented_limits().map(move |limit| (meta, limit))).collect();
    let scope = |scope| if scope == LimitScope::User { "user" } else { "app" };
    let items = rows.iter().map(|(meta, limit)| {
        json!({"endpoint": meta.id, "per": scope(limit.scope), "limit": limit.calls, "window_seconds": limit.seconds})
    });
    printer.list(items.collect(), |printer| {
        let cells = rows.iter().map(|(meta, limit)| {
            let window = duration(limit.seconds.into());
            vec![meta.id.to_owned(), limit.calls.to_string(), window, scope(limit.scope).to_owned()]
        });
        printer.table(&["endpoint", "limit", "window", "per"], cells.collect())
    })
}

fn duration(seconds: u64) -> String {
    match seconds {
        86_400 => "1 day".to_owned(),
        60.. => format!("{} min", seconds / 60),
        _ => format!("{seconds} s"),
    }
}
