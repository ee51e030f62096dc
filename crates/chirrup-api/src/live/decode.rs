//! How much of a line is read.

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash as _, Hasher as _};
use std::marker::PhantomData;

use bytes::Bytes;
use chirrup_model::v1::StreamMessage;
use chirrup_model::{ActivityEvent, Delivery, Like, Post};
use serde::Deserializer;
use serde::de::{Deserialize, DeserializeOwned, DeserializeSeed, IgnoredAny, MapAccess, Visitor};

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
    // A string is checked once in all, which is faster than in parts.
    let text = std::str::from_utf8(line).map_err(|why| why.to_string())?;
    serde_json::from_str(text).map_err(|why| why.to_string())
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

/// Finds `data.id`, and reads no further.
struct Find<'f> {
    id: &'f mut Option<u64>,
    inside: bool,
}

impl<'de> DeserializeSeed<'de> for Find<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Find<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with `data`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut met = false;
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            if self.inside && name == "id" {
                *self.id = map.next_value::<Cow<'de, str>>()?.parse().ok();
                // What is left need not be read. There is no other way out.
                return Err(serde::de::Error::custom("found"));
            }
            if !self.inside && name == "data" {
                met = true;
                map.next_value_seed(Find { id: self.id, inside: true })?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        if self.inside || met { Ok(()) } else { Err(serde::de::Error::missing_field("data")) }
    }
}

/// The id of the post in a line of a stream; none if there is none.
pub fn post_id(line: &[u8]) -> Option<u64> {
    id_in(line).ok().flatten()
}

/// By what a line is known when it comes twice: the id in it, or else all of it.
pub fn line_key(line: &[u8]) -> u64 {
    post_id(line).unwrap_or_else(|| hash(line))
}

/// The id in a line, wherever it stands; none if it has none, or one that is no number.
fn id_in(line: &[u8]) -> Result<Option<u64>, String> {
    // A line that was cut off is none.
    if line.last() != Some(&b'}') {
        return Err("it does not end as an object does".to_owned());
    }
    let mut id = None;
    let mut reader = serde_json::Deserializer::from_slice(line);
    let read = Find { id: &mut id, inside: false }.deserialize(&mut reader);
    match read.and_then(|()| reader.end()) {
        Err(why) if id.is_none() => Err(why.to_string()),
        _ => Ok(id),
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

/// Reads nothing: items are lines as they came.
#[derive(Debug)]
pub struct Undecoded;

impl Decode for Undecoded {
    type Item = Bytes;

    fn decode(line: &Bytes) -> Result<Decoded<Bytes>, String> {
        if line.starts_with(b"{\"errors\"") {
            return Err("it tells of an error".to_owned());
        }
        Ok(Decoded { key: None, post: None, item: line.clone() })
    }
}

/// Reads the messages of a stream of v1.1.
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
