//! One JSON document for a result of several pages. Items are written as they arrive. What the pages have beside their items
//! follows at the end and is in a file until then, so that a long result takes no more memory than its largest page.

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{self, BufRead as _, BufReader, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};

use chirrup::internal::{members, visit_items, visit_members};
use chirrup::store::{open_regular, with_suffix};
use serde_json::{Map, Value as Json};

use super::included::{self, key_of};
use super::json::{self, Layout};

/// The document before its first item.
const START: &[u8] = b"{\n  \"data\": [";
/// Names of what is not an included object.
const ERRORS: &str = ".errors";
const META: &str = ".meta";
/// Maximum number of lists of included objects.
const MAX_LISTS: usize = 100;

/// A document that is written page by page.
#[derive(Debug, Default)]
pub(super) struct Merged {
    is_open: bool,
    has_items: bool,
    /// The file of `--output`, which a later run may continue.
    target: Option<PathBuf>,
    rest: Option<Rest>,
}

impl Merged {
    pub(super) fn is_open(&self) -> bool {
        self.is_open
    }

    /// Sets the file of the document, of which an earlier run has written this many bytes.
    pub(super) fn write_to(&mut self, file: &Path, length: u64) {
        if self.target.is_none() {
            self.target = Some(file.to_owned());
            (self.is_open, self.has_items) = (length > 0, length > START.len() as u64);
        }
    }

    /// Writes the items of a page, and keeps the rest of it. A body without `data` is one item if it may be one.
    pub(super) fn add(&mut self, out: &mut impl Write, body: &[u8], may_be_item: bool) -> io::Result<()> {
        self.open(out)?;
        included::visit(body, may_be_item, |item, _| {
            out.write_all(if self.has_items { b",\n    " } else { b"\n    " })?;
            self.has_items = true;
            json::write_nested(out, item, 2)
        })?;
        self.rest.as_mut().map_or(Ok(()), |rest| rest.add(body))
    }

    fn open(&mut self, out: &mut impl Write) -> io::Result<()> {
        if self.rest.is_none() {
            self.rest = Some(Rest::open(self.target.as_deref(), self.is_open)?);
        }
        if !self.is_open {
            out.write_all(START)?;
            self.is_open = true;
        }
        Ok(())
    }

    /// Ends the document. Its metadata is left out if it has several results.
    pub(super) fn close(&mut self, out: &mut impl Write, has_meta: bool) -> io::Result<()> {
        self.open(out)?;
        self.is_open = false;
        out.write_all(if self.has_items { b"\n  ]" } else { b"]" })?;
        let Some(rest) = &mut self.rest else { return Ok(()) };
        if rest.names.iter().any(|name| name == ERRORS) {
            out.write_all(b",\n  \"errors\": [")?;
            rest.write_list(out, ERRORS, 2)?;
        }
        rest.names.sort();
        let mut lists = rest.names.clone();
        lists.retain(|name| !name.starts_with('.'));
        for (index, name) in lists.iter().enumerate() {
            out.write_all(if index == 0 { b",\n  \"includes\": {" } else { b"," })?;
            write!(out, "\n    \"{name}\": [")?;
            rest.write_list(out, name, 3)?;
        }
        if !lists.is_empty() {
            out.write_all(b"\n  }")?;
        }
        if let Some(meta) = rest.meta()?.filter(|_| has_meta) {
            out.write_all(b",\n  \"meta\": ")?;
            json::write_nested(out, Json::Object(meta).to_string().as_bytes(), 1)?;
        }
        out.write_all(b"\n}\n")
    }

    /// Removes the file beside that of `--output`, after the document is complete.
    pub(super) fn discard(&mut self) {
        if let Some(path) = self.rest.take().and_then(|rest| rest.path) {
            // An old file is replaced by the next document of this name.
            let _ = fs::remove_file(path);
        }
    }
}

/// Included objects, errors and metadata of the pages, each once: lines of a name, a tab and an object.
#[derive(Debug)]
struct Rest {
    file: File,
    /// Path of the file, unless it is temporary.
    path: Option<PathBuf>,
    names: Vec<String>,
    /// Fingerprints of the objects.
    seen: HashSet<u64>,
}

