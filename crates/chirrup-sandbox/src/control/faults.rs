//! Faults that a test injects into the sandbox's responses.

use std::collections::VecDeque;
use std::time::Duration;

/// Fault that the sandbox injects into one request.
///
/// *Before processing* means that the request had no effect: a post was not created and nothing was charged. *After
/// processing* means that it had, although the client cannot know.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Fault {
    /// Handles the request normally. It fills a place in [`FaultRule::sequence`].
    None,
    /// Replies with this response instead of processing the request.
    Response {
        /// HTTP status code of the response.
        status: u16,
        /// Value of the `content-type` header.
        content_type: &'static str,
        /// Body of the response.
        body: Vec<u8>,
    },
    /// Processes the request, then replies with this status and an empty body, as a failing gateway does.
    ErrorAfterProcessing(u16),
    /// Processes the request, then closes the connection without a response.
    CloseAfterProcessing,
    /// Closes the connection without processing the request.
    CloseBeforeProcessing,
    /// Closes the connection after half of the body, or before the first byte of a live stream.
    TruncateBody,
    /// Closes the connection after this number of bytes of the body.
    TruncateBodyAt(usize),
    /// Waits for this time before processing the request.
    DelayRequest(Duration),
    /// Processes the request, then waits for this time before the response.
    DelayResponse(Duration),
    /// Waits for this time in the middle of the body.
    PauseBody(Duration),
    /// Sends a live stream in chunks of at most this number of bytes.
    ChunkSize(usize),
    /// Changes every 16th byte of the body.
    CorruptBody,
    /// Sends each line of the body twice.
    DuplicateLines,
    /// Sends the lines of the body in reverse order.
    ReverseLines,
    /// Adds these headers to the response. They replace headers of the same name.
    ReplaceHeaders(Vec<(&'static str, String)>),
}

impl Fault {
    /// Returns the name that identifies this kind of fault in the [journal](crate::JournalEntry::fault).
    pub fn name(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Response { .. } => "response",
            Self::ErrorAfterProcessing(_) => "error_after_processing",
            Self::CloseAfterProcessing => "close_after_processing",
            Self::CloseBeforeProcessing => "close_before_processing",
            Self::TruncateBody | Self::TruncateBodyAt(_) => "truncate_body",
            Self::DelayRequest(_) => "delay_request",
            Self::DelayResponse(_) => "delay_response",
            Self::PauseBody(_) => "pause_body",
            Self::ChunkSize(_) => "chunk_size",
            Self::CorruptBody => "corrupt_body",
            Self::DuplicateLines => "duplicate_lines",
            Self::ReverseLines => "reverse_lines",
            Self::ReplaceHeaders(_) => "replace_headers",
        }
    }
}

/// Rule that selects the requests into which the sandbox injects a fault.
///
/// ```
/// use chirrup_sandbox::{Fault, FaultRule};
///
/// // The third and the fourth call of `create_post` take effect but lose their response.
/// let rule = FaultRule::new(Fault::CloseAfterProcessing).endpoint("create_post").skip(2).times(2);
/// // One request in ten, to any endpoint, gets a 503 from an overloaded gateway.
/// let overloaded = FaultRule::new(Fault::ErrorAfterProcessing(503)).probability(0.1);
/// // The first request is delayed, the second works, the third loses its connection.
/// let flaky = FaultRule::sequence([
///     Fault::DelayRequest(std::time::Duration::from_secs(1)),
///     Fault::None,
///     Fault::CloseBeforeProcessing,
/// ]);
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct FaultRule {
    pub(super) faults: VecDeque<Fault>,
    /// Whether the first fault applies to every selected request, or each fault to one of them.
    pub(super) repeats: bool,
    pub(super) endpoint: Option<String>,
    pub(super) writes_only: bool,
    pub(super) skip: u64,
    pub(super) remaining: u64,
    pub(super) probability: f64,
}

