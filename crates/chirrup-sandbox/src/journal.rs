//! What happened: every request, and what became of it. Tests ask it who is right.

use std::collections::VecDeque;

use chirrup_model::{Timestamp, UserId};

/// How many requests are remembered.
const KEPT: usize = 500_000;

/// One request.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Event {
    /// Its number, from 1.
    pub number: u64,
    /// When it came, by the sandbox's clock.
    pub at: Timestamp,
    /// The HTTP method.
    pub method: String,
    /// The path.
    pub path: String,
    /// The name of the endpoint; none of a path that is in no table.
    pub endpoint: Option<&'static str>,
    /// The user who called.
    pub user: Option<UserId>,
    /// The status of the answer; none if nothing was done.
    pub status: Option<u16>,
    /// The id of what it made: a post, a message, a list.
    pub made: Option<String>,
    /// What was done wrong with it.
    pub fault: Option<&'static str>,
    /// Whether the whole answer was sent as it should be.
    pub answered: bool,
    /// What it cost, in millionths of a dollar.
    pub cost: u64,
}

/// What a handler tells of a request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Note {
    pub(crate) user: Option<u64>,
    pub(crate) made: Option<String>,
    pub(crate) cost: u64,
}

/// All requests, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    events: VecDeque<Event>,
    count: u64,
}

impl Journal {
    pub(crate) fn add(&mut self, mut event: Event) {
        self.count += 1;
        event.number = self.count;
        if self.events.len() == KEPT {
            self.events.pop_front();
        }
        self.events.push_back(event);
    }

    pub(crate) fn all(&self) -> Vec<Event> {
        self.events.iter().cloned().collect()
    }
}
