//! Arguments of files of JSON lines that collections are stored in.

use std::time::Duration;

use chirrup::archive::{JsonlOptions, LineForm, Rotation};
use clap::Args as ClapArgs;

/// Form and rotation of a file of lines.
#[derive(Debug, Clone, Copy, Default, ClapArgs)]
pub(crate) struct LineArgs {
    /// Write a page per line, as twarc2 does, instead of an item
    #[arg(long)]
    pub(crate) pages: bool,
    /// Begin another file of lines after a size, such as 100MB, or a time, such as 1h or 1d
    #[arg(long, value_name = "SIZE|TIME", value_parser = rotation)]
    pub(crate) rotate: Option<Rotation>,
}

impl LineArgs {
    /// Whether an option of files of lines is given.
    pub(crate) fn is_given(self) -> bool {
        self.pages || self.rotate.is_some()
    }

    pub(crate) fn options(self) -> JsonlOptions {
        let form = if self.pages { LineForm::Pages } else { LineForm::Items };
        JsonlOptions { form, rotation: self.rotate }
    }
}

/// Units of sizes in bytes and of times in seconds.
const SIZES: [(&str, u64); 3] = [("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000)];
pub(super) const TIMES: [(&str, u64); 3] = [("m", 60), ("h", 3_600), ("d", 86_400)];

/// Parses a size or a time, after which another file begins.
pub(super) fn rotation(text: &str) -> Result<Rotation, String> {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = text[..text.len() - unit.len()].parse::<u64>().ok().filter(|number| *number > 0);
    let find = |units: &[(&str, u64)]| units.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit)).map(|(_, n)| *n);
    let multiply = |units| find(units).and_then(|size| number?.checked_mul(size));
    match (multiply(&SIZES), multiply(&TIMES)) {
        (Some(size), _) => Ok(Rotation::Size(size)),
        (_, Some(seconds)) => Ok(Rotation::Interval(Duration::from_secs(seconds))),
        _ => Err("expected a size (KB, MB, GB) such as 100MB, or a time (m, h, d) such as 1h".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_rotate_by_a_size_or_a_time() {
        assert_eq!(rotation("100MB"), Ok(Rotation::Size(100_000_000)));
        assert_eq!(rotation("2gb"), Ok(Rotation::Size(2_000_000_000)));
        assert_eq!(rotation("90m"), Ok(Rotation::Interval(Duration::from_secs(5_400))));
        assert_eq!(rotation("1d"), Ok(Rotation::Interval(Duration::from_secs(86_400))));
        for wrong in ["", "MB", "0MB", "1", "1x", "-1d", "1.5h", "99999999999999999999MB", "9999999999999999d"] {
            assert!(rotation(wrong).is_err(), "{wrong}");
        }
    }
}
