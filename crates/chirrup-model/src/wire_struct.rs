//! How the smaller nouns are declared.

/// Declares nouns: first the fields that are always there, then, after a `;`, those that X leaves out when they were not
/// asked for or do not apply.
macro_rules! nouns {
    ($(
        $(#[$doc:meta])+
        $name:ident {
            $($(#[$need_doc:meta])+ $need:ident $(= $need_wire:literal)? : $need_ty:ty,)*
            $(; $($(#[$field_doc:meta])+ $field:ident $(= $wire:literal $(or $alias:literal)?)? : $ty:ty,)*)?
        }
    )+) => {$(
        $(#[$doc])+
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        #[non_exhaustive]
        pub struct $name {
            $(
                $(#[$need_doc])+
                $(#[serde(rename = $need_wire)])?
                pub $need: $need_ty,
            )*
            $($(
                $(#[$field_doc])+
                #[serde(default, skip_serializing_if = "Option::is_none" $(, rename = $wire $(, alias = $alias)?)?)]
                pub $field: Option<$ty>,
            )*)?
        }
    )+};
}

/// Declares sets of words that X may add to: what is not known is kept as it came.
macro_rules! open_words {
    ($($(#[$doc:meta])+ $name:ident { $($(#[$word_doc:meta])+ $variant:ident = $word:literal,)+ })+) => {$(
        $(#[$doc])+
        #[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$word_doc])+ #[serde(rename = $word)] $variant,)+
            /// Something that this version does not know.
            #[serde(untagged)]
            Other(String),
        }
    )+};
}

pub(crate) use {nouns, open_words};
