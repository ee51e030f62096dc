//! The macro that declares JSON objects of the API.

/// Declares structs for JSON objects of the API.
///
/// Fields that are always present come first; after a `;` come the fields that X leaves out if they were not requested
/// or have no value. The latter become an `Option`. A string after `=` is the name on the wire, if it differs from the
/// name of the field; a second one, after `or`, is another name that is read.
///
/// The structs are `#[non_exhaustive]`, and they implement `Debug`, `Clone`, `PartialEq`, `Serialize`, `Deserialize` and
/// [`ResponseData`](crate::ResponseData). Outside of this crate, the macro needs a dependency on `serde` with its feature
/// `derive`.
///
/// ```
/// chirrup_model::wire_struct! {
///     /// A badge next to the name of a user.
///     Badge {
///         /// ID of the badge.
///         id: String,
///         ;
///         /// Kind of the badge.
///         kind = "type": String,
///         /// Number of posts of its owner.
///         post_count = "tweet_count" or "post_count": u64,
///     }
/// }
///
/// let badge: Badge = serde_json::from_str(r#"{"id":"1","type":"gold","post_count":3}"#)?;
/// assert_eq!(badge.kind.as_deref(), Some("gold"));
/// assert_eq!(serde_json::to_string(&badge)?, r#"{"id":"1","type":"gold","tweet_count":3}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! wire_struct {
    ($(
        $(#[$attribute:meta])+
        $name:ident {
            $($(#[$required_attribute:meta])+ $required:ident $(= $required_wire:literal)? : $required_type:ty,)*
            $(;
                $($(#[$optional_attribute:meta])+
                $optional:ident $(= $wire:literal $(or $alias:literal)?)? : $optional_type:ty,)*
            )?
        }
    )+) => {$(
        #[derive(Debug, Clone, PartialEq, ::serde::Serialize, ::serde::Deserialize)]
        $(#[$attribute])+
        #[non_exhaustive]
        pub struct $name {
            $(
                $(#[$required_attribute])+
                $(#[serde(rename = $required_wire)])?
                pub $required: $required_type,
            )*
            $($(
                $(#[$optional_attribute])+
                #[serde(default, skip_serializing_if = "Option::is_none" $(, rename = $wire $(, alias = $alias)?)?)]
                pub $optional: Option<$optional_type>,
            )*)?
        }

        impl $crate::ResponseData for $name {}
    )+};
}
