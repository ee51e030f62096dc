//! What calls cost, as the price list of X says: data beside the table.

use std::collections::HashMap;
use std::fmt;
use std::ops::{Add, AddAssign};
use std::str::FromStr;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::call::Call;
use crate::endpoint::{Endpoint, by_id};

/// An amount of money, exact to the millionth of a dollar.
///
/// ```
/// use chirrup_api::Cost;
/// let cost: Cost = "1.25".parse()?;
/// assert_eq!((cost + Cost::from_micros(5_000)).to_string(), "$1.255");
/// # Ok::<(), chirrup_api::InvalidCost>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cost(u64);

impl Cost {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// So many millionths of a dollar.
    pub const fn from_micros(micros: u64) -> Self {
        Self(micros)
    }
    /// How many millionths of a dollar it is.
    pub const fn micros(self) -> u64 {
        self.0
    }
    /// So many times this.
    #[must_use]
    pub const fn times(self, count: u64) -> Self {
        Self(self.0.saturating_mul(count))
    }
    /// What is left of it after another was taken; nothing if that is more.
    #[must_use]
    pub const fn less(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Add for Cost {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Cost {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl std::iter::Sum for Cost {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::ZERO, Add::add)
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (dollars, micros) = (self.0 / 1_000_000, self.0 % 1_000_000);
        let digits = format!("{micros:06}");
        let digits = digits.trim_end_matches('0');
        write!(f, "${dollars}.{digits:0<2}")
    }
}

/// Why a text is no amount of money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidCost(String);

impl fmt::Display for InvalidCost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no amount of dollars, such as 2.50", self.0)
    }
}

impl std::error::Error for InvalidCost {}

impl FromStr for Cost {
    type Err = InvalidCost;
    fn from_str(text: &str) -> Result<Self, InvalidCost> {
        let bad = || InvalidCost(text.to_owned());
        let amount = text.trim().trim_start_matches('$');
        let (whole, part) = amount.split_once('.').unwrap_or((amount, ""));
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if (whole.is_empty() && part.is_empty()) || !digits(whole) || !digits(part) || part.len() > 6 {
            return Err(bad());
        }
        let number = |text: &str| if text.is_empty() { Ok(0) } else { text.parse::<u64>() };
        let whole = number(whole).map_err(|_| bad())?;
        let micros = number(&format!("{part:0<6}")).map_err(|_| bad())?;
        whole.checked_mul(1_000_000).and_then(|whole| whole.checked_add(micros)).map(Self).ok_or_else(bad)
    }
}

/// For what a call is charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charge {
    /// For each thing that the answer brings: each once in a UTC day, whatever call brings it.
    Things(&'static str),
    /// For the call itself, if it succeeds.
    Call(&'static str),
}

/// What things cost.
#[derive(Debug, Clone)]
pub struct PriceList {
    prices: HashMap<String, Cost>,
    owned: HashMap<String, Cost>,
}

/// The price list of X, of November 2026. Columns: kind, what, dollars, for what.
static PRICES: &str = include_str!("../data/prices.tsv");
/// Which price of the list an endpoint has. What is not listed is free. Columns: endpoint, what.
static CHARGES: &str = include_str!("../data/charges.tsv");

const POST: &str = "Post: Create";
const POST_WITH_LINK: &str = "Post: Create (with URL)";
/// The prices of the things that expansions bring, by their names in `includes`.
pub const INCLUDED: [(&str, &str); 2] = [("users", "User: Read"), ("tweets", "Posts: Read")];

/// For what a call of this endpoint is charged; `None` if it is free.
pub fn charge_of(endpoint: &Endpoint) -> Option<Charge> {
    static ALL: OnceLock<HashMap<&'static str, Charge>> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        let rows = CHARGES.lines().skip(1).filter_map(|line| line.split_once('\t'));
        let charge =
            |what: &'static str| if what.ends_with(": Read") { Charge::Things(what) } else { Charge::Call(what) };
        rows.map(|(endpoint, what)| (endpoint, charge(what))).collect()
    });
    all.get(endpoint.id).copied()
}

