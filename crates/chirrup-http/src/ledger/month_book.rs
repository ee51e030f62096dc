//! The records of one month: a line of JSON for each call that cost something.

use std::collections::{BTreeMap, HashSet};

use chirrup_api::Cost;
use chirrup_model::Timestamp;
use serde::{Deserialize, Serialize};

const DAY_SECS: i64 = 86_400;

/// Record of a call that cost something.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Entry {
    /// Unix time in seconds.
    #[serde(rename = "t")]
    at: i64,
    #[serde(rename = "e")]
    endpoint: String,
    /// Cost in millionths of a dollar.
    #[serde(rename = "c")]
    pub(super) cost: Cost,
    /// IDs of the items that were billed for the first time on that day, by kind.
    #[serde(rename = "n", default, skip_serializing_if = "BTreeMap::is_empty")]
    items: BTreeMap<String, Vec<String>>,
}

impl Entry {
    pub(super) fn new(endpoint: &str, now: Timestamp) -> Self {
        Self { at: now.as_secs(), endpoint: endpoint.to_owned(), cost: Cost::ZERO, items: BTreeMap::new() }
    }

    /// Adds an item. Returns false if the entry contains it already.
    pub(super) fn add(&mut self, kind: &str, id: String) -> bool {
        let ids = self.items.entry(kind.to_owned()).or_default();
        // Linear search suffices: a response has a few hundred items at most.
        if ids.contains(&id) {
            return false;
        }
        ids.push(id);
        true
    }

    pub(super) fn is_empty(&self) -> bool {
        self.cost == Cost::ZERO && self.items.is_empty()
    }

    /// Returns the entry as a line. The line break comes first, in case a killed program left its last line incomplete.
    pub(super) fn to_line(&self) -> Vec<u8> {
        let mut line = b"\n".to_vec();
        line.extend(serde_json::to_vec(self).unwrap_or_default());
        line
    }
}

/// Spending on one endpoint on one UTC day.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct EndpointSpending {
    /// UTC day, such as `2026-11-21`.
    pub day: String,
    /// Name of the endpoint, such as `search_recent`.
    pub endpoint: String,
    /// Number of calls that cost something.
    pub calls: u64,
    /// Number of resources, such as posts and users, that were billed.
    pub resources: u64,
    /// Total cost of the calls.
    pub cost: Cost,
}

#[derive(Debug, Default)]
struct Total {
    calls: u64,
    resources: u64,
    cost: Cost,
}

/// Totals of a month, and the items billed on the current day.
#[derive(Debug, Default)]
pub(super) struct MonthBook {
    month: String,
    /// Number of bytes that were read from the store.
    offset: u64,
    day: i64,
    billed_today: HashSet<(String, String)>,
    totals: BTreeMap<(i64, String), Total>,
}

/// Returns the month of a time, such as `2026-11`.
pub(super) fn month_of(at: Timestamp) -> String {
    at.to_string().chars().take(7).collect()
}

fn day_of(secs: i64) -> i64 {
    secs.div_euclid(DAY_SECS)
}

impl MonthBook {
    /// Starts a new day or month if `now` is in one.
    pub(super) fn advance_to(&mut self, now: Timestamp) {
        let month = month_of(now);
        if self.month != month {
            *self = Self { month, ..Self::default() };
        }
        let day = day_of(now.as_secs());
        if self.day != day {
            self.day = day;
            self.billed_today.clear();
        }
    }

    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// Whether an item has not been billed today.
    pub(super) fn is_new(&self, kind: &str, id: &str) -> bool {
        !self.billed_today.contains(&(kind.to_owned(), id.to_owned()))
    }

    pub(super) fn add(&mut self, entry: &Entry, now: Timestamp) {
        let day = day_of(entry.at);
        let total = self.totals.entry((day, entry.endpoint.clone())).or_default();
        total.calls += 1;
        total.cost += entry.cost;
        for (kind, ids) in &entry.items {
            total.resources += ids.len() as u64;
            if day == day_of(now.as_secs()) {
                self.billed_today.extend(ids.iter().map(|id| (kind.clone(), id.clone())));
            }
        }
    }

    /// Adds the lines that follow in the store. A line that a killed program left incomplete is skipped.
    pub(super) fn merge(&mut self, added: &[u8], now: Timestamp) {
        self.offset += added.len() as u64;
        for line in added.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            if let Ok(entry) = serde_json::from_slice::<Entry>(line) {
                self.add(&entry, now);
            }
        }
    }

    /// Returns the spending of the day and of the month of `now`.
    pub(super) fn totals(&self, now: Timestamp) -> (Cost, Cost) {
        if self.month != month_of(now) {
            return (Cost::ZERO, Cost::ZERO);
        }
        let today = day_of(now.as_secs());
        let day = self.totals.iter().filter(|((day, _), _)| *day == today).map(|(_, total)| total.cost).sum();
        (day, self.totals.values().map(|total| total.cost).sum())
    }

    /// Returns the spending by day and endpoint.
    pub(super) fn report(&self) -> Vec<EndpointSpending> {
        let date = |day: i64| Timestamp::from_secs(day * DAY_SECS).to_string().chars().take(10).collect();
        let lines = self.totals.iter().map(|((day, endpoint), total)| EndpointSpending {
            day: date(*day),
            endpoint: endpoint.clone(),
            calls: total.calls,
            resources: total.resources,
            cost: total.cost,
        });
        lines.collect()
    }
}
