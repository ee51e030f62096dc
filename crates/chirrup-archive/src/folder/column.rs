//! Typed columns of a table, and how rows are written into them.

use std::io::Write;
use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{Compression, Encoding, LogicalType, Repetition, TimeUnit, Type as PhysicalType, ZstdLevel};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::errors::Result;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{ColumnPath, Type, TypePtr};

/// Level of the compression: the least CPU time.
const ZSTD_LEVEL: i32 = 1;
/// Length of a page of values, which is what a reader has in memory per column.
const PAGE_LEN: usize = 256 << 10;

/// Column of rows of the type `R`.
pub(super) struct Column<R> {
    name: &'static str,
    values: Values<R>,
}

/// Functions that call another with each value of a list.
type EachInt<R> = fn(&R, &mut dyn FnMut(i64));
type EachWord<R> = fn(&R, &mut dyn FnMut(&str));

/// Type of a column, and the function that returns its value in a row.
pub(super) enum Values<R> {
    Int(fn(&R) -> Option<i64>),
    /// Time in milliseconds since 1970.
    Time(fn(&R) -> Option<i64>),
    Bool(fn(&R) -> Option<bool>),
    /// Text with few different values.
    Word(fn(&R) -> Option<&str>),
    Text(fn(&R) -> Option<&str>),
    Ints(EachInt<R>),
    Words(EachWord<R>),
}

impl<R> Column<R> {
    pub(super) fn new(name: &'static str, values: Values<R>) -> Self {
        Self { name, values }
    }

    /// Returns the type of the column in the schema.
    fn schema(&self) -> Result<Type> {
        let (physical, logical) = match self.values {
            Values::Int(_) | Values::Ints(_) => (PhysicalType::INT64, None),
            Values::Time(_) => {
                let time = LogicalType::timestamp(true, TimeUnit::MILLIS);
                (PhysicalType::INT64, Some(time))
            }
            Values::Bool(_) => (PhysicalType::BOOLEAN, None),
            Values::Word(_) | Values::Text(_) | Values::Words(_) => {
                (PhysicalType::BYTE_ARRAY, Some(LogicalType::String))
            }
        };
        let primitive = |name, repetition| {
            let column = Type::primitive_type_builder(name, physical).with_logical_type(logical.clone());
            column.with_repetition(repetition).build()
        };
        if !self.is_list() {
            return primitive(self.name, Repetition::OPTIONAL);
        }
        let element = primitive("element", Repetition::REQUIRED)?;
        let list = Type::group_type_builder("list").with_repetition(Repetition::REPEATED);
        let list = list.with_fields(vec![Arc::new(element)]).build()?;
        let column = Type::group_type_builder(self.name).with_repetition(Repetition::REQUIRED);
        column.with_logical_type(Some(LogicalType::List)).with_fields(vec![Arc::new(list)]).build()
    }

    fn is_list(&self) -> bool {
        matches!(self.values, Values::Ints(_) | Values::Words(_))
    }

    /// Path of the values in the schema.
    fn path(&self) -> ColumnPath {
        let below = if self.is_list() { &["list", "element"][..] } else { &[] };
        let names = [&[self.name], below].concat();
        ColumnPath::new(names.into_iter().map(str::to_owned).collect())
    }

    /// Collects the values of the rows.
    fn collect(&self, rows: &[R]) -> Collected {
        let mut all = Collected::default();
        match self.values {
            Values::Int(get) | Values::Time(get) => rows.iter().for_each(|row| all.add(get(row), Collected::int)),
            Values::Bool(get) => rows.iter().for_each(|row| all.add(get(row), |all, value| all.bools.push(value))),
            Values::Word(get) | Values::Text(get) => rows.iter().for_each(|row| all.add(get(row), Collected::text)),
            Values::Ints(visit) => rows.iter().for_each(|row| {
                let at = all.begin_list();
                visit(row, &mut |value| all.add(Some(value), Collected::int));
                all.end_list(at);
            }),
            Values::Words(visit) => rows.iter().for_each(|row| {
                let at = all.begin_list();
                visit(row, &mut |value| all.add(Some(value), Collected::text));
                all.end_list(at);
            }),
        }
        all
    }
}