impl FaultRule {
    /// Creates a rule that injects this fault into every request.
    pub fn new(fault: Fault) -> Self {
        Self {
            faults: VecDeque::from([fault]),
            repeats: true,
            endpoint: None,
            writes_only: false,
            skip: 0,
            remaining: u64::MAX,
            probability: 1.0,
        }
    }
    /// Creates a rule that injects one fault per request, in this order, and then ends.
    pub fn sequence(faults: impl IntoIterator<Item = Fault>) -> Self {
        Self { faults: faults.into_iter().collect(), repeats: false, ..Self::new(Fault::None) }
    }
    /// Limits the rule to one endpoint: its name such as `create_post`, or a path such as `/2/oauth2/token`.
    pub fn endpoint(mut self, name_or_path: impl Into<String>) -> Self {
        self.endpoint = Some(name_or_path.into());
        self
    }
    /// Limits the rule to requests that change something: those with another method than GET and HEAD.
    pub fn writes_only(mut self) -> Self {
        self.writes_only = true;
        self
    }
    /// Number of matching requests that the rule lets pass first. The default is 0.
    pub fn skip(mut self, requests: u64) -> Self {
        self.skip = requests;
        self
    }
    /// Number of requests after which the rule ends. There is no limit by default.
    pub fn times(mut self, count: u64) -> Self {
        self.remaining = count;
        self
    }
    /// Fraction of the matching requests that get the fault: 0.0 to 1.0, default 1.0. The choice is pseudorandom and the
    /// same in every run.
    pub fn probability(mut self, fraction: f64) -> Self {
        self.probability = fraction;
        self
    }

    fn is_exhausted(&self) -> bool {
        self.remaining == 0 || self.faults.is_empty()
    }

    /// Returns the fault for a request, if the rule selects it. `random` is between 0 and 1.
    fn select(&mut self, method: &str, endpoint: &str, path: &str, random: f64) -> Option<Fault> {
        if self.writes_only && matches!(method, "GET" | "HEAD") {
            return None;
        }
        if self.endpoint.as_deref().is_some_and(|wanted| wanted != endpoint && wanted != path) {
            return None;
        }
        if self.skip > 0 {
            self.skip -= 1;
            return None;
        }
        if random >= self.probability {
            return None;
        }
        self.remaining = self.remaining.saturating_sub(1);
        if self.repeats { self.faults.front().cloned() } else { self.faults.pop_front() }
    }
}

/// Active fault rules with their numbers, in the order in which they were added.
#[derive(Debug, Default)]
pub(crate) struct FaultRules {
    rules: Vec<(u64, FaultRule)>,
    /// Number of rules that were ever added.
    added: u64,
    random: u64,
}

impl FaultRules {
    /// Adds a rule and returns its number.
    pub(crate) fn add(&mut self, rule: FaultRule) -> u64 {
        self.added += 1;
        self.rules.push((self.added, rule));
        self.added
    }

    pub(crate) fn clear(&mut self) {
        self.rules.clear();
    }

    /// Removes a rule. Returns whether there was one with this number.
    pub(crate) fn remove(&mut self, number: u64) -> bool {
        let before = self.rules.len();
        self.rules.retain(|(other, _)| *other != number);
        self.rules.len() < before
    }

    pub(crate) fn rules(&self) -> impl Iterator<Item = &(u64, FaultRule)> {
        self.rules.iter()
    }

    /// Returns the fault for a request: that of the first rule that selects it.
    pub(crate) fn fault_for(&mut self, method: &str, endpoint: &str, path: &str) -> Option<Fault> {
        if self.rules.is_empty() {
            return None;
        }
        let mut selected = None;
        for (_, rule) in &mut self.rules {
            // A linear congruential generator: the same sequence of requests gets the same faults.
            self.random = self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let random = f64::from(u32::try_from(self.random >> 32).unwrap_or_default()) / f64::from(u32::MAX);
            selected = rule.select(method, endpoint, path, random);
            if selected.is_some() {
                break;
            }
        }
        self.rules.retain(|(_, rule)| !rule.is_exhausted());
        selected.filter(|fault| *fault != Fault::None)
    }
}
