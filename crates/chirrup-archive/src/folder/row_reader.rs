//! Reading of the tables without objects: rows of texts and numbers, and edges in their order.

use std::collections::VecDeque;
use std::io;

use parquet::column::reader::ColumnReaderImpl;
use parquet::data_type::{ByteArrayType, Int64Type};

use super::columns::{Columns, read_flat, text};
use super::merge::SortedRows;
use super::storage::SegmentFile;

/// Number of rows that are read at once.
const ROWS: usize = 1_024;

/// Texts and numbers of a row. A text without a value is empty.
pub(super) type Cells = (Vec<String>, Vec<Option<i64>>);

/// Rows of a segment, in its order. The file is open from the first row on.
pub(super) struct RowReader {
    segment: SegmentFile,
    file: Option<Columns>,
    texts: &'static [&'static str],
    ints: &'static [&'static str],
    next_group: usize,
    group: Option<Group>,
    rows: VecDeque<Cells>,
}

/// Columns of a row group.
struct Group {
    texts: Vec<ColumnReaderImpl<ByteArrayType>>,
    ints: Vec<ColumnReaderImpl<Int64Type>>,
}

impl RowReader {
    /// Creates a reader of these columns.
    pub(super) fn new(segment: SegmentFile, texts: &'static [&'static str], ints: &'static [&'static str]) -> Self {
        Self { segment, file: None, texts, ints, next_group: 0, group: None, rows: VecDeque::new() }
    }

    pub(super) fn next(&mut self) -> io::Result<Option<Cells>> {
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
        let texts = self.texts.iter().map(|name| file.texts(group, name)).collect::<io::Result<_>>()?;
        let ints = self.ints.iter().map(|name| file.ints(group, name)).collect::<io::Result<_>>()?;
        self.file = Some(file);
        Ok(Some(Group { texts, ints }))
    }
}

impl Group {
    /// Reads the next rows.
    fn read(&mut self) -> io::Result<VecDeque<Cells>> {
        let texts = self.texts.iter_mut().map(|column| read_flat(column, ROWS)).collect::<io::Result<Vec<_>>>()?;
        let ints = self.ints.iter_mut().map(|column| read_flat(column, ROWS)).collect::<io::Result<Vec<_>>>()?;
        let row = |row: usize| {
            let value = |column: &Vec<Option<_>>| column.get(row).and_then(Option::as_ref).map(text).transpose();
            let texts = texts.iter().map(|column| Ok(value(column)?.unwrap_or_default()));
            let ints = ints.iter().map(|column| column.get(row).copied().flatten());
            Ok((texts.collect::<io::Result<_>>()?, ints.collect()))
        };
        (0..texts.first().map_or(0, Vec::len)).map(row).collect()
    }
}

/// Edges of a segment, in the order of their keys: relation, source and target.
pub(super) struct EdgeReader(RowReader);

impl EdgeReader {
    /// Columns of an edge with texts, and with numbers.
    pub(super) const TEXTS: &[&str] = &["relation"];
    pub(super) const INTS: &[&str] = &["source_id", "target_id", "first_seen_at", "last_seen_at"];

    pub(super) fn new(segment: SegmentFile) -> Self {
        Self(RowReader::new(segment, Self::TEXTS, Self::INTS))
    }
}

impl SortedRows for EdgeReader {
    type Key = (String, i64, i64);
    /// First and last time at which the edge was seen.
    type Value = (i64, i64);

    fn next(&mut self) -> io::Result<Option<(Self::Key, Self::Value)>> {
        let Some((texts, ints)) = self.0.next()? else { return Ok(None) };
        let relation = texts.into_iter().next().unwrap_or_default();
        let int = |at: usize| ints.get(at).copied().flatten().unwrap_or_default();
        Ok(Some(((relation, int(0), int(1)), (int(2), int(3)))))
    }

    fn merge(seen: &mut Self::Value, other: Self::Value) {
        *seen = (seen.0.min(other.0), seen.1.max(other.1));
    }
}
