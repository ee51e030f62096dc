//! Generated pictures: JPEG files of two areas of color, for media whose content the sandbox does not store.

/// Largest width and height of a generated picture, which bounds its size in memory.
const MAX_SIDE: u64 = 4_096;
/// Quantizes the mean of a block, so that a coefficient is the mean itself.
const QUANTIZER: u8 = 8;

/// Bits of the image, most significant first.
#[derive(Default)]
struct BitWriter {
    bytes: Vec<u8>,
    pending: u32,
    pending_len: u32,
}

impl BitWriter {
    fn push(&mut self, bits: u32, len: u32) {
        self.pending = self.pending << len | bits;
        self.pending_len += len;
        while self.pending_len >= 8 {
            self.pending_len -= 8;
            let [.., byte] = (self.pending >> self.pending_len).to_be_bytes();
            self.bytes.push(byte);
            // 0xFF begins a marker, unless 0 follows.
            if byte == 0xFF {
                self.bytes.push(0);
            }
            self.pending &= (1 << self.pending_len) - 1;
        }
    }

    /// Writes the mean of a block as the difference to that of the previous block, and the end of the block.
    fn push_block(&mut self, difference: i32) {
        let category = 32 - difference.unsigned_abs().leading_zeros();
        // All codes of the categories 0 to 8 have four bits.
        self.push(category, 4);
        if category > 0 {
            let bits = if difference < 0 { difference + (1 << category) - 1 } else { difference };
            self.push(bits.unsigned_abs(), category);
        }
        self.push(0, 1);
    }
}

/// Returns the picture of an object: the upper part has one color, the lower part another, both by its ID.
pub(crate) fn jpeg(id: u64, width: u64, height: u64) -> Vec<u8> {
    let (width, height) = (width.clamp(1, MAX_SIDE), height.clamp(1, MAX_SIDE));
    let mut file = vec![0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0];
    file.extend([QUANTIZER; 64]);
    let (high, low) = (height.to_be_bytes(), width.to_be_bytes());
    file.extend([0xFF, 0xC0, 0, 17, 8, high[6], high[7], low[6], low[7], 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]);
    // Huffman tables: nine codes of four bits for the means, and one of one bit for the end of a block.
    file.extend([0xFF, 0xC4, 0, 28, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
    file.extend([0xFF, 0xC4, 0, 20, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    file.extend([0xFF, 0xDA, 0, 12, 3, 1, 0, 2, 0, 3, 0, 0, 63, 0]);
    let color = |salt: u64| {
        let hash = (id ^ salt).wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes();
        [hash[0] % 96, hash[1] % 96, hash[2] % 96].map(|part| i32::from(part) - 48)
    };
    let (columns, rows) = (width.div_ceil(8), height.div_ceil(8));
    let mut bits = BitWriter::default();
    let mut previous = [0; 3];
    for row in 0..rows {
        let means = if row * 3 < rows * 2 { color(1) } else { color(2) };
        for _ in 0..columns {
            for (mean, before) in means.iter().zip(&mut previous) {
                bits.push_block(mean - *before);
                *before = *mean;
            }
        }
    }
    bits.push(0x7F, 7);
    file.extend(bits.bytes);
    file.extend([0xFF, 0xD9]);
    file
}
