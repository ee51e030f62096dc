//! Random samples: a fixed share of all IDs, divided into partitions.

/// Share of the posts or events that a stream delivers: one of `one_of`, divided into partitions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample {
    pub(super) one_of: u64,
    pub(super) partitions: u64,
}

impl Sample {
    pub(crate) const fn new(one_of: u64, partitions: u64) -> Self {
        Self { one_of, partitions }
    }

    /// Returns whether an ID belongs to the sample and to this partition of it. Each ID belongs to one partition.
    pub(crate) fn contains(self, id: u64, partition: Option<i64>) -> bool {
        // The low bits of IDs are consecutive. These bits of the product are evenly distributed.
        let hash = id.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
        let partition = partition.and_then(|n| u64::try_from(n).ok());
        hash.is_multiple_of(self.one_of)
            && partition.is_none_or(|n| n.checked_sub(1) == Some(hash / self.one_of % self.partitions))
    }
}
