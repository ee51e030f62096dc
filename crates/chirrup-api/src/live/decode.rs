//! Decoders for the lines of a stream.

use std::hash::{Hash as _, Hasher as _};
use std::marker::PhantomData;

use bytes::Bytes;
use chirrup_model::internal::JsonScanner;
use chirrup_model::v1::StreamMessage;
use chirrup_model::{ActivityEvent, Delivery, Like, Post, dialect, tolerant};
use serde::de::DeserializeOwned;

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

    /// Decodes a line whose numeric ID is known.
    ///
    /// # Errors
    /// The reason why the line cannot be decoded.
    fn decode_with_id(line: &Bytes, _id: u64) -> Result<Decoded<Self::Item>, String> {
        Self::decode(line)
    }
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

/// Reason why a post cannot be decoded.
const NO_ID: &str = "the post has no numeric ID";

fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = std::hash::DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}

/// Parses a line. Values that the types cannot hold are left out and reported, as in a response.
fn parse_delivery<T: Item>(line: &Bytes) -> Result<Delivery<T>, String> {
    let why = match Delivery::from_line(line) {
        Ok(item) => return Ok(item),
        Err(why) => why.to_string(),
    };
    if why.starts_with("duplicate field") {
        let item = dialect::decode::<Delivery<T>>(line).map_err(|_| why)?;
        return Ok(with_line(item, line));
    }
    // Bytes that are not UTF-8 were damaged on the way: what else is wrong in the line is unknown.
    if std::str::from_utf8(line).is_err() {
        return Err(why);
    }
    match tolerant::decode::<Delivery<T>>(line) {
        Ok((mut item, undecoded)) if item.data.is_some() => {
            item.undecoded = undecoded;
            Ok(with_line(item, line))
        }
        _ => Err(why),
    }
}

fn with_line<T>(mut item: Delivery<T>, line: &Bytes) -> Delivery<T> {
    item.line = line.clone();
    item
}

/// A decoder that decodes the item of a line. Its expanded objects are decoded when they are first used.
#[derive(Debug)]
pub struct Typed<T>(PhantomData<fn() -> T>);

impl<T: Item> Decode for Typed<T> {
    type Item = Delivery<T>;

    fn decode(line: &Bytes) -> Result<Decoded<Self::Item>, String> {
        let item = parse_delivery::<T>(line)?;
        let key = item.data.as_ref().ok_or("the line has no `data`")?.key();
        if T::IS_POST && key.is_none() {
            return Err(NO_ID.to_owned());
        }
        Ok(Decoded { key: Some(key.unwrap_or_else(|| hash(line))), post: key.filter(|_| T::IS_POST), item })
    }
}

/// An item of which only the ID is decoded. A post without a numeric ID is not an item: it cannot be decoded.
#[derive(Debug, Clone)]
pub struct Lazy<T> {
    id: Option<u64>,
    line: Bytes,
    kind: PhantomData<fn() -> T>,
}

/// A post of which only the ID is decoded.
pub type RawPost = Lazy<Post>;

impl<T: Item> Lazy<T> {
    fn new(line: &Bytes, id: Option<u64>) -> Decoded<Self> {
        let item = Self { id, line: line.clone(), kind: PhantomData };
        Decoded { key: Some(id.unwrap_or_else(|| hash(line))), post: id.filter(|_| T::IS_POST), item }
    }

    /// Returns the ID of the item; `None` if it has no numeric ID, which posts always have.
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
            id = Some(match member.peek()? {
                b'"' => member.string()?,
                // Not a number.
                b'{' | b'[' => b"",
                _ => member.word()?,
            });
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
        if T::IS_POST && id.is_none_or(|id| id == 0) {
            return Err(NO_ID.to_owned());
        }
        Ok(Self::new(line, id))
    }

    fn decode_with_id(line: &Bytes, id: u64) -> Result<Decoded<Self>, String> {
        if id == 0 { Self::decode(line) } else { Ok(Self::new(line, Some(id))) }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn lazy<T: Item>(line: &'static str) -> Result<Decoded<Lazy<T>>, String> {
        Lazy::decode(&Bytes::from_static(line.as_bytes()))
    }

    #[test]
    fn a_post_without_a_numeric_id_is_not_an_item() {
        for id in ["\"twenty\"", "{\"n\":20}", "[20]", "null", "-1", "0", "\"\""] {
            let line: &str = format!("{{\"data\":{{\"text\":\"a\",\"id\":{id}}}}}").leak();
            assert_eq!(lazy::<Post>(line).unwrap_err(), NO_ID, "{id}");
            assert!(Typed::<Post>::decode(&Bytes::from_static(line.as_bytes())).is_err(), "{id}");
        }
        assert_eq!(lazy::<Post>(r#"{"data":{"text":"a"}}"#).unwrap_err(), NO_ID);
        for line in [r#"{"data":{"text":"a","id":20}}"#, r#"{"data":{"text":"a","id":"20"}}"#] {
            let post = lazy::<Post>(line).unwrap();
            assert_eq!((post.item.id(), post.post, post.key), (Some(20), Some(20), Some(20)));
        }
    }

    #[test]
    fn other_items_need_no_numeric_id() {
        let [one, two] = [r#"{"data":{"id":"a1"}}"#, r#"{"data":{}}"#].map(|line| lazy::<Like>(line).unwrap());
        assert_eq!((one.item.id(), one.post, two.item.id()), (None, None, None));
        assert_ne!(one.key, two.key, "their lines are the keys");
    }

    #[test]
    fn a_line_that_is_not_an_item_is_refused() {
        for line in [r#"{"data":{"id":"20","text":"a"#, r#"{"errors":[{"title":"x"}]}"#, r#"{"data":7}"#, "[]", ""] {
            assert!(lazy::<Post>(line).is_err(), "{line}");
        }
    }

    #[test]
    fn expanded_objects_are_decoded_from_the_line_later() {
        let line = r#"{"includes":{"users":[{"id":"2","name":"A","username":"a","created_at":"soon"}]},"data":{"id":"1","text":"b"}}"#;
        let item = Typed::<Post>::decode(&Bytes::from_static(line.as_bytes())).unwrap().item;
        assert!(item.undecoded.is_empty());
        assert_eq!(item.includes.users[0].username, "a");
        assert_eq!(item.includes.undecoded()[0].path, "includes.users[0].created_at");
        assert!(Typed::<Post>::decode(&Bytes::from_static(&line.as_bytes()[..line.len() - 3])).is_err());
    }
}
