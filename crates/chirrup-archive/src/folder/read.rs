//! Reading of segments: objects in the order of their keys, and rows without keys.

use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, Int64Type};
use parquet::file::reader::{FileReader as _, SerializedFileReader};

use super::failed;
use super::manifest::{self, Manifest};
use super::merge::Merged;
use super::segment::io_error;
use super::tables::has_numeric_keys;
use crate::object::{Key, Object, ObjectKind};

/// Number of rows that are read at once.
const ROWS: usize = 256;

/// Reader of a folder of Parquet files, as its last commit left it.
#[derive(Debug)]
pub struct ParquetReader {
    pub(super) path: PathBuf,
    pub(super) manifest: Manifest,
}

impl ParquetReader {
    /// Opens a folder for reading only. Pages that are in the journal only are not read: the next start of a collection
    /// moves them to segments.
    ///
    /// # Errors
    /// If the folder cannot be read, or is not an archive that this version can read.
    pub fn open(path: impl Into<PathBuf>) -> io::Result<Self> {
        let path = path.into();
        let bytes = std::fs::read(path.join(manifest::NAME)).map_err(|why| failed(&path, &why))?;
        let manifest = Manifest::parse(&path, &bytes)?;
        Ok(Self { path, manifest })
    }

    /// Path of the folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Calls `visit` with each object of a type once, in the order of the keys.
    ///
    /// # Errors
    /// If the folder cannot be read, or `visit` fails.
    pub fn objects(
        &self,
        kind: ObjectKind,
        mut visit: impl FnMut(Key<'static>, Object<'static>) -> io::Result<()>,
    ) -> io::Result<()> {
        let segments = self.manifest.segments_of(kind.table());
        let files: Vec<PathBuf> = segments.map(|segment| self.path.join(&segment.file)).collect();
        let mut merged = Merged::open(kind, &files)?;
        while let Some((key, object)) = merged.next()? {
            visit(key, object)?;
        }
        Ok(())
    }
}

/// File whose columns are read by their names.
pub(super) struct Columns {
    file: SerializedFileReader<File>,
    path: PathBuf,
}

impl Columns {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let opened = File::open(path).and_then(|file| SerializedFileReader::new(file).map_err(io_error));
        let file = opened.map_err(|why| failed(path, &why))?;
        Ok(Self { file, path: path.to_owned() })
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
        let missing = || io::Error::other(format!("{}: the column `{name}` is missing", self.path.display()));
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
        io::Error::other(format!("{}: the column `{name}` has another type", self.path.display()))
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
fn read_lists<T: DataType>(column: &mut ColumnReaderImpl<T>, rows: usize) -> io::Result<Vec<Vec<T::T>>> {
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

/// Columns of a row group that are read as objects.
struct Group {
    ids: Option<ColumnReaderImpl<Int64Type>>,
    names: Option<ColumnReaderImpl<ByteArrayType>>,
    json: ColumnReaderImpl<ByteArrayType>,
    seen_at: ColumnReaderImpl<Int64Type>,
    found_by: ColumnReaderImpl<ByteArrayType>,
    rules: Option<(ColumnReaderImpl<Int64Type>, ColumnReaderImpl<ByteArrayType>)>,
}

/// Objects of a segment, in its order.
pub(super) struct ObjectReader {
    file: Columns,
    kind: ObjectKind,
    next_group: usize,
    group: Option<Group>,
    rows: VecDeque<(Key<'static>, Object<'static>)>,
}

impl ObjectReader {
    pub(super) fn open(kind: ObjectKind, path: &Path) -> io::Result<Self> {
        Ok(Self { file: Columns::open(path)?, kind, next_group: 0, group: None, rows: VecDeque::new() })
    }

    pub(super) fn next(&mut self) -> io::Result<Option<(Key<'static>, Object<'static>)>> {
        while self.rows.is_empty() {
            if self.group.is_none() {
                if self.next_group == self.file.groups() {
                    return Ok(None);
                }
                self.group = Some(self.open_group(self.next_group)?);
                self.next_group += 1;
            }
            if let Some(group) = &mut self.group {
                self.rows = group.read()?;
            }
            if self.rows.is_empty() {
                self.group = None;
            }
        }
        Ok(self.rows.pop_front())
    }

    fn open_group(&self, group: usize) -> io::Result<Group> {
        let file = &self.file;
        let key = if self.kind == ObjectKind::Media { "key" } else { "id" };
        let (ids, names) = match has_numeric_keys(self.kind) {
            true => (Some(file.ints(group, key)?), None),
            false => (None, Some(file.texts(group, key)?)),
        };
        let rules = match self.kind {
            ObjectKind::Post => Some((file.ints(group, "rule_ids")?, file.texts(group, "rule_tags")?)),
            _ => None,
        };
        Ok(Group {
            ids,
            names,
            json: file.texts(group, "json")?,
            seen_at: file.ints(group, "seen_at")?,
            found_by: file.texts(group, "found_by")?,
            rules,
        })
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

/// Calls `visit` with the latest items of a source that its segments have: at least those of a generation.
pub(super) fn recent_items(
    folder: &Path,
    manifest: &Manifest,
    kind: ObjectKind,
    source: &str,
    mut visit: impl FnMut(u64),
) -> io::Result<()> {
    let segments: Vec<_> = manifest.segments_of(kind.table()).collect();
    let mut found = 0;
    for segment in segments.into_iter().rev() {
        let file = Columns::open(&folder.join(&segment.file))?;
        for group in 0..file.groups() {
            let (mut ids, mut found_by) = (file.ints(group, "id")?, file.texts(group, "found_by")?);
            loop {
                let rows = read_flat(&mut ids, ROWS)?;
                if rows.is_empty() {
                    break;
                }
                for (id, sources) in rows.into_iter().zip(read_lists(&mut found_by, ROWS)?) {
                    if let Some(id) = id
                        && sources.iter().any(|name| name.data() == source.as_bytes())
                    {
                        visit(id.cast_unsigned());
                        found += 1;
                    }
                }
            }
        }
        if found >= super::recent::GENERATION {
            break;
        }
    }
    Ok(())
}