impl Rest {
    /// Opens the file beside that of the document, or a temporary one. `continues` keeps what an earlier run has written.
    fn open(target: Option<&Path>, continues: bool) -> io::Result<Self> {
        let path = target.map(|target| with_suffix(target, ".included"));
        let file = match &path {
            Some(path) => {
                open_regular(path, OpenOptions::new().read(true).write(true).create(true).truncate(!continues))?
            }
            None => tempfile::tempfile()?,
        };
        let mut rest = Self { file, path, names: Vec::new(), seen: HashSet::new() };
        let mut length = 0;
        rest.lines(|rest, name, object, end| {
            length = end;
            rest.is_new(name, object.as_bytes());
            Ok(())
        })?;
        // A killed program may have left its last line incomplete.
        rest.file.set_len(length)?;
        rest.file.seek(SeekFrom::End(0))?;
        Ok(rest)
    }

    /// Visits the complete lines of the file: name, object, and the position after the line.
    fn lines(&mut self, mut visit: impl FnMut(&mut Self, &str, &str, u64) -> io::Result<()>) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(0))?;
        let mut reader = BufReader::new(self.file.try_clone()?);
        let (mut line, mut end) = (String::new(), 0);
        while reader.read_line(&mut line)? > 0 {
            end += line.len() as u64;
            match line.strip_suffix('\n').and_then(|line| line.split_once('\t')) {
                Some((name, object)) => visit(self, name, object, end)?,
                None => break,
            }
            line.clear();
        }
        Ok(())
    }

    /// Returns whether an object is new, and counts it as known.
    fn is_new(&mut self, name: &str, object: &[u8]) -> bool {
        if !self.names.iter().any(|known| known == name) {
            if self.names.len() == MAX_LISTS {
                return false;
            }
            self.names.push(name.to_owned());
        }
        let mut hasher = DefaultHasher::new();
        match key_of(object).filter(|_| !name.starts_with('.')) {
            Some(key) => (name, key).hash(&mut hasher),
            None => (name, object).hash(&mut hasher),
        }
        self.seen.insert(hasher.finish())
    }

    /// Keeps what a page has beside its items.
    fn add(&mut self, body: &[u8]) -> io::Result<()> {
        let [includes, errors, meta] = members(body, ["includes", "errors", "meta"]).unwrap_or_default();
        let mut lines = Vec::new();
        let mut keep = |name: &str, object: &[u8]| {
            let object = json::to_text(object, Layout::Compact);
            if self.is_new(name, object.as_bytes()) {
                lines.extend([name.as_bytes(), b"\t", object.as_bytes(), b"\n"].concat());
            }
        };
        if let Some(includes) = includes {
            visit_members(
                includes.get().as_bytes(),
                |_| true,
                |name, list| {
                    visit_items(list.get().as_bytes(), |object| keep(name, object.get().as_bytes()));
                },
            );
        }
        if let Some(errors) = errors {
            visit_items(errors.get().as_bytes(), |error| keep(ERRORS, error.get().as_bytes()));
        }
        if let Some(meta) = meta {
            keep(META, meta.get().as_bytes());
        }
        self.file.write_all(&lines)?;
        // The document and what belongs to it survive the same failures.
        if self.path.is_some() { self.file.sync_data() } else { Ok(()) }
    }

    /// Writes the objects of a list, and its end.
    fn write_list(&mut self, out: &mut impl Write, wanted: &str, depth: usize) -> io::Result<()> {
        let indent = "  ".repeat(depth);
        let mut separator = "\n";
        self.lines(|_, name, object, _| {
            if name != wanted {
                return Ok(());
            }
            write!(out, "{separator}{indent}")?;
            separator = ",\n";
            json::write_nested(out, object.as_bytes(), depth)
        })?;
        write!(out, "\n{}]", "  ".repeat(depth - 1))
    }

    /// Returns the metadata of all pages: numbers are added, and other values are those of the last page.
    fn meta(&mut self) -> io::Result<Option<Map<String, Json>>> {
        let mut merged = None;
        self.lines(|_, name, object, _| {
            if name == META
                && let Ok(page) = serde_json::from_str::<Map<String, Json>>(object)
            {
                let before: Map<String, Json> = merged.take().unwrap_or_default();
                merged = Some(page.into_iter().map(|(name, value)| sum(&before, name, value)).collect());
            }
            Ok(())
        })?;
        Ok(merged)
    }
}

