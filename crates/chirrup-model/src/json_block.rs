//! Bytes of a JSON text that are compared together, without branches that depend on them.

use wide::u8x16;

/// Number of bytes of a block.
pub(crate) const BLOCK: usize = 64;

/// Returns a number whose bits are set where a byte is `"` or `\`.
#[inline(always)]
pub(crate) fn quotes_and_backslashes(bytes: &[u8; 16]) -> u32 {
    let bytes = u8x16::new(*bytes);
    (bytes.simd_eq(u8x16::splat(b'"')) | bytes.simd_eq(u8x16::splat(b'\\'))).to_bitmask()
}

/// Brackets and braces of a block outside of strings, as bits.
pub(crate) struct Brackets {
    pub(crate) opening: u64,
    pub(crate) closing: u64,
}

/// State of a text between two blocks.
#[derive(Default)]
pub(crate) struct BlockReader {
    /// All bits are set within a string.
    inside: u64,
    /// Whether the last byte was a backslash that escapes the next one: 0 or 1.
    escape: u64,
}

impl BlockReader {
    /// Finds the brackets of the next block.
    #[inline(always)]
    pub(crate) fn brackets(&mut self, block: &[u8; BLOCK]) -> Brackets {
        let (lanes, _) = block.as_chunks();
        let bits = |is_equal: &dyn Fn(u8x16) -> u8x16| {
            let lane = |bits: u64, lane: &[u8; 16]| (bits << 16) | u64::from(is_equal(u8x16::new(*lane)).to_bitmask());
            lanes.iter().rev().fold(0, lane)
        };
        let quotes = bits(&|lane| lane.simd_eq(u8x16::splat(b'"')));
        let backslashes = bits(&|lane| lane.simd_eq(u8x16::splat(b'\\')));
        // Brackets and braces differ in one bit, which is set here.
        let opening = bits(&|lane| (lane | u8x16::splat(0x20)).simd_eq(u8x16::splat(b'{')));
        let closing = bits(&|lane| (lane | u8x16::splat(0x20)).simd_eq(u8x16::splat(b'}')));
        let is_in_string = prefix_parity(quotes & !self.escaped(backslashes)) ^ self.inside;
        self.inside = 0_u64.wrapping_sub(is_in_string >> 63);
        Brackets { opening: opening & !is_in_string, closing: closing & !is_in_string }
    }

    /// Returns the bytes that follow an escaping backslash.
    #[inline(always)]
    fn escaped(&mut self, mut backslashes: u64) -> u64 {
        let mut escaped = self.escape;
        backslashes &= !escaped;
        self.escape = 0;
        while backslashes != 0 {
            let at = backslashes.trailing_zeros();
            escaped |= 2 << at;
            self.escape = u64::from(at == u64::BITS - 1);
            backslashes &= !(3 << at);
        }
        escaped
    }
}

/// Sets each bit that has an odd number of set bits up to it.
#[inline(always)]
fn prefix_parity(bits: u64) -> u64 {
    [1, 2, 4, 8, 16, 32].iter().fold(bits, |bits, shift| bits ^ (bits << shift))
}
