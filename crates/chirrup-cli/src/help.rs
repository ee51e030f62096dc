//! Help: groups of commands, examples, topics and completions.

mod complete;
mod examples;
mod groups;
mod topics;

pub(crate) use complete::{VARIABLE as COMPLETE_VARIABLE, complete};
#[cfg(test)]
pub(crate) use examples::commands_of;
pub(crate) use examples::with_examples;
pub(crate) use groups::with_groups;
pub(crate) use topics::{find as topic, list as topics};
