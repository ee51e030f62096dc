//! Types of parameter values.

use serde_json::Value as Json;

use crate::param_kind::ParamKind;
use crate::time::{InvalidTimestamp, Timestamp};

/// A type that an endpoint can declare for a parameter.
///
/// The macros [`wire_enum!`](crate::wire_enum), [`numeric_id!`](crate::numeric_id) and [`text_id!`](crate::text_id)
/// implement this trait and whatever else [`IntoParam`](crate::IntoParam) needs. For a type of your own, such as a JSON
/// object, implement [`SingleParam`] with it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a parameter type",
    label = "not a parameter type",
    note = "declare an enum with `wire_enum!` and an ID with `numeric_id!` or `text_id!`; for other types, implement \
            `ParamType` and `SingleParam`"
)]
pub trait ParamType {
    /// Kind of value that the parameter accepts.
    const KIND: ParamKind;

    /// Returns the value as JSON.
    fn to_json(&self) -> Json;
}

/// A parameter type other than a list: a value of it, or a reference to one, can be given for the parameter.
pub trait SingleParam: ParamType + Clone {}

/// A parameter type whose values can be given as text.
pub trait TextParam: ParamType + Sized {
    /// Reads a value from text.
    ///
    /// # Errors
    /// A message that names the text and the rule it breaks.
    fn from_text(text: &str) -> Result<Self, String>;
}

/// An ID whose values can be given as `u64`.
pub trait NumericId: SingleParam + From<u64> {}

impl ParamType for String {
    const KIND: ParamKind = ParamKind::Text { min: 0, max: usize::MAX };
    fn to_json(&self) -> Json {
        Json::from(self.as_str())
    }
}

impl TextParam for String {
    fn from_text(text: &str) -> Result<Self, String> {
        Ok(text.to_owned())
    }
}

impl ParamType for Timestamp {
    const KIND: ParamKind = ParamKind::Time;
    fn to_json(&self) -> Json {
        Json::from(self.to_whole_seconds())
    }
}

impl SingleParam for Timestamp {}

impl TextParam for Timestamp {
    fn from_text(text: &str) -> Result<Self, String> {
        text.parse().map_err(|error: InvalidTimestamp| error.to_string())
    }
}

impl ParamType for bool {
    const KIND: ParamKind = ParamKind::Bool;
    fn to_json(&self) -> Json {
        Json::Bool(*self)
    }
}

impl SingleParam for bool {}

impl ParamType for u32 {
    const KIND: ParamKind = ParamKind::Int { min: 0, max: Self::MAX as i64 };
    fn to_json(&self) -> Json {
        Json::from(*self)
    }
}

impl ParamType for u64 {
    const KIND: ParamKind = ParamKind::Int { min: 0, max: i64::MAX };
    fn to_json(&self) -> Json {
        Json::from(*self)
    }
}

impl ParamType for Json {
    const KIND: ParamKind = ParamKind::Json;
    fn to_json(&self) -> Json {
        self.clone()
    }
}

impl SingleParam for Json {}

impl<T: ParamType> ParamType for Vec<T> {
    const KIND: ParamKind = ParamKind::List { of: &T::KIND, min: 1, max: usize::MAX };
    fn to_json(&self) -> Json {
        self.iter().map(ParamType::to_json).collect()
    }
}
