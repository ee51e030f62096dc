//! Tables of results, printed and written into the documentation.

use std::fmt::Write as _;

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/performance.md");

/// A value that must be reached, and a value near the limit of the machine.
#[derive(Debug)]
pub struct Goal {
    /// Value that must be reached.
    pub must: f64,
    /// Value near the limit of the machine.
    pub aim: f64,
}

/// One measured value.
#[derive(Debug)]
pub struct Row {
    name: String,
    value: f64,
    unit: &'static str,
    goal: Option<Goal>,
    more_is_better: bool,
    note: String,
}

impl Row {
    /// Number of requests or posts per second of CPU time.
    pub fn rate(name: &str, value: f64, goal: Goal) -> Self {
        Self::more(name, value, "/s", goal)
    }

    /// A part of the rate of another program, in percent.
    pub fn share(name: &str, value: f64, goal: Goal) -> Self {
        Self::more(name, value, "%", goal)
    }

    /// A time in milliseconds.
    pub fn time(name: &str, value: f64, goal: Goal) -> Self {
        Self::less(name, value, "ms", goal)
    }

    /// A value that is better if it is larger.
    pub fn more(name: &str, value: f64, unit: &'static str, goal: Goal) -> Self {
        Self { goal: Some(goal), more_is_better: true, ..Self::plain(name, value, unit) }
    }

    /// A value that is better if it is smaller.
    pub fn less(name: &str, value: f64, unit: &'static str, goal: Goal) -> Self {
        Self { goal: Some(goal), ..Self::plain(name, value, unit) }
    }

    /// A value without a goal.
    pub fn plain(name: &str, value: f64, unit: &'static str) -> Self {
        Self { name: name.to_owned(), value, unit, goal: None, more_is_better: false, note: String::new() }
    }

    /// Adds a remark.
    #[must_use]
    pub fn note(mut self, note: String) -> Self {
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

/// A table under its mark in the documentation.
#[derive(Debug)]
pub struct Table {
    name: &'static str,
    text: String,
}

impl Table {
    /// Creates the table of this name.
    pub fn new(name: &'static str) -> Self {
        Self { name, text: String::new() }
    }

    /// Prints a row and adds it.
    pub fn add(&mut self, row: Row) {
        let line = row.line();
        println!("{line}");
        let _ = writeln!(self.text, "{line}");
    }

    /// Replaces the table in the documentation if the command line asks for it.
    ///
    /// # Panics
    /// If the documentation has no such table, or cannot be written.
    pub fn finish(self) {
        if !std::env::args().any(|argument| argument == "--write") {
            return;
        }
        let document = std::fs::read_to_string(DOCUMENT).expect("the documentation");
        let (begin, end) = (format!("<!-- begin: {} -->\n", self.name), format!("<!-- end: {} -->", self.name));
        let (before, rest) = document.split_once(&begin).expect("the begin of the table");
        let (_, after) = rest.split_once(&end).expect("the end of the table");
        let head = "| what | measured | goal | met | |\n| --- | --- | --- | --- | --- |\n";
        std::fs::write(DOCUMENT, format!("{before}{begin}{head}{}{end}{after}", self.text)).expect("written");
    }
}
