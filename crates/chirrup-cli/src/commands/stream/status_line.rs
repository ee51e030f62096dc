//! Status of a stream on stderr.

use std::io::IsTerminal as _;
use std::time::Instant;

use bytes::Bytes;
use chirrup::{Clock as _, GapFill, LiveEvent, StreamStats, SystemClock};
use indicatif::ProgressBar;

use crate::print::plural;
use crate::progress::{notice, spinner};

/// Minimum age in seconds of the values that the rate is computed from.
const RATE_INTERVAL: f64 = 1.0;

/// A status line that is redrawn on a terminal. Elsewhere, each change is a line of its own.
pub(super) struct StatusLine {
    bar: Option<ProgressBar>,
    quiet: bool,
    /// Number of partitions, which is the number of connections without a reconnect.
    partitions: u64,
    state: String,
    /// Number of items and seconds since the start when the rate was last computed.
    sample: (u64, f64),
    rate: f64,
    started: Instant,
}

impl StatusLine {
    pub(super) fn new(quiet: bool, partitions: usize) -> Self {
        Self {
            bar: (!quiet && std::io::stderr().is_terminal()).then(spinner),
            quiet,
            partitions: partitions as u64,
            state: "connecting".to_owned(),
            sample: (0, 0.0),
            rate: 0.0,
            started: Instant::now(),
        }
    }

    fn set_state(&mut self, state: String) {
        if self.bar.is_none() && !self.quiet && self.state != state {
            notice(&state);
        }
        self.state = state;
    }

    /// Redraws the line with the counters.
    pub(super) fn update(&mut self, stats: &StreamStats) {
        let Some(bar) = &self.bar else { return };
        let now = self.started.elapsed().as_secs_f64();
        let (items, then) = self.sample;
        if now - then >= RATE_INTERVAL {
            self.rate = (stats.items - items) as f64 / (now - then);
            self.sample = (stats.items, now);
        }
        let lag =
            stats.lag(SystemClock.now()).map_or_else(String::new, |lag| format!(", lag {:.1} s", lag.as_secs_f64()));
        let items = plural(stats.items, "item");
        let reconnects = plural(stats.connections.saturating_sub(self.partitions), "reconnect");
        bar.set_message(format!("{}: {items}, {:.1}/s{lag}, {reconnects}", self.state, self.rate));
    }

    /// Shows a change of the connection.
    pub(super) fn event(&mut self, event: &LiveEvent<Bytes>) {
        if let Some(state) = describe(event) {
            self.set_state(state);
        }
    }

    /// Removes the status line and shows the totals.
    pub(super) fn finish(mut self, stats: &StreamStats, written: &str) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
        let StreamStats { items, connections, duplicates, .. } = stats;
        let (items, connections) = (plural(*items, "item"), plural(*connections, "connection"));
        self.set_state(format!("{items}, {connections}, {}{written}", plural(*duplicates, "duplicate")));
    }
}

/// Describes an event that changes the state of a stream.
pub(in crate::commands) fn describe(event: &LiveEvent<Bytes>) -> Option<String> {
    Some(match event {
        LiveEvent::Live => "live".to_owned(),
        LiveEvent::ReconnectWait { wait, why, .. } => {
            format!("reconnecting in {:.1} s: {why}", wait.as_secs_f64())
        }
        LiveEvent::Gap { from, to, fill } => format!("gap from {from} to {to}: {}", describe_fill(fill)),
        LiveEvent::Lagging(lines) => format!("output is slow: {} waiting", plural(*lines as u64, "line")),
        LiveEvent::Dropped(lines) => format!("output is slow: {} dropped", plural(*lines, "line")),
        LiveEvent::Bad { why, .. } => format!("cannot decode a line: {why}"),
        LiveEvent::Alert(alert) => format!("warning: {alert}"),
        LiveEvent::Notice(problems, json) => {
            let text = problems.first().map_or_else(|| json.to_string(), |problem| problem.text().to_owned());
            format!("message from the server: {text}")
        }
        _ => return None,
    })
}

fn describe_fill(fill: &GapFill) -> String {
    match fill {
        GapFill::Backfill => "the server sends the missed items again".to_owned(),
        GapFill::Window(items) => format!("{} recovered from the stream", plural(*items as u64, "item")),
        GapFill::Search(items) => {
            format!("{} recovered by search, which may differ from the stream", plural(*items as u64, "post"))
        }
        GapFill::Lost(why) => format!("the missed items are lost: {why}"),
        other => format!("{other:?}"),
    }
}
