//! Table of results, printed and written into the documentation.

use std::fmt::Write as _;

const BEGIN: &str = "<!-- begin: sandbox -->\n";
const END: &str = "<!-- end: sandbox -->";
const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/performance.md");

/// A value that must be reached, and a value near the limit of the machine.
pub(crate) struct Goal {
    pub(crate) must: f64,
    pub(crate) aim: f64,
}

pub(crate) struct Row {
    name: String,
    value: f64,
    unit: &'static str,
    goal: Option<Goal>,
    more_is_better: bool,
    note: String,
}

impl Row {
    /// Requests per second of CPU time.
    pub(crate) fn rate(name: &str, value: f64, goal: Goal) -> Self {
        Self { goal: Some(goal), more_is_better: true, ..Self::plain(name, value, "/s") }
    }

    /// A time in milliseconds.
    pub(crate) fn time(name: &str, value: f64, goal: Goal) -> Self {
        Self::less(name, value, "ms", goal)
    }

    /// A value that is better if it is smaller.
    pub(crate) fn less(name: &str, value: f64, unit: &'static str, goal: Goal) -> Self {
        Self { goal: Some(goal), ..Self::plain(name, value, unit) }
    }

    /// A value without a goal.
    pub(crate) fn plain(name: &str, value: f64, unit: &'static str) -> Self {
        Self { name: name.to_owned(), value, unit, goal: None, more_is_better: false, note: String::new() }
    }

    pub(crate) fn note(mut self, note: String) -> Self {
        self.note = note;
        self
    }

    fn line(&self) -> String {
        let goals = self.goal.as_ref().map_or_else(
            || "– | –".to_owned(),
            |goal| {
                let met = if self.more_is_better { self.value >= goal.must } else { self.value <= goal.must };
                let mark = if met { "yes" } else { "no" };
                let sign = if self.more_is_better { '≥' } else { '≤' };
                format!("{sign} {} (aim {}) | {mark}", number(goal.must, self.unit), number(goal.aim, self.unit))
            },
        );
        format!("| {} | {} | {goals} | {} |", self.name, number(self.value, self.unit), self.note)
    }
}

/// A number with three digits or whole, its thousands separated, and its unit.
fn number(value: f64, unit: &str) -> String {
    if value < 100.0 {
        let digits = if value < 10.0 { 2 } else { 1 };
        return format!("{value:.digits$} {unit}");
    }
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    format!("{text} {unit}")
}

#[derive(Default)]
pub(crate) struct Table {
    text: String,
}

impl Table {
    pub(crate) fn add(&mut self, row: Row) {
        let line = row.line();
        println!("{line}");
        let _ = writeln!(self.text, "{line}");
    }

    /// Replaces the table in the documentation if the command line asks for it.
    pub(crate) fn finish(self) {
        if !std::env::args().any(|argument| argument == "--write") {
            return;
        }
        let document = std::fs::read_to_string(DOCUMENT).expect("the documentation");
        let (before, rest) = document.split_once(BEGIN).expect("the begin of the table");
        let (_, after) = rest.split_once(END).expect("the end of the table");
        let head = "| what | measured | goal | met | |\n| --- | --- | --- | --- | --- |\n";
        std::fs::write(DOCUMENT, format!("{before}{BEGIN}{head}{}{END}{after}", self.text)).expect("written");
    }
}
