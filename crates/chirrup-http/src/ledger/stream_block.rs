//! Reservation of all streams of a process.

use chirrup_api::Cost;
use chirrup_model::Timestamp;

/// Smallest number of items that open streams reserve together. These may be on their way when a stream is closed.
pub(super) const MIN_ITEMS: u64 = 4;
/// Number of items that streams reserve before their rate is known, if the budget covers them.
const FIRST_ITEMS: u64 = 50;
/// Largest number of items that streams reserve.
const MAX_ITEMS: u64 = 5_000;
/// Number of seconds for whose items streams reserve.
const RESERVED_SECS: u64 = 2;
/// Part of the items of a second that are assumed to be on their way: those of a quarter of a second.
const ON_THE_WAY_PER_SECOND: u64 = 4;
/// Age, in seconds, from which the reservation of a stream without items is renewed. It must not expire.
const RENEWAL_SECS: i64 = 1_800;
/// Age, in seconds, from which a reservation that is larger than necessary is replaced.
const REDUCTION_SECS: i64 = 10;

/// What all streams of a process have reserved together.
#[derive(Debug, Default)]
pub(super) struct StreamBlock {
    /// Number of open connections.
    pub(super) open: usize,
    /// The reservation. It is taken while lines are recorded.
    pub(super) reserved: Option<Block>,
    /// Number of items that the reservation covers, or covered before it was taken.
    pub(super) covered: u64,
    rate: Rate,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Block {
    pub(super) number: u64,
    pub(super) amount: Cost,
    pub(super) at: Timestamp,
}

/// Number of items in the current second and in the last one with items.
#[derive(Debug, Default)]
struct Rate {
    second: i64,
    items: u64,
    before: u64,
    is_known: bool,
}

impl StreamBlock {
    /// Notes that items arrived.
    pub(super) fn record(&mut self, items: u64, now: Timestamp) {
        let rate = &mut self.rate;
        if rate.second != now.as_secs() {
            rate.before = rate.items.max(rate.before / 2);
            (rate.second, rate.items) = (now.as_secs(), 0);
        }
        rate.items += items;
        rate.is_known = true;
    }

    /// Returns the numbers of items for which to reserve: the first one that the budget covers.
    pub(super) fn wanted(&self) -> [u64; 2] {
        if !self.rate.is_known {
            return [FIRST_ITEMS, MIN_ITEMS];
        }
        let per_second = self.rate.items.max(self.rate.before);
        let wanted = (per_second * RESERVED_SECS).clamp(MIN_ITEMS, MAX_ITEMS);
        [wanted, (wanted / 4).max(MIN_ITEMS)]
    }

    /// Returns the number of items that are probably on their way when the client closes a connection.
    pub(super) fn on_the_way(&self, now: Timestamp) -> u64 {
        let is_current = now.as_secs() - self.rate.second <= 1;
        let per_second = self.rate.items.max(self.rate.before);
        if is_current && per_second > 1 { per_second.div_ceil(ON_THE_WAY_PER_SECOND) } else { 0 }
    }

    /// Whether the reservation has to be replaced although nothing arrives: it would expire, or it is too large.
    pub(super) fn must_renew(&self, now: Timestamp) -> bool {
        let Some(block) = self.reserved else { return false };
        let age = now.as_secs() - block.at.as_secs();
        age > RENEWAL_SECS || (age > REDUCTION_SECS && self.covered > 2 * MIN_ITEMS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reservation_follows_the_rate() {
        let at = |second: i64| Timestamp::from_secs(1_795_000_000 + second);
        let mut block = StreamBlock::default();
        assert_eq!(block.wanted(), [FIRST_ITEMS, MIN_ITEMS]);
        block.record(2, at(0));
        assert_eq!(block.wanted(), [MIN_ITEMS, MIN_ITEMS]);
        (0..10).for_each(|_| block.record(100, at(1)));
        assert_eq!(block.wanted(), [2_000, 500]);
        assert_eq!((block.on_the_way(at(1)), block.on_the_way(at(9))), (250, 0));
        block.record(1, at(2));
        assert_eq!(block.wanted(), [2_000, 500], "the last second counts too");
        (3..12).for_each(|second| block.record(1, at(second)));
        assert_eq!(block.wanted(), [MIN_ITEMS, MIN_ITEMS]);
        block.record(1_000_000, at(12));
        assert_eq!(block.wanted(), [MAX_ITEMS, MAX_ITEMS / 4]);
    }

    #[test]
    fn an_idle_reservation_is_reduced_and_renewed() {
        let at = |second: i64| Timestamp::from_secs(1_795_000_000 + second);
        let reserved = Some(Block { number: 1, amount: Cost::from_micros(1), at: at(0) });
        let mut block = StreamBlock { reserved, covered: FIRST_ITEMS, ..StreamBlock::default() };
        assert!(!block.must_renew(at(5)) && block.must_renew(at(20)));
        block.record(0, at(20));
        assert_eq!(block.wanted(), [MIN_ITEMS, MIN_ITEMS], "nothing has arrived");
        block.covered = MIN_ITEMS;
        assert!(!block.must_renew(at(20)) && block.must_renew(at(2_000)));
        assert!(!StreamBlock::default().must_renew(at(2_000)), "nothing is reserved");
    }
}
