//! Rate limits in fixed windows, as X reports them in headers.

use std::collections::HashMap;

use chirrup_api::{DocumentedLimit, Endpoint, LimitScope};
use chirrup_model::Timestamp;
use serde_json::{Value as Json, json};

const DAY: u32 = 86_400;
/// Length of the windows of API v1.1 in seconds.
const V1_WINDOW: i64 = 900;

/// Windows that X reports, of endpoints that the sandbox does not have.
const OTHER_LIMITS: &str = include_str!("../../data/other_limits.txt");

/// Caller whose calls a window counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum WindowOwner {
    User { app: i64, user: u64 },
    App(i64),
}

#[derive(Debug, Clone, Copy)]
struct Window {
    /// End of the window in seconds since the Unix epoch.
    reset: i64,
    /// Number of calls that the window allows.
    limit: u32,
    used: u32,
}

impl Window {
    fn remaining(&self) -> u32 {
        self.limit.saturating_sub(self.used)
    }

    fn change(&mut self, change: LimitChange) {
        match change {
            LimitChange::Remaining(left) => {
                self.limit = self.limit.max(left);
                self.used = self.limit - left;
            }
            LimitChange::Limit(limit) => self.limit = limit,
        }
    }
}

impl WindowOwner {
    fn user(self) -> Option<u64> {
        match self {
            Self::User { user, .. } => Some(user),
            Self::App(_) => None,
        }
    }
}

/// State of a window, for the control API.
#[derive(Debug)]
pub(crate) struct WindowState {
    pub(crate) endpoint: &'static str,
    pub(crate) app: i64,
    pub(crate) user: Option<u64>,
    pub(crate) seconds: u32,
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    pub(crate) reset: i64,
}

/// Owner, name of the endpoint (or of the group that shares a window), and length in seconds.
type WindowKey = (WindowOwner, &'static str, u32);

/// Change of a rate limit by a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LimitChange {
    /// Number of calls that are left until the windows end.
    Remaining(u32),
    /// Number of calls that each window allows from now on.
    Limit(u32),
}

/// Change of a rate limit, with the windows to which it applies.
#[derive(Debug, Clone)]
struct AppliedChange {
    window: &'static str,
    seconds: u32,
    /// User whose windows change; `None` is all callers.
    user: Option<u64>,
    change: LimitChange,
    /// End of the windows that the change of the remaining calls is about.
    until: i64,
}

/// Counter of calls in all windows that have not ended.
#[derive(Debug, Clone, Default)]
pub(crate) struct RateLimiter {
    windows: HashMap<WindowKey, Window>,
    /// Changes that apply to windows that have not begun.
    changes: Vec<AppliedChange>,
}

/// Outcome of counting a call.
#[derive(Debug, Default)]
pub(crate) struct RateLimitDecision {
    pub(crate) allowed: bool,
    /// Names and values of the rate limit headers.
    pub(crate) headers: Vec<(&'static str, String)>,
}

impl RateLimiter {
    /// Counts a call in its windows, unless one of them is used up.
    pub(crate) fn count_call(
        &mut self,
        endpoint: &'static Endpoint,
        app: i64,
        user: Option<u64>,
        now: Timestamp,
    ) -> RateLimitDecision {
        let now = now.as_secs();
        self.remove_ended(now);
        let mut limits: Vec<_> = window_keys(endpoint, app, user).collect();
        limits.sort_by_key(|(key, _)| key.2);
        for (key, limit) in &limits {
            let changes = &self.changes;
            self.windows.entry(*key).or_insert_with(|| changed_window(changes, key, limit, now));
        }
        let allowed = limits.iter().all(|(key, _)| self.windows[key].used < self.windows[key].limit);
        let mut headers = Vec::new();
        for (key, limit) in &limits {
            if let Some(window) = self.windows.get_mut(key) {
                window.used += u32::from(allowed);
                headers.extend(window_headers(key.0, limit, window));
            }
        }
        RateLimitDecision { allowed, headers }
    }

    /// Counts a request of an app to a URL outside the table of endpoints: `calls` are allowed per `seconds`.
    ///
    /// # Errors
    /// The end of the window in seconds since the Unix epoch, if the window is used up.
    pub(crate) fn count_app_request(
        &mut self,
        name: &'static str,
        (calls, seconds): (u32, u32),
        app: i64,
        now: Timestamp,
    ) -> Result<(), i64> {
        let now = now.as_secs();
        self.remove_ended(now);
        let reset = now + i64::from(seconds);
        let window = self.windows.entry((WindowOwner::App(app), name, seconds)).or_insert(Window {
            reset,
            limit: calls,
            used: 0,
        });
        if window.used >= calls {
            return Err(window.reset);
        }
        window.used += 1;
        Ok(())
    }

    /// Returns the state of each window of API v1.1, by resource family and path. `families` selects the families; all if it
    /// is empty.
    pub(crate) fn status_report(&mut self, app: i64, user: Option<u64>, families: &[String], now: Timestamp) -> Json {
        let now = now.as_secs();
        self.remove_ended(now);
        let (scope, owner) = match user {
            Some(user) => (LimitScope::User, WindowOwner::User { app, user }),
            None => (LimitScope::App, WindowOwner::App(app)),
        };
        let is_wanted = |family: &str| families.is_empty() || families.iter().any(|wanted| wanted == family);
        let mut report = json!({});
        for endpoint in chirrup_api::all().filter(|endpoint| endpoint.is_v1() && endpoint.is_read()) {
            let Some(limit) = endpoint.documented_limits().find(|limit| limit.scope == scope) else { continue };
            let path = reported_path(endpoint.path);
            let family = path.split('/').nth(1).unwrap_or_default().to_owned();
            if !is_wanted(&family) || family == "oembed" {
                continue;
            }
            let window = self.windows.get(&(owner, endpoint.window(), limit.seconds)).copied();
            let window = window.unwrap_or_else(|| new_window(&limit, now));
            report[family][path] =
                json!({"limit": window.limit, "remaining": window.remaining(), "reset": window.reset});
        }
        for (family, calls, paths) in OTHER_LIMITS.lines().filter_map(other_limit) {
            for path in paths.split(' ').filter(|_| is_wanted(family)) {
                let path = if path == "." { format!("/{family}") } else { format!("/{family}/{path}") };
                report[family][path] = json!({"limit": calls, "remaining": calls, "reset": now + V1_WINDOW});
            }
        }
        report
    }

