//! Windows as data: how many calls are left of each, and until when.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use chirrup_api::internal::window_of;
use chirrup_api::{LimitScope, RawResponse, Request, by_route, limits_for};
use chirrup_model::Timestamp;
use serde::{Deserialize, Serialize};

const DAY: u32 = 86_400;
/// How long a window is of which X says no more than that it exists.
const USUAL: u32 = 900;
/// From how many windows on those that are over are thrown away.
const MANY: usize = 1_024;
/// The limit of a window that has none.
const NONE: u32 = u32::MAX;

/// The families of headers by which an answer tells of a window.
const FAMILIES: [(&str, LimitScope, bool); 3] = [
    ("x-rate-limit", LimitScope::User, false),
    ("x-user-limit-24hour", LimitScope::User, true),
    ("x-app-limit-24hour", LimitScope::App, true),
];

/// Which windows a call counts in, before any is looked up.
pub(super) struct Key {
    /// The name of the endpoint, to be shown.
    pub(super) endpoint: String,
    /// Who waits in one line: the callers of an endpoint with one credential.
    pub(super) line: String,
    caller: String,
}

impl Key {
    pub(super) fn of(request: &Request) -> Self {
        let path = request.url.split_once("://").map_or("", |(_, rest)| rest);
        let path = path.find('/').map_or("/", |at| &path[at..]);
        let path = path.split('?').next().unwrap_or_default();
        let meta = request.endpoint.or_else(|| by_route(request.method.as_str(), path));
        let endpoint = match meta {
            Some(meta) => window_of(meta).to_owned(),
            // What the table does not know is told apart by its path; numbers in it are ids.
            None => {
                let is_id = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
                let parts = path.split('/').map(|part| if is_id(part) { ":id" } else { part });
                format!("{} {}", request.method, parts.collect::<Vec<_>>().join("/"))
            }
        };
        let caller = request.credential.as_ref().map(|credential| credential.fingerprint()).unwrap_or_default();
        Self { line: format!("{endpoint} {caller}"), endpoint, caller }
    }
}

/// One window that a call counts in.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Slot {
    name: String,
    scope: LimitScope,
    seconds: u32,
    /// What the documentation says of it.
    calls: Option<u32>,
}

impl Slot {
    /// Whether a family of headers tells of it.
    fn is_of(&self, scope: LimitScope, is_day: bool) -> bool {
        if is_day { self.seconds == DAY && self.scope == scope } else { self.seconds != DAY }
    }
}

/// The windows that a call counts in.
#[derive(Debug, Clone)]
pub(super) struct Ticket {
    slots: Vec<Slot>,
    endpoint: String,
}

impl Ticket {
    pub(super) fn of(key: &Key, request: &Request) -> Self {
        let is_user = request.credential.as_ref().is_some_and(|credential| credential.kind().is_user());
        let meta = request.endpoint.into_iter();
        let slot = |scope: LimitScope, seconds: u32, calls: Option<u32>| {
            // The amount of an app counts the calls of all its users.
            let caller = if scope == LimitScope::App && is_user { "app" } else { key.caller.as_str() };
            Slot { name: format!("{} {seconds} {caller}", key.endpoint), scope, seconds, calls }
        };
        let mut slots: Vec<Slot> = meta
            .flat_map(limits_for)
            .filter(|limit| match limit.scope {
                LimitScope::User => is_user,
                LimitScope::App => !is_user || limit.seconds == DAY,
            })
            .map(|limit| slot(limit.scope, limit.seconds, Some(limit.calls)))
            .collect();
        if !slots.iter().any(|slot| slot.seconds != DAY) {
            slots.push(slot(if is_user { LimitScope::User } else { LimitScope::App }, USUAL, None));
        }
        for scope in [LimitScope::User, LimitScope::App] {
            if !slots.iter().any(|slot| slot.seconds == DAY && slot.scope == scope) {
                slots.push(slot(scope, DAY, None));
            }
        }
        Self { slots, endpoint: key.endpoint.clone() }
    }
}

/// One window.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Bucket {
    endpoint: String,
    seconds: u32,
    limit: u32,
    used: u32,
    /// Calls of this process whose answers are not there yet.
    #[serde(skip)]
    in_flight: u32,
    /// When it is over, by our clock.
    ends: Timestamp,
    /// When it is over, as the server said it: what tells one window from the next.
    reset: Option<Timestamp>,
    /// The same of the window before it.
    #[serde(default)]
    over: Option<Timestamp>,
}

