//! The log of one month: a line of JSON for each reservation and for each call that cost something.
//!
//! The log is replaced with its totals when it becomes long, so that its size depends on the number of days and endpoints
//! rather than on the number of calls.

use std::collections::BTreeMap;
use std::fmt;

use chirrup_api::{Cost, Error};
use chirrup_model::Timestamp;
use chirrup_store::LockedStore;
use serde::{Deserialize, Serialize};

const DAY_SECS: i64 = 86_400;
/// Age from which a reservation no longer counts as a call in flight: its process has ended, and the call may have been
/// charged, so the amount counts as spent on the day of the reservation.
const RESERVATION_LIFETIME_SECS: i64 = 3_600;
/// Number of lines, beyond two per total, from which the log is replaced with its totals.
const MAX_LINES: usize = 500;
/// Version of the stored format.
const VERSION: u64 = 2;
/// Maximum size of the header, in bytes.
const MAX_HEADER: usize = 96;

/// First line of a log. The generation counts the replacements, so that other processes notice them.
#[derive(Debug, Serialize, Deserialize)]
struct Header {
    /// Always `ledger`, a name that no endpoint has.
    e: String,
    version: u64,
    generation: u64,
}

/// One line of the log: a reservation, a call that cost something, or a total.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Entry {
    /// Unix time in seconds.
    #[serde(rename = "t")]
    at: i64,
    #[serde(rename = "e")]
    endpoint: String,
    /// Cost in millionths of a dollar.
    #[serde(rename = "c")]
    pub(super) cost: Cost,
    /// Number of calls: 1 except in a total.
    #[serde(rename = "k", default = "one", skip_serializing_if = "is_one")]
    calls: u64,
    /// Number of resources that were billed for the first time on that day.
    #[serde(rename = "i", default, skip_serializing_if = "is_zero")]
    pub(super) resources: u64,
    /// Number of the reservation that this line makes.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    reserves: Option<u64>,
    /// Number of the reservation that this line ends.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub(super) ends: Option<u64>,
}

fn one() -> u64 {
    1
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_one(count: &u64) -> bool {
    *count == 1
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl Entry {
    pub(super) fn new(endpoint: &str, now: Timestamp) -> Self {
        let endpoint = endpoint.to_owned();
        Self { at: now.as_secs(), endpoint, cost: Cost::ZERO, calls: 1, resources: 0, reserves: None, ends: None }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.cost == Cost::ZERO && self.resources == 0
    }

    fn day(&self) -> i64 {
        self.at.div_euclid(DAY_SECS)
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
    /// Number of these calls that are in flight, or whose process ended before it recorded their cost. They count with
    /// their maximum cost.
    pub unsettled: u64,
}

#[derive(Debug, Clone, Copy, Default)]
struct Total {
    calls: u64,
    resources: u64,
    cost: Cost,
    unsettled: u64,
}

/// Amounts of a day or a month.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Amounts {
    pub(super) spent: Cost,
    pub(super) reserved: Cost,
}

/// Totals of a month by day and endpoint, and the reservations that have not ended.
#[derive(Debug, Default)]
pub(super) struct MonthBook {
    month: Option<Month>,
    generation: u64,
    /// Number of bytes that were read from the store.
    offset: u64,
    /// Number of lines in the store.
    lines: usize,
    totals: BTreeMap<(i64, String), Total>,
    reserved: BTreeMap<u64, Entry>,
}

/// A month in UTC. Its text is the name of its store, such as `2026-11`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Month {
    year: i16,
    number: i8,
}

impl Month {
    pub(super) fn of(at: Timestamp) -> Self {
        let (year, number) = at.year_and_month();
        Self { year, number }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.number)
    }
}

/// Returns the number of a UTC day.
pub(super) fn day_of(at: Timestamp) -> i64 {
    at.as_secs().div_euclid(DAY_SECS)
}

impl MonthBook {
    /// Starts a new book if `now` is in another month.
    pub(super) fn advance_to(&mut self, now: Timestamp) {
        let month = Some(Month::of(now));
        if self.month != month {
            *self = Self { month, ..Self::default() };
        }
    }

