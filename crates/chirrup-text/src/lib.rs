//! The text rules of a post: weighted length, entities, links as HTML, and splitting into threads.
//!
//! The rules are those of twitter-text, the official text libraries of X. Nothing here uses the network.
//!
//! | To | use |
//! | --- | --- |
//! | measure a text and see whether it can be posted | [`parse`], [`weighted_length`] |
//! | find links, mentions, hashtags and cashtags | [`extract`], [`Extractor`] |
//! | turn them into HTML links | [`auto_link`], [`Autolink`] |
//! | show a post of the API as HTML | [`html_for_post`], [`html_for_tweet`] |
//! | shorten a long text, or split it into a thread | [`truncate`], [`split`] |
//! | show a text of other people on a terminal | [`strip_terminal_controls`], [`escape_terminal_controls`] |
//! | convert positions between bytes, code points and UTF-16 | [`IndexConverter`] |
#![warn(missing_docs)]

/// Generates the builder methods of an options struct, one for each named field.
macro_rules! setters {
    ($($(#[$doc:meta])* $field:ident: $Type:ty,)*) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $field(mut self, $field: $Type) -> Self {
            self.$field = $field.into();
            self
        }
    )*};
}

mod autolink;
mod char_class;
mod char_set;
mod config;
mod emoji;
mod entity;
mod extract;
mod hashtag_chars;
mod highlight;
mod html;
mod index;
mod length;
mod normalize;
mod plain;
mod scan;
mod split;
mod string_table;
mod terminal;
mod tld;
mod tokens;
mod validate;
mod words;

pub use autolink::{Attributes, Autolink, LinkAttributeModifier, LinkTextModifier, UrlEntity, auto_link, escape_html};
pub use config::Config;
pub use emoji::EmojiVersion;
pub use entity::{Entity, EntityKind};
pub use extract::{Extractor, extract, extract_reply_screen_name};
pub use highlight::{highlight, highlight_with};
pub use html::{HtmlOptions, MissingText, html_for_post, html_for_tweet};
pub use index::{Byte, CodePoint, IndexConverter, IndexUnit, Span, Utf16};
pub use length::{ParseResults, parse, parse_and_extract, parse_with, weighted_length};
pub use split::{Numbering, split, truncate, truncate_with};
pub use terminal::{escape_terminal_controls, is_terminal_control, strip_terminal_controls};
pub use validate::{
    UrlOptions, has_invalid_characters, is_valid_hashtag, is_valid_list, is_valid_text, is_valid_url, is_valid_username,
};
