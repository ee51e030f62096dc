//! The query language of X: search queries and stream rules, parsed, checked, explained and matched locally.
//!
//! | To | use |
//! | --- | --- |
//! | find errors and warnings before X does | [`check`] |
//! | parse a query | [`parse`] |
//! | describe a query in English | [`Query::explain`] |
//! | build a query that X accepts | [`Standalone`], [`Filter`] |
//! | test whether a post matches a query | [`matches()`], [`PreparedPost`] |
//! | test a post against many stream rules | [`RuleIndex`] |
//!
//! ```
//! use chirrup_query::{Target, check, parse};
//!
//! let query = parse("rust (lang:en OR #ferris) -is:retweet").expect("the query is valid");
//! assert_eq!(query.to_string(), "rust (lang:en OR #ferris) -is:retweet");
//! assert_eq!(
//!     query.explain(),
//!     "posts that contain the word “rust” and (are in English or have the hashtag #ferris) and are not reposts",
//! );
//!
//! let report = check("rust min_faves:3", Target::RECENT_SEARCH);
//! assert!(report.render().contains("use `min_likes:`"));
//! ```
//!
//! Nothing here uses the network or panics on outside input.
#![warn(missing_docs)]

mod builder;
mod check;
mod explain;
mod index;
mod invalid_term;
mod matcher;
mod operator;
mod parse;
mod post;
mod target;
mod token;
mod value;
mod words;

pub use builder::{Filter, Standalone};
pub use check::{Diagnostic, Report, Severity, check};
pub use index::{RuleIndex, for_each_count_key};
pub use matcher::{MatchMode, PreparedPost, matches};
pub use operator::{Operator, OperatorName};
pub use parse::{Query, QueryError, parse};
pub use post::{AuthorCounts, SearchablePost};
pub use target::{Product, Target, Tier};
pub use token::{Span, Token, TokenKind, tokenize};
pub use value::Value;
pub use words::words;

/// What the other crates of the project use; not covered by semantic versioning.
#[doc(hidden)]
pub mod internal {
    pub use crate::invalid_term::edit_distance;
}