/// A window, to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimitStatus {
    /// The name of the endpoint, or method and path of a raw call. Of endpoints that share a window, the first.
    pub endpoint: String,
    /// How long the window is.
    pub window: Duration,
    /// How many calls it allows.
    pub limit: u32,
    /// How many are left.
    pub remaining: u32,
    /// When the next begins, by the clock of this machine.
    pub reset: Timestamp,
}

/// All windows that are known.
#[derive(Debug, Default)]
pub(super) struct Buckets(HashMap<String, Bucket>);

impl Buckets {
    /// Counts a call in all its windows; or in none, and tells how long to wait.
    pub(super) fn take(&mut self, ticket: &Ticket, now: Timestamp) -> Result<(), Duration> {
        self.forget(now);
        for slot in &ticket.slots {
            if let Some(bucket) = self.0.get_mut(&slot.name) {
                bucket.roll(now);
            } else if let Some(calls) = slot.calls {
                self.0.insert(slot.name.clone(), Bucket::begun(ticket, slot, calls, now));
            }
        }
        let open = ticket.slots.iter().filter_map(|slot| self.0.get(&slot.name));
        let wait = open.filter(|bucket| bucket.used >= bucket.limit).map(|bucket| until(bucket.ends, now)).max();
        if let Some(wait) = wait {
            return Err(wait);
        }
        for slot in &ticket.slots {
            if let Some(bucket) = self.0.get_mut(&slot.name) {
                bucket.used += 1;
                bucket.in_flight += 1;
            }
        }
        Ok(())
    }

    /// A call is no longer under way.
    pub(super) fn leave(&mut self, ticket: &Ticket) {
        for slot in &ticket.slots {
            if let Some(bucket) = self.0.get_mut(&slot.name) {
                bucket.in_flight = bucket.in_flight.saturating_sub(1);
            }
        }
    }

    /// Takes from an answer what it tells of the windows of its call.
    pub(super) fn learn(&mut self, ticket: &Ticket, answer: &RawResponse, now: Timestamp) {
        let number = |name: String| answer.headers.get(name)?.to_str().ok()?.trim().parse::<i64>().ok();
        let date = answer.date().unwrap_or(now);
        for (family, scope, is_day) in FAMILIES {
            let told = ["limit", "remaining", "reset"].map(|what| number(format!("{family}-{what}")));
            let [Some(limit), Some(remaining), Some(reset)] = told else {
                if answer.status.is_success() {
                    self.lift(ticket, scope, is_day);
                }
                continue;
            };
            let (Ok(limit), Ok(remaining)) = (u32::try_from(limit), u32::try_from(remaining.max(0))) else { continue };
            // Of a window of a second and one of a quarter of an hour, the headers tell of one.
            let fitting = ticket.slots.iter().filter(|slot| slot.is_of(scope, is_day));
            let Some(slot) = fitting.max_by_key(|slot| (slot.calls == Some(limit), slot.seconds)) else { continue };
            // By the server's own clock: what ours says does not matter.
            let left =
                reset.saturating_mul(1_000).saturating_sub(date.as_millis()).clamp(0, 2 * i64::from(DAY) * 1_000);
            let bucket = self.0.entry(slot.name.clone()).or_insert_with(|| Bucket::begun(ticket, slot, limit, now));
            let told = Told { limit, used: limit.saturating_sub(remaining), reset: Timestamp::from_secs(reset) };
            bucket.hear(told, now.plus_millis(left));
        }
    }

    /// A server that lets calls through and says nothing of a window has none, whatever the documentation of X says.
    fn lift(&mut self, ticket: &Ticket, scope: LimitScope, is_day: bool) {
        for slot in ticket.slots.iter().filter(|slot| slot.is_of(scope, is_day)) {
            if let Some(bucket) = self.0.get_mut(&slot.name).filter(|bucket| bucket.reset.is_none()) {
                bucket.limit = NONE;
            }
        }
    }

    /// How many calls the narrowest window of a call allows, and how long it is.
    pub(super) fn shape(&self, ticket: &Ticket) -> (u32, Duration) {
        let known = ticket.slots.iter().filter_map(|slot| self.0.get(&slot.name));
        let narrowest = known.min_by_key(|bucket| bucket.ends);
        narrowest.map_or((1, Duration::ZERO), |b| (b.limit, Duration::from_secs(b.seconds.into())))
    }

