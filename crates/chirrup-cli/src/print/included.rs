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

/// Included objects, which are found by what identifies them.
pub(super) struct Included<'a> {
    includes: &'a str,
    /// Names of the lists in their order, and their places.
    lists: Vec<(&'a str, Range<usize>)>,
    /// Fingerprints of keys in their order, and the places of their objects.
    keys: Vec<(u32, u32)>,
}

impl<'a> Included<'a> {
    fn new(includes: Option<&'a RawValue>) -> Self {
        let includes = includes.map_or("", RawValue::get);
        let place = |part: &str| part.as_ptr().addr().saturating_sub(includes.as_ptr().addr());
        let (mut lists, mut keys) = (Vec::new(), Vec::new());
        // A member that is not a list has no objects.
        let add = |name, list: &'a RawValue| {
            if lists.len() >= MAX_LISTS {
                return;
            }
            let objects = visit_items(list.get().as_bytes(), |object| {
                let found = members(object.get().as_bytes(), KEYS).unwrap_or_default();
                for key in found.into_iter().flatten().filter_map(text) {
                    if let (true, Ok(place)) = (keys.len() < MAX_KEYS, u32::try_from(place(object.get()))) {
                        keys.push((fingerprint(key), place));
                    }
                }
            });
            if objects.is_some() {
                let start = place(list.get());
                lists.push((name, start..start + list.get().len()));
            }
        };
        visit_members(includes.as_bytes(), |_| true, add);
        lists.sort_by_key(|(name, _)| *name);
        keys.sort_unstable();
        Self { includes, lists, keys }
    }

    /// Returns the places of the objects that may have a key.
    fn places(&self, key: &str) -> impl DoubleEndedIterator<Item = usize> {
        let wanted = fingerprint(key);
        let start = self.keys.partition_point(|(found, _)| *found < wanted);
        let end = self.keys.partition_point(|(found, _)| *found <= wanted);
        self.keys.get(start..end).unwrap_or_default().iter().filter_map(|(_, place)| usize::try_from(*place).ok())
    }

    /// Returns the object at a place if one of these members is the key.
    fn object<const N: usize>(&self, place: usize, names: [&str; N], key: &str) -> Option<&'a RawValue> {
        let rest = self.includes.get(place..)?;
        let object = serde_json::Deserializer::from_str(rest).into_iter::<&RawValue>().next()?.ok()?;
        let found = members(object.get().as_bytes(), names)?;
        found.into_iter().flatten().filter_map(text).any(|found| found == key).then_some(object)
    }

    fn list_of(&self, place: usize) -> Option<usize> {
        self.lists.iter().position(|(_, range)| range.contains(&place))
    }

    /// Returns the last object of these lists that has this key as one of these members.
    pub(super) fn find<const N: usize>(&self, lists: &[&str], names: [&str; N], key: &str) -> Option<&'a RawValue> {
        let is_in_lists = |place: &usize| self.list_of(*place).is_some_and(|list| lists.contains(&self.lists[list].0));
        self.places(key).rev().filter(is_in_lists).find_map(|place| self.object(place, names, key))
    }

    /// Returns the objects that an item refers to, directly or through other included objects, with their lists.
    pub(super) fn belonging_to(&self, item: &'a [u8]) -> Vec<(&'a str, &'a RawValue)> {
        let (mut chosen, mut seen) = (BTreeSet::new(), HashSet::new());
        let mut unread = if self.keys.is_empty() { Vec::new() } else { vec![item] };
        while let Some(json) = unread.pop() {
            for key in texts(json) {
                // A key of many objects would be looked up once for each of them.
                if self.places(key).next().is_none() || !seen.insert(key) {
                    continue;
                }
                for place in self.places(key) {
                    if let Some(list) = self.list_of(place)
                        && !chosen.contains(&(list, place))
                        && let Some(object) = self.object(place, KEYS, key)
                    {
                        chosen.insert((list, place));
                        unread.push(object.get().as_bytes());
                    }
                }
            }
        }
        let object = |place| serde_json::Deserializer::from_str(self.includes.get(place..)?).into_iter().next()?.ok();
        chosen.into_iter().filter_map(|(list, place)| Some((self.lists[list].0, object(place)?))).collect()
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
