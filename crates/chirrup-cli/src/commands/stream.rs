//! Streams: items on stdout, connection events on stderr.

mod status_line;

use std::fs::File;
use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use chirrup::archive::StreamFile;
use chirrup::model::{Expansion, Post, PostField, Timestamp, UserField};
use chirrup::store::{FileStore, LockedStore, Store as _, open_regular};
use chirrup::{
    BoxFuture, Client, Decode as _, Decoded, Item, Lazy, LiveBuilder, LiveEvent, MergedStreams, StreamStats, Typed,
    merge_streams,
};
use clap::ValueEnum as _;
use tokio::sync::oneshot;

use self::status_line::StatusLine;
use crate::args::{StreamArgs, StreamName};
use crate::error::CliError;
use crate::print::{Printer, one_line, plural};
use crate::progress::notice;
use crate::settings::{file_name_for, state_dir};
use crate::signals;

/// Interval between two updates of the status line, and between two writes of the items.
const UPDATE_INTERVAL: Duration = Duration::from_millis(250);
/// Longest wait for the end of a stream that is closed.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);
/// Time to deliver the received items after the stream is stopped.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);
/// Posts per second that the sandbox of `--sandbox` writes while a stream is read.
const SANDBOX_LOAD: u64 = 2;

/// A merged stream whose items are lines, whatever their type.
trait LineStream {
    fn next(&mut self) -> impl Future<Output = Option<(u32, LiveEvent<Bytes>)>>;
    fn stats(&self) -> StreamStats;
    fn stop(&self);
}

impl<T: Item> LineStream for MergedStreams<Lazy<T>> {
    async fn next(&mut self) -> Option<(u32, LiveEvent<Bytes>)> {
        let (partition, event) = self.next_event().await?;
        Some((partition, event.map(|item| item.bytes().clone())))
    }
    fn stats(&self) -> StreamStats {
        self.stats()
    }
    fn stop(&self) {
        self.stop();
    }
}

/// Opens partitions of a stream and reads them until the stream ends. A stream without partitions is one partition.
async fn open<T: Item>(
    args: &StreamArgs,
    printer: &mut Printer,
    partitions: u32,
    stream: impl Fn(u32) -> LiveBuilder<Typed<T>>,
) -> Result<(), CliError> {
    let chosen: Vec<u32> = if args.partition.is_empty() { (1..=partitions).collect() } else { args.partition.clone() };
    if let Some(invalid) = chosen.iter().find(|n| !(1..=partitions).contains(*n)) {
        let range =
            if partitions == 1 { "the only partition is 1".to_owned() } else { format!("expected 1 to {partitions}") };
        return Err(CliError::usage(format!("partition {invalid} does not exist: {range}")));
    }
    let status = StatusLine::new(printer.quiet(), chosen.len());
    let sink = match &args.into {
        Some(path) => {
            let file = StreamFile::open(path, &name_of(args.stream)).map_err(|why| CliError::write_file(&why))?;
            if file.removed() > 0 {
                let bytes = plural(file.removed(), "byte");
                let path = file.path().display();
                notice(&format!("{bytes} after the last complete line of {path} were moved to {path}.cut"));
            }
            Sink::File(Box::new(file))
        }
        None => {
            let append = |path: &PathBuf| open_regular(path, File::options().append(true));
            let cannot_open = |why: std::io::Error| {
                let path = args.bad.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
                CliError::write(path, why)
            };
            Sink::Stdout { printer, bad: args.bad.as_ref().map(append).transpose().map_err(cannot_open)? }
        }
    };
    let configure = |n| {
        let mut live = stream(n).lazy();
        if let Some(since) = sink.since(n) {
            live = live.since(since);
        }
        if args.no_recovery {
            live = live.without_recovery();
        }
        if args.gzip {
            live = live.gzip();
        }
        if args.evict_stale_connections {
            live = live.evict_stale_connections();
        }
        (n, live)
    };
    let shutdown = signals::shutdown();
    let live = merge_streams(chosen.into_iter().map(configure), 1);
    read(live, sink, status, shutdown, args).await
}

/// Returns the name of a stream on the command line.
fn name_of(stream: StreamName) -> String {
    stream.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
}

const FIELDS: [PostField; 3] = [PostField::AuthorId, PostField::CreatedAt, PostField::Lang];
const USER_FIELDS: [UserField; 1] = [UserField::Verified];

pub(super) async fn run(client: &Client, printer: &mut Printer, args: &StreamArgs) -> Result<(), CliError> {
    if printer.plan().is_some() {
        return Err(CliError::usage("the cost of a stream depends on the number of its items")
            .with_hint("limit the cost with `--budget`, or the number of items with `-n`"));
    }
    // Both are released when the stream ends.
    let _lock = lock(client, printer, args)?;
    let _load = client.own_sandbox().and_then(|sandbox| sandbox.generate_posts(SANDBOX_LOAD).ok());
    macro_rules! posts {
        ($call:expr) => {
            $call.post_fields(FIELDS).user_fields(USER_FIELDS).expansions([Expansion::AuthorId]).live()
        };
    }
    macro_rules! open {
        ($partitions:expr, $stream:expr) => {
            open(args, printer, $partitions, $stream).await
        };
    }
    match args.stream {
        StreamName::Filtered => open!(1, |_| posts!(client.filtered_stream())),
        StreamName::Sample => open!(1, |_| posts!(client.sample_stream())),
        StreamName::Sample10 => open!(2, |n| posts!(client.sample10_stream(n))),
        StreamName::Firehose => open!(20, |n| posts!(client.firehose(n))),
        StreamName::FirehoseEn => open!(8, |n| posts!(client.firehose_en(n))),
        StreamName::FirehoseJa => open!(2, |n| posts!(client.firehose_ja(n))),
        StreamName::FirehoseKo => open!(2, |n| posts!(client.firehose_ko(n))),
        StreamName::FirehosePt => open!(2, |n| posts!(client.firehose_pt(n))),
        StreamName::Likes => open!(20, |n| client.likes_firehose(n).live()),
        StreamName::LikesSample10 => open!(2, |n| client.likes_sample10_stream(n).live()),
        StreamName::PostsCompliance => open!(4, |n| client.posts_compliance_stream(n).live()),
        StreamName::UsersCompliance => open!(4, |n| client.users_compliance_stream(n).live()),
        StreamName::LikesCompliance => open!(1, |_| client.likes_compliance_stream().live()),
        StreamName::Labels => open!(1, |_| client.labels_stream().live()),
        StreamName::Activity => open!(1, |_| client.activity_stream().live()),
    }
}

