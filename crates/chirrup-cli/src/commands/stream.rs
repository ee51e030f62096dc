//! Streams: items on stdout, what happens to the connection on stderr.

use std::fs::File;
use std::io::{IsTerminal as _, Write as _};
use std::time::Duration;

use bytes::Bytes;
use chirrup::model::{Delivery, Expansion, Post, PostField, UserField};
use chirrup::store::{FileStore, Store as _, Stored};
use chirrup::{
    Client, Clock as _, Error, Figures, Item, Lazy, LiveBuilder, LiveEvent, Merged, SystemClock, Typed, interrupted,
    merge,
};
use indicatif::ProgressBar;

use crate::args::{StreamArgs, StreamName};
use crate::exit::Failed;
use crate::print::Printer;
use crate::progress;
use crate::settings::folder_for;

/// How often the line on stderr is drawn.
const DRAWN: Duration = Duration::from_millis(250);

/// A stream of any kind, of whose items the lines are wanted.
trait Following {
    fn next(&mut self) -> impl Future<Output = Option<LiveEvent<Bytes>>>;
    fn figures(&self) -> Figures;
    fn stop(&self);
}

impl<T: Item> Following for Merged<Lazy<T>> {
    async fn next(&mut self) -> Option<LiveEvent<Bytes>> {
        let (_, event) = self.next_event().await?;
        Some(event.map(|item| item.bytes().clone()))
    }
    fn figures(&self) -> Figures {
        self.figures()
    }
    fn stop(&self) {
        self.stop();
    }
}

