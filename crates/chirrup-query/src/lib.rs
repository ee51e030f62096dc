//! The query language of X: searches and stream rules, parsed and matched locally.
//!
//! ```
//! let query = chirrup_query::parse("rust (lang:en OR #ferris) -is:retweet").expect("it is sound");
//! assert_eq!(query.to_string(), "rust (lang:en OR #ferris) -is:retweet");
//! ```
#![warn(missing_docs)]

mod lex;
mod matcher;
mod operator;
mod parse;

pub use lex::words;
pub use matcher::{Subject, matches};
pub use operator::{Has, Is, Operator};
pub use parse::{Query, QueryError, parse};
