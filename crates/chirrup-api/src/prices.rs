//! Prices of calls, from the price list of X in `data/`.

pub(crate) mod cost;

use std::fmt;
use std::str::FromStr;
use std::sync::OnceLock;

use hashbrown::HashMap;

use crate::call::Call;
use crate::endpoint::Endpoint;

pub use cost::{Cost, InvalidCost};

/// What X charges for calls of an endpoint. The value is the name of the price, such as `Posts: Read`.
///
/// The enum is exhaustive, so that code that counts costs handles every unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charge {
    /// Charge per resource in the response. X charges for a resource once per UTC day, whichever call returns it.
    PerResource(&'static str),
    /// Charge per successful request.
    PerRequest(&'static str),
}

/// Price list: the cost of each priced resource and request.
#[derive(Debug, Clone)]
pub struct PriceList {
    prices: HashMap<String, Cost>,
    owned_reads: HashMap<String, Cost>,
}

/// Price list of X as of November 2026. Columns: kind, name, dollars, unit.
static PRICES: &str = include_str!("../data/prices.tsv");

const CREATE_POST: &str = "Post: Create";
const CREATE_POST_WITH_LINK: &str = "Post: Create (with URL)";

/// Prices of the objects in `includes`: member name and name of the price.
#[doc(hidden)]
pub const INCLUDED_RESOURCES: [(&str, &str); 2] = [("users", "User: Read"), ("tweets", "Posts: Read")];

impl Endpoint {
    /// Returns what X charges for a call; `None` if X's price list has no price for it, so that its cost is unknown.
    pub fn charge(&self) -> Option<Charge> {
        static CHARGES: OnceLock<HashMap<&'static str, Charge>> = OnceLock::new();
        let charges = CHARGES.get_or_init(|| {
            PRICES
                .lines()
                .skip(1)
                .filter_map(|line| {
                    let columns: Vec<&str> = line.split('\t').collect();
                    match columns[..] {
                        [_, name, _, "resource"] => Some((name, Charge::PerResource(name))),
                        [_, name, _, "request"] => Some((name, Charge::PerRequest(name))),
                        _ => None,
                    }
                })
                .collect()
        });
        charges.get(self.price?).copied()
    }
}

/// Error for a text that is not a price list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidPriceList {
    line: usize,
    reason: String,
}

impl fmt::Display for InvalidPriceList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} of the price list: {}", self.line, self.reason)
    }
}

impl std::error::Error for InvalidPriceList {}

/// Parses tab-separated lines of kind (`read`, `write`, `event` or `owned_read`), name and dollars. The first line is
/// the header; further columns are ignored.
impl FromStr for PriceList {
    type Err = InvalidPriceList;
    fn from_str(text: &str) -> Result<Self, InvalidPriceList> {
        let mut list = Self { prices: HashMap::new(), owned_reads: HashMap::new() };
        for (index, line) in text.lines().enumerate().skip(1).filter(|(_, line)| !line.trim().is_empty()) {
            let invalid = |reason: String| InvalidPriceList { line: index + 1, reason };
            let columns: Vec<&str> = line.split('\t').collect();
            let [kind, name, dollars, ..] = columns[..] else {
                return Err(invalid("expected kind, name and dollars, separated by tabs".to_owned()));
            };
            let cost = dollars.parse().map_err(|error: InvalidCost| invalid(error.to_string()))?;
            let prices = if kind == "owned_read" { &mut list.owned_reads } else { &mut list.prices };
            prices.insert(name.to_owned(), cost);
        }
        Ok(list)
    }
}

