//! Means of a test to control and observe the sandbox: clock, faults and request journal.

pub(crate) mod clock;
pub(crate) mod exchange;
pub(crate) mod fault_json;
pub(crate) mod faults;
pub(crate) mod journal;
