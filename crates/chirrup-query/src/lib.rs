//! The query language of X: searches and stream rules, parsed, checked, explained and matched locally.
//!
//! ```
//! use chirrup_query::{Target, check, parse};
//!
//! let query = parse("rust (lang:en OR #ferris) -is:retweet").expect("it is sound");
//! assert_eq!(query.to_string(), "rust (lang:en OR #ferris) -is:retweet");
//! assert_eq!(
//!     query.explain(),
//!     "posts that contain the word “rust” and (are in English or have the hashtag #ferris) and are not reposts",
//! );
//! let report = check("rust min_faves:3", Target::RECENT);
//! assert!(report.draw().contains("min_likes:"));
//! ```
//!
//! Pure: no clock, no I/O. Nothing that is given to it makes it panic.
#![warn(missing_docs)]

mod builder;
mod explain;
mod index;
mod lex;
mod lint;
mod matcher;
mod operator;
mod parse;

pub use builder::{Anchor, Filter};
pub use index::RuleIndex;
pub use lex::{Piece, PieceKind, Span, pieces, words};
pub use lint::{Diagnostic, Product, Report, Severity, Target, Tier, check};
pub use matcher::{MatchMode, Prepared, Subject, matches};
pub use operator::{InvalidTerm, Name, Operator, Value};
pub use parse::{Query, QueryError, parse};