impl PriceList {
    /// Returns the price list that is part of this version of the library.
    pub fn builtin() -> &'static Self {
        static BUILTIN: OnceLock<PriceList> = OnceLock::new();
        BUILTIN.get_or_init(|| {
            PRICES.parse().unwrap_or_else(|_| Self { prices: HashMap::new(), owned_reads: HashMap::new() })
        })
    }

    /// Returns all prices as kind (`price` or `owned_read`), name and cost, sorted.
    ///
    /// The name of an owned read is the method and path of its endpoint.
    pub fn entries(&self) -> impl Iterator<Item = (&'static str, &str, Cost)> {
        let prices = self.prices.iter().map(|(name, cost)| ("price", name.as_str(), *cost));
        let owned_reads = self.owned_reads.iter().map(|(name, cost)| ("owned_read", name.as_str(), *cost));
        let mut entries: Vec<_> = prices.chain(owned_reads).collect();
        entries.sort_unstable();
        entries.into_iter()
    }

    /// Returns the price of this name; zero if the list does not contain it.
    pub fn price(&self, name: &str) -> Cost {
        self.prices.get(name).copied().unwrap_or_default()
    }

    /// Returns the price of one resource that an endpoint returns.
    ///
    /// An owned read, of data that belongs to the caller, has a lower price at some endpoints.
    pub fn resource_price(&self, endpoint: &Endpoint, name: &str, owned_read: bool) -> Cost {
        let owned = || self.owned_reads.get(&format!("{} {}", endpoint.method, endpoint.path)).copied();
        let owned = if owned_read { owned() } else { None };
        owned.unwrap_or_else(|| self.price(name))
    }

    /// Returns the price of one successful request. Creating a post with a link costs more than without one.
    pub fn request_price(&self, name: &str, has_link: bool) -> Cost {
        self.price(if name == CREATE_POST && has_link { CREATE_POST_WITH_LINK } else { name })
    }

    /// Returns the maximum cost of a call; zero if its price is unknown. The actual cost is lower if the response has fewer items, or resources that
    /// were already charged on the same UTC day.
    pub fn max_cost(&self, endpoint: &Endpoint, inputs: &CostInputs) -> Cost {
        match endpoint.charge() {
            None => Cost::ZERO,
            Some(Charge::PerRequest(name)) => self.request_price(name, inputs.has_link),
            Some(Charge::PerResource(name)) => {
                let [user, post] = INCLUDED_RESOURCES.map(|(_, name)| self.price(name));
                let item = self.resource_price(endpoint, name, inputs.owned_read)
                    + user.saturating_mul(inputs.users_per_item)
                    + post.saturating_mul(inputs.posts_per_item);
                item.saturating_mul(inputs.items)
            }
        }
    }
}

/// Properties of a call that decide its maximum cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct CostInputs {
    /// Whether the call reads data that belongs to the authenticated user.
    pub owned_read: bool,
    /// Whether the call creates a post with a link.
    pub has_link: bool,
    /// Maximum number of items in the response.
    pub items: u64,
    /// Maximum number of included users per item. An expansion of mentions counts as ten.
    pub users_per_item: u64,
    /// Maximum number of included posts per item.
    pub posts_per_item: u64,
}

impl CostInputs {
    /// Derives the inputs from a call. `me` is the ID of the authenticated user, if known.
    pub fn of(call: &Call, me: Option<u64>) -> Self {
        let Some(endpoint) = call.endpoint else { return Self::default() };
        match endpoint.charge() {
            None => Self::default(),
            Some(Charge::PerRequest(name)) => {
                let has_link =
                    name == CREATE_POST && call.text("text").or_else(|| call.body_text("text")).is_some_and(has_link);
                Self { has_link, ..Self::default() }
            }
            Some(Charge::PerResource(_)) => {
                let (mut users_per_item, mut posts_per_item) = (0, 0);
                for expansion in call.list("expansions") {
                    let (users, posts) = included_per_item(expansion);
                    users_per_item += users;
                    posts_per_item += posts;
                }
                let owned_read = is_owned_read(call, me);
                Self { owned_read, has_link: false, items: max_items(call, endpoint), users_per_item, posts_per_item }
            }
        }
    }
}

/// Maximum number of users and posts that an expansion includes per item.
fn included_per_item(expansion: &str) -> (u64, u64) {
    match expansion {
        // A post can reply to one post and quote another.
        "referenced_tweets.id" => (0, 2),
        "referenced_tweets.id.author_id" => (2, 2),
        "pinned_tweet_id" | "most_recent_tweet_id" => (0, 1),
        "edit_history_tweet_ids" => (0, 6),
        "entities.mentions.username"
        | "entities.note.mentions.username"
        | "participant_ids"
        | "invited_user_ids"
        | "speaker_ids"
        | "host_ids" => (10, 0),
        "author_id" | "owner_id" | "sender_id" | "creator_id" | "username" => (1, 0),
        name if name.ends_with("user_id") => (1, 0),
        _ => (0, 0),
    }
}

