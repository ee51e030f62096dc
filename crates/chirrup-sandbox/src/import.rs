//! Worlds from the data of a user: answers of the API in any file, tables, and account archives of X.

mod account_archive;
mod collect;
mod file;
mod objects;
mod size_limit;
mod table;
mod v1;
mod write;

pub use objects::ImportCounts;
pub(crate) use objects::ImportedData;
