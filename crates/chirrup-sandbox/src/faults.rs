//! What the sandbox does wrong when it is asked to.

use std::collections::VecDeque;
use std::time::Duration;

/// Something to do wrong.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Fault {
    /// Nothing: this request goes well. For scripts.
    None,
    /// Answers with this instead.
    Response {
        /// The HTTP status.
        status: u16,
        /// The media type.
        content_type: &'static str,
        /// The body.
        body: Vec<u8>,
    },
    /// Does what was asked, and answers with this status and nothing else, as a server in between would.
    ErrorAfter(u16),
    /// Does what was asked, and closes the connection instead of answering.
    CutAfter,
    /// Closes the connection without doing anything.
    Cut,
    /// Breaks off in the middle of the body.
    CutBody,
    /// Breaks off after so many bytes of the body.
    CutAt(usize),
    /// Waits this long before it does anything.
    Stall(Duration),
    /// Does what was asked, and waits this long before it answers.
    StallAfter(Duration),
    /// Stops for this long in the middle of the body.
    StallBody(Duration),
    /// Of a live stream: what is sent comes in pieces of so many bytes.
    Trickle(usize),
    /// Spoils the body: every 16th byte is another.
    Corrupt,
    /// Of an answer in lines: each line comes twice.
    Duplicate,
    /// Of an answer in lines: they come in the reverse order.
    OutOfOrder,
    /// Adds these headers to the answer, in place of those of the same names.
    Headers(Vec<(&'static str, String)>),
}

impl Fault {
    /// What it is called in the journal.
    pub fn name(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Response { .. } => "response",
            Self::ErrorAfter(_) => "error_after",
            Self::CutAfter => "cut_after",
            Self::Cut => "cut",
            Self::CutBody | Self::CutAt(_) => "cut_body",
            Self::Stall(_) => "stall",
            Self::StallAfter(_) => "stall_after",
            Self::StallBody(_) => "stall_body",
            Self::Trickle(_) => "trickle",
            Self::Corrupt => "corrupt",
            Self::Duplicate => "duplicate",
            Self::OutOfOrder => "out_of_order",
            Self::Headers(_) => "headers",
        }
    }
}

/// When a fault is to happen.
///
/// ```
/// use chirrup_sandbox::{Fault, FaultRule};
/// // Of the calls of `create_post`, the third and fourth are cut off after they were done.
/// let rule = FaultRule::new(Fault::CutAfter).on("create_post").after(2).times(2);
/// // One request in ten, whatever it asks for, meets a server that is too busy.
/// let busy = FaultRule::new(Fault::ErrorAfter(503)).chance(0.1);
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct FaultRule {
    faults: VecDeque<Fault>,
    /// Whether the faults come again and again.
    again: bool,
    endpoint: Option<String>,
    skip: u64,
    left: u64,
    chance: f64,
}

impl FaultRule {
    /// This fault at every request.
    pub fn new(fault: Fault) -> Self {
        Self { faults: VecDeque::from([fault]), again: true, endpoint: None, skip: 0, left: u64::MAX, chance: 1.0 }
    }
    /// These faults, one for each request in turn; then no more.
    pub fn script(faults: impl IntoIterator<Item = Fault>) -> Self {
        Self { faults: faults.into_iter().collect(), again: false, ..Self::new(Fault::None) }
    }
    /// Only at requests of this endpoint: its name, or the path of one that is in no table, such as `/2/oauth2/token`.
    pub fn on(mut self, endpoint: impl Into<String>) -> Self {
        self.endpoint = Some(endpoint.into());
        self
    }
    /// Only after so many requests.
    pub fn after(mut self, requests: u64) -> Self {
        self.skip = requests;
        self
    }
    /// So many times.
    pub fn times(mut self, count: u64) -> Self {
        self.left = count;
        self
    }
    /// Not at every request, but at this part of them, from 0 to 1, at random.
    pub fn chance(mut self, part: f64) -> Self {
        self.chance = part;
        self
    }

    fn is_over(&self) -> bool {
        self.left == 0 || self.faults.is_empty()
    }

    fn strike(&mut self, endpoint: &str, path: &str, random: f64) -> Option<Fault> {
        if self.endpoint.as_deref().is_some_and(|wanted| wanted != endpoint && wanted != path) {
            return None;
        }
        if self.skip > 0 {
            self.skip -= 1;
            return None;
        }
        if random >= self.chance {
            return None;
        }
        self.left = self.left.saturating_sub(1);
        if self.again { self.faults.front().cloned() } else { self.faults.pop_front() }
    }
}

/// All rules that are in force.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    rules: Vec<FaultRule>,
    random: u64,
}

impl Faults {
    pub(crate) fn add(&mut self, rule: FaultRule) {
        self.rules.push(rule);
    }

    pub(crate) fn clear(&mut self) {
        self.rules.clear();
    }

    /// The fault of this request: that of the first rule that strikes.
    pub(crate) fn next(&mut self, endpoint: &str, path: &str) -> Option<Fault> {
        if self.rules.is_empty() {
            return None;
        }
        let mut struck = None;
        for rule in &mut self.rules {
            // The same run of requests meets the same faults.
            self.random = self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let random = f64::from(u32::try_from(self.random >> 32).unwrap_or_default()) / f64::from(u32::MAX);
            struck = rule.strike(endpoint, path, random);
            if struck.is_some() {
                break;
            }
        }
        self.rules.retain(|rule| !rule.is_over());
        struck.filter(|fault| *fault != Fault::None)
    }
}
