//! Numbers of milliseconds that X receives as text.

use std::time::Duration;

use serde_json::Value as Json;

use crate::id_syntax::decimal;
use crate::into_param::IntoParam;
use crate::param_kind::ParamKind;
use crate::param_type::{NumericId, ParamType, SingleParam, TextParam};

/// A number of milliseconds, which is a decimal text on the wire.
///
/// A [`Duration`], a `u64` or a text can be given for a parameter of this type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Milliseconds(u64);

impl Milliseconds {
    /// Creates a number of milliseconds.
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// Returns the number of milliseconds.
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl From<u64> for Milliseconds {
    fn from(number: u64) -> Self {
        Self(number)
    }
}

impl ParamType for Milliseconds {
    const KIND: ParamKind = ParamKind::Text { min: 1, max: 19 };
    fn to_json(&self) -> Json {
        self.0.to_string().into()
    }
}

impl SingleParam for Milliseconds {}

impl NumericId for Milliseconds {}

impl TextParam for Milliseconds {
    fn from_text(text: &str) -> Result<Self, String> {
        let number = decimal(text).map(Self);
        let shown: String = text.chars().take(60).collect();
        number.ok_or_else(|| format!("`{shown}` is not a number of milliseconds: expected 1 to 19 digits"))
    }
}

#[diagnostic::do_not_recommend]
impl IntoParam<Milliseconds> for Duration {
    fn into_param(self) -> Result<Milliseconds, String> {
        u64::try_from(self.as_millis()).map(Milliseconds).map_err(|_| format!("{self:?} is too long"))
    }
}
