//! The sources of a collection, one after another: once, or at an interval with what is newer than the stored results.

use std::slice;
use std::time::Duration;

use chirrup::{Client, Clock as _, Cost, ErrorKind, SystemClock};
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::{hydrate, stream, verb};
use crate::args::{Command, Global};
use crate::command_line::Action;
use crate::error::CliError;
use crate::exit::ExitStatus;
use crate::print::{Printer, one_line};
use crate::{progress, signals};

/// Repeats a collection at an interval, until `times` passes have ended, a signal arrives, or the budget of the run is
/// used up. A pass that takes longer than the interval skips the times that it has missed.
pub(super) async fn run(
    client: &Client,
    printer: &mut Printer,
    collection: &Action,
    (every, times): (Duration, Option<u64>),
    global: &Global,
) -> Result<(), CliError> {
    let mut interrupted = signals::shutdown();
    let mut passes = interval(every);
    passes.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut left = times.unwrap_or(u64::MAX);
    let mut next = Instant::now();
    while left > 0 {
        let spinner = wait_for(next, printer);
        let began = tokio::select! {
            began = passes.tick() => began,
            // Nothing is under way.
            _ = &mut interrupted => return Ok(()),
        };
        drop(spinner);
        match collect_all(client, printer, slice::from_ref(collection), global.no_wait).await {
            Err(error) if left > 1 && is_of_this_pass(&error, client, global.budget) => report(&error, printer),
            pass => pass?,
        }
        printer.set_resume(None);
        (left, next) = (left - 1, began + every);
    }
    Ok(())
}

/// Collects the sources of a description, which share the budget.
pub(super) async fn collect_all(
    client: &Client,
    printer: &mut Printer,
    sources: &[Action],
    no_wait: bool,
) -> Result<(), CliError> {
    for source in sources {
        let collected = match source {
            Action::Verb(call) => verb::run(client, printer, call).await,
            Action::Hydrate(args) => hydrate::run(client, printer, args).await,
            Action::Lines(args) => stream::run_lines(client, printer, args, no_wait).await,
            Action::Command(Command::Stream(args)) => stream::run(client, printer, args).await,
            Action::Collection(sources) => Box::pin(collect_all(client, printer, sources, no_wait)).await,
            Action::Command(_) => Ok(()),
        };
        match collected {
            // A dry run of a source ends with an error.
            Err(error) if error.is_end_of_dry_run() && printer.plan().is_some() => {}
            collected => collected?,
        }
    }
    Ok(())
}

/// Whether the next pass can succeed in spite of this error: the network fails for a time, and the budgets of a day and a month
/// begin again.
fn is_of_this_pass(error: &CliError, client: &Client, budget: Option<Cost>) -> bool {
    let CliError::Api(api) = error else { return false };
    match api.kind() {
        ErrorKind::Budget => {
            let left_of_run = budget.map(|budget| budget.saturating_sub(client.spent().run));
            // The budget with the smallest rest is the one that is used up.
            left_of_run.is_none_or(|left| client.budget_left().is_some_and(|smallest| smallest < left))
        }
        _ => matches!(error.status(), ExitStatus::Network | ExitStatus::RateLimited),
    }
}

fn report(error: &CliError, printer: &Printer) {
    if !printer.quiet() {
        let why = one_line(&error.to_string());
        progress::notice(&format!("this pass failed and the next one continues it: {why}"));
    }
}

/// Shows on a terminal when the next pass begins, until it is dropped.
fn wait_for(next: Instant, printer: &Printer) -> Waiting {
    let bar = (!printer.hides_progress()).then(progress::spinner);
    let wait = i64::try_from(next.saturating_duration_since(Instant::now()).as_millis()).unwrap_or(i64::MAX);
    let time = SystemClock.now().plus_millis(wait).to_time_of_day();
    bar.iter().for_each(|bar| bar.set_message(format!("the next pass begins at {time} UTC")));
    Waiting(bar)
}

/// Spinner of a wait.
struct Waiting(Option<indicatif::ProgressBar>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.iter().for_each(indicatif::ProgressBar::finish_and_clear);
    }
}
