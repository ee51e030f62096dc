//! Rate-limit windows: the calls left in each, and the time until the next.

use std::collections::BTreeMap;
use std::time::Duration;

use chirrup_api::{Endpoint, LimitScope, RawResponse, Request, by_route};
use chirrup_model::Timestamp;
use hashbrown::HashMap;
use http::HeaderName;
use serde::{Deserialize, Serialize};

/// Length of a daily window in seconds.
const DAY: u32 = 86_400;
/// Length in seconds of a window about which nothing is documented.
const DEFAULT_LENGTH: u32 = 900;
/// Number of windows from which those that are over are dropped.
const CLEANUP_COUNT: usize = 1_024;
/// Limit of a window in which the server does not limit calls.
const UNLIMITED: u32 = u32::MAX;

/// Headers with the limit, the calls left and the reset of a window.
static WINDOW: [HeaderName; 3] = header_names(["x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset"]);
static USER_DAY: [HeaderName; 3] =
    header_names(["x-user-limit-24hour-limit", "x-user-limit-24hour-remaining", "x-user-limit-24hour-reset"]);
static APP_DAY: [HeaderName; 3] =
    header_names(["x-app-limit-24hour-limit", "x-app-limit-24hour-remaining", "x-app-limit-24hour-reset"]);

/// Headers of a window, its scope, and whether it is a daily one.
static HEADER_FAMILIES: [(&[HeaderName; 3], LimitScope, bool); 3] =
    [(&WINDOW, LimitScope::User, false), (&USER_DAY, LimitScope::User, true), (&APP_DAY, LimitScope::App, true)];

const fn header_names([limit, remaining, reset]: [&'static str; 3]) -> [HeaderName; 3] {
    [HeaderName::from_static(limit), HeaderName::from_static(remaining), HeaderName::from_static(reset)]
}

/// Endpoint and caller of a call, which together determine its windows.
#[derive(Debug)]
pub(super) struct CallKey {
    /// Display name of the endpoint.
    pub(super) endpoint: String,
    /// Fingerprint of the credential.
    pub(super) caller: String,
}

impl CallKey {
    pub(super) fn new(request: &Request) -> Self {
        let endpoint = match request.endpoint().or_else(|| by_route(request.method().as_str(), request.path())) {
            Some(endpoint) => endpoint.window().to_owned(),
            // Routes outside the table are distinguished by their path, in which a number is an ID.
            None => {
                let is_id = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
                let parts = request.path().split('/').map(|part| if is_id(part) { ":id" } else { part });
                format!("{} {}", request.method(), parts.collect::<Vec<_>>().join("/"))
            }
        };
        let caller = request.credential.as_ref().map(|credential| credential.fingerprint()).unwrap_or_default();
        Self { endpoint, caller }
    }
}

/// One window in which a call counts.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Window {
    name: String,
    scope: LimitScope,
    seconds: u32,
    /// Calls per window, as X documents them.
    documented: Option<u32>,
}

impl Window {
    /// Whether a family of headers describes this window.
    fn matches(&self, scope: LimitScope, is_daily: bool) -> bool {
        if is_daily { self.seconds == DAY && self.scope == scope } else { self.seconds != DAY }
    }
}

/// All windows in which a call counts.
#[derive(Debug, Clone)]
pub(super) struct WindowSet {
    windows: Vec<Window>,
    endpoint: String,
}

impl WindowSet {
    pub(super) fn new(key: &CallKey, request: &Request) -> Self {
        let is_user = request.credential.as_ref().is_some_and(|credential| credential.kind().is_user());
        let window = |scope: LimitScope, seconds: u32, documented: Option<u32>| {
            // The limit of an app counts the calls of all its users.
            let caller = if scope == LimitScope::App && is_user { "app" } else { key.caller.as_str() };
            Window { name: format!("{} {seconds} {caller}", key.endpoint), scope, seconds, documented }
        };
        let documented = request.endpoint().into_iter().flat_map(Endpoint::documented_limits);
        let mut windows: Vec<Window> = documented
            .filter(|limit| match limit.scope {
                LimitScope::User => is_user,
                LimitScope::App => !is_user || limit.seconds == DAY,
            })
            .map(|limit| window(limit.scope, limit.seconds, Some(limit.calls)))
            .collect();
        if !windows.iter().any(|window| window.seconds != DAY) {
            windows.push(window(if is_user { LimitScope::User } else { LimitScope::App }, DEFAULT_LENGTH, None));
        }
        for scope in [LimitScope::User, LimitScope::App] {
            if !windows.iter().any(|window| window.seconds == DAY && window.scope == scope) {
                windows.push(window(scope, DAY, None));
            }
        }
        Self { windows, endpoint: key.endpoint.clone() }
    }
}

