//! Tables of objects, with a column for each member, which programs for tables read through the C interface of Arrow.

use std::collections::HashMap;

use arrow_array::ffi::FFI_ArrowSchema;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{ArrayRef, RecordBatch, RecordBatchIterator, RecordBatchOptions};
use arrow_schema::{ArrowError, Field, Schema};
use bytes::Bytes;
use chirrup::internal::visit_members;
use pyo3::exceptions::{PyKeyError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyList};

use crate::arrow::column_array;
use crate::response::Response;
use crate::tree::{Object, parsed, to_python};
use crate::value::Ids;

/// Table of objects: a row for each, and a column for each member.
///
/// A member of an object within an object is a column of its own, such as `public_metrics.like_count`. Objects without a
/// member have no value in its column.
#[pyclass(frozen, mapping, module = "chirrup.frames")]
pub(crate) struct Table {
    columns: Vec<Column>,
    rows: usize,
}

/// Values of one member, one for each row.
struct Column {
    /// Names of the members that lead to the value, with periods between them.
    name: String,
    ids: Ids,
    values: Vec<Option<Bytes>>,
}

impl Column {
    /// Name of the member itself.
    fn member(&self) -> &str {
        self.name.rsplit('.').next().unwrap_or_default()
    }

    fn array(&self) -> Result<ArrayRef, ArrowError> {
        let values: Vec<_> = self.values.iter().map(|json| json.as_deref().map(parsed).unwrap_or_default()).collect();
        column_array(self.member(), self.ids, &values)
    }
}

/// Table that is being built: its columns by their names.
#[derive(Default)]
struct Builder {
    columns: Vec<Column>,
    by_name: HashMap<String, usize>,
    rows: usize,
}

impl Builder {
    fn add(&mut self, object: &Object) {
        self.add_members(object.json_text(), "", object.ids());
        self.rows += 1;
        for column in &mut self.columns {
            column.values.resize(self.rows, None);
        }
    }

    fn add_members(&mut self, json: &Bytes, prefix: &str, ids: Ids) {
        let mut members = Vec::new();
        let _ = visit_members(
            json,
            |_| true,
            |name, raw| members.push((format!("{prefix}{name}"), json.slice_ref(raw.get().as_bytes()))),
        );
        for (name, value) in members {
            let inside = ids.inside(name.rsplit('.').next().unwrap_or_default());
            if value.starts_with(b"{") {
                self.add_members(&value, &format!("{name}."), inside);
                continue;
            }
            let index = *self.by_name.entry(name).or_insert_with_key(|name| {
                self.columns.push(Column { name: name.clone(), ids: inside, values: vec![None; self.rows] });
                self.columns.len() - 1
            });
            // Of two members with one name, the last one counts.
            self.columns[index].values.resize(self.rows, None);
            self.columns[index].values.push(Some(value));
        }
    }
}

#[pymethods]
impl Table {
    /// Creates a table of the objects in an iterable; an item of a stream stands for its data.
    #[new]
    fn new(items: &Bound<'_, PyAny>) -> PyResult<Self> {
        let mut builder = Builder::default();
        for item in items.try_iter()? {
            let mut item = item?;
            if item.is_instance_of::<Response>() {
                item = item.getattr("data")?;
            }
            let object =
                item.cast::<Object>().map_err(|_| PyTypeError::new_err("Table(): an item is not an object"))?;
            builder.add(object.get());
        }
        Ok(Self { columns: builder.columns, rows: builder.rows })
    }

    /// Returns the names of the columns, in the order in which they occur.
    fn keys(&self) -> Vec<&str> {
        self.columns.iter().map(|column| column.name.as_str()).collect()
    }

    /// Returns the values of a column: IDs are integers, times are aware `datetime` values, and lists are lists of JSON.
    fn __getitem__<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyList>> {
        let column = self.columns.iter().find(|column| column.name == name);
        let column = column.ok_or_else(|| PyKeyError::new_err(name.to_owned()))?;
        let values = column.values.iter().map(|json| match json {
            Some(json) if json.starts_with(b"[") => crate::value::loads(py, json),
            Some(json) => to_python(py, column.member(), json.clone(), column.ids),
            None => Ok(py.None()),
        });
        PyList::new(py, values.collect::<PyResult<Vec<_>>>()?)
    }

    fn __len__(&self) -> usize {
        self.rows
    }

    fn __repr__(&self) -> String {
        format!("Table({} rows, columns {})", self.rows, self.keys().join(", "))
    }

    /// Returns the schema of the table as a capsule of the C interface of Arrow.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let schema = self.batch().and_then(|batch| FFI_ArrowSchema::try_from(batch.schema_ref().as_ref()));
        PyCapsule::new_with_value(py, schema.map_err(|error| arrow_error(&error))?, c"arrow_schema")
    }

    /// Returns the table as a capsule of the C interface of Arrow. The types of its columns are its own, whatever the
    /// consumer requests.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let _ = requested_schema;
        let batch = py.detach(|| self.batch()).map_err(|error| arrow_error(&error))?;
        let schema = batch.schema();
        let reader = RecordBatchIterator::new([Ok(batch)], schema);
        PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(reader)), c"arrow_array_stream")
    }
}

impl Table {
    fn batch(&self) -> Result<RecordBatch, ArrowError> {
        let arrays: Vec<ArrayRef> = self.columns.iter().map(Column::array).collect::<Result<_, _>>()?;
        let fields = self.columns.iter().zip(&arrays);
        let fields: Vec<Field> =
            fields.map(|(column, array)| Field::new(&column.name, array.data_type().clone(), true)).collect();
        let options = RecordBatchOptions::new().with_row_count(Some(self.rows));
        RecordBatch::try_new_with_options(Schema::new(fields).into(), arrays, &options)
    }
}

fn arrow_error(error: &ArrowError) -> PyErr {
    PyValueError::new_err(format!("the table has no form in Arrow: {error}"))
}
