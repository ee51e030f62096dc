//! Results in several pages, and calls in several requests.

pub(crate) mod batched;
pub(crate) mod pages;
