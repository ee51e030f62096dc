//! Reading of columns by their names.

use std::fs::File;
use std::io;

use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, Int64Type};
use parquet::file::reader::{FileReader as _, SerializedFileReader};

use super::manifest::Segment;
use super::segment::io_error;
use super::storage::{SegmentFile, SegmentFiles};

/// File whose columns are read by their names.
pub(super) struct Columns {
    file: SerializedFileReader<File>,
    name: String,
}

impl Columns {
    pub(super) fn open(file: &SegmentFile) -> io::Result<Self> {
        Self::of(file.to_string(), file.open())
    }

    /// Opens a segment of which only these columns are read.
    pub(super) fn open_only(names: &[&str], files: &dyn SegmentFiles, segment: &Segment) -> io::Result<Self> {
        Self::of(segment.file.clone(), files.open_columns(segment, names))
    }

    fn of(name: String, file: io::Result<File>) -> io::Result<Self> {
        let opened = file.and_then(|file| SerializedFileReader::new(file).map_err(io_error));
        let file = opened.map_err(|why| io::Error::new(why.kind(), format!("{name}: {why}")))?;
        Ok(Self { file, name })
    }

    pub(super) fn groups(&self) -> usize {
        self.file.num_row_groups()
    }

    pub(super) fn rows(&self) -> u64 {
        u64::try_from(self.file.metadata().file_metadata().num_rows()).unwrap_or_default()
    }

    fn column(&self, group: usize, name: &str) -> io::Result<ColumnReader> {
        let columns = self.file.metadata().file_metadata().schema_descr().columns();
        let at = columns.iter().position(|column| column.path().parts().first().is_some_and(|part| part == name));
        let missing = || io::Error::other(format!("{}: the column `{name}` is missing", self.name));
        let group = self.file.get_row_group(group).map_err(io_error)?;
        group.get_column_reader(at.ok_or_else(missing)?).map_err(io_error)
    }

    pub(super) fn texts(&self, group: usize, name: &str) -> io::Result<ColumnReaderImpl<ByteArrayType>> {
        match self.column(group, name)? {
            ColumnReader::ByteArrayColumnReader(column) => Ok(column),
            _ => Err(self.other_type(name)),
        }
    }

    pub(super) fn ints(&self, group: usize, name: &str) -> io::Result<ColumnReaderImpl<Int64Type>> {
        match self.column(group, name)? {
            ColumnReader::Int64ColumnReader(column) => Ok(column),
            _ => Err(self.other_type(name)),
        }
    }

    fn other_type(&self, name: &str) -> io::Error {
        io::Error::other(format!("{}: the column `{name}` has another type", self.name))
    }
}

/// Reads the next values of a column, in rows that it has one value in at most.
pub(super) fn read_flat<T: DataType>(column: &mut ColumnReaderImpl<T>, rows: usize) -> io::Result<Vec<Option<T::T>>> {
    let (mut values, mut levels) = (Vec::new(), Vec::new());
    column.read_records(rows, Some(&mut levels), None, &mut values).map_err(io_error)?;
    let mut values = values.into_iter();
    Ok(levels.iter().map(|level| if *level > 0 { values.next() } else { None }).collect())
}

/// Reads the next lists of a column.
pub(super) fn read_lists<T: DataType>(column: &mut ColumnReaderImpl<T>, rows: usize) -> io::Result<Vec<Vec<T::T>>> {
    let (mut values, mut definitions, mut repetitions) = (Vec::new(), Vec::new(), Vec::new());
    column.read_records(rows, Some(&mut definitions), Some(&mut repetitions), &mut values).map_err(io_error)?;
    let (mut values, mut lists) = (values.into_iter(), Vec::<Vec<T::T>>::new());
    for (definition, repetition) in definitions.iter().zip(&repetitions) {
        if *repetition == 0 {
            lists.push(Vec::new());
        }
        if *definition > 0
            && let Some(list) = lists.last_mut()
        {
            list.extend(values.next());
        }
    }
    Ok(lists)
}

pub(super) fn text(bytes: &ByteArray) -> io::Result<String> {
    String::from_utf8(bytes.data().to_vec()).map_err(io::Error::other)
}
