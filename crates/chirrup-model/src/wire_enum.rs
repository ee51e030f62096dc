//! The macro that declares words of the API, and how they are deserialized.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserializer;
use serde::de::{Error, Visitor};

/// Declares enums for words of the API, such as the fields of a post or the states of a job.
///
/// X adds words at any time, so each enum has the variant `Other` for words that it does not list. Such a word is
/// decoded, kept, and sent like any other.
///
/// The enums have a constant `ALL` with the listed words and a method `as_str`, and they implement `Display`, `From<&str>`,
/// `From<String>`, `FromStr`, `Serialize`, `Deserialize`, [`ParamType`](crate::ParamType) and what
/// [`IntoParam`](crate::IntoParam) needs.
///
/// ```
/// chirrup_model::wire_enum! {
///     /// Kind of a badge.
///     BadgeKind {
///         /// Badge of a paid plan.
///         Blue = "blue",
///         Gold = "gold",
///     }
/// }
///
/// assert_eq!(BadgeKind::from("gold"), BadgeKind::Gold);
/// assert_eq!(BadgeKind::from("silver"), BadgeKind::Other("silver".into()));
/// assert_eq!(BadgeKind::ALL, [BadgeKind::Blue, BadgeKind::Gold]);
/// ```
#[macro_export]
macro_rules! wire_enum {
    ($(
        $(#[$attribute:meta])+
        $name:ident { $($(#[$variant_attribute:meta])* $variant:ident = $word:literal,)+ }
    )+) => {$(
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $(#[$attribute])+
        #[non_exhaustive]
        pub enum $name {
            $(
                $(#[$variant_attribute])*
                #[doc = ""]
                #[doc = concat!("The value `", $word, "` of `", stringify!($name), "` on the wire.")]
                $variant,
            )+
            /// A word that this version does not list.
            Other(::std::borrow::Cow<'static, str>),
        }

        impl $name {
            /// Every listed word, in the order of X's documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Returns the word on the wire, in the `Tweet` dialect.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Other(word) => word,
                }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                match word {
                    $($word => Self::$variant,)+
                    other => Self::Other(other.to_owned().into()),
                }
            }
        }

        impl From<String> for $name {
            fn from(word: String) -> Self {
                Self::from(word.as_str())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::convert::Infallible;
            fn from_str(word: &str) -> Result<Self, Self::Err> {
                Ok(Self::from(word))
            }
        }

        impl $crate::__private::Serialize for $name {
            fn serialize<S: $crate::__private::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> $crate::__private::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::__private::deserialize_word(deserializer)
            }
        }

        impl $crate::ParamType for $name {
            const KIND: $crate::ParamKind = $crate::ParamKind::OneOf(&[$($word,)+]);
            fn to_json(&self) -> $crate::__private::Json {
                self.as_str().into()
            }
        }

        impl $crate::SingleParam for $name {}

        impl $crate::TextParam for $name {
            fn from_text(text: &str) -> Result<Self, String> {
                Ok(Self::from(text))
            }
        }
    )+};
}

/// Deserializes a string without a copy of the known words.
pub fn deserialize_word<'de, D: Deserializer<'de>, T: for<'a> From<&'a str>>(deserializer: D) -> Result<T, D::Error> {
    struct WordVisitor<T>(PhantomData<T>);

    impl<T: for<'a> From<&'a str>> Visitor<'_> for WordVisitor<T> {
        type Value = T;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }
        fn visit_str<E: Error>(self, word: &str) -> Result<T, E> {
            Ok(T::from(word))
        }
    }

    deserializer.deserialize_str(WordVisitor(PhantomData))
}
