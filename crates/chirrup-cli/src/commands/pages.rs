//! Results of several pages, printed as they arrive.

use std::marker::PhantomData;
use std::time::Duration;

use chirrup::internal::UndecodedData;
use chirrup::{BoundCall, Call, Pages, Response};
use indicatif::ProgressBar;

use crate::args::Count;
use crate::error::CliError;
use crate::exit::ExitStatus;
use crate::print::{Printer, Progress, TableItem};
use crate::{progress, signals};

/// Time that an interrupted program waits for the page that it has requested.
pub(super) const LAST_PAGE: Duration = Duration::from_secs(3);

/// Time that the reader of a pipe has to close it after the first page, and after the others.
const PATIENCE: [Duration; 2] = [Duration::from_millis(100), Duration::from_millis(20)];

/// Pages whose items stay text until they are printed or stored.
pub(super) type RawPages = Pages<UndecodedData<true>>;

/// Destination of pages, which it completes one by one.
pub(super) trait PageSink {
    /// The printer of the command, for the plan of a dry run and the hint of a stopped one.
    fn printer(&mut self) -> &mut Printer;

    /// Maximum number of items.
    fn limit(&self) -> usize;

    /// Whether the limit is reached.
    fn is_complete(&self) -> bool;

    /// Takes a page, and records that it is complete and which page follows.
    fn take(&mut self, page: &Response<UndecodedData<true>>, next: Option<&str>) -> Result<(), CliError>;

    /// Says how to continue at this page.
    fn resume(&self, token: &str) -> String;
}

/// Sink that prints the items.
struct Printed<'p, T> {
    printer: &'p mut Printer,
    progress: Progress,
    bar: ProgressBar,
    items: PhantomData<T>,
}

/// Prints the items of the pages until `count` is reached. What is printed stays, whatever ends the run. `identity` is
/// the fingerprint of the call, which a run with the same `--output` continues.
pub(super) async fn print<T: TableItem>(
    call: BoundCall,
    identity: &str,
    count: &Count,
    printer: &mut Printer,
) -> Result<(), CliError> {
    let (progress, start) = printer.begin(identity, count.limit)?;
    if start.complete {
        if start.items > 0 {
            report_file::<T>(&progress, printer, "is complete");
        }
        return Ok(());
    }
    let bar = progress::counter(T::NOUN, count.limit, printer.hides_progress());
    let mut sink = Printed::<T> { printer, progress, bar, items: PhantomData };
    let printed = read(call, start.next.as_ref().or(count.page_token.as_ref()), &mut sink).await;
    let Printed { printer, progress, bar, .. } = sink;
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

/// Whether the response to a call has pages, as far as is known.
pub(super) fn is_paged(call: &Call) -> bool {
    call.endpoint.is_none_or(|endpoint| endpoint.page_param().is_some())
}

/// Reads the pages of a call, from the one with this token on, until they end or the sink has enough of them.
pub(super) async fn read(call: BoundCall, token: Option<&String>, sink: &mut impl PageSink) -> Result<(), CliError> {
    let is_paged = is_paged(call.call());
    let pages = RawPages::new(call);
    let mut pages = match token {
        Some(token) => pages.resume_from(token),
        None => pages,
    };
    let mut interrupted = None;
    let mut patience = PATIENCE.into_iter();
    while !sink.is_complete() {
        let next = match &mut interrupted {
            None => pages.next_page().await,
            Some(interrupted) => tokio::select! {
                next = pages.next_page() => next,
                _ = interrupted => return last_page(&mut pages, sink).await,
            },
        };
        let limit = sink.limit();
        if let Some(plan) = sink.printer().plan().filter(|_| is_paged) {
            plan.repeat_for_items(limit);
        }
        let Some(page) = next else { break };
        if pages.is_done() && page.is_err() {
            // The server repeats its pages: there is nothing to continue with.
            sink.printer().set_resume(None);
        }
        take(&pages, &page?, sink)?;
        if pages.token().is_none() || sink.is_complete() {
            break;
        }
        if sink.printer().is_reader_gone(patience.next().unwrap_or(PATIENCE[1])) {
            return Err(CliError::BrokenPipe);
        }
        interrupted.get_or_insert_with(signals::shutdown);
    }
    sink.printer().set_resume(None);
    Ok(())
}

/// Takes the page that is on its way, which is paid for, and ends the program.
async fn last_page(pages: &mut RawPages, sink: &mut impl PageSink) -> Result<(), CliError> {
    if let Ok(Some(Ok(page))) = tokio::time::timeout(LAST_PAGE, pages.next_page()).await {
        take(pages, &page, sink)?;
    }
    Err(CliError::new(ExitStatus::Interrupted, "interrupted"))
}

fn take(pages: &RawPages, page: &Response<UndecodedData<true>>, sink: &mut impl PageSink) -> Result<(), CliError> {
    sink.take(page, pages.token())?;
    let resume = pages.token().map(|token| sink.resume(token));
    sink.printer().set_resume(resume);
    Ok(())
}

impl<T: TableItem> PageSink for Printed<'_, T> {
    fn printer(&mut self) -> &mut Printer {
        self.printer
    }

    fn limit(&self) -> usize {
        self.progress.limit()
    }

    fn is_complete(&self) -> bool {
        self.progress.is_complete()
    }

    fn take(&mut self, page: &Response<UndecodedData<true>>, next: Option<&str>) -> Result<(), CliError> {
        self.printer.page::<T>(page, &mut self.progress, next.is_none())?;
        self.bar.set_position(self.progress.printed() as u64);
        // A limit ends the result of a file: the rest of the page is not in it.
        self.printer.commit(self.progress.printed(), next.filter(|_| !self.progress.is_complete()))
    }

    fn resume(&self, token: &str) -> String {
        let (printed, noun) = (self.progress.printed(), T::NOUN);
        if let Some(file) = self.printer.output_file() {
            return format!("{printed} {noun} are in {}; repeat the command to continue after them", file.display());
        }
        format!("{printed} {noun} are printed; add `--page-token {token}` to continue after them")
    }
}
