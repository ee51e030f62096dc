//! The fuzz targets: functions that panic on a fault.

pub mod framer;
pub mod requests;
pub mod responses;
pub mod stores;
