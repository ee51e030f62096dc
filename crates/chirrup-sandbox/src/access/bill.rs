//! Charges for calls by the built-in price list, independent of the client's own ledger.

use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use chirrup_api::prices::INCLUDED_RESOURCES;
use chirrup_api::{Call, Charge, Cost, Endpoint, PriceList};
use chirrup_model::Timestamp;
use serde_json::{Value as Json, json};

use crate::response::api_error::ApiError;

const DAY_SECS: i64 = 86_400;
/// Name of the price that the usage cap counts.
const POSTS_READ: &str = "Posts: Read";

/// Balance of an account whose credits are not limited: a million dollars.
const INITIAL_BALANCE: Cost = Cost::from_micros(1_000_000_000_000);

/// Charges of all callers together.
#[derive(Debug, Default)]
pub(crate) struct Bill {
    /// Number of the UTC day that `charged` is about.
    day: i64,
    /// Resources that were charged today, by price and ID: X charges each once per day.
    charged: HashSet<(&'static str, u64)>,
    total: Cost,
    by_endpoint: BTreeMap<&'static str, Cost>,
    /// Credits that are left to spend; `None` is no limit.
    credits: Option<Cost>,
    /// Number of posts that can still be read this month; `None` is no cap.
    usage_cap: Option<u64>,
}

impl Bill {
    pub(crate) fn total(&self) -> Cost {
        self.total
    }

    pub(crate) fn by_endpoint(&self) -> BTreeMap<&'static str, Cost> {
        self.by_endpoint.clone()
    }

    pub(crate) fn set_credits(&mut self, credits: Option<Cost>) {
        self.credits = credits;
    }

    /// Credits that are left to spend. Without a limit, the charges reduce an initial balance.
    pub(crate) fn balance(&self) -> Cost {
        self.credits.unwrap_or_else(|| INITIAL_BALANCE.saturating_sub(self.total))
    }

    pub(crate) fn set_usage_cap(&mut self, posts: Option<u64>) {
        self.usage_cap = posts;
    }

    /// Checks that credits and usage cap allow a call of this endpoint.
    ///
    /// # Errors
    /// With 402 if no credits are left, and with 429 if the usage cap is reached.
    pub(crate) fn check_allowance(&self, endpoint: &Endpoint) -> Result<(), ApiError> {
        let Some(charge) = endpoint.charge() else { return Ok(()) };
        if self.credits == Some(Cost::ZERO) {
            let body = json!({
                "account_id": 1, "title": "CreditsDepleted",
                "detail": "Your enrolled account [1] does not have any credits.",
                "type": "https://api.twitter.com/2/problems/credits",
            });
            return Err(ApiError { status: 402, body, before_routing: false });
        }
        if charge == Charge::PerResource(POSTS_READ) && self.usage_cap == Some(0) {
            let body = json!({
                "account_id": 1, "product_name": "standard-basic", "title": "UsageCapExceeded", "period": "Monthly",
                "scope": "Product", "detail": "Usage cap exceeded: Monthly product cap",
                "type": "https://api.twitter.com/2/problems/usage-capped",
            });
            return Err(ApiError { status: 429, body, before_routing: false });
        }
        Ok(())
    }

    /// Charges for a successful call and returns its cost. `body` is the response body in v2 form, before it is rewritten for
    /// an older dialect.
    pub(crate) fn charge(
        &mut self,
        call: &Call,
        endpoint: &'static Endpoint,
        user: Option<u64>,
        body: &Json,
        now: Timestamp,
    ) -> Cost {
        let today = now.as_secs().div_euclid(DAY_SECS);
        if self.day != today {
            self.day = today;
            self.charged.clear();
        }
        let prices = PriceList::builtin();
        let cost = match endpoint.charge() {
            None => return Cost::ZERO,
            Some(Charge::PerRequest(price)) => {
                prices.request_price(price, contains_link(call.text("text").unwrap_or_default()))
            }
            Some(Charge::PerResource(price)) => {
                let owned = user.is_some() && call.text("id").map(str::parse::<u64>) == user.map(Ok);
                let unit = prices.resource_price(endpoint, price, owned);
                // A stream responds with several bodies, one per line.
                let bodies = body.as_array().map_or(std::slice::from_ref(body), Vec::as_slice);
                bodies.iter().map(|body| self.charge_resources(price, unit, body, prices)).sum()
            }
        };
        self.total += cost;
        *self.by_endpoint.entry(endpoint.id).or_default() += cost;
        self.credits = self.credits.map(|credits| credits.saturating_sub(cost));
        cost
    }

    /// Charges for the resources of one body that were not charged today.
    fn charge_resources(&mut self, price: &'static str, unit: Cost, body: &Json, prices: &PriceList) -> Cost {
        let mut cost = Cost::ZERO;
        let mut charge = |price: &'static str, unit: Cost, resource: &Json| {
            let Some(id) = resource["id"].as_str() else { return };
            if self.charged.insert((price, number_of(id))) {
                cost += unit;
                if price == POSTS_READ {
                    self.usage_cap = self.usage_cap.map(|left| left.saturating_sub(1));
                }
            }
        };
        match &body["data"] {
            Json::Array(resources) => resources.iter().for_each(|resource| charge(price, unit, resource)),
            resource => charge(price, unit, resource),
        }
        for (name, price) in INCLUDED_RESOURCES {
            let included = body["includes"][name].as_array().into_iter().flatten();
            included.for_each(|resource| charge(price, prices.price(price), resource));
        }
        cost
    }
}

/// Returns the number of an ID, or a hash of one that is not a number. A number takes less memory than a text.
fn number_of(id: &str) -> u64 {
    id.parse().unwrap_or_else(|_| {
        let mut hasher = DefaultHasher::new();
        id.hash(&mut hasher);
        hasher.finish()
    })
}

/// Whether a text contains a link, with a scheme or without.
fn contains_link(text: &str) -> bool {
    text.contains("://") || !chirrup_text::Extractor::new().urls().urls_without_protocol(true).extract(text).is_empty()
}