/// Opens these partitions of a stream, or all of them; one that has none is one partition.
fn open<T: Item>(
    args: &StreamArgs,
    partitions: u32,
    stream: impl Fn(u32) -> LiveBuilder<Typed<T>>,
) -> Result<Merged<Lazy<T>>, Failed> {
    let wanted: Vec<u32> = if args.partition.is_empty() { (1..=partitions).collect() } else { args.partition.clone() };
    if let Some(beyond) = wanted.iter().find(|n| !(1..=partitions).contains(*n)) {
        return Err(Failed::usage(format!("there is no partition {beyond}: they go from 1 to {partitions}")));
    }
    let set_up = |n| {
        let mut live = stream(n).lazy();
        if args.no_recovery {
            live = live.without_recovery();
        }
        if args.close_stale {
            live = live.close_stale();
        }
        (n, live)
    };
    Ok(merge(wanted.into_iter().map(set_up), 1))
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
            follow(open(args, $partitions, $stream)?, printer, args).await
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
fn lock(client: &Client, printer: &Printer, args: &StreamArgs) -> Result<Option<Box<dyn Stored>>, Failed> {
    let Some(folder) = folder_for(client.base_url()) else { return Ok(None) };
    let host: String = client.base_url().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let file = folder.join("streams").join(format!("{host}-{:?}", args.stream));
    let held = FileStore::fleeting(file).try_open()?;
    if held.is_none() && !printer.quiet() {
        let warning = "another chirrup follows this stream: X may refuse one of both, or end it";
        writeln!(std::io::stderr(), "{} {warning}", printer.faint("hint:"))?;
    }
    Ok(held)
}

/// What is told on stderr: a line that is drawn again and again for a person, or a line for each change.
struct Teller {
    bar: Option<ProgressBar>,
    quiet: bool,
    state: String,
    before: (u64, f64),
    rate: f64,
    started: std::time::Instant,
}

impl Teller {
    fn new(quiet: bool) -> Self {
        let bar = (!quiet && std::io::stderr().is_terminal()).then(progress::ticker);
        let (state, started) = ("connecting".to_owned(), std::time::Instant::now());
        Self { bar, quiet, state, before: (0, 0.0), rate: 0.0, started }
    }

    fn say(&mut self, state: String) {
        if self.bar.is_none() && !self.quiet && self.state != state {
            // If nobody can be told, it goes on all the same.
            let _ = writeln!(std::io::stderr(), "{state}");
        }
        self.state = state;
    }

    fn draw(&mut self, figures: &Figures) {
        let Some(bar) = &self.bar else { return };
        let now = self.started.elapsed().as_secs_f64();
        let (items, then) = self.before;
        if now - then >= 1.0 {
            self.rate = (figures.items - items) as f64 / (now - then);
            self.before = (figures.items, now);
        }
        let lag =
            figures.lag(SystemClock.now()).map_or_else(String::new, |lag| format!(", lag {:.1} s", lag.as_secs_f64()));
        let again = figures.connections.saturating_sub(1);
        let items = figures.items;
        bar.set_message(format!("{}: {items} items, {:.1}/s{lag}, {again} reconnects", self.state, self.rate));
    }
}

async fn follow(mut live: impl Following, printer: &mut Printer, args: &StreamArgs) -> Result<(), Failed> {
    let mut teller = Teller::new(printer.quiet());
    let mut bad = match &args.bad {
        Some(file) => Some(File::options().create(true).append(true).open(file)?),
        None => None,
    };
    let end = async {
        match args.seconds {
            Some(seconds) => tokio::time::sleep(Duration::from_secs(seconds)).await,
            None => std::future::pending().await,
        }
    };
    let (mut end, mut interrupt) = (std::pin::pin!(end), std::pin::pin!(interrupted()));
    let (mut ticks, mut stopped, mut items) = (tokio::time::interval(DRAWN), false, 0);
    let done = loop {
        let event = tokio::select! {
            event = live.next() => event,
            _ = ticks.tick() => {
                teller.draw(&live.figures());
                // What waits to be printed is printed, before more of it comes.
                printer.finish()?;
                continue;
            }
            () = &mut end, if !stopped => { stopped = true; live.stop(); continue }
            () = &mut interrupt, if !stopped => { stopped = true; live.stop(); continue }
        };
        match event {
            None => break Ok(()),
            Some(LiveEvent::Ended(why)) => break Err(why.into()),
            Some(LiveEvent::Item(line)) => {
                item(printer, args.stream, &line)?;
                items += 1;
                if args.limit.is_some_and(|limit| items >= limit) {
                    break Ok(());
                }
            }
            Some(LiveEvent::Bad { line, why }) => {
                teller.say(format!("a line cannot be read: {why}"));
                if let Some(bad) = &mut bad {
                    bad.write_all(&line)?;
                    bad.write_all(b"\n")?;
                }
            }
            Some(other) => tell(&mut teller, other),
        }
    };
    if let Some(bar) = &teller.bar {
        bar.finish_and_clear();
    }
    let figures = live.figures();
    teller.bar = None;
    teller.say(format!(
        "{} items, {} connections, {} duplicates",
        figures.items, figures.connections, figures.duplicates
    ));
    done
}

fn tell(teller: &mut Teller, event: LiveEvent<Bytes>) {
    match event {
        LiveEvent::Live => teller.say("live".to_owned()),
        LiveEvent::Waiting { wait, why, .. } => {
            teller.say(format!("connecting anew in {:.1} s, because {why}", wait.as_secs_f64()));
        }
        LiveEvent::Gap { from, to, filled } => {
            teller.say(format!("nothing came from {from} to {to}: {}", Filling(&filled)));
        }
        LiveEvent::Lagging(lines) => teller.say(format!("{lines} lines wait to be printed")),
        LiveEvent::Dropped(lines) => teller.say(format!("{lines} lines were thrown away")),
        LiveEvent::Notice(problems, json) => {
            let said = problems.first().map_or_else(|| json.to_string(), |problem| problem.text().to_owned());
            teller.say(format!("the server says: {said}"));
        }
        _ => {}
    }
}

/// How a gap was filled, in words.
struct Filling<'f>(&'f chirrup::Filled);

impl std::fmt::Display for Filling<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            chirrup::Filled::Backfill => f.write_str("the server sends it once more"),
            chirrup::Filled::Window(items) => write!(f, "{items} items were fetched from the past of the stream"),
            chirrup::Filled::Search(items) => write!(f, "{items} posts were found by searching, which may differ"),
            chirrup::Filled::Lost(why) => write!(f, "it is lost ({why})"),
            _ => f.write_str("something was done about it"),
        }
    }
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
