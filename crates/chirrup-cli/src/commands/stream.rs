//! Streams: items on stdout, what happens to the connection on stderr.

mod status_line;

use std::fs::File;
use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use chirrup::archive::StreamFile;
use chirrup::model::{Delivery, Expansion, Post, PostField, Timestamp, UserField};
use chirrup::store::{FileStore, LockedStore, Store as _};
use chirrup::{
    BoxFuture, Client, Error, Item, Lazy, LiveBuilder, LiveEvent, MergedStreams, StreamStats, Typed, merge_streams,
};
use clap::ValueEnum as _;
use tokio::sync::oneshot;

use self::status_line::StatusLine;
use crate::args::{StreamArgs, StreamName};
use crate::exit::Failed;
use crate::print::Printer;
use crate::settings::folder_for;
use crate::signals;

/// How often the line on stderr is drawn.
const DRAWN: Duration = Duration::from_millis(250);
/// How long a stream that was stopped may take to deliver what it has.
const DRAINED: Duration = Duration::from_secs(10);

/// A stream of any kind, of whose items the lines are wanted.
trait Following {
    fn next(&mut self) -> impl Future<Output = Option<(u32, LiveEvent<Bytes>)>>;
    fn stats(&self) -> StreamStats;
    fn stop(&self);
}

