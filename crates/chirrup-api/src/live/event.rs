//! The events of a live stream.

use std::time::Duration;

use bytes::Bytes;
use chirrup_model::{Problem, Timestamp};
use serde_json::Value as Json;

use crate::client::reconnect_reason::Reason;
use crate::client::stream_settings::Alert;
use crate::response::error::Error;

/// How the gap in a stream was filled.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum GapFill {
    /// The server delivers the missed items again (`backfill_minutes`).
    Backfill,
    /// The stream delivered the historical window of the gap. The value is the number of items that were new.
    Window(usize),
    /// Recent search was called with each rule. The value is the number of posts that were new. A search may match other
    /// posts than the stream.
    Search(usize),
    /// The gap was not filled, for this reason.
    Lost(String),
}

/// An event of a live stream.
#[derive(Debug)]
#[non_exhaustive]
pub enum LiveEvent<I> {
    /// An item that the stream delivered.
    Item(I),
    /// The client is connecting to the server.
    Connecting,
    /// The connection is established.
    Live,
    /// The connection was lost, or could not be established, and the client waits before it connects again.
    ReconnectWait {
        /// Length of the wait.
        wait: Duration,
        /// End of the wait, by the local clock.
        until: Timestamp,
        /// Reason for the new connection.
        why: Reason,
    },
    /// The reader is slower than the stream; the value is the number of queued lines.
    Lagging(usize),
    /// A time range in which the client received nothing.
    Gap {
        /// Start of the time range.
        from: Timestamp,
        /// End of the time range.
        to: Timestamp,
        /// How the gap was filled.
        fill: GapFill,
    },
    /// A checkpoint: every item until this time was delivered, or reported as a gap. [`LiveBuilder::since`](crate::LiveBuilder::since) resumes from
    /// it. Checkpoints occur about once per second, and before and after each gap.
    Checkpoint(Timestamp),
    /// A message of the server about the stream, as problems and as JSON.
    Notice(Vec<Problem>, Json),
    /// A line that cannot be decoded.
    Bad {
        /// The raw line; empty if the line was too long.
        line: Bytes,
        /// Reason why the line cannot be decoded.
        why: String,
    },
    /// A condition that an operator should look into.
    Alert(Alert),
    /// Number of lines that were dropped because the reader was too slow.
    Dropped(u64),
    /// The stream has ended, for this reason. It is the last event.
    Ended(Error),
}

impl<I> LiveEvent<I> {
    /// Converts the item of the event, if it has one.
    pub fn map<J>(self, change: impl FnOnce(I) -> J) -> LiveEvent<J> {
        match self {
            Self::Item(item) => LiveEvent::Item(change(item)),
            Self::Connecting => LiveEvent::Connecting,
            Self::Live => LiveEvent::Live,
            Self::ReconnectWait { wait, until, why } => LiveEvent::ReconnectWait { wait, until, why },
            Self::Lagging(lines) => LiveEvent::Lagging(lines),
            Self::Gap { from, to, fill } => LiveEvent::Gap { from, to, fill },
            Self::Checkpoint(until) => LiveEvent::Checkpoint(until),
            Self::Notice(problems, json) => LiveEvent::Notice(problems, json),
            Self::Bad { line, why } => LiveEvent::Bad { line, why },
            Self::Alert(alert) => LiveEvent::Alert(alert),
            Self::Dropped(lines) => LiveEvent::Dropped(lines),
            Self::Ended(why) => LiveEvent::Ended(why),
        }
    }
}
