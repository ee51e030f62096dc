//! Data of a response.

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

/// A type that the data of a response can be decoded into.
///
/// [`wire_struct!`](crate::wire_struct) implements it. For another type that implements [`Serialize`] and
/// [`Deserialize`](serde::Deserialize), an empty `impl ResponseData for MyType {}` is enough. Lists, `Vec<T>`, need no
/// implementation for `T`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the data of a response",
    label = "does not implement `ResponseData`",
    note = "declare it with `wire_struct!`, or derive `Serialize` and `Deserialize` and write \
            `impl ResponseData for {Self} {{}}`"
)]
pub trait ResponseData: DeserializeOwned + Serialize + Send + 'static {
    /// Whether the whole body is the data, rather than its member `data`.
    const IS_WHOLE_BODY: bool = false;

    /// Whether the data is a list of items.
    const IS_LIST: bool = false;

    /// Whether the data stays text: only `meta` and `errors` of the body are decoded.
    #[doc(hidden)]
    const IS_UNDECODED: bool = false;

    /// Returns the data if the body is something else than one JSON value.
    fn from_bytes(_: &Bytes) -> Option<Self> {
        None
    }

    /// Returns the data of a response without `data`: an empty list for a list, `None` for a single object.
    fn absent() -> Option<Self> {
        None
    }

    /// Decodes a line of a stream and encodes it again, to compare what the types have kept.
    #[doc(hidden)]
    fn rewrite_line(_: &[u8]) -> Option<Result<Json, serde_json::Error>> {
        None
    }
}

impl<T: DeserializeOwned + Serialize + Send + 'static> ResponseData for Vec<T> {
    const IS_LIST: bool = true;

    fn absent() -> Option<Self> {
        Some(Self::new())
    }
}

impl ResponseData for Json {
    const IS_WHOLE_BODY: bool = true;

    fn absent() -> Option<Self> {
        Some(Self::Null)
    }
}

/// Ignores the body of the response.
impl ResponseData for () {
    fn from_bytes(_: &Bytes) -> Option<Self> {
        Some(())
    }
}

/// Returns the body as it is, for files.
impl ResponseData for Bytes {
    fn from_bytes(body: &Bytes) -> Option<Self> {
        Some(body.clone())
    }
}
