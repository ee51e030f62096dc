//! A process of a team that reads the partitions of a stream together.

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use chirrup::archive::NatsAddress;
use chirrup::archive::team::{Committed, LeaseChange, PartitionRecorder, Progress, Slot, Start, Team};
use chirrup::{Client, Item, LiveBuilder, LiveEvent, Typed, merge_streams};
use futures_util::StreamExt as _;
use futures_util::future::{AbortHandle, abortable};
use futures_util::stream::FuturesUnordered;
use tokio::sync::watch;

use super::metrics::Metrics;
use crate::args::StreamArgs;
use crate::commands::stream::source::{LineStream, StreamOpener, chosen, configured, name_of, open_each};
use crate::error::CliError;
use crate::print::{Printer, plural};
use crate::progress::notice;
use crate::signals;

/// Interval between two looks at the leases.
const STEP: Duration = Duration::from_millis(500);
/// Longest time between two commits of a partition.
const COMMIT_INTERVAL: Duration = Duration::from_millis(500);
/// Time to deliver the received items after the stream is stopped.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(5);

/// Reads the partitions of a stream together with other processes, until a signal arrives.
pub(in crate::commands) async fn read_together(
    client: &Client,
    printer: &Printer,
    args: &StreamArgs,
    bus: &Path,
) -> Result<(), CliError> {
    let address = NatsAddress::parse(bus).map_err(|why| CliError::usage(why.to_string()))?;
    let metrics = Metrics::serve(args.metrics)?;
    let opener = Teammate { args, address, metrics, quiet: printer.quiet() };
    open_each(client, args.selection.stream, true, opener).await
}

/// Opener that reads the partitions whose leases this process holds.
struct Teammate<'a> {
    args: &'a StreamArgs,
    address: NatsAddress,
    metrics: Metrics,
    quiet: bool,
}

impl StreamOpener for Teammate<'_> {
    async fn open<T: Item>(
        self,
        partitions: u32,
        stream: impl Fn(u32) -> LiveBuilder<Typed<T>>,
    ) -> Result<(), CliError> {
        let Teammate { args, address, metrics, quiet } = self;
        let partitions = chosen(&args.selection, partitions)?;
        let open = |slot: Slot, start: Start| {
            let live = configured(&args.selection, stream(slot.partition).lazy());
            let live = match start {
                Start::Since(Some(since)) => live.since(since),
                Start::Since(None) => live,
                Start::Next => live.without_recovery(),
            };
            merge_streams([(slot.partition, live)], 1)
        };
        let failed = |why: std::io::Error| CliError::write_file(&why);
        let name = name_of(args.selection.stream);
        let process = (host(), std::process::id());
        let mut team = Team::join(address, &name, &partitions, args.readers, process).await.map_err(failed)?;
        let mut shutdown = signals::shutdown();
        let (stop, stopped) = watch::channel(false);
        let mut readers = FuturesUnordered::new();
        let mut handles: HashMap<Slot, AbortHandle> = HashMap::new();
        let mut steps = tokio::time::interval(STEP);
        let outcome = loop {
            tokio::select! {
                Ok(()) = &mut shutdown => break Ok(()),
                Some(read) = readers.next() => {
                    let Ok((slot, read)) = read else { continue };
                    if let Err(why) = read {
                        break Err(why);
                    }
                    // If the process still has the lease, the next step returns it again.
                    team.forget(slot);
                    handles.remove(&slot);
                }
                _ = steps.tick() => {
                    let changes = team.step().await;
                    let is_changed = !changes.is_empty();
                    for change in changes {
                        match change {
                            LeaseChange::Lost(slot) => {
                                if let Some(handle) = handles.remove(&slot) {
                                    handle.abort();
                                }
                            }
                            LeaseChange::Taken(slot) => {
                                let Some(recorder) = team.recorder(slot).await.map_err(failed)? else {
                                    team.forget(slot);
                                    continue;
                                };
                                metrics.add("chirrup_bus_leases_taken_total", 1);
                                let read = read(&open, recorder, slot, stopped.clone(), &metrics);
                                let (read, handle) = abortable(async move { (slot, read.await) });
                                handles.insert(slot, handle);
                                readers.push(read);
                            }
                        }
                    }
                    metrics.set("chirrup_bus_leases", handles.len() as u64);
                    if is_changed && !quiet {
                        notice(&format!("reads {}", plural(handles.len() as u64, "partition")));
                    }
                }
            }
        };
        let _ = stop.send(true);
        let finish = async {
            while let Some(read) = readers.next().await {
                if let Ok((_, Err(why))) = read {
                    return Err(why);
                }
            }
            Ok(())
        };
        let finished = tokio::time::timeout(DRAIN_TIMEOUT * 2, finish).await.unwrap_or(Ok(()));
        team.leave().await;
        if !quiet {
            let items = plural(metrics.get("chirrup_bus_items_total"), "new item");
            notice(&format!("{items}, {}", plural(metrics.get("chirrup_bus_duplicates_total"), "duplicate")));
        }
        outcome.and(finished)
    }
}

/// Name of this machine, as far as it is known.
fn host() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    name.or_else(|| std::env::var("COMPUTERNAME").ok()).map_or_else(String::new, |name| name.trim().to_owned())
}

/// Reads a partition until the lease is lost, the stream ends, or `stopped` is set.
async fn read<L: LineStream>(
    open: impl Fn(Slot, Start) -> L,
    mut recorder: PartitionRecorder,
    slot: Slot,
    mut stopped: watch::Receiver<bool>,
    metrics: &Metrics,
) -> Result<(), CliError> {
    let mut start = recorder.start();
    loop {
        let mut live = open(slot, start);
        let mut commits = tokio::time::interval(COMMIT_INTERVAL);
        loop {
            let (is_due, ended) = tokio::select! {
                event = live.next() => match event {
                    None => (true, Some(Ok(()))),
                    Some((_, event)) => {
                        let is_due = recorder.record(&event);
                        match event {
                            LiveEvent::Ended(why) => (true, Some(Err(why.into()))),
                            _ => (is_due, None),
                        }
                    }
                },
                _ = commits.tick() => (true, None),
                _ = stopped.changed() => {
                    live.stop();
                    let receive = async {
                        while let Some((_, event)) = live.next().await {
                            recorder.record(&event);
                        }
                    };
                    let _ = tokio::time::timeout(DRAIN_TIMEOUT, receive).await;
                    (true, Some(Ok(())))
                }
            };
            if is_due {
                let Committed { new_items, duplicates, progress } =
                    recorder.commit().await.map_err(|why| CliError::write_file(&why))?;
                metrics.add("chirrup_bus_items_total", new_items);
                metrics.add("chirrup_bus_duplicates_total", duplicates);
                match progress {
                    Progress::Continue => {}
                    Progress::Lost => return Ok(()),
                    Progress::Reopen(since) => {
                        start = Start::Since(Some(since));
                        break;
                    }
                }
            }
            if let Some(ended) = ended {
                return ended;
            }
        }
        live.close().await;
    }
}