/// Locks a stream, and warns if another process of this user reads it: X limits the connections of an app.
fn lock(client: &Client, printer: &Printer, args: &StreamArgs) -> Result<Option<Box<dyn LockedStore>>, CliError> {
    let Some(folder) = state_dir(client.base_url()) else { return Ok(None) };
    let host = file_name_for(client.base_url());
    let file = folder.join("streams").join(format!("{host}-{:?}", args.stream));
    let lock = FileStore::volatile(file).try_lock()?;
    if lock.is_none() {
        printer.hint("another `chirrup stream` reads this stream: X may refuse one of the connections");
    }
    Ok(lock)
}

/// Destination of the items.
enum Sink<'p> {
    Stdout { printer: &'p mut Printer, bad: Option<File> },
    File(Box<StreamFile>),
}

impl Sink<'_> {
    /// Takes an event. Returns whether it was a new item.
    fn take(&mut self, stream: StreamName, partition: u32, event: &LiveEvent<Bytes>) -> Result<bool, CliError> {
        match self {
            Self::File(file) => return file.record(partition, event).map_err(|why| CliError::write_file(&why)),
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

    /// Time from which a partition has to be recovered.
    fn since(&self, partition: u32) -> Option<Timestamp> {
        match self {
            Self::File(file) => file.checkpoint(partition),
            Self::Stdout { .. } => None,
        }
    }

    /// Writes buffered items to the terminal or the disk.
    fn flush(&mut self) -> Result<(), CliError> {
        match self {
            Self::Stdout { printer, .. } => printer.flush(),
            Self::File(file) => file.commit_if_due().map_err(|why| CliError::write_file(&why)),
        }
    }

    /// Commits all items. Returns what the final status line says about them.
    fn finish(&mut self) -> Result<String, CliError> {
        let Self::File(file) = self else { return Ok(String::new()) };
        file.commit().map_err(|why| CliError::write_file(&why))?;
        Ok(format!("; {} new in {}", file.lines_written(), file.path().display()))
    }
}

/// Reads a stream until it ends, a limit is reached, or a signal arrives. Closes it, so that the cost of all that has
/// arrived is recorded.
async fn read(
    mut live: impl LineStream,
    mut sink: Sink<'_>,
    mut status: StatusLine,
    shutdown: oneshot::Receiver<()>,
    args: &StreamArgs,
) -> Result<(), CliError> {
    let end = read_items(&mut live, &mut sink, &mut status, shutdown, args).await;
    let written = end.and_then(|end| Ok((end, sink.finish()?)));
    live.stop();
    let _ = tokio::time::timeout(CLOSE_TIMEOUT, async { while live.next().await.is_some() {} }).await;
    let (end, written) = written?;
    status.finish(&live.stats(), &written);
    end
}

/// Returns why the stream ended, or an error of the output.
async fn read_items(
    live: &mut impl LineStream,
    sink: &mut Sink<'_>,
    status: &mut StatusLine,
    mut shutdown: oneshot::Receiver<()>,
    args: &StreamArgs,
) -> Result<Result<(), CliError>, CliError> {
    let mut timer: BoxFuture<()> = match args.seconds {
        Some(seconds) => Box::pin(tokio::time::sleep(Duration::from_secs(seconds))),
        None => Box::pin(std::future::pending()),
    };
    let (mut updates, mut stopping, mut items) = (tokio::time::interval(UPDATE_INTERVAL), false, 0);
    loop {
        let event = tokio::select! {
            event = live.next() => event,
            _ = updates.tick() => {
                status.update(&live.stats());
                sink.flush()?;
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
        items += u64::from(sink.take(args.stream, partition, &event)?);
        if let LiveEvent::Ended(why) = event {
            return Ok(Err(why.into()));
        }
        if args.limit.is_some_and(|limit| items >= limit) {
            return Ok(Ok(()));
        }
    }
}

/// Prints an item: a post as a line for people, everything else as JSON.
fn print_item(printer: &mut Printer, stream: StreamName, line: &Bytes) -> Result<(), CliError> {
    let text = String::from_utf8_lossy(line);
    let without_posts = [
        StreamName::Likes,
        StreamName::LikesSample10,
        StreamName::PostsCompliance,
        StreamName::UsersCompliance,
        StreamName::LikesCompliance,
        StreamName::Labels,
        StreamName::Activity,
    ];
    if printer.is_for_programs() || without_posts.contains(&stream) {
        return printer.stream_item(&text);
    }
    match Typed::<Post>::decode(line) {
        Ok(Decoded { item, .. }) => {
            item.undecoded.iter().for_each(|problem| notice(&one_line(&problem.to_string())));
            printer.stream_post(&item)
        }
        Err(why) => {
            notice(&one_line(&format!("cannot decode a post, which is printed as JSON: {why}")));
            printer.raw_json_line(&text)
        }
    }
}
