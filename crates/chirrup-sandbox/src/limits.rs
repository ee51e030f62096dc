//! Rate limits in fixed windows, as the headers of X tell them.

use std::collections::HashMap;

use chirrup_api::internal::window_of;
use chirrup_api::{DocumentedLimit, Endpoint, LimitScope, limits_for};
use chirrup_model::Timestamp;
use serde_json::{Value as Json, json};

const DAY: u32 = 86_400;

/// Whose calls a window counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Caller {
    /// A user of an app.
    User { app: i64, user: u64 },
    /// An app.
    App(i64),
}

#[derive(Debug, Clone, Copy)]
struct Window {
    ends: i64,
    used: u32,
}

/// All windows that are open.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    windows: HashMap<(Caller, &'static str, u32), Window>,
}

/// What one call leaves of its windows.
#[derive(Debug, Default)]
pub(crate) struct Verdict {
    pub(crate) allowed: bool,
    /// Names and values of the headers.
    pub(crate) headers: Vec<(&'static str, String)>,
}

impl Limits {
    /// Counts a call, unless one of its windows is used up.
    pub(crate) fn take(&mut self, meta: &'static Endpoint, app: i64, user: Option<u64>, now: Timestamp) -> Verdict {
        let now = now.as_secs();
        self.forget_old(now);
        let mut open: Vec<((Caller, &'static str, u32), DocumentedLimit)> = limits_for(meta)
            .filter_map(|limit| {
                let caller = match (limit.scope, user) {
                    (LimitScope::User, Some(user)) => Caller::User { app, user },
                    (LimitScope::App, None) => Caller::App(app),
                    // The daily amount of an app counts all its calls.
                    (LimitScope::App, Some(_)) if limit.seconds == DAY => Caller::App(app),
                    _ => return None,
                };
                Some(((caller, window_of(meta), limit.seconds), limit))
            })
            .collect();
        open.sort_by_key(|(key, _)| key.2);
        for (key, limit) in &open {
            let ends = now + i64::from(limit.seconds);
            self.windows.entry(*key).or_insert(Window { ends, used: 0 });
        }
        let full = |windows: &HashMap<_, Window>| open.iter().any(|(key, limit)| windows[key].used >= limit.calls);
        let allowed = !full(&self.windows);
        let mut headers = Vec::new();
        for (key, limit) in &open {
            if let Some(window) = self.windows.get_mut(key) {
                window.used += u32::from(allowed);
                tell(&mut headers, key.0, *limit, *window);
            }
        }
        Verdict { allowed, headers }
    }

    /// Fills in what is left of the windows of v1.1, by family and path.
    pub(crate) fn report(&mut self, app: i64, user: Option<u64>, now: Timestamp, body: &mut Json) {
        let now = now.as_secs();
        self.forget_old(now);
        let wanted: Vec<String> = serde_json::from_value(body["wanted"].take()).unwrap_or_default();
        body.as_object_mut().map(|body| body.remove("wanted"));
        let (scope, caller) = match user {
            Some(user) => (LimitScope::User, Caller::User { app, user }),
            None => (LimitScope::App, Caller::App(app)),
        };
        for meta in chirrup_api::all().filter(|meta| meta.is_v1() && meta.is_read()) {
            let Some(limit) = limits_for(meta).find(|limit| limit.scope == scope) else { continue };
            let path = meta.path.trim_start_matches("/1.1").trim_end_matches(".json").replace("{id}", ":id");
            let family = path.split('/').nth(1).unwrap_or_default().to_owned();
            if !wanted.is_empty() && !wanted.contains(&family) {
                continue;
            }
            let window = self.windows.get(&(caller, window_of(meta), limit.seconds)).copied();
            let window = window.unwrap_or(Window { ends: now + i64::from(limit.seconds), used: 0 });
            let left = limit.calls.saturating_sub(window.used);
            body["resources"][family][path] = json!({"limit": limit.calls, "remaining": left, "reset": window.ends});
        }
    }

    fn forget_old(&mut self, now: i64) {
        self.windows.retain(|_, window| window.ends > now);
    }
}

fn tell(headers: &mut Vec<(&'static str, String)>, caller: Caller, limit: DocumentedLimit, window: Window) {
    let names = match (limit.seconds, caller) {
        (DAY, Caller::App(_)) => {
            ["x-app-limit-24hour-limit", "x-app-limit-24hour-remaining", "x-app-limit-24hour-reset"]
        }
        (DAY, Caller::User { .. }) => {
            ["x-user-limit-24hour-limit", "x-user-limit-24hour-remaining", "x-user-limit-24hour-reset"]
        }
        _ => ["x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset"],
    };
    let left = limit.calls.saturating_sub(window.used);
    let values = [limit.calls.to_string(), left.to_string(), window.ends.to_string()];
    headers.extend(names.into_iter().zip(values));
}
