//! Reading of segments as objects, in the order of their keys.

use std::collections::VecDeque;
use std::io;

use parquet::column::reader::ColumnReaderImpl;
use parquet::data_type::{ByteArrayType, Int64Type};

use super::columns::{Columns, read_flat, read_lists, text};
use super::merge::SortedRows;
use super::storage::SegmentFile;
use crate::object::{Key, Object, ObjectKind};

/// Number of rows that are read at once.
const ROWS: usize = 256;

/// Columns of a row group that are read as objects.
struct Group {
    ids: Option<ColumnReaderImpl<Int64Type>>,
    names: Option<ColumnReaderImpl<ByteArrayType>>,
    json: ColumnReaderImpl<ByteArrayType>,
    seen_at: ColumnReaderImpl<Int64Type>,
    found_by: ColumnReaderImpl<ByteArrayType>,
    rules: Option<(ColumnReaderImpl<Int64Type>, ColumnReaderImpl<ByteArrayType>)>,
}

/// Objects of a segment, in its order. The file is open from the first object to the last.
pub(super) struct ObjectReader {
    segment: SegmentFile,
    file: Option<Columns>,
    kind: ObjectKind,
    next_group: usize,
    group: Option<Group>,
    rows: VecDeque<(Key<'static>, Object<'static>)>,
}

impl ObjectReader {
    pub(super) fn new(kind: ObjectKind, segment: SegmentFile) -> Self {
        Self { segment, file: None, kind, next_group: 0, group: None, rows: VecDeque::new() }
    }

    /// Opens the next row group, unless the file has no other.
    fn open_group(&mut self) -> io::Result<Option<Group>> {
        let file = match self.file.take() {
            Some(file) => file,
            None => Columns::open(&self.segment)?,
        };
        let group = self.next_group;
        if group == file.groups() {
            return Ok(None);
        }
        self.next_group += 1;
        let key = self.kind.key_column();
        let (ids, names) = match self.kind.has_numeric_keys() {
            true => (Some(file.ints(group, key)?), None),
            false => (None, Some(file.texts(group, key)?)),
        };
        let rules = match self.kind {
            ObjectKind::Post => Some((file.ints(group, "rule_ids")?, file.texts(group, "rule_tags")?)),
            _ => None,
        };
        let group = Group {
            ids,
            names,
            json: file.texts(group, "json")?,
            seen_at: file.ints(group, "seen_at")?,
            found_by: file.texts(group, "found_by")?,
            rules,
        };
        self.file = Some(file);
        Ok(Some(group))
    }
}

impl SortedRows for ObjectReader {
    type Key = Key<'static>;
    type Value = Object<'static>;

    fn next(&mut self) -> io::Result<Option<(Self::Key, Self::Value)>> {
        while self.rows.is_empty() {
            if self.group.is_none() {
                self.group = self.open_group()?;
            }
            let Some(group) = &mut self.group else { return Ok(None) };
            self.rows = group.read()?;
            if self.rows.is_empty() {
                self.group = None;
            }
        }
        Ok(self.rows.pop_front())
    }

    fn merge(object: &mut Self::Value, other: Self::Value) {
        object.merge(other);
    }
}

impl Group {
    /// Reads the next rows.
    fn read(&mut self) -> io::Result<VecDeque<(Key<'static>, Object<'static>)>> {
        let json = read_flat(&mut self.json, ROWS)?;
        let seen_at = read_flat(&mut self.seen_at, ROWS)?;
        let mut found_by = read_lists(&mut self.found_by, ROWS)?.into_iter();
        let ids = self.ids.as_mut().map_or(Ok(Vec::new()), |column| read_flat(column, ROWS))?;
        let names = self.names.as_mut().map_or(Ok(Vec::new()), |column| read_flat(column, ROWS))?;
        let (rule_ids, rule_tags) = match &mut self.rules {
            Some((ids, tags)) => (read_lists(ids, ROWS)?, read_lists(tags, ROWS)?),
            None => (Vec::new(), Vec::new()),
        };
        let (mut rule_ids, mut rule_tags) = (rule_ids.into_iter(), rule_tags.into_iter());
        let mut rows = VecDeque::with_capacity(json.len());
        for (at, json) in json.into_iter().enumerate() {
            let key = match (ids.get(at).copied().flatten(), names.get(at).and_then(Option::as_ref)) {
                (Some(id), _) => Key::Id(id),
                (None, Some(name)) => Key::Text(text(name)?.into()),
                (None, None) => return Err(io::Error::other("a row has no key")),
            };
            let json = json.as_ref().map(text).transpose()?.unwrap_or_default().into();
            let sources = found_by.next().unwrap_or_default();
            let sources = sources.iter().map(|name| text(name).map(Into::into)).collect::<io::Result<_>>()?;
            let tags = rule_tags.next().unwrap_or_default();
            let tags = tags.iter().map(text).collect::<io::Result<Vec<_>>>()?;
            let rules = rule_ids.next().unwrap_or_default().into_iter().zip(tags.into_iter().map(Into::into)).collect();
            let seen_at = seen_at.get(at).copied().flatten().unwrap_or_default();
            rows.push_back((key, Object { json, seen_at, found_by: sources, rules }));
        }
        Ok(rows)
    }
}