    /// Reads what this and other programs have added to the store since the last call.
    pub(super) fn read_new(&mut self, locked: &mut dyn LockedStore) -> Result<(), Error> {
        let head = locked.read_range(0, MAX_HEADER)?;
        self.reset_if_replaced(&head)?;
        let added = locked.read_from(self.offset)?;
        self.merge(&added);
        Ok(())
    }

    /// Whether nothing of the log of the month of `now` was read yet.
    pub(super) fn is_unread(&self, now: Timestamp) -> bool {
        self.offset == 0 || self.month != Some(Month::of(now))
    }

    /// Reads a log that another program may be extending: all of it but its last line, which may be incomplete.
    pub(super) fn read_unlocked(&mut self, log: &[u8], now: Timestamp) -> Result<(), Error> {
        self.advance_to(now);
        let end = log.iter().rposition(|byte| *byte == b'\n').unwrap_or(0);
        self.read_all(&log[..end])
    }

    /// Reads a complete log.
    pub(super) fn read_all(&mut self, log: &[u8]) -> Result<(), Error> {
        self.reset_if_replaced(log)?;
        self.merge(log.get(usize::try_from(self.offset).unwrap_or(usize::MAX)..).unwrap_or_default());
        Ok(())
    }

    fn reset_if_replaced(&mut self, log: &[u8]) -> Result<(), Error> {
        let line = log.split(|byte| *byte == b'\n').next().unwrap_or_default();
        // A log of an older version has no header.
        let header = serde_json::from_slice::<Header>(line).ok();
        if header.as_ref().is_some_and(|header| header.version > VERSION) {
            return Err(Error::storage("the ledger was written by a newer version").with_hint("update this program"));
        }
        let generation = header.map_or(0, |header| header.generation);
        if generation != self.generation {
            *self = Self { month: self.month, generation, ..Self::default() };
        }
        Ok(())
    }

