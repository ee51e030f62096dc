//! What is told on stderr while a stream is followed.

use std::io::{IsTerminal as _, Write as _};
use std::time::Instant;

use bytes::Bytes;
use chirrup::{Clock as _, GapFill, LiveEvent, StreamStats, SystemClock};
use indicatif::ProgressBar;

use crate::progress;

/// A line that is drawn again and again for a person, or a line for each change.
pub(super) struct StatusLine {
    bar: Option<ProgressBar>,
    quiet: bool,
    state: String,
    before: (u64, f64),
    rate: f64,
    started: Instant,
}

impl StatusLine {
    pub(super) fn new(quiet: bool) -> Self {
        let bar = (!quiet && std::io::stderr().is_terminal()).then(progress::ticker);
        Self { bar, quiet, state: "connecting".to_owned(), before: (0, 0.0), rate: 0.0, started: Instant::now() }
    }

    fn say(&mut self, state: String) {
        if self.bar.is_none() && !self.quiet && self.state != state {
            // If nobody can be told, it goes on all the same.
            let _ = writeln!(std::io::stderr(), "{state}");
        }
        self.state = state;
    }

    pub(super) fn draw(&mut self, stats: &StreamStats) {
        let Some(bar) = &self.bar else { return };
        let now = self.started.elapsed().as_secs_f64();
        let (items, then) = self.before;
        if now - then >= 1.0 {
            self.rate = (stats.items - items) as f64 / (now - then);
            self.before = (stats.items, now);
        }
        let lag =
            stats.lag(SystemClock.now()).map_or_else(String::new, |lag| format!(", lag {:.1} s", lag.as_secs_f64()));
        let again = stats.connections.saturating_sub(1);
        let items = stats.items;
        bar.set_message(format!("{}: {items} items, {:.1}/s{lag}, {again} reconnects", self.state, self.rate));
    }

    /// Tells of what happens to the stream.
    pub(super) fn tell(&mut self, event: &LiveEvent<Bytes>) {
        self.say(match event {
            LiveEvent::Live => "live".to_owned(),
            LiveEvent::RateLimitWait { wait, why, .. } => {
                format!("connecting anew in {:.1} s, because {why}", wait.as_secs_f64())
            }
            LiveEvent::Gap { from, to, fill } => format!("nothing came from {from} to {to}: {}", in_words(fill)),
            LiveEvent::Lagging(lines) => format!("{lines} lines wait to be printed"),
            LiveEvent::Dropped(lines) => format!("{lines} lines were thrown away"),
            LiveEvent::Bad { why, .. } => format!("a line cannot be read: {why}"),
            LiveEvent::Alert(alert) => format!("look: {alert}"),
            LiveEvent::Notice(problems, json) => {
                let said = problems.first().map_or_else(|| json.to_string(), |problem| problem.text().to_owned());
                format!("the server says: {said}")
            }
            _ => return,
        });
    }

    /// Says what came of all.
    pub(super) fn end(mut self, stats: &StreamStats, more: &str) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
        let StreamStats { items, connections, duplicates, .. } = stats;
        self.say(format!("{items} items, {connections} connections, {duplicates} duplicates{more}"));
    }
}

/// How a gap was filled.
fn in_words(fill: &GapFill) -> String {
    match fill {
        GapFill::Backfill => "the server sends it once more".to_owned(),
        GapFill::Window(items) => format!("{items} items were fetched from the past of the stream"),
        GapFill::Search(items) => format!("{items} posts were found by searching, which may differ"),
        GapFill::Lost(why) => format!("it is lost ({why})"),
        _ => "something was done about it".to_owned(),
    }
}
