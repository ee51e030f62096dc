//! Included objects of a page, by the texts that identify them.

use std::collections::{BTreeSet, HashMap};

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::objects::Includes;

/// Length in bytes of the longest text that identifies an object.
const MAX_KEY_LEN: usize = 64;

/// Members that identify an object.
#[derive(Deserialize)]
struct Keys<'a> {
    #[serde(borrow)]
    id: Option<&'a str>,
    media_key: Option<&'a str>,
    username: Option<&'a str>,
}

/// Included objects of a page.
pub(crate) struct Included<'a> {
    /// Names of the lists. Posts are the first.
    names: [&'static str; 5],
    objects: Vec<(usize, &'a str)>,
    by_key: HashMap<&'a str, Vec<usize>>,
}

impl<'a> Included<'a> {
    pub(crate) fn new(includes: Option<&'a Includes<'a>>) -> Self {
        let mut included = Self { names: [""; 5], objects: Vec::new(), by_key: HashMap::new() };
        let Some(includes) = includes else { return included };
        for (list, (name, objects)) in includes.lists().into_iter().enumerate() {
            included.names[list] = name;
            objects.iter().flatten().for_each(|object| included.add(list, object));
        }
        included
    }

    fn add(&mut self, list: usize, object: &'a RawValue) {
        let Ok(Keys { id, media_key, username }) = serde_json::from_str(object.get()) else { return };
        for key in [id, media_key, username].into_iter().flatten() {
            self.by_key.entry(key).or_default().push(self.objects.len());
        }
        self.objects.push((list, object.get()));
    }

    /// Appends the objects that an item, or a post that it refers to, names in any of its texts.
    pub(crate) fn append(&self, item: &str, line: &mut Vec<u8>) {
        let mut found = BTreeSet::new();
        self.find(item, &mut found);
        let posts: Vec<usize> = found.iter().copied().filter(|(list, _)| *list == 0).map(|(_, index)| index).collect();
        posts.into_iter().for_each(|index| self.find(self.objects[index].1, &mut found));
        let mut last = None;
        for (list, index) in found {
            if last != Some(list) {
                line.extend_from_slice(if last.is_none() { b",\"includes\":{\"" } else { b"],\"" });
                line.extend_from_slice(self.names[list].as_bytes());
                line.extend_from_slice(b"\":[");
                last = Some(list);
            } else {
                line.push(b',');
            }
            line.extend_from_slice(self.objects[index].1.as_bytes());
        }
        if last.is_some() {
            line.extend_from_slice(b"]}");
        }
    }

    fn find(&self, json: &str, found: &mut BTreeSet<(usize, usize)>) {
        let texts = json.split('"').filter(|text| text.len() <= MAX_KEY_LEN);
        let indices = texts.filter_map(|text| self.by_key.get(text)).flatten();
        found.extend(indices.map(|index| (self.objects[*index].0, *index)));
    }
}
