//! Formats of the output.

use super::screen;
use crate::args::Global;

/// Format of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// Cards and tables for people, on a terminal.
    Screen,
    /// Tab-separated values: the default in a pipe.
    Tsv,
    Csv,
    Json,
    Jsonl,
    /// JSON lines with the included objects in the place of their IDs.
    Flat,
    Template,
}

impl Format {
    /// Returns the format of the flags; without one, that of the name of the output file, or that of stdout.
    pub(super) fn of(global: &Global) -> Self {
        let chosen = [
            (global.json, Self::Json),
            (global.jsonl, Self::Jsonl),
            (global.flat, Self::Flat),
            (global.csv, Self::Csv),
            (global.tsv, Self::Tsv),
            (global.template.is_some(), Self::Template),
        ];
        if let Some((_, format)) = chosen.into_iter().find(|(is_set, _)| *is_set) {
            return format;
        }
        match &global.output {
            Some(file) => match file.extension().and_then(|extension| extension.to_str()) {
                Some("csv") => Self::Csv,
                Some("tsv") => Self::Tsv,
                Some("json") => Self::Json,
                _ => Self::Jsonl,
            },
            None if screen::is_terminal() => Self::Screen,
            None => Self::Tsv,
        }
    }
}
