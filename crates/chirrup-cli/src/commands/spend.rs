//! Costs: the ledger of this month and the price list.

use chirrup::{Client, Clock as _, Cost, PriceList, SystemClock};
use serde_json::json;

use crate::error::CliError;
use crate::print::{Printer, plural};
use crate::settings::state_dir;

/// Prints the costs of this month.
pub(super) async fn report(client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let lines = client.ledger().report(SystemClock.now()).await?;
    let total: Cost = lines.iter().map(|line| line.cost).sum();
    let items = lines.iter().map(|line| {
        json!({
            "day": line.day, "endpoint": line.endpoint, "calls": line.calls, "items": line.resources,
            "cost": line.cost.to_string(), "micros": line.cost.micros(), "unsettled": line.unsettled,
        })
    });
    let unsettled: u64 = lines.iter().map(|line| line.unsettled).sum();
    let json = json!({"data": items.collect::<Vec<_>>(), "total": total.to_string(), "micros": total.micros()});
    printer.document(&json, |printer| {
        if lines.is_empty() {
            return printer.note("no costs this month");
        }
        let rows = lines.iter().map(|line| {
            let counts = [line.calls.to_string(), line.resources.to_string(), line.cost.to_string()];
            [line.day.clone(), line.endpoint.clone()].into_iter().chain(counts).collect()
        });
        printer.table(&["day", "endpoint", "calls", "billed items", "cost"], rows.collect())?;
        printer.note(&format!("{total} this month"))?;
        match unsettled {
            0 => Ok(()),
            _ => printer.note(&format!(
                "{} still running, or ended before the cost was recorded: counted with the maximum cost",
                plural(unsettled, "call")
            )),
        }
    })?;
    explain_missing_state(client, printer);
    Ok(())
}

/// Says why nothing is known about a local server.
pub(super) fn explain_missing_state(client: &Client, printer: &Printer) {
    let base_url = client.base_url();
    if state_dir(base_url).is_none() && std::env::var_os("CHIRRUP_STORE").is_none() {
        printer.hint(&format!("nothing is stored for {base_url}: set CHIRRUP_CONFIG_DIR to a folder"));
    }
}

/// Prints the price list in the format of `--price-list`.
pub(super) fn prices(list: &PriceList, printer: &mut Printer) -> Result<(), CliError> {
    let rows: Vec<_> = list.entries().collect();
    let items = rows.iter().map(|(kind, what, cost)| json!({"kind": kind, "what": what, "dollars": dollars(*cost)}));
    printer.document(&json!({"data": items.collect::<Vec<_>>()}), |printer| {
        printer.line("kind\twhat\tdollars")?;
        rows.iter().try_for_each(|(kind, what, cost)| printer.line(&format!("{kind}\t{what}\t{}", dollars(*cost))))
    })
}

fn dollars(cost: Cost) -> String {
    cost.to_string().trim_start_matches('$').to_owned()
}
