//! Hexadecimal text of bytes.

/// Returns the bytes in hexadecimal, with lower-case letters.
///
/// ```
/// assert_eq!(chirrup_auth::hex(&[0, 171]), "00ab");
/// ```
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|half| char::from(DIGITS[usize::from(half)])).collect()
}
