//! Charges for calls by the built-in price list, independent of the client's own ledger.

use std::collections::BTreeMap;

use chirrup_api::prices::INCLUDED_RESOURCES;
use chirrup_api::{Call, Charge, Cost, Endpoint, PriceList};
use chirrup_model::Timestamp;
use foldhash::HashSet;
use serde_json::{Value as Json, json};

use crate::response::api_error::ApiError;
use crate::response::content::{Content, Resources, resource_number};

const DAY_SECS: i64 = 86_400;
/// Name of the price that the usage cap counts.
const POSTS_READ: &str = "Posts: Read";

/// Balance of an account whose credits are not limited: a million dollars.
const INITIAL_BALANCE: Cost = Cost::from_micros(1_000_000_000_000);

/// Charges of all callers together.
#[derive(Debug, Clone, Default)]
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

    pub(crate) fn credits(&self) -> Option<Cost> {
        self.credits
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

    /// Charges for a successful call and returns its cost.
    pub(crate) fn charge(
        &mut self,
        call: &Call,
        endpoint: &'static Endpoint,
        user: Option<u64>,
        content: &Content,
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
                self.charge_content(price, unit, content, prices)
            }
        };
        self.total += cost;
        *self.by_endpoint.entry(endpoint.id).or_default() += cost;
        self.credits = self.credits.map(|credits| credits.saturating_sub(cost));
        cost
    }

    /// Charges for the resources in a response that were not charged today.
    fn charge_content(&mut self, price: &'static str, unit: Cost, content: &Content, prices: &PriceList) -> Cost {
        match content {
            Content::Written(body) => self.charge_resources(price, unit, &body.resources, prices),
            Content::Json(body) => self.charge_resources(price, unit, &resources_of(body), prices),
            Content::Lines(lines) => lines.iter().map(|line| self.charge_content(price, unit, line, prices)).sum(),
        }
    }

    fn charge_resources(&mut self, price: &'static str, unit: Cost, resources: &Resources, prices: &PriceList) -> Cost {
        let [user, post] = INCLUDED_RESOURCES.map(|(_, price)| price);
        let data = resources.data.iter().map(|id| (price, unit, *id));
        let users = resources.users.iter().map(|id| (user, prices.price(user), *id));
        let posts = resources.posts.iter().map(|id| (post, prices.price(post), *id));
        let mut cost = Cost::ZERO;
        for (price, unit, id) in data.chain(users).chain(posts) {
            if self.charged.insert((price, id)) {
                cost += unit;
                if price == POSTS_READ {
                    self.usage_cap = self.usage_cap.map(|left| left.saturating_sub(1));
                }
            }
        }
        cost
    }
}

/// Returns the resources in a body.
fn resources_of(body: &Json) -> Resources {
    let number = |resource: &Json| resource["id"].as_str().map(resource_number);
    let data = match &body["data"] {
        Json::Array(resources) => resources.iter().filter_map(number).collect(),
        resource => number(resource).into_iter().collect(),
    };
    let [users, posts] = INCLUDED_RESOURCES
        .map(|(name, _)| body["includes"][name].as_array().into_iter().flatten().filter_map(number).collect());
    Resources { data, users, posts }
}

/// Whether a text contains a link, with a scheme or without.
fn contains_link(text: &str) -> bool {
    text.contains("://") || !chirrup_text::Extractor::new().urls().urls_without_protocol(true).extract(text).is_empty()
}
