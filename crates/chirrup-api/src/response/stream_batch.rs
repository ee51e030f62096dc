//! The items of a stream that ended.

use bytes::Bytes;
use chirrup_model::{Delivery, ResponseData};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// All items of a stream that ended, such as a historical window. A live stream does not end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StreamBatch<T>(pub Vec<Delivery<T>>);

impl<T: DeserializeOwned + Serialize + Send + 'static> ResponseData for StreamBatch<T> {
    fn rewrite_line(line: &[u8]) -> Option<Result<Json, serde_json::Error>> {
        Some(serde_json::from_slice::<Delivery<T>>(line).and_then(serde_json::to_value))
    }
    fn from_bytes(body: &Bytes) -> Option<Self> {
        let lines = body.split(|b| *b == b'\n').filter(|line| !line.trim_ascii().is_empty());
        lines.map(|line| serde_json::from_slice(line).ok()).collect::<Option<_>>().map(Self)
    }
}

/// The type of the items of a stream.
#[doc(hidden)]
pub trait StreamItem {
    type Item;
}

impl<T> StreamItem for StreamBatch<T> {
    type Item = T;
}
