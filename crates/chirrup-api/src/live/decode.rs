//! Decoders for the lines of a stream.

use std::hash::{Hash as _, Hasher as _};
use std::marker::PhantomData;

use bytes::Bytes;
use chirrup_model::v1::StreamMessage;
use chirrup_model::{ActivityEvent, Delivery, Like, Post, dialect, tolerant};
use serde::de::{Deserialize, DeserializeOwned};

use crate::response::json_scanner::JsonScanner;

/// A decoded line of a stream.
#[derive(Debug)]
#[non_exhaustive]
pub struct Decoded<I> {
    /// Key by which duplicates are recognized; `None` delivers all lines.
    pub key: Option<u64>,
    /// ID of the post in the line, which contains its time.
    pub post: Option<u64>,
    /// Item to deliver to the reader.
    pub item: I,
}

impl<I> Decoded<I> {
    /// Creates a decoded line without a key and a post.
    pub fn new(item: I) -> Self {
        Self { key: None, post: None, item }
    }

    /// Sets the key by which duplicates are recognized.
    #[must_use]
    pub fn with_key(mut self, key: Option<u64>) -> Self {
        self.key = key;
        self
    }

    /// Sets the ID of the post in the line.
    #[must_use]
    pub fn with_post(mut self, post: Option<u64>) -> Self {
        self.post = post;
        self
    }
}

/// A decoder for the lines of a stream.
pub trait Decode: 'static {
    /// Type of the delivered items.
    type Item: Send;

    /// Decodes a line of the stream.
    ///
    /// # Errors
    /// The reason why the line cannot be decoded.
    fn decode(line: &Bytes) -> Result<Decoded<Self::Item>, String>;
}

/// A type of items that a stream delivers.
pub trait Item: DeserializeOwned + Send + 'static {
    /// Whether the IDs of the items are post IDs.
    const IS_POST: bool = false;

    /// Returns the key by which duplicates are recognized; without one, the whole line is the key.
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

/// Parses a line as JSON.
fn parse<'l, T: Deserialize<'l>>(line: &'l [u8]) -> Result<T, String> {
    // One UTF-8 check of the whole line is faster than one per string.
    let text = std::str::from_utf8(line).map_err(|why| why.to_string())?;
    serde_json::from_str(text).map_err(|why| why.to_string())
}

/// Parses a line. Values that the types cannot hold are left out and reported, as in a response.
fn parse_delivery<T: Item>(line: &[u8]) -> Result<Delivery<T>, String> {
    let why = match parse(line) {
        Ok(item) => return Ok(item),
        Err(why) => why,
    };
    if why.starts_with("duplicate field") {
        return dialect::decode(line).map_err(|_| why);
    }
    // Bytes that are not UTF-8 were damaged on the way: what else is wrong in the line is unknown.
    if std::str::from_utf8(line).is_err() {
        return Err(why);
    }
    match tolerant::decode::<Delivery<T>>(line) {
        Ok((mut item, undecoded)) if item.data.is_some() => {
            item.undecoded = undecoded;
            Ok(item)
        }
        _ => Err(why),
    }
}

/// A decoder that decodes the whole line.
#[derive(Debug)]
pub struct Typed<T>(PhantomData<fn() -> T>);

impl<T: Item> Decode for Typed<T> {
    type Item = Delivery<T>;

    fn decode(line: &Bytes) -> Result<Decoded<Self::Item>, String> {
        let mut item = parse_delivery::<T>(line)?;
        item.line = line.clone();
        let key = item.data.as_ref().ok_or("the line has no `data`")?.key();
        if T::IS_POST && key.is_none() {
            return Err("the post has no ID".to_owned());
        }
        Ok(Decoded { key: Some(key.unwrap_or_else(|| hash(line))), post: key.filter(|_| T::IS_POST), item })
    }
}

/// An item of which only the ID is decoded.
#[derive(Debug, Clone)]
pub struct Lazy<T> {
    id: Option<u64>,
    line: Bytes,
    kind: PhantomData<fn() -> T>,
}

/// A post of which only the ID is decoded.
pub type RawPost = Lazy<Post>;

impl<T: Item> Lazy<T> {
    /// Returns the ID of the item; `None` if it has no numeric ID.
    pub fn id(&self) -> Option<u64> {
        self.id
    }
    /// Returns the raw line.
    pub fn bytes(&self) -> &Bytes {
        &self.line
    }
    /// Decodes the whole item.
    ///
    /// # Errors
    /// The reason why the item cannot be decoded.
    pub fn read(&self) -> Result<Delivery<T>, String>
    where
        T: Item,
    {
        parse_delivery(&self.line)
    }
}

/// Returns the ID of the post in a line of a stream, if it has one.
pub fn post_id(line: &[u8]) -> Option<u64> {
    id_in(line).ok().flatten()
}

/// Returns the key by which a duplicate of the line is recognized: its ID, or a hash of the whole line.
pub fn line_key(line: &[u8]) -> u64 {
    post_id(line).unwrap_or_else(|| hash(line))
}

/// Returns the ID in a line; `None` if it has no numeric ID. What follows the ID is not read.
fn id_in(line: &[u8]) -> Result<Option<u64>, String> {
    // A line that was cut off is invalid.
    if line.last() != Some(&b'}') {
        return Err("the line does not end with `}`".to_owned());
    }
    let (mut id, mut has_data) = (None, false);
    let mut scanner = JsonScanner::new(line);
    let read = scanner.object(|name, member| {
        if name != b"data" {
            return member.skip();
        }
        has_data = true;
        member.object(|name, member| {
            if name != b"id" {
                return member.skip();
            }
            id = Some(if member.peek()? == b'"' { member.string()? } else { member.word()? });
            None
        })
    });
    match (id, read) {
        (Some(id), _) => Ok(std::str::from_utf8(id).ok().and_then(|id| id.parse().ok())),
        (None, Some(())) if has_data && scanner.is_at_end() => Ok(None),
        _ => Err("the line is not an object with `data`".to_owned()),
    }
}

impl<T: Item> Decode for Lazy<T> {
    type Item = Self;

    fn decode(line: &Bytes) -> Result<Decoded<Self>, String> {
        let id = id_in(line)?;
        let item = Self { id, line: line.clone(), kind: PhantomData };
        Ok(Decoded { key: Some(id.unwrap_or_else(|| hash(line))), post: id.filter(|_| T::IS_POST), item })
    }
}

/// A decoder that delivers the raw lines.
#[derive(Debug)]
pub struct Undecoded;

impl Decode for Undecoded {
    type Item = Bytes;

    fn decode(line: &Bytes) -> Result<Decoded<Bytes>, String> {
        if line.starts_with(b"{\"errors\"") {
            return Err("the line is an error message".to_owned());
        }
        Ok(Decoded { key: None, post: None, item: line.clone() })
    }
}

/// A decoder for the messages of a stream of v1.1.
#[derive(Debug)]
pub struct Messages;

impl Decode for Messages {
    type Item = StreamMessage;

    fn decode(line: &Bytes) -> Result<Decoded<StreamMessage>, String> {
        let item = StreamMessage::read(line).map_err(|why| why.to_string())?;
        let post = match &item {
            StreamMessage::Status(status) => Some(status.id.get()),
            _ => None,
        };
        Ok(Decoded { key: post, post, item })
    }
}
