//! Money and rate limits: what was spent, and what is left.

use chirrup::{Client, Clock as _, Cost, LimitScope, PriceList, SystemClock, all, limits_for};
use serde_json::json;

use crate::exit::Failed;
use crate::print::Printer;

/// What was spent this month.
pub(super) async fn spend(client: &Client, printer: &mut Printer) -> Result<(), Failed> {
    let lines = client.ledger().report(SystemClock.now()).await?;
    let total: Cost = lines.iter().map(|line| line.cost).sum();
    let items = lines.iter().map(|line| {
        json!({
            "day": line.day, "endpoint": line.endpoint, "calls": line.calls, "things": line.things,
            "cost": line.cost.to_string(), "micros": line.cost.micros(),
        })
    });
    let json = json!({"data": items.collect::<Vec<_>>(), "total": total.to_string(), "micros": total.micros()});
    printer.reply(&json, |printer| {
        let rows = lines.iter().map(|line| {
            let counts = [line.calls.to_string(), line.things.to_string(), line.cost.to_string()];
            [line.day.clone(), line.endpoint.clone()].into_iter().chain(counts).collect()
        });
        printer.table(&["day", "endpoint", "calls", "paid for", "cost"], rows.collect())?;
        printer.done(&format!("{total} this month"))
    })
}

/// The price list, in the form in which another one can be given.
pub(super) fn prices(list: &PriceList, printer: &mut Printer) -> Result<(), Failed> {
    let rows: Vec<_> = list.entries().collect();
    let items = rows.iter().map(|(kind, what, cost)| json!({"kind": kind, "what": what, "dollars": plain(*cost)}));
    printer.reply(&json!({"data": items.collect::<Vec<_>>()}), |printer| {
        printer.line("kind\twhat\tdollars")?;
        rows.iter().try_for_each(|(kind, what, cost)| printer.line(&format!("{kind}\t{what}\t{}", plain(*cost))))
    })
}

fn plain(cost: Cost) -> String {
    cost.to_string().trim_start_matches('$').to_owned()
}

/// The windows that are open, as far as they are known here.
pub(super) fn limits(client: &Client, printer: &mut Printer) -> Result<(), Failed> {
    let states = client.rate_limits();
    let items = states.iter().map(|state| {
        json!({
            "endpoint": state.endpoint, "window_seconds": state.window.as_secs(), "limit": state.limit,
            "remaining": state.remaining, "reset": state.reset,
        })
    });
    printer.list(items.collect(), |printer| {
        let rows = states.iter().map(|state| {
            let numbers = [state.remaining.to_string(), state.limit.to_string(), span(state.window.as_secs())];
            let reset: String = state.reset.to_string().chars().take(19).collect();
            [state.endpoint.clone()].into_iter().chain(numbers).chain([reset.replace('T', " ")]).collect()
        });
        printer.table(&["endpoint", "left", "of", "window", "until (UTC)"], rows.collect())
    })
}

/// What X documents.
pub(super) fn documented(printer: &mut Printer) -> Result<(), Failed> {
    let rows: Vec<_> = all().flat_map(|meta| limits_for(meta).map(move |limit| (meta, limit))).collect();
    let scope = |scope| if scope == LimitScope::User { "user" } else { "app" };
    let items = rows.iter().map(|(meta, limit)| {
        json!({"endpoint": meta.id, "per": scope(limit.scope), "limit": limit.calls, "window_seconds": limit.seconds})
    });
    printer.list(items.collect(), |printer| {
        let cells = rows.iter().map(|(meta, limit)| {
            vec![meta.id.to_owned(), limit.calls.to_string(), span(limit.seconds.into()), scope(limit.scope).to_owned()]
        });
        printer.table(&["endpoint", "calls", "window", "of each"], cells.collect())
    })
}

fn span(seconds: u64) -> String {
    match seconds {
        86_400 => "a day".to_owned(),
        60.. => format!("{} min", seconds / 60),
        _ => format!("{seconds} s"),
    }
}