/// State of one window.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct WindowState {
    endpoint: String,
    seconds: u32,
    limit: u32,
    used: u32,
    /// Calls of this process without a response so far.
    #[serde(skip)]
    in_flight: u32,
    /// End of the window by the local clock.
    ends: Timestamp,
    /// End of the window as the server reported it. It identifies the window.
    reset: Option<Timestamp>,
    /// Reported end of the previous window.
    #[serde(default)]
    previous_reset: Option<Timestamp>,
}

/// The state of one rate-limit window: its limit, the calls left, and the time of its reset.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimitStatus {
    /// Name of the endpoint, or method and path of a raw call. For endpoints that share a window, the name of the first.
    pub endpoint: String,
    /// Length of the window.
    pub window: Duration,
    /// Number of calls that the window allows.
    pub limit: u32,
    /// Number of calls left in the window.
    pub remaining: u32,
    /// Start of the next window, by the clock of this machine.
    pub reset: Timestamp,
}

/// A window as response headers report it.
struct Reported {
    limit: u32,
    used: u32,
    reset: Timestamp,
}

/// The states of all known windows by name.
#[derive(Debug, Default)]
pub(super) struct WindowStates(HashMap<String, WindowState>);

impl WindowStates {
    /// Counts a call in all its windows, or, if one of them is exhausted, in none and returns the time to wait.
    pub(super) fn try_acquire(&mut self, set: &WindowSet, now: Timestamp) -> Result<(), Duration> {
        self.clean_up(now);
        for window in &set.windows {
            if let Some(state) = self.0.get_mut(&window.name) {
                state.roll_over(now);
            } else if let Some(limit) = window.documented {
                self.0.insert(window.name.clone(), WindowState::new(set, window, limit, now));
            }
        }
        let known = set.windows.iter().filter_map(|window| self.0.get(&window.name));
        let wait = known.filter(|state| state.used >= state.limit).map(|state| duration_until(state.ends, now)).max();
        if let Some(wait) = wait {
            return Err(wait);
        }
        for window in &set.windows {
            if let Some(state) = self.0.get_mut(&window.name) {
                state.used += 1;
                state.in_flight += 1;
            }
        }
        Ok(())
    }

    /// Records that a call is no longer in flight.
    pub(super) fn release(&mut self, set: &WindowSet) {
        for window in &set.windows {
            if let Some(state) = self.0.get_mut(&window.name) {
                state.in_flight = state.in_flight.saturating_sub(1);
            }
        }
    }

    /// Updates the windows of a call with the headers of its response.
    pub(super) fn learn(&mut self, set: &WindowSet, response: &RawResponse, now: Timestamp) {
        let number = |name: &HeaderName| response.headers.get(name)?.to_str().ok()?.trim().parse::<i64>().ok();
        let mut date = None;
        for ([limit, remaining, reset], scope, is_daily) in HEADER_FAMILIES {
            let values = || Some((number(limit)?, number(remaining)?, number(reset)?));
            let Some((limit, remaining, reset)) = values() else {
                if response.status.is_success() {
                    self.mark_unlimited(set, scope, is_daily);
                }
                continue;
            };
            let (Ok(limit), Ok(remaining)) = (u32::try_from(limit), u32::try_from(remaining.max(0))) else { continue };
            // An endpoint may have a window of one second and one of 15 minutes; the headers describe one of them.
            let candidates = set.windows.iter().filter(|window| window.matches(scope, is_daily));
            let Some(window) = candidates.max_by_key(|window| (window.documented == Some(limit), window.seconds))
            else {
                continue;
            };
            // Both times are the server's, so the skew of the local clock does not matter.
            let date = *date.get_or_insert_with(|| response.date().unwrap_or(now));
            let left_ms =
                reset.saturating_mul(1_000).saturating_sub(date.as_millis()).clamp(0, 2 * i64::from(DAY) * 1_000);
            let state = self.0.entry(window.name.clone()).or_insert_with(|| WindowState::new(set, window, limit, now));
            let used = limit.saturating_sub(remaining);
            state.update(Reported { limit, used, reset: Timestamp::from_secs(reset) }, now.plus_millis(left_ms));
        }
    }

    /// Lifts the documented limit of a window that the server accepts calls in but never reports.
    fn mark_unlimited(&mut self, set: &WindowSet, scope: LimitScope, is_daily: bool) {
        for window in set.windows.iter().filter(|window| window.matches(scope, is_daily)) {
            if let Some(state) = self.0.get_mut(&window.name).filter(|state| state.reset.is_none()) {
                state.limit = UNLIMITED;
            }
        }
    }

    /// Returns the limit and the length of the window that ends first.
    pub(super) fn narrowest(&self, set: &WindowSet) -> (u32, Duration) {
        let known = set.windows.iter().filter_map(|window| self.0.get(&window.name));
        let narrowest = known.min_by_key(|state| state.ends);
        narrowest.map_or((1, Duration::ZERO), |state| (state.limit, Duration::from_secs(state.seconds.into())))
    }

