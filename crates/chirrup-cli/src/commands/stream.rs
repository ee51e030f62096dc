//! Streams: items on stdout, connection events on stderr.

mod lines;
pub(super) mod source;
mod status_line;

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use chirrup::archive::{ArchiveStream, JsonlOptions, Rotation};
use chirrup::model::{Post, Timestamp};
use chirrup::store::open_regular;
use chirrup::{BoxFuture, Client, Decode as _, Decoded, LiveEvent, Typed};
use tokio::sync::oneshot;

use self::source::{LineStream, StreamReader, has_posts, lock, name_of, open};
use self::status_line::StatusLine;
#[cfg(feature = "watch")]
pub(super) use self::status_line::describe;
use super::collect;
use crate::args::{LinesArgs, StreamArgs, StreamName};
use crate::error::CliError;
use crate::print::{Printer, one_line};
use crate::progress::notice;
use crate::signals;
use crate::verbs::has_tables;

/// Interval between two updates of the status line, and between two writes of the items.
const UPDATE_INTERVAL: Duration = Duration::from_millis(250);
/// Time to deliver the received items after the stream is stopped.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);

pub(super) async fn run(client: &Client, printer: &mut Printer, args: &StreamArgs) -> Result<(), CliError> {
    refuse_plan(printer)?;
    if let Some(bus) = &args.bus {
        return read_together(client, printer, args, bus).await;
    }
    let _lock = lock(client, printer, args.selection.stream)?;
    let quiet = printer.quiet();
    let sink = Sink::open(printer, args)?;
    let (stream, limit, seconds) = (args.selection.stream, args.limit, args.seconds);
    open(client, &args.selection, args.into.is_some(), Copier { sink, quiet, stream, limit, seconds }).await
}

/// Records the lines of a URL.
pub(super) async fn run_lines(
    client: &Client,
    printer: &mut Printer,
    args: &LinesArgs,
    connects_once: bool,
) -> Result<(), CliError> {
    refuse_plan(printer)?;
    let call = lines::call(client, &args.url)?;
    let sink = Sink::archive(&args.into, args.rotate, &lines::name_of(&call.call(), &args.url))?;
    let (stream, quiet, limit, seconds) = (StreamName::Firehose, printer.quiet(), args.limit, args.seconds);
    let copier = Copier { sink, quiet, stream, limit, seconds };
    let lines = lines::open(call, copier.since(1), connects_once);
    copier.read(lines, 1).await
}

#[cfg(feature = "nats")]
async fn read_together(client: &Client, printer: &Printer, args: &StreamArgs, bus: &Path) -> Result<(), CliError> {
    super::nats::read_together(client, printer, args, bus).await
}

#[cfg(not(feature = "nats"))]
async fn read_together(_: &Client, _: &Printer, _: &StreamArgs, bus: &Path) -> Result<(), CliError> {
    Err(CliError::usage(collect::built_without("nats", bus).to_string()))
}

/// Refuses the dry run of a stream.
pub(super) fn refuse_plan(printer: &Printer) -> Result<(), CliError> {
    match printer.plan() {
        None => Ok(()),
        Some(_) => Err(CliError::usage("the cost of a stream depends on the number of its items")
            .with_hint("run it without a dry run, and limit its cost with `--budget` or its items with `-n`")),
    }
}

/// Destination of the items.
enum Sink<'p> {
    Stdout { printer: &'p mut Printer, bad: Option<File> },
    Archive(Box<ArchiveStream>),
}

impl<'p> Sink<'p> {
    fn open(printer: &'p mut Printer, args: &StreamArgs) -> Result<Self, CliError> {
        let Some(path) = &args.into else {
            let append = |path: &PathBuf| open_regular(path, File::options().append(true));
            let cannot_open = |why: std::io::Error| {
                let path = args.bad.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
                CliError::write(path, why)
            };
            let bad = args.bad.as_ref().map(append).transpose().map_err(cannot_open)?;
            return Ok(Self::Stdout { printer, bad });
        };
        let stream = args.selection.stream;
        if has_tables(path) && !has_posts(stream) {
            return Err(CliError::usage(format!("tables have the posts of a stream, not {}", name_of(stream)))
                .with_hint("choose a file of JSON lines: `--into events.jsonl`"));
        }
        Self::archive(path, args.rotate, &name_of(stream))
    }

    /// Opens an archive for the stream of this name.
    fn archive(path: &Path, rotation: Option<Rotation>, stream: &str) -> Result<Self, CliError> {
        let lines = JsonlOptions { rotation, ..JsonlOptions::default() };
        let recording = collect::open(path, lines).and_then(|archive| ArchiveStream::open(archive, stream));
        Ok(Self::Archive(Box::new(recording.map_err(|why| CliError::write_file(&why))?)))
    }

