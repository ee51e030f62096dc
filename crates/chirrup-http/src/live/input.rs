//! The data of one connection as frames.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chirrup_api::internal::{Frame, LineFramer};
use chirrup_api::{LiveSettings, StreamMetrics};

use super::gunzip::Gunzip;
use super::watchdog::{ReadOutcome, Watchdog};
use crate::clock::Clock;
use crate::wire::StreamResponse;

/// Time for which a connection is read before the client closes it: for what has arrived already.
const LAST_READ: Duration = Duration::from_millis(20);

/// Number of frames from which they are passed on, although more may be ready.
const MAX_BATCH: usize = 256;

/// How the data of a connection ends.
pub(super) enum InputEnd {
    /// No data arrived within the limit of the watchdog.
    Silent,
    Closed,
    Lost,
    InvalidGzip,
    /// The client has closed the connection, because too many lines were waiting to be recorded.
    TooFast,
}

pub(super) struct Input {
    /// Taken when the client closes the connection.
    response: Option<StreamResponse>,
    watchdog: Watchdog,
    gunzip: Gunzip,
    lines: LineFramer,
    delimited: bool,
    metrics: StreamMetrics,
    clock: Arc<dyn Clock>,
}

impl Input {
    pub(super) fn new(response: StreamResponse, settings: &LiveSettings, clock: Arc<dyn Clock>) -> Self {
        Self {
            watchdog: Watchdog::new(settings.watchdog),
            gunzip: Gunzip::new(response.is_gzip()),
            lines: LineFramer::new(settings.max_line),
            delimited: settings.delimited,
            metrics: settings.metrics.clone(),
            response: Some(response),
            clock,
        }
    }

    /// Waits for data and adds its frames, which may be none. Nothing is lost if the wait is canceled.
    pub(super) async fn receive(&mut self, frames: &mut Vec<Frame>) -> Option<InputEnd> {
        let Some(response) = &mut self.response else { return Some(InputEnd::Closed) };
        match self.watchdog.read(&mut response.body, &*self.clock).await {
            ReadOutcome::Data(data) => self.split(data, frames),
            ReadOutcome::Silent => Some(InputEnd::Silent),
            ReadOutcome::End => Some(InputEnd::Closed),
            ReadOutcome::Broken => Some(InputEnd::Lost),
        }
    }

    /// Adds the frames that arrive until the runtime is idle, since those that are passed on together wake their reader once.
    pub(super) async fn receive_ready(&mut self, frames: &mut Vec<Frame>) -> Option<InputEnd> {
        while frames.len() < MAX_BATCH {
            tokio::select! {
                biased;
                end = self.receive(frames) => if end.is_some() { return end },
                () = tokio::task::yield_now() => break,
            }
        }
        None
    }

    fn split(&mut self, data: Bytes, frames: &mut Vec<Frame>) -> Option<InputEnd> {
        self.metrics.add_bytes(data.len() as u64);
        let (lines, start) = (&mut self.lines, frames.len());
        if !self.gunzip.decompress(data, |data| lines.push(data, frames)) {
            return Some(InputEnd::InvalidGzip);
        }
        if self.delimited {
            let is_length = |frame: &Frame| frame.line().is_some_and(|line| line.iter().all(u8::is_ascii_digit));
            let added = frames.split_off(start);
            frames.extend(added.into_iter().filter(|frame| !is_length(frame)));
        }
        None
    }

    /// Adds the frames that have arrived already, and closes the connection.
    pub(super) async fn receive_last(&mut self, frames: &mut Vec<Frame>) {
        let last = async { while self.receive(frames).await.is_none() {} };
        let _ = tokio::time::timeout(LAST_READ, last).await;
        self.close().await;
    }

    /// Closes the connection and waits until it is closed.
    pub(super) async fn close(&mut self) {
        if let Some(response) = self.response.take() {
            response.close().await;
        }
    }
}
