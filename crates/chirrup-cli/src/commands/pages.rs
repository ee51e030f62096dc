//! Results of several pages, printed as they arrive.

use std::time::Duration;

use chirrup::internal::UndecodedData;
use chirrup::{BoundCall, Pages};

use crate::args::Count;
use crate::error::CliError;
use crate::exit::ExitStatus;
use crate::print::{Printer, Progress, TableItem};
use crate::{progress, signals};

/// Time that an interrupted program waits for the page that it has requested.
const LAST_PAGE: Duration = Duration::from_secs(3);

/// Time that the reader of a pipe has to close it after the first page, and after the others.
const PATIENCE: [Duration; 2] = [Duration::from_millis(100), Duration::from_millis(20)];

/// Pages whose items stay text until they are printed.
type RawPages = Pages<UndecodedData<true>>;

/// Prints the items of the pages until `count` is reached. What is printed stays, whatever ends the run. `identity` is
/// the fingerprint of the call, which a run with the same `--output` continues.
pub(super) async fn print<T: TableItem>(
    call: BoundCall,
    identity: &str,
    count: &Count,
    printer: &mut Printer,
) -> Result<(), CliError> {
    let (mut progress, start) = printer.begin(identity, count.limit)?;
    if start.complete {
        if start.items > 0 {
            report_file::<T>(&progress, printer, "is complete");
        }
        return Ok(());
    }
    let pages = RawPages::new(call);
    let mut pages = match start.next.as_ref().or(count.page_token.as_ref()) {
        Some(token) => pages.resume_from(token),
        None => pages,
    };
    let bar = progress::counter(T::NOUN, count.limit, printer.hides_progress());
    let printed = print_all::<T>(&mut pages, &mut progress, printer, |progress| {
        bar.set_position(progress.printed() as u64);
    });
    let printed = printed.await;
    bar.finish_and_clear();
    if printed.is_ok() {
        report_file::<T>(&progress, printer, "is written");
        if progress.omitted() > 0 {
            let (all, noun) = (progress.printed() + progress.omitted(), T::NOUN);
            printer
                .hint(&format!("the server returned and billed {all} {noun}; `-n {all}` prints them at the same cost"));
        }
        if progress.is_empty() {
            return printer.no_results();
        }
    }
    printed
}

/// Says what the file of `--output` has.
fn report_file<T: TableItem>(progress: &Progress, printer: &Printer, state: &str) {
    if let Some(file) = printer.output_file()
        && !printer.quiet()
    {
        progress::notice(&format!("{} {state}: {} {}", file.display(), progress.printed(), T::NOUN));
    }
}

async fn print_all<T: TableItem>(
    pages: &mut RawPages,
    progress: &mut Progress,
    printer: &mut Printer,
    on_page: impl Fn(&Progress),
) -> Result<(), CliError> {
    let mut interrupted = None;
    let mut patience = PATIENCE.into_iter();
    while !progress.is_complete() {
        let next = match &mut interrupted {
            None => pages.next_page().await,
            Some(interrupted) => tokio::select! {
                next = pages.next_page() => next,
                _ = interrupted => return last_page::<T>(pages, progress, printer).await,
            },
        };
        if let Some(plan) = printer.plan() {
            plan.repeat_for_items(progress.limit());
        }
        let Some(page) = next else { break };
        if pages.is_done() && page.is_err() {
            // The server repeats its pages: there is nothing to continue with.
            printer.set_resume(None);
        }
        printer.page::<T>(&page?, progress)?;
        on_page(progress);
        commit::<T>(pages, progress, printer)?;
        if pages.token().is_none() || progress.is_complete() {
            break;
        }
        if printer.is_reader_gone(patience.next().unwrap_or(PATIENCE[1])) {
            return Err(CliError::BrokenPipe);
        }
        interrupted.get_or_insert_with(signals::shutdown);
    }
    printer.set_resume(None);
    Ok(())
}

/// Prints the page that is on its way, which is paid for, and ends the program.
async fn last_page<T: TableItem>(
    pages: &mut RawPages,
    progress: &mut Progress,
    printer: &mut Printer,
) -> Result<(), CliError> {
    if let Ok(Some(Ok(page))) = tokio::time::timeout(LAST_PAGE, pages.next_page()).await {
        printer.page::<T>(&page, progress)?;
        commit::<T>(pages, progress, printer)?;
    }
    Err(CliError::new(ExitStatus::Interrupted, "interrupted"))
}

/// Records that a page is printed, and where the next one begins.
fn commit<T: TableItem>(pages: &RawPages, progress: &Progress, printer: &mut Printer) -> Result<(), CliError> {
    let token = pages.token();
    // A limit ends the result of a file: the rest of the page is not in it.
    printer.commit(progress.printed(), token.filter(|_| !progress.is_complete()))?;
    printer.set_resume(token.map(|token| resume::<T>(printer, progress, token)));
    Ok(())
}

/// How to continue after the printed items.
fn resume<T: TableItem>(printer: &Printer, progress: &Progress, token: &str) -> String {
    let (printed, noun) = (progress.printed(), T::NOUN);
    if let Some(file) = printer.output_file() {
        return format!("{printed} {noun} are in {}; repeat the command to continue after them", file.display());
    }
    format!("{printed} {noun} are printed; add `--page-token {token}` to continue after them")
}