/// Adds a number to that of the same name.
fn sum(before: &Map<String, Json>, name: String, value: Json) -> (String, Json) {
    let numbers = before.get(&name).and_then(Json::as_u64).zip(value.as_u64());
    let value = numbers.map_or(value, |(one, other)| one.saturating_add(other).into());
    (name, value)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]
    use super::*;

    fn page(ids: [u64; 2], token: &str) -> String {
        let [first, second] = ids;
        format!(
            r#"{{"data":[{{"id":"{first}","n":1.0e2}},{{"id":"{second}"}}],"includes":{{"users":[{{"id":"12"}},{{"id":"{first}"}}]}},
            "errors":[{{"title":"gone {first}"}}],"meta":{{"result_count":2{token}}}}}"#
        )
    }

    #[test]
    fn pages_become_one_document() {
        let (mut merged, mut out) = (Merged::default(), Vec::new());
        merged.add(&mut out, page([1, 2], r#","next_token":"t1""#).as_bytes(), true).unwrap();
        merged.add(&mut out, br#"{"meta":{"result_count":0,"next_token":"t2"}}"#, false).unwrap();
        merged.add(&mut out, page([3, 4], "").as_bytes(), true).unwrap();
        merged.close(&mut out, true).unwrap();
        let text = String::from_utf8(out).unwrap();
        let json: Json = serde_json::from_str(&text).unwrap();
        let ids = |list: &Json| list.as_array().unwrap().iter().map(|one| one["id"].clone()).collect::<Vec<_>>();
        assert_eq!(ids(&json["data"]), ["1", "2", "3", "4"]);
        assert_eq!(ids(&json["includes"]["users"]), ["12", "1", "3"]);
        assert_eq!(json["errors"].as_array().unwrap().len(), 2);
        assert_eq!(json["meta"], serde_json::json!({"result_count": 4}));
        assert!(text.contains("\n      \"n\": 1.0e2\n"), "it is indented, and numbers are as they were: {text}");
        assert_eq!(text.replace("1.0e2", "100"), format!("{json:#}\n").replace("100.0", "100"), "{text}");
    }

    #[test]
    fn a_result_without_pages_is_an_empty_list() {
        let (mut merged, mut out) = (Merged::default(), Vec::new());
        merged.close(&mut out, false).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "{\n  \"data\": []\n}\n");
    }

    #[test]
    fn a_document_continues_in_another_run() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("posts.json");
        let mut out = Vec::new();
        for (n, ids) in [[1, 2], [3, 4], [5, 6]].into_iter().enumerate() {
            let mut merged = Merged::default();
            merged.write_to(&file, out.len() as u64);
            merged.add(&mut out, page(ids, &format!(r#","next_token":"t{n}""#)).as_bytes(), true).unwrap();
            // The program is killed while it writes a line.
            OpenOptions::new()
                .append(true)
                .open(folder.path().join("posts.json.included"))
                .unwrap()
                .write_all(b"users\t{")
                .unwrap();
        }
        let mut merged = Merged::default();
        merged.write_to(&file, out.len() as u64);
        merged.close(&mut out, true).unwrap();
        merged.discard();
        let json: Json = serde_json::from_slice(&out).unwrap();
        assert_eq!(json["data"].as_array().unwrap().len(), 6);
        assert_eq!(json["includes"]["users"].as_array().unwrap().len(), 4);
        assert_eq!(json["meta"], serde_json::json!({"result_count": 6, "next_token": "t2"}));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
