//! Facts of X's OpenAPI document: its operations, their credentials and their parameters.
//!
//! [`Facts::known`] returns those of the document that the endpoint table follows, from a file of this crate.
//! [`Facts::from_document`] reads those of another document, and [`Facts::changes`] compares the two.
//!
//! ```
//! use chirrup_api::facts::Facts;
//! use serde_json::json;
//!
//! let document = json!({
//!     "info": {"version": "3.0"},
//!     "paths": {"/2/moons": {"get": {"operationId": "getMoons"}}},
//! });
//! let newer = Facts::from_document(&document).unwrap();
//! let changes = Facts::known().changes(&newer);
//! assert!(changes.iter().any(|change| change.to_string() == "added GET /2/moons: getMoons"));
//! ```

mod changes;
mod file;
mod openapi;
mod operation;

pub use changes::{Change, ChangeKind};
pub use file::InvalidFacts;
pub use operation::{Bounds, Facts, OperationFacts, ParamFacts, ValueFacts};
