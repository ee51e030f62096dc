//! Data that stays text, so that a large body takes little more memory than its text.

use bytes::Bytes;
use chirrup_model::ResponseData;
use serde::{Deserialize, Serialize};

/// Data of a response that is not decoded: a list, or an object. The body of the response has it as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndecodedData<const IS_LIST: bool>;

impl<const IS_LIST: bool> ResponseData for UndecodedData<IS_LIST> {
    const IS_LIST: bool = IS_LIST;
    const IS_UNDECODED: bool = true;

    fn from_bytes(_: &Bytes) -> Option<Self> {
        Some(Self)
    }
}