/// Values of a column with their levels, as Parquet stores them.
#[derive(Default)]
struct Collected {
    ints: Vec<i64>,
    bools: Vec<bool>,
    /// Texts one after another, and the end of each.
    texts: Vec<u8>,
    ends: Vec<usize>,
    definitions: Vec<i16>,
    repetitions: Vec<i16>,
}

impl Collected {
    fn add<T>(&mut self, value: Option<T>, push: impl Fn(&mut Self, T)) {
        self.definitions.push(i16::from(value.is_some()));
        if let Some(value) = value {
            push(self, value);
        }
    }

    fn int(&mut self, value: i64) {
        self.ints.push(value);
    }

    fn text(&mut self, value: &str) {
        self.texts.extend_from_slice(value.as_bytes());
        self.ends.push(self.texts.len());
    }

    fn begin_list(&self) -> usize {
        self.definitions.len()
    }

    /// Ends the list that began at a position. An empty list is a level without a value.
    fn end_list(&mut self, at: usize) {
        if self.definitions.len() == at {
            self.definitions.push(0);
        }
        self.repetitions.push(0);
        self.repetitions.resize(self.definitions.len(), 1);
    }

    fn write(self, column: &mut ColumnWriter<'_>) -> Result<()> {
        let levels = (Some(&self.definitions[..]), Some(&self.repetitions[..]).filter(|all| !all.is_empty()));
        match column {
            ColumnWriter::Int64ColumnWriter(column) => column.write_batch(&self.ints, levels.0, levels.1)?,
            ColumnWriter::BoolColumnWriter(column) => column.write_batch(&self.bools, levels.0, levels.1)?,
            ColumnWriter::ByteArrayColumnWriter(column) => {
                let texts = Bytes::from(self.texts);
                let starts = std::iter::once(0).chain(self.ends.iter().copied());
                let values: Vec<ByteArray> =
                    starts.zip(&self.ends).map(|(start, end)| texts.slice(start..*end).into()).collect();
                column.write_batch(&values, levels.0, levels.1)?
            }
            // No column has another type.
            _ => 0,
        };
        Ok(())
    }
}

/// Returns the schema of a table and the properties with which its files are written.
pub(super) fn schema<R>(table: &str, columns: &[Column<R>]) -> Result<(TypePtr, Arc<WriterProperties>)> {
    let fields = columns.iter().map(|column| column.schema().map(Arc::new)).collect::<Result<Vec<_>>>()?;
    let schema = Type::group_type_builder(table).with_fields(fields).build()?;
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(ZSTD_LEVEL)?))
        .set_data_page_size_limit(PAGE_LEN)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_created_by(concat!("chirrup ", env!("CARGO_PKG_VERSION")).to_owned());
    for column in columns {
        let path = column.path();
        properties = match column.values {
            Values::Int(_) | Values::Time(_) | Values::Ints(_) => properties
                .set_column_dictionary_enabled(path.clone(), false)
                .set_column_encoding(path, Encoding::DELTA_BINARY_PACKED),
            Values::Text(_) => properties
                .set_column_dictionary_enabled(path.clone(), false)
                .set_column_statistics_enabled(path, EnabledStatistics::None),
            Values::Bool(_) | Values::Word(_) | Values::Words(_) => properties,
        };
    }
    Ok((Arc::new(schema), Arc::new(properties.build())))
}

/// Writes rows as a row group.
pub(super) fn write_rows<R, W: Write + Send>(
    file: &mut SerializedFileWriter<W>,
    columns: &[Column<R>],
    rows: &[R],
) -> Result<()> {
    let mut group = file.next_row_group()?;
    for column in columns {
        if let Some(mut writer) = group.next_column()? {
            column.collect(rows).write(writer.untyped())?;
            writer.close()?;
        }
    }
    group.close().map(drop)
}
