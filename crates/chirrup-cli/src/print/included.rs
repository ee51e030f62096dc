//! The items of a response and its included objects, as parts of its text: they are parsed one at a time.

use std::collections::{BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::ops::Range;

use chirrup::internal::{members, visit_items, visit_members};
use serde_json::value::RawValue;

use super::json::length_of_token;

/// Members of an included object that identify it.
const KEYS: [&str; 3] = ["id", "media_key", "username"];

/// Maximum number of keys. X includes a few objects per item, so that a body with more of them is not one of X.
const MAX_KEYS: usize = 100_000;
/// Maximum number of lists of included objects.
const MAX_LISTS: usize = 100;

/// What a body has beside its items.
pub(super) struct Context<'a> {
    pub(super) included: Included<'a>,
    pub(super) matching_rules: Option<&'a RawValue>,
}

/// Visits the items of a body: those of `data` with their context, or those of a list. Another body is one item if it may be
/// one.
pub(super) fn visit<'a, E>(
    body: &'a [u8],
    may_be_item: bool,
    mut work: impl FnMut(&'a [u8], Option<&Context<'a>>) -> Result<(), E>,
) -> Result<(), E> {
    let [data, includes, matching_rules] =
        members(body, ["data", "includes", "matching_rules"]).unwrap_or_default().map(|member| member.filter(is_some));
    match data {
        Some(data) => {
            let context = Context { included: Included::new(includes), matching_rules };
            visit_list(data.get().as_bytes(), |item| work(item, Some(&context)))
        }
        None if !may_be_item => Ok(()),
        None => visit_list(body, |item| work(item, None)),
    }
}

fn is_some(member: &&RawValue) -> bool {
    member.get() != "null"
}

/// Visits the items of a list. Another text is one item.
fn visit_list<'a, E>(json: &'a [u8], mut work: impl FnMut(&'a [u8]) -> Result<(), E>) -> Result<(), E> {
    // A list that is not complete is one text.
    if visit_items(json, |_| ()).is_none() {
        return work(json);
    }
    let mut outcome = Ok(());
    visit_items(json, |item| {
        if outcome.is_ok() {
            outcome = work(item.get().as_bytes());
        }
    });
    outcome
}

/// Returns the text in quotes of a value; `None` if the value is of another type.
pub(super) fn text(value: &RawValue) -> Option<&str> {
    value.get().strip_prefix('"')?.strip_suffix('"')
}

/// Returns what identifies an included object.
pub(super) fn key_of(object: &[u8]) -> Option<&str> {
    members(object, KEYS)?.into_iter().flatten().find_map(text)
}

/// Included objects, which are found by what identifies them.
pub(super) struct Included<'a> {
    includes: &'a str,
    /// Names of the lists in their order, and their places.
    lists: Vec<(&'a str, Range<u32>)>,
    /// Fingerprints of keys in their order, and the places of their objects.
    keys: Vec<(u32, u32)>,
}

