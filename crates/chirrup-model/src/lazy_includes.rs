//! Expanded objects of an item of a stream, which are decoded when they are first used.

use std::fmt;
use std::ops::Deref;
use std::sync::OnceLock;

use bytes::Bytes;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::dialect;
use crate::includes::Includes;
use crate::tolerant::{self, BodyProblem};

/// The expanded objects of an item of a stream. They are decoded when they are first used: many programs read
/// only the item.
///
/// It dereferences to [`Includes`], whose fields and methods are used directly.
///
/// ```
/// use chirrup_model::{Delivery, Post};
///
/// let line = br#"{"data":{"id":"20","text":"a","author_id":"12"},"includes":{"users":[{"id":"12","name":"Ada","username":"ada"}]}}"#;
/// let delivery = Delivery::<Post>::from_line(&line.to_vec().into())?;
/// let author = delivery.data.as_ref().and_then(|post| delivery.includes.author_of(post));
/// assert_eq!(author.map(|user| user.username.as_str()), Some("ada"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct LazyIncludes {
    /// The JSON text; empty if there are no objects, or if they were decoded with the item.
    json: Bytes,
    decoded: OnceLock<Box<Decoded>>,
}

#[derive(Clone, Default)]
struct Decoded {
    includes: Includes,
    undecoded: Vec<BodyProblem>,
}

impl LazyIncludes {
    /// Creates the objects from their JSON text.
    pub(crate) fn from_json(json: Bytes) -> Self {
        Self { json, decoded: OnceLock::new() }
    }

    /// Returns the values that the types cannot hold. They are absent in the objects, and still in the raw line.
    pub fn undecoded(&self) -> &[BodyProblem] {
        &self.decoded().undecoded
    }

    /// Returns the decoded objects.
    pub fn into_inner(self) -> Includes {
        self.decoded();
        self.decoded.into_inner().unwrap_or_default().includes
    }

    fn decoded(&self) -> &Decoded {
        self.decoded
            .get_or_init(|| Box::new(if self.json.is_empty() { Decoded::default() } else { decode(&self.json) }))
    }
}

/// Decodes the objects. What the types cannot hold is left out.
fn decode(json: &[u8]) -> Decoded {
    let whole = |error: serde_json::Error| {
        let json = tolerant::parse(json).unwrap_or_default();
        let problem = BodyProblem { path: String::new(), json, reason: error.to_string(), is_item: false };
        (Includes::default(), vec![problem])
    };
    let tolerated = |_| tolerant::decode(json).unwrap_or_else(whole);
    let decoded = dialect::decode(json).map(|includes| (includes, Vec::new()));
    let (includes, mut undecoded) = decoded.unwrap_or_else(tolerated);
    for problem in &mut undecoded {
        let separator = if problem.path.is_empty() { "" } else { "." };
        problem.path = format!("includes{separator}{}", problem.path);
    }
    Decoded { includes, undecoded }
}

impl Deref for LazyIncludes {
    type Target = Includes;
    fn deref(&self) -> &Includes {
        &self.decoded().includes
    }
}

impl From<Includes> for LazyIncludes {
    fn from(includes: Includes) -> Self {
        let decoded = Decoded { includes, undecoded: Vec::new() };
        Self { json: Bytes::new(), decoded: OnceLock::from(Box::new(decoded)) }
    }
}

impl fmt::Debug for LazyIncludes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl PartialEq for LazyIncludes {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Serialize for LazyIncludes {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        (**self).serialize(s)
    }
}

impl<'de> Deserialize<'de> for LazyIncludes {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Includes::deserialize(d).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn objects(json: &'static str) -> LazyIncludes {
        LazyIncludes::from_json(Bytes::from_static(json.as_bytes()))
    }

    #[test]
    fn objects_are_decoded_under_both_names() {
        let includes =
            objects(r#"{"tweets":[{"id":"1","text":"a"}],"posts":[],"users":[{"id":"2","name":"A","username":"a"}]}"#);
        assert_eq!((includes.posts[0].id.get(), includes.users[0].id.get()), (1, 2));
        assert!(includes.undecoded().is_empty());
        assert_eq!(includes.clone().into_inner(), *includes);
        assert_eq!(LazyIncludes::default(), Includes::default().into());
    }

    #[test]
    fn values_that_the_types_cannot_hold_are_left_out_and_reported() {
        let includes =
            objects(r#"{"users":[{"id":"2","name":"A","username":"a","created_at":"soon"},7],"media":null}"#);
        assert_eq!(includes.users.len(), 1);
        let paths: Vec<_> = includes.undecoded().iter().map(|problem| problem.path.as_str()).collect();
        assert_eq!(paths, ["includes.users[0].created_at", "includes.users[1]"]);
        let none = objects("7");
        assert_eq!((*none == Includes::default(), none.undecoded()[0].path.as_str()), (true, "includes"));
    }
}