    /// Takes an event. Returns whether it was a new item.
    fn take(&mut self, stream: StreamName, partition: u32, event: &LiveEvent<Bytes>) -> Result<bool, CliError> {
        match self {
            Self::Archive(recording) => {
                return recording.record(partition, event).map_err(|why| CliError::write_file(&why));
            }
            Self::Stdout { printer, bad } => match event {
                LiveEvent::Item(line) => print_item(printer, stream, line)?,
                LiveEvent::Bad { line, .. } => {
                    if let Some(bad) = bad {
                        bad.write_all(&[line, &b"\n"[..]].concat()).map_err(|why| CliError::write_file(&why))?;
                    }
                }
                _ => {}
            },
        }
        Ok(matches!(event, LiveEvent::Item(_)))
    }

    /// Writes buffered items to the terminal or the disk.
    fn flush(&mut self) -> Result<(), CliError> {
        match self {
            Self::Stdout { printer, .. } => printer.flush(),
            Self::Archive(recording) => recording.commit_if_due().map_err(|why| CliError::write_file(&why)),
        }
    }

    /// Commits all items. Returns what the final status line says about them.
    fn finish(&mut self) -> Result<String, CliError> {
        let Self::Archive(recording) = self else { return Ok(String::new()) };
        recording.finish().map_err(|why| CliError::write_file(&why))?;
        Ok(format!("; {} new in {}", recording.new_items(), recording.path().display()))
    }
}

/// Copies the items of a stream until it ends, a limit is reached, or a signal arrives.
struct Copier<'p> {
    sink: Sink<'p>,
    quiet: bool,
    stream: StreamName,
    limit: Option<u64>,
    seconds: Option<u64>,
}

impl StreamReader for Copier<'_> {
    fn since(&self, partition: u32) -> Option<Timestamp> {
        match &self.sink {
            Sink::Archive(recording) => recording.checkpoint(partition),
            Sink::Stdout { .. } => None,
        }
    }

    async fn read(mut self, mut live: impl LineStream, partitions: usize) -> Result<(), CliError> {
        let mut status = StatusLine::new(self.quiet, partitions);
        let end = self.copy(&mut live, &mut status, signals::shutdown()).await;
        let written = end.and_then(|end| Ok((end, self.sink.finish()?)));
        live.close().await;
        let (end, written) = written?;
        status.finish(&live.stats(), &written);
        end
    }
}

impl Copier<'_> {
    /// Returns why the stream ended, or an error of the output.
    async fn copy(
        &mut self,
        live: &mut impl LineStream,
        status: &mut StatusLine,
        mut shutdown: oneshot::Receiver<()>,
    ) -> Result<Result<(), CliError>, CliError> {
        let mut timer: BoxFuture<()> = match self.seconds {
            Some(seconds) => Box::pin(tokio::time::sleep(Duration::from_secs(seconds))),
            None => Box::pin(std::future::pending()),
        };
        let (mut updates, mut stopping, mut items) = (tokio::time::interval(UPDATE_INTERVAL), false, 0);
        loop {
            let event = tokio::select! {
                event = live.next() => event,
                _ = updates.tick() => {
                    status.update(&live.stats());
                    self.sink.flush()?;
                    continue;
                }
                () = async { tokio::select! { () = &mut timer => {}, Ok(()) = &mut shutdown, if !stopping => {} } } => {
                    if std::mem::replace(&mut stopping, true) {
                        return Ok(Ok(()));
                    }
                    live.stop();
                    // The items that are already received are still delivered, within the timeout.
                    timer = Box::pin(tokio::time::sleep(DRAIN_TIMEOUT));
                    continue;
                }
            };
            let Some((partition, event)) = event else { return Ok(Ok(())) };
            status.event(&event);
            items += u64::from(self.sink.take(self.stream, partition, &event)?);
            if let LiveEvent::Ended(why) = event {
                return Ok(Err(why.into()));
            }
            if self.limit.is_some_and(|limit| items >= limit) {
                return Ok(Ok(()));
            }
        }
    }
}

/// Prints an item: a post as a line for people, everything else as JSON.
fn print_item(printer: &mut Printer, stream: StreamName, line: &Bytes) -> Result<(), CliError> {
    let text = String::from_utf8_lossy(line);
    if printer.is_for_programs() || !has_posts(stream) {
        return printer.stream_item(&text);
    }
    match Typed::<Post>::decode(line) {
        Ok(Decoded { item, .. }) => {
            let undecoded = item.undecoded.iter().chain(item.includes.undecoded());
            undecoded.for_each(|problem| notice(&one_line(&problem.to_string())));
            printer.stream_post(&item)
        }
        Err(why) => {
            notice(&one_line(&format!("cannot decode a post, which is printed as JSON: {why}")));
            printer.raw_json_line(&text)
        }
    }
}
