//! Files of a table: written, hashed and flushed under a temporary name.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use chirrup_store::{open_regular, with_suffix};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::TypePtr;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::column::{self, Column};
use super::manifest::Segment;
use super::tables::{self, Row};
use crate::object::{Key, Object, ObjectKind};

/// Ending of a segment that the manifest does not have yet.
pub(super) const TEMPORARY: &str = ".tmp";

/// Writer whose content is hashed on the way.
pub(super) struct Hashed<W> {
    inner: W,
    hash: Sha256,
    len: u64,
}

impl<W> Hashed<W> {
    pub(super) fn new(inner: W) -> Self {
        Self { inner, hash: Sha256::new(), len: 0 }
    }

    /// Returns the inner writer, the number of bytes, and their SHA-256 in hexadecimal.
    pub(super) fn finish(self) -> (W, u64, String) {
        let digest = self.hash.finalize();
        (self.inner, self.len, digest.iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.len += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Writer of a segment.
pub(super) struct SegmentWriter {
    writer: SerializedFileWriter<Hashed<File>>,
    segment: Segment,
}

impl SegmentWriter {
    /// Creates the file of a segment, with a temporary name.
    fn create(
        folder: &Path,
        table: &str,
        number: u64,
        (schema, properties): (TypePtr, Arc<WriterProperties>),
    ) -> io::Result<Self> {
        let name = format!("{table}/{number:08}.parquet");
        let path = with_suffix(&folder.join(&name), TEMPORARY);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let file = open_regular(&path, OpenOptions::new().write(true))?;
        file.set_len(0)?;
        let writer = SerializedFileWriter::new(Hashed::new(file), schema, properties).map_err(io_error)?;
        let segment = Segment {
            table: table.to_owned(),
            file: name,
            rows: 0,
            bytes: 0,
            sha256: String::new(),
            first: None,
            last: None,
        };
        Ok(Self { writer, segment })
    }

    /// Writes rows as a row group.
    pub(super) fn write<R>(&mut self, columns: &[Column<R>], rows: &[R]) -> io::Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        self.segment.rows += rows.len() as u64;
        column::write_rows(&mut self.writer, columns, rows).map_err(io_error)
    }

    /// Length of the file so far.
    pub(super) fn byte_len(&self) -> usize {
        self.writer.bytes_written()
    }

    /// Writes the end of the file, and all of it to the disk.
    pub(super) fn finish(mut self) -> io::Result<Segment> {
        // Taking the file writes the end of it.
        let (file, bytes, sha256) = self.writer.into_inner().map_err(io_error)?.finish();
        file.sync_all()?;
        (self.segment.bytes, self.segment.sha256) = (bytes, sha256);
        Ok(self.segment)
    }
}

/// Creates a segment of a table of objects.
pub(super) fn create(folder: &Path, kind: ObjectKind, number: u64) -> io::Result<SegmentWriter> {
    let table = kind.table();
    let schema = match kind {
        ObjectKind::Post => column::schema(table, &tables::posts()),
        ObjectKind::User => column::schema(table, &tables::users()),
        ObjectKind::Media => column::schema(table, &tables::media()),
        ObjectKind::Place => column::schema(table, &tables::places()),
        ObjectKind::Poll => column::schema(table, &tables::polls()),
        ObjectKind::Space => column::schema(table, &tables::spaces()),
        ObjectKind::Count => column::schema(table, &tables::counts()),
    };
    SegmentWriter::create(folder, table, number, schema.map_err(io_error)?)
}

/// Writes objects, in the order of their keys, as a row group of a segment.
pub(super) fn write_objects(
    writer: &mut SegmentWriter,
    kind: ObjectKind,
    objects: &[(Key<'_>, Object<'_>)],
) -> io::Result<()> {
    if let [(first, _), ..] = objects {
        writer.segment.first.get_or_insert_with(|| first.to_string());
    }
    if let [.., (last, _)] = objects {
        writer.segment.last = Some(last.to_string());
    }
    match kind {
        ObjectKind::Post => writer.write(&tables::posts(), &rows(objects)),
        ObjectKind::User => writer.write(&tables::users(), &rows(objects)),
        ObjectKind::Media => writer.write(&tables::media(), &rows(objects)),
        ObjectKind::Place => writer.write(&tables::places(), &rows(objects)),
        ObjectKind::Poll => writer.write(&tables::polls(), &rows(objects)),
        ObjectKind::Space => writer.write(&tables::spaces(), &rows(objects)),
        ObjectKind::Count => writer.write(&tables::counts(), &rows(objects)),
    }
}

fn rows<'a, T: Deserialize<'a> + Default>(objects: &'a [(Key<'a>, Object<'a>)]) -> Vec<Row<'a, T>> {
    objects.iter().map(|(key, object)| Row::of(key, object)).collect()
}

/// Creates a segment of a table without objects.
pub(super) fn create_table<R>(
    folder: &Path,
    table: &str,
    number: u64,
    columns: &[Column<R>],
) -> io::Result<SegmentWriter> {
    let schema = column::schema(table, columns).map_err(io_error)?;
    SegmentWriter::create(folder, table, number, schema)
}

/// Writes rows without keys as a segment.
pub(super) fn write_rows<R>(
    folder: &Path,
    table: &str,
    number: u64,
    columns: &[Column<R>],
    rows: &[R],
) -> io::Result<Segment> {
    let mut writer = create_table(folder, table, number, columns)?;
    writer.write(columns, rows)?;
    writer.finish()
}

/// Returns an error of the format as one of the file.
pub(super) fn io_error(why: ParquetError) -> io::Error {
    match why {
        ParquetError::External(why) => match why.downcast::<io::Error>() {
            Ok(why) => *why,
            Err(why) => io::Error::other(why),
        },
        why => io::Error::other(why.to_string()),
    }
}
