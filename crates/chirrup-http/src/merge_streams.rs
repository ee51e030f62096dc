//! The partitions of a stream merged into one, decoded by several tasks.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use chirrup_api::internal::DuplicateWindow;
use chirrup_api::{Decode, LiveBuilder, LiveEvent, StopHandle, StreamMetrics, StreamStats};
use futures_core::Stream;
use futures_util::StreamExt as _;
use futures_util::stream::select_all;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// Maximum number of events in a batch, and of batches that wait for the reader.
const BATCH_SIZE: usize = 64;
const MAX_BATCHES: usize = 16;

/// The number of a partition, and an event from it.
type Event<D> = (u32, LiveEvent<<D as Decode>::Item>);

/// The merged partitions of a stream: a [`Stream`] of partition numbers and events, created by [`merge_streams`].
///
/// Events of one partition keep their order. Events of different partitions have no order. Dropping the value closes all
/// connections.
pub struct MergedStreams<D: Decode> {
    batches: mpsc::Receiver<Vec<Event<D>>>,
    current: VecDeque<Event<D>>,
    metrics: Vec<StreamMetrics>,
    stop_handles: Vec<StopHandle>,
    workers: Vec<JoinHandle<()>>,
}

impl<D: Decode> fmt::Debug for MergedStreams<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MergedStreams").field("partitions", &self.metrics.len()).finish_non_exhaustive()
    }
}

/// Opens the partitions of a stream and merges them.
///
/// `workers` tasks read and decode the partitions, at least one. Pass the number of cores to use, in a runtime with at
/// least as many threads.
///
/// ```no_run
/// # async fn example(client: chirrup_api::ApiClient) {
/// let mut events = chirrup_http::merge_streams((1..=20).map(|n| (n, client.firehose(n).live())), 4);
/// while let Some((partition, event)) = events.next_event().await {
///     println!("{partition}: {event:?}");
/// }
/// # }
/// ```
///
/// # Panics
/// If it is called outside of an async runtime.
pub fn merge_streams<D: Decode>(
    partitions: impl IntoIterator<Item = (u32, LiveBuilder<D>)>,
    workers: usize,
) -> MergedStreams<D> {
    let mut shares: Vec<Vec<_>> = (0..workers.max(1)).map(|_| Vec::new()).collect();
    let (mut metrics, mut stop_handles) = (Vec::new(), Vec::new());
    let duplicates = DuplicateWindow::default();
    for (n, (partition, builder)) in partitions.into_iter().enumerate() {
        let mut live = builder.open();
        live.share_duplicates(&duplicates);
        metrics.push(live.metrics().clone());
        stop_handles.push(live.stop_handle());
        let count = shares.len();
        shares[n % count].push(live.map(move |event| (partition, event)));
    }
    let (sender, batches) = mpsc::channel(MAX_BATCHES);
    let spawn_worker = |share: Vec<_>| {
        let sender = sender.clone();
        tokio::spawn(async move {
            let mut events = select_all(share).ready_chunks(BATCH_SIZE);
            while let Some(batch) = events.next().await {
                if sender.send(batch).await.is_err() {
                    return;
                }
            }
        })
    };
    let workers = shares.into_iter().filter(|share| !share.is_empty()).map(spawn_worker).collect();
    MergedStreams { batches, current: VecDeque::new(), metrics, stop_handles, workers }
}

impl<D: Decode> MergedStreams<D> {
    /// Returns the next event and the number of its partition, or `None` after all partitions have ended.
    pub async fn next_event(&mut self) -> Option<Event<D>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Returns the counters of all partitions together.
    pub fn stats(&self) -> StreamStats {
        self.metrics.iter().map(StreamMetrics::read).sum()
    }

    /// Stops all partitions. Events that were received before are still delivered.
    pub fn stop(&self) {
        self.stop_handles.iter().for_each(StopHandle::stop);
    }
}

impl<D: Decode> Stream for MergedStreams<D> {
    type Item = Event<D>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(event) = self.current.pop_front() {
                return Poll::Ready(Some(event));
            }
            match ready!(self.batches.poll_recv(context)) {
                Some(batch) => self.current = batch.into(),
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
