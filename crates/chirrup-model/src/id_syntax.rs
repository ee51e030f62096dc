//! Syntax of IDs and usernames.

/// Reads 1 to 19 decimal digits.
#[doc(hidden)]
pub fn decimal(text: &str) -> Option<u64> {
    if !(1..=19).contains(&text.len()) {
        return None;
    }
    // 19 digits cannot overflow.
    text.bytes().try_fold(0_u64, |number, byte| {
        let digit = byte.wrapping_sub(b'0');
        (digit <= 9).then(|| number.wrapping_mul(10).wrapping_add(digit.into()))
    })
}

/// Returns whether a text is 1 to 15 letters, digits and underscores.
pub(crate) fn is_username(text: &str) -> bool {
    (1..=15).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_up_to_19_digits_are_read() {
        for (text, number) in
            [("0", Some(0)), ("007", Some(7)), ("9999999999999999999", Some(9_999_999_999_999_999_999))]
        {
            assert_eq!(decimal(text), number, "{text}");
        }
        for text in ["", "10000000000000000000", "-1", "+1", "1 ", "1/", "1:", "é", "１"] {
            assert_eq!(decimal(text), None, "{text}");
        }
    }
}
