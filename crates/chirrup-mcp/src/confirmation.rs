//! Confirmation codes: a write is done only with the code of its draft, once, within minutes.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use chirrup::auth::constant_time_eq;

use crate::answer::Failure;

/// Time for which a confirmation code is valid.
pub const CODE_LIFETIME: Duration = Duration::from_secs(300);
/// Number of drafts that wait for their confirmation. A new one replaces the oldest.
const MAX_DRAFTS: usize = 20;
/// Number of wrong codes after which all drafts are discarded.
const MAX_WRONG: usize = 5;
/// Time for which nothing is published after that many wrong codes.
const LOCKOUT: Duration = Duration::from_secs(900);
/// Length of the window of the limit of writes.
const HOUR: Duration = Duration::from_secs(3_600);
/// Letters of a code: 32 that are not mistaken for each other, so that 16 of them have 80 bits.
const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";

/// Drafts that wait for their confirmation, and the writes of the last hour.
#[derive(Debug)]
pub(crate) struct Confirmations<D> {
    drafts: VecDeque<(String, Instant, D)>,
    wrong: VecDeque<Instant>,
    locked_until: Option<Instant>,
    writes: VecDeque<Instant>,
    per_hour: usize,
}

impl<D: Clone> Confirmations<D> {
    pub(crate) fn new(per_hour: usize) -> Self {
        Self { drafts: VecDeque::new(), wrong: VecDeque::new(), locked_until: None, writes: VecDeque::new(), per_hour }
    }

    /// Keeps a draft and returns its code.
    pub(crate) fn add(&mut self, draft: D, now: Instant) -> Result<String, Failure> {
        let mut random = [0_u8; 16];
        getrandom::fill(&mut random)
            .map_err(|why| Failure::refused(format!("there are no random numbers: {why}"), "try again"))?;
        let code: String = random.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
        if self.drafts.len() == MAX_DRAFTS {
            self.drafts.pop_front();
        }
        self.drafts.push_back((code.clone(), now + CODE_LIFETIME, draft));
        Ok(code)
    }

    /// Returns the draft of a code, which stays valid. A wrong code counts as a guess.
    pub(crate) fn find(&mut self, code: &str, now: Instant) -> Result<D, Failure> {
        if let Some(until) = self.locked_until.filter(|until| *until > now) {
            let failure = Failure::refused("too many wrong confirmation codes", "wait, and then call `draft` again");
            return Err(failure.after((until - now).as_secs() + 1));
        }
        self.drafts.retain(|(_, expires, _)| *expires > now);
        if let Some((.., draft)) = self.drafts.iter().find(|(known, ..)| constant_time_eq(known, code)) {
            return Ok(draft.clone());
        }
        self.wrong.retain(|at| *at + LOCKOUT > now);
        self.wrong.push_back(now);
        if self.wrong.len() >= MAX_WRONG {
            self.drafts.clear();
            self.wrong.clear();
            self.locked_until = Some(now + LOCKOUT);
        }
        Err(Failure::refused(
            "the confirmation code is wrong, expired or used",
            "call `draft` again, show its answer to the user, and call `publish` with its code within five minutes",
        ))
    }

    /// Removes the draft of a code and counts the write. Fails if there are too many in this hour; the code then stays valid.
    pub(crate) fn take(&mut self, code: &str, now: Instant) -> Result<D, Failure> {
        let draft = self.find(code, now)?;
        self.writes.retain(|at| *at + HOUR > now);
        if self.writes.len() >= self.per_hour {
            let message = format!("the limit of {} writes per hour is reached", self.per_hour);
            let failure =
                Failure::refused(message, "tell the user; only a restart with another `--per-hour` raises it");
            return Err(match self.writes.front() {
                Some(oldest) => failure.after((*oldest + HOUR - now).as_secs() + 1),
                None => failure,
            });
        }
        self.writes.push_back(now);
        self.discard(code);
        Ok(draft)
    }

    /// Removes the draft of a code.
    pub(crate) fn discard(&mut self, code: &str) {
        self.drafts.retain(|(known, ..)| !constant_time_eq(known, code));
    }

    /// Number of writes that this hour still allows.
    pub(crate) fn writes_left(&mut self, now: Instant) -> usize {
        self.writes.retain(|at| *at + HOUR > now);
        self.per_hour.saturating_sub(self.writes.len())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]
    use super::*;

    #[test]
    fn a_code_works_once_and_expires() {
        let (mut all, now) = (Confirmations::new(9), Instant::now());
        let (one, two) = (all.add(1, now).unwrap(), all.add(2, now).unwrap());
        assert!(one.len() == 16 && one != two, "{one} {two}");
        assert_eq!(all.take(&one, now).unwrap(), 1);
        assert!(all.take(&one, now).is_err());
        assert!(all.take(&two, now + CODE_LIFETIME).is_err());
    }

    #[test]
    fn guesses_discard_all_drafts_and_stop_writes() {
        let (mut all, now) = (Confirmations::new(9), Instant::now());
        let code = all.add(1, now).unwrap();
        for n in 0..MAX_WRONG {
            assert!(all.take(&format!("guess-{n}"), now).is_err());
        }
        assert!(all.take(&code, now).is_err());
        let fresh = all.add(2, now).unwrap();
        assert!(all.take(&fresh, now).is_err(), "the lockout lasts");
        let later = now + LOCKOUT;
        let fresh = all.add(3, later).unwrap();
        assert_eq!(all.take(&fresh, later).unwrap(), 3);
    }

    #[test]
    fn writes_are_limited_per_hour_and_drafts_in_number() {
        let (mut all, now) = (Confirmations::new(2), Instant::now());
        let codes: Vec<String> = (0..3).map(|n| all.add(n, now).unwrap()).collect();
        assert!(all.take(&codes[0], now).is_ok() && all.take(&codes[1], now).is_ok());
        assert!(all.take(&codes[2], now).is_err());
        assert_eq!(all.writes_left(now), 0);
        assert_eq!(all.writes_left(now + HOUR), 2);
        for n in 0..=MAX_DRAFTS {
            all.add(n, now).unwrap();
        }
        assert_eq!(all.drafts.len(), MAX_DRAFTS);
    }
}
