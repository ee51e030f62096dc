//! Status of a collection while it runs: its position, its rate and cost, and the posts per day that it finds.

use std::io::{IsTerminal as _, stderr};
use std::time::{Duration, Instant};

use chirrup::archive::Checkpoint;
use chirrup::model::{PostId, Timestamp};
use chirrup::v2::posts::{SearchAll, SearchRecent};
use chirrup::{Call, Cost};
use indicatif::ProgressBar;
use serde_json::{Value as Json, json};

use crate::print::Printer;
use crate::progress;

/// Shortest time between two lines where stderr is not a terminal.
const LINE_INTERVAL: Duration = Duration::from_secs(10);
/// Length of a day in seconds.
const DAY: f64 = 86_400.0;
/// Days that searches go back to without a start.
const RECENT_DAYS: i64 = 7;
const ALL_DAYS: i64 = 30;

/// End that a collection approaches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::commands) enum Goal {
    /// Number of items of the source.
    Items(u64),
    /// Number of pages of the source.
    Pages(u64),
    /// Time span of posts, which are listed from the newest to the oldest.
    Span { from: Timestamp, to: Timestamp },
}

impl Goal {
    /// Returns the time span of a call that lists posts by time.
    pub(super) fn span_of(call: &Call, now: Timestamp) -> Option<Self> {
        let endpoint = call.endpoint?;
        endpoint.param("until_id").filter(|_| call.text("sort_order") != Some("relevancy"))?;
        let time = |time: &str, id: &str| {
            let time = call.text(time).and_then(|time| time.parse().ok());
            time.or_else(|| time_of(call.text(id)?.parse().ok()?))
        };
        let days_ago = |days: i64| Some(now.plus_millis(-days * 86_400_000));
        let from = time("start_time", "since_id").or_else(|| match endpoint.id {
            id if id == SearchRecent::ENDPOINT.id => days_ago(RECENT_DAYS),
            id if id == SearchAll::ENDPOINT.id => days_ago(ALL_DAYS),
            _ => None,
        })?;
        let to = time("end_time", "until_id").unwrap_or(now);
        (from < to).then_some(Self::Span { from, to })
    }

    /// Part of the way that a source has behind it.
    fn reached(self, checkpoint: &Checkpoint) -> f64 {
        let (done, all) = match self {
            Self::Items(items) => (checkpoint.items as f64, items as f64),
            Self::Pages(pages) => (checkpoint.pages as f64, pages as f64),
            Self::Span { from, to } => {
                let oldest = checkpoint.oldest_id.and_then(time_of).unwrap_or(to);
                (seconds(oldest, to), seconds(from, to))
            }
        };
        if all > 0.0 { (done / all).clamp(0.0, 1.0) } else { 0.0 }
    }
}

/// Numbers of a collection at a time.
#[derive(Debug, PartialEq)]
struct Numbers {
    items: u64,
    /// Part of the way to the goal.
    reached: Option<f64>,
    per_second: f64,
    cost: Cost,
    /// Items per day of the time from which this run has found posts.
    per_day: Option<f64>,
}

impl Numbers {
    fn describe(&self, noun: &str) -> String {
        let Self { items, per_second, cost, .. } = self;
        let per_day = self.per_day.map_or_else(String::new, |per_day| format!(", {per_day:.0} {noun} per day"));
        format!("{items} {noun}, {per_second:.0}/s, {cost}{per_day}")
    }

    fn json(&self) -> Json {
        json!({
            "items": self.items, "reached": self.reached, "items_per_second": self.per_second,
            "cost_micros": self.cost.micros(), "items_per_day": self.per_day,
        })
    }
}

/// A bar on a terminal, or a line now and then elsewhere.
#[derive(Debug)]
pub(in crate::commands) struct Status {
    noun: &'static str,
    goal: Option<Goal>,
    bar: Option<ProgressBar>,
    /// Checkpoint at the start of the run.
    start: Checkpoint,
    started: Instant,
    /// Time of the last line.
    last_line: Instant,
}

impl Status {
    pub(super) fn new(printer: &Printer, noun: &'static str, goal: Option<Goal>, start: &Checkpoint) -> Self {
        let is_shown = !printer.hides_progress() && stderr().is_terminal();
        let bar = is_shown.then(|| progress::position(goal.is_some()));
        let now = Instant::now();
        Self { noun, goal, bar, start: start.clone(), started: now, last_line: now }
    }

    /// Shows the position after a page.
    pub(super) fn update(&mut self, printer: &Printer, checkpoint: &Checkpoint) {
        let is_due = self.last_line.elapsed() >= LINE_INTERVAL;
        if self.bar.is_none() && !is_due {
            return;
        }
        let numbers = self.numbers(checkpoint, self.started.elapsed());
        let sentence = numbers.describe(self.noun);
        match &self.bar {
            Some(bar) => progress::set_position(bar, numbers.reached, sentence),
            None => {
                let reached = numbers.reached.map_or_else(String::new, |reached| format!("{:.0} %, ", reached * 100.0));
                printer.announce(&json!({"progress": numbers.json()}), &format!("{reached}{sentence}"));
                self.last_line = Instant::now();
            }
        }
    }

