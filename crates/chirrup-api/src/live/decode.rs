//! How much of a line is read.

use std::hash::{Hash as _, Hasher as _};
use std::marker::PhantomData;

use bytes::Bytes;
use chirrup_model::{ActivityEvent, Delivery, Like, Post};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// What became of a line.
#[derive(Debug)]
pub struct Decoded<I> {
    /// By what it is known when it comes twice.
    pub key: Option<u64>,
    /// The id of the post that it holds, by which its age is known.
    pub post: Option<u64>,
    /// What is delivered.
    pub item: I,
}

/// Reads a line of a stream.
pub trait Decode: 'static {
    /// What is delivered.
    type Item: Send;

    /// Reads a line.
    ///
    /// # Errors
    /// Says why it cannot be read.
    fn decode(line: &Bytes) -> Result<Decoded<Self::Item>, String>;
}

/// What a stream can deliver.
pub trait Item: DeserializeOwned + Send + 'static {
    /// Whether the ids of these are those of posts.
    const IS_POST: bool = false;

    /// By what it is known when it comes twice; the line itself, if it has nothing.
    fn key(&self) -> Option<u64> {
        None
    }
}

impl Item for Post {
    const IS_POST: bool = true;

    fn key(&self) -> Option<u64> {
        Some(self.id.get()).filter(|id| *id > 0)
    }
}

impl Item for Like {
    fn key(&self) -> Option<u64> {
        self.id.as_ref().map(|id| hash(id.as_bytes()))
    }
}

impl Item for ActivityEvent {
    fn key(&self) -> Option<u64> {
        self.event_uuid.as_ref().map(|id| hash(id.as_bytes()))
    }
}

impl Item for chirrup_model::PostCompliance {}
impl Item for chirrup_model::LikeCompliance {}
impl Item for chirrup_model::UserCompliance {}
impl Item for chirrup_model::PostLabel {}

fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = std::hash::DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}

/// The parser of lines: the one place that chooses it.
fn parse<'l, T: Deserialize<'l>>(line: &'l [u8]) -> Result<T, String> {
    serde_json::from_slice(line).map_err(|why| why.to_string())
}

/// Reads all of it.
#[derive(Debug)]
pub struct Typed<T>(PhantomData<fn() -> T>);

impl<T: Item> Decode for Typed<T> {
    type Item = Delivery<T>;

    fn decode(line: &Bytes) -> Result<Decoded<Self::Item>, String> {
        let mut item: Delivery<T> = parse(line)?;
        item.line = line.clone();
        let key = item.data.as_ref().ok_or("there is no `data` in it")?.key();
        if T::IS_POST && key.is_none() {
            return Err("the post has no id".to_owned());
        }
        Ok(Decoded { key: Some(key.unwrap_or_else(|| hash(line))), post: key.filter(|_| T::IS_POST), item })
    }
}

/// An item of which nothing but its id was read.
#[derive(Debug, Clone)]
pub struct Lazy<T> {
    id: Option<u64>,
    line: Bytes,
    kind: PhantomData<fn() -> T>,
}

/// A post of which nothing but its id was read.
pub type RawPost = Lazy<Post>;

impl<T: Item> Lazy<T> {
    /// Its id; none if it has none, or one that is no number.
    pub fn id(&self) -> Option<u64> {
        self.id
    }
    /// The line as it came.
    pub fn bytes(&self) -> &Bytes {
        &self.line
    }
    /// All of it.
    ///
    /// # Errors
    /// Says why it cannot be read.
    pub fn read(&self) -> Result<Delivery<T>, String> {
        parse(&self.line)
    }
}

#[derive(Deserialize)]
struct Head<'l> {
    #[serde(borrow)]
    data: Named<'l>,
}

#[derive(Deserialize)]
struct Named<'l> {
    #[serde(borrow)]
    id: Option<std::borrow::Cow<'l, str>>,
}

impl<T: Item> Decode for Lazy<T> {
    type Item = Self;

    fn decode(line: &Bytes) -> Result<Decoded<Self>, String> {
        let id = match quick_id(line) {
            Some(id) => Some(id),
            None => parse::<Head<'_>>(line)?.data.id.and_then(|id| id.parse().ok()),
        };
        let item = Self { id, line: line.clone(), kind: PhantomData };
        Ok(Decoded { key: Some(id.unwrap_or_else(|| hash(line))), post: id.filter(|_| T::IS_POST), item })
    }
}

/// The id, where it stands first in the line: `{"data":{"id":"20",…`. Everything else is read in order.
fn quick_id(line: &[u8]) -> Option<u64> {
    let digits = line.strip_prefix(b"{\"data\":{\"id\":\"")?;
    let end = digits.iter().take(20).position(|byte| *byte == b'"')?;
    // A line that was cut off is none.
    if line.last() != Some(&b'}') {
        return None;
    }
    std::str::from_utf8(&digits[..end]).ok()?.parse().ok()
}

/// Reads nothing: items are lines as they came.
#[derive(Debug)]
pub struct Off;

impl Decode for Off {
    type Item = Bytes;

    fn decode(line: &Bytes) -> Result<Decoded<Bytes>, String> {
        if line.starts_with(b"{\"errors\"") {
            return Err("it tells of an error".to_owned());
        }
        Ok(Decoded { key: None, post: None, item: line.clone() })
    }
}