impl PriceList {
    /// The list that this version came with.
    pub fn builtin() -> &'static Self {
        static BUILTIN: OnceLock<PriceList> = OnceLock::new();
        BUILTIN.get_or_init(|| {
            Self::read(PRICES).unwrap_or_else(|_| Self { prices: HashMap::new(), owned: HashMap::new() })
        })
    }

    /// Reads another list: lines of tabs, with the columns kind (`read`, `write`, `event` or `owned_read`), what, and
    /// dollars; the first line names the columns.
    ///
    /// # Errors
    /// Names the line that is wrong.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut list = Self { prices: HashMap::new(), owned: HashMap::new() };
        for (number, line) in text.lines().enumerate().skip(1).filter(|(_, line)| !line.trim().is_empty()) {
            let columns: Vec<&str> = line.split('\t').collect();
            let [kind, what, dollars, ..] = columns[..] else {
                return Err(format!("line {}: kind, what and dollars are needed, with tabs between them", number + 1));
            };
            let cost = dollars.parse().map_err(|why| format!("line {}: {why}", number + 1))?;
            let map = if kind == "owned_read" { &mut list.owned } else { &mut list.prices };
            map.insert(what.to_owned(), cost);
        }
        Ok(list)
    }

    /// All of it: kind of price, what, and how much; kinds are `price` and `owned_read`.
    pub fn rows(&self) -> impl Iterator<Item = (&'static str, &str, Cost)> {
        let mut prices: Vec<_> = self.prices.iter().map(|(what, cost)| ("price", what.as_str(), *cost)).collect();
        let owned = self.owned.iter().map(|(what, cost)| ("owned_read", what.as_str(), *cost));
        prices.extend(owned);
        prices.sort_unstable();
        prices.into_iter()
    }

    /// The price of this name; nothing if the list does not have it.
    pub fn price(&self, what: &str) -> Cost {
        self.prices.get(what).copied().unwrap_or_default()
    }

    /// What one thing that an endpoint brings costs; less if the caller asks for what is their own.
    pub fn thing(&self, endpoint: &Endpoint, what: &str, own: bool) -> Cost {
        let owned = own.then(|| self.owned.get(&format!("{} {}", endpoint.method, endpoint.path)).copied()).flatten();
        owned.unwrap_or_else(|| self.price(what))
    }

    /// What a call costs for itself, if it succeeds. A post with a link costs more.
    pub fn call(&self, what: &str, linked: bool) -> Cost {
        self.price(if what == POST && linked { POST_WITH_LINK } else { what })
    }

    /// What a call costs at most. What was read before on the same day costs nothing, and nobody knows here what was.
    pub fn max_cost(&self, endpoint: &Endpoint, cost_inputs: &CostInputs) -> Cost {
        match charge_of(endpoint) {
            None => Cost::ZERO,
            Some(Charge::Call(what)) => self.call(what, cost_inputs.linked),
            Some(Charge::Things(what)) => {
                let [users, posts] = INCLUDED.map(|(_, what)| self.price(what));
                let item = self.thing(endpoint, what, cost_inputs.own)
                    + users.times(cost_inputs.users)
                    + posts.times(cost_inputs.posts);
                item.times(cost_inputs.items)
            }
        }
    }
}

/// What has to be known of a call to say what it costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CostInputs {
    /// Whether it asks for what belongs to the caller.
    pub own: bool,
    /// Whether it makes a post with a link.
    pub linked: bool,
    /// How many items its answer brings at most.
    pub items: u64,
    /// How many users come with each of them at most. Mentions are counted as ten.
    pub users: u64,
    /// How many posts come with each of them at most.
    pub posts: u64,
}