    fn merge(&mut self, added: &[u8]) {
        self.offset += added.len() as u64;
        for line in added.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            self.lines += 1;
            // The header is not an entry, and neither is a line that a killed program left incomplete.
            if let Ok(entry) = serde_json::from_slice::<Entry>(line) {
                self.add(entry);
            }
        }
    }

    fn add(&mut self, entry: Entry) {
        if let Some(number) = entry.reserves {
            self.reserved.insert(number, entry);
            return;
        }
        if let Some(number) = entry.ends {
            self.reserved.remove(&number);
            if entry.is_empty() {
                return;
            }
        }
        add_to_totals(&mut self.totals, &entry, 0);
    }

    /// Adds a reservation, and returns its number.
    pub(super) fn reserve(
        &mut self,
        locked: Option<&mut dyn LockedStore>,
        mut entry: Entry,
        now: Timestamp,
    ) -> Result<u64, Error> {
        // The position in the log identifies the reservation, also for other processes.
        let number = (self.generation << 32) | self.offset;
        entry.reserves = Some(number);
        self.append(locked, entry, now)?;
        Ok(number)
    }

    /// Adds an entry to the book, and to the store if there is one.
    pub(super) fn append(
        &mut self,
        locked: Option<&mut dyn LockedStore>,
        entry: Entry,
        now: Timestamp,
    ) -> Result<(), Error> {
        let Some(locked) = locked else {
            self.offset += 1;
            self.add(entry);
            return Ok(());
        };
        if self.offset == 0 {
            self.generation = 1;
        }
        let mut text = if self.offset == 0 { header(self.generation) } else { Vec::new() };
        write_line(&mut text, &entry);
        if let Err(error) = locked.append(&text) {
            // A part of the text may have been written.
            self.generation = u64::MAX;
            return Err(error);
        }
        self.merge(&text);
        if self.lines > MAX_LINES + 2 * (self.totals.len() + self.reserved.len()) {
            self.compact(locked, now);
        }
        Ok(())
    }

    /// Replaces the log with its totals. If that fails, the long log remains, which is as good.
    fn compact(&mut self, locked: &mut dyn LockedStore, now: Timestamp) {
        let (expired, reserved) =
            std::mem::take(&mut self.reserved).into_iter().partition(|(_, entry)| has_expired(entry, now));
        let expired: BTreeMap<u64, Entry> = expired;
        self.reserved = reserved;
        expired.values().for_each(|entry| add_to_totals(&mut self.totals, entry, 0));
        let generation = self.generation + 1;
        let mut text = header(generation);
        for ((day, endpoint), total) in &self.totals {
            let entry = Entry {
                at: day * DAY_SECS,
                endpoint: endpoint.clone(),
                cost: total.cost,
                calls: total.calls,
                resources: total.resources,
                reserves: None,
                ends: None,
            };
            write_line(&mut text, &entry);
        }
        self.reserved.values().for_each(|entry| write_line(&mut text, entry));
        if locked.replace(&text).is_ok() {
            self.generation = generation;
            self.offset = text.len() as u64;
            self.lines = 1 + self.totals.len() + self.reserved.len();
        } else {
            self.generation = u64::MAX;
        }
    }

    /// Returns the amounts of the UTC day of `now`. Calls in flight since the day before count too.
    pub(super) fn day_total(&self, now: Timestamp) -> Amounts {
        let today = day_of(now);
        if self.month != Some(Month::of(now)) {
            return Amounts::default();
        }
        let spent = self.totals.iter().filter(|((day, _), _)| *day == today).map(|(_, total)| total.cost).sum();
        let reserved = self.reserved.values().filter(|entry| entry.day() == today || !has_expired(entry, now));
        Amounts { spent, reserved: reserved.map(|entry| entry.cost).sum() }
    }

    /// Returns the amounts of the UTC month of `now`.
    pub(super) fn month_total(&self, now: Timestamp) -> Amounts {
        if self.month != Some(Month::of(now)) {
            return Amounts::default();
        }
        let spent = self.totals.values().map(|total| total.cost).sum();
        Amounts { spent, reserved: self.reserved.values().map(|entry| entry.cost).sum() }
    }

    /// Returns the spending by day and endpoint.
    pub(super) fn report(&self) -> Vec<EndpointSpending> {
        let mut totals = self.totals.clone();
        self.reserved.values().for_each(|entry| add_to_totals(&mut totals, entry, 1));
        let lines = totals.into_iter().map(|((day, endpoint), total)| EndpointSpending {
            day: Timestamp::from_secs(day * DAY_SECS).to_date(),
            endpoint,
            calls: total.calls,
            resources: total.resources,
            cost: total.cost,
            unsettled: total.unsettled,
        });
        lines.collect()
    }
}

/// Ends a reservation in a locked store, without a cost.
pub(super) fn release(locked: &mut dyn LockedStore, endpoint: &str, number: u64, now: Timestamp) -> Result<(), Error> {
    let mut book = MonthBook::default();
    book.advance_to(now);
    book.read_new(locked)?;
    let mut entry = Entry::new(endpoint, now);
    entry.ends = Some(number);
    book.append(Some(locked), entry, now)
}

fn has_expired(entry: &Entry, now: Timestamp) -> bool {
    now.as_secs() - entry.at > RESERVATION_LIFETIME_SECS
}

fn add_to_totals(totals: &mut BTreeMap<(i64, String), Total>, entry: &Entry, unsettled: u64) {
    let total = totals.entry((entry.day(), entry.endpoint.clone())).or_default();
    total.calls += entry.calls;
    total.cost += entry.cost;
    total.resources += entry.resources;
    total.unsettled += unsettled;
}

fn header(generation: u64) -> Vec<u8> {
    serde_json::to_vec(&Header { e: "ledger".to_owned(), version: VERSION, generation }).unwrap_or_default()
}

