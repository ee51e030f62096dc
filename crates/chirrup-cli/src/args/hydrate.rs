//! Arguments of the command that collects objects by their IDs.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::lines::LineArgs;
use super::schedule::ScheduleArgs;

/// Arguments of `chirrup collect hydrate`.
#[derive(Debug, ClapArgs)]
pub(crate) struct HydrateArgs {
    /// File with an ID or a link per line, of any length
    pub(crate) file: PathBuf,
    /// The IDs are those of users instead of posts
    #[arg(long)]
    pub(crate) users: bool,
    /// File for the results: a database (.db), a folder of Parquet files (birds/) or lines (.jsonl, .jsonl.zst)
    #[arg(long, value_name = "FILE", conflicts_with = "output")]
    pub(crate) into: PathBuf,
    #[command(flatten)]
    pub(crate) lines: LineArgs,
    #[command(flatten)]
    pub(crate) schedule: ScheduleArgs,
}
