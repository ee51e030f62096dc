//! Reservation of all streams of a process.

use chirrup_api::Cost;
use chirrup_model::Timestamp;

/// What all streams of a process have reserved together.
#[derive(Debug, Default)]
pub(super) struct StreamBlock {
    /// Number of open connections.
    pub(super) open: usize,
    pub(super) reserved: Option<Block>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Block {
    pub(super) number: u64,
    pub(super) amount: Cost,
    pub(super) at: Timestamp,
}