fn is_owned_read(call: &Call, me: Option<u64>) -> bool {
    let id = call.text("id").and_then(|id| id.parse().ok());
    id.is_some() && id == me
}

fn has_link(text: &str) -> bool {
    !chirrup_text::Extractor::new().urls().urls_without_protocol(true).extract(text).is_empty()
}

/// Maximum number of items in the response to a call.
fn max_items(call: &Call, endpoint: &Endpoint) -> u64 {
    let ids = ["ids", "usernames", "user_ids", "media_keys"].iter().map(|name| call.list(name).count()).max();
    if let Some(count) = ids.filter(|count| *count > 0) {
        return count as u64;
    }
    if let Some(count) = call.number("max_results") {
        return u64::try_from(count).unwrap_or(0);
    }
    let is_single = !endpoint.returns_list && !endpoint.streaming;
    match endpoint.param("max_results") {
        Some(page) => page.default.and_then(|default| default.parse().ok()).unwrap_or(UNDOCUMENTED_PAGE),
        None if is_single => 1,
        None => UNDOCUMENTED_PAGE,
    }
}

/// Number of items on a page whose default size X does not document: the largest default of all that it documents.
const UNDOCUMENTED_PAGE: u64 = 100;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::by_id;

    #[test]
    fn every_price_of_an_entry_is_in_the_list() {
        for endpoint in crate::all().filter(|endpoint| endpoint.price.is_some()) {
            assert!(endpoint.charge().is_some(), "{}: the price {:?} is not in the list", endpoint.id, endpoint.price);
        }
    }

    #[test]
    fn every_price_of_the_list_belongs_to_an_entry() {
        // X charges these by the content of a post, and for an event that no endpoint reads yet.
        let by_content = [CREATE_POST_WITH_LINK, "Post: Create (summoned)", "Profile Update: Read"];
        for line in PRICES.lines().skip(1) {
            let mut columns = line.split('\t');
            let (kind, name) = (columns.next().unwrap_or_default(), columns.next().unwrap_or_default());
            let used = crate::all().any(|endpoint| endpoint.price == Some(name)) || by_content.contains(&name);
            assert!(used || !matches!(kind, "read" | "write"), "no entry has the price `{name}`");
        }
    }

    #[test]
    fn the_price_of_an_endpoint_outside_the_list_is_unknown() {
        assert_eq!(by_id("finish_upload").expect("declared").charge(), None);
    }

    #[test]
    fn every_owned_read_is_an_endpoint() {
        let list = PriceList::builtin();
        assert_eq!(list.owned_reads.len(), 12);
        for route in list.owned_reads.keys() {
            let (method, path) = route.split_once(' ').expect("a method and a path");
            assert!(crate::all().any(|endpoint| (endpoint.method, endpoint.path) == (method, path)), "{route}");
        }
    }

    #[test]
    fn the_maximum_cost_covers_the_default_page() {
        let items = |id| CostInputs::of(&Call::of(by_id(id).expect("declared")), None).items;
        assert_eq!(
            (items("search_recent"), items("followers"), items("get_me"), items("pinned_lists")),
            (10, 100, 1, 100)
        );
        for endpoint in crate::all() {
            let Some(default) = endpoint.param("max_results").and_then(|page| page.default) else { continue };
            let default: u64 = default.parse().expect("a number of items");
            assert!(default <= UNDOCUMENTED_PAGE || endpoint.charge().is_none(), "{}: {default} items", endpoint.id);
        }
    }

    #[test]
    fn a_custom_price_list_replaces_the_prices() {
        let list: PriceList = "kind\tname\tdollars\nwrite\tPost: Create\t0.5\n".parse().expect("a price list");
        assert_eq!(list.request_price(CREATE_POST, false).micros(), 500_000);
    }

    #[test]
    fn an_invalid_price_list_is_rejected_with_the_line() {
        let error = "head\nread\tPosts: Read\tcheap".parse::<PriceList>().expect_err("not a price");
        assert_eq!(error.to_string(), "line 2 of the price list: `cheap` is not an amount of dollars, such as `2.50`");
        let error = "head\nread".parse::<PriceList>().expect_err("too few columns");
        assert_eq!(error.to_string(), "line 2 of the price list: expected kind, name and dollars, separated by tabs");
    }
}
