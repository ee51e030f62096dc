//! Fuzz targets, and a driver that runs them for a short time on a stable compiler.

mod driver;
pub mod targets;

pub use driver::short_run;
