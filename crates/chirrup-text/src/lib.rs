//! The text rules of a post: how much it weighs, and which tags, mentions and links it holds.
#![warn(missing_docs)]

mod class;
mod emoji;
mod extract;
mod highlight;
mod html;
mod index;
mod length;
mod lines;
mod links;
mod scan;
mod split;
mod tables;
mod tld;
mod validate;

pub use emoji::EmojiVersion;
pub use extract::{Entity, EntityKind, Extractor, extract, reply_to};
pub use highlight::{highlight, highlight_with};
pub use html::{HtmlOptions, NoText, html_for_post, html_for_tweet};
pub use index::{Byte, CodePoint, Ruler, Span, Unit, Utf16};
pub use length::{Config, Parsed, parse, parse_entities, parse_with, weighted_length};
pub use links::{AttributeBlock, Attributes, Linker, TextBlock, UrlEntity, auto_link, escape};
pub use split::{Numbering, split, truncate, truncate_with};
pub use validate::{
    UrlRules, has_invalid_characters, is_valid_hashtag, is_valid_list, is_valid_text, is_valid_url, is_valid_username,
};
