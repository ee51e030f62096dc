//! Conversion of values into parameters.

use std::borrow::Cow;
use std::time::SystemTime;

use serde_json::Value as Json;

use crate::id::{MediaId, PlaceId, PostId};
use crate::new_post::{DmMedia, EditOptions, NewGeo, NewMedia, NewReply};
use crate::param_type::{NumericId, ParamType, SingleParam, TextParam};
use crate::time::Timestamp;

/// A value that can be given for a parameter of type `T`.
///
/// | parameter | values |
/// | --- | --- |
/// | a numeric ID, such as [`PostId`] | `1585823814058971140`, a `u64`, text, `PostId`, an object with that ID such as `&Post` |
/// | a text ID, such as [`MediaKey`](crate::MediaKey) | text, `MediaKey`, an object with that ID such as `&Media` |
/// | a number | any integer type |
/// | a field, an expansion or another word | text, or a variant such as `PostField::CreatedAt` |
/// | a time | [`Timestamp`], [`SystemTime`], [`jiff::Timestamp`], text in RFC 3339 format; sent in whole seconds, rounded down |
/// | a text | `&str`, `String`, `&String`, `Cow<str>`; a coordinate of API v1.1 also as `f64` |
/// | each of these | an `Option`; `None` leaves the parameter out |
/// | a list | an array, a `Vec` or any other iterator of these |
///
/// A value that is invalid, such as the text `"x"` for an ID, does not panic: the call fails with an error that names
/// the parameter, and nothing is sent.
///
/// ```
/// use chirrup_model::{IntoParam, PostField, PostId};
///
/// let id: PostId = 1585823814058971140.into_param()?;
/// assert_eq!(id, PostId::new(1_585_823_814_058_971_140));
/// let fields: Vec<PostField> = ["created_at", "lang"].into_param()?;
/// assert_eq!(fields, [PostField::CreatedAt, PostField::Lang]);
/// # Ok::<(), String>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be used for a parameter of type `{T}`",
    label = "not valid for a parameter of type `{T}`",
    note = "for an ID, use an integer literal or `u64`, text (`\"20\"`), or the type of the ID (`PostId`, `UserId`, ...)",
    note = "other integers need a conversion first: `u64::try_from(n)?` or `PostId::try_from(n)?`",
    note = "for a field or another word, use a variant (`PostField::CreatedAt`) or text (`\"created_at\"`)",
    note = "for a list, use an array, a `Vec` or another iterator of such values"
)]
pub trait IntoParam<T: ParamType>: Sized {
    /// Converts the value into the type of the parameter.
    ///
    /// # Errors
    /// A message that names the value and the rule it breaks.
    fn into_param(self) -> Result<T, String>;

    /// Converts the value into the type of the parameter, and that into JSON. `None` is null, which is not sent.
    ///
    /// # Errors
    /// As for [`into_param`](Self::into_param).
    fn into_json(self) -> Result<Json, String> {
        if self.is_left_out() { Ok(Json::Null) } else { self.into_param().map(|value| value.to_json()) }
    }

    /// Returns whether the value is `None`.
    #[doc(hidden)]
    fn is_left_out(&self) -> bool {
        false
    }
}