impl<T: Item> Following for MergedStreams<Lazy<T>> {
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

/// Opens these partitions of a stream, or all of them; one that has none is one partition. Follows them until it is
/// stopped.
async fn go<T: Item>(
    args: &StreamArgs,
    printer: &mut Printer,
    partitions: u32,
    stream: impl Fn(u32) -> LiveBuilder<Typed<T>>,
) -> Result<(), Failed> {
    let wanted: Vec<u32> = if args.partition.is_empty() { (1..=partitions).collect() } else { args.partition.clone() };
    if let Some(beyond) = wanted.iter().find(|n| !(1..=partitions).contains(*n)) {
        return Err(Failed::usage(format!("there is no partition {beyond}: they go from 1 to {partitions}")));
    }
    let teller = StatusLine::new(printer.quiet());
    let goal = match &args.into {
        Some(path) => {
            let file = StreamFile::open(path, &name_of(args.stream)).map_err(Failed::Disk)?;
            Goal::Kept(Box::new(file))
        }
        None => {
            let open = |path: &PathBuf| File::options().create(true).append(true).open(path).map_err(Failed::Disk);
            Goal::Printed { printer, bad: args.bad.as_ref().map(open).transpose()? }
        }
    };
    let set_up = |n| {
        let mut live = stream(n).lazy();
        if let Some(since) = goal.since(n) {
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
    let signal = signals::first();
    let live = merge_streams(wanted.into_iter().map(set_up), 1);
    follow(live, goal, teller, signal, args).await
}

/// The name of a stream, as it is typed.
fn name_of(stream: StreamName) -> String {
    stream.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
}

const FIELDS: [PostField; 3] = [PostField::AuthorId, PostField::CreatedAt, PostField::Lang];
const USER_FIELDS: [UserField; 1] = [UserField::Verified];

/// Follows a stream until it is stopped.
pub(super) async fn run(client: &Client, printer: &mut Printer, args: &StreamArgs) -> Result<(), Failed> {
    if printer.plan().is_some() {
        return Err(Failed::usage("what a stream costs depends on what it brings: give it a --budget instead"));
    }
    // Held until the stream is over.
    let _lock = lock(client, printer, args)?;
    macro_rules! posts {
        ($call:expr) => {
            $call.post_fields(FIELDS).user_fields(USER_FIELDS).expansions([Expansion::AuthorId]).live()
        };
    }
    macro_rules! go {
        ($partitions:expr, $stream:expr) => {
            go(args, printer, $partitions, $stream).await
        };
    }
    match args.stream {
        StreamName::Filtered => go!(1, |_| posts!(client.filtered_stream())),
        StreamName::Sample => go!(1, |_| posts!(client.sample_stream())),
        StreamName::Sample10 => go!(2, |n| posts!(client.sample10_stream(n))),
        StreamName::Firehose => go!(20, |n| posts!(client.firehose(n))),
        StreamName::FirehoseEn => go!(8, |n| posts!(client.firehose_en(n))),
        StreamName::FirehoseJa => go!(2, |n| posts!(client.firehose_ja(n))),
        StreamName::FirehoseKo => go!(2, |n| posts!(client.firehose_ko(n))),
        StreamName::FirehosePt => go!(2, |n| posts!(client.firehose_pt(n))),
        StreamName::Likes => go!(20, |n| client.likes_firehose(n).live()),
        StreamName::LikesSample10 => go!(2, |n| client.likes_sample10_stream(n).live()),
        StreamName::PostsCompliance => go!(4, |n| client.posts_compliance_stream(n).live()),
        StreamName::UsersCompliance => go!(4, |n| client.users_compliance_stream(n).live()),
        StreamName::LikesCompliance => go!(1, |_| client.likes_compliance_stream().live()),
        StreamName::Labels => go!(1, |_| client.labels_stream().live()),
        StreamName::Activity => go!(1, |_| client.activity_stream().live()),
    }
}

/// Takes hold of a stream, and warns if another program of this user has: X closes or refuses connections that are too
/// many.
fn lock(client: &Client, printer: &Printer, args: &StreamArgs) -> Result<Option<Box<dyn LockedStore>>, Failed> {
    let Some(folder) = folder_for(client.base_url()) else { return Ok(None) };
    let host: String = client.base_url().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let file = folder.join("streams").join(format!("{host}-{:?}", args.stream));
    let held = FileStore::volatile(file).try_lock()?;
    if held.is_none() && !printer.quiet() {
        let warning = "another chirrup follows this stream: X may refuse one of both, or end it";
        writeln!(std::io::stderr(), "{} {warning}", printer.faint("hint:"))?;
    }
    Ok(held)
}

/// Where the items go: to stdout, or into a file.
enum Goal<'p> {
    Printed { printer: &'p mut Printer, bad: Option<File> },
    Kept(Box<StreamFile>),
}

impl Goal<'_> {
    /// Takes what came; whether it was one more item.
    fn take(&mut self, stream: StreamName, partition: u32, event: &LiveEvent<Bytes>) -> Result<bool, Failed> {
        match self {
            Self::Kept(file) => return file.take(partition, event).map_err(Failed::Disk),
            Self::Printed { printer, bad } => match event {
                LiveEvent::Item(line) => item(printer, stream, line)?,
                LiveEvent::Bad { line, .. } => {
                    if let Some(bad) = bad {
                        bad.write_all(&[line, &b"\n"[..]].concat()).map_err(Failed::Disk)?;
                    }
                }
                _ => {}
            },
        }
        Ok(matches!(event, LiveEvent::Item(_)))
    }

    /// From when on a partition has to bring what it has.
    fn since(&self, partition: u32) -> Option<Timestamp> {
        match self {
            Self::Kept(file) => file.since(partition),
            Self::Printed { .. } => None,
        }
    }

    /// What was taken is printed or brought to the disk before more of it comes.
    fn tick(&mut self) -> Result<(), Failed> {
        match self {
            Self::Printed { printer, .. } => printer.finish(),
            Self::Kept(file) => file.tick().map_err(Failed::Disk),
        }
    }

    /// Ends it, and gives what is to be said of it.
    fn end(&mut self) -> Result<String, Failed> {
        let Self::Kept(file) = self else { return Ok(String::new()) };
        file.commit().map_err(Failed::Disk)?;
        Ok(format!("; {} new in {}", file.written(), file.path().display()))
    }
}

async fn follow(
    mut live: impl Following,
    mut goal: Goal<'_>,
    mut teller: StatusLine,
    mut signal: oneshot::Receiver<()>,
    args: &StreamArgs,
) -> Result<(), Failed> {
    let mut timer: BoxFuture<()> = match args.seconds {
        Some(seconds) => Box::pin(tokio::time::sleep(Duration::from_secs(seconds))),
        None => Box::pin(std::future::pending()),
    };
    let (mut ticks, mut stopped, mut items) = (tokio::time::interval(DRAWN), false, 0);
    let done = loop {
        let event = tokio::select! {
            event = live.next() => event,
            _ = ticks.tick() => {
                teller.draw(&live.stats());
                goal.tick()?;
                continue;
            }
            () = async { tokio::select! { () = &mut timer => {}, Ok(()) = &mut signal, if !stopped => {} } } => {
                if std::mem::replace(&mut stopped, true) {
                    break Ok(());
                }
                live.stop();
                // What was received is still delivered, but not for ever.
                timer = Box::pin(tokio::time::sleep(DRAINED));
                continue;
            }
        };
        let Some((partition, event)) = event else { break Ok(()) };
        teller.tell(&event);
        items += u64::from(goal.take(args.stream, partition, &event)?);
        if let LiveEvent::Ended(why) = event {
            break Err(why.into());
        }
        if args.limit.is_some_and(|limit| items >= limit) {
            break Ok(());
        }
    };
    let more = goal.end()?;
    teller.end(&live.stats(), &more);
    done
}

/// An item: a post as a line for people, all else as it came.
fn item(printer: &mut Printer, stream: StreamName, line: &Bytes) -> Result<(), Failed> {
    let text = String::from_utf8_lossy(line);
    let others = [
        StreamName::Likes,
        StreamName::LikesSample10,
        StreamName::PostsCompliance,
        StreamName::UsersCompliance,
        StreamName::LikesCompliance,
        StreamName::Labels,
        StreamName::Activity,
    ];
    if printer.is_for_programs() || others.contains(&stream) {
        return printer.line(&text);
    }
    match serde_json::from_str::<Delivery<Post>>(&text) {
        Ok(delivery) => printer.delivery(&delivery),
        Err(why) => Err(Failed::from(Error::configuration(format!("a post cannot be read: {why}")))),
    }
}
