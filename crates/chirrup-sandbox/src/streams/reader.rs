//! Reader of a live stream or of a time window of it.

use chirrup_api::Call;

use super::rules::ParsedRules;
use crate::response::viewer::Viewer;
use crate::world::World;

/// Reader of a stream: the call that opened it and the viewer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StreamReader<'r> {
    pub(crate) world: &'r World,
    pub(crate) call: &'r Call,
    pub(crate) viewer: Viewer,
    pub(crate) rules: &'r ParsedRules,
}
