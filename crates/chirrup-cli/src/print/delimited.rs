//! Rows of `--csv` and of tab-separated values.

use serde_json::Value as Json;

use super::clean::{clean, one_line};
use crate::fields::{Columns, field};

/// Columns and rows of a delimited output.
#[derive(Debug)]
pub(super) struct Delimited {
    is_csv: bool,
    has_header: bool,
    /// Columns of the command line.
    chosen: Option<Vec<String>>,
    /// Columns of this output, once its first item is known, and whether one of its items has a value.
    columns: Vec<(String, bool)>,
    is_begun: bool,
}

impl Delimited {
    pub(super) fn new(is_csv: bool, has_header: bool, chosen: Option<Columns>) -> Self {
        let chosen = chosen.map(|Columns(names)| names);
        Self { is_csv, has_header: has_header || is_csv, chosen, columns: Vec::new(), is_begun: false }
    }

    /// Whether the user asks for columns.
    pub(super) fn has_columns(&self) -> bool {
        self.has_header || self.is_begun || self.is_chosen()
    }

    /// Whether the columns are chosen on the command line.
    pub(super) fn is_chosen(&self) -> bool {
        self.chosen.is_some()
    }

    /// Sets whether the output continues a file, which has its header already.
    pub(super) fn set_continued(&mut self, is_continued: bool) {
        self.has_header &= !is_continued;
    }

    /// Returns the chosen columns without any value.
    pub(super) fn without_values(&self) -> Vec<&str> {
        if self.chosen.is_none() {
            return Vec::new();
        }
        self.columns.iter().filter(|(_, found)| !found).map(|(name, _)| name.as_str()).collect()
    }

    /// Returns the row of an item, after the header if it is the first. Without columns, those of the first item are used.
    pub(super) fn rows(&mut self, item: &Json, default: &[&str]) -> Vec<String> {
        if self.columns.is_empty() {
            let names = match &self.chosen {
                Some(names) => names.clone(),
                None if default.is_empty() => scalars(item),
                None => default.iter().map(|name| (*name).to_owned()).collect(),
            };
            self.columns = names.into_iter().map(|name| (name, false)).collect();
        }
        let header = self.begin().then(|| self.row(self.columns.iter().map(|(name, _)| name)));
        let cells = self.columns.iter_mut().map(|(name, found)| {
            let value = field(item, name);
            *found |= value.is_some();
            value.unwrap_or_default()
        });
        let cells: Vec<String> = cells.collect();
        header.into_iter().chain([self.row(&cells)]).collect()
    }

    /// Returns rows, after the header if they are the first.
    pub(super) fn table(&mut self, header: &[&str], rows: &[Vec<String>]) -> Vec<String> {
        let header = self.begin().then(|| self.row(header));
        header.into_iter().chain(rows.iter().map(|cells| self.row(cells))).collect()
    }

    /// Returns whether the header comes next.
    fn begin(&mut self) -> bool {
        !std::mem::replace(&mut self.is_begun, true) && self.has_header
    }

    fn row(&self, cells: impl IntoIterator<Item = impl AsRef<str>>) -> String {
        let (cell, separator): (fn(&str) -> String, _) =
            if self.is_csv { (|cell| quoted(&clean(cell)), ",") } else { (one_line, "\t") };
        cells.into_iter().map(|text| cell(text.as_ref())).collect::<Vec<_>>().join(separator)
    }
}

/// Returns the names of the members with one value, the ID first.
fn scalars(item: &Json) -> Vec<String> {
    let members = item.as_object().into_iter().flatten();
    let members = members.filter(|(_, value)| !value.is_object() && !value.is_array());
    let mut names: Vec<String> = members.map(|(name, _)| name.clone()).collect();
    names.sort_by_key(|name| name != "id");
    names
}

/// Quotes a cell if RFC 4180 asks for it.
fn quoted(cell: &str) -> String {
    if cell.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rows_have_the_default_columns_or_the_chosen_ones() {
        let item = json!({"id": "2", "text": "a, \"b\"\nc", "author": {"username": "robin"}, "a": 1});
        let mut csv =
            Delimited::new(true, true, Some(Columns(vec!["author.username".into(), "text".into(), "x".into()])));
        assert_eq!(csv.rows(&item, &["id"]), ["author.username,text,x", "robin,\"a, \"\"b\"\"\nc\","]);
        assert_eq!(csv.rows(&item, &["id"]).len(), 1, "one header");
        assert_eq!(csv.without_values(), ["x"]);
        let mut tsv = Delimited::new(false, false, None);
        assert_eq!(tsv.rows(&item, &["id", "text"]), ["2\ta, \"b\" c"]);
        assert_eq!(Delimited::new(false, true, None).rows(&item, &[]), ["id\ta\ttext", "2\t1\ta, \"b\" c"]);
        let mut continued = Delimited::new(true, true, None);
        continued.set_continued(true);
        assert_eq!(continued.rows(&item, &["id"]), ["2"]);
    }
}
