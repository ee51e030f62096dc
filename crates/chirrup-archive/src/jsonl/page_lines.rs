//! Lines of a page: an item each, or the whole page.

use std::io;

use chirrup_api::internal::{line_key, post_id};
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;

use super::included::Included;
use super::items::SourceItems;
use super::options::LineForm;
use crate::collection::Page;
use crate::lines::push_line;
use crate::objects::{Id, Includes, no_body, objects_of};

/// Body of which only a page needs the included objects.
#[derive(Deserialize)]
struct UnreadBody<'a> {
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    #[serde(borrow)]
    includes: Option<&'a RawValue>,
    #[serde(borrow)]
    errors: Option<Vec<&'a RawValue>>,
}

/// Returns the number that stands for an item, its ID or a hash, and the ID.
pub(super) fn key_of(object: &RawValue) -> (u64, Option<u64>) {
    #[derive(Deserialize)]
    struct Item {
        id: Id,
    }
    let id = serde_json::from_str::<Item>(object.get()).ok().and_then(|item| item.id.number());
    let hash = || {
        let mut written = Vec::new();
        push_line(&mut written, object.get().as_bytes());
        line_key(written.trim_ascii_end())
    };
    (id.unwrap_or_else(hash), id)
}

/// Number of bytes of lines that are passed on together: they are still in the cache of the processor.
const PART_LEN: usize = 1 << 20;

/// Lines of a page, without the items that are known.
pub(super) struct PageLines<'p> {
    form: LineForm,
    page: &'p Page<'p>,
    /// Bodies whose lines follow.
    bodies: std::slice::Iter<'p, &'p [u8]>,
    known: SourceItems<'p>,
    lines: Vec<u8>,
    pub(super) found: PageItems,
}

/// Items and partial errors of the lines of a page.
#[derive(Default)]
pub(super) struct PageItems {
    pub(super) line_count: u64,
    /// Items that were not known, in the order of the lines.
    pub(super) new_items: Vec<u64>,
    pub(super) oldest_id: Option<u64>,
    pub(super) newest_id: Option<u64>,
    /// Number of all items.
    pub(super) items: u64,
    /// Partial errors and objects without an ID, and why they are kept.
    pub(super) problems: Vec<(String, String)>,
    /// Whether a body has a list of items, which no line of a stream has.
    pub(super) has_list: bool,
}

impl<'p> PageLines<'p> {
    pub(super) fn new(form: LineForm, page: &'p Page<'p>, known: SourceItems<'p>) -> Self {
        Self { form, page, bodies: page.bodies.iter(), known, lines: Vec::new(), found: PageItems::default() }
    }

    /// Returns the next lines, about [`PART_LEN`] bytes of them; `None` after the last ones.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidData`] if a body is not one of the API; or if the known items cannot be read.
    pub(super) fn next_part(&mut self) -> io::Result<Option<&[u8]>> {
        self.lines.clear();
        while self.lines.len() < PART_LEN
            && let Some(body) = self.bodies.next()
        {
            self.add(body)?;
        }
        Ok(Some(&self.lines[..]).filter(|lines| !lines.is_empty()))
    }

    /// Adds the lines of a body.
    fn add(&mut self, body: &[u8]) -> io::Result<()> {
        let UnreadBody { data, includes, errors } = serde_json::from_slice(body).map_err(|why| no_body(&why))?;
        let partial = errors.iter().flatten();
        self.found.problems.extend(partial.map(|error| (error.get().to_owned(), "partial error".to_owned())));
        let Some(data) = data else { return Ok(()) };
        if data.get().starts_with('{') {
            // The stream does not repeat it.
            self.push_complete(body);
            return Ok(());
        }
        self.found.has_list = true;
        let includes = includes.map(|includes| serde_json::from_str::<Includes<'_>>(includes.get())).transpose();
        let includes = includes.map_err(|why| no_body(&why))?;
        let mut new = Vec::new();
        for object in objects_of(data) {
            if self.is_new(object)? {
                new.push(object);
            }
        }
        match self.form {
            _ if new.is_empty() => {}
            LineForm::Items => self.push_items(&new, includes.as_ref()),
            LineForm::Pages => self.push_page(&new, includes.as_ref(), errors.as_deref()),
        }
        Ok(())
    }

    /// Adds a line that is complete, which has one item.
    fn push_complete(&mut self, line: &[u8]) {
        let start = self.lines.len();
        self.push(line);
        let line = self.lines[start..].trim_ascii_end();
        let id = post_id(line);
        let key = id.unwrap_or_else(|| line_key(line));
        self.count(key, id);
    }

    /// Whether an object of a page is an item that is not known. It is known from now on.
    fn is_new(&mut self, object: &RawValue) -> io::Result<bool> {
        if !object.get().starts_with('{') {
            self.found.problems.push((object.get().to_owned(), "it is not an object".to_owned()));
            return Ok(false);
        }
        let (key, id) = key_of(object);
        let is_new = self.known.all()?.insert(key);
        if is_new {
            self.count(key, id)
        } else {
            self.found.items += 1
        }
        Ok(is_new)
    }

    /// Counts a new item.
    fn count(&mut self, key: u64, id: Option<u64>) {
        self.found.items += 1;
        self.found.new_items.push(key);
        self.found.oldest_id = self.found.oldest_id.into_iter().chain(id).min();
        self.found.newest_id = self.found.newest_id.max(id);
    }

    fn push(&mut self, line: &[u8]) {
        push_line(&mut self.lines, line);
        self.found.line_count += 1;
    }

    fn push_items(&mut self, objects: &[&RawValue], includes: Option<&Includes<'_>>) {
        let included = Included::new(includes);
        for object in objects {
            let mut line = [b"{\"data\":", object.get().as_bytes()].concat();
            included.append(object.get(), &mut line);
            if let Some(relation) = self.page.relation {
                let seen_at = self.page.seen_at.to_string();
                let edge = json!({
                    "relation": relation.name, "subject": relation.subject.to_string(),
                    "item_is_source": relation.items_are_sources, "seen_at": seen_at,
                });
                line.extend_from_slice(format!(",\"edge\":{edge}").as_bytes());
            }
            line.push(b'}');
            self.push(&line);
        }
    }

    fn push_page(&mut self, objects: &[&RawValue], includes: Option<&Includes<'_>>, errors: Option<&[&RawValue]>) {
        let join = |objects: &[&RawValue]| objects.iter().map(|object| object.get()).collect::<Vec<_>>().join(",");
        let mut line = format!("{{\"data\":[{}]", join(objects));
        if let Some(includes) = includes {
            let lists = includes.lists().into_iter().filter_map(|(name, list)| Some((name, list.as_ref()?)));
            let lists: Vec<String> = lists.map(|(name, list)| format!("\"{name}\":[{}]", join(list))).collect();
            line.push_str(&format!(",\"includes\":{{{}}}", lists.join(",")));
        }
        if let Some(errors) = errors {
            line.push_str(&format!(",\"errors\":[{}]", join(errors)));
        }
        let meta = json!({"result_count": objects.len(), "next_token": self.page.next_token});
        let version = concat!("chirrup ", env!("CARGO_PKG_VERSION"));
        let twarc = json!({"version": version, "retrieved_at": self.page.seen_at.to_string()});
        line.push_str(&format!(",\"meta\":{meta},\"__twarc\":{twarc}}}"));
        self.push(line.as_bytes());
    }
}