    /// Removes the bar from the terminal.
    pub(super) fn finish(&self) {
        self.bar.iter().for_each(ProgressBar::finish_and_clear);
    }

    fn numbers(&self, checkpoint: &Checkpoint, elapsed: Duration) -> Numbers {
        let new = checkpoint.items.saturating_sub(self.start.items) as f64;
        let newest = match self.goal {
            Some(Goal::Span { to, .. }) => self.start.oldest_id.and_then(time_of).or(Some(to)),
            _ => None,
        };
        let oldest = checkpoint.oldest_id.and_then(time_of);
        let days = newest.zip(oldest).map(|(newest, oldest)| seconds(oldest, newest) / DAY);
        Numbers {
            items: checkpoint.items,
            reached: self.goal.map(|goal| goal.reached(checkpoint)),
            per_second: new / elapsed.as_secs_f64().max(0.001),
            cost: Cost::from_micros(checkpoint.cost_micros),
            per_day: days.filter(|days| *days > 0.0).map(|days| new / days),
        }
    }
}

/// Returns the time of a post with this ID, if the ID has one.
fn time_of(id: u64) -> Option<Timestamp> {
    let id = PostId::new(id);
    id.has_timestamp().then(|| id.timestamp())
}

fn seconds(from: Timestamp, to: Timestamp) -> f64 {
    (to.as_millis() - from.as_millis()) as f64 / 1_000.0
}

#[cfg(test)]
mod tests {
    use chirrup::v2::users::Followers;

    use super::*;
    use crate::verbs::set;

    /// Returns an ID of a time.
    fn id_at(time: &str) -> u64 {
        ((time.parse::<Timestamp>().unwrap().as_millis() - 1_288_834_974_657) as u64) << 22
    }

    fn at(time: &str, items: u64) -> Checkpoint {
        Checkpoint { items, pages: 5, cost_micros: 1_500_000, oldest_id: Some(id_at(time)), ..Checkpoint::default() }
    }

    fn status(goal: Option<Goal>, start: Checkpoint) -> Status {
        let now = Instant::now();
        Status { noun: "posts", goal, bar: None, start, started: now, last_line: now }
    }

    #[test]
    fn posts_have_a_position_in_the_time_span_of_their_search() {
        let now: Timestamp = "2026-02-10T00:00:00Z".parse().unwrap();
        let endpoint = SearchAll::ENDPOINT;
        let mut call = Call::of(endpoint);
        let thirty = Goal::span_of(&call, now).unwrap();
        assert_eq!(thirty, Goal::Span { from: "2026-01-11T00:00:00Z".parse().unwrap(), to: now });
        set(&mut call, endpoint, "start_time", "2026-02-01T00:00:00Z".into());
        set(&mut call, endpoint, "end_time", "2026-02-09T00:00:00Z".into());
        let goal = Goal::span_of(&call, now).unwrap();
        let fresh = status(Some(goal), Checkpoint::default());
        let numbers = fresh.numbers(&at("2026-02-07T00:00:00Z", 300), Duration::from_secs(10));
        assert!((numbers.reached.unwrap() - 0.25).abs() < 1e-6, "{numbers:?}");
        assert_eq!(numbers.describe("posts"), "300 posts, 30/s, $1.50, 150 posts per day");
        // A continued run counts what it finds itself.
        let continued = status(Some(goal), at("2026-02-07T00:00:00Z", 300));
        let numbers = continued.numbers(&at("2026-02-03T00:00:00Z", 340), Duration::from_secs(1));
        assert_eq!(numbers.describe("posts"), "340 posts, 40/s, $1.50, 10 posts per day");
        assert!((numbers.reached.unwrap() - 0.75).abs() < 1e-6, "{numbers:?}");
        set(&mut call, endpoint, "sort_order", "relevancy".into());
        assert_eq!(Goal::span_of(&call, now), None);
        assert_eq!(Goal::span_of(&Call::of(Followers::ENDPOINT), now), None);
    }

    #[test]
    fn items_and_pages_have_a_position_in_their_number() {
        for (goal, reached) in [(Goal::Items(600), 0.5), (Goal::Pages(20), 0.25), (Goal::Items(0), 0.0)] {
            let numbers = status(Some(goal), Checkpoint::default())
                .numbers(&at("2026-02-07T00:00:00Z", 300), Duration::from_secs(10));
            assert_eq!((numbers.reached, numbers.per_day), (Some(reached), None));
        }
        let unknown = status(None, Checkpoint::default()).numbers(&Checkpoint::default(), Duration::ZERO);
        assert_eq!((unknown.reached, unknown.describe("users")), (None, "0 users, 0/s, $0.00".to_owned()));
    }
}
