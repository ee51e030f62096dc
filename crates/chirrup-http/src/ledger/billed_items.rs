//! The billable items of a response: the IDs of its posts and users.

use chirrup_api::internal::JsonScanner;

use super::billed_resources::{hashed_id, id_number, numeric_id};

/// Maximum number of items of a list. X has no longer ones, so that a body with more of them is not one of X.
const MAX_ITEMS: usize = 20_000;

/// Numbers of the IDs of all billable items of a response.
#[derive(Debug, Default)]
pub(crate) struct ItemIds {
    pub(super) data: Vec<u64>,
    pub(super) users: Vec<u64>,
    pub(super) posts: Vec<u64>,
    /// ID of the last data that was one object, if it is a number.
    item: Option<u64>,
}

impl ItemIds {
    /// Finds the IDs in a body. Returns `None` for a body that is not empty and cannot be read.
    pub(super) fn in_body(body: &[u8]) -> Option<Self> {
        let mut ids = Self::default();
        (ids.add(body) || body.trim_ascii().is_empty()).then_some(ids)
    }

    /// Finds the IDs in lines.
    pub(super) fn in_lines<'l>(lines: impl IntoIterator<Item = &'l [u8]>) -> Self {
        let mut ids = Self::default();
        for line in lines {
            ids.add_line(line);
        }
        ids
    }

    /// Adds the IDs in a line, which has none if it cannot be read. Returns the ID of its item if that is a number.
    pub(crate) fn add_line(&mut self, line: &[u8]) -> Option<u64> {
        self.item = None;
        if self.add(line) { self.item } else { None }
    }

    /// Adds the IDs of a body. Returns whether it can be read; if not, nothing is added.
    fn add(&mut self, body: &[u8]) -> bool {
        let before = [self.data.len(), self.users.len(), self.posts.len()];
        let is_read = self.read(&mut JsonScanner::new(body)).is_some();
        if !is_read {
            for (ids, count) in [&mut self.data, &mut self.users, &mut self.posts].into_iter().zip(before) {
                ids.truncate(count);
            }
        }
        is_read
    }

    /// Nothing is decoded, so that a large body takes no more memory.
    fn read(&mut self, body: &mut JsonScanner<'_>) -> Option<()> {
        if body.peek()? == b'[' {
            // An empty list has no IDs.
            body.list(|_| None)?;
            return body.is_at_end().then_some(());
        }
        let (mut data_is_read, mut includes_are_read) = (false, false);
        body.object(|name, body| match name {
            b"data" => is_first(&mut data_is_read).then(|| self.read_data(body))?,
            b"includes" if body.peek()? != b'n' => {
                is_first(&mut includes_are_read).then(|| self.read_includes(body))?
            }
            _ => body.skip(),
        })?;
        body.is_at_end().then_some(())
    }

    fn read_data(&mut self, data: &mut JsonScanner<'_>) -> Option<()> {
        let is_list = data.peek()? == b'[';
        add_ids(data, &mut |id| {
            let number = numeric_id(id);
            self.item = number.filter(|_| !is_list);
            self.data.push(number.unwrap_or_else(|| hashed_id(id)));
        })
    }

    fn read_includes(&mut self, includes: &mut JsonScanner<'_>) -> Option<()> {
        includes.object(|name, includes| match name {
            b"users" => add_ids(includes, &mut |id| self.users.push(id_number(id))),
            b"tweets" | b"posts" => add_ids(includes, &mut |id| self.posts.push(id_number(id))),
            _ => includes.skip(),
        })
    }
}

/// Whether a member occurs for the first time. A body in which it occurs twice cannot be read.
fn is_first(is_read: &mut bool) -> bool {
    !std::mem::replace(is_read, true)
}

/// Adds the IDs of one object or of a list of objects.
fn add_ids(json: &mut JsonScanner<'_>, add: &mut impl FnMut(&str)) -> Option<()> {
    match json.peek()? {
        b'[' => {
            let mut count = 0;
            json.list(|item| {
                count += 1;
                if count <= MAX_ITEMS { add_id(item, add) } else { None }
            })
        }
        b'{' => add_id(json, add),
        b'"' | b'n' => json.skip(),
        _ => None,
    }
}

/// Adds the ID of an object, if it has one. An ID may be a string or a number.
fn add_id(object: &mut JsonScanner<'_>, add: &mut impl FnMut(&str)) -> Option<()> {
    object.member(b"id", |id| {
        let id = match id.peek()? {
            b'n' => return id.skip(),
            b'"' => id.string()?,
            b'0'..=b'9' => id.word()?,
            _ => return None,
        };
        add(std::str::from_utf8(id).ok()?);
        Some(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_in_objects_lists_and_lines() {
        let found = |body: &[u8]| ItemIds::in_body(body).expect("readable");
        let all =
            br#"{"data":[{"text":"x","id":"1"},{"id":2}],"includes":{"users":[{"id":"3"}],"posts":[{"id":"4"}]}}"#;
        let ids = found(all);
        assert_eq!((ids.data, ids.users, ids.posts), (vec![1, 2], vec![3], vec![4]));
        assert_eq!(found(br#"{"data":{"id":"1","more":{"id":"9"}}}"#).data, [1]);
        let mut ids = ItemIds::default();
        let lines =
            [r#"{"data":{"id":"1"}}"#, "", r#"{"data":{"id":2}}"#, r#"{"data":{"id":"a"}}"#, r#"{"data":{"id":"3""#];
        assert_eq!(lines.map(|line| ids.add_line(line.as_bytes())), [Some(1), None, Some(2), None, None]);
        assert_eq!(ids.data, [1, 2, id_number("a")]);
        for empty in ["", " ", "{}", "[]", "{\"data\":null}", "{\"data\":[{\"id\":null}],\"includes\":null}"] {
            assert!(found(empty.as_bytes()).data.is_empty(), "{empty}");
        }
    }

    #[test]
    fn a_body_that_cannot_be_read_has_unknown_ids() {
        let many = format!("{{\"data\":[{{\"id\":1}}{}]}}", ",{\"id\":1}".repeat(MAX_ITEMS));
        let bodies =
            ["{\"data\":7}", "{\"data\":[7]}", "<html>", "{\"data\":[{\"id\":\"1\"}", "{\"data\":{\"id\":{}}}"];
        for body in bodies.into_iter().chain([many.as_str()]) {
            assert!(ItemIds::in_body(body.as_bytes()).is_none(), "{body}");
        }
    }
}