    pub(super) fn states(&self, now: Timestamp) -> Vec<RateLimitStatus> {
        let open = self.0.values().filter(|bucket| bucket.ends > now && bucket.limit != NONE);
        let mut states: Vec<RateLimitStatus> = open
            .map(|bucket| RateLimitStatus {
                endpoint: bucket.endpoint.clone(),
                window: Duration::from_secs(bucket.seconds.into()),
                limit: bucket.limit,
                remaining: bucket.limit.saturating_sub(bucket.used),
                reset: bucket.ends,
            })
            .collect();
        states.sort_by(|a, b| (&a.endpoint, a.window).cmp(&(&b.endpoint, b.window)));
        states
    }

    fn forget(&mut self, now: Timestamp) {
        if self.0.len() >= MANY {
            self.0.retain(|_, bucket| bucket.ends > now || bucket.in_flight > 0);
        }
    }

    /// Takes over what other programs know, as [`to_text`](Self::to_text) wrote it.
    pub(super) fn take_over(&mut self, text: &[u8]) {
        let theirs: BTreeMap<String, Bucket> = serde_json::from_slice(text).unwrap_or_default();
        for (name, mut bucket) in theirs {
            bucket.in_flight = self.0.get(&name).map_or(0, |own| own.in_flight);
            self.0.insert(name, bucket);
        }
    }

    pub(super) fn to_text(&self, now: Timestamp) -> Vec<u8> {
        let open: BTreeMap<&String, &Bucket> = self.0.iter().filter(|(_, bucket)| bucket.ends > now).collect();
        serde_json::to_vec(&open).unwrap_or_default()
    }
}

struct Told {
    limit: u32,
    used: u32,
    reset: Timestamp,
}

impl Bucket {
    fn begun(ticket: &Ticket, slot: &Slot, limit: u32, now: Timestamp) -> Self {
        let ends = now.plus_millis(i64::from(slot.seconds) * 1_000);
        let endpoint = ticket.endpoint.clone();
        Self { endpoint, seconds: slot.seconds, limit, used: 0, in_flight: 0, ends, reset: None, over: None }
    }

    /// Begins the next window if this one is over. What is under way may count in it.
    fn roll(&mut self, now: Timestamp) {
        if self.ends <= now {
            self.used = self.in_flight;
            self.ends = now.plus_millis(i64::from(self.seconds) * 1_000);
            self.over = self.reset.take().or(self.over);
        }
    }

    fn hear(&mut self, told: Told, ends: Timestamp) {
        match self.reset {
            // An answer from a window that is over, which came late.
            Some(reset) if told.reset < reset => return,
            None if self.over.is_some_and(|over| told.reset <= over) => return,
            // None of those under way may be among those that the server has counted.
            Some(reset) if told.reset > reset => self.used = told.used.saturating_add(self.in_flight),
            _ => self.used = self.used.max(told.used),
        }
        self.limit = told.limit;
        self.reset = Some(told.reset);
        self.ends = ends;
    }
}

fn until(then: Timestamp, now: Timestamp) -> Duration {
    Duration::from_millis(u64::try_from(then.as_millis() - now.as_millis()).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(used: u32, reset: i64) -> Told {
        Told { limit: 75, used, reset: Timestamp::from_secs(reset) }
    }

    fn bucket(used: u32, in_flight: u32) -> Bucket {
        let (ends, reset) = (Timestamp::from_secs(900), Some(Timestamp::from_secs(900)));
        Bucket { endpoint: "get_me".into(), seconds: 900, limit: 75, used, in_flight, ends, reset, over: None }
    }

    #[test]
    fn what_is_under_way_may_count_in_the_next_window() {
        // The server has begun a new one before we did: it has counted this call, and none of the ten under way.
        let mut bucket = bucket(75, 10);
        bucket.hear(told(1, 1_800), Timestamp::from_secs(1_800));
        assert_eq!((bucket.used, bucket.in_flight), (11, 10));
        // Those whose answers come by and by are counted in it already.
        bucket.hear(told(5, 1_800), Timestamp::from_secs(1_800));
        assert_eq!(bucket.used, 11);
    }

    #[test]
    fn a_late_answer_tells_nothing_of_the_window_that_has_begun() {
        let mut bucket = bucket(75, 3);
        bucket.roll(Timestamp::from_secs(901));
        bucket.hear(told(74, 900), Timestamp::from_secs(902));
        assert_eq!((bucket.used, bucket.ends, bucket.reset), (3, Timestamp::from_secs(1_801), None));
        bucket.hear(told(2, 1_790), Timestamp::from_secs(1_790));
        assert_eq!((bucket.used, bucket.ends), (3, Timestamp::from_secs(1_790)));
        bucket.hear(told(75, 900), Timestamp::from_secs(902));
        assert_eq!(bucket.ends, Timestamp::from_secs(1_790));
    }
}
