//! A list that X may leave out.

use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A list that X may leave out of an object.
///
/// It dereferences to a slice, which is empty for an absent list. Serialization still distinguishes an empty list from an
/// absent one, so nothing is lost if a decoded object is encoded again.
///
/// ```
/// use chirrup_model::OptionalList;
///
/// let absent = OptionalList::<u8>::default();
/// assert!(absent.is_empty() && absent.is_absent());
/// let list = OptionalList::from(vec![1, 2]);
/// assert_eq!(list.iter().sum::<i32>(), 3);
/// ```
#[derive(Debug, Clone)]
pub struct OptionalList<T>(Option<Vec<T>>);

impl<T> OptionalList<T> {
    /// Returns whether X left the list out.
    pub fn is_absent(&self) -> bool {
        self.0.is_none()
    }
    /// Returns the items for modification. An absent list becomes an empty one.
    pub fn to_mut(&mut self) -> &mut Vec<T> {
        self.0.get_or_insert_with(Vec::new)
    }
    /// Returns the items as a `Vec`, which is empty for an absent list.
    pub fn into_vec(self) -> Vec<T> {
        self.0.unwrap_or_default()
    }
}

impl<T> Default for OptionalList<T> {
    /// Returns an absent list.
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
