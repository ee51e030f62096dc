//! A list that remembers whether it was there.

use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The items of a list that X may leave out. It is a slice like any other; an empty list that was sent and a list that
/// was not are told apart when it is written again, so that nothing is lost on the way.
///
/// ```
/// use chirrup_model::OptionalList;
///
/// let none = OptionalList::<u8>::default();
/// assert!(none.is_empty() && none.is_absent());
/// let some = OptionalList::from(vec![1, 2]);
/// assert_eq!(some.iter().sum::<i32>(), 3);
/// ```
#[derive(Debug, Clone)]
pub struct OptionalList<T>(Option<Vec<T>>);

impl<T> OptionalList<T> {
    /// Whether the list was not sent.
    pub fn is_absent(&self) -> bool {
        self.0.is_none()
    }
    /// The list, to be changed.
    pub fn to_mut(&mut self) -> &mut Vec<T> {
        self.0.get_or_insert_with(Vec::new)
    }
    /// The items.
    pub fn into_vec(self) -> Vec<T> {
        self.0.unwrap_or_default()
    }
}

impl<T> Default for OptionalList<T> {
    /// A list that was not sent.
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Deref for OptionalList<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        self.0.as_deref().unwrap_or_default()
    }
}

impl<T> From<Vec<T>> for OptionalList<T> {
    fn from(items: Vec<T>) -> Self {
        Self(Some(items))
    }
}

impl<T> FromIterator<T> for OptionalList<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self(Some(items.into_iter().collect()))
    }
}

impl<T> IntoIterator for OptionalList<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;
    fn into_iter(self) -> Self::IntoIter {
        self.into_vec().into_iter()
    }
}

impl<'m, T> IntoIterator for &'m OptionalList<T> {
    type Item = &'m T;
    type IntoIter = std::slice::Iter<'m, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: PartialEq, S: AsRef<[T]> + ?Sized> PartialEq<S> for OptionalList<T> {
    fn eq(&self, other: &S) -> bool {
        **self == *other.as_ref()
    }
}

impl<T> AsRef<[T]> for OptionalList<T> {
    fn as_ref(&self) -> &[T] {
        self
    }
}

impl<T: Eq> Eq for OptionalList<T> {}

impl<T: Serialize> Serialize for OptionalList<T> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        (**self).serialize(s)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OptionalList<T> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Option::deserialize(d).map(Self)
    }
}
