//! Bots: handlers of posts, commands, activity and messages, on top of live streams.

mod builder;
mod command;
mod handlers;
mod run;

pub use builder::Bot;
pub use command::{Command, message_of};
pub use handlers::GapReport;
pub use run::Report;