    /// Returns the windows that have not ended, by the name of the endpoint.
    pub(crate) fn windows(&mut self, now: Timestamp) -> Vec<WindowState> {
        self.remove_ended(now.as_secs());
        let mut windows: Vec<_> = self.windows.iter().map(|(key, window)| window_state(key, window)).collect();
        windows.sort_by_key(|window| (window.endpoint, window.user, window.seconds));
        windows
    }

    /// Changes the limits of an endpoint, for a user or for all callers.
    pub(crate) fn change(
        &mut self,
        endpoint: &'static Endpoint,
        user: Option<u64>,
        change: LimitChange,
        now: Timestamp,
    ) {
        let now = now.as_secs();
        self.changes.retain(|change| change.until > now);
        let window = endpoint.window();
        for limit in endpoint.documented_limits() {
            let until = match change {
                LimitChange::Remaining(_) => now + i64::from(limit.seconds),
                LimitChange::Limit(_) => i64::MAX,
            };
            let is_same = |other: &AppliedChange| {
                (other.window, other.seconds, other.user) == (window, limit.seconds, user)
                    && std::mem::discriminant(&other.change) == std::mem::discriminant(&change)
            };
            self.changes.retain(|other| !is_same(other));
            self.changes.push(AppliedChange { window, seconds: limit.seconds, user, change, until });
        }
        for ((owner, name, _), state) in &mut self.windows {
            if *name == window && user.is_none_or(|user| owner.user() == Some(user)) {
                state.change(change);
            }
        }
    }

    fn remove_ended(&mut self, now: i64) {
        self.windows.retain(|_, window| window.reset > now);
    }
}

/// Returns the windows that count the calls of a caller to an endpoint, with their limits.
fn window_keys(
    endpoint: &'static Endpoint,
    app: i64,
    user: Option<u64>,
) -> impl Iterator<Item = (WindowKey, DocumentedLimit)> {
    endpoint.documented_limits().filter_map(move |limit| {
        let owner = match (limit.scope, user) {
            (LimitScope::User, Some(user)) => WindowOwner::User { app, user },
            (LimitScope::App, None) => WindowOwner::App(app),
            // The daily limit of an app counts the calls of its users too.
            (LimitScope::App, Some(_)) if limit.seconds == DAY => WindowOwner::App(app),
            _ => return None,
        };
        Some(((owner, endpoint.window(), limit.seconds), limit))
    })
}

fn window_state((owner, endpoint, seconds): &WindowKey, window: &Window) -> WindowState {
    let (app, user) = match *owner {
        WindowOwner::User { app, user } => (app, Some(user)),
        WindowOwner::App(app) => (app, None),
    };
    let (limit, remaining, reset) = (window.limit, window.remaining(), window.reset);
    WindowState { endpoint, app, user, seconds: *seconds, limit, remaining, reset }
}

/// Family, calls per window and paths of a line of [`OTHER_LIMITS`].
fn other_limit(line: &str) -> Option<(&str, u32, &str)> {
    let (family, rest) = line.split_once(' ')?;
    let (calls, paths) = rest.split_once(' ')?;
    Some((family, calls.parse().ok()?, paths))
}

/// Path of an endpoint of v1.1 as X reports it.
fn reported_path(path: &str) -> String {
    match path.trim_start_matches("/1.1").trim_end_matches(".json") {
        shown @ ("/users/show" | "/statuses/show") => format!("{shown}/:id"),
        path => path.replace('{', ":").replace('}', ""),
    }
}

fn new_window(limit: &DocumentedLimit, now: i64) -> Window {
    Window { reset: now + i64::from(limit.seconds), limit: limit.calls, used: 0 }
}

/// Returns a window that begins, with the changes that apply to it.
fn changed_window(changes: &[AppliedChange], key: &WindowKey, limit: &DocumentedLimit, now: i64) -> Window {
    let (owner, name, seconds) = *key;
    let mut window = new_window(limit, now);
    for change in changes.iter().filter(|change| change.window == name && change.seconds == seconds) {
        if change.until > now && change.user.is_none_or(|user| owner.user() == Some(user)) {
            window.change(change.change);
        }
    }
    window
}

/// Returns the headers that report the state of a window.
fn window_headers(
    owner: WindowOwner,
    limit: &DocumentedLimit,
    window: &Window,
) -> impl Iterator<Item = (&'static str, String)> {
    let names = match (limit.seconds, owner) {
        (DAY, WindowOwner::App(_)) => {
            ["x-app-limit-24hour-limit", "x-app-limit-24hour-remaining", "x-app-limit-24hour-reset"]
        }
        (DAY, WindowOwner::User { .. }) => {
            ["x-user-limit-24hour-limit", "x-user-limit-24hour-remaining", "x-user-limit-24hour-reset"]
        }
        _ => ["x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset"],
    };
    let values = [window.limit.to_string(), window.remaining().to_string(), window.reset.to_string()];
    names.into_iter().zip(values)
}
