//! Partitions of a stream as one, read by as many workers as one gives it.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use chirrup_api::{Decode, LiveBuilder, LiveEvent, StopHandle, StreamMetrics, StreamStats};
use futures_core::Stream;
use futures_util::StreamExt as _;
use futures_util::stream::select_all;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// How many events travel at once, and how many such lots wait for the reader.
const LOT: usize = 64;
const LOTS: usize = 16;

/// An event, and the partition that it comes from.
type Event<D> = (u32, LiveEvent<<D as Decode>::Item>);

/// Several partitions as one stream: each event with its partition. The order within a partition is kept; between them
/// there is none.
///
/// The connections live for as long as this does.
pub struct MergedStreams<D: Decode> {
    lots: mpsc::Receiver<Vec<Event<D>>>,
    taken: VecDeque<Event<D>>,
    meters: Vec<StreamMetrics>,
    stoppers: Vec<StopHandle>,
    workers: Vec<JoinHandle<()>>,
}

impl<D: Decode> fmt::Debug for MergedStreams<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MergedStreams").field("partitions", &self.meters.len()).finish_non_exhaustive()
    }
}

/// Opens partitions, and merges them. They are read and decoded by so many tasks: give it as many as it may use cores, in a
/// runtime of as many threads.
///
/// ```no_run
/// # async fn example(client: chirrup_api::ApiClient) {
/// let mut all = chirrup_http::merge_streams((1..=20).map(|n| (n, client.firehose(n).live())), 4);
/// while let Some((partition, event)) = all.next_event().await {
///     println!("{partition}: {event:?}");
/// }
/// # }
/// ```
///
/// # Panics
/// Outside of an async runtime.
pub fn merge_streams<D: Decode>(
    partitions: impl IntoIterator<Item = (u32, LiveBuilder<D>)>,
    workers: usize,
) -> MergedStreams<D> {
    let mut shares: Vec<Vec<_>> = (0..workers.max(1)).map(|_| Vec::new()).collect();
    let (mut meters, mut stoppers) = (Vec::new(), Vec::new());
    for (n, (partition, builder)) in partitions.into_iter().enumerate() {
        let live = builder.open();
        meters.push(live.metrics().clone());
        stoppers.push(live.stop_handle());
        let count = shares.len();
        shares[n % count].push(live.map(move |event| (partition, event)));
    }
    let (sender, lots) = mpsc::channel(LOTS);
    let work = |share: Vec<_>| {
        let sender = sender.clone();
        tokio::spawn(async move {
            let mut events = select_all(share).ready_chunks(LOT);
            while let Some(lot) = events.next().await {
                if sender.send(lot).await.is_err() {
                    return;
                }
            }
        })
    };
    let workers = shares.into_iter().filter(|share| !share.is_empty()).map(work).collect();
    MergedStreams { lots, taken: VecDeque::new(), meters, stoppers, workers }
}

impl<D: Decode> MergedStreams<D> {
    /// The next event; `None` when all partitions are over.
    pub async fn next_event(&mut self) -> Option<Event<D>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// What was counted so far, of all partitions together.
    pub fn stats(&self) -> StreamStats {
        self.meters.iter().map(StreamMetrics::read).sum()
    }

    /// Stops all partitions: no more is received, and what was received is still delivered.
    pub fn stop(&self) {
        self.stoppers.iter().for_each(StopHandle::stop);
    }
}

impl<D: Decode> Stream for MergedStreams<D> {
    type Item = Event<D>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(event) = self.taken.pop_front() {
                return Poll::Ready(Some(event));
            }
            match ready!(self.lots.poll_recv(context)) {
                Some(lot) => self.taken = lot.into(),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<D: Decode> Unpin for MergedStreams<D> {}

impl<D: Decode> Drop for MergedStreams<D> {
    fn drop(&mut self) {
        self.workers.iter().for_each(JoinHandle::abort);
    }
}
