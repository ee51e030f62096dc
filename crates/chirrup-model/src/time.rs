//! Times, in the formats of the API and of HTTP.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

use jiff::civil::{Date, Time};
use jiff::tz::Offset;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::id_syntax::decimal;

/// Time of the first snowflake ID, in milliseconds since 1970.
const SNOWFLAKE_EPOCH: i64 = 1_288_834_974_657;

/// A time in UTC, in milliseconds since 1970.
///
/// The text form is that of API v2, `2022-05-07T13:20:52.000Z`. Convert a [`SystemTime`] or a [`jiff::Timestamp`] with
/// `From`.
///
/// ```
/// use chirrup_model::{PostId, Timestamp};
///
/// let time: Timestamp = "2022-10-28T02:40:35.110Z".parse()?;
/// assert_eq!(PostId::new(1_585_823_814_058_971_140).timestamp(), time);
/// assert_eq!(time.to_v1(), "Fri Oct 28 02:40:35 +0000 2022");
/// # Ok::<(), chirrup_model::InvalidTimestamp>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// Error for a text that is not a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidTimestamp(String);

impl fmt::Display for InvalidTimestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a time: expected a format such as 2026-01-31T12:00:00Z", self.0)
    }
}

impl std::error::Error for InvalidTimestamp {}

impl Timestamp {
    /// Creates a time from milliseconds since 1970. The result is clamped to the years -9999 to 9999.
    pub const fn from_millis(millis: i64) -> Self {
        const LIMIT: i64 = 253_402_000_000_000;
        if millis > LIMIT {
            Self(LIMIT)
        } else if millis < -LIMIT {
            Self(-LIMIT)
        } else {
            Self(millis)
        }
    }
    /// Creates a time from seconds since 1970. The result is clamped to the years -9999 to 9999.
    pub const fn from_secs(seconds: i64) -> Self {
        Self::from_millis(seconds.saturating_mul(1000))
    }
    /// Returns the milliseconds since 1970.
    pub const fn as_millis(self) -> i64 {
        self.0
    }
    /// Returns the whole seconds since 1970, rounded down.
    pub const fn as_secs(self) -> i64 {
        self.0.div_euclid(1000)
    }
    /// First ID that contains its time. X assigned the earlier ones in sequence.
    pub const FIRST_SNOWFLAKE: u64 = 30_000_000_000;

    /// Returns the creation time that a snowflake ID contains.
    pub const fn from_snowflake(id: u64) -> Self {
        Self((id >> 22) as i64 + SNOWFLAKE_EPOCH)
    }
    /// Returns the smallest snowflake ID of this millisecond: 0 before the first ID, and the largest ID after the last.
    pub const fn first_snowflake(self) -> u64 {
        const MAX_MILLIS: i64 = (1 << 41) - 1;
        let since = self.0 - SNOWFLAKE_EPOCH;
        if since <= 0 {
            0
        } else if since > MAX_MILLIS {
            i64::MAX as u64
        } else {
            (since as u64) << 22
        }
    }
    /// Returns the time this many milliseconds later, or earlier if the number is negative.
    #[must_use]
    pub const fn plus_millis(self, millis: i64) -> Self {
        Self::from_millis(self.0.saturating_add(millis))
    }
    /// Returns the text form of a parameter, in whole seconds, rounded down: `2022-05-07T13:20:52Z`. The API does not
    /// support fractions of a second in parameters.
    pub fn to_whole_seconds(self) -> String {
        self.utc().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }
    /// Returns the text form of API v1.1: `Sat Jul 13 05:33:14 +0000 2019`.
    pub fn to_v1(self) -> String {
        self.utc().strftime("%a %b %d %H:%M:%S +0000 %Y").to_string()
    }
    /// Reads the text form of HTTP headers: `Sat, 13 Jul 2019 05:33:14 GMT`.
    pub fn from_http_date(text: &str) -> Option<Self> {
        let parsed = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
        Some(Self::from_millis(parsed.as_millisecond()))
    }
    /// Returns the text form of HTTP headers: `Sat, 13 Jul 2019 05:33:14 GMT`.
    pub fn to_http_date(self) -> String {
        self.utc().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }
    /// Returns the UTC day as text, such as `2019-07-13`.
    pub fn to_date(self) -> String {
        self.utc().strftime("%Y-%m-%d").to_string()
    }
    /// Returns the UTC time of day as text, in whole seconds, rounded down: `05:33:14`.
    pub fn to_time_of_day(self) -> String {
        self.utc().strftime("%H:%M:%S").to_string()
    }
    /// Returns the year and the month, 1 to 12, in UTC.
    pub fn year_and_month(self) -> (i16, i8) {
        let date = Offset::UTC.to_datetime(self.utc()).date();
        (date.year(), date.month())
    }
    /// Reads the text form of API v2 with milliseconds, as responses have it. The parser for all of RFC 3339 is slower.
    fn from_v2(text: &str) -> Option<Self> {
        const SEPARATORS: [(usize, u8); 7] =
            [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':'), (19, b'.'), (23, b'Z')];
        let bytes: &[u8; 24] = text.as_bytes().try_into().ok()?;
        if SEPARATORS.iter().any(|(at, separator)| bytes[*at] != *separator) {
            return None;
        }
        let number = |from, to| i16::try_from(decimal(text.get(from..to)?)?).ok();
        let small = |from| i8::try_from(number(from, from + 2)?).ok();
        let date = Date::new(number(0, 4)?, small(5)?, small(8)?).ok()?;
        let time = Time::new(small(11)?, small(14)?, small(17)?, i32::from(number(20, 23)?) * 1_000_000).ok()?;
        let at = Offset::UTC.to_timestamp(date.to_datetime(time)).ok()?;
        Some(Self::from_millis(at.as_millisecond()))
    }
    fn utc(self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or_default()
    }
}

impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        let millis = |duration: Duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(since) => Self::from_millis(millis(since)),
            Err(before) => Self::from_millis(-millis(before.duration())),
        }
    }
}

impl From<jiff::Timestamp> for Timestamp {
    fn from(time: jiff::Timestamp) -> Self {
        Self::from_millis(time.as_millisecond())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.utc())
    }
}

impl FromStr for Timestamp {
    type Err = InvalidTimestamp;
    /// Reads the text forms of RFC 3339 and of API v1.1.
    fn from_str(text: &str) -> Result<Self, InvalidTimestamp> {
        if let Some(time) = Self::from_v2(text) {
            return Ok(time);
        }
        if let Ok(t) = text.parse::<jiff::Timestamp>() {
            return Ok(Self::from_millis(t.as_millisecond()));
        }
        jiff::Timestamp::strptime("%a %b %d %H:%M:%S %z %Y", text)
            .map(|t| Self::from_millis(t.as_millisecond()))
            .map_err(|_| InvalidTimestamp(text.chars().take(60).collect()))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Text;
        impl de::Visitor<'_> for Text {
            type Value = Timestamp;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a time")
            }
            // An error of a visitor has the place of its value.
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Timestamp, E> {
                text.parse().map_err(E::custom)
            }
        }
        d.deserialize_str(Text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_both_api_versions_are_read_and_written() {
        let v2: Timestamp = "2022-05-07T13:20:52.000Z".parse().expect("v2");
        assert_eq!(v2.to_string(), "2022-05-07T13:20:52.000Z");
        let v1: Timestamp = "Sat Jul 13 05:33:14 +0000 2019".parse().expect("v1.1");
        assert_eq!(v1.to_string(), "2019-07-13T05:33:14.000Z");
        assert_eq!(v1.to_v1(), "Sat Jul 13 05:33:14 +0000 2019");
        assert_eq!(v2.plus_millis(999).to_whole_seconds(), "2022-05-07T13:20:52Z");
        assert_eq!(Timestamp::from_millis(-1).to_whole_seconds(), "1969-12-31T23:59:59Z");
        assert!("yesterday".parse::<Timestamp>().is_err());
    }

    #[test]
    fn the_fast_parser_agrees_with_that_for_all_times() {
        let texts = [
            "2022-05-07T13:20:52.000Z",
            "2024-02-29T23:59:59.999Z",
            "1969-12-31T23:59:59.001Z",
            "0000-01-01T00:00:00.000Z",
            "9999-12-30T21:59:59.999Z",
        ];
        for text in texts {
            let slow = text.parse::<jiff::Timestamp>().expect("a time");
            assert_eq!(Timestamp::from_v2(text), Some(slow.into()), "{text}");
        }
        for text in [
            "2023-02-29T00:00:00.000Z",
            "2024-01-01T24:00:00.000Z",
            "2024-01-01T00:00:00.00Z",
            "2024-01-01T00:00:0é.000",
        ] {
            assert_eq!(Timestamp::from_v2(text), None, "{text}");
        }
    }

    #[test]
    fn months_are_those_of_utc() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a time").year_and_month();
        assert_eq!(at("2026-11-30T23:59:59.999Z"), (2026, 11));
        assert_eq!(at("2026-12-01T00:00:00Z"), (2026, 12));
        assert_eq!(at("1969-12-31T23:59:59Z"), (1969, 12));
    }

    #[test]
    fn dates_and_times_of_day_are_those_of_utc() {
        let at = |text: &str| {
            let time = text.parse::<Timestamp>().expect("a time");
            (time.to_date(), time.to_time_of_day())
        };
        assert_eq!(at("2026-11-30T23:59:59.999Z"), ("2026-11-30".to_owned(), "23:59:59".to_owned()));
        assert_eq!(at("2026-12-01T00:30:00+01:00"), ("2026-11-30".to_owned(), "23:30:00".to_owned()));
        assert_eq!(at("0099-01-02T00:00:00Z").0, "0099-01-02");
    }

    #[test]
    fn extreme_times_do_not_panic() {
        for n in [i64::MIN, i64::MAX, 0, -1] {
            let _ = Timestamp::from_millis(n).to_string();
        }
        let _ = Timestamp::from_snowflake(u64::MAX).to_string();
    }
}
