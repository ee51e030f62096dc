//! Amounts of money.

use std::fmt;
use std::ops::{Add, AddAssign};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Amount of money in US dollars, exact to a millionth of a dollar.
///
/// ```
/// use chirrup_api::Cost;
/// let cost: Cost = "1.25".parse()?;
/// assert_eq!((cost + Cost::from_micros(5_000)).to_string(), "$1.255");
/// # Ok::<(), chirrup_api::InvalidCost>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cost(u64);

impl Cost {
    /// Amount of zero dollars.
    pub const ZERO: Self = Self(0);

    /// Creates an amount from millionths of a dollar.
    pub const fn from_micros(micros: u64) -> Self {
        Self(micros)
    }
    /// Returns the amount in millionths of a dollar.
    pub const fn micros(self) -> u64 {
        self.0
    }
    /// Multiplies the amount, stopping at the largest representable one.
    #[must_use]
    pub const fn saturating_mul(self, count: u64) -> Self {
        Self(self.0.saturating_mul(count))
    }
    /// Subtracts another amount, stopping at zero.
    #[must_use]
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Add for Cost {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Cost {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl std::iter::Sum for Cost {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::ZERO, Add::add)
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (dollars, micros) = (self.0 / 1_000_000, self.0 % 1_000_000);
        let digits = format!("{micros:06}");
        let digits = digits.trim_end_matches('0');
        write!(f, "${dollars}.{digits:0<2}")
    }
}

/// Error for a text that is not an amount of money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidCost(String);

impl fmt::Display for InvalidCost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted: String = self.0.chars().take(60).collect();
        write!(f, "`{quoted}` is not an amount of dollars, such as `2.50`")
    }
}

impl std::error::Error for InvalidCost {}

impl FromStr for Cost {
    type Err = InvalidCost;
    fn from_str(text: &str) -> Result<Self, InvalidCost> {
        let invalid = || InvalidCost(text.to_owned());
        let amount = text.trim().trim_start_matches('$');
        let (whole, part) = amount.split_once('.').unwrap_or((amount, ""));
        let is_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if (whole.is_empty() && part.is_empty()) || !is_digits(whole) || !is_digits(part) || part.len() > 6 {
            return Err(invalid());
        }
        let number = |text: &str| if text.is_empty() { Ok(0) } else { text.parse::<u64>() };
        let whole = number(whole).map_err(|_| invalid())?;
        let micros = number(&format!("{part:0<6}")).map_err(|_| invalid())?;
        whole.checked_mul(1_000_000).and_then(|whole| whole.checked_add(micros)).map(Self).ok_or_else(invalid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact() {
        for (text, formatted, micros) in [
            ("2", "$2.00", 2_000_000),
            ("0.005", "$0.005", 5_000),
            (".5", "$0.50", 500_000),
            ("$1.234567", "$1.234567", 1_234_567),
        ] {
            let cost: Cost = text.parse().expect("an amount");
            assert_eq!((cost.to_string().as_str(), cost.micros()), (formatted, micros));
        }
    }

    #[test]
    fn invalid_amounts_are_rejected() {
        for text in ["", ".", "-1", "1e3", "1.2345678", "99999999999999999999", "1,5", "ten"] {
            assert!(text.parse::<Cost>().is_err(), "{text}");
        }
    }
}