#[diagnostic::do_not_recommend]
impl<T: SingleParam> IntoParam<T> for T {
    fn into_param(self) -> Result<T, String> {
        Ok(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: SingleParam> IntoParam<T> for &T {
    fn into_param(self) -> Result<T, String> {
        Ok(self.clone())
    }
}

/// A converted value, or the message of a conversion that failed: the call reports it.
#[diagnostic::do_not_recommend]
impl<T: SingleParam> IntoParam<T> for Result<T, String> {
    fn into_param(self) -> Self {
        self
    }
}

impl<T: ParamType, A: IntoParam<T>, I: IntoIterator<Item = A>> IntoParam<Vec<T>> for I {
    fn into_param(self) -> Result<Vec<T>, String> {
        self.into_iter().map(IntoParam::into_param).collect()
    }
}

// One integer type alone: with a second one, the compiler would take every integer literal for an `i32`.
#[diagnostic::do_not_recommend]
impl<T: NumericId> IntoParam<T> for u64 {
    fn into_param(self) -> Result<T, String> {
        Ok(T::from(self))
    }
}

#[diagnostic::do_not_recommend]
impl<T: NumericId> IntoParam<T> for &u64 {
    fn into_param(self) -> Result<T, String> {
        Ok(T::from(*self))
    }
}

macro_rules! from_text {
    ($($text:ty),+) => {$(
        #[diagnostic::do_not_recommend]
        impl<T: TextParam> IntoParam<T> for $text {
            fn into_param(self) -> Result<T, String> {
                T::from_text(self.as_ref())
            }
        }
    )+};
}

from_text!(&str, &&str, String, &String, Cow<'_, str>);

macro_rules! from_integers {
    ($number:ty: $($integer:ty),+) => {$(
        #[diagnostic::do_not_recommend]
        impl IntoParam<$number> for $integer {
            fn into_param(self) -> Result<$number, String> {
                <$number>::try_from(self).map_err(|_| format!("it must be between 0 and {}; given: {self}", <$number>::MAX))
            }
        }
    )+};
}

from_integers!(u32: u8, u16, u32, u64, usize, i8, i16, i32, i64, isize);
from_integers!(u64: u8, u16, u32, u64, usize, i8, i16, i32, i64, isize);

#[diagnostic::do_not_recommend]
impl<T: TextParam, A: IntoParam<T>> IntoParam<T> for Option<A> {
    fn into_param(self) -> Result<T, String> {
        self.ok_or_else(|| "is `None`".to_owned())?.into_param()
    }

    fn is_left_out(&self) -> bool {
        self.is_none()
    }
}

macro_rules! from_options {
    ($($value:ty),+) => {$(
        #[diagnostic::do_not_recommend]
        impl<A: IntoParam<$value>> IntoParam<$value> for Option<A> {
            fn into_param(self) -> Result<$value, String> {
                self.ok_or_else(|| "is `None`".to_owned())?.into_param()
            }

            fn is_left_out(&self) -> bool {
                self.is_none()
            }
        }
    )+};
}

from_options!(bool, u32, u64);

/// Degrees of a coordinate, which API v1.1 takes as text.
#[diagnostic::do_not_recommend]
impl IntoParam<String> for f64 {
    fn into_param(self) -> Result<String, String> {
        Ok(self.to_string())
    }
}

#[diagnostic::do_not_recommend]
impl IntoParam<Timestamp> for SystemTime {
    fn into_param(self) -> Result<Timestamp, String> {
        Ok(self.into())
    }
}

#[diagnostic::do_not_recommend]
impl IntoParam<Timestamp> for jiff::Timestamp {
    fn into_param(self) -> Result<Timestamp, String> {
        Ok(self.into())
    }
}

impl<A: IntoParam<PostId>> IntoParam<NewReply> for A {
    fn into_param(self) -> Result<NewReply, String> {
        self.into_param().map(NewReply::to)
    }

    fn is_left_out(&self) -> bool {
        IntoParam::<PostId>::is_left_out(self)
    }
}

impl<A: IntoParam<PostId>> IntoParam<EditOptions> for A {
    fn into_param(self) -> Result<EditOptions, String> {
        self.into_param().map(EditOptions::from)
    }

    fn is_left_out(&self) -> bool {
        IntoParam::<PostId>::is_left_out(self)
    }
}

impl<A: IntoParam<PlaceId>> IntoParam<NewGeo> for A {
    fn into_param(self) -> Result<NewGeo, String> {
        self.into_param().map(NewGeo::from)
    }

    fn is_left_out(&self) -> bool {
        IntoParam::<PlaceId>::is_left_out(self)
    }
}

impl<A: IntoParam<MediaId>> IntoParam<NewMedia> for A {
    fn into_param(self) -> Result<NewMedia, String> {
        self.into_param().map(NewMedia::from)
    }

    fn is_left_out(&self) -> bool {
        IntoParam::<MediaId>::is_left_out(self)
    }
}

impl<A: IntoParam<MediaId>> IntoParam<DmMedia> for A {
    fn into_param(self) -> Result<DmMedia, String> {
        self.into_param().map(DmMedia::from)
    }

    fn is_left_out(&self) -> bool {
        IntoParam::<MediaId>::is_left_out(self)
    }
}

// A list of media is an object on the wire, so it needs the usual kinds of lists one by one.
macro_rules! from_media_lists {
    ($($media:ty),+) => {$(
        #[diagnostic::do_not_recommend]
        impl<A: IntoParam<MediaId>> IntoParam<$media> for Vec<A> {
            fn into_param(self) -> Result<$media, String> {
                IntoParam::<Vec<MediaId>>::into_param(self).map(<$media>::from)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<A: IntoParam<MediaId>, const N: usize> IntoParam<$media> for [A; N] {
            fn into_param(self) -> Result<$media, String> {
                IntoParam::<Vec<MediaId>>::into_param(self).map(<$media>::from)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<A: IntoParam<MediaId> + Clone> IntoParam<$media> for &[A] {
            fn into_param(self) -> Result<$media, String> {
                IntoParam::<Vec<MediaId>>::into_param(self.iter().cloned()).map(<$media>::from)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<A: IntoParam<MediaId> + Clone> IntoParam<$media> for &Vec<A> {
            fn into_param(self) -> Result<$media, String> {
                self.as_slice().into_param()
            }
        }

        #[diagnostic::do_not_recommend]
        impl<A: IntoParam<MediaId> + Clone, const N: usize> IntoParam<$media> for &[A; N] {
            fn into_param(self) -> Result<$media, String> {
                self.as_slice().into_param()
            }
        }
    )+};
}

from_media_lists!(NewMedia, DmMedia);

/// Lets a reference to an object stand for the object's ID.
macro_rules! id_of {
    ($($object:ty: $id:ty),+ $(,)?) => {$(
        /// The ID of the object.
        #[diagnostic::do_not_recommend]
        impl $crate::IntoParam<$id> for &$object {
            fn into_param(self) -> Result<$id, String> {
                Ok(self.id.clone())
            }
        }
    )+};
    ($object:ty, $field:ident: $id:ty) => {
        /// The ID of the object.
        #[diagnostic::do_not_recommend]
        impl $crate::IntoParam<$id> for &$object {
            fn into_param(self) -> Result<$id, String> {
                Ok(self.$field.clone())
            }
        }
    };
}

pub(crate) use id_of;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Granularity, MediaKey, MediaType, Post, PostField, User, UserId};

    #[test]
    fn an_id_is_given_in_every_form() {
        let id = PostId::new(1_585_823_814_058_971_140);
        let text = id.to_string();
        let is = |value: Result<PostId, String>| assert_eq!(value, Ok(id));
        is(1585823814058971140.into_param());
        is(text.as_str().into_param());
        is((&text).into_param());
        is(text.clone().into_param());
        is(id.into_param());
        is((&id).into_param());
        is((&Post::new(id, "hi")).into_param());
        assert_eq!((&User::new(12, "Ada", "ada")).into_param(), Ok(UserId::new(12)));
        let key: MediaKey = "3_7".parse().expect("a key");
        assert_eq!((&crate::Media::new(key.clone(), MediaType::Photo)).into_param(), Ok(key));
        let ids: Result<Vec<PostId>, _> = [1585823814058971140, 20].into_param();
        assert_eq!(ids, Ok(vec![id, PostId::new(20)]));
        let borrowed = &[id];
        assert_eq!(IntoParam::<Vec<PostId>>::into_param(borrowed), Ok(vec![id]));
    }

    #[test]
    fn a_number_is_given_as_any_integer_within_its_range() {
        assert_eq!(IntoParam::<u32>::into_param(100), Ok(100));
        assert_eq!(IntoParam::<u32>::into_param(100_usize), Ok(100));
        assert_eq!(IntoParam::<u64>::into_param(100_i8), Ok(100));
        let error = IntoParam::<u32>::into_param(-1).expect_err("negative");
        assert_eq!(error, "it must be between 0 and 4294967295; given: -1");
        assert!(IntoParam::<u32>::into_param(u64::MAX).is_err());
    }

    #[test]
    fn a_word_is_given_as_text_even_if_it_is_unknown() {
        assert_eq!("day".into_param(), Ok(Granularity::Day));
        assert_eq!("week".to_owned().into_param(), Ok(Granularity::Other("week".into())));
        let fields: Result<Vec<PostField>, _> = ["created_at", "new_field"].into_param();
        assert_eq!(fields, Ok(vec![PostField::CreatedAt, PostField::Other("new_field".into())]));
    }

    #[test]
    fn none_is_left_out() {
        assert_eq!(IntoParam::<PostId>::into_json(None::<u64>), Ok(Json::Null));
        assert_eq!(IntoParam::<PostId>::into_json(Some("20")), Ok(Json::from("20")));
        assert_eq!(IntoParam::<u32>::into_json(Some(7_i64)), Ok(Json::from(7)));
        assert_eq!(IntoParam::<bool>::into_json(None::<bool>), Ok(Json::Null));
        assert_eq!(IntoParam::<NewReply>::into_json(None::<PostId>), Ok(Json::Null));
        assert_eq!(IntoParam::<Timestamp>::into_json(None::<SystemTime>), Ok(Json::Null));
        assert!(IntoParam::<PostId>::into_json(Some("x")).is_err());
    }

    #[test]
    fn a_time_is_given_in_every_form() {
        let time = Timestamp::from_secs(1_700_000_000);
        let is = |value: Result<Timestamp, String>| assert_eq!(value, Ok(time));
        is(time.into_param());
        is("2023-11-14T22:13:20Z".into_param());
        is("2023-11-14T22:13:20Z".to_owned().into_param());
        is((SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_700_000_000)).into_param());
        is(jiff::Timestamp::from_second(1_700_000_000).expect("a time").into_param());
        assert!(IntoParam::<Timestamp>::into_param("yesterday").is_err());
    }
}
