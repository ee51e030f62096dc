//! Objects of `includes`, each once.

use chirrup_model::Dialect;
use foldhash::HashSet;

use super::content::Resources;
use super::object_writer::write_object;

/// List of `includes` with its objects as text.
#[derive(Debug)]
struct IncludedList {
    name: &'static str,
    ids: HashSet<u64>,
    /// Objects in the form of the wire, with commas between them.
    text: Vec<u8>,
}

/// Objects of `includes`, each once.
#[derive(Debug, Default)]
pub(super) struct Includes {
    lists: Vec<IncludedList>,
}

impl Includes {
    fn list(&self, name: &str) -> Option<&IncludedList> {
        self.lists.iter().find(|list| list.name == name)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lists.is_empty()
    }

    pub(super) fn has(&self, list: &str, id: u64) -> bool {
        self.list(list).is_some_and(|list| list.ids.contains(&id))
    }

    /// Adds an object, unless the list has it.
    pub(super) fn add(&mut self, name: &'static str, id: u64, object: &[u8]) {
        let place = self.lists.iter().position(|list| list.name == name).unwrap_or_else(|| {
            self.lists.push(IncludedList { name, ids: HashSet::default(), text: Vec::new() });
            self.lists.len() - 1
        });
        let list = &mut self.lists[place];
        if list.ids.insert(id) {
            if !list.text.is_empty() {
                list.text.push(b',');
            }
            list.text.extend_from_slice(object);
        }
    }

    /// Writes the lists in the order of their names.
    pub(super) fn write(&self, out: &mut Vec<u8>, dialect: Dialect) {
        let mut lists: Vec<_> = self.lists.iter().map(|list| (dialect.name(list.name), list)).collect();
        lists.sort_unstable_by_key(|(name, _)| *name);
        write_object(out, |includes| {
            for (name, list) in lists {
                let out = includes.member(name);
                out.push(b'[');
                out.extend_from_slice(&list.text);
                out.push(b']');
            }
        });
    }

    /// Adds the users and posts to the resources of a body.
    pub(super) fn count(self, resources: &mut Resources) {
        for list in self.lists {
            match list.name {
                "users" => resources.users = list.ids,
                "tweets" => resources.posts = list.ids,
                _ => {}
            }
        }
    }
}