impl CostInputs {
    /// The facts of a call by this user, as far as the user is known.
    pub fn of(call: &Call, me: Option<u64>) -> Self {
        let Some(endpoint) = call.endpoint else { return Self::default() };
        match charge_of(endpoint) {
            None => Self::default(),
            Some(Charge::Call(what)) => {
                let linked = what == POST && call.text("text").is_some_and(has_link);
                Self { linked, ..Self::default() }
            }
            Some(Charge::Things(_)) => {
                let (mut users, mut posts) = (0, 0);
                for expansion in call.list("expansions") {
                    let (more_users, more_posts) = included(expansion);
                    users += more_users;
                    posts += more_posts;
                }
                Self { own: is_own(call, me), linked: false, items: most_items(call, endpoint), users, posts }
            }
        }
    }
}

/// How many users and posts an expansion adds to an item at most.
fn included(expansion: &str) -> (u64, u64) {
    match expansion {
        // A post can answer one and quote another.
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

/// Whether a call asks for what belongs to the caller.
fn is_own(call: &Call, me: Option<u64>) -> bool {
    let id = call.text("id").and_then(|id| id.parse().ok());
    id.is_some() && id == me
}

fn has_link(text: &str) -> bool {
    !chirrup_text::Extractor::new().urls().bare_urls(true).extract(text).is_empty()
}

/// How many items the answer of a call brings at most.
fn most_items(call: &Call, endpoint: &Endpoint) -> u64 {
    let listed = ["ids", "usernames", "user_ids", "media_keys"].iter().map(|name| call.list(name).count()).max();
    if let Some(count) = listed.filter(|count| *count > 0) {
        return count as u64;
    }
    if let Some(count) = call.number("max_results") {
        return u64::try_from(count).unwrap_or(0);
    }
    match endpoint.param("max_results") {
        // What X gives if it is not told how many.
        Some(_) if endpoint.id.starts_with("search_") || endpoint.path.ends_with("/tweets") => 10,
        Some(_) => 100,
        None if endpoint.path.ends_with('}') || endpoint.id == "get_me" => 1,
        None => 100,
    }
}

/// The endpoints whose price is not free, and what it is, for tables.
pub fn charges() -> impl Iterator<Item = (&'static Endpoint, &'static str)> {
    CHARGES.lines().skip(1).filter_map(|line| line.split_once('\t')).filter_map(|(id, what)| Some((by_id(id)?, what)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_charge_is_of_an_endpoint_and_has_a_price() {
        let list = PriceList::builtin();
        let rows = CHARGES.lines().skip(1).count();
        assert_eq!(charges().count(), rows, "a row names no endpoint");
        for (endpoint, what) in charges() {
            assert!(list.prices.contains_key(what), "{}: {what}", endpoint.id);
            assert_eq!(matches!(charge_of(endpoint), Some(Charge::Things(_))), what.ends_with(": Read"));
        }
        assert_eq!(list.owned.len(), 12);
        for route in list.owned.keys() {
            let (method, path) = route.split_once(' ').expect("a route");
            assert!(crate::all().any(|endpoint| (endpoint.method, endpoint.path) == (method, path)), "{route}");
        }
    }

    #[test]
    fn amounts_are_exact() {
        for (text, shown, micros) in [
            ("2", "$2.00", 2_000_000),
            ("0.005", "$0.005", 5_000),
            (".5", "$0.50", 500_000),
            ("$1.234567", "$1.234567", 1_234_567),
        ] {
            let cost: Cost = text.parse().expect("an amount");
            assert_eq!((cost.to_string().as_str(), cost.micros()), (shown, micros));
        }
        for text in ["", ".", "-1", "1e3", "1.2345678", "99999999999999999999", "1,5", "ten"] {
            assert!(text.parse::<Cost>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_list_of_ones_own_is_read_or_refused() {
        let list = PriceList::read("kind\twhat\tdollars\nwrite\tPost: Create\t0.5\n").expect("a list");
        assert_eq!(list.call(POST, false).micros(), 500_000);
        assert!(PriceList::read("head\nread\tPosts: Read\tcheap").unwrap_err().contains("line 2"));
    }
}
