//! Values of JSON as arrays of Arrow: IDs are integers, and times are timestamps in UTC.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Float64Array, Int64Array, ListArray, NullArray, StringArray, StructArray,
    TimestampMillisecondArray,
};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_schema::{ArrowError, DataType, Field, Fields, TimeUnit};
use chirrup::model::Timestamp;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use serde_json::Value as Json;

use crate::value::{Ids, Meaning, id, meaning};

/// Type of the values of a column.
#[derive(Debug, Clone, PartialEq)]
enum Kind {
    /// No value is there.
    Null,
    Bool,
    Integer,
    Float,
    Time,
    Text,
    List(Box<Self>),
    Object(BTreeMap<String, Self>),
}

impl Kind {
    /// Returns the type of a value.
    fn of(name: &str, ids: Ids, value: &Json) -> Self {
        match value {
            Json::Null => Self::Null,
            Json::Bool(_) => Self::Bool,
            Json::Number(number) if number.is_i64() => Self::Integer,
            Json::Number(_) => Self::Float,
            Json::String(text) => match meaning(name, ids) {
                Meaning::Id if id(text).is_some() => Self::Integer,
                Meaning::Time if text.parse::<Timestamp>().is_ok() => Self::Time,
                _ => Self::Text,
            },
            Json::Array(items) => Self::List(Box::new(Self::of_all(name, ids, items))),
            Json::Object(members) => {
                let members = members.iter();
                Self::Object(
                    members.map(|(name, value)| (name.clone(), Self::of(name, ids.inside(name), value))).collect(),
                )
            }
        }
    }

    /// Returns the type that holds all of these values.
    fn of_all(name: &str, ids: Ids, values: &[Json]) -> Self {
        values.iter().fold(Self::Null, |kind, value| kind.merge(Self::of(name, ids, value)))
    }

    /// Returns the type that holds the values of both; text for values that have nothing in common.
    fn merge(self, other: Self) -> Self {
        match (self, other) {
            (own, other) if own == other => own,
            (Self::Null, other) | (other, Self::Null) => other,
            (Self::Integer, Self::Float) | (Self::Float, Self::Integer) => Self::Float,
            (Self::List(own), Self::List(other)) => Self::List(Box::new(own.merge(*other))),
            (Self::Object(mut own), Self::Object(other)) => {
                for (name, kind) in other {
                    let merged = own.remove(&name).unwrap_or(Self::Null).merge(kind);
                    own.insert(name, merged);
                }
                Self::Object(own)
            }
            _ => Self::Text,
        }
    }

    fn data_type(&self) -> DataType {
        match self {
            Self::Null => DataType::Null,
            Self::Bool => DataType::Boolean,
            Self::Integer => DataType::Int64,
            Self::Float => DataType::Float64,
            Self::Time => DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into())),
            Self::Text => DataType::Utf8,
            Self::List(items) => DataType::List(Arc::new(item_field(items))),
            Self::Object(members) => DataType::Struct(fields(members)),
        }
    }
}

fn item_field(kind: &Kind) -> Field {
    Field::new("item", kind.data_type(), true)
}

fn fields(members: &BTreeMap<String, Kind>) -> Fields {
    members.iter().map(|(name, kind)| Field::new(name, kind.data_type(), true)).collect()
}

/// Returns the values of a member with this name as an array. Null stands for no value.
pub(crate) fn column_array(name: &str, ids: Ids, values: &[Json]) -> Result<ArrayRef, ArrowError> {
    let kind = Kind::of_all(name, ids, values);
    array(&kind, &values.iter().map(Some).collect::<Vec<_>>())
}

fn array(kind: &Kind, values: &[Option<&Json>]) -> Result<ArrayRef, ArrowError> {
    let values = || values.iter().copied();
    Ok(match kind {
        Kind::Null => Arc::new(NullArray::new(values().len())),
        Kind::Bool => Arc::new(values().map(|value| value?.as_bool()).collect::<BooleanArray>()),
        Kind::Integer => Arc::new(values().map(|value| integer(value?)).collect::<Int64Array>()),
        Kind::Float => Arc::new(values().map(|value| value?.as_f64()).collect::<Float64Array>()),
        Kind::Time => {
            let times = values().map(|value| Some(value?.as_str()?.parse::<Timestamp>().ok()?.as_millis()));
            Arc::new(times.collect::<TimestampMillisecondArray>().with_timezone("UTC"))
        }
        Kind::Text => Arc::new(values().map(|value| text(value?)).collect::<StringArray>()),
        Kind::List(items) => {
            let lists = || values().map(|value| value.and_then(Json::as_array));
            let flat: Vec<Option<&Json>> = lists().flatten().flatten().map(Some).collect();
            let offsets = OffsetBuffer::from_lengths(lists().map(|list| list.map_or(0, Vec::len)));
            let present = NullBuffer::from_iter(lists().map(|list| list.is_some()));
            let field = Arc::new(item_field(items));
            Arc::new(ListArray::try_new(field, offsets, array(items, &flat)?, Some(present))?)
        }
        Kind::Object(members) => {
            let objects = || values().map(|value| value.and_then(Json::as_object));
            let column = |(name, kind): (&String, &Kind)| {
                array(kind, &objects().map(|object| object?.get(name)).collect::<Vec<_>>())
            };
            let present = NullBuffer::from_iter(objects().map(|object| object.is_some()));
            let columns = members.iter().map(column).collect::<Result<_, _>>()?;
            Arc::new(StructArray::try_new_with_length(fields(members), columns, Some(present), values().len())?)
        }
    })
}

/// Returns the objects in an iterable as a capsule of the C interface of Arrow: that of a `chirrup.frames.Table`.
pub(crate) fn stream_of<'py>(items: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    static TABLE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    TABLE.import(items.py(), "chirrup._native", "Table")?.call1((items,))?.call_method0("__arrow_c_stream__")
}

/// Returns an integer, or an ID that is a text.
fn integer(value: &Json) -> Option<i64> {
    value.as_i64().or_else(|| id(value.as_str()?)?.try_into().ok())
}

/// Returns a text, or the JSON of another value.
fn text(value: &Json) -> Option<String> {
    match value {
        Json::Null => None,
        Json::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}
