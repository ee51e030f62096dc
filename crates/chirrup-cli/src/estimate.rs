//! Estimates of calls: their number, their maximum cost, and the time that they take within the rate limits.

use std::collections::BTreeMap;
use std::time::Duration;

use chirrup::{AuthKind, Call, Client, Cost, CostInputs, DocumentedLimit, Endpoint, LimitScope, PriceList, Request};
use serde_json::{Value as Json, json};

/// Length of a daily window in seconds. That of an app counts the calls of its users, too.
const DAY: u32 = 86_400;

/// Estimate of the calls of an endpoint that a command sends.
#[derive(Debug, Clone)]
pub(crate) struct Estimate {
    endpoint: Option<&'static Endpoint>,
    /// Kind of the credential that the calls are sent with.
    pub(crate) credential: Option<AuthKind>,
    /// Maximum number of items in a response.
    pub(crate) items_per_request: u64,
    /// Maximum cost of one request, or `None` if the price list has no price for it.
    cost_per_request: Option<Cost>,
    /// Number of requests, or `None` if it depends on the responses.
    requests: Option<u64>,
}

impl Estimate {
    /// Returns the estimate of one request.
    pub(crate) fn of_request(request: &Request, prices: &PriceList) -> Self {
        let endpoint = request.endpoint();
        let priced = endpoint.filter(|endpoint| endpoint.charge().is_some());
        Self {
            endpoint,
            credential: request.credential.as_ref().map(|credential| credential.kind()),
            items_per_request: request.cost_inputs.items,
            cost_per_request: priced.map(|endpoint| prices.max_cost(endpoint, &request.cost_inputs)),
            requests: Some(1),
        }
    }

    /// Returns the estimate of the calls that list this number of items. `usize::MAX` is no limit.
    ///
    /// # Errors
    /// If the client has no credential that fits the call.
    pub(crate) fn of_items(client: &Client, call: &Call, items: usize) -> Result<Self, chirrup::Error> {
        let priced = call.endpoint.filter(|endpoint| endpoint.charge().is_some());
        let mut estimate = Self {
            endpoint: call.endpoint,
            credential: client.api().credential_kind(call)?,
            items_per_request: CostInputs::of(call, None).items,
            cost_per_request: priced.map(|_| client.estimate(call)).transpose()?,
            requests: Some(1),
        };
        estimate.repeat_for_items(items);
        Ok(estimate)
    }

    /// Repeats the request for as many pages as this number of items takes. `usize::MAX` is no limit.
    pub(crate) fn repeat_for_items(&mut self, items: usize) {
        let pages = (items as u64).div_ceil(self.items_per_request.max(1)).max(1);
        self.requests = Some(pages).filter(|_| items != usize::MAX);
    }

    /// Name of the endpoint.
    pub(crate) fn endpoint(&self) -> &'static str {
        self.endpoint.map_or("unknown", |endpoint| endpoint.id)
    }

    /// Number of requests, or `None` if it depends on the responses.
    pub(crate) fn requests(&self) -> Option<u64> {
        self.requests
    }

    /// Maximum cost of all requests. `None` if their number or their price is unknown.
    pub(crate) fn max_cost(&self) -> Option<Cost> {
        Some(self.cost_per_request?.saturating_mul(self.requests?))
    }

    /// Returns the estimate as members of a JSON object.
    pub(crate) fn json(&self) -> Json {
        json!({
            "endpoint": self.endpoint(), "credential": self.credential.map(AuthKind::id), "times": self.requests,
            "items_per_request": self.items_per_request,
            "max_cost_micros_per_request": self.cost_per_request.map(Cost::micros),
            "max_cost_micros": self.max_cost().map(Cost::micros),
            "min_seconds": min_time(&[self]).map(|time| time.as_secs()),
        })
    }

    /// The documented limits that apply to the credential.
    fn limits(&self) -> impl Iterator<Item = DocumentedLimit> {
        let is_user = self.credential.is_some_and(AuthKind::is_user);
        let limits = self.endpoint.into_iter().flat_map(Endpoint::documented_limits);
        limits.filter(move |limit| match limit.scope {
            LimitScope::User => is_user,
            LimitScope::App => !is_user || limit.seconds == DAY,
        })
    }
}

/// Returns the shortest time within the rate limits for requests one after another, if all windows are unused before. Calls
/// of the same endpoint share their windows. `None` if a number of requests is unknown.
pub(crate) fn min_time(estimates: &[&Estimate]) -> Option<Duration> {
    let mut windows: BTreeMap<(&str, Option<&str>), (u64, &Estimate)> = BTreeMap::new();
    for estimate in estimates {
        let window = estimate.endpoint.map_or("", Endpoint::window);
        let key = (window, estimate.credential.map(AuthKind::id));
        windows.entry(key).or_insert((0, estimate)).0 += estimate.requests?;
    }
    let times = windows.into_values().map(|(requests, estimate)| {
        // A window begins with its first call. The next one follows when it is over.
        let full_windows = |limit: &DocumentedLimit| requests.saturating_sub(1) / u64::from(limit.calls.max(1));
        let seconds = |limit: DocumentedLimit| full_windows(&limit).saturating_mul(limit.seconds.into());
        estimate.limits().map(seconds).max().unwrap_or_default()
    });
    Some(Duration::from_secs(times.fold(0, u64::saturating_add)))
}

#[cfg(test)]
mod tests {
    use chirrup::Credentials;
    use chirrup::v2::posts::{GetPosts, SearchAll, SearchRecent};

    use super::*;

    fn estimate(endpoint: &'static Endpoint, credentials: Credentials, items: usize) -> Estimate {
        let client = Client::new(credentials).unwrap();
        let mut call = Call::of(endpoint);
        crate::verbs::set(&mut call, endpoint, "max_results", 100.into());
        Estimate::of_items(&client, &call, items).unwrap()
    }

    #[test]
    fn the_time_is_that_of_the_full_windows_before_the_last_one() {
        let app = || Credentials::app_only("token");
        for (requests, seconds) in [(1, 0), (450, 0), (451, 900), (900, 900), (901, 1_800)] {
            let one = estimate(SearchRecent::ENDPOINT, app(), requests * 100);
            assert_eq!(
                (one.requests(), min_time(&[&one])),
                (Some(requests as u64), Some(Duration::from_secs(seconds)))
            );
        }
        // One call per second, and 300 per 15 minutes.
        for (requests, seconds) in [(300, 299), (301, 900), (1_100, 2_700)] {
            let one = estimate(SearchAll::ENDPOINT, app(), requests * 100);
            assert_eq!(min_time(&[&one]), Some(Duration::from_secs(seconds)));
        }
        let unlimited = estimate(SearchAll::ENDPOINT, app(), usize::MAX);
        assert_eq!((unlimited.requests(), unlimited.max_cost(), min_time(&[&unlimited])), (None, None, None));
    }

    #[test]
    fn calls_of_one_endpoint_share_its_windows() {
        let user = || Credentials::oauth2("token");
        let recent = estimate(SearchRecent::ENDPOINT, user(), 20_000);
        assert_eq!(min_time(&[&recent]), Some(Duration::ZERO), "a user has 300 calls");
        assert_eq!(min_time(&[&recent, &recent]), Some(Duration::from_secs(900)));
        let posts = estimate(GetPosts::ENDPOINT, user(), 100);
        assert_eq!(min_time(&[&recent, &posts]), Some(Duration::ZERO));
        assert_eq!(min_time(&[]), Some(Duration::ZERO));
    }
}
