//! State of a server: its client, its permissions, and the drafts that wait for their confirmation.

use std::sync::{Mutex, MutexGuard, PoisonError};

use chirrup::{Client, Outbox};

use crate::access::Access;
use crate::action::Draft;
use crate::confirmation::Confirmations;

/// What all tools share.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) client: Client,
    pub(crate) access: Access,
    pub(crate) outbox: Option<Outbox>,
    confirmations: Mutex<Confirmations<Draft>>,
}

impl State {
    pub(crate) fn new(client: Client, access: Access, outbox: Option<Outbox>) -> Self {
        let confirmations = Mutex::new(Confirmations::new(access.writes_per_hour()));
        Self { client, access, outbox, confirmations }
    }

    pub(crate) fn confirmations(&self) -> MutexGuard<'_, Confirmations<Draft>> {
        self.confirmations.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
