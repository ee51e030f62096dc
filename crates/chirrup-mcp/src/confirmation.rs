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
/// Letters of a code: 32 that are not mistaken for each other, so that 16 of them have 80 bits.
const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";

/// Drafts that wait for their confirmation.
#[derive(Debug)]
pub(crate) struct Confirmations<D> {
    drafts: VecDeque<(String, Instant, D)>,
    wrong: VecDeque<Instant>,
    locked_until: Option<Instant>,
}

impl<D> Default for Confirmations<D> {
    fn default() -> Self {
        Self { drafts: VecDeque::new(), wrong: VecDeque::new(), locked_until: None }
    }
}

impl<D: Clone> Confirmations<D> {
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

    /// Removes the draft of a code and returns it.
    pub(crate) fn take(&mut self, code: &str, now: Instant) -> Result<D, Failure> {
        let draft = self.find(code, now)?;
        self.discard(code);
        Ok(draft)
    }

    /// Removes the draft of a code.
    pub(crate) fn discard(&mut self, code: &str) {
        self.drafts.retain(|(known, ..)| !constant_time_eq(known, code));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]
    use super::*;

    #[test]
    fn a_code_works_once_and_expires() {
        let (mut all, now) = (Confirmations::default(), Instant::now());
        let (one, two) = (all.add(1, now).unwrap(), all.add(2, now).unwrap());
        assert!(one.len() == 16 && one != two, "{one} {two}");
        assert_eq!(all.take(&one, now).unwrap(), 1);
        assert!(all.take(&one, now).is_err());
        assert!(all.take(&two, now + CODE_LIFETIME).is_err());
    }

    #[test]
    fn guesses_discard_all_drafts_and_stop_writes() {
        let (mut all, now) = (Confirmations::default(), Instant::now());
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
    fn drafts_are_limited_in_number() {
        let (mut all, now) = (Confirmations::default(), Instant::now());
        for n in 0..=MAX_DRAFTS {
            all.add(n, now).unwrap();
        }
        assert_eq!(all.drafts.len(), MAX_DRAFTS);
    }
}