impl<'a> Included<'a> {
    fn new(includes: Option<&'a RawValue>) -> Self {
        let includes = includes.map_or("", RawValue::get);
        let place = |address: *const u8| {
            u32::try_from(address.addr().saturating_sub(includes.as_ptr().addr())).unwrap_or(u32::MAX)
        };
        let (mut lists, mut keys) = (Vec::new(), Vec::new());
        // A member that is not a list has no objects.
        let add = |name, list: &'a RawValue| {
            if lists.len() >= MAX_LISTS {
                return;
            }
            let objects = visit_items(list.get().as_bytes(), |object| {
                let found = members(object.get().as_bytes(), KEYS).unwrap_or_default();
                for key in found.into_iter().flatten().filter_map(text) {
                    if keys.len() < MAX_KEYS {
                        keys.push((fingerprint(key), place(object.get().as_ptr())));
                    }
                }
            });
            if objects.is_some() {
                let places = list.get().as_bytes().as_ptr_range();
                lists.push((name, place(places.start)..place(places.end)));
            }
        };
        visit_members(includes.as_bytes(), |_| true, add);
        lists.sort_by_key(|(name, _)| *name);
        keys.sort_unstable();
        Self { includes, lists, keys }
    }

    /// Returns the places of the objects that may have a key.
    fn places(&self, key: &str) -> impl DoubleEndedIterator<Item = u32> + ExactSizeIterator + Clone {
        let wanted = fingerprint(key);
        let start = self.keys.partition_point(|(found, _)| *found < wanted);
        let end = self.keys.partition_point(|(found, _)| *found <= wanted);
        self.keys.get(start..end).unwrap_or_default().iter().map(|(_, place)| *place)
    }

    /// Returns the object at a place if one of these members is the key.
    fn object<const N: usize>(&self, place: u32, names: [&str; N], key: &str) -> Option<&'a RawValue> {
        let object = self.object_at(place)?;
        let found = members(object.get().as_bytes(), names)?;
        found.into_iter().flatten().filter_map(text).any(|found| found == key).then_some(object)
    }

    fn object_at(&self, place: u32) -> Option<&'a RawValue> {
        let rest = self.includes.get(usize::try_from(place).ok()?..)?;
        serde_json::Deserializer::from_str(rest).into_iter().next()?.ok()
    }

    fn list_of(&self, place: u32) -> Option<usize> {
        self.lists.iter().position(|(_, range)| range.contains(&place))
    }

    /// Returns the last object of these lists that has this key as one of these members.
    pub(super) fn find<const N: usize>(&self, lists: &[&str], names: [&str; N], key: &str) -> Option<&'a RawValue> {
        let is_in_lists = |place: &u32| self.list_of(*place).is_some_and(|list| lists.contains(&self.lists[list].0));
        self.places(key).rev().filter(is_in_lists).find_map(|place| self.object(place, names, key))
    }

    /// Returns the objects that an item refers to, directly or through other included objects.
    pub(super) fn belonging_to(&self, item: &'a [u8]) -> Belonging<'_, 'a> {
        let (mut chosen, mut seen) = (BTreeSet::new(), HashSet::new());
        let mut unread = if self.keys.is_empty() { Vec::new() } else { vec![item] };
        while let Some(json) = unread.pop() {
            for key in texts(json) {
                let places = self.places(key);
                let is_only = places.len() <= 1;
                if seen.contains(key) || is_only && places.clone().all(|place| chosen.contains(&place)) {
                    continue;
                }
                let mut is_found = false;
                for place in places {
                    if !chosen.contains(&place)
                        && self.list_of(place).is_some()
                        && let Some(object) = self.object(place, KEYS, key)
                    {
                        is_found = true;
                        chosen.insert(place);
                        unread.push(object.get().as_bytes());
                    }
                }
                // Each key is looked up once. That of a single object is known by its object, without memory of its own.
                if !(is_only && is_found) {
                    seen.insert(key);
                }
            }
        }
        Belonging { included: self, places: chosen }
    }
}

/// The included objects that belong to an item, by their places: there may be as many as a body has.
pub(super) struct Belonging<'i, 'a> {
    included: &'i Included<'a>,
    places: BTreeSet<u32>,
}

impl<'a> Belonging<'_, 'a> {
    /// Returns the objects with the names of their lists, sorted by name.
    pub(super) fn objects(&self) -> impl Iterator<Item = (&'a str, &'a RawValue)> {
        self.included.lists.iter().flat_map(|(name, range)| {
            let objects = self.places.range(range.clone()).filter_map(|place| self.included.object_at(*place));
            objects.map(|object| (*name, object))
        })
    }
}

fn fingerprint(key: &str) -> u32 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    // The lower half is spread as well as the whole.
    (hasher.finish() & u64::from(u32::MAX)).try_into().unwrap_or_default()
}

/// Returns the texts in a value without the names of members: IDs, keys and usernames are among them.
fn texts(json: &[u8]) -> impl Iterator<Item = &str> {
    let mut rest = json;
    std::iter::from_fn(move || {
        loop {
            let start = rest.iter().position(|byte| *byte == b'"')?;
            let text = rest.get(start..)?;
            let (token, after) = text.split_at(length_of_token(text, b'"'));
            rest = after;
            let is_name = after.trim_ascii_start().first() == Some(&b':');
            if let Some(inner) = token.get(1..token.len().saturating_sub(1)).filter(|_| !is_name)
                && let Ok(inner) = std::str::from_utf8(inner)
            {
                return Some(inner);
            }
        }
    })
}