/// Writes an entry as a line. The line break comes first, in case a killed program left its last line incomplete.
fn write_line(text: &mut Vec<u8>, entry: &Entry) {
    text.push(b'\n');
    text.extend(serde_json::to_vec(entry).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;
    use chirrup_store::{MemoryStore, Store};

    const NOW: Timestamp = Timestamp::from_secs(1_795_000_000);

    fn book() -> MonthBook {
        let mut book = MonthBook::default();
        book.advance_to(NOW);
        book
    }

    fn entry(cost: u64) -> Entry {
        let mut entry = Entry::new("get_post", NOW);
        entry.cost = Cost::from_micros(cost);
        entry
    }

    fn lock(store: &MemoryStore) -> Box<dyn LockedStore> {
        store.try_lock().expect("lockable").expect("unlocked")
    }

    #[test]
    fn a_long_log_becomes_its_totals_and_other_programs_notice() {
        let store = MemoryStore::default();
        let (mut one, mut other) = (book(), book());
        let mut locked = lock(&store);
        let open = one.reserve(Some(&mut *locked), entry(70), NOW).expect("writable");
        for n in 0..5_000 {
            let writer = if n % 97 == 0 { &mut other } else { &mut one };
            writer.read_new(&mut *locked).expect("readable");
            let number = writer.reserve(Some(&mut *locked), entry(10), NOW).expect("writable");
            let mut done = entry(7);
            done.ends = Some(number);
            writer.append(Some(&mut *locked), done, NOW).expect("writable");
        }
        assert!(locked.read().expect("readable").is_some_and(|log| log.len() < 100_000));
        for book in [&mut one, &mut other] {
            book.read_new(&mut *locked).expect("readable");
            let day = book.day_total(NOW);
            assert_eq!((day.spent.micros(), day.reserved.micros()), (35_000, 70));
            assert_eq!((book.report()[0].calls, book.report()[0].unsettled), (5_001, 1));
        }
        // The reservation of a process that was killed counts as spent on its day.
        let later = NOW.plus_millis(2 * RESERVATION_LIFETIME_SECS * 1_000);
        for _ in 0..MAX_LINES {
            one.append(Some(&mut *locked), entry(0), later).expect("writable");
        }
        assert_eq!((one.day_total(NOW).spent.micros(), one.reserved.contains_key(&open)), (35_070, false));
    }

    #[test]
    fn a_log_that_was_cut_anywhere_can_be_read_and_continued() {
        let store = MemoryStore::default();
        let mut locked = lock(&store);
        let mut first = book();
        first.append(Some(&mut *locked), entry(5), NOW).expect("writable");
        first.append(Some(&mut *locked), entry(5), NOW).expect("writable");
        let log = locked.read().expect("readable").expect("a log");
        for cut in 0..log.len() {
            locked.replace(&log[..cut]).expect("writable");
            let mut book = book();
            book.read_new(&mut *locked).expect("readable");
            let before = book.day_total(NOW).spent.micros();
            book.append(Some(&mut *locked), entry(3), NOW).expect("writable");
            let mut again = super::tests::book();
            again.read_new(&mut *locked).expect("readable");
            assert_eq!(again.day_total(NOW).spent.micros(), before + 3, "cut at {cut}");
        }
    }

    #[test]
    fn a_log_that_is_read_while_it_grows_counts_each_line_once() {
        let store = MemoryStore::default();
        let mut locked = lock(&store);
        let mut writer = book();
        (0..20).for_each(|_| writer.append(Some(&mut *locked), entry(5), NOW).expect("writable"));
        let log = locked.read().expect("readable").expect("a log");
        for cut in 0..=log.len() {
            let mut book = MonthBook::default();
            assert!(book.is_unread(NOW));
            book.read_unlocked(&log[..cut], NOW).expect("readable");
            book.read_new(&mut *locked).expect("readable");
            assert_eq!((book.day_total(NOW).spent.micros(), book.is_unread(NOW)), (100, false), "cut at {cut}");
        }
        let mut early = book();
        early.read_unlocked(&log, NOW).expect("readable");
        writer.compact(&mut *locked, NOW);
        early.read_new(&mut *locked).expect("readable");
        assert_eq!(early.day_total(NOW).spent.micros(), 100, "replaced in between");
    }

    #[test]
    fn a_log_without_a_header_counts_and_a_newer_one_is_rejected() {
        let mut old = book();
        let log = br#"{"t":1795000000,"e":"get_post","c":5000,"n":{"Posts: Read":["20"]}}"#;
        old.read_all(log).expect("readable");
        assert_eq!(old.month_total(NOW).spent.micros(), 5_000);
        let newer = br#"{"e":"ledger","version":3,"generation":1}"#;
        assert!(book().read_all(newer).is_err());
    }
}
