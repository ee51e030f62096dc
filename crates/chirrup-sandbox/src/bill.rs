//! What the sandbox charges, as X would: an account of its own, which a client's is held against.

use std::collections::{BTreeMap, HashSet};

use chirrup_api::prices::INCLUDED_RESOURCES;
use chirrup_api::{Call, Charge, Cost, Endpoint, PriceList, charge_for};
use chirrup_model::Timestamp;
use serde_json::{Value as Json, json};

use crate::api_error::ApiError;

const DAY_SECS: i64 = 86_400;

/// The bill of everybody who calls.
#[derive(Debug, Default)]
pub(crate) struct Bill {
    day: i64,
    /// What was charged for today, by price and id.
    charged: HashSet<(&'static str, String)>,
    total: Cost,
    by_endpoint: BTreeMap<&'static str, Cost>,
    /// What is left to spend; nobody asks if it is `None`.
    credits: Option<Cost>,
    /// How many posts may still be read this month.
    cap: Option<u64>,
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

    pub(crate) fn set_cap(&mut self, posts: Option<u64>) {
        self.cap = posts;
    }

    /// Refuses who has no credits left, or has read all that may be read.
    pub(crate) fn admit(&self, meta: &Endpoint) -> Result<(), ApiError> {
        let Some(charge) = charge_for(meta) else { return Ok(()) };
        if self.credits == Some(Cost::ZERO) {
            let body = json!({
                "account_id": 1, "title": "CreditsDepleted",
                "detail": "Your enrolled account [1] does not have any credits.",
                "type": "https://api.twitter.com/2/problems/credits",
            });
            return Err(ApiError { status: 402, body, before_routing: false });
        }
        if charge == Charge::PerResource("Posts: Read") && self.cap == Some(0) {
            let body = json!({
                "account_id": 1, "product_name": "standard-basic", "title": "UsageCapExceeded", "period": "Monthly",
                "scope": "Product", "detail": "Usage cap exceeded: Monthly product cap",
                "type": "https://api.twitter.com/2/problems/usage-capped",
            });
            return Err(ApiError { status: 429, body, before_routing: false });
        }
        Ok(())
    }

    /// Charges for an answer: what it is, before it becomes text.
    pub(crate) fn charge(
        &mut self,
        call: &Call,
        meta: &'static Endpoint,
        user: Option<u64>,
        body: &Json,
        now: Timestamp,
    ) -> Cost {
        let day = now.as_secs().div_euclid(DAY_SECS);
        if self.day != day {
            self.day = day;
            self.charged.clear();
        }
        let list = PriceList::builtin();
        let cost = match charge_for(meta) {
            None => return Cost::ZERO,
            Some(Charge::PerRequest(what)) => {
                let text = call.text("text").unwrap_or_default();
                list.request_price(what, text.contains("://") || linked(text))
            }
            Some(Charge::PerResource(what)) => {
                let own = user.is_some() && call.text("id").map(str::parse::<u64>) == user.map(Ok);
                let unit = list.resource_price(meta, what, own);
                let bodies: Vec<&Json> = match body {
                    Json::Array(lines) => lines.iter().collect(),
                    one => vec![one],
                };
                bodies.into_iter().map(|body| self.charge_for(what, unit, body, list)).sum()
            }
        };
        self.total += cost;
        *self.by_endpoint.entry(meta.id).or_default() += cost;
        self.credits = self.credits.map(|credits| credits.saturating_sub(cost));
        cost
    }

    fn charge_for(&mut self, what: &'static str, unit: Cost, body: &Json, list: &PriceList) -> Cost {
        let data = match &body["data"] {
            Json::Array(items) => items.iter().collect(),
            Json::Null => Vec::new(),
            one => vec![one],
        };
        let mut cost = Cost::ZERO;
        let mut charge = |what: &'static str, unit: Cost, thing: &Json| {
            let Some(id) = thing["id"].as_str() else { return };
            if self.charged.insert((what, id.to_owned())) {
                cost += unit;
                if what == "Posts: Read" {
                    self.cap = self.cap.map(|left| left.saturating_sub(1));
                }
            }
        };
        data.into_iter().for_each(|thing| charge(what, unit, thing));
        for (name, what) in INCLUDED_RESOURCES {
            let things = body["includes"][name].as_array().into_iter().flatten();
            things.for_each(|thing| charge(what, list.price(what), thing));
        }
        cost
    }
}

/// Whether a text without a scheme holds a link all the same.
fn linked(text: &str) -> bool {
    !chirrup_text::Extractor::new().urls().urls_without_protocol(true).extract(text).is_empty()
}
