//! State of a server: its client, its permissions, and the drafts that wait for their confirmation.

use std::sync::{Mutex, MutexGuard, PoisonError};

use chirrup::{Access, Client};

use crate::action::Draft;
use crate::confirmation::Confirmations;
use crate::options::Options;

/// What all tools share.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) client: Client,
    /// Permissions of the client.
    pub(crate) access: Access,
    pub(crate) options: Options,
    confirmations: Mutex<Confirmations<Draft>>,
}

impl State {
    pub(crate) fn new(client: Client, options: Options) -> Self {
        let access = client.access().cloned().unwrap_or_else(Access::look);
        Self { client, access, options, confirmations: Mutex::default() }
    }

    pub(crate) fn confirmations(&self) -> MutexGuard<'_, Confirmations<Draft>> {
        self.confirmations.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
