//! The book of a month: a line for each call that cost something.

use std::collections::{BTreeMap, HashSet};

use chirrup_api::Cost;
use chirrup_model::Timestamp;
use serde::{Deserialize, Serialize};

const DAY_SECS: i64 = 86_400;

/// A call that cost something.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Entry {
    /// When, in seconds since 1970.
    #[serde(rename = "t")]
    at: i64,
    #[serde(rename = "e")]
    endpoint: String,
    /// In millionths of a dollar.
    #[serde(rename = "c")]
    pub(super) cost: Cost,
    /// What was paid for for the first time on that day.
    #[serde(rename = "n", default, skip_serializing_if = "BTreeMap::is_empty")]
    things: BTreeMap<String, Vec<String>>,
}

impl Entry {
    pub(super) fn new(endpoint: &str, now: Timestamp) -> Self {
        Self { at: now.as_secs(), endpoint: endpoint.to_owned(), cost: Cost::ZERO, things: BTreeMap::new() }
    }

    /// Adds a thing, unless it is in it already.
    pub(super) fn add(&mut self, what: &str, id: String) -> bool {
        let known = self.things.entry(what.to_owned()).or_default();
        // An answer brings a few hundred things at most.
        if known.contains(&id) {
            return false;
        }
        known.push(id);
        true
    }

    pub(super) fn is_empty(&self) -> bool {
        self.cost == Cost::ZERO && self.things.is_empty()
    }
}

/// What was spent on one endpoint on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct EndpointSpending {
    /// The day, such as `2026-11-21`, in UTC.
    pub day: String,
    /// The endpoint.
    pub endpoint: String,
    /// How many calls cost something.
    pub calls: u64,
    /// How many things were paid for.
    pub things: u64,
    /// What they cost.
    pub cost: Cost,
}

#[derive(Debug, Default)]
struct Line {
    calls: u64,
    things: u64,
    cost: Cost,
}

/// The book of a month, and what was seen today.
#[derive(Debug, Default)]
pub(super) struct Book {
    month: String,
    /// Up to where its store was read.
    offset: u64,
    day: i64,
    seen: HashSet<(String, String)>,
    lines: BTreeMap<(i64, String), Line>,
}

/// The month of a moment, such as `2026-11`.
pub(super) fn month_of(at: Timestamp) -> String {
    at.to_string().chars().take(7).collect()
}

fn day_of(secs: i64) -> i64 {
    secs.div_euclid(DAY_SECS)
}

impl Book {
    /// Goes on to the day and the month of this moment.
    pub(super) fn turn(&mut self, now: Timestamp) {
        let month = month_of(now);
        if self.month != month {
            *self = Self { month, ..Self::default() };
        }
        let day = day_of(now.as_secs());
        if self.day != day {
            self.day = day;
            self.seen.clear();
        }
    }

    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// Whether a thing has not been paid for today.
    pub(super) fn is_new(&self, what: &str, id: &str) -> bool {
        !self.seen.contains(&(what.to_owned(), id.to_owned()))
    }

    pub(super) fn add(&mut self, entry: &Entry, now: Timestamp) {
        let day = day_of(entry.at);
        let line = self.lines.entry((day, entry.endpoint.clone())).or_default();
        line.calls += 1;
        line.cost += entry.cost;
        for (what, ids) in &entry.things {
            line.things += ids.len() as u64;
            if day == day_of(now.as_secs()) {
                self.seen.extend(ids.iter().map(|id| (what.clone(), id.clone())));
            }
        }
    }

    /// Reads what was added to the store. A line that was cut off when a program was killed says nothing.
    pub(super) fn take_over(&mut self, news: &[u8], now: Timestamp) {
        self.offset += news.len() as u64;
        for line in news.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            if let Ok(entry) = serde_json::from_slice::<Entry>(line) {
                self.add(&entry, now);
            }
        }
    }

    /// An entry as a line. It begins a new one in any case, should the last have been cut off.
    pub(super) fn line_of(&self, entry: &Entry) -> Vec<u8> {
        let mut line = b"\n".to_vec();
        line.extend(serde_json::to_vec(entry).unwrap_or_default());
        line
    }

    /// What was spent on the day and in the month of this moment.
    pub(super) fn totals(&self, now: Timestamp) -> (Cost, Cost) {
        if self.month != month_of(now) {
            return (Cost::ZERO, Cost::ZERO);
        }
        let day = day_of(now.as_secs());
        let of_day = self.lines.iter().filter(|((on, _), _)| *on == day).map(|(_, line)| line.cost).sum();
        (of_day, self.lines.values().map(|line| line.cost).sum())
    }

    pub(super) fn lines(&self) -> Vec<EndpointSpending> {
        let shown = |day: i64| Timestamp::from_secs(day * DAY_SECS).to_string().chars().take(10).collect();
        let lines = self.lines.iter().map(|((day, endpoint), line)| EndpointSpending {
            day: shown(*day),
            endpoint: endpoint.clone(),
            calls: line.calls,
            things: line.things,
            cost: line.cost,
        });
        lines.collect()
    }
}