    pub(super) fn statuses(&self, now: Timestamp) -> Vec<RateLimitStatus> {
        let open = self.0.values().filter(|state| state.ends > now && state.limit != UNLIMITED);
        let mut statuses: Vec<RateLimitStatus> = open
            .map(|state| RateLimitStatus {
                endpoint: state.endpoint.clone(),
                window: Duration::from_secs(state.seconds.into()),
                limit: state.limit,
                remaining: state.limit.saturating_sub(state.used),
                reset: state.ends,
            })
            .collect();
        statuses.sort_by(|a, b| (&a.endpoint, a.window).cmp(&(&b.endpoint, b.window)));
        statuses
    }

    fn clean_up(&mut self, now: Timestamp) {
        if self.0.len() >= CLEANUP_COUNT {
            self.0.retain(|_, state| state.ends > now || state.in_flight > 0);
        }
    }

    /// Replaces local states with those of other processes, as [`to_json`](Self::to_json) wrote them.
    pub(super) fn merge(&mut self, shared: &[u8]) {
        let shared: BTreeMap<String, WindowState> = serde_json::from_slice(shared).unwrap_or_default();
        for (name, mut state) in shared {
            state.in_flight = self.0.get(&name).map_or(0, |own| own.in_flight);
            self.0.insert(name, state);
        }
    }

    pub(super) fn to_json(&self, now: Timestamp) -> Vec<u8> {
        let open: BTreeMap<&String, &WindowState> = self.0.iter().filter(|(_, state)| state.ends > now).collect();
        serde_json::to_vec(&open).unwrap_or_default()
    }
}

impl WindowState {
    fn new(set: &WindowSet, window: &Window, limit: u32, now: Timestamp) -> Self {
        Self {
            endpoint: set.endpoint.clone(),
            seconds: window.seconds,
            limit,
            used: 0,
            in_flight: 0,
            ends: now.plus_millis(i64::from(window.seconds) * 1_000),
            reset: None,
            previous_reset: None,
        }
    }

    /// Starts the next window if this one is over. Calls in flight may count in it.
    fn roll_over(&mut self, now: Timestamp) {
        if self.ends <= now {
            self.used = self.in_flight;
            self.ends = now.plus_millis(i64::from(self.seconds) * 1_000);
            self.previous_reset = self.reset.take().or(self.previous_reset);
        }
    }

    fn update(&mut self, reported: Reported, ends: Timestamp) {
        match self.reset {
            // A late response that belongs to an earlier window.
            Some(reset) if reported.reset < reset => return,
            None if self.previous_reset.is_some_and(|previous| reported.reset <= previous) => return,
            // A new window: the server may not have counted any of the calls in flight yet.
            Some(reset) if reported.reset > reset => self.used = reported.used.saturating_add(self.in_flight),
            _ => self.used = self.used.max(reported.used),
        }
        self.limit = reported.limit;
        self.reset = Some(reported.reset);
        self.ends = ends;
    }
}

fn duration_until(then: Timestamp, now: Timestamp) -> Duration {
    Duration::from_millis(u64::try_from(then.as_millis() - now.as_millis()).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reported(used: u32, reset: i64) -> Reported {
        Reported { limit: 75, used, reset: Timestamp::from_secs(reset) }
    }

    fn state(used: u32, in_flight: u32) -> WindowState {
        let ends = Timestamp::from_secs(900);
        WindowState {
            endpoint: "get_me".into(),
            seconds: 900,
            limit: 75,
            used,
            in_flight,
            ends,
            reset: Some(ends),
            previous_reset: None,
        }
    }

    #[test]
    fn calls_in_flight_count_in_the_next_window() {
        // The server's next window began before ours: it has counted this call, and none of the ten in flight.
        let mut state = state(75, 10);
        state.update(reported(1, 1_800), Timestamp::from_secs(1_800));
        assert_eq!((state.used, state.in_flight), (11, 10));
        // Calls whose responses arrive later are counted already.
        state.update(reported(5, 1_800), Timestamp::from_secs(1_800));
        assert_eq!(state.used, 11);
    }

    #[test]
    fn a_late_response_does_not_change_the_next_window() {
        let mut state = state(75, 3);
        state.roll_over(Timestamp::from_secs(901));
        state.update(reported(74, 900), Timestamp::from_secs(902));
        assert_eq!((state.used, state.ends, state.reset), (3, Timestamp::from_secs(1_801), None));
        state.update(reported(2, 1_790), Timestamp::from_secs(1_790));
        assert_eq!((state.used, state.ends), (3, Timestamp::from_secs(1_790)));
        state.update(reported(75, 900), Timestamp::from_secs(902));
        assert_eq!(state.ends, Timestamp::from_secs(1_790));
    }
}
